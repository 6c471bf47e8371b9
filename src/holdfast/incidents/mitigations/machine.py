"""How a mitigation moves: proposed, evidence_ok, approved, executing, verified or failed, reverted.

Pure (ledger 3.3). What nobody has to look at or to allow passes through at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from holdfast.incidents.mitigations.model import (
    Mitigation,
    MitigationKind,
    MitigationState,
    NotThatState,
    Risk,
)
from holdfast.incidents.record.evidence import missing
from holdfast.incidents.record.model import EvidenceKind

_State = MitigationState
MOVES: Mapping[MitigationState, tuple[MitigationState, ...]] = {
    _State.PROPOSED: (_State.EVIDENCE_OK, _State.EXECUTING, _State.WITHDRAWN),
    _State.EVIDENCE_OK: (_State.APPROVED, _State.EXECUTING, _State.WITHDRAWN),
    _State.APPROVED: (_State.EXECUTING, _State.WITHDRAWN),
    _State.EXECUTING: (_State.VERIFIED, _State.FAILED),
    _State.VERIFIED: (_State.REVERTED,),
    _State.FAILED: (_State.REVERTED,),
    _State.REVERTED: (),
    _State.WITHDRAWN: (),
}


def moved(mitigation: Mitigation, to: MitigationState) -> Mitigation:
    """The same in its next state. Raises NotThatState, naming what is possible.

    From proposed straight to executing is the way of broken glass: the guardrails before it decide.
    """
    if to not in MOVES[mitigation.state]:
        possible = ", ".join(MOVES[mitigation.state]) or "nothing more"
        raise NotThatState(
            f"It is {mitigation.state.value}; from here it can become {possible}.",
            remedy="Look at it again.",
        )
    return replace(mitigation, state=to)


def settled(mitigation: Mitigation) -> Mitigation:
    """As far as it gets by itself: evidence that is complete, approval that nobody need give."""
    if mitigation.state is _State.PROPOSED and not evidence_missing(mitigation):
        mitigation = moved(mitigation, _State.EVIDENCE_OK)
    if mitigation.state is _State.EVIDENCE_OK and is_allowed(mitigation):
        mitigation = moved(mitigation, _State.APPROVED)
    return mitigation


def evidence_missing(mitigation: Mitigation) -> tuple[EvidenceKind, ...]:
    """What must still be looked at, or said to be out of reach, before a risky step."""
    if mitigation.risk is not Risk.HIGH:
        return ()
    return missing(mitigation.evidence, mitigation.plan.not_available)


def needs_command(mitigation: Mitigation) -> bool:
    """High risk and emergency changes are the commander's to allow (ledger S4-18)."""
    return mitigation.risk is Risk.HIGH or mitigation.kind is MitigationKind.EMERGENCY_CHANGE


def is_allowed(mitigation: Mitigation) -> bool:
    """True where everybody who must has said yes; the last resort takes two people."""
    if needs_command(mitigation) and not mitigation.approved_by_command:
        return False
    return not mitigation.last_resort or len(people_for(mitigation)) >= 2


def people_for(mitigation: Mitigation) -> frozenset[str]:
    """Whoever asked for it or allowed it."""
    return frozenset({mitigation.proposed_by, *(each.by for each in mitigation.approvals)})
