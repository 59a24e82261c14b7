"""The database behind a `Store`: opened, migrated, and written to in short transactions. All SQLite ways are here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from gdcore import scoring
from gdcore.settings import Settings
from gdcore.store import migrations

_CHUNK = 500  # values in one IN (…)
MIGRATION_WAITS = 12  # times BUSY_TIMEOUT that a process waits for another to migrate
BUSY_TIMEOUT = 5000  # milliseconds that a writer waits for another
SCHEME = "default"
_WRITES = "desk_writes"


@dataclass(frozen=True)
class Store:
    """An open store: its engine, and the settings it was opened with."""

    engine: Engine
    settings: Settings

    @cached_property
    def scheme(self) -> scoring.Scheme:
        """The scoring scheme in force, as it stood when the store was opened."""
        return scoring.load(SCHEME, self.settings)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the store."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: all of it or nothing. Keep it short, others wait."""
        with self.engine.execution_options(**{_WRITES: True}).begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_store(settings: Settings) -> Store:
    """The store of these settings, made and migrated where needed. Several processes may do this at once."""
    url = make_url(settings.database_url)
    settings.store.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    store = Store(engine, settings)
    _migrate(store)
    return store


def mapping(rows: Iterable[Any]) -> dict[Any, Any]:
    """Rows of two columns as a mapping from the first to the second."""
    return {row[0]: row[1] for row in rows}


def chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """`values` in pieces that fit one question."""
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def now() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)


def _prepare(connection: Any, _record: Any) -> None:
    # The driver's own handling of transactions begins them too late for a write lock: they are begun in `_begin`.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once and waits for it; one that took it midway would be refused without waiting."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(store: Store) -> None:
    with store.reading() as connection:
        if _revision(connection) == migrations.HEAD:
            return
    for attempt in range(1, MIGRATION_WAITS + 1):
        try:
            with store.writing() as connection:
                if _revision(connection) != migrations.HEAD:
                    migrations.upgrade(connection)
            return
        except OperationalError:
            # Another process is at it, and a slow machine may need longer than a writer waits.
            if attempt == MIGRATION_WAITS:
                raise


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
