"""Named predicates say when a postmortem is owed."""

from __future__ import annotations

import pytest

from holdfast.practice import shipped
from holdfast.practice.triggers import TRIGGERS, TriggerFacts, fired

IMOC = shipped.pack("imoc-p3")
UNION = shipped.pack("union-5")
MINOR = UNION.levels[-1]


def names(facts: TriggerFacts) -> list[str]:
    return [each.name for each in fired(UNION, MINOR, facts)]


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        (TriggerFacts(customer_impact=True), "customer_impact"),
        (TriggerFacts(data_loss=True), "data_loss"),
        (TriggerFacts(manual_steps=True), "manual_intervention"),
        (TriggerFacts(monitoring_gap=True), "monitoring_gap"),
        (TriggerFacts(escalation_level=2), "on_call_escalation"),
        (TriggerFacts(recurrences=3), "recurrence"),
    ],
)
def test_each_trigger_fires_for_its_own_reason_alone(facts: TriggerFacts, name: str) -> None:
    assert names(TriggerFacts()) == []
    assert names(facts) == [name]


def test_a_budget_is_consumed_from_five_percent_and_severely_from_twenty() -> None:
    assert names(TriggerFacts(budget_burnt=4.9)) == []
    assert names(TriggerFacts(budget_burnt=5)) == ["budget_consumed"]
    assert names(TriggerFacts(budget_burnt=21)) == ["budget_severe", "budget_consumed"]


def test_only_losing_data_cannot_be_waived() -> None:
    assert [name for name, each in TRIGGERS.items() if not each.waivable] == ["data_loss"]


def test_a_level_that_always_asks_is_a_reason_of_its_own() -> None:
    found = fired(UNION, UNION.levels[0], TriggerFacts())
    assert [(each.name, each.required) for each in found] == [("severity", True)]


def test_packs_differ_in_which_triggers_are_required_and_which_recommended() -> None:
    facts = TriggerFacts(manual_steps=True)
    assert [each.required for each in fired(IMOC, IMOC.levels[-1], facts)] == [True]
    assert [each.required for each in fired(UNION, MINOR, facts)] == [False]
