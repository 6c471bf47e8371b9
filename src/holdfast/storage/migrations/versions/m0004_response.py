"""Roles, hand-offs, responders and the work given to people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from holdfast.storage import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME = types.Name


def upgrade() -> None:
    """Makes the tables."""
    _roles()
    _handoffs()
    _presence()
    _requests()
    _responders()
    _rooms()
    _tasks()


def _roles() -> None:
    op.create_table(
        "incident_roles",
        sa.Column("id", NAME, nullable=False),
        sa.Column("incident", NAME, nullable=False),
        sa.Column("role", NAME, nullable=False),
        sa.Column("user", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.Column("until", types.Instant()),
        sa.Column("how", NAME, nullable=False),
        sa.Column("primary", sa.Integer(), nullable=False),
        sa.Column("by", NAME),
        sa.PrimaryKeyConstraint("id", name="pk_incident_roles"),
    )
    op.create_index("ix_incident_roles_incident", "incident_roles", ["incident", "since"])
    op.create_index("ix_incident_roles_user", "incident_roles", ["user", "state"])


def _handoffs() -> None:
    op.create_table(
        "incident_handoffs",
        sa.Column("id", NAME, nullable=False),
        sa.Column("incident", NAME, nullable=False),
        sa.Column("role", NAME, nullable=False),
        sa.Column("giver", NAME, nullable=False),
        sa.Column("to", NAME, nullable=False),
        sa.Column("briefing", types.Json(), nullable=False),
        sa.Column("why", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("offered_at", types.Instant(), nullable=False),
        sa.Column("read_back", sa.Text(), nullable=False),
        sa.Column("ended_at", types.Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_incident_handoffs"),
    )
    op.create_index(
        "ix_incident_handoffs_incident", "incident_handoffs", ["incident", "offered_at"]
    )


def _presence() -> None:
    op.create_table(
        "incident_presence",
        sa.Column("incident", NAME, nullable=False),
        sa.Column("user", NAME, nullable=False),
        sa.Column("seen_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("incident", "user", name="pk_incident_presence"),
    )


def _requests() -> None:
    op.create_table(
        "incident_requests",
        sa.Column("id", NAME, nullable=False),
        sa.Column("incident", NAME, nullable=False),
        sa.Column("target", NAME, nullable=False),
        sa.Column("why", NAME, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by", NAME, nullable=False),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("answer_by", types.Instant(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("role", NAME),
        sa.Column("answered_by", NAME),
        sa.Column("answered_at", types.Instant()),
        sa.Column("eta_minutes", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_incident_requests"),
    )
    op.create_index("ix_incident_requests_incident", "incident_requests", ["incident", "asked_at"])


def _responders() -> None:
    op.create_table(
        "incident_responders",
        sa.Column("incident", NAME, nullable=False),
        sa.Column("user", NAME, nullable=False),
        sa.Column("asked_at", types.Instant(), nullable=False),
        sa.Column("accepted_at", types.Instant()),
        sa.Column("declined_at", types.Instant()),
        sa.Column("joined_at", types.Instant()),
        sa.Column("released_at", types.Instant()),
        sa.PrimaryKeyConstraint("incident", "user", name="pk_incident_responders"),
    )


def _rooms() -> None:
    op.create_table(
        "incident_rooms",
        sa.Column("incident", NAME, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("fallback", sa.Text(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("opened_by", NAME, nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("incident", name="pk_incident_rooms"),
    )


def _tasks() -> None:
    op.create_table(
        "incident_tasks",
        sa.Column("id", NAME, nullable=False),
        sa.Column("incident", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("to", NAME),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_by", NAME, nullable=False),
        sa.Column("given_at", types.Instant(), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("critical", sa.Integer(), nullable=False),
        sa.Column("read_back", sa.Text(), nullable=False),
        sa.Column("read_back_at", types.Instant()),
        sa.Column("ended_at", types.Instant()),
        sa.Column("ended_by", NAME),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("report", types.Json()),
        sa.PrimaryKeyConstraint("id", name="pk_incident_tasks"),
    )
    op.create_index("ix_incident_tasks_incident", "incident_tasks", ["incident", "given_at"])
