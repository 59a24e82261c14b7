"""Originals on S3-compatible storage: the same reports as with the folder, told where it is away, and back again from a backup."""

import hashlib
import logging
import os
import subprocess
import sys
import zipfile
from contextlib import ExitStack
from pathlib import Path

import clustered
import desk
import pytest
from bucket import Storage

from gdcore import backup, guard, intake, line, processing, worker
from gdcore.backup import BackupError
from gdcore.cluster import Cluster
from gdcore.errors import StoreUnavailable
from gdcore.processing import Held
from gdcore.store import dump, intake_rows, originals, queries
from gdcore.store.rows import FindingFilter

ROOT = Path(__file__).resolve().parents[1]
FILES = [
    ("东关.txt", desk.unbalanced()),
    ("湾.html", desk.report(desk.BAY, kind="township", fmt="html")),
    ("水务.docx", desk.report("云泽县水务局", kind="dept", fmt="docx")),
]


@pytest.fixture(scope="module")
def storage():
    """The server of these tests."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = Storage()
    yield server
    server.stop()


@pytest.fixture
def bucket(storage, monkeypatch):
    """A bucket of its own, in an environment that leads there; whoever stopped the server finds it running again."""
    for name, value in storage.environment.items():
        monkeypatch.setenv(name, value)
    yield storage.bucket()
    storage.start()


@pytest.fixture
def store(bucket, tmp_path):
    opened = desk.open_desk(tmp_path / "desk", f"s3://{bucket}/年报/")
    yield opened
    opened.close()


def keys(files):
    digests = [hashlib.sha256(data).hexdigest() for _, data in files]
    return {f"年报/{digest[:2]}/{digest[2:4]}/{digest}" for digest in digests}


def found(store):
    rows = queries.findings(store, FindingFilter(year=2023)).rows
    return sorted((row.agency, row.finding.fingerprint, row.finding.message) for row in rows)


def rows(store):
    with dump.reading(store) as moment:
        return {name: list(lines) for name, lines in moment.rows()}


def states(store, batch):
    return [row.state for row in intake_rows.batch(store, batch).results]


def test_an_import_is_the_same_as_with_the_folder(storage, bucket, store, tmp_path):
    batch = intake.submit(store, FILES)
    view = intake.run_batch(store, batch, make=processing.process_pool)  # processes in which there is no network
    assert (view.stored, view.refused) == (len(FILES), 0)
    assert storage.held(bucket).keys() == keys(FILES)
    assert not (store.settings.store / "originals").exists()
    folder = desk.open_desk(tmp_path / "folder")
    desk.take(folder, *FILES)
    assert found(store) == found(folder)
    assert len(found(store)) > 1


def test_a_file_that_is_there_is_not_put_again(storage, bucket, store):
    desk.take(store, *FILES[:1])
    desk.take(store, *FILES[:1])
    assert storage.puts(bucket) == 1
    (key,) = keys(FILES[:1])
    storage.spoil(bucket, key, b"x")
    desk.take(store, *FILES[:1])
    assert storage.held(bucket) == {key: FILES[0][1]}


def test_a_person_downloads_what_came(store):
    (row,) = desk.take(store, *FILES[2:]).results
    assert queries.original(store, row.report_id) == FILES[2][1]


def test_samples_go_from_there_too(storage, bucket, store):
    desk.take(store, *FILES[:1], sample=True)
    desk.take(store, *FILES[1:])
    queries.clear_samples(store)
    assert storage.held(bucket).keys() == keys(FILES[1:])


def test_a_backup_becomes_the_same_in_another_bucket(storage, bucket, store, tmp_path):
    desk.take(store, *FILES)
    made = backup.write(store, tmp_path / "all.zip")
    other = storage.bucket()
    new = desk.open_desk(tmp_path / "new", f"s3://{other}/年报")
    assert backup.restore(new, tmp_path / "all.zip") == made
    assert (made.files, made.missing) == (len(FILES), ())
    assert rows(new) == rows(store)
    assert storage.held(other) == storage.held(bucket)
    folder = desk.open_desk(tmp_path / "folder")
    backup.restore(folder, tmp_path / "all.zip")
    assert {originals.load(folder.settings, row["digest"]) for row in rows(folder)["report"]} == {d for _, d in FILES}


def test_a_backup_says_which_originals_are_not_there(storage, bucket, store, tmp_path):
    desk.take(store, *FILES)
    (key,) = keys(FILES[:1])
    storage.remove(bucket, key)
    made = backup.write(store, tmp_path / "all.zip")
    assert (made.files, made.missing) == (len(FILES) - 1, (key.rpartition("/")[2],))


def test_an_original_that_is_not_the_one_it_is_called_is_not_restored(storage, store, tmp_path):
    desk.take(store, *FILES[:1])
    backup.write(store, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        for item in old.infolist():
            bad.writestr(item, b"x" if item.filename.startswith("originals/") else old.read(item))
    other = storage.bucket()
    with pytest.raises(BackupError, match="已损坏"):
        backup.restore(desk.open_desk(tmp_path / "new", f"s3://{other}"), tmp_path / "bad.zip")
    assert storage.held(other) == {}


def test_files_stay_queued_while_the_storage_is_away(storage, store, monkeypatch):
    batch = intake.submit(store, FILES)
    storage.stop()
    with pytest.raises(StoreUnavailable, match="连不上对象存储"):
        intake.run_batch(store, batch, make=desk.AtOnce)
    assert states(store, batch) == ["queued"] * len(FILES)
    for name, value in worker.environment(store.settings).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        worker.main()
    assert ended.value.code == worker.UNAVAILABLE
    storage.start()
    intake.run_unfinished(store, make=desk.AtOnce)
    assert states(store, batch) == ["stored"] * len(FILES)


def test_nothing_is_half_written_where_a_file_cannot_be_put_away(storage, bucket, store, tmp_path):
    desk.take(store, *FILES[:1])
    storage.stop()
    with pytest.raises(StoreUnavailable, match="没有写入任何内容") as told:
        intake.submit(store, FILES[1:])
    assert "AWS_ENDPOINT_URL" in told.value.remedy
    assert [row.file_name for row in queries.latest_batch(store).results] == [
        "东关.txt"
    ]  # nobody is told of 0 files done
    with pytest.raises(StoreUnavailable, match="连不上对象存储"):
        backup.write(store, tmp_path / "all.zip")
    assert not list(tmp_path.glob("*all.zip*"))
    storage.start()
    assert storage.held(bucket).keys() == keys(FILES[:1])
    desk.take(store, *FILES[1:])
    assert storage.held(bucket).keys() == keys(FILES)


def test_a_bucket_that_is_not_there_is_told_and_no_original_is_taken_for_lost(bucket, tmp_path):
    store = desk.open_desk(tmp_path, "s3://no-such-bucket/x")
    with pytest.raises(StoreUnavailable, match="没有名为 no-such-bucket 的存储桶") as told:
        intake.submit(store, FILES)
    assert "GDCORE_ORIGINALS" in told.value.remedy
    with pytest.raises(StoreUnavailable, match="没有名为 no-such-bucket 的存储桶"):
        originals.load(store.settings, "ab" * 32)


def test_a_key_that_opens_nothing_is_told(storage, store):
    batch = intake.submit(store, FILES)
    storage.ask_for_keys(True)
    try:
        with pytest.raises(StoreUnavailable, match="拒绝访问") as told:
            intake.submit(store, FILES)
        with pytest.raises(StoreUnavailable, match="拒绝访问"):
            intake.run_batch(store, batch, make=desk.AtOnce)
    finally:
        storage.ask_for_keys(False)
    assert "AWS_ACCESS_KEY_ID" in told.value.remedy
    assert storage.environment["AWS_SECRET_ACCESS_KEY"] not in f"{told.value}{told.value.remedy}"
    assert states(store, batch) == ["queued"] * len(FILES)


def test_an_original_that_was_taken_away_costs_only_its_file(storage, bucket, store):
    batch = intake.submit(store, FILES)
    (key,) = keys(FILES[:1])
    storage.remove(bucket, key)
    view = intake.run_batch(store, batch, make=desk.AtOnce)
    assert [(row.state, row.kind) for row in view.results if row.state != "stored"] == [("refused", processing.CRASHED)]
    assert view.stored == len(FILES) - 1


@pytest.mark.parametrize(("room", "most"), [(1, 1), (line.HELD, len(FILES))])
def test_bytes_are_fetched_as_they_are_handed_over_and_not_all_at_once(store, monkeypatch, room, most):
    handed, waited = [], processing.wait_for
    monkeypatch.setattr(line, "HELD", room)
    monkeypatch.setattr(
        processing, "wait_for", lambda *lanes, **how: (handed.append(len(lanes[0])), waited(*lanes, **how))
    )
    assert desk.take(store, *FILES).stored == len(FILES)
    assert max(handed) == most


def test_what_is_at_hand_is_not_fetched(storage, store):
    digest = originals.keep(store.settings, FILES[0][1])
    storage.stop()
    assert originals.source(store.settings, digest, FILES[0][1]) == Held(FILES[0][1])


def test_workers_of_a_cluster_read_them_without_keys(bucket, store, monkeypatch, tmp_path):
    with ExitStack() as running:
        address = running.enter_context(clustered.scheduler(tmp_path))
        with monkeypatch.context() as bare:
            for name in [name for name in os.environ if name.startswith("AWS_")]:
                bare.delenv(name)
            running.enter_context(clustered.worker(tmp_path, "one", address))
        view = intake.run_batch(store, intake.submit(store, FILES), make=lambda _: Cluster(address))
    assert (view.stored, view.refused) == (len(FILES), 0)


def test_processes_that_read_files_know_no_key(bucket):
    assert os.environ["AWS_SECRET_ACCESS_KEY"]
    assert guard.run(os.getenv, "PATH")
    assert guard.run(os.getenv, "AWS_SECRET_ACCESS_KEY") is None


WATCH = """
import atexit, sys
atexit.register(lambda: print("LOADED", sorted({"fsspec", "s3fs", "botocore", "aiohttp"} & set(sys.modules))))
from gdcore.cli import main
sys.argv = ["gdcheck", "import", sys.argv[1]]
main()
"""


@pytest.mark.parametrize(("remote", "loaded"), [(False, "[]"), (True, "['aiohttp', 'botocore', 'fsspec', 's3fs']")])
def test_the_folder_needs_nothing_of_it(bucket, tmp_path, remote, loaded):
    file = next((ROOT / "data" / "reports").glob("*.docx"))
    environment = {**os.environ, "GDCORE_DATA": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment.pop("GDCORE_DATABASE_URL", None)
    environment["GDCORE_ORIGINALS"] = f"s3://{bucket}" if remote else ""
    ended = subprocess.run(
        [sys.executable, "-c", WATCH, str(file)], env=environment, capture_output=True, text=True, check=False
    )
    assert f"LOADED {loaded}" in ended.stdout, ended.stderr
    assert ended.returncode in (0, 1), ended.stderr
