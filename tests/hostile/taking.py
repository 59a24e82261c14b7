"""The hostile set put through the real intake, beside honest files, and what is seen of it from outside."""

from __future__ import annotations

import os
import resource
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import desk

from gdcore import archive, guard, intake
from gdcore.store import Store
from gdcore.store.rows import IntakeRow

from .made import Hostile

HONEST = tuple(
    (f"云泽县第{n + 800}街道办事处2024年度报告.{fmt}", f"云泽县第{n + 800}街道办事处", fmt)
    for n, fmt in enumerate(("txt", "html", "docx", "pdf", "txt", "docx"))
)


@dataclass
class Taken:
    """What came of the files: rows by family (`honest` is one), seconds, and the most memory of a child in bytes."""

    rows: dict[str, list[IntakeRow]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    seconds: float = 0.0
    memory: int = 0


def take(store: Store, files: Sequence[Hostile], limits: guard.Limits, workers: int = 2) -> Taken:
    """All files as one batch, the honest ones among them."""
    given = [*_mixed([(each.family, each.name, each.data) for each in files])]
    taken, begun, before = Taken(), time.monotonic(), children()
    batch_id = intake.submit(store, ((name, data()) for _, name, data in given))
    view = intake.run_batch(store, batch_id, workers=workers, make=lambda count: guard.Pool(count, limits))
    assert view is not None
    families = {archive.label(name): family for family, name, _ in given}
    for row in view.results:
        family = families.get(row.file_name) or families[row.file_name.partition("!/")[0]]
        taken.rows.setdefault(family, []).append(row)
    wanted = Counter(archive.label(name) for _, name, _ in given)
    came = Counter(row.file_name for row in view.results)
    inside = {row.file_name.partition("!/")[0] for row in view.results if "!/" in row.file_name}
    taken.missing = [name for name, count in wanted.items() if came[name] != count and name not in inside]
    taken.seconds = time.monotonic() - begun
    taken.memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    taken.left = sorted(children() - before)
    return taken


def _mixed(files: list[tuple[str, str, object]]) -> Iterable[tuple[str, str, object]]:
    """The files with the honest ones spread among them."""
    every = max(1, len(files) // len(HONEST))
    for number, file in enumerate(files):
        turn, rest = divmod(number, every)
        if rest == 0 and turn < len(HONEST):
            name, agency, fmt = HONEST[turn]
            yield "honest", name, lambda agency=agency, fmt=fmt: desk.report(agency, 2024, fmt=fmt)
        yield file


def children() -> set[int]:
    """The processes that this one has started and that are still there."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(stat.parent.name))
        except (OSError, ValueError):
            continue
    return found
