"""Proves that the record is whole and that nobody is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pydantic import BaseModel, Field

from holdfast.alerts import queries as alerts
from holdfast.alerts.model import Alert, AlertStatus
from holdfast.alerts.queries import Filter
from holdfast.escalation import queries as escalation
from holdfast.escalation.actions import ESCALATION
from holdfast.escalation.model import EscalationState
from holdfast.incidents.record import queries as record
from holdfast.kernel.tx import Tx
from holdfast.storage.duties import timer_due
from holdfast.timeline.queries import verify_chain

BROKEN_MAX = 100
BATCH = 200


class ProofShape(BaseModel):
    """`unsealed` counts the tail that the chain does not hold yet; `anchor` is the chain's end."""

    ok: bool
    sealed: int
    unsealed: int
    anchor: str
    broken: str | None = Field(description="The first row that is not as it was sealed.")
    invariants: list[str] = Field(description="What does not hold, one sentence each.")


def prove(tx: Tx) -> ProofShape:
    """Walks the whole chain (ledger S0-66), compares the entries of incidents with the digests that
    it holds (ledger S0-25), then asks what must always hold."""
    chain = verify_chain(tx)
    broken = chain.broken or record.broken(tx)
    broken_invariants = list(islice(_forgotten(tx), BROKEN_MAX))
    return ProofShape(
        ok=broken is None and not broken_invariants,
        sealed=chain.sealed,
        unsealed=chain.unsealed,
        anchor=chain.anchor,
        broken=broken,
        invariants=broken_invariants,
    )


def _forgotten(tx: Tx) -> Iterator[str]:
    """Open alerts that nothing will ever page anybody about again (promises c.4: nobody is
    forgotten)."""
    for alert in _waiting(tx):
        climb = escalation.climbs(tx, [alert.id]).get(alert.id)
        if climb is None or climb.state is EscalationState.STOPPED:
            yield f"Alert {alert.code} ({alert.id}) is open, and nobody is being paged for it."
        elif (
            climb.state is EscalationState.CLIMBING and timer_due(tx, ESCALATION, alert.id) is None
        ):
            yield f"Alert {alert.code} ({alert.id}) is climbing, and no timer looks at it again."


def _waiting(tx: Tx) -> Iterator[Alert]:
    """Every alert that should wake somebody."""
    wanted = Filter(statuses=(AlertStatus.TRIGGERED,), held=False)
    batch = alerts.newest(tx, wanted, limit=BATCH)
    while batch:
        yield from batch
        last = batch[-1]
        batch = alerts.newest(tx, wanted, before=(last.triggered_at, last.id), limit=BATCH)
