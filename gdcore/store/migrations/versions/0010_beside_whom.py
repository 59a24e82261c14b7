"""Indexes for what is asked of the roster with each report: all governments, and who was merged into an agency."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"

_COLUMNS = ("agency_type", "successor_key")


def upgrade() -> None:
    """Make them."""
    for column in _COLUMNS:
        op.create_index(f"ix_agency_{column}", "agency", [column])


def downgrade() -> None:
    """Take them out."""
    for column in _COLUMNS:
        op.drop_index(f"ix_agency_{column}", "agency")
