"""Writers take turns: threads in the order in which they asked, processes one after the other; readers wait for nobody."""

import os
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import desk
import pytest
from sqlalchemy import func, select, text

from gdcore.errors import StoreUnavailable
from gdcore.store import engine, open_store, queries, turns
from gdcore.store.tables import AGENCY

PATIENCE = 60
BURST = 60
# A process that writes without a pause until its input ends, and says when it has begun.
LOOP = """
import sys, threading, time
from gdcore import settings
from gdcore.store import open_store
store, over = open_store(settings.load()), threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
count = 0
while not over.is_set():
    with store.writing() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO agency (key, name, source) VALUES ('k{count}', 'n{count}', "
            "'report')"
        )
        time.sleep(0.02)
    count += 1
    if count == 1:
        print("begun", flush=True)
"""


@pytest.fixture
def file(tmp_path):
    """A store in a SQLite file, whatever else the tests run on."""
    settings = replace(desk.settings_in(tmp_path), database_url=f"sqlite:///{tmp_path / 'desk.db'}")
    with closing(open_store(settings)) as store:
        yield store


def test_threads_write_in_the_order_in_which_they_asked(store):
    came = []

    def write(number):
        with store.writing():
            came.append(number)

    with store.writing():
        queue = turns._queue(store.engine.url.render_as_string())
        threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
        for number, thread in enumerate(threads, 1):
            thread.start()
            _until(lambda number=number: len(queue._waiting) == number)
    for thread in threads:
        thread.join(PATIENCE)
    assert came == list(range(20))


def test_a_writer_within_another_of_its_thread_fails_at_once_and_spoils_nothing(store):
    def nested():
        with store.writing(), store.writing():
            pass

    with pytest.raises(RuntimeError, match="within another"):
        nested()
    desk.take(store, ("年报.txt", desk.report()))
    assert queries.years(store) == [2023]


def test_a_writer_that_waits_too_long_is_told_and_leaves_the_line(store, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_TIMEOUT", 50)
    told = []

    def write():
        try:
            with store.writing():
                pass
        except StoreUnavailable as error:
            told.append(str(error))

    with store.writing():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(PATIENCE)
    assert len(told) == 1
    assert "占用" in told[0]
    desk.take(store, ("年报.txt", desk.report()))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_a_forked_process_does_not_wait_for_the_turn_of_the_one_it_came_from(file):
    with file.writing():
        child = os.fork()
        if child == 0:
            with turns.turn(file.engine.url, 1):
                os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    with file.writing():
        pass


def test_a_process_that_writes_without_a_pause_keeps_no_other_out(file):
    environment = os.environ | {"GDCORE_DATA": str(file.settings.data), "GDCORE_DATABASE_URL": str(file.engine.url)}
    loop = subprocess.Popen(
        [sys.executable, "-c", LOOP], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert loop.stdout.readline() == "begun\n"
        passed = [_passed(file) for _ in range(20)]
    finally:
        loop.communicate()
    assert loop.returncode == 0
    # the one at work, one that stood at the door, one while we came to it; without the door there are dozens
    assert max(passed) <= 3, passed


def _passed(store):
    """How many of the other's transactions ended while we waited for ours."""
    count = select(func.count()).select_from(AGENCY)
    with store.reading() as connection:
        before = connection.execute(count).scalar_one()
    with store.writing() as connection:
        return connection.execute(count).scalar_one() - before


def test_where_there_can_be_no_door_the_database_alone_decides(file):
    door = Path(f"{file.engine.url.database}-door")
    door.unlink()
    door.mkdir()
    desk.take(file, ("年报.txt", desk.report()))
    assert queries.years(file) == [2023]


def test_a_burst_of_readers_meets_no_limit(file):
    together = threading.Barrier(BURST)
    assert _burst(file, lambda: together.wait(PATIENCE)) == []


def test_a_burst_of_readers_waits_for_connections_and_none_is_refused(store):
    assert _burst(store, lambda: time.sleep(0.05)) == []


def test_readers_who_wait_too_long_for_a_connection_are_told(store):
    pool = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.05}
    with closing(replace(store, engine=engine.create_engine(store.engine.url, **pool))) as narrow:
        with narrow.engine.connect(), pytest.raises(StoreUnavailable, match="连接已用完"), narrow.reading():
            pass
        with narrow.reading():
            pass


def _burst(store, meanwhile):
    """What went wrong when many read at once."""
    failures = []

    def read():
        try:
            with store.reading() as connection:
                connection.execute(text("SELECT 1"))
                meanwhile()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(BURST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return failures


def _until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)
