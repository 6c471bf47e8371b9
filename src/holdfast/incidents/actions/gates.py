"""Gathers what the guardrails of a move judge, from all the parts of an incident."""

from __future__ import annotations

from holdfast.guardrails.actions import uphold
from holdfast.incidents import guardrails, queries
from holdfast.incidents.actions import guardrails as claims
from holdfast.incidents.actions import linking
from holdfast.incidents.actions.facts import (
    CloseFacts,
    CommandFacts,
    MonitorFacts,
    ResolveFacts,
)
from holdfast.incidents.actions.model import RECURRENCE_SPAN, Move
from holdfast.incidents.guardrails import SkipFacts, TriageFacts, needs_room
from holdfast.incidents.lifecycle import Road
from holdfast.incidents.mitigations import queries as mitigations
from holdfast.incidents.model import DataRisk, Detection, Incident, Kind, Phase
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.guardrails import COMMAND
from holdfast.incidents.telling import queries as telling
from holdfast.kernel.tx import Tx
from holdfast.practice import triggers
from holdfast.practice.model import Audience, RoleKey
from holdfast.practice.triggers import Fired, TriggerFacts


def forward(tx: Tx, incident: Incident, road: Road, ask: Move) -> None:
    """Raises the refusal of the first gate on the way that does not open, in the order of the way;
    a way that leaves a phase out ends at PHASE_SKIPPED at the latest."""
    left_out = road.skipped
    if incident.phase is Phase.DECLARED and Phase.MITIGATING in road.steps:
        facts = TriageFacts(incident, skipped=True, update_needed=False, room_needed=False)
        uphold(tx, guardrails.TRIAGE, facts, about=incident.id, reason=ask.break_glass)
        # With a reason triage is passed through: the first mitigation is one call away.
        left_out = tuple(phase for phase in left_out if phase is not Phase.TRIAGE)
    if {Phase.RESOLVED, Phase.CLOSED} & set(road.steps):
        uphold(tx, claims.OVER, command_facts(tx, incident), about=incident.id)
    for step in road.steps:
        _GATES[step](tx, incident, ask)
    uphold(tx, guardrails.SKIP, SkipFacts(left_out), about=incident.id)


def command_facts(tx: Tx, incident: Incident) -> CommandFacts:
    """Who says that it is over."""
    commander = roles.holder(tx, incident.id, RoleKey.COMMAND)
    needed = RoleKey.COMMAND in incident.level.roles_required
    return CommandFacts(
        by_command=roles.is_command(tx, incident),
        commanded=needed or commander is not None,
        commander=commander,
    )


def triage_facts(tx: Tx, incident: Incident) -> TriageFacts:
    """What is known at the end of triage."""
    return TriageFacts(
        incident,
        skipped=False,
        update_needed=_update_needed(tx, incident),
        room_needed=needs_room(incident),
    )


def resolve_facts(tx: Tx, incident: Incident, ask: Move) -> ResolveFacts:
    """What stands when somebody says that it is resolved."""
    return ResolveFacts(
        incident,
        tx.now,
        ask,
        open_alerts=linking.open_codes(tx, incident.id),
        untold=tuple(telling.final_missing(tx, incident)),
        customers_told=telling.was_told(tx, incident.id, Audience.CUSTOMERS),
    )


def close_facts(tx: Tx, incident: Incident, ask: Move) -> CloseFacts:
    """What stands when somebody closes it."""
    required = tuple(each.says for each in postmortem_triggers(tx, incident) if each.required)
    return CloseFacts(incident, ask, triggers=required)


def postmortem_triggers(tx: Tx, incident: Incident) -> tuple[Fired, ...]:
    """Every reason for a postmortem; a drill or a test has none."""
    if incident.kind is not Kind.REAL:
        return ()
    impact = incident.impact
    since = incident.instants.declared_at - RECURRENCE_SPAN
    facts = TriggerFacts(
        customer_impact=bool(impact.users_affected),
        data_loss=impact.data_risk in (DataRisk.CONFIRMED, DataRisk.EXPOSURE),
        monitoring_gap=incident.detection is Detection.CUSTOMER,
        recurrences=len(queries.same_trouble(tx, incident.recurrence_key, since)) or 1,
    )
    return triggers.fired(incident.pack, incident.level, facts)


def _update_needed(tx: Tx, incident: Incident) -> bool:
    """A first message is part of triage at the ranks that people must hear of (ledger S4-29)."""
    if incident.kind is not Kind.REAL or incident.severity.rank > guardrails.IMPACT_RANK_MAX:
        return False
    return not any(telling.was_told(tx, incident.id, audience) for audience in Audience)


def _triage(tx: Tx, incident: Incident, ask: Move) -> None:
    """Nothing stands before triage: looking closer is always right."""


def _mitigating(tx: Tx, incident: Incident, ask: Move) -> None:
    reason = ask.break_glass
    uphold(tx, COMMAND, roles.command_facts(tx, incident), about=incident.id, reason=reason)
    facts = triage_facts(tx, incident)
    uphold(tx, guardrails.TRIAGE, facts, about=incident.id, reason=reason)


def _monitoring(tx: Tx, incident: Incident, ask: Move) -> None:
    facts = MonitorFacts(ask, mitigations.executed_count(tx, incident.id))
    uphold(tx, claims.MONITOR, facts, about=incident.id, reason=ask.break_glass)


def _resolved(tx: Tx, incident: Incident, ask: Move) -> None:
    uphold(tx, claims.RESOLVE, resolve_facts(tx, incident, ask), about=incident.id)


def _post_incident(tx: Tx, incident: Incident, ask: Move) -> None:
    """Nothing stands before learning from it."""


def _closed(tx: Tx, incident: Incident, ask: Move) -> None:
    uphold(tx, claims.CLOSE, close_facts(tx, incident, ask), about=incident.id)


_GATES = {
    Phase.TRIAGE: _triage,
    Phase.MITIGATING: _mitigating,
    Phase.MONITORING: _monitoring,
    Phase.RESOLVED: _resolved,
    Phase.POST_INCIDENT: _post_incident,
    Phase.CLOSED: _closed,
}
