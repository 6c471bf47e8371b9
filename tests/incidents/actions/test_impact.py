"""What is known of an incident, said field by field."""

from __future__ import annotations

from typing import Any

import pytest

from holdfast.incidents import actions
from holdfast.incidents.model import (
    BRIEF_CHARS_MAX,
    Brief,
    Check,
    Ended,
    Escalate,
    Impact,
    Phase,
)
from holdfast.kernel.errors import Invalid
from tests.support.incidents import checks, declares, incident, moves
from tests.support.story import MINUTE, Story, person


def test_what_we_know_keeps_who_said_it_when_and_is_cut_to_its_length(story: Story) -> None:
    found = declares(story)
    story.clock.jump_to(story.start + MINUTE)
    with story.database.begin(person("bo")) as tx:
        said = actions.set_brief(tx, found.id, Brief(impact="x" * 400, doing="undoing"))
    assert (said.brief.at, said.brief.by) == (story.start + MINUTE, "bo")
    assert len(said.brief.impact) <= BRIEF_CHARS_MAX
    event = next(e for e in story.recorded(found.id) if e.kind == "incident.brief_changed")
    assert event.data["fields"] == ["impact", "doing"]


def test_said_again_nothing_changes(story: Story) -> None:
    found = declares(story)
    said = Impact(users_affected=10, source="dashboard")
    with story.database.begin(person("ana")) as tx:
        first = actions.set_impact(tx, found.id, said)
        assert actions.set_impact(tx, found.id, said) == first
        again = actions.answer_escalation(tx, found.id, Escalate(needed=False))
        assert actions.answer_escalation(tx, found.id, Escalate(needed=False)) == again


@pytest.mark.parametrize(
    "impact",
    [
        {"users_affected": -1},
        {"users_affected": 50, "users_affected_max": 40},
        {"workaround_minutes": -5},
        {"expected_minutes": 10**9},
        {"scope": tuple(f"host:{number}" for number in range(60))},
    ],
)
def test_an_impact_that_cannot_be_is_refused(story: Story, impact: dict[str, Any]) -> None:
    found = declares(story)
    with pytest.raises(Invalid), story.database.begin(person("ana")) as tx:
        actions.set_impact(tx, found.id, Impact(**impact))
    assert incident(story, found.id).impact == Impact()


def test_who_is_needed_is_named_where_somebody_is(story: Story) -> None:
    found = declares(story)
    with pytest.raises(Invalid), story.database.begin(person("ana")) as tx:
        actions.answer_escalation(tx, found.id, Escalate(needed=True))


def test_a_check_says_what_was_read_and_where(story: Story) -> None:
    found = declares(story)
    with pytest.raises(Invalid):
        checks(story, found.id, source=" ")
    kept = checks(story, found.id, "bo").checks
    assert kept == (Check("error rate", "0.1 %", "dashboard", True, story.start, "bo"),)


def test_of_what_has_ended_nothing_more_is_said(story: Story) -> None:
    found = declares(story)
    moves(story, "ana", found.id, Phase.FALSE_ALARM, actions.Move(reason="the probe"))
    with pytest.raises(Ended), story.database.begin(person("ana")) as tx:
        actions.set_impact(tx, found.id, Impact(users_affected=1))
    with pytest.raises(Ended):
        checks(story, found.id)


@pytest.mark.ledger("S2-06", "S4-19")
def test_whoever_triage_says_is_needed_is_paged(story: Story) -> None:
    found = declares(story, severity="SEV2")
    story.drain()
    said = Escalate(needed=True, to="user:cy")
    with story.database.begin(person("ana")) as tx:
        actions.answer_escalation(tx, found.id, said)
    story.drain()
    assert "+0m cy@phone" in story.said()
    heard = len(story.heard)
    with story.database.begin(person("ana")) as tx:
        actions.answer_escalation(tx, found.id, said)
    story.drain()
    assert len(story.heard) == heard, "said again, nobody is paged again"
