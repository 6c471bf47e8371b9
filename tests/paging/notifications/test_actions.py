"""Telling one person something, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from holdfast.kernel.actor import SYSTEM
from holdfast.paging.notifications import actions as notifications
from holdfast.paging.notifications import queries
from holdfast.paging.notifications.model import BURST_MAX, Notice, Notification, NotificationState
from holdfast.people import actions as people
from holdfast.sdk import MessageKind, Rejected, Retry, Sent, Urgency
from tests.support.story import MINUTE, Story, user

NOTICE = Notice(
    subject="in_1", title="Update", text="We are looking into it.", code="INC-2026-001",
    link="/incidents/INC-2026-001", cause="up_1",
)  # fmt: skip


def tell(story: Story, name: str = "ana", notice: Notice = NOTICE) -> Notification:
    with story.database.begin(SYSTEM) as tx:
        return notifications.notify(tx, name, notice)


def now(story: Story, made: Notification) -> Notification:
    with story.database.read(SYSTEM) as tx:
        return queries.notification(tx, made.id)


def test_it_goes_by_the_first_method_for_what_is_not_urgent_and_pages_nobody(
    story: Story,
) -> None:
    made = tell(story)
    story.pass_time(10 * MINUTE)
    assert story.said() == ["+0m ana@mail"]  # ana's ladder for low urgency is mail
    assert now(story, made).state is NotificationState.SENT
    assert story.pages_about("in_1") == []
    message = story.heard[0].message
    assert message.kind is MessageKind.NOTIFICATION
    assert message.urgency is Urgency.LOW
    assert message.answer_url == "http://holdfast.test/incidents/INC-2026-001"


def test_the_webhook_body_says_that_it_is_a_notification(story: Story) -> None:
    tell(story)
    story.drain()
    payload = story.heard[0].message.payload
    assert payload["kind"] == "notification"
    told = cast(dict[str, object], payload["notification"])
    assert told["about"] == "in_1"
    assert told["text"] == "We are looking into it."
    assert told["url"] == "http://holdfast.test/incidents/INC-2026-001"
    assert "page" not in payload


def test_a_method_that_fails_is_tried_again_like_a_page(story: Story) -> None:
    story.outcomes["ana@mail"] = Retry("busy")
    made = tell(story)
    story.pass_time(MINUTE)
    assert story.heard == []
    story.outcomes["ana@mail"] = Sent()
    story.pass_time(2 * MINUTE)
    assert [heard.address for heard in story.heard] == ["ana@mail"]
    assert now(story, made).state is NotificationState.SENT


def test_a_method_that_refuses_gives_way_to_the_next_one(story: Story) -> None:
    story.outcomes["ana@mail"] = Rejected("no such mailbox")
    made = tell(story)
    story.pass_time(MINUTE)
    assert [heard.address for heard in story.heard] == ["ana@phone"]
    assert now(story, made).state is NotificationState.SENT


def test_when_every_method_refuses_it_is_written_down_and_not_tried_for_ever(
    story: Story,
) -> None:
    story.outcomes["ana@mail"] = story.outcomes["ana@phone"] = Rejected("gone")
    made = tell(story)
    story.pass_time(10 * MINUTE)
    assert now(story, made).state is NotificationState.FAILED
    assert now(story, made).why == "gone"
    assert story.events(made.id) == ["notification.failed"]


def test_somebody_without_a_way_to_be_reached_is_no_error(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("dee", methods=(), rules={}))
    assert tell(story, "dee").state is NotificationState.FAILED
    assert tell(story, "nobody").why == "no such user"


def test_nobody_is_flooded_and_what_waits_is_not_lost(story: Story) -> None:
    for number in range(BURST_MAX + 3):
        tell(story, notice=replace(NOTICE, title=f"Update {number}"))
    story.drain()
    assert len(story.heard) == BURST_MAX
    story.pass_time(4 * MINUTE)
    assert len(story.heard) == BURST_MAX
    story.pass_time(2 * MINUTE)
    titles = [heard.message.title for heard in story.heard]
    expected = [f"INC-2026-001 · Update {number}" for number in range(BURST_MAX + 3)]
    assert sorted(titles) == expected
    assert sorted(titles[BURST_MAX:]) == expected[BURST_MAX:]  # the first ones waited least


def test_a_flood_of_many_windows_goes_out_window_by_window(story: Story) -> None:
    for _ in range(3 * BURST_MAX):
        tell(story)
    story.pass_time(timedelta(minutes=30))
    minutes = [(heard.at - story.start) // MINUTE for heard in story.heard]
    assert minutes == [0] * BURST_MAX + [5] * BURST_MAX + [10] * BURST_MAX


def test_a_reminder_never_waits_behind_a_flood(story: Story) -> None:
    for _ in range(BURST_MAX + 1):
        tell(story)
    tell(story, notice=replace(NOTICE, title="Due now", pressing=True))
    story.drain()
    assert "INC-2026-001 · Due now" in [heard.message.title for heard in story.heard]


def test_the_flood_of_one_person_holds_nobody_else_up(story: Story) -> None:
    for _ in range(BURST_MAX + 1):
        tell(story)
    tell(story, "bo")
    story.drain()
    assert "bo@mail" in [heard.address for heard in story.heard]


@pytest.mark.parametrize("text", ["a" * 20_000, "\x00evil\x1b[2J"])
def test_odd_text_is_shortened_and_cleaned_before_it_is_kept(story: Story, text: str) -> None:
    made = tell(story, notice=replace(NOTICE, text=text))
    assert len(made.notice.text) <= 8000
    assert "\x00" not in made.notice.text


def test_a_person_sees_what_they_were_told_newest_first(story: Story) -> None:
    tell(story, notice=replace(NOTICE, title="First"))
    story.pass_time(MINUTE)
    tell(story, notice=replace(NOTICE, title="Second"))
    with story.database.read(SYSTEM) as tx:
        told = queries.of_user(tx, "ana")
        assert [each.notice.title for each in told] == ["Second", "First"]
        older = queries.of_user(tx, "ana", before=(told[0].made_at, told[0].id))
        assert [each.notice.title for each in older] == ["First"]
        counts = queries.outcome_counts(tx, "in_1")
    assert counts == {"up_1": {NotificationState.SENT: 1, NotificationState.QUEUED: 1}}
