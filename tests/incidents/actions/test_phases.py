"""The way from declared to closed: what every gate lets pass, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents import actions, queries
from holdfast.incidents.actions import Move
from holdfast.incidents.lifecycle import WAY
from holdfast.incidents.model import (
    Detection,
    Ended,
    Escalate,
    Impact,
    Incident,
    Kind,
    Moved,
    Phase,
)
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.roles import actions as roles
from holdfast.kernel.actor import SYSTEM
from tests.support.incidents import (
    RESOLVED,
    WAIVED,
    checks,
    clock,
    crewed,
    declares,
    finishes,
    incident,
    moves,
    practises,
    resolved,
    tells,
    triaged,
)
from tests.support.story import MINUTE, Story, person

MITIGATED = Move(mitigation="the change was undone")


def refused(story: Story, name: str, to: Phase, ask: Move | None = None, who: str = "ana") -> Any:
    """The refusal that this move meets."""
    with pytest.raises(Refused) as refusal:
        moves(story, who, name, to, ask)
    return refusal.value


def monitored(story: Story, **asked: Any) -> Incident:
    """An incident that was restored just now."""
    found = declares(crewed(story), **asked)
    triaged(story, found)
    moves(story, "ana", found.id, Phase.MITIGATING)
    return moves(story, "ana", found.id, Phase.MONITORING, MITIGATED)


def verified(story: Story, **asked: Any) -> Incident:
    """The verify window is over, somebody has looked, and everybody was told."""
    found = monitored(story, **asked)
    story.clock.jump_to(story.clock.now() + found.level.verify_window)
    checks(story, found.id)
    finishes(story, found.id)
    return incident(story, found.id)


@pytest.mark.ledger("S1-01", "S4-94", "S4-12")
def test_an_incident_walks_its_whole_way_and_its_phases_add_up(story: Story) -> None:
    found = declares(crewed(story))
    assert found.phase is Phase.DECLARED
    closed = moves(
        story,
        "ana",
        resolved(story, found).id,
        Phase.CLOSED,
        Move(waive=WAIVED),
    )
    assert closed.phase is Phase.CLOSED
    changed = [e for e in story.recorded(found.id) if e.kind == "incident.phase_changed"]
    entered = [str(event.data["after"]) for event in changed]
    assert entered == [phase.value for phase in WAY[1:]]
    assert closed.instants.resolved_at is not None
    assert closed.instants.restored_at is not None
    assert closed.instants.closed_at == changed[-1].at
    lengths = [b.at - a.at for a, b in pairwise(changed)]
    whole = changed[-1].at - found.instants.declared_at
    assert sum(lengths, changed[0].at - found.instants.declared_at) == whole


@pytest.mark.ledger("S1-01")
@pytest.mark.refuses("TRIAGE_INCOMPLETE")
def test_triage_is_not_left_out(story: Story) -> None:
    found = declares(crewed(story))
    for to in (Phase.MITIGATING, Phase.MONITORING, Phase.RESOLVED, Phase.CLOSED):
        assert refused(story, found.id, to).code == "TRIAGE_INCOMPLETE"


@pytest.mark.ledger("S2-06", "S4-11", "S4-29", "S1-07")
def test_triage_names_each_question_that_nobody_has_answered(story: Story) -> None:
    found = declares(crewed(story), unsure=(1, 2), services=())
    moves(story, "ana", found.id, Phase.TRIAGE)
    with story.database.begin(SYSTEM) as tx:
        for role, user in (("operations", "bo"), ("communications", "cy"), ("scribe", "dee")):
            roles.assign(tx, found.id, role, user)
        actions.set_impact(tx, found.id, Impact(users_affected=30))
        responders.open_war_room(tx, found.id, "https://meet.example.com/1")
    said = refused(story, found.id, Phase.MITIGATING)
    assert said.code == "TRIAGE_INCOMPLETE"
    assert said.detail == ("Triage is incomplete: severity, systems, escalation, initial update.")
    with story.database.begin(person("ana")) as tx:
        actions.confirm_severity(tx, found.id)
        actions.set_systems(tx, found.id, [], owner="bo")
        actions.answer_escalation(tx, found.id, Escalate(needed=True, to="team:payments"))
        tells(tx, found.id)
    assert moves(story, "ana", found.id, Phase.MITIGATING).phase is Phase.MITIGATING


@pytest.mark.ledger("S4-05")
@pytest.mark.refuses("IMPACT_REQUIRED")
@pytest.mark.parametrize(
    ("level", "code"),
    [
        ("SEV1", "IMPACT_REQUIRED"),
        ("SEV2", "IMPACT_REQUIRED"),
        ("SEV3", "TRIAGE_INCOMPLETE"),
    ],
)
def test_severe_incidents_say_how_many_are_hurt(story: Story, level: str, code: str) -> None:
    found = declares(crewed(story), severity=level)
    moves(story, "ana", found.id, Phase.TRIAGE)
    with story.database.begin(SYSTEM) as tx:
        for role, user in (("operations", "bo"), ("communications", "cy"), ("scribe", "dee")):
            roles.assign(tx, found.id, role, user)
    assert refused(story, found.id, Phase.MITIGATING).code == code


@pytest.mark.ledger("S1-05")
def test_unknown_impact_is_an_answer_that_is_asked_again(story: Story) -> None:
    found = declares(crewed(story))
    story.drain()
    with story.database.begin(person("ana")) as tx:
        actions.set_impact(tx, found.id, Impact(unknown=True))
    asked_after = found.pack.limits.impact_unknown_ask_after
    story.pass_time(asked_after)
    titles = [heard.message.title for heard in story.heard if heard.address == "ana@mail"]
    assert any("How many users" in title for title in titles)
    again = clock(story, found.id, "impact")
    assert again is not None
    assert again.due_at == story.start + 2 * asked_after
    with story.database.begin(person("ana")) as tx:
        actions.set_impact(tx, found.id, Impact(users_affected=3))
    stopped = clock(story, found.id, "impact")
    assert stopped is not None
    assert not stopped.running


@pytest.mark.ledger("S0-03")
@pytest.mark.refuses("IC_REQUIRED")
def test_without_a_commander_the_same_call_fails_that_passes_with_one(story: Story) -> None:
    crewed(story)
    with story.database.begin(SYSTEM) as tx:
        found = actions.declare(
            tx,
            actions.Declaration(
                title="Checkout is down", severity="SEV1", detection=Detection.TEAMMATE,
                services=("checkout",), impact=Impact(users_affected=40),
            ),
        )  # fmt: skip
        actions.move(tx, found.id, Phase.TRIAGE)
        actions.answer_escalation(tx, found.id, Escalate(needed=False))
        tells(tx, found.id)
        responders.open_war_room(tx, found.id, "https://meet.example.com/1")
        for role, user in (("operations", "bo"), ("communications", "cy"), ("scribe", "dee")):
            roles.assign(tx, found.id, role, user)
    assert refused(story, found.id, Phase.MITIGATING).code == "IC_REQUIRED"
    with story.database.begin(SYSTEM) as tx:
        roles.assign(tx, found.id, "command", "ana")
    assert moves(story, "ana", found.id, Phase.MITIGATING).phase is Phase.MITIGATING


@pytest.mark.ledger("S4-48")
@pytest.mark.refuses("WAR_ROOM_REQUIRED")
def test_where_the_level_asks_for_a_room_there_is_one(story: Story) -> None:
    practises(crewed(story), "devops-4")
    found = declares(story, severity="SEV1")
    triaged(story, found)
    with story.database.begin(person("ana")) as tx:
        actions.answer_escalation(tx, found.id, Escalate(needed=False))
    assert refused(story, found.id, Phase.MITIGATING).code == "WAR_ROOM_REQUIRED"
    with story.database.begin(person("ana")) as tx:
        responders.open_war_room(tx, found.id, "https://meet.example.com/1")
    assert moves(story, "ana", found.id, Phase.MITIGATING).phase is Phase.MITIGATING


def test_a_reason_opens_what_stands_on_the_response_path_and_tells_a_second_person(
    story: Story,
) -> None:
    found = declares(crewed(story), severity="SEV1")
    with story.database.begin(SYSTEM) as tx:
        roles.assign(tx, found.id, "operations", "bo")
    moves(story, "ana", found.id, Phase.TRIAGE)
    moved = moves(
        story, "ana", found.id, Phase.MITIGATING, Move(break_glass="everything burns, later")
    )
    assert moved.phase is Phase.MITIGATING
    assert "guardrail.overridden" in story.events(found.id)
    story.drain()
    told = [heard.address for heard in story.heard if "guardrail" in heard.message.title]
    assert told
    assert set(told) == {"bo@mail"}


@pytest.mark.refuses("VERIFY_WINDOW")
def test_with_a_reason_mitigation_is_one_call_away_and_the_end_is_not(story: Story) -> None:
    found = declares(crewed(story))
    glass = Move(break_glass="everything burns")
    moved = moves(story, "ana", found.id, Phase.MITIGATING, glass)
    assert moved.phase is Phase.MITIGATING
    entered = [
        str(event.data["after"])
        for event in story.recorded(found.id)
        if event.kind == "incident.phase_changed"
    ]
    assert entered == ["triage", "mitigating"]
    other = declares(story)
    for to in (Phase.RESOLVED, Phase.CLOSED):
        for name in (found.id, other.id):
            ask = replace(RESOLVED, break_glass="everything burns", mitigation="undone")
            assert refused(story, name, to, ask).code == "VERIFY_WINDOW"
    assert refused(story, other.id, Phase.MONITORING, replace(MITIGATED, break_glass="it burns"))


@pytest.mark.ledger("S1-36", "S2-45")
@pytest.mark.refuses("MITIGATION_MISSING")
def test_what_helped_is_said_and_the_cause_may_stay_unknown(story: Story) -> None:
    found = declares(crewed(story))
    triaged(story, found)
    moves(story, "ana", found.id, Phase.MITIGATING)
    assert refused(story, found.id, Phase.MONITORING).code == "MITIGATION_MISSING"
    story.clock.jump_to(story.start + 9 * MINUTE)
    restored = moves(
        story, "ana", found.id, Phase.MONITORING,
        replace(MITIGATED, mitigated_at=story.start + 4 * MINUTE),
    )  # fmt: skip
    assert restored.brief.cause == ""
    assert restored.instants.mitigated_at == story.start + 4 * MINUTE
    assert restored.instants.restored_at == story.start + 9 * MINUTE


@pytest.mark.ledger("S1-57", "S4-93", "S4-95")
@pytest.mark.refuses("VERIFY_WINDOW")
def test_a_second_before_the_window_is_over_it_is_not_resolved(story: Story) -> None:
    found = monitored(story)
    checks(story, found.id)
    window = found.level.verify_window
    assert window == 15 * MINUTE
    story.clock.jump_to(story.start + window - timedelta(seconds=1))
    said = refused(story, found.id, Phase.RESOLVED, RESOLVED)
    assert said.code == "VERIFY_WINDOW"
    assert "1s left" in said.detail
    assert refused(story, found.id, Phase.CLOSED, RESOLVED).code == "VERIFY_WINDOW"
    story.clock.jump_to(story.start + window)
    finishes(story, found.id)
    done = moves(story, "ana", found.id, Phase.RESOLVED, RESOLVED)
    assert done.phase is Phase.RESOLVED
    assert done.instants.resolved_at == story.start + window


@pytest.mark.ledger("S4-95")
def test_the_four_minute_close_of_the_sample_is_refused(story: Story) -> None:
    found = monitored(story, severity="SEV2")
    story.clock.jump_to(story.start + 4 * MINUTE)
    said = refused(story, found.id, Phase.CLOSED, replace(RESOLVED, waive=WAIVED))
    assert said.code == "VERIFY_WINDOW"
    assert "11m left" in said.detail


@pytest.mark.ledger("S1-57")
def test_an_alert_that_fires_again_moves_it_back_and_resets_the_window(story: Story) -> None:
    crewed(story)
    alert = story.opens()
    found = monitored(story, alert=alert)
    story.recovers()
    story.clock.jump_to(story.start + 12 * MINUTE)
    story.fires()
    back = incident(story, found.id)
    assert back.phase is Phase.MITIGATING
    assert back.instants.restored_at is None
    assert back.instants.monitoring_since is None
    assert "incident.relapsed" in story.events(found.id)
    with story.database.read(SYSTEM) as tx:
        assert len(queries.alerts_of(tx, found.id)) == 2
    window = clock(story, found.id, "verify")
    assert window is not None
    assert not window.running
    moves(story, "ana", found.id, Phase.MONITORING, MITIGATED)
    story.clock.jump_to(story.start + 26 * MINUTE)
    checks(story, found.id)
    assert refused(story, found.id, Phase.RESOLVED, RESOLVED).code == "VERIFY_WINDOW"


def test_another_alert_is_no_relapse(story: Story) -> None:
    found = monitored(story, alert=story.opens())
    story.opens("other")
    assert incident(story, found.id).phase is Phase.MONITORING


def test_by_hand_it_relapses_too(story: Story) -> None:
    found = monitored(story)
    back = moves(story, "ana", found.id, Phase.MITIGATING, Move(reason="errors again"))
    assert back.phase is Phase.MITIGATING
    assert back.instants.restored_at is None


@pytest.mark.ledger("S1-04")
@pytest.mark.refuses("REASON_REQUIRED")
def test_a_false_alarm_ends_it_with_a_reason_and_names_its_alerts(story: Story) -> None:
    alert = story.opens()
    found = declares(crewed(story), alert=alert)
    assert refused(story, found.id, Phase.FALSE_ALARM).code == "REASON_REQUIRED"
    over = moves(story, "ana", found.id, Phase.FALSE_ALARM, Move(reason="a test of the probe"))
    assert over.phase is Phase.FALSE_ALARM
    with story.database.read(SYSTEM) as tx:
        assert queries.false_alarm_count(tx, "am", "k") == 1
        assert queries.false_alarm_count(tx, "am", "another") == 0
    said = next(e for e in story.recorded(found.id) if e.kind == "incident.false_alarm")
    assert said.data["alerts"] == [alert]
    with pytest.raises(Ended):
        moves(story, "ana", found.id, Phase.TRIAGE)


def test_only_a_drill_is_cancelled(story: Story) -> None:
    drill = declares(story, kind=Kind.DRILL)
    assert moves(story, "ana", drill.id, Phase.CANCELLED).phase is Phase.CANCELLED
    with pytest.raises(Ended):
        moves(story, "ana", declares(story).id, Phase.CANCELLED)


@pytest.mark.ledger("S4-12")
@pytest.mark.refuses("PHASE_SKIPPED")
def test_with_every_gate_open_a_phase_is_still_not_skipped(story: Story) -> None:
    found = declares(crewed(story))
    triaged(story, found)
    said = refused(story, found.id, Phase.MONITORING, MITIGATED)
    assert said.code == "PHASE_SKIPPED"
    assert "mitigating" in said.detail


def test_the_same_phase_again_changes_nothing(story: Story) -> None:
    found = moves(story, "ana", declares(story).id, Phase.TRIAGE)
    count = len(story.recorded(found.id))
    assert moves(story, "bo", found.id, Phase.TRIAGE) == found
    assert len(story.recorded(found.id)) == count


def test_whoever_acts_on_an_old_version_is_told_who_was_faster_and_what_they_did(
    story: Story,
) -> None:
    found = declares(story)
    moves(story, "bo", found.id, Phase.TRIAGE)
    with pytest.raises(Moved) as told, story.database.begin(person("ana")) as tx:
        actions.move(tx, found.id, Phase.TRIAGE, seen=found.version)
    assert told.value.detail == (
        f"bo moved it to triage a moment ago: {found.number} is triage now."
    )
