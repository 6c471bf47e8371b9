"""The record of whole incidents, written by everything that takes part in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents.hypotheses import actions as hypotheses
from holdfast.incidents.hypotheses.actions import Stated
from holdfast.incidents.mitigations import actions as mitigations
from holdfast.incidents.mitigations.actions import Outcome, Proposal, Start
from holdfast.incidents.mitigations.model import MitigationKind
from holdfast.incidents.model import Phase
from holdfast.incidents.record import actions as record
from holdfast.incidents.record import milestones, queries
from holdfast.incidents.record.model import (
    Certainty,
    Draft,
    EntryKind,
    Evidence,
    EvidenceKind,
    Ground,
    Milestone,
)
from holdfast.incidents.roles import queries as roles
from holdfast.kernel.actor import SYSTEM
from holdfast.practice.model import RoleKey
from tests.support.incidents import (
    RESOLVED,
    checks,
    crewed,
    declares,
    finishes,
    incident,
    moves,
    triaged,
)
from tests.support.story import Story, person

MINUTE = timedelta(minutes=1)
LOG = (Evidence(EvidenceKind.LOG, value="pool exhausted"),)
ROLLBACK = Proposal(
    MitigationKind.ROLLBACK, target="checkout", parameters={"deployment": "checkout"}
)


@pytest.mark.ledger("S0-21", "S0-25", "S0-29", "S2-15", "S4-28")
def test_an_incident_from_alert_to_resolved_leaves_one_whole_sealed_record(story: Story) -> None:
    crewed(story)
    alert = story.opens()
    story.drain()
    story.answers("ana")
    found = declares(story, alert=alert, severity="SEV2")
    triaged(story, found)
    moves(story, "ana", found.id, Phase.MITIGATING)
    commander, hands = _holders(story, found.id)
    with story.database.begin(person(hands)) as tx:
        cause = hypotheses.state(tx, found.id, Stated("It is the release", "It began with it"))
        hypotheses.judge(tx, found.id, cause.id, Ground(Certainty.CONFIRMED, LOG))
        option = mitigations.propose(tx, found.id, replace(ROLLBACK, hypothesis=cause.id))
        mitigations.start(tx, found.id, option.id, Start())
    story.pass_time(2 * MINUTE)
    with story.database.begin(person(hands)) as tx:
        mitigations.verify(tx, found.id, option.id, Outcome("errors are gone"))
    story.recovers()
    moves(story, commander, found.id, Phase.MONITORING)  # what was carried out says what helped
    story.pass_time(found.level.verify_window)
    checks(story, found.id, commander)
    finishes(story, found.id, commander)
    moves(story, commander, found.id, Phase.RESOLVED, RESOLVED)
    instants = incident(story, found.id).instants
    with story.database.begin(person("cy")) as tx:
        lines = queries.entries(tx, found.id, limit=500)
        entry = next(line.entry for line in lines if line.entry is not None)
        reached = milestones.reached(instants, queries.with_milestones(tx, found.id))
        assert queries.broken(tx) is None
        amended = record.amend(tx, found.id, entry.id, "It was the release before.")
    assert {line.entry.sealed_at is not None for line in lines if line.entry} == {True}
    assert amended.marks == ("amendment",)
    assert milestones.missing(reached) == (Milestone.CLOSED,)
    assert {line.kind for line in lines} >= {
        EntryKind.SYSTEM, EntryKind.COORDINATION, EntryKind.DECISION, EntryKind.FACT,
        EntryKind.ACTION, EntryKind.COMMUNICATION,
    }  # fmt: skip
    assert [line.at for line in lines] == sorted(line.at for line in lines)


@pytest.mark.ledger("S0-25")
def test_what_is_written_after_a_reopening_is_live_again_and_sealed_at_the_next_end(
    story: Story,
) -> None:
    crewed(story)
    found = declares(story)
    with story.database.begin(person("bo")) as tx:
        first = record.note(tx, found.id, Draft("restarted api"))
        record.seal(tx, found.id)
        second = record.note(tx, found.id, Draft("again"))
        record.change(tx, found.id, second.id, text="and again")
    with pytest.raises(Refused), story.database.begin(person("bo")) as tx:
        record.change(tx, found.id, first.id, text="never")
    with story.database.begin(SYSTEM) as tx:
        assert record.seal(tx, found.id) >= 1


def test_one_explanation_alone_is_noticed_by_the_clock_of_the_practice(story: Story) -> None:
    crewed(story)
    found = declares(story)
    with story.database.begin(person("bo")) as tx:
        hypotheses.state(tx, found.id, Stated("It is DNS"))
    story.pass_time(found.pack.limits.fixation_after)
    with story.database.begin(person("bo")) as tx:
        said = [line.text for line in queries.entries(tx, found.id, limit=500)]
    assert any("Only one explanation is left, “It is DNS”" in text for text in said)
    assert any(text.startswith("Nobody has looked at CPU") for text in said)


def test_whoever_is_asked_to_help_stands_in_the_list_with_the_paging(story: Story) -> None:
    found = declares(story, severity="SEV1")
    story.drain()
    with story.database.begin(person("bo")) as tx:
        lines = queries.entries(tx, found.id, limit=500)
    assert "incident.help_requested" in {line.event for line in lines}
    assert "escalation.step_reached" in {line.event for line in lines}


def _holders(story: Story, incident_id: str) -> tuple[str, str]:
    with story.database.begin(SYSTEM) as tx:
        commander = roles.holder(tx, incident_id, RoleKey.COMMAND)
        hands = roles.holder(tx, incident_id, RoleKey.OPERATIONS)
    assert commander is not None
    assert hands is not None
    return commander, hands
