"""How an escalation climbs its plan. Pure: no clock, no database, no network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from holdfast.escalation.model import Escalation, EscalationState, Step


@dataclass(frozen=True, slots=True)
class Climbed:
    """Page the targets of `step`, then look again at that instant."""

    next: Escalation
    step: Step
    number: int  # of the step, from 0
    look_again: datetime


@dataclass(frozen=True, slots=True)
class Finished:
    """There is no further step: the last resort is what is left."""

    next: Escalation


def climb(escalation: Escalation, now: datetime) -> Climbed | Finished:
    """One rung up. A plan without steps is finished at once."""
    assert escalation.state is EscalationState.CLIMBING
    plan = escalation.plan
    if escalation.step >= len(plan.steps):
        if escalation.round >= plan.repeat or not plan.steps:
            return Finished(
                replace(escalation, state=EscalationState.EXHAUSTED, look_again_at=None)
            )
        return climb(replace(escalation, step=0, round=escalation.round + 1), now)
    step = plan.steps[escalation.step]
    look_again = now + step.wait
    return Climbed(
        next=replace(escalation, step=escalation.step + 1, look_again_at=look_again),
        step=step,
        number=escalation.step,
        look_again=look_again,
    )


def skip(climbed: Climbed, now: datetime) -> Escalation:
    """The state after a step that reached nobody: the next one is due at once."""
    return replace(climbed.next, look_again_at=now)


def steps_left(escalation: Escalation) -> int:
    """How many rungs are still to come: the bound of any loop over `climb`."""
    plan = escalation.plan
    return len(plan.steps) * (plan.repeat - escalation.round + 1) - escalation.step + 1
