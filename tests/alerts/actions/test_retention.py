"""What is old enough is let go, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from holdfast.alerts.actions import retention
from holdfast.alerts.actions.retention import AGAIN, EVERY, RETENTION, ROWS_PER_TURN_MAX, Limits
from holdfast.kernel.actor import SYSTEM
from holdfast.storage import duties, inbox
from holdfast.storage.inbox import Envelope
from tests.support.database import rows_of, value_of
from tests.support.story import MINUTE, Story, firing, resolved

LIMITS = Limits(inbox_days=30, alert_days=100)
DAY = timedelta(days=1)


def run(story: Story) -> None:
    with story.database.begin(SYSTEM) as tx:
        retention.run(tx, LIMITS)


def counts(story: Story) -> dict[str, int]:
    tables = ("alerts", "pages", "deliveries", "escalations")
    with story.database.read(SYSTEM) as tx:
        return {name: value_of(tx, f"select count(*) from {name}") for name in tables}


def pass_days(story: Story, days: int) -> None:
    story.clock.jump_to(story.clock.now() + days * DAY)


def test_an_alert_that_is_long_over_goes_with_its_pages_and_its_climb(story: Story) -> None:
    subject = story.opens()
    story.pass_time(MINUTE)
    story.recovers()
    pass_days(story, 100)
    run(story)
    assert counts(story)["alerts"] == 1, "not before its day"
    pass_days(story, 1)
    run(story)
    assert counts(story) == {"alerts": 0, "pages": 0, "deliveries": 0, "escalations": 0}
    assert "alert.resolved" in story.events(subject), "the timeline is kept"


def test_an_alert_that_is_open_is_never_let_go(story: Story) -> None:
    story.opens()
    story.drain()
    pass_days(story, 1000)
    before = counts(story)
    run(story)
    assert counts(story) == before


def test_letters_are_kept_for_their_days_and_only_once_they_were_digested(story: Story) -> None:
    story.database.append_inbox(
        [Envelope(f"lt_{n}", "am", story.start, b"raw", "[]") for n in range(3)]
    )
    with story.database.begin(SYSTEM) as tx:
        inbox.mark_done(tx, inbox.take_waiting(tx, 2))
    pass_days(story, 31)
    run(story)
    with story.database.read(SYSTEM) as tx:
        assert rows_of(tx, "select id from inbox") == [("lt_2",)]


def test_there_is_always_a_next_look_and_soon_while_there_is_more(story: Story) -> None:
    keys = [f"k{number}" for number in range(ROWS_PER_TURN_MAX + 1)]
    story.receives_all(*[firing(key) for key in keys])
    story.receives_all(*[resolved(key) for key in keys])
    pass_days(story, 101)
    for left, wait in ((1, AGAIN), (0, EVERY)):
        run(story)
        assert counts(story)["alerts"] == left
        with story.database.read(SYSTEM) as tx:
            assert duties.timer_due(tx, RETENTION, RETENTION) == story.clock.now() + wait
