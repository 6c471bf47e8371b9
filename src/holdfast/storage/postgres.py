"""PostgreSQL: several equal nodes on one truth, and its clock for all of them."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from holdfast.kernel.clock import SystemClock
from holdfast.kernel.errors import Unavailable
from holdfast.storage.backend import Description
from holdfast.storage.inbox import Envelope, InboxState

POOL_SIZE = 12
POOL_OVERFLOW = 8
VERSION_MIN = 140_000
PING_AFTER_S = 1.0
TOLD_FOR_S = 2.0
# One namespace of advisory locks: a living node holds (NODES, its number).
NODES = 1_749_254_401
IMPATIENT_LOCK_MS = 100
_SESSION = (
    "-c synchronous_commit=on -c lock_timeout=5000 -c timezone=UTC"
    " -c idle_in_transaction_session_timeout=10000 -c statement_timeout=30000"
    " -c tcp_user_timeout=5000"
)
_COPY = (
    "copy inbox (id, connection, received_at, state, raw, signals, failures)"
    " from stdin (format binary)"
)
_COPY_TYPES = ["text", "text", "timestamptz", "text", "bytea", "text", "int4"]


class Postgres:
    own_clock = True
    arrivals = None  # the inbox itself takes appends without waiting for the engine

    def __init__(self, url: str) -> None:
        self._url = re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql://", url)
        self.engine = create_engine(
            self._url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=10,
            isolation_level="READ COMMITTED",
            hide_parameters=True,  # what people wrote does not belong into errors and logs
            connect_args={
                "options": _SESSION,
                "connect_timeout": 5,
                "application_name": "holdfast",
                "keepalives_idle": 2,
                "keepalives_interval": 1,
                "keepalives_count": 3,
            },
        )
        event.listen(self.engine, "checkout", self._ping_after_rest)
        event.listen(self.engine, "checkin", self._note_rest)
        self._ticks = SystemClock()
        self._told: tuple[datetime, float] | None = None
        self._intake: psycopg.Connection[tuple[object, ...]] | None = None
        self._intake_lock = threading.Lock()
        self._alive: psycopg.Connection[tuple[object, ...]] | None = None
        self._node = ""
        self._assert_durable()

    @contextmanager
    def writing(self, *, patient: bool) -> Iterator[SqlConnection]:
        with self.engine.begin() as connection:
            if not patient:
                # The engine never waits behind a person's answer: it tries again in a moment.
                connection.execute(_IMPATIENT)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[SqlConnection]:
        # Reads need no transaction of their own: that saves two round trips each.
        with self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def instant(self, connection: SqlConnection, *, reading: bool) -> datetime:
        """The database's clock. A reader may go by what it told a moment ago and the seconds
        counted since: that saves a round trip, and no node's own wall clock has a say."""
        told, ticks = self._told, self._ticks.monotonic()
        if reading and told is not None and ticks - told[1] < TOLD_FOR_S:
            return told[0] + timedelta(seconds=ticks - told[1])
        at = connection.execute(_NOW).scalar_one()
        assert isinstance(at, datetime)
        self._told = (at.astimezone(UTC), self._ticks.monotonic())
        return self._told[0]

    def append_inbox(self, envelopes: Sequence[Envelope]) -> None:
        with self._intake_lock:
            try:
                self._copy(envelopes)
            except psycopg.OperationalError:
                # Nothing was answered yet: a broken connection may be replaced and tried once.
                self._drop_intake()
                self._copy(envelopes)

    def describe(self) -> Description:
        with self.reading() as connection:
            version = connection.execute(text("show server_version")).scalar_one()
        place = re.sub(r"//[^@/]*@", "//", self._url)
        return Description(
            kind="PostgreSQL",
            version=str(version),
            place=place.split("?")[0],
            durability="synchronous_commit=on: a commit is on the disk before it is answered",
        )

    def backup(self, target: Path) -> None:
        raise Unavailable(
            "PostgreSQL is backed up with its own tools.",
            remedy="Use pg_dump --format=custom, or the continuous archive of your provider.",
        )

    def enlist(self, node: str) -> None:
        if self._alive is not None:
            if node == self._node and _answers(self._alive):
                return
            self._alive.close()
        self._node, self._alive = node, None
        alive = self._direct()
        alive.execute("select pg_advisory_lock(%s, %s)", (NODES, _number(node)))
        self._alive = alive

    def dead_nodes(self, owners: set[str]) -> set[str]:
        with self.reading() as connection:
            held = {number for (number,) in connection.execute(_HELD, {"namespace": NODES})}
        return {owner for owner in owners if _number(owner) not in held}

    def close(self) -> None:
        self._drop_intake()
        if self._alive is not None:
            self._alive.close()
        self.engine.dispose()

    def _note_rest(self, raw: object, record: ConnectionPoolEntry) -> None:
        record.info["rested_at"] = self._ticks.monotonic()

    def _ping_after_rest(
        self, raw: object, record: ConnectionPoolEntry, proxy: PoolProxiedConnection
    ) -> None:
        """A connection that rested may have died with its server: ask before trusting it."""
        rested_at = record.info.get("rested_at")
        if rested_at is None or self._ticks.monotonic() - rested_at < PING_AFTER_S:
            return
        assert isinstance(raw, psycopg.Connection)
        try:
            raw.execute("select 1")
            raw.rollback()
        except psycopg.Error as error:
            raise DisconnectionError from error  # the pool opens another one

    def _direct(self) -> psycopg.Connection[tuple[object, ...]]:
        try:
            return psycopg.connect(
                self._url,
                autocommit=True,
                options=_SESSION,
                connect_timeout=5,
                application_name="holdfast",
                keepalives_idle=2,
                keepalives_interval=1,
                keepalives_count=3,
            )
        except psycopg.OperationalError as error:
            raise Unavailable(f"PostgreSQL does not answer: {error}") from error

    def _copy(self, envelopes: Sequence[Envelope]) -> None:
        if self._intake is None or self._intake.closed:
            self._intake = self._direct()
        with self._intake.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(_COPY_TYPES)
            for e in envelopes:
                copy.write_row(
                    (e.id, e.connection, e.received_at, InboxState.WAITING.value, e.raw,
                     e.signals, 0)
                )  # fmt: skip

    def _drop_intake(self) -> None:
        if self._intake is not None:
            self._intake.close()
            self._intake = None

    def _assert_durable(self) -> None:
        with self.reading() as connection:
            version = int(str(connection.execute(text("show server_version_num")).scalar_one()))
            commit = connection.execute(text("show synchronous_commit")).scalar_one()
            encoding = connection.execute(text("show server_encoding")).scalar_one()
        if version < VERSION_MIN:
            raise Unavailable("Holdfast needs PostgreSQL 14 or later.")
        if commit not in ("on", "remote_apply") or encoding != "UTF8":
            raise Unavailable(
                f"PostgreSQL would not promise durability (synchronous_commit {commit}) or is not"
                f" UTF8 ({encoding}).",
                remedy="Set synchronous_commit=on and use a UTF8 database.",
            )


def _number(node: str) -> int:
    """A node's advisory lock number: stable, within a signed 32-bit integer."""
    return zlib.crc32(node.encode()) & 0x7FFFFFFF


def _answers(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    try:
        connection.execute("select 1")
    except psycopg.Error:
        return False
    return True


_NOW = text("select clock_timestamp()")
_IMPATIENT = text(f"set local lock_timeout = '{IMPATIENT_LOCK_MS}ms'")
_HELD = text(
    "select objid::bigint from pg_locks where locktype = 'advisory' and classid = :namespace"
    " and granted and database = (select oid from pg_database where datname = current_database())"
)
