"""How Holdfast opens and writes an SQLite file: durable or refused, and failures said in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from holdfast.kernel.errors import Unavailable

BUSY_TIMEOUT_MS = 10_000


def connect(path: Path | None, *, query_only: bool) -> sqlite3.Connection:
    """A connection to a file, or to a database in memory. Transactions are begun by hand."""
    place = ":memory:" if path is None else str(path)
    connection = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
    connection.execute(f"pragma busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("pragma foreign_keys=on")
    connection.execute("pragma mmap_size=0")
    if path is not None:
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")
    if query_only:
        connection.execute("pragma query_only=on")
    return connection


def require_durable(connection: sqlite3.Connection) -> None:
    """Raises Unavailable where a commit would be believed before it is on the disk (rule 1)."""
    mode = connection.execute("pragma journal_mode").fetchone()[0]
    synchronous = connection.execute("pragma synchronous").fetchone()[0]
    if mode != "wal" or synchronous < 2:
        raise Unavailable(
            f"SQLite would not promise durability here (journal {mode}, synchronous"
            f" {synchronous}).",
            remedy="Put the data folder on a local file system.",
        )


@contextmanager
def transaction(writer: sqlite3.Connection) -> Iterator[None]:
    """A commit that fails (a full disk, say) leaves no open transaction behind either."""
    try:
        writer.execute("begin immediate")
        yield
        writer.commit()
    except sqlite3.OperationalError as error:
        writer.rollback()
        raise Unavailable(f"SQLite cannot write now ({error}).") from error
    except BaseException:
        writer.rollback()
        raise
