"""Reminders: the holder before it is due, command when it is due, the deputy after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.incidents.clocks.model import Clock
from holdfast.incidents.model import Phase
from holdfast.incidents.telling import actions as telling
from holdfast.incidents.telling import queries
from holdfast.incidents.telling.cadence import is_top
from holdfast.kernel.actor import SYSTEM
from holdfast.practice.model import Audience, RoleKey
from tests.support.incidents import clock
from tests.support.story import MINUTE, Story
from tests.support.telling import changes, commanded, gives, posts, titles, told_company

INSIDE, LEADERS = Audience.INTERNAL, Audience.LEADERS


def gaps(story: Story, incident_id: str, audience: Audience = INSIDE) -> list[timedelta]:
    """How long after the beginning each gap was written down."""
    return [
        event.at - story.start
        for event in story.recorded(incident_id)
        if event.kind == "incident.coordination_gap" and event.data["about"] == audience.value
    ]


def running(story: Story, incident_id: str, name: str) -> Clock:
    found = clock(story, incident_id, name)
    assert found is not None
    return found


@pytest.mark.ledger("S0-30", "S1-16")
def test_without_a_first_message_a_gap_is_written_down_to_the_second(story: Story) -> None:
    incident = commanded(told_company(story))
    assert running(story, incident.id, "update:internal").due_at == story.start + 10 * MINUTE
    story.pass_time(10 * MINUTE - timedelta(seconds=1))
    assert gaps(story, incident.id) == []
    story.pass_time(timedelta(seconds=1))
    assert gaps(story, incident.id) == [10 * MINUTE]


@pytest.mark.ledger("S0-30")
def test_a_sev1_message_at_ten_is_overdue_half_an_hour_later(story: Story) -> None:
    incident = commanded(told_company(story))
    story.pass_time(5 * MINUTE)
    posts(story, incident, INSIDE, update="We look.")
    story.pass_time(30 * MINUTE)
    assert gaps(story, incident.id) == [35 * MINUTE]


@pytest.mark.ledger("S0-31", "S4-22")
def test_the_holder_hears_before_command_when_due_and_the_deputy_ten_minutes_after(
    story: Story,
) -> None:
    incident = commanded(told_company(story))
    gives(story, incident, RoleKey.COMMUNICATIONS, "dee")
    gives(story, incident, RoleKey.DEPUTY, "eli")
    story.pass_time(8 * MINUTE)
    assert [t for t in titles(story, "dee") if "is due at" in t]
    assert not [t for t in titles(story, "ana") if "has not come" in t]
    story.pass_time(2 * MINUTE)
    assert [t for t in titles(story, "ana") if "has not come" in t]
    story.pass_time(5 * MINUTE)
    with story.database.read(SYSTEM) as tx:
        first = queries.owed(tx)[0]
        assert first.audience is INSIDE
        assert is_top(first.due_at, tx.now)  # the commander's first line from now on
    assert not [t for t in titles(story, "eli") if "overdue" in t]
    story.pass_time(5 * MINUTE)
    assert [t for t in titles(story, "eli") if "overdue" in t]


def test_without_a_deputy_the_lead_of_the_owning_team_hears_of_it(story: Story) -> None:
    incident = commanded(told_company(story))
    story.pass_time(20 * MINUTE)
    assert [t for t in titles(story, "ana") if "update overdue" in t]  # ana leads payments
    assert incident.services == ("checkout",)


def test_a_message_in_time_leaves_everybody_in_peace(story: Story) -> None:
    incident = commanded(told_company(story), "SEV3")
    posts(story, incident, INSIDE, update="We look.")
    story.pass_time(timedelta(hours=3))
    assert not [t for t in titles(story, "ana") if "update" in t and "due" in t]
    assert gaps(story, incident.id) == []


@pytest.mark.ledger("S4-36")
def test_leaders_without_a_brief_for_half_an_hour_are_a_gap_of_their_own(story: Story) -> None:
    incident = commanded(told_company(story))
    story.pass_time(30 * MINUTE)
    assert gaps(story, incident.id, LEADERS) == [30 * MINUTE]


def test_an_incident_that_ended_reminds_nobody(story: Story) -> None:
    incident = commanded(told_company(story))
    incident = changes(story, incident, phase=Phase.CLOSED)
    with story.database.begin(SYSTEM) as tx:
        telling.end_cadence(tx, incident)
        assert queries.next_update_by(tx, incident) is None
    story.pass_time(timedelta(hours=2))
    assert gaps(story, incident.id) == []


@pytest.mark.ledger("S0-31", "S4-43")
def test_whoever_answers_for_telling_sees_what_is_due_next_first(story: Story) -> None:
    incident = commanded(told_company(story))
    gives(story, incident, RoleKey.COMMUNICATIONS, "dee")
    with story.database.read(SYSTEM) as tx:
        mine = queries.owed(tx, user="dee")
        assert [(each.audience, each.due_at - story.start) for each in mine] == [
            (INSIDE, 10 * MINUTE),
            (LEADERS, 30 * MINUTE),
        ]
        assert queries.owed(tx, user="bo") == []
