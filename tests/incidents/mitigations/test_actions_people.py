"""Who may approve and carry out, and who should not do it alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.mitigations import actions
from holdfast.incidents.mitigations.actions import Outcome, Proposal, Start
from holdfast.incidents.mitigations.model import (
    Mitigation,
    MitigationKind,
    MitigationState,
    Risk,
)
from holdfast.incidents.record.model import (
    EntryKind,
)
from holdfast.incidents.responders import queries as responders
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.people.permissions import NotPermitted
from holdfast.practice.model import RoleKey
from tests.incidents.mitigations.acting import (
    FAILOVER,
    GLASS,
    METRIC,
    RESTORE,
    ROLLBACK,
    does,
    noted,
    refused,
    room,
    said,
    staffed,
)
from tests.support.record import MINUTE, Room
from tests.support.story import Story, person

__all__ = ["room", "staffed"]


@pytest.mark.ledger("S4-18", "S4-91", "S1-40")
@pytest.mark.refuses("IC_APPROVAL_REQUIRED")
@pytest.mark.parametrize(
    "proposal",
    [Proposal(MitigationKind.EMERGENCY_CHANGE, evidence=(METRIC,)), FAILOVER],
)
def test_an_emergency_change_and_a_risky_step_wait_for_command(
    staffed: Room, proposal: Proposal
) -> None:
    option = does(staffed, "cy", actions.propose, proposal)
    does(staffed, "cy", actions.approve, option.id)
    assert refused(staffed, "bo", actions.start, option.id, Start()) == "IC_APPROVAL_REQUIRED"
    approved = does(staffed, "ana", actions.approve, option.id)
    assert does(staffed, "ana", actions.approve, option.id) == approved
    assert approved.state is MitigationState.APPROVED
    assert does(staffed, "bo", actions.start, option.id, Start()).executing
    assert len(said(staffed, EntryKind.DECISION)) >= 2


@pytest.mark.ledger("S1-42")
@pytest.mark.refuses("LAST_RESORT", "TWO_PERSON")
def test_a_restore_comes_last_and_takes_two_people_and_says_what_is_lost(staffed: Room) -> None:
    option = does(staffed, "cy", actions.propose, RESTORE)
    assert refused(staffed, "bo", actions.start, option.id, Start()) == "LAST_RESORT"
    assert refused(staffed, "cy", actions.approve, option.id) == "TWO_PERSON"
    first = does(staffed, "cy", actions.propose, ROLLBACK)
    does(staffed, "bo", actions.start, first.id, Start())
    does(staffed, "bo", actions.fail, first.id, Outcome("no change"))
    assert refused(staffed, "bo", actions.start, option.id, Start()) == "LAST_RESORT"
    stated = replace(RESTORE, data_loss="Orders since 08:00", tried=("Rolled back",))
    second = does(staffed, "cy", actions.propose, stated)
    does(staffed, "ana", actions.approve, second.id)
    assert does(staffed, "bo", actions.start, second.id, Start()).executing


@pytest.mark.ledger("S1-42")
@pytest.mark.refuses("TWO_PERSON")
def test_nobody_allows_and_does_a_risky_step_alone(room: Room) -> None:
    room.changes(severity=replace(room.incident.severity, rank=4))
    room.holds(RoleKey.COMMAND, "ana")
    option = does(room, "cy", actions.propose, FAILOVER)
    does(room, "ana", actions.approve, option.id)
    assert refused(room, "ana", actions.start, option.id, Start()) == "TWO_PERSON"
    does(room, "cy", actions.approve, option.id)
    assert does(room, "ana", actions.start, option.id, Start()).executing


@pytest.mark.ledger("S2-13")
def test_the_commander_does_not_carry_it_out_until_command_is_somebody_elses(
    staffed: Room,
) -> None:
    option = does(staffed, "cy", actions.propose, ROLLBACK)
    assert refused(staffed, "ana", actions.start, option.id, Start()) == "IC_MUST_NOT_EXECUTE"
    assert does(staffed, "bo", actions.start, option.id, Start()).executing


@pytest.mark.ledger("S0-19", "S3-11")
def test_nothing_is_done_without_command_and_operations_but_by_broken_glass(room: Room) -> None:
    option = does(room, "cy", actions.propose, ROLLBACK)
    assert refused(room, "bo", actions.start, option.id, Start()) == "IC_REQUIRED"
    room.holds(RoleKey.COMMAND, "ana")
    assert refused(room, "bo", actions.start, option.id, Start()) == "OL_REQUIRED"
    assert does(room, "bo", actions.start, option.id, Start(break_glass=GLASS)).executing
    assert noted(room) == [("OL_REQUIRED", GLASS)]


@pytest.mark.ledger("S0-19")
def test_the_first_harmless_step_is_never_more_than_one_reason_away(room: Room) -> None:
    """Nobody commands, nothing is known, and the reason is given once."""
    bare = replace(ROLLBACK, evidence=(), break_glass=GLASS)
    option = does(room, "bo", actions.propose, bare)
    assert does(room, "bo", actions.start, option.id, Start()).executing
    assert {code for code, _ in noted(room)} == {
        "MITIGATION_NEEDS_EVIDENCE", "IC_REQUIRED", "OL_REQUIRED",
    }  # fmt: skip


@pytest.mark.ledger("S0-40")
@pytest.mark.refuses("HUMAN_REQUIRED")
def test_a_program_neither_approves_nor_carries_out(staffed: Room) -> None:
    option = does(staffed, "cy", actions.propose, FAILOVER)
    with pytest.raises(Refused) as refusal, staffed.story.database.begin(SYSTEM) as tx:
        actions.approve(tx, staffed.id, option.id)
    assert refusal.value.code == "HUMAN_REQUIRED"
    harmless = does(staffed, "cy", actions.propose, ROLLBACK)
    with pytest.raises(Refused) as refusal, staffed.story.database.begin(SYSTEM) as tx:
        actions.start(tx, staffed.id, harmless.id, Start(break_glass=GLASS))
    assert refusal.value.code == "HUMAN_REQUIRED"


@pytest.mark.ledger("S4-71")
@pytest.mark.refuses("SECOND_HUMAN")
def test_whoever_was_just_woken_is_watched_while_they_do_something_risky(staffed: Room) -> None:
    option = _risky_at_night(staffed)
    does(staffed, "bo", actions.start, option.id, Start())
    assert [code for code, _ in noted(staffed)].count("SECOND_HUMAN") == 1


@pytest.mark.ledger("S4-71")
def test_a_witness_is_a_second_human_and_oneself_is_none(staffed: Room) -> None:
    option = _risky_at_night(staffed)
    does(staffed, "bo", actions.start, option.id, Start(witness="cy"))
    assert "SECOND_HUMAN" not in [code for code, _ in noted(staffed)]


def _risky_at_night(room: Room) -> Mitigation:
    """At 03:02 Bo answers a page, and at 03:10 a failover is ready for Bo."""
    story: Story = room.story
    story.clock.jump_to(story.start + timedelta(hours=18))
    story.opens()
    story.pass_time(6 * MINUTE)
    story.answers("bo")
    story.clock.jump_to(story.clock.now() + 8 * MINUTE)
    option = does(room, "cy", actions.propose, FAILOVER)
    does(room, "ana", actions.approve, option.id)
    return option


@pytest.mark.ledger("S1-40")
@pytest.mark.refuses("PRACTISED_HANDS")
def test_a_failover_that_nobody_here_has_done_before_is_noted_once(staffed: Room) -> None:
    first = does(staffed, "cy", actions.propose, FAILOVER)
    does(staffed, "ana", actions.approve, first.id)
    does(staffed, "bo", actions.start, first.id, Start())
    assert [code for code, _ in noted(staffed)] == ["PRACTISED_HANDS"]
    does(staffed, "bo", actions.fail, first.id, Outcome())
    second = does(staffed, "cy", actions.propose, FAILOVER)
    does(staffed, "ana", actions.approve, second.id)
    does(staffed, "bo", actions.start, second.id, Start())
    assert [code for code, _ in noted(staffed)] == ["PRACTISED_HANDS"]


def test_what_the_commander_proposes_needs_no_second_word_of_command(staffed: Room) -> None:
    option = does(staffed, "ana", actions.propose, FAILOVER)
    assert option.state is MitigationState.APPROVED
    assert option.risk is Risk.HIGH
    assert does(staffed, "bo", actions.start, option.id, Start()).executing


def test_somebody_who_may_only_look_proposes_nothing(room: Room) -> None:
    with pytest.raises(NotPermitted), room.story.database.begin(person("ana", Role.VIEWER)) as tx:
        actions.propose(tx, room.id, ROLLBACK)


@pytest.mark.ledger("S1-40")
def test_whoever_has_done_a_failover_before_is_paged_when_nobody_here_has(staffed: Room) -> None:
    first = does(staffed, "cy", actions.propose, FAILOVER)
    does(staffed, "ana", actions.approve, first.id)
    does(staffed, "cy", actions.start, first.id, Start())
    does(staffed, "cy", actions.fail, first.id, Outcome())
    later = Room(staffed.story, id="in_later", number="INC-2026-002")
    later.holds(RoleKey.COMMAND, "ana")
    later.holds(RoleKey.OPERATIONS, "bo")
    option = does(later, "bo", actions.propose, FAILOVER)
    does(later, "ana", actions.approve, option.id)
    does(later, "bo", actions.start, option.id, Start())
    with later.as_("ana") as tx:
        (asked,) = responders.requests(tx, later.id)
    assert asked.target == "user:cy"
    assert asked.text == "You have done this before: Switch traffic elsewhere (eu)."


def test_of_two_people_who_begin_at_the_same_instant_one_is_told_about_the_other(
    staffed: Room,
) -> None:
    made = [does(staffed, "cy", actions.propose, ROLLBACK) for _ in range(2)]
    ready = Barrier(2)

    def begins(name: str, option: str) -> str:
        ready.wait()
        try:
            staffed.story.database.transact(
                person(name), lambda tx: actions.start(tx, staffed.id, option, Start())
            )
        except Refused as refusal:
            return refusal.code or ""
        return "begun"

    with ThreadPoolExecutor(2) as people:
        ends = people.map(begins, ("bo", "cy"), (made[0].id, made[1].id))
    assert sorted(ends) == ["PARALLEL_ACTION", "begun"]
