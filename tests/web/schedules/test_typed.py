"""The editor's form: what was typed survives every button, and says the schedule it was made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given

from holdfast.kernel.errors import Invalid
from holdfast.schedules.model import Handoff, Hours, Rotation, Unit
from holdfast.web.schedules.typed import (
    Typed,
    TypedHours,
    TypedRotation,
    changed,
    control_of,
    rotations_in,
    typed_in,
    typed_of,
)
from tests.schedules.strategies import Case, cases

ROTATION = TypedRotation("a", ("ana", "bo", ""), starts="2026-11-16")
TYPED = Typed("S", "t", "UTC", (ROTATION, replace(ROTATION, id="b", hours=(TypedHours(),))))
NEWCOMER = TypedRotation("", ("me",), starts="2026-11-16")


def sent(typed: Typed) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The form as a browser sends it."""
    pairs = [("name", typed.name), ("team", typed.team), ("time_zone", typed.time_zone)]
    for number, rotation in enumerate(typed.rotations):
        prefix = f"r{number}."
        names = ("id", "every", "unit", "weekday", "at", "starts", "until")
        pairs += [(prefix + name, getattr(rotation, name)) for name in names]
        pairs += [(f"{prefix}member", member) for member in rotation.members]
        for place, window in enumerate(rotation.hours):
            part = f"{prefix}h{place}."
            pairs += [(f"{part}day", day) for day in window.days]
            pairs += [(f"{part}from", window.start), (f"{part}to", window.end)]
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return {name: values[0] for name, values in lists.items()}, lists


def test_what_is_shown_comes_back_as_it_was() -> None:
    assert typed_in(*sent(TYPED)) == TYPED


@given(cases())
def test_any_schedule_goes_through_the_form_unchanged(case: Case) -> None:
    schedule = case.schedule
    typed = typed_in(*sent(typed_of(schedule)))
    assert [shape(r) for r in rotations_in(typed)] == [shape(r) for r in schedule.rotations]


def shape(rotation: Rotation) -> Rotation:
    """A weekly hand-off without a weekday is on that of its first day: the form says it."""
    handoff = rotation.handoff
    if handoff.unit is Unit.WEEKS and handoff.weekday is None:
        handoff = replace(handoff, weekday=rotation.starts.weekday())
    return replace(rotation, handoff=handoff)


@pytest.mark.parametrize(
    ("do", "members"),
    [
        ("add-member:0", ("ana", "bo", "", "")),
        ("remove-member:0:0", ("bo", "")),
        ("member-up:0:1", ("bo", "ana", "")),
        ("member-down:0:1", ("ana", "", "bo")),
        ("member-up:0:0", ("ana", "bo", "")),
        ("member-down:0:2", ("ana", "bo", "")),
        ("remove-member:0:9", ("ana", "bo", "")),
        ("nonsense:0:0", ("ana", "bo", "")),
        ("", ("ana", "bo", "")),
    ],
)
def test_the_small_buttons_change_the_order_of_turns(do: str, members: tuple[str, ...]) -> None:
    after = changed(TYPED, do, NEWCOMER)
    assert after.rotations[0].members == members
    assert after.rotations[1] == TYPED.rotations[1]


def test_rotations_are_added_moved_and_removed() -> None:
    added = changed(TYPED, "add-rotation", NEWCOMER)
    assert [r.id for r in added.rotations] == ["a", "b", "rotation-1"]
    assert [r.id for r in changed(added, "rotation-up:2", NEWCOMER).rotations] == [
        "a", "rotation-1", "b",
    ]  # fmt: skip
    assert [r.id for r in changed(added, "remove-rotation:0", NEWCOMER).rotations] == [
        "b", "rotation-1",
    ]  # fmt: skip
    assert changed(TYPED, "remove-rotation:7", NEWCOMER) == TYPED


def test_hours_are_added_and_removed() -> None:
    added = changed(TYPED, "add-hours:0", NEWCOMER)
    assert added.rotations[0].hours == (TypedHours(),)
    assert changed(added, "remove-hours:0:0", NEWCOMER).rotations[0].hours == ()


def test_everything_that_is_wrong_is_named_by_its_control() -> None:
    wrong = replace(
        ROTATION, every="x", at="25:00", starts="", until="tomorrow", hours=(TypedHours((), "9"),)
    )
    with pytest.raises(Invalid) as caught:
        rotations_in(replace(TYPED, rotations=(ROTATION, wrong)))
    assert set(caught.value.fields) == {"r1.every", "r1.at", "r1.starts", "r1.until", "r1.h0.from"}


def test_a_rotation_says_exactly_what_was_typed() -> None:
    hours = (TypedHours(("mon", "sun"), "22:00", "00:00"),)
    typed = replace(ROTATION, every="2", unit="days", until="2027-01-01", hours=hours)
    assert rotations_in(replace(TYPED, rotations=(typed,))) == (
        Rotation(
            "a", ("ana", "bo", None), Handoff(2, Unit.DAYS, None, time(9)), date(2026, 11, 16),
            (Hours(frozenset({0, 6}), time(22), time(0)),), date(2027, 1, 1),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("place", "control"),
    [
        ("rotations[0].handoff.every", "r0.every"),
        ("rotations[3].handoff.on", "r3.weekday"),
        ("rotations[1].members", "r1.member"),
        ("rotations[1].members[4]", "r1.member"),
        ("rotations[1].hours[2].days", "r1.h2.from"),
        ("rotations[1].starts", "r1.starts"),
        ("name", "name"),
    ],
)
def test_an_error_of_the_domain_finds_its_control(place: str, control: str) -> None:
    assert control_of(place) == control
