"""Tasks in watched processes: what passes a limit is stopped with a true sentence, and costs no other task anything."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import wait
from pathlib import Path

import pytest

from gdcore.errors import DamagedFile, OverLimit
from gdcore.guard import Died, Failed, Limits, Pool, jail, run
from gdcore.guard.pool import Child

from . import harm

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="bounds are set by the system there")
ROOT = Path(__file__).parents[2]
TIGHT = Limits(cpu=1, wall=15, memory=200 * 1024**2, answer=1_000_000, written=5_000_000)


@pytest.fixture(scope="module")
def pool():
    with Pool(1, TIGHT, modules=("gdcore.errors",)) as made:
        yield made


@pytest.mark.parametrize(
    ("task", "says"),
    [
        (harm.burn, "1 秒的处理器时间"),
        (harm.grow, "内存超过 200 MB"),
        (harm.swallow, "内存超过 200 MB"),
    ],
)
def test_what_passes_a_limit_is_stopped_with_the_limit_it_passed(pool, task, says):
    with pytest.raises(OverLimit, match=says) as told:
        pool.submit(task).result()
    assert told.value.kind == "超出限制"
    assert told.value.remedy
    assert pool.submit(harm.tell, 3).result() == b"\0\0\0"


def test_what_does_not_come_back_is_stopped():
    with Pool(1, Limits(wall=1), modules=()) as pool, pytest.raises(OverLimit, match="超过 1 秒仍未完成"):
        pool.submit(harm.sleep).result()


PAUSED = """
from gdcore.guard import Limits, Pool
from tests.guard import harm

with Pool(1, Limits(wall=3), modules=()) as pool:
    print(pool.submit(harm.number).result(), flush=True)
    print(pool.submit(harm.doze, 1.5).result(), flush=True)
"""


def test_the_time_that_a_machine_stood_still_is_not_a_files_own():
    with subprocess.Popen([sys.executable, "-c", PAUSED], cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        both = program.pid, int(program.stdout.readline())
        time.sleep(0.5)
        for told in (signal.SIGSTOP, signal.SIGCONT):
            for number in both:
                os.kill(number, told)
            time.sleep(4 if told == signal.SIGSTOP else 0)
        assert program.communicate(timeout=60)[0].strip().isdecimal()


def test_an_answer_is_bounded(pool):
    assert len(pool.submit(harm.tell, 900_000).result()) == 900_000
    with pytest.raises(OverLimit, match="内容过大"):
        pool.submit(harm.tell, 1_100_000).result()


@pytest.mark.parametrize("task", [harm.crash, harm.leave])
def test_a_crash_is_told_as_one_and_the_next_task_has_a_new_process(pool, task):
    before = pool.submit(harm.number).result()
    with pytest.raises(Died):
        pool.submit(task).result()
    assert pool.submit(harm.number).result() != before


def test_a_process_serves_many_tasks_and_survives_what_they_raise(pool):
    before = pool.submit(harm.number).result()
    with pytest.raises(DamagedFile, match="文件已损坏") as told:
        pool.submit(harm.refuse).result()
    assert told.value.remedy == "请换一份。"
    with pytest.raises(Failed, match="ValueError") as failed:
        pool.submit(harm.quote, "赵钱孙的身份证号").result()
    assert "身份证" not in str(failed.value)
    assert pool.submit(harm.number).result() == before


def test_an_answer_is_data_and_never_code(pool):
    with pytest.raises(Died, match="is no data"):
        pool.submit(harm.answer_with_code).result()


@pytest.mark.parametrize("task", [harm.connect, harm.ask, harm.listen, harm.start, harm.shell])
def test_there_is_no_network_and_no_other_program(pool, task):
    with pytest.raises(Failed, match="Refused"):
        pool.submit(task).result()


def test_the_kernel_has_cut_the_process_off_where_it_lets_us(pool):
    if not _may_leave_the_network():
        pytest.skip("this kernel lets no process leave the network; sockets are refused all the same, see above")
    assert pool.submit(harm.interfaces).result() == []


def _may_leave_the_network():
    child = os.fork()
    if child == 0:
        os._exit(0 if jail.cut_off() else 1)
    return os.waitpid(child, 0)[1] == 0


def test_nothing_is_written_but_in_a_folder_that_goes_with_the_process(pool, tmp_path):
    for task in (harm.write, harm.link):
        with pytest.raises(Failed, match="Refused"):
            pool.submit(task, str(tmp_path / "a")).result()
    assert list(tmp_path.iterdir()) == []
    folder = Path(pool.submit(harm.put_aside).result())
    assert folder.is_dir()
    with pytest.raises(Failed, match="OSError"):
        pool.submit(harm.fill).result()
    with pytest.raises(Died):
        pool.submit(harm.crash).result()
    assert not folder.exists()


def test_a_program_is_ended_with_the_task_that_started_it(tmp_path):
    marker = f"86{os.getpid():07}"
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep {marker} & sleep {marker}\n")
    program.chmod(0o755)
    with Pool(1, Limits(wall=2), modules=()) as pool, pytest.raises(OverLimit, match="仍未完成"):
        pool.submit(harm.start_office, str(tmp_path)).result()
    assert not [p for p in Path("/proc").glob("[0-9]*/cmdline") if marker.encode() in _bytes(p)]


def _bytes(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_the_files_behind_a_slow_one_do_not_wait_for_it():
    with Pool(1, Limits(wall=20), modules=()) as pool:
        pool.submit(harm.number).result()
        slow = pool.submit(harm.sleep)
        begun = time.monotonic()
        wait([pool.submit(harm.number) for _ in range(3)])
        assert not slow.done()
        assert time.monotonic() - begun < 10
        pool.shutdown(wait=False)
        with pytest.raises(OverLimit):
            slow.result()


def test_a_pool_that_is_stopped_leaves_no_process():
    pool = Pool(2, modules=())
    numbers = {pool.submit(harm.number).result() for _ in range(3)}
    busy = pool.submit(harm.sleep)
    time.sleep(0.2)
    pool.shutdown(wait=False)
    assert busy.done()
    assert not [number for number in numbers if Path(f"/proc/{number}").exists()]


def test_a_pool_that_is_ended_does_what_still_waits_and_then_leaves_no_process():
    pool = Pool(1, Limits(wall=20), modules=())
    slow = pool.submit(time.sleep, 1)  # so that there is a second process beside the first
    first = pool.submit(harm.number).result()
    slow.result()
    left = [pool.submit(harm.number) for _ in range(5)]
    pool.shutdown()
    numbers = {first, *(future.result() for future in left)}
    assert not [number for number in numbers if Path(f"/proc/{number}").exists()]


def test_a_task_is_done_by_the_process_that_has_what_it_needs():
    with Pool(2, Limits(wall=60), modules=()) as pool:
        both = [pool.submit(harm.beside, 0.3) for _ in range(2)]
        one, other = (future.result() for future in both)
        asked = [pool.submit_near(one if n % 3 else other, harm.beside, 0.02) for n in range(30)]
        done = [future.result() for future in asked]
    assert one != other
    assert sum(process == (one if n % 3 else other) for n, process in enumerate(done)) > 20


def test_what_a_process_holds_something_for_is_done_first():
    order = []
    with Pool(1, Limits(wall=60), modules=()) as pool:
        own = pool.submit(harm.number).result()
        pool.submit(time.sleep, 0.3)
        for near in (0, own + 1, 0, own):
            pool.submit_near(near, harm.number).add_done_callback(lambda _, near=near: order.append(near))
    assert order == [own, 0, own + 1, 0]


def test_what_is_near_a_slow_process_or_one_that_is_gone_is_done_by_another():
    with Pool(1, Limits(wall=60), modules=()) as pool:
        slow = pool.submit(harm.number).result()
        sleeping = pool.submit_near(slow, time.sleep, 3)
        assert pool.submit_near(slow, harm.number).result() != slow
        assert not sleeping.done()
        with pytest.raises(Died):
            pool.submit(harm.crash).result()
        assert pool.submit_near(slow, harm.number).result()


def test_a_process_that_is_gone_still_tells_how_much_memory_it_had():
    child = Child(())
    os.kill(child.number, signal.SIGKILL)
    while b") Z" not in _bytes(Path(f"/proc/{child.number}/stat")):
        time.sleep(0.01)
    assert child.end() > 0


def test_one_task_alone():
    assert run(harm.tell, 2) == b"\0\0"
