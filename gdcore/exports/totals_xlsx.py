"""The sums of an area as a workbook: the three official tables, who is counted, what differs, and every agency's cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from gdcore import aggregation
from gdcore.aggregation import LEFT_OUT_NAMES, Comparison, Sum, Totals
from gdcore.exports import official
from gdcore.exports.csv import safe
from gdcore.form import AGENCY_TYPE_NAMES, TABLE_NAMES
from gdcore.samples.layout import Cell, Role
from gdcore.tally import REASON_NAMES, TABLES, Reason

DETAIL_ROWS = 100_000  # beyond them cells that are 0 are left out: a workbook of millions of cells opens nowhere
SHEET_ROWS = 1_000_000  # a sheet has a few more
_DETAIL_HEAD = ("表", "项目", "列", "位置", "单位", "数值", "计量", "说明")
_ABOVE = 3  # rows above an official table: its heading, its coverage, a blank one
_WIDTHS = {"t2": (26, 18, 18, 22), "t3": (9, 11, 44, 9, 9, 9, 9, 9, 9, 9), "t4": (8,) * 15}
_NOTE_PX = {"width": 300, "height": 110}

Value = str | int | float | None
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "border": 1, "bg_color": "#EEF1F4", "align": "center", "text_wrap": True},
    "label": {"border": 1, "text_wrap": True},
    "value": {"border": 1, "align": "right"},
    "lacking": {"border": 1, "align": "right", "bg_color": "#E3E8EC"},
    "differs": {"border": 1, "align": "right", "bg_color": "#FDF1DF", "bold": True},
}


@dataclass(frozen=True, slots=True)
class _Book:
    book: Any
    formats: dict[str, Any]

    def sheet(self, name: str) -> Any:
        return self.book.add_worksheet(name)

    def put(self, sheet: Any, row: int, column: int, value: Value, look: str = "text") -> None:
        """Numbers as numbers; text as text that no spreadsheet runs."""
        if value is None:
            sheet.write_blank(row, column, None, self.formats[look])
        elif isinstance(value, str):
            sheet.write_string(row, column, str(safe(value)), self.formats[look])
        else:
            sheet.write_number(row, column, value, self.formats[look])

    def listing(self, sheet: Any, start: int, widths: Sequence[int], rows: Iterable[Sequence[Value]]) -> None:
        """A plain list; its first row is the header, kept in view."""
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        last = start
        for last, values in enumerate(rows, start):
            for column, value in enumerate(values):
                self.put(sheet, last, column, value, "head" if last == start else "text")
        sheet.freeze_panes(start + 1, 0)
        sheet.autofilter(start, 0, last, len(widths) - 1)


def workbook(totals: Totals) -> bytes:
    """The bytes of the XLSX file."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        made = _Book(book, {name: book.add_format(_FONT | look) for name, look in _FORMATS.items()})
        for table in TABLES:
            _official(made, totals, table)
        _coverage(made, totals)
        if totals.comparison is Comparison.POSSIBLE:
            _differences(made, totals)
        _details(made, totals)
    return out.getvalue()


# --- the official tables ----------------------------------------------------------------------------------------------


def _official(made: _Book, totals: Totals, table: str) -> None:
    sheet, grid = made.sheet(TABLE_NAMES[table]), official.layout(table, totals.edition)
    for column, width in enumerate(_WIDTHS[table]):
        sheet.set_column(column, column, width)
    made.put(sheet, 0, 0, official.heading(table), "title")
    sheet.merge_range(1, 0, 1, grid.width - 1, "", made.formats["wrapped"])
    made.put(sheet, 1, 0, official.coverage_note(totals, table), "wrapped")
    sheet.set_row(1, 45)
    for cell in grid.cells:
        found = totals.sums[cell.text] if cell.role is Role.VALUE else None
        _cell(made, sheet, cell, *(_printed(totals, found) if found else (cell.text, _look(cell))))
        note = _note(totals, found) if found else ""
        if note:
            sheet.write_comment(cell.row + _ABOVE, cell.column, note, _NOTE_PX)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _look(cell: Cell) -> str:
    return "label" if cell.role is Role.LABEL else "head"


def _cell(made: _Book, sheet: Any, cell: Cell, value: Value, look: str) -> None:
    row, bottom = cell.row + _ABOVE, cell.bottom - 1 + _ABOVE
    if cell.row_span * cell.column_span > 1:
        sheet.merge_range(row, cell.column, bottom, cell.right - 1, "", made.formats[look])
    made.put(sheet, row, cell.column, value, look)


def _printed(totals: Totals, cell: Sum) -> tuple[Value, str]:
    value = cell.figure.value
    look = "differs" if cell.differs and totals.whole(cell) else "lacking" if totals.lacking(cell) else "value"
    return official.NOTHING if value is None else official.number(value), look


def _note(totals: Totals, cell: Sum) -> str:
    """What the number does not say: who is missing in this cell beside the table's, and what the government prints."""
    lacking = aggregation.covers(totals, cell) if totals.lacking(cell) else ""
    return "\n".join(filter(None, (lacking, aggregation.beside(cell) if cell.differs else "")))


# --- the lists --------------------------------------------------------------------------------------------------------


def _coverage(made: _Book, totals: Totals) -> None:
    sheet = made.sheet("覆盖情况")
    lines = [official.title(totals), official.scope_note(totals), *(official.coverage_note(totals, t) for t in TABLES)]
    for row, line in enumerate(lines):
        made.put(sheet, row, 0, line, "title" if row == 0 else "text")
    made.listing(sheet, len(lines) + 1, (34, 12, 22, 22, 22, 40), _coverage_rows(totals))


def _coverage_rows(totals: Totals) -> Iterator[Sequence[Value]]:
    yield ("单位", "类型", *(TABLE_NAMES[t] for t in TABLES), "说明")
    for member in totals.scope.members:
        known = totals.tallies.get(member.key)
        reasons = [known.reason(t) if known else Reason.NOT_FILED for t in TABLES]
        told = [REASON_NAMES[reason] if reason else "计入" for reason in reasons]
        gaps = f"{len(known.gaps)} 格空白、未能识别或版本不同，未计入" if known and known.gaps else ""
        yield (member.name, AGENCY_TYPE_NAMES[member.kind] if member.kind else "", *told, gaps)
    for member, why in totals.scope.left_out:
        kind = AGENCY_TYPE_NAMES[member.kind] if member.kind else ""
        yield (member.name, kind, *["不计入"] * len(TABLES), LEFT_OUT_NAMES[why])


def _differences(made: _Book, totals: Totals) -> None:
    sheet = made.sheet("与政府年报核对")
    government = totals.scope.government.name if totals.scope.government else ""
    made.put(sheet, 0, 0, f"合计与{government}年报不一致的单元格；覆盖不全的，差额只供参考。")
    made.listing(sheet, 2, (8, 44, 16, 14, 14, 12, 8, 10, 10, 30), _difference_rows(totals))


def _difference_rows(totals: Totals) -> Iterator[Sequence[Value]]:
    yield ("表", "项目", "列", "合计", "政府年报", "相差", "计量", "覆盖家数", "应计入", "说明")
    for cell in official.compared(totals):
        known = (cell.figure.value, cell.ours.value if cell.ours else None, cell.difference)
        numbers = [_number(value) for value in known]
        due = len(totals.scope.members)
        told = "覆盖完整" if totals.whole(cell) else "覆盖不全，差额只供参考"
        yield (*official.words(cell), *numbers, aggregation.unit(cell.address), cell.covered, due, told)


def _details(made: _Book, totals: Totals) -> None:
    """Every cell of every agency, on as many sheets as it takes."""
    shortened = len(totals.sums) * len(totals.scope.members) > DETAIL_ROWS
    rows = list(_detail_rows(totals, shortened))
    for start in range(0, max(len(rows), 1), SHEET_ROWS):
        sheet = made.sheet("明细" if start == 0 else f"明细（{start // SHEET_ROWS + 1}）")
        if shortened:
            made.put(sheet, 0, 0, "单位较多，为 0 的单元格未列出。")
        listed = (_DETAIL_HEAD, *rows[start : start + SHEET_ROWS])
        made.listing(sheet, int(shortened), (8, 44, 16, 32, 34, 14, 8, 24), listed)


def _detail_rows(totals: Totals, shortened: bool) -> Iterator[Sequence[Value]]:
    for cell in totals.sums.values():
        where, unit = (*official.words(cell), cell.address), aggregation.unit(cell.address)
        for share in totals.shares(cell):
            value = share.figure.value if share.figure else None
            if value != 0 or not shortened:
                yield (*where, share.member.name, _number(value), unit, aggregation.remark(share))


def _number(value: Decimal | None) -> Value:
    return None if value is None else official.number(value)
