"""Ask about the decision log."""

from __future__ import annotations

from holdfast.incidents.decisions.model import Decision, DecisionState, NoSuchDecision
from holdfast.incidents.decisions.written import decision as read
from holdfast.incidents.record import queries as record
from holdfast.kernel.tx import Tx


def decisions(tx: Tx, incident_id: str) -> list[Decision]:
    """Decisions, proposals and what is being asked, oldest first."""
    found = (read(entry) for entry in record.decisions(tx, incident_id))
    return [each for each in found if each is not None]


def decision(tx: Tx, incident_id: str, decision_id: str) -> Decision:
    """Raises NoSuchDecision, NoSuchEntry."""
    found = read(record.entry(tx, incident_id, decision_id))
    if found is None:
        raise NoSuchDecision
    return found


def waiting(tx: Tx, incident_id: str) -> list[Decision]:
    """What waits for command."""
    return [each for each in decisions(tx, incident_id) if each.state is not DecisionState.DECIDED]
