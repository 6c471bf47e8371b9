"""Propose something, look at it, and allow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.access import named
from holdfast.incidents.hypotheses import queries as hypotheses
from holdfast.incidents.mitigations import catalogue, machine, store, words
from holdfast.incidents.mitigations.actions.taken import must_go_on, taken, tell
from holdfast.incidents.mitigations.guardrails import (
    EVIDENCE,
    HUMAN,
    PAIR,
    PARAMETERS,
    PROPOSE,
    EvidenceFacts,
    HumanFacts,
    PairFacts,
    ParameterFacts,
    ReferenceFacts,
)
from holdfast.incidents.mitigations.model import (
    MITIGATIONS_MAX,
    OPTIONS,
    PARAMETERS_MAX,
    REFERENCES_MAX,
    TARGET_CHARS_MAX,
    TEXT_CHARS_MAX,
    TITLE_CHARS_MAX,
    TRIED_MAX,
    WAIT_MAX,
    Approval,
    Mitigation,
    MitigationApproved,
    MitigationKind,
    MitigationProposed,
    MitigationState,
    NotThatState,
    Plan,
    Reversibility,
    Risk,
)
from holdfast.incidents.model import Incident
from holdfast.incidents.record import actions as record
from holdfast.incidents.record import queries as entries
from holdfast.incidents.record.evidence import stands
from holdfast.incidents.record.model import EntryKind, Evidence, EvidenceKind
from holdfast.incidents.roles import queries as roles
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.sdk import clean_line, clean_text


@dataclass(frozen=True, slots=True)
class Proposal:
    """An option as somebody describes it; what is None or empty is as the catalogue has it."""

    kind: MitigationKind
    title: str = ""
    target: str = ""
    risk: Risk | None = None
    reversibility: Reversibility | None = None
    expected_minutes: int | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    hypothesis: str = ""
    references: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    not_available: Mapping[EvidenceKind, str] = field(default_factory=dict)
    reason: str = ""
    tried: tuple[str, ...] = ()
    data_loss: str = ""
    captured: bool | None = None
    check: str = ""
    wait: timedelta | None = None
    break_glass: str = ""


def propose(tx: Tx, name: str, proposal: Proposal) -> Mitigation:
    """Puts an option on the list. What needs nobody's yes is approved at once.

    Raises NoSuchIncident, Ended, NoSuchHypothesis, NoSuchEntry, Invalid, and Refused:
    PARAM_OUT_OF_RANGE, MITIGATION_NEEDS_EVIDENCE (ledger S0-23, S1-37, S1-38).
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    must_go_on(incident)
    _check(tx, incident, proposal)
    faults = tuple(catalogue.faults(proposal.kind, proposal.parameters))
    uphold(tx, PARAMETERS, ParameterFacts(faults), about=incident.id)
    pieces = record.brought(tx, incident.id, proposal.evidence)
    grounded = ReferenceFacts(_grounded(tx, incident, proposal, pieces))
    uphold(tx, PROPOSE, grounded, about=incident.id, reason=proposal.break_glass)
    made = Mitigation(
        id=tx.chance.ordered_id("mi"),
        incident=incident.id,
        kind=proposal.kind,
        target=clean_line(proposal.target, TARGET_CHARS_MAX)[0],
        risk=catalogue.risk_of(proposal.kind, proposal.risk),
        state=MitigationState.PROPOSED,
        proposed_at=tx.now,
        proposed_by=named(tx.actor),
        plan=_plan(tx, incident, proposal),
        evidence=pieces,
        approvals=_own_approval(tx, incident),
    )
    mitigation = machine.settled(made)
    store.save(tx, mitigation)
    entry = record.written(
        tx,
        incident.id,
        EntryKind.ACTION,
        words.proposed(mitigation),
        about=mitigation.id,
        proof=pieces,
    )
    tx.record(
        MitigationProposed(
            incident.id, mitigation.id, mitigation.kind.value, mitigation.risk.value, entry.id
        )
    )
    return mitigation


def attach(
    tx: Tx,
    name: str,
    mitigation_id: str,
    proof: Sequence[Evidence],
    *,
    not_available: Mapping[EvidenceKind, str] | None = None,
) -> Mitigation:
    """More evidence for an option, or why there is none of a kind (ledger S0-24)."""
    permissions.require(tx.actor, "incidents.respond")
    incident, mitigation = taken(tx, name, mitigation_id)
    _still_open(mitigation)
    excused = {**mitigation.plan.not_available, **_excuses(not_available or {})}
    pieces = record.brought(tx, incident.id, proof)
    more = replace(
        mitigation,
        evidence=(*mitigation.evidence, *pieces),
        plan=replace(mitigation.plan, not_available=excused),
    )
    settled = machine.settled(more)
    said = f"Evidence for {mitigation.plan.title}."
    tell(tx, mitigation, settled, said, proof=pieces)
    return settled


def approve(
    tx: Tx,
    name: str,
    mitigation_id: str,
    *,
    said: str = "",
    reason: str = "",
    break_glass: str = "",
) -> Mitigation:
    """This person says yes; the commander's and a second person's yes are needed for risky ones.

    `reason`: why not an option of lower risk. Repeated, it changes nothing. Raises Refused:
    TWO_PERSON, EVIDENCE_INCOMPLETE, HUMAN_REQUIRED (ledger S4-18, S1-42, S0-40).
    """
    permissions.require(tx.actor, "incidents.respond")
    incident, mitigation = taken(tx, name, mitigation_id)
    by = named(tx.actor)
    is_command = roles.is_command(tx, incident)
    if any(each.by == by and each.command >= is_command for each in mitigation.approvals):
        return mitigation
    _still_open(mitigation)
    glass = break_glass or mitigation.plan.glass
    pair = PairFacts(
        mitigation.last_resort, by, frozenset({mitigation.proposed_by}), "ask for it and allow it"
    )
    uphold(tx, PAIR, pair, about=incident.id, reason=glass)
    missing = EvidenceFacts(machine.evidence_missing(mitigation))
    uphold(tx, EVIDENCE, missing, about=incident.id, reason=glass)
    uphold(tx, HUMAN, HumanFacts(tx.actor.user_id), about=incident.id)
    approval = Approval(by, tx.now, is_command, clean_text(said, TEXT_CHARS_MAX)[0])
    plan = mitigation.plan
    if reason:
        plan = replace(plan, reason=clean_text(reason, TEXT_CHARS_MAX)[0])
    approved = machine.settled(
        replace(mitigation, approvals=(*mitigation.approvals, approval), plan=plan)
    )
    store.save(tx, approved)
    entry = record.written(
        tx,
        incident.id,
        EntryKind.DECISION,
        words.approved(approved, command=is_command, words=approval.words),
        about=approved.id,
    )
    tx.record(MitigationApproved(incident.id, approved.id, by, is_command, entry.id))
    return approved


def withdraw(tx: Tx, name: str, mitigation_id: str) -> Mitigation:
    """Nobody wants this option any more. Repeated, it changes nothing."""
    permissions.require(tx.actor, "incidents.respond")
    _, mitigation = taken(tx, name, mitigation_id)
    if mitigation.state is MitigationState.WITHDRAWN:
        return mitigation
    gone = machine.moved(mitigation, MitigationState.WITHDRAWN)
    tell(tx, mitigation, gone, words.withdrawn(gone))
    return gone


def _plan(tx: Tx, incident: Incident, proposal: Proposal) -> Plan:
    template = catalogue.CATALOGUE[proposal.kind]
    minutes = proposal.expected_minutes
    return Plan(
        title=clean_line(proposal.title, TITLE_CHARS_MAX)[0] or template.title,
        parameters=dict(proposal.parameters),
        command=catalogue.rendered(proposal.kind, proposal.parameters).command,
        reversibility=proposal.reversibility or template.reversibility,
        expected_minutes=template.minutes if minutes is None else minutes,
        hypothesis=proposal.hypothesis,
        references=proposal.references,
        without_cause=not _cause_known(tx, incident, proposal),
        not_available=_excuses(proposal.not_available),
        reason=clean_text(proposal.reason, TEXT_CHARS_MAX)[0],
        tried=tuple(clean_line(each, TITLE_CHARS_MAX)[0] for each in proposal.tried),
        data_loss=clean_line(proposal.data_loss, TEXT_CHARS_MAX)[0],
        captured=proposal.captured,
        check=clean_line(proposal.check, TEXT_CHARS_MAX)[0] or template.check,
        wait=template.wait if proposal.wait is None else proposal.wait,
        glass=clean_text(proposal.break_glass, TEXT_CHARS_MAX)[0],
    )


def _check(tx: Tx, incident: Incident, proposal: Proposal) -> None:
    if len(store.of(tx, incident.id)) >= MITIGATIONS_MAX:
        raise Invalid(f"At most {MITIGATIONS_MAX} mitigations.", fields={"kind": "too many"})
    limits = (
        ("parameters", len(proposal.parameters), PARAMETERS_MAX),
        ("references", len(proposal.references), REFERENCES_MAX),
        ("tried", len(proposal.tried), TRIED_MAX),
    )
    for what, count, most in limits:
        if count > most:
            raise Invalid(f"At most {most} {what}.", fields={what: "too many"})
    if proposal.wait is not None and not timedelta() <= proposal.wait <= WAIT_MAX:
        raise Invalid("A wait is at most 6h.", fields={"wait": "0s to 6h"})
    for entry in proposal.references:
        entries.entry(tx, incident.id, entry)
    if proposal.hypothesis:
        hypotheses.hypothesis(tx, incident.id, proposal.hypothesis)


def _grounded(tx: Tx, incident: Incident, proposal: Proposal, pieces: Sequence[Evidence]) -> bool:
    """A hypothesis, evidence, or an entry that has some."""
    if proposal.hypothesis or any(stands(piece) for piece in pieces):
        return True
    return bool(entries.evidenced(tx, incident.id, proposal.references))


def _cause_known(tx: Tx, incident: Incident, proposal: Proposal) -> bool:
    confirmed = {each.id for each in hypotheses.confirmed(tx, incident.id)}
    return proposal.hypothesis in confirmed


def _own_approval(tx: Tx, incident: Incident) -> tuple[Approval, ...]:
    """What the commander asks for needs no second word from the commander."""
    if tx.actor.user_id is None or not roles.is_command(tx, incident):
        return ()
    return (Approval(named(tx.actor), tx.now, command=True, words="proposed it"),)


def _excuses(not_available: Mapping[EvidenceKind, str]) -> dict[EvidenceKind, str]:
    return {kind: clean_text(why, TEXT_CHARS_MAX)[0] for kind, why in not_available.items() if why}


def _still_open(mitigation: Mitigation) -> None:
    if mitigation.state not in OPTIONS:
        raise NotThatState(f"It is {mitigation.state.value} already.", remedy="Look at it again.")
