"""What the comparison of a report with others came to, so that it is checked again only where that changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column. It is empty at first: the next look at such a report finds another answer, and it is checked again."""
    op.add_column("writing", sa.Column("beside", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("writing", "beside")
