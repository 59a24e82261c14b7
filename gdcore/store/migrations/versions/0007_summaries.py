"""Counts by year and body, and agencies' years in the order of lists, kept by triggers and the end of each transaction."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_WATCHED = {"report": "year", "finding": "year", "filing": "year", "finding_state": "year"}  # table → its year
_PLACE = ("superior_key", "submit_by")  # of an agency: where and by when it counts

_INDEXES = (
    ("ix_agency_due", "agency", ["submit_by", "founded", "abolished"]),
    ("ix_agency_place", "agency", ["superior_key", "founded", "abolished"]),
    ("ix_report_checked", "report", ["year", "current", "checked_at"]),
    ("ix_finding_state_due", "finding_state", ["year", "due", "state", "agency_key"]),
)


def upgrade() -> None:
    """Make the tables and triggers, and count what there is."""
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        _server_triggers()
    else:
        _file_triggers()
    for table in ("report", "filing", "finding_state"):
        op.execute(
            f"INSERT INTO stale (agency_key, year) SELECT DISTINCT agency_key, year FROM {table} "
            "WHERE agency_key IS NOT NULL AND year IS NOT NULL ON CONFLICT DO NOTHING"
        )


def downgrade() -> None:
    """Drop them."""
    server = op.get_bind().dialect.name == "postgresql"
    for table in (*_WATCHED, "agency"):
        if server:
            op.execute(f"DROP TRIGGER counted ON {table}")
        else:
            for event in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER IF EXISTS counted_{table}_{event}")
    if server:
        op.execute("DROP FUNCTION desk_counted()")
        op.execute("DROP FUNCTION desk_placed()")
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
    for name in ("stale", "year_count", "standing"):
        op.drop_table(name)


def _tables() -> None:
    op.create_table(
        "standing",
        sa.Column("agency_key", sa.String(), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("report_id", sa.Integer()),
        sa.Column("rank", sa.String()),
        sa.Column("badness", sa.String()),
        sa.Column("gaps", sa.Boolean(), nullable=False),
        sa.Column("band", sa.String()),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
    )
    op.create_index("ix_standing_rank", "standing", ["year", "rank", "agency_key"])
    op.create_index("ix_standing_badness", "standing", ["year", "badness", "agency_key"])
    op.create_index("ix_standing_gaps", "standing", ["year", "gaps", "badness", "agency_key"])
    op.create_index("ix_standing_band", "standing", ["year", "band", "rank", "agency_key"])
    op.create_table(
        "year_count",
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("scope", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_year_count", "year_count", ["scope", "kind", "code", "year"])
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    op.create_table(
        "stale",
        sa.Column("agency_key", sa.String(), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
    )


def _file_triggers() -> None:
    for table, year in _WATCHED.items():
        for event, rows in (("insert", ("NEW",)), ("update", ("OLD", "NEW")), ("delete", ("OLD",))):
            marks = "".join(
                f"INSERT OR IGNORE INTO stale SELECT {row}.agency_key, {row}.{year} "
                f"WHERE {row}.agency_key IS NOT NULL AND {row}.{year} IS NOT NULL; "
                for row in rows
            )
            op.execute(f"CREATE TRIGGER counted_{table}_{event} AFTER {event.upper()} ON {table} BEGIN {marks}END")
    moved = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _PLACE)
    op.execute(
        f"CREATE TRIGGER counted_agency_update AFTER UPDATE ON agency WHEN {moved} "
        "BEGIN INSERT OR IGNORE INTO stale VALUES (NEW.key, 0); END"
    )


def _server_triggers() -> None:
    mark = (
        "INSERT INTO stale (agency_key, year) SELECT {0}.agency_key, {0}.year "
        "WHERE {0}.agency_key IS NOT NULL AND {0}.year IS NOT NULL ON CONFLICT DO NOTHING;"
    )
    op.execute(
        "CREATE FUNCTION desk_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'INSERT' THEN {mark.format('OLD')} END IF; "
        f"IF TG_OP <> 'DELETE' THEN {mark.format('NEW')} END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE FUNCTION desk_placed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO stale (agency_key, year) VALUES (NEW.key, 0) ON CONFLICT DO NOTHING; RETURN NULL; END $$"
    )
    for table in _WATCHED:
        op.execute(
            f"CREATE TRIGGER counted AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION desk_counted()"
        )
    moved = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _PLACE)
    op.execute(
        f"CREATE TRIGGER counted AFTER UPDATE ON agency FOR EACH ROW WHEN ({moved}) EXECUTE FUNCTION desk_placed()"
    )
