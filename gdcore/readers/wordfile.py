"""The Word binary file ([MS-DOC]) behind its container: text by the piece table, and the properties that are put on it."""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from gdcore.errors import DamagedFile, EncryptedFile, UnsupportedFormat
from gdcore.readers import summary
from gdcore.readers.ole import DAMAGED, Container

MAX_PIECES: Final = 200_000
MAX_CHARS: Final = 5_000_000  # characters of the whole document

_PAGE = 512  # bytes of a formatted disk page
_WORD_97 = 0xA5EC  # wIdent
_FIRST_FIB = 0x00C1  # nFib of Word 97; earlier files are laid out in another way
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200  # flags at 0x0A
_TABLES_AT = 0x9A  # where the pairs (position, size) of the tables begin
_CHARS_AT = 0x4C  # ccpText, ccpFtn, ccpHdd, ccpMcr, ccpAtn, ccpEdn, ccpTxbx
_COMPRESSED = 0x40000000

# Which pair is which table.
STYLES, CHARACTERS, PARAGRAPHS, PIECES, SHAPES, BOXES, LISTS, LIST_USES = 1, 12, 13, 33, 40, 56, 73, 74

_PROPERTIES_ELSEWHERE = (0x6645, 0x6646, 0x646B)  # sprmPHugePapx, sprmPTableProps: a position in the data stream
_TABLE_DEFINITION, _TABS = 0xD608, 0xC615
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # bytes by spra; 6 says its own size
_NOT_PRINTED = {0x0800: "deleted", 0x083C: "hidden", 0x0806: "field data", 0x6A09: "symbol of another font"}
# Prm0: the few properties of a piece that matter here, by isprm.
_PIECE_PROPERTIES = {0x18: 0x2416, 0x19: 0x2417, 0x41: 0x0800, 0x5C: 0x083C}


class OldWordFile(Exception):
    """A Word file of before Word 97, which is laid out in another way."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start` to `end` of the document, stored from byte `offset` on with `width` bytes each."""

    start: int
    end: int
    offset: int
    width: int
    properties: bytes = b""


@dataclass(frozen=True, slots=True)
class Run:
    """Bytes `start` to `end` of the main stream that share `properties`; of paragraphs, in the style `style`."""

    start: int
    end: int
    properties: bytes
    style: int = 0


@dataclass(slots=True)
class WordFile:
    """`text` of all parts (one character for each UTF-16 unit), of which the first `main` are the document proper."""

    text: str
    main: int
    silent: bytearray  # 1 for each character that is not printed
    boxes: Mapping[int, Sequence[tuple[int, int]]]  # anchor → characters of the text boxes there; -1: anchor not known
    about: Mapping[str, str]  # title, creator, created …
    _pieces: Sequence[Piece]
    _paragraphs: Sequence[Run]
    _tables: _Tables
    _starts: list[int] = field(default_factory=list)
    _piece_starts: list[int] = field(default_factory=list)

    def table(self, number: int) -> bytes:
        """The bytes of one of the FIB's tables, and what follows it in its stream."""
        return self._tables.get(number, beyond=True)

    def size(self, number: int) -> int:
        """The size in bytes that the FIB gives one of its tables."""
        return len(self._tables.get(number))

    def paragraph(self, end: int) -> tuple[int, list[tuple[int, bytes]]]:
        """Style and properties of the paragraph whose mark is character `end`."""
        piece = self._pieces[bisect_right(self._piece_starts, end) - 1]
        byte = piece.offset + (end - piece.start) * piece.width
        n = bisect_right(self._starts, byte) - 1
        if n < 0 or byte >= self._paragraphs[n].end:
            return 0, list(sprms(piece.properties, self._tables.data))
        run = self._paragraphs[n]
        return run.style, [*sprms(run.properties, self._tables.data), *sprms(piece.properties, self._tables.data)]


@dataclass(frozen=True, slots=True)
class _Tables:
    """The streams, and where the FIB says that its tables are in the table stream."""

    main: bytes
    stream: bytes
    data: bytes

    def get(self, number: int, beyond: bool = False) -> bytes:
        count = struct.unpack_from("<H", self.main, _TABLES_AT - 2)[0]
        if number >= count:
            return b""
        start, size = struct.unpack_from("<II", self.main, _TABLES_AT + 8 * number)
        if start + size > len(self.stream):
            raise DamagedFile(DAMAGED)
        return self.stream[start:] if beyond and size else self.stream[start : start + size]


def read(data: bytes) -> WordFile:
    """The parts of a Word binary file.

    Raises EncryptedFile, OldWordFile, UnsupportedFormat for a container without such a file, DamagedFile for broken
    structures that are seen; struct.error and IndexError for those that are not.
    """
    container = Container(data)
    main = container.stream("WordDocument")
    if main is None:
        raise UnsupportedFormat("这不是 Word 或 WPS 文字文件，暂不能读取。")
    identity, fib = struct.unpack_from("<HH", main)
    flags = struct.unpack_from("<H", main, 0x0A)[0]
    if identity != _WORD_97 or fib < _FIRST_FIB:
        raise OldWordFile
    if flags & _ENCRYPTED:
        raise EncryptedFile("文件设有密码，无法打开。")
    table = container.stream("1Table" if flags & _TABLE_1 else "0Table")
    if table is None:
        raise DamagedFile(DAMAGED)
    about = summary.read(container.stream("\x05SummaryInformation") or b"")
    tables = _Tables(main, table, container.stream("Data") or b"")
    pieces = _pieces(tables)
    text = _text(main, pieces)
    silent = _silent(tables, pieces, len(text))
    runs = sorted(_runs(tables, PARAGRAPHS), key=lambda run: run.start)
    sizes = struct.unpack_from("<7i", main, _CHARS_AT)
    file = WordFile(text, min(max(sizes[0], 0), len(text)), silent, _boxes(tables, sizes), about, pieces, runs, tables)
    file._starts = [run.start for run in runs]
    file._piece_starts = [piece.start for piece in pieces]
    return file


# --- text -----------------------------------------------------------------------------------------------------------


def _pieces(tables: _Tables) -> list[Piece]:
    """The piece table (Clx): property lists (1), then the pieces (2)."""
    clx, at, lists = tables.get(PIECES), 0, []
    while clx[at] == 1:
        size = struct.unpack_from("<H", clx, at + 1)[0]
        lists.append(clx[at + 3 : at + 3 + size])
        at += 3 + size
    size = struct.unpack_from("<I", clx, at + 1)[0]
    count = (size - 4) // 12
    if clx[at] != 2 or not 0 < count <= MAX_PIECES:
        raise DamagedFile(DAMAGED)
    places = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
    if places[-1] > MAX_CHARS or any(b < a for a, b in pairwise(places)):
        raise DamagedFile(DAMAGED)
    pieces = []
    for n, (start, end) in enumerate(pairwise(places)):
        stored, prm = struct.unpack_from("<IH", clx, at + 5 + 4 * (count + 1) + 8 * n + 2)
        compressed = stored & _COMPRESSED
        offset = (stored & 0x3FFFFFFF) // (2 if compressed else 1)
        pieces.append(Piece(start, end, offset, 1 if compressed else 2, _piece_properties(prm, lists)))
    return pieces


def _piece_properties(prm: int, lists: Sequence[bytes]) -> bytes:
    """What a piece puts on its text: a property list by its number, or one property packed into 15 bits."""
    if prm & 1:
        return lists[prm >> 1] if prm >> 1 < len(lists) else b""
    code = _PIECE_PROPERTIES.get((prm >> 1) & 0x7F)
    return struct.pack("<HB", code, prm >> 8) if code else b""


def _text(main: bytes, pieces: Sequence[Piece]) -> str:
    """All characters; one for each UTF-16 unit, so that positions hold."""
    parts = []
    for piece in pieces:
        raw = main[piece.offset : piece.offset + (piece.end - piece.start) * piece.width]
        if len(raw) != (piece.end - piece.start) * piece.width:
            raise DamagedFile(DAMAGED)
        if piece.width == 1:
            parts.append(raw.decode("cp1252", "replace"))
        else:
            parts.append("".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw))))
    return "".join(parts)


def whole(text: str) -> str:
    """`text` with the halves of characters beyond U+FFFF put together."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


# --- properties -----------------------------------------------------------------------------------------------------


def sprms(properties: bytes, data: bytes = b"", nested: bool = False) -> Iterator[tuple[int, bytes]]:
    """Each single property modifier with its operand; those kept in the data stream are looked up there."""
    at = 0
    while at + 3 <= len(properties):
        code = int.from_bytes(properties[at : at + 2], "little")
        skip, size = _operand(code, properties, at + 2)
        operand = properties[at + 2 + skip : at + 2 + skip + size]
        at += 2 + skip + size
        if code not in _PROPERTIES_ELSEWHERE:
            yield code, operand
        elif not nested and len(operand) == 4:
            place = int.from_bytes(operand, "little")
            length = int.from_bytes(data[place : place + 2], "little")
            yield from sprms(data[place + 2 : place + 2 + length], nested=True)


def _operand(code: int, properties: bytes, at: int) -> tuple[int, int]:
    """How many bytes say the operand's size, and that size."""
    if code == _TABLE_DEFINITION:
        return 2, max(0, int.from_bytes(properties[at : at + 2], "little") - 1)
    spra = code >> 13
    if spra != 6:
        return 0, _OPERAND[spra]
    size = properties[at]
    if code == _TABS and size == 0xFF:
        deleted = properties[at + 1]
        added = properties[min(at + 2 + 4 * deleted, len(properties) - 1)]
        size = 2 + 4 * deleted + 3 * added
    return 1, size


def _runs(tables: _Tables, number: int) -> Iterator[Run]:
    """The runs of one of the two bin tables (PARAGRAPHS or CHARACTERS), page by page."""
    plc = tables.get(number)
    count = max(0, (len(plc) - 4) // 8)
    for page in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count else ():
        start = (page & 0x3FFFFF) * _PAGE
        fkp = tables.main[start : start + _PAGE]
        if len(fkp) < _PAGE:
            continue
        runs = fkp[-1]
        if 4 * (runs + 1) + runs > _PAGE:
            continue
        places = struct.unpack_from(f"<{runs + 1}I", fkp)
        for n, (first, last) in enumerate(pairwise(places)):
            entry = fkp[4 * (runs + 1) + n * (13 if number == PARAGRAPHS else 1)]
            yield Run(first, last, *(_papx(fkp, entry * 2) if number == PARAGRAPHS else (_chpx(fkp, entry * 2),)))


def _papx(fkp: bytes, at: int) -> tuple[bytes, int]:
    """Properties and style of a paragraph."""
    if not at:
        return b"", 0
    size = 2 * fkp[at] - 1
    if not fkp[at]:
        at += 1
        size = 2 * fkp[at]
    body = fkp[at + 1 : at + 1 + size]
    return body[2:], int.from_bytes(body[:2], "little")


def _chpx(fkp: bytes, at: int) -> bytes:
    return fkp[at + 1 : at + 1 + fkp[at]] if at else b""


def _silent(tables: _Tables, pieces: Sequence[Piece], length: int) -> bytearray:
    """Which characters are deleted, hidden, or stand for something else."""
    silent = bytearray(length)
    found = {run.start: run for run in _runs(tables, CHARACTERS) if _says_silent(run.properties)}
    starts = sorted(found)
    for piece in pieces:
        if _says_silent(piece.properties):
            silent[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
        stored_end = piece.offset + (piece.end - piece.start) * piece.width
        for start in starts[max(0, bisect_right(starts, piece.offset) - 1) : bisect_left(starts, stored_end)]:
            first, last = max(start, piece.offset), min(found[start].end, stored_end)
            if first < last:
                begin = piece.start + (first - piece.offset) // piece.width
                end = piece.start + (last - piece.offset + piece.width - 1) // piece.width
                silent[begin:end] = b"\1" * (end - begin)
    return silent


def _says_silent(properties: bytes) -> bool:
    said = {code: operand for code, operand in sprms(properties) if code in _NOT_PRINTED}
    return any(code == 0x6A09 or operand == b"\1" for code, operand in said.items())


# --- text boxes -----------------------------------------------------------------------------------------------------


def _boxes(tables: _Tables, sizes: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """The characters of each text box, under the character at which its shape is anchored."""
    anchors = dict(_anchors(tables.get(SHAPES)))
    plc, before, total = tables.get(BOXES), sum(sizes[:6]), sizes[6]
    count = max(0, (len(plc) - 4) // 26)
    places = struct.unpack_from(f"<{count + 1}I", plc) if count else ()
    found: dict[int, list[tuple[int, int]]] = {}
    for n, (start, end) in enumerate(pairwise(places)):
        reusable, shape = struct.unpack_from("<H4xi", plc, 4 * (count + 1) + 22 * n + 8)
        if not reusable and start < end <= total:
            found.setdefault(anchors.get(shape, -1), []).append((before + start, before + end))
    return found


def _anchors(plc: bytes) -> Iterator[tuple[int, int]]:
    """Shape → the character at which it is anchored."""
    count = max(0, (len(plc) - 4) // 30)
    for n in range(count):
        place = struct.unpack_from("<I", plc, 4 * n)[0]
        yield struct.unpack_from("<i", plc, 4 * (count + 1) + 26 * n)[0], place
