"""Half-open spans."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kernel.span import Span

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LISBON = ZoneInfo("Europe/Lisbon")


def test_a_span_covers_its_start_and_not_its_end() -> None:
    lunch = Span(NOON, NOON + HOUR)
    assert lunch.covers(NOON)
    assert lunch.covers(NOON + HOUR - timedelta(microseconds=1))
    assert not lunch.covers(NOON + HOUR)
    assert not lunch.covers(NOON - timedelta(microseconds=1))


def test_spans_that_only_touch_have_nothing_in_common() -> None:
    assert Span(NOON, NOON + HOUR).overlap(Span(NOON + HOUR, NOON + 2 * HOUR)) is None


def test_the_overlap_is_what_both_cover() -> None:
    long, late = Span(NOON, NOON + 3 * HOUR), Span(NOON + HOUR, NOON + 5 * HOUR)
    both = Span(NOON + HOUR, NOON + 3 * HOUR)
    assert long.overlap(late) == both
    assert late.overlap(long) == both
    assert long.overlap(long) == long


@given(st.lists(st.integers(0, 100), min_size=4, max_size=4, unique=True), st.integers(-5, 105))
def test_an_instant_lies_in_the_overlap_when_it_lies_in_both(ends: list[int], at: int) -> None:
    first = Span(*sorted(NOON + minute * HOUR for minute in ends[:2]))
    second = Span(*sorted(NOON + minute * HOUR for minute in ends[2:]))
    both = first.overlap(second)
    moment = NOON + at * HOUR
    assert (both is not None and both.covers(moment)) == (
        first.covers(moment) and second.covers(moment)
    )


@pytest.mark.parametrize("end", [NOON, NOON - HOUR])
def test_a_span_without_length_cannot_be_made(end: datetime) -> None:
    with pytest.raises(AssertionError, match="length"):
        Span(NOON, end)


def test_a_span_of_wall_times_cannot_be_made() -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(AssertionError, match="instants"):
        Span(naive, NOON)
    with pytest.raises(AssertionError, match="instants"):
        Span(NOON, naive)


def test_the_two_half_past_ones_of_an_autumn_night_are_an_hour_apart() -> None:
    # promises R49: Python says that these two are equal and that no time passes between them.
    first = datetime(2026, 10, 25, 1, 30, tzinfo=LISBON, fold=0)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=LISBON, fold=1)
    night = Span(first, second)
    assert night.length == HOUR
    assert night.covers(first)
    assert not night.covers(second)


def test_spans_that_begin_at_different_half_past_ones_differ() -> None:
    first = datetime(2026, 10, 25, 1, 30, tzinfo=LISBON, fold=0)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=LISBON, fold=1)
    morning = datetime(2026, 10, 25, 9, tzinfo=UTC)
    assert Span(first, morning) != Span(second, morning)
    assert Span(first, morning) < Span(second, morning)


def test_the_length_of_a_span_is_elapsed_time() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=LISBON)
    end = datetime(2026, 3, 29, 12, tzinfo=LISBON)
    assert end - start == timedelta(hours=24)  # the trap: wall arithmetic
    assert Span(start, end).length == timedelta(hours=23)


def test_spans_are_equal_whatever_zone_their_ends_came_in() -> None:
    there = Span(NOON.astimezone(LISBON), (NOON + HOUR).astimezone(ZoneInfo("Asia/Kathmandu")))
    assert there == Span(NOON, NOON + HOUR)
    assert hash(there) == hash(Span(NOON, NOON + HOUR))
