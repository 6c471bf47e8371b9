"""Alerts that wake nobody for a while, and what ends that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.alerts import actions as alerts
from holdfast.alerts.model import AlertStatus, AlreadyResolved, CannotMerge, HoldKind
from holdfast.escalation.model import Target
from holdfast.kernel.errors import Invalid
from tests.support.story import MINUTE, Story

HOUR = 60 * MINUTE


def snooze(story: Story, subject: str, length: timedelta = HOUR) -> None:
    story.act("ana", lambda tx: alerts.snooze(tx, subject, length))


def merge(story: Story, subject: str, lead: str) -> None:
    story.act("ana", lambda tx: alerts.merge(tx, subject, lead))


def test_a_snoozed_alert_wakes_nobody_until_the_snooze_ends_and_then_pages_at_once(
    story: Story,
) -> None:
    """Promises R38: the end of the hold is a row with its instant."""
    subject = story.opens()
    story.pass_time(MINUTE)
    snooze(story, subject)
    held = story.alert(subject).hold
    assert held is not None
    assert (held.kind, held.until) == (HoldKind.SNOOZE, story.start + MINUTE + HOUR)
    story.pass_time(2 * HOUR)
    assert story.said()[:2] == ["+0m ana@phone", "+61m ana@phone"]


def test_a_snooze_that_is_set_again_ends_at_its_new_end(story: Story) -> None:
    subject = story.opens()
    snooze(story, subject, HOUR)
    story.pass_time(MINUTE)
    story.heard.clear()
    snooze(story, subject, 10 * MINUTE)
    story.pass_time(HOUR)
    assert story.said()[0] == "+11m ana@phone"


def test_what_ends_while_it_is_snoozed_never_pages(story: Story) -> None:
    subject = story.opens()
    snooze(story, subject)
    story.recovers()
    story.pass_time(2 * HOUR)
    assert story.said() == []
    assert story.alert(subject).hold is None


def test_a_repetition_does_not_wake_anybody_about_a_snoozed_alert(story: Story) -> None:
    subject = story.opens()
    snooze(story, subject)
    story.fires()
    story.pass_time(30 * MINUTE)
    assert story.said() == []
    assert story.alert(subject).count == 2


def test_a_hold_that_is_ended_by_hand_pages_at_once_and_only_once(story: Story) -> None:
    subject = story.opens()
    snooze(story, subject)
    story.act("bo", lambda tx: alerts.release(tx, subject))
    story.act("bo", lambda tx: alerts.release(tx, subject))
    story.drain()
    assert story.said() == ["+0m ana@phone"]
    story.answers("ana")
    story.pass_time(2 * HOUR)
    assert story.said() == ["+0m ana@phone"]
    assert story.events(subject).count("alert.released") == 1


def test_a_reassigned_alert_is_no_longer_snoozed(story: Story) -> None:
    subject = story.opens()
    snooze(story, subject)
    story.act("bo", lambda tx: alerts.acknowledge(tx, subject))
    target = Target.parse("user:cy")
    story.act("bo", lambda tx: alerts.reassign(tx, subject, target))
    story.drain()
    assert story.said() == ["+0m cy@phone"]


@pytest.mark.parametrize("length", [timedelta(seconds=59), timedelta(days=31), -HOUR])
def test_a_snooze_outside_its_limits_is_refused(story: Story, length: timedelta) -> None:
    subject = story.opens()
    with pytest.raises(Invalid):
        snooze(story, subject, length)


def test_what_is_over_cannot_be_snoozed(story: Story) -> None:
    subject = story.opens()
    story.recovers()
    with pytest.raises(AlreadyResolved):
        snooze(story, subject)


def test_a_merged_alert_wakes_nobody_while_its_lead_is_open(story: Story) -> None:
    lead, subject = story.opens("lead"), story.opens("other")
    merge(story, subject, lead)
    story.drain()
    assert story.said() == ["+0m ana@phone"]
    held = story.alert(subject).hold
    assert held is not None
    assert (held.kind, held.lead) == (HoldKind.MERGED, lead)


def test_when_the_lead_recovers_what_still_fires_pages_by_itself(story: Story) -> None:
    lead, subject = story.opens("lead"), story.opens("other")
    merge(story, subject, lead)
    story.pass_time(MINUTE)
    story.recovers("lead")
    story.drain()
    assert story.said() == ["+0m ana@phone", "+1m ana@phone"]
    assert story.alert(subject).status is AlertStatus.TRIGGERED


def test_a_person_who_ends_the_lead_ends_what_was_merged_into_it(story: Story) -> None:
    lead, subject = story.opens("lead"), story.opens("other")
    merge(story, subject, lead)
    story.act("bo", lambda tx: alerts.resolve(tx, lead))
    story.pass_time(HOUR)
    assert story.alert(subject).status is AlertStatus.RESOLVED
    assert story.said() == []


def test_a_person_who_ends_the_lead_ends_also_what_was_merged_into_a_merged_one(
    story: Story,
) -> None:
    deep, middle, lead = story.opens("deep"), story.opens("middle"), story.opens("lead")
    merge(story, deep, middle)
    merge(story, middle, lead)
    story.act("bo", lambda tx: alerts.resolve(tx, lead))
    story.pass_time(HOUR)
    assert [story.alert(each).open for each in (deep, middle, lead)] == [False, False, False]
    assert story.said() == []


def test_what_recovers_while_it_is_merged_stays_quiet(story: Story) -> None:
    lead, subject = story.opens("lead"), story.opens("other")
    merge(story, subject, lead)
    story.recovers("other")
    story.act("bo", lambda tx: alerts.acknowledge(tx, lead))
    story.recovers("lead")
    story.pass_time(HOUR)
    assert story.said() == []
    assert not story.alert(subject).open


def test_alerts_are_not_merged_in_circles(story: Story) -> None:
    one, two = story.opens("1"), story.opens("2")
    with pytest.raises(CannotMerge):
        merge(story, one, one)
    with pytest.raises(CannotMerge):
        merge(story, one, story.alert(one).code)
    merge(story, one, two)
    with pytest.raises(CannotMerge):
        merge(story, two, one)


def test_only_open_alerts_are_merged(story: Story) -> None:
    one, two = story.opens("1"), story.opens("2")
    story.recovers("2")
    with pytest.raises(CannotMerge):
        merge(story, one, two)
    with pytest.raises(CannotMerge):
        merge(story, two, one)
