"""Resolved and closed: claims that have to be borne out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents import actions
from holdfast.incidents.actions import Gate, Move
from holdfast.incidents.model import (
    DataRisk,
    Detection,
    Impact,
    Incident,
    Phase,
    Remediation,
)
from holdfast.incidents.responders import actions as responders
from tests.support.incidents import (
    LINK,
    RESOLVED,
    WAIVED,
    checks,
    crewed,
    declares,
    finishes,
    incident,
    moves,
    practises,
    resolved,
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
