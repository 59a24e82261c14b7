"""A store that is busy, full, read-only or gone is told in words; nothing is half-written, and the work goes on afterwards."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import desk
import pytest
from postgres import Server, installed

from gdcore import intake, worker
from gdcore.errors import StoreUnavailable
from gdcore.store import engine, intake_rows, open_store, queries
from gdcore.store.rows import FindingFilter

FILES = 24
ALONE = ("unshare", "--map-root-user", "--mount")


def in_a_file(folder):
    return replace(desk.settings_in(folder), database_url=f"sqlite:///{folder / 'desk.db'}")


def test_a_database_that_another_holds_is_told_and_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 50)
    with closing(open_store(in_a_file(tmp_path))) as store:
        with closing(sqlite3.connect(tmp_path / "desk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable, match="占用"):
                intake.submit(store, [("年报.txt", desk.report())])
        desk.take(store, ("年报.txt", desk.report()))
        assert queries.years(store) == [2023]


def test_a_file_stays_queued_when_the_database_is_full(tmp_path):
    with closing(open_store(in_a_file(tmp_path))) as store:
        batch = intake.submit(store, [(f"{year}.txt", desk.unbalanced(year=year)) for year in range(2019, 2026)])
        _hold(store, "PRAGMA max_page_count = 1")  # SQLite takes what the file has already
        with pytest.raises(StoreUnavailable, match="磁盘已满"):
            intake.run_batch(store, batch, make=desk.AtOnce)
    with closing(open_store(in_a_file(tmp_path))) as again:
        left = {row.state for row in intake_rows.batch(again, batch).results}
        assert "refused" not in left
        assert "queued" in left
        intake.run_unfinished(again, make=desk.AtOnce)
        assert {row.state for row in intake_rows.batch(again, batch).results} == {"stored"}
        for year in range(2019, 2026):
            assert queries.findings(again, FindingFilter(year=year, rules=("STR-06",))).total == 1


def _hold(store, pragma):
    """Set on each connection that the store makes from now on."""
    from sqlalchemy import event

    event.listen(store.engine, "connect", lambda connection, _: connection.execute(pragma))
    store.engine.dispose()


@pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run([*ALONE, "mount", "-t", "tmpfs", "none", "/mnt"]).returncode != 0,
    reason="A small disk can only be mounted where the system lets a process have mounts of its own.",
)
def test_a_disk_that_ran_full_or_read_only_loses_nothing(tmp_path):
    script = Path(__file__).with_name("small_disk.py")
    command = [*ALONE, sys.executable, str(script), str(tmp_path), str(FILES)]
    answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    assert "磁盘已满" in answer["told"][0]
    assert "不能写入" in answer["told"][1]
    assert 0 < answer["stored_on_the_small_disk"] < FILES
    assert {key: answer[key] for key in ("lost", "stored", "findings", "unfinished")} == {
        "lost": 0, "stored": FILES, "findings": FILES, "unfinished": [],
    }  # fmt: skip


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "desk.db").write_bytes(b"no database at all" * 1000)
    with pytest.raises(StoreUnavailable, match="损坏"):
        open_store(in_a_file(tmp_path))


def test_the_worker_leaves_to_another_what_a_store_that_is_gone_holds(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATABASE_URL", f"sqlite:///{tmp_path / 'nowhere' / 'desk.db'}")
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        worker.main()
    assert ended.value.code == worker.UNAVAILABLE


@pytest.mark.skipif(not installed(), reason="PostgreSQL is not installed on this machine.")
def test_a_server_that_went_away_is_told_and_the_work_goes_on_when_it_is_back(tmp_path):
    with Server() as server:
        settings = replace(desk.settings_in(tmp_path), database_url=server.address.replace("{desk}", "gone"))
        with closing(open_store(settings)) as store:
            batch = intake.submit(store, [(f"{year}.txt", desk.unbalanced(year=year)) for year in (2022, 2023)])
            server.stop()
            with pytest.raises(StoreUnavailable, match="连不上数据库服务器"):
                intake.run_batch(store, batch, make=desk.AtOnce)
            with pytest.raises(StoreUnavailable, match="连不上数据库服务器"):
                queries.years(store)
            server.start()
            intake.run_unfinished(store, make=desk.AtOnce)
            assert queries.years(store) == [2023, 2022]
