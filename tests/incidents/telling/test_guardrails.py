"""What a message must carry, and what may not be claimed yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from holdfast.guardrails.model import Pass, Refuse
from holdfast.incidents.model import Phase
from holdfast.incidents.telling import guardrails
from holdfast.incidents.telling.guardrails import (
    DurationFacts,
    FieldFacts,
    PromiseFacts,
    RecoveryFacts,
    WordsFacts,
)
from holdfast.incidents.telling.lint import Reading, findings
from holdfast.practice.model import Audience

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PROMISE = PromiseFacts(
    audience=Audience.LEADERS, final=False, required=True, next_update_at=NOW + 30 * MINUTE,
    every=30 * MINUTE, now=NOW,
)  # fmt: skip
RECOVERY = RecoveryFacts(
    final=True, phase=Phase.MONITORING, restored_at=NOW - 30 * MINUTE, verified_at=NOW, now=NOW
)


def required(**changed: Any) -> object:
    return guardrails.it_says_when_the_next_one_comes.judge(replace(PROMISE, **changed))


def in_time(**changed: Any) -> object:
    return guardrails.it_comes_within_the_cadence.judge(replace(PROMISE, **changed))


def recovered(**changed: Any) -> object:
    return guardrails.it_is_over_only_when_it_held.judge(replace(RECOVERY, **changed))


@pytest.mark.ledger("S0-32", "S4-45")
def test_a_message_of_the_worst_levels_without_a_next_time_is_refused_with_the_time_to_take() -> (
    None
):
    refusal = required(next_update_at=None)
    assert isinstance(refusal, Refuse)
    assert "10:30 UTC" in refusal.remedy
    assert required() == Pass()
    assert required(next_update_at=None, final=True) == Pass()
    assert required(next_update_at=None, required=False) == Pass()


@pytest.mark.parametrize("minutes", [0, -1])
def test_a_next_time_that_has_passed_is_none(minutes: int) -> None:
    assert isinstance(required(next_update_at=NOW + minutes * MINUTE), Refuse)


@pytest.mark.ledger("S0-32")
def test_a_next_time_beyond_the_cadence_is_refused_to_the_second() -> None:
    assert in_time() == Pass()
    late = in_time(next_update_at=NOW + 30 * MINUTE + timedelta(seconds=1))
    assert isinstance(late, Refuse)
    assert in_time(next_update_at=NOW + timedelta(days=2), every=None) == Pass()


@pytest.mark.ledger("S4-37")
def test_the_first_blank_field_is_named_before_all() -> None:
    refusal = guardrails.every_field_is_filled.judge(FieldFacts(("commander", "impact")))
    assert isinstance(refusal, Refuse)
    assert refusal.why.startswith("commander:")
    assert guardrails.every_field_is_filled.judge(FieldFacts(())) == Pass()


@pytest.mark.ledger("S4-39")
def test_a_typed_duration_that_differs_is_refused() -> None:
    judge = guardrails.the_duration_is_computed.judge
    assert judge(DurationFacts(None, 90 * MINUTE)) == Pass()
    assert judge(DurationFacts(90 * MINUTE, 90 * MINUTE)) == Pass()
    refusal = judge(DurationFacts(83 * MINUTE, 90 * MINUTE))
    assert isinstance(refusal, Refuse)
    assert "1 h 30 min" in refusal.why
    assert isinstance(judge(DurationFacts(90 * MINUTE, None)), Refuse)


@pytest.mark.ledger("S0-33")
@pytest.mark.parametrize(
    ("changed", "passes"),
    [
        ({}, True),
        ({"verified_at": NOW + MINUTE}, False),
        ({"verified_at": None}, False),
        ({"restored_at": None}, False),
        ({"phase": Phase.MITIGATING}, False),
        ({"phase": Phase.DECLARED, "restored_at": None, "verified_at": None}, False),
        ({"phase": Phase.RESOLVED, "verified_at": None}, True),
        ({"phase": Phase.FALSE_ALARM, "restored_at": None, "verified_at": None}, True),
        ({"phase": Phase.MITIGATING, "final": False}, True),
    ],
)
def test_nobody_is_told_that_it_is_over_before_it_held(
    changed: dict[str, Any], *, passes: bool
) -> None:
    assert isinstance(recovered(**changed), Pass) is passes


@pytest.mark.ledger("S4-44")
def test_errors_in_what_customers_read_are_named_and_warnings_pass() -> None:
    reading = Reading(Audience.CUSTOMERS, 1)
    wrong = WordsFacts(findings("We think the replica is slow.", reading))
    refusal = guardrails.customers_read_facts.judge(wrong)
    assert isinstance(refusal, Refuse)
    assert "We think" in refusal.why
    assert "replica" not in refusal.why
    hinted = WordsFacts(findings("The replica is slow.", reading))
    assert hinted.findings
    assert guardrails.customers_read_facts.judge(hinted) == Pass()
