"""Whoever answers for the record is asked to write where nobody has for a while."""

from __future__ import annotations

import pytest

from holdfast.incidents.roles import actions as roles
from holdfast.practice.model import RoleKey
from tests.incidents.responders.actions.test_ask import gaps
from tests.support.incidents import declares
from tests.support.story import MINUTE, Story


@pytest.mark.ledger("S0-17")
def test_ten_minutes_without_a_word_and_the_scribe_is_asked(story: Story) -> None:
    found = declares(story, "ana", severity="SEV3")
    story.act("ana", lambda tx: roles.assign(tx, found.id, RoleKey.SCRIBE, "cy"))
    story.pass_time(9 * MINUTE)
    assert ("timeline_silent", "cy") not in gaps(story, found)
    story.pass_time(MINUTE)
    assert gaps(story, found).count(("timeline_silent", "cy")) == 1
    told = [h for h in story.heard if h.address == "cy@mail"]
    assert any("written anything for 10 minutes" in h.message.title for h in told)


def test_while_people_write_nobody_is_asked_to(story: Story) -> None:
    found = declares(story, "ana", severity="SEV3")
    for _ in range(3):
        story.pass_time(7 * MINUTE)
        story.act("ana", lambda tx: roles.assign(tx, found.id, RoleKey.DEPUTY, "bo"))
        story.act("bo", lambda tx: roles.leave(tx, found.id, RoleKey.DEPUTY))
    assert [gap for gap, _ in gaps(story, found) if gap == "timeline_silent"] == []
