"""Bring a database to the shape this version needs, once, whoever comes first."""

from __future__ import annotations

import importlib

from sqlalchemy import Connection, inspect, text

from holdfast.kernel.errors import Unavailable
from holdfast.storage.backend import Backend

# The newest revision in migrations/versions; a test compares.
NEWEST = "0007"
# PostgreSQL: nodes that start together take turns.
MIGRATION_LOCK = 1_749_254_400
# Loaded only when there is something to do: a third of a second and ten megabytes at each start.
_UPGRADE = "holdfast.storage.upgrade"


class NewerDatabase(Unavailable):
    """This database was made by a newer Holdfast."""


def migrate(backend: Backend) -> None:
    """Runs what is missing. Raises NewerDatabase where the database is ahead of this program."""
    with backend.writing(patient=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"select pg_advisory_xact_lock({MIGRATION_LOCK})"))
        present = _present(connection)
        if present == NEWEST:
            return
        steps = importlib.import_module(_UPGRADE)
        if present is not None and present not in steps.revisions():
            raise NewerDatabase(remedy="Start the newer Holdfast again, or restore a backup.")
        steps.upgrade(connection)


def _present(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()
