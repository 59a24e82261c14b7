"""Web pages: blocks in the order of the page, spans of tables resolved, layout tables dissolved, MHT unpacked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml import etree

from gdcore.document import Block, Embedded, EmbeddedKind, Paragraph, Table
from gdcore.errors import DamagedFile
from gdcore.place import Place
from gdcore.readers import encoding, grid
from gdcore.readers.content import Content

MAX_BYTES: Final = 30 * 1024 * 1024  # bytes of one page
MAX_PLACES: Final = 50_000  # paragraphs, cells and images of one page
MAX_DEPTH: Final = 12  # tables inside tables that are kept as tables
MAX_CAPTION: Final = 500  # characters
SMALL_IMAGE: Final = 50  # CSS pixels: icons and counters are not larger
SMALL_DATA: Final = 2048  # characters of a data: address: icons

_DROPPED = re.compile(
    "script|style|noscript|template|title|select|option|button|input|textarea|object|applet|svg|math|map"
)
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|"
    "form|h[1-6]|header|hr|html|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w\-:.]+)""", re.IGNORECASE)
_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|7z|pptx?|png|jpe?g)$", re.IGNORECASE)
_CJK = "\u2e80-\u303f\u3400-\u9fff\uff00-\uffef“”‘’…—"
_BROKEN_LINE = re.compile(rf"(?<=[{_CJK}])[ \0]*\0[ \0]*(?=[{_CJK}])")
_SPACES = re.compile(r"[ \0]+")
_SPACE = re.compile(r"[ \t\r\n\f]+")


def read(data: bytes) -> Content:
    """The page's blocks with their DOM paths, its <title>, and its <meta> names and contents.

    Raises DamagedFile when the page is larger or more deeply nested than any page is.
    """
    if len(data) > MAX_BYTES:
        raise DamagedFile("网页文件过大，无法读取。")
    root = _parse(data)
    body = root.find("body")
    walk = _Walk(_Account())
    walk.run(body if body is not None else root)
    title = next((_inline(t.text or "") for t in root.iter("title") if (t.text or "").strip()), None)
    return Content(tuple(walk.blocks), title, dict(_metadata(root)))


def _parse(data: bytes) -> etree._Element:
    declared = _CHARSET.search(data[:4096])
    text = encoding.decode(data, declared[1].decode("ascii", "replace") if declared else None)
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = lxml.html.document_fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise DamagedFile("网页内容无法解析。") from error
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise DamagedFile("网页嵌套层数过多，无法读取。")
    return root


def _metadata(root: etree._Element) -> Iterator[tuple[str, str]]:
    for meta in root.iter("meta"):
        name, content = meta.get("name") or meta.get("property"), meta.get("content")
        if name and content and content.strip():
            yield name, content.strip()


def _inline(text: str) -> str:
    """Running text as a browser shows it, line breaks of the source between Chinese characters taken out."""
    marked = _SPACE.sub(lambda m: "\0" if "\n" in m.group() else " ", text)
    return _SPACES.sub(" ", _BROKEN_LINE.sub("", marked)).strip()


def _tag(element: etree._Element) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""


def _all_text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


@dataclass(slots=True)
class _Account:
    """What all walks over one page share: the steps of its paths, and how many paths were asked for."""

    places: int = 0
    steps: dict[etree._Element, str] = field(default_factory=dict)

    def path(self, element: etree._Element) -> str:
        """The DOM path of `element`, as `getpath` writes it, which counts all siblings anew for every path.

        Raises DamagedFile after MAX_PLACES.
        """
        self.places += 1
        if self.places > MAX_PLACES:
            raise DamagedFile("网页的段落和表格多得不合常理，无法读取。")
        above = [self._step(ancestor) for ancestor in element.iterancestors()]
        return "/" + "/".join([*reversed(above), self._step(element)])

    def position(self, element: etree._Element) -> int:
        """Which of its parent's children of the same name `element` is, from 1."""
        number = re.search(r"\[(\d+)\]$", self._step(element))
        return int(number[1]) if number else 1

    def _step(self, element: etree._Element) -> str:
        if element in self.steps:
            return self.steps[element]
        parent = element.getparent()
        siblings = list(parent) if parent is not None else [element]
        total = Counter(_tag(sibling) for sibling in siblings)
        seen: Counter[str] = Counter()
        for sibling in siblings:
            tag = _tag(sibling)
            seen[tag] += 1
            self.steps[sibling] = f"{tag}[{seen[tag]}]" if total[tag] > 1 else tag
        return self.steps[element]


class _Walk:
    """One pass over a part of the page, collecting blocks; iterative, since pages nest without limit."""

    def __init__(self, account: _Account) -> None:
        self.account = account
        self.tables = 0
        self.blocks: list[Block] = []
        self.open: list[etree._Element] = []  # the block elements around the text being read
        self.text: list[str] = []
        self.origin: etree._Element | None = None  # the block element in which that text began
        self.waiting: list[Embedded] = []  # what stood inside the paragraph being read

    def run(self, top: etree._Element) -> None:
        """Collect the blocks inside `top`."""
        self._enter(top, top)
        stack = [(top, iter(top))]
        while stack:
            element, children = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._leave(element)
            elif self._enter(child, top):
                stack.append((child, iter(child)))
                continue
            ended = element if child is None else child
            if ended is not top:
                self._add(ended.tail)
        self.flush()

    def flush(self) -> None:
        """End the paragraph being read."""
        text = _inline("".join(self.text))
        if text and self.origin is not None:
            place = Place(path=self.account.path(self.origin))
            self.blocks.append(Paragraph(text, ((0, place),), self._level()))
        self.blocks += self.waiting
        self.text, self.origin, self.waiting = [], None, []

    def _level(self) -> int | None:
        """The level of the heading element around the text."""
        for element in reversed(self.open):
            heading = re.fullmatch(r"h([1-6])", _tag(element))
            if heading:
                return int(heading[1])
        return None

    def _add(self, text: str | None) -> None:
        if not text or not self.open:
            return
        if self.origin is None and text.strip():
            self.origin = self.open[-1]
        if _tag(self.open[-1]) != "pre":
            self.text.append(text)
            return
        first, *others = text.split("\n")
        self.text.append(first)
        for line in others:
            self.flush()
            self._add(line)

    def _enter(self, element: etree._Element, top: etree._Element) -> bool:
        """Begin an element; False when its content is not to be read here."""
        tag = _tag(element)
        if _hidden(element):
            return False
        embedded = self._embedded(element, tag)
        if embedded is not None:
            self.waiting.append(embedded)
        if _DROPPED.fullmatch(tag) or tag in ("img", "iframe", "embed"):
            return False
        if tag == "br":
            self.flush()
        if tag == "table" and element is not top and self._table(element):
            return False
        if _BLOCK.fullmatch(tag) or not self.open:
            self.flush()
            self.open.append(element)
        self._number(element, tag)
        self._add(element.text)
        return True

    def _leave(self, element: etree._Element) -> None:
        if self.open and self.open[-1] is element:
            self.flush()
            self.open.pop()

    def _number(self, element: etree._Element, tag: str) -> None:
        """A numbered list prints numbers that are not in the text."""
        parent = element.getparent()
        if tag != "li" or parent is None or _tag(parent) != "ol":
            return
        if "none" in (parent.get("style") or "") or (parent.get("type") or "1") != "1":
            return
        start = parent.get("start") or "1"
        first = int(start) if start.isdecimal() and len(start) < 5 else 1
        self._add(f"{first - 1 + self.account.position(element)}. ")

    def _embedded(self, element: etree._Element, tag: str) -> Embedded | None:
        """What stands there without being text: images that are no icons, frames, links to files."""
        source = element.get("src") or ""
        kind, text = None, ""
        if tag == "img" and _shown(source, element):
            kind, text = EmbeddedKind.IMAGE, element.get("alt") or element.get("title") or source
        elif tag in ("iframe", "embed") and _shown(source, element):
            kind, text = EmbeddedKind.FRAME, source
        elif tag == "a" and _FILE.search(_target(element.get("href") or "")):
            kind, text = EmbeddedKind.LINK, _inline(_all_text(element)) or _target(element.get("href") or "")
        if kind is None:
            return None
        return Embedded(kind, Place(path=self.account.path(element)), text[:MAX_CAPTION])

    def _table(self, table: etree._Element) -> bool:
        """Emit `table`; False when it lays out the page and its content is to be read as running text."""
        nested = table.find(".//table") is not None
        depth = sum(1 for _ in table.iterancestors("table"))
        if nested and (depth >= MAX_DEPTH or _own_filled(table) < grid.DATA_CELLS):
            return False
        rows, inside, paragraphs = self._rows(table)
        if not rows or (not nested and grid.is_layout(paragraphs)):
            return False
        self.flush()
        number = self.tables = self.tables + 1

        def place(slot: grid.Slot, row: int, column: int) -> Place:
            return Place(path=slot.path, table=number, row=row + 1, column=column + 1)

        caption = table.find("caption")
        if caption is not None and (text := _inline(_all_text(caption))):
            self.blocks.append(Paragraph(text, ((0, Place(path=self.account.path(caption))),)))
        self.blocks.append(Table(grid.lay(rows, place)))
        for block in inside:
            self.tables += isinstance(block, Table)
            self.blocks.append(_renumbered(block, self.tables))
        return True

    def _rows(self, table: etree._Element) -> tuple[list[list[grid.Slot]], list[Block], list[list[str]]]:
        """The table's own rows, what stands in cells without being text, and each cell's paragraphs."""
        rows, inside, paragraphs = [], list[Block](), []
        trs = [tr for tr in table.iter("tr") if _owner(tr, "table") is table and not _hidden(tr)]
        for tr, below in zip(trs, _left_in_group(trs), strict=True):
            slots = []
            for td in tr.iter("td", "th"):
                if _owner(td, "tr") is not tr or _hidden(td):
                    continue
                walk = _Walk(self.account)
                walk.run(td)
                texts = [block.text for block in walk.blocks if isinstance(block, Paragraph)]
                inside += [block for block in walk.blocks if not isinstance(block, Paragraph)]
                tall = _span(td.get("rowspan"))
                # rowspan 0 = to the end of the row group
                slots.append(
                    grid.Slot(
                        "\n".join(texts),
                        min(tall or below, below),
                        _span(td.get("colspan")) or 1,
                        path=self.account.path(td),
                    )
                )
                paragraphs.append(texts)
            rows.append(slots)
        return rows, inside, paragraphs


def _owner(element: etree._Element, tag: str) -> etree._Element | None:
    return next(element.iterancestors(tag), None)


def _left_in_group(trs: Sequence[etree._Element]) -> list[int]:
    """For each row, how many rows its group (thead, tbody …) has from it on: no rowspan reaches further."""
    left: list[int] = []
    for n in range(len(trs) - 1, -1, -1):
        same = n + 1 < len(trs) and trs[n + 1].getparent() is trs[n].getparent()
        left.append(left[-1] + 1 if same else 1)
    return left[::-1]


def _own_filled(table: etree._Element) -> int:
    """Filled cells of `table` in which no other table stands."""
    count = 0
    for td in table.iter("td", "th"):
        own = _owner(td, "table") is table and td.find(".//table") is None
        count += own and any(text.strip() for text in td.itertext())
    return count


def _renumbered(block: Block, number: int) -> Block:
    """A table out of a cell, under the number that it has on the page."""
    if not isinstance(block, Table):
        return block
    rows = (tuple(replace(c, place=replace(c.place, table=number)) for c in row) for row in block.rows)
    return Table(tuple(rows))


def _span(value: str | None) -> int:
    """A rowspan or colspan as browsers read it: leading digits, 1 when there are none."""
    digits = re.match(r"\s*(\d{1,5})", value or "")
    return int(digits[1]) if digits else 1


def _target(href: str) -> str:
    """The path that a link names, without query and fragment; "" if it is no address."""
    try:
        return unquote(urlsplit(href.strip()).path)
    except ValueError:
        return ""


def _shown(source: str, element: etree._Element) -> bool:
    """Whether an image or frame is content: it has a source, and no size or name of an icon."""
    source = source.strip()
    if not source or source.lower().startswith(("about:", "javascript:")):
        return False
    if source.startswith("data:"):
        return len(source) > SMALL_DATA
    if "icon" in source.rsplit("/", 1)[-1].lower():
        return False
    style = element.get("style") or ""
    for side in ("width", "height"):
        styled = re.search(rf"(?<![-\w]){side}\s*:\s*(\d+)(?:\.\d+)?px", style)
        plain = re.fullmatch(r"\s*(\d+)(?:px)?\s*", element.get(side) or "")
        size = styled or plain
        if size and int(size[1]) <= SMALL_IMAGE:
            return False
    return True
