"""Heartbeats: silence is a signal, unless we were the ones who could not hear."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.alerts import queries as alerts
from holdfast.alerts.actions import heartbeat
from holdfast.alerts.model import Alert
from holdfast.alerts.queries import Filter
from holdfast.catalog import actions as catalog
from holdfast.catalog import queries as catalog_queries
from holdfast.catalog.model import Connection
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.errors import Invalid
from holdfast.storage import duties
from tests.support.story import MINUTE, Story

DAILY = Connection(
    "nightly", "heartbeat", "checkout", every=timedelta(hours=1), grace=timedelta(minutes=5)
)


@pytest.fixture
def watching(story: Story) -> Story:
    with story.database.begin(SYSTEM) as tx:
        catalog.save_connection(tx, DAILY)
        heartbeat.watch(tx, "nightly")
    return story


def beat(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        heartbeat.beat(tx, catalog_queries.connection(tx, "nightly"))


def all_alerts(story: Story) -> list[Alert]:
    with story.database.read(SYSTEM) as tx:
        return alerts.newest(tx, Filter())


@pytest.mark.ledger("S4-51")
def test_silence_for_longer_than_promised_and_tolerated_pages(watching: Story) -> None:
    watching.pass_time(65 * MINUTE - timedelta(seconds=1))
    assert watching.said() == []
    watching.pass_time(timedelta(seconds=1))
    assert watching.said() == ["+65m ana@phone"]
    (alert,) = all_alerts(watching)
    assert alert.title == "The heartbeat nightly was not heard for 1h5m"
    assert alert.service == "checkout"


def test_every_beat_measures_silence_anew(watching: Story) -> None:
    for _ in range(3):
        watching.pass_time(64 * MINUTE)
        beat(watching)
    assert watching.said() == []
    watching.pass_time(65 * MINUTE)
    assert watching.said() == [f"+{3 * 64 + 65}m ana@phone"]


def test_a_beat_ends_the_alert_about_silence_and_the_next_silence_is_a_new_one(
    watching: Story,
) -> None:
    watching.pass_time(66 * MINUTE)
    beat(watching)
    (first,) = all_alerts(watching)
    assert not first.open
    watching.pass_time(66 * MINUTE)
    newest = next(alert for alert in all_alerts(watching) if alert.open)
    assert newest.previous == first.id


def test_silence_that_goes_on_pages_once(watching: Story) -> None:
    watching.pass_time(66 * MINUTE)
    watching.answers("ana")
    watching.pass_time(timedelta(days=2))
    assert watching.said() == ["+65m ana@phone"]


def test_an_outage_of_ours_is_no_silence_of_theirs(watching: Story) -> None:
    """Promises P16: every deadline moves by the time we were away."""
    watching.clock.jump_to(watching.clock.now() + timedelta(hours=6))
    with watching.database.begin(SYSTEM) as tx:
        assert heartbeat.forgive_our_outage(tx, timedelta(hours=6)) == 1
    watching.pass_time(64 * MINUTE)
    assert watching.said() == []
    watching.pass_time(MINUTE)
    assert len(watching.said()) == 1


@pytest.mark.parametrize("gone", ["deleted", "disabled", "another kind"])
def test_a_heartbeat_that_is_no_longer_wanted_is_not_missed(watching: Story, gone: str) -> None:
    with watching.database.begin(SYSTEM) as tx:
        if gone == "deleted":
            catalog.delete_connection(tx, "nightly")
        elif gone == "disabled":
            catalog.save_connection(
                tx, Connection("nightly", "heartbeat", "checkout", DAILY.every, disabled_at=tx.now)
            )
        else:
            catalog.save_connection(tx, Connection("nightly", "generic", "checkout"))
    watching.pass_time(timedelta(days=1))
    assert watching.said() == []


def test_only_heartbeats_are_watched(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        heartbeat.watch(tx, "am")
        assert duties.timer_due(tx, heartbeat.WATCH, "am") is None


@pytest.mark.parametrize("every", [None, timedelta(seconds=9)])
def test_a_heartbeat_needs_a_time_it_can_keep(story: Story, every: timedelta | None) -> None:
    with story.database.begin(SYSTEM) as tx, pytest.raises(Invalid):
        catalog.save_connection(tx, Connection("x", "heartbeat", "checkout", every=every))
