"""The sums of an area as a Word file: the three official tables ready to be taken over, with who is counted on top."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from gdcore.aggregation import Totals
from gdcore.exports import official
from gdcore.samples.layout import Cell, Role
from gdcore.tally import TABLES

_WIDTHS_CM = {"t2": (4.6, 4.0, 4.0, 4.0), "t3": (1.6, 1.9, 4.7, *[1.2] * 7), "t4": (1.1,) * 15}
_TABLE_PT = {"t2": 10.5, "t3": 9, "t4": 8}
_HEAD_ROWS = {"t2": 0, "t3": 3, "t4": 3}  # repeated where a table goes on on the next page
_ROW_CM = 0.55  # at least
_NOTES = 12  # cells that a note names; the workbook has all
_PAGE_CM = (21.0, 29.7)
_MARGIN_CM = 2.2
_TEXT, _BODY = "宋体", "仿宋"
_MARK = "＊"


def document(totals: Totals) -> bytes:
    """The bytes of the DOCX file."""
    made = docx.Document()
    _page(made)
    _say(made, official.title(totals), _TEXT, 16, bold=True, centred=True)
    _say(made, official.scope_note(totals), _BODY, 12)
    for table in TABLES:
        _say(made, official.coverage_note(totals, table), _BODY, 12)
    for table in TABLES:
        heading = _say(made, official.heading(table), "黑体", 14, above=12).paragraph_format
        heading.keep_with_next, heading.page_break_before = True, table == "t3"  # so that it stands on one page
        _table(made, totals, table)
        _notes(made, totals, table)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _page(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = (Cm(side) for side in _PAGE_CM)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)


def _say(
    made: Any, text: str, font: str, points: float, bold: bool = False, centred: bool = False, above: float = 0
) -> Any:
    """A paragraph."""
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(above), Pt(4)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, font, points, bold)
    return paragraph


def _run(paragraph: Any, text: str, font: str, points: float, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = font, Pt(points), bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)  # Chinese characters go by this one


def _table(made: Any, totals: Totals, key: str) -> None:
    grid, widths = official.layout(key, totals.edition), _WIDTHS_CM[key]
    table = made.add_table(grid.height, grid.width, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    rows = [row.cells for row in table.rows]  # each look-up of a cell goes over the whole table
    for column, width in enumerate(widths):
        table.columns[column].width = Cm(width)  # one program goes by the grid's widths, another by the cells'
        for cells in rows:
            cells[column].width = Cm(width)
    for number, row in enumerate(table.rows):
        row.height = Cm(_ROW_CM)
        _row_property(row, "w:cantSplit")
        if number < _HEAD_ROWS[key]:
            _row_property(row, "w:tblHeader")
    for cell in grid.cells:
        place = rows[cell.row][cell.column]
        if cell.row_span * cell.column_span > 1:
            place = place.merge(rows[cell.bottom - 1][cell.right - 1])
        _fill(place, cell, _printed(totals, cell), _TABLE_PT[key])


def _row_property(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _fill(place: Any, cell: Cell, text: str, points: float) -> None:
    place.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    (paragraph, *_) = place.paragraphs
    left = cell.role in (Role.LABEL, Role.TITLE) and cell.row_span == 1
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(0)
    _run(paragraph, text, _TEXT, points, bold=cell.role is Role.TITLE)


def _printed(totals: Totals, cell: Cell) -> str:
    """What a cell prints; a sum that does not go over all that are counted in its table has a mark."""
    if cell.role is not Role.VALUE:
        return cell.text
    found = totals.sums[cell.text]
    if found.figure.value is None:
        return official.NOTHING
    return f"{found.figure.value:f}" + (_MARK if totals.lacking(found) else "")


def _notes(made: Any, totals: Totals, key: str) -> None:
    notes = list(official.lacking_notes(totals, key))
    if notes:
        more = f"；等 {len(notes)} 项" if len(notes) > _NOTES else ""
        told = f"{_MARK} 该格有单位空白、未能识别或表样版本不同，未计入：{'；'.join(notes[:_NOTES])}{more}。"
        _say(made, told, _BODY, 10.5, above=4)
