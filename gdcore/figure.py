"""Figures and passages: a number, a text, that remember where they came from.

Arithmetic on figures carries their anchors along and spreads what is not known, so that evidence is never written by
hand and an unread cell turns a comparison into *not evaluated* by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

from gdcore.place import Anchor, Correction, Place, distinct
from gdcore.record import record


@record(frozen=True, slots=True)
class Figure:
    """A number and the cells it rests on.

    `value` is None when it is not certainly known; `raw` is what was printed ("" for a blank cell and for results of
    arithmetic). `confidence` (0…1) is that of the reading: 1 where nothing was assumed.
    """

    value: Decimal | None
    raw: str = ""
    anchors: tuple[Anchor, ...] = ()
    confidence: float = 1.0

    @property
    def blank(self) -> bool:
        """The cell was found and nothing is printed in it."""
        return self.value is None and not self.raw.strip()

    @property
    def address(self) -> str:
        """The address of a cell's figure; of a result, that of its first operand; "" if there is none."""
        return self.anchors[0].address if self.anchors else ""

    @property
    def correction(self) -> Correction | None:
        """What a person put in this cell in place of what was read; None for other cells and for results."""
        return self.anchors[0].correction if len(self.anchors) == 1 else None

    def _with(self, other: Figure, value: Decimal | None) -> Figure:
        anchors = distinct((*self.anchors, *other.anchors))
        return Figure(value, "", anchors, min(self.confidence, other.confidence))

    def __add__(self, other: Figure) -> Figure:
        known = self.value is not None and other.value is not None
        return self._with(other, self.value + other.value if known else None)  # type: ignore[operator]

    def __sub__(self, other: Figure) -> Figure:
        known = self.value is not None and other.value is not None
        return self._with(other, self.value - other.value if known else None)  # type: ignore[operator]

    def __str__(self) -> str:
        return "未识别" if self.value is None else f"{self.value:f}"


def total(figures: Iterable[Figure]) -> Figure:
    """The sum of `figures` with all their anchors; not known as soon as one of them is not. The empty sum is 0."""
    terms = tuple(figures)
    return Figure(_sum(terms), "", distinct([a for f in terms for a in f.anchors]), _sure(terms))


def amount(figures: Collection[Figure]) -> Figure:
    """The same sum without the cells that it rests on, for figures of other files."""
    return Figure(_sum(figures), "", (), _sure(figures))


def _sure(figures: Iterable[Figure]) -> float:
    return min([f.confidence for f in figures], default=1.0)


def adds_up(left: Iterable[Figure], right: Iterable[Figure]) -> bool:
    """Whether two sums are known and equal."""
    ours = _sum(left)
    return ours is not None and ours == _sum(right)


def _sum(figures: Iterable[Figure]) -> Decimal | None:
    added = Decimal(0)
    for figure in figures:
        if figure.value is None:
            return None
        added += figure.value
    return added


@record(frozen=True, slots=True)
class Passage:
    """A text of the report, with its anchors (one for each printed piece, in order)."""

    text: str
    anchors: tuple[Anchor, ...] = ()
    confidence: float = 1.0

    @property
    def address(self) -> str:
        """The address of the part it stands in, e.g. `s1.a2`; "" if unknown."""
        return self.anchors[0].address if self.anchors else ""

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.anchors[0].place if self.anchors else Place()

    def __bool__(self) -> bool:
        return bool(self.text)

    def part(self, start: int, end: int) -> Passage:
        """The characters from `start` to `end` with just the anchors that carry them."""
        return Passage(self.text[start:end], carrying(self.anchors, start, end), self.confidence)


def carrying(anchors: tuple[Anchor, ...], start: int, end: int) -> tuple[Anchor, ...]:
    """Just those of a text's anchors that carry its characters from `start` to `end`, cut to these.

    Every anchor of a text made by `recognise` has a span, and the spans' texts make up the text in order.
    """
    carried, offset = [], 0
    for anchor in anchors:
        if anchor.span is None:
            return anchors
        begin = anchor.span[0] - offset  # of the whole text, if it stood in this anchor's block
        first, last = max(begin + start, anchor.span[0]), min(begin + end, anchor.span[1])
        if first < last:
            carried.append(anchor.at(first, last))
        offset += anchor.span[1] - anchor.span[0]
    return tuple(carried)
