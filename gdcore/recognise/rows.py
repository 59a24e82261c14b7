"""A document as one stream of printed rows, whatever its format made of them: table rows, and paragraphs as rows of one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from gdcore import form, text
from gdcore.document import Cell, Document, Paragraph, Table
from gdcore.place import Place
from gdcore.recognise.cutting import rest_of
from gdcore.record import record


@record(frozen=True, slots=False)
class PrintedRow:
    """One row: its block in the document, its cells, and whether it was a table row, a flat one, or a paragraph.

    `stacked` are the further blocks of a row that was printed one cell a line and put together again.
    """

    block: int
    cells: tuple[Cell, ...]
    tabular: bool
    flat: bool
    stacked: tuple[int, ...] = ()

    @cached_property
    def cores(self) -> tuple[str, ...]:
        """The matching form of each cell's text: without number, punctuation and spaces."""
        texts = [cell.text for cell in self.cells]  # numbers, which are many and differ, need not be remembered
        return tuple([said if text.is_bare_number(said) else form.label_core(said) for said in texts])

    @property
    def page(self) -> int | None:
        """The page it is printed on, where the format knows pages."""
        return self.cells[0].place.page if self.cells else None

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.cells[0].place if self.cells else Place()

    @property
    def has_number(self) -> bool:
        """Whether some cell prints a number."""
        if self.cells and text.is_bare_number(self.cells[-1].text):  # as nearly every row that has one ends
            return True
        return any(text.printed_number(cell.text).value is not None for cell in self.cells)


def blocks_of(rows: Iterable[PrintedRow]) -> frozenset[int]:
    """Every block that the rows take."""
    taken: set[int] = set()
    for row in rows:
        taken.add(row.block)
        taken.update(row.stacked)
    return frozenset(taken)


# A paragraph longer than this is prose and never a row of a table, in characters.
LONGEST_LABEL = 60
_NUMBERS = re.compile(r"[\d\s.,+\-/—]{1,400}")  # a row of table 四 on one line


def rows(document: Document) -> list[PrintedRow]:
    """All printed rows in reading order; long paragraphs are left out, since prose is never a row."""
    return joined([row for row in _rows(document) if row.tabular or row.cells[0].text.strip()])


def _rows(document: Document) -> Iterator[PrintedRow]:
    for index, block in enumerate(document.blocks):
        if isinstance(block, Table):
            for cells in block.rows:
                yield PrintedRow(index, cells, True, block.flat)
        elif isinstance(block, Paragraph) and (len(block.text) <= LONGEST_LABEL or _NUMBERS.fullmatch(block.text)):
            yield PrintedRow(index, (Cell(block.text, block.place, 0, 0),), False, True)


def joined(printed: Sequence[PrintedRow]) -> list[PrintedRow]:
    """The rows with those put together again that the end of a page cuts in two."""
    result: list[PrintedRow] = []
    for row in printed:
        above = result[-1] if result else row
        if above.block != row.block and _over_the_page(above, row) and (whole := rest_of(above.cells, row.cells)):
            result[-1] = PrintedRow(above.block, whole, True, False)
        else:
            result.append(row)
    return result


def _over_the_page(above: PrintedRow, below: PrintedRow) -> bool:
    """Whether two neighbouring rows of two true grids are the last on a page and the first on the next."""
    grids = above.tabular and below.tabular and not above.flat and not below.flat
    return grids and above.page is not None and below.page == above.page + 1


_ITEM_TITLE = re.compile(r"第?二十条第?\(?([一二三四五六七八九])\)?项")


def item_title(row: PrintedRow) -> str | None:
    """The key of the block of table 二 whose title 第二十条第（×）项 this row is (`item1` …), None if it is none."""
    first = row.cells[0].text if row.cells else ""
    if "条" not in first and first.strip():  # nothing else becomes this character in plain form
        return None
    printed = {c.text for c in row.cells if c.text.strip()}
    if len(printed) != 1:
        return None
    match = _ITEM_TITLE.fullmatch(text.plain(printed.pop()).replace("第二十条第第", "第二十条第"))
    return f"item{'一二三四五六七八九'.index(match.group(1)) + 1}" if match else None


def is_cut(above: PrintedRow, below: PrintedRow) -> bool:
    """Whether a table is cut between two of its rows: another block on the same page, where neither is a stacked row.

    A page cut is the format's, not the author's.
    """
    return above.block != below.block and above.page == below.page and not above.stacked and not below.stacked
