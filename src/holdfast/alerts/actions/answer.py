"""What people do with alerts: acknowledge, resolve, escalate, reassign."""

from __future__ import annotations

from dataclasses import replace

from holdfast.alerts import store
from holdfast.alerts.actions import climbing
from holdfast.alerts.model import (
    REASSIGN_WAIT,
    Alert,
    AlertEscalated,
    AlertReassigned,
    AlertStatus,
    AlertUnacknowledged,
    AlreadyResolved,
    NoSuchAlert,
    NotAcknowledged,
)
from holdfast.escalation import actions as escalation
from holdfast.escalation.model import Step, Target
from holdfast.escalation.queries import reachable_people, why_nobody
from holdfast.kernel.actor import Actor, ActorKind
from holdfast.kernel.errors import Conflict
from holdfast.kernel.tx import Tx
from holdfast.paging import actions as paging
from holdfast.paging import queries as pages
from holdfast.paging.model import Page, PageAnswer, PageAnswered
from holdfast.people import permissions
from holdfast.people import queries as people


class ReachesNobody(Conflict):
    """Nobody would be paged by this."""


def acknowledge(tx: Tx, alert_id: str) -> Alert:
    """Somebody has it: paging stops. Repeated, it changes nothing; raises AlreadyResolved."""
    permissions.require(tx.actor, "alerts.answer")
    alert = taken(tx, alert_id)
    if not alert.open:
        if alert.acknowledged_by == (tx.actor.user_id or str(tx.actor)):
            return alert  # the same person once more (ledger 3.3, Alert)
        raise AlreadyResolved
    if alert.status is AlertStatus.ACKNOWLEDGED:
        return alert
    return climbing.acknowledge(tx, alert, f"by {tx.actor}")


def unacknowledge(tx: Tx, alert_id: str) -> Alert:
    """Takes the acknowledgement back: somebody is paged again, from the first step."""
    permissions.require(tx.actor, "alerts.answer")
    alert = taken(tx, alert_id)
    if alert.status is not AlertStatus.ACKNOWLEDGED:
        raise NotAcknowledged
    again = replace(
        alert, status=AlertStatus.TRIGGERED, acknowledged_at=None, acknowledged_by=None, hold=None
    )
    store.save(tx, again)
    tx.drop_timer(climbing.SNOOZE, alert.id)
    tx.record(AlertUnacknowledged(alert.id, alert.service, tx.actor.user_id))
    climbing.start(tx, again)
    return again


def resolve(tx: Tx, alert_id: str) -> Alert:
    """A person says that it is over. Repeated, it changes nothing; the next firing pages anew."""
    permissions.require(tx.actor, "alerts.answer")
    alert = taken(tx, alert_id)
    if not alert.open:
        return alert
    _resolve_merged(tx, alert)
    return climbing.resolve(tx, alert, f"by {tx.actor}")


def escalate(tx: Tx, alert_id: str, *, from_step: int | None = None) -> Alert:
    """Pages the next step now. `from_step` guards against two people escalating twice."""
    permissions.require(tx.actor, "alerts.answer")
    alert = taken(tx, alert_id)
    if not alert.open:
        raise AlreadyResolved
    if alert.status is AlertStatus.ACKNOWLEDGED:
        alert = unacknowledge(tx, alert_id)
    else:
        escalation.hurry(tx, alert.id, from_step=from_step)
    tx.record(AlertEscalated(alert.id, alert.service, tx.actor.user_id))
    return alert


def reassign(tx: Tx, alert_id: str, to: Target) -> Alert:
    """Pages that person, team or schedule first; if they are silent, the policy's own steps."""
    permissions.require(tx.actor, "alerts.answer")
    alert = taken(tx, alert_id)
    if not alert.open:
        raise AlreadyResolved
    if not reachable_people(tx, [to], tx.now):
        raise ReachesNobody(f"{to} reaches nobody now: {why_nobody(tx, [to], tx.now)}.")
    again = replace(
        alert, status=AlertStatus.TRIGGERED, acknowledged_at=None, acknowledged_by=None, hold=None
    )
    store.save(tx, again)
    tx.drop_timer(climbing.SNOOZE, alert.id)
    escalation.stop(tx, alert.id, f"reassigned to {to}")
    tx.record(AlertReassigned(alert.id, alert.service, str(to)))
    climbing.start(tx, again, first=Step((to,), REASSIGN_WAIT))
    return again


def answer_page(tx: Tx, page_id: str, answer: PageAnswer) -> Page:
    """One person's answer to their page. Raises NoSuchPage, PageOver.

    The alert is locked before its page, as everywhere: two answers at once cannot deadlock.
    """
    store.take(tx, pages.page(tx, page_id).subject)
    return paging.answer(tx, page_id, answer)


def on_page_answered(tx: Tx, event: PageAnswered) -> None:
    """An answer from a phone is the answer to the alert, in that person's name."""
    alert = store.take(tx, event.about)
    if alert is None or not alert.open:
        return  # a test page, or it ended meanwhile
    person = people.user(tx, event.user)
    theirs = tx.as_actor(Actor(ActorKind.USER, person.id, person.role, person.id))
    match PageAnswer(event.answer):
        case PageAnswer.ACKNOWLEDGE:
            if alert.status is AlertStatus.TRIGGERED:
                climbing.acknowledge(theirs, alert, "answered the page")
        case PageAnswer.ESCALATE | PageAnswer.DECLINE:
            if alert.status is AlertStatus.TRIGGERED and alert.hold is None:
                theirs.record(AlertEscalated(alert.id, alert.service, person.id))
                escalation.hurry_past(tx, event.subject)


def _resolve_merged(tx: Tx, lead: Alert) -> None:
    """What was merged into it is over with it, and what was merged into that."""
    for child in store.children(tx, lead.id):
        if child.open:
            _resolve_merged(tx, child)
            climbing.resolve(tx, replace(child, hold=None), f"resolved with {lead.code}")


def taken(tx: Tx, alert_id: str) -> Alert:
    """The alert by id or code, locked. Raises NoSuchAlert."""
    alert = store.take(tx, alert_id)
    if alert is None:
        by_code = store.find_by_code(tx, alert_id)
        alert = None if by_code is None else store.take(tx, by_code)
    if alert is None:
        raise NoSuchAlert
    return alert
