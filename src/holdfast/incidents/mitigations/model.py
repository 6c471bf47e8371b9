"""What people do to reduce the impact: how risky it is, who allowed it and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.incidents.record.model import Evidence, EvidenceKind
from holdfast.kernel.errors import Conflict, NotFound
from holdfast.timeline.event import Event

TITLE_CHARS_MAX = 200
TARGET_CHARS_MAX = 200
TEXT_CHARS_MAX = 1000
PARAMETERS_MAX = 20
REFERENCES_MAX = 20
TRIED_MAX = 20
MITIGATIONS_MAX = 200  # of one incident
WAIT_MAX = timedelta(hours=6)


class MitigationKind(StrEnum):
    """The catalogue (ledger S1-37 to S1-42, S4-90)."""

    ROLLBACK = "rollback"
    SCALE = "scale"
    RESTART = "restart"
    FAILOVER = "failover"
    FLAG = "flag"
    MAINTENANCE = "maintenance"
    RESTORE = "restore"
    WORKAROUND = "workaround"
    EMERGENCY_CHANGE = "emergency_change"
    OTHER = "other"


class Risk(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        return list(Risk).index(self)


class Reversibility(StrEnum):
    EASY = "easy"
    HARD = "hard"
    NONE = "none"


class MitigationState(StrEnum):
    """Ledger 3.3. `withdrawn`: proposed and not wanted any more."""

    PROPOSED = "proposed"
    EVIDENCE_OK = "evidence_ok"
    APPROVED = "approved"
    EXECUTING = "executing"
    VERIFIED = "verified"
    FAILED = "failed"
    REVERTED = "reverted"
    WITHDRAWN = "withdrawn"


OPTIONS = (MitigationState.PROPOSED, MitigationState.EVIDENCE_OK, MitigationState.APPROVED)
ATTEMPTED = (MitigationState.VERIFIED, MitigationState.FAILED, MitigationState.REVERTED)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done and why. `references` are entries; one or a hypothesis is needed.

    `without_cause`: it may help although nobody knows why. `tried`: what was done before a last
    resort. `reason`: why not the option of lowest risk. `captured`: what a restart destroys was
    saved first; None: nobody was asked, or said.
    """

    title: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    reversibility: Reversibility = Reversibility.EASY
    expected_minutes: int | None = None
    hypothesis: str = ""
    references: tuple[str, ...] = ()
    without_cause: bool = False
    not_available: Mapping[EvidenceKind, str] = field(default_factory=dict)
    reason: str = ""
    tried: tuple[str, ...] = ()
    data_loss: str = ""
    captured: bool | None = None
    check: str = ""  # what must be seen when it has worked
    wait: timedelta = timedelta()  # so long after the step before anybody may say that it has
    glass: str = ""  # the reason for which a guardrail was broken when it was proposed


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's yes. `command`: they were in command when they said it."""

    by: str
    at: datetime
    command: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """The execution: by whom, from when to when, and what was measured before and after it."""

    executor: str
    started_at: datetime
    wait_until: datetime
    impact_before: str = ""
    impact_after: str = ""
    ended_at: datetime | None = None
    result: str = ""
    verified_by: str | None = None
    reverted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mitigation:
    """One option, and what became of it. `attempt`: its place among those that were executed."""

    id: str
    incident: str
    kind: MitigationKind
    target: str
    risk: Risk
    state: MitigationState
    proposed_at: datetime
    proposed_by: str
    plan: Plan
    evidence: tuple[Evidence, ...] = ()
    approvals: tuple[Approval, ...] = ()
    attempt: int | None = None
    run: Run | None = None

    @property
    def last_resort(self) -> bool:
        return self.kind is MitigationKind.RESTORE

    @property
    def executing(self) -> bool:
        return self.state is MitigationState.EXECUTING

    @property
    def approved_by_command(self) -> bool:
        return any(approval.command for approval in self.approvals)


class NoSuchMitigation(NotFound):
    """There is no such mitigation in this incident."""


class NotThatState(Conflict):
    """The mitigation has moved on."""


@dataclass(frozen=True, slots=True)
class MitigationProposed(Event):
    """`subject` is the incident. The words lie in its own table and in the entry."""

    kind = "mitigation.proposed"
    mitigation: str = ""
    what: str = ""
    risk: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class MitigationMoved(Event):
    kind = "mitigation.moved"
    mitigation: str = ""
    before: str = ""
    after: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class MitigationApproved(Event):
    kind = "mitigation.approved"
    mitigation: str = ""
    user: str = ""
    command: bool = False
    entry: str = ""


@dataclass(frozen=True, slots=True)
class IncidentRacing(Event):
    """Several mitigations run before there is a shared picture (ledger S0-28)."""

    kind = "incident.racing"
    started: int = 0
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class RevertReminded(Event):
    """What was switched off for the incident is still off (ledger S1-41)."""

    kind = "mitigation.revert_reminded"
    mitigation: str = ""
