"""Spreadsheets (.xlsx): what a printout of the visible sheets shows, merged cells as spans."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from gdcore.document import Block, Paragraph, Table
from gdcore.errors import DamagedFile, UnsupportedFormat
from gdcore.place import Place
from gdcore.readers import grid, package
from gdcore.readers.content import Content
from gdcore.readers.package import Package, child, children, tag

MAX_SHEETS: Final = 100
MAX_FILLED: Final = 200_000  # filled cells of one sheet
LAST_COLUMN: Final = 16_384
MAX_WIDTH: Final = 200  # columns of a table
LONG_TEXT: Final = 40  # characters from which a cell alone in its row is a paragraph
MAX_EXPONENT: Final = 30  # powers of ten; numbers beyond are printed as they are stored

_OLE = b"\xd0\xcf\x11\xe0"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_PERCENT_FORMATS = {9: 0, 10: 2}  # built-in number format → decimals


def read(data: bytes) -> Content:
    """Each visible sheet in its order: a table for each block of neighbouring rows, long texts as paragraphs.

    Raises UnsupportedFormat for .xls, .et and .xlsb, EncryptedFile and DamagedFile.
    """
    if data.startswith(_OLE):
        raise UnsupportedFormat(
            "这是旧版电子表格（.xls、.et），暂不能读取。", "请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传。"
        )
    with package.opened(data, "电子表格") as parts:
        if "xl/workbook.bin" in parts.names:
            raise UnsupportedFormat(
                "这是二进制电子表格（.xlsb），暂不能读取。", "请用 Excel 打开后另存为 .xlsx，再重新上传。"
            )
        book = _book(parts)
        walk = _Walk()
        for path in book.sheets:
            sheet = parts.part(path)
            if sheet is None:
                raise parts.damaged()
            walk.sheet(_printed(sheet, book))
        core = parts.part("docProps/core.xml")
    metadata = {tag(entry): (entry.text or "").strip() for entry in (core if core is not None else ())}
    metadata = {name: text for name, text in metadata.items() if name and text}
    return Content(tuple(walk.blocks), metadata.get("title"), metadata)


# --- the workbook ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Book:
    """What all sheets share: the paths of the visible ones, texts, number formats, the day that dates count from."""

    sheets: Sequence[str]
    texts: Sequence[str]
    formats: Sequence[tuple[int, str]]  # style → number format: its number, and its code where the file defines it
    first_day: datetime


def _book(parts: Package) -> _Book:
    path = "xl/workbook.xml"
    workbook, relations = parts.part(path), parts.part("xl/_rels/workbook.xml.rels")
    if workbook is None or relations is None:
        raise parts.damaged()
    targets = {r.get("Id", ""): package.beside(path, r.get("Target", "")) for r in children(relations, "Relationship")}
    sheets = []
    for sheet in children(child(workbook, "sheets"), "sheet"):
        target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION) or "", "")
        if sheet.get("state", "visible") == "visible" and "chartsheet" not in target:
            sheets.append(target)
    if len(sheets) > MAX_SHEETS:
        raise DamagedFile("电子表格的工作表多得不合常理，无法读取。")
    properties = child(workbook, "workbookPr")
    from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    shared = parts.part("xl/sharedStrings.xml")
    return _Book(
        sheets,
        [_text(entry) for entry in children(shared, "si")],
        list(_formats(parts.part("xl/styles.xml"))),
        datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30),
    )


def _text(element: etree._Element) -> str:
    """The text of a string, whose runs may be formatted each in its way; phonetic guides are left out."""
    guides = {part for guide in element.iter() if tag(guide) == "rPh" for part in guide}
    return "".join(part.text or "" for part in element.iter() if tag(part) == "t" and part not in guides)


def _formats(styles: etree._Element | None) -> Iterator[tuple[int, str]]:
    own = {_count(f.get("numFmtId")): f.get("formatCode", "") for f in children(child(styles, "numFmts"), "numFmt")}
    for style in children(child(styles, "cellXfs"), "xf"):
        number = _count(style.get("numFmtId"))
        yield number, own.get(number, "")


def _count(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else 0


# --- cells ----------------------------------------------------------------------------------------------------------

_Spot = tuple[int, int]  # row and column from 1


def _cells(sheet: etree._Element, book: _Book) -> dict[_Spot, str]:
    """The filled cells as displayed."""
    found: dict[_Spot, str] = {}
    row = 0
    for line in children(child(sheet, "sheetData"), "row"):
        row, column = _count(line.get("r")) or row + 1, 0
        for cell in children(line, "c"):
            spot = _spot(cell.get("r", ""))
            column = spot[1] if spot else column + 1
            text = _displayed(cell, book).strip()
            if text:
                found[row, column] = text
        if len(found) > MAX_FILLED:
            raise DamagedFile("工作表的单元格多得不合常理，无法读取。")
    return found


def _spot(reference: str) -> _Spot | None:
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _displayed(cell: etree._Element, book: _Book) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = child(cell, "is")
        return _text(inline) if inline is not None else ""
    value = child(cell, "v")
    raw = (value.text or "").strip() if value is not None else ""
    if kind == "s":
        n = _count(raw)
        return book.texts[n] if raw and n < len(book.texts) else ""
    if kind == "b":
        return "TRUE" if raw == "1" else "FALSE"
    if kind != "n" or not raw:
        return raw
    style = _count(cell.get("s"))
    return _number(raw, *(book.formats[style] if style < len(book.formats) else (0, "")), book.first_day)


def _number(raw: str, number: int, code: str, first_day: datetime) -> str:
    """A number as typed (12, 282.1), percentages and dates as displayed."""
    try:
        value = Decimal(repr(float(raw)))  # what was typed, without the noise of binary fractions
    except (ValueError, InvalidOperation):
        return raw
    if not value.is_finite() or abs(value.adjusted()) > MAX_EXPONENT:
        return raw
    bare = _QUOTED.sub("", code.split(";")[0])
    if number in _PERCENT_FORMATS or "%" in bare:
        decimals = _PERCENT_FORMATS.get(number, len(re.sub(r"[^0#?]", "", bare.partition(".")[2])))
        return f"{value * 100:.{decimals}f}%"
    if number in _DATE_FORMATS or re.search(r"[ymdh]", bare, re.IGNORECASE):
        return _date(value, first_day) or f"{value:f}"
    return f"{value:f}" if value != value.to_integral_value() else f"{value.to_integral_value():f}"


def _date(days: Decimal, first_day: datetime) -> str | None:
    try:
        moment = first_day + timedelta(seconds=round(float(days) * 86_400))
    except OverflowError:
        return None
    if days < 1:
        return moment.strftime("%H:%M")
    return moment.strftime("%Y-%m-%d" if days == days.to_integral_value() else "%Y-%m-%d %H:%M")


# --- sheets to blocks -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Printed:
    """A cell of the printout: its text and what it spans there."""

    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class _Axis:
    """Rows or columns without the hidden ones."""

    hidden: Sequence[int]  # in order

    def shown(self, first: int, last: int) -> range:
        """Which rows or columns of the printout `first` to `last` become."""
        return range(first - bisect_left(self.hidden, first), last + 1 - bisect_right(self.hidden, last))


def _printed(sheet: etree._Element, book: _Book) -> dict[_Spot, _Printed]:
    """The cells of the printout by their row and column there, merged cells made one; blank ones only where merged."""
    filled = _cells(sheet, book)
    rows, columns = _axes(sheet)
    printed: dict[_Spot, _Printed] = {}
    swallowed: set[_Spot] = set()
    bottom, right = max((r for r, _ in filled), default=0), max((c for _, c in filled), default=0)
    for (top, left), (last, end) in _merges(sheet).items():
        # Beyond the last filled cell there is nothing that a merge could swallow.
        last, end = min(last, max(bottom, top)), min(end, max(right, left))
        if len(swallowed) + (last - top + 1) * (end - left + 1) > MAX_FILLED:
            raise DamagedFile("工作表的合并单元格多得不合常理，无法读取。")
        swallowed |= {(r, c) for r in range(top, last + 1) for c in range(left, end + 1)}
        tall, wide = rows.shown(top, last), columns.shown(left, end)
        if tall and wide:
            printed[tall[0], wide[0]] = _Printed(filled.get((top, left), ""), len(tall), len(wide))
    for (row, column), text in filled.items():
        tall, wide = rows.shown(row, row), columns.shown(column, column)
        if (row, column) not in swallowed and tall and wide:
            printed[tall[0], wide[0]] = _Printed(text)
    return printed


def _merges(sheet: etree._Element) -> dict[_Spot, _Spot]:
    """Upper left corner → lower right corner."""
    found = {}
    for merge in children(child(sheet, "mergeCells"), "mergeCell"):
        first, _, last = merge.get("ref", "").partition(":")
        start, end = _spot(first), _spot(last)
        if start and end and start[0] <= end[0] and start[1] <= end[1]:
            found[start] = end
    return found


def _axes(sheet: etree._Element) -> tuple[_Axis, _Axis]:
    """The rows and the columns of a sheet."""
    rows = {_count(row.get("r")) for row in children(child(sheet, "sheetData"), "row") if _is_hidden(row)}
    columns: set[int] = set()
    for entry in children(child(sheet, "cols"), "col"):
        if _is_hidden(entry):
            columns |= set(range(_count(entry.get("min")), min(_count(entry.get("max")), LAST_COLUMN) + 1))
    return _Axis(sorted(rows)), _Axis(sorted(columns))


def _is_hidden(entry: etree._Element) -> bool:
    return entry.get("hidden") in ("1", "true")


@dataclass(slots=True)
class _Walk:
    """Tables and paragraphs over all sheets."""

    blocks: list[Block] = field(default_factory=list)
    tables: int = 0
    paragraphs: int = 0

    def sheet(self, printed: Mapping[_Spot, _Printed]) -> None:
        """The blocks of a sheet: what stands in neighbouring rows belongs together."""
        rows: dict[int, dict[int, _Printed]] = {}
        reach: set[int] = set()  # rows with text, or beside text that spans several
        for (row, column), cell in sorted(printed.items()):
            rows.setdefault(row, {})[column] = cell
            if cell.text:
                reach |= set(range(row, row + cell.row_span))
        for run in _neighbours(sorted(reach)):
            self._block({row: rows.get(row, {}) for row in run})

    def _block(self, rows: Mapping[int, Mapping[int, _Printed]]) -> None:
        spans = [
            (column, column + cell.column_span) for row in rows.values() for column, cell in row.items() if cell.text
        ]
        left, right = min(start for start, _ in spans), max(end for _, end in spans)
        if right - left > MAX_WIDTH or (right - left) * len(rows) > grid.MAX_CELLS:
            raise DamagedFile("工作表的表格大得不合常理，无法读取。")
        table: list[int] = []
        below = 0  # the first row that no cell from above reaches
        for row, cells in rows.items():
            lone = _alone(cells) if row >= below else None
            beside = [rows[other] for other in (row - 1, row + 1) if other in rows]
            if lone and (not table or len(lone.text) >= LONG_TEXT or any(_covers(cells, other) for other in beside)):
                self._table(rows, table, left, right)
                table = []
                self._text(lone.text)
            else:
                table.append(row)
            below = max(below, *(row + cell.row_span for cell in cells.values()), 0)
        self._table(rows, table, left, right)

    def _text(self, text: str) -> None:
        for line in filter(None, map(str.strip, text.split("\n"))):
            self.paragraphs += 1
            self.blocks.append(Paragraph(line, ((0, Place(paragraph=self.paragraphs)),)))

    def _table(self, rows: Mapping[int, Mapping[int, _Printed]], which: Sequence[int], left: int, right: int) -> None:
        """The rows `which` as a table, cells that nobody filled among them."""
        texts = [cell.text.split("\n") for row in which for cell in rows[row].values() if cell.text]
        if not texts or grid.is_layout(texts):
            for lines in texts:
                self._text("\n".join(lines))
            return
        self.tables += 1
        number = self.tables
        slots, covered = [], dict.fromkeys(range(left, right), 0)
        for row in which:
            slots.append(list(_slots(rows[row], row, covered, left)))

        self.blocks.append(Table(grid.lay(slots, number)))


def _neighbours(rows: Sequence[int]) -> Iterator[list[int]]:
    """Runs of rows that follow each other."""
    run: list[int] = []
    for row in rows:
        if run and row != run[-1] + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _alone(cells: Mapping[int, _Printed]) -> _Printed | None:
    """The cell that is the only filled one of its row, if it keeps to that row."""
    filled = [cell for cell in cells.values() if cell.text]
    return filled[0] if len(filled) == 1 and filled[0].row_span == 1 else None


def _covers(cells: Mapping[int, _Printed], others: Mapping[int, _Printed]) -> bool:
    """Whether a row's single text is as wide as another row: a heading over it, and no label beside blank cells."""
    start, end = _reach({column: cell for column, cell in cells.items() if cell.text})
    other_start, other_end = _reach(others)
    return end - start > 1 and start <= other_start and end >= other_end


def _reach(cells: Mapping[int, _Printed]) -> tuple[int, int]:
    return min(cells, default=0), max((column + cell.column_span for column, cell in cells.items()), default=0)


def _slots(cells: Mapping[int, _Printed], row: int, covered: dict[int, int], left: int) -> Iterator[grid.Slot]:
    """A row's cells, also the blank ones; `covered` tells for each column the first row that is free again."""
    for column in covered:
        if covered[column] > row:
            continue
        cell = cells.get(column, _Printed(""))
        for c in range(column, column + cell.column_span):
            if c in covered:
                covered[c] = row + cell.row_span
        yield grid.Slot(cell.text, cell.row_span, cell.column_span, column - left)
