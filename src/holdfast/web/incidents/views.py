"""What the list of incidents, the form that declares one and the leaders' page are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdfast.web.layout.views import Choice, Face, Fields, Link

Phase = Literal[
    "declared", "triage", "mitigating", "monitoring", "resolved", "post_incident", "closed",
    "closed_false_alarm", "merged", "cancelled",
]  # fmt: skip
Kind = Literal["real", "drill", "test"]
Show = Literal["open", "closed", "drills"]


@dataclass(frozen=True, slots=True)
class Badge:
    """A severity as it is drawn. `drawing` 1 (worst) to 5, `label` the word of the practice."""

    drawing: int
    label: str
    provisional: bool = False
    reevaluate: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: seconds are counted by the server at `at`; `down` counts towards it.

    `stopped` is its final length in seconds: then nothing ticks any more.
    """

    label: str
    at: datetime
    mode: Literal["up", "down"] = "up"
    stopped: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One incident in a list. `mine` is the role the reader has in it, in words."""

    number: str
    title: str
    severity: Badge
    phase: Phase
    kind: Kind
    private: bool
    declared_at: datetime
    services: tuple[str, ...]
    commander: Face | None
    people: tuple[Face, ...]
    next_update_at: datetime | None = None
    ended_at: datetime | None = None
    mine: str | None = None
    missing: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        return f"/incidents/{self.number}"

    @property
    def open(self) -> bool:
        return self.phase in ("declared", "triage", "mitigating", "monitoring")


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the list. `count` is None where counting would cost too much."""

    show: Show
    label: str
    href: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class IncidentList:
    """incidents/list.html at GET /incidents?show=&cursor=

    `open` are those people work on, worst first; `closed` the newest first. `ever` is whether
    there has ever been one: an empty list teaches differently on the first day.
    """

    open: tuple[Row, ...]
    closed: tuple[Row, ...]
    tabs: tuple[Tab, ...]
    show: Show
    ever: bool
    newer_href: str | None = None
    older_href: str | None = None
    may_declare: bool = True


@dataclass(frozen=True, slots=True)
class Level:
    """One severity to choose from, with what choosing it brings about, in words."""

    rank: int
    severity: Badge
    title: str
    criteria: str
    consequences: tuple[str, ...]
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who would hold a role from the first second; `face` None: nobody is on call for it."""

    role: str
    face: Face | None
    required_at: str


@dataclass(frozen=True, slots=True)
class DeclarePage:
    """incidents/declare.html at GET /incidents/declare?alert=

    Everything is filled in from the alert; what is left is a title, a severity and Enter.
    """

    title: str
    alert: Link | None
    alert_id: str
    levels: tuple[Level, ...]
    practice: str
    detections: tuple[Choice, ...]
    services: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    candidates: tuple[Candidate, ...]
    duplicates: tuple[Row, ...] = ()
    fields: Fields | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One update that went out, as leaders read it."""

    at: datetime
    audience: str
    text: str


@dataclass(frozen=True, slots=True)
class LeadersPage:
    """incidents/leaders.html at GET /incidents/{number}/leaders: one page, no name below the
    commander, nothing that only responders understand."""

    number: str
    href: str
    title: str
    severity: Badge
    meaning: str
    phase: Phase
    phase_words: str
    kind: Kind
    clocks: tuple[Clock, ...]
    commander: Face | None
    impact: str
    affected: str
    doing: str
    services: tuple[str, ...]
    since: datetime | None
    ended_at: datetime | None
    told: tuple[Told, ...]
    next_update_at: datetime | None
    questions: tuple[tuple[str, str | None], ...] = ()
    may_ask: bool = False
    fields: Fields | None = None
