"""Findings as CSV for spreadsheets: UTF-8 with BOM, CRLF, one finding a row, nothing that runs as a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from gdcore import wording
from gdcore.finding import Finding
from gdcore.lifecycle import FINDING
from gdcore.rules import CATALOGUE
from gdcore.verdict import OUTCOME_NAMES, SEVERITY_NAMES

if TYPE_CHECKING:
    from gdcore.selfcheck import FileResult
    from gdcore.store.rows import FindingRow

COLUMNS = (
    "单位", "报告年度", "规则编号", "规则名称", "严重程度", "结论", "位置", "原文", "应为", "说明", "整改建议", "依据", "状态",
    "得分影响", "文件", "版本",
)  # fmt: skip
BOM = b"\xef\xbb\xbf"

_PLACES = 5  # places that are named; of more only the number is told

Value = str | int | float
_NUMBER = re.compile(r"[+\-−]?\d+(\.\d+)?%?")
# Excel, WPS and LibreOffice run what begins so; the full-width signs count in East Asian versions.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def of_store(rows: Iterable[FindingRow]) -> Iterator[bytes]:
    """The findings of the store, piece by piece."""
    return encode(line(r.finding, r.agency, r.year, r.state, r.points, r.file, r.version) for r in rows)


def of_check(results: Iterable[FileResult]) -> Iterator[bytes]:
    """The findings of files that were checked and not stored."""
    return encode(_check_lines(results))


def _check_lines(results: Iterable[FileResult]) -> Iterator[list[Value]]:
    for result in results:
        if result.report is None or result.checked is None:
            continue
        identity = result.report.identity
        points = result.score.points() if result.score and result.score.total is not None else {}
        for finding in result.checked.findings:
            cost = points.get(finding.fingerprint, 0)
            yield line(finding, identity.agency or "", identity.year, FINDING.start, cost, result.file, 1)


def line(
    finding: Finding, agency: str, year: int | None, state: str, points: float, file: str, version: int
) -> list[Value]:
    """The values of one row, in the order of COLUMNS."""
    rule = CATALOGUE.get(finding.rule)
    return [
        agency,
        year if year is not None else "",
        finding.rule,
        rule.name if rule else "",
        SEVERITY_NAMES[finding.severity],
        OUTCOME_NAMES[finding.outcome],
        position(finding),
        finding.found or "",
        finding.expected or "",
        finding.message,
        finding.suggestion,
        str(rule.basis) if rule else "",
        FINDING.names.get(state, state),
        whole(points),
        file,
        version,
    ]


def position(finding: Finding) -> str:
    """Where it stands: in the form's words, then where that is printed."""
    printed = list(dict.fromkeys(place for a in finding.anchors if (place := a.place.describe())))
    where = wording.describe(finding.address)
    more = f"等 {len(printed)} 处" if len(printed) > _PLACES else ""
    return f"{where}（{'、'.join(printed[:_PLACES])}{more}）" if printed else where


def encode(lines: Iterable[Sequence[Value]], columns: Sequence[str] = COLUMNS) -> Iterator[bytes]:
    """A table as the bytes of a CSV file, row by row."""
    yield BOM + _row(columns)
    for values in lines:
        yield _row(values)


def _row(values: Sequence[Value]) -> bytes:
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([safe(value) for value in values])
    return buffer.getvalue().encode()


def safe(value: Value) -> Value:
    """A value that no spreadsheet runs: text that begins like a formula gets an apostrophe; numbers stay numbers."""
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value


def whole(points: float) -> float | int:
    """5.0 → 5: whole points are told as whole numbers."""
    return int(points) if points == int(points) else points
