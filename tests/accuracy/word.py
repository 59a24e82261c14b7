"""Word files: merges, nested tables, tracked changes, text boxes, headers; .docx by python-docx, .doc as [MS-DOC]."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from readers.word97 import FIRST, GOES_ON, MERGED, RESTARTS, Doc

from gdcore.samples.layout import Cell, Grid
from gdcore.samples.model import Paragraph, Style

from .layouts import Page

_NS = nsdecls("w", "r", "wp", "a") + (
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)
_BORDERS = "".join(
    f'<w:{s} w:val="single" w:sz="4"/>' for s in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_WIDTH = 9000  # twentieths of a point
_STYLES = {Style.TITLE: "Title", Style.HEADING: "Heading1"}
Run = Callable[[str], str]


def _run(text: str) -> str:
    lines = text.split("\n")
    return "<w:r>" + "<w:br/>".join(f'<w:t xml:space="preserve">{escape(t)}</w:t>' for t in lines) + "</w:r>"


def _split_run(text: str) -> str:
    """Every character in a run of its own, with the marks of the spelling checker between them."""
    return '<w:proofErr w:type="spellStart"/>'.join(map(_run, text))


def _tracked_run(text: str) -> str:
    """A text that was another one before the change was tracked."""
    if not any(map(str.isdigit, text)):
        return _run(text)
    tracked = 'w:id="1" w:author="甲" w:date="2024-01-01T00:00:00Z"'
    old = f"<w:del {tracked}><w:r><w:delText>99</w:delText></w:r></w:del>"
    return f"{old}<w:ins {tracked}>{_run(text)}</w:ins>"


def _paragraph(text: str, run: Run, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{run(text) if text else ''}</w:p>"


def _table(grid: Grid, run: Run) -> str:
    width = _WIDTH // grid.width
    columns = f'<w:gridCol w:w="{width}"/>' * grid.width
    rows = "".join(
        "<w:tr>" + "".join(_cell(c, r, width, run) for c in grid.row(r)) + "</w:tr>" for r in range(grid.height)
    )
    return f"<w:tbl><w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"


def _cell(cell: Cell, row: int, width: int, run: Run) -> str:
    begins = cell.row == row
    properties = f'<w:tcW w:w="{width * cell.column_span}" w:type="dxa"/>'
    if cell.column_span > 1:
        properties += f'<w:gridSpan w:val="{cell.column_span}"/>'
    if cell.row_span > 1:
        properties += '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_paragraph(cell.text if begins else '', run)}</w:tc>"


def _nested(grid: Grid, run: Run) -> str:
    """A table in the only cell of another one."""
    inside = _table(grid, run) + "<w:p/>"
    return f'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid><w:tr><w:tc><w:tcPr/>{inside}</w:tc></w:tr></w:tbl>'


def _boxed(content: str) -> str:
    """A text box, and what older programs show in its place."""
    box = f"<wps:wsp><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
    uri = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    drawing = f'<w:drawing><wp:inline><wp:extent cx="5000000" cy="900000"/><wp:docPr id="9" name="box"/><a:graphic><a:graphicData uri="{uri}">{box}</a:graphicData></a:graphic></wp:inline></w:drawing>'
    old = f"<w:pict><v:shape><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict>"
    choice = f'<mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>'
    return f"<w:p><w:r>{choice}</w:r></w:p>"


def _document(
    items: Page, run: Run, table: Callable[[Grid, Run], str], boxed: bool = False, headed: bool = False
) -> bytes:
    file = docx.Document()
    body = file.element.body
    end = body[-1]
    for item in items:
        if isinstance(item, Paragraph):
            xml = _paragraph(item.text, run, _STYLES.get(item.style, ""))
            xml = _boxed(xml) if boxed and item.style is Style.TITLE else xml
        else:
            xml = table(item, run) + "<w:p/>"
        for element in parse_xml(f"<w:body {_NS}>{xml}</w:body>"):
            end.addprevious(element)
    if headed:
        file.sections[0].header.paragraphs[0].text = "云泽县政务公开　政府信息公开年报"
        file.sections[0].footer.paragraphs[0].text = "— 1 —"
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def merged(items: Page) -> bytes:
    return _document(items, _run, _table)


def split_runs(items: Page) -> bytes:
    return _document(items, _split_run, _table)


def tracked(items: Page) -> bytes:
    return _document(items, _tracked_run, _table)


def nested(items: Page) -> bytes:
    return _document(items, _run, _nested)


def text_box(items: Page) -> bytes:
    return _document(items, _run, _table, boxed=True)


def tables_in_boxes(items: Page) -> bytes:
    return _document(items, _run, lambda grid, run: _boxed(_table(grid, run) + "<w:p/>"))


def headed(items: Page) -> bytes:
    return _document(items, _split_run, _table, headed=True)


def by_the_library(items: Page) -> bytes:
    """Tables made and merged by python-docx itself."""
    file = docx.Document()
    for item in items:
        if isinstance(item, Paragraph):
            file.add_paragraph(item.text, "Title" if item.style is Style.TITLE else None)
            continue
        made = file.add_table(item.height, item.width, "Table Grid")
        grid = [made._cells[r * item.width : (r + 1) * item.width] for r in range(item.height)]
        for cell in item.cells:
            first = grid[cell.row][cell.column]
            if cell.row_span * cell.column_span > 1:
                first = first.merge(grid[cell.bottom - 1][cell.right - 1])
            first.text = cell.text
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


# --- Word 97 --------------------------------------------------------------------------------------------------------


def word97(items: Page) -> bytes:
    """A .doc with its merges as flags of the cells."""
    return _word97(items, across=True)


def word97_edges(items: Page) -> bytes:
    """A .doc whose cells merged across are simply wider."""
    return _word97(items, across=False)


def _word97(items: Page, across: bool) -> bytes:
    doc = Doc()
    for item in items:
        if isinstance(item, Paragraph):
            doc.text(item.text)
            continue
        for r in range(item.height):
            _row(doc, item, r, across)
        doc.text("")
    return doc.bytes()


def _row(doc: Doc, grid: Grid, row: int, across: bool) -> None:
    texts, edges, flags = [], [0], []
    step = _WIDTH // grid.width
    for cell in grid.row(row):
        down = 0 if cell.row_span == 1 else RESTARTS if cell.row == row else GOES_ON
        text = cell.text.replace("\n", "\x0b") if cell.row == row else ""
        parts = cell.column_span if across else 1
        texts += [text, *[""] * (parts - 1)]
        flags += [down | (FIRST if parts > 1 else 0), *[down | MERGED] * (parts - 1)]
        edges += [step * (cell.column + n + 1) for n in range(parts - 1)] + [step * cell.right]
    doc.row(texts, edges, flags)


FORMS: Mapping[str, Callable[[Page], bytes]] = {
    "merged": merged,
    "split_runs": split_runs,
    "tracked": tracked,
    "nested": nested,
    "text_box": text_box,
    "tables_in_boxes": tables_in_boxes,
    "headed": headed,
    "by_the_library": by_the_library,
}
OLD_FORMS: Mapping[str, Callable[[Page], bytes]] = {"word97": word97, "word97_edges": word97_edges}
