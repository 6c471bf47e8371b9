"""What people do with alerts."""

from __future__ import annotations

import pytest

from holdfast.alerts import actions as alerts
from holdfast.alerts.actions.answer import ReachesNobody
from holdfast.alerts.model import (
    AlertStatus,
    AlreadyResolved,
    NoSuchAlert,
    NotAcknowledged,
)
from holdfast.escalation.model import EscalationState, Target
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.people.permissions import NotPermitted
from tests.support.story import MINUTE, Story

HOUR = 60 * MINUTE


@pytest.mark.ledger("S1-30")
def test_an_acknowledgement_stops_every_timer_and_every_page(story: Story) -> None:
    subject = story.opens()
    story.pass_time(MINUTE)
    story.act("bo", lambda tx: alerts.acknowledge(tx, subject))
    story.pass_time(3 * HOUR)
    assert story.said() == ["+0m ana@phone"]
    alert = story.alert(subject)
    assert (alert.status, alert.acknowledged_by) == (AlertStatus.ACKNOWLEDGED, "bo")
    assert alert.acknowledged_at == story.start + MINUTE
    assert story.climb(subject).state is EscalationState.STOPPED


def test_an_acknowledgement_given_twice_is_one(story: Story) -> None:
    subject = story.opens()
    story.act("bo", lambda tx: alerts.acknowledge(tx, subject))
    before = story.alert(subject), story.events(subject)
    story.act("ana", lambda tx: alerts.acknowledge(tx, subject))
    assert (story.alert(subject), story.events(subject)) == before


def test_what_is_over_cannot_be_acknowledged_except_by_who_had_it(story: Story) -> None:
    subject = story.opens()
    story.act("bo", lambda tx: alerts.acknowledge(tx, subject))
    story.recovers()
    story.act("bo", lambda tx: alerts.acknowledge(tx, subject))
    with pytest.raises(AlreadyResolved):
        story.act("ana", lambda tx: alerts.acknowledge(tx, subject))


def test_an_acknowledgement_that_is_taken_back_pages_from_the_first_step(story: Story) -> None:
    subject = story.opens()
    story.pass_time(6 * MINUTE)
    story.act("bo", lambda tx: alerts.acknowledge(tx, subject))
    story.heard.clear()
    story.act("bo", lambda tx: alerts.unacknowledge(tx, subject))
    story.drain()
    assert story.said() == ["+6m ana@phone"]
    assert story.alert(subject).acknowledged_by is None
    assert story.climb(subject).climb == 2


def test_taking_back_an_acknowledgement_ends_a_snooze_as_well(story: Story) -> None:
    """Somebody is paged again, so the alert cannot stay held: its pages would never leave."""
    subject = story.opens()
    story.act("bo", lambda tx: alerts.acknowledge(tx, subject))
    story.act("bo", lambda tx: alerts.snooze(tx, subject, HOUR))
    story.act("bo", lambda tx: alerts.unacknowledge(tx, subject))
    story.drain()
    assert story.said() == ["+0m ana@phone"]
    assert story.alert(subject).hold is None
    story.answers("ana")
    story.pass_time(2 * HOUR)
    assert story.said() == ["+0m ana@phone"]  # the snooze's end does not page again


def test_only_what_is_acknowledged_can_be_taken_back(story: Story) -> None:
    subject = story.opens()
    with pytest.raises(NotAcknowledged):
        story.act("bo", lambda tx: alerts.unacknowledge(tx, subject))


def test_a_person_ends_an_alert_and_the_next_firing_pages_anew(story: Story) -> None:
    subject = story.opens()
    story.drain()
    story.act("bo", lambda tx: alerts.resolve(tx, subject))
    story.act("bo", lambda tx: alerts.resolve(tx, subject))
    assert story.events(subject).count("alert.resolved") == 1
    story.pass_time(HOUR)
    assert story.said() == ["+0m ana@phone"]
    again = story.opens()
    story.drain()
    assert again != subject
    assert story.said()[-1] == "+60m ana@phone"


@pytest.mark.ledger("S4-73")
def test_escalating_what_somebody_has_takes_it_back_and_begins_anew(story: Story) -> None:
    subject = story.opens()
    story.act("bo", lambda tx: alerts.acknowledge(tx, subject))
    story.act("bo", lambda tx: alerts.escalate(tx, subject))
    story.drain()
    assert story.said() == ["+0m ana@phone"]
    assert story.events(subject)[-1] != "alert.acknowledged"
    assert "alert.escalated" in story.events(subject)


@pytest.mark.parametrize("target", ["user:cy", "team:payments", "schedule:primary"])
def test_a_reassigned_alert_pages_them_first_and_the_policy_after_them(
    story: Story, target: str
) -> None:
    first = {"user:cy": ["cy"], "schedule:primary": ["ana"], "team:payments": ["ana", "bo", "cy"]}
    subject = story.opens()
    story.act("bo", lambda tx: alerts.acknowledge(tx, subject))
    story.act("bo", lambda tx: alerts.reassign(tx, subject, Target.parse(target)))
    story.drain()
    assert story.said() == [f"+0m {name}@phone" for name in first[target]]
    assert story.alert(subject).status is AlertStatus.TRIGGERED
    story.heard.clear()
    story.pass_time(5 * MINUTE)
    assert "+5m ana@phone" in story.said()


def test_nobody_is_reassigned_to_somebody_who_cannot_be_reached(story: Story) -> None:
    subject = story.opens()
    before = story.alert(subject)
    with pytest.raises(ReachesNobody) as refused:
        story.act("bo", lambda tx: alerts.reassign(tx, subject, Target.parse("schedule:empty")))
    assert "nobody is on call" in refused.value.detail
    assert story.alert(subject) == before


@pytest.mark.parametrize("verb", ["acknowledge", "resolve", "unacknowledge", "escalate"])
def test_a_viewer_answers_nothing(story: Story, verb: str) -> None:
    subject = story.opens()
    with pytest.raises(NotPermitted):
        story.act("vi", lambda tx: getattr(alerts, verb)(tx, subject), role=Role.VIEWER)


@pytest.mark.parametrize("verb", ["acknowledge", "resolve", "unacknowledge", "escalate"])
@pytest.mark.parametrize("name", ["al_nothing", "RAVO-00", ""])
def test_what_does_not_exist_cannot_be_answered(story: Story, verb: str, name: str) -> None:
    with pytest.raises(NoSuchAlert):
        story.act("bo", lambda tx: getattr(alerts, verb)(tx, name))


def test_a_source_that_says_somebody_has_it_stops_the_paging(story: Story) -> None:
    subject = story.opens()
    with story.database.begin(SYSTEM) as tx:
        assert alerts.acknowledge(tx, subject).acknowledged_by == "system:holdfast"
    story.pass_time(HOUR)
    assert story.said() == []
