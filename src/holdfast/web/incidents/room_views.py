"""What the incident room is told: its header, what is known, the timeline, and who does what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from holdfast.web.incidents.views import Badge, Clock, Kind, Level, Phase
from holdfast.web.layout.views import Choice, Face, Fields, Link

EntryKind = Literal[
    "note", "fact", "assumption", "decision", "proposal", "hypothesis", "action", "task",
    "update", "question", "report", "role", "page", "alert", "severity", "phase", "declared",
    "change", "coordination", "mark", "system", "mitigation",
]  # fmt: skip
Certainty = Literal["confirmed", "assumption", "refuted"]


@dataclass(frozen=True, slots=True)
class Step:
    """One phase of the way. `lacks` are the things that still stand before it, in words."""

    key: Phase
    label: str
    state: Literal["done", "now", "next", "later"]
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleChip:
    """One role from second zero: its holder, else who is proposed, else the word MISSING.

    `reader_may` is whether the reader may give it to somebody; `offered_to` has been asked to
    take it over and has not said yes.
    """

    key: str
    label: str
    holder: Face | None
    candidate: Face | None
    required: bool
    since: datetime | None = None
    offered_to: Face | None = None

    @property
    def missing(self) -> bool:
        return self.holder is None and self.candidate is None and self.required


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for command, communication, evidence or execution (ledger S0-11)."""

    duty: str
    face: Face | None
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The sticky header: what, how bad, where it stands, which clocks run, who does what."""

    id: str
    number: str
    title: str
    severity: Badge
    level_title: str
    phase: Phase
    phase_label: str
    kind: Kind
    private: bool
    declared_at: datetime
    declared_by: str
    services: tuple[Link, ...]
    alerts: tuple[Link, ...]
    war_room: str
    war_room_href: str | None
    war_room_open: bool
    clocks: tuple[Clock, ...]
    steps: tuple[Step, ...]
    roles: tuple[RoleChip, ...]
    owners: tuple[Owner, ...]
    plan: str
    joined: int
    version: int = 1
    merged_into: Link | None = None

    @property
    def href(self) -> str:
        return f"/incidents/{self.number}"


@dataclass(frozen=True, slots=True)
class Known:
    """The brief: three fields that leaders and the writer of updates read."""

    impact: str
    cause: str
    cause_certainty: Certainty
    doing: str
    at: datetime | None
    by: Face | None
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A link that shows it: a graph, a trace, a log, a change, or somebody's own eyes."""

    kind: Literal["metric", "trace", "log", "change", "alert", "report", "seen"]
    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `provable` asks the reader whether it is so."""

    id: str
    at: datetime
    kind: EntryKind
    title: str
    who: Face | None = None
    body: str = ""
    certainty: Certainty | None = None
    evidence: tuple[Evidence, ...] = ()
    footer: str = ""
    late: datetime | None = None  # written down so much later than it happened
    amended: str = ""
    provable: bool = False
    decidable: bool = False
    subject: str = ""  # what its buttons are about: the id of an entry or of a hypothesis


@dataclass(frozen=True, slots=True)
class Responder:
    """One person or team that was asked, and what became of it."""

    id: str
    name: str
    face: Face | None
    state: Literal["asked", "accepted", "joined", "declined", "no_answer", "released"]
    detail: str
    at: datetime
    escalates_at: datetime | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task with its time box; `to` None: it waits for somebody to claim it.

    `read_back` is still owed where it is False; `report` asks for condition, actions and needs.
    """

    id: str
    text: str
    to: Face | None
    due_at: datetime | None
    done: bool
    read_back: bool
    mine: bool
    late: bool = False
    report: bool = False


@dataclass(frozen=True, slots=True)
class HypothesisRow:
    """What somebody thinks is the cause, what it predicts, and whether it was tested."""

    id: str
    statement: str
    prediction: str
    state: Literal["open", "testing", "confirmed", "refuted", "inconclusive"]
    by: Face | None
    age_at: datetime
    fixated: bool = False


@dataclass(frozen=True, slots=True)
class MitigationRow:
    """One option to make it better: what it risks, how long, and how far it has come."""

    id: str
    title: str
    target: str
    risk: str
    reversible: bool
    minutes: int | None
    state: str
    state_words: str
    by: Face | None
    verbs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a stakeholder asked command (ledger S2-09)."""

    id: str
    text: str
    by: str
    at: datetime
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is overdue or asked of command, first in the console."""

    text: str
    remedy: str
    state: Literal["bad", "warn", "info"]
    at: datetime | None = None
    href: str = ""
    action: str = ""
    post: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Console:
    """The commander's six blocks (ledger S4-14), overdue things before them."""

    due: tuple[Due, ...]
    timers: tuple[Clock, ...]
    missing: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class AudienceBox:
    """One audience of an update."""

    key: str
    label: str
    detail: str
    chosen: bool
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the checks say about the text of an update."""

    state: Literal["ok", "warn", "bad"]
    text: str


@dataclass(frozen=True, slots=True)
class Checks:
    """incidents/_lint.html: what the checks say, and what each audience would read."""

    findings: tuple[Finding, ...] = ()
    previews: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Composer:
    """The form that tells people. `kinds` are initial, update and resolution; `texts` what each
    of them begins with."""

    audiences: tuple[AudienceBox, ...]
    kinds: tuple[Choice, ...]
    text: str
    next_choices: tuple[Choice, ...]
    checks: Checks
    texts: tuple[str, ...] = ()
    eta: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A form that was refused, shown where it was pressed. `verb` names the form."""

    verb: str
    about: str
    code: str
    message: str
    remedy: str
    help_href: str | None
    breakable: bool
    fields: Fields


@dataclass(frozen=True, slots=True)
class Summary:
    """For somebody who has just come in (ledger: late joiner)."""

    what: str
    how_bad: str
    leads: str
    known: str
    doing: str
    next: str
    decisions: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True)
class Menus:
    """What the forms of the room offer to choose from."""

    people: tuple[Choice, ...]
    targets: tuple[Choice, ...]
    levels: tuple[Level, ...]
    services: tuple[Choice, ...]
    mitigations: tuple[Choice, ...] = ()
    joined: tuple[Choice, ...] = ()
    incidents: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """What the form of the impact holds, as it is typed."""

    users: str = ""
    data_risk: str = "none"
    workaround: str = ""
    started_at: datetime | None = None
    cause_asked: bool = False
    gates: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do; a form that would be refused for lack of rights is not shown."""

    respond: bool
    command: bool
    ask: bool
    joined: bool
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class RoomPage:
    """incidents/room.html at GET /incidents/{number}?show=&before=

    `filters` are the tabs of the timeline; `older_href` asks for entries before the oldest shown.
    `fresh_href` answers with the live regions alone. `summary` is open at the first visit.
    """

    head: Head
    known: Known
    entries: tuple[Entry, ...]
    filters: tuple[tuple[str, str, str, bool], ...]  # key, label, href, current
    older_href: str | None
    newest_href: str | None
    responders: tuple[Responder, ...]
    tasks: tuple[TaskRow, ...]
    hypotheses: tuple[HypothesisRow, ...]
    mitigations: tuple[MitigationRow, ...]
    composer: Composer
    told: tuple[tuple[datetime, str, str, str], ...]  # at, audiences, text, promise
    console: Console
    menus: Menus
    rights: Rights
    summary: Summary
    figures: Figures
    first_visit: bool
    refusal: Refusal | None = None

    @property
    def fresh_href(self) -> str:
        return f"{self.head.href}/fresh"
