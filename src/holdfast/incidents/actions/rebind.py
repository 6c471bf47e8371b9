"""Put a running incident under the practice as it is today: never by itself, always logged."""

from __future__ import annotations

from dataclasses import replace

from holdfast.guardrails.actions import uphold
from holdfast.incidents import guardrails, queries, store
from holdfast.incidents.actions import behaviour
from holdfast.incidents.events import IncidentRebound
from holdfast.incidents.guardrails import DeclareFacts
from holdfast.incidents.model import Ended, Incident
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.practice import queries as practice


def rebind(tx: Tx, name: str) -> Incident:
    """From now on its clocks, roles and cadence are those of the practice in force (ledger S0-09).

    The rank stays; its label and what it brings about are the new pack's. Raises NoSuchIncident,
    Ended, and NO_SEVERITY_POLICY.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = queries.take(tx, name)
    if incident.ended:
        raise Ended
    pack = practice.in_force(tx)
    uphold(
        tx, guardrails.DECLARE, DeclareFacts(pack, severity=True, detection=True), about=incident.id
    )
    assert pack is not None
    if pack == incident.pack:
        return incident
    before, level = incident.level, pack.level(incident.severity.rank)
    severity = replace(incident.severity, rank=level.rank, level=level.label)
    saved = store.save(tx, replace(incident, pack=pack, severity=severity))
    tx.record(IncidentRebound(incident.id, pack.name, pack.version))
    if saved.active:
        behaviour.change(tx, saved, before)
    return store.take(tx, incident.id)
