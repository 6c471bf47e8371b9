"""What people do to reduce the impact, as the room lists it: the lowest risk first."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.incidents.mitigations import queries
from holdfast.incidents.mitigations.model import (
    OPTIONS,
    Mitigation,
    MitigationKind,
    MitigationState,
    Reversibility,
)
from holdfast.incidents.mitigations.options import ordered
from holdfast.incidents.model import Incident
from holdfast.kernel.tx import Tx
from holdfast.web.faces import Faces
from holdfast.web.incidents import words
from holdfast.web.incidents.room_views import MitigationRow
from holdfast.web.layout.views import Choice

# What may be asked of one in each state: the verb of its button, and what that says.
_APPROVE = (("mitigation-approve", "Approve"), ("mitigation-withdraw", "Not this"))
_VERBS: Mapping[MitigationState, tuple[tuple[str, str], ...]] = {
    MitigationState.PROPOSED: _APPROVE,
    MitigationState.EVIDENCE_OK: _APPROVE,
    MitigationState.APPROVED: (
        ("mitigation-start", "I do it"),
        ("mitigation-withdraw", "Not this"),
    ),
    MitigationState.EXECUTING: (
        ("mitigation-verify", "It worked"),
        ("mitigation-fail", "It did not"),
    ),
    MitigationState.VERIFIED: (("mitigation-revert", "Undone"),),
}


def mitigation_rows(tx: Tx, incident: Incident, faces: Faces) -> tuple[MitigationRow, ...]:
    """What is being done first, then the options, then what was tried."""
    found = queries.mitigations(tx, incident.id)
    doing = [each for each in found if each.executing]
    options = ordered(each for each in found if each.state in OPTIONS)
    tried = [each for each in found if not each.executing and each.state not in OPTIONS]
    return tuple(_row(each, faces) for each in (*doing, *options, *tried))


def mitigation_kinds() -> tuple[Choice, ...]:
    """The catalogue, as a select offers it."""
    return tuple(Choice(kind.value, words.MITIGATIONS[kind.value]) for kind in MitigationKind)


def _row(each: Mitigation, faces: Faces) -> MitigationRow:
    who = each.proposed_by if each.run is None else each.run.executor
    return MitigationRow(
        id=each.id,
        title=each.plan.title,
        target=each.target,
        risk=each.risk.value,
        reversible=each.plan.reversibility is not Reversibility.NONE,
        minutes=each.plan.expected_minutes,
        state=each.state.value,
        state_words=words.MITIGATION_STATES[each.state.value],
        by=faces.of(who) if who in faces.users else None,
        verbs=_VERBS.get(each.state, ()),
    )
