"""Draws shifts in elapsed time: a day of 25 hours is wider than one of 24. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holdfast.kernel.span import Span
from holdfast.kernel.zone import instant, named_zone, wall
from holdfast.schedules import words as reasons
from holdfast.schedules.coverage import clock_changes
from holdfast.schedules.model import LayerKind, Rotation, Schedule, Shift, Unit
from holdfast.schedules.overlay import layers, shifts
from holdfast.schedules.validity import in_reach
from holdfast.schedules.written import format_time
from holdfast.web.faces import Faces
from holdfast.web.layout.words import clock_time
from holdfast.web.schedules import words
from holdfast.web.schedules.views import Bar, BarKind, Change, Day, Grid, GridRow

WEEKS = (1, 2, 4)
WEEKS_DEFAULT = 2
_DAY = timedelta(days=1)
_WEEKEND = 5


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days of one zone, as instants."""

    first: date
    weeks: int
    zone: ZoneInfo
    span: Span

    @property
    def days(self) -> list[date]:
        return [self.first + number * _DAY for number in range(7 * self.weeks)]

    def x(self, at: datetime) -> float:
        """Where an instant lies, as a percentage of the width."""
        return (at - self.span.start) / self.span.length * 100

    def width(self, start: datetime, end: datetime) -> float:
        return (end - start) / self.span.length * 100


def window_of(first: date, weeks: int, zone: str) -> Window:
    """So many weeks from that day on. Raises OutOfReach."""
    place = named_zone(zone)
    start = in_reach(_midnight(first, place))
    end = in_reach(_midnight(first + 7 * weeks * _DAY, place))
    return Window(first, weeks, place, Span(start, end))


def monday_of(at: datetime, zone: str) -> date:
    """The Monday of the week that the instant lies in there."""
    today = wall(at, named_zone(zone)).date()
    return today - today.weekday() * _DAY


def schedule_grid(schedule: Schedule, window: Window, faces: Faces, now: datetime) -> Grid:
    """One schedule: what it comes to, its overrides, and each rotation, the winning one first."""
    drawn = layers(schedule, window.span)
    rotations = {rotation.id: rotation for rotation in schedule.rotations}
    overridden = [s for layer in drawn if layer.kind is LayerKind.OVERRIDE for s in layer.shifts]
    rows = [final_row(schedule, window, faces)]
    if overridden:
        bars = tuple(_bar(shift, window, faces, "override") for shift in overridden)
        rows.append(GridRow(words.OVERRIDES_ROW, words.OVERRIDES_DETAIL, bars))
    for layer in reversed(drawn):
        if layer.kind is LayerKind.ROTATION:
            bars = tuple(_bar(shift, window, faces, "shift") for shift in layer.shifts)
            rows.append(GridRow(layer.id, rotation_in_words(rotations[layer.id]), bars))
    return _grid(window, tuple(rows), now)


def index_grid(rows: Iterable[GridRow], window: Window, now: datetime) -> Grid:
    """Every schedule as one row."""
    return _grid(window, tuple(rows), now)


def final_row(
    schedule: Schedule,
    window: Window,
    faces: Faces,
    *,
    label: str = words.ON_CALL_ROW,
    detail: str = words.ON_CALL_DETAIL,
    href: str | None = None,
) -> GridRow:
    """What a schedule comes to, as paging has it."""
    found = shifts(schedule, window.span)
    bars = tuple(_bar(shift, window, faces, kind_of(shift, schedule)) for shift in found)
    return GridRow(label, detail, bars, final=True, href=href)


def kind_of(shift: Shift, schedule: Schedule) -> BarKind:
    """A gap, an override or a rotation's own shift."""
    if shift.user is None:
        return "gap"
    by_override = {reasons.by_override(override.id) for override in schedule.overrides}
    return "override" if shift.why in by_override else "shift"


def rotation_in_words(rotation: Rotation) -> str:
    """`every week, Monday 09:00`"""
    handoff = rotation.handoff
    weekday = None
    if handoff.unit is Unit.WEEKS:
        number = rotation.starts.weekday() if handoff.weekday is None else handoff.weekday
        weekday = words.WEEKDAYS[number][1]
    turn = words.every(handoff.every, handoff.unit.value)
    return words.handed_off(turn, weekday, format_time(handoff.at))


def local_text(at: datetime, zone: ZoneInfo) -> str:
    """Wall time as a form takes it: `2026-10-25T09:00`."""
    return f"{wall(at, zone):%Y-%m-%dT%H:%M}"


def _grid(window: Window, rows: Sequence[GridRow], now: datetime) -> Grid:
    is_inside = window.span.covers(now)
    return Grid(
        title=words.weeks(window.first, window.days[-1]),
        days=tuple(_days(window, now)),
        rows=tuple(rows),
        zone=window.zone.key,
        now_x=window.x(now) if is_inside else None,
        now_label=clock_time(now, window.zone) if is_inside else "",
        changes=tuple(_changes(window)),
    )


def _days(window: Window, now: datetime) -> Iterator[Day]:
    today = wall(now, window.zone).date()
    for day in window.days:
        start, end = _midnight(day, window.zone), _midnight(day + _DAY, window.zone)
        yield Day(
            x=window.x(start),
            w=window.width(start, end),
            label=words.WEEKDAYS[day.weekday()][2],
            number=day.day,
            wall=f"{day:%Y-%m-%d}T00:00",
            weekend=day.weekday() >= _WEEKEND,
            today=day == today,
        )


def _changes(window: Window) -> Iterator[Change]:
    for change in clock_changes(window.zone, window.span):
        day = wall(change.at, window.zone).date()
        length = _midnight(day + _DAY, window.zone) - _midnight(day, window.zone)
        hours = f"{length.total_seconds() / 3600:g}"
        way = "forward" if change.delta > timedelta() else "back"
        yield Change(window.x(change.at), words.clock_change(way, hours))


def _bar(shift: Shift, window: Window, faces: Faces, kind: BarKind) -> Bar:
    span = shift.span
    return Bar(
        x=window.x(span.start),
        w=window.width(span.start, span.end),
        start=span.start,
        end=span.end,
        kind=kind,
        who=faces.maybe(shift.user),
        why=shift.why,
        from_local=local_text(span.start, window.zone),
        until_local=local_text(span.end, window.zone),
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins there: where clocks skip midnight, the first instant after it."""
    return instant(datetime.combine(day, time()), zone)
