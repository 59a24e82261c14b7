"""How long each page takes to open and to answer a click when the desk holds a thousand, or a nation's, reports.

    python tests/benchmarks/bench_pages.py [--reports N] [--data FOLDER] [--clicks N] [PAGE …]

The desk is put down by `nation` (three years; two million findings for 300,000 reports), or taken from FOLDER if there is
one. Prints wall-clock and processor milliseconds (of this process: the machine may be busy with others): the first, cold run
of a page, and the median and 95th percentile of a click, which is a run after a widget was set with the answers of the store
forgotten, as after every change. Asserts nothing, pytest does not collect it.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nation
from streamlit.testing.v1 import AppTest

from gdcore.ui import query

ROOT = Path(__file__).parents[2]
YEAR = nation.YEARS[-1]
AGENCY = "(one that filed)"
SECONDS = 120
# Page → the address it is opened at, and the widget that is set in turn to each of these values.
CLICKS: dict[str, tuple[Mapping[str, str], str, Sequence[Any]]] = {
    "overview": ({}, "overview_show", ("all", "gaps")),
    "intake": ({}, "shell_year", (YEAR - 1, YEAR)),
    "agencies": ({}, "agencies_q", ("教育局", "霁川", "")),
    "report": ({"agency": AGENCY}, "report_finding", ()),
    "findings": ({}, "findings_sev", (["error"], ["review"], [])),
    "ledger": ({}, "ledger_due", ("overdue", None)),
    "selfcheck": ({}, "shell_year", (YEAR - 1, YEAR)),
    "comparison": ({"agency": AGENCY}, "comparison_mode", ("versions", "prior")),
    "publication": ({}, "publication_q", ("教育局", "")),
    "aggregation": ({}, "aggregation_table", ("t2", "t3")),
    "catalogue": ({}, "catalogue_q", ("总计", "")),
    "admin": ({}, "shell_year", (YEAR - 1, YEAR)),
}


# --- the pages ------------------------------------------------------------------------------------------------------


def timed(action: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of wall-clock and of processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    action()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def measure(page: str, clicks: int) -> tuple[tuple[float, float], list[tuple[float, float]]]:
    """The cold run of a page, and its clicks."""
    address, widget, values = CLICKS[page]
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=SECONDS)
    app.query_params["year"] = str(YEAR)
    for name, value in address.items():
        app.query_params[name] = query.first_filed(YEAR) if value == AGENCY else value
    cold = timed(lambda: _run(app))
    turns = itertools.cycle(values or _options(app, widget))
    return cold, [_click(app, widget, next(turns)) for _ in range(clicks)]


def _click(app: AppTest, widget: str, value: Any) -> tuple[float, float]:
    query.refresh()
    _widget(app, widget).set_value(value)
    return timed(lambda: _run(app))


def _widget(app: AppTest, key: str) -> Any:
    return next(element for element in _widgets(app) if getattr(element, "key", None) == key)


def _widgets(app: AppTest) -> Iterator[Any]:
    for kind in ("selectbox", "segmented_control", "pills", "text_input", "radio", "toggle", "button_group"):
        yield from app.get(kind)


def _options(app: AppTest, key: str) -> Sequence[Any]:
    """The labels of what can be chosen."""
    return list(_widget(app, key).options)


def _run(app: AppTest) -> None:
    app.run()
    if app.exception or app.error:
        raise SystemExit(f"{[e.value for e in (*app.exception, *app.error)]}")


def main(arguments: Sequence[str]) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=3000)
    parser.add_argument("--clicks", type=int, default=9)
    parser.add_argument("--data", type=Path, help="keep the desk here and use it again")
    parser.add_argument("pages", nargs="*", default=list(CLICKS))
    asked = parser.parse_args(arguments)
    logging.disable(logging.WARNING)  # streamlit's, that there is no server
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.data or Path(passing)
        if not (folder / "store").exists():
            wall, _ = timed(lambda: nation.build(folder, asked.reports))
            print(f"{asked.reports} reports put down in {wall / 1000:.0f} s", flush=True)
        os.environ["GDCORE_DATA"] = str(folder)
        print(f"{'ms wall (processor)':20}{'first':>16}{'click, median':>16}{'click, p95':>16}", flush=True)
        for page in asked.pages:
            cold, clicks = measure(page, asked.clicks)
            print(
                f"{page:20}" + "".join(f"{w:>8.0f} {f'({c:.0f})':>7}" for w, c in (cold, *_shares(clicks))), flush=True
            )


def _shares(clicks: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Median and 95th percentile of each of the two clocks."""
    walls, cpus = (sorted(column) for column in zip(*clicks, strict=True))
    last = round(0.95 * (len(clicks) - 1))
    return [(statistics.median(walls), statistics.median(cpus)), (walls[last], cpus[last])]


if __name__ == "__main__":
    main(sys.argv[1:])
