"""The same import on a Dask cluster: a scheduler and two workers of its own on loopback, one of them killed half-way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import clustered
import desk
import pytest

from gdcore import intake, processing, settings
from gdcore.cluster import Cluster
from gdcore.errors import ClusterUnavailable, ConfigurationError
from gdcore.samples.country import Country
from gdcore.store import Store, open_store, queries

FILES = 40


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler."""
    with clustered.scheduler(tmp_path) as address:
        yield address


def open_clustered(folder: Path, scheduler: str) -> Store:
    """A desk whose settings name the scheduler."""
    server = {name: value for name, value in os.environ.items() if name == "GDCORE_DATABASE_URL"}
    return open_store(settings.load({"GDCORE_DATA": str(folder), "GDCORE_SCHEDULER": scheduler, **server}))


def test_every_report_is_there_once_though_a_worker_is_killed_half_way(tmp_path: Path, scheduler: str) -> None:
    store = open_clustered(tmp_path / "desk", scheduler)
    filed = [each for _, each in zip(range(FILES), Country(100, formats={"txt": 1}).reports(), strict=False)]
    batch = intake.submit(store, [(each.file_name, each.bytes()) for each in filed])
    done: list[int] = []
    with clustered.worker(tmp_path, "one", scheduler), clustered.worker(tmp_path, "two", scheduler) as second:

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
    with clustered.worker(tmp_path, "one", scheduler):
        for name, address in (("here", ""), ("there", scheduler)):
            store = open_clustered(tmp_path / name, address)
            view = intake.run_batch(store, intake.submit(store, files), make=None if address else desk.AtOnce)
            assert view is not None
            found.append([(row.state, row.kind, row.total, row.errors, row.change) for row in view.results])
            store.close()
    assert found[0] == found[1]


def test_a_scheduler_that_is_not_there_is_told() -> None:
    with pytest.raises(ClusterUnavailable, match=r"连接不上 Dask 调度器 tcp://127\.0\.0\.1:9"):
        Cluster("tcp://127.0.0.1:9")


def test_an_address_without_its_certificate_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"地址 tls://127\.0\.0\.1:9 不能使用"):
        Cluster("tls://127.0.0.1:9")


def test_files_stay_queued_when_the_scheduler_is_lost(tmp_path: Path) -> None:
    store, done = open_clustered(tmp_path / "desk", ""), []
    batch = intake.submit(store, [(f"{n}.txt", desk.report(f"云泽县第{n}街道办事处")) for n in range(FILES)])
    with ExitStack() as running:
        lost = running.enter_context(ExitStack())
        address = lost.enter_context(clustered.scheduler(tmp_path))
        running.enter_context(clustered.worker(tmp_path, "one", address))

        def lose(count: int) -> None:
            done.append(count)
            lost.close()

        with pytest.raises(ClusterUnavailable):
            intake.run_batch(store, batch, make=lambda _: Cluster(address), progress=lose)
    view = intake.run_batch(store, batch, make=desk.AtOnce)
    assert view is not None
    assert 0 < len(done) < FILES
    assert (view.stored, view.refused) == (FILES, 0)
    store.close()


def test_the_settings_say_where_the_work_is_done() -> None:
    assert processing.made_by(settings.load({})) is processing.process_pool
    assert settings.load({"GDCORE_SCHEDULER": " tcp://a:8786 "}).scheduler == "tcp://a:8786"
