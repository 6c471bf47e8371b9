"""Ask what is known of the trouble before anybody acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import Alert, AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.catalog import queries as catalog
from holdfast.incidents import queries as incidents
from holdfast.incidents.diagnosis import correlate, scope, sequence
from holdfast.incidents.diagnosis.model import Neighbour, Observed, Side, Taken
from holdfast.incidents.mitigations import queries as mitigations
from holdfast.incidents.model import Incident
from holdfast.incidents.record import queries as record
from holdfast.incidents.record.model import EntryKind
from holdfast.kernel.tx import Tx

SYMPTOMS_MAX = 50
NEIGHBOURS_MAX = 50
ALERTS_OF_NEIGHBOUR_MAX = 20
_OPEN = (AlertStatus.TRIGGERED, AlertStatus.ACKNOWLEDGED)


def observed(tx: Tx, incident: Incident) -> Observed:
    """What the symptoms are, when they began, what changed before, and what stands beside it."""
    linked = list(alerts.alerts_by_id(tx, incidents.alerts_of(tx, incident.id)).values())
    facts = record.of_kind(tx, incident.id, EntryKind.FACT)
    symptoms = [*(alert.title for alert in linked), *(entry.text for entry in facts)]
    began = _began(incident, linked)
    return Observed(
        symptoms=tuple(dict.fromkeys(symptoms))[:SYMPTOMS_MAX],
        started_at=incident.instants.impact_started_at,
        suspects=tuple(correlate.suspects(record.changes(tx, incident.id), began)),
        chips=scope.chips(alert.labels for alert in linked),
        neighbours=neighbours(tx, incident),
    )


def neighbours(tx: Tx, incident: Incident) -> tuple[Neighbour, ...]:
    """Services that ours need or that need ours, with their open alerts; those with alerts first
    (ledger S2-23)."""
    found = [
        Neighbour(name, side, tuple(_open_alerts(tx, name)))
        for name, side in dict(_beside(tx, incident)).items()
    ][:NEIGHBOURS_MAX]
    return tuple(sorted(found, key=lambda each: (not each.alerts, each.service)))


def investigation(tx: Tx, incident: Incident) -> list[Taken]:
    """The checklist of a safe investigation, with instants (ledger S0-27)."""
    written = [
        entry
        for kind in (EntryKind.NOTE, EntryKind.FACT, EntryKind.ASSUMPTION, EntryKind.CHANGE)
        for entry in record.of_kind(tx, incident.id, kind)
    ]
    options = mitigations.mitigations(tx, incident.id)
    return sequence.steps(incident.instants.declared_at, written, options)


def _began(incident: Incident, linked: list[Alert]) -> datetime:
    instants = incident.instants
    first = min((alert.triggered_at for alert in linked), default=instants.declared_at)
    return instants.impact_started_at or instants.detected_at or first


def _beside(tx: Tx, incident: Incident) -> Iterator[tuple[str, Side]]:
    ours = set(incident.services)
    for service in catalog.services(tx).values():
        if service.id not in ours and ours.intersection(service.depends_on):
            yield service.id, Side.DOWNSTREAM
        if service.id in ours:
            yield from ((name, Side.UPSTREAM) for name in service.depends_on if name not in ours)


def _open_alerts(tx: Tx, service: str) -> list[Alert]:
    wanted = Filter(statuses=_OPEN, service=service)
    return alerts.newest(tx, wanted, limit=ALERTS_OF_NEIGHBOUR_MAX)
