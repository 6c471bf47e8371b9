"""Start, set and end the cadence of an incident."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from holdfast.incidents import queries as incidents
from holdfast.incidents.access import named
from holdfast.incidents.model import REASON_CHARS_MAX, Ended, Incident, Kind, Phase
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.telling import queries, store, words
from holdfast.incidents.telling.actions.owing import owe, promise
from holdfast.incidents.telling.cadence import due_after_change, due_again, long_allowed
from holdfast.incidents.telling.hearers import interested, leaders
from holdfast.incidents.telling.model import (
    CADENCE_MAX,
    CADENCE_MIN,
    IncidentCadenceChanged,
    IncidentSubscribed,
    NotACadence,
    Subscription,
    Thread,
    TooEarlyForSilence,
)
from holdfast.kernel.errors import Forbidden, Invalid
from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import actions as notifications
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.practice.model import Audience
from holdfast.sdk import clean_line


class NotYourCadence(Forbidden):
    """Only command, or whoever answers for telling, changes how often people hear something."""


def start_cadence(tx: Tx, incident: Incident) -> None:
    """Begins what each audience is owed by the level, and lets those hear who are to know at once.

    Called at declaring, when the severity changed, and when it came back: what is owed moves
    earlier then, never later. Repeated, nothing changes (ledger S0-12, S0-30, S1-16, S4-34).
    """
    found = queries.threads(tx, incident.id)
    for audience in Audience:
        _begin(tx, incident, found.get(audience, Thread(incident.id, audience)))
    if incident.kind is Kind.REAL:
        _announce(tx, incident)
        _subscribe_stakeholders(tx, incident)


def set_cadence(tx: Tx, name: str, audience: Audience, every: timedelta, *, why: str) -> Thread:
    """From now on this audience hears something so often. Longer than the level's cadence is the
    long-incident mode: a decision with its reason, after two hours at the earliest (ledger B8).

    Raises NotACadence, TooEarlyForSilence, NotYourCadence, Ended, Invalid.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    if not incident.active:
        raise Ended
    _require_command(tx, incident)
    reason, _ = clean_line(why, REASON_CHARS_MAX)
    of_level = incident.level.cadence.get(audience)
    long = of_level is not None and every > of_level
    _check(tx, incident, every, reason, long=long)
    before = queries.thread(tx, incident.id, audience)
    changed = replace(before, every=every, long=long, set_by=named(tx.actor), why=reason)
    tx.record(IncidentCadenceChanged(incident.id, audience.value, every.total_seconds(), reason))
    due = max(tx.now, (before.last_at or incident.instants.declared_at) + every)
    if before.due_at is None or due != before.due_at:
        # A promise that people have read stands; only what the practice owes moves with it.
        store.settle_promises(tx, incident.id, audience, None, by_practice_only=True)
        promise(tx, incident, audience, due, None)
    owe(tx, incident, changed, due)
    return replace(changed, due_at=due)


def end_cadence(tx: Tx, incident: Incident) -> None:
    """The incident has ended: nobody is owed anything, nobody is reminded.

    But whoever heard of a false alarm is still owed the end of it.
    """
    for audience, thread in queries.threads(tx, incident.id).items():
        if thread.open and queries.owes(incident):
            continue
        store.settle_promises(tx, incident.id, audience, None)
        owe(tx, incident, thread, None)


def _begin(tx: Tx, incident: Incident, thread: Thread) -> None:
    if _came_back(incident, thread):
        # They were told that it is over, and it is not.
        thread = replace(thread, final_at=None)
        due = due_again(incident.level, thread.audience, thread, tx.now)
    else:
        due = due_after_change(thread, incident.level, tx.now)
        if due == thread.due_at:
            return
    store.settle_promises(tx, incident.id, thread.audience, None, by_practice_only=True)
    if due is not None:
        promise(tx, incident, thread.audience, due, None)
    owe(tx, incident, thread, due)


def _came_back(incident: Incident, thread: Thread) -> bool:
    over = thread.final_at is not None
    return over and incident.active and incident.phase is not Phase.MONITORING


def _subscribe_stakeholders(tx: Tx, incident: Incident) -> None:
    wanted = interested(
        queries.stakeholders(tx, incident.services), incident.severity.rank, people.teams(tx)
    )
    known = {each.user for each in queries.subscriptions(tx, incident.id)}
    for name, stakeholder in wanted.items():
        if name not in known and _may_hear(incident, name):
            why = f"a stakeholder of {stakeholder.service}"
            _subscribe(tx, incident, name, stakeholder.audience, why)


def _announce(tx: Tx, incident: Incident) -> None:
    """Those whom the level names hear of it once, and are told the end as well (ledger S3-15)."""
    known = {each.user for each in queries.subscriptions(tx, incident.id)}
    lead = set(leaders(people.users(tx), people.teams(tx)))
    for name in responders.people_for(tx, incident, incident.level.notify):
        if name in known or not _may_hear(incident, name):
            continue
        audience = Audience.LEADERS if name in lead else Audience.INTERNAL
        _subscribe(tx, incident, name, audience, f"{incident.severity.level} says so")
        if name != tx.actor.user_id:
            notifications.notify(tx, name, words.declared(incident))


def _subscribe(tx: Tx, incident: Incident, user: str, audience: Audience, why: str) -> None:
    store.subscribe(tx, Subscription(incident.id, user, audience, why, tx.now))
    tx.record(IncidentSubscribed(incident.id, user, audience.value, why))


def _may_hear(incident: Incident, name: str) -> bool:
    return not incident.private or name in {incident.declared_by, *incident.access}


def _check(tx: Tx, incident: Incident, every: timedelta, reason: str, *, long: bool) -> None:
    if not CADENCE_MIN <= every <= CADENCE_MAX:
        raise NotACadence(fields={"every": "5m to 24h"})
    if long and not reason:
        raise Invalid(
            "Say why people will hear less than this level asks for.",
            fields={"why": "give the reason"},
        )
    if long and not long_allowed(incident.instants.declared_at, tx.now):
        raise TooEarlyForSilence(remedy="Tell them as often as the level says until then.")


def _require_command(tx: Tx, incident: Incident) -> None:
    if roles.may_order(tx, incident):
        return
    mine = {roles.accountable(tx, incident, duty) for duty in queries.TELLING_DUTIES}
    if tx.actor.user_id not in mine:
        raise NotYourCadence(remedy="Ask the commander.")
