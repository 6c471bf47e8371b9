"""In which order options are shown and tried."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holdfast.incidents.mitigations.model import Mitigation, MitigationState, Risk
from holdfast.incidents.mitigations.options import (
    attempts,
    less_risky,
    on_same_target,
    ordered,
)
from tests.incidents.mitigations.test_machine import OPTION


def option(name: str, risk: Risk, minutes: int | None, **changed: object) -> Mitigation:
    made = replace(OPTION, id=name, risk=risk, plan=replace(OPTION.plan, expected_minutes=minutes))
    return replace(made, **{"state": MitigationState.APPROVED, **changed})  # type: ignore[arg-type]  # a table


@pytest.mark.ledger("S0-38")
def test_options_are_sorted_by_risk_and_then_by_time() -> None:
    slow, quick = option("slow", Risk.LOW, 30), option("quick", Risk.LOW, 5)
    unknown, risky = option("unknown", Risk.LOW, None), option("risky", Risk.HIGH, 1)
    assert ordered([risky, unknown, slow, quick]) == [quick, slow, unknown, risky]


@pytest.mark.ledger("S0-38")
def test_attempts_come_in_the_order_in_which_they_were_begun() -> None:
    second = option("b", Risk.LOW, 1, attempt=2, state=MitigationState.VERIFIED)
    first = option("a", Risk.HIGH, 9, attempt=1, state=MitigationState.FAILED)
    assert attempts([second, option("never", Risk.LOW, 1), first]) == [first, second]


@pytest.mark.ledger("S0-37")
def test_only_open_options_of_lower_risk_come_before_a_choice() -> None:
    chosen = option("chosen", Risk.HIGH, 1)
    low, medium = option("low", Risk.LOW, 9), option("medium", Risk.MEDIUM, 1)
    failed = option("failed", Risk.LOW, 1, state=MitigationState.FAILED)
    other_high = option("high", Risk.HIGH, 1)
    assert less_risky([medium, failed, other_high, chosen, low], chosen) == [low, medium]
    assert less_risky([low, medium], low) == []


def test_a_target_is_the_same_however_it_is_written() -> None:
    running = option("running", Risk.LOW, 1, target=" Checkout  API ")
    chosen = option("chosen", Risk.LOW, 1, target="checkout api")
    assert on_same_target([running], chosen) == running
    assert on_same_target([chosen], chosen) is None
    assert on_same_target([replace(running, target="")], replace(chosen, target="")) is None
