"""The ends beside the way: a false alarm, a merge, a drill broken off; and opening again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from holdfast.alerts import queries as alerts
from holdfast.guardrails.actions import uphold
from holdfast.incidents import guardrails, queries, store
from holdfast.incidents.access import named
from holdfast.incidents.actions import behaviour, linking
from holdfast.incidents.actions.severity import change_severity
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.events import (
    IncidentFalseAlarm,
    IncidentMerged,
    IncidentPhaseChanged,
    IncidentReopened,
)
from holdfast.incidents.guardrails import MergeFacts
from holdfast.incidents.model import (
    REASON_CHARS_MAX,
    Ended,
    Incident,
    Instants,
    Interval,
    Outcome,
    Phase,
    Severity,
)
from holdfast.kernel.errors import Conflict
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.sdk import clean_text


class CannotMerge(Conflict):
    """These incidents cannot be merged."""


def merge(tx: Tx, name: str, into: str, *, level: str = "", reason: str = "") -> Incident:
    """Everything goes on under the other incident, which gets this one's alerts.

    `level` is what both together are: needed where a worse incident goes into a milder one.
    Returns the other one. Raises NoSuchIncident, CannotMerge, and MERGE_LOWERS_SEVERITY.
    """
    permissions.require(tx.actor, "incidents.respond")
    merged, lead = _taken_both(tx, name, into)
    if merged.phase is Phase.MERGED and merged.merged_into == lead.id:
        return lead
    if merged.id == lead.id or not (merged.active and lead.active):
        raise CannotMerge(remedy="Both have to be open, and different ones.")
    facts = MergeFacts(merged.level, lead.level, bool(level), lead.number)
    uphold(tx, guardrails.MERGE, facts, about=merged.id)
    if level:
        because = reason or f"{merged.number} is the same trouble"
        lead = change_severity(tx, lead.id, level, because)
    _bring_alerts(tx, merged, lead)
    tx.record(IncidentMerged(merged.id, lead.id))
    end(tx, replace(merged, merged_into=lead.id), Phase.MERGED, f"into {lead.number}")
    return store.take(tx, lead.id)


def false_alarm(tx: Tx, incident: Incident, why: str) -> Incident:
    """It was none: its alerts count as noise (ledger S1-04)."""
    tx.record(IncidentFalseAlarm(incident.id, tuple(queries.alerts_of(tx, incident.id)), why))
    return end(tx, incident, Phase.FALSE_ALARM, why)


def end(tx: Tx, incident: Incident, phase: Phase, why: str) -> Incident:
    """Nobody is paged or reminded any more."""
    instants = replace(incident.instants, closed_at=tx.now)
    over = replace(incident, phase=phase, phase_since=tx.now, instants=instants)
    saved = store.save(tx, over)
    clocks.stop_all(tx, incident.id)
    tx.record(IncidentPhaseChanged(incident.id, incident.phase.value, phase.value, why))
    behaviour.end(tx, saved)
    return saved


def reopened(tx: Tx, incident: Incident, why: str) -> Incident:
    """The same trouble again: this incident where it is recent, else a new one linked to it.

    Instants keep their first values; one more span of impact begins (ledger 3.1).
    """
    ended_at = incident.instants.resolved_at or tx.now
    if tx.now - ended_at > incident.pack.limits.reopen_within:
        return _again(tx, incident, why)
    back = replace(
        incident,
        phase=Phase.MITIGATING,
        phase_since=tx.now,
        instants=replace(incident.instants, monitoring_since=None),
        intervals=(*incident.intervals, Interval(tx.now)),
        severity=replace(incident.severity, reevaluate=True),
    )
    saved = store.save(tx, back)
    tx.record(IncidentReopened(incident.id, why))
    tx.record(IncidentPhaseChanged(incident.id, incident.phase.value, Phase.MITIGATING.value, why))
    behaviour.resume(tx, saved)
    behaviour.call(tx, saved, {})
    return store.take(tx, incident.id)


def closed_interval(intervals: tuple[Interval, ...], at: datetime) -> tuple[Interval, ...]:
    """The last span of impact ends then; an incident that was never reopened has none here."""
    if not intervals or intervals[-1].end is not None:
        return intervals
    return (*intervals[:-1], replace(intervals[-1], end=at))


def _again(tx: Tx, before: Incident, why: str) -> Incident:
    """Too long ago to be the same: a new one that says of which it is the recurrence."""
    fresh = replace(
        before,
        id=tx.new_id("in"),
        number=store.next_number(tx),
        phase=Phase.DECLARED,
        phase_since=tx.now,
        severity=Severity(before.severity.rank, before.severity.level, True, evaluated_at=tx.now),
        instants=Instants(declared_at=tx.now, detected_at=tx.now),
        outcome=Outcome(),
        escalate=None,
        checks=(),
        intervals=(),
        recurrence_of=before.id,
        changed_by=named(tx.actor),
        version=1,
    )
    store.add(tx, fresh)
    tx.record(behaviour.declared(fresh, ()))
    tx.record(IncidentReopened(before.id, clean_text(why, REASON_CHARS_MAX)[0], fresh.id))
    behaviour.begin(tx, fresh)
    behaviour.call(tx, fresh, {})
    return store.take(tx, fresh.id)


def _taken_both(tx: Tx, name: str, into: str) -> tuple[Incident, Incident]:
    """Both locked, in the order of their ids: two merges at once cannot wait for each other."""
    ids = [queries.incident(tx, each).id for each in (name, into)]
    taken = {each: queries.take(tx, each) for each in sorted(set(ids))}
    for each in taken.values():
        if each.ended and each.phase is not Phase.MERGED:
            raise Ended(f"{each.number} is over.")
    return taken[ids[0]], taken[ids[1]]


def _bring_alerts(tx: Tx, merged: Incident, lead: Incident) -> None:
    own = set(queries.alerts_of(tx, lead.id))
    ids = [name for name in queries.alerts_of(tx, merged.id) if name not in own]
    found = alerts.alerts_by_id(tx, ids)
    for name in ids:
        if name in found:
            linking.attach(tx, lead, found[name])
