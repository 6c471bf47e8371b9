"""Incidents, their clocks and the alerts that belong to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from holdfast.storage import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# In the order of a life; each may be unknown but the first, `declared_at`.
INSTANTS = (
    "impact_started_at",
    "detected_at",
    "alert_fired_at",
    "paged_at",
    "acked_at",
    "engaged_at",
    "war_room_opened_at",
    "triaged_at",
    "mitigated_at",
    "restored_at",
    "monitoring_since",
    "resolved_at",
    "impact_ended_at",
    "closed_at",
)


def upgrade() -> None:
    _incident_alerts()
    _incident_clocks()
    _incident_numbers()
    _incidents()


def _incident_alerts() -> None:
    op.create_table(
        "incident_alerts",
        sa.Column("incident", NAME, nullable=False),
        sa.Column("alert", NAME, nullable=False),
        sa.Column("connection", NAME, nullable=False),
        sa.Column("dedup_key", NAME, nullable=False),
        sa.Column("linked_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("incident", "alert", name="pk_incident_alerts"),
    )
    op.create_index("ix_incident_alerts_alert", "incident_alerts", ["alert"])
    op.create_index("ix_incident_alerts_key", "incident_alerts", ["connection", "dedup_key"])


def _incident_clocks() -> None:
    op.create_table(
        "incident_clocks",
        sa.Column("incident", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.Column("stopped_at", types.Instant()),
        sa.Column("breached_at", types.Instant()),
        sa.Column("breaches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("incident", "name", name="pk_incident_clocks"),
    )


def _incident_numbers() -> None:
    op.create_table(
        "incident_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_incident_numbers"),
    )


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", NAME, nullable=False),
        sa.Column("number", NAME, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("private", sa.Integer(), nullable=False),
        sa.Column("phase", NAME, nullable=False),
        sa.Column("phase_since", types.Instant()),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("severity", types.Json(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("detection", NAME, nullable=False),
        sa.Column("declared_by", NAME, nullable=False),
        sa.Column("services", types.Json(), nullable=False),
        sa.Column("declared_at", types.Instant(), nullable=False),
        *(sa.Column(name, types.Instant()) for name in INSTANTS),
        sa.Column("impact_precision_s", sa.Integer(), nullable=False),
        sa.Column("impact", types.Json(), nullable=False),
        sa.Column("brief", types.Json(), nullable=False),
        sa.Column("escalate", types.Json()),
        sa.Column("outcome", types.Json(), nullable=False),
        sa.Column("checks", types.Json(), nullable=False),
        sa.Column("intervals", types.Json(), nullable=False),
        sa.Column("war_room", sa.Text(), nullable=False),
        sa.Column("merged_into", NAME),
        sa.Column("recurrence_of", NAME),
        sa.Column("recurrence_key", NAME, nullable=False),
        sa.Column("access", types.Json(), nullable=False),
        sa.Column("changed_by", NAME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sa.UniqueConstraint("number", name="uq_incidents_number"),
    )
    op.create_index("ix_incidents_declared", "incidents", ["declared_at"])
    op.create_index("ix_incidents_phase", "incidents", ["phase", "declared_at"])
    op.create_index("ix_incidents_recurrence", "incidents", ["recurrence_key", "declared_at"])
