"""SQLite files: durable or refused; the rest is shown in test_sqlite.py and test_arrivals.py."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from holdfast.kernel.errors import Unavailable
from holdfast.storage import wal


def test_a_file_is_opened_so_that_a_commit_is_on_the_disk(tmp_path: Path) -> None:
    connection = wal.connect(tmp_path / "file.db", query_only=False)
    wal.require_durable(connection)
    connection.execute("pragma synchronous=normal")
    with pytest.raises(Unavailable) as refused:
        wal.require_durable(connection)
    connection.close()
    assert "synchronous 1" in refused.value.detail
    assert refused.value.remedy


def insert_twice(connection: sqlite3.Connection) -> None:
    with wal.transaction(connection):
        connection.execute("insert into t values (1)")
        connection.execute("insert into t values (1)")


def test_what_fails_inside_a_transaction_is_undone(tmp_path: Path) -> None:
    connection = wal.connect(tmp_path / "file.db", query_only=False)
    connection.execute("create table t (n integer primary key)")
    with pytest.raises(sqlite3.IntegrityError):
        insert_twice(connection)
    assert connection.execute("select count(*) from t").fetchone() == (0,)
    assert not connection.in_transaction
    connection.close()
