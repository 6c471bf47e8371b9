"""Say or correct the instants of an incident."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime

from holdfast.guardrails.actions import uphold
from holdfast.guardrails.model import Pass, Refuse, Rule, Verdict
from holdfast.incidents import chronology, queries, store
from holdfast.incidents.actions import behaviour
from holdfast.incidents.actions.model import Times
from holdfast.incidents.events import (
    IncidentTimeChanged,
)
from holdfast.incidents.model import (
    Ended,
    Incident,
    Instants,
)
from holdfast.incidents.record.guardrails import it_can_have_happened_then
from holdfast.kernel.tx import Tx
from holdfast.people import permissions


@dataclass(frozen=True, slots=True)
class InstantsFacts:
    instants: Instants
    now: datetime


def set_times(tx: Tx, name: str, ask: Times, *, seen: int | None = None) -> Incident:
    """Instants as somebody knows them now; before and after stand on the timeline.

    Raises NoSuchIncident, Moved, Ended and TIME_IMPLAUSIBLE (ledger 3.1, S2-14).
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = queries.take(tx, name, seen=seen)
    if incident.ended:
        raise Ended
    said = {field.name: getattr(ask, field.name) for field in fields(ask)}
    changes = {key: value for key, value in said.items() if value is not None}
    instants = replace(incident.instants, **changes)
    if instants == incident.instants:
        return incident
    judge(tx, incident.id, instants)
    tx.record(_changed(incident, instants, list(changes)))
    saved = store.save(tx, replace(incident, instants=instants))
    behaviour.follow_instants(tx, saved)
    return saved


def judge(tx: Tx, incident_id: str, instants: Instants) -> None:
    """Raises TIME_IMPLAUSIBLE where these instants cannot all be true (ledger 3.1)."""
    uphold(tx, RULES, InstantsFacts(instants, tx.now), about=incident_id)


def _in_order(facts: InstantsFacts) -> Verdict:
    found = chronology.faults(facts.instants, facts.now)
    if not found:
        return Pass()
    return Refuse(
        f"That cannot have been so: {'; '.join(found)}.",
        remedy="Look at the zone and the date; instants are in UTC.",
    )


def _changed(incident: Incident, after: Instants, names: list[str]) -> IncidentTimeChanged:
    def said(instants: Instants) -> dict[str, str | None]:
        values = {name: getattr(instants, name) for name in names}
        return {key: None if value is None else str(value) for key, value in values.items()}

    return IncidentTimeChanged(incident.id, said(incident.instants), said(after))


# One code, one page of help: what is impossible in an entry is so in an incident's own instants.
_SAME = it_can_have_happened_then
RULES = (
    Rule(
        _SAME.code,
        _SAME.strength,
        _SAME.cites,
        "incidents.times",
        _SAME.fault,
        _SAME.title,
        _in_order,
    ),
)
