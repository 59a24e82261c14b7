"""Watched processes from the outside: started, given one task at a time, ended when it passes a limit, and replaced.

Not Pebble: its workers pickle answers while they hold a lock that all share, so one that is killed there stops the
others, and the app would read answers of any length.
"""

from __future__ import annotations

import atexit
import math
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Final, ParamSpec, TypeVar

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
_PIPE: Final = 1 << 20  # bytes of a task that go to a process at once; what Linux allows everybody
_LOOK: Final = 0.1  # seconds between two looks at what is slow or late
_PAUSE: Final = 2.0  # seconds without such a look, after which the machine or this program must have stood still
_AMONG: Final = 200  # tasks for each worker among which one is sought that suits a process: more than are handed over
# What no reader needs to know begins so.
_UNSENT: Final = ("GDCORE_DATABASE_URL", "GDCORE_ORIGINALS", "AWS_", "FSSPEC_")
_CODE: Final = "import sys; from gdcore.guard.child import main; main(*sys.argv[1:])"


class Child:
    """One watched process; not to be used by two threads at once."""

    def __init__(self, modules: Sequence[str]) -> None:
        self._folder = tempfile.mkdtemp(prefix="gdcore-guard-")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_UNSENT)}
        environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._folder)
        environment["PYTHONPATH"] = os.pathsep.join(str(Path(path).resolve()) for path in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _CODE, *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # so that it can be ended with what it started
        )
        _widen(self._process.stdin)
        self._lock = threading.Lock()  # guards the two below
        self._until = math.inf  # when it must have answered, by the monotonic clock
        self._late = False
        self._ready = False
        self._peak = 0  # bytes that it had in memory at most before its first task
        self._granted = [0.0, 0.0]  # seconds, of processor and of waiting
        self.fit = True  # for another task

    @property
    def number(self) -> int:
        """That of the process."""
        return self._process.pid

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
            wire.write(self._process.stdin, (wire.TASK, content))
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
            self._watch(math.inf)
            self.fit = self.fit and not self._late
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
        """It must have answered in so many seconds from now."""
        with self._lock:
            self._until = time.monotonic() + seconds

    def expire(self, *, if_late: bool = False) -> None:
        """Kill it, as one that took too long; with `if_late` only where it did."""
        with self._lock:
            late = not if_late or self._until <= time.monotonic()
            if late and self._process.returncode is None:
                self._late = True
                self._kill()

    def _kill(self) -> None:
        # Before what it started, or else it would tell how that ended. Popen.kill would first ask how the process itself ended,
        # and then how much memory it had could not be asked any more.
        with suppress(OSError):
            if os.name == "posix":
                os.kill(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
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


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a whole task lie in a pipe, where the system can: else it goes through in parts, and both sides are woken for each."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)  # type: ignore[arg-type]


@dataclass(slots=True)
class _Task:
    """Something to be done; `near` is the process that has what it needs, 0 for any."""

    future: Future[Any]
    near: int
    function: Callable[..., Any]
    args: tuple[Any, ...]
    named: dict[str, Any]


class _Hand(threading.Thread):
    """A thread that gives one task after the other to a process, which it starts for the first.

    `turn`: it is one of those that work at a time; `since` when its task began, by the monotonic clock, never without one.
    """

    def __init__(self, serve: Callable[[_Hand], None], called: threading.Condition) -> None:
        super().__init__(name="gdcore-guard", daemon=True)
        self._serve, self.called = serve, called
        self.child: Child | None = None
        self.turn, self.since = False, math.inf

    @property
    def number(self) -> int:
        """That of its process; 0 while there is none."""
        return self.child.number if self.child else 0

    def expire(self, *, if_late: bool = False) -> None:
        """End its process, as one that took too long; with `if_late` only where it did."""
        if child := self.child:
            child.expire(if_late=if_late)

    def run(self) -> None:
        """Until the pool ends."""
        self._serve(self)


class Pool(Executor):
    """An executor whose tasks run in watched processes; `workers` at a time, and one more while one of them is slow.

    Functions and arguments are pickled. A future raises what its task raised if that is ours, else Failed; OverLimit
    when a limit was passed and Died when the process crashed. That costs no other task anything.
    """

    def __init__(self, workers: int, limits: Limits | None = None, modules: Sequence[str] = READERS) -> None:
        self.workers = workers
        self._limits, self._modules = limits or Limits(), tuple(modules)
        self._lock = threading.RLock()  # guards all below
        self._begun = threading.Condition(self._lock)
        self._waiting: deque[_Task] = deque()
        self._turns = workers  # that nobody has
        self._hands: list[_Hand] = []
        self._idle: list[_Hand] = []  # the last to rest is the first to be called: its process is the warmest
        self._called = 0  # hands that are about to look for a task
        self._watchman: threading.Thread | None = None
        self._looked, self._resumed = math.inf, -math.inf  # when last, by the monotonic clock
        self._ending = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future of `fn` on these arguments, within the pool's limits."""
        return self._put(_Task(Future(), 0, fn, args, kwargs))

    def submit_near(self, process: int, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The same, done rather by the process of this number, unless that one is slow or another has nothing else to do."""
        return self._put(_Task(Future(), process, fn, args, kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all processes: those at work once they are done, or at once without `wait`."""
        with self._lock:
            self._ending = True
            while self._waiting and (cancel_futures or not wait):
                self._waiting.popleft().future.cancel()
            self._wake_all()
        for hand in self._hands:
            while hand.is_alive():
                if not wait:
                    hand.expire()
                hand.join(_LOOK)
        with self._lock:
            self._begun.notify()  # there is nothing left to watch

    def _put(self, task: _Task) -> Future[Any]:
        with self._lock:
            if self._ending:
                raise RuntimeError("the pool was closed")
            self._waiting.append(task)
            self._call()
        return task.future

    def _call(self) -> None:
        """Call hands to what waits, as far as there are turns for it."""
        while self._called < min(self._turns, len(self._waiting)):
            if self._idle:
                self._wake()
            elif len(self._hands) < self.workers + SPARE:
                self._hire()
            else:
                return

    def _wake(self) -> None:
        self._idle.pop().called.notify()
        self._called += 1

    def _wake_all(self) -> None:
        while self._idle:
            self._wake()

    def _hire(self) -> None:
        hand = _Hand(self._serve, threading.Condition(self._lock))
        self._hands.append(hand)
        self._called += 1
        hand.start()
        if self._watchman is None:
            self._watchman = threading.Thread(target=self._watch, name="gdcore-guard-watch", daemon=True)
            self._watchman.start()

    def _serve(self, hand: _Hand) -> None:
        with self._lock:
            self._called -= 1
        while (task := self._next(hand)) is not None:
            if task.future.set_running_or_notify_cancel():
                self._do(hand, task)
            del task
        if hand.child:
            hand.child.end()

    def _do(self, hand: _Hand, task: _Task) -> None:
        try:
            value = self._value(hand, task)
        except BaseException as error:
            task.future.set_exception(error)
        else:
            task.future.set_result(value)
        if hand.child and not hand.child.fit:
            hand.child.end()

    def _value(self, hand: _Hand, task: _Task) -> Any:
        """That of a task; what passed a limit while everything stood still is done anew, since that time was not its own."""
        while True:
            began = time.monotonic()
            if hand.child is None or not hand.child.fit:
                hand.child = Child(self._modules)
            try:
                return hand.child.do(self._limits, task.function, task.args, task.named)
            except OverLimit:
                if not self._stood_still(began):
                    raise

    def _next(self, hand: _Hand) -> _Task | None:
        """What a hand that is done does next, once it has a turn; None at the end."""
        with self._lock:
            self._give_back(hand)
            hand.since = math.inf
            while not (self._turns and self._waiting):
                if self._ending and not self._waiting:
                    self._wake_all()
                    return None
                self._idle.append(hand)
                hand.called.wait()
                self._called -= 1
            self._turns -= 1
            hand.turn, hand.since = True, time.monotonic()
            task = self._chosen(hand.number)
            self._call()
            self._begun.notify()
            return task

    def _chosen(self, process: int) -> _Task:
        """The first that this process holds something for, so that it need not hold that for long; then the first that need not be
        left to another one at work; where there is none, the first.
        """
        others = {hand.number for hand in self._hands if hand.turn} - {process, 0}
        near = [task.near for task in islice(self._waiting, _AMONG * self.workers)]
        own = (at for at, number in enumerate(near) if number == process != 0)
        free = (at for at, number in enumerate(near) if number not in others)
        at = next(chain(own, free), 0)
        task = self._waiting[at]
        del self._waiting[at]
        return task

    def _give_back(self, hand: _Hand) -> None:
        """The turn of a hand that is done, or slow."""
        if hand.turn:
            hand.turn, self._turns = False, self._turns + 1

    def _watch(self) -> None:
        """Look after tasks that are slow, and those that are late, until the pool ends."""
        while True:
            with self._lock:
                while not (working := [hand for hand in self._hands if hand.since < math.inf]):
                    if self._ending:
                        return
                    self._begun.wait()
                    self._looked = math.inf
                self._look()
                for hand in working:
                    if time.monotonic() - hand.since > SLOW:
                        self._give_back(hand)
                self._call()
            for hand in working:
                hand.expire(if_late=True)
            time.sleep(_LOOK)

    def _look(self) -> None:
        """Note when, and whether it should have been long before: a machine put to sleep, a program that was stopped."""
        now = time.monotonic()
        if now - self._looked > _PAUSE:
            self._resumed = now
        self._looked = now

    def _stood_still(self, since: float) -> bool:
        """Whether everything did for a while after that moment."""
        with self._lock:
            self._look()
            return self._resumed >= since


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
