"""What a page of a PDF shows: characters, strokes and images, whichever library looked at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from gdcore.readers import layout, ruling
from gdcore.readers.layout import Box
from gdcore.readers.lines import Char
from gdcore.readers.ruling import Edge

MAX_PAGES: Final = 500
MAX_CHARS: Final = 30_000  # characters of one page
MAX_STROKES: Final = 60_000  # strokes of one page; a table has hundreds
THICK: Final = 3.5  # points up to which a filled rectangle is a line
SKEWED: Final = 0.1  # share of the other axis from which text is turned: watermarks
IMAGE: Final = 0.04  # of the page's area from which an image is content
FEW_CHARS: Final = 30  # characters of a page that is only a picture: stamps, page numbers
OUTLINED: Final = 300  # strokes of a page without characters, from which its text is drawn as outlines
GARBLED: Final = 0.1  # of the characters whose meaning the file does not tell, from which a page has no text
TOO_LONG: Final = f"PDF 超过 {MAX_PAGES} 页，不像一份年度报告。"
TOO_MUCH: Final = "PDF 某一页的内容多得不合常理，无法读取。"


@dataclass(slots=True)
class Sight:
    """What a page shows.

    `hidden` characters are not painted: the text that a scanner read beneath its picture. `unmapped` counts characters
    whose meaning the file does not tell, `lost` texts that the library leaves out, `drawn` the corners of all paths.
    """

    number: int
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    strokes: list[Box] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    hidden: list[Char] = field(default_factory=list)
    unmapped: int = 0
    lost: int = 0
    drawn: int = 0

    @property
    def garbled(self) -> bool:
        """Whether the file does not tell what its characters mean."""
        return self.unmapped > GARBLED * max(1, len(self.chars))

    @property
    def is_picture(self) -> bool:
        """Whether the page's text, if there is any, is in its pictures or outlines and not among its characters."""
        if sum(map(layout.area, self.images)) > layout.SCANNED * self.width * self.height:
            return self._has_fewer(FEW_CHARS)
        return self.drawn > OUTLINED and self._has_fewer(1)

    def _has_fewer(self, limit: int) -> bool:
        """Whether so few characters are printed; counted no further than this takes."""
        printed = (char for char in self.chars if not char.text.isspace())
        return sum(1 for _ in islice(printed, limit)) < limit

    def page(self) -> layout.Page:
        """The page for the common way from characters and lines to blocks."""
        horizontals, verticals = self._edges()
        least = IMAGE * self.width * self.height
        images = [box for box in self.images if layout.area(box) > least]
        return layout.Page(
            self.number, self.width, self.height, self.chars, ruling.frames(horizontals, verticals), images
        )

    def _edges(self) -> tuple[list[Edge], list[Edge]]:
        horizontals, verticals = [], []
        for x0, top, x1, bottom in self.strokes:
            if bottom - top <= THICK and x1 - x0 > bottom - top:
                horizontals.append(Edge((top + bottom) / 2, x0, x1))
            elif x1 - x0 <= THICK and bottom - top > x1 - x0:
                verticals.append(Edge((x0 + x1) / 2, top, bottom))
        return horizontals, verticals
