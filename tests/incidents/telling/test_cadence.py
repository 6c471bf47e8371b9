"""When an audience is to hear something next, and what became of its promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.incidents.telling import cadence
from holdfast.incidents.telling.model import Promise, Standing, Thread
from holdfast.practice import shipped
from holdfast.practice.model import Audience

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
UNION = shipped.pack("union-5")
SEV1, SEV3 = UNION.level(1), UNION.level(3)
INSIDE = Thread("in_1", Audience.INTERNAL)
PROMISE = Promise("pr_1", "in_1", Audience.INTERNAL, 1, NOW, NOW + 30 * MINUTE)


@pytest.mark.ledger("S0-30", "S1-16")
def test_the_first_message_inside_is_due_earlier_than_the_cadence() -> None:
    due = cadence.first_due(SEV1, Audience.INTERNAL, None, NOW)
    assert due == NOW + 10 * MINUTE
    assert cadence.cadence(SEV1, Audience.INTERNAL) == 30 * MINUTE


@pytest.mark.ledger("S4-36", "S4-43")
@pytest.mark.parametrize(("rank", "minutes"), [(1, 30), (2, 120), (3, None), (4, None)])
def test_leaders_are_briefed_at_the_worst_levels_only(rank: int, minutes: int | None) -> None:
    pack = shipped.pack("devops-4")
    due = cadence.first_due(pack.level(rank), Audience.LEADERS, None, NOW)
    assert due == (None if minutes is None else NOW + minutes * MINUTE)


def test_customers_are_owed_something_by_itself_only_where_the_level_says_so() -> None:
    assert cadence.first_due(SEV1, Audience.CUSTOMERS, None, NOW) is None
    asks = replace(SEV1, public_update_required=True)
    assert cadence.first_due(asks, Audience.CUSTOMERS, None, NOW) == NOW + 30 * MINUTE


def test_a_shorter_cadence_that_somebody_set_counts_and_a_longer_one_only_when_agreed_on() -> None:
    often = replace(INSIDE, every=10 * MINUTE)
    seldom = replace(INSIDE, every=90 * MINUTE)
    assert cadence.cadence(SEV1, Audience.INTERNAL, often) == 10 * MINUTE
    assert cadence.cadence(SEV1, Audience.INTERNAL, seldom) == 30 * MINUTE
    agreed = replace(seldom, long=True)
    assert cadence.cadence(SEV1, Audience.INTERNAL, agreed) == 90 * MINUTE


def test_a_level_without_a_cadence_takes_the_one_that_command_set() -> None:
    level = UNION.level(4)
    assert cadence.cadence(level, Audience.INTERNAL) is None
    assert cadence.cadence(level, Audience.INTERNAL, replace(INSIDE, every=60 * MINUTE)) == (
        60 * MINUTE
    )


def test_a_worse_level_moves_what_is_owed_earlier_and_a_milder_one_never_later() -> None:
    heard = replace(INSIDE, heard_at=NOW, last_at=NOW, due_at=NOW + 4 * 60 * MINUTE)
    at = NOW + 10 * MINUTE
    assert cadence.due_after_change(heard, SEV1, at) == NOW + 30 * MINUTE
    soon = replace(heard, due_at=NOW + 15 * MINUTE)
    assert cadence.due_after_change(soon, SEV3, at) == NOW + 15 * MINUTE


def test_what_a_worse_level_would_have_wanted_already_is_due_with_time_for_a_reminder() -> None:
    heard = replace(INSIDE, heard_at=NOW, last_at=NOW, due_at=NOW + 4 * 60 * MINUTE)
    at = NOW + 3 * 60 * MINUTE
    assert cadence.due_after_change(heard, SEV1, at) == at + 2 * MINUTE


@pytest.mark.ledger("S4-22")
def test_five_minutes_overdue_comes_first_and_ten_minutes_goes_to_the_deputy() -> None:
    due = NOW
    assert not cadence.is_top(due, NOW + 4 * MINUTE)
    assert cadence.is_top(due, NOW + 5 * MINUTE)
    assert cadence.after_due(due, UNION.limits) == NOW + 10 * MINUTE
    assert not cadence.is_top(None, NOW)


@pytest.mark.parametrize(
    ("settled_after", "by", "now_after", "standing"),
    [
        (None, None, 30, Standing.OPEN),
        (None, None, 31, Standing.LATE),
        (None, None, 61, Standing.BROKEN),
        (30, "up_1", 90, Standing.KEPT),
        (31, "up_1", 90, Standing.LATE),
        (60, "up_1", 90, Standing.LATE),
        (61, "up_1", 90, Standing.BROKEN),
        (20, None, 90, Standing.WITHDRAWN),
        (31, None, 90, Standing.BROKEN),
    ],
)
def test_a_promise_is_kept_late_broken_or_withdrawn(
    settled_after: int | None, by: str | None, now_after: int, standing: Standing
) -> None:
    settled_at = None if settled_after is None else NOW + settled_after * MINUTE
    promise = replace(PROMISE, settled_at=settled_at, settled_by=by)
    assert cadence.standing(promise, NOW + now_after * MINUTE) is standing


@pytest.mark.ledger("S4-31")
def test_the_longest_silence_counts_from_declaring_to_the_present() -> None:
    heard = [NOW + 10 * MINUTE, NOW + 57 * MINUTE, NOW + 60 * MINUTE]
    assert cadence.longest_silence(heard, NOW, NOW + 70 * MINUTE) == 47 * MINUTE
    assert cadence.longest_silence([], NOW, NOW + 5 * MINUTE) == 5 * MINUTE
    assert cadence.longest_silence([], NOW, NOW) is None


@pytest.mark.ledger("S0-30")
def test_adherence_is_the_share_of_promises_that_were_kept() -> None:
    kept = replace(PROMISE, settled_at=NOW + 20 * MINUTE, settled_by="up_1")
    late = replace(PROMISE, settled_at=NOW + 40 * MINUTE, settled_by="up_2")
    taken_back = replace(PROMISE, settled_at=NOW + 5 * MINUTE)
    found = cadence.adherence([kept, kept, kept, late, taken_back, PROMISE], [], NOW, NOW)
    assert (found.kept, found.late, found.broken, found.open) == (3, 1, 0, 1)
    assert found.kept_share == 0.75
    assert cadence.adherence([], [], NOW, NOW).kept_share is None


@given(st.lists(st.integers(0, 10_000), max_size=30), st.integers(0, 10_000))
def test_the_longest_silence_is_never_longer_than_the_whole_time(
    minutes: list[int], end: int
) -> None:
    heard = [NOW + minute * MINUTE for minute in sorted(minutes) if minute <= end]
    silence = cadence.longest_silence(heard, NOW, NOW + end * MINUTE)
    assert (silence or timedelta()) <= end * MINUTE
    assert (silence or timedelta()) * (len(heard) + 1) >= end * MINUTE
