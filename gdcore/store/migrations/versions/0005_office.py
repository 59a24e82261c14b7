"""The office's year: the 整改台账, where each filing stands, who did what, and what was found published."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_LAST_STOOD = (
    "agency_key",
    "year",
    "rule",
    "severity",
    "bucket",
    "address",
    "message",
    "expected",
    "found",
    "suggestion",
)
_WORDS = (
    "agency_key",
    "rule",
    "severity",
    "bucket",
    "address",
    "responsible",
    "verified_by",
    "before_waiver",
    "waiver_by",
)
_TEXTS = ("message", "expected", "found", "suggestion", "demand", "progress", "evidence", "remark")
_OTHERS: dict[str, Any] = {
    "year": sa.Integer(),
    "version": sa.Integer(),
    "due": sa.Date(),
    "waiver_until": sa.Date(),
    "issued_at": sa.DateTime(timezone=True),
    "finished_at": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    """Make the tables; what was decided and filed before finds its place in them."""
    for name in _WORDS:
        op.add_column("finding_state", sa.Column(name, sa.String()))
    for name in _TEXTS:
        op.add_column("finding_state", sa.Column(name, sa.Text()))
    for name, kind in _OTHERS.items():
        op.add_column("finding_state", sa.Column(name, kind))
    op.add_column("finding_state", sa.Column("present", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("ix_finding_state_agency_key", "finding_state", ["agency_key"])
    op.create_index("ix_ledger", "finding_state", ["year", "state", "due"])
    _filings()
    _audit()
    _publications()
    _fill()


def downgrade() -> None:
    """Take them out."""
    for table in ("publication", "audit_head", "audit", "filing_step", "filing"):
        op.drop_table(table)
    op.drop_index("ix_ledger", "finding_state")
    op.drop_index("ix_finding_state_agency_key", "finding_state")
    for name in ("present", *_OTHERS, *_TEXTS, *_WORDS):
        op.drop_column("finding_state", name)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _filings() -> None:
    op.create_table(
        "filing",
        sa.Column("agency_key", sa.String(), sa.ForeignKey("agency.key"), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("published_on", sa.Date()),
        sa.Column("published_url", sa.String()),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("moved_at", _moment(), nullable=False),
    )
    op.create_index("ix_filing_year", "filing", ["year", "state"])
    op.create_table(
        "filing_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("agency_key", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_index("ix_filing_step", "filing_step", ["agency_key", "year"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False, index=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
    )
    op.execute("INSERT INTO audit_head (id, number, seal) VALUES (1, 0, '')")


def _publications() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("agency_key", sa.String(), sa.ForeignKey("agency.key"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("looked_at", _moment(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date()),
        sa.Column("digest", sa.String()),
        sa.Column("version", sa.Integer()),
        sa.Column("actor", sa.String(), nullable=False),
    )
    op.create_index("ix_publication", "publication", ["year", "agency_key"])


def _fill() -> None:
    last = (
        "SELECT {0} FROM finding f JOIN report r ON r.id = f.report_id "
        "WHERE f.fingerprint = finding_state.fingerprint ORDER BY r.version DESC LIMIT 1"
    )
    for name in _LAST_STOOD:
        op.execute(f"UPDATE finding_state SET {name} = ({last.format('f.' + name)})")
    op.execute(f"UPDATE finding_state SET version = ({last.format('r.version')})")
    op.execute(
        "UPDATE finding_state SET present = EXISTS "
        "(SELECT 1 FROM finding f WHERE f.fingerprint = finding_state.fingerprint AND f.current)"
    )
    op.execute(
        "INSERT INTO filing (agency_key, year, state, round, actor, moved_at) "
        "SELECT agency_key, year, 'filed', 0, '系统', MIN(received_at) FROM report GROUP BY agency_key, year"
    )
