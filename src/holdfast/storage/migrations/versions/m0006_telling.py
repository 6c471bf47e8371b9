"""Updates, promises, questions and notifications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from holdfast.storage import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _threads()
    _updates()
    _promises()
    _questions()
    _subscriptions()
    _stakeholders()
    _notifications()


def _threads() -> None:
    op.create_table(
        "incident_threads",
        sa.Column("incident", NAME, nullable=False),
        sa.Column("audience", NAME, nullable=False),
        sa.Column("due_at", types.Instant()),
        sa.Column("heard_at", types.Instant()),
        sa.Column("last_at", types.Instant()),
        sa.Column("final_at", types.Instant()),
        sa.Column("every_s", sa.Float()),
        sa.Column("long", sa.Integer(), nullable=False),
        sa.Column("set_by", NAME),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("incident", "audience", name="pk_incident_threads"),
    )


def _updates() -> None:
    op.create_table(
        "incident_updates",
        sa.Column("id", NAME, nullable=False),
        sa.Column("incident", NAME, nullable=False),
        sa.Column("post", NAME, nullable=False),
        sa.Column("audience", NAME, nullable=False),
        sa.Column("template", NAME, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("known", types.Json(), nullable=False),
        sa.Column("next_update_at", types.Instant()),
        sa.Column("posted_at", types.Instant(), nullable=False),
        sa.Column("posted_by", NAME, nullable=False),
        sa.Column("corrects", NAME),
        sa.PrimaryKeyConstraint("id", name="pk_incident_updates"),
    )
    op.create_index("ix_incident_updates_incident", "incident_updates", ["incident", "posted_at"])


def _promises() -> None:
    op.create_table(
        "incident_promises",
        sa.Column("id", NAME, nullable=False),
        sa.Column("incident", NAME, nullable=False),
        sa.Column("audience", NAME, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("promised_at", types.Instant(), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.Column("update", NAME),
        sa.Column("settled_at", types.Instant()),
        sa.Column("settled_by", NAME),
        sa.PrimaryKeyConstraint("id", name="pk_incident_promises"),
    )
    op.create_index("ix_incident_promises_incident", "incident_promises", ["incident", "due_at"])


def _questions() -> None:
    op.create_table(
        "incident_questions",
        sa.Column("id", NAME, nullable=False),
        sa.Column("incident", NAME, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by", NAME, nullable=False),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", NAME),
        sa.Column("answered_at", types.Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_incident_questions"),
    )
    op.create_index("ix_incident_questions_incident", "incident_questions", ["incident"])


def _subscriptions() -> None:
    op.create_table(
        "incident_subscriptions",
        sa.Column("incident", NAME, nullable=False),
        sa.Column("user", NAME, nullable=False),
        sa.Column("audience", NAME, nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("incident", "user", name="pk_incident_subscriptions"),
    )


def _stakeholders() -> None:
    op.create_table(
        "stakeholders",
        sa.Column("service", NAME, nullable=False),
        sa.Column("who", NAME, nullable=False),
        sa.Column("audience", NAME, nullable=False),
        sa.Column("rank_max", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("service", "who", name="pk_stakeholders"),
    )


def _notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", NAME, nullable=False),
        sa.Column("user", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("cause", NAME, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("pressing", sa.Integer(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("method", NAME),
        sa.Column("made_at", types.Instant(), nullable=False),
        sa.Column("queued_at", types.Instant()),
        sa.Column("ended_at", types.Instant()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
    )
    op.create_index("ix_notifications_subject", "notifications", ["subject", "cause"])
    op.create_index("ix_notifications_user", "notifications", ["user", "made_at"])
