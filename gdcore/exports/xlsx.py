"""Findings as a workbook: the columns of the CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gdcore.exports import csv, workbook
from gdcore.exports.workbook import Column

if TYPE_CHECKING:
    from gdcore.store.rows import FindingRow

_WIDTHS = {
    "单位": 20,
    "规则名称": 22,
    "位置": 26,
    "原文": 26,
    "应为": 20,
    "说明": 44,
    "整改建议": 30,
    "依据": 30,
    "文件": 26,
}
_NARROW = 9  # characters
COLUMNS = tuple(Column(name, _WIDTHS.get(name, _NARROW), middle=name not in _WIDTHS) for name in csv.COLUMNS)


def of_store(rows: Iterable[FindingRow]) -> Iterator[bytes]:
    """The findings of the store, piece by piece."""
    lines = (csv.line(r.finding, r.agency, r.year, r.state, r.points, r.file, r.version) for r in rows)
    return workbook.pieces("问题清单", "", COLUMNS, lines)
