"""The alerts and the people of an incident, and what their first answers mean for it."""

from __future__ import annotations

import pytest

from holdfast.alerts import actions as alerts
from holdfast.incidents import actions, queries
from holdfast.incidents.model import Ended, Phase
from holdfast.incidents.responders import actions as responders
from holdfast.kernel.actor import SYSTEM
from tests.support.incidents import clock, crewed, declares, incident, moves
from tests.support.story import MINUTE, Story, person


def test_the_first_answer_to_its_alert_is_its_own_and_stops_the_clock(story: Story) -> None:
    alert = story.opens()
    story.drain()
    found = declares(story, "bo", alert=alert)
    assert found.instants.paged_at == story.start
    running = clock(story, found.id, "ack")
    assert running is not None
    assert running.running
    story.clock.jump_to(story.start + 2 * MINUTE)
    with story.database.begin(person("ana")) as tx:
        alerts.acknowledge(tx, alert)
    assert incident(story, found.id).instants.acked_at == story.start + 2 * MINUTE
    stopped = clock(story, found.id, "ack")
    assert stopped is not None
    assert not stopped.running


def test_where_nobody_was_paged_no_answer_is_waited_for(story: Story) -> None:
    found = declares(story, severity="SEV4")
    assert clock(story, found.id, "ack") is None


def test_whoever_accepts_has_acknowledged_and_whoever_joins_works_on_it(story: Story) -> None:
    found = declares(crewed(story), "dee", severity="SEV0")
    story.drain()
    asked = incident(story, found.id)
    assert asked.instants.paged_at == story.start
    story.clock.jump_to(story.start + MINUTE)
    with story.database.begin(person("ana")) as tx:
        responders.accept(tx, found.id)
    accepted = incident(story, found.id).instants
    assert accepted.acked_at == story.start + MINUTE
    story.clock.jump_to(story.start + 2 * MINUTE)
    with story.database.begin(person("ana")) as tx:
        responders.join(tx, found.id)
    assert incident(story, found.id).instants.engaged_at == story.start + 2 * MINUTE
    engage = clock(story, found.id, "engage")
    assert engage is not None
    assert not engage.running


def test_what_is_over_gets_no_more_alerts(story: Story) -> None:
    alert = story.opens()
    found = declares(story)
    moves(story, "ana", found.id, Phase.FALSE_ALARM, actions.Move(reason="the probe"))
    with pytest.raises(Ended), story.database.begin(person("ana")) as tx:
        actions.link_alert(tx, found.id, alert)
    story.recovers()
    story.fires()
    with story.database.read(SYSTEM) as tx:
        assert queries.alerts_of(tx, found.id) == []


def test_the_same_trouble_joins_also_while_it_is_mitigated(story: Story) -> None:
    found = declares(story, alert=story.opens())
    story.recovers()
    story.clock.jump_to(story.start + MINUTE)
    again = story.opens()
    with story.database.read(SYSTEM) as tx:
        assert queries.alerts_of(tx, found.id)[-1] == again
    assert incident(story, found.id).phase is Phase.DECLARED
