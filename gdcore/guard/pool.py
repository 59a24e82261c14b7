"""Watched processes from the outside: started, given one task at a time, ended when it passes a limit, and replaced.

Not Pebble: its workers pickle answers while they hold a lock that all share, so one that is killed there stops the
others, and the app would read answers of any length.
"""

from __future__ import annotations

import atexit
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from gdcore.errors import OverLimit
from gdcore.guard import jail, wire
from gdcore.guard.child import BEFORE, PAIR
from gdcore.guard.limits import Died, Limits
from gdcore.guard.sessions import end_session

P = ParamSpec("P")
T = TypeVar("T")

SLOW: Final = 0.5  # seconds after which the file behind a slow one no longer waits for it
SPARE: Final = 1  # processes beyond those asked for, for the files behind a slow one
# What every process has imported before its first task, and so is not counted as the task's.
READERS: Final = ("gdcore.processing", "gdcore.readers", "gdcore.recognise")
_START: Final = 60.0  # seconds that a process may take to come up
_UNSENT: Final = ("GDCORE_DATABASE_URL",)  # what no reader needs to know
_CODE: Final = "import sys; from gdcore.guard.child import main; main(*sys.argv[1:])"


class Child:
    """One watched process; not to be used by two threads at once."""

    def __init__(self, modules: Sequence[str]) -> None:
        self._folder = tempfile.mkdtemp(prefix="gdcore-guard-")
        environment = {name: value for name, value in os.environ.items() if name not in _UNSENT}
        environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._folder)
        environment["PYTHONPATH"] = os.pathsep.join(str(Path(path).resolve()) for path in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _CODE, *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # so that it can be ended with what it started
        )
        self._alarm: threading.Timer | None = None
        self._late = False
        self._ready = False
        self._peak = 0  # bytes that it had in memory at most before its first task
        self._granted = [0.0, 0.0]  # seconds, of processor and of waiting
        self.fit = True  # for another task

    def do(self, limits: Limits, function: Callable[..., T], args: tuple[Any, ...], named: dict[str, Any]) -> T:
        """The function's value. Raises what it raised, OverLimit, Failed or Died; then this process may be unfit."""
        content = pickle.dumps((limits, function, args, named))
        self._granted = [0.0, 0.0]
        try:
            if not self._ready:
                self._watch(_START)
                self._peak = BEFORE.unpack(self._read(limits)[1])[1]
                self._ready = True
            self._watch(limits.wall)
            assert self._process.stdin is not None
            wire.write(self._process.stdin, wire.TASK, content)
            kind, answer = self._read(limits)
            self.fit = self._read(limits)[0] == wire.READY
            value = wire.loaded(answer)
        except wire.TooLong:
            self.end()
            raise limits.answer_passed() from None
        except pickle.UnpicklingError as error:
            self.end()
            raise Died(str(error)) from None
        except (EOFError, OSError):
            raise self._why(limits) from None
        finally:
            self._watch(0)
        if kind == wire.RAISED:
            raise value
        return value  # type: ignore[no-any-return]

    def end(self) -> int:
        """Kill it, and whatever it started; how much memory it had used at most, in bytes."""
        self.fit = False
        process = self._process
        if process.returncode is None:
            self._kill()
        peak = self._reap()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        shutil.rmtree(self._folder, ignore_errors=True)
        return peak

    def _read(self, limits: Limits) -> tuple[bytes, bytes]:
        """The next frame that is no request for more time."""
        assert self._process.stdout is not None
        while True:
            kind, content = wire.read(self._process.stdout, limits.answer)
            if kind != wire.MORE:
                return kind, content
            for n, seconds in enumerate(PAIR.unpack(content)):
                self._granted[n] += seconds
            self._watch(limits.wall + self._granted[1])

    def _watch(self, seconds: float) -> None:
        """Kill it in so many seconds from now; 0 for never."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = threading.Timer(seconds, self._expire) if seconds else None
        if self._alarm is not None:
            self._alarm.daemon = True
            self._alarm.start()

    def _expire(self) -> None:
        self._late = True
        self._kill()

    def _kill(self) -> None:
        with suppress(OSError):
            self._process.kill()  # before what it started, or else it would tell how that ended
        end_session(self._process.pid)

    def _why(self, limits: Limits) -> OverLimit | Died:
        """Why it came to no answer."""
        peak = self.end()
        code = self._process.returncode
        if self._late:
            return limits.wall_passed(self._granted[1])
        if os.name == "posix" and code == -signal.SIGXCPU:
            return limits.cpu_passed(self._granted[0])
        if peak > self._peak + limits.memory // 2:
            return limits.memory_passed()
        return Died(f"the process ended with {code}")

    def _reap(self) -> int:
        """Wait for its end; how much memory it had used at most, in bytes; 0 where the system does not tell."""
        process = self._process
        if not hasattr(os, "wait4") or process.returncode is not None:
            process.wait()
            return 0
        try:
            _, status, spent = os.wait4(process.pid, 0)
        except ChildProcessError:  # somebody else was told of it
            process.wait()
            return 0
        process.returncode = os.waitstatus_to_exitcode(status)
        return jail.in_bytes(spent.ru_maxrss)


class Pool(Executor):
    """An executor whose tasks run in watched processes; `workers` at a time, and one more while one of them is slow.

    Functions and arguments are pickled. A future raises what its task raised if that is ours, else Failed; OverLimit
    when a limit was passed and Died when the process crashed. That costs no other task anything.
    """

    def __init__(self, workers: int, limits: Limits | None = None, modules: Sequence[str] = READERS) -> None:
        self.workers = workers
        self._limits, self._modules = limits or Limits(), tuple(modules)
        self._threads = ThreadPoolExecutor(workers + SPARE, thread_name_prefix="gdcore-guard")
        self._turns = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._closed = False
        self._idle: list[Child] = []
        self._busy: set[Child] = set()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future of `fn` on these arguments, within the pool's limits."""
        return self._threads.submit(self._run, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all processes: those at work once they are done, or at once without `wait`."""
        with self._lock:
            self._closed = self._closed or not wait
            working = [] if wait else list(self._busy)
        for child in working:
            child._expire()
        self._threads.shutdown(wait=True, cancel_futures=cancel_futures or not wait)
        with self._lock:
            self._closed, idle, self._idle = True, self._idle, []
        for child in idle:
            child.end()

    def _run(self, function: Callable[..., T], args: tuple[Any, ...], named: dict[str, Any]) -> T:
        with _Turn(self._turns):
            child = self._take()
            try:
                return child.do(self._limits, function, args, named)
            finally:
                self._give_back(child)

    def _take(self) -> Child:
        with self._lock:
            if self._closed:
                raise Died("the pool was closed")
            child = self._idle.pop() if self._idle else Child(self._modules)
            self._busy.add(child)
            return child

    def _give_back(self, child: Child) -> None:
        with self._lock:
            self._busy.discard(child)
            if self._closed or not child.fit:
                child.end()
            if not self._closed:
                self._idle.append(child if child.fit else Child(self._modules))


class _Turn:
    """A turn of a pool, which is passed on after SLOW seconds even if the task goes on."""

    def __init__(self, turns: threading.BoundedSemaphore) -> None:
        self._turns, self._lock, self._held = turns, threading.Lock(), False
        self._timer = threading.Timer(SLOW, self._pass_on)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._turns.acquire()
        self._held = True
        self._timer.start()

    def __exit__(self, *exception: object) -> None:
        self._timer.cancel()
        self._pass_on()

    def _pass_on(self) -> None:
        with self._lock:
            if self._held:
                self._held = False
                self._turns.release()


# --- one task ---------------------------------------------------------------------------------------------------------

_shared: Pool | None = None
_shared_lock = threading.Lock()


def run(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """The function's value, worked out in a process that this one keeps for that; raises as the futures of a Pool."""
    return _own().submit(function, *args, **kwargs).result()


def _own() -> Pool:
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = Pool(1)
            atexit.register(_shared.shutdown, wait=False)
        return _shared


def _forget() -> None:
    """A forked process has no part in the processes of the one it came from."""
    global _shared, _shared_lock
    _shared, _shared_lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
