"""What can happen to an incident as a whole; parts of it have events in their own packages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from holdfast.timeline.event import Event


@dataclass(frozen=True, slots=True)
class IncidentDeclared(Event):
    kind = "incident.declared"
    number: str = ""
    rank: int = 0
    level: str = ""
    provisional: bool = False
    detection: str = ""
    kind_of: str = "real"
    alerts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentPhaseChanged(Event):
    kind = "incident.phase_changed"
    before: str = ""
    after: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class IncidentSeverityChanged(Event):
    kind = "incident.severity_changed"
    before: int = 0
    after: int = 0
    level: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class IncidentSeverityConfirmed(Event):
    """A person looked again and says that the severity is right."""

    kind = "incident.severity_confirmed"
    rank: int = 0


@dataclass(frozen=True, slots=True)
class IncidentImpactChanged(Event):
    kind = "incident.impact_changed"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentBriefChanged(Event):
    kind = "incident.brief_changed"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentAlertLinked(Event):
    kind = "incident.alert_linked"
    alert: str = ""


@dataclass(frozen=True, slots=True)
class IncidentRelapsed(Event):
    """It came back within the verify window: back to mitigating, and the window starts anew."""

    kind = "incident.relapsed"
    alert: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class IncidentChecked(Event):
    """Somebody looked whether it is well again."""

    kind = "incident.checked"
    good: bool = True
    count: int = 0


@dataclass(frozen=True, slots=True)
class IncidentTimeChanged(Event):
    """An instant was said or corrected; the values before and after are in it."""

    kind = "incident.time_changed"
    before: dict[str, str | None] = field(default_factory=dict)
    after: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IncidentResolved(Event):
    """The gate is green and the verify window has passed."""

    kind = "incident.resolved"
    rank: int = 0


@dataclass(frozen=True, slots=True)
class IncidentClosed(Event):
    kind = "incident.closed"
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentRestored(Event):
    kind = "incident.restored"
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncidentMerged(Event):
    kind = "incident.merged"
    into: str = ""


@dataclass(frozen=True, slots=True)
class IncidentFalseAlarm(Event):
    """It was none: the alerts that led to it count as noise (ledger S1-04)."""

    kind = "incident.false_alarm"
    alerts: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class IncidentAccessChanged(Event):
    """Who may see a private incident changed, or whether it is private at all."""

    kind = "incident.access_changed"
    private: bool = False
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentRebound(Event):
    """From now on it follows the practice as it is today (ledger S0-09)."""

    kind = "incident.rebound"
    pack: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class IncidentReevaluationAsked(Event):
    """Is it still this severity? The clock, a change of impact or of the phase asks (S3-01)."""

    kind = "incident.reevaluation_asked"
    why: str = ""


@dataclass(frozen=True, slots=True)
class IncidentReopened(Event):
    kind = "incident.reopened"
    why: str = ""
    as_new: str = ""  # the new incident, where this one ended too long ago
