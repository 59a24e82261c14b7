"""Pages of a PDF read by PDFium through its C interface: characters and strokes at several times pdfminer's speed.

PDFium may be used by one thread at a time: every call of this module holds `LOCK`, and so must whoever else in this
process uses pypdfium2 while files are read.
"""

from __future__ import annotations

import ctypes
import math
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, repeat
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
_HYPHEN: Final = 2  # what PDFium makes of a hyphen at the end of a line


class _Handle(ctypes.c_void_p):
    """An address as PDFium's functions give and take them; false where there is nothing."""

    __slots__ = ()


class _Quick:
    """PDFium's functions without checks of what they are given: they are asked at every character and line.

    Three quarters of what such a call costs goes into checks, into pointer objects, and into letting other threads run meanwhile.
    Addresses must be handles or made by `byref`: of a plain number half would arrive.
    """

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = getattr(raw, name)
        given = _Handle if issubclass(function.restype, _POINTER) else function.restype
        quick = ctypes.PYFUNCTYPE(given)(ctypes.cast(function, ctypes.c_void_p).value or 0)
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


def _of_each(ask: Callable[..., Any], whole: _Handle, numbers: Iterable[int]) -> Iterator[Any]:
    """What PDFium says of each of these parts of a page, text or path."""
    return map(ask, repeat(whole), numbers)


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
    _paint(_Handle(ctypes.addressof(page.raw.contents)), shown, result)
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
    """What the characters of one text object have in common, and their numbers."""

    size: float
    upright: bool
    skewed: bool
    hidden: bool
    numbers: list[int] = field(default_factory=list)


_Found = tuple[int, int, _Run, bool]  # number and code of a character, its run, whether PDFium sees a space before it


def _write(page: Any, shown: Shown, turn: int, result: Sight) -> None:
    loaded = c.FPDFText_LoadPage(page)
    if not loaded:
        raise CannotRead
    try:
        text = _Handle(ctypes.addressof(loaded.contents))
        count = q.FPDFText_CountChars(text)
        if count > MAX_CHARS:
            raise DamagedFile(TOO_MUCH)
        _characters(text, count, shown, turn, result)
    finally:
        c.FPDFText_ClosePage(loaded)


def _characters(text: _Handle, count: int, shown: Shown, turn: int, result: Sight) -> None:
    """The characters as PDFium finds them.

    It drops white space where a text object begins or ends, and makes up spaces where it sees gaps, also those that
    justified text has between Chinese and Latin characters; so of the latter only those between digits or letters count.
    """
    runs: dict[int, _Run] = {}
    things = list(_of_each(q.FPDFText_GetTextObject, text, range(count)))
    found: list[_Found] = []
    spaced = False
    for n, code in _codes(text, count):
        if code in (10, 13) or (code == 32 and q.FPDFText_IsGenerated(text, n) == 1):
            spaced = code == 32
            continue
        key = things[n].value or -1 - n
        run = runs.get(key)
        if run is None:
            run = runs[key] = _run(text, n, things[n], turn)
        if run.skewed:
            continue
        run.numbers.append(n)
        found.append((n, code, run, spaced))
        spaced = False
    if found:
        errors = _of_each(q.FPDFText_HasUnicodeMapError, text, [n for n, _, _, _ in found])
        result.unmapped += sum(
            code in _UNKNOWN or error == 1 for (_, code, _, _), error in zip(found, errors, strict=True)
        )
        _keep(found, _chars(text, found, runs.values(), shown), result)


def _keep(found: Sequence[_Found], chars: Iterable[Char], result: Sight) -> None:
    """Put the characters into the result, spaces between them where they stand apart."""
    last = None
    for (_, _, run, spaced), char in zip(found, chars, strict=True):
        into = result.hidden if run.hidden else result.chars
        if spaced and last is not None and _parted(last, char):
            into.append(replace(char, text=" ", x0=last.x1, x1=last.x1))
        into.append(char)
        last = char


def _chars(text: _Handle, found: Sequence[_Found], runs: Iterable[_Run], shown: Shown) -> Iterator[Char]:
    """The characters where they are seen: their boxes, as wide as they advance and as high as their fonts, and their baselines."""
    numbers = [n for n, _, _, _ in found]
    sizes, turned = [run.size for _, _, run, _ in found], [not run.upright for _, _, run, _ in found]
    boxes = np.zeros((len(found), 4), np.float32)  # PDFium writes them by itself, in the order of FS_RECTF
    into = map(_Handle, range(boxes.ctypes.data, boxes.ctypes.data + boxes.nbytes, boxes.strides[0]))
    deque(map(q.FPDFText_GetLooseCharBox, repeat(text), numbers, into), maxlen=0)
    left, top, right, bottom = boxes.astype(np.float64).T
    for k in np.flatnonzero(np.maximum(right - left, top - bottom) > UNLIKELY * np.array(sizes)).tolist():
        left[k], right[k], bottom[k], top[k] = _tight(text, numbers[k])
    (ax, ay), (bx, by) = shown(left, bottom), shown(right, top)
    x0, y0, x1, y1 = np.minimum(ax, bx), np.minimum(ay, by), np.maximum(ax, bx), np.maximum(ay, by)
    on_lines = _baselines(text, runs, shown)
    baselines = np.where(turned, (y0 + y1) / 2 + MIDDLE * np.array(sizes), [on_lines[n] for n in numbers])
    columns = (column.tolist() for column in (x0, y0, x1, y1, baselines))
    return map(Char, (_printed(code) for _, code, _, _ in found), *columns, sizes)


def _baselines(text: _Handle, runs: Iterable[_Run], shown: Shown) -> dict[int, float]:
    """Where each character stands; those of a text object stand alike where the last one stands as the first one does."""
    point = ctypes.c_double(), ctypes.c_double()
    x, y = map(ctypes.byref, point)

    def seen(n: int) -> float:
        q.FPDFText_GetCharOrigin(text, n, x, y)
        return float(shown(point[0].value, point[1].value)[1])

    found: dict[int, float] = {}
    for numbers in (run.numbers for run in runs if run.numbers):
        first = seen(numbers[0])
        alike = len(numbers) == 1 or seen(numbers[-1]) == first
        found.update(dict.fromkeys(numbers, first) if alike else {n: seen(n) for n in numbers})
    return found


def _printed(code: int) -> str:
    if code == _HYPHEN:
        return "-"
    known = 32 <= code < 0xD800 or 0xE000 <= code < 0x110000  # a half of a pair is no character
    return chr(code) if known else "\ufffd"


def _tight(text: _Handle, n: int) -> tuple[float, ...]:
    """The box of what a character paints: PDFium forgets to scale the other one in fonts that run down."""
    edges = [ctypes.c_double() for _ in range(4)]
    q.FPDFText_GetCharBox(text, n, *map(ctypes.byref, edges))
    return tuple(edge.value for edge in edges)


def _codes(text: _Handle, count: int) -> Iterable[tuple[int, int]]:
    """Each character's number and code; one that PDFium gives as a pair of halves is one, under the first's number."""
    codes = list(_of_each(q.FPDFText_GetUnicode, text, range(count)))
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


def _run(text: _Handle, n: int, thing: _Handle, turn: int) -> _Run:
    """What the text object of the n-th character says."""
    matrix = c.FS_MATRIX()
    q.FPDFText_GetMatrix(text, n, ctypes.byref(matrix))
    across, up = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
    slant = min(abs(matrix.a), abs(matrix.b)) > SKEWED * max(abs(matrix.a), abs(matrix.b))
    upright = (abs(matrix.a) >= abs(matrix.b)) == (turn % 2 == 0)
    size = max(1.0, q.FPDFText_GetFontSize(text, n) * (up or across))
    hidden = bool(thing) and q.FPDFTextObj_GetTextRenderMode(thing) in _INVISIBLE
    return _Run(size, upright, slant, hidden)


# --- strokes and images ---------------------------------------------------------------------------------------------


def _paint(page: _Handle, shown: Shown, result: Sight) -> None:
    objects = _of_each(q.FPDFPage_GetObject, page, range(q.FPDFPage_CountObjects(page)))
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


def _is_lost(thing: _Handle) -> bool:
    """Whether PDFium leaves out a text: one without any width, since the font, not in the file, lacks its glyph here.

    In fonts that are in the file such texts are spaces.
    """
    left, right, other = ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    q.FPDFPageObj_GetBounds(thing, *map(ctypes.byref, (left, other, right, other)))
    return right.value - left.value < 0.01 and q.FPDFFont_GetIsEmbedded(q.FPDFTextObj_GetFont(thing)) != 1


def _flat(objects: Iterator[_Handle], outer: Matrix, depth: int) -> Iterator[tuple[_Handle, int, Matrix]]:
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
            inner = _of_each(q.FPDFFormObj_GetObject, thing, range(q.FPDFFormObj_CountObjects(thing)))
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


def _is_stroked(path: _Handle) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    q.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(stroke.value)


def _subpaths(path: _Handle) -> list[list[Point]]:
    """The corners of each part of a path; one that is closed ends where it begins."""
    parts: list[list[Point]] = []
    points: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    into = ctypes.byref(x), ctypes.byref(y)
    for segment in _of_each(q.FPDFPath_GetPathSegment, path, range(q.FPDFPath_CountSegments(path))):
        if not points or q.FPDFPathSegment_GetType(segment) == _MOVE:
            points = []
            parts.append(points)
        q.FPDFPathSegment_GetPoint(segment, *into)
        points.append((x.value, y.value))
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
