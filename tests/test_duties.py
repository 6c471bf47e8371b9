"""What the engine is told to do, and what a page says when it leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from holdfast import duties
from holdfast.alerts import actions as alerts
from holdfast.alerts.actions import climbing, heartbeat, letters, retention
from holdfast.escalation.actions import ESCALATION
from holdfast.incidents.clocks.model import CLOCK
from holdfast.incidents.telling.actions import TELLING
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.paging import actions as paging
from holdfast.paging.model import PAGE
from holdfast.paging.notifications.model import NOTIFICATION
from holdfast.people import actions as people
from holdfast.people import queries as people_queries
from holdfast.sdk import Severity
from holdfast.storage import inbox
from holdfast.storage.inbox import INBOX_FAILURES_MAX, Envelope
from tests.support.database import START
from tests.support.story import KEEP, MINUTE, Story, firing, user


def test_every_kind_of_timer_that_is_set_has_somebody_who_answers_it() -> None:
    kinds = {ESCALATION, PAGE, climbing.SNOOZE, heartbeat.WATCH, retention.RETENTION}
    assert set(duties.timers(KEEP)) == kinds | {CLOCK, TELLING, NOTIFICATION}


def test_a_page_says_all_that_a_person_needs(story: Story) -> None:
    subject = story.opens(title="Disk full", link="https://example.com/d")
    story.fires()
    story.pass_time(2 * MINUTE)
    alert = story.alert(subject)
    said = story.heard[1].message
    assert said.title == "Critical · Checkout: Disk full"
    assert said.text.splitlines() == [
        "Disk full",
        "Critical on Checkout, for 2 min, 2 signals.",
        "You are paged because of step 1 of policy payments: schedule:primary.",
        f"Alert {alert.code}. Acknowledge to stop the paging.",
    ]
    (page,) = story.pages_about(subject)
    assert said.answer_url == f"http://holdfast.test/p/{page.id}"
    assert said.code == alert.code
    assert said.payload["page"] == {
        "id": page.id,
        "code": alert.code,
        "urgency": "high",
        "because": "step 1 of policy payments: schedule:primary",
        "attempt": 1,
        "answer_url": said.answer_url,
        "user": "ana",
    }
    sent = said.payload["alert"]
    assert isinstance(sent, dict)
    assert sent["url"] == f"http://holdfast.test/alerts/{subject}"
    assert sent["count"] == 2


def test_each_message_has_an_id_of_its_own_to_be_told_apart_by(story: Story) -> None:
    story.opens()
    story.pass_time(60 * MINUTE)
    ids = [heard.message.id for heard in story.heard]
    assert len(set(ids)) == len(ids) == 6


def test_a_page_says_how_things_stand_when_it_leaves_not_when_it_began(story: Story) -> None:
    story.opens(severity=Severity.WARNING, title="Disk 80 %")
    story.fires(severity=Severity.CRITICAL)
    story.drain()
    assert story.heard[0].message.title == "Critical · Checkout: Disk 80 %"


def test_a_rehearsal_says_so_in_every_page(story: Story) -> None:
    links = duties.Links(lambda: "http://h.test", lambda page: "http://h.test/p", rehearsal=True)
    story.kinds = duties.deliveries(links)
    story.opens()
    story.act("ana", lambda tx: paging.send_test(tx, "ana", "mail"))
    story.drain()
    for heard in story.heard:
        assert heard.message.rehearsal
        assert heard.message.title.startswith("REHEARSAL")
        assert heard.message.payload["rehearsal"] == "REHEARSAL"


def test_a_contact_method_that_was_removed_meanwhile_is_refused(story: Story) -> None:
    subject = story.opens()
    with story.database.begin(SYSTEM) as tx:
        story.advance_climb(tx, subject)
        user = people_queries.user(tx, "ana")
        people.save_user(tx, replace(user, methods=user.methods[1:], rules={}))
    story.drain()
    assert story.said() == ["+0m ana@mail"]


def test_nobody_who_was_disabled_meanwhile_is_rung_and_the_next_one_is_at_once(
    story: Story,
) -> None:
    subject = story.opens()
    with story.database.begin(SYSTEM) as tx:
        story.advance_climb(tx, subject)
        people.disable_user(tx, "ana")
    story.drain()
    assert story.said() == ["+0m bo@phone"]


def test_a_ladder_that_our_own_code_cannot_go_on_with_goes_to_the_next_person(
    story: Story,
) -> None:
    """A timer that failed three times is parked: what it was for must still happen."""
    subject = story.opens()
    story.drain()
    (page,) = story.pages_about(subject)
    rescue = story.timers[PAGE].rescue
    assert rescue is not None
    with story.database.begin(SYSTEM) as tx:
        rescue(tx, page.id)
    story.drain()
    assert story.said() == ["+0m ana@phone", "+0m bo@phone"]


def test_a_snooze_that_our_own_code_cannot_end_pages_the_admins(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("root", role=Role.ADMIN))
    subject = story.opens()
    story.act("ana", lambda tx: alerts.snooze(tx, subject, 60 * MINUTE))
    rescue = story.timers[climbing.SNOOZE].rescue
    assert rescue is not None
    with story.database.begin(SYSTEM) as tx:
        rescue(tx, subject)
    story.drain()
    assert story.said() == ["+0m root@phone"]
    assert story.alert(subject).hold is None


def test_a_heartbeat_that_our_own_code_cannot_miss_still_pages(story: Story) -> None:
    rescue = story.timers[heartbeat.WATCH].rescue
    assert rescue is not None
    with story.database.begin(SYSTEM) as tx:
        rescue(tx, "am")
    story.drain()
    assert story.said() == ["+0m ana@phone"]
    assert "The heartbeat am was not heard" in story.heard[0].message.title


def test_a_page_whose_words_cannot_be_written_leaves_with_bare_ones(story: Story) -> None:
    """Promises R70: a row that our own code cannot read still wakes somebody."""
    subject = story.opens()
    with story.database.begin(SYSTEM) as tx:
        story.advance_climb(tx, subject)
        tx.execute(text("update alerts set severity = 'from the future'"))
    story.drain_deliveries()
    (heard,) = story.heard
    assert heard.message.title == f"Holdfast alert {subject}"
    assert heard.message.answer_url is not None


def test_a_held_alert_says_nothing_more_even_if_a_delivery_is_due(story: Story) -> None:
    subject = story.opens()
    with story.database.begin(SYSTEM) as tx:
        story.advance_climb(tx, subject)
    story.act("ana", lambda tx: alerts.snooze(tx, subject, 60 * MINUTE))
    story.pass_time(30 * MINUTE)
    assert story.said() == []


def test_a_letter_goes_through_the_inbox_to_a_phone(story: Story) -> None:
    story.database.append_inbox([letter("lt_1", letters.signals_out([firing()]))])
    story.drain()
    assert story.said() == ["+0m ana@phone"]


@pytest.mark.parametrize("signals", ['[{"status": "exploded"}]', '{"not": "a list"}', "[7]"])
def test_a_letter_that_we_cannot_digest_still_pages_with_its_raw_text(
    story: Story, signals: str
) -> None:
    """House 6a: kept, marked, shown and replayable, and it pages."""
    story.database.append_inbox([letter("lt_1", signals)])
    story.drain()
    assert story.said() == ["+0m ana@phone"]
    assert story.heard[0].message.title == "Unknown · Checkout: raw words of the sender"
    with story.database.read(SYSTEM) as tx:
        assert inbox.count_by_state(tx) == {"stuck": 1}


def test_a_letter_in_front_of_a_poisoned_one_waits_for_nothing(story: Story) -> None:
    story.database.append_inbox(
        [letter("lt_1", "[7]"), letter("lt_2", letters.signals_out([firing()]))]
    )
    story.turn()
    assert story.alert_count() == 1
    for _ in range(INBOX_FAILURES_MAX):
        story.turn()
    assert story.alert_count() == 2


def test_the_timeline_is_sealed_by_a_chore(story: Story) -> None:
    story.opens()
    with story.database.begin(SYSTEM) as tx:
        assert duties.something_to_seal(tx)
        assert duties.seal(tx) > 0
        assert not duties.something_to_seal(tx)


def letter(name: str, signals: str) -> Envelope:
    return Envelope(name, "am", START, b"raw\n words of the sender", signals)
