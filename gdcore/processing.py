"""Many files over a crew of processes, here or on a cluster: each is read and recognised in a watched process.

A file that crashes its process, or passes one of its limits, costs only itself: it comes back with the reason.
"""

from __future__ import annotations

import gc
import logging
import math
import os
import secrets
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any, Generic, Protocol, TypeVar

from gdcore import guard, kept, masking
from gdcore.errors import ClusterUnavailable, UnreadableFile
from gdcore.report import Report
from gdcore.serial import Packed
from gdcore.settings import Settings

log = logging.getLogger(__name__)

CRASHED = "出错"  # the kind of a reading at which this program failed
_AHEAD = 64  # tasks handed over for each worker: what is done meanwhile is written together
_TURN = 0.0005  # seconds after which a thread gives way
_TOGETHER = 64  # tasks whose results are dealt with together where there are as many
_BUSY = 6  # tasks that each worker must still have meanwhile
_MOMENT = 0.5  # seconds that a result waits for others at most
_LOOK = 0.05  # seconds between two looks at how many there are
_MUCH = 100_000  # objects made and not gone, after which the collector looks
_HELD = 200  # tasks for each worker handed over or done behind one that is not done


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
class At:
    """The bytes at a path. Not a pathlib.Path: Python keeps each name in one for a while, in a table that grows by that."""

    path: str

    def read_bytes(self) -> bytes:
        """All of them."""
        with open(self.path, "rb") as file:  # noqa: PTH123 - see above
            return file.read()


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be read; `key` comes back with the reading."""

    key: int
    path: Source
    name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a file: a report, or the same packed, or why there is none.

    `kind` is that of the UnreadableFile (加密, 损坏 …), or 出错 when the fault is ours; then `incident` is in the log.
    `process` is the number of the one that read it and still has the report (`kept`).
    """

    key: int
    report: Report | None = None
    packed: Packed | None = None
    kind: str = ""
    reason: str = ""
    remedy: str = ""
    incident: str = ""
    process: int = 0


class Crew(Protocol):
    """An executor that says how many tasks it does at a time."""

    @property
    def workers(self) -> int:
        """How many."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The future of `fn` on these arguments."""

    def submit_near(self, process: int, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The same, rather in the process of this number where there is one; 0: in any."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End it."""


Make = Callable[[int], Crew]
Tag = TypeVar("Tag")


class Here(Executor):
    """A crew that does the work in this process, when it is asked: for the few reports that are sooner checked so."""

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The future of `fn` on these arguments, done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def submit_near(self, process: int, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The same: there is one process."""
        return self.submit(fn, *args, **kwargs)


def process_pool(workers: int) -> Crew:
    """Watched processes that share nothing with this one."""
    return guard.Pool(workers, modules=(*guard.READERS, "gdcore.judging"))


def made_by(settings: Settings) -> Make:
    """What makes the crew for the work: the Dask cluster that the settings name, else processes of this machine."""
    if not settings.scheduler:
        return process_pool
    from gdcore.cluster import Cluster

    return lambda _: Cluster(settings.scheduler)


@contextmanager
def at_work(crew: Crew) -> Iterator[Crew]:
    """A crew that ends with what is done with it: at once where that breaks off, else once all is done."""
    try:
        yield crew
    except BaseException:
        crew.shutdown(wait=False, cancel_futures=True)
        raise
    crew.shutdown()


@contextmanager
def in_bulk() -> Iterator[None]:
    """Python as it suits thousands of reports that pass through one process, most of whose work is done in others.

    The collector need not look after every few hundred objects, of which almost all go by themselves; and the threads that feed
    the other processes get their turn within half a millisecond, so that none of these waits for its next task.
    """
    usual, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(_MUCH, *usual[1:])
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        sys.setswitchinterval(interval)


class Lane(Generic[Tag]):
    """Tasks on their way through a crew: they come back in the order they went, each with its tag.

    None is held back for longer than `hold` seconds by one before it.
    """

    def __init__(self, crew: Crew, hold: float = math.inf) -> None:
        self._crew, self._hold = crew, hold
        self._flying: deque[_Flight[Tag]] = deque()

    def __len__(self) -> int:
        return len(self._flying)

    @property
    def workers(self) -> int:
        """How many tasks its crew does at a time."""
        return self._crew.workers

    def put(self, tag: Tag, function: Callable[..., Any], *arguments: Any, near: int = 0) -> None:
        """Hand a task over, rather to the process of number `near`."""
        self._flying.append(_Flight(tag, self._crew.submit_near(near, function, *arguments)))

    def undone(self) -> list[Future[Any]]:
        """What is not done yet."""
        return [each.future for each in self._flying if not each.landed]

    def room(self) -> int:
        """How many more tasks may be handed over: some for each worker, and not too many behind one that is slow."""
        return max(0, min(self.workers * _AHEAD - len(self.undone()), self.workers * _HELD - len(self)))

    def until(self) -> float:
        """When the next one that waits for another has waited long enough, by the monotonic clock."""
        return min((each.done_at for each in self._flying), default=math.inf) + self._hold

    def ripe(self) -> list[tuple[Tag, Future[Any]]]:
        """Those that are done, up to the first that is not; and those behind that were done long ago.

        Raises ClusterUnavailable where who did them is lost: that is no fault of theirs.
        """
        first = list(takewhile(lambda each: each.future.done(), self._flying))
        long_ago = time.monotonic() - self._hold
        behind = (each for each in islice(self._flying, len(first), None) if each.done_at <= long_ago)
        ripe = [*first, *behind]
        if any(each.future.cancelled() for each in ripe):
            raise ClusterUnavailable("与 Dask 调度器的连接已中断。")
        for each in ripe:
            self._flying.remove(each)
        return [(each.tag, each.future) for each in ripe]


class _Flight(Generic[Tag]):
    """A task handed over, and when it came back: `landed` is empty as long as it did not."""

    def __init__(self, tag: Tag, future: Future[Any]) -> None:
        self.tag, self.future = tag, future
        self.landed = landed = list[float]()
        # Not a method of this: what knows the future and is known by it would stay until the collector of garbage comes.
        future.add_done_callback(lambda _: landed.append(time.monotonic()))

    @property
    def done_at(self) -> float:
        """When it was done, by the monotonic clock; not yet: infinity."""
        return self.landed[0] if self.landed else math.inf


def wait_for(*lanes: Lane[Any], gather: bool = False) -> None:
    """Until something came back on one of these lanes, or has waited long enough there; with `gather` until it is worth while."""
    left = min(lane.until() for lane in lanes) - time.monotonic()
    undone = [future for lane in lanes for future in lane.undone()]
    if sum(map(len, lanes)) == len(undone) or left > 0:
        wait(undone, timeout=max(0.0, left) if left < math.inf else None, return_when=FIRST_COMPLETED)
    if gather:
        _gather(lanes, len(undone))


def _gather(lanes: Sequence[Lane[Any]], before: int) -> None:
    """Until enough came back of the tasks that were undone `before`, or the workers would soon have nothing to do."""
    until, busy = time.monotonic() + _MOMENT, lanes[0].workers * _BUSY
    while time.monotonic() < until:
        undone = sum(len(lane.undone()) for lane in lanes)
        if undone <= max(busy, before - _TOGETHER):
            return
        time.sleep(_LOOK)


def read_all(jobs: Iterable[Job], workers: int, make: Make = process_pool, hold: float = math.inf) -> Iterator[Reading]:
    """The readings of all jobs in their order; but none is held back for longer than `hold` seconds by one before it."""
    left = iter(jobs)
    with at_work(make(workers)) as crew:
        lane: Lane[Job] = Lane(crew, hold)
        while True:
            for job in islice(left, lane.room()):
                lane.put(job, read_one, job)
            if not len(lane):
                return
            wait_for(lane)
            for job, future in lane.ripe():
                yield reading_of(job.key, job.name, future)


def read_one(job: Job) -> Reading:
    """Read and recognise one file; whatever happens becomes a reading, but for a lack of memory, which is raised."""
    return _attempt(job, lambda: Reading(job.key, read_report(job.path.read_bytes(), job.name)))


def read_packed(job: Job) -> Reading:
    """The same with the report packed, for those who put it away: a tenth of what else would travel. It is kept to be judged."""
    return _attempt(job, lambda: _packed(job))


def _packed(job: Job) -> Reading:
    report = read_report(job.path.read_bytes(), job.name)
    packed = Packed.of(report)
    kept.keep(packed.data, report)
    return Reading(job.key, packed=packed, process=os.getpid())


def _attempt(job: Job, work: Callable[[], Reading]) -> Reading:
    try:
        return work()
    except Exception as error:
        if guard.lack_of_memory(error):
            raise
        return refused(job.key, job.name, error)


def reading_of(key: int, name: str, future: Future[Any]) -> Reading:
    """What became of the file of this number and name, whether it came back by itself or its process was ended."""
    error = future.exception()
    if error is not None:
        return refused(key, name, error)
    reading: Reading = future.result()
    return reading


def refused(key: int, name: str, error: BaseException) -> Reading:
    """The reading of a file that could not be read or judged to its end."""
    if isinstance(error, UnreadableFile):
        return Reading(key, kind=error.kind, reason=str(error), remedy=error.remedy)
    return failure(key, name, error)


def read_report(data: bytes, name: str) -> Report:
    """Bytes to report. Raises UnreadableFile."""
    from gdcore.readers import read
    from gdcore.recognise import recognise

    return recognise(read(data, name), name)


def failure(key: int, name: str, error: BaseException) -> Reading:
    """The reading of a file at which this program failed: logged, with a number to find it by."""
    incident = incident_number()
    log.error("%s: %s could not be processed\n%s", incident, masking.anywhere(name), masking.told(error))
    reason = f"处理时出错，编号 {incident}（已记入日志）。"
    remedy = "请换一种格式重新上传，或把编号告诉管理员。"
    return Reading(key, kind=CRASHED, reason=reason, remedy=remedy, incident=incident)


def incident_number() -> str:
    """Four hex digits by which a fault is found in the log: 7F3A."""
    return secrets.token_hex(2).upper()
