"""The document's prose as lines in reading order, with the joins that broken lines need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice, pairwise

from gdcore.document import Document, Embedded, Paragraph, Table
from gdcore.figure import Passage, carrying
from gdcore.place import Anchor, Place
from gdcore.record import record

HEADING_MARK = re.compile(
    r"\s*(第?[一二三四五六七八九十]+(部分|[、.．])|[（(]\s*[一二三四五六七八九十\d]+\s*[)）]|\d{1,2}[、.．)）](?!\d)|[①-⑳]|第[一二三四五六七八九十\d]+[条项]|[一二三四五六七八九十]+是|附[件表：:]|[*●■◆·])"
)
_ENDS = tuple("。！？：；!?:;…”’」』）)]】》")


@record(frozen=True, slots=True)
class Line:
    """One printed paragraph line: its text without outer white space, as evidence at an address yet to be given."""

    text: str
    block: int
    anchors: tuple[Anchor, ...]
    level: int | None = None

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.anchors[0].place

    def at(self, address: str) -> Passage:
        """The line as a passage of the part at `address`."""
        return Passage(self.text, tuple([a.under(address) for a in self.anchors]))

    def cut(self, start: int, end: int | None = None) -> Line:
        """A part of the line, outer white space left out."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip())
        words = piece.strip()
        anchors = carrying(self.anchors, start, start + len(words))
        return Line(words, self.block, anchors or self.anchors[:1], self.level)


def lines(document: Document, used: frozenset[int], is_heading: Callable[[str], bool]) -> list[Line | Embedded]:
    """Every line of prose outside the `used` blocks, and what is embedded between them, in reading order.

    A heading can stand as the only cell of a row right above its table (sheets): these are found inside used blocks.
    """
    found: list[Line | Embedded] = []
    for index, block in enumerate(document.blocks):
        if index in used:
            if isinstance(block, Table):
                found.extend(_headings_of(index, block, is_heading))
            continue
        if isinstance(block, Embedded):
            found.append(block)
        elif isinstance(block, Paragraph):
            found.extend(_lines_of(index, block))
    return found


def _lines_of(index: int, paragraph: Paragraph) -> Iterable[Line]:
    start = 0
    for part in paragraph.text.split("\n"):
        end = start + len(part)
        left = end - len(part.lstrip())
        right = start + len(part.rstrip())
        if right > left:
            yield Line(paragraph.text[left:right], index, _anchors(index, paragraph, left, right), paragraph.level)
        start = end + 1


def _headings_of(index: int, table: Table, is_heading: Callable[[str], bool]) -> Iterable[Line]:
    for row in table.rows:
        if len(row) > 1 and row[0].text.strip() and row[-1].text.strip():  # nearly every row
            continue
        printed = list(islice((cell for cell in row if cell.text.strip()), 2))
        if len(printed) == 1 and is_heading(printed[0].text):
            yield Line(printed[0].text.strip(), index, (Anchor("", printed[0].place, index),))


def _anchors(index: int, paragraph: Paragraph, left: int, right: int) -> tuple[Anchor, ...]:
    """One anchor for each printed line between two offsets of a paragraph."""
    if len(paragraph.places) == 1:
        return (Anchor("", paragraph.place, index, (left, right)),)
    cuts = sorted({left, right, *(o for o, _ in paragraph.places if left < o < right)})
    return tuple(Anchor("", paragraph.place_at(first), index, (first, last)) for first, last in pairwise(cuts))


def glued(first: Line, second: Line) -> Line:
    """Two lines as one, without anything between them."""
    return Line(first.text + second.text, first.block, first.anchors + second.anchors, first.level)


# A sentence broken by a line end: the first half is this long at least, and a stray end of a heading this long at most.
SHORTEST_BROKEN = 20
LONGEST_STRAY_END = 15
_UNFINISHED = re.compile(r"[\u4e00-\u9fff，、]\s*$")
_CONTINUES = re.compile(r"^[\u4e00-\u9fff，、。；]")
_CLOSING = re.compile(r"[。；：，]")
_NEW_START = re.compile(r"^(20\d{2}|今年|本年|全年|下一步|同时，|此外|一方面|为|在|根据|按照|特此|联系)")


def continues(first: Line, second: Line, is_heading: Callable[[Line], bool]) -> bool:
    """Whether `second` is certainly the rest of a sentence or heading that `first` breaks off.

    Behind a sub-heading alone on its line (`is_heading`) a paragraph is normal; only a stray end of a few characters
    with a full stop is the heading's own. Behind prose the first half must be a long one without any closing mark.
    """
    if first.text.rstrip().endswith(_ENDS) or HEADING_MARK.match(second.text) or not _CONTINUES.match(second.text):
        return False
    if is_heading(first):
        short = len(second.text) <= LONGEST_STRAY_END and second.text.endswith("。")
        return short and not re.match(r"^[无未没不]", second.text)
    if first.level is not None or second.level is not None or len(first.text) < SHORTEST_BROKEN:
        return False
    return bool(_UNFINISHED.search(first.text) and _CLOSING.search(second.text) and not _NEW_START.match(second.text))


_PAGE_TOOL = re.compile(
    r"发布(日期|时间)[：:]|(信息)?来源[：:]|浏览(次数|量)|阅读(次数|量)|字体|字号|当前位置|打印|关闭|分享|扫一扫|扫码|微信|"
    r"上一[篇条]|下一[篇条]|返回顶部|相关(链接|附件|阅读)|友情链接|版权所有|主办(单位)?[：:]|承办(单位)?[：:]|技术支持|备案|ICP|网站标识码|"
    r"无障碍|繁體|适老化|索引号[：:]|网站地图|联系我们"
)
# A tool of a web page around the article is a short line without a sentence, in characters.
LONGEST_TOOL = 60


def is_page_tool(line: Line) -> bool:
    """Whether a line belongs to the web page around the report: its date line, its links, its footer."""
    return len(line.text) <= LONGEST_TOOL and "。" not in line.text and _PAGE_TOOL.search(line.text) is not None


def without_footer(prose: Sequence[Line]) -> list[Line]:
    """The lines of a report's last section up to the page's footer: its first tool and all behind it."""
    first = next((i for i, line in enumerate(prose) if is_page_tool(line)), len(prose))
    return list(prose[:first])
