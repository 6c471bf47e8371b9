"""The form of a schedule as it was typed, what its buttons do to it, and what it says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TypeVar

from holdfast.kernel.errors import Invalid
from holdfast.schedules.model import Handoff, Hours, Rotation, Schedule, Unit
from holdfast.schedules.validity import HOURS_MAX, MEMBERS_MAX, ROTATIONS_MAX
from holdfast.schedules.written import format_end, format_time, parse_end, parse_time, parse_weekday
from holdfast.web.schedules import words

T = TypeVar("T")
ALL_DAYS = tuple(day for day, _, _ in words.WEEKDAYS)
NINE, FIVE = "09:00", "17:00"
_WORKDAYS = ALL_DAYS[:5]
_NUMBER_CHARS_MAX = 6
# Where an error of the domain belongs: rotations[0].handoff.every stands beside r0.every.
_PLACE = re.compile(r"rotations\[(\d+)\]\.(?:hours\[(\d+)\]\.)?(?:handoff\.)?(\w+)(?:\[\d+\])?")
_CONTROLS = {"members": "member", "on": "weekday", "every": "every", "at": "at", "days": "from"}


@dataclass(frozen=True, slots=True)
class TypedHours:
    """One window of restricted hours."""

    days: tuple[str, ...] = _WORKDAYS
    start: str = NINE
    end: str = FIVE


@dataclass(frozen=True, slots=True)
class TypedRotation:
    """One rotation."""

    id: str
    members: tuple[str, ...]
    every: str = "1"
    unit: str = Unit.WEEKS.value
    weekday: str = ALL_DAYS[0]
    at: str = NINE
    starts: str = ""
    until: str = ""
    hours: tuple[TypedHours, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """The whole form."""

    name: str
    team: str
    time_zone: str
    rotations: tuple[TypedRotation, ...]


def typed_in(form: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> Typed:
    """What was sent; at most as many parts as a schedule may have."""
    rotations = []
    for number in range(ROTATIONS_MAX):
        if f"r{number}.id" not in form:
            break
        rotations.append(_rotation_in(f"r{number}.", form, lists))
    return Typed(
        form.get("name", "").strip(),
        form.get("team", ""),
        form.get("time_zone", "").strip(),
        tuple(rotations),
    )


def typed_of(schedule: Schedule) -> Typed:
    """A schedule as the form shows it."""
    rotations = tuple(_typed_rotation(rotation) for rotation in schedule.rotations)
    return Typed(schedule.name, schedule.team, schedule.time_zone, rotations)


def changed(typed: Typed, do: str, newcomer: TypedRotation) -> Typed:
    """After one of the small buttons; `newcomer` is what add-rotation adds."""
    verb, *rest = do.split(":")
    places = [int(part) for part in rest if part.isascii() and part.isdigit()]
    if verb == "add-rotation" and len(typed.rotations) < ROTATIONS_MAX:
        named = replace(newcomer, id=_free_id(typed))
        return replace(typed, rotations=(*typed.rotations, named))
    if not places or places[0] >= len(typed.rotations):
        return typed
    if verb == "remove-rotation":
        return replace(typed, rotations=_without(typed.rotations, places[0]))
    if verb == "rotation-up":
        return replace(typed, rotations=_moved(typed.rotations, places[0], -1))
    rotation = _changed_rotation(typed.rotations[places[0]], verb, places[1:])
    rotations = list(typed.rotations)
    rotations[places[0]] = rotation
    return replace(typed, rotations=tuple(rotations))


def rotations_in(typed: Typed) -> tuple[Rotation, ...]:
    """The rotations that the form describes. Raises Invalid, naming the controls."""
    fields: dict[str, str] = {}
    found = [
        rotation
        for number, each in enumerate(typed.rotations)
        if (rotation := _rotation_of(f"r{number}.", each, fields)) is not None
    ]
    if fields:
        raise Invalid("Some fields are not right.", fields=fields)
    return tuple(found)


def control_of(place: str) -> str:
    """`rotations[0].handoff.every` is the control `r0.every`."""
    match = _PLACE.fullmatch(place)
    if match is None:
        return place
    rotation, window, name = match.groups()
    inside = "" if window is None else f"h{window}."
    return f"r{rotation}.{inside}{_CONTROLS.get(name, name)}"


def _rotation_in(
    prefix: str, form: Mapping[str, str], lists: Mapping[str, Sequence[str]]
) -> TypedRotation:
    hours = []
    for number in range(HOURS_MAX):
        place = f"{prefix}h{number}."
        if f"{place}from" not in form:
            break
        days = tuple(lists.get(f"{place}day", ()))
        hours.append(TypedHours(days, form[f"{place}from"], form.get(f"{place}to", "")))
    names = ("every", "unit", "weekday", "at", "starts", "until")
    said = {name: form.get(prefix + name, "").strip() for name in names}
    members = tuple(lists.get(f"{prefix}member", ()))[:MEMBERS_MAX]
    return TypedRotation(form[f"{prefix}id"], members, hours=tuple(hours), **said)


def _typed_rotation(rotation: Rotation) -> TypedRotation:
    handoff = rotation.handoff
    weekday = rotation.starts.weekday() if handoff.weekday is None else handoff.weekday
    return TypedRotation(
        id=rotation.id,
        members=tuple(member or "" for member in rotation.members),
        every=str(handoff.every),
        unit=handoff.unit.value,
        weekday=ALL_DAYS[weekday],
        at=format_time(handoff.at),
        starts=rotation.starts.isoformat(),
        until="" if rotation.until is None else rotation.until.isoformat(),
        hours=tuple(
            TypedHours(
                tuple(ALL_DAYS[day] for day in sorted(window.days)),
                format_time(window.start),
                format_end(window.end).replace("24:00", "00:00"),  # a browser knows no 24:00
            )
            for window in rotation.hours
        ),
    )


def _changed_rotation(rotation: TypedRotation, verb: str, places: Sequence[int]) -> TypedRotation:
    place = places[0] if places else -1
    members = rotation.members
    if verb == "add-member":
        return replace(rotation, members=(*members, ""))
    if verb == "add-hours":
        return replace(rotation, hours=(*rotation.hours, TypedHours()))
    if verb == "remove-member":
        return replace(rotation, members=_without(members, place))
    if verb == "remove-hours":
        return replace(rotation, hours=_without(rotation.hours, place))
    by = {"member-up": -1, "member-down": 1}.get(verb, 0)
    return replace(rotation, members=_moved(members, place, by))


def _without(items: tuple[T, ...], place: int) -> tuple[T, ...]:
    return tuple(item for number, item in enumerate(items) if number != place)


def _moved(items: tuple[T, ...], place: int, by: int) -> tuple[T, ...]:
    to = place + by
    if not (0 <= place < len(items) and 0 <= to < len(items)):
        return items
    order = list(items)
    order[place], order[to] = order[to], order[place]
    return tuple(order)


def _free_id(typed: Typed) -> str:
    taken = {rotation.id for rotation in typed.rotations}
    names = (f"{words.FIRST_ROTATION}-{number}" for number in range(1, ROTATIONS_MAX + 2))
    return next(name for name in names if name not in taken)


def _rotation_of(prefix: str, typed: TypedRotation, fields: dict[str, str]) -> Rotation | None:
    """None where something is not right; `fields` then says what."""
    before = len(fields)
    every = _number(f"{prefix}every", typed.every, fields)
    at = _time(f"{prefix}at", typed.at, fields)
    starts = _date(f"{prefix}starts", typed.starts, fields)
    until = _date(f"{prefix}until", typed.until, fields) if typed.until else None
    hours = tuple(_hours(prefix, typed.hours, fields))
    unit = Unit(typed.unit) if typed.unit in set(Unit) else Unit.WEEKS
    weekday = _weekday(f"{prefix}weekday", typed.weekday, fields) if unit is Unit.WEEKS else None
    if len(fields) > before or every is None or at is None or starts is None:
        return None
    members = tuple(member or None for member in typed.members)
    return Rotation(typed.id, members, Handoff(every, unit, weekday, at), starts, hours, until)


def _hours(prefix: str, typed: Sequence[TypedHours], fields: dict[str, str]) -> Iterator[Hours]:
    for number, window in enumerate(typed):
        place = f"{prefix}h{number}.from"
        days = frozenset(ALL_DAYS.index(day) for day in window.days if day in ALL_DAYS)
        try:
            yield Hours(days, parse_time(window.start), parse_end(window.end))
        except Invalid as error:
            fields[place] = f"{error.detail} {error.remedy or ''}".strip()


def _number(control: str, text: str, fields: dict[str, str]) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= _NUMBER_CHARS_MAX:
        return int(text)
    fields[control] = words.NOT_A_NUMBER
    return None


def _time(control: str, text: str, fields: dict[str, str]) -> time | None:
    try:
        return parse_time(text)
    except Invalid as error:
        fields[control] = f"{error.detail} {error.remedy or ''}".strip()
        return None


def _weekday(control: str, text: str, fields: dict[str, str]) -> int | None:
    try:
        return parse_weekday(text)
    except Invalid as error:
        fields[control] = f"{error.detail} {error.remedy or ''}".strip()
        return None


def _date(control: str, text: str, fields: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fields[control] = words.NOT_A_DATE
        return None
