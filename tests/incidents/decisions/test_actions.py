"""The decision log: proposals, polls and command."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.decisions import actions, queries
from holdfast.incidents.decisions.model import (
    Choice,
    DecidedAlready,
    DecisionState,
    NobodyAsks,
    NoSuchDecision,
)
from holdfast.incidents.model import Phase
from holdfast.incidents.record import actions as record
from holdfast.incidents.record import queries as entries
from holdfast.incidents.record.model import Draft, EntryKind
from holdfast.kernel.errors import Invalid
from holdfast.practice.model import RoleKey
from tests.support.record import MINUTE, Room, room

__all__ = ["room"]

EVERYWHERE = Choice("Roll back everywhere", "It helped in one region", ("Roll back", "Wait"))
RISKY = Choice("Drop the cache", high_risk=True)


@pytest.fixture
def led(room: Room) -> Room:
    """Ana commands."""
    room.holds(RoleKey.COMMAND, "ana")
    return room


@pytest.mark.ledger("S4-17")
def test_the_commanders_decision_stands_with_options_and_reasons(led: Room) -> None:
    with led.as_("ana") as tx:
        made = actions.decide(tx, led.id, EVERYWHERE)
        assert queries.decisions(tx, led.id) == [made]
        (line,) = [each for each in entries.entries(tx, led.id) if each.entry]
    assert (made.state, made.decided_by) == (DecisionState.DECIDED, "ana")
    assert made.options == ("Roll back", "Wait")
    assert line.kind is EntryKind.DECISION
    assert line.text == "Roll back everywhere: It helped in one region"


@pytest.mark.ledger("S4-17")
@pytest.mark.refuses("ONLY_COMMAND_DECIDES")
def test_anybody_elses_decision_is_a_proposal_until_command_confirms_it(led: Room) -> None:
    with led.as_("bo") as tx:
        proposal = actions.decide(tx, led.id, EVERYWHERE)
        assert proposal.state is DecisionState.PROPOSED
        assert queries.waiting(tx, led.id) == [proposal]
    with pytest.raises(Refused) as refusal, led.as_("bo") as tx:
        actions.confirm(tx, led.id, proposal.id)
    assert refusal.value.code == "ONLY_COMMAND_DECIDES"
    with led.as_("ana") as tx:
        decided = actions.confirm(tx, led.id, proposal.id)
        assert actions.confirm(tx, led.id, proposal.id) == decided
        assert queries.waiting(tx, led.id) == []
        assert entries.broken(tx) is None
    assert (decided.proposed_by, decided.decided_by) == ("bo", "ana")
    with pytest.raises(DecidedAlready), led.as_("bo") as tx:
        actions.confirm(tx, led.id, proposal.id)


@pytest.mark.ledger("S4-24")
@pytest.mark.refuses("OBJECTION_POLL")
def test_a_risky_decision_is_not_made_before_people_were_asked(led: Room) -> None:
    with pytest.raises(Refused) as refusal, led.as_("ana") as tx:
        actions.decide(tx, led.id, RISKY)
    assert refusal.value.code == "OBJECTION_POLL"
    in_haste = Choice("Drop the cache", high_risk=True, no_poll_because="It burns.")
    with led.as_("ana") as tx:
        made = actions.decide(tx, led.id, in_haste)
    assert (made.state, made.no_poll_because) == (DecisionState.DECIDED, "It burns.")


@pytest.mark.ledger("S4-24")
def test_a_poll_gathers_objections_until_it_ends_and_the_decision_keeps_them(led: Room) -> None:
    asking = Choice("Drop the cache", high_risk=True, poll=2 * MINUTE)
    with led.as_("ana") as tx:
        asked = actions.decide(tx, led.id, asking)
        assert asked.state is DecisionState.ASKED
    with led.as_("bo") as tx:
        actions.answer(tx, led.id, asked.id)
        actions.answer(tx, led.id, asked.id, "The database will not bear it.")
    with led.as_("cy") as tx:
        actions.answer(tx, led.id, asked.id)
    led.story.clock.jump_to(led.story.start + timedelta(seconds=119))
    with pytest.raises(Refused) as refusal, led.as_("ana") as tx:
        actions.confirm(tx, led.id, asked.id)
    assert refusal.value.detail == "People may object for another 1s."
    led.story.clock.jump_to(led.story.start + 2 * MINUTE)
    with led.as_("ana") as tx:
        made = actions.confirm(tx, led.id, asked.id)
    assert [(each.by, each.objection) for each in made.objections] == [
        ("bo", "The database will not bear it.")
    ]
    assert len(made.answers) == 2
    with pytest.raises(NobodyAsks), led.as_("bo") as tx:
        actions.answer(tx, led.id, asked.id, "Too late.")


def test_where_the_level_needs_no_commander_whoever_works_on_it_decides(story: object) -> None:
    small = Room(story, rank=4)  # type: ignore[arg-type]  # the story fixture
    with small.as_("bo") as tx:
        assert actions.decide(tx, small.id, EVERYWHERE).state is DecisionState.DECIDED
    small.holds(RoleKey.COMMAND, "ana")
    with small.as_("bo") as tx:
        assert actions.decide(tx, small.id, EVERYWHERE).state is DecisionState.PROPOSED


@pytest.mark.parametrize(
    "choice",
    [
        Choice(" "),
        Choice("x", options=("y",) * 11),
        Choice("x", poll=timedelta(seconds=30)),
        Choice("x", poll=timedelta(hours=1)),
    ],
)
def test_a_decision_that_cannot_be_kept_is_refused_by_name(led: Room, choice: Choice) -> None:
    with pytest.raises(Invalid), led.as_("ana") as tx:
        actions.decide(tx, led.id, choice)


def test_a_note_is_no_decision(led: Room) -> None:
    with led.as_("ana") as tx:
        note = record.note(tx, led.id, Draft("hello"))
        with pytest.raises(NoSuchDecision):
            actions.confirm(tx, led.id, note.id)


def test_a_sealed_proposal_is_not_decided_afterwards(led: Room) -> None:
    with led.as_("bo") as tx:
        proposal = actions.decide(tx, led.id, EVERYWHERE)
        record.seal(tx, led.id)
    led.changes(phase=Phase.RESOLVED)
    with pytest.raises(Refused) as refusal, led.as_("ana") as tx:
        actions.confirm(tx, led.id, proposal.id)
    assert refusal.value.code == "TIMELINE_SEALED"
