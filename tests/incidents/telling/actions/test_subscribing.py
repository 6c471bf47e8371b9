"""Who hears of a service's incidents, and of one incident."""

from __future__ import annotations

import pytest

from holdfast.incidents.telling import actions as telling
from holdfast.incidents.telling import queries
from holdfast.incidents.telling.model import NoSuchStakeholder, Stakeholder
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.errors import HoldfastError, Invalid
from holdfast.people.model import NoSuchUser
from holdfast.people.permissions import NotPermitted
from holdfast.practice.model import Audience
from tests.support.story import Story, person
from tests.support.telling import commanded, posts, titles, told_company

INSIDE, LEADERS = Audience.INTERNAL, Audience.LEADERS
GUS = Stakeholder("checkout", "gus", INSIDE, 2, "pt")


def saves(story: Story, stakeholder: Stakeholder) -> Stakeholder:
    with story.database.begin(person("root", Role.ADMIN)) as tx:
        return telling.save_stakeholder(tx, stakeholder)


@pytest.mark.ledger("S4-34")
def test_a_service_knows_who_wants_to_hear_from_which_severity_on_and_how(story: Story) -> None:
    told_company(story)
    saves(story, GUS)
    saves(story, Stakeholder("checkout", "gus", LEADERS, 1, "en"))
    saves(story, Stakeholder("checkout", "team:payments", INSIDE, 3))
    with story.database.read(SYSTEM) as tx:
        found = queries.stakeholders(tx, ["checkout"])
    assert [(each.who, each.audience, each.rank_max) for each in found] == [
        ("gus", LEADERS, 1),
        ("team:payments", INSIDE, 3),
    ]
    kinds = [event.kind for event in story.recorded("checkout")]
    assert kinds.count("service.stakeholder_saved") == 3


def test_saved_again_unchanged_nothing_happens_and_removed_it_is_gone(story: Story) -> None:
    told_company(story)
    saves(story, GUS)
    saves(story, GUS)
    kinds = [event.kind for event in story.recorded("checkout")]
    assert kinds.count("service.stakeholder_saved") == 1
    with story.database.begin(person("root", Role.ADMIN)) as tx:
        telling.remove_stakeholder(tx, "checkout", "gus")
        assert queries.stakeholders(tx, ["checkout"]) == []
        with pytest.raises(NoSuchStakeholder):
            telling.remove_stakeholder(tx, "checkout", "gus")


@pytest.mark.parametrize(
    "wrong",
    [
        Stakeholder("nowhere", "gus", INSIDE, 2),
        Stakeholder("checkout", "nobody", INSIDE, 2),
        Stakeholder("checkout", "team:nobody", INSIDE, 2),
        Stakeholder("checkout", "gus", Audience.CUSTOMERS, 2),
        Stakeholder("checkout", "gus", INSIDE, 6),
        Stakeholder("checkout", "gus", INSIDE, -1),
        Stakeholder("checkout", "gus", INSIDE, 2, ""),
    ],
)
def test_what_cannot_be_told_is_refused(story: Story, wrong: Stakeholder) -> None:
    told_company(story)
    with pytest.raises(HoldfastError):
        saves(story, wrong)


def test_people_subscribe_themselves_and_hear_and_stop_hearing(story: Story) -> None:
    incident = commanded(told_company(story))
    with story.database.begin(person("gus", Role.VIEWER)) as tx:
        telling.subscribe(tx, incident.id, "gus", INSIDE)
        telling.subscribe(tx, incident.id, "gus", INSIDE)
    posts(story, incident, INSIDE, update="One.")
    assert len(titles(story, "gus")) == 1
    with story.database.begin(person("gus", Role.VIEWER)) as tx:
        telling.unsubscribe(tx, incident.id, "gus")
        telling.unsubscribe(tx, incident.id, "gus")
    posts(story, incident, INSIDE, update="Two.")
    assert len(titles(story, "gus")) == 1


def test_a_viewer_subscribes_nobody_else_and_not_to_the_leaders_brief(story: Story) -> None:
    incident = commanded(told_company(story))
    with story.database.begin(person("gus", Role.VIEWER)) as tx:
        with pytest.raises(NotPermitted):
            telling.subscribe(tx, incident.id, "fay", INSIDE)
        with pytest.raises(NotPermitted):
            telling.subscribe(tx, incident.id, "gus", LEADERS)
    with story.database.begin(person("ana")) as tx:
        with pytest.raises(Invalid):
            telling.subscribe(tx, incident.id, "gus", Audience.CUSTOMERS)
        with pytest.raises(NoSuchUser):
            telling.subscribe(tx, incident.id, "nobody", INSIDE)
        assert telling.subscribe(tx, incident.id, "gus", LEADERS).audience is LEADERS


def test_of_a_private_incident_only_its_people_are_told(story: Story) -> None:
    told_company(story)
    saves(story, GUS)
    incident = commanded(story, private=True)
    posts(story, incident, INSIDE, LEADERS, update="We look.")
    assert titles(story, "gus") == []
    assert titles(story, "lea") == []
    with story.database.read(SYSTEM) as tx:
        assert queries.hearers_of(tx, incident, LEADERS, final=False) == []
