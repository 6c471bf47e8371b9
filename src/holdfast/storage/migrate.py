"""Bring a database to the shape this version needs, once, whoever comes first."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from holdfast.kernel.errors import Unavailable
from holdfast.storage.backend import Backend

# PostgreSQL: nodes that start together take turns.
MIGRATION_LOCK = 1_749_254_400


class NewerDatabase(Unavailable):
    """This database was made by a newer Holdfast."""


def migrate(backend: Backend) -> None:
    """Runs what is missing. Raises NewerDatabase where the database is ahead of this program."""
    config = _config()
    head = ScriptDirectory.from_config(config).get_current_head()
    with backend.writing(patient=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"select pg_advisory_xact_lock({MIGRATION_LOCK})"))
        present = MigrationContext.configure(connection).get_current_revision()
        if present == head:
            return
        _refuse_unknown(config, present)
        _upgrade(config, connection)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _refuse_unknown(config: Config, present: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present is not None and present not in known:
        raise NewerDatabase(remedy="Start the newer Holdfast again, or restore an older backup.")


def _upgrade(config: Config, connection: Connection) -> None:
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
