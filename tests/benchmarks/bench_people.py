"""How long people wait when many work at once at one server: they upload, review and export.

    python tests/benchmarks/bench_people.py [--people N] [--seconds N]

A real server on loopback with a county's faulty reports; each person is a session of its own that opens pages, presses buttons,
sends files and fetches tables as a browser does, and thinks for five to fifteen seconds between. One in five uploads, one in five
exports, the others review; since all of them choose among the same findings, two often decide on one at the same moment.

Prints the median and the 95th percentile in milliseconds of each thing done, then what was told and whether all that was said to
be done is in the store, once. GDCORE_DATABASE_URL names a PostgreSQL server in place of the file. Asserts nothing, pytest does
not collect it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
import desk
from app_server import served
from sqlalchemy import func, select
from visitor import Visitor

from gdcore.store import Store, audit, tables
from gdcore.store.decisions import OVERTAKEN

YEAR, AGENCIES, THINKING = 2023, 40, (5.0, 15.0)


@dataclass
class Log:
    """What all people met: milliseconds of each thing done, what was told, what went wrong.

    `confirmed` and `second`: how often one was told that the finding is confirmed, or that another had decided on it before.
    """

    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    told: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    confirmed: int = 0
    second: int = 0
    uploaded: int = 0

    @asynccontextmanager
    async def of(self, what: str, visitor: Visitor) -> AsyncIterator[None]:
        """One thing done by a visitor."""
        start = time.monotonic()
        yield
        self.spent[what].append((time.monotonic() - start) * 1000)
        self.told.update(re.sub(r"\d+", "#", words) for words in visitor.told)


async def review(visitor: Visitor, log: Log, dice: random.Random) -> None:
    """Open a report and confirm the finding on top."""
    async with log.of("open 报告详情", visitor):
        await visitor.open("report", f"year={YEAR}&agency={_agency(dice.randrange(AGENCIES))}")
    await _think(dice)
    if "report_confirmed" in visitor.widgets:
        async with log.of("confirm a finding", visitor):
            await visitor.press("report_confirmed")
        log.confirmed += any("已确认" in words for words in visitor.told)


async def export(visitor: Visitor, log: Log, dice: random.Random) -> None:
    """Look at the lists and take the table home."""
    for page in dice.sample(("overview", "agencies", "ledger", "aggregation"), 2):
        async with log.of(f"open {page}", visitor):
            await visitor.open(page, f"year={YEAR}")
        await _think(dice)
    async with log.of("open 问题清单", visitor):
        await visitor.open("findings", f"year={YEAR}")
    async with log.of("findings CSV", visitor):
        await visitor.download("findings_csv")


async def upload(visitor: Visitor, log: Log, dice: random.Random) -> None:
    """Send a report that was not there."""
    async with log.of("open 上传核查", visitor):
        await visitor.open("intake", f"year={YEAR}")
    log.uploaded += 1
    name = f"云泽县第{100 + log.uploaded}街道办事处"
    uploader = next(key for key in visitor.widgets if key.startswith("intake_files"))
    async with log.of("send a file", visitor):
        await visitor.upload(uploader, [(f"{name}.txt", desk.unbalanced(name, seed=log.uploaded))])
        await visitor.press("intake_submit")
    await _think(dice)


async def person(number: int, address: str, log: Log, until: float) -> None:
    """One of them, until the time is over; what goes wrong is counted and does not end the day."""
    dice = random.Random(number)
    act: Callable[[Visitor, Log, random.Random], Awaitable[None]] = (upload, export, review, review, review)[number % 5]
    await asyncio.sleep(dice.uniform(0, 5))
    async with Visitor(address) as visitor:
        while time.monotonic() < until:
            try:
                await act(visitor, log, dice)
            except Exception as error:
                log.wrong[f"{type(error).__name__}: {error}"[:200]] += 1
            log.second += sum(words.startswith(OVERTAKEN) for words in visitor.errors)
            log.wrong.update(words[:200] for words in visitor.errors if not words.startswith(OVERTAKEN))
            await _think(dice)


async def day(address: str, people: int, seconds: float, log: Log) -> None:
    """All of them at once."""
    until = time.monotonic() + seconds
    await asyncio.gather(*(person(number, address, log, until) for number in range(people)))


def main(people: int, seconds: float) -> None:
    """Print what they met."""
    log = Log()
    with tempfile.TemporaryDirectory() as folder:
        store = desk.open_desk(Path(folder))
        desk.take(store, *((f"{n}.txt", desk.unbalanced(_agency(n), seed=n)) for n in range(AGENCIES)), year=YEAR)
        with served(Path(folder)) as address:
            asyncio.run(day(address, people, seconds, log))
            _settle(store)
        _tell(log, store, people, seconds)
        noted = (Path(folder) / "server.log").read_text(errors="replace")
        print(f"server's log: {len(noted.splitlines())} lines, {noted.count('locked')} about locks")
        store.close()


def _settle(store: Store) -> None:
    """Until the worker has gone through what was sent."""
    end = time.monotonic() + 300
    while time.monotonic() < end and _count(store, tables.INTAKE, tables.INTAKE.c.state == "queued"):
        time.sleep(1)


def _tell(log: Log, store: Store, people: int, seconds: float) -> None:
    print(f"{people} people for {seconds:.0f} s; milliseconds")
    print(f"{'':22} {'times':>6} {'median':>7} {'p95':>7}")
    everything = [each for spent in log.spent.values() for each in spent]
    for what, spent in [*sorted(log.spent.items()), ("all", everything)]:
        ordered = sorted(spent)
        print(
            f"{what:22} {len(spent):6} {statistics.median(spent):7.0f} {ordered[int(0.95 * (len(ordered) - 1))]:7.0f}"
        )
    confirmed = _count(store, tables.DECISION, tables.DECISION.c.state == "confirmed")
    with store.reading() as connection:
        states = connection.execute(select(tables.INTAKE.c.state, func.count()).group_by(tables.INTAKE.c.state)).all()
    print(
        f"said to be confirmed {log.confirmed}, confirmations in the store {confirmed}; told to have come second {log.second}"
    )
    print(f"files sent {log.uploaded}, files in the store {dict(map(tuple, states))}, {AGENCIES} of them from before")
    print(f"audit log whole: {not audit.verify(store).fault}")
    print("told:", dict(log.told.most_common(12)))
    print("went wrong:", dict(log.wrong))


def _count(store: Store, table, *where) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def _agency(number: int) -> str:
    return f"云泽县第{number + 1}街道办事处"


async def _think(dice: random.Random) -> None:
    await asyncio.sleep(dice.uniform(*THINKING))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    main(**vars(parser.parse_args()))
