"""The report: a seeded incident comes out as one who watched it would say."""

from __future__ import annotations

import pytest

from holdfast.incidents.actions import Move
from holdfast.incidents.conformance import queries
from holdfast.incidents.conformance.model import Item, Verdict
from holdfast.incidents.model import Phase
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.errors import NotFound
from tests.support.incidents import WAIVED, crewed, declares, moves, resolved
from tests.support.story import MINUTE, Story


def reported(story: Story, name: str) -> dict[tuple[str, str], Item]:
    with story.database.read(SYSTEM) as tx:
        return {(item.row, item.rule): item for item in queries.report(tx, name)}


@pytest.mark.ledger("S0-68")
def test_a_good_incident_has_kept_what_it_came_to_and_nothing_else(story: Story) -> None:
    found = resolved(story, declares(crewed(story)))
    moves(story, "ana", found.id, Phase.CLOSED, Move(waive=WAIVED))
    items = reported(story, found.number)
    expected = {
        ("S0-02", "SEVERITY_REQUIRED"): Verdict.PASSED,
        ("S0-03", "IC_REQUIRED"): Verdict.PASSED,
        ("S1-01", "TRIAGE_INCOMPLETE"): Verdict.PASSED,
        ("S1-57", "VERIFY_WINDOW"): Verdict.PASSED,
        ("S0-42", "POSTMORTEM_REQUIRED"): Verdict.PASSED,
        ("S0-33", "RECOVERY_NOT_VERIFIED"): Verdict.PASSED,
        ("S1-03", "DETECTION_GAP_UNANSWERED"): Verdict.NOT_APPLICABLE,
        ("S1-04", "MERGE_LOWERS_SEVERITY"): Verdict.NOT_APPLICABLE,
        ("S3-14", "COMMAND_IS_PRESENT"): Verdict.NOT_APPLICABLE,
        ("S2-53", "restore"): Verdict.PASSED,
        ("S1-58", "restored_and_resolved"): Verdict.PASSED,
        ("S4-95", "VERIFY_WINDOW"): Verdict.PASSED,
    }
    assert {key: items[key].verdict for key in expected} == expected
    assert all(item.verdict is not Verdict.FAILED for item in items.values())
    assert items["S1-57", "VERIFY_WINDOW"].evidence
    assert [row for row, _ in items] == sorted(row for row, _ in items)


@pytest.mark.ledger("S0-68")
def test_what_was_passed_with_a_reason_says_the_reason(story: Story) -> None:
    found = declares(crewed(story), severity="SEV1")
    moves(story, "ana", found.id, Phase.TRIAGE)
    moves(story, "ana", found.id, Phase.MITIGATING, Move(break_glass="everything burns"))
    items = reported(story, found.number)
    passed = items["S1-01", "TRIAGE_INCOMPLETE"]
    assert passed.verdict is Verdict.OVERRIDDEN
    assert "everything burns" in passed.why
    assert items["S1-57", "VERIFY_WINDOW"].verdict is Verdict.NOT_APPLICABLE


@pytest.mark.ledger("S0-68")
def test_clocks_that_ran_out_have_failed_with_the_events_that_show_it(story: Story) -> None:
    found = declares(story, severity="SEV2")
    story.pass_time(20 * MINUTE)
    engage = reported(story, found.number)["S2-02", "engage"]
    assert engage.verdict is Verdict.FAILED
    breach = next(
        event
        for event in story.recorded(found.id)
        if event.kind == "incident.clock_breached" and event.data["clock"] == "engage"
    )
    assert breach.id in engage.evidence


def test_there_is_no_report_of_what_is_not_there(story: Story) -> None:
    with pytest.raises(NotFound):
        reported(story, "INC-2026-404")
