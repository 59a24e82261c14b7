"""All rows of a store, out in one moment and in again into an empty one of either kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, Integer, Table, delete, func, insert, select, text, union
from sqlmodel import SQLModel

from gdcore.store import migrations
from gdcore.store.engine import Store
from gdcore.store.tables import AUDIT_HEAD, COUNT, INTAKE, PUBLICATION, REPORT, STALE, STANDING, Moment

REVISION = migrations.HEAD
_BATCH = 500  # rows fetched at once
# What follows from other rows (see `summaries`): counted anew, as they come in again.
_COUNTED = (STANDING, COUNT, STALE)


@dataclass(frozen=True, slots=True)
class Reading:
    """One moment of a store."""

    connection: Connection

    def rows(self) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
        """Each table with its rows, those that others point at first."""
        for table in _tables():
            order = list(table.primary_key.columns)
            rows = self.connection.execution_options(yield_per=_BATCH).execute(select(table).order_by(*order))
            yield table.name, (dict(row._mapping) for row in rows)

    def digests(self) -> set[str]:
        """The originals that rows speak of."""
        columns = (REPORT.c.digest, INTAKE.c.sha256, PUBLICATION.c.digest)
        found = self.connection.execute(union(*(select(column) for column in columns))).scalars()
        return {digest for digest in found if digest}


@contextmanager
def reading(store: Store) -> Iterator[Reading]:
    """The store as it is at this moment, however long reading it takes and whatever people do meanwhile."""
    with store.reading() as connection:
        yield Reading(connection)


def is_empty(store: Store) -> bool:
    """Whether nothing was ever put into a store."""
    return not any(count for name, count in counts(store).items() if name != AUDIT_HEAD.name)


def counts(store: Store) -> dict[str, int]:
    """Table → rows."""
    with store.reading() as connection:
        return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in _tables()}


@contextmanager
def loading(store: Store) -> Iterator[Callable[[str, Iterable[Sequence[dict[str, Any]]]], None]]:
    """A way to put rows into their table, all of them in one transaction: all or nothing."""
    tables = {table.name: table for table in _tables()}
    with store.writing() as connection:
        connection.execute(delete(AUDIT_HEAD))

        def load(name: str, parts: Iterable[Sequence[dict[str, Any]]]) -> None:
            table = tables[name]
            for rows in parts:
                if rows:
                    connection.execute(insert(table), [_typed(table, row) for row in rows])
            _count_on(connection, table)

        yield load


def _tables() -> list[Table]:
    return [table for table in SQLModel.metadata.sorted_tables if table not in _COUNTED]


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON has it, with days and moments again what they were."""
    values = dict(row)
    for column in table.columns:
        value = values.get(column.name)
        if isinstance(value, str) and isinstance(column.type, Moment):
            values[column.name] = datetime.fromisoformat(value)
        elif isinstance(value, str) and isinstance(column.type, Date):
            values[column.name] = date.fromisoformat(value)
    return values


def _count_on(connection: Connection, table: Table) -> None:
    """A server counts ids by itself: let it go on after those that were put in."""
    key = list(table.primary_key.columns)
    if (
        connection.dialect.name != "postgresql"
        or [c.name for c in key] != ["id"]
        or not isinstance(key[0].type, Integer)
    ):
        return
    newest = connection.execute(select(func.max(key[0]))).scalar()
    sequence = connection.execute(text(f"SELECT pg_get_serial_sequence('{table.name}', 'id')")).scalar()
    if newest and sequence:
        connection.execute(text("SELECT setval(:sequence, :newest)"), {"sequence": sequence, "newest": newest})
