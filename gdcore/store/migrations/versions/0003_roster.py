"""What a roster says of an agency beside its name: whom it stands under, since when, by when it files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TEXTS = ("code", "superior_key", "area", "url", "successor_key")
_DATES = ("submit_by", "publish_by", "founded", "abolished")


def upgrade() -> None:
    """Add the columns; names learn what kind of name they are."""
    for name in _TEXTS:
        op.add_column("agency", sa.Column(name, sa.String()))
    for name in _DATES:
        op.add_column("agency", sa.Column(name, sa.Date()))
    op.add_column("agency", sa.Column("in_total", sa.Boolean()))
    op.create_index("ix_agency_superior_key", "agency", ["superior_key"])
    op.add_column("agency_name", sa.Column("kind", sa.String(), nullable=False, server_default="own"))


def downgrade() -> None:
    """Take them out."""
    op.drop_column("agency_name", "kind")
    op.drop_index("ix_agency_superior_key", "agency")
    for name in ("in_total", *_DATES, *_TEXTS):
        op.drop_column("agency", name)
