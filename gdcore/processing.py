"""Many files over a `concurrent.futures.Executor`: each is read and recognised in a watched process.

A file that crashes its process, or passes one of its limits, costs only itself: it comes back with the reason.
"""

from __future__ import annotations

import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from gdcore import guard, masking
from gdcore.errors import UnreadableFile
from gdcore.report import Report

log = logging.getLogger(__name__)

CRASHED = "出错"  # the kind of a reading at which this program failed
_AHEAD = 2  # files handed over for each worker
_HELD = 200  # files handed over or read behind one that is not done


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
    """Watched processes that share nothing with this one."""
    return guard.Pool(workers)


def read_all(jobs: Iterable[Job], workers: int, make: Make = process_pool) -> Iterator[Reading]:
    """The readings of all jobs, in their order: of two versions that came together the later one has to win."""
    left = iter(jobs)
    flying: deque[tuple[Job, Future[Reading]]] = deque()
    executor = make(workers)
    try:
        while True:
            undone = [future for _, future in flying if not future.done()]
            room = min(workers * _AHEAD - len(undone), _HELD - len(flying))
            for job in islice(left, max(0, room)):
                undone.append(executor.submit(read_one, job))
                flying.append((job, undone[-1]))
            if not flying:
                return
            wait(undone, return_when=FIRST_COMPLETED)
            while flying and flying[0][1].done():
                yield _reading(*flying.popleft())
    finally:
        executor.shutdown(wait=not flying, cancel_futures=True)


def read_one(job: Job) -> Reading:
    """Read and recognise one file; whatever happens becomes a reading, but for a lack of memory, which is raised."""
    try:
        return Reading(job.key, read_report(job.path.read_bytes(), job.name))
    except Exception as error:
        if guard.lack_of_memory(error):
            raise
        return _refused(job, error)


def _reading(job: Job, future: Future[Reading]) -> Reading:
    error = future.exception()
    return future.result() if error is None else _refused(job, error)


def _refused(job: Job, error: BaseException) -> Reading:
    if isinstance(error, UnreadableFile):
        return Reading(job.key, kind=error.kind, reason=str(error), remedy=error.remedy)
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
