"""Spreadsheets: the report down one sheet, tables in their cells, or a sheet for each table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from xml.sax.saxutils import escape

from readers.test_sheet import book, sheet

from gdcore.samples.layout import Grid, Role
from gdcore.samples.model import Paragraph

from .layouts import Page

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WIDTH = 10  # columns that a paragraph takes


class _Sheet:
    """A sheet that grows downwards."""

    def __init__(self, typed: bool) -> None:
        self.cells: dict[str, object] = {}
        self.merges: list[str] = []
        self.rows = 0
        self.typed = typed

    def paragraph(self, text: str) -> None:
        self.rows += 1
        self.cells[f"A{self.rows}"] = escape(text)
        self.merges.append(f"A{self.rows}:{_LETTERS[_WIDTH - 1]}{self.rows}")

    def table(self, grid: Grid) -> None:
        for c in sorted(grid.cells, key=lambda c: (c.row, c.column)):
            corner = f"{_LETTERS[c.column]}{self.rows + c.row + 1}"
            if c.text:
                self.cells[corner] = self._value(c.text) if c.role is Role.VALUE else escape(c.text)
            if c.row_span * c.column_span > 1:
                self.merges.append(f"{corner}:{_LETTERS[c.right - 1]}{self.rows + c.bottom}")
        self.rows += grid.height

    def _value(self, text: str) -> object:
        """A number as a number where it is printed as one."""
        plain = self.typed and text.isdecimal() and text.isascii() and (text == "0" or not text.startswith("0"))
        return Decimal(text) if plain else escape(text)

    def xml(self) -> str:
        return sheet(self.cells, self.merges)


def one_sheet(items: Page) -> bytes:
    """Everything below each other, a blank row behind each table."""
    return _book(items, typed=True)


def of_texts(items: Page) -> bytes:
    """The same, every number stored as text."""
    return _book(items, typed=False)


def _book(items: Page, typed: bool) -> bytes:
    made = _Sheet(typed)
    for item in items:
        if isinstance(item, Paragraph):
            made.paragraph(item.text)
        else:
            made.table(item)
            made.rows += 1
    return book(made.xml())


def sheets_of_their_own(items: Page) -> bytes:
    """The prose on the first sheet, every table on one of its own, below its heading."""
    prose, others = _Sheet(True), []
    for item in items:
        if isinstance(item, Paragraph):
            prose.paragraph(item.text)
        else:
            others.append(_Sheet(True))
            others[-1].table(item)
    return book(prose.xml(), *(other.xml() for other in others))


FORMS: Mapping[str, Callable[[Page], bytes]] = {
    "one_sheet": one_sheet,
    "of_texts": of_texts,
    "sheets_of_their_own": sheets_of_their_own,
}
