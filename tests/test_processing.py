"""Many files over an executor: one that fails, crashes its process or hangs costs only itself."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from concurrent.futures import Future
from pathlib import Path

import desk
import pytest

from gdcore import guard, processing
from gdcore.errors import ClusterUnavailable
from gdcore.processing import Job, Lane, read_all


@pytest.fixture
def jobs(tmp_path):
    """Makes jobs of files, given name=bytes."""

    def make(**files):
        made = []
        for key, (name, data) in enumerate(files.items()):
            path = tmp_path / name
            path.write_bytes(data)
            made.append(Job(key, path, f"{name}.txt"))
        return made

    return make


def by_key(readings):
    return {reading.key: reading for reading in readings}


def test_every_job_comes_back_with_its_report(jobs):
    made = jobs(east=desk.report(), bay=desk.report(desk.BAY, kind="township"))
    read = by_key(read_all(made, 2, desk.AtOnce))
    assert [read[key].report.identity.agency for key in (0, 1)] == [desk.EAST, desk.BAY]


def test_a_file_that_cannot_be_read_tells_why_and_what_to_do(jobs):
    (reading,) = read_all(jobs(empty=b"  "), 1, desk.AtOnce)
    assert (reading.kind, reading.report) == ("空文件", None)
    assert reading.reason
    assert reading.remedy


def test_a_fault_of_ours_becomes_a_record_with_a_number(jobs, monkeypatch, caplog):
    def crash(data, name):
        raise ZeroDivisionError

    monkeypatch.setattr(processing, "read_report", crash)
    (reading,) = read_all(jobs(any=b"text"), 1, desk.AtOnce)
    assert reading.kind == "出错"
    assert reading.incident in reading.reason
    assert reading.incident in caplog.text


class Culprit:
    """A file that does something to the process which reads it."""

    def __init__(self, harm):
        self.harm = harm

    def read_bytes(self):
        if self.harm == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        while self.harm == "burn":
            pass
        time.sleep(60)


@pytest.mark.skipif(os.name != "posix", reason="the process is ended by signals and by what the system counts")
@pytest.mark.parametrize(
    ("harm", "kind", "says"),
    [("crash", "出错", "编号"), ("burn", "超出限制", "处理器时间"), ("hang", "超出限制", "未完成")],
)
def test_a_crash_or_a_hang_costs_only_the_file_that_caused_it(jobs, harm, kind, says):
    made = jobs(first=desk.report(year=2021), second=desk.report(year=2022), third=desk.report())
    made.insert(1, Job(9, Culprit(harm), "坏.txt"))
    limits = guard.Limits(cpu=1, wall=2 if harm == "hang" else 60)
    read = by_key(read_all(made, 2, lambda workers: guard.Pool(workers, limits)))
    assert list(read) == [0, 9, 1, 2]
    assert read[9].kind == kind
    assert says in read[9].reason
    assert read[9].remedy
    assert [read[key].report.identity.year for key in (0, 1, 2)] == [2021, 2022, 2023]


class Backwards(desk.AtOnce):
    """An executor that holds work back and does the last first."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        threading.Timer(0.2 / (1 + args[0].key), lambda: future.set_result(fn(*args, **kwargs))).start()
        return future


def test_readings_come_in_the_order_of_the_jobs_whichever_is_done_first(jobs):
    made = jobs(first=b"", second=b" ", third=b"\n")
    assert [reading.key for reading in read_all(made, 3, Backwards)] == [0, 1, 2]


def test_a_slow_file_holds_the_others_back_no_longer_than_asked(jobs):
    made = jobs(first=b"", second=b" ", third=b"\n")
    assert [reading.key for reading in read_all(made, 3, Backwards, hold=0.0)] == [2, 1, 0]


@pytest.mark.skipif(os.name != "posix", reason="asks the system by signals")
def test_workers_end_with_the_process_that_started_them():
    code = (
        "import os, signal; from gdcore.processing import process_pool\n"
        "print(process_pool(1).submit(os.getpid).result(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment(), check=False)
    worker, deadline = Path(f"/proc/{int(result.stdout)}"), time.monotonic() + 20
    while worker.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not worker.exists()


def environment():
    return {**os.environ, "PYTHONPATH": str(Path(processing.__file__).parent.parent)}


def test_real_processes_read_the_same(jobs):
    made = jobs(east=desk.report(), bay=desk.report(desk.BAY, kind="township"), empty=b"")
    here = by_key(read_all(made, 1, desk.AtOnce))
    assert by_key(read_all(made, 2)) == here


class Losing(processing.Here):
    """A crew that is lost before it has done anything."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_a_crew_that_is_lost_is_no_fault_of_the_files(jobs):
    with pytest.raises(ClusterUnavailable):
        list(read_all(jobs(a=desk.report()), 1, Losing))


def test_what_came_back_goes_without_the_collector_of_garbage():
    class Answer:
        pass

    class Later(processing.Here):
        """A crew whose task is done after it was handed over."""

        def submit(self, fn, /, *args, **kwargs):
            self.future = Future()
            return self.future

    crew = Later()
    gc.disable()
    try:
        lane, answer = Lane(crew), Answer()
        lane.put("one", Answer)
        crew.future.set_result(answer)
        kept = weakref.ref(answer)
        del answer, crew.future
        assert [tag for tag, _ in lane.ripe()] == ["one"]
        assert kept() is None
    finally:
        gc.enable()
