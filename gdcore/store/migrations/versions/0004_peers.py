"""The texts by which reports are compared across agencies, and their bands; filled as reports are checked again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "writing",
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("report.id"), primary_key=True),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "band",
        sa.Column("value", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("report_id", sa.Integer(), sa.ForeignKey("report.id"), primary_key=True, index=True),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("band")
    op.drop_table("writing")
