"""Schedules as Hypothesis draws them: crowded around the hour in which the clocks change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from holdfast.kernel.span import Span
from holdfast.schedules.model import Handoff, Hours, Override, Rotation, Schedule, Unit
from tests.schedules.oracle import MINUTE, clock_changes

# North and south; changes by 30 minutes and by two hours; at midnight; winter time that is the
# negative kind; zones at :30 and :45; zones that have stopped changing.
ZONES = (
    "Europe/Lisbon",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "America/Sao_Paulo",
    "America/Asuncion",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Tehran",
    "Asia/Kathmandu",
    "Asia/Gaza",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
)
FIRST_YEAR, LAST_YEAR = 2015, 2040
PEOPLE = ("ana", "bo", "cy", "dele")

_OFF_THE_CHANGE = [0, 30, -30, 15, -15, 60, -60, 90, -90, 120, 1, -1]
_EVERYDAY = [time(0), time(9), time(17), time(21, 30)]
_MIDSUMMER = datetime(2026, 7, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A schedule and the minutes to look at, which lie around a clock change."""

    schedule: Schedule
    start: datetime
    minutes: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + self.minutes * MINUTE)


@lru_cache(maxsize=len(ZONES))
def changes_of(name: str) -> list[datetime]:
    return clock_changes(ZoneInfo(name), FIRST_YEAR, LAST_YEAR)


def times(near: datetime) -> st.SearchStrategy[time]:
    """Times of day, most of them in the hours that the clocks skip or repeat."""
    around = [(near + minutes * MINUTE).time() for minutes in _OFF_THE_CHANGE]
    return st.one_of(
        st.sampled_from(around),
        st.sampled_from([*around, *_EVERYDAY]),
        st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    )


def hours(near: datetime) -> st.SearchStrategy[Hours]:
    weekdays = st.one_of(
        st.just(frozenset(range(7))),
        st.just(frozenset(range(5))),
        st.just(frozenset({5, 6})),
        st.frozensets(st.integers(0, 6), min_size=1),
    )
    return st.builds(Hours, weekdays, times(near), times(near))


@st.composite
def handoffs(draw: st.DrawFn, near: datetime) -> Handoff:
    unit = draw(st.sampled_from(Unit))
    most = {Unit.HOURS: 50, Unit.DAYS: 9, Unit.WEEKS: 3}[unit]
    weekday = draw(st.one_of(st.none(), st.integers(0, 6))) if unit is Unit.WEEKS else None
    return Handoff(draw(st.integers(1, most)), unit, weekday, draw(times(near)))


@st.composite
def rotations(draw: st.DrawFn, number: int, near: datetime) -> Rotation:
    starts = near.date() - timedelta(days=draw(st.integers(-1, 12)))
    lasts = draw(st.one_of(st.none(), st.integers(1, 16)))
    members = draw(st.lists(st.sampled_from([*PEOPLE, None]), min_size=2, max_size=4))
    return Rotation(
        id=f"layer-{number}",
        members=tuple(members),
        handoff=draw(handoffs(near)),
        starts=starts,
        hours=tuple(draw(st.lists(hours(near), max_size=2))),
        until=None if lasts is None else starts + timedelta(days=lasts),
    )


@st.composite
def overrides(draw: st.DrawFn, number: int, start: datetime, minutes: int) -> Override:
    begins = start + draw(st.integers(-60, minutes)) * MINUTE
    span = Span(begins, begins + draw(st.integers(1, 2 * 24 * 60)) * MINUTE)
    return Override(f"override-{number}", draw(st.sampled_from(PEOPLE)), span)


@st.composite
def cases(draw: st.DrawFn, zones: tuple[str, ...] = ZONES) -> Case:
    zone = draw(st.sampled_from(zones))
    change = draw(st.sampled_from(changes_of(zone) or [_MIDSUMMER]))
    minutes = draw(st.integers(6 * 60, 3 * 24 * 60))
    start = change - draw(st.integers(0, minutes)) * MINUTE
    near = change.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    layers = draw(st.sampled_from([2, 1, 3, 0]))
    replaced = draw(st.integers(0, 2))
    schedule = Schedule(
        id="primary",
        name="Primary",
        team="payments",
        time_zone=zone,
        rotations=tuple(draw(rotations(number, near)) for number in range(layers)),
        overrides=tuple(draw(overrides(number, start, minutes)) for number in range(replaced)),
    )
    return Case(schedule, start, minutes)


@st.composite
def crowded_cases(draw: st.DrawFn) -> Case:
    """One rotation whose hand-offs and hours lie in the very hours around one clock change."""
    zone = draw(st.sampled_from([name for name in ZONES if changes_of(name)]))
    change = draw(st.sampled_from(changes_of(zone)))
    near = change.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    around = st.sampled_from([(near + minutes * MINUTE).time() for minutes in _OFF_THE_CHANGE])
    open_in = st.builds(Hours, st.just(frozenset(range(7))), around, around)
    rotation = Rotation(
        id="layer",
        members=("ana", "bo", "cy"),
        handoff=Handoff(draw(st.integers(1, 2)), Unit.DAYS, None, draw(around)),
        starts=near.date() - timedelta(days=draw(st.integers(1, 4))),
        hours=tuple(draw(st.lists(open_in, min_size=0, max_size=2))),
    )
    schedule = Schedule("primary", "Primary", "payments", zone, (rotation,))
    return Case(schedule, change - 12 * 60 * MINUTE, 24 * 60)
