"""How long each page takes to open and to answer a click when a year holds a thousand reports.

    python tests/benchmarks/bench_pages.py [--reports N] [--clicks N] [PAGE …]

The shipped samples are read and checked once; their rows of one year are then copied, all in one transaction, to as many
invented agencies under ten invented counties: other keys, names, digests and fingerprints, bands of their own except
that one report in twenty is written like the one before it. One finding in three is confirmed, issued or closed.

Prints wall-clock and processor milliseconds (of this process: the machine may be busy with others): the first, cold run of
a page, and the median and 95th percentile of a click, which is a run after a widget was set with the answers of the store
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
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select
from streamlit.testing.v1 import AppTest

from gdcore import intake, settings
from gdcore.store import open_store, tables
from gdcore.store.engine import now
from gdcore.ui import query

ROOT = Path(__file__).parents[2]
YEAR, COUNTIES, ALIKE = 2025, 10, 20
STATES = ("pending", "pending", "confirmed", "pending", "pending", "issued", "pending", "pending", "closed")
SECONDS = 120
# Page → the address it is opened at, and the widget that is set in turn to each of these values.
CLICKS: dict[str, tuple[Mapping[str, str], str, Sequence[Any]]] = {
    "overview": ({}, "overview_show", ("all", "gaps")),
    "intake": ({}, "shell_year", (YEAR - 1, YEAR)),
    "agencies": ({}, "agencies_q", ("局", "甲1县", "")),
    "report": ({"agency": "cloned-8"}, "report_finding", ()),
    "findings": ({}, "findings_sev", (["error"], ["review"], [])),
    "ledger": ({}, "ledger_due", ("overdue", None)),
    "selfcheck": ({}, "shell_year", (YEAR - 1, YEAR)),
    "comparison": ({"agency": "cloned-8"}, "comparison_mode", ("versions", "prior", "alike")),
    "aggregation": ({}, "aggregation_table", ("t2", "t3")),
    "catalogue": ({}, "catalogue_q", ("总计", "")),
    "admin": ({}, "shell_year", (YEAR - 1, YEAR)),
}


# --- the store ------------------------------------------------------------------------------------------------------


def build(folder: Path, reports: int) -> None:
    """A desk with so many reports of one year."""
    store = open_store(settings.load({"GDCORE_DATA": str(folder)}))
    files = sorted(p for p in (ROOT / "data" / "reports").glob("*") if p.suffix != ".json")
    intake.run_batch(store, intake.submit(store, [(p.name, p.read_bytes()) for p in files]))
    with store.writing() as connection:
        copies(connection, reports)
    store.close()


def copies(connection: Connection, reports: int) -> None:
    """The rows of the year's reports, again and again under other names."""
    originals = _rows(connection, tables.REPORT, tables.REPORT.c.year == YEAR, tables.REPORT.c.current)
    hanging = {
        table: {row["id"]: _rows(connection, table, table.c.report_id == row["id"]) for row in originals}
        for table in (tables.FINDING, tables.WRITING, tables.BAND)
    }
    kinds = {row["key"]: row["agency_type"] for row in _rows(connection, tables.AGENCY)}
    counties = [_agency(f"county-{n}", f"甲{n}县人民政府", "government", None) for n in range(COUNTIES)]
    made: dict[Table, list[dict[str, Any]]] = {tables.AGENCY: counties, tables.REPORT: []}
    first = max(row["id"] for row in _rows(connection, tables.REPORT)) + 1
    for number, row in zip(range(reports), itertools.cycle(originals), strict=False):
        key, report_id = f"cloned-{number}", first + number
        county = f"county-{number % COUNTIES}"
        name = f"甲{number % COUNTIES}县第{number}局"
        made[tables.AGENCY].append(_agency(key, name, kinds[row["agency_key"]], county))
        digest = f"{number:064x}"
        file = {"digest": digest, "file_name": f"{name}年报.docx", "sample": False}
        made[tables.REPORT].append(row | file | {"id": report_id, "agency_key": key, "version": 1})
        for table, lines in _hanging(hanging, row["id"], report_id, key, number).items():
            made.setdefault(table, []).extend(lines)
    made[tables.AGENCY_NAME] = [{"name": a["name"], "agency_key": a["key"], "kind": "own"} for a in made[tables.AGENCY]]
    made[tables.FILING] = [_filing(row["agency_key"]) for row in made[tables.REPORT]]
    for table in (tables.AGENCY, tables.AGENCY_NAME, tables.REPORT, *hanging, tables.FINDING_STATE, tables.FILING):
        connection.execute(insert(table), made[table])


def _rows(connection: Connection, table: Table, *where: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).where(*where)).mappings()]


def _agency(key: str, name: str, kind: str | None, superior: str | None) -> dict[str, Any]:
    return {"key": key, "name": name, "agency_type": kind, "superior_key": superior, "source": "roster"}


def _filing(key: str) -> dict[str, Any]:
    return {"agency_key": key, "year": YEAR, "state": "filed", "round": 0, "actor": "程序", "moved_at": now()}


def _hanging(
    hanging: Mapping[Table, Mapping[int, Sequence[Mapping[str, Any]]]], before: int, after: int, key: str, number: int
) -> dict[Table, list[dict[str, Any]]]:
    """What hangs on report `before`, hung on its copy: findings, their lines in the ledger, texts and bands."""
    findings = [
        {**{k: v for k, v in row.items() if k != "id"}, "report_id": after, "agency_key": key}
        | {"fingerprint": f"{row['fingerprint']}-{number}", "state": STATES[(n + number) % len(STATES)]}
        for n, row in enumerate(hanging[tables.FINDING][before])
    ]
    writer = number - 1 if number % ALIKE == 0 else number
    bands = [{"value": row["value"] + 7 * writer, "report_id": after} for row in hanging[tables.BAND][before]]
    texts = [{**row, "report_id": after} for row in hanging[tables.WRITING][before]]
    decided = [_line(row, n) for n, row in enumerate(findings) if row["state"] != "pending"]
    return {tables.FINDING: findings, tables.BAND: bands, tables.WRITING: texts, tables.FINDING_STATE: decided}


_COPIED = (
    "fingerprint",
    "state",
    "agency_key",
    "year",
    "rule",
    "severity",
    "bucket",
    "address",
    "message",
    "suggestion",
)


def _line(finding: Mapping[str, Any], number: int) -> dict[str, Any]:
    due = date.today() + timedelta(days=number * 3 - 9)
    laid_down = {"due": due, "issued_at": now()} if finding["state"] == "issued" else {"due": None, "issued_at": None}
    return {name: finding[name] for name in _COPIED} | laid_down | {
        "actor": "王审核", "decided_at": now(), "version": 1, "present": True,
    }  # fmt: skip


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
        app.query_params[name] = value
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
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--clicks", type=int, default=9)
    parser.add_argument("--data", type=Path, help="keep the desk here and use it again")
    parser.add_argument("pages", nargs="*", default=list(CLICKS))
    asked = parser.parse_args(arguments)
    logging.disable(logging.WARNING)  # streamlit's, that there is no server
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.data or Path(passing)
        if not (folder / "store").exists():
            wall, _ = timed(lambda: build(folder, asked.reports))
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
