"""The inbox: raw, in order, for one reader at a time, and nothing falls out of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.clock import SystemClock
from holdfast.storage import inbox
from holdfast.storage.database import Database
from holdfast.storage.inbox import INBOX_FAILURES_MAX, Envelope
from tests.support.database import START, opened


def letter(number: int, raw: bytes = b"raw", at: timedelta = timedelta()) -> Envelope:
    return Envelope(f"lt_{number}", "am", START + at, raw, f'[{{"n": {number}}}]')


def test_letters_are_read_in_the_order_in_which_they_were_written(database: Database) -> None:
    database.append_inbox([letter(1), letter(2)])
    database.append_inbox([letter(3)])
    with database.begin(SYSTEM) as tx:
        waiting = inbox.take_waiting(tx, 2)
        assert [(each.id, each.signals) for each in waiting] == [
            ("lt_1", [{"n": 1}]),
            ("lt_2", [{"n": 2}]),
        ]
        assert waiting[0].received_at == START
        inbox.mark_done(tx, waiting)
        assert [each.id for each in inbox.take_waiting(tx, 9)] == ["lt_3"]
        assert inbox.oldest_waiting(tx) == START


@pytest.mark.parametrize("raw", [b"", b"\x00\x01\xff", "☃".encode(), b"x" * 100_000])
def test_the_request_is_kept_byte_for_byte(database: Database, raw: bytes) -> None:
    database.append_inbox([letter(1, raw)])
    with database.read(SYSTEM) as tx:
        assert inbox.raw_of(tx, "lt_1") == raw
        assert inbox.raw_of(tx, "lt_2") is None


def test_a_letter_that_fails_three_times_is_set_aside_and_can_be_replayed(
    database: Database,
) -> None:
    database.append_inbox([letter(1), letter(2)])
    stuck = []
    for _ in range(INBOX_FAILURES_MAX):
        with database.begin(SYSTEM) as tx:
            first = inbox.take_waiting(tx, 1)[0]
            stuck.append((first.id, inbox.mark_failed(tx, first, "KeyError")))
    assert stuck == [("lt_1", False), ("lt_1", False), ("lt_1", True)]
    with database.begin(SYSTEM) as tx:
        assert inbox.count_by_state(tx) == {"stuck": 1, "waiting": 1}
        assert [each.id for each in inbox.take_waiting(tx, 9)] == ["lt_2"]
        assert inbox.replay_stuck(tx) == 1
        assert [(each.id, each.failures) for each in inbox.take_waiting(tx, 9)] == [
            ("lt_1", 0),
            ("lt_2", 0),
        ]


def test_only_what_was_digested_is_let_go(database: Database) -> None:
    day = timedelta(days=1)
    database.append_inbox([letter(number, at=number * day) for number in range(5)])
    with database.begin(SYSTEM) as tx:
        first, second, third = inbox.take_waiting(tx, 3)
        inbox.mark_done(tx, [first, second])
        for _ in range(INBOX_FAILURES_MAX):
            inbox.mark_failed(tx, third, "x")
        assert inbox.forget_before(tx, START + 10 * day, 1) == 1
        assert inbox.forget_before(tx, START + 10 * day, 9) == 1
        assert inbox.forget_before(tx, START + 10 * day, 9) == 0
        assert sum(inbox.count_by_state(tx).values()) == 3


def test_the_same_letter_is_not_written_twice(database: Database) -> None:
    database.append_inbox([letter(1)])
    for _ in range(2):
        with database.read(SYSTEM) as tx:
            assert inbox.count_by_state(tx) == {"waiting": 1}, "all of a batch or nothing"
        with pytest.raises(Exception, match=r"(?i)unique"):
            database.append_inbox([letter(2), letter(1)])


@pytest.mark.postgres
def test_one_node_reads_at_a_time_and_hands_on_when_it_ends(postgres_url: str) -> None:
    with (
        opened(postgres_url, clock=SystemClock()) as one,
        opened(postgres_url, clock=SystemClock()) as two,
    ):
        one.append_inbox([letter(1)])
        with one.begin(SYSTEM) as reading:
            assert len(inbox.take_waiting(reading, 9)) == 1
            with two.begin(SYSTEM) as tx:
                assert inbox.take_waiting(tx, 9) == []
        with two.begin(SYSTEM) as tx:
            assert len(inbox.take_waiting(tx, 9)) == 1
