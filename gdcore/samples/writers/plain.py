"""Plain text: tables flattened with tabs as text taken from a web page has them, with pipes, or as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from gdcore.samples.layout import KEPT, Cell, Grid, Role, grids
from gdcore.samples.model import Paragraph, Sample, StatTable, Style

_MARKDOWN = {Style.TITLE: "# ", Style.HEADING: "## "}


def tabs(sample: Sample) -> bytes:
    """Tab-separated tables; labels of table 三 in column 0, 1 or 2, what merges take up made good at the row's end."""
    return _document(sample, _tabbed, dict.fromkeys(Style, ""))


def pipes(sample: Sample) -> bytes:
    """Tables as `a | b | c |`, every merged cell an empty field."""
    return _document(sample, _piped, dict.fromkeys(Style, ""))


def markdown(sample: Sample) -> bytes:
    """Markdown: `#` title, `##` headings, pipe tables with a line under their first row."""
    return _document(sample, _ruled, _MARKDOWN)


def _document(sample: Sample, flatten: Callable[[Grid], list[str]], marks: dict[Style, str]) -> bytes:
    if sample.plain is not None:
        return sample.plain.encode()
    parts: list[str] = []
    for piece in sample.pieces:
        if isinstance(piece, Paragraph) and piece.style is not Style.PAGE:
            parts.append(marks.get(piece.style, "") + piece.text)
        elif isinstance(piece, StatTable):
            parts += _printed(piece, flatten)
    return ("\n\n".join(parts) + "\n").encode()


@lru_cache(KEPT)
def _printed(table: StatTable, flatten: Callable[[Grid], list[str]]) -> list[str]:
    return ["\n".join(flatten(grid)) for grid in grids(table)]


def _tabbed(grid: Grid) -> list[str]:
    lines = []
    for index in range(grid.height):
        row = grid.row(index)
        fields = list(_fields(row, index, grid.label_columns))
        if grid.label_columns != 1 or row[0].role is Role.TITLE:
            fields += [""] * (sum(cell.column_span for cell in row) - len(fields))
        lines.append("\t".join(fields))
    return lines


def _fields(row: Sequence[Cell], index: int, label_columns: int) -> Iterable[str]:
    """A merged label of table 三 takes one field less than its columns, a merged value cell of table 二 one."""
    for cell in row:
        yield cell.text if cell.row == index else ""
        if label_columns == 1:
            continue
        label = cell.column < label_columns and (cell.role is not Role.VALUE)
        yield from [""] * ((cell.column_span - 1) // (2 if label else 1))


def _all_fields(grid: Grid, index: int) -> list[str]:
    fields: list[str] = []
    for cell in grid.row(index):
        fields += [cell.text if cell.row == index else "", *[""] * (cell.column_span - 1)]
    return fields


def _piped(grid: Grid) -> list[str]:
    return ["".join(f"{text} | " for text in _all_fields(grid, index)).rstrip() for index in range(grid.height)]


def _ruled(grid: Grid) -> list[str]:
    lines = ["| " + " | ".join(_all_fields(grid, index)) + " |" for index in range(grid.height)]
    return [lines[0], "|" + " --- |" * grid.width, *lines[1:]]
