"""What an update is, who hears it, what it promises, and what a question is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.incidents.model import Incident
from holdfast.kernel.errors import Conflict, Invalid, NotFound
from holdfast.practice.model import Audience, Duty
from holdfast.timeline.event import Event

FIELD_CHARS_MAX = 1000
FIELDS_MAX = 20
TEXT_CHARS_MAX = 4000  # one update as it was written for one audience
UPDATES_MAX = 500  # one list shows
QUESTION_CHARS_MAX = 500
ANSWER_CHARS_MAX = 1000
QUESTIONS_OPEN_MAX = 50  # of one incident: a queue that nobody can work off is none
STAKEHOLDERS_MAX = 200  # of one service
RECIPIENTS_MAX = 1000  # of one update and audience
REMIND_BEFORE = timedelta(minutes=2)
# Overdue for so long, it stands first on the commander's list (ledger S4-22).
TOP_AFTER = timedelta(minutes=5)
CADENCE_MIN = timedelta(minutes=5)  # told more often than this, people stop reading (ledger B11)
CADENCE_MAX = timedelta(hours=24)
# Before this, a long silence may not be agreed on (ledger B8).
LONG_AFTER = timedelta(hours=2)

# Which duty answers for which audience (ledger C7).
DUTIES: Mapping[Audience, Duty] = {
    Audience.INTERNAL: Duty.COMMUNICATE_INTERNAL,
    Audience.LEADERS: Duty.BRIEF_LEADERS,
    Audience.CUSTOMERS: Duty.COMMUNICATE_PUBLIC,
}


class Template(StrEnum):
    """What kind of message it is: each asks for its own fields (ledger S4-37 to S4-39)."""

    INITIAL = "initial"
    UPDATE = "update"
    RESOLUTION = "resolution"
    LEADERS = "leaders"  # the brief for those who decide (ledger S4-36)
    UPSTREAM = "upstream"  # somebody else's platform is down (ledger S1-18)


class Next(StrEnum):
    """A promise by rule instead of an instant: as the level's cadence says."""

    CADENCE = "cadence"


@dataclass(frozen=True, slots=True)
class Composed:
    """What somebody wants to say: one message for many audiences (ledger S2-26).

    `audiences` empty means everyone who has heard of it, and internal. `said` are the fields of
    the template that are not known by themselves; `own` replaces the whole text for one audience.
    `next_update` is an instant, or `Next.CADENCE`, or None where nothing is promised. `seen` is the
    id of the newest update that the writer knew, empty where there was none; None does not ask.
    """

    template: Template
    said: Mapping[str, str] = field(default_factory=dict)
    audiences: tuple[Audience, ...] = ()
    own: Mapping[Audience, str] = field(default_factory=dict)
    next_update: datetime | Next | None = None
    corrects: str | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """One message as one audience was told it. It never changes: a correction is a new one.

    `post` joins what was said at once to several audiences; `known` are the fields as they were.
    """

    id: str
    incident: str
    post: str
    audience: Audience
    template: Template
    text: str
    known: Mapping[str, str]
    next_update_at: datetime | None
    posted_at: datetime
    posted_by: str
    corrects: str | None = None

    @property
    def final(self) -> bool:
        """True where it says that it is over."""
        return self.template is Template.RESOLUTION


@dataclass(frozen=True, slots=True)
class Thread:
    """What one audience of one incident has heard so far, and is to hear next.

    `due_at` None: nothing is owed to it. `every` is a cadence that somebody set instead of the
    level's; `long` says that it is longer, agreed on by a person (ledger B8).
    """

    incident: str
    audience: Audience
    due_at: datetime | None = None
    heard_at: datetime | None = None  # the first message
    last_at: datetime | None = None
    final_at: datetime | None = None
    every: timedelta | None = None
    long: bool = False
    set_by: str | None = None
    why: str = ""

    @property
    def open(self) -> bool:
        """True where they heard of it and were not told the end (ledger S1-17)."""
        return self.heard_at is not None and self.final_at is None


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that somebody answers for: this audience hears it by then, or it is late.

    `holder` None: nobody has a role that answers for it.
    """

    incident: Incident
    audience: Audience
    due_at: datetime
    holder: str | None


class Standing(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"  # the incident ended, or the severity changed, before it was due


@dataclass(frozen=True, slots=True)
class Promise:
    """“Next update by”: made by an update, or by the practice at declaring (`update` None)."""

    id: str
    incident: str
    audience: Audience
    rank: int
    promised_at: datetime
    due_at: datetime
    update: str | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None  # the update that came; None: it was withdrawn


@dataclass(frozen=True, slots=True)
class Adherence:
    """How promises were kept. `kept_share` is 0 to 1; None where nothing was promised yet.

    `longest_silence` is the longest gap between two messages to that audience (ledger S4-31).
    """

    kept: int = 0
    late: int = 0
    broken: int = 0
    open: int = 0
    longest_silence: timedelta | None = None

    @property
    def kept_share(self) -> float | None:
        settled = self.kept + self.late + self.broken
        return self.kept / settled if settled else None


class QuestionState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Question:
    """What a stakeholder wants to know. It waits for command, never among responders (S2-09)."""

    id: str
    incident: str
    text: str
    asked_by: str
    asked_at: datetime
    state: QuestionState = QuestionState.OPEN
    answer: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """Who wants to hear of a service's incidents (ledger S4-34).

    `who` is a user's id or `team:ID`; `rank_max` the mildest severity they care for.
    """

    service: str
    who: str
    audience: Audience
    rank_max: int
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who is told about one incident, and why."""

    incident: str
    user: str
    audience: Audience
    because: str
    since: datetime


class Carried(StrEnum):
    """How one audience is reached today."""

    NOTIFIED = "notified"
    RECORDED = "recorded"  # kept to be copied: there is no status page yet


@dataclass(frozen=True, slots=True)
class Delivered:
    """How an update reached one audience: how many were sent, wait, and failed (ledger S2-26)."""

    how: Carried
    sent: int = 0
    waiting: int = 0
    failed: int = 0


class NoSuchUpdate(NotFound):
    """There is no update by that id."""


class NoSuchQuestion(NotFound):
    """There is no question by that id."""


class NoSuchStakeholder(NotFound):
    """Nobody by that name is told about this service."""


class NotACadence(Invalid):
    """A cadence is 5 minutes to 24 hours."""


class TooEarlyForSilence(Conflict):
    """In its first two hours an incident keeps the cadence of its level."""


class QueueFull(Conflict):
    """Too many questions wait already: command answers these first."""


class ToldMeanwhile(Conflict):
    """Somebody else has told people something a moment ago."""


class NothingMoreToSay(Conflict):
    """This incident is closed: only a correction may follow."""


@dataclass(frozen=True, slots=True)
class IncidentUpdatePosted(Event):
    """An audience was told something. `digest` is the SHA-256 of the text, which lies apart."""

    kind = "incident.update_posted"
    update: str = ""
    post: str = ""
    audience: str = ""
    template: str = ""
    next_update_at: datetime | None = None
    corrects: str | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class IncidentCadenceChanged(Event):
    """From now on this audience hears something so often; `every` in seconds."""

    kind = "incident.cadence_changed"
    audience: str = ""
    every: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class IncidentQuestionAsked(Event):
    kind = "incident.question_asked"
    question: str = ""


@dataclass(frozen=True, slots=True)
class IncidentQuestionAnswered(Event):
    kind = "incident.question_answered"
    question: str = ""


@dataclass(frozen=True, slots=True)
class IncidentSubscribed(Event):
    kind = "incident.subscribed"
    user: str = ""
    audience: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class IncidentUnsubscribed(Event):
    kind = "incident.unsubscribed"
    user: str = ""


@dataclass(frozen=True, slots=True)
class StakeholderSaved(Event):
    """`subject` is the service."""

    kind = "service.stakeholder_saved"
    who: str = ""
    audience: str = ""
    rank_max: int = 0


@dataclass(frozen=True, slots=True)
class StakeholderRemoved(Event):
    kind = "service.stakeholder_removed"
    who: str = ""
