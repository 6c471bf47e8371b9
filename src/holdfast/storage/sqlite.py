"""SQLite: one machine, one file, one writer. Every commit is on the disk before it is believed."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool, StaticPool

from holdfast.kernel.errors import Unavailable
from holdfast.storage.arrivals import SUFFIX, ArrivalsFile
from holdfast.storage.backend import Description
from holdfast.storage.inbox import Envelope, InboxState
from holdfast.storage.turns import TurnLock
from holdfast.storage.types import microseconds
from holdfast.storage.wal import connect, require_durable, transaction

READERS_MAX = 6
COLLECT_MAX = 1000
# Fixed in 3.51.3; one writer, one checkpointer and no mmap keep it out of reach (promises S26).
WAL_RESET_FIXED = (3, 51, 3)
_APPEND = (
    "insert into inbox (id, connection, received_at, state, raw, signals, failures)"
    " values (?, ?, ?, ?, ?, ?, 0)"
)


class AlreadyOpen(Unavailable):
    """Another Holdfast holds this data folder."""


class Sqlite:
    own_clock = False
    # What intake writes has a file of its own (ADR 0013); in memory there is none.
    arrivals: ArrivalsFile | None = None

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._turn = TurnLock()
        self._lock_file = None if path is None else _hold_alone(path)
        self._writer = self._connect(path, query_only=False)
        self.engine: Engine = create_engine(
            "sqlite://", creator=lambda: self._writer, poolclass=StaticPool, hide_parameters=True
        )
        self._readers: Engine | None = None
        if path is not None:
            self._readers = create_engine(
                "sqlite://",
                creator=partial(self._connect, path, query_only=True),
                poolclass=QueuePool,
                pool_size=READERS_MAX,
                max_overflow=0,
                hide_parameters=True,
            )
            event.listen(self._readers, "begin", _begin_deferred)
            require_durable(self._writer)
            writing = partial(self._connect, query_only=False)
            self.arrivals = ArrivalsFile(path.with_name(path.name + SUFFIX), writing)

    @contextmanager
    def writing(self, *, patient: bool) -> Iterator[SqlConnection]:
        with self._turn, self.engine.connect() as connection, self._collecting():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[SqlConnection]:
        if self._readers is None:
            with self.writing(patient=True) as connection:
                yield connection
            return
        with self._readers.connect() as connection:
            yield connection

    def instant(self, connection: SqlConnection, *, reading: bool) -> datetime:
        raise NotImplementedError("SQLite has no clock of its own")  # own_clock is False

    def append_inbox(self, envelopes: Sequence[Envelope]) -> None:
        if self.arrivals is not None:
            self.arrivals.append(envelopes)
            return
        rows = [
            (e.id, e.connection, microseconds(e.received_at), InboxState.WAITING.value, e.raw,
             e.signals)
            for e in envelopes
        ]  # fmt: skip
        with self._turn, transaction(self._writer):
            self._writer.executemany(_APPEND, rows)

    def describe(self) -> Description:
        warnings = []
        if sqlite3.sqlite_version_info < WAL_RESET_FIXED:
            warnings.append(
                f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug (fixed in 3.51.3). Holdfast"
                " keeps it out of reach: one writer, one checkpointer, no mmap."
            )
        return Description(
            kind="SQLite",
            version=sqlite3.sqlite_version,
            place="in memory" if self._path is None else str(self._path),
            durability="WAL, synchronous=FULL: a commit is on the disk before it is answered",
            warnings=tuple(warnings),
        )

    def backup(self, target: Path) -> None:
        """A consistent copy while everything goes on; the file appears only when it is whole.

        All that was accepted before it began is in it.
        """
        self._collect_all()
        partial = target.with_name(target.name + ".partial")
        source = self._connect(self._path, query_only=True) if self._path else self._writer
        copy = sqlite3.connect(partial)
        try:
            source.backup(copy, pages=2000)
        finally:
            copy.close()
            if self._path:
                source.close()
        partial.chmod(0o600)
        partial.replace(target)

    def enlist(self, node: str) -> None:
        """The lock on the file already says who lives: one process."""
        self._node = node

    def dead_nodes(self, owners: set[str]) -> set[str]:
        return owners - {getattr(self, "_node", "")}

    def close(self) -> None:
        if self._readers is not None:
            self._readers.dispose()
        self.engine.dispose()
        self._writer.close()
        if self.arrivals is not None:
            self.arrivals.close()
        if self._lock_file is not None:
            os.close(self._lock_file)

    @contextmanager
    def _collecting(self) -> Iterator[None]:
        """A transaction; what it copied from the arrivals counts once it is on the disk."""
        try:
            with transaction(self._writer):
                yield
        except BaseException:
            if self.arrivals is not None:
                self.arrivals.undone()
            raise
        if self.arrivals is not None:
            self.arrivals.committed()

    def _collect_all(self) -> None:
        """What is accepted meanwhile may wait for the engine."""
        if self.arrivals is None:
            return
        last = self.arrivals.last
        while not self.arrivals.is_collected(last):
            with self.writing(patient=True) as connection:
                self.arrivals.collect(connection, COLLECT_MAX)

    def _connect(self, path: Path | None, *, query_only: bool) -> sqlite3.Connection:
        return connect(path, query_only=query_only)


def _begin_deferred(connection: SqlConnection) -> None:
    connection.exec_driver_sql("begin")


def _hold_alone(path: Path) -> int:
    """Refuses a second process on the same file; the lock dies with the process."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise AlreadyOpen(
            f"Another Holdfast holds {path.parent}.",
            remedy="Stop it first, or let this command reach it: they share the data folder.",
        ) from None
    return handle
