"""The cells of a scanned table: which of them hold ink, and what two independent readings of it agree on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from gdcore import text
from gdcore.readers import ocr, strokes
from gdcore.readers.ocr import Reading
from gdcore.readers.raster import Gray, Mask, PixelBox

UNREAD: Final = "\ufffd"  # ink that nobody could read: no number, and not blank
DOUBT: Final = 0.6  # confidence that a reading in doubt does not exceed
SURE: Final = 0.9  # confidence from which a reading is believed without a second one
SPECK: Final = 2.6  # points: what is smaller in both directions is dirt or noise
DOT: Final = 0.7  # points: what is smaller in both directions is no decimal point either
INSET: Final = 1.2  # points along the border of a cell where remains of its lines lie
RESIDUE: Final = 1.3  # points: thinner ink along the border is a remain of its line
BORDER: Final = 3.0  # points from the border in which such remains lie
WIDE_GAP: Final = 0.75  # of a line's height: digits of one number stand closer
LINE_GAP: Final = 1.0  # points without ink between two lines

_HAN = re.compile(r"[\u3400-\u9fff]")
_VALUE = re.compile(r"[+\-增减]?\s*[\d.,]+\s*[（(件条宗例起份次篇个期场项万元].*", re.DOTALL)
_BENT = frozenset("02345689")  # no single straight stroke is read as one of these
_ALIKE = str.maketrans("OoQD〇○。lI|丨!", "000000011111")  # signs for which digits are taken

Key = tuple[int, int]  # frame, cell


@dataclass(frozen=True, slots=True)
class Piece:
    """A printed line, or the part of it that stands in one cell, with what it says."""

    box: PixelBox
    reading: Reading


def lines_of_ink(faint: Mask, box: PixelBox, scale: float) -> list[PixelBox]:
    """The boxes of the lines in a cell, from everything in it that is ink and neither dirt nor a remain of its border."""
    inset = round(INSET * scale)
    x0, top, x1, bottom = box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset
    if x1 <= x0 or bottom <= top:
        return []
    inside = faint[top:bottom, x0:x1]
    count, _, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=8)
    size = (x1 - x0, bottom - top)
    parts = [tuple(int(v) for v in stats[n][:4]) for n in range(1, count)]
    parts = [p for p in parts if max(p[2], p[3]) >= DOT * scale and not _residue(p, size, scale)]
    found = []
    for first, last in _rows([p for p in parts if max(p[2], p[3]) >= SPECK * scale], round(LINE_GAP * scale)):
        # Points belong to the line they stand in; alone they are dirt.
        near = [p for p in parts if first - scale <= p[1] + p[3] / 2 <= last + scale]
        left, right = min(p[0] for p in near), max(p[0] + p[2] for p in near)
        found.append((x0 + left, top + first, x0 + right, top + last))
    return _whole_characters(found) if runs_down(found) else found


def _whole_characters(lines: Sequence[PixelBox]) -> list[PixelBox]:
    """Text that runs down with the strokes of 二 or 三 put together: no character is much taller than wide."""
    most = 1.1 * max(box[2] - box[0] for box in lines)
    whole: list[PixelBox] = []
    for box in lines:
        above = whole[-1] if whole else None
        if above is not None and box[3] - above[1] <= most:
            whole[-1] = min(above[0], box[0]), above[1], max(above[2], box[2]), box[3]
        else:
            whole.append(box)
    return whole


def _residue(part: tuple[int, ...], size: tuple[int, int], scale: float) -> bool:
    """Whether a piece of ink lies along the border of the cell and is as thin as a line."""
    x, y, width, height = part
    thin, near = RESIDUE * scale, BORDER * scale
    along_side = width <= thin and (x <= near or x + width >= size[0] - near) and height > 3 * width
    along_top = height <= thin and (y <= near or y + height >= size[1] - near) and width > 3 * height
    touches = x == 0 or y == 0 or x + width == size[0] or y + height == size[1]
    return along_top or (along_side and touches) or (touches and min(width, height) <= 2)


def _rows(parts: Sequence[tuple[int, ...]], gap: int) -> Iterator[tuple[int, int]]:
    """From where to where the lines go that these pieces form."""
    first = last = -1
    for part in sorted(parts, key=lambda p: p[1]):
        if first >= 0 and part[1] > last + gap:
            yield first, last
            first = -1
        if first < 0:
            first, last = part[1], part[1] + part[3]
        last = max(last, part[1] + part[3])
    if first >= 0:
        yield first, last


def runs_down(lines: Sequence[PixelBox]) -> bool:
    """Whether a cell's text runs down, one character a line."""
    if len(lines) < 3:
        return False
    wide = max(box[2] for box in lines) - min(box[0] for box in lines)
    return wide < (lines[-1][3] - lines[0][1]) / 2 and wide < 2 * max(box[3] - box[1] for box in lines)


def proofread(
    gray: Gray, faint: Mask, first: Mapping[Key, Sequence[Piece]], ink: Mapping[Key, Sequence[PixelBox]]
) -> dict[Key, list[Piece]]:
    """The pieces of each cell, after a second reading of those that are numbers, in doubt, or left out by the first.

    `first` has what the reading of the page found in each cell, `ink` the lines of ink in it; where there is none,
    nothing is printed. Numbers above or wide beside each other may belong to two cells whose border was not seen.
    """
    doubted = [n for n, lines in ink.items() if lines and _wants_proof(first.get(n, ()))]
    second = _read(gray, {n: ink[n] for n in doubted}, _smoothed)
    differing = [n for n in doubted if _joined(first.get(n, ())) != _joined(second[n])]
    third = _read(gray, {n: ink[n] for n in differing}, _widened)
    result = {n: list(first.get(n, ())) if lines else [] for n, lines in ink.items()}
    for n in doubted:
        result[n] = _agreed(first.get(n, ()), second[n], third.get(n, ()))
        if len(ink[n]) == 1 and len(_joined(result[n])) == 1 and _joined(result[n]) not in _BENT:
            result[n] = _by_shape(result[n], strokes.stroke(faint, ink[n][0]))
        if not _HAN.search(_joined(result[n])) and (len(ink[n]) > 1 or _is_gapped(faint, ink[n][0])):
            result[n] = _with(result[n], min(DOUBT, _confidence(result[n])))
    return result


def _by_shape(pieces: Sequence[Piece], sign: str) -> list[Piece]:
    """A cell's reading where the shape of its only stroke says what it is, or that it may be something else."""
    if sign == "1/":
        return _with(pieces, min(DOUBT, _confidence(pieces))) if _joined(pieces) == "1" else list(pieces)
    return [Piece(pieces[0].box, Reading(sign, SURE))] if sign else list(pieces)


def _is_gapped(faint: Mask, box: PixelBox) -> bool:
    """Whether a line has a gap in which a digit could stand."""
    inked = np.flatnonzero(faint[box[1] : box[3], box[0] : box[2]].any(axis=0))
    return bool(len(inked) > 1 and np.diff(inked).max() > WIDE_GAP * (box[3] - box[1]))


def _wants_proof(pieces: Sequence[Piece]) -> bool:
    said = _joined(pieces)
    return not _HAN.search(said) or _VALUE.fullmatch(said) is not None or _confidence(pieces) < SURE


def _read(
    gray: Gray, cells: Mapping[Key, Sequence[PixelBox]], prepared: Callable[[Gray], Gray]
) -> dict[Key, list[Piece]]:
    """Each line of each cell read on its own."""
    boxes = [(n, box) for n, lines in cells.items() for box in lines]
    readings = ocr.read([prepared(crop(gray, box)) for _, box in boxes])
    pieces: dict[Key, list[Piece]] = {n: [] for n in cells}
    for (n, box), reading in zip(boxes, readings, strict=True):
        pieces[n].append(Piece(box, reading))
    return pieces


def crop(gray: Gray, box: PixelBox) -> Gray:
    """The line in the box with some white around it, whatever else stands there."""
    inside = gray[max(0, box[1]) : box[3], max(0, box[0]) : box[2]]
    pad = max(4, round(0.2 * inside.shape[0]))
    return np.pad(inside, pad, constant_values=255)


def _smoothed(line: Gray) -> Gray:
    return np.asarray(cv2.GaussianBlur(line, (0, 0), 0.8), dtype=np.uint8)


def _widened(line: Gray) -> Gray:
    size = round(1.25 * line.shape[1]), line.shape[0]
    return np.asarray(cv2.resize(line, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _agreed(first: Sequence[Piece], second: Sequence[Piece], third: Sequence[Piece]) -> list[Piece]:
    """What the readings of one cell amount to; where they contradict each other, no more than a doubt."""
    readings = [pieces for pieces in (first, second, third) if _joined(pieces)]
    if not readings:
        return [Piece(box=second[0].box, reading=Reading(UNREAD, 0.0))]
    best = max(readings, key=_confidence)
    if _HAN.search(_joined(best)) and not _VALUE.fullmatch(_joined(best)):
        return list(best)
    said = Counter(_joined(pieces) for pieces in readings)
    text_, votes = said.most_common(1)[0]
    if votes == 1:
        return _with(best, min(DOUBT, _confidence(best)) / 2)
    agreeing = [pieces for pieces in readings if _joined(pieces) == text_]
    confidence = max(map(_confidence, agreeing))
    return _with(max(agreeing, key=_is_plain), confidence if len(said) == 1 else min(DOUBT, confidence))


def _is_plain(pieces: Sequence[Piece]) -> bool:
    """Whether no sign had to be taken for the digit that it looks like."""
    return text.plain("".join(p.reading.text for p in ordered(pieces))) == _joined(pieces)


def _with(pieces: Sequence[Piece], confidence: float) -> list[Piece]:
    if not _is_plain(pieces):
        confidence = min(confidence, DOUBT)
    return [
        Piece(
            p.box, Reading(_digits(p.reading.text) if not _HAN.search(p.reading.text) else p.reading.text, confidence)
        )
        for p in pieces
    ]


def _digits(said: str) -> str:
    """The text of a value cell with signs that look like digits taken for them, if that makes it a number."""
    mapped = said.translate(_ALIKE)
    return mapped if re.fullmatch(r"[+\-]?[\d.,\s]+", mapped) else said


def ordered(pieces: Sequence[Piece]) -> list[Piece]:
    """From top to bottom, and from left to right within a line."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.box[1] + p.box[3]):
        middle = (piece.box[1] + piece.box[3]) / 2
        if lines and middle < lines[-1][0].box[3] - 0.25 * (lines[-1][0].box[3] - lines[-1][0].box[1]):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [piece for line in lines for piece in sorted(line, key=lambda p: p.box[0])]


def _joined(pieces: Sequence[Piece]) -> str:
    """What the pieces say, in the form in which readings are compared."""
    said = text.plain("".join(p.reading.text for p in ordered(pieces)))
    return said if _HAN.search(said) else _digits(said)


def _confidence(pieces: Sequence[Piece]) -> float:
    return min((p.reading.confidence for p in pieces), default=0.0)
