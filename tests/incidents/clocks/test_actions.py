"""The clocks of an incident as rows: begun, moved, stopped, run out."""

from __future__ import annotations

from holdfast.incidents.clocks import actions, queries
from holdfast.incidents.clocks.model import CLOCK, timer_key
from holdfast.kernel.actor import SYSTEM
from holdfast.storage import duties
from tests.support.story import MINUTE, Story

NAME = "war_room"


def test_a_clock_that_is_begun_again_moves_and_keeps_count_of_its_breaches(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        actions.start(tx, "in_1", NAME, story.start)
        broken = actions.breach(tx, "in_1", NAME)
        assert broken is not None
        assert (broken.breached_at, broken.breaches) == (story.start, 1)
        actions.start(tx, "in_1", NAME, story.start + MINUTE)
        (again,) = queries.running(tx, "in_1")
    assert (again.breached_at, again.breaches, again.due_at) == (None, 1, story.start + MINUTE)
    assert story.events("in_1") == ["incident.clock_breached"]


def test_what_was_stopped_or_is_not_due_does_not_break(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        actions.start(tx, "in_1", NAME, story.start + MINUTE)
        assert actions.breach(tx, "in_1", NAME) is None
        actions.stop(tx, "in_1", NAME)
        actions.stop(tx, "in_1", NAME)
        assert duties.timer_due(tx, CLOCK, timer_key("in_1", NAME)) is None
    story.clock.jump_to(story.start + 2 * MINUTE)
    with story.database.begin(SYSTEM) as tx:
        assert actions.breach(tx, "in_1", NAME) is None
        assert queries.running(tx, "in_1") == []
        (kept,) = queries.all_of(tx, "in_1")
    assert kept.stopped_at == story.start


def test_moved_it_keeps_its_beginning(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        actions.start(tx, "in_1", NAME, story.start + MINUTE)
    story.clock.jump_to(story.start + MINUTE / 2)
    with story.database.begin(SYSTEM) as tx:
        actions.move(tx, "in_1", NAME, story.start + 5 * MINUTE)
        actions.move(tx, "in_1", "another", story.start)
        (clock,) = queries.all_of(tx, "in_1")
        due = duties.timer_due(tx, CLOCK, timer_key("in_1", NAME))
    assert (clock.started_at, clock.due_at) == (story.start, story.start + 5 * MINUTE)
    assert due == clock.due_at


def test_at_the_end_all_stop_but_those_named(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        for name in ("ack", "engage", "update:internal"):
            actions.start(tx, "in_1", name, story.start + MINUTE)
        actions.start(tx, "in_2", "ack", story.start + MINUTE)
        actions.stop_all(tx, "in_1", but=("update:internal",))
        left = queries.of_many(tx, ["in_1", "in_2"])
    assert [each.name for each in left["in_1"] if each.running] == ["update:internal"]
    assert [each.name for each in left["in_2"] if each.running] == ["ack"]
