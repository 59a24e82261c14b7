"""Characters to printed lines, and printed lines to paragraphs, by where they stand on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter, sub
from statistics import median
from typing import Final, NamedTuple

from gdcore.document import Paragraph
from gdcore.place import Place
from gdcore.record import record
from gdcore.text import mend

SAME_BASELINE: Final = 0.4  # of the character size: raised and lowered characters stay in their line
OVERPRINT: Final = 1.0  # points within which equal characters are one, printed twice to look bold
WORD_GAP: Final = 0.25  # of the size: between Latin letters without a space character
COLUMN_GAP: Final = 1.0  # of the size: between any characters
INDENT: Final = 1.0  # of the size: a line that begins further right begins a paragraph
RAGGED: Final = 1.7  # of the size: a full line may end so much before the margin
CUT_SHORT: Final = 6.0  # of the size: so much, when it ends in mid-sentence (punctuation may not begin the next line)
SIZE_CHANGE: Final = 0.15  # relative: lines of one paragraph have one size
LEADING: Final = 1.6  # times the usual distance of lines, from which a gap parts paragraphs

_MARK = re.compile(
    r"\s*(?:[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）]|[一二三四五六七八九十]{1,3}\s*、|第[一二三四五六七八九十百]{1,4}[章节条])"
)
_ENDS = re.compile(r"[。！？；：:;!?][”’）)]*\s*$")
_CENTRED: Final = 2.0  # of the size: free at both sides


class Char(NamedTuple):
    """A printed character with its box in points, origin top left; read from an image, it may be a run of them.

    `confidence` (0…1) is that of the reading.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float
    confidence: float = 1.0


_LEFT: Final = itemgetter(Char._fields.index("x0"))


@record(frozen=True, slots=True)
class Line:
    """A printed line."""

    text: str
    page: int
    box: tuple[float, float, float, float]
    size: float
    confidence: float = 1.0

    @property
    def place(self) -> Place:
        """Page and box."""
        return Place(page=self.page, box=self.box)


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the text of a page begins and ends, in points, and the usual distance between its lines."""

    left: float
    right: float
    leading: float


def lines(chars: Iterable[Char], page: int) -> list[Line]:
    """The lines that `chars` form, from top to bottom."""
    found = (_line(row, page) for row in _rows(chars))
    return [line for line in found if line is not None]


def _rows(chars: Iterable[Char]) -> list[list[Char]]:
    """The characters that stand side by side, from left to right; those of a line mostly have one and the same baseline."""
    alike: dict[float, list[Char]] = {}
    for char in chars:
        alike.setdefault(char.baseline, []).append(char)
    rows: list[list[Char]] = []
    mixed: set[int] = set()  # rows of several baselines
    last = None
    for baseline in sorted(alike):
        row = sorted(alike[baseline], key=_LEFT)
        if last is not None and baseline - last.baseline <= SAME_BASELINE * min(row[0].size, last.size):
            mixed.add(len(rows) - 1)
            rows[-1] += row
        else:
            rows.append(row)
        last = row[-1]
    for at in mixed:
        rows[at].sort(key=_LEFT)
    return rows


def _line(row: Sequence[Char], page: int) -> Line | None:
    """The line that characters form which stand side by side, from left to right."""
    texts, lefts, tops, rights, bottoms, _, sizes, confidences = zip(*row, strict=True)
    if any(map(str.isspace, texts)) or min(map(sub, lefts[1:], lefts), default=OVERPRINT) < OVERPRINT:
        row = list(_once(row))
        printed = [char for char in row if not char.text.isspace()]
        if not printed:
            return None
        _, lefts, tops, rights, bottoms, _, sizes, confidences = zip(*printed, strict=True)
    box = lefts[0], min(tops), max(rights), max(bottoms)
    size = sizes[0] if sizes.count(sizes[0]) == len(sizes) else median(sizes)
    return Line(mend(_text(row)).strip(), page, box, size, min(confidences))


def _once(row: Iterable[Char]) -> Iterator[Char]:
    """The characters without those that are printed once more upon themselves."""
    last = None
    for char in row:
        if last is None or not (
            char.text == last.text and char.x0 - last.x0 < OVERPRINT and abs(char.top - last.top) < OVERPRINT
        ):
            yield char
            last = char


def _text(row: Sequence[Char]) -> str:
    """The text of a line, with spaces where its characters stand wide apart."""
    text = row[0].text
    for left, right in pairwise(row):
        if right[1] - left[3] > WORD_GAP:  # most stand closer, whatever their size
            text += _gap(left, right)
        text += right[0]
    return text


def _gap(left: Char, right: Char) -> str:
    """The space that stands between two characters wide apart without being one itself."""
    wide = (right.x0 - left.x1) / max(left.size, right.size, 1)
    if wide <= WORD_GAP or left.text.isspace() or right.text.isspace():
        return ""
    latin = left.text.isascii() and left.text.isalpha() and right.text.isascii() and right.text.isalpha()
    return " " if wide > (WORD_GAP if latin else COLUMN_GAP) else ""


def margins(page: Sequence[Line]) -> Margins | None:
    """The margins that the lines of a page keep; None when there are too few of them to tell."""
    if len(page) < 4:
        return None
    size = median(line.size for line in page)
    rights = sorted(line.box[2] for line in page)
    # The right edge that several lines reach, so that one line sticking out does not move it.
    right = rights[-2] if rights[-1] - rights[-2] > size else rights[-1]
    steps = [b.box[3] - a.box[3] for a, b in pairwise(page)]
    return Margins(min(line.box[0] for line in page), right, median(steps))


def paragraphs(run: Sequence[Line], pages: dict[int, Margins]) -> Iterator[Paragraph]:
    """The paragraphs that neighbouring lines form, also across pages; `pages` has the margins of each page."""
    group: list[Line] = []
    for line in run:
        if group and not _continues(group[-1], line, pages):
            yield _paragraph(group)
            group = []
        group.append(line)
    if group:
        yield _paragraph(group)


def _continues(line: Line, following: Line, pages: dict[int, Margins]) -> bool:
    here, there = pages[line.page], pages[following.page]
    size = line.size
    if abs(following.size - size) > SIZE_CHANGE * size:
        return False
    short = (here.right - line.box[2]) / size
    if short > RAGGED and (short > CUT_SHORT or _ENDS.search(line.text)):
        return False
    centred = line.box[0] - here.left > _CENTRED * size and here.right - line.box[2] > _CENTRED * size
    if centred or following.box[0] > there.left + INDENT * size:
        return False
    if line.page == following.page and following.box[3] - line.box[3] > LEADING * max(here.leading, size):
        return False
    return not (_MARK.match(following.text) and _ENDS.search(line.text))


def _paragraph(group: Sequence[Line]) -> Paragraph:
    text, places = "", []
    for line in group:
        if text and text[-1].isascii() and text[-1].isalpha() and line.text[:1].isascii() and line.text[:1].isalpha():
            text += " "
        places.append((len(text), line.place))
        text += line.text
    return Paragraph(text, tuple(places), confidence=min(line.confidence for line in group))
