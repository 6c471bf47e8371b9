"""Which rungs of a person's ladder are due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.paging.rules import due_rungs, next_rung_at
from holdfast.people.model import Rung
from tests.support.database import START

MINUTE = timedelta(minutes=1)
LADDER = (Rung(timedelta(), "push"), Rung(timedelta(), "text"), Rung(5 * MINUTE, "call"))


@pytest.mark.parametrize(
    ("used", "after", "due"),
    [
        (0, timedelta(), ["push", "text"]),
        (2, timedelta(), []),
        (2, 5 * MINUTE - timedelta(microseconds=1), []),
        (2, 5 * MINUTE, ["call"]),
        (0, 10 * MINUTE, ["push", "text", "call"]),
        (3, 10 * MINUTE, []),
    ],
)
def test_rungs_that_fall_due_together_are_used_together(
    used: int, after: timedelta, due: list[str]
) -> None:
    assert [rung.method for rung in due_rungs(LADDER, START, used, START + after)] == due


@pytest.mark.parametrize(("used", "after"), [(0, timedelta()), (2, 5 * MINUTE), (3, None)])
def test_the_next_look_is_at_the_next_rung_and_never_past_the_top(
    used: int, after: timedelta | None
) -> None:
    assert next_rung_at(LADDER, START, used) == (None if after is None else START + after)
