"""A government's report beside those of its subordinates: who is added up, over which area, and where the sums differ."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gdcore import text
from gdcore.agency import Agency
from gdcore.claims.grammar import EVERY_AGENCY
from gdcore.figure import Figure, amount
from gdcore.form import AgencyType
from gdcore.report import Report
from gdcore.rules.others import borrowed
from gdcore.task import Subordinates, Task

# Differing cells from which it is no coincidence that they are one agency's numbers.
NO_COINCIDENCE = 3
_NONE = Decimal(0)


class Coverage(StrEnum):
    """Over what a government's report says it adds up."""

    WHOLE = "whole"
    OWN = "own"
    UNCLEAR = "unclear"


_DATA = re.compile(r"汇总|合计|数据|统计|申请|主动公开|行政许可|行政处罚|规范性文件|复议|诉讼")
_OWN_ONLY = re.compile(
    r"(本报告|数据|统计|口径|范围)[^。；;]{0,20}(?<!和)(?<!含)(?<!括)[省市县区州]?(政府)?本级(?!(人民)?(政府)?[和及与、各])|本级(数据|口径)"
    r"|不(含|包括|包含)((?![垂党法检驻])[^。；;]){0,12}(部门|乡镇|街道|镇街|下级)|仅(含|为|包括|统计|指|反映)[^。；;]{0,12}(本级|办公[室厅])"
)
_AREA = re.compile(rf"{EVERY_AGENCY.pattern}|本行政区域|全州|全盟|政府系统|市县(乡)?(两|三)级|所辖")
_OWN = re.compile(r"本级")


def is_government(report: Report, agency: Agency | None) -> bool:
    """Whether a report is a government's own: as the roster says, else as its name tells."""
    kind = agency.agency_type if agency and agency.agency_type else report.identity.agency_type
    return kind is AgencyType.GOVERNMENT


def coverage(report: Report) -> Coverage:
    """Over what the numbers of a government's report are told."""
    sentences = [s for _, plain in report.prose.plain for _, s in text.sentences(plain)]
    if any(_OWN_ONLY.search(s) for s in sentences):
        return Coverage.OWN
    told = any(_AREA.search(s) and _DATA.search(s) for s in sentences)
    return Coverage.WHOLE if told else Coverage.UNCLEAR


def names_scope(report: Report) -> bool:
    """Whether the prose has any word for the area or for the own body."""
    return any(_AREA.search(plain) or _OWN.search(plain) for _, plain in report.prose.plain)


def name_of(report: Report) -> str:
    """The agency's name, else the file's."""
    return report.identity.agency or report.file_name


@dataclass(frozen=True, slots=True)
class Area:
    """The reports of one year that a government adds up, each agency once, and the agencies without one."""

    report: Report
    reports: tuple[Report, ...]
    missing: tuple[str, ...]
    coverage: Coverage

    @property
    def whole(self) -> bool:
        """Whether everybody's report is there and the government says that it adds them all up."""
        return not self.missing and self.coverage is Coverage.WHOLE

    @property
    def has_office(self) -> bool:
        """Whether the government's own office, which reports what the government itself did, is among them."""
        return any(r.identity.agency_type is AgencyType.GOV_OFFICE for r in self.reports)

    def summed(self, table: str, row: str, columns: tuple[str, ...]) -> list[Figure]:
        """The sums of the cells of a row over all reports; not known as soon as one of them is not.

        They rest on no cells: these are of other files.
        """
        rows = [_row(r, table, row, columns) for r in self.reports]
        return [amount(cells) for cells in zip(*rows, strict=True)]

    def unread(self, table: str, row: str, columns: tuple[str, ...]) -> list[str]:
        """The agencies of whose row a cell is not known."""
        return [name_of(r) for r in self.reports if any(f.value is None for f in _row(r, table, row, columns))]


def _row(report: Report, table: str, row: str, columns: tuple[str, ...]) -> tuple[Figure, ...]:
    found = report.table(table)
    return found.across(row, columns) if found else tuple([Figure(None) for _ in columns])


def area(report: Report, subordinates: Subordinates, task: Task) -> Area:
    """Who is added up: reports of the same year, without the government's own and without second ones of an agency."""
    year = report.reporting_year(task.year)
    kept: dict[str, Report] = {}
    late: list[str] = []
    for each in subordinates.reports:
        if each.digest == report.digest or name_of(each) == name_of(report):
            continue
        if each.reporting_year() == year and not each.rejection:
            kept.setdefault(name_of(each), each)
        else:
            late.append(name_of(each))
    missing = dict.fromkeys((*subordinates.missing, *(name for name in late if name not in kept)))
    return Area(report, tuple(kept.values()), tuple(missing), coverage(report))


@dataclass(frozen=True, slots=True)
class Gap:
    """One cell of the government's report (`ours`) beside the sum of the others' (`theirs`)."""

    column: str
    ours: Figure
    theirs: Figure

    @property
    def known(self) -> bool:
        """Whether both are."""
        return self.ours.value is not None and self.theirs.value is not None

    @property
    def difference(self) -> Decimal:
        """The government's minus the sum; 0 while one is not known."""
        ours, theirs = self.ours.value, self.theirs.value
        return _NONE if ours is None or theirs is None else ours - theirs or _NONE


@dataclass(frozen=True, slots=True)
class RowGap:
    """The cells of one row, in the order of the form's columns."""

    table: str
    row: str
    cells: tuple[Gap, ...]

    @property
    def differing(self) -> tuple[Gap, ...]:
        """The cells that differ from the sum."""
        return tuple(c for c in self.cells if c.difference)

    @property
    def gravest(self) -> Gap:
        """The cell that the difference is told at: the total where it differs, else the first that does."""
        return next((c for c in self.differing if c.column == "total"), self.differing[0])

    @property
    def surplus(self) -> bool:
        """Whether the government has more there than all the others."""
        return self.gravest.difference > 0


def row_gap(known: Area, table: str, row: str, columns: tuple[str, ...]) -> RowGap:
    """One row of the government's table beside the sums."""
    ours, theirs = _row(known.report, table, row, columns), known.summed(table, row, columns)
    return RowGap(table, row, tuple(map(Gap, columns, ours, theirs)))


def cause(known: Area, rows: Iterable[RowGap]) -> str:
    """The one agency whose own numbers are just the differences: left out, or counted twice; "" if there is none."""
    wanted = [(row.table, row.row, cell.column, cell.difference) for row in rows for cell in row.cells if cell.known]
    if sum(1 for *_, difference in wanted if difference) < NO_COINCIDENCE:
        return ""
    for word, sign in (("漏计", -1), ("重复计算", 1)):
        fits = [r for r in known.reports if all(borrowed(r, *cell).value == sign * d for *cell, d in wanted)]
        if len(fits) == 1:
            return f"差额与{name_of(fits[0])}的数据相同，可能{word}了这个单位"
    return ""
