"""The watched process: it takes one task after the other from its standard input and answers on its standard output."""

from __future__ import annotations

import gc
import importlib
import itertools
import logging
import os
import pickle
import queue
import shutil
import struct
import tempfile
import threading
import traceback
import warnings
from collections.abc import Callable
from typing import IO, Any, Final

from gdcore.errors import DeskError
from gdcore.guard import jail, limits, wire
from gdcore.guard.limits import Failed, Limits
from gdcore.guard.sessions import end_session

PAIR: Final = struct.Struct(">dd")  # seconds: of processor, of waiting
SHARE: Final = 3  # seconds of waiting for each of processor that a busy machine may take
_MUCH: Final = 1_000_000  # objects made and not gone, after which the collector looks
_TASKS: Final = 1_000  # tasks after which it looks in any case: it goes through all reports that are kept meanwhile
BEFORE: Final = struct.Struct(">QQ")  # bytes: of data, of the most that was in memory
Task = tuple[Limits, Callable[..., Any], tuple[Any, ...], dict[str, Any]]


def main(*modules: str) -> None:
    """Import `modules`, shut the doors, and work until nobody sends any more."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    warnings.simplefilter("ignore")  # a file can make libraries warn a thousand times
    tasks, answers = _channels()
    jail.cut_off()
    for module in modules:
        importlib.import_module(module)
    # What was imported stays, and what a task makes is mostly gone with it: the collector need not look after each report, only
    # where much piles up, and now and then between two tasks.
    gc.freeze()
    gc.set_threshold(_MUCH)
    jail.close()
    before = jail.memory()
    coming: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks, coming), daemon=True).start()
    limits.granting = lambda seconds, program: _grant(answers, seconds, program)
    wire.write(answers, (wire.READY, BEFORE.pack(before, jail.most_memory())))
    for number in itertools.count(1):
        _work(pickle.loads(coming.get()), before, answers)  # from the app that started this process
        if number % _TASKS == 0:
            gc.collect()


def _channels() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output for tasks and answers alone: what libraries print goes to standard error."""
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return tasks, answers


def _listen(tasks: IO[bytes], coming: queue.SimpleQueue[bytes]) -> None:
    """Pass on what comes; once the app is gone nobody waits for an answer, whatever is being done."""
    try:
        while True:
            coming.put(wire.read(tasks)[1])
    except (EOFError, OSError):
        shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)
        end_session(os.getpid())
        os._exit(0)


def _grant(answers: IO[bytes], seconds: float, program: bool) -> None:
    if not program:
        jail.grant(seconds)
    granted = (0.0, seconds) if program else (seconds, seconds * SHARE)
    wire.write(answers, (wire.MORE, PAIR.pack(*granted)))


def _work(task: Task, before: int, answers: IO[bytes]) -> None:
    bounds = task[0]
    jail.bound(bounds, before)
    kind, content = _outcome(task)
    del task
    if len(content) > bounds.answer:
        kind, content = wire.RAISED, pickle.dumps(bounds.answer_passed())
    # What libraries keep for the next file must not leave that one without room.
    last = before and jail.memory() - before > bounds.memory // 2
    wire.write(answers, (kind, content), (wire.LAST if last else wire.READY, b""))


def _outcome(task: Task) -> tuple[bytes, bytes]:
    bounds, function, args, named = task
    try:
        return wire.VALUE, pickle.dumps(function(*args, **named), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return wire.RAISED, pickle.dumps(_told(error, bounds))


def _told(error: Exception, bounds: Limits) -> Exception:
    """The exception as it can be sent: our own as they are, of others only where they came from."""
    if limits.lack_of_memory(error):
        return bounds.memory_passed()
    if isinstance(error, DeskError):
        return error.with_traceback(None)
    return Failed(f"{''.join(traceback.format_tb(error.__traceback__))}{type(error).__name__}")
