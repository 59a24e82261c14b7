"""Which edge of a scanned page is up: pages lie on the glass on their side or head."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean
from typing import Final

import numpy as np

from gdcore.readers import ocr
from gdcore.readers.raster import Gray, PixelBox

LONG: Final = 3.0  # times its thickness from which a printed line shows which way it runs
LONGER: Final = 2.0  # times as much must run down as across before a page is taken to lie on its side
PROBED: Final = 3  # lines that are read to tell the head of a page from its foot
ENOUGH: Final = 9.0  # times its thickness that is read of a line: more would cost more and tell no more
LEGIBLE: Final = 0.88  # confidence of the lines from which nothing else is tried
CLEARLY: Final = 0.15  # of confidence by which another way up must be the better one


def quarters(gray: Gray, boxes: Sequence[PixelBox]) -> int:
    """By how many right angles (counter-clockwise) the page must be turned to be upright; 0 where that is in doubt.

    `boxes` are the printed lines on it. The way they run tells a page on its side; a few of them, read both ways up,
    tell head from foot.
    """
    across = [box for box in boxes if box[2] - box[0] >= LONG * (box[3] - box[1])]
    down = [box for box in boxes if box[3] - box[1] >= LONG * (box[2] - box[0])]
    on_its_side = sum(_length(box) for box in down) > LONGER * sum(_length(box) for box in across)
    lines = sorted(down if on_its_side else across, key=_length, reverse=True)[:PROBED]
    crops = [_beginning(gray, box) for box in lines]
    if not crops:
        return 0
    first, other = (1, 3) if on_its_side else (0, 2)
    upright = _confidence(crops, first)
    if upright >= LEGIBLE:
        return first
    turned = _confidence(crops, other)
    if abs(turned - upright) < CLEARLY:
        return 0
    return first if upright > turned else other


def _length(box: PixelBox) -> int:
    return max(box[2] - box[0], box[3] - box[1])


def _beginning(gray: Gray, box: PixelBox) -> Gray:
    """So much of a line as is read of it."""
    x0, top = max(0, box[0]), max(0, box[1])
    reach = round(ENOUGH * min(box[2] - box[0], box[3] - box[1]))
    return gray[top : min(box[3], top + reach), x0 : min(box[2], x0 + reach)]


def _confidence(crops: Sequence[Gray], quarters: int) -> float:
    """That of the lines read in a page turned by so many right angles, counter-clockwise."""
    return mean(
        reading.confidence for reading in ocr.read([np.ascontiguousarray(np.rot90(c, quarters)) for c in crops])
    )
