"""Whose turn it is to write: first come, first served among threads, one after the other among processes.

SQLite's own wait is a poll that knows no order: of fifty who wait some never come in, and a process that writes in a loop can
keep all others out.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import URL

from gdcore.store import trouble

_POLL = 0.005  # seconds until a door that another process holds is tried again
_DOOR = "-door"  # the end of its name, beside the database's


@contextmanager
def turn(database: URL, patience: float) -> Iterator[Callable[[], None]]:
    """The turn to write to a database, waited for at most `patience` seconds; call what is given once it has let us in.

    Raises StoreUnavailable, and RuntimeError in a thread that has the turn already: it would wait for itself.
    """
    end = time.monotonic() + patience
    queue = _queue(database.render_as_string())
    queue.take(patience)
    with ExitStack() as held:
        held.callback(queue.pass_on)
        at_door = held.enter_context(ExitStack())
        if database.get_backend_name() == "sqlite" and database.database:
            at_door.enter_context(_door(database.database + _DOOR, end))
        yield at_door.close


# --- threads ----------------------------------------------------------------------------------------------------------


class Queue:
    """A lock that threads are given in the order in which they asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[tuple[int, threading.Event]] = deque()
        self._holder: int | None = None

    def take(self, patience: float) -> None:
        """Wait for the lock, at most `patience` seconds. Raises as `turn`."""
        mine = threading.get_ident(), threading.Event()
        with self._lock:
            if self._holder == mine[0]:
                raise RuntimeError("a transaction that writes was begun within another of the same thread")
            if self._holder is None:
                self._holder = mine[0]
                return
            self._waiting.append(mine)
        came = False
        try:
            came = mine[1].wait(patience)
        finally:
            if not came:
                self._leave(mine)
        if not came:
            raise trouble.busy()

    def pass_on(self) -> None:
        """Give it to who waits longest."""
        with self._lock:
            self._next()

    def _leave(self, mine: tuple[int, threading.Event]) -> None:
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
            else:  # it was given just as the wait ended
                self._next()

    def _next(self) -> None:
        self._holder = None
        if self._waiting:
            self._holder, given = self._waiting.popleft()
            given.set()


_queues: dict[str, Queue] = {}
_queues_lock = threading.Lock()


def _queue(database: str) -> Queue:
    with _queues_lock:
        return _queues.setdefault(database, Queue())


def _forget() -> None:
    """A forked process has no part in the turns of the one it came from."""
    global _queues, _queues_lock
    _queues, _queues_lock = {}, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


# --- processes --------------------------------------------------------------------------------------------------------


@contextmanager
def _door(path: str, end: float) -> Iterator[None]:
    """Stand where, of all processes, only the writer who is next in line stands, until the database has let it in.

    A process that has just written and comes back finds another before it: those that have much to write take turns. Where
    there can be no door, SQLite's own wait must do: on a disk that is full or read-only the database says so itself.
    """
    try:
        file = Path(path).open("ab")  # noqa: SIM115 - closed below
    except OSError:
        yield
        return
    with file:
        while not _locked(file):
            if time.monotonic() > end:
                raise trouble.busy()
            time.sleep(_POLL)
        try:
            yield
        finally:
            _unlock(file)


if sys.platform == "win32":
    import msvcrt

    def _locked(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl
    from contextlib import suppress

    def _locked(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: as if there were no door
            return True
        return True

    def _unlock(file: IO[bytes]) -> None:
        # said aloud: a process that was forked meanwhile has the file open too, and closing ours would not free it
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)
