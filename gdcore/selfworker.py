"""The self-check behind its page: in a process of its own, so that no file, session or rerun can hold up the app.

Nothing is written: files and results go through pipes. What readers put aside meanwhile stands in a folder that is
removed at the end, whether the process ended by itself or was killed.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

from gdcore import masking, processing, selfcheck
from gdcore.errors import UnreadableFile
from gdcore.processing import Make
from gdcore.selfcheck import CHECKED, File, FileResult, Terms

log = logging.getLogger(__name__)

MOST_FILES: Final = 30  # of one check, members of archives counted
LONGEST: Final = 1800.0  # seconds that a check may take
_AT_ONCE = 2  # checks under way in this app; others wait for their turn
_turns = threading.BoundedSemaphore(_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be checked: files, last year's reports, and by what."""

    files: tuple[File, ...]
    priors: tuple[File, ...]
    terms: Terms
    workers: int


@dataclass(frozen=True, slots=True)
class Step:
    """How far a check is: files read, of how many, and the name of the one that is being read ("": none is left)."""

    done: int
    total: int
    file: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out: a result for each file, and last year's reports that could not be used."""

    results: tuple[FileResult, ...]
    unused: tuple[FileResult, ...]


def work(order: Order, make: Make = processing.process_pool) -> Iterator[Step | Answer]:
    """Do what was ordered, each file read in a process of its own, and tell every step."""
    priors = [member for file in order.priors for member in selfcheck.members(file)]
    files = _capped(member for file in order.files for member in selfcheck.members(file))
    everything = [*priors, *files]
    names = [*(masking.anywhere(name) for name, _ in everything), ""]
    read: list[FileResult] = []
    yield Step(0, len(everything), names[0])
    for result in selfcheck.read_files(everything, order.workers, make=make):
        read.append(result)
        yield Step(len(read), len(everything), names[len(read)])
    before, now = read[: len(priors)], read[len(priors) :]
    used = tuple(r.report for r in before if r.report is not None and r.outcome == CHECKED)
    results = selfcheck.check_read(now, replace(order.terms, priors=used))
    yield Answer(tuple(results), tuple(r for r in before if r.outcome != CHECKED))


def _capped(files: Iterable[File]) -> Iterator[File]:
    """Files beyond the most that one check takes are told so, and not read."""
    for number, (name, data) in enumerate(files):
        yield name, data if number < MOST_FILES else UnreadableFile(f"一次最多自查 {MOST_FILES} 份。", "请分批自查。")


# --- in the app -------------------------------------------------------------------------------------------------------


class Run:
    """A check under way: `step` tells how far it is, `answer` what came out, `fault` why nothing did.

    A thread of its own waits for the process and writes these; a page only looks at them.
    """

    def __init__(self, order: Order) -> None:
        self.step: Step | None = None
        self.answer: Answer | None = None
        self.fault = ""
        self._begun = time.monotonic()
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._work, args=(order,), name="gdcore-selfcheck", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether an answer or a fault is still to come."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> bool:
        """Whether it has not begun, since others are at it."""
        return self.running and self._process is None

    @property
    def seconds(self) -> float:
        """How long ago it was ordered."""
        return time.monotonic() - self._begun

    def stop(self) -> None:
        """End it without an answer."""
        self._stopped.set()
        if self._process is not None:
            self._process.kill()

    def wait(self, seconds: float) -> None:
        """Until it has ended, at most so long."""
        self._thread.join(seconds)

    def _work(self, order: Order) -> None:
        try:
            with _turns, tempfile.TemporaryDirectory(prefix="gdcore-selfcheck-", ignore_cleanup_errors=True) as folder:
                if not self._stopped.is_set():
                    self._run(order, folder)
        except Exception as error:
            if self.answer is None and not self._stopped.is_set():
                incident = processing.incident_number()
                log.error("%s: a self-check ended without an answer\n%s", incident, masking.told(error))
                self.fault = f"核查没有完成，编号 {incident}（已记入日志）。请减少文件后重试。"

    def _run(self, order: Order, folder: str) -> None:
        with _started(folder) as process:
            self._process = process
            try:
                self._watch(process, order)
            finally:
                process.kill()

    def _watch(self, process: subprocess.Popen[bytes], order: Order) -> None:
        """Hand the order over and take what comes back, until the answer. Raises what a broken pipe raises."""
        assert process.stdin is not None
        assert process.stdout is not None
        alarm = threading.Timer(LONGEST, process.kill)
        alarm.daemon = True
        alarm.start()
        try:
            if self._stopped.is_set():
                process.kill()
            pickle.dump(order, process.stdin)
            process.stdin.flush()
            del order
            while self.answer is None:
                self._take(pickle.load(process.stdout))  # what our own code wrote at the other end
        finally:
            alarm.cancel()

    def _take(self, said: Step | Answer) -> None:
        if isinstance(said, Answer):
            self.answer = said
        else:
            self.step = said


def _started(folder: str) -> subprocess.Popen[bytes]:
    """A fresh interpreter that puts everything it puts aside into one folder; it knows of no store."""
    here = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "GDCORE_DATA": folder,
        "TMPDIR": folder,
        "TEMP": folder,
        "TMP": folder,
    }
    environment.pop("GDCORE_DATABASE_URL", None)
    environment.pop("GDCORE_ORIGINALS", None)
    # by its own name and not as __main__, so that what it writes has the same classes here
    command = [sys.executable, "-c", "from gdcore.selfworker import main; main()"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


# --- in the process ---------------------------------------------------------------------------------------------------


def main() -> None:
    """Take one order from standard input, and tell steps and answer on standard output."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    channel = _channel()
    order = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_app, daemon=True).start()
    for said in work(order):
        pickle.dump(said, channel)
        channel.flush()


def _channel() -> IO[bytes]:
    """Standard output for answers alone: what a library prints goes to standard error."""
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return channel


def _end_with_app() -> None:
    """Once the app is gone, nobody waits for the answer."""
    sys.stdin.buffer.read()
    os._exit(1)
