"""Turns, weekdays and times of day as people write them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.kernel.errors import Invalid
from holdfast.schedules.model import Unit
from holdfast.schedules.written import (
    format_days,
    format_end,
    format_every,
    format_time,
    format_weekday,
    parse_end,
    parse_every,
    parse_time,
    parse_weekday,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12h", (12, Unit.HOURS)),
        ("24h", (24, Unit.HOURS)),
        ("1d", (1, Unit.DAYS)),
        (" 2w ", (2, Unit.WEEKS)),
        ("PT12H", (12, Unit.HOURS)),
        ("P1D", (1, Unit.DAYS)),
        ("P2W", (2, Unit.WEEKS)),
    ],
)
def test_the_length_of_a_turn_is_a_number_and_a_unit(text: str, expected: tuple[int, Unit]) -> None:
    assert parse_every(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "w", "1", "90m", "1w2d", "-1w", "1 w", "1_0d", "\u0661w", "1W", "999999w", "P", "\ud800"],
)
def test_what_is_no_length_of_a_turn_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid) as error:
        parse_every(text)
    assert error.value.remedy is not None
    assert "1w" in error.value.remedy
    error.value.detail.encode()


@given(st.integers(1, 99_999), st.sampled_from(Unit))
def test_a_length_is_read_back_as_it_was_written(every: int, unit: Unit) -> None:
    assert parse_every(format_every(every, unit)) == (every, unit)


@pytest.mark.parametrize(("text", "day"), [("monday", 0), ("Mon", 0), ("SUNDAY", 6), ("thu", 3)])
def test_a_weekday_is_its_name_or_its_first_three_letters(text: str, day: int) -> None:
    assert parse_weekday(text) == day
    assert parse_weekday(format_weekday(day)) == day


@pytest.mark.parametrize("text", ["", "m", "mond", "montag", "0", "mon tue"])
def test_what_is_no_weekday_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_weekday(text)


def test_days_are_written_in_the_order_of_the_week() -> None:
    assert format_days(frozenset({4, 0, 2})) == ["mon", "wed", "fri"]


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_a_time_of_day_is_read_back_as_it_was_written(at: time) -> None:
    assert parse_time(format_time(at)) == at
    assert parse_end(format_end(at)) == at


@pytest.mark.parametrize(
    "text", ["", "9", "24:00", "09:60", "25:00", "9am", "09:00:00", "\u0660\u0669:\u0660\u0660"]
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_time(text)


def test_the_end_of_a_day_may_be_written_as_24_00() -> None:
    assert parse_end("24:00") == parse_end("00:00") == time(0)
    assert format_end(time(0)) == "24:00"
    assert parse_end("17:30") == time(17, 30)
