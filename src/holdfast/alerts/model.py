"""What an alert is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from holdfast.kernel.errors import Conflict, NotFound
from holdfast.sdk import Severity, Signal, Urgency
from holdfast.timeline.event import Event

SNOOZE_MIN = timedelta(minutes=1)
SNOOZE_MAX = timedelta(days=30)
REASSIGN_WAIT = timedelta(minutes=5)


class AlertStatus(StrEnum):
    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class HoldKind(StrEnum):
    SNOOZE = "snooze"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Hold:
    """An alert exists but wakes nobody, with a reason; until when, if it ends by itself."""

    kind: HoldKind
    reason: str
    until: datetime | None = None
    lead: str | None = None  # the alert this one was merged into


@dataclass(frozen=True, slots=True)
class Alert:
    """`dedup_key` joins signals of one connection; `code` is short enough to say aloud."""

    id: str
    code: str
    connection: str
    service: str
    dedup_key: str
    title: str
    status: AlertStatus
    severity: Severity
    urgency: Urgency
    triggered_at: datetime
    labels: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, object] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    link: str | None = None
    group: str | None = None
    count: int = 1
    started_at: datetime | None = None
    last_signal_at: datetime | None = None
    letter: str | None = None
    previous: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    hold: Hold | None = None

    @property
    def open(self) -> bool:
        return self.status is not AlertStatus.RESOLVED

    @property
    def held(self) -> str | None:
        """The reason why nobody is woken, or None."""
        return None if self.hold is None else self.hold.reason


@dataclass(frozen=True, slots=True)
class Incoming:
    """The signals of one letter on their way to alerts."""

    letter: str | None
    connection: str
    received_at: datetime
    signals: tuple[Signal, ...]


class Fate(StrEnum):
    """What became of one signal: every accepted one has exactly one (promises rule 9)."""

    TRIGGERED = "triggered"
    REPEATED = "repeated"
    RESOLVED = "resolved"
    ACKNOWLEDGED = "acknowledged"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Receipt:
    fate: Fate
    alert: str | None
    why: str


class NoSuchAlert(NotFound):
    """There is no alert by that id or code."""


class AlreadyResolved(Conflict):
    """This alert is resolved; a new signal will open a new one."""


class NotAcknowledged(Conflict):
    """This alert is not acknowledged, so there is nothing to take back."""


class CannotMerge(Conflict):
    """These alerts cannot be merged."""


@dataclass(frozen=True, slots=True)
class AlertTriggered(Event):
    kind = "alert.triggered"
    service: str = ""
    connection: str = ""
    severity: str = ""
    urgency: str = ""
    policy: str = ""
    why: str = ""
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class AlertRaised(Event):
    """The source says it is worse than before: what could wait now pages at once."""

    kind = "alert.raised"
    service: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class AlertAcknowledged(Event):
    kind = "alert.acknowledged"
    service: str = ""
    user: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class AlertUnacknowledged(Event):
    """The acknowledgement was taken back: somebody is paged again."""

    kind = "alert.unacknowledged"
    service: str = ""
    user: str | None = None


@dataclass(frozen=True, slots=True)
class AlertResolved(Event):
    kind = "alert.resolved"
    service: str = ""
    user: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class AlertHeld(Event):
    kind = "alert.held"
    service: str = ""
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertReleased(Event):
    """The hold is over and the alert is still open: somebody is paged."""

    kind = "alert.released"
    service: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class AlertReassigned(Event):
    kind = "alert.reassigned"
    service: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class AlertEscalated(Event):
    kind = "alert.escalated"
    service: str = ""
    user: str | None = None


@dataclass(frozen=True, slots=True)
class AlertMerged(Event):
    kind = "alert.merged"
    service: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class SignalIgnored(Event):
    """A signal that changes nothing, and why."""

    kind = "alert.signal_ignored"
    connection: str = ""
    why: str = ""
