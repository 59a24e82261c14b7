"""People who sign in, their sign-ins, and for whom a batch of files was brought."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables; batches that are there were brought by someone who works on all agencies."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("issuer", sa.String()),
        sa.Column("subject", sa.String()),
        sa.Column("email", sa.String(), nullable=False, unique=True),
        sa.Column("name", sa.String(), nullable=False, unique=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope", sa.String()),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("invited_at", moment, nullable=False),
        sa.Column("invited_by", sa.String(), nullable=False),
        sa.Column("first_at", moment),
        sa.UniqueConstraint("issuer", "subject", name="uq_person_subject"),
    )
    op.create_table(
        "sign_in",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("ended_at", moment),
    )
    op.add_column("batch", sa.Column("scope", sa.String()))
    op.add_column("batch", sa.Column("actor", sa.String(), nullable=False, server_default=""))
    op.add_column("finding_state", sa.Column("waiver_person", sa.Integer()))


def downgrade() -> None:
    """Take them out."""
    op.drop_column("finding_state", "waiver_person")
    op.drop_column("batch", "actor")
    op.drop_column("batch", "scope")
    op.drop_table("sign_in")
    op.drop_table("person")
