"""Pages drawn character by character and line by line, as PDF and as OFD: cuts, repeated headers, frames."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import readers.test_ofd as fixed
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from gdcore.samples.layout import Cell, Grid
from gdcore.samples.model import Paragraph, Style

from .layouts import Page

A4 = (595.0, 842.0)
MARGIN = 72.0
WIDTH = A4[0] - 2 * MARGIN
FONT = "STSong-Light"
SMALL = 9.0  # size of table text, points
LEAD = 1.4  # times the size, from line to line
PAD = 3.0  # points around a cell's text
_LABELS = (34.0, 52.0, 112.0)  # widths of the label columns of table 三
_SIZES = {Style.TITLE: (20.0, 0), Style.HEADING: (15.0, 2), Style.TEXT: (14.0, 2), Style.SIGNOFF: (14.0, 16)}


@dataclass(frozen=True, slots=True)
class Manner:
    """How tables meet the end of a page. `header`: how many rows of table 三 are printed again behind it."""

    border_at_cut: bool = True
    header: int = 0
    label_cut: bool = False
    frame: bool = False
    numbered: bool = True
    low: float = 0.0  # points by which all text begins lower, so that the cut falls elsewhere


@dataclass(slots=True)
class Drawing:
    """A page: texts as (x, baseline, size, text) and strokes as (x0, top, x1, bottom), points from the upper left."""

    texts: list[tuple[float, float, float, str]] = field(default_factory=list)
    strokes: list[tuple[float, float, float, float]] = field(default_factory=list)


def em(text: str) -> float:
    """The width of a text in its size: half a character for what is half-width."""
    return sum(0.5 if ord(c) < 0x2000 else 1.0 for c in text)


def wrapped(text: str, width: float) -> list[str]:
    """The lines of a text in a column of `width` times its size."""
    lines = []
    for part in text.split("\n"):
        line = ""
        for char in part:
            if line and em(line + char) > width:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines


class _Pen:
    """Fills pages from top to bottom."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.pages: list[Drawing] = []
        self.turn()
        self.y += manner.low

    def turn(self) -> None:
        self.pages.append(Drawing())
        self.y = MARGIN

    @property
    def room(self) -> float:
        return A4[1] - MARGIN - self.y

    def paragraph(self, item: Paragraph) -> None:
        size, indent = _SIZES[item.style]
        lines = wrapped("\u3000" * indent + item.text, WIDTH / size)
        for n, line in enumerate(lines):
            if self.room < size * LEAD:
                self.turn()
            said = line.lstrip("\u3000")
            x = MARGIN + size * (len(line) - len(said))
            if item.style is Style.TITLE:
                x = MARGIN + (WIDTH - size * em(line)) / 2
            self.pages[-1].texts.append((x, self.y + size, size, said))
            self.y += size * LEAD if n < len(lines) - 1 else size * LEAD + 4
        if item.style is Style.TITLE:
            self.y += 10

    def table(self, grid: Grid) -> None:
        xs, heights = _edges(grid), _heights(grid)
        self.y += 8
        first, again = 0, 0
        while first < grid.height:
            last = self._fitting(heights, first, again)
            if last == first:
                self.turn()
                continue
            if again:
                self._slice(grid, xs, heights, (0, again), False, False)
            self._slice(grid, xs, heights, (first, last), first > 0 and not again, last < grid.height)
            again = self.manner.header if grid.label_columns == 3 else 0
            first = last
            if first < grid.height:
                self.turn()
        self.y += 12

    def _fitting(self, heights: Sequence[float], first: int, again: int) -> int:
        room = self.room - sum(heights[:again])
        last = first
        while last < len(heights) and heights[last] <= room:
            room -= heights[last]
            last += 1
        return last

    def _slice(
        self, grid: Grid, xs: Sequence[float], heights: Sequence[float], rows: tuple[int, int], above: bool, below: bool
    ) -> None:
        """The rows of a table that stand on this page; `above` and `below`: it goes on there."""
        first, last = rows
        ys = [self.y]
        for height in heights[first:last]:
            ys.append(ys[-1] + height)
        for cell in grid.cells:
            if cell.row >= last or cell.bottom <= first:
                continue
            box = xs[cell.column], ys[max(cell.row, first) - first], xs[cell.right], ys[min(cell.bottom, last) - first]
            self._border(box, above and box[1] == ys[0], below and box[3] == ys[-1])
            self._text(cell, box, self._shown(cell, box, first, last))
        self.y = ys[-1]

    def _border(self, box: tuple[float, float, float, float], above: bool, below: bool) -> None:
        x0, top, x1, bottom = box
        strokes = [(x0, top, x0, bottom), (x1, top, x1, bottom)]
        strokes += [] if above and not self.manner.border_at_cut else [(x0, top, x1, top)]
        strokes += [] if below and not self.manner.border_at_cut else [(x0, bottom, x1, bottom)]
        self.pages[-1].strokes += strokes

    def _shown(self, cell: Cell, box: tuple[float, float, float, float], first: int, last: int) -> list[str]:
        """The lines of a cell on this page: all where it begins, or parted between the pages that it reaches over."""
        lines = wrapped(cell.text, (box[2] - box[0] - 2 * PAD) / SMALL)
        if first <= cell.row and cell.bottom <= last:
            return lines
        half = (len(lines) + 1) // 2 if self.manner.label_cut and len(lines) > 1 else len(lines)
        return lines[:half] if cell.row >= first else lines[half:]

    def _text(self, cell: Cell, box: tuple[float, float, float, float], lines: Sequence[str]) -> None:
        x0, top, x1, bottom = box
        y = top + (bottom - top - len(lines) * SMALL * LEAD) / 2
        for line in lines:
            said = line.strip(" \u3000\u00a0")
            if said:
                x = x0 + PAD if len(cell.text) > 6 else (x0 + x1 - SMALL * em(said)) / 2
                self.pages[-1].texts.append((x, y + SMALL, SMALL, said))
            y += SMALL * LEAD


def _edges(grid: Grid) -> list[float]:
    labels = _LABELS if grid.label_columns == 3 else (120.0,) if grid.label_columns == 1 and grid.width <= 4 else ()
    rest = (WIDTH - sum(labels)) / (grid.width - len(labels))
    xs = [MARGIN]
    for width in (*labels, *[rest] * (grid.width - len(labels))):
        xs.append(xs[-1] + width)
    return xs


def _heights(grid: Grid) -> list[float]:
    xs = _edges(grid)
    heights = [SMALL * LEAD + 2 * PAD] * grid.height
    for cell in sorted(grid.cells, key=lambda c: c.row_span):
        lines = wrapped(cell.text, (xs[cell.right] - xs[cell.column] - 2 * PAD) / SMALL)
        lacking = len(lines) * SMALL * LEAD + 2 * PAD - sum(heights[cell.row : cell.bottom])
        for row in range(cell.row, cell.bottom):
            heights[row] += max(0.0, lacking) / cell.row_span
    return heights


def pages(items: Page, manner: Manner) -> list[Drawing]:
    """The report drawn."""
    pen = _Pen(manner)
    for item in items:
        if isinstance(item, Paragraph):
            pen.paragraph(item)
        else:
            pen.table(item)
    for number, page in enumerate(pen.pages, 1):
        if manner.numbered:
            page.texts.append((A4[0] / 2 - 12, A4[1] - 40, 10.0, f"- {number} -"))
        if manner.frame:
            page.strokes += list(_frame())
    return pen.pages


def _frame() -> Iterator[tuple[float, float, float, float]]:
    x0, top, x1, bottom = MARGIN - 12, MARGIN - 14, A4[0] - MARGIN + 12, A4[1] - MARGIN + 14
    yield from ((x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom))


def pdf(drawings: Sequence[Drawing]) -> bytes:
    """The pages as a PDF with its characters in the built-in CID font."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    pen = canvas.Canvas(out, pagesize=A4, invariant=1)
    for page in drawings:
        pen.setLineWidth(0.5)
        for x0, top, x1, bottom in dict.fromkeys(page.strokes):
            pen.line(x0, A4[1] - top, x1, A4[1] - bottom)
        for x, y, size, said in page.texts:
            pen.setFont(FONT, size)
            pen.drawString(x, A4[1] - y, said)
        pen.showPage()
    pen.save()
    return out.getvalue()


def ofd(drawings: Sequence[Drawing]) -> bytes:
    """The pages as an OFD of text and path objects."""
    mm = 25.4 / 72
    contents = []
    for page in drawings:
        parts = [fixed.stroke(*(round(v * mm, 3) for v in stroke)) for stroke in dict.fromkeys(page.strokes)]
        for x, y, size, said in page.texts:
            steps = " ".join(f"{em(c) * size * mm:.3f}" for c in said[:-1])
            parts.append(fixed.text(round(x * mm, 3), round(y * mm, 3), escape(said), round(size * mm, 3), steps))
        contents.append("".join(parts))
    return fixed.ofd(*contents)


MANNERS: Mapping[str, Manner] = {
    "ruled": Manner(),
    "open": Manner(border_at_cut=False),
    "headed": Manner(header=3),
    "label_cut": Manner(label_cut=True, low=60),
    "open_label_cut": Manner(border_at_cut=False, label_cut=True, low=30),
    "framed": Manner(frame=True),
    "unnumbered": Manner(numbered=False, border_at_cut=False, low=110),
}
PDF_FORMS: Mapping[str, Callable[[Page], bytes]] = {
    name: lambda items, manner=manner: pdf(pages(items, manner)) for name, manner in MANNERS.items()
}
OFD_FORMS: Mapping[str, Callable[[Page], bytes]] = {
    name: lambda items, manner=manner: ofd(pages(items, manner)) for name, manner in MANNERS.items()
}
