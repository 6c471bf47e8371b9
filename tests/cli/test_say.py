"""How commands speak to people and to programs."""

from __future__ import annotations

import pytest

from holdfast.cli import say


def test_nothing_that_others_wrote_steers_the_terminal() -> None:
    assert say.clean("disk\x1b[2Jfull\r\n") == "disk�[2Jfull��"


def test_a_program_gets_no_colour_no_heading_and_whole_cells(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say.table(("a", "b"), [("1", say.paint("triggered", "red")), ("222", "x" * 200)])
    assert capsys.readouterr().out == f"1    triggered\n222  {'x' * 200}\n"


def test_instants_are_shown_to_the_minute_in_utc() -> None:
    assert say.moment("2026-11-20T12:34:56.789Z") == "2026-11-20 12:34Z"
    assert say.moment(None) == "-"


def test_data_and_messages_do_not_mix(capsys: pytest.CaptureFixture[str]) -> None:
    say.out("data")
    say.tell("message")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("data\n", "message\n")
