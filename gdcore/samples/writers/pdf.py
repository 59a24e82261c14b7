"""A PDF: Chinese text in the built-in CID font, ruled tables that go on over the page cut, page numbers."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any
from xml.sax.saxutils import escape

from gdcore.samples.layout import Cell, Grid, Role, cut, grids
from gdcore.samples.model import Paragraph, Piece, Sample, StatTable, Style

_FONT = "STSong-Light"
_MARGIN = 72.0  # points
_NOBODY = dict.fromkeys(("author", "creator", "producer", "subject"), "")  # a clean file says nothing of its making
_WIDTH = 595.27 - 2 * _MARGIN  # A4
_LABEL_WIDTHS = (34.0, 58.0, 128.0)  # of the three label columns of table 三, points
_RULE = 0.5
_STYLES = {Style.TITLE: (18, 1, 0), Style.HEADING: (14, 0, 28), Style.TEXT: (12, 0, 24), Style.SIGNOFF: (12, 2, 0)}


def write(sample: Sample) -> bytes:
    """The bytes of the .pdf file."""
    _lab("pdfbase.pdfmetrics").registerFont(_lab("pdfbase.cidfonts").UnicodeCIDFont(_FONT))
    out = io.BytesIO()
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), _MARGIN)
    template = _lab("platypus").SimpleDocTemplate(out, title=sample.title or None, **_NOBODY, invariant=1, **margins)
    if sample.plain is not None:
        story = [_paragraph(line, Style.TEXT) for line in sample.plain.splitlines() if line.strip()]
    else:
        story = [flowable for piece in sample.pieces for flowable in _flowables(piece)]
    template.build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return out.getvalue()


def _lab(module: str) -> Any:
    """A module of reportlab, which only those who write samples have."""
    return import_module(f"reportlab.{module}")


def _page_number(canvas: Any, template: Any) -> None:
    canvas.saveState()
    canvas.setFont(_FONT, 10)
    canvas.drawCentredString(_MARGIN + _WIDTH / 2, _MARGIN / 2, f"- {template.page} -")
    canvas.restoreState()


def _flowables(piece: Piece) -> list[Any]:
    if isinstance(piece, Paragraph):
        return [] if piece.style is Style.PAGE else [_paragraph(piece.text, piece.style)]
    if isinstance(piece, StatTable):
        gap = _lab("platypus").Spacer(1, 14)
        return [part for grid in grids(piece) for part in (gap, _ruled(grid))] + [gap]
    return []


def _paragraph(text: str, style: Style) -> Any:
    size, alignment, indent = _STYLES[style]
    return _lab("platypus").Paragraph(escape(text), _style(size, alignment, indent, space=8))


def _style(size: int, alignment: int, indent: int = 0, space: int = 0) -> Any:
    return _lab("lib.styles").ParagraphStyle(
        f"{size}-{alignment}-{indent}",
        fontName=_FONT,
        fontSize=size,
        leading=size * 1.5,
        alignment=alignment,
        firstLineIndent=indent,
        spaceAfter=space,
        wordWrap="CJK",
    )


def _ruled(grid: Grid) -> Any:
    """A flowable that cuts its grid where the page ends: merged cells go on blank, headers are not repeated."""
    flowable: Any = _lab("platypus").Flowable

    class Ruled(flowable):  # type: ignore[misc]
        def wrap(self, width: float, height: float) -> tuple[float, float]:
            self.table = _table(grid)
            size: tuple[float, float] = self.table.wrap(width, height)
            return size

        def draw(self) -> None:
            self.table.drawOn(self.canv, 0, 0)

        def split(self, width: float, height: float) -> list[Any]:
            # A merged label that is cut needs more height in fewer rows, so what fits is tried and not added up.
            for fitting in range(grid.height - 1, 0, -1):
                parts = [_ruled(part) for part in cut(grid, fitting)]
                if parts[0].wrap(width, height)[1] <= height:
                    return parts
            return []

    return Ruled()


def _table(grid: Grid) -> Any:
    black = _lab("lib.colors").black
    rows: list[list[Any]] = [[""] * grid.width for _ in range(grid.height)]
    commands: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    for cell in grid.cells:
        rows[cell.row][cell.column] = _content(cell)
        corners = (cell.column, cell.row), (cell.right - 1, cell.bottom - 1)
        commands += [("SPAN", *corners), ("BOX", *corners, _RULE, black)]
    table: Any = _lab("platypus").Table(rows, colWidths=_column_widths(grid), style=commands)
    table.hAlign = "LEFT"
    return table


def _content(cell: Cell) -> Any:
    if not cell.text:
        return ""
    style = _style(9, 0 if cell.role is Role.LABEL else 1)
    return _lab("platypus").Paragraph(escape(cell.text), style)


def _column_widths(grid: Grid) -> list[float]:
    labels = _LABEL_WIDTHS if grid.label_columns == len(_LABEL_WIDTHS) else ()
    rest = (_WIDTH - sum(labels)) / (grid.width - len(labels))
    return [*labels, *[rest] * (grid.width - len(labels))]
