"""A Word document, written part by part so that equal samples give equal bytes: merges, fixed zip times."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import lru_cache
from xml.sax.saxutils import escape

from gdcore.samples.layout import KEPT, Cell, Grid, grids
from gdcore.samples.model import Paragraph, Piece, Sample, StatTable, Style

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TABLE_WIDTH = 9000  # twentieths of a point: a page of A4 between its margins
_PICTURE_SIZE = (4_000_000, 2_400_000)  # EMU
_DUBLIN_CORE = ("title", "creator", "subject", "description")  # core properties; the others are Office's own
_STYLES = {Style.TITLE: "Title", Style.HEADING: "1", Style.TEXT: "Body", Style.SIGNOFF: "Sign"}

_TYPES = f"""{_HEAD}<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/word/styles.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
</Types>"""
_RELS = f"""{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="word/document.xml"/>
<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>
</Relationships>"""
_DOCUMENT_RELS = f"""{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_REL}/styles" Target="styles.xml"/>
<Relationship Id="rId2" Type="{_REL}/image" Target="media/table.png"/></Relationships>"""


def write(sample: Sample) -> bytes:
    """The bytes of the .docx file."""
    if sample.plain is not None:
        body = "".join(_paragraph(line, "Body") for line in sample.plain.splitlines() if line.strip())
    else:
        body = "".join(_piece(piece) for piece in sample.pieces)
    parts = {
        "[Content_Types].xml": _TYPES.encode(),
        "_rels/.rels": _RELS.encode(),
        "word/document.xml": _document(body).encode(),
        "word/_rels/document.xml.rels": _DOCUMENT_RELS.encode(),
        "word/styles.xml": _styles().encode(),
        "word/media/table.png": png(),
        "docProps/core.xml": _core(sample).encode(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _document(body: str) -> str:
    margins = " ".join(f'w:{side}="1440"' for side in ("top", "right", "bottom", "left"))
    page = f'<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar {margins}/></w:sectPr>'
    return f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_REL}"><w:body>{body}{page}</w:body></w:document>'


def _piece(piece: Piece) -> str:
    if isinstance(piece, Paragraph):
        return "" if piece.style is Style.PAGE else _paragraph(piece.text, _STYLES[piece.style])
    if isinstance(piece, StatTable):
        return _printed(piece)
    return _picture()


def _paragraph(text: str, style: str) -> str:
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'


@lru_cache(KEPT)
def _printed(table: StatTable) -> str:
    return "<w:p/>".join(_table(grid) for grid in grids(table)) + "<w:p/>"


def _table(grid: Grid) -> str:
    width = _TABLE_WIDTH // grid.width
    columns = f'<w:gridCol w:w="{width}"/>' * grid.width
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    rows = "".join(
        "<w:tr>" + "".join(_cell(cell, index, width) for cell in grid.row(index)) + "</w:tr>"
        for index in range(grid.height)
    )
    properties = f'<w:tblW w:w="{_TABLE_WIDTH}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"


def _cell(cell: Cell, row: int, width: int) -> str:
    begins = cell.row == row
    properties = f'<w:tcW w:w="{width * cell.column_span}" w:type="dxa"/>'
    if cell.column_span > 1:
        properties += f'<w:gridSpan w:val="{cell.column_span}"/>'
    if cell.row_span > 1:
        properties += '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_paragraph(cell.text if begins else '', 'Cell')}</w:tc>"


def _picture() -> str:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    size = f'cx="{_PICTURE_SIZE[0]}" cy="{_PICTURE_SIZE[1]}"'
    return (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{drawing}/wordprocessingDrawing"><wp:extent {size}/>'
        f'<wp:docPr id="1" name="table"/><a:graphic xmlns:a="{drawing}/main"><a:graphicData uri="{drawing}/picture">'
        f'<pic:pic xmlns:pic="{drawing}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="table.png"/><pic:cNvPicPr/>'
        '</pic:nvPicPr><pic:blipFill><a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def _styles() -> str:
    def style(key: str, name: str, paragraph: str, run: str) -> str:
        return (
            f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
            f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        )

    fonts = '<w:rFonts w:ascii="宋体" w:eastAsia="宋体" w:hAnsi="宋体"/><w:sz w:val="{}"/>'
    styles = (
        style("Title", "Title", '<w:jc w:val="center"/>', "<w:b/>" + fonts.format(40)),
        style("1", "heading 1", '<w:outlineLvl w:val="0"/>', "<w:b/>" + fonts.format(32)),
        style("Body", "Body Text", '<w:ind w:firstLine="640"/>', fonts.format(32)),
        style("Sign", "Signature", '<w:jc w:val="right"/>', fonts.format(32)),
        style("Cell", "Table Text", '<w:jc w:val="center"/>', fonts.format(18)),
    )
    return f'{_HEAD}<w:styles xmlns:w="{_W}">{"".join(styles)}</w:styles>'


def _core(sample: Sample) -> str:
    said = {"title": sample.title, **dict(sample.metadata)}
    named = ((("dc" if name in _DUBLIN_CORE else "cp") + f":{name}", text) for name, text in said.items())
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in named)
        + "</cp:coreProperties>"
    )


def png() -> bytes:
    """A one-pixel grey image."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x80")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
