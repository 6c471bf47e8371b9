"""Databases for tests: SQLite in memory, and one PostgreSQL that is emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import text

from holdfast import reactions
from holdfast.kernel.chance import Chance
from holdfast.kernel.clock import Clock, SteppedClock
from holdfast.kernel.tx import Tx
from holdfast.storage.backend import Backend
from holdfast.storage.database import Database, open_backend
from holdfast.storage.migrate import migrate
from holdfast.storage.sqlite import Sqlite
from holdfast.storage.types import METADATA
from holdfast.timeline.chain import GENESIS
from tests.support.postgres import Cluster

# A Monday morning without clock changes near it.
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
IN_MEMORY = "sqlite://"
# Rows that a migration wrote and that stay: emptied would not be as migrated.
_KEPT = frozenset({"lanes", "chain_heads"})


@contextmanager
def opened(
    url: str = IN_MEMORY, *, clock: Clock | None = None, seed: int | None = 1
) -> Iterator[Database]:
    """A migrated database whose clock moves only when told."""
    database = database_on(open_backend(url), clock=clock, seed=seed)
    try:
        database.migrate()
        yield database
    finally:
        database.close()


def database_on(backend: Backend, *, clock: Clock | None = None, seed: int | None = 1) -> Database:
    """A database on an opened backend; its clock stands at START, or is the one given."""
    return Database(
        backend,
        clock=clock or SteppedClock(START),
        chance=Chance(seed),
        recorder=reactions.RECORDER,
        stepped=clock is None or isinstance(clock, SteppedClock),
    )


@pytest.fixture(scope="session")
def shared_postgres(postgres_server: Cluster) -> Iterator[Backend]:
    """One migrated PostgreSQL for all tests that leave only rows behind."""
    backend = open_backend(postgres_server.create_database())
    migrate(backend)
    yield backend
    backend.close()


@pytest.fixture(scope="session")
def migrated_sqlite() -> Iterator[Sqlite]:
    """One migrated SQLite in memory, to be copied: that takes a hundredth of a migration."""
    template = Sqlite(None)
    migrate(template)
    yield template
    template.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated, empty database of each kind, whose clock stands at START until it is moved."""
    if request.param == "sqlite":
        template = cast(Sqlite, request.getfixturevalue("migrated_sqlite"))
        copy = Sqlite(None)
        template._writer.backup(copy._writer)
        yield database_on(copy)
        copy.close()
        return
    backend = cast(Backend, request.getfixturevalue("shared_postgres"))
    empty(backend)
    yield database_on(backend)


def rows_of(tx: Tx, sql: str) -> list[tuple[Any, ...]]:
    """What plain SQL finds: a look behind the product's back."""
    return [tuple(row) for row in tx.execute(text(sql))]


def value_of(tx: Tx, sql: str) -> Any:
    """The one value that plain SQL finds."""
    ((value,),) = rows_of(tx, sql)
    return value


def empty(backend: Backend) -> None:
    """As it was right after the migration; a thousandth of the time that a new one takes."""
    deletes = [f"delete from {name}" for name in METADATA.tables if name not in _KEPT]
    head = f"update chain_heads set position = 0, hash = '{GENESIS}'"
    with backend.writing(patient=True) as connection:
        connection.execute(text("; ".join([*deletes, head])))
