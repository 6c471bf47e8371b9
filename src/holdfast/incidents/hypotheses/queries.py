"""Ask about the hypothesis board and the five resources."""

from __future__ import annotations

from holdfast.incidents.hypotheses import store
from holdfast.incidents.hypotheses.model import (
    Hypothesis,
    NoSuchHypothesis,
    Resource,
    ResourceCheck,
)
from holdfast.incidents.record.model import Certainty
from holdfast.kernel.tx import Tx


def hypotheses(tx: Tx, incident_id: str) -> list[Hypothesis]:
    """All of one incident, oldest first."""
    return store.of(tx, incident_id)


def hypothesis(tx: Tx, incident_id: str, hypothesis_id: str) -> Hypothesis:
    """Raises NoSuchHypothesis, also for one of another incident."""
    for each in store.of(tx, incident_id):
        if each.id == hypothesis_id:
            return each
    raise NoSuchHypothesis


def confirmed(tx: Tx, incident_id: str) -> list[Hypothesis]:
    """The causes that evidence bears out, oldest first."""
    return [each for each in store.of(tx, incident_id) if each.certainty is Certainty.CONFIRMED]


def resources(tx: Tx, incident_id: str) -> dict[Resource, ResourceCheck | None]:
    """The checklist of what runs out; None: nobody has looked (ledger S2-24)."""
    found = {check.resource: check for check in store.checks_of(tx, incident_id)}
    return {resource: found.get(resource) for resource in Resource}


def unchecked(tx: Tx, incident_id: str) -> list[Resource]:
    """The resources that nobody has looked at."""
    return [name for name, check in resources(tx, incident_id).items() if check is None]
