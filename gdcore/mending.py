"""What a person corrected in a reading, and the report that follows from it: what was read stays as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gdcore import form, text
from gdcore.figure import Figure, Passage
from gdcore.form import Block
from gdcore.place import Anchor, Correction, Place
from gdcore.report import Grid, Label, Line, Match, Remark, RemarkKind, Report, StatTable

# Found the same in every table that a person assigned to the form.
MAPPED = "人工指定的表格"


@dataclass(frozen=True, slots=True)
class CellMend:
    """A cell and what the file prints in it, "" for a blank cell."""

    address: str
    raw: str


@dataclass(frozen=True, slots=True)
class TableMend:
    """A printed table that a person assigned to a block of the form; its figures are as they were read."""

    grid: Grid

    @property
    def address(self) -> str:
        """The block's address: t3, t4, t2.item5."""
        return block_address(self.grid.form)


Mend = CellMend | TableMend


def block_address(block: Block) -> str:
    """The address of a whole block: t3, t4, t2.item5 (in both editions)."""
    return f"t2.{block.key}" if block.table == "t2" else block.table


def apply(report: Report, mends: Sequence[Mend]) -> Report:
    """The report in force: as read, with the assigned tables in place, then the corrected cells.

    A mend that fits nothing in the report is left out, see `in_force`.
    """
    mended = report
    for mend in mends:
        if isinstance(mend, TableMend):
            mended = _with_grid(mended, mend)
    cells = {mend.address: mend.raw for mend in mends if isinstance(mend, CellMend)}
    for table in mended.tables if cells else ():
        mended = _with_table(mended, _with_cells(table, cells))
    return mended


def in_force(mended: Report, mend: Mend) -> bool:
    """Whether a mend has its effect in the report that `apply` made."""
    if isinstance(mend, TableMend):
        return mend.address in (r.address for r in mended.remarks if r.text == MAPPED)
    figure = mended.cells().get(mend.address)
    return figure is not None and figure.raw == mend.raw


def places(table: StatTable) -> list[tuple[Block, Grid | None]]:
    """The blocks of a table in the form's order, each in the edition found, with its grid where it was read."""
    grids = {grid.key: grid for grid in table.grids}
    due = {block.key: block for block in form.blocks(table.key, table.edition)}
    blocks = due | {key: grid.form for key, grid in grids.items()}
    return [(blocks[key], grids.get(key)) for key in sorted(blocks)]


# --- an assigned table ------------------------------------------------------------------------------------------------


def _with_grid(report: Report, mend: TableMend) -> Report:
    key, address = mend.grid.table, mend.address
    table = report.table(key)
    known = table.cells() if table else {}
    grid = _marked(mend.grid, known)
    others = [g for g in table.grids if g.key != grid.key] if table else []
    grids = tuple(sorted([*others, grid], key=lambda g: g.key))
    edition = Counter(g.edition for g in grids).most_common(1)[0][0]
    whole = (
        replace(table, grids=grids, edition=edition) if table else StatTable(key, edition, grids, None, _place(grid))
    )
    remark = Remark(RemarkKind.ASSUMED, address, (), MAPPED)
    return replace(_with_table(report, whole), remarks=(*report.remarks, remark))


def _marked(grid: Grid, known: Mapping[str, Figure]) -> Grid:
    """The grid with every cell that was read otherwise, or not at all, marked as assigned by a person."""
    lines = []
    for line in grid.lines:
        figures = []
        for figure in line.figures:
            read = known.get(figure.address)
            same = read is not None and read.raw == figure.raw
            mark = None if same else Correction(figure.raw, read.raw if read else None, mapped=True)
            figures.append(replace(figure, anchors=tuple(replace(a, correction=mark) for a in figure.anchors)))
        lines.append(replace(line, figures=tuple(figures)))
    return replace(grid, lines=tuple(lines))


def _place(grid: Grid) -> Place:
    return next((a.place for line in grid.lines for f in line.figures for a in f.anchors), Place())


def _with_table(report: Report, table: StatTable) -> Report:
    if table.key == "t2":
        return replace(report, t2=table)
    return replace(report, t3=table) if table.key == "t3" else replace(report, t4=table)


# --- corrected cells --------------------------------------------------------------------------------------------------


def _with_cells(table: StatTable, cells: Mapping[str, str]) -> StatTable:
    grids = [_mended_grid(grid, cells, _rows_elsewhere(table, grid), table.place) for grid in table.grids]
    for block, grid in places(table):
        if grid is None and all(address in cells for address in block.addresses()):
            # Its title is not known, and not missing either: an empty one is judged by nobody.
            blank = Grid(block.table, block.key, block.edition, Passage(""), (), ())
            grids.append(_mended_grid(blank, cells, frozenset(), table.place))
    if len(grids) > len(table.grids):
        grids.sort(key=lambda grid: grid.key)
    return replace(table, grids=tuple(grids))


def _rows_elsewhere(table: StatTable, grid: Grid) -> frozenset[str]:
    """The rows of a block that was printed in pieces, without those of this piece."""
    return frozenset(x.label.key for g in table.grids if g.key == grid.key and g is not grid for x in g.lines)


def _mended_grid(grid: Grid, cells: Mapping[str, str], elsewhere: frozenset[str], place: Place) -> Grid:
    block = grid.form
    if not any(address in cells for address in block.addresses()):
        return grid
    lines = [_mended_line(block, line, cells) for line in grid.lines]
    known = {line.label.key for line in lines} | elsewhere
    for row in block.rows:
        if row.key not in known and all(block.address(row.key, c.key) in cells for c in block.columns):
            label = Label(row.key, Passage("", (Anchor(f"{block.prefix}.{row.key}", place),)), row.label, Match.EXACT)
            lines.append(_mended_line(block, Line(label, (), 0), cells))
    if len(lines) > len(grid.lines):
        order = [row.key for row in block.rows]
        lines.sort(key=lambda line: order.index(line.label.key))
    return replace(grid, lines=tuple(lines))


def _mended_line(block: Block, line: Line, cells: Mapping[str, str]) -> Line:
    addresses = [block.address(line.label.key, c.key) for c in block.columns]
    if line.figures:
        figures = (_set(f, cells[f.address], f.raw) if f.address in cells else f for f in line.figures)
    elif all(address in cells for address in addresses):
        unread = (Figure(None, anchors=(Anchor(address, line.label.printed.place),)) for address in addresses)
        figures = (_set(f, cells[f.address], None) for f in unread)
    else:
        return line
    return replace(line, figures=tuple(figures), printed=len(addresses))


def _set(figure: Figure, raw: str, read: str | None) -> Figure:
    """A figure with the text that a person gave; certain, since a person looked."""
    (anchor,) = figure.anchors
    mended = replace(anchor, correction=Correction(raw, read))
    return Figure(text.printed_number(raw).value, raw, (mended,), 1.0)


# --- what a person may mend -------------------------------------------------------------------------------------------


def editable(report: Report) -> list[tuple[Block, Grid | None]]:
    """The blocks of the tables that were found, 二 三 四 in the form's order; None for one that was not read."""
    return [pair for table in report.tables for pair in places(table)]


def is_mendable(report: Report, address: str) -> bool:
    """Whether an address is that of a cell in a table that was found."""
    return any(address in block.addresses() for block, _ in editable(report))


def partial(report: Report, mends: Iterable[CellMend], added: Iterable[CellMend]) -> list[str]:
    """Addresses of the rows and blocks that were not read, that `added` touches and that the mends give only in part.

    Half a row has no effect: its other cells would count as blank.
    """
    given, touched = ({mend.address for mend in each} for each in (mends, added))
    short = []
    for block, grid in editable(report):
        parts = {f"{block.prefix}.{r.key}": {block.address(r.key, c.key) for c in block.columns} for r in block.rows}
        if grid is None:
            parts = {block_address(block): set(block.addresses())}
        read = {f"{block.prefix}.{line.label.key}" for line in grid.lines if line.figures} if grid else set()
        short += [name for name, due in parts.items() if name not in read and touched & due and due - given]
    return short
