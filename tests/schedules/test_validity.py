"""What is refused as a schedule, and that each refusal says where and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, time, timedelta

import pytest

from holdfast.kernel.errors import Invalid
from holdfast.schedules.model import Handoff, Hours, Rotation, Schedule, Unit
from holdfast.schedules.validity import (
    EVERY_MAX,
    HOURS_MAX,
    MEMBERS_MAX,
    OVERRIDES_MAX,
    ROTATIONS_MAX,
    NotASchedule,
    OutOfReach,
    check,
    in_reach,
    override_span,
)
from tests.schedules.build import handoff, hours, override, rotation, schedule, utc

GOOD = rotation("ana -", handoff("1w", on="monday"), "2026-11-16", hours("mon", "09:00", "24:00"))
XMAS = override("bo", "2026-12-24 09:00", "2026-12-26 09:00")
MONDAY = handoff("1w", on="monday")

Edit = Callable[[Rotation], Rotation]

ROTATIONS_REFUSED: list[tuple[str, Edit]] = [
    ("id", lambda r: replace(r, id="")),
    ("id", lambda r: replace(r, id="two words")),
    ("id", lambda r: replace(r, id="x" * 65)),
    ("id", lambda r: replace(r, id="\ud800")),
    ("members", lambda r: replace(r, members=())),
    ("members", lambda r: replace(r, members=("ana",) * (MEMBERS_MAX + 1))),
    ("members[1]", lambda r: replace(r, members=("ana", " "))),
    ("handoff.every", lambda r: replace(r, handoff=replace(MONDAY, every=0))),
    ("handoff.every", lambda r: replace(r, handoff=replace(MONDAY, every=-1))),
    ("handoff.every", lambda r: replace(r, handoff=replace(MONDAY, every=10**30))),
    ("handoff.on", lambda r: replace(r, handoff=replace(MONDAY, weekday=7))),
    ("handoff.on", lambda r: replace(r, handoff=Handoff(1, Unit.DAYS, 0, time(9)))),
    ("handoff.on", lambda r: replace(r, handoff=Handoff(12, Unit.HOURS, 0, time(9)))),
    ("handoff.at", lambda r: replace(r, handoff=replace(MONDAY, at=time(9, 0, 1)))),
    ("handoff.at", lambda r: replace(r, handoff=replace(MONDAY, at=time(9, tzinfo=UTC)))),
    ("starts", lambda r: replace(r, starts=date(9999, 12, 31))),
    ("starts", lambda r: replace(r, starts=date(1, 1, 1))),
    ("until", lambda r: replace(r, until=r.starts)),
    ("until", lambda r: replace(r, until=r.starts - timedelta(days=1))),
    ("until", lambda r: replace(r, until=date(9999, 12, 31))),
    ("hours", lambda r: replace(r, hours=r.hours * (HOURS_MAX + 1))),
    ("hours[0].days", lambda r: replace(r, hours=(Hours(frozenset(), time(9), time(17)),))),
    ("hours[0].days", lambda r: replace(r, hours=(Hours(frozenset({7}), time(9), time(17)),))),
    ("hours[0].to", lambda r: replace(r, hours=(Hours(frozenset({0}), time(9), time(1, 0, 1)),))),
]


def refused(found: Schedule) -> NotASchedule:
    with pytest.raises(NotASchedule) as error:
        check(found)
    assert error.value.remedy
    error.value.detail.encode()  # a message must survive being sent
    return error.value


def test_a_good_schedule_is_kept() -> None:
    check(schedule(GOOD, XMAS, zone="Europe/Lisbon"))
    check(schedule())


@pytest.mark.parametrize(("field", "edit"), ROTATIONS_REFUSED)
def test_a_rotation_that_cannot_be_is_refused_by_its_field(field: str, edit: Edit) -> None:
    error = refused(schedule(GOOD, replace(edit(GOOD), id=edit(GOOD).id.replace("weekly", "b"))))
    assert list(error.fields) == [f"rotations[1].{field}"]
    assert all(error.fields.values())


@pytest.mark.parametrize(
    "zone",
    ["../../etc/passwd", "localtime", "posixrules", "Factory", "", "europe/lisbon", "\ud800"],
)
def test_what_is_no_time_zone_is_refused(zone: str) -> None:
    assert list(refused(schedule(GOOD, zone=zone)).fields) == ["time_zone"]


@pytest.mark.parametrize("unit", Unit)
def test_the_longest_turn_of_each_unit_is_kept_and_one_more_is_not(unit: Unit) -> None:
    most = EVERY_MAX[unit]
    longest = replace(GOOD, handoff=Handoff(most, unit, None, time(9)))
    check(schedule(longest))
    longer = replace(GOOD, handoff=Handoff(most + 1, unit, None, time(9)))
    assert str(most) in refused(schedule(longer)).fields["rotations[0].handoff.every"]


def test_a_schedule_that_is_too_large_is_refused() -> None:
    layers = [replace(GOOD, id=f"layer-{number}") for number in range(500)]
    assert "rotations" in refused(schedule(*layers)).fields
    check(schedule(*layers[:ROTATIONS_MAX]))
    many = [replace(XMAS, id=f"o{number}") for number in range(OVERRIDES_MAX + 1)]
    assert list(refused(schedule(*many)).fields) == ["overrides"]


def test_ids_must_differ_within_their_list() -> None:
    assert list(refused(schedule(GOOD, GOOD)).fields) == ["rotations"]
    assert list(refused(schedule(XMAS, XMAS)).fields) == ["overrides"]
    check(schedule(GOOD, replace(XMAS, id=GOOD.id)))


def test_everything_that_is_wrong_is_named_at_once() -> None:
    wrong = replace(GOOD, members=(), handoff=replace(MONDAY, every=0))
    error = refused(replace(schedule(wrong, replace(XMAS, member=""), zone="nowhere"), name=" "))
    assert set(error.fields) == {
        "name",
        "time_zone",
        "rotations[0].members",
        "rotations[0].handoff.every",
        "overrides[0].member",
    }
    assert "(and 4 more)" in error.detail


def test_an_override_without_length_or_turned_round_is_refused() -> None:
    at = utc("2026-12-24 09:00")
    assert override_span(at, at + timedelta(minutes=1)).length == timedelta(minutes=1)
    for end in (at, at - timedelta(hours=1)):
        with pytest.raises(Invalid) as error:
            override_span(at, end)
        assert "until" in error.value.fields


@pytest.mark.parametrize(
    "day", ["0001-01-01", "9999-12-31", "1969-12-31", "1970-01-01", "2200-01-02"]
)
def test_instants_that_schedules_cannot_speak_of_are_refused(day: str) -> None:
    far = utc(day)
    with pytest.raises(OutOfReach, match="too far away") as error:
        in_reach(far)
    assert error.value.remedy == "Use a date from 1970 to 2199."
    with pytest.raises(OutOfReach):
        override_span(utc("2026-01-01"), far)
