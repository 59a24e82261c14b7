"""A list as an Excel workbook: written row by row without holding it, dates as dates, nothing that runs as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter

from gdcore.exports.csv import safe

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 32_767  # characters of a cell, more no spreadsheet opens
_PIECE = 1 << 16  # bytes handed out at once
_A4 = 9
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}  # inches
_CELL = {"border": 1, "border_color": "#B9C4CE", "text_wrap": True, "valign": "top", "font_size": 10}
_HEAD = _CELL | {"bold": True, "bg_color": "#EEF1F4", "align": "center", "valign": "vcenter"}
_TITLE = {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
_TITLE_POINTS, _HEAD_POINTS = 30, 32  # heights

Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's header and its width in characters; `middle`: its values stand in the middle."""

    name: str
    width: float
    middle: bool = False


def pieces(sheet: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The bytes of a workbook with one list, piece by piece; `title` stands above the header where there is one."""
    with TemporaryFile() as file:
        _write(file, sheet, title, columns, rows)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _write(file: IO[bytes], sheet: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        page = book.add_worksheet(sheet)
        head = _begin(book, page, title, columns)
        looks = [_looks(book, column) for column in columns]
        last = head
        for last, values in enumerate(rows, start=head + 1):
            for place, (value, (plain, dated)) in enumerate(zip(values, looks, strict=True)):
                _put(page, last, place, value, plain, dated)
        page.autofilter(head, 0, last, len(columns) - 1)


def _begin(book: Any, page: Any, title: str, columns: Sequence[Column]) -> int:
    """Widths, title, header and the way it is printed; the row of the header."""
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)
    head = 1 if title else 0
    if title:
        page.set_row(0, _TITLE_POINTS)
        page.merge_range(0, 0, 0, len(columns) - 1, title, book.add_format(_TITLE))
    page.set_row(head, _HEAD_POINTS)
    look = book.add_format(_HEAD)
    for place, column in enumerate(columns):
        page.write_string(head, place, column.name, look)
    page.freeze_panes(head + 1, 0)
    page.repeat_rows(0, head)
    page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(**_MARGINS)
    page.fit_to_pages(1, 0)
    page.set_footer("&C第 &P 页，共 &N 页")
    return head


def _looks(book: Any, column: Column) -> tuple[Any, Any]:
    """How the values of a column look, and how its dates do."""
    look = _CELL | ({"align": "center"} if column.middle else {})
    return book.add_format(look), book.add_format(look | {"align": "center", "num_format": "yyyy-mm-dd"})


def _put(page: Any, row: int, place: int, value: Value, plain: Any, dated: Any) -> None:
    if value is None or value == "":
        page.write_blank(row, place, None, plain)
    elif isinstance(value, date):
        page.write_datetime(row, place, value, dated)
    elif isinstance(value, str):
        page.write_string(row, place, _short(str(safe(value))), plain)
    else:
        page.write_number(row, place, value, plain)


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
