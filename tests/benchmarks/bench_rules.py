"""How long all rules together take for a report that is read already, and the share of each family in it.

    python tests/benchmarks/bench_rules.py [FILE …]    without files: data/reports, invented reports of every kind and
                                                       year, and the folder that GDCORE_REPORT_CORPUS names

Prints milliseconds of processor time a report: the median and the worst. Each report has the one of the year before
beside it and all others of its year around it, where there are any. Asserts nothing, pytest does not collect it.
"""

from __future__ import annotations

import gc
import os
import pickle
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path

from gdcore import profile, settings
from gdcore.checking import Facts, check, judge
from gdcore.errors import UnreadableFile
from gdcore.form import AgencyType
from gdcore.peers import Batch
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.report import Report
from gdcore.rules import CATALOGUE
from gdcore.samples import clean, write
from gdcore.task import Task

SHIPPED = Path(__file__).parents[2] / "data" / "reports"
SUFFIXES = frozenset((".pdf", ".docx", ".doc", ".html", ".txt"))
YEARS = (2020, 2021, 2024, 2025)
CLAIMS, REST = "claims", "rest"


def files() -> Iterator[Path]:
    """The reports of the project and of the corpus beside it."""
    folders = [SHIPPED, *(Path(name) for name in (os.environ.get("GDCORE_REPORT_CORPUS"),) if name)]
    yield from (f for folder in folders for f in sorted(folder.rglob("*")) if f.suffix in SUFFIXES)


def understood(data: bytes, name: str) -> Report | None:
    """A report read and recognised; None for a file that no text can be got from."""
    try:
        return recognise(read(data, name), name)
    except UnreadableFile:
        return None


def reports(names: list[str]) -> list[Report]:
    """What is measured: the files named, else all there is."""
    found = [understood(path.read_bytes(), path.name) for path in ([Path(n) for n in names] or files())]
    if not names:
        invented = (clean(kind.value, *rest) for kind, *rest in product(AgencyType, YEARS, (True, False)))
        found += [understood(write(sample, "html"), "sample.html") for sample in invented]
    return [report for report in found if report is not None]


def surrounded(found: list[Report]) -> list[Callable[[], Facts]]:
    """For each report a maker of fresh facts, so that nothing prepared by one run helps the next.

    A report keeps what was prepared of it (its prose, its sentences): each run gets its own, as it left recognition.
    """
    area = profile.load("national", settings.load({}))
    packed = {id(report): pickle.dumps(report) for report in found}
    by_name = {(r.identity.agency, r.identity.year): packed[id(r)] for r in found}
    batches: dict[int | None, list[Report]] = defaultdict(list)
    for report in found:
        batches[report.identity.year].append(report)
    batch = {year: Batch(members) for year, members in batches.items()}

    def maker(report: Report) -> Callable[[], Facts]:
        year = report.identity.year
        prior = by_name.get((report.identity.agency, year - 1)) if year else None
        peers = batch[year].peers(report)

        def make() -> Facts:
            own = pickle.loads(packed[id(report)])
            return Facts(own, area, Task(year), prior=pickle.loads(prior) if prior else None, peers=peers)

        return make

    return [maker(report) for report in found]


def milliseconds(run: Callable[[], object]) -> float:
    """Processor time of one run."""
    start = time.process_time()
    run()
    return (time.process_time() - start) * 1000


def by_family(facts: Facts) -> dict[str, float]:
    """What each family takes for one report, the search for claims apart."""
    spent: dict[str, float] = defaultdict(float)
    spent[CLAIMS] = milliseconds(lambda: facts.claims)
    for code, rule in CATALOGUE.items():
        if facts.profile.enabled(code):
            spent[rule.family.partition("-")[0]] += milliseconds(partial(judge, rule, facts))
    return spent


def told(name: str, spent: list[float], whole: float) -> str:
    """One line: median, worst, and the share of all."""
    return f"{name:8} {statistics.median(spent):7.2f} {max(spent):7.2f} {sum(spent) / whole:6.0%}"


def main(names: list[str]) -> None:
    """Print a line for the whole, for each family and for what is done with the verdicts.

    Every pass goes over all reports, so that texts of a report are no longer in the caches when it comes again.
    """
    makers = surrounded(reports(names))
    for make in makers:
        check(make())
    # The other reports are here for the benchmark's sake: collecting garbage among them is no cost of a check.
    gc.collect()
    gc.freeze()
    spent = [milliseconds(partial(check, make())) for make in makers]
    families = [by_family(make()) for make in makers]
    print(f"{len(makers)} reports, {len(CATALOGUE)} rules; milliseconds a report")
    print(f"{'':8} {'median':>7} {'worst':>7} {'share':>6}")
    print(told("all", spent, sum(spent)))
    for family in dict.fromkeys(f for each in families for f in each):
        print(told(family, [each.get(family, 0.0) for each in families], sum(spent)))
    rest = [max(0.0, all_ - sum(each.values())) for all_, each in zip(spent, families, strict=True)]
    print(told(REST, rest, sum(spent)))


if __name__ == "__main__":
    main(sys.argv[1:])
