"""A page as characters, ruling lines and pictures; pages to blocks: paragraphs, tables and images in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Final

import numpy as np

from gdcore.document import Block, Cell, Embedded, EmbeddedKind, Paragraph, Table
from gdcore.place import Place
from gdcore.readers import grid, lines
from gdcore.readers.lines import Char, Line, Margins
from gdcore.readers.ruling import Frame

MIDDLE: Final = 0.35  # of the size: from the baseline up to the middle of a character
IMAGE: Final = 0.04  # of the page's area from which an image is content
SCANNED: Final = 0.5  # of the page's area from which an image is the page itself
EDGE_ZONE: Final = 0.12  # of the page's height in which page numbers and running heads stand
ALIGNED: Final = 3.0  # points by which frames on successive pages may differ and be one table

_PAGE_NUMBER = re.compile(
    r"[-—–－·~\s]*第?\s*\d{1,3}\s*页?(?:\s*[/／,，]?\s*共?\s*\d{1,3}\s*页?)?[-—–－·~\s]*|Page \d+(?: of \d+)?|https?://\S+\s+\d+/\d+"
)

Box = tuple[float, float, float, float]  # x0, top, x1, bottom; points, origin top left


@dataclass(slots=True)
class Page:
    """What a page shows, before it is clear what goes on from page to page."""

    number: int
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    inside: dict[int, list[list[Char]]] = field(default_factory=dict)  # frame → characters of each cell
    printed: dict[int, list[list[Line]]] = field(default_factory=dict)  # frame → lines of each cell
    lines: list[Line] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)  # frames that are tables
    origin: Callable[[Box], Box] | None = None  # where a box of this page stands in the file, if it was straightened


def blocks(pages: Sequence[Page]) -> tuple[Block, ...]:
    """Paragraphs, tables and images of a file; page numbers and running heads are left out.

    Each page's tables stay tables of their own, a paragraph may go on over a page's end.
    """
    for page in pages:
        _sort_out(page)
    _choose_tables(pages)
    _drop_running_lines(pages)
    origins = {page.number: page.origin for page in pages if page.origin is not None}
    return tuple(_placed(block, origins) for block in _blocks(pages))


def _placed(block: Block, origins: Mapping[int, Callable[[Box], Box]]) -> Block:
    """The block with the places that it has in the file."""

    def there(place: Place) -> Place:
        origin = origins.get(place.page or 0)
        return place if origin is None or place.box is None else replace(place, box=origin(place.box))

    if not origins:
        return block
    if isinstance(block, Paragraph):
        return replace(block, places=tuple((offset, there(place)) for offset, place in block.places))
    if isinstance(block, Table):
        return replace(
            block, rows=tuple(tuple(replace(cell, place=there(cell.place)) for cell in row) for row in block.rows)
        )
    return replace(block, place=there(block.place))


def area(box: Box) -> float:
    """In square points; 0 for a box turned inside out."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _sort_out(page: Page) -> None:
    """Give each character to the innermost frame around it, else to the text of the page."""
    page.inside = {n: [[] for _ in frame.cells] for n, frame in enumerate(page.frames)}
    if not page.frames or not page.chars:
        return
    _, x0, _, x1, _, baseline, size, _ = zip(*page.chars, strict=True)
    x, y = (np.array(x0) + np.array(x1)) / 2, np.array(baseline) - MIDDLE * np.array(size)
    free = np.arange(len(page.chars))
    for n, frame in enumerate(page.frames):
        cells = frame.cells_at(x[free], y[free])
        held = cells >= 0
        inside = page.inside[n]
        for k, cell in zip(free[held].tolist(), cells[held].tolist(), strict=True):
            inside[cell].append(page.chars[k])
        free = free[~held]
    page.chars = [page.chars[k] for k in free.tolist()]


# --- from page to page ----------------------------------------------------------------------------------------------


def _choose_tables(pages: Sequence[Page]) -> None:
    """Tell tables from frames around text, and give the characters of the latter back to the page."""
    real = [{n for n in page.inside if _is_table(page, n)} for page in pages]
    for i, page in enumerate(pages):
        for n, frame in enumerate(page.frames):
            if n not in real[i] and any(map(len, page.inside[n])) and _goes_on(frame, i, pages, real):
                real[i].add(n)
        for n in page.inside:
            if n not in real[i]:
                page.chars += [char for cell in page.inside[n] for char in cell]
        page.tables = sorted(real[i], key=lambda n: page.frames[n].box[1])
        page.lines = lines.lines(page.chars, page.number)


def _is_table(page: Page, n: int) -> bool:
    frame = page.frames[n]
    if len(frame.cells) < 2 or frame.columns < 2:
        return False
    texts = [[line.text for line in cell] for cell in _lines_inside(page, n)]
    return any(texts) and not grid.is_layout(texts)


def _lines_inside(page: Page, n: int) -> list[list[Line]]:
    """The lines in each cell of a frame."""
    if n not in page.printed:
        page.printed[n] = [lines.lines(cell, page.number) for cell in page.inside[n]]
    return page.printed[n]


def _goes_on(frame: Frame, i: int, pages: Sequence[Page], real: Sequence[set[int]]) -> bool:
    """Whether a single column at the edge of page `i` is the end of a table that continues on the page beside it."""

    def top(other: Frame) -> float:
        return other.box[1]

    def tables(j: int) -> list[Frame]:
        return [pages[j].frames[n] for n in real[j]] if 0 <= j < len(pages) else []

    neighbours = []
    if top(frame) >= max(map(top, pages[i].frames)):
        neighbours.append(min(tables(i + 1), key=top, default=None))
    if top(frame) <= min(map(top, pages[i].frames)):
        neighbours.append(max(tables(i - 1), key=top, default=None))
    return any(
        other is not None and all(abs(other.box[side] - frame.box[side]) <= ALIGNED for side in (0, 2))
        for other in neighbours
    )


def _drop_running_lines(pages: Sequence[Page]) -> None:
    """Take out page numbers, and the line that stands at the same height of most pages with the same words."""
    repeated: Counter[tuple[str, int]] = Counter()
    for page in pages:
        repeated.update({_running(line) for line in page.lines if _at_edge(line, page)})

    def runs_on(line: Line) -> bool:
        return repeated[_running(line)] > max(2, len(pages) // 2)

    for page in pages:
        kept = []
        for line in page.lines:
            if not (_at_edge(line, page) and (runs_on(line) or _PAGE_NUMBER.fullmatch(line.text))):
                kept.append(line)
        page.lines = kept


def _running(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.box[1] / 4)


def _at_edge(line: Line, page: Page) -> bool:
    return line.box[3] < EDGE_ZONE * page.height or line.box[1] > (1 - EDGE_ZONE) * page.height


def _blocks(pages: Sequence[Page]) -> Iterator[Block]:
    """Paragraphs, tables and images in reading order; a paragraph may go on over a page's end."""
    margins = _margins(pages)
    run: list[Line] = []
    for page in pages:
        items: list[tuple[float, Line | Block]] = [(line.box[1], line) for line in page.lines]
        items += [(page.frames[n].box[1], _table(page, n)) for n in page.tables]
        items += [
            (box[1], Embedded(EmbeddedKind.IMAGE, Place(page=page.number, box=box)))
            for box in page.images
            if area(box) < SCANNED * page.width * page.height or not page.lines
        ]
        for _, item in sorted(items, key=lambda pair: pair[0]):
            if isinstance(item, Line):
                run.append(item)
                continue
            yield from lines.paragraphs(run, margins)
            run = []
            yield item
    yield from lines.paragraphs(run, margins)


def _margins(pages: Sequence[Page]) -> dict[int, Margins]:
    """The margins of each page; a page with little text takes those of the others."""
    own = {page.number: lines.margins(page.lines) for page in pages}
    known = [m for m in own.values() if m is not None]
    usual = None
    if known:
        usual = Margins(*(median(getattr(m, side) for m in known) for side in ("left", "right", "leading")))
    result = {}
    for page in pages:
        margin = own[page.number]
        fallback = usual or margin or Margins(page.width * 0.1, page.width * 0.9, 0.0)
        if margin is None:
            result[page.number] = fallback
        else:
            result[page.number] = Margins(margin.left, max(margin.right, fallback.right), margin.leading)
    return result


def _table(page: Page, n: int) -> Table:
    frame = page.frames[n]
    rows: list[list[Cell]] = [[] for _ in range(len(frame.ys) - 1)]
    for rectangle, printed in zip(frame.cells, _lines_inside(page, n), strict=True):
        rows[rectangle.row].append(
            Cell(
                "\n".join(line.text for line in printed),
                Place(page=page.number, box=rectangle.box),
                rectangle.row, rectangle.column, rectangle.row_span, rectangle.column_span,
                min((line.confidence for line in printed), default=1.0),
            )
        )  # fmt: skip
    return Table(tuple(tuple(sorted(row, key=lambda cell: cell.column)) for row in rows))
