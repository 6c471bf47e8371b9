"""Asking about incidents: lists, alerts, and who was faster."""

from __future__ import annotations

import pytest

from holdfast.incidents import actions, queries
from holdfast.incidents.actions import Move
from holdfast.incidents.model import Moved, Phase
from holdfast.incidents.queries import Filter
from holdfast.kernel.actor import SYSTEM
from tests.support.incidents import declares, moves
from tests.support.story import MINUTE, Story, person


def test_the_newest_comes_first_and_a_list_goes_on_after_the_last_one_seen(story: Story) -> None:
    made = []
    for minute in range(4):
        story.clock.jump_to(story.start + minute * MINUTE)
        made.append(declares(story, title=f"Trouble {minute}"))
    with story.database.read(SYSTEM) as tx:
        first = queries.latest(tx, limit=2)
        place = (first[-1].instants.declared_at, first[-1].id)
        rest = queries.latest(tx, before=place, limit=10)
    assert [each.id for each in [*first, *rest]] == [each.id for each in reversed(made)]


def test_active_ones_are_those_that_people_respond_to(story: Story) -> None:
    one, two = declares(story), declares(story)
    moves(story, "ana", two.id, Phase.FALSE_ALARM, Move(reason="the probe"))
    with story.database.read(SYSTEM) as tx:
        assert [each.id for each in queries.active(tx)] == [one.id]
        over = queries.newest(tx, Filter(phases=(Phase.FALSE_ALARM,)))
        assert [each.id for each in over] == [two.id]
        severe = queries.newest(tx, Filter(ranks=(0, 1)))
        assert severe == []


def test_an_alert_names_its_incidents(story: Story) -> None:
    alert = story.opens()
    found = declares(story)
    with story.database.begin(person("ana")) as tx:
        actions.link_alert(tx, found.id, alert)
        actions.link_alert(tx, found.id, alert)
        assert queries.alerts_of(tx, found.id) == [alert]
        assert [each.number for each in queries.incidents_of_alert(tx, alert)] == [found.number]


def test_whoever_looked_before_somebody_else_acted_is_told(story: Story) -> None:
    found = declares(story)
    with story.database.begin(person("bo")) as tx:
        actions.change_severity(tx, found.id, "SEV1", "it is more")
    with pytest.raises(Moved, match="bo made it SEV1"), story.database.begin(person("ana")) as tx:
        queries.take(tx, found.id, seen=found.version)


def test_of_many_ids_the_private_ones_of_others_are_named(story: Story) -> None:
    hidden = declares(story, "bo", private=True, services=())
    shown = declares(story)
    with story.database.read(person("dee")) as tx:
        assert queries.hidden_among(tx, [hidden.id, shown.id, "al_1"]) == {hidden.id}
        assert queries.hidden_among(tx, []) == set()
    with story.database.read(person("bo")) as tx:
        assert queries.hidden_among(tx, [hidden.id, shown.id]) == set()
