"""Pieces of text looked up in an index, which migration 0008 makes: agencies by name, findings and lines by what they say.

SQLite finds triples of characters, and pairs as the beginnings of triples; PostgreSQL finds pairs. Either gives rows that may
have a piece, and LIKE says which of them do, so that what is found is what LIKE finds. A single character is too common for
an index, so LIKE alone looks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    and_,
    column,
    func,
    select,
    true,
)
from sqlalchemy import table as other
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType

from gdcore.store.tables import AGENCY, FINDING, FINDING_STATE

SHORTEST = 2  # characters that an index finds
_MET_WITHIN = (
    20  # names with some words, for each that is listed, of which the first are found sooner on the way than sorted
)
_LAST = "\U0010ffff"
# Table → its index, the column that tells its rows apart, the columns whose text is found.
_INDEXES = {
    AGENCY.name: ("search_agency", "key", ("name",)),
    FINDING.name: ("search_finding", "id", ("message", "found", "expected")),
    FINDING_STATE.name: ("search_line", "fingerprint", ("message", "found", "expected", "responsible")),
}


def named(words: str, agency: FromClause = AGENCY) -> ColumnElement[bool]:
    """That an agency's name has these words in it; `agency` is the table or an alias of it."""
    return and_(may_have(AGENCY, words, agency), agency.c.name.contains(words, autoescape=True))


def first_named(connection: Connection, words: str, limit: int) -> ColumnElement[bool]:
    """The same, for a list of the first few by name: where many names have the words, these are soon met on the way."""
    if worth_it(connection, AGENCY, words, _MET_WITHIN * limit):
        return named(words)
    return AGENCY.c.name.contains(words, autoescape=True)


def named_key(key: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """That the name of the agency with this key has these words in it."""
    agency = AGENCY.alias("named")
    return key.in_(select(agency.c.key).where(named(words, agency)))


def indexed(words: str) -> bool:
    """Whether an index helps to find them."""
    # A text ends for SQLite where it has U+0000.
    return len(words) >= SHORTEST and "\0" not in words


def may_have(table: Table, words: str, rows: FromClause | None = None) -> ColumnElement[bool]:
    """That a row of the table, or of its alias `rows`, may have these words in its text; true where no index helps."""
    if not indexed(words):
        return true()
    name, key, columns = _INDEXES[table.name]
    row = table.c if rows is None else rows.c
    return _Either(_in_file(name, row[key], words), _on_server([row[each] for each in columns], words))


def worth_it(connection: Connection, table: Table, words: str, otherwise: int) -> bool:
    """Whether looking the words up takes less than going through so many rows of the table.

    What SQLite's index finds lies here and there, in all years, and costs more than a row that is next: so it is counted
    first, which costs little. PostgreSQL reads what it found in the order in which it lies.
    """
    if not indexed(words) or connection.dialect.name == "postgresql":
        return indexed(words)
    bound = otherwise // 2 + 1
    hits = _hits(_INDEXES[table.name][0], words).limit(bound).subquery()
    return int(connection.execute(select(func.count()).select_from(hits)).scalar_one()) < bound


class _Either(FunctionElement[bool]):
    """Two ways to ask the same: the first is SQLite's, the second PostgreSQL's."""

    inherit_cache = True
    type = Boolean()

    def self_group(self, against: OperatorType | None = None) -> Self:
        """As it is: "= 1", which SQLAlchemy adds for SQLite, would keep it from its index."""
        return self


@compiles(_Either, "sqlite")
def _of_file(element: _Either, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(next(iter(element.clauses)), **options))


@compiles(_Either, "postgresql")
def _of_server(element: _Either, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(list(element.clauses)[1], **options))


def _on_server(columns: Sequence[ColumnElement[Any]], words: str) -> ColumnElement[bool]:
    return func.desk_pairs(*columns).bool_op("@>")(func.desk_pairs(words))


def _in_file(name: str, key: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    found = _hits(name, words)
    if key.name == "id":
        return key.in_(found)
    row = other(f"{name}_row", column("number", Integer), column(key.name, String))
    return key.in_(select(row.c[key.name]).where(row.c.number.in_(found)))


def _hits(name: str, words: str) -> Select[tuple[Any]]:
    """The numbers of the rows that one of SQLite's indexes finds, some of them more than once."""
    folded = "".join(c.lower() if c.isascii() else c for c in words)
    if len(folded) == SHORTEST:
        term = other(f"{name}_term", column("term", String), column("doc", Integer))
        return select(term.c.doc).where(term.c.term >= folded, term.c.term <= folded + _LAST)
    said = other(name, column(name, String), column("rowid", Integer))
    triples = dict.fromkeys(folded[at : at + 3] for at in range(len(folded) - 2))
    wanted = " AND ".join('"' + triple.replace('"', '""') + '"' for triple in triples)
    return select(said.c.rowid).where(said.c[name].bool_op("MATCH")(wanted))
