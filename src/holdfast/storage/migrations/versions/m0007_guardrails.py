"""Strengths, counters and overrides of guardrails; practice packs of one's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from holdfast.storage import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _guardrail_strengths()
    _guardrail_hits()
    _guardrail_passages()
    _practice()


def _guardrail_strengths() -> None:
    op.create_table(
        "guardrail_strengths",
        sa.Column("code", NAME, nullable=False),
        sa.Column("strength", NAME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.Column("changed_by", NAME, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_guardrail_strengths"),
    )


def _guardrail_hits() -> None:
    op.create_table(
        "guardrail_hits",
        sa.Column("code", NAME, nullable=False),
        sa.Column("day", NAME, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("code", "day", name="pk_guardrail_hits"),
    )


def _guardrail_passages() -> None:
    op.create_table(
        "guardrail_passages",
        sa.Column("id", NAME, nullable=False),
        sa.Column("code", NAME, nullable=False),
        sa.Column("about", NAME, nullable=False),
        sa.Column("strength", NAME, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("until", types.Instant(), nullable=False),
        sa.Column("actor", NAME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_guardrail_passages"),
    )
    op.create_index("ix_guardrail_passages_about", "guardrail_passages", ["about", "at"])
    op.create_index("ix_guardrail_passages_code", "guardrail_passages", ["code", "at"])


def _practice() -> None:
    op.create_table(
        "practice_packs",
        sa.Column("name", NAME, nullable=False),
        sa.Column("pack", types.Json(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_practice_packs"),
    )
