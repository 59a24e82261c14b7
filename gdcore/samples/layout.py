"""A table of the form as a grid of cells with merges, laid out as the official format prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from gdcore.samples.model import DataRow, Header, PrintedBlock, StatTable

LABEL_COLUMNS = 3
_HEADER_ROWS = 3
KEPT = 2_000  # printed tables that a writer keeps, some 30 KB each: most agencies have the same few tables 三 and 四


class Role(StrEnum):
    """What a cell is for: block titles and headers, row labels, values."""

    TITLE = "title"
    HEAD = "head"
    LABEL = "label"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its upper left corner and its spans."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    role: Role = Role.VALUE

    @property
    def bottom(self) -> int:
        """The row below its last."""
        return self.row + self.row_span

    @property
    def right(self) -> int:
        """The column behind its last."""
        return self.column + self.column_span


@dataclass(frozen=True)
class Grid:
    """Cells of a table, or of one piece of a broken table. The first `label_columns` hold the row labels."""

    cells: tuple[Cell, ...]
    height: int
    width: int
    label_columns: int

    def row(self, index: int) -> list[Cell]:
        """The cells that cover a row, left to right, those that began above it included."""
        return self._rows[index]

    @cached_property
    def _rows(self) -> list[list[Cell]]:
        rows: list[list[Cell]] = [[] for _ in range(self.height)]
        for cell in sorted(self.cells, key=lambda c: c.column):
            for index in range(cell.row, cell.bottom):
                rows[index].append(cell)
        return rows


def grids(table: StatTable) -> list[Grid]:
    """The table's grid, cut before each of its breaks."""
    build = {"t2": _proactive, "t3": _requests, "t4": _disputes}[table.key]
    rest, marks = build(table.blocks)
    pieces, done = [], 0
    for at in sorted(marks[mark] for mark in table.breaks):
        upper, rest = cut(rest, at - done)
        pieces.append(upper)
        done = at
    return [*pieces, rest]


def cut(grid: Grid, at: int) -> tuple[Grid, Grid]:
    """The rows above `at` and the others; a cell that reaches over the cut goes on below it, blank."""
    upper = [replace(c, row_span=min(c.bottom, at) - c.row) for c in grid.cells if c.row < at]
    lower = [replace(c, row=c.row - at) for c in grid.cells if c.row >= at]
    lower += [replace(c, text="", row=0, row_span=c.bottom - at) for c in grid.cells if c.row < at < c.bottom]
    return (
        replace(grid, cells=tuple(upper), height=at),
        replace(grid, cells=tuple(lower), height=grid.height - at),
    )


Marks = dict[str, int]


def _grid(cells: Sequence[Cell], label_columns: int) -> Grid:
    return Grid(tuple(cells), max(c.bottom for c in cells), max(c.right for c in cells), label_columns)


def _proactive(blocks: Sequence[PrintedBlock]) -> tuple[Grid, Marks]:
    width = 1 + max(len(block.headers) for block in blocks)
    cells: list[Cell] = []
    marks: Marks = {}
    row = 0
    for block in blocks:
        marks[block.block.key] = row
        if block.title:
            cells.append(Cell(block.title, row, 0, 1, width, Role.TITLE))
            row += 1
        marks[f"{block.block.key}.header"] = row
        cells.append(Cell(block.corner, row, 0, role=Role.HEAD))
        cells += _spread([h.label for h in block.headers], row, len(block.headers), width, Role.HEAD)
        for data in block.rows:
            row += 1
            marks[data.key] = row
            cells.append(Cell(data.label, row, 0, role=Role.LABEL))
            cells += _spread(data.values, row, len(block.headers), width, Role.VALUE)
        row += 1
    return _grid(cells, 1), marks


def _spread(texts: Sequence[str], row: int, columns: int, width: int, role: Role) -> list[Cell]:
    """Texts in the columns of a block, the last of them as wide as what remains of the table."""
    return [
        Cell(text, row, column, 1, width - column if column == columns else 1, role)
        for column, text in enumerate(texts, 1)
    ]


def _requests(blocks: Sequence[PrintedBlock]) -> tuple[Grid, Marks]:
    (block,) = blocks
    cells = [Cell(block.corner, 0, 0, _HEADER_ROWS, LABEL_COLUMNS, Role.HEAD)]
    known = [h for h in block.headers if h.key]
    cells.append(Cell("申请人情况", 0, LABEL_COLUMNS, 1, len(known), Role.HEAD))
    cells += _applicant_headers(block.headers)
    marks: Marks = {}
    for row, data in enumerate(block.rows, _HEADER_ROWS):
        marks[data.key] = row
        cells += [Cell(raw, row, LABEL_COLUMNS + n) for n, raw in enumerate(data.values)]
    return _grid([*cells, *_request_labels(block)], LABEL_COLUMNS), marks


def _applicant_headers(headers: Sequence[Header]) -> list[Cell]:
    cells: list[Cell] = []
    column = LABEL_COLUMNS
    for group, members in groupby(headers, key=lambda h: (h.group, bool(h.key))):
        labels = [h.label for h in members]
        if group[0]:
            cells.append(Cell(group[0], 1, column, 1, len(labels), Role.HEAD))
            cells += [Cell(label, 2, column + n, role=Role.HEAD) for n, label in enumerate(labels)]
        else:
            top = 1 if group[1] else 0
            tall = _HEADER_ROWS - top
            cells += [Cell(label, top, column + n, tall, role=Role.HEAD) for n, label in enumerate(labels)]
        column += len(labels)
    return cells


def _request_labels(block: PrintedBlock) -> list[Cell]:
    """Row labels over three columns: 三、本年度办理结果 down all results, （三）…（六） down their details."""
    cells: list[Cell] = []
    row = _HEADER_ROWS
    for inside, outer in groupby(block.rows, key=lambda r: bool(r.group)):
        results = list(outer)
        if not inside:
            cells += [Cell(r.label, row + n, 0, 1, LABEL_COLUMNS, Role.LABEL) for n, r in enumerate(results)]
        else:
            cells.append(Cell(block.group_label("result"), row, 0, len(results), role=Role.LABEL))
            cells += _result_labels(block, results, row)
        row += len(results)
    return cells


def _result_labels(block: PrintedBlock, results: Sequence[DataRow], row: int) -> list[Cell]:
    cells: list[Cell] = []
    for group, members in groupby(results, key=lambda r: r.group):
        rows = list(members)
        if group == "result":
            cells += [Cell(r.label, row + n, 1, 1, LABEL_COLUMNS - 1, Role.LABEL) for n, r in enumerate(rows)]
        else:
            cells.append(Cell(block.group_label(group), row, 1, len(rows), role=Role.LABEL))
            cells += [Cell(r.label, row + n, 2, role=Role.LABEL) for n, r in enumerate(rows)]
        row += len(rows)
    return cells


def _disputes(blocks: Sequence[PrintedBlock]) -> tuple[Grid, Marks]:
    (block,) = blocks
    cells: list[Cell] = []
    known = [h for h in block.headers if h.key]
    column = 0
    for group, members in groupby(block.rows, key=lambda r: r.group):
        rows = list(members)
        if group:
            label = block.group_label(group)
            cells.append(Cell(label, 0, column, 1, len(rows) * len(known), Role.HEAD))
        for data in rows:
            top = 1 if group else 0
            cells.append(Cell(data.label, top, column, 1, len(known), Role.HEAD))
            cells += [Cell(h.label, top + 1, column + n, 2 - top, 1, Role.HEAD) for n, h in enumerate(known)]
            column += len(known)
    added = [h for h in block.headers if not h.key]
    cells += [Cell(h.label, 0, column + n, _HEADER_ROWS, role=Role.HEAD) for n, h in enumerate(added)]
    values = [raw for data in block.rows for raw in data.values]
    cells += [Cell(raw, _HEADER_ROWS, n) for n, raw in enumerate(values)]
    return _grid(cells, 0), dict.fromkeys((data.key for data in block.rows), _HEADER_ROWS)
