"""Alerts that wake nobody for a while, with the reason: snoozed, or merged into another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from holdfast.alerts import store
from holdfast.alerts.actions import climbing
from holdfast.alerts.actions.answer import taken
from holdfast.alerts.model import (
    SNOOZE_MAX,
    SNOOZE_MIN,
    Alert,
    AlertHeld,
    AlertMerged,
    AlertStatus,
    AlreadyResolved,
    CannotMerge,
    Hold,
    HoldKind,
)
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.paging import actions as paging
from holdfast.paging.actions import Demand
from holdfast.people import permissions
from holdfast.people import queries as people


def snooze(tx: Tx, alert_id: str, length: timedelta) -> Alert:
    """Wakes nobody for that long; still open then, it pages from the first step."""
    permissions.require(tx.actor, "alerts.answer")
    if not SNOOZE_MIN <= length <= SNOOZE_MAX:
        raise Invalid("A snooze lasts 1m to 30d.", fields={"for": "1m to 30d"})
    alert = taken(tx, alert_id)
    if not alert.open:
        raise AlreadyResolved
    until = tx.now + length
    reason = Hold(HoldKind.SNOOZE, f"snoozed by {tx.actor.user_id or tx.actor}", until)
    held = climbing.hold(tx, alert, reason)
    tx.set_timer(climbing.SNOOZE, alert.id, until)
    tx.record(AlertHeld(alert.id, alert.service, reason.reason, until))
    return held


def release(tx: Tx, alert_id: str) -> Alert:
    """Ends a hold by hand: the alert pages again."""
    permissions.require(tx.actor, "alerts.answer")
    alert = taken(tx, alert_id)
    if alert.hold is None:
        return alert
    tx.drop_timer(climbing.SNOOZE, alert.id)
    return climbing.release(tx, alert, f"released by {tx.actor.user_id or tx.actor}")


def end_snooze(tx: Tx, alert_id: str) -> None:
    """The answer to a SNOOZE timer."""
    alert = store.take(tx, alert_id)
    if alert is None or alert.hold is None or alert.hold.kind is not HoldKind.SNOOZE:
        return
    climbing.release(tx, alert, "the snooze is over")


def rescue_snooze(tx: Tx, alert_id: str) -> None:
    """Our own code could not end this snooze three times: the admins are paged without it."""
    alert = store.take(tx, alert_id)
    if alert is None or alert.hold is None or alert.hold.kind is not HoldKind.SNOOZE:
        return
    store.save(tx, replace(alert, hold=None, status=AlertStatus.TRIGGERED))
    demand = Demand(alert.id, alert.urgency, "last resort: the snooze could not be ended")
    for admin in people.admins(tx):
        if admin.ladder(alert.urgency):
            paging.page(tx, admin.id, demand)


def merge(tx: Tx, alert_id: str, lead_id: str) -> Alert:
    """This alert is the same trouble as `lead`: it wakes nobody as long as that one is open."""
    permissions.require(tx.actor, "alerts.answer")
    first, second = sorted((alert_id, lead_id))  # both are locked in one order
    both = {a.id: a for a in (taken(tx, first), taken(tx, second))}
    if len(both) < 2:
        raise CannotMerge("An alert cannot be merged into itself.")
    alert, lead = taken(tx, alert_id), taken(tx, lead_id)
    if not (alert.open and lead.open):
        raise CannotMerge("Only open alerts can be merged.")
    if lead.hold is not None and lead.hold.kind is HoldKind.MERGED:
        raise CannotMerge(
            f"{lead.code} was merged itself.", remedy=f"Merge into {lead.hold.lead} instead."
        )
    held = climbing.hold(
        tx, alert, Hold(HoldKind.MERGED, f"merged into {lead.code}", None, lead.id)
    )
    tx.drop_timer(climbing.SNOOZE, alert.id)
    tx.record(AlertMerged(alert.id, alert.service, lead.id))
    return held
