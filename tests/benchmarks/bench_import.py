"""How fast a mixed year is imported, and what 300,000 reports would take: rate, processor time, memory.

    python tests/benchmarks/bench_import.py [--reports N] [--workers N] [--dask] [--again]

An invented country's reports of one year, 70 % HTML, 20 % Word, 10 % PDF, a third with a fault, and its roster; put away and
imported by `gdcore.intake` into an empty desk. GDCORE_DATABASE_URL names a PostgreSQL server in place of the file. Prints for
each tenth of the run the rate and the most memory that this process and the largest reading process had, then what all took.
With --dask, a scheduler and the workers of a Dask cluster are started on loopback and do the reading and judging. With --again, all
reports are then checked again under a changed profile. Asserts nothing; pytest does not collect it.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import clustered

from gdcore import intake, roster, settings
from gdcore.samples.country import Country
from gdcore.store import Store, intake_rows, open_store
from gdcore.store import roster as agencies

FORMATS = {"html": 70, "docx": 20, "pdf": 10}
YEAR, COUNTRY, HOUR = 2025, 300_000, 3600
_PAGE = os.sysconf("SC_PAGE_SIZE") / 1024**2


class Memory(threading.Thread):
    """What this process, and the largest of those it started, have in memory: looked at twice a second, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.own = self.child = 0.0

    def run(self) -> None:
        """Until the program ends."""
        while True:
            self.own = max(self.own, _resident(os.getpid()))
            self.child = max([self.child, *map(_resident, _children())])
            time.sleep(0.5)

    def taken(self) -> tuple[float, float]:
        """The most since the last time this was asked."""
        told, self.own, self.child = (self.own, self.child), 0.0, 0.0
        return told


def _resident(pid: int) -> float:
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_text().split()[1:3]
        return (int(resident) - int(shared)) * _PAGE  # without files that are read as memory
    except (OSError, IndexError):
        return 0.0


def _children() -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                yield int(stat.parent.name)
        except (OSError, ValueError, IndexError):
            continue


def spent() -> tuple[float, float]:
    """Seconds of processor: of this process, of those it started and that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime


def turn() -> float:
    """Milliseconds of processor for a million turns of a plain loop: what else is measured here is to be read beside it."""
    began, added = time.process_time(), 0
    for number in range(1_000_000):
        added += number * number % 7
    return (time.process_time() - began) * 1000


def put_away(store: Store, reports: int) -> tuple[int, float]:
    """The country's roster taken, its reports queued as one batch: its number, and the seconds without those of making them."""
    country = Country(reports, (YEAR,), formats=FORMATS, missing=0)
    agencies.take(store, roster.parse(country.roster_csv(), "名录.csv").entries)
    made = 0.0

    def files() -> Iterator[tuple[str, bytes]]:
        nonlocal made
        filed = country.reports()
        while True:
            began = time.perf_counter()
            each = next(filed, None)
            file = (each.file_name, each.bytes()) if each else None
            made += time.perf_counter() - began
            if file is None:
                return
            yield file

    began = time.perf_counter()
    batch = intake.submit(store, files(), year=YEAR)
    return batch, time.perf_counter() - began - made


class Progress:
    """Told after each file; prints a line for each tenth."""

    def __init__(self, total: int, memory: Memory) -> None:
        self.total, self.memory = total, memory
        self.done = self.tenths = 0
        self.began = self.last = time.perf_counter()

    def __call__(self, count: int) -> None:
        self.done += count
        if self.done * 10 // self.total > self.tenths:
            now, (own, child) = time.perf_counter(), self.memory.taken()
            part = self.total / 10 / (now - self.last)
            self.tenths, self.last = self.done * 10 // self.total, now
            print(
                f"{self.tenths:3} tenths {part:7.1f} reports/s {own:7.0f} MB here {child:7.1f} MB reading", flush=True
            )


@contextmanager
def crew(folder: Path, workers: int) -> Iterator[str]:
    """The address of a cluster with so many workers."""
    with ExitStack() as stack:
        address = stack.enter_context(clustered.scheduler(folder))
        for number in range(workers):
            stack.enter_context(clustered.worker(folder, f"worker{number}", address))
        yield address


def main(reports: int, workers: int, dask: bool, again: bool) -> None:
    """Import, and print what it took."""
    with tempfile.TemporaryDirectory() as folder, crew(Path(folder), workers) if dask else nullcontext("") as scheduler:
        server = {name: value for name, value in os.environ.items() if name == "GDCORE_DATABASE_URL"}
        asked = {"GDCORE_DATA": folder, "GDCORE_WORKERS": str(workers), "GDCORE_SCHEDULER": scheduler, **server}
        store = open_store(settings.load(asked))
        batch, putting = put_away(store, reports)
        total = len(intake_rows.queued(store, batch))
        memory = Memory()
        memory.start()
        print(f"{total} files put away in {putting:.1f} s, {total / putting:.0f} a second", flush=True)
        quick = [turn() for _ in range(5)]
        before, began = spent(), time.perf_counter()
        progress = Progress(total, memory)
        intake.run_batch(store, batch, workers=workers, progress=progress)
        told(store, batch, total, time.perf_counter() - began + putting, before)
        quick += [turn() for _ in range(5)]
        print(f"this machine: {min(quick):.0f} to {max(quick):.0f} ms for a million turns of a plain loop", flush=True)
        if again:
            check_again(store, workers, memory)
        store.close()


def told(store: Store, batch: int, total: int, seconds: float, before: tuple[float, float]) -> None:
    """The figures of an import."""
    own, reading = (after - was for after, was in zip(spent(), before, strict=True))
    results = intake_rows.batch(store, batch).results  # type: ignore[union-attr]
    states = Counter(row.state for row in results)
    for row in (row for row in results if row.state != "stored"):
        print(f"{row.state}: {row.file_name}: {row.kind} {row.reason}")
    print(
        f"{total} reports in {seconds:.0f} s, with what it took to put them away: {total / seconds:.1f} a second; processor ms a report: {own / total * 1000:.1f} "
        f"writing, {reading / total * 1000:.1f} reading and judging; became {dict(states)}"
    )
    rate = total / seconds
    print(f"{COUNTRY} would take {COUNTRY / rate / 60:.0f} minutes (an hour needs {COUNTRY / HOUR:.0f} a second)")


def check_again(store: Store, workers: int, memory: Memory) -> None:
    """All reports checked again under a profile with one rule switched off."""
    folder = store.settings.data / "profiles"
    folder.mkdir(exist_ok=True)
    changed = 'title = "另一套"\nextends = "national"\n[rules]\ndisable = ["QUA-01"]\n'
    (folder / "changed.toml").write_text(changed, "utf-8")
    memory.taken()
    before, began = spent(), time.perf_counter()
    count = intake.recheck_year(store, YEAR, "changed", workers=workers)
    seconds = time.perf_counter() - began
    own, judging = (after - was for after, was in zip(spent(), before, strict=True))
    print(
        f"checked again: {count} reports in {seconds:.0f} s, {count / seconds:.1f} a second; processor ms a report: "
        f"{own / count * 1000:.1f} writing, {judging / count * 1000:.1f} judging; {max(memory.taken()):.0f} MB at most"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--again", action="store_true")
    asked = parser.parse_args()
    main(asked.reports, asked.workers, asked.dask, asked.again)
