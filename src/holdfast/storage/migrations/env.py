"""How Alembic runs here: on the connection and inside the transaction that migrate.py opened."""

from __future__ import annotations

from alembic import context

from holdfast.storage.types import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=False,  # the surrounding transaction is ours
)
context.run_migrations()
