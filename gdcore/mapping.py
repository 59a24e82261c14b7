"""A printed table assigned to the form by hand: what to propose, and the block that a person's assignment makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gdcore import form, text
from gdcore.document import Cell, Document
from gdcore.figure import Passage
from gdcore.form import Block
from gdcore.recognise.headers import passage
from gdcore.recognise.labels import match_rows, row_names
from gdcore.recognise.rows import PrintedRow
from gdcore.recognise.rows import rows as printed_rows
from gdcore.recognise.values import figure
from gdcore.report import Grid, Label, Line, Match, Report

# All rows of the block side by side in one printed row, as table 四 has them.
ABREAST = "*"


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table of the file: its block in the Document, its rows, and whether the reading used it."""

    block: int
    rows: tuple[PrintedRow, ...]
    used: bool

    @property
    def width(self) -> int:
        """The cells of its longest row."""
        return max(len(row.cells) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which row of the form each printed row is (by position), and the grid column at which the values begin."""

    column: int
    rows: Mapping[int, str]


def tables(document: Document, report: Report) -> list[PrintedTable]:
    """The tables of a file in reading order."""
    used = {a.block for f in report.cells().values() for a in f.anchors}
    by_block: dict[int, list[PrintedRow]] = {}
    for row in printed_rows(document):
        if row.tabular and row.cells:
            by_block.setdefault(row.block, []).append(row)
    return [PrintedTable(block, tuple(rows), block in used) for block, rows in by_block.items()]


def columns(rows: Sequence[PrintedRow]) -> list[int]:
    """The grid columns at which some cell begins, left to right."""
    return sorted({cell.column for row in rows for cell in row.cells})


def values(row: PrintedRow, column: int, count: int) -> tuple[Cell, ...]:
    """The `count` cells of a row from a grid column on; () where the row has fewer.

    Flat text has no columns but positions, padded behind, and a label may take one or three: its values are the last
    cells up to the last one that prints something.
    """
    cells = _unpadded(row)[-count:] if row.flat else [cell for cell in row.cells if cell.column >= column]
    return tuple(cells[:count]) if len(cells) >= count else ()


def labels(row: PrintedRow, column: int, count: int) -> tuple[Cell, ...]:
    """The cells in front of a row's values."""
    if row.flat:
        return _unpadded(row)[:-count]
    return tuple(cell for cell in row.cells if cell.column < column)


def _unpadded(row: PrintedRow) -> tuple[Cell, ...]:
    last = max((n for n, cell in enumerate(row.cells) if cell.text.strip()), default=-1)
    return row.cells[: last + 1]


def words(row: PrintedRow, column: int, count: int) -> str:
    """What a row prints in front of its values."""
    return text.collapse(" ".join(cell.text for cell in labels(row, column, count)))


def propose(rows: Sequence[PrintedRow], block: Block) -> Assignment:
    """A first assignment: values where most rows have them, rows by their labels, and by order where their number agrees."""
    width = len(block.columns)
    column = _value_column(rows, width)
    whole = width * len(block.rows)
    full = {n: values(row, column, width) for n, row in enumerate(rows)}
    data = [
        n for n, cells in full.items() if cells and all(text.is_value(c.text) for c in cells) and rows[n].has_number
    ]
    if block.table == "t4" and len(data) == 1 and values(rows[data[0]], 0, whole):
        return Assignment(_abreast_column(rows[data[0]], whole), {data[0]: ABREAST})
    printed = [_label(rows[n], column, width) for n in data]
    cores = [(form.label_core(cell.text) if cell else "", "") for cell in printed]
    found = {n: match.key for n, match in zip(data, match_rows(cores, row_names(block.rows)), strict=True) if match}
    in_order = {n: row.key for n, row in zip(data, block.rows, strict=False)}
    if len(data) == len(block.rows) and found.items() <= in_order.items():
        found = in_order
    return Assignment(column, found)


def _value_column(rows: Sequence[PrintedRow], width: int) -> int:
    """Where the last `width` cells of most rows begin, among the rows that hold nothing but values there."""
    votes: Counter[int] = Counter()
    for row in rows:
        last = _unpadded(row)[-width:] if row.flat else row.cells[-width:]
        if len(last) == width and row.has_number and all(text.is_value(c.text) for c in last):
            votes[last[0].column] += 1
    return votes.most_common(1)[0][0] if votes else columns(rows)[0]


def _abreast_column(row: PrintedRow, count: int) -> int:
    return row.cells[-count].column


def _label(row: PrintedRow, column: int, count: int) -> Cell | None:
    """The last cell in front of the values that says something."""
    return next((c for c in reversed(labels(row, column, count)) if text.bare(c.text)), None)


def grid(rows: Sequence[PrintedRow], block: Block, chosen: Assignment) -> Grid:
    """The block that an assignment makes; rows with too few cells are left out, of a row named twice the first counts."""
    found: dict[str, Line] = {}
    width = len(block.columns)
    for position, key in chosen.rows.items():
        keys = [row.key for row in block.rows] if key == ABREAST else [key]
        cells = values(rows[position], chosen.column, width * len(keys))
        for number, each in enumerate(keys if cells else ()):
            part = cells[number * width : (number + 1) * width]
            label = _label(rows[position], chosen.column, width * len(keys))
            found.setdefault(each, _line(rows[position], block, each, part, label))
    lines = tuple(found[row.key] for row in block.rows if row.key in found)
    # The title was not looked for: an empty one is judged by nobody, and so are headers that are not there.
    return Grid(block.table, block.key, block.edition, Passage(""), (), lines)


def _line(row: PrintedRow, block: Block, key: str, cells: Sequence[Cell], label: Cell | None) -> Line:
    template = next(r.label for r in block.rows if r.key == key)
    printed = passage(label, f"{block.prefix}.{key}", row.block) if label else Passage("")
    figures = tuple(
        figure(cell, block.address(key, each.key), row.block) for cell, each in zip(cells, block.columns, strict=True)
    )
    return Line(Label(key, printed, template, Match.EXACT), figures, len(figures))
