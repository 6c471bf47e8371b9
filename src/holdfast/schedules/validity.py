"""What a schedule may be: every limit, and every refusal with what to write instead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time

from holdfast.kernel.errors import Invalid
from holdfast.kernel.names import NAME_CHARS_MAX, is_name
from holdfast.kernel.span import Span
from holdfast.kernel.zone import UnknownZone, named_zone
from holdfast.schedules.model import Handoff, Hours, Override, Rotation, Schedule, Unit

ROTATIONS_MAX = 50
MEMBERS_MAX = 200
HOURS_MAX = 28
OVERRIDES_MAX = 10_000
EVERY_MAX = {Unit.HOURS: 8_784, Unit.DAYS: 366, Unit.WEEKS: 104}
# Whatever is computed from these stays far from the ends of what a datetime can hold.
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,63}", re.ASCII)
_ID_REMEDY = "write 1 to 64 letters, digits, dots, dashes or underscores"
_YEARS = f"use a date from {EARLIEST.year} to {LATEST.year - 1}"

Found = Iterator[tuple[str, str]]


class NotASchedule(Invalid):
    """This schedule cannot be kept as it is."""


class OutOfReach(Invalid):
    """That date is too far away."""


def check(schedule: Schedule) -> None:
    """Raises NotASchedule with one entry in `fields` for each thing that must be changed.

    Keys are paths as in the configuration, such as `rotations[0].handoff.every`. Whether the team
    and the members exist, and what the schedule's own id may be, is for the caller to check.
    """
    fields: dict[str, str] = {}
    for field, remedy in _findings(schedule):
        fields.setdefault(field, remedy)
    if fields:
        field, remedy = next(iter(fields.items()))
        more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
        raise NotASchedule(
            f"The schedule is not right at {field}{more}: {remedy}.",
            remedy="Change the fields that are named and send it again.",
            fields=fields,
        )


def override_span(start: datetime, end: datetime) -> Span:
    """The span of an override. Raises Invalid where it is empty, turned round or out of reach."""
    start, end = in_reach(start), in_reach(end)
    if start >= end:
        raise Invalid(
            "An override must end after it begins.",
            remedy="Choose an end that lies after the start.",
            fields={"until": "choose an instant after `from`"},
        )
    return Span(start, end)


def in_reach(at: datetime) -> datetime:
    """That instant in UTC. Raises OutOfReach where schedules cannot say anything about it."""
    assert at.tzinfo is not None, "an instant carries its zone"
    # By year first: near the ends of what a datetime holds the conversion itself overflows.
    if not 1900 < at.year < 2300 or not EARLIEST <= at.astimezone(UTC) <= LATEST:
        raise OutOfReach(remedy=f"{_YEARS[0].upper()}{_YEARS[1:]}.")
    return at.astimezone(UTC)


def _findings(schedule: Schedule) -> Found:
    if not is_name(schedule.name):
        yield "name", f"write 1 to {NAME_CHARS_MAX} characters that can be seen"
    try:
        named_zone(schedule.time_zone)
    except UnknownZone:
        yield "time_zone", "use a name of the IANA list, such as Europe/Lisbon or UTC"
    if len(schedule.rotations) > ROTATIONS_MAX:
        yield "rotations", f"keep at most {ROTATIONS_MAX} rotations"
    if len(schedule.overrides) > OVERRIDES_MAX:
        yield "overrides", f"keep at most {OVERRIDES_MAX} overrides; remove some that are over"
    yield from _twice("rotations", (rotation.id for rotation in schedule.rotations))
    yield from _twice("overrides", (override.id for override in schedule.overrides))
    for index, rotation in enumerate(schedule.rotations[: ROTATIONS_MAX + 1]):
        yield from _of_rotation(f"rotations[{index}]", rotation)
    for index, override in enumerate(schedule.overrides[: OVERRIDES_MAX + 1]):
        yield from _of_override(f"overrides[{index}]", override)


def _of_id(field: str, value: str) -> Found:
    if not _ID.fullmatch(value):
        yield field, _ID_REMEDY


def _twice(field: str, ids: Iterable[str]) -> Found:
    if any(count > 1 for count in Counter(ids).values()):
        yield field, "give each its own id"


def _of_rotation(path: str, rotation: Rotation) -> Found:
    yield from _of_id(f"{path}.id", rotation.id)
    if not 1 <= len(rotation.members) <= MEMBERS_MAX:
        yield (
            f"{path}.members",
            f"name 1 to {MEMBERS_MAX} members; null keeps a slot empty on purpose",
        )
    for index, member in enumerate(rotation.members[: MEMBERS_MAX + 1]):
        if member is not None and not member.strip():
            yield f"{path}.members[{index}]", "name a member, or null for an empty slot"
    yield from _of_handoff(f"{path}.handoff", rotation.handoff)
    yield from _of_dates(path, rotation.starts, rotation.until)
    if len(rotation.hours) > HOURS_MAX:
        yield f"{path}.hours", f"keep at most {HOURS_MAX} windows"
    for index, hours in enumerate(rotation.hours[: HOURS_MAX + 1]):
        yield from _of_hours(f"{path}.hours[{index}]", hours)


def _of_dates(path: str, starts: date, until: date | None) -> Found:
    if not EARLIEST.year <= starts.year < LATEST.year:
        yield f"{path}.starts", _YEARS
    if until is None:
        return
    if not EARLIEST.year <= until.year < LATEST.year:
        yield f"{path}.until", _YEARS
    elif until <= starts:
        yield f"{path}.until", "choose a day after `starts`"


def _of_handoff(path: str, handoff: Handoff) -> Found:
    most = EVERY_MAX[handoff.unit]
    if not 1 <= handoff.every <= most:
        yield f"{path}.every", f"use 1 to {most} {handoff.unit}"
    if handoff.weekday is not None and handoff.unit is not Unit.WEEKS:
        yield f"{path}.on", f"leave the weekday out: it is for weeks, this counts {handoff.unit}"
    elif handoff.weekday not in (None, *range(7)):
        yield f"{path}.on", "use a weekday, monday to sunday"
    yield from _of_time(f"{path}.at", handoff.at)


def _of_hours(path: str, hours: Hours) -> Found:
    if not hours.days or not hours.days <= frozenset(range(7)):
        yield f"{path}.days", "name at least one weekday, mon to sun"
    yield from _of_time(f"{path}.from", hours.start)
    yield from _of_time(f"{path}.to", hours.end)


def _of_time(field: str, value: time) -> Found:
    if value.tzinfo is not None or value.second or value.microsecond:
        yield field, "use hours and minutes without a zone, such as 09:00"


def _of_override(path: str, override: Override) -> Found:
    yield from _of_id(f"{path}.id", override.id)
    if not override.member.strip():
        yield f"{path}.member", "name the person who is on call instead"
    if override.span.start < EARLIEST or override.span.end > LATEST:
        yield f"{path}.from", _YEARS
