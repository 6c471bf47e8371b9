"""Working hours: the end of the next business day, mornings, and working time that has passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.practice import shipped
from holdfast.practice.business import (
    after,
    deadline,
    due,
    end_of_business_day,
    is_open,
    next_opening,
)
from holdfast.practice.model import Calendar

LISBON = Calendar("Europe/Lisbon", opens=time(9), closes=time(18))
FRIDAY = datetime(2026, 11, 13, 17, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.ledger("S1-11")
def test_what_is_declared_on_friday_evening_is_due_at_the_end_of_monday() -> None:
    assert end_of_business_day(FRIDAY, 1, LISBON) == at(16, 18)
    monday_off = replace(LISBON, holidays=(date(2026, 11, 16),))
    assert end_of_business_day(FRIDAY, 1, monday_off) == at(17, 18)
    level = shipped.pack("classic-4").levels[-1]
    assert deadline(FRIDAY, level.due_in, level.due_business_days, LISBON) == at(16, 18)


def test_the_day_is_the_calendars_own_and_not_that_of_utc() -> None:
    tokyo = replace(LISBON, time_zone="Asia/Tokyo")
    thursday_in_utc = at(12, 20)  # Friday morning in Tokyo
    assert end_of_business_day(thursday_in_utc, 1, tokyo) == at(16, 9)


@pytest.mark.ledger("S4-03")
def test_at_ten_in_the_evening_the_next_opening_is_the_next_business_morning() -> None:
    assert next_opening(at(12, 22), LISBON) == at(13, 9)
    assert next_opening(at(13, 22), LISBON) == at(16, 9)
    assert next_opening(at(13, 5), LISBON) == at(13, 9)
    assert next_opening(at(13, 12), LISBON) == at(13, 12)


def test_a_day_begins_when_it_opens_and_is_over_when_it_closes() -> None:
    assert [is_open(at(13, hour), LISBON) for hour in (8, 9, 17, 18)] == [False, True, True, False]
    assert not is_open(at(14, 12), LISBON)


def test_working_time_does_not_pass_at_night_nor_at_the_weekend() -> None:
    assert after(at(13, 10), HOUR, LISBON) == at(13, 11)
    assert after(at(13, 17, 30), HOUR, LISBON) == at(16, 9, 30)
    assert after(at(14, 12), HOUR, LISBON) == at(16, 10)
    assert after(at(13, 17), HOUR, LISBON) == at(13, 18)


def test_the_morning_after_the_clocks_change_is_nine_on_the_wall() -> None:
    saturday = datetime(2026, 10, 24, 12, tzinfo=UTC)  # summer time ends that night
    assert next_opening(saturday, LISBON) == datetime(2026, 10, 26, 9, tzinfo=UTC)
    friday = datetime(2026, 10, 23, 16, 30, tzinfo=UTC)  # half an hour before closing
    assert after(friday, HOUR, LISBON) == datetime(2026, 10, 26, 9, 30, tzinfo=UTC)


def test_only_a_level_of_business_hours_counts_in_business_hours() -> None:
    pack = shipped.pack("union-5")
    night = at(13, 22)
    assert due(pack.levels[1], night, HOUR, LISBON) == night + HOUR
    assert due(pack.levels[3], night, HOUR, LISBON) == at(16, 10)


def test_what_is_never_due_has_no_deadline() -> None:
    assert deadline(FRIDAY, None, None, LISBON) is None
    assert deadline(FRIDAY, timedelta(days=7), None, LISBON) == FRIDAY + timedelta(days=7)


@given(st.integers(0, 60 * 24 * 28), st.integers(0, 60 * 40))
def test_working_time_is_never_shorter_than_the_clock_on_the_wall(start: int, span: int) -> None:
    begin = at(1, 0) + timedelta(minutes=start)
    length = timedelta(minutes=span)
    end = after(begin, length, LISBON)
    assert end >= begin + length
    assert is_open(end, LISBON) or is_open(end - timedelta(microseconds=1), LISBON)
    assert after(begin, length + timedelta(minutes=1), LISBON) > end
