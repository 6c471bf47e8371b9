"""Duties, inbox, timeline and keys: what the engine stands on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from holdfast.storage import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


GENESIS = "0" * 64


def upgrade() -> None:
    _chain_heads()
    _deliveries()
    _events()
    _inbox()
    _instance_states()
    _lanes()
    _seals()
    _secrets()
    _timers()
    _vault_keys()
    op.execute(sa.text("insert into lanes (name) values ('inbox')"))
    op.execute(
        sa.text(
            "insert into chain_heads (name, position, hash) values ('timeline', 0, :start)"
        ).bindparams(start=GENESIS)
    )


def _chain_heads() -> None:
    op.create_table(
        "chain_heads",
        sa.Column("name", NAME, nullable=False),
        sa.Column("position", COUNTER, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_chain_heads"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("way", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("due", types.Instant()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("owner", NAME),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant()),
        sa.Column("outcome", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["due"],
        sqlite_where=sa.text("due IS NOT NULL"),
        postgresql_where=sa.text("due IS NOT NULL"),
    )
    op.create_index("ix_deliveries_key", "deliveries", ["key"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", COUNTER, autoincrement=True, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("actor", NAME, nullable=False),
        sa.Column("data", types.Json(), nullable=False),
        sa.Column("position", COUNTER),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
        sa.UniqueConstraint("id", name="uq_events_id"),
    )
    op.create_index("ix_events_at", "events", ["at"])
    op.create_index("ix_events_subject", "events", ["subject", "at"])
    op.create_index(
        "ix_events_unsealed",
        "events",
        ["at", "seq"],
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("seq", COUNTER, autoincrement=True, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("connection", NAME, nullable=False),
        sa.Column("received_at", types.Instant(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("signals", types.Json(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("seq", name="pk_inbox"),
        sa.UniqueConstraint("id", name="uq_inbox_id"),
    )
    op.create_index("ix_inbox_received", "inbox", ["received_at"])
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["seq"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _instance_states() -> None:
    op.create_table(
        "instance_states",
        sa.Column("name", NAME, nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_instance_states"),
    )


def _lanes() -> None:
    op.create_table(
        "lanes",
        sa.Column("name", NAME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lanes"),
    )


def _seals() -> None:
    op.create_table(
        "seals",
        sa.Column("position", COUNTER, autoincrement=False, nullable=False),
        sa.Column("event", NAME, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_seals"),
    )


def _secrets() -> None:
    op.create_table(
        "secrets",
        sa.Column("name", NAME, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
    )


def _timers() -> None:
    op.create_table(
        "timers",
        sa.Column("kind", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("due", types.Instant(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("parked_at", types.Instant()),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_timers"),
    )
    op.create_index(
        "ix_timers_due",
        "timers",
        ["due"],
        sqlite_where=sa.text("parked_at IS NULL"),
        postgresql_where=sa.text("parked_at IS NULL"),
    )


def _vault_keys() -> None:
    op.create_table(
        "vault_keys",
        sa.Column("id", NAME, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vault_keys"),
    )
    # ### end Alembic commands ###
