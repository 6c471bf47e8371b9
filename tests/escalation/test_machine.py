"""The climb as a pure machine: which rung comes next, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from holdfast.escalation.machine import Climbed, Finished, climb, skip, steps_left
from holdfast.escalation.model import Escalation, EscalationState, Plan, Step, Target
from tests.support.database import START

MINUTE = timedelta(minutes=1)


def beginning(steps: int, repeat: int) -> Escalation:
    rungs = tuple(
        Step((Target.parse(f"user:u{number}"),), (number + 1) * MINUTE) for number in range(steps)
    )
    return Escalation("al_1", Plan("p", rungs, repeat, ()), "high")


def whole_climb(escalation: Escalation, begins: datetime) -> tuple[list[tuple[int, str]], int]:
    """(minute, person) of every page, and the minute at which nobody was left to ask."""
    now, asked = begins, []
    while isinstance(move := climb(escalation, now), Climbed):
        asked.append((int((now - begins) / MINUTE), move.step.page[0].id))
        assert move.look_again == move.next.look_again_at
        escalation, now = move.next, move.look_again
    assert move.next.state is EscalationState.EXHAUSTED
    assert move.next.look_again_at is None
    return asked, int((now - begins) / MINUTE)


@pytest.mark.parametrize(
    ("repeat", "asked", "over_at"),
    [
        (0, [(0, "u0"), (1, "u1")], 3),
        (1, [(0, "u0"), (1, "u1"), (3, "u0"), (4, "u1")], 6),
        (2, [(0, "u0"), (1, "u1"), (3, "u0"), (4, "u1"), (6, "u0"), (7, "u1")], 9),
    ],
)
def test_a_plan_is_climbed_once_and_then_as_often_as_it_says(
    repeat: int, asked: list[tuple[int, str]], over_at: int
) -> None:
    """Promises R40: another product was off by one here."""
    assert whole_climb(beginning(2, repeat), START) == (asked, over_at)


@pytest.mark.parametrize("repeat", [0, 3])
def test_a_plan_without_steps_is_finished_at_once(repeat: int) -> None:
    move = climb(beginning(0, repeat), START)
    assert isinstance(move, Finished)
    assert move.next.state is EscalationState.EXHAUSTED


def test_a_step_that_reached_nobody_is_not_waited_for() -> None:
    move = climb(beginning(2, 0), START)
    assert isinstance(move, Climbed)
    skipped = skip(move, START)
    assert skipped.look_again_at == START
    again = climb(skipped, START)
    assert isinstance(again, Climbed)
    assert again.number == 1


@pytest.mark.parametrize("repeat", [0, 1, 2])
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_the_rungs_that_are_left_bound_any_climb(steps: int, repeat: int) -> None:
    escalation = beginning(steps, repeat)
    for _ in range(steps_left(escalation)):
        assert steps_left(escalation) > 0
        move = climb(escalation, START)
        if isinstance(move, Finished):
            return
        escalation = move.next
    pytest.fail("the bound was too small: the climb had not finished")


def test_only_a_climb_that_goes_on_can_be_climbed() -> None:
    move = climb(beginning(0, 0), START)
    with pytest.raises(AssertionError):
        climb(move.next, START)
