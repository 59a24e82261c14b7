"""Pieces of text found by an index: agencies by their names, findings and lines of the 整改台账 by what they say.

And the few agencies that are not there in a year, by the days on which they began and ended.

On SQLite three full-text indexes of overlapping triples of characters, filled by triggers; on PostgreSQL indexes of pairs of
characters, which the server keeps by itself. `gdcore.store.searching` asks them.
"""

from __future__ import annotations

from collections.abc import Iterable

from alembic import op

revision = "0008"
down_revision = "0007"

# Index → table, the column that tells its rows apart, the columns whose text is found.
_INDEXES = {
    "search_agency": ("agency", "key", ("name",)),
    "search_finding": ("finding", "id", ("message", "found", "expected")),
    "search_line": ("finding_state", "fingerprint", ("message", "found", "expected", "responsible")),
}
_DAYS = {"ix_agency_founded": "founded", "ix_agency_abolished": "abolished"}
_BREAK = "char(10)"


def upgrade() -> None:
    """Make the indexes, of what there is too."""
    for name, column in _DAYS.items():
        op.create_index(name, "agency", [column])
    if op.get_bind().dialect.name == "postgresql":
        _server_indexes()
    else:
        for name in _INDEXES:
            _file_index(name)


def downgrade() -> None:
    """Drop them."""
    for name in _DAYS:
        op.drop_index(name, "agency")
    if op.get_bind().dialect.name == "postgresql":
        for name in _INDEXES:
            op.execute(f"DROP INDEX {name}")
        op.execute("DROP FUNCTION desk_pairs(text[])")
        return
    for name in _INDEXES:
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER {name}_{event}")
        op.execute(f"DROP TABLE {name}_term")
        op.execute(f"DROP TABLE {name}")
        if _numbered(name):
            op.execute(f"DROP TABLE {name}_row")


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _server_indexes() -> None:
    # Pairs rather than the triples of pg_trgm: most words of Chinese have two characters, and no extension is needed.
    op.execute(
        "CREATE FUNCTION desk_pairs(VARIADIC texts text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ "
        "SELECT coalesce(array_agg(DISTINCT one || two), '{}') "
        "FROM string_to_array(array_to_string(texts, E'\\n'), NULL) AS characters, "
        "unnest(characters, characters[2:]) AS pair(one, two) WHERE two IS NOT NULL $$"
    )
    for name, (table, _, columns) in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {table} USING gin (desk_pairs({', '.join(columns)}))")


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _file_index(name: str) -> None:
    table, key, columns = _INDEXES[name]
    # It keeps no text: what it finds is looked up in the table. Case is folded as LIKE does it, of ASCII alone, by lower().
    options = "tokenize='trigram case_sensitive 1', content='', detail=none, columnsize=0"
    op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(said, {options})")
    op.execute(f"CREATE VIRTUAL TABLE {name}_term USING fts5vocab({name}, instance)")
    number, new, gone = key, "", ""
    if _numbered(name):
        # Rows without a number of their own get one here: VACUUM may change those that SQLite gives them.
        op.execute(f"CREATE TABLE {name}_row (number INTEGER PRIMARY KEY, {key} VARCHAR NOT NULL UNIQUE)")
        op.execute(f"INSERT INTO {name}_row ({key}) SELECT {key} FROM {table}")
        number = f"(SELECT number FROM {name}_row AS r WHERE r.{key} = {{0}}.{key})"
        new = f"INSERT INTO {name}_row ({key}) VALUES (NEW.{key}); "
        gone = f"DELETE FROM {name}_row WHERE {key} = OLD.{key}; "
    else:
        number = f"{{0}}.{key}"
    add = f"INSERT INTO {name} (rowid, said) SELECT {number}, {_said('{0}', columns)}"
    drop = f"INSERT INTO {name} ({name}, rowid, said) SELECT 'delete', {number}, {_said('{0}', columns)}"
    op.execute(f"{add.format(table)} FROM {table}")
    put, take = f"{new}{add.format('NEW')}; ", f"{drop.format('OLD')}; {gone}"
    watched = (key, *columns)
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in watched)
    op.execute(f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {put}END")
    op.execute(f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {take}END")
    op.execute(
        f"CREATE TRIGGER {name}_update AFTER UPDATE OF {', '.join(watched)} ON {table} WHEN {changed} BEGIN {take}{put}END"
    )


def _numbered(name: str) -> bool:
    return _INDEXES[name][1] != "id"


def _said(row: str, columns: Iterable[str]) -> str:
    """The text of a row. The two ends of lines after it let the last characters begin a triple too, as all others do."""
    # LIKE sees a text as far as its first U+0000, the index sees nothing after one: each text is cut there.
    texts = (
        f"CASE instr({row}.{column}, char(0)) WHEN 0 THEN lower({row}.{column}) || {_BREAK} "
        f"ELSE substr(lower({row}.{column}), 1, instr({row}.{column}, char(0)) - 1) || {_BREAK} END"
        for column in columns
    )
    return " || ".join(f"coalesce({text}, '')" for text in texts) + f" || {_BREAK}"
