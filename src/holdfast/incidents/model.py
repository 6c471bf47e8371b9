"""What an incident is: its phase, its severity, what is known, and its instants."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.kernel.errors import Conflict, NotFound
from holdfast.practice.model import Level, Pack
from holdfast.timeline.event import Event

TITLE_CHARS_MAX = 200
BRIEF_CHARS_MAX = 280
REASON_CHARS_MAX = 500
SERVICES_MAX = 50
ALERTS_MAX = 500
CHECKS_MAX = 200
SCOPE_MAX = 50
ACCESS_MAX = 200
OPEN_MAX = 500  # incidents that one list of open ones shows


class Phase(StrEnum):
    """Where an incident stands (ledger 3.3). The last three are ends beside the way."""

    DECLARED = "declared"
    TRIAGE = "triage"
    MITIGATING = "mitigating"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POST_INCIDENT = "post_incident"
    CLOSED = "closed"
    FALSE_ALARM = "closed_false_alarm"
    MERGED = "merged"
    CANCELLED = "cancelled"


ACTIVE = (Phase.DECLARED, Phase.TRIAGE, Phase.MITIGATING, Phase.MONITORING)
ENDED = (Phase.CLOSED, Phase.FALSE_ALARM, Phase.MERGED, Phase.CANCELLED)


class Kind(StrEnum):
    """Drills and tests stay out of every figure."""

    REAL = "real"
    DRILL = "drill"
    TEST = "test"


class Detection(StrEnum):
    """Who noticed (ledger S1-02)."""

    ALERT = "alert"
    SYNTHETIC = "synthetic"
    CUSTOMER = "customer"
    TEAMMATE = "teammate"
    PARTNER = "partner"
    OTHER = "other"


class DataRisk(StrEnum):
    NONE = "none"
    POSSIBLE = "possible"
    CONFIRMED = "confirmed"
    EXPOSURE = "exposure"


class Complexity(StrEnum):
    """How hard recovery looks (ledger S4-08)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Confidence(StrEnum):
    GUESS = "guess"
    ESTIMATE = "estimate"
    MEASURED = "measured"


class Remediation(StrEnum):
    """What stands when an incident is resolved (ledger S2-52)."""

    FULL = "full"
    DEFERRED = "deferred"  # mitigated; the rest is owed elsewhere, with a link


@dataclass(frozen=True, slots=True)
class Impact:
    """Who is hurt and how badly. None: nobody has said so yet. Percent 0 to 100."""

    users_affected: float | None = None
    users_affected_max: float | None = None  # the upper end where it is a range
    confidence: Confidence | None = None
    source: str = ""
    unknown: bool = False  # somebody said that it is not known yet; asked again on a clock
    revenue: str = ""  # an amount with its currency, or "not applicable"
    data_risk: DataRisk = DataRisk.NONE
    workaround: bool | None = None
    workaround_minutes: int | None = None
    complexity: Complexity | None = None
    expected_minutes: int | None = None  # to recovery
    scope: tuple[str, ...] = ()  # `region:eu`, `host:db1`: which part


@dataclass(frozen=True, slots=True)
class Severity:
    """The level in force. `provisional`: the worst that was plausible, until a person confirms.

    `confirmed_at` None and `reevaluate` True say that impact changed since.
    """

    rank: int
    level: str
    provisional: bool = False
    plausible: tuple[int, ...] = ()
    reevaluate: bool = False
    evaluated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """What we know, in three fields: leaders and the writer of updates read it."""

    impact: str = ""
    cause: str = ""
    doing: str = ""
    at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Instants:
    """Ledger 3.1. None: has not happened. `resolved_at` is only ever set by the gate."""

    declared_at: datetime
    impact_started_at: datetime | None = None
    impact_precision: timedelta = timedelta()
    detected_at: datetime | None = None
    alert_fired_at: datetime | None = None
    paged_at: datetime | None = None  # the first page about it, as `acked_at` the first answer
    acked_at: datetime | None = None
    engaged_at: datetime | None = None
    war_room_opened_at: datetime | None = None
    triaged_at: datetime | None = None
    mitigated_at: datetime | None = None
    restored_at: datetime | None = None
    monitoring_since: datetime | None = None  # the verify window counts from here
    resolved_at: datetime | None = None
    impact_ended_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One look at whether it is well again: what was read, where, and how it stood (S1-56)."""

    what: str
    reading: str
    source: str
    good: bool
    at: datetime
    by: str
    slo: bool = False  # it speaks of a service level objective (ledger S0-41)


@dataclass(frozen=True, slots=True)
class Interval:
    """One more span of impact: an incident opened again keeps its first instants (ledger 3.1)."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Escalate:
    """Triage's last question: is somebody else needed, and whom (ledger S2-06)?"""

    needed: bool
    to: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said at resolve and after it."""

    remediation: Remediation | None = None
    remediation_link: str = ""  # problem record or follow-up; needed where deferred
    cause_fixed: str = ""  # devops-4's question and its answer
    systems_owner: str = ""  # who finds out which systems are affected, where nobody knows
    mitigation: str = ""  # what helped, where no entry of a mitigation says so
    followup: str = ""  # a link, or "none because ..."
    waivers: tuple[tuple[str, str], ...] = ()  # gate -> link or reason, e.g. ("postmortem", "...")


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident. `pack` is the practice as it was when it was declared (ledger S0-09)."""

    id: str
    number: str  # INC-2026-001
    title: str
    kind: Kind
    private: bool
    phase: Phase
    severity: Severity
    pack: Pack
    detection: Detection
    declared_by: str
    services: tuple[str, ...]
    instants: Instants
    impact: Impact = field(default_factory=Impact)
    brief: Brief = field(default_factory=Brief)
    escalate: Escalate | None = None
    outcome: Outcome = field(default_factory=Outcome)
    checks: tuple[Check, ...] = ()
    phase_since: datetime | None = None
    intervals: tuple[Interval, ...] = ()  # of impact, after it was opened again
    war_room: str = ""  # address or number of the bridge
    merged_into: str | None = None
    recurrence_of: str | None = None
    recurrence_key: str = ""
    access: tuple[str, ...] = ()  # of a private one: users that may see it besides its people
    changed_by: str = ""  # whoever made this version
    version: int = 1  # grows with each change; whoever acts on an older one is told

    @property
    def level(self) -> Level:
        return self.pack.level(self.severity.rank)

    @property
    def active(self) -> bool:
        """True while people respond: before it is resolved."""
        return self.phase in ACTIVE

    @property
    def ended(self) -> bool:
        return self.phase in ENDED


class NoSuchIncident(NotFound):
    """There is no incident by that number."""


class AlreadyDeclared(Conflict):
    """Somebody has declared an incident for this alert already."""


class Moved(Conflict):
    """Somebody else changed this a moment ago."""


class Ended(Conflict):
    """This incident is over."""


@dataclass(frozen=True, slots=True)
class IncidentClockBreached(Event):
    """A clock of the practice ran out. `due_at` is when it should have stopped."""

    kind = "incident.clock_breached"
    clock: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncidentCoordinationGap(Event):
    """A gap in coordination is part of the incident, such as an empty role (ledger S0-29)."""

    kind = "incident.coordination_gap"
    gap: str = ""
    about: str = ""
