"""Many files over a `concurrent.futures.Executor`: each is read and recognised in a child process.

A file that crashes its process, or keeps it longer than `PATIENCE`, costs only itself: the files that were being read
with it are tried again one by one, each in a process of its own, and the culprit comes back as a failure.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import Protocol

from gdcore import masking
from gdcore.errors import UnreadableFile
from gdcore.report import Report

log = logging.getLogger(__name__)

PATIENCE = 300.0  # seconds from handing a file over, after which its worker is taken for hung
MEMORY = 8 * 1024**3  # bytes of address space a worker may take
CRASHED = "出错"  # the kind of a reading at which this program failed
_AHEAD = 2  # files in flight for each worker


class Source(Protocol):
    """Where the bytes of a file come from: its path, or what holds them."""

    def read_bytes(self) -> bytes:
        """All of them."""


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes that are at no path."""

    data: bytes

    def read_bytes(self) -> bytes:
        """All of them."""
        return self.data


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be read; `key` comes back with the reading."""

    key: int
    path: Source
    name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a file: a report, or why there is none.

    `kind` is that of the UnreadableFile (加密, 损坏 …), or 出错 when the fault is ours; then `incident` is in the log.
    """

    key: int
    report: Report | None = None
    kind: str = ""
    reason: str = ""
    remedy: str = ""
    incident: str = ""


Make = Callable[[int], Executor]


def process_pool(workers: int) -> Executor:
    """Fresh processes that share nothing with this one."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_prepare)


def read_all(
    jobs: Iterable[Job], workers: int, make: Make = process_pool, patience: float = PATIENCE
) -> Iterator[Reading]:
    """The readings of all jobs, in their order: of two versions that came together the later one has to win."""
    listed = list(jobs)
    early: dict[int, Reading] = {}
    awaited = deque(job.key for job in listed)
    for reading in _read(deque(listed), workers, make, patience):
        early[reading.key] = reading
        while awaited and awaited[0] in early:
            yield early.pop(awaited.popleft())


def _read(left: deque[Job], workers: int, make: Make, patience: float) -> Iterator[Reading]:
    """The readings in the order in which they are done."""
    while left:
        suspects = yield from _drain(left, max(1, min(workers, len(left))), make, patience)
        for job in suspects:
            yield _alone(job, make, patience)


def read_one(job: Job) -> Reading:
    """Read and recognise one file; whatever happens becomes a reading."""
    try:
        return Reading(job.key, read_report(job.path.read_bytes(), job.name))
    except UnreadableFile as error:
        return Reading(job.key, kind=error.kind, reason=str(error), remedy=error.remedy)
    except Exception as error:
        return failure(job, error)


def read_report(data: bytes, name: str) -> Report:
    """Bytes to report. Raises UnreadableFile."""
    from gdcore.readers import read
    from gdcore.recognise import recognise

    return recognise(read(data, name), name)


def failure(job: Job, error: BaseException) -> Reading:
    """The reading of a file at which this program failed: logged, with a number to find it by."""
    incident = incident_number()
    log.error("%s: %s could not be processed\n%s", incident, masking.anywhere(job.name), masking.told(error))
    reason = f"处理时出错，编号 {incident}（已记入日志）。"
    remedy = "请换一种格式重新上传，或把编号告诉管理员。"
    return Reading(job.key, kind=CRASHED, reason=reason, remedy=remedy, incident=incident)


def incident_number() -> str:
    """Four hex digits by which a fault is found in the log: 7F3A."""
    return secrets.token_hex(2).upper()


def _drain(left: deque[Job], workers: int, make: Make, patience: float) -> Generator[Reading, None, list[Job]]:
    """Work through `left` with one executor; returns the jobs that were in flight if it broke or hung."""
    executor = make(workers)
    flying: dict[Future[Reading], tuple[Job, float]] = {}
    try:
        while left or flying:
            while left and len(flying) < workers * _AHEAD:
                job = left.popleft()
                flying[executor.submit(read_one, job)] = job, time.monotonic() + patience
            soonest = min(deadline for _, deadline in flying.values())
            done, _ = wait(flying, timeout=max(0.0, soonest - time.monotonic()), return_when=FIRST_COMPLETED)
            if not done:
                log.error("a file did not come back in %s s, starting the workers anew", patience)
                return [job for job, _ in flying.values()]
            for future in [f for f in flying if f in done]:
                error = future.exception()
                if isinstance(error, BrokenExecutor):
                    return [job for job, _ in flying.values()]
                job, _ = flying.pop(future)
                yield failure(job, error) if error else future.result()
        return []
    except BrokenExecutor:
        return [*(job for job, _ in flying.values()), job]
    finally:
        _stop(executor, at_once=bool(left or flying))


def _alone(job: Job, make: Make, patience: float) -> Reading:
    executor = make(1)
    future = executor.submit(read_one, job)
    try:
        return future.result(timeout=patience)
    except (BrokenExecutor, TimeoutError) as error:
        return failure(job, error)
    finally:
        _stop(executor, at_once=not future.done())


def _stop(executor: Executor, at_once: bool) -> None:
    """End the workers; `at_once` kills them, since one that hangs would never be waited out.

    Before Python 3.14 pools offer no public way to do so.
    """
    if not at_once:
        executor.shutdown()
        return
    processes = list((getattr(executor, "_processes", None) or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()


def _prepare() -> None:
    """What a worker does first: bound its memory, and see to it that it ends with the process that started it."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))


def _end_with(parent: BaseProcess) -> None:
    """A worker whose parent was killed would wait for files for ever."""
    parent.join()
    os._exit(1)
