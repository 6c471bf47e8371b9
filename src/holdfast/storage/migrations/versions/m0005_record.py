"""What is written down in an incident: entries, hypotheses, mitigations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from holdfast.storage import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _incident_entries()
    _incident_followed()
    _hypotheses()
    _resource_checks()
    _mitigations()


def _incident_entries() -> None:
    op.create_table(
        "incident_entries",
        sa.Column("id", NAME, nullable=False),
        sa.Column("incident", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("occurred_at", types.Instant(), nullable=False),
        sa.Column("precision_s", sa.Float(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", types.Instant(), nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("evidence", types.Json(), nullable=False),
        sa.Column("certainty", NAME),
        sa.Column("judged_at", types.Instant()),
        sa.Column("judged_by", NAME),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("done_at", types.Instant()),
        sa.Column("about", NAME, nullable=False),
        sa.Column("amends", NAME, nullable=False),
        sa.Column("milestone", NAME),
        sa.Column("marks", types.Json(), nullable=False),
        sa.Column("details", types.Json(), nullable=False),
        sa.Column("key", NAME),
        sa.Column("sealed_at", types.Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_incident_entries"),
    )
    op.create_index(
        "ix_incident_entries_occurred", "incident_entries", ["incident", "occurred_at", "id"]
    )
    op.create_index(
        "uq_incident_entries_key",
        "incident_entries",
        ["incident", "author", "key"],
        unique=True,
        sqlite_where=sa.text("key IS NOT NULL"),
        postgresql_where=sa.text("key IS NOT NULL"),
    )


def _incident_followed() -> None:
    op.create_table(
        "incident_followed",
        sa.Column("incident", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("incident", "subject", name="pk_incident_followed"),
    )


def _hypotheses() -> None:
    op.create_table(
        "hypotheses",
        sa.Column("id", NAME, nullable=False),
        sa.Column("incident", NAME, nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("prediction", sa.Text(), nullable=False),
        sa.Column("owner", NAME),
        sa.Column("certainty", NAME, nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("opened_by", NAME, nullable=False),
        sa.Column("tests", types.Json(), nullable=False),
        sa.Column("evidence", types.Json(), nullable=False),
        sa.Column("judged_at", types.Instant()),
        sa.Column("judged_by", NAME),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hypotheses"),
    )
    op.create_index("ix_hypotheses_incident", "hypotheses", ["incident", "opened_at"])


def _resource_checks() -> None:
    op.create_table(
        "resource_checks",
        sa.Column("incident", NAME, nullable=False),
        sa.Column("resource", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("by", NAME, nullable=False),
        sa.Column("evidence", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("incident", "resource", name="pk_resource_checks"),
    )


def _mitigations() -> None:
    op.create_table(
        "mitigations",
        sa.Column("id", NAME, nullable=False),
        sa.Column("incident", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("risk", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("proposed_at", types.Instant(), nullable=False),
        sa.Column("proposed_by", NAME, nullable=False),
        sa.Column("plan", types.Json(), nullable=False),
        sa.Column("evidence", types.Json(), nullable=False),
        sa.Column("approvals", types.Json(), nullable=False),
        sa.Column("attempt", sa.Integer()),
        sa.Column("run", types.Json()),
        sa.PrimaryKeyConstraint("id", name="pk_mitigations"),
    )
    op.create_index("ix_mitigations_incident", "mitigations", ["incident", "proposed_at"])
    op.create_index(
        "ix_mitigations_executing",
        "mitigations",
        ["proposed_at"],
        sqlite_where=sa.text("state = 'executing'"),
        postgresql_where=sa.text("state = 'executing'"),
    )
    op.create_index("ix_mitigations_kind", "mitigations", ["kind", "state", "proposed_at"])
