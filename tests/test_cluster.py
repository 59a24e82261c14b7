"""The same import on a Dask cluster: a scheduler and two workers of its own on loopback, one of them killed half-way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import desk
import pytest

from gdcore import intake, processing, settings
from gdcore.cluster import Cluster
from gdcore.errors import ConfigurationError
from gdcore.samples.country import Country
from gdcore.store import Store, open_store, queries

FILES = 40
ROOT = Path(__file__).resolve().parents[1]
QUIET = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "30s", "DASK_DISTRIBUTED__DEPLOY__LOST_WORKER_TIMEOUT": "1s"}


@contextmanager
def process(log: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of the cluster's, ended with the block."""
    environment = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=log.parent,
        )
        try:
            yield started
        finally:
            started.kill()
            started.wait()


def awaited(log: Path, pattern: str) -> str:
    """What a process says once it is there."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found.group(1)
        time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler."""
    log = tmp_path / "scheduler.log"
    with process(log, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"):
        yield awaited(log, r"(tcp://127\.0\.0\.1:\d+)")


@contextmanager
def worker(folder: Path, name: str, scheduler: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that does one file at a time."""
    command = ("worker", scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    with process(folder / f"{name}.log", *command, "--name", name, "--local-directory", str(folder / name)) as started:
        awaited(folder / f"{name}.log", r"(Registered to)")
        yield started


def open_clustered(folder: Path, scheduler: str) -> Store:
    """A desk whose settings name the scheduler."""
    server = {name: value for name, value in os.environ.items() if name == "GDCORE_DATABASE_URL"}
    return open_store(settings.load({"GDCORE_DATA": str(folder), "GDCORE_SCHEDULER": scheduler, **server}))


def test_every_report_is_there_once_though_a_worker_is_killed_half_way(tmp_path: Path, scheduler: str) -> None:
    store = open_clustered(tmp_path / "desk", scheduler)
    filed = [each for _, each in zip(range(FILES), Country(100, formats={"txt": 1}).reports(), strict=False)]
    batch = intake.submit(store, [(each.file_name, each.bytes()) for each in filed])
    done: list[int] = []
    with worker(tmp_path, "one", scheduler), worker(tmp_path, "two", scheduler) as second:

        def kill_half_way(count: int) -> None:
            done.append(count)
            if len(done) == FILES // 4:
                second.send_signal(signal.SIGKILL)

        view = intake.run_batch(store, batch, progress=kill_half_way)
        assert second.poll() is not None
    assert view is not None
    assert (view.stored, view.refused, view.running) == (FILES, 0, False)
    rows = [row for year in queries.years(store) for row in queries.agencies(store, year) if row.report_id is not None]
    assert sorted((row.agency, row.version) for row in rows) == sorted((each.body.name, 1) for each in filed)
    assert len(done) == FILES
    store.close()


def test_what_a_cluster_finds_is_what_this_machine_finds(tmp_path: Path, scheduler: str) -> None:
    files = [("一.txt", desk.unbalanced()), ("二.txt", desk.report(desk.BAY, kind="township")), ("三.txt", b"")]
    found = []
    with worker(tmp_path, "one", scheduler):
        for name, address in (("here", ""), ("there", scheduler)):
            store = open_clustered(tmp_path / name, address)
            view = intake.run_batch(store, intake.submit(store, files), make=None if address else desk.AtOnce)
            assert view is not None
            found.append([(row.state, row.kind, row.total, row.errors, row.change) for row in view.results])
            store.close()
    assert found[0] == found[1]


def test_a_scheduler_that_is_not_there_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"连接不上 Dask 调度器 tcp://127\.0\.0\.1:9"):
        Cluster("tcp://127.0.0.1:9")


def test_the_settings_say_where_the_work_is_done() -> None:
    assert processing.made_by(settings.load({})) is processing.process_pool
    assert settings.load({"GDCORE_SCHEDULER": " tcp://a:8786 "}).scheduler == "tcp://a:8786"
