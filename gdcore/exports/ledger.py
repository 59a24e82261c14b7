"""The 整改台账 as a workbook in the office's own layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from gdcore import wording
from gdcore.exports import workbook
from gdcore.exports.workbook import Column, Value
from gdcore.lifecycle import FINDING
from gdcore.rules import CATALOGUE
from gdcore.verdict import SEVERITY_NAMES, Severity

if TYPE_CHECKING:
    from gdcore.store.rows import LedgerRow

# The columns that offices use, with their widths in characters.
COLUMNS = (
    Column("序号", 5, middle=True),
    Column("单位", 16),
    Column("报告年度", 6, middle=True),
    Column("问题类别", 9, middle=True),
    Column("问题描述（位置、原文、应为）", 44),
    Column("依据", 24),
    Column("严重程度", 6, middle=True),
    Column("整改要求", 24),
    Column("责任人", 8, middle=True),
    Column("整改时限", 11, middle=True),
    Column("整改情况", 24),
    Column("完成时间", 11, middle=True),
    Column("核验人", 8, middle=True),
    Column("销号状态", 10, middle=True),
    Column("备注", 18),
)


def pieces(rows: Iterable[LedgerRow], year: int, categories: Mapping[str, str]) -> Iterator[bytes]:
    """The workbook, piece by piece. `categories`: the buckets of the scheme by key, 问题类别."""
    lines = (_line(number, row, categories) for number, row in enumerate(rows, start=1))
    title = f"{year} 年度政府信息公开工作年度报告问题整改台账"
    return workbook.pieces("整改台账", title, COLUMNS, lines)


def _line(number: int, row: LedgerRow, categories: Mapping[str, str]) -> list[Value]:
    rule = CATALOGUE.get(row.rule)
    return [
        number,
        row.agency,
        row.year,
        categories.get(row.bucket or "", ""),
        description(row),
        str(rule.basis) if rule else "",
        SEVERITY_NAMES[Severity(row.severity)],
        row.demand or row.suggestion,
        row.responsible,
        row.due,
        situation(row),
        _day(row.finished_at),
        row.verified_by,
        FINDING.names[row.state],
        remark(row),
    ]


def description(row: LedgerRow) -> str:
    """What is wrong, and under it where, what stands there and what should."""
    told = [row.message, f"位置：{wording.describe(row.address)}"]
    told += [f"原文：{row.found}"] if row.found else []
    told += [f"应为：{row.expected}"] if row.expected else []
    return "\n".join(told)


def situation(row: LedgerRow) -> str | None:
    """What was done about it: in the office's words, else what a new version showed."""
    gone = not row.present and row.state in ("corrected", "closed")
    return row.progress or ("新版本中已消失" if gone else None)


def remark(row: LedgerRow) -> str:
    """The office's remark, the evidence of the correction and the end of a waiver."""
    told = [row.remark or ""]
    told += [f"销号依据：{row.evidence}"] if row.evidence else []
    told += [f"豁免至 {row.waiver_until}：{row.reason}"] if row.state in ("waiver_requested", "waived") else []
    return "\n".join(part for part in told if part)


def _day(moment: datetime | None) -> date | None:
    """The day on which something was done, where the desk stands."""
    return moment.astimezone().date() if moment else None
