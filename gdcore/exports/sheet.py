"""The paper on which the shipped templates are written: page, fonts, styles and tables as GB/T 9704 has them."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

_LATIN, _SONG, _FANGSONG, _HEI, _KAI, _TITLE = "Times New Roman", "宋体", "仿宋", "黑体", "楷体", "方正小标宋简体"
# What a machine without a font shows in its place.
_STAND_INS = {_TITLE: _SONG, _FANGSONG: "仿宋_GB2312", _KAI: "楷体_GB2312"}
OFFICIAL = (Mm(37), Mm(26), Mm(35), Mm(28))  # top, right, bottom, left: 156 × 225 mm of A4 are written on
PRINTED = (Mm(20), Mm(18), Mm(18), Mm(20))
_FOOTER = Mm(25)
_KEPT_STYLES = frozenset(
    ["Normal", "Default Paragraph Font", "Normal Table", "No List", "Table Grid", "footer", "header"]
)
_NOT_NEEDED = ("stylesWithEffects", "webSettings", "customXml", "numbering")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FONT_TABLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    + "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{stand_in}"/><w:charset w:val="86"/></w:font>'
        for name, stand_in in _STAND_INS.items()
    )
    + "</w:fonts>"
)
_CENTRE, _RIGHT, _BOTH, _LEFT = (getattr(WD_ALIGN_PARAGRAPH, name) for name in ("CENTER", "RIGHT", "JUSTIFY", "LEFT"))


@dataclass(frozen=True, slots=True)
class Look:
    """A paragraph style: font, size and exact line spacing in points (0: as the line needs), indents in characters."""

    name: str
    font: str
    size: float
    lines: float = 28
    indent: int = 0
    right: int = 0
    align: Any = _BOTH
    leads: bool = False  # never the last line of a page


TITLE = Look("公文标题", _TITLE, 22, 36, align=_CENTRE)
DRAFT = Look("稿件说明", _KAI, 16, align=_CENTRE)
ADDRESS = Look("主送机关", _FANGSONG, 16)
BODY = Look("公文正文", _FANGSONG, 16, indent=2)
FIRST = Look("一级标题", _HEI, 16, indent=2, leads=True)
SECOND = Look("二级标题", _KAI, 16, indent=2, leads=True)
SIGNED = Look("落款", _FANGSONG, 16, right=4, align=_RIGHT)
FIGURE = Look("图", _SONG, 12, 0, align=_CENTRE)
CELL = Look("表格文字", _SONG, 10.5, 0, align=_LEFT)
MIDDLE = Look("表格居中文字", _SONG, 10.5, 0, align=_CENTRE)
HEAD = Look("表头文字", _HEI, 10.5, 0, align=_CENTRE)
SMALL_TITLE = Look("评分表标题", _TITLE, 18, 30, align=_CENTRE)
SMALL_HEAD = Look("评分表小标题", _HEI, 12, 24, align=_LEFT, leads=True)
SMALL_BODY = Look("评分表正文", _SONG, 10.5, 18, align=_LEFT)
_PAGE = Look("页码", _SONG, 14, 0, right=1, align=_RIGHT)
_PAGE_EVEN = Look("双页页码", _SONG, 14, 0, indent=1, align=_LEFT)
_LOOKS = (
    TITLE, DRAFT, ADDRESS, BODY, FIRST, SECOND, SIGNED, FIGURE, CELL, MIDDLE, HEAD, SMALL_TITLE, SMALL_HEAD, SMALL_BODY, _PAGE,
    _PAGE_EVEN,
)  # fmt: skip


class Sheet:
    """A document while it is written."""

    def __init__(self, area: Sequence[Length] = OFFICIAL) -> None:
        self.document = docx.Document()
        _bare(self.document)
        for look in _LOOKS:
            _style(self.document, look)
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = area
        section.footer_distance = min(_FOOTER, section.bottom_margin // 2)

    def say(self, look: Look, *texts: str) -> None:
        """Paragraphs."""
        for text in texts:
            _say(self.document.add_paragraph(style=look.name), text)

    def table(
        self, widths: Sequence[float], *rows: Sequence[str | Sequence[str]], centred: Collection[int] = ()
    ) -> None:
        """A table of `widths` in mm, its head first; a cell is a text or several paragraphs; `centred` columns by number."""
        table = self.document.add_table(rows=0, cols=len(widths), style="Table Grid")
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for number, row in enumerate(rows):
            for at, (cell, texts) in enumerate(zip(table.add_row().cells, row, strict=False)):
                look = HEAD if number == 0 else MIDDLE if at in centred else CELL
                _write(cell, [texts] if isinstance(texts, str) else texts, look)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    def number_pages(self) -> None:
        """“— 1 —” on the outer side of each page, as pages printed on both sides have it."""
        section = self.document.sections[0]
        self.document.settings.odd_and_even_pages_header_footer = True
        _number(section.footer, _PAGE)
        _number(section.even_page_footer, _PAGE_EVEN)

    def bytes(self) -> bytes:
        """The file, the same whenever it is made."""
        properties = self.document.core_properties
        properties.author = properties.comments = properties.last_modified_by = ""
        buffer = BytesIO()
        self.document.save(buffer)
        return _dated(buffer.getvalue())


def _bare(document: Any) -> None:
    """The library's empty document without what letters do not use; it would make up nine tenths of each."""
    package = document.part.package
    for rels, unwanted in ((document.part.rels, _NOT_NEEDED), (package.rels, (RELATIONSHIP_TYPE.THUMBNAIL,))):
        for name in [name for name, rel in rels.items() if rel.reltype.endswith(unwanted)]:
            del rels[name]
    styles = document.styles.element
    for style in styles.style_lst:
        if style.name_val not in _KEPT_STYLES:
            styles.remove(style)
    styles.remove(styles.find(qn("w:latentStyles")))
    _fonts(document)


def _fonts(document: Any) -> None:
    """Chinese as the language, no theme's fonts, and a font table with what to show where a font is missing."""
    defaults = document.styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:rPr')}")
    for name in ("w:rFonts", "w:lang"):
        defaults.remove(defaults.find(qn(name)))
    fonts, language = OxmlElement("w:rFonts"), OxmlElement("w:lang")
    for script, font in (("ascii", _LATIN), ("hAnsi", _LATIN), ("eastAsia", _FANGSONG)):
        fonts.set(qn(f"w:{script}"), font)
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    defaults.insert(0, fonts)
    defaults.append(language)
    document.settings.element.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    table = next(part for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    table._blob = _FONT_TABLE.encode()


def _style(document: Any, look: Look) -> None:
    style = document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style, style.quick_style = document.styles["Normal"], True
    style.font.name, style.font.size = _LATIN, Pt(look.size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), look.font)
    form = style.paragraph_format
    form.alignment, form.space_before, form.space_after, form.widow_control = look.align, Pt(0), Pt(0), False
    form.keep_with_next = look.leads
    form.line_spacing = Pt(look.lines) if look.lines else 1
    if look.lines:
        form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    _indent(form, look)


def _indent(form: Any, look: Look) -> None:
    """Indents in characters, with the same in points for programs that do not know characters."""
    form.first_line_indent, form.right_indent = Pt(look.size * look.indent), Pt(look.size * look.right)
    indent = form.element.pPr.ind
    indent.set(qn("w:firstLineChars"), str(look.indent * 100))
    indent.set(qn("w:rightChars"), str(look.right * 100))


def _write(cell: Any, texts: Sequence[str], look: Look) -> None:
    for number, text in enumerate(texts):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.style = look.name
        _say(paragraph, text)


def _say(paragraph: Any, text: str) -> None:
    """Text whose quotation marks are Chinese ones: they have the same code as Latin ones, and half their width."""
    fonts = OxmlElement("w:rFonts")
    fonts.set(qn("w:hint"), "eastAsia")
    paragraph.add_run(text)._r.get_or_add_rPr().append(fonts)


def _number(footer: Any, look: Look) -> None:
    paragraph = footer.paragraphs[0]
    paragraph.style = look.name
    paragraph.add_run("— ")
    for kind, text in (("begin", None), ("", " PAGE "), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text
        paragraph.add_run()._r.append(element)
    paragraph.add_run(" —")


def _dated(data: bytes) -> bytes:
    """The same file with the same date on all its parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, _EPOCH), old.read(entry), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
