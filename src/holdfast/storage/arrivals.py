"""SQLite's second file: letters are durable here at once, however busy the engine's file is."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import bindparam, text

from holdfast.kernel.tx import Connection
from holdfast.storage.inbox import Envelope, InboxState
from holdfast.storage.types import from_microseconds, microseconds
from holdfast.storage.wal import require_durable, transaction

SUFFIX = ".arrivals"
CHECKPOINT_PAGES = 4000
# Letters may be long: so much of them is held at once, and one letter more.
COLLECT_BYTES_MAX = 8 * 1024 * 1024
_TABLE = (
    "create table if not exists arrivals (seq integer primary key autoincrement,"
    " id text not null unique, connection text not null, received_at integer not null,"
    " raw blob not null, signals text not null)"
)
_APPEND = "insert into arrivals (id, connection, received_at, raw, signals) values (?, ?, ?, ?, ?)"
_OLDEST = (
    "select seq, id, connection, received_at, raw, signals from arrivals"
    " where seq > ? order by seq limit ?"
)
# What was collected before a crash is in the inbox already: its id says so.
_COLLECT = text(
    "insert into inbox (id, connection, received_at, state, raw, signals, failures)"
    " values (:id, :connection, :received_at, :state, :raw, :signals, 0)"
    " on conflict (id) do nothing"
).bindparams(bindparam("state", InboxState.WAITING.value))


class ArrivalsFile:
    """A file that only intake writes and the engine reads in order.

    A letter is accepted when it is durable here. The engine copies it into the inbox in the
    transaction that digests it; only after that is committed may it go from here, and its id keeps
    it from being copied twice. So a crash at any place loses nothing and doubles nothing.
    """

    def __init__(self, path: Path, connect: Callable[[Path], sqlite3.Connection]) -> None:
        self._writer = connect(path)
        require_durable(self._writer)
        self._reader = connect(path)
        self._writer.execute(f"pragma wal_autocheckpoint={CHECKPOINT_PAGES}")
        self._writer.execute(_TABLE)
        self._guard = threading.Lock()  # one append at a time, and never beside its own cleaning
        self._copied = self._done = 0  # places: copied by the open transaction, and committed
        # (place of the last letter, how many, when the oldest came) of each append not collected.
        self._left: deque[tuple[int, int, datetime]] = deque()
        self._remember_left()

    def append(self, envelopes: Sequence[Envelope]) -> None:
        """All of them in one transaction, durable when it returns."""
        rows = [
            (e.id, e.connection, microseconds(e.received_at), e.raw, e.signals) for e in envelopes
        ]
        with self._guard:
            with transaction(self._writer):
                self._clean()
                self._writer.executemany(_APPEND, rows)
                (last,) = self._writer.execute("select max(seq) from arrivals").fetchone()
            self._left.append((last, len(rows), envelopes[0].received_at))

    def waiting(self) -> tuple[int, datetime | None]:
        """How many letters were not collected yet, and when the oldest came."""
        left = [each for each in tuple(self._left) if each[0] > self._copied]
        return sum(count for _, count, _ in left), left[0][2] if left else None

    @property
    def last(self) -> int:
        """The place of the newest letter that was not collected, or zero."""
        return self._left[-1][0] if self._left else 0

    def is_collected(self, place: int) -> bool:
        """True once the letter at that place, and all before it, are safe in the inbox."""
        return self._done >= place

    def collect(self, connection: Connection, limit: int) -> None:
        """Copies the oldest letters into the inbox, in that connection's transaction."""
        if not self._left:
            return
        rows = []
        held_bytes = 0
        for seq, name, source, received_at, raw, signals in self._reader.execute(
            _OLDEST, (self._copied, limit)
        ):
            rows.append({"id": name, "connection": source, "received_at": received_at,
                         "raw": raw, "signals": signals})  # fmt: skip
            copied = seq
            held_bytes += len(raw) + len(signals)
            if held_bytes > COLLECT_BYTES_MAX:
                break
        if rows:
            connection.execute(_COLLECT, rows)
            self._copied = copied

    def committed(self) -> None:
        """The transaction that copied letters is durable."""
        self._done = max(self._done, self._copied)
        while self._left and self._left[0][0] <= self._done:
            self._left.popleft()

    def undone(self) -> None:
        """It is not: what it copied is still to be collected."""
        self._copied = self._done

    def close(self) -> None:
        with self._guard, suppress(sqlite3.Error), transaction(self._writer):
            self._clean()
        self._reader.close()
        self._writer.close()

    def _clean(self) -> None:
        """What was collected goes with the next append, which is written to the disk anyway."""
        self._writer.execute("delete from arrivals where seq <= ?", (self._done,))

    def _remember_left(self) -> None:
        """Letters of a process that died: what is in the inbox already is skipped there."""
        query = "select max(seq), count(*), min(received_at) from arrivals"
        last, count, oldest = self._writer.execute(query).fetchone()
        if count:
            self._left.append((last, count, from_microseconds(oldest)))
