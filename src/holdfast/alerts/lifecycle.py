"""What a signal does to an alert. Pure: every branch returns its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from holdfast.alerts.model import Alert, AlertStatus
from holdfast.sdk import Signal, SignalStatus, Urgency, urgency_of


@dataclass(frozen=True, slots=True)
class Open:
    """No alert is open for this trouble: one begins."""

    why: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same trouble again: a counter, not a row of history."""

    alert: Alert
    why: str


@dataclass(frozen=True, slots=True)
class Raise:
    """The same trouble, and worse: what could wait now pages."""

    alert: Alert
    why: str


@dataclass(frozen=True, slots=True)
class Resolve:
    alert: Alert
    why: str


@dataclass(frozen=True, slots=True)
class Acknowledge:
    alert: Alert
    why: str


@dataclass(frozen=True, slots=True)
class Ignore:
    why: str


Change = Open | Repeat | Raise | Resolve | Acknowledge | Ignore


def apply(alert: Alert | None, signal: Signal, now: datetime) -> Change:
    """Decides what one signal means. `alert` is the open one with its key, if there is one."""
    if signal.status is SignalStatus.FIRING:
        return _firing(alert, signal, now)
    if alert is None:
        return Ignore(f"{signal.status.value}, but no alert is open with this key")
    if signal.status is SignalStatus.RESOLVED:
        return _resolved(alert, signal)
    if alert.status is AlertStatus.ACKNOWLEDGED:
        return Ignore("it is acknowledged already")
    return Acknowledge(alert, "the source says that somebody has it")


def _firing(alert: Alert | None, signal: Signal, now: datetime) -> Change:
    if alert is None:
        return Open("no alert is open with this key")
    again = replace(alert, count=alert.count + 1, last_signal_at=now)
    if alert.urgency is Urgency.LOW and urgency_of(signal.severity) is Urgency.HIGH:
        raised = replace(again, severity=signal.severity, urgency=Urgency.HIGH)
        return Raise(raised, f"{alert.severity.value} before, {signal.severity.value} now")
    return Repeat(again, "the alert with this key is still open")


def _resolved(alert: Alert, signal: Signal) -> Change:
    if (
        signal.started_at is not None
        and alert.started_at is not None
        and signal.started_at < alert.started_at
    ):
        # A late word about the time before: this firing is newer (ledger 3.3, Alert).
        return Ignore("it speaks of an earlier firing than the one that is open")
    return Resolve(alert, "the source says that it is over")
