"""What every change of an alert's state brings with it: its climb starts or stops."""

from __future__ import annotations

from dataclasses import replace

from holdfast.alerts import store
from holdfast.alerts.model import (
    Alert,
    AlertAcknowledged,
    AlertReleased,
    AlertResolved,
    AlertStatus,
    Hold,
)
from holdfast.catalog import queries as catalog
from holdfast.escalation import actions as escalation
from holdfast.escalation.model import Step
from holdfast.kernel.tx import Tx

SNOOZE = "alert.snooze"  # the kind of the timer that ends a snooze


def start(tx: Tx, alert: Alert, first: Step | None = None) -> None:
    """Somebody has to be paged for this alert, from the first step on."""
    service = catalog.find_service(tx, alert.service)
    escalation.start(
        tx,
        alert.id,
        "" if service is None else service.policy,
        team=None if service is None else service.team,
        urgency=alert.urgency,
        first=first,
    )


def acknowledge(tx: Tx, alert: Alert, why: str) -> Alert:
    """Somebody has it: nobody else is paged."""
    taken = replace(
        alert,
        status=AlertStatus.ACKNOWLEDGED,
        acknowledged_at=tx.now,
        acknowledged_by=tx.actor.user_id or str(tx.actor),
    )
    store.save(tx, taken)
    tx.record(AlertAcknowledged(alert.id, alert.service, tx.actor.user_id, why))
    escalation.stop(tx, alert.id, "acknowledged")
    return taken


def resolve(tx: Tx, alert: Alert, why: str) -> Alert:
    """It is over. What was merged into it and still fires is released: it pages by itself again."""
    over = replace(
        alert,
        status=AlertStatus.RESOLVED,
        resolved_at=tx.now,
        resolved_by=tx.actor.user_id or str(tx.actor),
        hold=None,
    )
    store.save(tx, over)
    tx.drop_timer(SNOOZE, alert.id)
    tx.record(AlertResolved(alert.id, alert.service, tx.actor.user_id, why))
    escalation.stop(tx, alert.id, "resolved")
    for child in store.children(tx, alert.id):
        release(tx, child, f"{alert.code} is over, and this still fires")
    return over


def hold(tx: Tx, alert: Alert, reason: Hold) -> Alert:
    """The alert stays, but wakes nobody."""
    held = replace(alert, hold=reason)
    store.save(tx, held)
    escalation.stop(tx, alert.id, reason.reason)
    return held


def release(tx: Tx, alert: Alert, why: str) -> Alert:
    """The hold is over; an alert that is still open pages again."""
    freed = replace(
        alert,
        hold=None,
        status=AlertStatus.TRIGGERED if alert.open else alert.status,
        acknowledged_at=None if alert.open else alert.acknowledged_at,
        acknowledged_by=None if alert.open else alert.acknowledged_by,
    )
    store.save(tx, freed)
    if freed.open:
        tx.record(AlertReleased(alert.id, alert.service, why))
        start(tx, freed)
    return freed
