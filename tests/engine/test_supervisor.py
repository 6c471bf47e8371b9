"""The engine with its real threads: pages leave, and no failure ends a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import text

from holdfast.engine.loop import InboxDuty, TimerDuty
from holdfast.engine.sender import Carrier, DeliveryDuty, Parcel
from holdfast.engine.supervisor import OUTAGE_MIN, Chore, Supervisor, Work, lateness_s
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.clock import SteppedClock, SystemClock
from holdfast.kernel.tx import Tx
from holdfast.sdk import (
    Delivering,
    Destination,
    Message,
    MessageKind,
    Notifier,
    Outcome,
    Reply,
    Sent,
    Urgency,
)
from holdfast.storage import duties, hold
from holdfast.storage.database import Database
from holdfast.storage.duties import Delivery, DeliveryState
from holdfast.storage.inbox import Envelope, Letter
from tests.support.database import START, opened, rows_of
from tests.support.postgres import Cluster

SOON_S = 20.0


@dataclass
class Node:
    """A small program: a letter sets a timer, the timer a delivery, the delivery is heard."""

    database: Database
    name: str = "nd_1"
    senders: int = 4
    heard: list[str] = field(default_factory=list)
    forgiven: list[timedelta] = field(default_factory=list)
    chores_done: list[str] = field(default_factory=list)
    speaking: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)
    fails: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.may_go_on.set()
        notifier = Notifier(
            name="fake", title="Fake", deliver=self._deliver, docs="", settings=object
        )
        work = Work(
            timers={"t": TimerDuty(self._fire)},
            inbox=InboxDuty(self._digest, lambda tx, letter, error: None),
            deliveries={"page": DeliveryDuty(self._prepare, self._report)},
            chores=(Chore("tidy", 0.1, wanted=lambda tx: True, act=self._tidy),),
            after_outage=lambda tx, length: self.forgiven.append(length),
        )
        carrier = Carrier({"fake": (notifier, None)}, lambda call: Reply(200))
        self.supervisor = Supervisor(self.database, work, carrier, self.name, senders=self.senders)

    def arrives(self, *names: str) -> None:
        self.database.append_inbox([Envelope(n, "am", START, b"", "[]") for n in names])

    def _digest(self, tx: Tx, letters: list[Letter]) -> None:
        if self.fails:
            raise self.fails.pop()
        for letter in letters:
            tx.set_timer("t", letter.id, tx.now)

    def _fire(self, tx: Tx, key: str) -> None:
        tx.deliver("page", key, "phone")

    def _tidy(self, tx: Tx) -> None:
        self.chores_done.append("tidy")

    def _prepare(self, tx: Tx, delivery: Delivery) -> Parcel:
        message = Message(
            id=delivery.id,
            kind=MessageKind.PAGE,
            title=delivery.key,
            text="",
            urgency=Urgency.HIGH,
            at=tx.now,
            payload={},
        )
        return Parcel(message, Destination("x", "X"), "fake")

    def _report(self, tx: Tx, delivery: Delivery, outcome: Outcome) -> None:
        assert isinstance(outcome, Sent)
        duties.end_delivery(tx, delivery, DeliveryState.SENT, outcome.ref)

    def _deliver(self, message: Message, to: Destination, settings: object) -> Delivering:
        self.speaking.set()
        self.may_go_on.wait(SOON_S)
        self.heard.append(message.title)
        yield from ()
        return Sent("ok")


@contextmanager
def running(node: Node) -> Iterator[Node]:
    node.supervisor.start()
    try:
        yield node
    finally:
        node.may_go_on.set()
        node.supervisor.stop()


def eventually(holds: Callable[[], bool], within_s: float = SOON_S) -> None:
    until = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.01)


def states(database: Database) -> dict[str, str]:
    with database.read(SYSTEM) as tx:
        return {key: state for key, state in rows_of(tx, "select key, state from deliveries")}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with opened(database_url, clock=SystemClock(), seed=None) as real:
        yield real


def test_a_letter_becomes_a_page_that_leaves_and_is_written_down(database: Database) -> None:
    with running(Node(database)) as node:
        node.arrives("a")
        eventually(lambda: states(database) == {"a": "sent"})
        assert node.heard == ["a"]


def test_many_pages_leave_once_each(database: Database) -> None:
    names = [f"lt_{number:03}" for number in range(200)]
    with running(Node(database)) as node:
        node.arrives(*names)
        eventually(lambda: len(node.heard) >= len(names))
        eventually(lambda: set(states(database).values()) == {"sent"})
    assert sorted(node.heard) == names


def test_a_stop_lets_what_is_being_said_finish_and_writes_it_down(database: Database) -> None:
    """SIGTERM: nobody is paged twice because of a restart."""
    node = Node(database)
    node.may_go_on.clear()
    node.supervisor.start()
    node.arrives("a")
    assert node.speaking.wait(SOON_S)
    stopping = threading.Thread(target=node.supervisor.stop)
    stopping.start()
    time.sleep(0.2)
    assert stopping.is_alive(), "it waits for what is being said"
    node.may_go_on.set()
    stopping.join(SOON_S)
    assert not stopping.is_alive()
    assert states(database) == {"a": "sent"}


def test_after_a_stop_nothing_is_claimed_and_nothing_is_lost(database: Database) -> None:
    node = Node(database)
    with running(node):
        pass
    node.arrives("a")
    time.sleep(0.5)
    assert states(database) == {}
    with running(Node(database, name="nd_2")) as second:
        eventually(lambda: second.heard == ["a"])


def test_no_error_ends_a_thread_of_the_engine(database: Database) -> None:
    """A disk that is full, a row from the future, a bug: the rows wait and so do we."""
    node = Node(database)
    node.fails = [MemoryError("somewhere deep")]
    with running(node):
        node.arrives("a")
        eventually(lambda: states(database) == {"a": "sent"})


def test_on_hold_nothing_is_climbed_or_said_until_a_person_releases_it(
    database: Database,
) -> None:
    with database.begin(SYSTEM) as tx:
        hold.hold_instance(tx, "restored from a backup")
    with running(Node(database)) as node:
        node.arrives("a")
        time.sleep(0.6)
        assert states(database) == {}
        with database.begin(SYSTEM) as tx:
            hold.release_instance(tx)
        eventually(lambda: node.heard == ["a"])


def test_what_a_dead_process_had_leased_is_said_by_the_next_at_once(database: Database) -> None:
    """Promises R08: long before the lease of ten seconds is over."""
    with database.begin(SYSTEM) as tx:
        tx.deliver("page", "a", "phone")
        duties.claim_deliveries(tx, "nd_dead", 10)
    began = time.monotonic()
    with running(Node(database, name="nd_next")) as node:
        eventually(lambda: node.heard == ["a"])
    assert time.monotonic() - began < 8.0


def test_an_outage_of_ours_is_forgiven_at_the_next_start(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        hold.beat(tx)
        long_ago = tx.now - OUTAGE_MIN - timedelta(minutes=5)
        table = hold.instance_states
        tx.execute(table.update().where(table.c.name == "pulse").values(since=long_ago))
    with running(Node(database)) as node:
        assert len(node.forgiven) == 1
    assert node.forgiven[0] >= OUTAGE_MIN + timedelta(minutes=5)
    with running(Node(database)) as again:
        pass
    assert again.forgiven == [], "it was alive a moment ago"


def test_a_process_that_stood_still_forgives_before_it_fires_what_is_due(
    database_url: str,
) -> None:
    """Promises P16: a suspended machine has heard no heartbeat, and nobody restarted it."""
    clock = SteppedClock(START)
    with opened(database_url, clock=clock) as database:
        node = Node(database)
        with database.begin(SYSTEM) as tx:
            tx.set_timer("t", "watch", tx.now + timedelta(minutes=1))
        with running(node):
            eventually(lambda: "engine" in node.supervisor.progress())
            clock.jump_to(START + timedelta(hours=1))
            database.wake()
            eventually(lambda: node.heard == ["watch"])
        assert node.forgiven == [timedelta(hours=1)]


def test_chores_are_done_every_so_often(database: Database) -> None:
    with running(Node(database)) as node:
        eventually(lambda: len(node.chores_done) >= 3)


def test_every_part_tells_when_it_last_did_something(database: Database) -> None:
    with running(Node(database)) as node:
        eventually(lambda: {"engine", "claims", "chores"} <= set(node.supervisor.progress()))
        before = dict(node.supervisor.progress())

        def all_later() -> bool:
            return all(at > before[part] for part, at in progress(node).items() if part in before)

        eventually(all_later)


def progress(node: Node) -> Mapping[str, float]:
    return node.supervisor.progress()


def test_lateness_is_that_of_the_oldest_duty(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        assert lateness_s(tx) == 0.0
        tx.set_timer("t", "later", tx.now + timedelta(hours=1))
        assert lateness_s(tx) == 0.0
        tx.set_timer("t", "k", tx.now - timedelta(seconds=7))
        assert lateness_s(tx) == 7.0


@pytest.mark.postgres
def test_two_nodes_share_the_work_and_say_everything_once(postgres_url: str) -> None:
    names = [f"lt_{number:03}" for number in range(100)]
    with (
        opened(postgres_url, clock=SystemClock(), seed=None) as one,
        opened(postgres_url, clock=SystemClock(), seed=None) as two,
        running(Node(one, name="nd_1")) as first,
        running(Node(two, name="nd_2")) as second,
    ):
        first.arrives(*names)
        eventually(lambda: len(first.heard) + len(second.heard) >= len(names))
        eventually(lambda: set(states(one).values()) == {"sent"})
    assert sorted(first.heard + second.heard) == names


@pytest.mark.postgres
def test_a_restart_of_the_database_stops_the_engine_only_while_it_lasts(
    own_postgres_server: Cluster,
) -> None:
    """Promises P8: no thread ends, no node looks dead, and what was accepted is said."""
    url = own_postgres_server.create_database()
    with (
        opened(url, clock=SystemClock(), seed=None) as database,
        running(Node(database)) as node,
    ):
        node.arrives("before")
        eventually(lambda: states(database) == {"before": "sent"})
        own_postgres_server.kill()
        time.sleep(1.5)
        own_postgres_server.start()
        eventually(lambda: accepted(node, "after"))
        eventually(lambda: "after" in node.heard)
        eventually(lambda: "nd_1" not in dead(database))


def accepted(node: Node, name: str) -> bool:
    try:
        node.arrives(name)
    except Exception:  # noqa: BLE001 - the sender would try again
        return False
    return True


def dead(database: Database) -> set[str]:
    try:
        return database.dead_nodes({"nd_1"})
    except Exception:  # noqa: BLE001 - a connection that broke is noticed once
        return {"nd_1"}


def test_an_engine_survives_a_table_that_is_gone_for_a_while(database: Database) -> None:
    with running(Node(database)) as node:
        with database.begin(SYSTEM) as tx:
            tx.execute(text("alter table timers rename to gone"))
        time.sleep(1.0)
        with database.begin(SYSTEM) as tx:
            tx.execute(text("alter table gone rename to timers"))
        node.arrives("a")
        eventually(lambda: node.heard == ["a"])
