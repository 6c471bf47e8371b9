"""Proposing, carrying out, and what came of it; and what is refused on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.clocks import queries as clocks
from holdfast.incidents.hypotheses import actions as hypotheses
from holdfast.incidents.hypotheses.actions import Stated
from holdfast.incidents.mitigations import actions, queries
from holdfast.incidents.mitigations.actions import Outcome, Proposal, Start
from holdfast.incidents.mitigations.model import (
    MitigationKind,
    MitigationState,
    NoSuchMitigation,
    NotThatState,
)
from holdfast.incidents.model import Ended, Phase
from holdfast.incidents.record import actions as record
from holdfast.incidents.record import queries as entries
from holdfast.incidents.record.model import (
    Certainty,
    Draft,
    EntryKind,
    EvidenceKind,
    Ground,
    Milestone,
    NoSuchEntry,
)
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.tx import Tx
from tests.incidents.mitigations.acting import (
    FAILOVER,
    GLASS,
    METRIC,
    ROLLBACK,
    does,
    noted,
    refused,
    room,
    said,
    staffed,
)
from tests.support.record import MINUTE, Room

__all__ = ["room", "staffed"]


@pytest.mark.ledger("S0-23")
@pytest.mark.refuses("MITIGATION_NEEDS_EVIDENCE")
def test_a_mitigation_that_refers_to_nothing_is_refused_unless_glass_is_broken(room: Room) -> None:
    bare = replace(ROLLBACK, evidence=())
    assert refused(room, "bo", actions.propose, bare) == "MITIGATION_NEEDS_EVIDENCE"
    with room.as_("bo") as tx:
        note = record.note(tx, room.id, Draft("no evidence here"))
        seen = record.note(tx, room.id, Draft("errors", EntryKind.FACT, evidence=(METRIC,)))
    pointing = replace(bare, references=(note.id,))
    assert refused(room, "bo", actions.propose, pointing) == "MITIGATION_NEEDS_EVIDENCE"
    does(room, "bo", actions.propose, replace(bare, references=(seen.id,)))
    does(room, "bo", actions.propose, replace(bare, break_glass=GLASS))
    assert noted(room) == [("MITIGATION_NEEDS_EVIDENCE", GLASS)]


def test_a_reference_that_is_not_of_this_incident_is_not_found(room: Room) -> None:
    with pytest.raises(NoSuchEntry), room.as_("bo") as tx:
        actions.propose(tx, room.id, replace(ROLLBACK, references=("en_elsewhere",)))


@pytest.mark.ledger("S1-38")
@pytest.mark.refuses("PARAM_OUT_OF_RANGE")
def test_a_hundred_thousand_replicas_are_refused_with_glass_or_without(room: Room) -> None:
    proposal = Proposal(
        MitigationKind.SCALE,
        evidence=(METRIC,),
        parameters={"deployment": "checkout", "replicas": "100000"},
        break_glass=GLASS,
    )
    assert refused(room, "bo", actions.propose, proposal) == "PARAM_OUT_OF_RANGE"


@pytest.mark.ledger("S1-37", "S4-89", "S1-36", "S2-45")
def test_a_rollback_is_proposed_started_and_verified_with_impact_before_and_after(
    staffed: Room,
) -> None:
    option = does(staffed, "cy", actions.propose, ROLLBACK)
    assert option.state is MitigationState.APPROVED
    assert option.plan.command == "kubectl rollout undo deployment/checkout"
    begun = does(staffed, "bo", actions.start, option.id, Start(impact_before="38 % fail"))
    assert (begun.state, begun.attempt) == (MitigationState.EXECUTING, 1)
    staffed.story.clock.jump_to(staffed.story.start + 2 * MINUTE)
    done = Outcome("back to normal", impact_after="0.1 % fail")
    ended = does(staffed, "bo", actions.verify, option.id, done)
    assert ended.run is not None
    assert (ended.run.impact_before, ended.run.impact_after) == ("38 % fail", "0.1 % fail")
    assert (ended.run.ended_at, ended.run.verified_by) == (staffed.story.clock.now(), "bo")
    assert does(staffed, "bo", actions.verify, option.id, done) == ended
    with staffed.as_("ana") as tx:
        (line,) = entries.with_milestones(tx, staffed.id)
        assert queries.executed_count(tx, staffed.id) == 1
    assert line.milestone is Milestone.MITIGATION
    assert "Before: 38 % fail; after: 0.1 % fail." in line.text


@pytest.mark.ledger("S1-51")
@pytest.mark.refuses("WAIT_NOT_ELAPSED")
def test_nobody_says_that_it_has_worked_after_thirty_seconds(staffed: Room) -> None:
    option = does(staffed, "cy", actions.propose, ROLLBACK)
    does(staffed, "bo", actions.start, option.id, Start())
    staffed.story.clock.jump_to(staffed.story.start + timedelta(seconds=30))
    assert refused(staffed, "bo", actions.verify, option.id, Outcome()) == "WAIT_NOT_ELAPSED"
    ended = does(staffed, "bo", actions.verify, option.id, Outcome(break_glass=GLASS))
    assert ended.state is MitigationState.VERIFIED
    assert noted(staffed) == [("WAIT_NOT_ELAPSED", GLASS)]


@pytest.mark.ledger("S0-24")
@pytest.mark.refuses("EVIDENCE_INCOMPLETE")
def test_a_risky_step_with_metrics_only_names_what_nobody_looked_at(staffed: Room) -> None:
    option = does(staffed, "cy", actions.propose, replace(FAILOVER, evidence=(METRIC,)))
    assert option.state is MitigationState.PROPOSED
    with pytest.raises(Refused) as refusal, staffed.as_("ana") as tx:
        actions.approve(tx, staffed.id, option.id)
    assert refusal.value.code == "EVIDENCE_INCOMPLETE"
    assert refusal.value.detail == "Nobody has looked at traces, logs."
    assert refused(staffed, "bo", actions.start, option.id, Start()) == "EVIDENCE_INCOMPLETE"
    excuses = {EvidenceKind.TRACE: "not instrumented", EvidenceKind.LOG: "the log host is down"}
    with staffed.as_("cy") as tx:
        ready = actions.attach(tx, staffed.id, option.id, (), not_available=excuses)
    assert ready.state is MitigationState.EVIDENCE_OK
    assert ready.plan.not_available == excuses
    does(staffed, "ana", actions.approve, option.id)
    assert does(staffed, "bo", actions.start, option.id, Start()).executing


@pytest.mark.ledger("S0-37")
@pytest.mark.refuses("LOWER_RISK_AVAILABLE")
def test_a_risky_option_waits_while_a_harmless_one_is_open(staffed: Room) -> None:
    does(staffed, "cy", actions.propose, ROLLBACK)
    option = does(staffed, "cy", actions.propose, FAILOVER)
    does(staffed, "ana", actions.approve, option.id)
    assert refused(staffed, "bo", actions.start, option.id, Start()) == "LOWER_RISK_AVAILABLE"
    why = Start(reason="The last release did not touch this.")
    assert does(staffed, "bo", actions.start, option.id, why).executing


@pytest.mark.ledger("S0-37")
def test_a_reason_alone_does_not_pass_a_harmless_option_over(staffed: Room) -> None:
    does(staffed, "cy", actions.propose, ROLLBACK)
    medium = Proposal(MitigationKind.MAINTENANCE, evidence=(METRIC,), reason="It is quicker.")
    option = does(staffed, "cy", actions.propose, medium)
    assert refused(staffed, "bo", actions.start, option.id, Start()) == "LOWER_RISK_AVAILABLE"
    does(staffed, "ana", actions.approve, option.id)
    assert does(staffed, "bo", actions.start, option.id, Start()).executing


@pytest.mark.refuses("PARALLEL_ACTION")
@pytest.mark.ledger("S0-28")
def test_no_two_people_work_on_one_target_at_once(staffed: Room) -> None:
    first = does(staffed, "cy", actions.propose, ROLLBACK)
    second = does(staffed, "cy", actions.propose, replace(ROLLBACK, target=" CHECKOUT "))
    elsewhere = does(staffed, "cy", actions.propose, replace(ROLLBACK, target="orders"))
    does(staffed, "bo", actions.start, first.id, Start())
    assert refused(staffed, "cy", actions.start, second.id, Start()) == "PARALLEL_ACTION"
    assert does(staffed, "cy", actions.start, elsewhere.id, Start()).executing
    does(staffed, "bo", actions.fail, first.id, Outcome())
    assert does(staffed, "cy", actions.start, second.id, Start()).executing


@pytest.mark.ledger("S0-12")
@pytest.mark.refuses("CADENCE_REQUIRED")
def test_above_low_risk_the_top_levels_have_a_cadence_first(staffed: Room) -> None:
    pack = staffed.incident.pack
    silent = replace(pack.levels[1], cadence={})
    quiet = replace(pack, levels=(pack.levels[0], silent, *pack.levels[2:]))
    staffed.changes(pack=quiet, severity=replace(staffed.incident.severity, rank=1))
    option = does(
        staffed, "cy", actions.propose, Proposal(MitigationKind.MAINTENANCE, evidence=(METRIC,))
    )
    assert refused(staffed, "bo", actions.start, option.id, Start()) == "CADENCE_REQUIRED"
    harmless = does(staffed, "cy", actions.propose, ROLLBACK)
    assert does(staffed, "bo", actions.start, harmless.id, Start()).executing


@pytest.mark.ledger("S1-39")
@pytest.mark.refuses("CAPTURE_FIRST")
def test_a_restart_without_dumps_goes_on_and_the_prompt_is_kept(staffed: Room) -> None:
    restart = Proposal(MitigationKind.RESTART, target="api", evidence=(METRIC,))
    first = does(staffed, "cy", actions.propose, restart)
    does(staffed, "bo", actions.start, first.id, Start())
    assert [code for code, _ in noted(staffed)] == ["CAPTURE_FIRST"]
    assert any(
        "Nobody said that dumps were captured" in t for t in said(staffed, EntryKind.COORDINATION)
    )
    second = does(staffed, "cy", actions.propose, replace(restart, target="web"))
    does(staffed, "bo", actions.start, second.id, Start(captured=True))
    assert [code for code, _ in noted(staffed)] == ["CAPTURE_FIRST"]


@pytest.mark.ledger("S0-28")
def test_two_steps_and_no_evidence_are_a_race_that_command_hears_of(staffed: Room) -> None:
    for target in ("a", "b"):
        blind = Proposal(MitigationKind.FLAG, target=target, break_glass=GLASS)
        option = does(staffed, "cy", actions.propose, blind)
        does(staffed, "bo", actions.start, option.id, Start())
    warning = said(staffed, EntryKind.COORDINATION)[-1]
    assert warning.startswith("2 mitigations were started on no pieces of evidence.")
    assert "incident.racing" in staffed.story.events(staffed.id)


@pytest.mark.ledger("S2-19")
def test_the_share_of_steps_without_a_known_cause_can_be_told(staffed: Room) -> None:
    with staffed.as_("cy") as tx:
        cause = hypotheses.state(tx, staffed.id, Stated("It is the release"))
    blind = does(staffed, "cy", actions.propose, replace(ROLLBACK, target="a"))
    knowing = replace(ROLLBACK, evidence=(), hypothesis=cause.id)
    known = does(staffed, "cy", actions.propose, knowing)
    assert known.plan.without_cause
    with staffed.as_("cy") as tx:
        ground = Ground(Certainty.CONFIRMED, (METRIC,))
        hypotheses.judge(tx, staffed.id, cause.id, ground)
    does(staffed, "bo", actions.start, blind.id, Start())
    assert not does(staffed, "bo", actions.start, known.id, Start()).plan.without_cause
    with staffed.as_("ana") as tx:
        share = queries.cause_share(tx, staffed.id)
    assert (share.with_cause, share.without_cause) == (1, 1)


@pytest.mark.ledger("S0-38")
def test_the_recorded_order_of_attempts_is_the_order_in_which_they_were_begun(
    staffed: Room,
) -> None:
    made = [
        does(staffed, "cy", actions.propose, replace(ROLLBACK, target=target))
        for target in ("a", "b", "c")
    ]
    for option in reversed(made):
        does(staffed, "bo", actions.start, option.id, Start())
    with staffed.as_("ana") as tx:
        assert [each.target for each in queries.attempts(tx, staffed.id)] == ["c", "b", "a"]


@pytest.mark.ledger("S1-41")
def test_a_flag_that_is_off_is_remembered_until_it_is_undone(staffed: Room) -> None:
    flag = Proposal(MitigationKind.FLAG, "Switch cards off", "cards", evidence=(METRIC,))
    option = does(staffed, "cy", actions.propose, flag)
    does(staffed, "bo", actions.start, option.id, Start())
    staffed.story.clock.jump_to(staffed.story.start + MINUTE)
    does(staffed, "bo", actions.verify, option.id, Outcome())
    clock = f"mitigation:{option.id}"

    def runs_out(tx: Tx) -> None:
        actions.look_again(tx, staffed.id, clock)

    staffed.story.clock.jump_to(staffed.story.start + 61 * MINUTE)
    with staffed.story.database.begin(SYSTEM) as tx:
        runs_out(tx)
        assert [each.id for each in queries.in_place(tx, staffed.id)] == [option.id]
    assert said(staffed, EntryKind.COORDINATION) == [
        "Still in place, and to be undone one day: Switch cards off (cards)."
    ]
    undone = does(staffed, "cy", actions.revert, option.id)
    assert does(staffed, "cy", actions.revert, option.id) == undone
    with staffed.story.database.begin(SYSTEM) as tx:
        runs_out(tx)
        assert queries.in_place(tx, staffed.id) == []
        assert clock not in {each.name for each in clocks.running(tx, staffed.id)}


def test_whoever_began_is_asked_what_came_of_it(staffed: Room) -> None:
    option = does(staffed, "cy", actions.propose, ROLLBACK)
    does(staffed, "bo", actions.start, option.id, Start())
    with staffed.as_("ana") as tx:
        due = clocks.clock(tx, staffed.id, f"mitigation:{option.id}")
    assert due is not None
    assert due.due_at == staffed.story.start + 15 * MINUTE
    staffed.story.clock.jump_to(due.due_at)
    with staffed.story.database.begin(SYSTEM) as tx:
        actions.look_again(tx, staffed.id, due.name)
    (asked,) = said(staffed, EntryKind.COORDINATION)
    assert asked.startswith("Nobody has said whether it worked: Roll back the last change")


@pytest.mark.ledger("S4-90")
def test_a_workaround_that_helped_is_proposed_in_the_next_incident_like_it(staffed: Room) -> None:
    way = Proposal(MitigationKind.WORKAROUND, "Pay by invoice", evidence=(METRIC,))
    option = does(staffed, "cy", actions.propose, way)
    does(staffed, "bo", actions.start, option.id, Start())
    does(staffed, "bo", actions.verify, option.id, Outcome())
    like = Room(staffed.story, id="in_next", number="INC-2026-002")
    unlike = Room(staffed.story, id="in_other", number="INC-2026-003", services=("orders-db",))
    with staffed.as_("ana") as tx:
        (found,) = queries.known_workarounds(tx, like.incident)
        assert queries.known_workarounds(tx, unlike.incident) == []
        assert queries.known_workarounds(tx, staffed.incident) == []
    assert (found.mitigation.id, found.incident.id) == (option.id, staffed.id)


def test_what_is_withdrawn_is_not_carried_out(staffed: Room) -> None:
    option = does(staffed, "cy", actions.propose, ROLLBACK)
    gone = does(staffed, "cy", actions.withdraw, option.id)
    assert does(staffed, "cy", actions.withdraw, option.id) == gone
    with pytest.raises(NotThatState), staffed.as_("bo") as tx:
        actions.start(tx, staffed.id, option.id, Start())
    with pytest.raises(NoSuchMitigation), staffed.as_("bo") as tx:
        actions.start(tx, staffed.id, "mi_elsewhere", Start())


def test_what_is_over_is_not_mitigated_but_may_be_undone(staffed: Room) -> None:
    flag = Proposal(MitigationKind.FLAG, "Switch cards off", "cards", evidence=(METRIC,))
    option = does(staffed, "cy", actions.propose, flag)
    waiting = does(staffed, "cy", actions.propose, replace(flag, target="other"))
    does(staffed, "bo", actions.start, option.id, Start())
    staffed.story.clock.jump_to(staffed.story.start + MINUTE)
    does(staffed, "bo", actions.verify, option.id, Outcome())
    staffed.changes(phase=Phase.CLOSED)
    with pytest.raises(Ended), staffed.as_("bo") as tx:
        actions.propose(tx, staffed.id, flag)
    with pytest.raises(Ended), staffed.as_("bo") as tx:
        actions.start(tx, staffed.id, waiting.id, Start())
    assert does(staffed, "bo", actions.revert, option.id).state is MitigationState.REVERTED
