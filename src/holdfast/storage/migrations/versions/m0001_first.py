"""The first shape."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from holdfast.storage.types import METADATA

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    METADATA.create_all(op.get_bind())
    op.execute(text("insert into lanes (name) values ('inbox')"))
    op.execute(
        text(
            "insert into chain_heads (name, position, hash) values ('timeline', 0, :h)"
        ).bindparams(h="0" * 64)
    )
