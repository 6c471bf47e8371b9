"""The way from declared to closed: what every gate lets pass, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents import actions
from holdfast.incidents.actions import Gate, Move
from holdfast.incidents.lifecycle import WAY
from holdfast.incidents.model import (
    DataRisk,
    Detection,
    Ended,
    Escalate,
    Impact,
    Incident,
    Kind,
    Moved,
    Phase,
    Remediation,
)
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.roles import actions as roles
from holdfast.kernel.actor import SYSTEM
from holdfast.timeline import queries as timeline
from tests.support.incidents import (
    LINK,
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
        assert len(actions.linking.queries.alerts_of(tx, found.id)) == 2
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


@pytest.mark.ledger("S1-56")
@pytest.mark.refuses("VERIFICATION_MISSING")
def test_somebody_has_to_look_since_it_was_restored(story: Story) -> None:
    found = declares(crewed(story))
    triaged(story, found)
    moves(story, "ana", found.id, Phase.MITIGATING)
    checks(story, found.id)
    story.clock.jump_to(story.start + MINUTE)
    moves(story, "ana", found.id, Phase.MONITORING, MITIGATED)
    story.clock.jump_to(story.start + 16 * MINUTE)
    assert refused(story, found.id, Phase.RESOLVED, RESOLVED).code == "VERIFICATION_MISSING"
    checks(story, found.id, good=False)
    assert refused(story, found.id, Phase.RESOLVED, RESOLVED).code == "VERIFICATION_MISSING"
    checks(story, found.id)
    finishes(story, found.id)
    assert moves(story, "ana", found.id, Phase.RESOLVED, RESOLVED).phase is Phase.RESOLVED


@pytest.mark.ledger("S1-56")
def test_an_alert_that_ends_meanwhile_is_a_check_by_itself(story: Story) -> None:
    found = monitored(story, alert=story.opens())
    story.clock.jump_to(story.start + 5 * MINUTE)
    story.recovers()
    seen = incident(story, found.id).checks
    assert [(check.good, check.by) for check in seen] == [(True, "holdfast")]


@pytest.mark.ledger("S0-41", "S0-54")
@pytest.mark.refuses("SLO_NOT_RECOVERED")
def test_below_its_objective_nothing_is_resolved(story: Story) -> None:
    found = verified(story)
    checks(story, found.id, what="availability", slo=True, good=False)
    assert refused(story, found.id, Phase.RESOLVED, RESOLVED).code == "SLO_NOT_RECOVERED"
    checks(story, found.id, what="availability", slo=True)
    assert moves(story, "ana", found.id, Phase.RESOLVED, RESOLVED).phase is Phase.RESOLVED


@pytest.mark.ledger("S2-52")
@pytest.mark.refuses("PROBLEM_LINK")
@pytest.mark.refuses("REMEDIATION_REQUIRED")
def test_what_is_only_mitigated_names_where_the_rest_is_owed(story: Story) -> None:
    found = verified(story)
    asked = replace(RESOLVED, remediation=None)
    assert refused(story, found.id, Phase.RESOLVED, asked).code == "REMEDIATION_REQUIRED"
    asked = replace(RESOLVED, remediation=Remediation.DEFERRED)
    assert refused(story, found.id, Phase.RESOLVED, asked).code == "PROBLEM_LINK"
    done = moves(story, "ana", found.id, Phase.RESOLVED, replace(asked, remediation_link=LINK))
    assert done.outcome.remediation_link == LINK


@pytest.mark.ledger("S4-92")
@pytest.mark.refuses("CAUSE_UNANSWERED")
def test_devops_4_asks_whether_the_cause_is_gone(story: Story) -> None:
    practises(story, "devops-4")
    found = verified(story, severity="SEV3")
    asked = replace(RESOLVED, cause_fixed="")
    assert refused(story, found.id, Phase.RESOLVED, asked).code == "CAUSE_UNANSWERED"
    done = moves(story, "ana", found.id, Phase.RESOLVED, replace(asked, cause_fixed="deferred"))
    assert done.outcome.cause_fixed == "deferred"


@pytest.mark.ledger("S0-34")
@pytest.mark.refuses("FOLLOWUP_OR_REASON")
def test_a_follow_up_is_named_or_why_there_is_none(story: Story) -> None:
    found = verified(story)
    asked = replace(RESOLVED, followup=" ")
    assert refused(story, found.id, Phase.RESOLVED, asked).code == "FOLLOWUP_OR_REASON"


@pytest.mark.ledger("S4-02")
@pytest.mark.refuses("STATUS_PAGE_UPDATE_REQUIRED")
def test_where_the_level_asks_for_it_customers_were_told(story: Story) -> None:
    practises(story, "devops-4")
    found = verified(story, severity="SEV2")
    assert refused(story, found.id, Phase.RESOLVED, RESOLVED).code == "STATUS_PAGE_UPDATE_REQUIRED"
    asked = replace(RESOLVED, waive={Gate.STATUS_PAGE: LINK})
    done = moves(story, "ana", found.id, Phase.RESOLVED, asked)
    assert dict(done.outcome.waivers) == {"status_page": LINK}


@pytest.mark.ledger("S1-17", "S4-32")
@pytest.mark.refuses("FINAL_UPDATE_MISSING")
def test_everybody_who_heard_of_it_hears_the_end(story: Story) -> None:
    found = monitored(story)
    story.clock.jump_to(story.start + found.level.verify_window)
    checks(story, found.id)
    said = refused(story, found.id, Phase.RESOLVED, RESOLVED)
    assert said.code == "FINAL_UPDATE_MISSING"
    assert "internal" in said.detail


@pytest.mark.ledger("S4-20")
@pytest.mark.refuses("ONLY_COMMAND_CLOSES")
def test_only_command_says_that_it_is_over(story: Story) -> None:
    found = verified(story)
    assert refused(story, found.id, Phase.RESOLVED, RESOLVED, "bo").code == "ONLY_COMMAND_CLOSES"
    moves(story, "ana", found.id, Phase.RESOLVED, RESOLVED)
    assert refused(story, found.id, Phase.CLOSED, None, "bo").code == "ONLY_COMMAND_CLOSES"


@pytest.mark.ledger("S0-42", "S4-12")
@pytest.mark.refuses("POSTMORTEM_REQUIRED")
@pytest.mark.refuses("RUNBOOK_REVIEW_REQUIRED")
def test_recovery_alone_does_not_close_it(story: Story) -> None:
    found = resolved(story, declares(crewed(story)))
    assert refused(story, found.id, Phase.CLOSED).code == "POSTMORTEM_REQUIRED"
    asked = Move(waive={Gate.POSTMORTEM: "written in the old system"})
    assert refused(story, found.id, Phase.CLOSED, asked).code == "RUNBOOK_REVIEW_REQUIRED"
    closed = moves(story, "ana", found.id, Phase.CLOSED, Move(waive=WAIVED))
    assert closed.phase is Phase.CLOSED
    event = next(e for e in story.recorded(found.id) if e.kind == "incident.closed")
    assert event.data["waived"] == ["postmortem", "runbook_review"]


@pytest.mark.ledger("S4-07")
def test_for_lost_data_a_postmortem_is_linked_and_never_waived(story: Story) -> None:
    found = declares(crewed(story), severity="SEV0", impact=Impact(data_risk=DataRisk.CONFIRMED))
    with story.database.begin(person("ana")) as tx:
        responders.open_war_room(tx, found.id, "https://meet.example.com/1")
        actions.move(tx, found.id, Phase.TRIAGE)
    triaged(story, found, data_risk=DataRisk.CONFIRMED)
    moves(story, "ana", found.id, Phase.MITIGATING)
    moves(story, "ana", found.id, Phase.MONITORING, MITIGATED)
    story.clock.jump_to(story.start + found.level.verify_window)
    checks(story, found.id)
    finishes(story, found.id)
    moves(story, "ana", found.id, Phase.RESOLVED, replace(RESOLVED, waive={Gate.STATUS_PAGE: "-"}))
    waived = Move(waive={**WAIVED, Gate.POSTMORTEM: "no time"})
    assert refused(story, found.id, Phase.CLOSED, waived).code == "POSTMORTEM_REQUIRED"
    assert moves(story, "ana", found.id, Phase.CLOSED, Move(waive=WAIVED)).phase is Phase.CLOSED


@pytest.mark.ledger("S1-03")
@pytest.mark.refuses("DETECTION_GAP_UNANSWERED")
def test_what_a_customer_noticed_is_closed_with_work_on_detection(story: Story) -> None:
    found = resolved(story, declares(crewed(story), detection=Detection.CUSTOMER))
    asked = Move(waive=WAIVED)
    assert refused(story, found.id, Phase.CLOSED, asked).code == "DETECTION_GAP_UNANSWERED"
    answered = Move(waive={**WAIVED, Gate.DETECTION_GAP: LINK})
    assert moves(story, "ana", found.id, Phase.CLOSED, answered).phase is Phase.CLOSED


@pytest.mark.ledger("S1-04")
@pytest.mark.refuses("REASON_REQUIRED")
def test_a_false_alarm_ends_it_with_a_reason_and_names_its_alerts(story: Story) -> None:
    alert = story.opens()
    found = declares(crewed(story), alert=alert)
    assert refused(story, found.id, Phase.FALSE_ALARM).code == "REASON_REQUIRED"
    over = moves(story, "ana", found.id, Phase.FALSE_ALARM, Move(reason="a test of the probe"))
    assert over.phase is Phase.FALSE_ALARM
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


@pytest.mark.ledger("S1-58")
def test_restored_and_resolved_are_two_instants_in_order(story: Story) -> None:
    done = resolved(story, declares(crewed(story)))
    instants = done.instants
    assert instants.restored_at is not None
    assert instants.resolved_at is not None
    assert instants.resolved_at - instants.restored_at == done.level.verify_window


@pytest.mark.refuses("TIME_IMPLAUSIBLE")
def test_it_was_not_restored_before_it_began(story: Story) -> None:
    found = declares(crewed(story), impact_started_at=story.start - 5 * MINUTE)
    triaged(story, found)
    moves(story, "ana", found.id, Phase.MITIGATING)
    asked = replace(MITIGATED, restored_at=story.start - 6 * MINUTE)
    assert refused(story, found.id, Phase.MONITORING, asked).code == "TIME_IMPLAUSIBLE"


@pytest.mark.ledger("S0-25")
@pytest.mark.refuses("TIMELINE_SEALED")
def test_resolving_seals_the_record(story: Story) -> None:
    found = resolved(story, declares(crewed(story)))
    assert any("sealed" in kind for kind in story.events(found.id))
    with story.database.read(SYSTEM) as tx:
        assert timeline.verify_chain(tx).broken is None


def test_opened_again_it_keeps_its_first_instants_and_adds_a_span_of_impact(story: Story) -> None:
    done = resolved(story, declares(crewed(story)))
    first = done.instants
    story.clock.jump_to(story.clock.now() + timedelta(hours=1))
    assert refused(story, done.id, Phase.MITIGATING).code == "REASON_REQUIRED"
    again = moves(story, "ana", done.id, Phase.MITIGATING, Move(reason="it came back"))
    assert again.id == done.id
    assert again.phase is Phase.MITIGATING
    assert again.instants.resolved_at == first.resolved_at
    assert again.instants.restored_at == first.restored_at
    assert [each.start for each in again.intervals] == [story.clock.now()]
    story.clock.jump_to(story.clock.now() + 10 * MINUTE)
    with story.database.begin(person("ana")) as tx:
        actions.confirm_severity(tx, done.id)
    back = moves(story, "ana", done.id, Phase.MONITORING, MITIGATED)
    assert back.intervals[0].end == story.clock.now()
    assert refused(story, done.id, Phase.RESOLVED, RESOLVED).code == "VERIFY_WINDOW"


def test_after_too_long_it_is_a_new_one_that_names_the_old(story: Story) -> None:
    done = resolved(story, declares(crewed(story)))
    story.clock.jump_to(story.clock.now() + done.pack.limits.reopen_within + MINUTE)
    fresh = moves(story, "ana", done.id, Phase.MITIGATING, Move(reason="it came back"))
    assert fresh.id != done.id
    assert fresh.phase is Phase.DECLARED
    assert fresh.recurrence_of == done.id
    assert incident(story, done.id).phase is Phase.RESOLVED
