"""Backup and restore: row by row the same on an empty machine, whichever database, whoever works meanwhile."""

import json
import threading
import zipfile
from datetime import date

import desk
import pytest

from gdcore import backup
from gdcore.backup import BackupError
from gdcore.store import audit, dump, originals, queries, summaries
from gdcore.store.rows import Duty, FindingFilter


@pytest.fixture
def store(tmp_path):
    """A desk where something was filed, decided, mended by an own profile; samples beside it."""
    opened = desk.open_desk(tmp_path / "old")
    desk.take(opened, ("年报.txt", desk.unbalanced()), ("湾.html", desk.report(desk.BAY, kind="township", fmt="html")))
    desk.take(opened, ("不是.txt", "关于召开会议的通知".encode()), sample=True)
    marks = [row.fingerprint for row in queries.findings(opened, FindingFilter(year=2023)).rows]
    queries.decide(opened, marks, "confirmed", "周岚")
    queries.decide(opened, marks[:1], "issued", "周岚", duty=Duty(due=date(2024, 2, 1)))
    own = opened.settings.data / "profiles" / "county.toml"
    own.parent.mkdir()
    own.write_text('title = "县"\nextends = "national"\n', "utf-8")
    yield opened
    opened.close()


def rows(store):
    with dump.reading(store) as moment:
        return {name: list(lines) for name, lines in moment.rows()}


def counted(store):
    """What the backup does not hold, since it follows from the rows."""
    with store.reading() as connection:
        counts, standing = summaries.told(connection)
    assert counts
    assert standing
    return counts, standing


def test_an_empty_machine_becomes_the_same_row_by_row(store, tmp_path):
    made = backup.write(store, tmp_path / "all.zip")
    new = desk.open_desk(tmp_path / "new")
    assert backup.restore(new, tmp_path / "all.zip") == made
    assert rows(new) == rows(store)
    assert counted(new) == counted(store)
    assert not summaries.recount(new)
    assert made.rows["report"] == 2
    with dump.reading(store) as moment:
        for digest in moment.digests():
            assert originals.load(new.settings, digest) == originals.load(store.settings, digest)
            assert (new.settings.store / "originals" / digest[:2] / digest[2:4] / digest).is_file()
    assert (new.settings.data / "profiles" / "county.toml").is_file()
    assert audit.verify(new) == audit.verify(store)


def test_work_goes_on_after_a_restore(store, tmp_path):
    backup.write(store, tmp_path / "all.zip")
    new = desk.open_desk(tmp_path / "new")
    backup.restore(new, tmp_path / "all.zip")
    desk.take(new, ("改.txt", desk.report()), ("新.txt", desk.report("云泽县水务局", kind="dept")))
    assert len(queries.agencies(new, 2023)) == 3
    assert audit.verify(new).fault == ""


def test_a_backup_is_of_one_moment_though_people_go_on(store, tmp_path):
    stop = threading.Event()
    marks = [row.fingerprint for row in queries.findings(store, FindingFilter(year=2023)).rows]

    def work():
        while not stop.is_set():
            queries.annotate(store, marks, "许航", "看过")

    busy = threading.Thread(target=work)
    busy.start()
    made = [backup.write(store, tmp_path / f"{n}.zip") for n in range(3)]
    stop.set()
    busy.join()
    for n, content in enumerate(made):
        new = desk.open_desk(tmp_path / f"new{n}")
        assert backup.restore(new, tmp_path / f"{n}.zip") == content
        assert audit.verify(new).fault == ""
        assert content.rows["audit"] == rows(new)["audit_head"][0]["number"]


def test_a_store_in_use_is_not_written_over(store, tmp_path):
    backup.write(store, tmp_path / "all.zip")
    before = rows(store)
    with pytest.raises(BackupError, match="已有数据"):
        backup.restore(store, tmp_path / "all.zip")
    assert rows(store) == before


def test_a_backup_does_not_write_over_another(store, tmp_path):
    backup.write(store, tmp_path / "all.zip")
    with pytest.raises(BackupError, match="已经存在"):
        backup.write(store, tmp_path / "all.zip")


def _without_rows(old, new):
    for item in old.infolist():
        if item.filename != "rows/finding.jsonl":
            new.writestr(item, old.read(item))


def _with_another_original(old, new):
    for item in old.infolist():
        new.writestr(item, b"x" if item.filename.startswith("originals/") else old.read(item))


def _of_another_time(old, new):
    for item in old.infolist():
        data = old.read(item)
        new.writestr(
            item, json.dumps({**json.loads(data), "revision": "0001"}) if item.filename == "manifest.json" else data
        )


@pytest.mark.parametrize("damage", [_without_rows, _with_another_original, _of_another_time])
def test_a_backup_that_is_not_whole_leaves_no_row(store, tmp_path, damage):
    backup.write(store, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        damage(old, bad)
    new = desk.open_desk(tmp_path / "new")
    with pytest.raises(BackupError):
        backup.restore(new, tmp_path / "bad.zip")
    assert dump.is_empty(new)


def test_what_is_no_backup_is_told(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(BackupError, match="不是完整的备份文件"):
        backup.restore(desk.open_desk(tmp_path / "new"), tmp_path / "x.zip")


def test_a_name_that_climbs_out_is_passed_over(store, tmp_path):
    backup.write(store, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip", "a") as archive:
        archive.writestr("own/../../escaped.toml", "x")
        archive.writestr("own/store/desk.db", "x")
    new = desk.open_desk(tmp_path / "new" / "desk")
    backup.restore(new, tmp_path / "all.zip")
    assert not list(tmp_path.rglob("escaped.toml"))
