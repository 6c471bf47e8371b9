"""Duties as rows: timers, deliveries, leases and fences, with real workers on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.clock import SteppedClock, SystemClock
from holdfast.kernel.tx import Tx
from holdfast.storage import duties
from holdfast.storage.database import Database
from holdfast.storage.duties import LEASE, TIMER_FAILURES_MAX, Delivery, DeliveryState, Timer
from tests.support.database import START, opened, rows_of, value_of

MINUTE = timedelta(minutes=1)
WORKERS = 4
ROWS = 2000
JOIN_S = 60.0


def pass_time(database: Database, length: timedelta) -> None:
    assert isinstance(database.clock, SteppedClock)
    database.clock.jump_to(database.clock.now() + length)


def due_timers(database: Database) -> list[Timer]:
    with database.begin(SYSTEM) as tx:
        return duties.take_due_timers(tx, 100)


def one_delivery(database: Database) -> str:
    with database.begin(SYSTEM) as tx:
        return tx.deliver("page", "pg_1", "phone")


def claim(database: Database, owner: str = "nd_1") -> list[Delivery]:
    with database.begin(SYSTEM) as tx:
        return duties.claim_deliveries(tx, owner, 100)


def found(database: Database, delivery: str) -> Delivery:
    with database.read(SYSTEM) as tx:
        row = duties.find_delivery(tx, delivery)
    assert row is not None
    return row


def test_timers_come_due_at_their_instant_and_oldest_first(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        for key, minutes in (("late", 2), ("early", 1), ("later", 3)):
            tx.set_timer("t", key, START + minutes * MINUTE)
        assert duties.next_due(tx) == START + MINUTE
    assert due_timers(database) == []
    pass_time(database, 2 * MINUTE - timedelta(microseconds=1))
    assert [timer.key for timer in due_timers(database)] == ["early"]
    pass_time(database, timedelta(microseconds=1))
    assert [timer.key for timer in due_timers(database)] == ["early", "late"]


def test_a_timer_that_is_set_again_moves(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        tx.set_timer("t", "k", START + MINUTE)
        tx.set_timer("t", "k", START + 5 * MINUTE)
        tx.set_timer("other", "k", START + 9 * MINUTE)
        assert duties.timer_due(tx, "t", "k") == START + 5 * MINUTE
        tx.drop_timer("t", "k")
        assert duties.timer_due(tx, "t", "k") is None
        assert duties.timer_due(tx, "other", "k") == START + 9 * MINUTE


def test_the_third_failure_parks_a_timer_with_its_error(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        tx.set_timer("t", "k", START)
    parked = []
    for _ in range(TIMER_FAILURES_MAX):
        with database.begin(SYSTEM) as tx:
            (timer,) = duties.take_due_timers(tx, 10)
            parked.append(duties.fail_timer(tx, timer, "boom" * 1000, tx.now))
    assert parked == [False, False, True]
    assert due_timers(database) == []
    with database.begin(SYSTEM) as tx:
        assert duties.next_due(tx) is None
        assert not duties.any_timer_due(tx)
        ((kind, key, at, error),) = duties.parked_timers(tx)
        assert (kind, key, at) == ("t", "k", START)
        assert len(error) == duties.ERROR_CHARS_MAX
        tx.set_timer("t", "k", START)  # somebody repaired it
    (timer,) = due_timers(database)
    assert timer.failures == 0


def test_a_claim_is_a_lease_with_a_token_and_a_counted_try(database: Database) -> None:
    """Promises rule 3: the try is committed before anybody is called."""
    delivery = one_delivery(database)
    (claimed,) = claim(database)
    assert (claimed.id, claimed.tries, claimed.token) == (delivery, 1, 1)
    row = found(database, delivery)
    assert (row.state, row.tries, row.due) == (DeliveryState.LEASED, 1, START + LEASE)
    assert claim(database, "nd_2") == []


def test_a_lease_that_expires_is_due_again_and_its_old_token_writes_nothing(
    database: Database,
) -> None:
    """Promises R08 and R29: never failed for our own crash, never ended by a sleeper."""
    delivery = one_delivery(database)
    (sleeper,) = claim(database)
    pass_time(database, LEASE)
    (second,) = claim(database, "nd_2")
    assert (second.token, second.tries) == (2, 2)
    with database.begin(SYSTEM) as tx:
        assert not duties.take_leased(tx, sleeper)
        assert not duties.end_delivery(tx, sleeper, DeliveryState.FAILED, "late")
        assert not duties.retry_delivery(tx, sleeper, "late", tx.now)
        assert duties.take_leased(tx, second)
    assert found(database, delivery).state is DeliveryState.LEASED
    with database.begin(SYSTEM) as tx:
        assert duties.end_delivery(tx, second, DeliveryState.SENT, "ref")
        assert not duties.end_delivery(tx, second, DeliveryState.FAILED, "again")
    row = found(database, delivery)
    assert (row.state, row.outcome, row.due, row.ended_at) == (
        DeliveryState.SENT, "ref", None, database.clock.now(),
    )  # fmt: skip


def test_what_a_dead_node_had_leased_is_due_at_once(database: Database) -> None:
    delivery = one_delivery(database)
    (claimed,) = claim(database, "nd_dead")
    with database.begin(SYSTEM) as tx:
        assert duties.lease_owners(tx) == {"nd_dead"}
        assert duties.release_owner(tx, "nd_living") == 0
        assert duties.release_owner(tx, "nd_dead") == 1
        assert duties.lease_owners(tx) == set()
        assert duties.anything_due(tx)
        assert not duties.end_delivery(tx, claimed, DeliveryState.SENT, "from the grave")
    (again,) = claim(database, "nd_living")
    assert (again.id, again.token) == (delivery, 2)


def test_a_retry_waits_until_its_instant(database: Database) -> None:
    one_delivery(database)
    (claimed,) = claim(database)
    with database.begin(SYSTEM) as tx:
        assert duties.retry_delivery(tx, claimed, "503", START + MINUTE)
        assert not duties.anything_due(tx)
        assert duties.next_due(tx) == START + MINUTE
    assert claim(database) == []
    pass_time(database, MINUTE)
    assert [delivery.tries for delivery in claim(database)] == [2]


def test_what_is_cancelled_is_carried_no_more_even_while_it_is_leased(database: Database) -> None:
    delivery, other = one_delivery(database), one_delivery(database)
    with database.begin(SYSTEM) as tx:
        (claimed,) = duties.claim_deliveries(tx, "nd_1", 1)
        duties.cancel_deliveries(tx, "page", "pg_1", "acknowledged")
        assert not duties.take_leased(tx, claimed)
        assert not duties.end_delivery(tx, claimed, DeliveryState.SENT, "ref")
    assert {found(database, each).state for each in (delivery, other)} == {DeliveryState.CANCELLED}
    pass_time(database, LEASE)
    assert claim(database) == []


@pytest.fixture
def real(database_url: str) -> Iterator[Database]:
    """A database with a real clock, in a file or on a server: workers come at the same time."""
    with opened(database_url, clock=SystemClock()) as database:
        yield database


def work_together(work: Callable[[str], None]) -> None:
    """WORKERS threads do the same, as fast as they can; the first failure is raised."""
    failures: list[BaseException] = []
    together = threading.Barrier(WORKERS)

    def one(name: str) -> None:
        together.wait()
        try:
            work(name)
        except Exception as error:  # noqa: BLE001 - raised again below
            failures.append(error)

    threads = [threading.Thread(target=one, args=(f"nd_{n}",)) for n in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(JOIN_S)
        assert not thread.is_alive()
    if failures:
        raise failures[0]


def test_no_delivery_is_claimed_twice_by_workers_who_come_together(real: Database) -> None:
    """Promises R26, R29: the database decides who has it."""
    with real.begin(SYSTEM) as tx:
        for number in range(ROWS):
            tx.deliver("page", f"pg_{number}", "phone")
    claimed: list[tuple[str, str]] = []

    def work(name: str) -> None:
        while True:
            with real.begin(SYSTEM, patient=False) as tx:
                mine = duties.claim_deliveries(tx, name, 37)
                for delivery in mine:
                    assert duties.end_delivery(tx, delivery, DeliveryState.SENT, name)
            if not mine:
                return
            claimed.extend((delivery.id, name) for delivery in mine)

    work_together(work)
    assert max(Counter(delivery for delivery, _ in claimed).values()) == 1
    assert len(claimed) == ROWS
    with real.read(SYSTEM) as tx:
        rows = rows_of(tx, "select outcome, count(*) from deliveries group by outcome")
        counted = {outcome: count for outcome, count in rows}
    assert counted == Counter(name for _, name in claimed)


def test_every_timer_is_answered_exactly_once_by_workers_who_come_together(
    real: Database,
) -> None:
    with real.begin(SYSTEM) as tx:
        for number in range(ROWS):
            tx.set_timer("t", f"k{number:04}", tx.now)

    def answer(tx: Tx) -> int:
        due = duties.take_due_timers(tx, 37)
        for timer in due:
            duties.finish_timer(tx, timer)
            tx.deliver("answer", timer.key, "row")
        return len(due)

    def work(name: str) -> None:
        while True:
            with real.begin(SYSTEM, patient=False) as tx:
                if not answer(tx):
                    return

    work_together(work)
    with real.read(SYSTEM) as tx:
        answers = rows_of(tx, "select count(*), count(distinct key) from deliveries")
        left = value_of(tx, "select count(*) from timers")
    assert (answers, left) == ([(ROWS, ROWS)], 0)
