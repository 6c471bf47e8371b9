"""What one entry of an incident's timeline is, and what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.kernel.errors import Conflict, NotFound
from holdfast.timeline.event import Event

TEXT_CHARS_MAX = 4000
SOURCE_CHARS_MAX = 80
LINK_CHARS_MAX = 2000
VALUE_CHARS_MAX = 8000
EVIDENCE_MAX = 20  # pieces of evidence behind one entry
KEY_CHARS_MAX = 128
VERSIONS_MAX = 20  # earlier wordings that an entry keeps
ENTRIES_MAX = 500  # lines of one part of the list
PRECISION_MAX = timedelta(days=1)


class EntryKind(StrEnum):
    """What an entry claims to be (ledger S0-22). `note`: nobody has said yet."""

    NOTE = "note"
    FACT = "fact"
    ASSUMPTION = "assumption"
    DECISION = "decision"
    ACTION = "action"
    COMMUNICATION = "communication"
    CHANGE = "change"  # a deploy, a flag, a configuration: it may lie before the impact
    SYSTEM = "system"
    COORDINATION = "coordination"  # a gap or a hand-off between people (ledger S0-29)


BY_PEOPLE = (
    EntryKind.NOTE,
    EntryKind.FACT,
    EntryKind.ASSUMPTION,
    EntryKind.ACTION,
    EntryKind.COMMUNICATION,
    EntryKind.CHANGE,
)


class Certainty(StrEnum):
    """Facts and guesses look different everywhere: solid, dashed, struck."""

    CONFIRMED = "confirmed"
    OPEN = "open"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


class EvidenceKind(StrEnum):
    METRIC = "metric"
    TRACE = "trace"
    LOG = "log"
    CHANGE = "change"
    ALERT = "alert"
    REPORT = "report"
    SEEN = "seen"  # “I saw it”: a witness and nothing else, and it says so


class Milestone(StrEnum):
    """The instants that every incident's table names (ledger S2-15, S4-28)."""

    CHANGE = "change"
    ALERT = "alert"
    ACKNOWLEDGED = "acknowledged"
    DECLARED = "declared"
    CAUSE = "cause"
    MITIGATION = "mitigation"
    RESTORED = "restored"
    RESOLVED = "resolved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A link or a pasted value, and where it comes from.

    `collector` brought it, at `at`; `digest` is the SHA-256 of what was brought, so that the same
    value can be recognised later. `entry`: an entry of the same incident that it stands in.
    """

    kind: EvidenceKind
    link: str = ""
    value: str = ""
    source: str = ""  # the tool it was read from
    collector: str = ""
    at: datetime | None = None
    digest: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """A verdict, and what it stands on."""

    verdict: Certainty
    evidence: tuple[Evidence, ...]
    because: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it is written. `key`: a retried post with the same key gives one row.

    `occurred_at` None is now. `sent_at` is what the writer's own clock said.
    """

    text: str
    kind: EntryKind = EntryKind.NOTE
    occurred_at: datetime | None = None
    precision: timedelta = timedelta()
    source: str = ""
    evidence: tuple[Evidence, ...] = ()
    about: str = ""
    key: str = ""
    done: bool = True  # of an action: it has been done
    sent_at: datetime | None = None
    milestone: Milestone | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. What is said is never lost: a correction is an entry that `amends` another.

    `author` is a user's id, or the actor where no person stands behind it. `marks` say what is
    unusual, such as `late` or `skew`. After the incident is resolved entries are sealed.
    """

    id: str
    incident: str
    kind: EntryKind
    text: str
    occurred_at: datetime
    recorded_at: datetime
    author: str
    precision: timedelta = timedelta()
    source: str = ""
    evidence: tuple[Evidence, ...] = ()
    certainty: Certainty | None = None
    judged_at: datetime | None = None
    judged_by: str | None = None
    because: str = ""
    done_at: datetime | None = None
    about: str = ""
    amends: str = ""
    milestone: Milestone | None = None
    marks: tuple[str, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)
    key: str = ""
    sealed_at: datetime | None = None

    @property
    def open_assumption(self) -> bool:
        return self.kind is EntryKind.ASSUMPTION and self.certainty is Certainty.OPEN


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the one list: an entry, or something that happened by itself.

    `entry` is None for what the product wrote; then `event` names the kind of happening.
    """

    id: str
    at: datetime
    recorded_at: datetime
    kind: EntryKind
    text: str
    author: str
    about: str = ""
    event: str = ""
    milestone: Milestone | None = None
    entry: Entry | None = None


class NoSuchEntry(NotFound):
    """There is no such entry in this incident's timeline."""


class AlreadyJudged(Conflict):
    """Somebody has already said what became of this."""


class NothingToJudge(Conflict):
    """Only assumptions are confirmed or refuted."""


class NotAnAction(Conflict):
    """Only an action is open or done."""


@dataclass(frozen=True, slots=True)
class EntryWritten(Event):
    """The text lies in a table of its own; the chain holds its digest. `subject`: the incident."""

    kind = "incident.entry_written"
    entry: str = ""
    entry_kind: str = ""
    digest: str = ""
    amends: str = ""


@dataclass(frozen=True, slots=True)
class EntryChanged(Event):
    """Before the seal: reworded, judged, or marked as done. The newest digest counts."""

    kind = "incident.entry_changed"
    entry: str = ""
    what: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class TimelineSealed(Event):
    """What was written until now stays as it is; from here on only amendments (ledger S0-25)."""

    kind = "incident.timeline_sealed"
    entry_count: int = 0
    digest: str = ""
