"""People, catalog, schedules, escalation, paging and alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from holdfast.storage import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _alerts()
    _connection_keys()
    _connections()
    _escalations()
    _links()
    _methods()
    _overrides()
    _pages()
    _policies()
    _practice()
    _schedules()
    _services()
    _sessions()
    _teams()
    _tokens()
    _users()


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", NAME, nullable=False),
        sa.Column("code", NAME, nullable=False),
        sa.Column("connection", NAME, nullable=False),
        sa.Column("service", NAME, nullable=False),
        sa.Column("dedup_key", NAME, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", NAME, nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("triggered_at", types.Instant(), nullable=False),
        sa.Column("labels", types.Json(), nullable=False),
        sa.Column("details", types.Json(), nullable=False),
        sa.Column("marks", types.Json(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("group_key", NAME),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("started_at", types.Instant()),
        sa.Column("last_signal_at", types.Instant()),
        sa.Column("letter", NAME),
        sa.Column("previous", NAME),
        sa.Column("acknowledged_at", types.Instant()),
        sa.Column("acknowledged_by", NAME),
        sa.Column("resolved_at", types.Instant()),
        sa.Column("resolved_by", NAME),
        sa.Column("hold_kind", sa.Text()),
        sa.Column("hold_reason", sa.Text()),
        sa.Column("hold_until", types.Instant()),
        sa.Column("lead", NAME),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    _alert_indexes()


def _alert_indexes() -> None:
    op.create_index("ix_alerts_code", "alerts", ["code"])
    op.create_index(
        "ix_alerts_group",
        "alerts",
        ["connection", "group_key"],
        sqlite_where=sa.text("status != 'resolved' AND group_key IS NOT NULL"),
        postgresql_where=sa.text("status != 'resolved' AND group_key IS NOT NULL"),
    )
    op.create_index("ix_alerts_key", "alerts", ["connection", "dedup_key", "triggered_at"])
    op.create_index(
        "ix_alerts_lead",
        "alerts",
        ["lead"],
        sqlite_where=sa.text("lead IS NOT NULL"),
        postgresql_where=sa.text("lead IS NOT NULL"),
    )
    op.create_index("ix_alerts_status", "alerts", ["status", "triggered_at"])
    op.create_index("ix_alerts_triggered", "alerts", ["triggered_at"])
    op.create_index(
        "uq_alerts_open",
        "alerts",
        ["connection", "dedup_key"],
        unique=True,
        sqlite_where=sa.text("status != 'resolved'"),
        postgresql_where=sa.text("status != 'resolved'"),
    )


def _connection_keys() -> None:
    op.create_table(
        "connection_keys",
        sa.Column("hash", NAME, nullable=False),
        sa.Column("connection", NAME, nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_connection_keys"),
    )
    op.create_index("ix_connection_keys_connection", "connection_keys", ["connection"])


def _connections() -> None:
    op.create_table(
        "connections",
        sa.Column("id", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("service", NAME, nullable=False),
        sa.Column("every_s", sa.Float()),
        sa.Column("grace_s", sa.Float()),
        sa.Column("settings", types.Json(), nullable=False),
        sa.Column("last_signal_at", types.Instant()),
        sa.Column("disabled_at", types.Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_connections"),
    )


def _escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("subject", NAME, nullable=False),
        sa.Column("plan", types.Json(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("look_again_at", types.Instant()),
        sa.Column("rescued_round", sa.Integer(), nullable=False),
        sa.Column("climb", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_escalations"),
    )


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("id", NAME, nullable=False),
        sa.Column("hash", NAME, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("user", NAME),
        sa.Column("made_by", NAME, nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("used_at", types.Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("hash", name="uq_links_hash"),
    )


def _methods() -> None:
    op.create_table(
        "methods",
        sa.Column("user", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("place", types.Instant(), nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("verified_at", types.Instant()),
        sa.Column("trouble", sa.Text()),
        sa.PrimaryKeyConstraint("user", "id", name="pk_methods"),
    )


def _overrides() -> None:
    op.create_table(
        "overrides",
        sa.Column("schedule", NAME, nullable=False),
        sa.Column("id", NAME, nullable=False),
        sa.Column("member", NAME, nullable=False),
        sa.Column("start_at", types.Instant(), nullable=False),
        sa.Column("end_at", types.Instant(), nullable=False),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("schedule", "id", name="pk_overrides"),
    )
    op.create_index("ix_overrides_member", "overrides", ["member", "end_at"])


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("id", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("user", NAME, nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("rungs", types.Json(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("step", sa.Integer()),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("ended_at", types.Instant()),
        sa.Column("ended_because", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
    )
    op.create_index(
        "ix_pages_open",
        "pages",
        ["opened_at"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_pages_subject", "pages", ["subject", "user"])
    op.create_index("ix_pages_user", "pages", ["user", "opened_at"])


def _policies() -> None:
    op.create_table(
        "policies",
        sa.Column("id", NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("steps", types.Json(), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("last_resort", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policies"),
    )


def _practice() -> None:
    op.create_table(
        "practice",
        sa.Column("name", NAME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_practice"),
    )


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("team", NAME, nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("rotations", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
    )


def _services() -> None:
    op.create_table(
        "services",
        sa.Column("id", NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("team", NAME, nullable=False),
        sa.Column("policy", NAME, nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("depends_on", types.Json(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_services"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", NAME, nullable=False),
        sa.Column("hash", NAME, nullable=False),
        sa.Column("user", NAME, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("seen_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("hash", name="uq_sessions_hash"),
    )
    op.create_index("ix_sessions_user", "sessions", ["user"])


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("id", NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lead", NAME),
        sa.Column("members", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
    )


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", NAME, nullable=False),
        sa.Column("hash", NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("user", NAME),
        sa.Column("created_by", NAME, nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("used_at", types.Instant()),
        sa.Column("revoked_at", types.Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("hash", name="uq_tokens_hash"),
    )


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", NAME),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("rules", types.Json(), nullable=False),
        sa.Column("password", sa.Text()),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("disabled_at", types.Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_index("uq_users_email", "users", [sa.text("lower(email)")], unique=True)
