"""A page as an image: decoded at a bounded size, made straight, parted into ink and ruling lines. Needs OpenCV."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from gdcore.errors import DamagedFile, UnreadableFile, UnsupportedFormat
from gdcore.readers import scan
from gdcore.readers.ruling import Edge

Gray = NDArray[np.uint8]  # 0 black … 255 white
Mask = NDArray[np.uint8]  # 255 where something is, else 0
PixelBox = tuple[int, int, int, int]  # x0, top, x1, bottom; x1 and bottom are outside

A4: Final = (595.3, 841.9)  # points
SCALE: Final = 200 / 72  # pixels a point of the image that is worked on: 200 dpi
MAX_PIXELS: Final = 150_000_000  # of an image as it comes
MAX_WORKED: Final = 40_000_000  # pixels of an image that is worked on
MOST_ENLARGED: Final = 4.0  # times

_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A straightened page: `gray` in pixels, `scale` of them a point, turned by `angle` degrees about the middle.

    The page counts as one of A4's width, across if it is wider than tall: what files say of the size of their pictures
    cannot be trusted. `shown` is the width in points that it has in the file, where it lies turned by `quarters`
    right angles (clockwise) from how it is read.
    """

    gray: Gray
    scale: float
    angle: float
    shown: float
    quarters: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.gray.shape[1] / self.scale, self.gray.shape[0] / self.scale

    def original(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """The box as it stands in the file, before the page was straightened: the smallest that holds the turned one."""
        middle_x, middle_y = (side / 2 for side in self.size)
        turn = math.radians(self.angle)
        xs, ys = [], []
        for x, y in ((box[0], box[1]), (box[2], box[1]), (box[0], box[3]), (box[2], box[3])):
            xs.append(middle_x + (x - middle_x) * math.cos(turn) - (y - middle_y) * math.sin(turn))
            ys.append(middle_y + (x - middle_x) * math.sin(turn) + (y - middle_y) * math.cos(turn))
        lying = turned_box((min(xs), min(ys), max(xs), max(ys)), self.size, -self.quarters)
        x0, top, x1, bottom = (self._larger * edge for edge in lying)
        return x0, top, x1, bottom

    def straight(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """The box of the file as it stands on the page that is read, as if that had lain straight."""
        x0, top, x1, bottom = (edge / self._larger for edge in box)
        width, height = self.size
        return turned_box(
            (x0, top, x1, bottom), (height, width) if self.quarters % 2 else (width, height), self.quarters
        )

    @property
    def _larger(self) -> float:
        """How many times as large the page is in the file."""
        return self.shown / self.size[self.quarters % 2]


def turned_box(
    box: tuple[float, float, float, float], size: tuple[float, float], quarters: int
) -> tuple[float, float, float, float]:
    """Where a box of a page of `size` stands once the page is turned by so many right angles, counter-clockwise."""
    x0, top, x1, bottom = box
    width, height = size
    for _ in range(quarters % 4):
        x0, top, x1, bottom = top, width - x1, bottom, width - x0
        width, height = height, width
    return x0, top, x1, bottom


def width_of(width: float, height: float) -> float:
    """The width in points that a page of these proportions counts as having."""
    return A4[0] if width <= height else A4[1]


# --- decoding -------------------------------------------------------------------------------------------------------


def decode(data: bytes) -> Iterator[Gray]:
    """Each page of an image file, upright as the camera says, at the size at which it is worked on.

    Raises UnreadableFile.
    """
    try:
        with Image.open(BytesIO(data)) as image:
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            scan.bounded(count)
            for frame in range(count):
                image.seek(frame)
                yield _decoded(image)
    except Image.DecompressionBombError as error:
        raise UnreadableFile("图片太大，无法读取。", "请以 200–300 dpi 重新扫描后上传。") from error
    except UnidentifiedImageError as error:
        if data[4:8] == b"ftyp":
            raise UnsupportedFormat("这是 HEIC 等手机图片格式，暂不能读取。", "请另存为 JPG 后重新上传。") from error
        raise DamagedFile("图片已损坏或没有传完整，无法打开。", "请重新扫描或导出后上传。") from error
    except _BROKEN as error:
        raise DamagedFile("图片已损坏或没有传完整，无法打开。", "请重新扫描或导出后上传。") from error


def _decoded(image: Image.Image) -> Gray:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise Image.DecompressionBombError
    if image.format == "JPEG":
        image.draft(None, (round(A4[1] * SCALE), round(A4[1] * SCALE)))
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "P", "PA") or "transparency" in upright.info:
        coloured = upright.convert("RGBA")
        upright = Image.new("RGBA", coloured.size, "white")
        upright.alpha_composite(coloured)
    gray = _gray(upright)
    height, width = gray.shape
    factor = min(width_of(width, height) * SCALE / width, math.sqrt(MAX_WORKED / (width * height)), MOST_ENLARGED)
    return resized(gray, factor)


def _gray(image: Image.Image) -> Gray:
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        deep: NDArray[np.float32] = np.asarray(image, dtype=np.float32)
        top = 65535.0 if deep.max(initial=0.0) > 255 else 255.0
        return np.asarray(np.clip(deep * (255.0 / top), 0, 255), dtype=np.uint8)
    return np.asarray(image.convert("L"), dtype=np.uint8)


def resized(gray: Gray, factor: float) -> Gray:
    """The image `factor` times as large."""
    if abs(factor - 1) < 0.01:
        return gray
    size = max(1, round(gray.shape[1] * factor)), max(1, round(gray.shape[0] * factor))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(gray, size, interpolation=method), dtype=np.uint8)


# --- straightening --------------------------------------------------------------------------------------------------

MAX_SKEW: Final = 4.0  # degrees looked at
_FINE: Final = 0.02  # degrees
_DESKEW_WIDTH: Final = 1000  # pixels of the image on which the angle is measured
_DESKEW_MARGIN: Final = 0.03  # of the width: the edge of the glass lies there, and it is straight
_LEAST_SKEW: Final = 0.04  # degrees left alone


_INKED: Final = 1.5  # per cent of the pixels of a page that ink takes at least
_DARK: Final = 200  # of 255: as dark as they are made
_MOST_GAIN: Final = 3.0  # times, so that an empty page stays empty


def straightened(gray: Gray, shown: float | None = None, quarters: int = 0) -> Sheet:
    """The page with its lines horizontal, turned by so many right angles (counter-clockwise) first.

    `shown` is its width in the file, in points, where it has one.
    """
    shown = shown or width_of(gray.shape[1], gray.shape[0])
    gray = np.ascontiguousarray(np.rot90(gray, quarters))
    scale = gray.shape[1] / width_of(gray.shape[1], gray.shape[0])
    even = evened(gray)
    angle = skew(even)
    if abs(angle) < _LEAST_SKEW:
        return Sheet(even, scale, 0.0, shown, quarters)
    height, width = even.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(even, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    return Sheet(np.asarray(turned, dtype=np.uint8), scale, angle, shown, quarters)


def evened(gray: Gray) -> Gray:
    """The page in black on white: shadows, yellowed paper and grey grounds divided out, pale print made darker."""
    factor = min(1.0, 400 / gray.shape[1])
    small = resized(gray, factor)
    ground = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    ground = cv2.resize(ground, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    ground = np.maximum(ground, 40)  # a black margin stays black
    even = cv2.divide(gray, ground, scale=255)
    darkest = 255 - float(np.percentile(even, _INKED))
    gain = min(_MOST_GAIN, max(1.0, _DARK / max(darkest, 1.0)))
    return np.asarray(255 - cv2.convertScaleAbs(255 - even, alpha=gain), dtype=np.uint8)


def skew(gray: Gray) -> float:
    """By how many degrees (counter-clockwise) the page must be turned to be straight.

    At the right angle ink falls into the fewest rows: the sum of squares of the steps between rows is greatest.
    """
    small = resized(gray, min(1.0, _DESKEW_WIDTH / gray.shape[1]))
    margin = round(_DESKEW_MARGIN * small.shape[1])
    ys, xs = np.nonzero(small[margin:-margin, margin:-margin] < 140)
    if len(xs) < 200:
        return 0.0
    if len(xs) > 80_000:
        kept = np.random.default_rng(0).choice(len(xs), 80_000, replace=False)
        xs, ys = xs[kept], ys[kept]
    x, y = xs - small.shape[1] // 2, ys - small.shape[0] // 2  # whole, or rounding would favour no turn at all
    reach = int(np.hypot(*small.shape)) + 2

    def score(angle: float) -> float:
        turn = math.radians(angle)
        rows = np.rint(y * math.cos(turn) - x * math.sin(turn)).astype(np.int64) + reach // 2 + 1
        steps = np.diff(np.bincount(rows, minlength=reach).astype(np.float64))
        return float(np.dot(steps, steps))

    best = max(np.arange(-MAX_SKEW, MAX_SKEW + 0.1, 0.2), key=score)
    best = max(np.arange(best - 0.2, best + 0.2, _FINE), key=score)
    return float(best) if abs(best) <= MAX_SKEW and score(best) > score(0.0) else 0.0


# --- ink and lines --------------------------------------------------------------------------------------------------

_LONG: Final = 24.0  # points: horizontal strokes of characters are shorter
_TALL: Final = 11.0  # points: shorter than the lowest row
_TOUCH: Final = 4.0  # points within which a line must meet lines across it
_BESIDE: Final = 0.8  # points that the lines across take
_GAP: Final = 0.57  # of the usual darkness of a line: paler is a gap (lines stay above 0.64, strokes fall to 0.51)
_SOLID: Final = 0.97  # of its length that a line must be without gap
_NEARLY_SOLID: Final = 0.9  # where it is longer than characters are
_THICKEST: Final = 2.2  # points: thicker lines are areas
_HOLE: Final = 4.0  # points that a line may be hidden for
_WAVER: Final = 1.3  # points by which a line strays from its middle
_EVEN: Final = 9  # pixels along a line over which noise is averaged
_LINE_DARKNESS: Final = 26  # of 255: a line is so much darker than what is beside it
_LEAST: Final = 8.0  # points: no cell is so low or narrow
_LOOSE: Final = 40.0  # points from which the end of a line is no stroke of a character


def ink(gray: Gray, darkness: int) -> Mask:
    """What is darker than the paper by `darkness` of 255, specks of noise smoothed away."""
    smooth = cv2.GaussianBlur(gray, (3, 3), 0)
    return np.asarray(cv2.threshold(smooth, 255 - darkness, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Ruled:
    """The ruling lines of a page, in points, and the pixels they take."""

    horizontals: list[Edge]
    verticals: list[Edge]
    mask: Mask


def ruling(sheet: Sheet) -> Ruled:
    """The horizontal and vertical lines of a page, strokes of characters left out."""
    upright = np.ascontiguousarray(sheet.gray.T)
    across = _runs(sheet.gray, sheet.scale, round(_LONG * sheet.scale))
    down = _runs(upright, sheet.scale, round(_TALL * sheet.scale))
    horizontals, verticals = _edges(across, sheet.scale), _edges(down, sheet.scale)
    # Long lines hold the short ones, which are no more than strokes of characters until they meet them.
    certain = [part for e in horizontals for part in _solid_parts(e, [], sheet.gray, sheet.scale)]
    columns = [part for e in verticals for part in _solid_parts(e, certain, upright, sheet.scale)]
    horizontals = [part for e in horizontals for part in _solid_parts(e, columns, sheet.gray, sheet.scale)]
    verticals = [part for e in verticals for part in _solid_parts(e, horizontals, upright, sheet.scale)]
    return Ruled(
        horizontals, verticals, _mask(across, horizontals, sheet.scale) | _mask(down, verticals, sheet.scale).T
    )


def _mask(found: Mask, edges: list[Edge], scale: float) -> Mask:
    """The pixels of the runs that are lines, a little wider than they are; `found` has them lying flat."""
    mask = np.zeros(found.shape, np.uint8)
    reach = round(_WAVER * scale)
    for edge in edges:
        rows = slice(max(0, round(edge.at * scale) - reach), round(edge.at * scale) + reach + 1)
        columns = slice(max(0, round(edge.start * scale) - 1), round(edge.end * scale) + 2)
        mask[rows, columns] |= found[rows, columns]
    return np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), dtype=np.uint8)


def _runs(gray: Gray, scale: float, length: int) -> Mask:
    """Thin flat runs of at least `length` pixels that are darker than what is beside them; they may waver a little."""
    even = cv2.blur(gray, (_EVEN, 1))
    beside = np.ones((2 * round(_THICKEST * scale) + 3, 1), np.uint8)
    dark = cv2.threshold(cv2.morphologyEx(even, cv2.MORPH_BLACKHAT, beside), _LINE_DARKNESS, 255, cv2.THRESH_BINARY)[1]
    wide = cv2.dilate(dark, np.ones((3, 1), np.uint8))
    return np.asarray(cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)), dtype=np.uint8)


def _edges(found: Mask, scale: float) -> list[Edge]:
    """Each run, lying flat, as an edge in points; thick ones are areas or pictures."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    edges = []
    for n in range(1, count):
        x, y, width, height, area = (int(v) for v in stats[n])
        if area / width <= 1.5 * _THICKEST * scale and width * width >= 4 * area:
            # The middle of most of it: a stroke of a character may hang on to it.
            rows = np.cumsum(np.count_nonzero(labels[y : y + height, x : x + width] == n, axis=1))
            at = y + int(np.searchsorted(rows, area / 2)) + 0.5
            edges.append(Edge(at / scale, x / scale, (x + width) / scale))
    return _joined(edges)


def _joined(edges: list[Edge]) -> list[Edge]:
    """Runs that go on behind a short gap made one: where characters touch a line, it does not stand out."""
    joined: list[Edge] = []
    for edge in sorted(edges, key=lambda e: e.start):
        for n, other in enumerate(joined):
            if abs(other.at - edge.at) <= _WAVER and other.end - _WAVER <= edge.start <= other.end + _HOLE:
                longer = max(other, edge, key=lambda e: e.end - e.start)
                joined[n] = Edge(longer.at, other.start, max(other.end, edge.end))
                break
        else:
            joined.append(edge)
    return joined


def _solid_parts(edge: Edge, crossing: list[Edge], gray: Gray, scale: float) -> Iterator[Edge]:
    """The parts of a line between lines across it, and its loose ends if they are long; `gray` has it lying flat.

    Strokes of characters beside or above each other make parts with gaps, or parts that end in the open.
    """
    ends = edge.start - _TOUCH, edge.end + _TOUCH
    met = sorted(c.at for c in crossing if c.start - _TOUCH <= edge.at <= c.end + _TOUCH and ends[0] <= c.at <= ends[1])
    stops = [at for n, at in enumerate(met) if not n or at - met[n - 1] > 2 * _BESIDE]
    # Where characters touch a part of it, a line is as dark as it is elsewhere, not as they are.
    usual = float(np.median(_darkness(edge.at, edge.start, edge.end, gray, scale)))
    parts = [(first, last, _BESIDE, _LEAST) for first, last in pairwise(stops)]
    loose = [(edge.start, stops[0]), (stops[-1], edge.end)] if stops else [(edge.start, edge.end)]
    for first, last, inset, least in [*parts, *((first, last, 0.0, _LOOSE) for first, last in loose)]:
        if last - first >= least:
            dark = _darkness(edge.at, first + inset, last - inset, gray, scale)
            solid = _SOLID if last - first < _LOOSE else _NEARLY_SOLID
            if float(np.mean(dark > _GAP * min(usual, float(np.median(dark))))) >= solid:
                yield Edge(edge.at, first, last)


def _darkness(at: float, start: float, end: float, gray: Gray, scale: float) -> NDArray[np.float32]:
    """How dark a flat line is at each pixel of its length."""
    row, reach = round(at * scale), max(2, round(0.6 * scale))
    left = min(max(0, round(start * scale)), gray.shape[1] - 3)
    strip = gray[max(0, row - reach) : row + reach + 1, left : max(left + 3, round(end * scale))]
    smooth = cv2.blur(np.ascontiguousarray(strip), (3, 3))
    return np.asarray(255.0 - smooth.min(axis=0), dtype=np.float32)
