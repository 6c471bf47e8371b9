"""The five ways a wish can fail."""

from __future__ import annotations

from holdfast.kernel.errors import Conflict, Invalid, NotFound


class GoneForGood(NotFound):
    """It is gone for good.

    A second paragraph for programmers.
    """


def test_the_docstring_is_the_message_where_the_case_has_no_better_one() -> None:
    assert GoneForGood().detail == str(GoneForGood()) == "It is gone for good."
    assert GoneForGood("Ana is gone.").detail == "Ana is gone."


def test_a_remedy_is_the_next_thing_that_the_reader_can_do() -> None:
    assert Conflict("No.", remedy="Wait.").remedy == "Wait."
    assert Conflict().remedy is None


def test_what_is_wrong_in_the_input_is_named_field_by_field() -> None:
    assert Invalid("No.", fields={"name": "too long"}).fields == {"name": "too long"}
    assert Invalid().fields == {}
