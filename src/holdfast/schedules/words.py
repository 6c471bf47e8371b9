"""What schedules say to people: why somebody is on call, and what is wrong ahead."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from holdfast.kernel.duration import format_duration
from holdfast.kernel.quote import quoted
from holdfast.kernel.span import Span
from holdfast.kernel.zone import instant, last_instant, wall

NOBODY_COVERS = "nobody: no rotation covers this hour"

# Not strftime: its names follow the locale of the machine, and two nodes must say the same.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def by_override(override_id: str) -> str:
    """Why that override's person is on call."""
    return f"override {override_id}"


def by_turn(rotation_id: str, number: int) -> str:
    """Why that rotation's member is on call."""
    return f"rotation {rotation_id}, turn {number}"


def by_empty_slot(rotation_id: str, number: int) -> str:
    """Why nobody is on call although a rotation covers the hour."""
    return f"nobody: the slot is empty on purpose (rotation {rotation_id}, turn {number})"


def by_unknown_zone(time_zone: str) -> str:
    """Why nobody is on call in a schedule whose zone this machine does not know."""
    return f"nobody: the time zone {quoted(time_zone)} is not known here"


def unknown_zone(time_zone: str) -> str:
    """The problem of such a schedule."""
    return (
        f"The time zone {quoted(time_zone)} is not known here, so no rotation reaches anybody. "
        "Choose another time zone, or update the time zone data of this machine."
    )


def gap(span: Span, looked_at: Span, zone: ZoneInfo) -> str:
    """One gap, such as: Nobody is on call from Sun 25 Oct 21:00 to Mon 26 Oct 01:30 (4h30m)."""
    if span == looked_at:
        return f"Nobody is on call in the whole of the next {format_duration(span.length)}."
    since = "now" if span.start == looked_at.start else local_time(span.start, zone)
    if span.end == looked_at.end:
        return f"Nobody is on call from {since} on, as far as this looks ahead."
    until = local_time(span.end, zone)
    return f"Nobody is on call from {since} to {until} ({format_duration(span.length)})."


def more_gaps(count: int) -> str:
    """Where there are more gaps than a list can hold."""
    return f"… and {count} more gaps after these."


def clock_change(at: datetime, delta: timedelta, zone: ZoneInfo) -> str:
    """One clock change, with what the clocks show before and after it."""
    after = wall(at, zone)
    before = after - delta
    way, effect = ("forward", "shorter") if delta > timedelta() else ("back", "longer")
    by = format_duration(abs(delta))
    return (
        f"The clocks go {way} by {by} on {_date(before)}: {before:%H:%M} becomes {after:%H:%M}. "
        f"A shift counted in days or weeks that spans it is {by} {effect}."
    )


def local_time(at: datetime, zone: ZoneInfo) -> str:
    """An instant on the wall, such as Sun 25 Oct 01:30; where that comes twice, with its offset."""
    local = wall(at, zone)
    said = f"{_date(local)} {local:%H:%M}"
    comes_once = instant(local, zone) == last_instant(local, zone)
    return said if comes_once else f"{said} ({_offset(at, zone)})"


def _date(local: datetime) -> str:
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"


def _offset(at: datetime, zone: ZoneInfo) -> str:
    digits = f"{at.astimezone(zone):%z}"
    return f"UTC{digits[:3]}:{digits[3:5]}"
