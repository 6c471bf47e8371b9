"""What a schedule is made of, and what it resolves to.

Wall times (`at`, `start`, `end`) and dates are in the schedule's own time zone; they are the
record, and instants are computed from them (promises R46). Spans are instants.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from holdfast.kernel.span import Span


class Unit(StrEnum):
    """What a turn is counted in.

    Hours are elapsed hours: a turn of 12 hours lasts 12 hours, and where the clocks change its
    hand-off moves on the wall. Days and weeks are wall time: the hand-off stays at its time of day,
    and a day across a clock change is 23 or 25 hours (promises R48: both ways, and explicit).
    """

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Handoff:
    """When the turn passes on: every so many units, at that time of day.

    `weekday` (0 is Monday) is for weeks only; without it the weekday of the rotation's first day.
    """

    every: int
    unit: Unit
    weekday: int | None
    at: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Restricted hours: from `start` on each of these weekdays until `end`.

    Where `end` is not after `start` the window goes on past midnight and belongs to the day it
    starts on; so an `end` of 00:00 (also written 24:00) is the end of that day, and equal times are
    a whole day.
    """

    days: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Rotation:
    """People taking turns. members[0] has the first turn, which begins on `starts` at `handoff.at`.

    None among the members is a slot kept empty on purpose; it hides no earlier rotation. The
    rotation ends on `until` at `handoff.at`, or never.
    """

    id: str
    members: tuple[str | None, ...]
    handoff: Handoff
    starts: date
    hours: tuple[Hours, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A replacement for a span: that person instead of whoever the rotations say."""

    id: str
    member: str
    span: Span


@dataclass(frozen=True, slots=True)
class Schedule:
    """A later rotation wins over an earlier one where both have somebody.

    Overrides win over rotations, and a later override over an earlier one.
    """

    id: str
    name: str
    team: str
    time_zone: str
    rotations: tuple[Rotation, ...] = ()
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One member's turn in one rotation. `number` counts from 1."""

    span: Span
    member: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A resolved interval of one person, or of nobody, and in words why."""

    span: Span
    user: str | None
    why: str


class LayerKind(StrEnum):
    ROTATION = "rotation"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Layer:
    """What one rotation or one override says by itself, for drawing; the later layer wins."""

    kind: LayerKind
    id: str
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The instant at which the clocks on the walls jump, and by how much: +1h is forward."""

    at: datetime
    delta: timedelta


class ProblemKind(StrEnum):
    GAP = "gap"
    CLOCK_CHANGE = "clock_change"
    TIME_ZONE = "time_zone"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something ahead that a person should know, in words with local times."""

    kind: ProblemKind
    span: Span
    words: str
