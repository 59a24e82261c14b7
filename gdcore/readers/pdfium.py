"""Pages of a PDF read by PDFium through its C interface: characters and strokes at several times pdfminer's speed.

PDFium may be used by one thread at a time: every call of this module holds `LOCK`, and so must whoever else in this
process uses pypdfium2 while files are read.
"""

from __future__ import annotations

import ctypes
import math
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, Self, cast

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import PdfDocument, PdfiumError, raw

from gdcore.errors import DamagedFile, EncryptedFile
from gdcore.leftover import Leftover
from gdcore.readers import residue, standin
from gdcore.readers.layout import MIDDLE, Box
from gdcore.readers.lines import Char
from gdcore.readers.sight import MAX_CHARS, MAX_PAGES, MAX_STROKES, SKEWED, THICK, TOO_LONG, TOO_MUCH, Sight

c: Any = raw  # made from the C headers, and so unknown to type checkers
LOCK: Final = threading.RLock()
MAX_DEPTH: Final = 12  # forms within forms
MAX_PIXELS: Final = 30_000_000  # of a rendered page
_LOCKED: Final = (c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY)
_INVISIBLE: Final = (c.FPDF_TEXTRENDERMODE_INVISIBLE, c.FPDF_TEXTRENDERMODE_CLIP)
_UNKNOWN: Final = (0, 0xFFFD, 0xFFFE, 0xFFFF)  # characters of which the file does not tell the meaning
SPACE: Final = 0.15  # of the size: the least gap that a space makes
UNLIKELY: Final = 3.0  # of the size: no character is so wide or high
_HALVES: Final = frozenset(range(0xD800, 0xE000))
_SINGLE, _DOUBLE = 4, 8  # bytes
_HYPHEN: Final = 2  # what PDFium makes of a hyphen at the end of a line


class _Quick:
    """PDFium's functions with plain addresses for their pointers: they are asked at every character and line.

    Half of what such a call costs goes into making pointer objects and into letting other threads run meanwhile.
    """

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = getattr(raw, name)
        kinds = (function.restype, *function.argtypes)
        plain = [ctypes.c_void_p if kind and issubclass(kind, _POINTER) else kind for kind in kinds]
        quick = ctypes.PYFUNCTYPE(*plain)(ctypes.cast(function, ctypes.c_void_p).value or 0)
        setattr(self, name, quick)
        return quick


_POINTER: Final = type(ctypes.pointer(ctypes.c_int())).__base__ or object
q: Final = _Quick()
_MOVE: Final = c.FPDF_SEGMENT_MOVETO
_TEXT, _IMAGE = c.FPDF_PAGEOBJ_TEXT, c.FPDF_PAGEOBJ_IMAGE
_PLACED: Final = (c.FPDF_PAGEOBJ_PATH, _IMAGE, c.FPDF_PAGEOBJ_FORM)  # by a matrix
_UNTURNED: Final = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Shown = Callable[[Any, Any], tuple[Any, Any]]  # of numbers, or of arrays of them


class CannotRead(Exception):
    """PDFium cannot open the file or the page; another library may."""


class File:
    """An open PDF. Raises EncryptedFile, DamagedFile (too many pages) and CannotRead."""

    def __init__(self, data: bytes) -> None:
        with LOCK:
            try:
                self._document = _opened(data)
            except PdfiumError as error:
                if getattr(error, "err_code", None) in _LOCKED:
                    raise EncryptedFile("PDF 设有密码，无法打开。") from error
                raise CannotRead from error
            self._data = data
            self._painted: Any = None  # the same once more, with the fonts of this machine; where pages are painted
            self.pages = len(self._document)
            self.notes = 0  # notes and marks of readers on the pages seen so far
        if self.pages > MAX_PAGES:
            self.close()
            raise DamagedFile(TOO_LONG)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Free what PDFium holds."""
        with LOCK:
            self._document.close()
            if self._painted is not None:
                self._painted.close()

    def metadata(self) -> dict[str, str]:
        """The document information that says something, and the notes on the pages seen so far."""
        with LOCK:
            found = self._document.get_metadata_dict()
        said = {name: value.strip("\0 ") for name, value in found.items() if value.strip("\0 ")}
        return said | ({str(Leftover.COMMENTS): str(self.notes)} if self.notes else {})

    def sight(self, number: int) -> Sight:
        """What the page with this number (from 1) shows."""
        with LOCK, standin.standing_in():
            page = _page(self._document, number)
            self.notes += residue.notes(page)
            try:
                return _sight(page, number)
            finally:
                page.close()

    def picture(self, number: int, shorter: int) -> NDArray[np.uint8]:
        """The page painted in greys, its shorter side of that many pixels, or fewer if it is very long."""
        with LOCK:
            if self._painted is None:
                self._painted = _opened(self._data)
            page = _page(self._painted, number)
            try:
                width, height = page.get_width(), page.get_height()
                scale = min(shorter / max(1.0, min(width, height)), math.sqrt(MAX_PIXELS / max(1.0, width * height)))
                bitmap = page.render(scale=scale, grayscale=True)
                pixels = np.array(bitmap.to_numpy(), dtype=np.uint8)
                bitmap.close()
            finally:
                page.close()
        return pixels.reshape(pixels.shape[:2])


def _opened(data: bytes) -> Any:
    return cast(Any, PdfDocument)(data)


def _page(document: Any, number: int) -> Any:
    try:
        return document[number - 1]
    except PdfiumError as error:
        raise CannotRead from error


def _sight(page: Any, number: int) -> Sight:
    """The page with its origin at the top left as it is shown: cropped and turned."""
    box = c.FS_RECTF()
    c.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
    turn = c.FPDFPage_GetRotation(page)
    shown = _shown(turn, box)
    width, height = box.right - box.left, box.top - box.bottom
    result = Sight(number, *((height, width) if turn % 2 else (width, height)))
    _paint(page, shown, result)
    _write(page, shown, turn, result)
    return result


def _shown(turn: int, box: Any) -> Shown:
    """Where a point of the page's own space is seen, or many of them; `turn` counts quarters clockwise."""
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    return (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )[turn % 4]


# --- characters -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    """What the characters of one text object have in common."""

    size: float
    upright: bool
    skewed: bool
    hidden: bool


_Found = tuple[int, int, _Run, bool]  # number and code of a character, its run, whether PDFium sees a space before it
_Placed = tuple[float, float, float, float, float]  # x0, top, x1, bottom, baseline


def _write(page: Any, shown: Shown, turn: int, result: Sight) -> None:
    loaded = c.FPDFText_LoadPage(page)
    if not loaded:
        raise CannotRead
    try:
        text = ctypes.addressof(loaded.contents)
        count = q.FPDFText_CountChars(text)
        if count > MAX_CHARS:
            raise DamagedFile(TOO_MUCH)
        _characters(text, count, shown, turn, result)
    finally:
        c.FPDFText_ClosePage(loaded)


def _characters(text: int, count: int, shown: Shown, turn: int, result: Sight) -> None:
    """The characters as PDFium finds them.

    It drops white space where a text object begins or ends, and makes up spaces where it sees gaps, also those that
    justified text has between Chinese and Latin characters; so of the latter only those between digits or letters count.
    """
    runs: dict[int, _Run] = {}
    origins, boxes = np.zeros((count, 2)), np.zeros((count, 4), np.float32)  # PDFium writes them by itself
    origin, box = origins.ctypes.data, boxes.ctypes.data
    found: list[_Found] = []
    spaced = False
    for n, code in _codes(text, count):
        if code in (10, 13) or (code == 32 and q.FPDFText_IsGenerated(text, n) == 1):
            spaced = code == 32
            continue
        key = q.FPDFText_GetTextObject(text, n) or -1 - n
        run = runs.get(key)
        if run is None:
            run = runs[key] = _run(text, n, turn)
        if run.skewed:
            continue
        q.FPDFText_GetCharOrigin(text, n, origin, origin + _DOUBLE)
        q.FPDFText_GetLooseCharBox(text, n, box)
        origin, box = origin + 2 * _DOUBLE, box + 4 * _SINGLE
        found.append((n, code, run, spaced))
        spaced = False
        if code in _UNKNOWN or q.FPDFText_HasUnicodeMapError(text, n) == 1:
            result.unmapped += 1
    if found:
        _keep(found, _placed(text, found, origins[: len(found)], boxes[: len(found)], shown), result)


def _keep(found: Sequence[_Found], places: Iterable[_Placed], result: Sight) -> None:
    """Put the characters with their places into the result, spaces between them where they stand apart."""
    last = None
    for (_, code, run, spaced), (x0, top, x1, bottom, baseline) in zip(found, places, strict=True):
        if not run.upright:
            baseline = (top + bottom) / 2 + MIDDLE * run.size
        known = 32 <= code < 0xD800 or 0xE000 <= code < 0x110000  # a half of a pair is no character
        printed = "-" if code == _HYPHEN else chr(code) if known else "\ufffd"
        char = Char(printed, x0, top, x1, bottom, baseline, run.size)
        into = result.hidden if run.hidden else result.chars
        if spaced and last is not None and _parted(last, char):
            into.append(replace(char, text=" ", x0=last.x1, x1=last.x1))
        into.append(char)
        last = char


def _placed(
    text: int, found: Sequence[_Found], origins: NDArray[np.float64], boxes: NDArray[np.float32], shown: Shown
) -> Iterator[_Placed]:
    """Where each character is seen: its box, as wide as it advances and as high as its font, and its baseline."""
    left, top, right, bottom = boxes.astype(np.float64).T  # in the order of FS_RECTF
    sizes = np.array([run.size for _, _, run, _ in found])
    for k in np.flatnonzero(np.maximum(right - left, top - bottom) > UNLIKELY * sizes).tolist():
        left[k], right[k], bottom[k], top[k] = _tight(text, found[k][0])
    (ax, ay), (bx, by) = shown(left, bottom), shown(right, top)
    edges = np.minimum(ax, bx), np.minimum(ay, by), np.maximum(ax, bx), np.maximum(ay, by)
    baselines = shown(*origins.T)[1]
    return zip(*(column.tolist() for column in (*edges, baselines)), strict=True)


def _tight(text: int, n: int) -> tuple[float, ...]:
    """The box of what a character paints: PDFium forgets to scale the other one in fonts that run down."""
    edges = [ctypes.c_double() for _ in range(4)]
    q.FPDFText_GetCharBox(text, n, *map(ctypes.byref, edges))
    return tuple(edge.value for edge in edges)


def _codes(text: int, count: int) -> Iterable[tuple[int, int]]:
    """Each character's number and code; one that PDFium gives as a pair of halves is one, under the first's number."""
    codes = [q.FPDFText_GetUnicode(text, n) for n in range(count)]
    return enumerate(codes) if _HALVES.isdisjoint(codes) else _paired(codes)


def _paired(codes: Sequence[int]) -> Iterator[tuple[int, int]]:
    high = None
    for n, code in enumerate(codes):
        if high is not None and 0xDC00 <= code < 0xE000:
            yield n - 1, 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
            high = None
            continue
        if high is not None:
            yield n - 1, high
        high = code if 0xD800 <= code < 0xDC00 else None
        if high is None:
            yield n, code
    if high is not None:
        yield len(codes) - 1, high


def _parted(left: Char, right: Char) -> bool:
    """Whether two digits or letters of a line stand apart by the width of a space."""
    if not (left.text.isascii() and right.text.isascii()):
        return False
    return abs(left.baseline - right.baseline) < 0.3 * right.size and right.x0 - left.x1 > SPACE * right.size


def _run(text: int, n: int, turn: int) -> _Run:
    """What the text object of the n-th character says."""
    thing = q.FPDFText_GetTextObject(text, n)
    matrix = c.FS_MATRIX()
    q.FPDFText_GetMatrix(text, n, ctypes.byref(matrix))
    across, up = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
    slant = min(abs(matrix.a), abs(matrix.b)) > SKEWED * max(abs(matrix.a), abs(matrix.b))
    upright = (abs(matrix.a) >= abs(matrix.b)) == (turn % 2 == 0)
    size = max(1.0, q.FPDFText_GetFontSize(text, n) * (up or across))
    hidden = bool(thing) and q.FPDFTextObj_GetTextRenderMode(thing) in _INVISIBLE
    return _Run(size, upright, slant, hidden)


# --- strokes and images ---------------------------------------------------------------------------------------------


def _paint(page: Any, shown: Shown, result: Sight) -> None:
    objects = (q.FPDFPage_GetObject(page, n) for n in range(q.FPDFPage_CountObjects(page)))
    for thing, kind, matrix in _flat(objects, _UNTURNED, 0):
        if kind == _TEXT:
            result.lost += _is_lost(thing)
            continue
        if kind == _IMAGE:
            corners = [shown(*_moved(matrix, x, y)) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            result.images.append((min(xs), min(ys), max(xs), max(ys)))
            continue
        stroked = _is_stroked(thing)
        for points in _subpaths(thing):
            result.drawn += len(points)
            if matrix != _UNTURNED:
                points = [_moved(matrix, x, y) for x, y in points]
            result.strokes += _strokes([shown(x, y) for x, y in points], stroked)
            if len(result.strokes) > MAX_STROKES:
                raise DamagedFile(TOO_MUCH)


def _is_lost(thing: int) -> bool:
    """Whether PDFium leaves out a text: one without any width, since the font, not in the file, lacks its glyph here.

    In fonts that are in the file such texts are spaces.
    """
    left, right, other = ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    q.FPDFPageObj_GetBounds(thing, *map(ctypes.byref, (left, other, right, other)))
    return right.value - left.value < 0.01 and q.FPDFFont_GetIsEmbedded(q.FPDFTextObj_GetFont(thing)) != 1


def _flat(objects: Iterator[int], outer: Matrix, depth: int) -> Iterator[tuple[int, int, Matrix]]:
    """Texts, paths and images with the matrix that puts them on the page, those within forms too."""
    own = c.FS_MATRIX()
    into = ctypes.byref(own)
    for thing in objects:
        kind = q.FPDFPageObj_GetType(thing)
        if kind == _TEXT:
            yield thing, kind, outer
            continue
        if kind not in _PLACED:
            continue
        q.FPDFPageObj_GetMatrix(thing, into)
        matrix = own.a, own.b, own.c, own.d, own.e, own.f
        if outer != _UNTURNED:
            matrix = _product(matrix, outer)
        if kind != c.FPDF_PAGEOBJ_FORM:
            yield thing, kind, matrix
        elif depth < MAX_DEPTH:
            inner = (q.FPDFFormObj_GetObject(thing, n) for n in range(q.FPDFFormObj_CountObjects(thing)))
            yield from _flat(inner, matrix, depth + 1)


def _product(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c_, d, e, f = inner
    x, y = _moved(outer, e, f)
    return (
        a * outer[0] + b * outer[2], a * outer[1] + b * outer[3],
        c_ * outer[0] + d * outer[2], c_ * outer[1] + d * outer[3], x, y,
    )  # fmt: skip


def _moved(matrix: Matrix, x: float, y: float) -> Point:
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


def _is_stroked(path: int) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    q.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(stroke.value)


def _subpaths(path: int) -> list[list[Point]]:
    """The corners of each part of a path; one that is closed ends where it begins."""
    parts: list[list[Point]] = []
    points: list[Point] = []
    point = (ctypes.c_float * 2)()
    into = ctypes.addressof(point)
    for n in range(q.FPDFPath_CountSegments(path)):
        segment = q.FPDFPath_GetPathSegment(path, n)
        if not points or q.FPDFPathSegment_GetType(segment) == _MOVE:
            points = []
            parts.append(points)
        q.FPDFPathSegment_GetPoint(segment, into, into + _SINGLE)
        points.append((point[0], point[1]))
        if len(points) > 1 and q.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
            points.append(points[0])
    return parts


def _strokes(points: Sequence[Point], stroked: bool) -> Iterator[Box]:
    """The box of each straight stroke; areas are strokes where they are thin, else where their outline is painted."""
    if len(points) > 2:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = min(xs), min(ys), max(xs), max(ys)
        if min(box[2] - box[0], box[3] - box[1]) <= THICK:
            yield box
            return
    if stroked:
        for (ax, ay), (bx, by) in pairwise(points):
            yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
