"""Pages of a PDF read by PDFium through its C interface: characters and strokes at several times pdfminer's speed.

PDFium may be used by one thread at a time: every call of this module holds `LOCK`, and so must whoever else in this
process uses pypdfium2 while files are read.
"""

from __future__ import annotations

import ctypes
import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, Self, cast

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import PdfDocument, PdfiumError, raw

from gdcore.errors import DamagedFile, EncryptedFile
from gdcore.leftover import Leftover
from gdcore.readers import residue
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
_UNTURNED: Final = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


class CannotRead(Exception):
    """PDFium cannot open the file or the page; another library may."""


class File:
    """An open PDF. Raises EncryptedFile, DamagedFile (too many pages) and CannotRead."""

    def __init__(self, data: bytes) -> None:
        with LOCK:
            try:
                self._document: Any = cast(Any, PdfDocument)(data)
            except PdfiumError as error:
                if getattr(error, "err_code", None) in _LOCKED:
                    raise EncryptedFile("PDF 设有密码，无法打开。") from error
                raise CannotRead from error
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

    def metadata(self) -> dict[str, str]:
        """The document information that says something, and the notes on the pages seen so far."""
        with LOCK:
            found = self._document.get_metadata_dict()
        said = {name: value.strip("\0 ") for name, value in found.items() if value.strip("\0 ")}
        return said | ({str(Leftover.COMMENTS): str(self.notes)} if self.notes else {})

    def sight(self, number: int) -> Sight:
        """What the page with this number (from 1) shows."""
        with LOCK:
            page = self._page(number)
            self.notes += residue.notes(page)
            try:
                return _sight(page, number)
            finally:
                page.close()

    def picture(self, number: int, shorter: int) -> NDArray[np.uint8]:
        """The page painted in greys, its shorter side of that many pixels, or fewer if it is very long."""
        with LOCK:
            page = self._page(number)
            try:
                width, height = page.get_width(), page.get_height()
                scale = min(shorter / max(1.0, min(width, height)), math.sqrt(MAX_PIXELS / max(1.0, width * height)))
                bitmap = page.render(scale=scale, grayscale=True)
                pixels = np.array(bitmap.to_numpy(), dtype=np.uint8)
                bitmap.close()
            finally:
                page.close()
        return pixels.reshape(pixels.shape[:2])

    def _page(self, number: int) -> Any:
        try:
            return self._document[number - 1]
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


def _shown(turn: int, box: Any) -> Callable[[float, float], Point]:
    """Where a point of the page's own space is seen; `turn` counts quarters clockwise."""
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


def _write(page: Any, shown: Callable[[float, float], Point], turn: int, result: Sight) -> None:
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


def _characters(text: int, count: int, shown: Callable[[float, float], Point], turn: int, result: Sight) -> None:
    """The characters as PDFium finds them.

    It drops white space where a text object begins or ends, and makes up spaces where it sees gaps, also those that
    justified text has between Chinese and Latin characters; so of the latter only those between digits or letters count.
    """
    runs: dict[int, _Run] = {}
    x, y, box = ctypes.c_double(), ctypes.c_double(), c.FS_RECTF()
    into_x, into_y, into_box = ctypes.byref(x), ctypes.byref(y), ctypes.byref(box)
    spaced, last = False, None
    for n, code in _codes(text, count):
        if code in (10, 13) or (code == 32 and q.FPDFText_IsGenerated(text, n) == 1):
            spaced = code == 32
            continue
        run = _run(text, n, turn, runs)
        if run.skewed:
            continue
        q.FPDFText_GetCharOrigin(text, n, into_x, into_y)
        q.FPDFText_GetLooseCharBox(text, n, into_box)
        char = _char(code, _ends(text, n, box, run.size, shown), shown(x.value, y.value)[1], run)
        into = result.hidden if run.hidden else result.chars
        if spaced and last is not None and _parted(last, char):
            into.append(replace(char, text=" ", x0=last.x1, x1=last.x1))
        into.append(char)
        spaced, last = False, char
        if code in _UNKNOWN or q.FPDFText_HasUnicodeMapError(text, n) == 1:
            result.unmapped += 1


def _codes(text: int, count: int) -> Iterator[tuple[int, int]]:
    """Each character's number and code; one that PDFium gives as a pair of halves is one, under the first's number."""
    high = None
    for n in range(count):
        code = q.FPDFText_GetUnicode(text, n)
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
        yield count - 1, high


def _parted(left: Char, right: Char) -> bool:
    """Whether two digits or letters of a line stand apart by the width of a space."""
    if not (left.text.isascii() and right.text.isascii()):
        return False
    return abs(left.baseline - right.baseline) < 0.3 * right.size and right.x0 - left.x1 > SPACE * right.size


def _ends(text: int, n: int, box: Any, size: float, shown: Callable[[float, float], Point]) -> tuple[Point, Point]:
    """Two corners of the box of a character: as wide as it advances, as high as its font."""
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    if max(right - left, top - bottom) > UNLIKELY * size:  # PDFium forgets to scale the box in fonts that run down
        edges = [ctypes.c_double() for _ in range(4)]
        q.FPDFText_GetCharBox(text, n, *map(ctypes.byref, edges))
        left, right, bottom, top = (edge.value for edge in edges)
    return shown(left, bottom), shown(right, top)


def _char(code: int, ends: tuple[Point, Point], baseline: float, run: _Run) -> Char:
    (ax, ay), (bx, by) = ends
    x0, top, x1, bottom = min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
    if not run.upright:
        baseline = (top + bottom) / 2 + MIDDLE * run.size
    known = 32 <= code < 0xD800 or 0xE000 <= code < 0x110000  # a half of a pair is no character
    printed = "-" if code == _HYPHEN else chr(code) if known else "\ufffd"
    return Char(printed, x0, top, x1, bottom, baseline, run.size)


def _run(text: int, n: int, turn: int, runs: dict[int, _Run]) -> _Run:
    """What the text object of the n-th character says, looked up once for each object."""
    thing = q.FPDFText_GetTextObject(text, n)
    key = thing or -1 - n
    if key not in runs:
        matrix = c.FS_MATRIX()
        q.FPDFText_GetMatrix(text, n, ctypes.byref(matrix))
        across, up = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
        slant = min(abs(matrix.a), abs(matrix.b)) > SKEWED * max(abs(matrix.a), abs(matrix.b))
        upright = (abs(matrix.a) >= abs(matrix.b)) == (turn % 2 == 0)
        size = max(1.0, q.FPDFText_GetFontSize(text, n) * (up or across))
        hidden = bool(thing) and q.FPDFTextObj_GetTextRenderMode(thing) in _INVISIBLE
        runs[key] = _Run(size, upright, slant, hidden)
    return runs[key]


# --- strokes and images ---------------------------------------------------------------------------------------------


def _paint(page: Any, shown: Callable[[float, float], Point], result: Sight) -> None:
    objects = ((q.FPDFPage_GetObject(page, n), _UNTURNED) for n in range(q.FPDFPage_CountObjects(page)))
    for thing, kind, matrix in _flat(objects, 0):
        if kind == c.FPDF_PAGEOBJ_TEXT:
            result.lost += _is_lost(thing)
            continue
        if kind == c.FPDF_PAGEOBJ_IMAGE:
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


def _flat(objects: Iterator[tuple[int, Matrix]], depth: int) -> Iterator[tuple[int, int, Matrix]]:
    """Texts, paths and images with the matrix that puts them on the page, those within forms too."""
    own = c.FS_MATRIX()
    for thing, outer in objects:
        kind = q.FPDFPageObj_GetType(thing)
        if kind == c.FPDF_PAGEOBJ_TEXT:
            yield thing, kind, outer
            continue
        if kind not in (c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE, c.FPDF_PAGEOBJ_FORM):
            continue
        q.FPDFPageObj_GetMatrix(thing, ctypes.byref(own))
        matrix = own.a, own.b, own.c, own.d, own.e, own.f
        if outer != _UNTURNED:
            matrix = _product(matrix, outer)
        if kind != c.FPDF_PAGEOBJ_FORM:
            yield thing, kind, matrix
        elif depth < MAX_DEPTH:
            inner = ((q.FPDFFormObj_GetObject(thing, n), matrix) for n in range(q.FPDFFormObj_CountObjects(thing)))
            yield from _flat(inner, depth + 1)


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


def _subpaths(path: int) -> Iterator[list[Point]]:
    """The corners of each part of a path; one that is closed ends where it begins."""
    points: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    into_x, into_y = ctypes.byref(x), ctypes.byref(y)
    for n in range(q.FPDFPath_CountSegments(path)):
        segment = q.FPDFPath_GetPathSegment(path, n)
        if q.FPDFPathSegment_GetType(segment) == c.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        q.FPDFPathSegment_GetPoint(segment, into_x, into_y)
        points.append((x.value, y.value))
        if q.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
            points.append(points[0])
    if points:
        yield points


def _strokes(points: list[Point], stroked: bool) -> Iterator[Box]:
    """The box of each straight stroke; areas are strokes where they are thin, else where their outline is painted."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    box = min(xs), min(ys), max(xs), max(ys)
    if len(points) > 2 and min(box[2] - box[0], box[3] - box[1]) <= THICK:
        yield box
    elif stroked:
        for (ax, ay), (bx, by) in pairwise(points):
            yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
