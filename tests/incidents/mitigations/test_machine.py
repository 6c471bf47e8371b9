"""How a mitigation moves, and how options are ordered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.incidents.mitigations.machine import MOVES, moved, settled
from holdfast.incidents.mitigations.model import (
    Approval,
    Mitigation,
    MitigationKind,
    MitigationState,
    NotThatState,
    Plan,
    Risk,
)
from holdfast.incidents.record.model import Evidence, EvidenceKind
from tests.support.database import START

OPTION = Mitigation(
    "mi_1", "in_1", MitigationKind.OTHER, "api", Risk.LOW, MitigationState.PROPOSED, START, "ana",
    Plan("Do it"),
)  # fmt: skip
ALL_THREE = tuple(
    Evidence(kind, value="x")
    for kind in (EvidenceKind.METRIC, EvidenceKind.TRACE, EvidenceKind.LOG)
)
BY_COMMAND = Approval("bo", START, command=True)
BY_CY = Approval("cy", START, command=False)


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, MitigationState.APPROVED),
        ({"risk": Risk.MEDIUM}, MitigationState.APPROVED),
        ({"risk": Risk.HIGH}, MitigationState.PROPOSED),
        ({"risk": Risk.HIGH, "evidence": ALL_THREE[:1]}, MitigationState.PROPOSED),
        ({"risk": Risk.HIGH, "evidence": ALL_THREE}, MitigationState.EVIDENCE_OK),
        (
            {"risk": Risk.HIGH, "evidence": ALL_THREE, "approvals": (BY_CY,)},
            MitigationState.EVIDENCE_OK,
        ),
        (
            {"risk": Risk.HIGH, "evidence": ALL_THREE, "approvals": (BY_COMMAND,)},
            MitigationState.APPROVED,
        ),
        ({"kind": MitigationKind.EMERGENCY_CHANGE}, MitigationState.EVIDENCE_OK),
        (
            {"kind": MitigationKind.RESTORE, "risk": Risk.HIGH, "evidence": ALL_THREE,
             "approvals": (replace(BY_COMMAND, by="ana"),)},
            MitigationState.EVIDENCE_OK,
        ),
    ],
)  # fmt: skip
def test_what_needs_nobody_passes_through_and_the_rest_waits(
    changed: dict[str, object], state: MitigationState
) -> None:
    assert settled(replace(OPTION, **changed)).state is state  # type: ignore[arg-type]  # a table


@pytest.mark.ledger("S0-24")
def test_two_reasons_why_there_is_no_evidence_stand_for_two_kinds_of_it() -> None:
    excused = {EvidenceKind.TRACE: "not instrumented", EvidenceKind.LOG: "the log host is down"}
    plan = replace(OPTION.plan, not_available=excused)
    risky = replace(OPTION, risk=Risk.HIGH, evidence=ALL_THREE[:1], plan=plan)
    assert settled(risky).state is MitigationState.EVIDENCE_OK


@given(st.lists(st.sampled_from(list(MitigationState)), max_size=12))
def test_no_walk_leaves_the_table(walk: list[MitigationState]) -> None:
    current = OPTION
    for wanted in walk:
        if wanted in MOVES[current.state]:
            current = moved(current, wanted)
            assert current.state is wanted
        else:
            with pytest.raises(NotThatState):
                moved(current, wanted)


def test_what_is_over_never_runs_again() -> None:
    for state in (MitigationState.REVERTED, MitigationState.WITHDRAWN):
        assert MOVES[state] == ()
    for state in (MitigationState.VERIFIED, MitigationState.FAILED):
        assert MOVES[state] == (MitigationState.REVERTED,)
