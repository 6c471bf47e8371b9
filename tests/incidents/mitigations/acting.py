"""People who propose, approve and carry out, for the tests of the verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from holdfast.guardrails import queries as guardrails
from holdfast.guardrails.model import Refused
from holdfast.incidents.mitigations.actions import Proposal
from holdfast.incidents.mitigations.model import (
    Mitigation,
    MitigationKind,
)
from holdfast.incidents.record import queries as entries
from holdfast.incidents.record.model import (
    EntryKind,
    Evidence,
    EvidenceKind,
)
from holdfast.practice.model import RoleKey
from tests.support.record import Room, room

__all__ = ["room"]

METRIC = Evidence(EvidenceKind.METRIC, value="38 % of payments fail")

ALL_THREE = (METRIC, Evidence(EvidenceKind.TRACE, link="https://t.test/1"),
             Evidence(EvidenceKind.LOG, value="pool exhausted"))  # fmt: skip

GLASS = "Nobody else is awake and customers wait."

ROLLBACK = Proposal(MitigationKind.ROLLBACK, target="checkout", evidence=(METRIC,),
                    parameters={"deployment": "checkout"})  # fmt: skip

FAILOVER = Proposal(MitigationKind.FAILOVER, target="eu", evidence=ALL_THREE)

RESTORE = Proposal(MitigationKind.RESTORE, target="orders-db", evidence=ALL_THREE)


@pytest.fixture
def staffed(room: Room) -> Room:
    """Ana commands and Bo has operations; Cy helps."""
    room.holds(RoleKey.COMMAND, "ana")
    room.holds(RoleKey.OPERATIONS, "bo")
    return room


def does(room: Room, name: str, verb: Callable[..., Mitigation], *given: Any) -> Mitigation:
    with room.as_(name) as tx:
        return verb(tx, room.id, *given)


def refused(room: Room, name: str, verb: Callable[..., Mitigation], *given: Any) -> str:
    """The code by which it is refused."""
    with pytest.raises(Refused) as refusal, room.as_(name) as tx:
        verb(tx, room.id, *given)
    assert refusal.value.code is not None
    return refusal.value.code


def noted(room: Room) -> list[tuple[str, str]]:
    """What was passed all the same, with the reason."""
    with room.as_("ana") as tx:
        return [(each.code, each.reason) for each in guardrails.overrides_about(tx, room.id)]


def said(room: Room, kind: EntryKind) -> list[str]:
    """The entries of that kind; what wrote itself is left out."""
    with room.as_("ana") as tx:
        lines = entries.entries(tx, room.id)
    return [line.text for line in lines if line.entry is not None and line.kind is kind]
