"""Time zones by name, and the one rule for wall times that a clock change skips or repeats."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from holdfast.kernel.errors import Invalid
from holdfast.kernel.quote import quoted

# Names that zoneinfo accepts but whose meaning depends on the machine, or that are no places
# (promises R62).
_NOT_ZONES = frozenset({"localtime", "posixrules", "Factory", "leapseconds"})
_NOT_FOLDERS = ("posix/", "right/", "SystemV/")
_PLACE = re.compile(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*", re.ASCII)


class UnknownZone(Invalid):
    """That is not a time zone of the IANA list, such as Europe/Lisbon or UTC."""


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every zone that may be chosen."""
    return frozenset(
        name
        for name in available_timezones()
        if name not in _NOT_ZONES and not name.startswith(_NOT_FOLDERS)
    )


@lru_cache(maxsize=1024)
def named_zone(name: str) -> ZoneInfo:
    """The zone of that exact name. Raises UnknownZone, also for `localtime` and path tricks."""
    if not _PLACE.fullmatch(name) or name not in zone_names():
        raise UnknownZone(
            f"{quoted(name)} is not a known time zone.",
            remedy="Use a name of the IANA list, such as Europe/Lisbon or UTC.",
        )
    return ZoneInfo(name)


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a naive wall time, in UTC.

    A wall time that the clocks skip becomes the first instant after the gap; one that they repeat
    becomes its first occurrence (promises R47).
    """
    return _occurrence(local.replace(fold=0), zone)


def last_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """As `instant`, but a repeated wall time becomes its last occurrence.

    For the end of a window that opened at a wall time: so a repeated hour is covered twice rather
    than not at all (promises R47).
    """
    return _occurrence(local.replace(fold=1), zone)


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows at that instant, as a naive datetime."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def offset(at: datetime, zone: ZoneInfo) -> timedelta:
    """How far the clock on the wall is ahead of UTC at that instant."""
    return at.astimezone(zone).utcoffset() or timedelta()


def change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second after `low` with another offset than at `low`, by bisection.

    `high` must have another offset than `low`, and only one clock change lies between them.
    """
    before = offset(low, zone)
    assert offset(high, zone) != before, "no clock change lies between them"
    low, high = low.astimezone(UTC), high.astimezone(UTC)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    # Clocks change on whole seconds, so the one second that is left holds it at its end.
    return high.replace(microsecond=0)


def _occurrence(local: datetime, zone: ZoneInfo) -> datetime:
    assert local.tzinfo is None, "wall time carries no zone"
    found = local.replace(tzinfo=zone).astimezone(UTC)
    if wall(found, zone) == local.replace(fold=0):
        return found
    # Skipped. Read with the offset from before the change it lies after the change, and the other
    # way round; in a gap fold=0 has the offset from before.
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return change_between(before, after, zone)
