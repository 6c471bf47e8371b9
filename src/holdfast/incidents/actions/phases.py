"""Move an incident from phase to phase: one door for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from holdfast.guardrails.actions import uphold
from holdfast.incidents import guardrails, lifecycle, queries, store, words
from holdfast.incidents.actions import behaviour, ending, gates, impact, severity, times
from holdfast.incidents.actions import relapse as relapses
from holdfast.incidents.actions.model import WAIVER_CHARS_MAX, Move
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.events import (
    IncidentClosed,
    IncidentPhaseChanged,
    IncidentResolved,
    IncidentRestored,
)
from holdfast.incidents.guardrails import ReasonFacts
from holdfast.incidents.lifecycle import NoRoad, Road, Way
from holdfast.incidents.model import (
    BRIEF_CHARS_MAX,
    REASON_CHARS_MAX,
    Ended,
    Incident,
    Outcome,
    Phase,
)
from holdfast.incidents.record import actions as record
from holdfast.incidents.tasks.actions import follow
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.sdk import clean_text

_KEPT_AFTER_RESOLVE = ("update:internal", "update:leaders", "update:customers")


def move(
    tx: Tx, name: str, to: Phase, *, ask: Move | None = None, seen: int | None = None
) -> Incident:
    """Moves the incident to that phase; where it is there already, nothing changes.

    Raises NoSuchIncident, Moved, Ended, and the refusal of the first gate that does not open
    (ledger 3.3): PHASE_SKIPPED, TRIAGE_INCOMPLETE, IC_REQUIRED, VERIFY_WINDOW and so on.
    """
    permissions.require(tx.actor, "incidents.respond")
    said = ask or Move()
    incident = queries.take(tx, name, seen=seen)
    road = lifecycle.road(incident.phase, to, incident.kind)
    if isinstance(road, NoRoad):
        raise Ended(
            f"{incident.number} is {words.PHASES[incident.phase]}: {road.why}.",
            remedy=words.WAYS_ON[incident.phase],
        )
    return _WAYS[road.way](tx, incident, road, said)


def _stay(tx: Tx, incident: Incident, road: Road, ask: Move) -> Incident:
    return incident


def _forward(tx: Tx, incident: Incident, road: Road, ask: Move) -> Incident:
    answered = _answered(tx, incident, ask)
    gates.forward(tx, answered, road, ask)
    for step in road.steps:
        answered = _enter(tx, answered, step, ask)
    if ask.escalate is not None and ask.escalate != incident.escalate:
        impact.call_for(tx, incident.id, ask.escalate)
    return store.take(tx, incident.id)


def _relapse(tx: Tx, incident: Incident, road: Road, ask: Move) -> Incident:
    return relapses.relapse(tx, incident, _reason(ask) or "it came back")


def _reopen(tx: Tx, incident: Incident, road: Road, ask: Move) -> Incident:
    facts = ReasonFacts(f"Opening {incident.number} again", ask.reason)
    uphold(tx, guardrails.REASON, facts, about=incident.id)
    return ending.reopened(tx, incident, _reason(ask))


def _false_alarm(tx: Tx, incident: Incident, road: Road, ask: Move) -> Incident:
    facts = ReasonFacts("Calling it a false alarm", ask.reason)
    uphold(tx, guardrails.REASON, facts, about=incident.id)
    return ending.false_alarm(tx, incident, _reason(ask))


def _cancel(tx: Tx, incident: Incident, road: Road, ask: Move) -> Incident:
    return ending.end(tx, incident, Phase.CANCELLED, _reason(ask))


def _answered(tx: Tx, incident: Incident, ask: Move) -> Incident:
    """What the request says besides the phase counts for its gates: one request may do all."""
    said = incident
    if ask.escalate is not None:
        said = replace(said, escalate=ask.escalate)
    if ask.waive:
        waivers = dict(said.outcome.waivers)
        for gate, answer in ask.waive.items():
            waivers[gate.value] = clean_text(answer, WAIVER_CHARS_MAX)[0]
        said = replace(said, outcome=replace(said.outcome, waivers=tuple(sorted(waivers.items()))))
    return said


def _enter(tx: Tx, incident: Incident, to: Phase, ask: Move) -> Incident:
    """One step of the way: its own instants first, then the row, the event and what follows."""
    entered = replace(
        _ENTRIES[to](tx, incident, ask),
        phase=to,
        phase_since=tx.now,
    )
    times.judge(tx, incident.id, entered.instants)
    saved = store.save(tx, entered)
    tx.record(IncidentPhaseChanged(incident.id, incident.phase.value, to.value, _reason(ask)))
    _FOLLOWS[to](tx, saved)
    follow.follow_phase(tx, saved)
    return store.take(tx, incident.id)


def _triage(tx: Tx, incident: Incident, ask: Move) -> Incident:
    return incident


def _mitigating(tx: Tx, incident: Incident, ask: Move) -> Incident:
    instants = incident.instants
    return replace(incident, instants=replace(instants, triaged_at=instants.triaged_at or tx.now))


def _monitoring(tx: Tx, incident: Incident, ask: Move) -> Incident:
    before = incident.instants
    # Opened again, it is the present span of impact that ends; the first instants stay.
    known = None if incident.intervals else before.restored_at
    restored = ask.restored_at or known or tx.now
    mitigated = ask.mitigated_at or before.mitigated_at or restored
    instants = replace(
        before,
        mitigated_at=mitigated,
        restored_at=before.restored_at if incident.intervals else restored,
        impact_ended_at=restored,
        monitoring_since=tx.now,
    )
    return replace(
        incident,
        instants=instants,
        intervals=ending.closed_interval(incident.intervals, restored),
        outcome=_with_mitigation(incident.outcome, ask),
    )


def _resolved(tx: Tx, incident: Incident, ask: Move) -> Incident:
    instants = incident.instants
    outcome = replace(
        incident.outcome,
        remediation=ask.remediation,
        remediation_link=clean_text(ask.remediation_link, REASON_CHARS_MAX)[0],
        cause_fixed=clean_text(ask.cause_fixed, REASON_CHARS_MAX)[0],
        followup=clean_text(ask.followup, REASON_CHARS_MAX)[0],
    )
    resolved = replace(instants, resolved_at=instants.resolved_at or tx.now)
    return replace(incident, instants=resolved, outcome=outcome)


def _closed(tx: Tx, incident: Incident, ask: Move) -> Incident:
    instants = incident.instants
    return replace(incident, instants=replace(instants, closed_at=instants.closed_at or tx.now))


def _begin_triage(tx: Tx, incident: Incident) -> None:
    if tx.actor.user_id is not None:
        clocks.engaged(tx, incident.id)


def _begin_mitigating(tx: Tx, incident: Incident) -> None:
    _begin_triage(tx, incident)
    severity.ask_again(tx, incident, "mitigation begins")


def _begin_monitoring(tx: Tx, incident: Incident) -> None:
    for name in ("restore", "no_mitigation", "no_mitigation_again"):
        clocks.stop(tx, incident.id, name)
    due = tx.now + incident.level.verify_window
    clocks.start(tx, incident.id, "verify", due)
    tx.record(IncidentRestored(incident.id, incident.instants.restored_at))
    severity.ask_again(tx, incident, "it seems restored")


def _begin_resolved(tx: Tx, incident: Incident) -> None:
    clocks.stop_all(tx, incident.id, but=_KEPT_AFTER_RESOLVE)
    tx.record(IncidentResolved(incident.id, incident.severity.rank))
    record.seal(tx, incident.id)


def _begin_post_incident(tx: Tx, incident: Incident) -> None:
    """Learning has no clock of its own yet."""


def _begin_closed(tx: Tx, incident: Incident) -> None:
    clocks.stop_all(tx, incident.id)
    waived = tuple(name for name, _ in incident.outcome.waivers)
    tx.record(IncidentClosed(incident.id, waived))
    behaviour.end(tx, incident)


def _with_mitigation(outcome: Outcome, ask: Move) -> Outcome:
    said = clean_text(ask.mitigation, BRIEF_CHARS_MAX)[0]
    return replace(outcome, mitigation=said) if said else outcome


def _reason(ask: Move) -> str:
    return clean_text(ask.reason, REASON_CHARS_MAX)[0]


_Walk = Callable[[Tx, Incident, Road, Move], Incident]
_WAYS: Mapping[Way, _Walk] = {
    Way.STAY: _stay,
    Way.FORWARD: _forward,
    Way.RELAPSE: _relapse,
    Way.REOPEN: _reopen,
    Way.FALSE_ALARM: _false_alarm,
    Way.CANCEL: _cancel,
}
_ENTRIES: Mapping[Phase, Callable[[Tx, Incident, Move], Incident]] = {
    Phase.TRIAGE: _triage,
    Phase.MITIGATING: _mitigating,
    Phase.MONITORING: _monitoring,
    Phase.RESOLVED: _resolved,
    Phase.POST_INCIDENT: _triage,
    Phase.CLOSED: _closed,
}
_FOLLOWS: Mapping[Phase, Callable[[Tx, Incident], None]] = {
    Phase.TRIAGE: _begin_triage,
    Phase.MITIGATING: _begin_mitigating,
    Phase.MONITORING: _begin_monitoring,
    Phase.RESOLVED: _begin_resolved,
    Phase.POST_INCIDENT: _begin_post_incident,
    Phase.CLOSED: _begin_closed,
}
