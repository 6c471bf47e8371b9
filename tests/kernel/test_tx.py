"""A transaction: one actor, one instant, one memory, and wake-ups for what is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from holdfast.kernel.actor import SYSTEM, Actor, ActorKind, Role
from holdfast.kernel.chance import Chance
from holdfast.kernel.tx import Connection, Tx
from tests.support.database import START

ANA = Actor(ActorKind.USER, "ana", Role.RESPONDER, "ana")


class Book:
    """What was asked of the timeline and of the duties."""

    def __init__(self) -> None:
        self.said: list[tuple[object, ...]] = []

    def record(self, tx: Tx, event: object) -> None:
        tx.shared.unwritten.append(event)

    def write(self, tx: Tx, events: object) -> None:
        self.said.append(("write", events))

    def set_timer(self, tx: Tx, kind: str, key: str, due: datetime) -> None:
        self.said.append(("set", kind, key, due))

    def drop_timer(self, tx: Tx, kind: str, key: str) -> None:
        self.said.append(("drop", kind, key))

    def deliver(self, tx: Tx, kind: str, key: str, way: str) -> str:
        self.said.append(("deliver", kind, key, way, str(tx.actor)))
        return "dl_1"


class NoConnection:
    def execute(self, *given: object) -> object:
        raise AssertionError("nothing is asked of the database here")


def opened(book: Book) -> Tx:
    connection: Connection = NoConnection()  # type: ignore[assignment]  # it is never used
    return Tx(connection, now=START, actor=SYSTEM, chance=Chance(1), recorder=book, duties=book)


def test_only_what_is_due_now_wakes_the_engine() -> None:
    tx = opened(Book())
    tx.set_timer("t", "k", START + timedelta(microseconds=1))
    tx.drop_timer("t", "k")
    assert not tx.shared.woken
    tx.set_timer("t", "k", START)
    assert tx.shared.woken


def test_a_delivery_always_wakes_the_engine() -> None:
    tx = opened(Book())
    assert tx.deliver("page", "pg_1", "phone") == "dl_1"
    assert tx.shared.woken


def test_events_are_written_together_once() -> None:
    book = Book()
    tx = opened(book)
    tx.record("one")
    tx.record("two")
    assert book.said == []
    tx.write_events()
    tx.write_events()
    assert book.said == [("write", ["one", "two"])]


def test_what_is_remembered_is_read_once_until_something_changes() -> None:
    tx, reads = opened(Book()), []

    def load() -> int:
        reads.append(1)
        return len(reads)

    assert [tx.remember("key", load) for _ in range(3)] == [1, 1, 1]
    assert tx.remembers("key")
    assert not tx.remembers("other")
    tx.forget()
    assert tx.remember("key", load) == 2


def test_nothing_that_was_found_to_be_absent_is_looked_for_again() -> None:
    tx, reads = opened(Book()), []
    for _ in range(3):
        tx.remember("key", lambda: reads.append(1))
    assert len(reads) == 1


def test_acting_for_somebody_shares_everything_but_the_name() -> None:
    book = Book()
    tx = opened(book)
    theirs = tx.as_actor(ANA)
    theirs.deliver("page", "pg_1", "phone")
    theirs.record("event")
    theirs.remember("key", lambda: 1)
    assert book.said[-1][-1] == "user:ana"
    assert str(tx.actor) == "system:holdfast"
    assert (tx.shared.woken, tx.shared.unwritten, tx.remembers("key")) == (True, ["event"], True)
    assert theirs.now == tx.now


class Ledger:
    """Remembers every statement that reached the database, with how many rows."""

    def __init__(self) -> None:
        self.said: list[tuple[object, int]] = []

    def execute(self, statement: object, parameters: object = None) -> object:
        self.said.append((statement, len(parameters) if isinstance(parameters, list) else 1))
        return statement


def writing() -> tuple[Tx, Ledger]:
    book, ledger = Book(), Ledger()
    connection: Connection = ledger  # type: ignore[assignment]  # it has what is asked of it
    opened_tx = Tx(
        connection, now=START, actor=SYSTEM, chance=Chance(1), recorder=book, duties=book
    )
    return opened_tx, ledger


ADD, CHANGE, ASK = text("add"), text("change"), text("ask")


def test_writes_of_one_kind_go_out_together() -> None:
    tx, ledger = writing()
    for number in range(3):
        tx.execute_later(ADD, ("row", number), {"n": number})
        tx.execute_later(CHANGE, ("other", number), {"n": number})
    assert ledger.said == []
    tx.write_events()
    assert ledger.said == [(ADD, 3), (CHANGE, 3)]
    tx.flush()
    assert len(ledger.said) == 2, "nothing is written twice"


def test_whoever_asks_sees_what_was_left_for_later() -> None:
    tx, ledger = writing()
    tx.as_actor(ANA).execute_later(ADD, ("row", 1), {"n": 1})
    tx.execute(ASK)
    assert ledger.said == [(ADD, 1), (ASK, 1)]


def test_two_writes_about_one_row_keep_their_order() -> None:
    tx, ledger = writing()
    tx.execute_later(CHANGE, ("row", 1), {})
    tx.execute_later(ADD, ("row", 2), {})
    tx.execute_later(CHANGE, ("row", 2), {})
    tx.execute_later(ADD, ("row", 1), {})
    tx.flush()
    assert ledger.said == [(CHANGE, 1), (ADD, 1), (CHANGE, 1), (ADD, 1)]


def test_what_is_noted_is_remembered_until_it_is_unlearned_or_forgotten() -> None:
    tx, _ = writing()
    tx.note("key", 1)
    assert (tx.recall("key"), tx.remember("key", lambda: 2)) == (1, 1)
    tx.unlearn("key")
    assert tx.recall("key") is None
    tx.note("key", 3)
    tx.forget()
    assert not tx.remembers("key")
