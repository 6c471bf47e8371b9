"""SQLite's second file: what is accepted there is in the inbox once, whatever happens between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from holdfast.kernel.actor import SYSTEM
from holdfast.storage import arrivals, inbox
from holdfast.storage.database import Database
from holdfast.storage.inbox import Envelope
from holdfast.storage.sqlite import Sqlite
from tests.support.database import START, database_on, opened, value_of


class Died(BaseException):
    """The process ended here."""


def letter(number: int, raw: bytes = b"raw") -> Envelope:
    at = START + timedelta(seconds=number)
    return Envelope(f"lt_{number}", "am", at, raw, "[]")


@contextmanager
def on(folder: Path) -> Iterator[Database]:
    with opened(f"sqlite:///{folder / 'holdfast.db'}") as database:
        yield database


def ids(database: Database, limit: int = 9) -> list[str]:
    """What the engine takes in one turn; it is digested at once."""
    with database.begin(SYSTEM) as tx:
        taken = inbox.take_waiting(tx, limit)
        if taken:
            inbox.mark_done(tx, taken)
        return [each.id for each in taken]


def take_and_die(database: Database) -> None:
    with database.begin(SYSTEM) as tx:
        assert len(inbox.take_waiting(tx, 9)) == 1
        raise Died


def kept(database: Database) -> int:
    """How many letters lie in the inbox itself."""
    with database.read(SYSTEM) as tx:
        count = value_of(tx, "select count(*) from inbox")
    assert isinstance(count, int)
    return count


def file_of(database: Database) -> arrivals.ArrivalsFile:
    backend = database._backend
    assert isinstance(backend, Sqlite)
    assert backend.arrivals is not None
    return backend.arrivals


def test_letters_are_taken_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    with on(tmp_path) as database:
        database.append_inbox([letter(1), letter(2)])
        database.append_inbox([letter(3)])
        assert ids(database, 2) == ["lt_1", "lt_2"]
        assert ids(database) == ["lt_3"]
        assert ids(database) == []


def test_intake_never_waits_for_a_transaction_of_the_engine(tmp_path: Path) -> None:
    with on(tmp_path) as database, database.begin(SYSTEM) as tx:
        assert inbox.take_waiting(tx, 9) == []
        appending = threading.Thread(target=database.append_inbox, args=([letter(1)],))
        appending.start()
        appending.join(5)
        assert not appending.is_alive(), "it is durable while the engine writes"


def test_what_waits_there_is_counted_and_told_before_anybody_collects_it(tmp_path: Path) -> None:
    with on(tmp_path) as database:
        database.append_inbox([letter(5), letter(6)])
        with database.read(SYSTEM) as tx:
            assert inbox.count_by_state(tx) == {"waiting": 2}
            assert inbox.oldest_waiting(tx) == START + timedelta(seconds=5)
        ids(database, 1)
        with database.begin(SYSTEM) as tx:
            assert [each.id for each in inbox.take_waiting(tx, 9)] == ["lt_6"]
            assert inbox.count_by_state(tx) == {"done": 1, "waiting": 1}
            assert inbox.oldest_waiting(tx) == START + timedelta(seconds=6)


def test_a_transaction_that_fails_leaves_letters_to_be_collected_again(tmp_path: Path) -> None:
    with on(tmp_path) as database:
        database.append_inbox([letter(1)])
        with pytest.raises(Died):
            take_and_die(database)
        with database.read(SYSTEM) as tx:
            assert inbox.count_by_state(tx) == {"waiting": 1}
        assert ids(database) == ["lt_1"]


@pytest.mark.ledger("S2-88")
def test_a_process_that_died_before_the_commit_loses_nothing(tmp_path: Path) -> None:
    with on(tmp_path) as database:
        database.append_inbox([letter(1)])
    with on(tmp_path) as database:
        with database.read(SYSTEM) as tx:
            assert inbox.oldest_waiting(tx) == START + timedelta(seconds=1)
        assert ids(database) == ["lt_1"]


@pytest.mark.ledger("S2-88")
def test_a_process_that_died_after_the_commit_doubles_nothing(tmp_path: Path) -> None:
    """The letter is in the inbox and still in the file: its id keeps it from a second digest."""
    with on(tmp_path) as database:
        database.append_inbox([letter(1), letter(2)])
        assert ids(database, 1) == ["lt_1"]
        file_of(database)._done = 0  # nothing of it was remembered
    with on(tmp_path) as database:
        assert ids(database) == ["lt_2"]
        assert kept(database) == 2


def test_what_was_collected_goes_from_the_file_with_the_next_append(tmp_path: Path) -> None:
    def left(database: Database) -> int:
        count: int = (
            file_of(database)._reader.execute("select count(*) from arrivals").fetchone()[0]
        )
        return count

    with on(tmp_path) as database:
        database.append_inbox([letter(1), letter(2)])
        ids(database)
        database.append_inbox([letter(3)])
        assert left(database) == 1
        ids(database)
    with on(tmp_path) as database:
        assert left(database) == 0, "a good end leaves nothing behind"


def test_a_backup_holds_what_was_accepted_before_it_began(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    with on(tmp_path) as database:
        database.append_inbox([letter(number) for number in range(5)])
        ids(database, 2)
        database.append_inbox([letter(7)])
        database.backup(tmp_path / "copy" / "holdfast.db")
    with on(tmp_path / "copy") as copy:
        assert ids(copy) == ["lt_2", "lt_3", "lt_4", "lt_7"]


def test_long_letters_are_collected_a_few_at_a_time(tmp_path: Path) -> None:
    half = arrivals.COLLECT_BYTES_MAX // 2 + 1
    with on(tmp_path) as database:
        database.append_inbox([letter(number, b"x" * half) for number in range(3)])
        assert ids(database) == ["lt_0", "lt_1"]
        assert ids(database) == ["lt_2"]


def test_a_batch_with_a_letter_that_is_there_already_is_refused_whole(tmp_path: Path) -> None:
    with on(tmp_path) as database:
        database.append_inbox([letter(1)])
        with pytest.raises(Exception, match="UNIQUE"):
            database.append_inbox([letter(2), letter(1)])
        assert ids(database) == ["lt_1"]


def test_in_memory_there_is_no_second_file() -> None:
    backend = Sqlite(None)
    database = database_on(backend)
    database.migrate()
    database.append_inbox([letter(1)])
    assert backend.arrivals is None
    assert kept(database) == 1
    database.close()
