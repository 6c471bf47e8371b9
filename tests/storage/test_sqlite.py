"""SQLite: one process, one writer, and nothing answered that is not on the disk."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.errors import Unavailable
from holdfast.people import queries as people
from holdfast.people.actions import save_team
from holdfast.people.model import Team
from holdfast.storage.inbox import Envelope, count_by_state
from holdfast.storage.sqlite import WAL_RESET_FIXED, AlreadyOpen, Sqlite
from tests.support.database import START, database_on, opened, value_of


def letters(count: int, begin: int = 0) -> list[Envelope]:
    numbers = range(begin, begin + count)
    return [Envelope(f"lt_{n}", "am", START, b"raw", "[]") for n in numbers]


def test_every_commit_is_on_the_disk_before_it_is_believed(tmp_path: Path) -> None:
    """Promises rule 1: WAL with synchronous=FULL, and no memory map."""
    backend = Sqlite(tmp_path / "holdfast.db")
    try:
        with backend.writing(patient=True) as connection:
            found = {
                name: connection.execute(text(f"pragma {name}")).scalar_one()
                for name in ("journal_mode", "synchronous", "mmap_size", "foreign_keys")
            }
    finally:
        backend.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "mmap_size": 0, "foreign_keys": 1}
    assert "FULL" in backend.describe().durability


def test_a_database_that_would_not_promise_durability_is_refused(tmp_path: Path) -> None:
    class Careless(Sqlite):
        def _connect(self, path: Path | None, *, query_only: bool) -> sqlite3.Connection:
            connection = super()._connect(path, query_only=query_only)
            connection.execute("pragma synchronous=normal")
            return connection

    with pytest.raises(Unavailable) as refused:
        Careless(tmp_path / "holdfast.db")
    assert "durability" in refused.value.detail
    assert refused.value.remedy


def test_one_process_holds_a_file_and_the_next_is_told_which(tmp_path: Path) -> None:
    path = tmp_path / "holdfast.db"
    first = Sqlite(path)
    with pytest.raises(AlreadyOpen) as refused:
        Sqlite(path)
    assert str(tmp_path) in refused.value.detail
    first.close()
    Sqlite(path).close()


def test_a_reader_changes_nothing(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'holdfast.db'}") as database:
        with database.read(SYSTEM) as tx, pytest.raises(OperationalError, match="readonly"):
            save_team(tx, Team("one", "One"))
        with database.read(SYSTEM) as tx:
            assert people.teams(tx) == {}


def test_readers_go_on_while_somebody_writes(tmp_path: Path) -> None:
    with (
        opened(f"sqlite:///{tmp_path / 'holdfast.db'}") as database,
        database.begin(SYSTEM) as writer,
    ):
        save_team(writer, Team("one", "One"))
        with database.read(SYSTEM) as tx:
            assert people.teams(tx) == {}


def test_a_commit_that_fails_leaves_no_open_transaction_behind(tmp_path: Path) -> None:
    """As a full disk would: the next transaction begins as if nothing had been."""
    with opened(f"sqlite:///{tmp_path / 'holdfast.db'}") as database:
        with database.begin(SYSTEM) as tx:
            tx.execute(text("create table parents (id integer primary key)"))
            tx.execute(
                text(
                    "create table children (id integer primary key, parent integer"
                    " references parents deferrable initially deferred)"
                )
            )
        with pytest.raises(sqlite3.IntegrityError), database.begin(SYSTEM) as tx:
            tx.execute(text("insert into children values (1, 99)"))
        with database.begin(SYSTEM) as tx:
            save_team(tx, Team("one", "One"))
            assert value_of(tx, "select count(*) from children") == 0
        database.append_inbox(letters(1))


def test_a_full_disk_is_said_as_what_it_is_and_ends_with_the_fullness(tmp_path: Path) -> None:
    backend = Sqlite(tmp_path / "holdfast.db")
    database = database_on(backend)
    try:
        database.migrate()
        assert backend.arrivals is not None
        writer = backend.arrivals._writer
        pages = writer.execute("pragma page_count").fetchone()[0]
        writer.execute(f"pragma max_page_count={pages}")
        big = [Envelope(f"lt_{n}", "am", START, b"x" * 100_000, "[]") for n in range(5)]
        with pytest.raises(Unavailable, match="full"):
            database.append_inbox(big)
        writer.execute("pragma max_page_count=1000000")
        database.append_inbox(big)
        with database.read(SYSTEM) as tx:
            assert count_by_state(tx) == {"waiting": 5}
    finally:
        database.close()


def test_a_backup_while_everything_goes_on_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    with opened(f"sqlite:///{tmp_path / 'holdfast.db'}") as database:
        database.append_inbox(letters(500))
        stop, written = threading.Event(), [500]

        def write_on() -> None:
            while not stop.is_set():
                database.append_inbox(letters(1, written[0]))
                written[0] += 1

        writer = threading.Thread(target=write_on)
        writer.start()
        try:
            for _ in range(3):
                database.backup(target)
        finally:
            stop.set()
            writer.join(10.0)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert not target.with_name("copy.db.partial").exists()
    with opened(f"sqlite:///{target}") as copy, copy.read(SYSTEM) as tx:
        assert value_of(tx, "pragma integrity_check") == "ok"
        assert 500 <= count_by_state(tx)["waiting"] <= written[0]


def test_a_backup_of_one_in_memory_works_too(tmp_path: Path) -> None:
    with opened() as database:
        database.append_inbox(letters(3))
        database.backup(tmp_path / "copy.db")
    with opened(f"sqlite:///{tmp_path / 'copy.db'}") as copy, copy.read(SYSTEM) as tx:
        assert count_by_state(tx) == {"waiting": 3}


def test_everybody_but_this_process_is_dead(tmp_path: Path) -> None:
    """One process holds the file, so a lease of another name is a lease of the past."""
    with opened(f"sqlite:///{tmp_path / 'holdfast.db'}") as database:
        database.enlist("nd_now")
        assert database.dead_nodes({"nd_now", "nd_before"}) == {"nd_before"}


def test_a_version_with_a_known_bug_is_named() -> None:
    with opened() as database:
        warned = bool(database.describe().warnings)
    assert warned == (sqlite3.sqlite_version_info < WAL_RESET_FIXED)
