"""How a role passes from one person to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.incidents.roles.model import (
    Holding,
    HoldingState,
    How,
    NotTheHolder,
    OfferedAlready,
)
from holdfast.incidents.roles.succession import accept, fault, keep, offer, pass_on, release
from holdfast.kernel.span import Span
from holdfast.practice.model import RoleKey

DECLARED = datetime(2026, 11, 15, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def held(user: str = "ana", state: HoldingState = HoldingState.HELD) -> Holding:
    return Holding("h1", "in_1", RoleKey.COMMAND, user, state, DECLARED, How.DECLARED)


def test_a_role_that_is_offered_is_still_held_until_somebody_accepts() -> None:
    offered = offer(held())
    assert offered.state is HoldingState.HANDING_OFF
    assert offered.current
    assert keep(offered) == held()


def test_the_next_one_begins_at_the_instant_at_which_the_one_before_ends() -> None:
    now = DECLARED + 5 * MINUTE
    passed = pass_on(offer(held()), "bo", now, holding_id="h2", how=How.HANDED_OFF, by="ana")
    assert (passed.released.until, passed.held.since) == (now, now)
    assert (passed.released.state, passed.held.state) == (HoldingState.RELEASED, HoldingState.HELD)
    assert passed.held.user == "bo"


def test_a_candidate_has_the_role_from_when_they_accept_and_not_from_when_they_were_asked() -> None:
    taken = accept(held(state=HoldingState.PROPOSED), DECLARED + MINUTE)
    assert (taken.state, taken.since) == (HoldingState.HELD, DECLARED + MINUTE)


def test_what_is_over_is_neither_offered_nor_passed_on_nor_released_again() -> None:
    over = release(held(), DECLARED + MINUTE)
    with pytest.raises(NotTheHolder):
        offer(over)
    with pytest.raises(NotTheHolder):
        pass_on(over, "bo", DECLARED, holding_id="h2", how=How.HANDED_OFF)
    with pytest.raises(NotTheHolder):
        release(over, DECLARED + MINUTE)
    with pytest.raises(NotTheHolder):
        accept(held(), DECLARED)


def test_a_role_is_offered_to_one_person_at_a_time() -> None:
    with pytest.raises(OfferedAlready):
        offer(offer(held()))


STEPS = st.tuples(
    st.sampled_from(["offer", "keep", "accept", "take over"]),
    st.integers(0, 30),
    st.sampled_from(["ana", "bo", "cy"]),
)


@pytest.mark.ledger("S2-08")
@given(steps=st.lists(STEPS, max_size=30), closed_after=st.integers(1, 60))
def test_whatever_is_offered_declined_accepted_or_taken_command_has_one_holder_at_any_instant(
    steps: list[tuple[str, int, str]], closed_after: int
) -> None:
    now, stints = DECLARED, [held()]
    for verb, minutes, to in steps:
        now += minutes * MINUTE
        stints = step(stints, verb, now, to)
    closed = now + closed_after * MINUTE
    stints[-1] = release(stints[-1], closed)
    assert fault(stints, Span(DECLARED, closed)) is None


def step(stints: list[Holding], verb: str, now: datetime, to: str) -> list[Holding]:
    """What people do to command at that instant; what makes no sense changes nothing."""
    *before, last = stints
    if verb == "offer" and last.state is HoldingState.HELD:
        return [*before, offer(last)]
    if verb == "keep":
        return [*before, keep(last)]
    if verb == "take over" or (verb == "accept" and last.state is HoldingState.HANDING_OFF):
        how = How.TAKEN_OVER if verb == "take over" else How.HANDED_OFF
        passed = pass_on(last, to, now, holding_id=f"h{len(stints) + 1}", how=how)
        return [*before, passed.released, passed.held]
    return stints


@pytest.mark.parametrize(
    ("gap", "said"),
    [(2, "nobody held it"), (-2, "two held it")],
)
def test_a_gap_and_an_overlap_are_named(gap: int, said: str) -> None:
    change = DECLARED + 5 * MINUTE
    first = release(held(), change)
    second = replace(held("bo"), id="h2", since=change + gap * MINUTE)
    found = fault([first, second], Span(DECLARED, DECLARED + 10 * MINUTE))
    assert found is not None
    assert said in found


def test_a_role_that_ends_before_the_incident_does_is_a_gap() -> None:
    found = fault([release(held(), DECLARED + MINUTE)], Span(DECLARED, DECLARED + 2 * MINUTE))
    assert found is not None
