"""A desk with as many reports as a nation has, put down in minutes: for benchmarks only.

    python tests/benchmarks/nation.py FOLDER --reports 300000

Some hundred invented reports with several faults each are read and checked by the real engine; their rows are then copied
to the agencies of an invented country (`gdcore.samples.country`) for three years: other keys, names, digests and
fingerprints. One finding in three is confirmed, issued or closed and has its line in the 整改台账. About seven findings a
report: two million for 300,000 reports.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection, insert
from sqlmodel import SQLModel

from gdcore import intake, settings
from gdcore.samples import apply, country
from gdcore.store import open_store, tables

YEARS = (2023, 2024, 2025)
TEMPLATES = 138  # agencies of three counties, a city and a province
FAULTS = (1, 5, 10, 2, 7)  # how many cells are wrong in one template after another
ROWS = ("carried_out", "granted_full", "denied_third_party", "unable_not_held")
COLUMNS = ("natural_person", "business", "research", "ngo", "legal_service", "other_org")


def build(folder: Path, reports: int) -> None:
    """A desk with so many reports, a third of them in each year. SQLite only: it is filled by the database itself."""
    bodies = list(country.Country(reports // len(YEARS)).roster())[: reports // len(YEARS)]
    with tempfile.TemporaryDirectory() as templates:
        _check(Path(templates))
        store = open_store(settings.load({"GDCORE_DATA": str(folder)}))
        other = settings.load({"GDCORE_DATA": templates}).database_url.removeprefix("sqlite:///")
        with store.engine.connect() as connection:
            connection.exec_driver_sql(f"ATTACH '{other}' AS sample")
        with store.writing() as connection:
            _agencies(connection, bodies)
            _plan(connection, bodies)
            for table in COPIED:
                _copy(connection, table)
        with store.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
        store.close()


def _check(folder: Path) -> None:
    """The templates, read and checked."""
    store = open_store(settings.load({"GDCORE_DATA": str(folder)}))
    intake.run_batch(store, intake.submit(store, list(_files())))
    store.close()


def _files() -> Iterator[tuple[str, bytes]]:
    for number, filed in enumerate(country.Country(TEMPLATES, faulty=0, missing=0, formats={"html": 1}).reports()):
        sample = filed.sample
        for n in range(FAULTS[number % len(FAULTS)] if sample.spec.active else 0):
            row, column = ROWS[(number + n) % len(ROWS)], COLUMNS[(number + n) % len(COLUMNS)]
            sample = apply(sample, {"set": {f"t3.{row}.{column}": str(60 + n)}})
        if number % 4 == 1:
            sample = apply(sample, {"drop": ["s6"]})
        yield filed.file_name, country.Filed(filed.body, filed.year, "html", "", sample).bytes()


# --- copies -----------------------------------------------------------------------------------------------------------


def _agencies(connection: Connection, bodies: Iterable[country.Body]) -> None:
    rows = [
        {
            "key": body.name,
            "name": body.name,
            "agency_type": body.kind.value,
            "superior_key": body.superior or None,
            "area": body.area,
            "source": "roster",
        }
        for body in bodies
    ]
    connection.execute(insert(tables.AGENCY), rows)
    names = [{"name": row["name"], "agency_key": row["key"], "kind": "own"} for row in rows]
    connection.execute(insert(tables.AGENCY_NAME), names)


def _plan(connection: Connection, bodies: Sequence[country.Body]) -> None:
    """Which template each report is a copy of; `writer`: whose bands it has."""
    own = defaultdict(list)
    kinds = "SELECT a.agency_type, r.id FROM sample.report r JOIN sample.agency a ON a.key = r.agency_key"
    for kind, template in connection.exec_driver_sql(kinds):
        own[kind].append(template)
    connection.exec_driver_sql("CREATE TEMP TABLE plan (number INTEGER PRIMARY KEY, key, year, template, writer)")
    numbers = enumerate(itertools.product(YEARS, bodies), 1)
    rows = [
        (n, body.name, year, own[body.kind][n % len(own[body.kind])], n - (n % 20 == 0)) for n, (year, body) in numbers
    ]
    connection.exec_driver_sql("INSERT INTO plan VALUES (?, ?, ?, ?, ?)", rows)
    connection.exec_driver_sql("CREATE INDEX temp.by_template ON plan (template)")


# Table → what differs from its template, by column; `plan` gives number, key and year, `o` is the template's row.
_STATE = "CASE (o.position + number) % 9 WHEN 2 THEN 'confirmed' WHEN 5 THEN 'issued' WHEN 8 THEN 'closed' ELSE 'pending' END"
_MARK = "substr(o.fingerprint, 1, 16) || '-' || number || '-' || o.position"
_WHOSE = {"agency_key": "plan.key", "year": "plan.year", "report_id": "plan.number"}
_FINDING = _WHOSE | {
    "fingerprint": _MARK,
    "state": _STATE,
    "standing": f"CASE {_STATE} WHEN 'pending' THEN o.standing ELSE o.severity END",
}
_DUE = f"CASE {_STATE} WHEN 'issued' THEN date('now', ((o.position + number) % 40 * 3 - 9) || ' days') END"
COPIED: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "report": (
        "report",
        "1",
        _WHOSE
        | {
            "id": "plan.number",
            "digest": "printf('%064x', number)",
            "file_name": "plan.key || plan.year || '年报.html'",
        },
    ),
    "finding": ("finding", "1", _FINDING),
    "finding_state": (
        "finding",
        f"{_STATE} <> 'pending'",
        _FINDING
        | {
            "actor": "'王审核'",
            "decided_at": "datetime('now')",
            "reason": "''",
            "note": "''",
            "version": "1",
            "present": "1",
            "due": _DUE,
        },
    ),
    "writing": ("writing", f"plan.year = {YEARS[-1]}", _WHOSE),  # other years' texts are not compared
    "band": ("band", f"plan.year = {YEARS[-1]}", _WHOSE | {"value": "o.value + 7 * plan.writer"}),
    "filing": (
        "report",
        "1",
        _WHOSE
        | {
            "state": "CASE number % 3 WHEN 0 THEN 'filed' WHEN 1 THEN 'in_review' ELSE 'approved' END",
            "round": "0",
            "actor": "'程序'",
            "moved_at": "datetime('now')",
        },
    ),
}


def _copy(connection: Connection, table: str) -> None:
    source, where, changed = COPIED[table]
    names = {c.name for c in SQLModel.metadata.tables[source].columns}
    columns = [c.name for c in SQLModel.metadata.tables[table].columns]
    chosen = {c: changed.get(c, f"o.{c}") for c in columns if c in changed or c in names}
    if table != "report":
        chosen.pop("id", None)
    key = "id" if source == "report" else "report_id"
    listed = ", ".join(chosen)
    connection.exec_driver_sql(
        f"INSERT INTO main.{table} ({listed}) SELECT {', '.join(chosen.values())} "
        f"FROM plan CROSS JOIN sample.{source} o ON o.{key} = plan.template WHERE {where} ORDER BY plan.number"
    )


def main(arguments: Sequence[str]) -> None:
    """Put one down."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=3_000)
    asked = parser.parse_args(arguments)
    began = time.perf_counter()
    build(asked.folder, asked.reports)
    print(f"{asked.reports} reports put down in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
