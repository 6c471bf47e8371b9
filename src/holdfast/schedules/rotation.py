"""Who has the turn in one rotation, by arithmetic on the calendar and not by simulation.

The rules (promises R46-R49, R53, R54):

* The first turn begins on `starts` at the hand-off time. A hand-off by weeks with a weekday that
  is not that of `starts` makes the first turn a short one: it ends on the first such weekday.
* Turns of days and weeks pass on at a wall time. Where the clocks skip it they pass on at the first
  instant after the gap; where it comes twice, the first time. Turns of hours are elapsed time.
* Restricted hours hide a turn, they do not stretch it: a window opens at the first occurrence of
  its start and closes at the last occurrence of its end.
* A hand-off by days or weeks into a turn in which those hours never open is passed over: the turn
  goes on, and a weekend off uses up nobody. Turns of hours are always counted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdfast.kernel.span import Span
from holdfast.kernel.zone import instant, last_instant, wall
from holdfast.schedules.model import Handoff, Hours, Rotation, Turn, Unit

_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES
# How far the calendar's first guess at a turn can be off: one for the time of day, one for a clock
# change, one for a day that a country left out.
_GUESS_OFF_MAX = 3


def holder(rotation: Rotation, at: datetime, zone: ZoneInfo) -> Turn | None:
    """The turn that an instant lies in, whole, whether or not the restricted hours are open.

    None before the first turn and from `until` on. Costs the same for the millionth turn as for the
    first (promises R53).
    """
    lifetime = _Lifetime(rotation, zone)
    if at < lifetime.start or (lifetime.end is not None and at >= lifetime.end):
        return None
    number = lifetime.number_at(at)
    return lifetime.turn(number, lifetime.starts(number), lifetime.starts(number + 1))


def turns(rotation: Rotation, span: Span, zone: ZoneInfo) -> list[Turn]:
    """What each turn serves of a span, in order: cut to it and to the restricted hours.

    One turn comes several times where the hours close and open again. Empty slots are in it, with
    no member. One step for each turn and each window (promises R52).
    """
    whole = list(_whole_turns(rotation, span, zone))
    if not whole:
        return []
    windows = _windows(rotation.hours, span, zone) if rotation.hours else [span]
    return list(_served(whole, windows))


def turns_in(rotation: Rotation, span: Span) -> int:
    """About how many steps `turns` takes for that span: for limits on what one may ask for."""
    hours = {Unit.HOURS: 1, Unit.DAYS: 24, Unit.WEEKS: 168}[rotation.handoff.unit]
    days = span.length // timedelta(days=1) + 2
    return span.length // timedelta(hours=hours * rotation.handoff.every) + days * len(
        rotation.hours
    )


def _whole_turns(rotation: Rotation, span: Span, zone: ZoneInfo) -> Iterator[Turn]:
    lifetime = _Lifetime(rotation, zone)
    end = span.end if lifetime.end is None else min(span.end, lifetime.end)
    at = max(span.start, lifetime.start)
    if at >= end:
        return
    number = lifetime.number_at(at)
    starts = lifetime.starts(number)
    while starts < end:
        ends = lifetime.starts(number + 1)
        # Equal where a country left out the whole day of the turn.
        if starts < ends:
            yield lifetime.turn(number, starts, ends)
        number, starts = number + 1, ends


class _Lifetime:
    """A rotation's hand-offs, counted. Turns are numbered from 1, calendar hand-offs from 0."""

    def __init__(self, rotation: Rotation, zone: ZoneInfo) -> None:
        self._rotation = rotation
        self._zone = zone
        self._beat = _beat(rotation)
        self.start = self._on(rotation.starts)
        self.end = None if rotation.until is None else self._on(rotation.until)

    def number_at(self, at: datetime) -> int:
        return self._beat.number(self._index_at(at))

    def starts(self, number: int) -> datetime:
        return self._handed_off(self._beat.index(number))

    def turn(self, number: int, starts: datetime, ends: datetime) -> Turn:
        if self.end is not None:
            ends = min(ends, self.end)
        members = self._rotation.members
        return Turn(Span(starts, ends), members[(number - 1) % len(members)], number)

    def _index_at(self, at: datetime) -> int:
        handoff = self._rotation.handoff
        if handoff.unit is Unit.HOURS:
            return (at - self.start) // timedelta(hours=handoff.every)
        days = (wall(at, self._zone).date() - self._rotation.starts).days
        index = max(0, (days - _first_days(self._rotation)) // _step_days(handoff) + 1)
        for _ in range(_GUESS_OFF_MAX):
            if index and self._handed_off(index) > at:
                index -= 1
            elif self._handed_off(index + 1) <= at:
                index += 1
            else:
                return index
        raise AssertionError("the calendar's guess is never further off")

    def _handed_off(self, index: int) -> datetime:
        handoff = self._rotation.handoff
        if handoff.unit is Unit.HOURS:
            return self.start + timedelta(hours=handoff.every * index)
        return self._on(_handoff_day(self._rotation, index))

    def _on(self, day: date) -> datetime:
        return instant(datetime.combine(day, self._rotation.handoff.at), self._zone)


def _handoff_day(rotation: Rotation, index: int) -> date:
    if index == 0:
        return rotation.starts
    days = _first_days(rotation) + (index - 1) * _step_days(rotation.handoff)
    return rotation.starts + timedelta(days=days)


def _step_days(handoff: Handoff) -> int:
    return handoff.every * 7 if handoff.unit is Unit.WEEKS else handoff.every


def _first_days(rotation: Rotation) -> int:
    handoff = rotation.handoff
    if handoff.unit is not Unit.WEEKS or handoff.weekday is None:
        return _step_days(handoff)
    return (handoff.weekday - rotation.starts.weekday()) % 7 or _step_days(handoff)


@dataclass(frozen=True, slots=True)
class _Beat:
    """Which calendar hand-offs count: those at `lead`, and then `counted` of every `period`."""

    lead: int
    period: int
    counted: tuple[int, ...]

    def index(self, number: int) -> int:
        """The calendar hand-off at which that turn begins."""
        if number == 1:
            return 0
        periods, rest = divmod(number - 1, len(self.counted))
        return self.lead + periods * self.period + self.counted[rest]

    def number(self, index: int) -> int:
        """The turn that a calendar hand-off begins or goes on with."""
        periods, rest = divmod(index - self.lead, self.period)
        return max(1, periods * len(self.counted) + bisect_right(self.counted, rest))


def _beat(rotation: Rotation) -> _Beat:
    """Day and week turns in which the hours never open are left out (promises R54).

    Judged on the wall and by weekday alone, so the pattern comes back after seven turns of days.
    """
    handoff = rotation.handoff
    if not rotation.hours or handoff.unit is Unit.HOURS:
        return _Beat(0, 1, (0,))
    if handoff.unit is Unit.WEEKS:
        return _Beat(0 if _opens(rotation, 0, _first_days(rotation)) else 1, 1, (0,))
    if handoff.every >= 7:
        return _Beat(0, 1, (0,))
    counted = (n for n in range(7) if _opens(rotation, n * handoff.every, handoff.every))
    return _Beat(0, 7, tuple(counted))


def _opens(rotation: Rotation, days_after: int, length_days: int) -> bool:
    """Whether the hours open in a turn that begins so many days after the first."""
    weekday = (rotation.starts.weekday() + days_after) % 7
    start = weekday * _DAY_MINUTES + _minutes(rotation.handoff.at)
    end = start + length_days * _DAY_MINUTES
    return any(
        opened + week < end and start < closed + week
        for opened, closed in _week_windows(rotation.hours)
        for week in (-_WEEK_MINUTES, 0, _WEEK_MINUTES, 2 * _WEEK_MINUTES)
    )


def _week_windows(hours: Iterable[Hours]) -> Iterator[tuple[int, int]]:
    for window in hours:
        length = (_minutes(window.end) - _minutes(window.start)) % _DAY_MINUTES or _DAY_MINUTES
        for day in window.days:
            opened = day * _DAY_MINUTES + _minutes(window.start)
            yield opened, opened + length


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _windows(hours: Sequence[Hours], span: Span, zone: ZoneInfo) -> list[Span]:
    """The restricted hours within a span, in order, those that overlap or touch made one."""
    merged: list[Span] = []
    for window in sorted(_open_windows(hours, span, zone)):
        if merged and window.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, window.end))
        else:
            merged.append(window)
    return merged


def _open_windows(hours: Sequence[Hours], span: Span, zone: ZoneInfo) -> Iterator[Span]:
    # Two days early: a window may be a whole day long, and the clocks may go back in it.
    day = wall(span.start, zone).date() - timedelta(days=2)
    last = wall(span.end, zone).date() + timedelta(days=1)
    while day <= last:
        for window in hours:
            if day.weekday() in window.days:
                found = _window_of(day, window, zone)
                part = found.overlap(span) if found else None
                if part is not None:
                    yield part
        day += timedelta(days=1)


def _window_of(day: date, hours: Hours, zone: ZoneInfo) -> Span | None:
    closes_on = day if hours.start < hours.end else day + timedelta(days=1)
    start = instant(datetime.combine(day, hours.start), zone)
    end = last_instant(datetime.combine(closes_on, hours.end), zone)
    # A window that lies wholly in an hour which the clocks skip does not happen.
    return Span(start, end) if start < end else None


def _served(whole: Sequence[Turn], windows: Sequence[Span]) -> Iterator[Turn]:
    """Two sorted lists, walked side by side."""
    turn, window = 0, 0
    while turn < len(whole) and window < len(windows):
        part = whole[turn].span.overlap(windows[window])
        if part is not None:
            yield Turn(part, whole[turn].member, whole[turn].number)
        if whole[turn].span.end <= windows[window].end:
            turn += 1
        else:
            window += 1
