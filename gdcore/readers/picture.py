"""The picture of a page to characters and ruling lines, as a PDF with text has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from gdcore.readers import layout, ocr, proof, raster, ruling, turning
from gdcore.readers.layout import MIDDLE, Box
from gdcore.readers.lines import Char
from gdcore.readers.proof import Key, Piece
from gdcore.readers.raster import Gray, Mask, PixelBox, Sheet
from gdcore.readers.ruling import Frame

FAINT: Final = 45  # of 255: ink is so much darker than the paper, even where it is pale
SHARE: Final = 0.2  # of a line's width from which the part of it in a neighbouring cell is a line of its own
ROOMY: Final = 0.3  # of the page's area from which a cell holds a page and no entry
SAME_SIZE: Final = 1.1  # times: lines that differ less are printed in one size
PITCHED: Final = 5  # characters from which a line shows its size by its length
TALL: Final = 2.5  # times its width: what is taller is no line

_HALF_START = re.compile(r"[（(“《〔【]")
_HALF_END = re.compile(r"[）)”》〕】，。、；：,.;:]")


def page(gray: Gray, number: int, shown: float | None = None, images: Iterable[Box] = ()) -> layout.Page:
    """A page as its picture shows it, whichever of its edges is up.

    `shown` is the width that it has in the file, in points; `images` are boxes there that count as its content.
    """
    sight = _look(raster.straightened(gray, shown))
    quarters = turning.quarters(sight.clean, sight.boxes)
    if quarters:
        sight = _look(raster.straightened(gray, shown, quarters))
    sheet, frames, clean = sight.sheet, sight.frames, sight.clean
    faint = raster.ink(clean, FAINT)
    cells, free = _parted(sight.boxes, _entries(frames, sheet.size), frames, sheet.scale)
    pieces = [*_read(clean, [box for box in free if box[3] - box[1] < TALL * (box[2] - box[0])])]
    for found in _cells_read(clean, faint, cells, frames, sheet.scale).values():
        pieces += found
    chars = list(_chars(pieces, faint, sheet.scale))
    seen = [sheet.straight(box) for box in images]
    return layout.Page(number, *sheet.size, chars, frames, seen, origin=sheet.original)


@dataclass(frozen=True, slots=True)
class _Look:
    """A page before it is read: its frames, its picture without ruling lines, the boxes of its printed lines."""

    sheet: Sheet
    frames: list[Frame]
    clean: Gray
    boxes: list[PixelBox]


def _look(sheet: Sheet) -> _Look:
    ruled = raster.ruling(sheet)
    clean = sheet.gray.copy()
    clean[ruled.mask > 0] = 255
    return _Look(sheet, ruling.frames(ruled.horizontals, ruled.verticals), clean, ocr.find(clean, sheet.scale))


def _entries(frames: Sequence[Frame], size: tuple[float, float]) -> list[Key]:
    """The cells that hold entries and not half a page."""
    most = ROOMY * size[0] * size[1]
    return [(n, m) for n, f in enumerate(frames) for m, cell in enumerate(f.cells) if layout.area(cell.box) < most]


def _parted(
    boxes: Iterable[PixelBox], entries: Iterable[Key], frames: Sequence[Frame], scale: float
) -> tuple[dict[Key, list[PixelBox]], list[PixelBox]]:
    """The boxes found on the page by the cell they stand in, one that spans cells in parts; and those in no cell."""
    cells: dict[Key, list[PixelBox]] = {key: [] for key in entries}
    free = []
    for box in boxes:
        inside = [key for key in _touched(box, frames, scale) if key in cells]
        if not inside:
            free.append(box)
        for n, m in inside:
            x0, _, x1, _ = frames[n].cells[m].box
            cells[n, m].append((max(box[0], round(x0 * scale)), box[1], min(box[2], round(x1 * scale)), box[3]))
    return cells, free


def _touched(box: PixelBox, frames: Sequence[Frame], scale: float) -> Iterator[Key]:
    """The cells of the innermost frame around a line, of which it takes more than the edge."""
    x0, top, x1, bottom = (edge / scale for edge in box)
    y = (top + bottom) / 2
    for n, frame in enumerate(frames):
        if frame.cell_at((x0 + x1) / 2, y) is None:
            continue
        least = min(SHARE * (x1 - x0), (bottom - top) / 2)
        for m, cell in enumerate(frame.cells):
            if cell.box[1] <= y < cell.box[3] and min(x1, cell.box[2]) - max(x0, cell.box[0]) > least:
                yield n, m
        return


def _read(gray: Gray, boxes: Sequence[PixelBox]) -> list[Piece]:
    crops = [gray[max(0, top) : bottom, max(0, x0) : x1] for x0, top, x1, bottom in boxes]
    kept = [(box, crop) for box, crop in zip(boxes, crops, strict=True) if min(crop.shape) > 2]
    readings = ocr.read([crop for _, crop in kept])
    return [Piece(box, reading) for (box, _), reading in zip(kept, readings, strict=True) if reading.text]


def _cells_read(
    gray: Gray, faint: Mask, cells: dict[Key, list[PixelBox]], frames: Sequence[Frame], scale: float
) -> dict[Key, list[Piece]]:
    """What stands in each cell, numbers read twice."""
    ink: dict[Key, list[PixelBox]] = {}
    for n, m in cells:
        x0, top, x1, bottom = (round(edge * scale) for edge in frames[n].cells[m].box)
        ink[n, m] = proof.lines_of_ink(faint, (x0, top, x1, bottom), scale)
    wanted = [(key, box) for key, boxes in cells.items() if not proof.runs_down(ink[key]) for box in boxes]
    first: dict[Key, list[Piece]] = {}
    owner = {box: key for key, box in wanted}
    for piece in _read(gray, [box for _, box in wanted]):
        first.setdefault(owner[piece.box], []).append(piece)
    return proof.proofread(gray, faint, first, ink)


# --- sizes ----------------------------------------------------------------------------------------------------------


def _chars(pieces: Sequence[Piece], faint: Mask, scale: float) -> Iterator[Char]:
    """The pieces as characters on the page, in points: as large as their ink, in as few sizes as there are."""
    boxes = [tuple(edge / scale for edge in _tight(faint, piece.box)) for piece in pieces]
    sizes = _common([_size(p.reading.text, b[2] - b[0], b[3] - b[1]) for p, b in zip(pieces, boxes, strict=True)])
    for piece, (x0, top, x1, bottom), size in zip(pieces, boxes, sizes, strict=True):
        middle = (piece.box[1] + piece.box[3]) / 2 / scale
        baseline = middle + MIDDLE * size
        yield Char(piece.reading.text, x0, top, x1, bottom, baseline, size, piece.reading.confidence)


def _tight(faint: Mask, box: PixelBox) -> PixelBox:
    """The box drawn in to the ink in it."""
    x0, top, x1, bottom = max(0, box[0]), max(0, box[1]), box[2], box[3]
    inside = faint[top:bottom, x0:x1]
    xs, ys = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
    if not len(xs):
        return box
    return x0 + int(xs[0]), top + int(ys[0]), x0 + int(xs[-1]) + 1, top + int(ys[-1]) + 1


def _size(said: str, wide: float, high: float) -> float:
    """The size of a line's characters in points: by their pitch where there are enough of them, else by their height."""
    # Brackets and points come out half-width from the reading, whatever is printed.
    columns = sum(1 if char.isascii() and char.isalnum() else 2 for char in said if not char.isspace())
    if columns >= 2 * PITCHED:
        columns -= bool(_HALF_START.match(said)) + bool(_HALF_END.match(said[-1]))
        return 2 * wide / columns
    return 1.1 * high


def _common(sizes: Sequence[float]) -> list[float]:
    """Each size replaced by the median of those like it."""
    order = sorted(range(len(sizes)), key=sizes.__getitem__)
    groups: list[list[int]] = []
    for n in order:
        if groups and sizes[n] < SAME_SIZE * sizes[groups[-1][len(groups[-1]) // 2]]:
            groups[-1].append(n)
        else:
            groups.append([n])
    result = list(sizes)
    for group in groups:
        usual = median(sizes[n] for n in group)
        for n in group:
            result[n] = usual
    return result
