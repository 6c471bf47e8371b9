"""Signals become alerts: which join, which begin, and what became of each of them."""

from __future__ import annotations

import pytest

from holdfast.alerts import actions as alerts
from holdfast.alerts import queries
from holdfast.alerts.actions.receive import BY_HAND, UNKNOWN_SERVICE
from holdfast.alerts.model import Alert, AlertStatus, Fate, Incoming
from holdfast.alerts.queries import Filter
from holdfast.catalog import actions as catalog
from holdfast.catalog import queries as catalog_queries
from holdfast.catalog.model import Connection, NoSuchService
from holdfast.kernel.actor import SYSTEM, Role
from holdfast.people import actions as people
from holdfast.people.permissions import NotPermitted
from holdfast.sdk import Severity, Signal, SignalStatus, Urgency
from tests.support.story import MINUTE, Story, firing, person, resolved, user


def everything(story: Story) -> list[Alert]:
    with story.database.read(SYSTEM) as tx:
        return queries.newest(tx, Filter())


@pytest.mark.ledger("S4-53")
def test_the_same_trouble_again_is_one_alert_and_one_page(story: Story) -> None:
    first, *further = [story.fires() for _ in range(5)]
    assert first.fate is Fate.TRIGGERED
    assert {receipt.fate for receipt in further} == {Fate.REPEATED}
    assert {receipt.alert for receipt in further} == {first.alert}
    story.drain()
    assert story.said() == ["+0m ana@phone"]
    (alert,) = everything(story)
    assert alert.count == 5
    assert story.events(alert.id).count("alert.triggered") == 1


def test_equal_keys_of_two_connections_are_two_troubles(story: Story) -> None:
    """Promises R22: a dedup key joins signals of one connection only."""
    with story.database.begin(SYSTEM) as tx:
        catalog.save_connection(tx, Connection("other", "generic", "checkout"))
    (mine,) = story.receives_all(firing("k"))
    (theirs,) = story.receives_all(firing("k"), connection="other")
    assert mine.alert != theirs.alert
    story.receives_all(resolved("k"), connection="other")
    assert {alert.connection for alert in everything(story) if alert.open} == {"am"}


@pytest.mark.parametrize("other", ["K", "k ", "\u043a", "ｋ", "k\u200b"])
def test_keys_that_only_look_alike_are_not_joined(story: Story, other: str) -> None:
    assert story.opens("k") != story.opens(other)


@pytest.mark.parametrize("key", [None, ""])
def test_signals_without_a_key_are_each_their_own_trouble(story: Story, key: str | None) -> None:
    receipts = story.receives_all(firing(key), firing(key), resolved(key), firing(key))
    assert [r.fate for r in receipts] == [
        Fate.TRIGGERED, Fate.TRIGGERED, Fate.IGNORED, Fate.TRIGGERED,
    ]  # fmt: skip
    assert len({alert.dedup_key for alert in everything(story)}) == 3


def test_a_trouble_that_comes_back_is_a_new_alert_linked_to_the_old_one(story: Story) -> None:
    first = story.opens()
    assert story.recovers().fate is Fate.RESOLVED
    second = story.fires()
    assert (second.fate, second.alert == first) == (Fate.TRIGGERED, False)
    assert second.alert is not None
    assert story.alert(second.alert).previous == first
    with story.database.read(SYSTEM) as tx:
        same = queries.same_trouble(tx, queries.alert(tx, first))
    assert [alert.id for alert in same] == [second.alert]


def test_fire_resolve_fire_in_one_letter_is_read_in_order(story: Story) -> None:
    receipts = story.receives_all(firing(), firing(), resolved(), resolved(), firing())
    assert [receipt.fate for receipt in receipts] == [
        Fate.TRIGGERED, Fate.REPEATED, Fate.RESOLVED, Fate.IGNORED, Fate.TRIGGERED,
    ]  # fmt: skip
    newer, older = sorted(everything(story), key=lambda alert: not alert.open)
    assert (newer.previous, newer.count) == (older.id, 1)
    story.drain()
    assert story.said() == ["+0m ana@phone"]


def test_a_storm_of_repetitions_costs_a_counter_and_no_history(story: Story) -> None:
    subject = story.opens()
    before = story.events(subject)
    story.receives_all(*[firing() for _ in range(200)])
    assert story.alert(subject).count == 201
    assert story.events(subject) == before


def test_every_accepted_signal_has_exactly_one_fate(story: Story) -> None:
    """Promises rule 9."""
    signals = [
        firing("a"), firing("a"), resolved("b"), Signal(SignalStatus.ACKNOWLEDGED, "t", dedup="a"),
        Signal(SignalStatus.ACKNOWLEDGED, "t", dedup="a"), resolved("a"), firing("c"),
    ]  # fmt: skip
    receipts = story.receives_all(*signals)
    assert [receipt.fate.value for receipt in receipts] == [
        "triggered", "repeated", "ignored", "acknowledged", "ignored", "resolved", "triggered",
    ]  # fmt: skip
    assert all(receipt.why for receipt in receipts)


def test_the_source_ends_what_it_began_and_nobody_is_paged_any_more(story: Story) -> None:
    subject = story.opens()
    story.drain()
    story.recovers()
    story.pass_time(60 * MINUTE)
    assert story.said() == ["+0m ana@phone"]
    alert = story.alert(subject)
    assert (alert.status, alert.resolved_by) == (AlertStatus.RESOLVED, "connection:am")


def test_a_recovery_of_an_earlier_firing_does_not_end_this_one(story: Story) -> None:
    """Promises R11: late words about the time before are ignored, and said so."""
    subject = story.opens(started_at=story.start)
    receipt = story.recovers(started_at=story.start - MINUTE)
    assert receipt.fate is Fate.IGNORED
    assert story.alert(subject).open
    assert story.events(subject)[-1] == "alert.signal_ignored"


def test_what_could_wait_and_gets_worse_pages_at_once(story: Story) -> None:
    subject = story.opens(severity=Severity.WARNING)
    story.drain()
    assert story.said() == ["+0m ana@mail"]
    story.clock.jump_to(story.clock.now() + MINUTE)
    story.fires(severity=Severity.CRITICAL)
    story.drain()
    assert story.said() == ["+0m ana@mail", "+1m ana@phone"]
    alert = story.alert(subject)
    assert (alert.urgency, alert.severity, alert.count) == (Urgency.HIGH, Severity.CRITICAL, 2)
    assert "alert.raised" in story.events(subject)


def test_what_gets_worse_while_somebody_has_it_pages_nobody_else(story: Story) -> None:
    subject = story.opens(severity=Severity.WARNING)
    story.act("ana", lambda tx: alerts.acknowledge(tx, subject))
    story.fires(severity=Severity.CRITICAL)
    story.drain()
    assert story.said() == []
    assert story.alert(subject).urgency is Urgency.HIGH


def test_a_source_that_ends_its_whole_group_ends_what_it_never_named(story: Story) -> None:
    one, two = story.opens("1", group="g"), story.opens("2", group="g")
    elsewhere = story.opens("3", group="h")
    story.receives(resolved("1", group="g", resolves_group=True))
    assert [story.alert(subject).open for subject in (one, two, elsewhere)] == [False, False, True]
    again = story.fires("2", group="g")
    assert again.alert is not None
    assert story.alert(again.alert).previous == two


def test_what_was_counted_in_the_letter_that_ends_its_group_stays_counted(story: Story) -> None:
    two = story.opens("2", group="g")
    story.opens("1", group="g")
    again = firing("2", group="g")
    story.receives_all(again, again, resolved("1", group="g", resolves_group=True))
    assert (story.alert(two).count, story.alert(two).open) == (3, False)


def test_a_repetition_after_its_lead_ended_in_the_same_letter_does_not_hold_it_again(
    story: Story,
) -> None:
    lead, other = story.opens("lead"), story.opens("other")
    story.act("ana", lambda tx: alerts.merge(tx, other, lead))
    story.receives_all(firing("other"), resolved("lead"), firing("other"))
    freed = story.alert(other)
    assert (freed.hold, freed.count) == (None, 3)
    story.drain()
    assert story.said() == ["+0m ana@phone"]


def test_what_comes_back_in_the_letter_that_ended_its_group_is_linked(story: Story) -> None:
    two = story.opens("2", group="g")
    story.opens("1", group="g")
    *_, again = story.receives_all(resolved("1", group="g", resolves_group=True), firing("2"))
    assert again.alert is not None
    assert story.alert(again.alert).previous == two


def test_a_letter_whose_connection_was_deleted_meanwhile_still_pages_an_admin(
    story: Story,
) -> None:
    """It was accepted, so it is not lost: nobody owns it, so the admins are asked."""
    with story.database.begin(SYSTEM) as tx:
        people.save_user(tx, user("root", role=Role.ADMIN))
        catalog.delete_connection(tx, "am")
    receipt = story.fires()
    assert receipt.alert is not None
    story.drain()
    assert story.said() == ["+0m root@phone"]
    alert = story.alert(receipt.alert)
    assert alert.service == UNKNOWN_SERVICE
    assert alert.marks == ("its connection was deleted meanwhile",)


def test_raw_text_that_cannot_be_digested_pages_as_it_is(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        receipt = alerts.receive_raw(
            tx, Incoming("lt_1", "am", tx.now, ()), "  disk\n full  " + "x" * 900, "KeyError('x')"
        )
    assert receipt.alert is not None
    story.drain()
    assert story.said() == ["+0m ana@phone"]
    alert = story.alert(receipt.alert)
    assert alert.title.startswith("disk full xxx")
    assert len(alert.title) == 200
    assert alert.marks == ("Holdfast could not digest this: KeyError('x')",)


def test_an_alert_opened_by_hand_climbs_like_any_other(story: Story) -> None:
    with story.database.begin(person("bo")) as tx:
        opened = alerts.open_by_hand(tx, "checkout", "Looks slow", Severity.CRITICAL)
    assert opened.connection == BY_HAND
    story.drain()
    assert story.said() == ["+0m ana@phone"]
    assert story.recorded(opened.id)[0].data["why"] == "opened by user:bo"


def test_two_alerts_opened_by_hand_are_two_troubles(story: Story) -> None:
    with story.database.begin(person("bo")) as tx:
        for _ in range(2):
            alerts.open_by_hand(tx, "checkout", "Looks slow", Severity.CRITICAL)
    assert len(everything(story)) == 2


def test_an_alert_by_hand_needs_a_service_that_exists_and_the_right_to_open_one(
    story: Story,
) -> None:
    with story.database.begin(person("bo")) as tx, pytest.raises(NoSuchService):
        alerts.open_by_hand(tx, "nothing", "Looks slow", Severity.CRITICAL)
    with story.database.begin(person("vi", Role.VIEWER)) as tx, pytest.raises(NotPermitted):
        alerts.open_by_hand(tx, "checkout", "Looks slow", Severity.CRITICAL)


def test_a_connection_that_was_heard_says_when(story: Story) -> None:
    story.fires()
    with story.database.read(SYSTEM) as tx:
        assert catalog_queries.connection(tx, "am").last_signal_at == story.clock.now()


def test_an_alert_is_found_by_id_and_by_code_in_any_case(story: Story) -> None:
    subject = story.opens()
    assert story.alert(story.alert(subject).code.lower()).id == subject


def test_all_that_a_signal_says_is_kept(story: Story) -> None:
    subject = story.opens(
        labels={"host": "db-1"}, details={"deep": {"er": [1, None]}}, marks=("shortened",),
        link="https://example.com/d", group="g", started_at=story.start,
    )  # fmt: skip
    alert = story.alert(subject)
    assert alert.labels == {"host": "db-1"}
    assert alert.details == {"deep": {"er": [1, None]}}
    assert (alert.marks, alert.link) == (("shortened",), "https://example.com/d")
    assert (alert.group, alert.started_at) == ("g", story.start)


def test_a_thousand_keys_in_one_batch_are_a_thousand_alerts(story: Story) -> None:
    receipts = story.receives_all(*[firing(f"k{n}") for n in range(1000)])
    assert len({receipt.alert for receipt in receipts}) == 1000
    again = story.receives_all(*[firing(f"k{n}") for n in range(1000)])
    assert {receipt.fate for receipt in again} == {Fate.REPEATED}
