"""Short ways to write schedules down in tests."""

from __future__ import annotations

from datetime import UTC, date, datetime

from holdfast.kernel.span import Span
from holdfast.schedules.model import Handoff, Hours, Override, Rotation, Schedule
from holdfast.schedules.written import parse_end, parse_every, parse_time, parse_weekday


def utc(text: str) -> datetime:
    """An instant, such as 2026-10-25 01:00, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(start: str, end: str) -> Span:
    return Span(utc(start), utc(end))


def handoff(every: str, at: str = "09:00", on: str | None = None) -> Handoff:
    count, unit = parse_every(every)
    return Handoff(count, unit, None if on is None else parse_weekday(on), parse_time(at))


def hours(days: str, start: str, end: str) -> Hours:
    """Restricted hours; the days as in "mon tue"."""
    weekdays = frozenset(parse_weekday(day) for day in days.split())
    return Hours(weekdays, parse_time(start), parse_end(end))


WEEKDAYS = "mon tue wed thu fri"


def rotation(
    members: str, turn: Handoff, starts: str, *open_in: Hours, name: str = "weekly"
) -> Rotation:
    """A rotation; the members as in "ana bo -", where - is a slot kept empty."""
    people = tuple(None if member == "-" else member for member in members.split())
    return Rotation(name, people, turn, date.fromisoformat(starts), open_in)


def override(member: str, start: str, end: str, name: str = "xmas") -> Override:
    return Override(name, member, span(start, end))


def schedule(*parts: Rotation | Override, zone: str = "UTC") -> Schedule:
    return Schedule(
        id="primary",
        name="Primary",
        team="payments",
        time_zone=zone,
        rotations=tuple(part for part in parts if isinstance(part, Rotation)),
        overrides=tuple(part for part in parts if isinstance(part, Override)),
    )
