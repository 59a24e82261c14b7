"""What a government adds up of a report, kept by itself: so that nobody unpacks fifty whole reports for their numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column. It is empty at first, and the whole report stands in, until a report is checked again."""
    op.add_column("report", sa.Column("numbers", sa.LargeBinary()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("report", "numbers")
