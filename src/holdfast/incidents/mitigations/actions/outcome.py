"""Say what came of a mitigation, undo it, and be asked when nobody says anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.access import named
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.mitigations import machine, queries, words
from holdfast.incidents.mitigations.actions.carry_out import CLOCK_PREFIX
from holdfast.incidents.mitigations.actions.taken import taken, tell
from holdfast.incidents.mitigations.guardrails import WAIT, WaitFacts
from holdfast.incidents.mitigations.model import (
    TEXT_CHARS_MAX,
    Mitigation,
    MitigationState,
    NoSuchMitigation,
    RevertReminded,
    Run,
)
from holdfast.incidents.model import Incident
from holdfast.incidents.record import actions as record
from holdfast.incidents.record.model import EntryKind, Evidence, Milestone
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.sdk import clean_line, clean_text

REVERT_REMINDED_AFTER = timedelta(hours=1)
OUTCOME_ASKED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, and what was measured afterwards."""

    result: str = ""
    impact_after: str = ""
    evidence: tuple[Evidence, ...] = ()
    break_glass: str = ""


def verify(tx: Tx, name: str, mitigation_id: str, outcome: Outcome) -> Mitigation:
    """It has worked, and somebody looked. Repeated, it changes nothing.

    Raises NotThatState, Refused: WAIT_NOT_ELAPSED (ledger S1-51, S4-89).
    """
    permissions.require(tx.actor, "incidents.respond")
    incident, mitigation = taken(tx, name, mitigation_id)
    if mitigation.state is MitigationState.VERIFIED:
        return mitigation
    machine.moved(mitigation, MitigationState.VERIFIED)
    facts = WaitFacts(_run(mitigation).wait_until, tx.now)
    uphold(tx, WAIT, facts, about=incident.id, reason=outcome.break_glass)
    verified = _ended(tx, incident, mitigation, outcome, MitigationState.VERIFIED)
    if queries.stays(verified):
        clocks.start(tx, incident.id, _clock(verified), tx.now + REVERT_REMINDED_AFTER)
    return verified


def fail(tx: Tx, name: str, mitigation_id: str, outcome: Outcome) -> Mitigation:
    """It has not worked: the next option may be tried. Repeated, it changes nothing."""
    permissions.require(tx.actor, "incidents.respond")
    incident, mitigation = taken(tx, name, mitigation_id)
    if mitigation.state is MitigationState.FAILED:
        return mitigation
    return _ended(tx, incident, mitigation, outcome, MitigationState.FAILED)


def revert(tx: Tx, name: str, mitigation_id: str) -> Mitigation:
    """It was undone. Repeated, it changes nothing."""
    permissions.require(tx.actor, "incidents.respond")
    incident, mitigation = taken(tx, name, mitigation_id)
    if mitigation.state is MitigationState.REVERTED:
        return mitigation
    moved = machine.moved(mitigation, MitigationState.REVERTED)
    undone = replace(moved, run=replace(_run(moved), reverted_at=tx.now))
    tell(tx, mitigation, undone, words.reverted(undone))
    clocks.stop(tx, incident.id, _clock(undone))
    return undone


def look_again(tx: Tx, incident_id: str, name: str) -> None:
    """The clock of a mitigation ran out: nobody has said whether it worked, or it is still in
    place although it was meant for the incident only (ledger S1-41)."""
    incident = incidents.incident(tx, incident_id)
    try:
        found = queries.mitigation(tx, incident_id, name.removeprefix(CLOCK_PREFIX))
    except NoSuchMitigation:
        clocks.stop(tx, incident_id, name)
        return
    if queries.stays(found) and not incident.ended:
        said, again = words.still_off(found), REVERT_REMINDED_AFTER
        tx.record(RevertReminded(incident_id, found.id))
    elif found.executing and incident.active:
        said, again = words.no_outcome(found), OUTCOME_ASKED_EVERY
    else:
        clocks.stop(tx, incident_id, name)
        return
    record.written(tx, incident_id, EntryKind.COORDINATION, said, about=found.id)
    clocks.start(tx, incident_id, name, tx.now + again)


def _ended(
    tx: Tx, incident: Incident, mitigation: Mitigation, outcome: Outcome, to: MitigationState
) -> Mitigation:
    moved = machine.moved(mitigation, to)
    worked = to is MitigationState.VERIFIED
    run = replace(
        _run(moved),
        ended_at=tx.now,
        result=clean_text(outcome.result, TEXT_CHARS_MAX)[0],
        impact_after=clean_line(outcome.impact_after, TEXT_CHARS_MAX)[0],
        verified_by=named(tx.actor) if worked else None,
    )
    pieces = record.brought(tx, incident.id, outcome.evidence)
    ended = replace(moved, run=run, evidence=(*moved.evidence, *pieces))
    tell(
        tx,
        mitigation,
        ended,
        words.ended(ended, run, worked=worked),
        proof=pieces,
        milestone=Milestone.MITIGATION if worked else None,
    )
    clocks.stop(tx, incident.id, _clock(ended))
    return ended


def _run(mitigation: Mitigation) -> Run:
    assert mitigation.run is not None, "the machine lets nothing end that has not begun"
    return mitigation.run


def _clock(mitigation: Mitigation) -> str:
    return f"{CLOCK_PREFIX}{mitigation.id}"
