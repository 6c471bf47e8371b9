"""Who is on call when rotations and overrides lie over each other, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest

from holdfast.kernel.span import Span
from holdfast.schedules.model import LayerKind, Override, Shift
from holdfast.schedules.overlay import (
    HORIZON,
    STEPS_MAX,
    WindowTooWide,
    layers,
    resolve,
    shifts,
    zone_of,
)
from holdfast.schedules.validity import OVERRIDES_MAX, ROTATIONS_MAX, OutOfReach
from tests.schedules.build import (
    WEEKDAYS,
    handoff,
    hours,
    override,
    rotation,
    schedule,
    span,
    utc,
)

WEEKLY = rotation("ana bo cy", handoff("1w", on="monday"), "2026-11-16")
OFFICE = rotation(
    "dele", handoff("1w"), "2026-11-16", hours(WEEKDAYS, "09:00", "17:00"), name="office"
)
PRIMARY = schedule(WEEKLY, zone="Europe/Lisbon")


def test_a_shift_says_who_since_when_until_when_and_why() -> None:
    assert resolve(PRIMARY, utc("2026-12-01 12:00")) == Shift(
        span("2026-11-30 09:00", "2026-12-07 09:00"), "cy", "rotation weekly, turn 3"
    )


def test_a_later_rotation_wins_where_both_have_somebody() -> None:
    found = shifts(schedule(WEEKLY, OFFICE), span("2026-11-17 00:00", "2026-11-18 00:00"))
    assert [(shift.user, shift.why) for shift in found] == [
        ("ana", "rotation weekly, turn 1"),
        ("dele", "rotation office, turn 1"),
        ("ana", "rotation weekly, turn 1"),
    ]


def test_an_empty_slot_does_not_hide_an_earlier_rotation() -> None:
    second = rotation("- dele", handoff("1d"), "2026-11-16", name="second")
    both = schedule(WEEKLY, second)
    assert resolve(both, utc("2026-11-16 12:00")).user == "ana"
    assert resolve(both, utc("2026-11-17 12:00")).user == "dele"


def test_an_empty_slot_on_purpose_is_told_from_an_hour_that_nothing_covers() -> None:
    halves = schedule(rotation("ana -", handoff("1d"), "2026-11-16"))
    empty = resolve(halves, utc("2026-11-17 12:00"))
    assert empty.user is None
    assert empty.why == "nobody: the slot is empty on purpose (rotation weekly, turn 2)"
    assert resolve(halves, utc("2026-11-15 12:00")).why == "nobody: no rotation covers this hour"


# promises R55: an override replaces, neither more nor less.


def test_an_override_replaces_for_exactly_its_span() -> None:
    replaced = schedule(WEEKLY, override("cy", "2026-11-17 09:00", "2026-11-18 09:00"))
    found = shifts(replaced, span("2026-11-17 00:00", "2026-11-19 00:00"))
    assert [(shift.user, shift.span.start, shift.why) for shift in found] == [
        ("ana", utc("2026-11-17 00:00"), "rotation weekly, turn 1"),
        ("cy", utc("2026-11-17 09:00"), "override xmas"),
        ("ana", utc("2026-11-18 09:00"), "rotation weekly, turn 1"),
    ]


def test_an_override_puts_somebody_where_nobody_was_on_call() -> None:
    alone = schedule(override("bo", "2026-12-24 09:00", "2026-12-26 09:00"))
    assert resolve(alone, utc("2026-12-25 00:00")).user == "bo"
    assert resolve(alone, utc("2026-12-26 09:00")).user is None


def test_of_two_overrides_the_later_in_the_list_wins() -> None:
    long = override("bo", "2026-11-17 00:00", "2026-11-20 00:00", name="long")
    short = override("cy", "2026-11-18 00:00", "2026-11-19 00:00", name="short")
    at = utc("2026-11-18 12:00")
    assert resolve(schedule(WEEKLY, long, short), at).user == "cy"
    assert resolve(schedule(WEEKLY, short, long), at).user == "bo"


def test_an_override_of_oneself_is_a_shift_of_its_own() -> None:
    same = schedule(WEEKLY, override("ana", "2026-11-17 00:00", "2026-11-18 00:00"))
    shift = resolve(same, utc("2026-11-17 12:00"))
    assert (shift.user, shift.why) == ("ana", "override xmas")


def test_two_schedules_do_not_share_an_override() -> None:
    replaced = schedule(WEEKLY, override("cy", "2026-11-17 00:00", "2026-11-18 00:00"))
    other = replace(schedule(WEEKLY), id="other")
    at = utc("2026-11-17 12:00")
    assert (resolve(replaced, at).user, resolve(other, at).user) == ("cy", "ana")


# promises R56: nothing is remembered between two questions.


def test_a_schedule_that_was_changed_answers_differently_at_once() -> None:
    at = utc("2026-11-17 12:00")
    both = schedule(WEEKLY, OFFICE)
    assert resolve(both, at).user == "dele"
    assert resolve(replace(both, rotations=both.rotations[:1]), at).user == "ana"
    later = override("cy", "2026-11-17 00:00", "2026-11-18 00:00")
    assert resolve(replace(both, overrides=(later,)), at).user == "cy"


# promises R50: what restricted hours leave open falls through, and nothing else does.


def test_outside_the_hours_of_the_upper_rotation_the_lower_one_is_on_call() -> None:
    found = shifts(schedule(WEEKLY, OFFICE), span("2026-11-20 12:00", "2026-11-23 12:00"))
    assert [(shift.user, shift.span.start) for shift in found] == [
        ("dele", utc("2026-11-20 12:00")),
        ("ana", utc("2026-11-20 17:00")),
        ("dele", utc("2026-11-23 09:00")),
    ]


def test_two_windows_that_meet_in_a_repeated_hour_leave_no_gap() -> None:
    evening = rotation("ana", handoff("1w"), "2026-10-19", hours("sat", "20:00", "01:30"))
    morning = rotation(
        "bo", handoff("1w"), "2026-10-19", hours("sun", "01:30", "09:00"), name="morning"
    )
    found = shifts(
        schedule(evening, morning, zone="Europe/Lisbon"),
        span("2026-10-24 19:00", "2026-10-25 09:00"),
    )
    assert [(shift.user, shift.span.start) for shift in found] == [
        ("ana", utc("2026-10-24 19:00")),
        ("bo", utc("2026-10-25 00:30")),
    ]


# promises R49, R51: one instant, one answer.


def test_both_half_past_ones_of_an_autumn_night_are_told_apart() -> None:
    zone = zone_of(PRIMARY)
    assert zone is not None
    nightly = schedule(
        rotation("ana bo", handoff("1h", at="01:00"), "2026-10-25"), zone="Europe/Lisbon"
    )
    first = datetime(2026, 10, 25, 1, 30, tzinfo=zone, fold=0)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=zone, fold=1)
    assert first == second  # the trap: Python compares the wall
    assert (resolve(nightly, first).user, resolve(nightly, second).user) == ("ana", "bo")


def test_a_shift_that_never_ends_is_said_to_end_at_the_horizon() -> None:
    at = utc("2026-11-01 00:00")
    nobody = resolve(schedule(), at)
    assert nobody.user is None
    assert (nobody.span.start, nobody.span.end) == (at - HORIZON, at + HORIZON)
    before = resolve(PRIMARY, at)
    assert before.span.end == utc("2026-11-16 09:00")


def test_an_instant_in_another_zone_is_the_same_instant() -> None:
    at = utc("2026-12-01 12:00")
    there = at.astimezone(zone_of(schedule(zone="Asia/Kathmandu")))
    assert resolve(PRIMARY, there) == resolve(PRIMARY, at)


def test_layers_show_each_rotation_and_each_override_of_the_span_by_itself() -> None:
    drawn = layers(
        schedule(
            WEEKLY,
            rotation("- dele", handoff("1d"), "2026-11-16", name="daily"),
            override("cy", "2026-11-17 00:00", "2026-11-18 00:00"),
            override("bo", "2026-12-24 09:00", "2026-12-26 09:00", name="later"),
        ),
        span("2026-11-17 00:00", "2026-11-18 00:00"),
    )
    assert [(layer.kind, layer.id) for layer in drawn] == [
        (LayerKind.ROTATION, "weekly"),
        (LayerKind.ROTATION, "daily"),
        (LayerKind.OVERRIDE, "xmas"),
    ]
    assert [shift.user for shift in drawn[1].shifts] == [None, "dele"]
    assert [shift.why for shift in drawn[2].shifts] == ["override xmas"]


# promises R62 and e6: zones that are none, and instants that are too far away.


@pytest.mark.parametrize("zone", ["../../etc/passwd", "localtime", "Mars/Olympus", ""])
def test_without_its_zone_a_schedule_still_answers_and_its_overrides_still_hold(zone: str) -> None:
    lost = schedule(WEEKLY, override("bo", "2026-12-24 09:00", "2026-12-26 09:00"), zone=zone)
    nobody = resolve(lost, utc("2026-12-01 12:00"))
    assert nobody.user is None
    assert nobody.why.startswith("nobody: the time zone “")
    assert resolve(lost, utc("2026-12-25 12:00")).user == "bo"


@pytest.mark.parametrize("year", [1, 1969, 2201, 9999])
def test_an_instant_out_of_reach_is_refused(year: int) -> None:
    at = datetime(year, 6, 1, tzinfo=UTC)
    with pytest.raises(OutOfReach):
        resolve(PRIMARY, at)


def test_the_far_ends_of_what_is_in_reach_are_answered() -> None:
    assert resolve(PRIMARY, utc("1970-01-02 00:00")).user is None
    assert resolve(PRIMARY, utc("2200-01-01 00:00")).user in ("ana", "bo", "cy")


# promises R52, R53: the cost.


def test_a_rotation_of_thirty_years_ago_resolves_in_less_than_a_millisecond() -> None:
    old = schedule(rotation("ana bo cy", handoff("1h"), "1996-11-16"), zone="Europe/Lisbon")
    took = []
    for _ in range(20):
        began = perf_counter()
        shift = resolve(old, utc("2026-11-16 12:34"))
        took.append(perf_counter() - began)
    assert shift.span == span("2026-11-16 12:00", "2026-11-16 13:00")
    assert min(took) < 0.001


def test_ten_thousand_overlapping_overrides_are_one_sweep() -> None:
    start = utc("2026-11-16 00:00")
    lasts = timedelta(minutes=20_000)

    def begin(number: int) -> datetime:
        return start + timedelta(minutes=number)

    many = (
        Override(f"o{number}", f"person-{number}", Span(begin(number), begin(number) + lasts))
        for number in range(OVERRIDES_MAX)
    )
    began = perf_counter()
    found = shifts(schedule(WEEKLY, *many), Span(start, begin(OVERRIDES_MAX - 1) + lasts))
    took = perf_counter() - began
    assert [shift.user for shift in found] == [f"person-{n}" for n in range(OVERRIDES_MAX)]
    assert took < 2


def test_fifty_layers_that_interleave_end_in_a_time_that_grows_no_faster_than_they_do() -> None:
    crowd = [
        rotation("ana - - bo", handoff(f"{50 - number}h"), "2020-01-01", name=f"layer-{number}")
        for number in range(ROTATIONS_MAX)
    ]
    looked_at = span("2026-11-16 00:00", "2026-12-16 00:00")
    began = perf_counter()
    found = shifts(schedule(*crowd), looked_at)
    took = perf_counter() - began
    claims = sum(len(layer.shifts) for layer in layers(schedule(*crowd), looked_at))
    assert 500 < len(found) <= 2 * claims + 1
    assert took < 1


def test_a_window_of_too_many_turns_is_refused_before_it_is_computed() -> None:
    hourly = [
        rotation("ana bo", handoff("1h"), "2020-01-01", name=f"layer-{number}")
        for number in range(ROTATIONS_MAX)
    ]
    began = perf_counter()
    with pytest.raises(WindowTooWide, match=str(STEPS_MAX)):
        shifts(schedule(*hourly), span("2020-01-01", "2100-01-01"))
    with pytest.raises(WindowTooWide):
        layers(schedule(*hourly), span("2020-01-01", "2100-01-01"))
    assert perf_counter() - began < 0.1


def test_a_window_of_many_years_is_answered_for_weekly_turns() -> None:
    found = shifts(PRIMARY, span("2026-11-16 09:00", "2066-11-16 09:00"))
    assert len(found) in (2087, 2088)
