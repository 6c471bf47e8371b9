"""Open a database of either kind and hand out transactions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection as SqlConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from holdfast.kernel.actor import Actor
from holdfast.kernel.chance import Chance
from holdfast.kernel.clock import Clock
from holdfast.kernel.errors import Unavailable
from holdfast.kernel.tx import Recorder, Tx
from holdfast.storage.backend import Backend, Description
from holdfast.storage.duties import Duties
from holdfast.storage.inbox import Envelope
from holdfast.storage.migrate import migrate
from holdfast.storage.postgres import Postgres
from holdfast.storage.sqlite import Sqlite

T = TypeVar("T")
TRIES_MAX = 5
# PostgreSQL's codes for "another was faster": serialization, deadlock, lock not available.
_BUSY = frozenset({"40001", "40P01", "55P03"})


class Database:
    """Transactions on one database.

    `clock` None means the real one: PostgreSQL's own, so that nodes agree, or the machine's for
    SQLite. A stepped clock (simulation, rehearsal) rules on both.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        clock: Clock,
        chance: Chance,
        recorder: Recorder,
        stepped: bool = False,
    ) -> None:
        self.clock = clock
        self.chance = chance
        self._backend = backend
        self._recorder = recorder
        self._duties = Duties()
        self._asks_database = backend.own_clock and not stepped
        self._wake = threading.Condition()
        self._wakes = 0
        self._news = threading.Condition()
        self._commits = 0

    @contextmanager
    def begin(self, actor: Actor, *, patient: bool = True) -> Iterator[Tx]:
        """One transaction. It commits when the block ends well, and only then wakes the engine."""
        with self._backend.writing(patient=patient) as connection:
            tx = self._tx(connection, actor, reading=False)
            yield tx
            tx.write_events()
        if tx.shared.woken:
            self.wake()
        self.tell_news()

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Tx]:
        """A view that changes nothing."""
        with self._backend.reading() as connection:
            yield self._tx(connection, actor, reading=True)

    def transact(self, actor: Actor, act: Callable[[Tx], T]) -> T:
        """Runs `act` in a transaction of its own, again where another was faster."""
        for attempt in range(TRIES_MAX):
            try:
                with self.begin(actor) as tx:
                    return act(tx)
            except OperationalError as error:
                if not is_busy(error) or attempt == TRIES_MAX - 1:
                    raise
        raise Unavailable

    def append_inbox(self, envelopes: Sequence[Envelope]) -> None:
        """Writes them down, durable when it returns, and wakes the engine."""
        self._backend.append_inbox(envelopes)
        self.wake()

    def wake(self) -> None:
        """A hint that something may be due: losing it costs one poll, never a page."""
        with self._wake:
            self._wakes += 1
            self._wake.notify_all()

    def wait_for_wake(self, seen: int, timeout_s: float) -> int:
        """Waits until there were more wakes than `seen`, at most so long; returns the count."""
        with self._wake:
            if self._wakes == seen:
                self._wake.wait(timeout_s)
            return self._wakes

    def wait_for_news(self, seen: int, timeout_s: float) -> int:
        """Waits until this node committed more often than `seen`, at most so long; returns the
        count. Other nodes' commits are not told: whoever waits looks again after a while."""
        with self._news:
            if self._commits == seen:
                self._news.wait(timeout_s)
            return self._commits

    def tell_news(self) -> None:
        """Something was committed: whoever waits for it looks."""
        with self._news:
            self._commits += 1
            self._news.notify_all()

    def migrate(self) -> None:
        migrate(self._backend)

    def describe(self) -> Description:
        return self._backend.describe()

    def backup(self, target: Path) -> None:
        self._backend.backup(target)

    def enlist(self, node: str) -> None:
        self._backend.enlist(node)

    def dead_nodes(self, owners: set[str]) -> set[str]:
        return self._backend.dead_nodes(owners)

    def close(self) -> None:
        self._backend.close()

    def _tx(self, connection: SqlConnection, actor: Actor, *, reading: bool) -> Tx:
        now = (
            self._backend.instant(connection, reading=reading)
            if self._asks_database
            else self.clock.now()
        )
        return Tx(
            connection,
            now=now,
            actor=actor,
            chance=self.chance,
            recorder=self._recorder,
            duties=self._duties,
            arrivals=self._backend.arrivals,
        )


def open_backend(url: str) -> Backend:
    """`postgresql://…`, `sqlite:///path/to/file`, or `sqlite://` for one in memory."""
    if url.startswith(("postgres://", "postgresql://", "postgresql+psycopg://")):
        return Postgres(url)
    path = url.removeprefix("sqlite://").removeprefix("/")
    return Sqlite(Path(path) if path else None)


@contextmanager
def savepoint(tx: Tx) -> Iterator[None]:
    """What fails inside is undone alone; the rest of the transaction lives on."""
    connection = tx.connection
    assert isinstance(connection, SqlConnection)
    tx.flush()  # it came before and stays, whatever happens inside
    # What is unwritten now may be written inside, and is unwritten again when that is undone.
    unwritten = list(tx.shared.unwritten)
    try:
        with connection.begin_nested():
            yield
            tx.flush()
    except BaseException:
        tx.shared.unwritten = unwritten
        tx.shared.buffered, tx.shared.rows = {}, {}
        tx.forget()
        raise


def is_duplicate(error: IntegrityError) -> bool:
    """True where a unique key was the reason."""
    words = str(error.orig).lower()
    return "unique" in words or "duplicate" in words


def is_busy(error: DBAPIError) -> bool:
    """True where trying again is the answer."""
    return getattr(error.orig, "sqlstate", None) in _BUSY or "locked" in str(error.orig)
