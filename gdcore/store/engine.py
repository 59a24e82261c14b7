"""The database behind a `Store`: opened, migrated, and written to in short transactions.

What SQLite and PostgreSQL do differently is here and nowhere else: on both, writers follow one another and a reader sees one
moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from gdcore import scoring
from gdcore.errors import ConfigurationError, StoreUnavailable
from gdcore.settings import Settings
from gdcore.store import migrations, originals, trouble, turns

_CHUNK = 500  # values in one IN (…)
MIGRATION_WAITS = 4  # times BUSY_TIMEOUT that a process waits for another to migrate
BUSY_TIMEOUT = 30_000  # milliseconds that a writer waits for another; five seconds were too few for fifty people
_MAPPED = 2 * 1024**3  # bytes of the file that are read as memory, which all connections share
_CACHED = (
    16 * 1024**2
)  # bytes of pages that a connection keeps for writing: the indexes of a province are written all over
_CHECKPOINT = 8_000  # pages of 4 KB that gather before they are written into the file: most are written again meanwhile
SCHEME = "default"
# Connections of a process. Those to a SQLite file cost little: as many as there are threads that ask, so none is refused.
# A server has a hundred for all (max_connections): those who find none wait for one, which a page needs for milliseconds.
_FILE_POOL: Mapping[str, int] = {"pool_size": 20, "max_overflow": -1}
_SERVER_POOL: Mapping[str, int] = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 30}
_WRITES = "desk_writes"
_LOCK = 20190415  # names our lock among those that other programs of a server may take
_ADDRESSES = "请写成 postgresql+psycopg://用户@主机/数据库（须安装 postgres 组件），或留空使用 SQLite。"


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
        """A connection that sees one moment of the store. Raises StoreUnavailable."""
        with self._telling(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: all of it or nothing, with the counts that follow. Keep it short, others wait.

        Raises StoreUnavailable, and RuntimeError within another of the same thread.
        """
        from gdcore.store import summaries  # it asks the tables, which stand on this module

        writer = self.engine.execution_options(**{_WRITES: True})
        with (
            turns.turn(self.engine.url, BUSY_TIMEOUT / 1000) as let_in,
            self._telling(),
            writer.begin() as connection,
        ):
            let_in()
            yield connection
            summaries.refresh(connection)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What is wrong with the store told in words. The next one connects anew: SQLite holds on to a disk once read-only."""
        try:
            with trouble.told():
                yield
        except StoreUnavailable:
            if not self.is_server:
                self.engine.dispose()
            raise

    @cached_property
    def is_server(self) -> bool:
        """Whether the database is PostgreSQL rather than a SQLite file."""
        return self.engine.dialect.name == "postgresql"

    @cached_property
    def _reader(self) -> Engine:
        return self.engine.execution_options(isolation_level="REPEATABLE READ") if self.is_server else self.engine

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_store(settings: Settings) -> Store:
    """The store of these settings, made and migrated where needed. Several processes may do this at once.

    Raises ConfigurationError for an address that is no database's or no place for originals, and for the database of a
    newer version, and StoreUnavailable.
    """
    originals.place(settings)
    with trouble.told_of(settings.store):
        settings.store.mkdir(parents=True, exist_ok=True)
    store = Store(_engine(settings.database_url), settings)
    _migrate(store)
    return store


def _engine(address: str) -> Engine:
    """An engine for one of the two databases. Raises ConfigurationError for an address that is neither's."""
    try:
        url = make_url(address)
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, **(_FILE_POOL if url.database else {}))
            event.listen(engine, "connect", _prepare)
            event.listen(engine, "begin", _begin)
            return engine
        if url.get_backend_name() == "postgresql":
            engine = create_engine(url, pool_pre_ping=True, **_SERVER_POOL)
            event.listen(engine, "connect", _prepare_server)
            event.listen(engine, "begin", _begin_on_server)
            return engine
    except (ArgumentError, ImportError) as error:
        raise ConfigurationError(f"环境变量 GDCORE_DATABASE_URL 不能使用：{error}。", _ADDRESSES) from error
    raise ConfigurationError("环境变量 GDCORE_DATABASE_URL 不是 SQLite 或 PostgreSQL 的地址。", _ADDRESSES)


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
    cursor.execute(f"PRAGMA mmap_size={_MAPPED}")
    cursor.execute(f"PRAGMA cache_size=-{_CACHED // 1024}")
    cursor.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once and waits for it; one that took it midway would be refused without waiting."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_server(connection: Any, _record: Any) -> None:
    """PostgreSQL's texts cannot hold U+0000, which files do hold: it is written as U+FFFD, the sign for what is no text."""
    from psycopg.types.string import StrDumper

    class Dumper(StrDumper):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd"))

    connection.adapters.register_dumper(str, Dumper)


def _begin_on_server(connection: Connection) -> None:
    """Writers of a desk follow one another, as they do on SQLite: what one of them counted still holds when it writes."""
    if connection.get_execution_options().get(_WRITES, False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK}, hashtext(current_setting('search_path')))")


def _migrate(store: Store) -> None:
    with store.reading() as connection:
        found = _revision(connection)
    if found == migrations.HEAD:
        return
    if found is not None and found > migrations.HEAD:
        raise ConfigurationError(
            f"这个数据库已由较新版本的程序升级（数据结构 {found}，本程序是 {migrations.HEAD}）。",
            "请使用新版本的程序；要退回旧版本，请在空的数据文件夹（或空数据库）中恢复升级前的备份。",
        )
    if store.is_server:
        with store.engine.execution_options(**{_WRITES: True}).begin() as connection:
            _make_schema(connection)
    for attempt in range(1, MIGRATION_WAITS + 1):
        try:
            with store.writing() as connection:
                if _revision(connection) != migrations.HEAD:
                    migrations.upgrade(connection)
            return
        except StoreUnavailable:
            # Another process is at it, and a slow machine may need longer than a writer waits.
            if attempt == MIGRATION_WAITS:
                raise


def _make_schema(connection: Connection) -> None:
    """The schema that the address names (options=-csearch_path=…), where it is not there yet."""
    path = str(connection.exec_driver_sql("SHOW search_path").scalar())
    if connection.exec_driver_sql("SELECT current_schema()").scalar() is None:
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {connection.dialect.identifier_preparer.quote(path)}")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
