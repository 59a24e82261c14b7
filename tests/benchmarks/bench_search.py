"""What looking words up takes, with the index and without, and what the index takes when reports come in.

    python tests/benchmarks/bench_search.py FOLDER [--reports N] [WORD …]

FOLDER is a desk that `nation` put down; it is left as it was. Prints processor milliseconds, of searches the best of three. The
findings of N reports are inserted once more, each report's in a transaction, with the triggers of the index and without.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import nation
from sqlalchemy import Connection, delete, insert, select

from gdcore import settings
from gdcore.store import Store, open_store, queries, searching
from gdcore.store.rows import FindingFilter, LedgerFilter
from gdcore.store.tables import FINDING, STALE

YEAR = nation.YEARS[-1]
DAY = date(YEAR + 1, 2, 1)
WORDS = ("教育局", "霁川", "平衡", "部分", "其他需要报告的事项", "没有这句", "总计", "府")
TRIGGERS = ("search_finding_insert", "search_finding_delete")


def spent(action: Callable[[], Any]) -> tuple[float, Any]:
    """Processor milliseconds, the least of three, and the answer."""
    times = []
    for _ in range(3):
        began = time.process_time()
        answer = action()
        times.append((time.process_time() - began) * 1000)
    return min(times), answer


def search(store: Store, words: str) -> str:
    """A line of the table: findings, lines and agencies with the words."""
    asked: Sequence[Callable[[], Any]] = (
        lambda: queries.findings(store, FindingFilter(year=YEAR, q=words)).total,
        lambda: queries.ledger(store, LedgerFilter(YEAR, DAY, DAY, q=words)).total,
        lambda: len(queries.find_agencies(store, words)),
    )
    looked_up = [spent(ask) for ask in asked]
    indexed, searching.indexed = searching.indexed, lambda _: False
    gone_through = [spent(ask) for ask in asked]
    searching.indexed = indexed
    cells = zip(looked_up, gone_through, strict=True)
    return f"{words:12}" + "".join(f"{found:>9} {a:>7.1f} {b:>8.1f}" for (a, found), (b, _) in cells)


def fill(store: Store, reports: int) -> tuple[float, float]:
    """Milliseconds a report that its findings take with the index, and without."""
    columns = [column for column in FINDING.columns if column.name != "id"]
    with store.reading() as connection:
        question = select(*columns).where(FINDING.c.report_id <= reports).order_by(FINDING.c.report_id)
        rows = [dict(row._mapping) for row in connection.execute(question)]
        last = connection.execute(select(FINDING.c.id).order_by(FINDING.c.id.desc()).limit(1)).scalar_one()
    parts = [list(part) for _, part in groupby(rows, key=lambda row: row["report_id"])]
    marks = ", ".join(f"'{name}'" for name in TRIGGERS)
    with store.engine.connect() as connection:
        made = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name IN ({marks})").scalars().all()
        connection.rollback()
        with_index = _filled(connection, parts, last)
        for name in TRIGGERS:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.commit()
        try:
            without = _filled(connection, parts, last)
        finally:
            for statement in made:
                connection.exec_driver_sql(statement)
            connection.commit()
    return with_index, without


def _filled(connection: Connection, parts: Sequence[Sequence[dict[str, Any]]], last: int) -> float:
    began = time.process_time()
    for part in parts:
        connection.execute(insert(FINDING), part)
        connection.execute(delete(STALE))
        connection.commit()
    took = (time.process_time() - began) * 1000 / len(parts)
    connection.execute(delete(FINDING).where(FINDING.c.id > last))
    connection.execute(delete(STALE))
    connection.commit()
    return took


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("words", nargs="*", default=WORDS)
    asked = parser.parse_args(arguments)
    store = open_store(settings.load({"GDCORE_DATA": str(asked.folder)}))
    print(f"{'':12}{'findings':>9} {'index':>7} {'LIKE':>8}{'lines':>9} {'index':>7} {'LIKE':>8}{'agencies':>9}")
    for words in asked.words:
        print(search(store, words), flush=True)
    with_index, without = fill(store, asked.reports)
    print(f"findings of a report come in: {with_index:.2f} ms with the index, {without:.2f} ms without")
    store.close()


if __name__ == "__main__":
    main(sys.argv[1:])
