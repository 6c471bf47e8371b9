"""Puts a backup into a data folder, on hold from its first instant there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from holdfast.cli import words
from holdfast.cli.exits import CONFLICT, FAILED, WRONG_USAGE, Failed
from holdfast.kernel.actor import SYSTEM
from holdfast.kernel.chance import Chance
from holdfast.kernel.clock import SystemClock
from holdfast.kernel.errors import HoldfastError
from holdfast.reactions import RECORDER
from holdfast.storage.database import Database, open_backend
from holdfast.storage.hold import hold_instance
from holdfast.storage.sqlite import AlreadyOpen

DATABASE_NAME = "holdfast.db"
PREPARED_NAME = "holdfast.db.restoring"
KEPT_NAME = "holdfast.db.before-restore"
MARK = "chain_heads"  # a table that every Holdfast has
HELD_BECAUSE = "restored from a backup: look at what it would page, then release it"
PRIVATE_FOLDER = 0o700


def restore(file: Path, data: Path, *, force: bool) -> Path | None:
    """Replaces the database in `data` by the backup; returns where the former one is kept.

    Raises Failed where the file is no backup, a server holds the folder, or there is a database
    already and not `force`.
    """
    place = data / DATABASE_NAME
    if place.exists() and not force:
        detail = words.DATA_EXISTS.format(place=data)
        raise Failed(detail, code=CONFLICT, remedy=words.DATA_EXISTS_REMEDY)
    _require_backup(file)
    data.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    prepared = data / PREPARED_NAME
    try:
        _prepare(file, prepared)
        return _put(prepared, place)
    except AlreadyOpen as error:
        raise Failed(error.detail, code=CONFLICT, remedy="Stop it first.") from error
    except HoldfastError as error:
        raise Failed(error.detail, code=FAILED, remedy=error.remedy) from error
    finally:
        for left in data.glob(f"{PREPARED_NAME}*"):
            left.unlink()


def _require_backup(file: Path) -> None:
    remedy = words.NOT_A_BACKUP_REMEDY
    try:
        # Not to be created, and not to be changed, by looking.
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            query = "select count(*) from sqlite_master where name = ?"
            found = opened.execute(query, (MARK,)).fetchone()[0]
            whole = opened.execute("pragma quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.Error:
        found = whole = False
    if not found or not whole:
        detail = words.NOT_A_BACKUP.format(file=file)
        raise Failed(detail, code=WRONG_USAGE, remedy=remedy)


def _prepare(file: Path, prepared: Path) -> None:
    """A copy in the shape of this version, on hold: what is put in place never pages by itself."""
    _copy(file, prepared)
    database = _opened(prepared)
    try:
        database.migrate()
        with database.begin(SYSTEM) as tx:
            hold_instance(tx, HELD_BECAUSE)
    finally:
        database.close()


def _put(prepared: Path, place: Path) -> Path | None:
    kept = place.with_name(KEPT_NAME) if place.exists() else None
    holding = _opened(place)  # nobody else may open the folder meanwhile
    try:
        if kept is not None:
            holding.backup(kept)
        _copy(prepared, place)  # in one transaction of SQLite's: all of it or nothing
    finally:
        holding.close()
    return kept


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def _opened(place: Path) -> Database:
    return Database(
        open_backend(f"sqlite:///{place}"),
        clock=SystemClock(),
        chance=Chance(),
        recorder=RECORDER,
    )
