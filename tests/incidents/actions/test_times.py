"""Instants that are said later, or corrected."""

from __future__ import annotations

import pytest

from holdfast.guardrails.model import Refused
from holdfast.incidents import actions
from holdfast.incidents.actions import Times
from tests.support.incidents import clock, declares
from tests.support.story import MINUTE, Story, person


def test_a_correction_keeps_what_was_said_before(story: Story) -> None:
    found = declares(story, impact_started_at=story.start - 20 * MINUTE)
    with story.database.begin(person("ana")) as tx:
        said = actions.set_times(tx, found.id, Times(impact_started_at=story.start - 30 * MINUTE))
    assert said.instants.impact_started_at == story.start - 30 * MINUTE
    event = next(e for e in story.recorded(found.id) if e.kind == "incident.time_changed")
    assert event.data["before"] == {"impact_started_at": str(story.start - 20 * MINUTE)}
    assert event.data["after"] == {"impact_started_at": str(story.start - 30 * MINUTE)}


def test_the_target_counts_from_when_users_began_to_be_hurt(story: Story) -> None:
    found = declares(story, severity="SEV1")
    target = found.level.clocks.restore
    assert target is not None
    with story.database.begin(person("ana")) as tx:
        actions.set_times(tx, found.id, Times(impact_started_at=story.start - 10 * MINUTE))
    kept = clock(story, found.id, "restore")
    assert kept is not None
    assert kept.due_at == story.start - 10 * MINUTE + target


@pytest.mark.ledger("S2-14")
@pytest.mark.refuses("TIME_IMPLAUSIBLE")
def test_restored_before_it_began_is_refused_and_nothing_is_kept(story: Story) -> None:
    found = declares(story, impact_started_at=story.start - 20 * MINUTE)
    with pytest.raises(Refused) as refusal, story.database.begin(person("ana")) as tx:
        actions.set_times(tx, found.id, Times(restored_at=story.start - 25 * MINUTE))
    assert refusal.value.code == "TIME_IMPLAUSIBLE"
    assert "impact_started_at comes after restored_at" in refusal.value.detail


def test_nothing_said_is_nothing_changed(story: Story) -> None:
    found = declares(story)
    with story.database.begin(person("ana")) as tx:
        assert actions.set_times(tx, found.id, Times()) == found
