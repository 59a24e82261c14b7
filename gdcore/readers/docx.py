"""Word files (.docx): paragraphs with the numbers Word prints, tables, text boxes, images."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from gdcore.document import Block, Embedded, EmbeddedKind, Paragraph, Table
from gdcore.place import Place
from gdcore.readers import grid, numbering, package, printed, residue
from gdcore.readers.content import Content
from gdcore.readers.numbering import VALUE, Standing, W, value
from gdcore.readers.package import first
from gdcore.readers.printed import IMAGES, PARAGRAPH

_BODY, _STYLE, _TABLE, _ROW, _TC = (W + tag for tag in ("body", "style", "tbl", "tr", "tc"))
_OF_PARAGRAPH, _OF_ROW, _OF_CELL = (W + tag for tag in ("pPr", "trPr", "tcPr"))
_PROPERTIES = frozenset(W + tag for tag in ("tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr"))
_OUTLINE, _LIST, _SPAN, _MERGE = (W + tag for tag in ("outlineLvl", "numPr", "gridSpan", "vMerge"))
_USUAL = "word/document.xml"
_HEADING = re.compile(r"(?:heading|标题) ?([1-9])")


def read(data: bytes) -> Content:
    """The body's blocks in order; raises DamagedFile or EncryptedFile."""
    with package.opened(data, "Word ") as parts:
        main = _main_part(parts)
        root = parts.part(main)
        body = first(root, _BODY) if root is not None else None
        if root is None or body is None:
            raise parts.damaged()
        left = residue.of_word(parts, posixpath.dirname(main), root)
        walk = _Walk(_File(parts, posixpath.dirname(main), printed.texts(body), _spans(body)))
        walk.blocks_of(body)
        metadata = _core(parts.part("docProps/core.xml")) | left
    return Content(tuple(walk.blocks), metadata.get("title"), metadata)


def _main_part(parts: package.Package) -> str:
    """The usual name, else what the package says."""
    if _USUAL in parts:
        return _USUAL
    for relation in package.children(parts.part("_rels/.rels"), "Relationship"):
        target = relation.get("Target") or ""
        if (relation.get("Type") or "").endswith("/officeDocument") and target in parts:
            return target
    return _USUAL


def _core(part: etree._Element | None) -> dict[str, str]:
    """The core properties that say something, under their local names (title, creator, created, modified …)."""
    found = ((package.tag(child), (child.text or "").strip()) for child in (part if part is not None else ()))
    return {name: text for name, text in found if text}


@dataclass
class _File:
    """What all walks over one file share; lists and styles are read when first asked for."""

    parts: package.Package
    folder: str
    texts: Mapping[etree._Element, str]
    spans: Mapping[etree._Element, _Spans]
    tables: int = 0
    known: dict[str, Standing] = field(default_factory=dict)

    @cached_property
    def lists(self) -> numbering.Numbering:
        """The lists; they count on in the order of the text."""
        return numbering.read(self.parts.part(posixpath.join(self.folder, "numbering.xml")))

    @cached_property
    def styles(self) -> dict[str, etree._Element]:
        """The styles by id."""
        part = self.parts.part(posixpath.join(self.folder, "styles.xml"))
        return {style.get(f"{W}styleId", ""): style for style in (part.iter(_STYLE) if part is not None else ())}

    def numbered(self, standing: Standing, text: str) -> str:
        """`text` with the number that Word prints before it."""
        if standing.list_id in (None, "0"):
            return text
        return self.lists.prefix(standing.list_id or "", standing.list_level or 0) + text

    def standing(self, p: etree._Element) -> Standing:
        """What the paragraph's own properties and its style say."""
        properties = first(p, _OF_PARAGRAPH)
        if properties is None:
            return _NOTHING
        own, style = _own(properties), value(properties, "pStyle")
        return own.under(self._style(style)) if style else own

    def _style(self, name: str) -> Standing:
        """What a style brings along, with the styles that it is based on."""
        if name not in self.known:
            self.known[name] = _NOTHING  # a style based on itself ends here
            style = self.styles.get(name)
            if style is not None:
                self.known[name] = _of_style(style).under(self._style(value(style, "basedOn")))
        return self.known[name]


_NOTHING = Standing()


def _of_style(style: etree._Element) -> Standing:
    properties = first(style, _OF_PARAGRAPH)
    own = _own(properties) if properties is not None else _NOTHING
    heading = _HEADING.fullmatch(value(style, "name").lower())
    return replace(own, level=int(heading[1])) if own.level is None and heading else own


def _own(properties: etree._Element) -> Standing:
    """What paragraph properties say by themselves."""
    said = {child.tag: child for child in properties}
    outline, listed = said.get(_OUTLINE), said.get(_LIST)
    if outline is None and listed is None:
        return _NOTHING
    number = outline.get(VALUE, "") if outline is not None else ""
    level = int(number) + 1 if number.isdecimal() and len(number) < 5 and int(number) < 9 else None
    if listed is None:
        return Standing(level)
    depth = value(listed, "ilvl")
    return Standing(level, value(listed, "numId") or None, int(depth) if depth.isdecimal() and len(depth) < 3 else None)


class _Spans(NamedTuple):
    """Grid columns that a cell takes; "restart" where a vertical merge begins, "continue" where it goes on."""

    width: int
    merge: str | None


_PLAIN = _Spans(1, None)


class _Walk:
    """One pass over a part of the body. The XML parser bounds the depth to 256."""

    def __init__(self, file: _File) -> None:
        self.file = file
        self.blocks: list[Block] = []
        self.paragraphs = 0

    def blocks_of(self, parent: etree._Element) -> None:
        """Append the blocks that stand in `parent`."""
        for child in parent:
            tag = child.tag
            if tag == PARAGRAPH:
                self.paragraphs += 1
                if text := self.file.texts[child]:  # an empty paragraph does not count on in a list
                    self._line(child, text)
            elif tag == _TABLE:
                self._table(child)
            elif tag in IMAGES:
                place = Place(paragraph=self.paragraphs)
                self.blocks.append(Embedded(EmbeddedKind.IMAGE, place, child.get("title") or ""))
            elif tag not in _PROPERTIES:
                self.blocks_of(child)

    def _line(self, p: etree._Element, text: str) -> None:
        place = Place(paragraph=self.paragraphs)
        standing = self.file.standing(p)
        self.blocks.append(Paragraph(self.file.numbered(standing, text), ((0, place),), standing.level))

    def _table(self, tbl: etree._Element) -> None:
        rows = [list(_cells(self.file, tr)) for tr in _inside(tbl, _ROW)]
        cells = [cell for row in rows for cell in row]
        nested = _holds_table(tbl) and any(_holds_table(cell.element) for cell in cells)
        before = self.file.tables, self.file.lists.copy()
        layout = nested and sum(cell.filled() for cell in cells) < grid.DATA_CELLS
        if not layout:
            self.file.tables += 1
            for cell in cells:
                cell.read()
            layout = not nested and grid.is_layout([cell.lines for cell in cells])
        if not layout:
            self.blocks += _laid(rows, before[0] + 1)
            return
        self.file.tables, self.file.lists = before
        for cell in cells:
            self.blocks_of(cell.element)


class _Cell(_Walk):
    """A pass over a cell, whose paragraphs are only text; `column` is the first that it takes in the grid, from 0."""

    def __init__(self, file: _File, element: etree._Element, column: int) -> None:
        super().__init__(file)
        self.element, self.column = element, column
        self.width, self.merge = file.spans.get(element, _PLAIN)
        self.continued = self.merge == "continue"  # only the lower part of a cell that begins above
        self.lines: list[str] = []

    def read(self) -> None:
        """Collect what stands in the cell; nothing is printed in a continued one."""
        if not self.continued:
            self.blocks_of(self.element)

    def filled(self) -> bool:
        """Whether a paragraph of the cell has text that stands in no table inside it."""
        own = (p for p in self.element.iter(PARAGRAPH) if next(p.iterancestors(_TC)) is self.element)
        return any(self.file.texts[p] for p in own)

    def _line(self, p: etree._Element, text: str) -> None:
        self.lines.append(self.file.numbered(self.file.standing(p), text) if self.file.lists.levels else text)


def _cells(file: _File, tr: etree._Element) -> Iterator[_Cell]:
    """The cells of a row, not read yet."""
    properties = first(tr, _OF_ROW)
    column = _count(value(properties, "gridBefore")) if properties is not None else 0
    for tc in _inside(tr, _TC):
        cell = _Cell(file, tc, column)
        yield cell
        column += cell.width


def _spans(body: etree._Element) -> dict[etree._Element, _Spans]:
    """What the cells span that are not plain: few are, and looking for them once costs less than asking each."""
    found: dict[etree._Element, _Spans] = {}
    for mark in body.iter(_SPAN, _MERGE):
        properties = mark.getparent()
        cell = properties.getparent() if properties is not None and properties.tag == _OF_CELL else None
        if cell is not None and cell.tag == _TC and first(cell, _OF_CELL) is properties:
            width, merge = found.get(cell, _PLAIN)
            if mark.tag == _SPAN:
                width = max(1, min(_count(mark.get(VALUE)), grid.MAX_SPAN))
            else:
                merge = mark.get(VALUE) or "continue"
            found[cell] = _Spans(width, merge)
    return found


def _count(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 5 else 0


def _inside(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row; content controls around them are looked through."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in _PROPERTIES:
            yield from _inside(child, tag)


def _holds_table(element: etree._Element) -> bool:
    return next(element.iterdescendants(_TABLE), None) is not None


def _laid(rows: Sequence[Sequence[_Cell]], number: int) -> Iterator[Block]:
    """The table out of its cells, and after it what stands in them without being text."""

    def slot(r: int, cell: _Cell) -> grid.Plain:
        tall = 1
        if cell.merge == "restart":
            while r + tall < len(rows) and any(c.continued and c.column == cell.column for c in rows[r + tall]):
                tall += 1
        return "\n".join(cell.lines), tall, cell.width, cell.column, None

    slots = [[slot(r, cell) for cell in row if not cell.continued] for r, row in enumerate(rows)]
    yield Table(grid.lay(slots, number))
    for r, row in enumerate(rows):
        for cell in row:
            for block in cell.blocks:
                here = Place(table=number, row=r + 1, column=cell.column + 1)
                yield replace(block, place=here) if isinstance(block, Embedded) else block
