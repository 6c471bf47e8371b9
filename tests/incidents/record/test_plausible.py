"""Which instants can be true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.incidents.record.model import EntryKind
from holdfast.incidents.record.plausible import (
    TimeFacts,
    in_the_future,
    marks,
    too_early,
)
from tests.support.database import START

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
NOW = TimeFacts(EntryKind.NOTE, START, timedelta(), START, START - 30 * MINUTE)


@pytest.mark.parametrize(
    ("changed", "early"),
    [
        ({"occurred_at": START - 30 * MINUTE}, False),
        ({"occurred_at": START - 30 * MINUTE - SECOND}, True),
        ({"occurred_at": START - 31 * MINUTE, "precision": MINUTE}, False),
        ({"occurred_at": START - 35 * MINUTE, "impact_precision": 5 * MINUTE}, False),
        ({"occurred_at": START - timedelta(days=2), "kind": EntryKind.CHANGE}, False),
        ({"occurred_at": START - timedelta(days=31), "kind": EntryKind.CHANGE}, True),
        ({"occurred_at": START - timedelta(days=2), "impact_started_at": None}, False),
        ({"occurred_at": START - timedelta(days=31), "impact_started_at": None}, True),
    ],
)
def test_nothing_but_a_change_happened_before_the_impact(
    changed: dict[str, object], *, early: bool
) -> None:
    assert (too_early(replace(NOW, **changed)) is not None) is early  # type: ignore[arg-type]  # a table


@pytest.mark.parametrize(
    ("ahead", "future", "said"),
    [
        (timedelta(), False, ()),
        (MINUTE, False, ("skew",)),
        (MINUTE + SECOND, True, ("skew",)),
        (-10 * MINUTE, False, ()),
        (-10 * MINUTE - SECOND, False, ("late",)),
    ],
)
def test_a_phones_clock_may_be_a_minute_fast_and_that_is_marked(
    ahead: timedelta, said: tuple[str, ...], *, future: bool
) -> None:
    facts = replace(NOW, occurred_at=START + ahead)
    assert in_the_future(facts) is future
    assert marks(facts) == said


def test_the_writers_own_clock_tells_the_skew() -> None:
    assert marks(replace(NOW, sent_at=START - 31 * SECOND)) == ("skew",)
    assert marks(replace(NOW, sent_at=START + 30 * SECOND)) == ()
