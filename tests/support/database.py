"""Databases for tests: SQLite in memory, and PostgreSQL from a migrated template."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from holdfast import reactions
from holdfast.kernel.chance import Chance
from holdfast.kernel.clock import Clock, SteppedClock
from holdfast.storage.database import Database, open_backend

# A Monday morning without clock changes near it.
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
IN_MEMORY = "sqlite://"


@contextmanager
def opened(
    url: str = IN_MEMORY, *, clock: Clock | None = None, seed: int | None = 1
) -> Iterator[Database]:
    """A migrated database whose clock moves only when told."""
    database = Database(
        open_backend(url),
        clock=clock or SteppedClock(START),
        chance=Chance(seed),
        recorder=reactions.RECORDER,
        stepped=clock is None or isinstance(clock, SteppedClock),
    )
    try:
        database.migrate()
        yield database
    finally:
        database.close()
