"""A second opinion on who is on call: minute by minute, as slowly and as plainly as can be.

It looks at a wall clock and at a sheet of rules and shares no code with the resolver. Its rules are
those written at the top of schedules/rotation.py and schedules/model.py, read literally.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdfast.schedules.model import Handoff, Hours, Rotation, Schedule, Unit

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def on_call(schedule: Schedule, start: datetime, minutes: int) -> list[str | None]:
    """Who is on call in each minute from `start` on."""
    ledger: list[str | None] = [None] * minutes
    first_day = min((rotation.starts for rotation in schedule.rotations), default=start.date())
    walk = _Walk(ZoneInfo(schedule.time_zone), first_day, start + minutes * MINUTE)
    for rotation in schedule.rotations:
        for index, member in enumerate(_by_rotation(rotation, walk, start, minutes)):
            if member is not None:
                ledger[index] = member
    for override in schedule.overrides:
        for index in range(minutes):
            if override.span.start <= start + index * MINUTE < override.span.end:
                ledger[index] = override.member
    return ledger


def clock_changes(zone: ZoneInfo, first_year: int, last_year: int) -> list[datetime]:
    """The minutes at which the clocks of a zone jump, found by walking."""
    found = []
    at = datetime(first_year, 1, 1, tzinfo=UTC)
    while at.year <= last_year:
        if _offset(at, zone) != _offset(at + DAY, zone):
            minute = at
            while _offset(minute, zone) == _offset(at, zone):
                minute += MINUTE
            found.append(minute)
        at += DAY
    return found


class _Walk:
    """A wall clock, read every minute from before the first rotation begins until long after."""

    def __init__(self, zone: ZoneInfo, first_day: date, end: datetime) -> None:
        self.start = datetime.combine(first_day, time(0), tzinfo=UTC) - 2 * DAY
        minutes = max(0, (end - self.start) // MINUTE) + 3 * 24 * 60
        self.walls = [_wall(self.start + index * MINUTE, zone) for index in range(minutes)]
        self.seen: dict[datetime, list[int]] = {}
        for index, wall in enumerate(self.walls):
            self.seen.setdefault(wall, []).append(index)

    def first(self, wall: datetime) -> int:
        return self._found(wall)[0]

    def last(self, wall: datetime) -> int:
        return self._found(wall)[-1]

    def _found(self, wall: datetime) -> list[int]:
        while wall not in self.seen and self.walls[0] <= wall <= self.walls[-1]:
            wall += MINUTE  # the clocks skipped it
        if wall in self.seen:
            return self.seen[wall]
        return [0] if wall < self.walls[0] else [len(self.walls)]


def _by_rotation(
    rotation: Rotation, walk: _Walk, start: datetime, minutes: int
) -> list[str | None]:
    holders = _holders(rotation, walk)
    if rotation.until is not None:
        over = walk.first(datetime.combine(rotation.until, rotation.handoff.at))
        holders[over:] = [None] * len(holders[over:])
    if rotation.hours:
        open_minutes = _open_minutes(rotation.hours, walk)
        holders = [who if index in open_minutes else None for index, who in enumerate(holders)]
    skipped = (start - walk.start) // MINUTE
    return [
        holders[i] if 0 <= i < len(holders) else None for i in range(skipped, skipped + minutes)
    ]


def _holders(rotation: Rotation, walk: _Walk) -> list[str | None]:
    """Whose turn it is in each minute of the walk, hours not yet considered."""
    handoff = rotation.handoff
    begins = datetime.combine(rotation.starts, handoff.at)
    first = walk.first(begins)
    changes = (
        _elapsed_changes(handoff, first, len(walk.walls))
        if handoff.unit is Unit.HOURS
        else _calendar_changes(rotation, begins, walk)
    )
    holders: list[str | None] = []
    turn = 0
    for index in range(len(walk.walls)):
        while changes and changes[0] <= index:
            changes.pop(0)
            turn += 1
        holders.append(rotation.members[turn % len(rotation.members)] if index >= first else None)
    return holders


def _elapsed_changes(handoff: Handoff, first: int, end: int) -> list[int]:
    return list(range(first + handoff.every * 60, end, handoff.every * 60))


def _calendar_changes(rotation: Rotation, begins: datetime, walk: _Walk) -> list[int]:
    changes = []
    turn_start, next_start = begins, _next_handoff(rotation, begins)
    somebody_served = _opens_between(rotation.hours, turn_start, next_start)
    while next_start <= walk.walls[-1]:
        turn_start, next_start = next_start, _next_handoff(rotation, next_start)
        if _opens_between(rotation.hours, turn_start, next_start):
            if somebody_served:
                changes.append(walk.first(turn_start))
            somebody_served = True
    return changes


def _next_handoff(rotation: Rotation, last: datetime) -> datetime:
    handoff = rotation.handoff
    if handoff.unit is Unit.DAYS:
        return last + handoff.every * DAY
    weekday = rotation.starts.weekday() if handoff.weekday is None else handoff.weekday
    if last.weekday() == weekday:
        return last + 7 * handoff.every * DAY
    while last.weekday() != weekday:
        last += DAY
    return last


def _opens_between(hours: Sequence[Hours], start: datetime, end: datetime) -> bool:
    """On a wall that knows no clock changes: is there one minute of restricted hours in it?"""
    if not hours or end - start >= 7 * DAY:
        return True
    minute = start
    while minute < end:
        if any(_on_paper(window, minute) for window in hours):
            return True
        minute += MINUTE
    return False


def _on_paper(window: Hours, wall: datetime) -> bool:
    today, yesterday = wall.weekday(), (wall - DAY).weekday()
    if window.start < window.end:
        return today in window.days and window.start <= wall.time() < window.end
    return (today in window.days and wall.time() >= window.start) or (
        yesterday in window.days and wall.time() < window.end
    )


def _open_minutes(hours: Sequence[Hours], walk: _Walk) -> set[int]:
    found: set[int] = set()
    day: date = walk.walls[0].date() - DAY
    while day <= walk.walls[-1].date():
        for window in hours:
            if day.weekday() in window.days:
                closing = day if window.start < window.end else day + DAY
                opened = walk.first(datetime.combine(day, window.start))
                closed = walk.last(datetime.combine(closing, window.end))
                found.update(range(opened, closed))
        day += DAY
    return found


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
