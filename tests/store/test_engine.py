"""The database: its schema, its ways of writing, what is packed into it."""

import os
import subprocess
import sys
import threading
from dataclasses import replace

import desk
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from gdcore import checking, profile, samples, scoring, serial
from gdcore.errors import ConfigurationError
from gdcore.processing import read_report
from gdcore.store import open_store, queries


def test_the_migrations_make_the_tables_that_are_written_to(store):
    # The indexes of `searching` are the database's own affair, and no tables that anybody writes to.
    opts = {"include_name": lambda name, *_: not (name or "").startswith("search_")}
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=opts), SQLModel.metadata) == []


def test_sqlite_is_set_up_for_many_writers(tmp_path):
    file = open_store(replace(desk.settings_in(tmp_path), database_url=f"sqlite:///{tmp_path / 'desk.db'}"))
    with file.reading() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 30_000}
    file.close()


@pytest.mark.parametrize("address", ["mysql://localhost/desk", "sqlite+nothing:///desk.db", "nowhere"])
def test_an_address_of_another_database_is_told(tmp_path, address):
    with pytest.raises(ConfigurationError, match="GDCORE_DATABASE_URL"):
        open_store(replace(desk.settings_in(tmp_path), database_url=address))


def test_opening_again_finds_what_was_there(store):
    desk.take(store, ("年报.txt", desk.report()))
    again = open_store(store.settings)
    assert queries.years(again) == [2023]
    again.close()


def test_the_database_of_a_newer_version_is_left_alone(store):
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigurationError, match="较新版本的程序升级（数据结构 9999"):
        open_store(store.settings)


def test_a_new_store_is_empty(store):
    assert queries.is_empty(store)
    assert queries.years(store) == []
    assert queries.latest_batch(store) is None
    assert queries.overview(store, 2023).average is None


def test_several_processes_may_open_a_new_store_at_once(tmp_path):
    code = (
        "from gdcore import settings; from gdcore.store import open_store, queries\n"
        "print(queries.is_empty(open_store(settings.load())))"
    )
    environment = os.environ | {"GDCORE_DATA": str(tmp_path / "new")}
    command = [sys.executable, "-c", code]
    processes = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0] for process in processes] == ["True\n"] * 3


def test_two_sessions_write_at_the_same_time(tmp_path):
    stores = [desk.open_desk(tmp_path), desk.open_desk(tmp_path)]
    failures = []

    def work(store, years):
        try:
            for year in years:
                desk.take(store, (f"{year}.txt", desk.unbalanced(year=year)))
                rows = queries.findings(store, queries_filter(year)).rows
                queries.decide(store, [row.fingerprint for row in rows], "confirmed", "某人")
        except Exception as error:
            failures.append(error)

    threads = [
        threading.Thread(target=work, args=(store, range(start, 2026, 2)))
        for store, start in zip(stores, (2019, 2020), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert queries.years(stores[0]) == list(range(2025, 2018, -1))
    for store in stores:
        store.close()


def queries_filter(year):
    from gdcore.store.rows import FindingFilter

    return FindingFilter(year=year)


def test_a_transaction_that_fails_leaves_nothing(store):
    def half_done():
        with store.writing() as connection:
            connection.exec_driver_sql("INSERT INTO agency (key, name, source) VALUES ('k', 'n', 'report')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    assert queries.agency_names(store) == {}


@pytest.mark.parametrize("fmt", ["txt", "html", "docx"])
@pytest.mark.parametrize("year", [2018, 2020, 2023])
def test_a_report_comes_back_as_it_was_packed(fmt, year):
    report = read_report(samples.write(samples.clean("government", year), fmt), f"年报.{fmt}")
    assert serial.unpack_report(serial.pack_report(report)) == report


def test_a_judgement_comes_back_as_it_was_packed(store):
    report = read_report(desk.unbalanced(), "年报.txt")
    checked = checking.check(checking.Facts(report, profile.load("national", store.settings)))
    card = scoring.score(report, checked.findings, store.scheme)
    kept = serial.Judgement(checked.outcomes, checked.reasons, card)
    assert serial.unpack_judgement(serial.pack_judgement(kept)) == kept
