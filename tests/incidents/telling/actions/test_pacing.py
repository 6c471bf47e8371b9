"""Starting, setting and ending the cadence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Incident, Phase, Severity
from holdfast.incidents.telling import actions as telling
from holdfast.incidents.telling import queries
from holdfast.incidents.telling.actions.pacing import NotYourCadence
from holdfast.incidents.telling.model import (
    NotACadence,
    Stakeholder,
    Template,
    TooEarlyForSilence,
)
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.kernel.errors import Invalid
from holdfast.practice.model import Audience
from tests.support.incidents import clock
from tests.support.story import MINUTE, Story, person
from tests.support.telling import changes, commanded, posts, thread, titles, told_company

INSIDE, LEADERS, CUSTOMERS = Audience.INTERNAL, Audience.LEADERS, Audience.CUSTOMERS


def sets(
    story: Story, incident: Incident, every: timedelta, *, who: str = "ana", why: str = ""
) -> None:
    with story.database.begin(person(who)) as tx:
        telling.set_cadence(tx, incident.id, INSIDE, every, why=why)


def starts(story: Story, incident: Incident) -> None:
    with story.database.begin(SYSTEM) as tx:
        telling.start_cadence(tx, incidents.incident(tx, incident.id))


@pytest.mark.ledger("S0-30")
def test_each_audience_has_its_own_clock_from_declaring_on(story: Story) -> None:
    incident = commanded(told_company(story))
    due = {a: thread(story, incident, a).due_at for a in Audience}
    assert due == {
        INSIDE: story.start + 10 * MINUTE,
        LEADERS: story.start + 30 * MINUTE,
        CUSTOMERS: None,
    }
    with story.database.read(SYSTEM) as tx:
        assert queries.next_update_by(tx, incident) == story.start + 10 * MINUTE
        assert queries.next_updates(tx, [incident.id, "in_no"]) == {
            incident.id: story.start + 10 * MINUTE
        }


def test_started_again_nothing_changes(story: Story) -> None:
    incident = commanded(told_company(story))
    before = [queries_of(story, incident), titles(story, "lea")]
    story.pass_time(MINUTE)
    starts(story, incident)
    assert [queries_of(story, incident), titles(story, "lea")] == before


def queries_of(story: Story, incident: Incident) -> list[object]:
    with story.database.read(SYSTEM) as tx:
        return [queries.promises(tx, incident.id), queries.threads(tx, incident.id)]


@pytest.mark.ledger("S3-15")
def test_those_whom_the_level_names_hear_of_it_when_it_is_declared(story: Story) -> None:
    commanded(told_company(story))
    assert [title for title in titles(story, "lea") if "declared" in title]
    assert not titles(story, "gus")


@pytest.mark.ledger("S4-34")
def test_the_stakeholders_of_its_services_are_told_from_the_beginning(story: Story) -> None:
    told_company(story)
    with story.database.begin(person("root", Role.ADMIN)) as tx:
        telling.save_stakeholder(tx, Stakeholder("checkout", "gus", INSIDE, 1, "pt"))
        telling.save_stakeholder(tx, Stakeholder("checkout", "fay", INSIDE, 0))
    incident = commanded(story)
    with story.database.read(SYSTEM) as tx:
        because = {each.user: each.because for each in queries.subscriptions(tx, incident.id)}
    assert because["gus"] == "a stakeholder of checkout"
    assert "fay" not in because  # she cares for the worst level alone
    posts(story, incident, INSIDE, update="We look.")
    assert [title for title in titles(story, "gus") if "Update on" in title]


def test_a_worse_severity_moves_the_next_message_earlier(story: Story) -> None:
    incident = commanded(told_company(story), "SEV3")
    posts(story, incident, INSIDE, update="We look.")
    assert thread(story, incident).due_at == story.start + timedelta(hours=4)
    story.pass_time(10 * MINUTE)
    incident = changes(story, incident, severity=Severity(1, "SEV1"))
    starts(story, incident)
    assert thread(story, incident).due_at == story.start + 30 * MINUTE
    found = clock(story, incident.id, "update:internal")
    assert found is not None
    assert found.due_at == story.start + 30 * MINUTE


def test_whoever_was_told_that_it_is_over_hears_again_when_it_comes_back(story: Story) -> None:
    incident = commanded(told_company(story))
    incident = changes(story, incident, phase=Phase.RESOLVED, instants=replace(
        incident.instants, restored_at=story.start))  # fmt: skip
    posts(story, incident, INSIDE, CUSTOMERS, template=Template.RESOLUTION, cause="A full disk.")
    assert thread(story, incident).due_at is None
    incident = changes(story, incident, phase=Phase.MITIGATING)
    starts(story, incident)
    for audience in (INSIDE, CUSTOMERS):
        assert thread(story, incident, audience).due_at == story.start + 10 * MINUTE
    with story.database.read(SYSTEM) as tx:
        assert queries.final_missing(tx, incident) == [INSIDE, CUSTOMERS]


@pytest.mark.ledger("S4-42")
def test_command_may_set_a_shorter_cadence_at_once(story: Story) -> None:
    incident = commanded(told_company(story))
    posts(story, incident, INSIDE, update="We look.")
    sets(story, incident, 10 * MINUTE)
    assert thread(story, incident).due_at == story.start + 10 * MINUTE
    (made,) = posts(story, incident, INSIDE, template=Template.INITIAL)
    assert "every 10 min" in made.text


def test_the_long_incident_mode_needs_two_hours_and_a_reason(story: Story) -> None:
    incident = commanded(told_company(story))
    hour = timedelta(hours=1)
    with pytest.raises(Invalid):
        sets(story, incident, 2 * hour)
    with pytest.raises(TooEarlyForSilence):
        sets(story, incident, 2 * hour, why="a long copy runs")
    story.pass_time(2 * hour)
    sets(story, incident, 2 * hour, why="a long copy runs")
    found = thread(story, incident)
    assert found.long
    (made,) = posts(story, incident, INSIDE, update="It copies.")
    assert made.next_update_at == story.clock.now() + 2 * hour  # still with a next time
    assert "incident.cadence_changed" in story.events(incident.id)


@pytest.mark.parametrize("minutes", [0, 4, 24 * 60 + 1, -30])
def test_a_cadence_has_its_limits(story: Story, minutes: int) -> None:
    incident = commanded(told_company(story))
    with pytest.raises(NotACadence):
        sets(story, incident, minutes * MINUTE, why="as a test")


def test_only_command_or_whoever_tells_changes_the_cadence(story: Story) -> None:
    incident = commanded(told_company(story))
    with pytest.raises(NotYourCadence):
        sets(story, incident, 10 * MINUTE, who="gus")


@pytest.mark.ledger("S0-12")
def test_where_the_level_has_none_command_sets_the_cadence(story: Story) -> None:
    incident = commanded(told_company(story), "SEV4")
    with story.database.read(SYSTEM) as tx:
        assert queries.cadence_of(tx, incident, INSIDE) is None
    assert clock(story, incident.id, "update:internal") is None
    sets(story, incident, 60 * MINUTE)
    with story.database.read(SYSTEM) as tx:
        assert queries.cadence_of(tx, incident, INSIDE) == 60 * MINUTE
    found = clock(story, incident.id, "update:internal")
    assert found is not None
    assert found.running


@pytest.mark.ledger("S1-17")
def test_whoever_heard_of_a_false_alarm_is_still_owed_the_end(story: Story) -> None:
    incident = commanded(told_company(story))
    posts(story, incident, INSIDE, update="We look.")
    incident = changes(story, incident, phase=Phase.FALSE_ALARM)
    with story.database.begin(SYSTEM) as tx:
        telling.end_cadence(tx, incident)
    assert thread(story, incident, LEADERS).due_at is None  # they never heard of it
    story.pass_time(28 * MINUTE)
    assert [title for title in titles(story, "ana") if "is due at" in title]
    (made,) = posts(story, incident, template=Template.RESOLUTION)
    assert "false alarm" in made.text
    assert thread(story, incident).due_at is None
