"""Row and column spans resolved to rectangles of a grid, and the question whether a table only lays out a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gdcore.document import Cell
from gdcore.errors import DamagedFile
from gdcore.place import Place

MAX_SPAN = 200  # columns or rows that one cell may claim; more is a mistake or an attack
MAX_CELLS = 100_000  # cells of one table
MAX_COVERED = 1_000_000  # places below tall cells that the rows under them step over

LONG_CELL = 200  # characters from which a cell of several paragraphs holds a page, not an entry
LONG_CELL_PARAGRAPHS = 3
DATA_CELLS = 20  # filled cells from which a table is a table although another one stands in it


class Slot(NamedTuple):
    """A cell before it has a column: its text and what it spans (at least 1); `column` where the file names it."""

    text: str
    row_span: int = 1
    column_span: int = 1
    column: int | None = None
    path: str | None = None


# The same without names, for formats with so many cells that making these takes longer than reading them.
Plain = tuple[str, int, int, int | None, str | None]


def lay(rows: Sequence[Sequence[Plain]], table: int) -> tuple[tuple[Cell, ...], ...]:
    """The rows of the file's n-th table with each cell at its grid position, as browsers and Word place them.

    A cell without a column of its own goes to the first column of its row that no cell from above still covers. Raises
    DamagedFile when the table passes MAX_CELLS or MAX_COVERED.
    """
    covered: dict[int, int] = {}  # column → first row that is free again, where a cell is taller than its row
    laid, count, stepped = [], 0, 0
    for r, slots in enumerate(rows):
        cells, column = [], 0
        for text, row_span, column_span, own, path in slots:
            if own is not None:
                column = own
            elif covered:
                first = column
                while covered.get(column, 0) > r:
                    column += 1
                stepped += column - first
            wide = min(column_span, MAX_SPAN) if column_span > 1 else 1
            tall = min(row_span, len(rows) - r) if row_span > 1 else 1
            if tall > 1:
                for c in range(column, column + wide):
                    covered[c] = max(covered.get(c, 0), r + tall)
            # By position: names would take as long again as all the rest of a plain cell.
            place = Place(None, None, None, None, path, table, r + 1, column + 1)
            cells.append(Cell(text, place, r, column, tall, wide))
            column += wide
        count += len(cells)
        if count > MAX_CELLS or stepped > MAX_COVERED:
            raise DamagedFile("表格的单元格多得不合常理，无法读取。")
        laid.append(tuple(cells))
    return tuple(laid)


def is_layout(cells: Sequence[Sequence[str]]) -> bool:
    """Whether a table only frames running text: one cell, or one that holds most of its text as several paragraphs.

    `cells` has the paragraphs of each cell.
    """
    if len(cells) == 1:
        return True
    if max(map(len, cells), default=0) < LONG_CELL_PARAGRAPHS:
        return False
    lengths = [sum(map(len, paragraphs)) for paragraphs in cells]
    longest = max(range(len(cells)), key=lengths.__getitem__)
    several = len(cells[longest]) >= LONG_CELL_PARAGRAPHS
    return several and lengths[longest] > LONG_CELL and lengths[longest] * 2 > sum(lengths)
