"""What asks for a postmortem: named predicates, so that a pack can choose without code. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from holdfast.practice.model import Level, Pack, Postmortem

BUDGET_PERCENT_MIN = 5.0
BUDGET_PERCENT_SEVERE = 20.0
ESCALATION_LEVEL_MIN = 2
ESCALATION_LEVEL_TOP = 4
RECURRENCES_MIN = 3


@dataclass(frozen=True, slots=True)
class TriggerFacts:
    """What an incident was, as far as triggers ask. `budget_burnt` in percent of the budget."""

    customer_impact: bool = False
    data_loss: bool = False
    budget_burnt: float = 0.0
    manual_steps: bool = False
    monitoring_gap: bool = False  # a customer told us, or somebody flagged the gap
    escalation_level: int = 1
    recurrences: int = 1  # with the same key, this one among them


@dataclass(frozen=True, slots=True)
class Predicate:
    """`says` is what people read; `waivable` False: nobody may do without."""

    says: str
    holds: Callable[[TriggerFacts], bool]
    cites: tuple[str, ...]
    waivable: bool = True


@dataclass(frozen=True, slots=True)
class Fired:
    """A reason why a postmortem is owed, or recommended."""

    name: str
    says: str
    required: bool
    waivable: bool


TRIGGERS: Mapping[str, Predicate] = {
    "any_incident": Predicate("Every incident is written up", lambda facts: True, ("S0-44",)),
    "customer_impact": Predicate(
        "Customers were affected", lambda facts: facts.customer_impact, ("S2-67", "S3-22")
    ),
    "data_loss": Predicate(
        "Data was lost", lambda facts: facts.data_loss, ("S2-69", "S3-22"), waivable=False
    ),
    "budget_consumed": Predicate(
        f"It burnt {BUDGET_PERCENT_MIN:g} % of an error budget or more",
        lambda facts: facts.budget_burnt >= BUDGET_PERCENT_MIN,
        ("S2-68",),
    ),
    "budget_severe": Predicate(
        f"It burnt {BUDGET_PERCENT_SEVERE:g} % of an error budget or more",
        lambda facts: facts.budget_burnt >= BUDGET_PERCENT_SEVERE,
        ("S2-68",),
    ),
    "manual_intervention": Predicate(
        "Somebody had to step in by hand", lambda facts: facts.manual_steps, ("S2-70",)
    ),
    "monitoring_gap": Predicate(
        "Monitoring did not notice it first", lambda facts: facts.monitoring_gap, ("S2-71",)
    ),
    "on_call_escalation": Predicate(
        "The first person on call was not enough",
        lambda facts: facts.escalation_level >= ESCALATION_LEVEL_MIN,
        ("S2-44", "S2-72"),
    ),
    "top_escalation": Predicate(
        "It climbed to the top of the escalation",
        lambda facts: facts.escalation_level >= ESCALATION_LEVEL_TOP,
        ("S4-86",),
    ),
    "recurrence": Predicate(
        f"The same trouble came {RECURRENCES_MIN} times within 30 days",
        lambda facts: facts.recurrences >= RECURRENCES_MIN,
        ("S0-08",),
    ),
}


def fired(pack: Pack, level: Level, facts: TriggerFacts) -> tuple[Fired, ...]:
    """Every reason for a postmortem, the level's own first; empty where none is asked for."""
    found = [
        Fired(trigger.name, predicate.says, trigger.required, predicate.waivable)
        for trigger in pack.triggers
        if (predicate := TRIGGERS[trigger.name]).holds(facts)
    ]
    if level.postmortem is Postmortem.REQUIRED:
        own = Fired("severity", f"{level.label} always asks for one", required=True, waivable=True)
        return (own, *found)
    return tuple(found)
