"""What the schedule screens are told. Filled by web/schedules/pages.py.

Places on the grid are percentages of its width, and the grid is drawn in elapsed time: a day of 25
hours is wider than one of 24.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdfast.web.layout.views import Choice, Face, Fields, Link

BarKind = Literal["shift", "gap", "override"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One interval on a row. `who` None with kind gap is nobody; elsewhere an empty slot.

    `why` is the reason in words, shown on hover and read aloud. `from_local` and `until_local` are
    wall time in the schedule's zone as `2026-10-25T09:00`, for the override form.
    """

    x: float
    w: float
    start: datetime
    end: datetime
    kind: BarKind
    who: Face | None = None
    why: str | None = None
    from_local: str = ""
    until_local: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day column. `wall` is when it begins on the wall, as `2026-10-25T00:00`."""

    x: float
    w: float
    label: str
    number: int
    wall: str
    weekend: bool = False
    today: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A clock change inside the grid, such as `Clocks go back, 25 h day`."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: of the result (`final`), of the overrides, or of one rotation.

    `href` is set where the row is a whole schedule, on the index.
    """

    label: str
    detail: str
    bars: tuple[Bar, ...]
    final: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """The drawing. `now_x` None where now is outside; `zone` is the zone it is drawn in."""

    title: str
    days: tuple[Day, ...]
    rows: tuple[GridRow, ...]
    zone: str
    now_x: float | None = None
    now_label: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The part of time on show, with the ways to another one."""

    zooms: tuple[Link, ...]  # the current one has no href
    earlier_href: str
    later_href: str
    today_href: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A card at the top: on call now, next, or who is asked if there is no answer.

    `who` None is nobody. `detail` says until when, or after how long.
    """

    title: str
    who: Face | None
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something ahead, in words. `fill_from` and `fill_until` are wall time for the form."""

    kind: Literal["gap", "clock_change", "time_zone", "other"]
    text: str
    detail: str
    fill_from: str | None = None
    fill_until: str | None = None


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One shift of the list that phones get. `day` is set on the first of each day."""

    bar: Bar
    day: str | None


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """One override that stands, with the button that removes it where the reader may."""

    id: str
    who: Face
    start: datetime
    end: datetime
    removable: bool


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One schedule on a phone's index, gaps first."""

    schedule: Link
    team: str
    now: Face | None
    until: datetime | None
    next: Face | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ScheduleList:
    """schedules/list.html at GET /schedules?from=&zoom=. Rows with a gap come first."""

    grid: Grid
    span: Span
    rows: tuple[IndexRow, ...]
    problems: tuple[Problem, ...]
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """schedules/show.html at GET /schedules/{id}?from=&zoom=

    Posts: /schedules/{id}/overrides {member, from, until} with wall time in the schedule's zone,
    /schedules/{id}/overrides/{override}/remove. `people` fills the form; `fields` holds what was
    typed where the form came back. `open_override` shows the form at once.
    """

    id: str
    name: str
    team: Link
    zone: str
    turns: tuple[Turn, ...]
    problems: tuple[Problem, ...]
    grid: Grid
    span: Span
    agenda: tuple[AgendaItem, ...]
    overrides: tuple[OverrideRow, ...]
    used_by: tuple[Link, ...]
    people: tuple[Choice, ...] = ()
    may_override: bool = False
    may_edit: bool = False
    open_override: bool = False
    override_from: str = ""
    override_until: str = ""
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class MemberSlot:
    """One place in the order. The chosen one of `people` may be the empty slot (value ``)."""

    people: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class HoursForm:
    """One window of restricted hours; `days` are Choices mon .. sun."""

    days: tuple[Choice, ...]
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class RotationForm:
    """One rotation as a fieldset. Control names begin with `r{n}.`, n counted from 0."""

    id: str
    title: str
    members: tuple[MemberSlot, ...]
    every: str
    units: tuple[Choice, ...]
    weekdays: tuple[Choice, ...]
    at: str
    starts: str
    until: str
    hours: tuple[HoursForm, ...]


@dataclass(frozen=True, slots=True)
class Affected:
    """One person whose coming shifts change, in words, before it is saved."""

    who: Face
    text: str


@dataclass(frozen=True, slots=True)
class ScheduleEdit:
    """schedules/edit.html at GET /schedules/{id}/edit and /schedules/new; posts to the same.

    Controls: `name`, `team`, `time_zone`; for rotation n: `r{n}.id`, `r{n}.member` (repeated, in
    order, `` is an empty slot), `r{n}.every`, `r{n}.unit`, `r{n}.weekday`, `r{n}.at`,
    `r{n}.starts`, `r{n}.until`, and for its window m: `r{n}.h{m}.day` (repeated),
    `r{n}.h{m}.from`, `r{n}.h{m}.to`.

    Every button sends the whole form with `do`: save, preview, add-rotation,
    remove-rotation:n, rotation-up:n, add-member:n, remove-member:n:k, member-up:n:k,
    member-down:n:k, add-hours:n, remove-hours:n:m, delete. All but save and delete answer with
    this page again and change nothing.
    """

    id: str | None
    action: str
    name: str
    teams: tuple[Choice, ...]
    zone: str
    zones: tuple[str, ...]
    rotations: tuple[RotationForm, ...]
    preview: Grid | None = None
    problems: tuple[Problem, ...] = ()
    affected: tuple[Affected, ...] = ()
    may_delete: bool = False
    used_by: tuple[Link, ...] = ()
    fields: Fields | None = None
