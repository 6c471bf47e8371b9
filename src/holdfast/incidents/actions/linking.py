"""The alerts of an incident: linked by hand, by their key, and what their firing means for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import Alert, AlertAcknowledged, AlertResolved, AlertTriggered
from holdfast.incidents import queries, store
from holdfast.incidents.actions import relapse
from holdfast.incidents.actions.facts import AUTOMATIC
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.events import (
    IncidentAlertLinked,
    IncidentChecked,
)
from holdfast.incidents.model import (
    ALERTS_MAX,
    CHECKS_MAX,
    Check,
    Ended,
    Incident,
    Phase,
)
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.store import Linked
from holdfast.kernel.errors import Conflict
from holdfast.kernel.tx import Tx
from holdfast.paging.model import PageOpened
from holdfast.people import permissions


class TooManyAlerts(Conflict):
    """An incident has at most 500 alerts of its own."""


def link_alert(tx: Tx, name: str, alert_name: str) -> Incident:
    """This alert belongs to the incident; linked again, nothing changes.

    Raises NoSuchIncident, NoSuchAlert, Ended, TooManyAlerts.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = queries.take(tx, name)
    if incident.ended:
        raise Ended
    alert = alerts.alert(tx, alert_name)
    if alert.id in queries.alerts_of(tx, incident.id):
        return incident
    attach(tx, incident, alert)
    earliest = _earlier(incident.instants.alert_fired_at, alert)
    instants = replace(incident.instants, alert_fired_at=earliest)
    services = tuple(dict.fromkeys([*incident.services, alert.service]))
    return store.save(tx, replace(incident, instants=instants, services=services))


def attach(tx: Tx, incident: Incident, alert: Alert) -> None:
    """Writes the link down, with the key by which the trouble comes again."""
    if len(store.links_of(tx, incident.id)) >= ALERTS_MAX:
        raise TooManyAlerts
    store.link(tx, Linked(incident.id, alert.id, alert.connection, alert.dedup_key))
    tx.forget()
    tx.record(IncidentAlertLinked(incident.id, alert.id))


def on_alert_triggered(tx: Tx, event: AlertTriggered) -> None:
    """The same trouble again: the new alert joins, and what was thought restored has relapsed."""
    if not queries.active_links(tx):
        return  # an alert storm asks once in a transaction
    alert = alerts.alert(tx, event.subject)
    key = (alert.connection, alert.dedup_key)
    known = {each.incident for each in queries.active_links(tx) if _key(each) == key}
    for incident_id in sorted(known):
        incident = store.take(tx, incident_id)
        if len(store.links_of(tx, incident_id)) < ALERTS_MAX:
            attach(tx, incident, alert)
        if incident.phase is Phase.MONITORING:
            relapse.relapse(tx, incident, f"{alert.code} fired again", alert=alert.id)


def on_page_opened(tx: Tx, event: PageOpened) -> None:
    """Somebody is paged for it or for one of its alerts: the first time is the incident's own."""
    ours = event.about.startswith(responders.REQUEST_PREFIX)
    request = responders.find_request(tx, event.about) if ours else None
    if request is not None:
        clocks.paged(tx, request.incident)
        return
    for each in queries.active_links(tx):
        if each.alert == event.about:
            clocks.paged(tx, each.incident)


def on_alert_acknowledged(tx: Tx, event: AlertAcknowledged) -> None:
    """The first answer to one of its alerts is the incident's own."""
    if event.user is None and not tx.actor.user_id:
        return  # the source says so, and no person did (ledger 3.2: human answers only)
    for each in queries.active_links(tx):
        if each.alert == event.subject:
            clocks.acknowledged(tx, each.incident)


def on_alert_resolved(tx: Tx, event: AlertResolved) -> None:
    """An alert that ends while it is watched is a check that nobody had to make."""
    for each in queries.active_links(tx):
        if each.alert != event.subject:
            continue
        incident = store.take(tx, each.incident)
        if incident.phase is Phase.MONITORING and len(incident.checks) < CHECKS_MAX:
            _check(tx, incident, alerts.alert(tx, event.subject))


def open_codes(tx: Tx, incident_id: str) -> tuple[str, ...]:
    """Codes of its alerts that still fire, in the order in which they were linked."""
    ids = queries.alerts_of(tx, incident_id)
    found = alerts.alerts_by_id(tx, ids)
    return tuple(found[name].code for name in ids if name in found and found[name].open)


def _check(tx: Tx, incident: Incident, alert: Alert) -> None:
    made = Check(f"alert {alert.code}", "resolved", alert.connection, True, tx.now, AUTOMATIC)
    store.save(tx, replace(incident, checks=(*incident.checks, made)))
    tx.record(IncidentChecked(incident.id, good=True, count=len(incident.checks) + 1))


def _key(linked: Linked) -> tuple[str, str]:
    return (linked.connection, linked.dedup_key)


def _earlier(before: datetime | None, alert: Alert) -> datetime:
    return alert.triggered_at if before is None else min(before, alert.triggered_at)
