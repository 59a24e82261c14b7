"""Web pages: blocks in the order of the page, spans of tables resolved, layout tables dissolved, MHT unpacked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote, urlsplit

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

# fmt: off
_DROPPED = frozenset((
    "script", "style", "noscript", "template", "title", "select", "option", "button", "input", "textarea", "object",
    "applet", "svg", "math", "map",
))
_BLOCK = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
))
# fmt: on
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_MEDIA = frozenset(("img", "iframe", "embed"))
_PECULIAR = _DROPPED | _MEDIA | {"a", "br", "table"}
_STOPPING = _BLOCK | _PECULIAR
_SPLITTING = _PECULIAR | {"li", "pre"}  # may print more, or more lines, than one piece of text in them
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STYLES: Any = etree.XPath("descendant-or-self::*/@style", smart_strings=False)
_TEXT = etree.XPath("string()", smart_strings=False)
_MARKED_HIDDEN = etree.XPath("descendant-or-self::*/@hidden")
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
    source = _source(data)
    root, small = _tree(source), source.lower()
    body = root.find("body")
    walk = _Walk(_Account(_hidden(root) if _may_hide(small) else frozenset()))
    walk.run(body if body is not None else root)
    return Content(tuple(walk.blocks), *_title_and_metadata(_about(root, small)))


def parse(data: bytes) -> etree._Element:
    """The page as a tree, in whatever encoding it is; raises DamagedFile for what is none."""
    return _tree(_source(data))


def _source(data: bytes) -> bytes:
    """The page in UTF-8, without zeros."""
    declared = _CHARSET.search(data[:4096])
    text = encoding.decode(data, declared[1].decode("ascii", "replace") if declared else None)
    return text.encode("utf-8", "replace").replace(b"\0", b"")


def _tree(source: bytes) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(source, parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise DamagedFile("网页内容无法解析。") from error
    if root is None:  # nothing but comments
        raise DamagedFile("网页内容无法解析。")
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise DamagedFile("网页嵌套层数过多，无法读取。")
    return root


def _about(root: etree._Element, small: bytes) -> etree._Element:
    """The part of a page, most often its head, that has its first <title> and all its <meta>; `small` as in `_may_hide`."""
    head = root[0] if len(root) else root
    titled = any((title.text or "").strip() for title in head.iter("title"))
    return head if titled and sum(1 for _ in head.iter("meta")) == small.count(b"<meta") else root


def _title_and_metadata(part: etree._Element) -> tuple[str | None, dict[str, str]]:
    """The first <title> that says something, and the contents of <meta> by their names."""
    title, metadata = None, {}
    for element in part.iter("title", "meta"):
        if element.tag == "title":
            if title is None and (element.text or "").strip():
                title = _inline(element.text or "")
            continue
        name, content = element.get("name") or element.get("property"), element.get("content")
        if name and content and content.strip():
            metadata[name] = content.strip()
    return title, metadata


def _inline(text: str) -> str:
    """Running text as a browser shows it, line breaks of the source between Chinese characters taken out."""
    words = text.split(None, 1)
    if len(words) < 2:  # most cells, and most paragraphs: no space in it
        return "".join(words)
    if "\n" not in text:
        return _SPACE.sub(" ", text).strip()
    marked = _SPACE.sub(lambda m: "\0" if "\n" in m.group() else " ", text)
    return _SPACES.sub(" ", _BROKEN_LINE.sub("", marked)).strip()


def _all_text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _may_hide(small: bytes) -> bool:
    """Whether a page, in small letters, can have what `_hidden` looks for.

    Of “hidden” the part without an i is enough: `_HIDDEN` takes İ and ı for one. Letters may stand as references.
    """
    return b"none" in small or b"dden" in small or b"&#" in small


def _hidden(root: etree._Element) -> frozenset[etree._Element]:
    """The elements of a page that say of themselves that they are not shown: looked for once, most pages have none."""
    hiding = {style for style in set(_STYLES(root)) if _HIDDEN.search(style)}
    if not hiding and not _MARKED_HIDDEN(root):
        return frozenset()
    return frozenset(e for e in root.iter() if e.get("style") in hiding or e.get("hidden") is not None)


class _Account:
    """What all walks over one page share: what is hidden, the paths of elements, and how many places were counted."""

    def __init__(self, hidden: frozenset[etree._Element]) -> None:
        self.hidden = hidden
        self.places = 0
        self.paths: dict[etree._Element | None, str] = {None: ""}  # of elements that have others in them
        self.steps: dict[etree._Element, str] = {}

    def count(self, places: int = 1) -> None:
        """So many more paragraphs, cells and images; raises DamagedFile after MAX_PLACES."""
        self.places += places
        if self.places > MAX_PLACES:
            raise DamagedFile("网页的段落和表格多得不合常理，无法读取。")

    def path(self, element: etree._Element) -> str:
        """The DOM path of `element`, as `getpath` writes it, which counts all siblings anew for every path."""
        parent, step = element.getparent(), self._step(element)
        above = self.paths.get(parent)
        return f"{self.around(parent) if above is None else above}/{step}"

    def around(self, parent: etree._Element | None) -> str:
        """The path of an element that has others in it."""
        unknown: list[etree._Element] = []
        while parent is not None and parent not in self.paths:
            unknown.append(parent)
            parent = parent.getparent()
        path = self.paths[parent]
        for one in reversed(unknown):
            path = self.paths[one] = f"{path}/{self._step(one)}"
        return path

    def position(self, element: etree._Element) -> int:
        """Which of its parent's children of the same name `element` is, from 1."""
        number = re.search(r"\[(\d+)\]$", self._step(element))
        return int(number[1]) if number else 1

    def _step(self, element: etree._Element) -> str:
        """The last step of the path of `element`."""
        if element not in self.steps:
            parent = element.getparent()
            self.steps.update(_steps([element] if parent is None else list(parent)))
        return self.steps[element]


def _steps(siblings: Sequence[etree._Element]) -> Iterable[tuple[etree._Element, str]]:
    """All children of an element, each with the last step of its path."""
    tags = [sibling.tag for sibling in siblings]
    if 1 < len(tags) == tags.count(tags[0]):  # most rows
        steps = [f"{tags[0]}[{number}]" for number in range(1, len(tags) + 1)]
        return zip(siblings, steps, strict=True)
    steps, last = [], dict.fromkeys(tags, 0)
    for tag in tags:
        last[tag] = number = last[tag] + 1
        steps.append(f"{tag}[{number}]")
    steps = [tag if last[tag] == 1 else step for tag, step in zip(tags, steps, strict=True)]
    return zip(siblings, steps, strict=True)


class _Walk:
    """One pass over a part of the page, collecting blocks."""

    def __init__(self, account: _Account) -> None:
        self.account = account
        self.tables = 0
        self.blocks: list[Block] = []
        self.open: list[etree._Element] = []  # the block elements around the text being read
        self.text: list[str] = []
        self.origin: etree._Element | None = None  # the block element in which that text began
        self.waiting: list[Embedded] = []  # what stood inside the paragraph being read

    def run(self, top: etree._Element) -> None:
        """Collect the blocks inside `top`; iterative, since pages nest without limit."""
        around, hidden = self.open, self.account.hidden
        walk = etree.iterwalk(top, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                if around and around[-1] is element:
                    self.flush()
                    around.pop()
                text = element.tail if element is not top else None
            else:
                tag = element.tag
                if element is not top and (element in hidden or (tag in _PECULIAR and self._settled(element, tag))):
                    walk.skip_subtree()
                    continue
                text = element.text
                if tag in _BLOCK or not around:
                    self._begin(element, tag)
                    running = _running_text(element, hidden)
                    if running is not None:
                        text = running
                        walk.skip_subtree()
            if text and around:
                self._add(text)
        self.flush()

    def flush(self) -> None:
        """End the paragraph being read."""
        if self.origin is not None:
            text = _inline("".join(self.text))
            if text:
                self._line(text, self.origin)
            self.text, self.origin = [], None
        if self.waiting:
            self.blocks += self.waiting
            self.waiting = []

    def _line(self, text: str, origin: etree._Element) -> None:
        """Keep the text of a paragraph, and as its level that of the heading element around it."""
        self.account.count()
        level = next((_HEADINGS[e.tag] for e in reversed(self.open) if e.tag in _HEADINGS), None)
        self.blocks.append(Paragraph(text, ((0, Place(path=self.account.path(origin))),), level))

    def _add(self, text: str) -> None:
        if "\n" in text and self.open[-1].tag == "pre":
            first, *others = text.split("\n")
            self._add(first)
            for line in others:
                self.flush()
                self._add(line)
            return
        if self.origin is None:
            if not text.strip():
                return
            self.origin = self.open[-1]
        self.text.append(text)

    def _settled(self, element: etree._Element, tag: str) -> bool:
        """Do what a peculiar element asks for; True when its content is not to be read as running text."""
        if tag == "br":
            self.flush()
        elif tag == "table":
            return self._table(element)
        elif tag not in _DROPPED:
            self._embed(element, tag)
        return tag in _DROPPED or tag in _MEDIA

    def _begin(self, element: etree._Element, tag: str) -> None:
        """Begin a block element."""
        self.flush()
        self.open.append(element)
        if tag == "li":
            self._number(element)

    def _number(self, item: etree._Element) -> None:
        """A numbered list prints numbers that are not in the text."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return
        if "none" in (parent.get("style") or "") or (parent.get("type") or "1") != "1":
            return
        start = parent.get("start") or "1"
        first = int(start) if start.isdecimal() and len(start) < 5 else 1
        self._add(f"{first - 1 + self.account.position(item)}. ")

    def _embed(self, element: etree._Element, tag: str) -> None:
        """Keep what stands there without being text: images that are no icons, frames, links to files."""
        source, target = element.get("src") or "", _target(element.get("href") or "")
        if tag == "a" and _FILE.search(target):
            kind, text = EmbeddedKind.LINK, _inline(_all_text(element)) or target
        elif tag == "a" or not _shown(source, element):
            return
        elif tag == "img":
            kind, text = EmbeddedKind.IMAGE, element.get("alt") or element.get("title") or source
        else:
            kind, text = EmbeddedKind.FRAME, source
        self.account.count()
        self.waiting.append(Embedded(kind, Place(path=self.account.path(element)), text[:MAX_CAPTION]))

    def _table(self, table: etree._Element) -> bool:
        """Emit `table`; False when it lays out the page and its content is to be read as running text."""
        nested = _holds_table(table)
        if nested and (_depth(table) >= MAX_DEPTH or _own_filled(table) < grid.DATA_CELLS):
            return False
        cells = _Cells(self.account)
        rows = [cells.row(tr, below) for tr, below in self._own_rows(table)]
        if not rows or (not nested and grid.is_layout(cells.lines)):
            return False
        self.flush()
        number = self.tables = self.tables + 1
        caption = table.find("caption")
        if caption is not None and (text := _inline(_all_text(caption))):
            self._line(text, caption)
        self.blocks.append(Table(grid.lay(rows, number)))
        for block in cells.blocks:
            self.tables += isinstance(block, Table)
            self.blocks.append(_renumbered(block, self.tables))
        return True

    def _own_rows(self, table: etree._Element) -> Iterable[tuple[etree._Element, int]]:
        """The table's own rows that are shown, each with how many its row group has from it on."""
        hidden = self.account.hidden
        trs = [tr for tr in table.iter("tr") if tr not in hidden and _owner(tr, "table") is table]
        return zip(trs, _left_in_group(trs), strict=True)


class _Cells:
    """The cells of a table as they are read: the paragraphs of each, and what stands in them without being text."""

    def __init__(self, account: _Account) -> None:
        self.account = account
        self.lines: list[Sequence[str]] = []
        self.blocks: list[Block] = []

    def row(self, tr: etree._Element, below: int) -> list[grid.Plain]:
        """Read the cells whose nearest row is `tr`, from which on `below` rows of its row group are left."""
        account, hidden = self.account, self.account.hidden
        shown = [td for td in tr.iter("td", "th") if td not in hidden]
        if shown and shown == list(tr):
            above = account.around(tr)
            return [self._slot(td, f"{above}/{step}", below) for td, step in _steps(shown)]
        return [self._slot(td, account.path(td), below) for td in shown if _owner(td, "tr") is tr]

    def _slot(self, td: etree._Element, path: str, below: int) -> grid.Plain:
        """Read a cell. Most are blank or hold one paragraph: a walk is for others."""
        account = self.account
        text = _innermost(td, account.hidden)
        if text is None:
            text = _only_paragraph(td, account.hidden)
        if text is not None:
            text = _inline(text)
            lines: Sequence[str] = (text,) if text else ()
        else:
            walk = _CellWalk(account)
            walk.run(td)
            text, lines = "\n".join(walk.lines), walk.lines
            self.blocks += walk.blocks
        account.count(1 + len(lines))
        self.lines.append(lines)
        rows, columns = td.get("rowspan"), td.get("colspan")
        tall = min(_span(rows) or below, below) if rows else 1  # rowspan 0 = to the end of the row group
        wide = _span(columns) or 1 if columns else 1
        return text, tall, wide, None, path


class _CellWalk(_Walk):
    """A pass over a cell, whose paragraphs are only text."""

    def __init__(self, account: _Account) -> None:
        super().__init__(account)
        self.lines: list[str] = []

    def _line(self, text: str, origin: etree._Element) -> None:
        self.lines.append(text)


def _running_text(element: etree._Element, hidden: frozenset[etree._Element]) -> str | None:
    """All text in an element; None where something in it ends a line, is hidden or no text, and a walk has to tell."""
    if not len(element):
        return element.text or ""
    for inner in element.iterdescendants():
        if inner.tag in _STOPPING or inner in hidden:
            return None
    return str(_TEXT(element))


def _innermost(td: etree._Element, hidden: frozenset[etree._Element]) -> str | None:
    """The only piece of text in a cell whose elements stand one in the other, "" for a blank one; None for any other cell.

    Most cells hold a number in a paragraph: asking for a first child takes a fraction of a walk, or of any of lxml's.
    """
    only, element = _printed(td.text), td
    while inside := len(element):
        element = element[0]
        if inside > 1 or element.tag in _SPLITTING or element in hidden or _printed(element.tail):
            return None
        text = element.text
        if text and not text.isspace():
            if only:
                return None
            only = text
    return only


def _only_paragraph(td: etree._Element, hidden: frozenset[etree._Element]) -> str | None:
    """The text of a cell that stands in no block element or in its only one; None where a walk has to look at it.

    Word puts each number, and often each of its digits, into an element of its own.
    """
    block = None
    for element in td.iterdescendants():
        if element.tag in _SPLITTING or element in hidden or (element.tag in _BLOCK and block is not None):
            return None
        if element.tag in _BLOCK:
            block = element
    text = str(_TEXT(td))
    return text if block is None or text.strip() == str(_TEXT(block)).strip() else None


def _printed(text: str | None) -> str:
    """A piece of text, "" where it is none but white space."""
    return text if text and not text.isspace() else ""


def _owner(element: etree._Element, tag: str) -> etree._Element | None:
    """The nearest `tag` around `element`."""
    above = element.getparent()
    while above is not None and above.tag != tag:
        above = above.getparent()
    return above


def _depth(table: etree._Element) -> int:
    """How many tables stand around this one."""
    return sum(1 for _ in table.iterancestors("table"))


def _holds_table(element: etree._Element) -> bool:
    return next(element.iterdescendants("table"), None) is not None


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
        own = _owner(td, "table") is table and not _holds_table(td)
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
    digits = re.match(r"\s*(\d{1,5})", value) if value else None
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
        styled = re.search(rf"(?<![-\w]){side}\s*:\s*(\d{{1,6}})(?:\.\d+)?px", style)
        plain = re.fullmatch(r"\s*(\d{1,6})(?:px)?\s*", element.get(side) or "")
        size = styled or plain
        if size and int(size[1]) <= SMALL_IMAGE:
            return False
    return True
