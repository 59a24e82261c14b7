"""What people correct in a reading, and the report as it was read beside the one in force."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of mends; reports get a place for what was read."""
    op.create_table(
        "mend",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("digest", sa.String(), nullable=False, index=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("grid", sa.Text()),
        sa.Column("read", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.String(), nullable=False),
    )
    op.add_column("report", sa.Column("as_read", sa.LargeBinary()))


def downgrade() -> None:
    """Drop both: reports are then as they were mended, until they are read again."""
    op.drop_column("report", "as_read")
    op.drop_table("mend")
