"""Whose turn it is: hand-offs across clock changes, restricted hours, and turns long ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from holdfast.kernel.span import Span
from holdfast.kernel.zone import wall
from holdfast.schedules.model import Handoff, Rotation, Turn
from holdfast.schedules.rotation import holder, turns, turns_in
from tests.schedules.build import WEEKDAYS, handoff, hours, rotation, span, utc

LISBON = ZoneInfo("Europe/Lisbon")
NEW_YORK = ZoneInfo("America/New_York")
UTC_ZONE = ZoneInfo("UTC")

WEEKLY = rotation("ana bo cy", handoff("1w", on="monday"), "2026-11-16")


def who(found: Rotation, at: str, zone: ZoneInfo = UTC_ZONE) -> str | None:
    turn = holder(found, utc(at), zone)
    return turn.member if turn else None


def members(found: Sequence[Turn]) -> list[str | None]:
    return [turn.member for turn in found]


def test_the_first_member_has_the_first_turn_and_nobody_has_one_before() -> None:
    assert holder(WEEKLY, utc("2026-11-16 08:59"), LISBON) is None
    first = holder(WEEKLY, utc("2026-11-16 09:00"), LISBON)
    assert first == Turn(span("2026-11-16 09:00", "2026-11-23 09:00"), "ana", 1)
    assert who(WEEKLY, "2026-11-23 08:59", LISBON) == "ana"
    assert who(WEEKLY, "2026-11-23 09:00", LISBON) == "bo"
    assert who(WEEKLY, "2026-12-07 09:00", LISBON) == "ana"


def test_a_rotation_ends_on_its_last_day_at_the_hand_off_time() -> None:
    ending = replace(WEEKLY, until=date(2026, 11, 25))
    last = holder(ending, utc("2026-11-25 08:59"), LISBON)
    assert last == Turn(span("2026-11-23 09:00", "2026-11-25 09:00"), "bo", 2)
    assert holder(ending, utc("2026-11-25 09:00"), LISBON) is None
    assert turns(ending, span("2026-11-25 09:00", "2027-11-25 09:00"), LISBON) == []


@pytest.mark.parametrize(
    ("every", "second_turn", "third_turn"),
    [
        ("1w", "2026-11-23 09:00", "2026-11-30 09:00"),
        ("2w", "2026-11-23 09:00", "2026-12-07 09:00"),
    ],
)
def test_starting_on_another_weekday_makes_the_first_turn_a_short_one(
    every: str, second_turn: str, third_turn: str
) -> None:
    from_wednesday = rotation("ana bo cy", handoff(every, on="monday"), "2026-11-18")
    assert who(from_wednesday, "2026-11-18 09:00") == "ana"
    second = holder(from_wednesday, utc(second_turn), UTC_ZONE)
    assert second == Turn(span(second_turn, third_turn), "bo", 2)
    assert who(from_wednesday, third_turn) == "cy"


def test_a_turn_of_two_weeks_that_starts_on_its_weekday_is_whole() -> None:
    fortnight = rotation("ana bo", handoff("2w", on="monday"), "2026-11-16")
    first = holder(fortnight, utc("2026-11-16 09:00"), UTC_ZONE)
    assert first == Turn(span("2026-11-16 09:00", "2026-11-30 09:00"), "ana", 1)


# promises R46, R48: the hand-off of days and weeks stays at its time of day.


@pytest.mark.ledger("S1-23")
def test_a_weekly_hand_off_stays_at_nine_when_the_clocks_change() -> None:
    weekly = rotation("ana bo", handoff("1w", on="monday"), "2026-10-19")
    found = turns(weekly, span("2026-10-19 00:00", "2027-04-30 00:00"), LISBON)
    assert {wall(turn.span.start, LISBON).time().isoformat() for turn in found} == {"09:00:00"}
    lengths = {turn.span.start.date().isoformat(): turn.span.length for turn in found[:-1]}
    assert lengths["2026-10-19"] == timedelta(hours=169)
    assert lengths["2026-10-26"] == timedelta(hours=168)
    assert lengths["2027-03-22"] == timedelta(hours=167)


@pytest.mark.parametrize(
    ("night", "day_after", "length"),
    [("2026-03-28", "2026-03-29", 23), ("2026-10-24", "2026-10-25", 25)],
)
def test_a_day_turn_across_a_clock_change_is_23_or_25_hours(
    night: str, day_after: str, length: int
) -> None:
    daily = rotation("ana bo", handoff("1d"), night)
    turn = holder(daily, utc(f"{day_after} 00:00"), LISBON)
    assert turn is not None
    assert turn.span.length == timedelta(hours=length)


def test_hour_turns_are_elapsed_time_and_move_on_the_wall() -> None:
    half_days = rotation("ana bo", handoff("12h"), "2026-10-24")
    found = turns(half_days, span("2026-10-24 08:00", "2026-10-26 08:00"), LISBON)
    assert {turn.span.length for turn in found[:-1]} == {timedelta(hours=12)}
    starts = [f"{wall(turn.span.start, LISBON):%d %H:%M}" for turn in found]
    assert starts == ["24 09:00", "24 21:00", "25 08:00", "25 20:00"]


def test_24_hours_and_one_day_part_ways_at_a_clock_change() -> None:
    at = "2026-10-25 08:30"
    assert who(rotation("ana bo", handoff("24h"), "2026-10-24"), at, LISBON) == "bo"
    assert who(rotation("ana bo", handoff("1d"), "2026-10-24"), at, LISBON) == "ana"


# promises R47: what a hand-off does in an hour that the clocks skip or repeat.


def test_a_hand_off_in_a_skipped_hour_happens_at_the_first_instant_after_the_gap() -> None:
    daily = rotation("ana bo", handoff("1d", at="01:30"), "2026-03-28")
    assert who(daily, "2026-03-29 00:59", LISBON) == "ana"
    assert who(daily, "2026-03-29 01:00", LISBON) == "bo"
    assert wall(utc("2026-03-29 01:00"), LISBON).hour == 2


def test_a_hand_off_in_a_repeated_hour_happens_once_at_the_first_occurrence() -> None:
    daily = rotation("ana bo", handoff("1d", at="01:30"), "2026-10-24")
    assert who(daily, "2026-10-25 00:29", LISBON) == "ana"
    assert who(daily, "2026-10-25 00:30", LISBON) == "bo"
    assert who(daily, "2026-10-25 01:30", LISBON) == "bo"
    found = turns(daily, span("2026-10-24 12:00", "2026-10-25 12:00"), LISBON)
    assert members(found) == ["ana", "bo"]


def test_the_day_that_samoa_left_out_takes_no_turn_from_anybody_else() -> None:
    # 30 December 2011 did not happen in Apia: its whole turn has no length.
    daily = rotation("ana bo cy", handoff("1d", at="00:00"), "2011-12-28")
    found = turns(daily, span("2011-12-28 10:00", "2012-01-01 10:00"), ZoneInfo("Pacific/Apia"))
    assert [(turn.member, turn.number) for turn in found] == [
        ("ana", 1), ("bo", 2), ("ana", 4), ("bo", 5),
    ]  # fmt: skip
    assert all(a.span.end == b.span.start for a, b in pairwise(found))


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Asia/Beirut", "America/Havana"])
def test_hand_offs_at_midnight_survive_clocks_that_change_at_midnight(zone: str) -> None:
    daily = rotation("ana bo cy", handoff("1d", at="00:00"), "2016-01-01")
    whole_year = turns(daily, span("2016-01-02 12:00", "2018-12-30 12:00"), ZoneInfo(zone))
    assert all(a.span.end == b.span.start for a, b in pairwise(whole_year))
    numbers = [turn.number for turn in whole_year]
    assert numbers == list(range(numbers[0], numbers[0] + 1094))


# promises R50, R54: restricted hours.


def test_restricted_hours_hide_the_turn_outside_of_them() -> None:
    office = rotation("ana bo", handoff("1w"), "2026-11-16", hours(WEEKDAYS, "09:00", "17:00"))
    found = turns(office, span("2026-11-19 00:00", "2026-11-24 12:00"), UTC_ZONE)
    assert [(turn.member, turn.span) for turn in found] == [
        ("ana", span("2026-11-19 09:00", "2026-11-19 17:00")),
        ("ana", span("2026-11-20 09:00", "2026-11-20 17:00")),
        ("bo", span("2026-11-23 09:00", "2026-11-23 17:00")),
        ("bo", span("2026-11-24 09:00", "2026-11-24 12:00")),
    ]


def test_hours_past_midnight_belong_to_the_day_they_start_on() -> None:
    nights = rotation(
        "ana", handoff("1w", at="00:00"), "2026-11-16", hours("fri", "22:00", "06:00")
    )
    found = turns(nights, span("2026-11-16 00:00", "2026-11-30 00:00"), UTC_ZONE)
    assert [turn.span for turn in found] == [
        span("2026-11-20 22:00", "2026-11-21 06:00"),
        span("2026-11-27 22:00", "2026-11-28 06:00"),
    ]


def test_a_span_that_begins_in_the_middle_of_a_night_still_sees_its_window() -> None:
    nights = rotation("ana", handoff("1w"), "2026-11-16", hours("fri", "22:00", "20:00"))
    found = turns(nights, span("2026-11-21 03:00", "2026-11-22 00:00"), UTC_ZONE)
    assert [turn.span for turn in found] == [span("2026-11-21 03:00", "2026-11-21 20:00")]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("09:00", "24:00", ("2026-11-20 09:00", "2026-11-21 00:00")),
        ("09:00", "00:00", ("2026-11-20 09:00", "2026-11-21 00:00")),
        ("00:00", "24:00", ("2026-11-20 00:00", "2026-11-21 00:00")),
        ("09:00", "09:00", ("2026-11-20 09:00", "2026-11-21 09:00")),
    ],
)
def test_24_00_is_the_end_of_the_day_and_equal_times_are_a_whole_one(
    start: str, end: str, expected: tuple[str, str]
) -> None:
    friday = rotation("ana", handoff("1w", at="00:00"), "2026-11-16", hours("fri", start, end))
    found = turns(friday, span("2026-11-16 00:00", "2026-11-23 00:00"), UTC_ZONE)
    assert [turn.span for turn in found] == [span(*expected)]


def test_windows_that_overlap_or_touch_are_one() -> None:
    open_in = [
        hours("mon", "09:00", "12:00"),
        hours("mon", "11:00", "15:00"),
        hours("mon", "15:00", "17:00"),
    ]
    busy = rotation("ana", handoff("1w", at="00:00"), "2026-11-16", *open_in)
    found = turns(busy, span("2026-11-16 00:00", "2026-11-23 00:00"), UTC_ZONE)
    assert [turn.span for turn in found] == [span("2026-11-16 09:00", "2026-11-16 17:00")]


def test_hours_that_end_in_a_repeated_hour_end_at_its_last_occurrence() -> None:
    evening = rotation("ana", handoff("1w"), "2026-10-19", hours("sat", "20:00", "01:30"))
    morning = rotation("bo", handoff("1w"), "2026-10-19", hours("sun", "01:30", "09:00"))
    looked_at = span("2026-10-24 12:00", "2026-10-25 12:00")
    [late] = turns(evening, looked_at, LISBON)
    [early] = turns(morning, looked_at, LISBON)
    assert late.span == span("2026-10-24 19:00", "2026-10-25 01:30")
    assert early.span == span("2026-10-25 00:30", "2026-10-25 09:00")


def test_hours_that_lie_in_a_skipped_hour_do_not_happen_that_day() -> None:
    odd = rotation("ana", handoff("1d", at="00:00"), "2026-03-28", hours("sun", "01:15", "01:45"))
    assert turns(odd, span("2026-03-28 00:00", "2026-03-30 00:00"), LISBON) == []
    later = turns(odd, span("2026-04-05 00:00", "2026-04-06 00:00"), LISBON)
    assert [turn.span.length for turn in later] == [timedelta(minutes=30)]


def test_a_weekend_off_uses_up_nobody() -> None:
    office = rotation(
        "ana bo cy", handoff("1d", at="00:00"), "2026-11-16", hours(WEEKDAYS, "09:00", "17:00")
    )
    found = turns(office, span("2026-11-16 00:00", "2026-11-26 00:00"), UTC_ZONE)
    assert members(found) == ["ana", "bo", "cy", "ana", "bo", "cy", "ana", "bo"]
    assert [turn.number for turn in found] == list(range(1, 9))


def test_over_a_weekend_off_the_turn_of_friday_goes_on() -> None:
    office = rotation(
        "ana bo", handoff("1d", at="00:00"), "2026-11-20", hours(WEEKDAYS, "09:00", "17:00")
    )
    friday = holder(office, utc("2026-11-22 12:00"), UTC_ZONE)
    assert friday == Turn(span("2026-11-20 00:00", "2026-11-23 00:00"), "ana", 1)


def test_a_window_of_a_whole_day_counts_for_both_turns_that_it_lies_in() -> None:
    mondays = rotation(
        "ana bo cy", handoff("1d", at="12:00"), "2026-11-16", hours("mon", "09:00", "09:00")
    )
    found = turns(mondays, span("2026-11-16 00:00", "2026-11-25 00:00"), UTC_ZONE)
    assert [(turn.member, turn.span.start) for turn in found] == [
        ("ana", utc("2026-11-16 12:00")),
        ("bo", utc("2026-11-23 09:00")),
        ("cy", utc("2026-11-23 12:00")),
    ]


def test_with_fourteen_people_and_weekdays_everybody_has_a_day() -> None:
    everybody = " ".join(f"person-{number}" for number in range(14))
    office = rotation(everybody, handoff("1d"), "2026-11-16", hours(WEEKDAYS, "09:00", "17:00"))
    found = turns(office, span("2026-11-16 00:00", "2026-12-05 00:00"), UTC_ZONE)
    assert len(set(members(found))) == 14


@pytest.mark.parametrize("turn", [handoff("1d", at="00:00"), handoff("1w", "00:00", "monday")])
def test_a_start_on_a_weekend_off_keeps_the_first_turn_for_the_first_member(turn: Handoff) -> None:
    office = rotation(
        "ana bo", handoff("1d", at="00:00"), "2026-11-21", hours(WEEKDAYS, "09:00", "17:00")
    )
    found = turns(
        replace(office, handoff=turn), span("2026-11-21 00:00", "2026-11-24 00:00"), UTC_ZONE
    )
    assert [(t.member, t.number, t.span.start) for t in found][:1] == [
        ("ana", 1, utc("2026-11-23 09:00"))
    ]


def test_hour_turns_count_whether_or_not_the_hours_are_open() -> None:
    # Follow the sun: everybody keeps their own eight hours.
    sun = rotation(
        "ana bo cy", handoff("8h", at="00:00"), "2026-11-16", hours(WEEKDAYS, "00:00", "24:00")
    )
    assert who(sun, "2026-11-20 01:00") == "ana"
    assert who(sun, "2026-11-23 01:00") == "ana"


# promises R52, R53: the cost.


def test_an_hourly_rotation_of_thirty_years_ago_takes_less_than_a_millisecond() -> None:
    hourly = rotation("ana bo cy", handoff("1h"), "1996-11-16")
    at = utc("2026-11-16 12:34")
    took = []
    for _ in range(20):
        began = perf_counter()
        turn = holder(hourly, at, LISBON)
        took.append(perf_counter() - began)
    assert turn is not None
    first = datetime(1996, 11, 16, 9, tzinfo=UTC)
    passed = (at - first) // timedelta(hours=1)
    assert (turn.number, turn.member) == (passed + 1, ("ana", "bo", "cy")[passed % 3])
    assert min(took) < 0.001


@pytest.mark.parametrize("every", ["1d", "3d", "1w", "2w"])
@pytest.mark.parametrize("zone", [LISBON, NEW_YORK, ZoneInfo("Australia/Lord_Howe")])
def test_the_closed_form_agrees_with_thirty_years_of_hand_offs(every: str, zone: ZoneInfo) -> None:
    old = rotation("ana bo cy dele", handoff(every, at="02:15"), "1996-11-16")
    walked = turns(old, span("1996-11-01 00:00", "2026-11-16 00:00"), zone)
    for turn in walked[:: max(1, len(walked) // 200)]:
        assert holder(old, turn.span.start, zone) == holder(
            old, turn.span.end - timedelta(seconds=1), zone
        )
        found = holder(old, turn.span.start, zone)
        assert found is not None
        assert found.number == turn.number
        before = holder(old, turn.span.start - timedelta(seconds=1), zone)
        assert before is None or before.number == turn.number - 1


def test_the_number_of_steps_is_known_before_they_are_taken() -> None:
    looked_at = span("2026-01-01 00:00", "2027-01-01 00:00")
    hourly = rotation("ana", handoff("1h"), "2020-01-01")
    office = rotation("ana", handoff("1w"), "2020-01-01", hours(WEEKDAYS, "09:00", "17:00"))
    for found in (hourly, office):
        assert len(turns(found, looked_at, LISBON)) <= turns_in(found, looked_at) + 2


def test_a_span_before_the_first_turn_has_no_turns() -> None:
    assert turns(WEEKLY, Span(utc("2000-01-01"), utc("2026-11-16 09:00")), LISBON) == []
