"""Schedules as the files write them: rotations in wall time, overrides in the schedule's zone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from holdfast.configuration.fields import Fields, day, word
from holdfast.configuration.model import Mentioned
from holdfast.configuration.parse.people import zone
from holdfast.kernel.errors import Invalid
from holdfast.kernel.ids import slug
from holdfast.kernel.quote import quoted
from holdfast.kernel.span import Span
from holdfast.kernel.zone import instant, last_instant, named_zone
from holdfast.schedules.model import Handoff, Hours, Override, Rotation, Schedule, Unit
from holdfast.schedules.validity import EARLIEST, LATEST, in_reach, override_span
from holdfast.schedules.written import parse_end, parse_every, parse_time, parse_weekday

SCHEDULE_FIELDS = ("id", "name", "team", "time_zone", "rotations", "overrides")
ROTATION_FIELDS = ("id", "members", "handoff", "starts", "until", "hours")
HANDOFF_FIELDS = ("every", "on", "at")
HOURS_FIELDS = ("days", "from", "to")
OVERRIDE_FIELDS = ("id", "member", "from", "until")
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
_NO_HANDOFF = Handoff(1, Unit.WEEKS, None, time())

AtWall = Callable[[datetime, ZoneInfo], datetime]


def schedule(fields: Fields) -> Mentioned[Schedule]:
    """Local times are in the schedule's own zone, whatever order the fields are written in."""
    name = fields.read("id", slug, "")
    zone_name = fields.need("time_zone", zone, "UTC")
    rotations = fields.each("rotations", f"a rotation of {fields.what}", ROTATION_FIELDS)
    overrides = fields.each("overrides", f"an override of {fields.what}", OVERRIDE_FIELDS)
    return fields.mention(
        Schedule(
            id=name,
            name=fields.read("name", word, name),
            team=fields.need("team", word, ""),
            time_zone=zone_name,
            rotations=tuple(_rotation(rotation, fields.what) for rotation in rotations),
            overrides=_overrides(overrides, fields.what, named_zone(zone_name)),
        )
    )


def _rotation(fields: Fields, owner: str) -> Rotation:
    name = fields.need("id", word, "")
    fields.what = f"rotation {name} of {owner}"
    if not fields.has("members"):
        fields.wrong(None, f"{fields.what} has no members.", "Add members: [ ... ] to it.")
    return Rotation(
        id=name,
        members=fields.texts_or_null("members"),
        handoff=_handoff(fields),
        starts=fields.need("starts", day, EARLIEST.date()),
        hours=tuple(
            _hours(hours)
            for hours in fields.each("hours", f"the hours of {fields.what}", HOURS_FIELDS)
        ),
        until=fields.read("until", day, None),
    )


def _handoff(fields: Fields) -> Handoff:
    handoff = fields.inner("handoff", f"the handoff of {fields.what}", HANDOFF_FIELDS)
    if handoff is None:
        fields.wrong(
            None,
            f"{fields.what} has no handoff.",
            'Add handoff: {every: 1w, on: monday, at: "09:00"} to it.',
        )
        return _NO_HANDOFF
    every, unit = handoff.need("every", parse_every, (1, Unit.WEEKS))
    return Handoff(
        every, unit, handoff.read("on", parse_weekday, None), handoff.need("at", parse_time, time())
    )


def _hours(fields: Fields) -> Hours:
    days = set()
    for text in fields.texts("days"):
        try:
            days.add(parse_weekday(text))
        except Invalid as error:
            fields.wrong("days", f"days of {fields.what}: {error.detail}", error.remedy or "")
    if not fields.has("days"):
        fields.wrong(None, f"{fields.what} have no days.", "Add days: [mon, tue] to them.")
    return Hours(
        frozenset(days),
        fields.need("from", parse_time, time()),
        fields.need("to", parse_end, time()),
    )


def _overrides(entries: Iterable[Fields], owner: str, at_home: ZoneInfo) -> tuple[Override, ...]:
    found: list[Override] = []
    for fields in entries:
        name = fields.need("id", word, "")
        fields.what = f"override {name} of {owner}"
        if any(override.id == name for override in found):
            fields.wrong("id", f"{owner} has two overrides {name}.", "Give each its own id.")
        found.append(Override(name, fields.need("member", word, ""), _span(fields, at_home)))
    return tuple(found)


def _span(fields: Fields, at_home: ZoneInfo) -> Span:
    # A wall time that comes twice begins at the first and ends at the last: an hour too many of
    # somebody rather than an hour of nobody (promises R47).
    start = fields.need("from", _moment(at_home, instant), EARLIEST)
    end = fields.need("until", _moment(at_home, last_instant), LATEST)
    try:
        return override_span(start, end)
    except Invalid as error:
        fields.wrong("until", f"{fields.what}: {error.detail}", error.remedy or "")
        return Span(EARLIEST, LATEST)


def _moment(at_home: ZoneInfo, at_wall: AtWall) -> Callable[[str], datetime]:
    """A parser for 2026-12-24T09:00 in the zone, or with an offset of its own."""

    def parse(text: str) -> datetime:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or (found.tzinfo is None and not _LOCAL.fullmatch(text)):
            raise Invalid(
                f"{quoted(text)} is not a date with a time of day.",
                remedy="Write it like 2026-12-24T09:00, or 2026-12-24T08:00:00Z for UTC.",
            )
        if found.tzinfo is not None:
            return in_reach(found)
        in_reach(found.replace(tzinfo=UTC))
        return at_wall(found, at_home)

    return parse
