"""The first schema: agencies, batches, files, reports, findings, decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make all tables."""
    _agencies()
    _batches()
    _reports()
    _findings()
    _decisions()
    _intake()


def downgrade() -> None:
    """Drop them, dependents first."""
    for table in ("intake", "decision", "finding_state", "finding", "report", "batch", "agency_name", "agency"):
        op.drop_table(table)


def _agencies() -> None:
    op.create_table(
        "agency",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False, index=True),
        sa.Column("agency_type", sa.String()),
        sa.Column("level", sa.String()),
        sa.Column("has_licensing", sa.Boolean()),
        sa.Column("has_enforcement", sa.Boolean()),
        sa.Column("source", sa.String(), nullable=False, index=True),
    )
    op.create_table(
        "agency_name",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("agency_key", sa.String(), sa.ForeignKey("agency.key"), nullable=False, index=True),
    )


def _batches() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", _moment(), nullable=False),
        sa.Column("started_at", _moment()),
        sa.Column("finished_at", _moment()),
        sa.Column("year", sa.Integer()),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("lease_until", _moment()),
    )


def _reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("agency_key", sa.String(), sa.ForeignKey("agency.key"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, index=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("received_at", _moment(), nullable=False),
        sa.Column("checked_at", _moment(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("task_year", sa.Integer()),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False, index=True),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("judged", sa.LargeBinary(), nullable=False),
        sa.Column("total", sa.Float()),
        sa.Column("band", sa.String()),
        sa.Column("veto", sa.String()),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("infos", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.UniqueConstraint("agency_key", "year", "version", name="uq_report_version"),
    )
    op.create_index("ix_report_year", "report", ["year", "current", "agency_key"])


def _findings() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("report.id"), nullable=False, index=True),
        sa.Column("agency_key", sa.String(), sa.ForeignKey("agency.key"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("severity_rank", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("veto", sa.Boolean(), nullable=False),
        sa.Column("bucket", sa.String()),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text()),
        sa.Column("found", sa.Text()),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False, index=True),
        sa.Column("anchors", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
    )
    for name, last in (("level", "level"), ("rule", "rule"), ("state", "state"), ("agency", "agency_key")):
        op.create_index(f"ix_finding_year_{name}", "finding", ["year", "current", last])


def _decisions() -> None:
    op.create_table(
        "finding_state",
        sa.Column("fingerprint", sa.String(), primary_key=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("decided_at", _moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("fingerprint", sa.String(), nullable=False, index=True),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
    )


def _intake() -> None:
    op.create_table(
        "intake",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("batch.id"), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False, index=True),
        sa.Column("state", sa.String(), nullable=False, index=True),
        sa.Column("updated_at", _moment(), nullable=False),
        sa.Column("format", sa.String()),
        sa.Column("agency", sa.String()),
        sa.Column("agency_key", sa.String()),
        sa.Column("agency_type", sa.String()),
        sa.Column("year", sa.Integer()),
        sa.Column("confidence", sa.Float()),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("packed", sa.LargeBinary()),
        sa.Column("report_id", sa.Integer()),
        sa.Column("version", sa.Integer()),
        sa.Column("total", sa.Float()),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
    )
    op.create_index("ix_intake_batch", "intake", ["batch_id", "state"])
