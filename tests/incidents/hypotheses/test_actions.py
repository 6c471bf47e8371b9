"""Stating, testing and judging possible causes."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.clocks import queries as clocks
from holdfast.incidents.hypotheses import actions, queries
from holdfast.incidents.hypotheses.actions import Stated
from holdfast.incidents.hypotheses.model import (
    HypothesisJudged,
    NoSuchHypothesis,
    Resource,
    ResourceState,
)
from holdfast.incidents.model import Phase
from holdfast.incidents.record import actions as record
from holdfast.incidents.record import queries as entries
from holdfast.incidents.record.model import (
    Certainty,
    EntryKind,
    Evidence,
    EvidenceKind,
    Ground,
    Milestone,
    NothingToJudge,
)
from holdfast.kernel.actor import SYSTEM
from holdfast.paging.notifications import queries as notifications
from holdfast.practice.model import RoleKey
from tests.support.record import MINUTE, Room, room

__all__ = ["room"]

LOG = Evidence(EvidenceKind.LOG, value="pool exhausted: 40/40")
CONFIRMED = Ground(Certainty.CONFIRMED, (LOG,), "the pool is full")
REFUTED = Ground(Certainty.REFUTED, (LOG,), "reads work")


def runs_out(room: Room, name: str, minutes: int) -> None:
    """The clock of that name runs out so many minutes after the beginning."""
    room.story.clock.jump_to(room.story.start + minutes * MINUTE)
    with room.story.database.begin(SYSTEM) as tx:
        actions.look_again(tx, room.id, name)


def said(room: Room, kind: EntryKind) -> list[str]:
    with room.as_("ana") as tx:
        return [line.text for line in entries.entries(tx, room.id) if line.kind is kind]


@pytest.mark.ledger("S2-17")
def test_a_hypothesis_without_a_test_is_taken_and_flagged_as_untested(room: Room) -> None:
    with room.as_("ana") as tx:
        actions.state(tx, room.id, Stated("It is DNS"))
        actions.state(tx, room.id, Stated("It is the pool", "Writes wait, reads do not", "bo"))
        first, second = queries.hypotheses(tx, room.id)
    assert (first.untested, first.owner, first.open) == (True, "ana", True)
    assert (second.untested, second.owner) == (False, "bo")
    assert said(room, EntryKind.ASSUMPTION)[0] == "Hypothesis, untested: It is DNS"


@pytest.mark.ledger("S2-18")
@pytest.mark.refuses("EVIDENCE_REQUIRED")
@pytest.mark.parametrize(
    "verdict", [Certainty.CONFIRMED, Certainty.REFUTED, Certainty.INCONCLUSIVE]
)
def test_a_verdict_without_evidence_is_refused(room: Room, verdict: Certainty) -> None:
    with room.as_("ana") as tx:
        hypothesis = actions.state(tx, room.id, Stated("It is DNS"))
    with pytest.raises(Refused) as refusal, room.as_("bo") as tx:
        actions.judge(tx, room.id, hypothesis.id, Ground(verdict, ()))
    assert refusal.value.code == "EVIDENCE_REQUIRED"


@pytest.mark.ledger("S2-18", "S2-15")
def test_a_confirmed_cause_is_a_fact_with_its_evidence_and_a_milestone(room: Room) -> None:
    with room.as_("ana") as tx:
        hypothesis = actions.state(tx, room.id, Stated("It is the pool"))
        actions.add_test(tx, room.id, hypothesis.id, "Reads still work", disconfirming=True)
        judged = actions.judge(tx, room.id, hypothesis.id, CONFIRMED)
        assert actions.judge(tx, room.id, hypothesis.id, CONFIRMED) == judged
        (line,) = entries.with_milestones(tx, room.id)
        assert entries.open_assumptions(tx, room.id) == []
        assert queries.confirmed(tx, room.id) == [judged]
    assert line.milestone is Milestone.CAUSE
    assert line.entry is not None
    assert line.entry.evidence[0].value == "pool exhausted: 40/40"
    assert judged.challenged


def test_a_hypothesis_is_judged_once_and_not_tested_afterwards(room: Room) -> None:
    with room.as_("ana") as tx:
        hypothesis = actions.state(tx, room.id, Stated("It is DNS"))
        actions.judge(tx, room.id, hypothesis.id, REFUTED)
        with pytest.raises(HypothesisJudged):
            actions.judge(tx, room.id, hypothesis.id, CONFIRMED)
        with pytest.raises(HypothesisJudged):
            actions.add_test(tx, room.id, hypothesis.id, "dig")
        with pytest.raises(NoSuchHypothesis):
            actions.judge(tx, room.id, "hy_elsewhere", CONFIRMED)


def test_what_a_hypothesis_says_in_the_list_follows_its_verdict(room: Room) -> None:
    with room.as_("ana") as tx:
        hypothesis = actions.state(tx, room.id, Stated("It is DNS"))
        (entry,) = entries.about(tx, room.id, [hypothesis.id])
        with pytest.raises(NothingToJudge):
            record.refute(tx, room.id, entry.id, proof=[LOG])
        actions.judge(tx, room.id, hypothesis.id, REFUTED)
        struck = entries.entry(tx, room.id, entry.id)
        assert entries.broken(tx) is None
    assert (struck.certainty, struck.judged_by) == (Certainty.REFUTED, "ana")


def test_one_explanation_for_twenty_minutes_raises_the_alarm_and_again_later(room: Room) -> None:
    with room.as_("ana") as tx:
        hypothesis = actions.state(tx, room.id, Stated("It is DNS"))
    clock = f"hypothesis:{hypothesis.id}"
    runs_out(room, clock, 20)
    (warning,) = said(room, EntryKind.COORDINATION)
    assert "“It is DNS”" in warning
    assert "Rule out the worst case." in warning
    with room.as_("ana") as tx:
        again = clocks.clock(tx, room.id, clock)
        actions.add_test(tx, room.id, hypothesis.id, "dig", disconfirming=True)
        actions.state(tx, room.id, Stated("It is the pool"))
    assert again is not None
    assert again.due_at == room.story.start + 40 * MINUTE
    runs_out(room, clock, 40)
    assert len(said(room, EntryKind.COORDINATION)) == 1


def test_command_is_told_of_the_fixation_at_once(room: Room) -> None:
    room.holds(RoleKey.COMMAND, "cy")
    with room.as_("ana") as tx:
        hypothesis = actions.state(tx, room.id, Stated("It is DNS"))
    runs_out(room, f"hypothesis:{hypothesis.id}", 20)
    with room.as_("cy") as tx:
        told = [each.notice.title for each in notifications.about(tx, room.id)]
    assert any("“It is DNS”" in title for title in told)


def test_nobody_is_warned_once_the_hypothesis_or_the_incident_is_over(room: Room) -> None:
    with room.as_("ana") as tx:
        hypothesis = actions.state(tx, room.id, Stated("It is DNS"))
    clock = f"hypothesis:{hypothesis.id}"
    room.changes(phase=Phase.RESOLVED)
    runs_out(room, clock, 20)
    assert said(room, EntryKind.COORDINATION) == []
    with room.as_("ana") as tx:
        assert clock not in {each.name for each in clocks.running(tx, room.id)}


@pytest.mark.ledger("S2-24")
def test_resources_that_nobody_looked_at_are_listed_after_a_while(room: Room) -> None:
    with room.as_("ana") as tx:
        actions.state(tx, room.id, Stated("It is DNS"))
        actions.check_resource(tx, room.id, Resource.CPU, ResourceState.OK)
        actions.check_resource(tx, room.id, Resource.CONNECTIONS, ResourceState.EXHAUSTED)
    runs_out(room, actions.RESOURCES_CLOCK, 20)
    (reminder,) = said(room, EntryKind.COORDINATION)
    assert reminder == "Nobody has looked at memory, disk, file descriptors yet."
    with room.as_("ana") as tx:
        found = queries.resources(tx, room.id)
    connections = found[Resource.CONNECTIONS]
    assert connections is not None
    assert (connections.state, connections.by) == (ResourceState.EXHAUSTED, "ana")
    assert found[Resource.DISK] is None
