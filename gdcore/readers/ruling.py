"""Ruling lines to tables: which rectangles lines enclose, and where each stands in the grid of its table."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gdcore.record import record

SNAP: Final = 3.0  # points within which lines count as one line (double and thick borders, rounding)
REACH: Final = 3.0  # points by which lines may miss each other and still meet
OPEN_END: Final = 4.0  # points beyond the outermost line from which crossing lines show a row without border
MAX_EDGES: Final = 6_000  # lines of a page once joined; a drawing has more, a table does not
MAX_SQUARES: Final = 40_000  # squares of one grid


@record(frozen=True, slots=True)
class Edge:
    """A straight line along one axis: where it lies on the other (`at`), and from where to where it goes, in points."""

    at: float
    start: float
    end: float

    def covers(self, point: float) -> bool:
        """Whether the line passes `point` on its own axis."""
        return self.start - REACH <= point <= self.end + REACH


@record(frozen=True, slots=True)
class Rectangle:
    """A closed rectangle of a frame: its place in the grid from 0, what it spans, and its box in points."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """Lines that hang together and enclose something: a table, or a border around text."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Rectangle, ...]
    _owner: dict[tuple[int, int], int] = field(repr=False, compare=False)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The outline (x0, top, x1, bottom) in points."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    @property
    def columns(self) -> int:
        """How many cells the fullest row has."""
        counts = [0] * (len(self.ys) - 1)
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                counts[row] += 1
        return max(counts)

    def cell_at(self, x: float, y: float) -> int | None:
        """The index of the cell that holds the point, None outside of all."""
        return self._owner.get((bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1))

    def cells_at(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
        """The index of the cell that holds each of these points, -1 outside of all."""
        squares = np.full((len(self.ys) + 1, len(self.xs) + 1), -1)  # the first and last ones are outside
        rows, columns = zip(*self._owner, strict=True)
        squares[np.array(rows) + 1, np.array(columns) + 1] = list(self._owner.values())
        return squares[np.searchsorted(self.ys, y, "right"), np.searchsorted(self.xs, x, "right")]


def frames(horizontals: Iterable[Edge], verticals: Iterable[Edge]) -> list[Frame]:
    """The frames of a page, the smallest first, so that a table comes before a border around the page.

    A table without a border at a page cut or at its sides gets one where its lines end.
    """
    across, down = _joined(horizontals), _joined(verticals)
    if len(across) + len(down) > MAX_EDGES:
        return []
    found = []
    for part_across, part_down in _connected(across, down):
        frame = _frame(_closed(part_across, part_down), _closed(part_down, part_across))
        if frame is not None:
            found.append(frame)
    return sorted(found, key=lambda f: (f.box[2] - f.box[0]) * (f.box[3] - f.box[1]))


def _joined(edges: Iterable[Edge]) -> list[Edge]:
    """Lines that lie within SNAP of each other moved onto their common mean, and the pieces of one line made one."""
    groups: list[list[Edge]] = []
    for edge in sorted(edges, key=attrgetter("at")):
        if groups and edge.at - groups[-1][-1].at <= SNAP and edge.at - groups[-1][0].at <= 2 * SNAP:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return [edge for group in groups for edge in _pieces(group)]


def _pieces(group: Sequence[Edge]) -> Iterator[Edge]:
    """What lines that count as one cover, from its beginning to its end, on their common mean."""
    mean = sum(edge.at for edge in group) / len(group)
    first, *others = sorted([(edge.start, edge.end) for edge in group])
    start, end = first
    for begin, stop in others:
        if begin > end + REACH:
            yield Edge(mean, start, end)
            start, end = begin, stop
        elif stop > end:
            end = stop
    yield Edge(mean, start, end)


def _connected(across: Sequence[Edge], down: Sequence[Edge]) -> list[tuple[list[Edge], list[Edge]]]:
    """Lines that meet, group by group."""
    parent = list(range(len(across) + len(down)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for d, vertical in enumerate(down):
        for a, horizontal in enumerate(across):
            if horizontal.covers(vertical.at) and vertical.covers(horizontal.at):
                parent[root(len(across) + d)] = root(a)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for n, edge in enumerate([*across, *down]):
        groups.setdefault(root(n), ([], []))[0 if n < len(across) else 1].append(edge)
    return [group for group in groups.values() if group[0] and group[1] and len(group[0]) + len(group[1]) > 2]


def _closed(lines: list[Edge], crossing: Sequence[Edge]) -> list[Edge]:
    """`lines` with a border at either end wherever two or more `crossing` lines reach it.

    Borders are missing at page cuts and at the sides of some tables. At the very ends of a frame an added line can
    part no cell, only close one.
    """
    closed = list(lines)
    first, last = min(e.at for e in lines), max(e.at for e in lines)
    start, end = min(e.start for e in crossing), max(e.end for e in crossing)
    reaching_start = [e.at for e in crossing if e.start - start <= REACH]
    reaching_end = [e.at for e in crossing if end - e.end <= REACH]
    for outermost, at, reaching in ((first, start, reaching_start), (last, end, reaching_end)):
        if len(reaching) > 1:
            # A border where there is one already must not make a sliver of a row.
            closed.append(Edge(outermost if abs(outermost - at) <= OPEN_END else at, min(reaching), max(reaching)))
    return closed


def _frame(across: Sequence[Edge], down: Sequence[Edge]) -> Frame | None:
    """The cells that the lines enclose: squares of the grid that no line parts; None when they enclose nothing."""
    xs, ys = sorted({e.at for e in down}), sorted({e.at for e in across})
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 1 or height * width > MAX_SQUARES:
        return None
    wall_before = _walls(down, xs, ys)  # (column line, row) with a wall
    wall_above = _walls(across, ys, xs)  # (row line, column) with a wall

    def beside(square: tuple[int, int]) -> list[tuple[int, int]]:
        r, c = square
        found = []
        if (c, r) not in wall_before:
            found.append((r, c - 1))
        if (c + 1, r) not in wall_before:
            found.append((r, c + 1))
        if (r, c) not in wall_above:
            found.append((r - 1, c))
        if (r + 1, c) not in wall_above:
            found.append((r + 1, c))
        return found

    cells: list[Rectangle] = []
    owner: dict[tuple[int, int], int] = {}
    for region in _regions(height, width, beside):
        for piece in _rectangular(region):
            owner.update(dict.fromkeys(piece, len(cells)))
            cells.append(_rectangle(piece, xs, ys))
    return Frame(tuple(xs), tuple(ys), tuple(cells), owner) if cells else None


def _walls(edges: Sequence[Edge], lines: Sequence[float], stops: Sequence[float]) -> set[tuple[int, int]]:
    """(index of the line, index of the gap between stops) wherever an edge runs along that line through that gap."""
    index = {at: n for n, at in enumerate(lines)}
    middles = [(a + b) / 2 for a, b in pairwise(stops)]
    return {(index[e.at], gap) for e in edges for gap, middle in enumerate(middles) if e.start <= middle <= e.end}


def _regions(
    height: int, width: int, beside: Callable[[tuple[int, int]], list[tuple[int, int]]]
) -> list[list[tuple[int, int]]]:
    """The groups of squares that no wall parts and that no gap opens to the outside, in reading order."""
    seen: set[tuple[int, int]] = set()
    regions = []
    for start in ((r, c) for r in range(height) for c in range(width)):
        if start in seen:
            continue
        seen.add(start)
        region, closed, waiting = [], True, [start]
        while waiting:
            square = waiting.pop()
            region.append(square)
            for other in beside(square):
                if not (0 <= other[0] < height and 0 <= other[1] < width):
                    closed = False
                elif other not in seen:
                    seen.add(other)
                    waiting.append(other)
        if closed:
            regions.append(sorted(region) if len(region) > 1 else region)
    return regions


def _rectangular(region: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The region itself when it is a rectangle, else its rows: a missing stroke must not swallow values."""
    if len(region) == 1:
        return [region]
    rows, columns = {r for r, _ in region}, {c for _, c in region}
    if len(region) == len(rows) * len(columns):
        return [region]
    runs: list[list[tuple[int, int]]] = []
    for r, c in region:
        if runs and runs[-1][-1] == (r, c - 1):
            runs[-1].append((r, c))
        else:
            runs.append([(r, c)])
    return runs


def _rectangle(squares: Sequence[tuple[int, int]], xs: Sequence[float], ys: Sequence[float]) -> Rectangle:
    (top, left), (bottom, right) = squares[0], squares[-1]
    box = (xs[left], ys[top], xs[right + 1], ys[bottom + 1])
    return Rectangle(top, left, bottom - top + 1, right - left + 1, box)
