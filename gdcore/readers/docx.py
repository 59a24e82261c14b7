"""Word files (.docx): paragraphs with the numbers Word prints, tables, text boxes, images."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Final

from lxml import etree

from gdcore.document import Block, Embedded, EmbeddedKind, Paragraph, Table
from gdcore.errors import DamagedFile, EncryptedFile
from gdcore.place import Place
from gdcore.readers import grid, numbering
from gdcore.readers.content import Content
from gdcore.readers.numbering import W

MAX_PART: Final = 100 * 1024 * 1024  # bytes of one part once unpacked
MAX_PARTS: Final = 10_000

_DAMAGED = "Word 文件已损坏或没有传完整，无法打开。"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, etree.XMLSyntaxError, UnicodeDecodeError)
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_CHOICE = _ALTERNATE.replace("AlternateContent", "Choice")
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_IMAGE_DATA = "{urn:schemas-microsoft-com:vml}imagedata"
# Deleted and moved-away text, field codes, phonetic guides over characters, and properties are not printed.
_SILENT = frozenset(
    W + tag
    for tag in (
        *("del", "moveFrom", "delText", "instrText", "delInstrText", "rt"),
        *("rPr", "pPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr"),
    )
)
_SIGNS = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}


def read(data: bytes) -> Content:
    """The body's blocks in order; raises DamagedFile or EncryptedFile."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _read(archive)
    except _BROKEN as error:
        raise DamagedFile(_DAMAGED) from error


def _read(archive: zipfile.ZipFile) -> Content:
    if len(archive.infolist()) > MAX_PARTS:
        raise DamagedFile(_DAMAGED)
    main = _main_part(archive)
    folder = posixpath.dirname(main)
    root = _part(archive, main)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise DamagedFile(_DAMAGED)
    lists = numbering.read(_part(archive, posixpath.join(folder, "numbering.xml")))
    styles = _styles(_part(archive, posixpath.join(folder, "styles.xml")))
    walk = _Walk(lists, styles)
    walk.blocks_of(body)
    metadata = _core(_part(archive, "docProps/core.xml"))
    return Content(tuple(walk.blocks), metadata.get("title"), metadata)


def _main_part(archive: zipfile.ZipFile) -> str:
    relations = _part(archive, "_rels/.rels")
    for relation in relations.iter(_RELATIONSHIP) if relations is not None else ():
        if (relation.get("Type") or "").endswith("/officeDocument"):
            target = (relation.get("Target") or "").lstrip("/")
            if target in archive.namelist():
                return target
    return "word/document.xml"


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """The root of an XML part, None when there is no such part; no entities, no network, bounded."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.flag_bits & 1:
        raise EncryptedFile("文件设有密码，无法打开。")
    try:
        with archive.open(info) as stream:
            data = stream.read(MAX_PART + 1)
    except ValueError as error:  # zipfile, when an offset in the directory leads before the file
        raise DamagedFile(_DAMAGED) from error
    if len(data) > MAX_PART:
        raise DamagedFile("Word 文件展开后过大，无法读取。")
    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def _core(part: etree._Element | None) -> dict[str, str]:
    """The core properties that say something, under their local names (title, creator, created, modified …)."""
    if part is None:
        return {}
    found = ((etree.QName(child).localname, (child.text or "").strip()) for child in part.iterchildren("*"))
    return {name: text for name, text in found if text}


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph style brings along: heading level from 1, list and list level."""

    based_on: str | None = None
    level: int | None = None
    list_id: str | None = None
    list_level: int | None = None


def _styles(part: etree._Element | None) -> Mapping[str, _Style]:
    if part is None:
        return {}
    styles = {}
    for style in part.iter(f"{W}style"):
        properties = style.find(f"{W}pPr")
        list_id, list_level = _list_of(properties)
        level = _outline(properties)
        name = re.fullmatch(r"(?:heading|标题) ?([1-9])", _value(style, "name").lower())
        if level is None and name:
            level = int(name[1])
        styles[style.get(f"{W}styleId", "")] = _Style(_value(style, "basedOn") or None, level, list_id, list_level)
    return styles


def _outline(properties: etree._Element | None) -> int | None:
    value = _value(properties, "outlineLvl") if properties is not None else ""
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else None


def _list_of(properties: etree._Element | None) -> tuple[str | None, int | None]:
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None:
        return None, None
    level = _value(found, "ilvl")
    return _value(found, "numId") or None, int(level) if level.isdecimal() and len(level) < 3 else None


def _value(element: etree._Element, child: str) -> str:
    found = element.find(W + child)
    return found.get(f"{W}val", "") if found is not None else ""


@dataclass(slots=True)
class _Text:
    """The text of one paragraph under way, and what was found inside it."""

    parts: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)  # open fields, outermost first: "code" or "result"


@dataclass(slots=True)
class _Walk:
    """One pass over the body; lists count on in the order of the text. The XML parser bounds the depth to 256."""

    lists: numbering.Numbering
    styles: Mapping[str, _Style]
    blocks: list[Block] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0

    def blocks_of(self, parent: etree._Element) -> None:
        """Append the blocks that stand in `parent`."""
        for child in _children(parent):
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag not in _SILENT:
                self.blocks_of(child)

    def _paragraph(self, p: etree._Element) -> None:
        self.paragraphs += 1
        place = Place(paragraph=self.paragraphs)
        found = _Text()
        _collect(p, found)
        text = self._numbered(p, "".join(found.parts))
        if text:
            self.blocks.append(Paragraph(text, ((0, place),), self._level(p)))
        self.blocks += [Embedded(EmbeddedKind.IMAGE, place, caption) for caption in found.images]
        for box in found.boxes:
            self.blocks_of(box)

    def _numbered(self, p: etree._Element, text: str) -> str:
        """`text` with the number that Word prints before it; an empty paragraph does not count on."""
        text = text.strip()
        properties = p.find(f"{W}pPr")
        list_id, level = _list_of(properties)
        for style in self._style_chain(properties):
            list_id = list_id if list_id is not None else style.list_id
            level = level if level is not None else style.list_level
        if not text or list_id in (None, "0"):
            return text
        return self.lists.prefix(list_id or "", level or 0) + text

    def _level(self, p: etree._Element) -> int | None:
        properties = p.find(f"{W}pPr")
        own = _outline(properties)
        if own is not None:
            return own
        return next((s.level for s in self._style_chain(properties) if s.level is not None), None)

    def _style_chain(self, properties: etree._Element | None) -> Iterator[_Style]:
        name: str | None = _value(properties, "pStyle") if properties is not None else None
        seen: set[str] = set()
        while name and name in self.styles and name not in seen:
            seen.add(name)
            yield self.styles[name]
            name = self.styles[name].based_on

    def _table(self, tbl: etree._Element) -> None:
        rows = [list(_cells(tr)) for tr in _rows(tbl)]
        texts = [_paragraph_texts(tc) for row in rows for tc, _ in row]
        nested = any(tc.find(f".//{W}tbl") is not None for row in rows for tc, _ in row)
        filled = sum(any(text.strip() for text in cell) for cell in texts)
        if (nested and filled < grid.DATA_CELLS) or (not nested and grid.is_layout(texts)):
            for row in rows:
                for tc, _ in row:
                    self.blocks_of(tc)
            return
        self.tables += 1
        number = self.tables
        inside: list[Block] = []
        slots = [
            [self._slot(rows, r, tc, start, inside) for tc, start in row if not _continued(tc)]
            for r, row in enumerate(rows)
        ]

        def place(_: grid.Slot, row: int, column: int) -> Place:
            return Place(table=number, row=row + 1, column=column + 1)

        self.blocks.append(Table(grid.lay(slots, place)))
        self.blocks += inside

    def _slot(
        self, rows: list[list[tuple[etree._Element, int]]], r: int, tc: etree._Element, start: int, inside: list[Block]
    ) -> grid.Slot:
        """A cell with its spans; what stands in it without being text goes to `inside`."""
        number = self.tables
        walk = _Walk(self.lists, self.styles, tables=self.tables)
        walk.blocks_of(tc)
        self.tables = walk.tables
        text = "\n".join(block.text for block in walk.blocks if isinstance(block, Paragraph))
        place = Place(table=number, row=r + 1, column=start + 1)
        inside += [
            replace(block, place=place) if isinstance(block, Embedded) else block
            for block in walk.blocks
            if not isinstance(block, Paragraph)
        ]
        tall = 1
        if _merge(tc) == "restart":
            while r + tall < len(rows) and any(s == start and _continued(c) for c, s in rows[r + tall]):
                tall += 1
        return grid.Slot(text, tall, _width(tc), column=start)


def _children(parent: etree._Element) -> Iterator[etree._Element]:
    """Child elements; of alternatives (the same thing for newer and older programs) only the first."""
    for child in parent.iterchildren("*"):
        if child.tag == _ALTERNATE:
            choice = child.find(_CHOICE)
            yield from _children(choice if choice is not None else child)
        else:
            yield child


def _collect(element: etree._Element, found: _Text) -> None:
    """Gather the text of `element` as printed, its images and its text boxes."""
    for child in _children(element):
        tag = child.tag
        if tag in _SILENT:
            continue
        if tag == f"{W}r" and _vanished(child):
            continue
        if tag == f"{W}fldChar":
            _field(child.get(f"{W}fldCharType"), found.fields)
        elif tag == f"{W}txbxContent":
            found.boxes.append(child)
        elif tag in (f"{W}t", _MATH_TEXT):
            found.parts.append("" if "code" in found.fields else child.text or "")
        elif tag == f"{W}br":
            found.parts.append("\n")
        elif tag in _SIGNS:
            found.parts.append(_SIGNS[tag])
        elif tag in (_BLIP, _IMAGE_DATA):
            found.images.append(child.get("title") or "")
        else:
            _collect(child, found)


def _field(kind: str | None, fields: list[str]) -> None:
    """Follow a field: begin, code, separate, result, end. A field may begin or end in another paragraph."""
    if kind == "begin":
        fields.append("code")
    elif kind == "separate" and fields:
        fields[-1] = "result"
    elif kind == "end" and fields:
        fields.pop()


def _vanished(run: etree._Element) -> bool:
    """Whether the run is hidden text."""
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val") not in ("0", "false", "off")


def _rows(tbl: etree._Element) -> Iterator[etree._Element]:
    """The rows that are printed; content controls around rows are looked through."""
    for child in _children(tbl):
        if child.tag == f"{W}tr":
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag not in _SILENT:
            yield from _rows(child)


def _cells(tr: etree._Element) -> Iterator[tuple[etree._Element, int]]:
    """The cells of a row with their first grid column (from 0)."""
    before = tr.find(f"{W}trPr/{W}gridBefore")
    column = _count(before.get(f"{W}val")) if before is not None else 0
    for tc in _tcs(tr):
        yield tc, column
        column += _width(tc)


def _tcs(parent: etree._Element) -> Iterator[etree._Element]:
    for child in _children(parent):
        if child.tag == f"{W}tc":
            yield child
        elif child.tag not in _SILENT:
            yield from _tcs(child)


def _width(tc: etree._Element) -> int:
    """Grid columns that the cell takes."""
    span = tc.find(f"{W}tcPr/{W}gridSpan")
    return max(1, min(_count(span.get(f"{W}val")), grid.MAX_SPAN)) if span is not None else 1


def _merge(tc: etree._Element) -> str | None:
    """ "restart" where a vertical merge begins, "continue" where it goes on, None without one."""
    mark = tc.find(f"{W}tcPr/{W}vMerge")
    return None if mark is None else mark.get(f"{W}val") or "continue"


def _continued(tc: etree._Element) -> bool:
    return _merge(tc) == "continue"


def _count(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 5 else 0


def _paragraph_texts(tc: etree._Element) -> list[str]:
    """The texts of a cell's own paragraphs, without what stands in tables inside it."""
    texts = []
    for p in tc.iter(f"{W}p"):
        if next(p.iterancestors(f"{W}tc")) is tc:
            texts.append("".join(t.text or "" for t in p.iter(f"{W}t")))
    return [text for text in texts if text.strip()]
