"""Pages of a PDF read by PDFium through its C interface: characters and strokes at several times pdfminer's speed.

PDFium may be used by one thread at a time: every call of this module holds `LOCK`, and so must whoever else in this
process uses pypdfium2 while files are read.
"""

from __future__ import annotations

import ctypes
import math
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import compress, repeat
from operator import not_
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
_UNKNOWN: Final = range(0xFFFD, 0x10000)  # and 0: characters of which the file does not tell the meaning
SPACE: Final = 0.15  # of the size: the least gap that a space makes
TOGETHER: Final = 10_000  # corners of paths from which strokes are told; fewer take longer, more take memory
UNLIKELY: Final = 3.0  # of the size: no character is so wide or high
_OMITTED: Final = 0xFFFE  # what the text of a page has for those characters of which it does not give the codes
_HYPHEN: Final = 2  # what PDFium makes of a hyphen at the end of a line


class _Quick:
    """PDFium's functions without checks of what they are given: they are asked at every character and line.

    Three quarters of what such a call costs goes into checks, into pointer objects, and into letting other threads run meanwhile.
    Addresses are given back as numbers, 0 where there is nothing. To be taken they must be handles, made by `_handle` or
    `byref`: of a plain number half would arrive.
    """

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = getattr(raw, name)
        given = ctypes.c_size_t if issubclass(function.restype, _POINTER) else function.restype
        quick = ctypes.PYFUNCTYPE(given)(ctypes.cast(function, ctypes.c_void_p).value or 0)
        setattr(self, name, quick)
        return quick


_handle: Final[Callable[[int], Any]] = ctypes.c_void_p.from_param
_POINTER: Final = type(ctypes.pointer(ctypes.c_int())).__base__ or object
q: Final = _Quick()
_MOVE: Final = c.FPDF_SEGMENT_MOVETO
_TEXT, _IMAGE = c.FPDF_PAGEOBJ_TEXT, c.FPDF_PAGEOBJ_IMAGE
_PLACED: Final = (c.FPDF_PAGEOBJ_PATH, _IMAGE, c.FPDF_PAGEOBJ_FORM)  # by a matrix
_SIX: Final = struct.Struct("6f")  # of a matrix
_UNTURNED: Final = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_Handle = Any  # what stands for an address in calls; of ctypes, which has no type for it
Matrix = tuple[float, float, float, float, float, float]
_Path = tuple[_Handle, Matrix, int]  # a path, what puts it on the page, of how many corners it is
Shown = Callable[[Any, Any], tuple[Any, Any]]  # of numbers, or of arrays of them


def _of_each(ask: Callable[..., Any], whole: _Handle, numbers: Iterable[int]) -> Iterator[Any]:
    """What PDFium says of each of these parts of a page, text or path."""
    return map(ask, repeat(whole), numbers)


def _rows(table: NDArray[Any], column: int = 0) -> Iterator[Any]:
    """Where each row of a table lies in memory from this column on, for PDFium to write there."""
    start = int(table.ctypes.data) + column * table.itemsize
    return map(_handle, range(start, start + table.nbytes, table.shape[1] * table.itemsize))


def _write_each(ask: Callable[..., Any], *given: Iterable[Any]) -> None:
    deque(map(ask, *given), maxlen=0)


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
    _paint(_handle(ctypes.addressof(page.raw.contents)), shown, result)
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
class _Runs:
    """What the characters of each of many text objects have in common; no baseline (NaN) where they do not stand alike."""

    sizes: NDArray[np.float64]
    upright: NDArray[np.bool_]
    skewed: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    baselines: NDArray[np.float64]

    def of(self, which: NDArray[np.intp]) -> _Runs:
        """Those at these places, as often as they are named."""
        return _Runs(*(getattr(self, column.name)[which] for column in fields(self)))


def _write(page: Any, shown: Shown, turn: int, result: Sight) -> None:
    loaded = c.FPDFText_LoadPage(page)
    if not loaded:
        raise CannotRead
    try:
        text = _handle(ctypes.addressof(loaded.contents))
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
    numbers, codes = _codes(text, count)
    made_up = codes == 32
    made_up[made_up] = [q.FPDFText_IsGenerated(text, n) == 1 for n in numbers[made_up].tolist()]
    found = ~(made_up | (codes == 10) | (codes == 13))
    if not found.any():
        return
    runs, which = _runs(text, numbers[found], shown, turn)
    straight = np.ones(len(codes), np.bool_)
    straight[found] = ~runs.skewed[which]
    spaced = np.append(False, made_up[straight])[:-1][found[straight]]
    which, found = which[straight[found]], found & straight
    numbers, codes = numbers[found], codes[found]
    errors = np.fromiter(_of_each(q.FPDFText_HasUnicodeMapError, text, numbers.tolist()), np.int32)
    unknown = (codes == 0) | ((codes >= _UNKNOWN.start) & (codes < _UNKNOWN.stop))
    result.unmapped += int((unknown | (errors == 1)).sum())
    _keep(list(_chars(text, numbers, codes, runs.of(which), shown)), runs.hidden[which], spaced, result)


def _keep(chars: list[Char], hidden: NDArray[np.bool_], spaced: NDArray[np.bool_], result: Sight) -> None:
    """Put the characters into the result, spaces between them where they stand apart."""
    unseen = hidden.tolist()
    for k in reversed(np.flatnonzero(spaced).tolist()):
        if k and _parted(chars[k - 1], chars[k]):
            end = chars[k - 1].x1
            chars.insert(k, chars[k]._replace(text=" ", x0=end, x1=end))
            unseen.insert(k, unseen[k])
    result.chars += compress(chars, map(not_, unseen))
    result.hidden += compress(chars, unseen)


def _chars(
    text: _Handle, numbers: NDArray[np.int64], codes: NDArray[np.int64], runs: _Runs, shown: Shown
) -> Iterator[Char]:
    """The characters where they are seen: their boxes, as wide as they advance and as high as their fonts, and their baselines.

    `runs` has for each of them what it has from its text object.
    """
    boxes = np.zeros((len(numbers), 4), np.float32)  # PDFium writes them by itself, in the order of FS_RECTF
    _write_each(q.FPDFText_GetLooseCharBox, repeat(text), numbers.tolist(), _rows(boxes))
    left, top, right, bottom = boxes.astype(np.float64).T
    for k in np.flatnonzero(np.maximum(right - left, top - bottom) > UNLIKELY * runs.sizes).tolist():
        left[k], right[k], bottom[k], top[k] = _tight(text, int(numbers[k]))
    (ax, ay), (bx, by) = shown(left, bottom), shown(right, top)
    x0, y0, x1, y1 = np.minimum(ax, bx), np.minimum(ay, by), np.maximum(ax, bx), np.maximum(ay, by)
    apart = np.isnan(runs.baselines)
    runs.baselines[apart] = _baselines(text, numbers[apart], shown)
    baselines = np.where(runs.upright, runs.baselines, (y0 + y1) / 2 + MIDDLE * runs.sizes)
    columns = (column.tolist() for column in (x0, y0, x1, y1, baselines, runs.sizes))
    return map(Char._make, zip(map(chr, _printed(codes).tolist()), *columns, repeat(1.0)))


def _baselines(text: _Handle, numbers: NDArray[np.int64], shown: Shown) -> NDArray[np.float64]:
    """Where the characters with these numbers stand."""
    points = np.zeros((len(numbers), 2), np.float64)
    _write_each(q.FPDFText_GetCharOrigin, repeat(text), numbers.tolist(), _rows(points), _rows(points, 1))
    return cast("NDArray[np.float64]", shown(*points.T)[1])


def _printed(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The characters that are printed for these codes; a half of a pair is none."""
    known = ((codes >= 32) & (codes < 0xD800)) | ((codes >= 0xE000) & (codes < 0x110000))
    return np.where(codes == _HYPHEN, ord("-"), np.where(known, codes, 0xFFFD))


def _tight(text: _Handle, n: int) -> tuple[float, ...]:
    """The box of what a character paints: PDFium forgets to scale the other one in fonts that run down."""
    edges = [ctypes.c_double() for _ in range(4)]
    q.FPDFText_GetCharBox(text, n, *map(ctypes.byref, edges))
    return tuple(edge.value for edge in edges)


def _codes(text: _Handle, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers and codes of the characters; one that PDFium gives as a pair of halves is one, under the first's number."""
    written = np.zeros(2 * count + 2, np.uint16)
    length = q.FPDFText_GetText(text, 0, count, _handle(written.ctypes.data)) - 1  # without the zero that ends it
    codes = written[:count].astype(np.int64)
    apart = codes == _OMITTED if length == count else np.ones(count, np.bool_)  # text of fewer, whichever these are
    codes[apart] = list(_of_each(q.FPDFText_GetUnicode, text, np.flatnonzero(apart).tolist()))
    if not (codes >> 11 == 0xD800 >> 11).any():
        return np.arange(count), codes
    numbers, paired = zip(*_paired(codes.tolist()), strict=True)
    return np.array(numbers), np.array(paired)


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


def _runs(text: _Handle, numbers: NDArray[np.int64], shown: Shown, turn: int) -> tuple[_Runs, NDArray[np.intp]]:
    """The text objects of these characters, and which of them each belongs to."""
    things = np.fromiter(_of_each(q.FPDFText_GetTextObject, text, numbers.tolist()), np.int64)
    keys = np.where(things, things, -1 - numbers)
    objects, first, which = np.unique(keys, return_index=True, return_inverse=True)
    last = np.zeros_like(first)
    last[which] = np.arange(len(which))
    begins, ends = numbers[first], numbers[last]
    matrices = np.zeros((len(begins), 6), np.float32)
    _write_each(q.FPDFText_GetMatrix, repeat(text), begins.tolist(), _rows(matrices))
    a, b, c_, d, _, _ = np.abs(matrices.astype(np.float64)).T
    across, up = (
        np.array(list(map(math.hypot, *sides))) for sides in ((a.tolist(), b.tolist()), (c_.tolist(), d.tolist()))
    )
    sizes = np.fromiter(_of_each(q.FPDFText_GetFontSize, text, begins.tolist()), np.float64) * np.where(up, up, across)
    hidden = [key > 0 and q.FPDFTextObj_GetTextRenderMode(_handle(key)) in _INVISIBLE for key in objects.tolist()]
    baselines, others = _baselines(text, begins, shown), _baselines(text, ends, shown)
    found = _Runs(
        np.fmax(1.0, sizes),
        (a >= b) == (turn % 2 == 0),
        np.minimum(a, b) > SKEWED * np.maximum(a, b),
        np.array(hidden),
        np.where(baselines == others, baselines, np.nan),
    )
    return found, which


# --- strokes and images ---------------------------------------------------------------------------------------------


def _paint(page: _Handle, shown: Shown, result: Sight) -> None:
    objects = _of_each(q.FPDFPage_GetObject, page, range(q.FPDFPage_CountObjects(page)))
    texts: list[_Handle] = []
    paths: list[_Path] = []
    corners = 0
    for thing, kind, matrix in _flat(objects, _UNTURNED, 0):
        if kind == _TEXT:
            texts.append(thing)
        elif kind == _IMAGE:
            xs, ys = zip(*(shown(*_moved(matrix, x, y)) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))), strict=True)
            result.images.append((min(xs), min(ys), max(xs), max(ys)))
        else:
            length = q.FPDFPath_CountSegments(thing)
            paths.append((thing, matrix, length))
            corners += length
            if corners > TOGETHER:
                _draw(paths, shown, result)
                paths, corners = [], 0
    if corners:
        _draw(paths, shown, result)
    result.lost += _lost(texts)


def _lost(texts: Sequence[_Handle]) -> int:
    """How many texts PDFium leaves out: those without any width, since the font, not in the file, lacks their glyphs here.

    In fonts that are in the file such texts are spaces.
    """
    bounds = np.zeros((len(texts), 4), np.float32)  # left, bottom, right, top
    _write_each(q.FPDFPageObj_GetBounds, texts, *(_rows(bounds, edge) for edge in range(4)))
    left, _, right, _ = bounds.astype(np.float64).T
    empty = np.flatnonzero(right - left < 0.01).tolist()
    return sum(q.FPDFFont_GetIsEmbedded(_handle(q.FPDFTextObj_GetFont(texts[k]))) != 1 for k in empty)


def _flat(objects: Iterable[int], outer: Matrix, depth: int) -> Iterator[tuple[_Handle, int, Matrix]]:
    """Texts, paths and images with the matrix that puts them on the page, those within forms too."""
    own = c.FS_MATRIX()
    into = ctypes.byref(own)
    for thing in map(_handle, objects):
        kind = q.FPDFPageObj_GetType(thing)
        if kind == _TEXT:
            yield thing, kind, outer
            continue
        if kind not in _PLACED:
            continue
        q.FPDFPageObj_GetMatrix(thing, into)
        matrix: Matrix = _SIX.unpack(own)
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


def _moved(matrix: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """Where a matrix puts a point; many of them, each with a matrix of its own, as columns."""
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


def _draw(paths: Sequence[_Path], shown: Shown, result: Sight) -> None:
    """Add the strokes of these paths, all of them at once; a part of a path that is closed ends where it begins."""
    things, matrices, lengths = zip(*paths, strict=True)
    owner = np.repeat(np.arange(len(paths)), lengths)
    ask = q.FPDFPath_GetPathSegment
    segments = [_handle(ask(thing, k)) for thing, _, length in paths for k in range(length)]
    x, y = _points(segments, matrices, owner)
    begins = np.fromiter(map(q.FPDFPathSegment_GetType, segments), np.int32) == _MOVE
    begins |= np.diff(owner, prepend=-1) > 0
    first = np.flatnonzero(begins)[np.cumsum(begins) - 1]
    back = np.fromiter(map(q.FPDFPathSegment_GetClose, segments), np.int32) != 0
    back &= ~begins & ((x != x[first]) | (y != y[first]))
    if back.any():
        after = np.flatnonzero(back) + 1
        x, y = np.insert(x, after, x[first[back]]), np.insert(y, after, y[first[back]])
        begins, owner = np.insert(begins, after, False), np.insert(owner, after, owner[back])
    result.drawn += len(x)
    result.strokes += _strokes(*shown(x, y), begins, _are_stroked(things)[owner])
    if len(result.strokes) > MAX_STROKES:
        raise DamagedFile(TOO_MUCH)


def _points(segments: Sequence[_Handle], matrices: Sequence[Matrix], owner: NDArray[np.intp]) -> tuple[Any, Any]:
    """Where the corners are on the page; `owner` tells whose matrix puts each there."""
    points = np.zeros((len(segments), 2), np.float32)
    _write_each(q.FPDFPathSegment_GetPoint, segments, _rows(points), _rows(points, 1))
    x, y = points.astype(np.float64).T
    known: dict[Matrix, int] = {}  # a page has many paths and few ways to place them
    which = [known.setdefault(matrix, len(known)) for matrix in matrices]
    if list(known) == [_UNTURNED]:
        return x, y
    return _moved(np.array(list(known))[np.array(which)[owner]].T, x, y)


def _are_stroked(paths: Sequence[_Handle]) -> NDArray[np.bool_]:
    modes = np.zeros((len(paths), 2), np.int32)  # how it is filled, whether its outline is painted
    _write_each(q.FPDFPath_GetDrawMode, paths, _rows(modes), _rows(modes, 1))
    return np.asarray(modes[:, 1] != 0)


def _strokes(x: Any, y: Any, begins: NDArray[np.bool_], stroked: NDArray[np.bool_]) -> Iterator[Box]:
    """The box of each straight stroke; areas are strokes where they are thin, else where their outline is painted.

    The corners of all parts follow each other; each tells whether a part begins there, and whether its path is stroked.
    """
    starts = np.flatnonzero(begins)
    thin = np.diff(starts, append=len(x)) > 2
    areas = np.zeros((4, len(starts)))
    if thin.any():  # else all are lines
        areas = np.array([edge.reduceat(at, starts) for edge, at in _edges_of(x, y)])
        thin &= np.minimum(areas[2] - areas[0], areas[3] - areas[1]) <= THICK
    drawn = stroked[1:] & ~begins[1:] & ~thin[np.cumsum(begins[1:])]
    lines = np.array([edge(at[:-1][drawn], at[1:][drawn]) for edge, at in _edges_of(x, y)])
    return zip(*np.concatenate((areas[:, thin], lines), axis=1).tolist(), strict=True)


def _edges_of(x: Any, y: Any) -> tuple[tuple[np.ufunc, Any], ...]:
    """How each edge of a box comes from the corners in it."""
    return (np.minimum, x), (np.minimum, y), (np.maximum, x), (np.maximum, y)
