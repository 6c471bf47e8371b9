"""What the verbs on mitigations have in common: locking one, and telling that it moved."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.incidents import queries as incidents
from holdfast.incidents.mitigations import store
from holdfast.incidents.mitigations.model import Mitigation, MitigationMoved, NoSuchMitigation
from holdfast.incidents.model import Ended, Incident
from holdfast.incidents.record import actions as record
from holdfast.incidents.record.model import EntryKind, Evidence, Milestone
from holdfast.kernel.tx import Tx


def taken(tx: Tx, name: str, mitigation_id: str) -> tuple[Incident, Mitigation]:
    """The incident and its mitigation, both locked: two people at once take turns.

    Raises NoSuchIncident, NoSuchMitigation.
    """
    incident = incidents.take(tx, name)
    mitigation = store.take(tx, mitigation_id)
    if mitigation is None or mitigation.incident != incident.id:
        raise NoSuchMitigation
    return incident, mitigation


def must_go_on(incident: Incident) -> None:
    """Raises Ended: what is over is not mitigated; undoing and judging stay possible."""
    if incident.ended:
        raise Ended(f"{incident.number} is over.", remedy="Reopen it, or declare a new incident.")


def tell(
    tx: Tx,
    before: Mitigation,
    after: Mitigation,
    words: str,
    *,
    proof: Sequence[Evidence] = (),
    milestone: Milestone | None = None,
) -> None:
    """Keeps the mitigation as it is now, with an entry and an event that say so."""
    store.save(tx, after)
    entry = record.written(
        tx,
        after.incident,
        EntryKind.ACTION,
        words,
        about=after.id,
        proof=proof,
        milestone=milestone,
    )
    tx.record(
        MitigationMoved(after.incident, after.id, before.state.value, after.state.value, entry.id)
    )
