"""A font in place of those that a PDF names and does not hold, for pages that are read and not painted.

PDFium takes the box of every character from its outline, several times. The outlines of a Chinese font of this machine take longer
than all else it does, and where there is no such font it leaves texts out. What is read rests on neither: the file says what a
character means and how far it advances. Boxes come out as high as those of a usual font, and alike on every machine.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pypdfium2

raw: Any = pypdfium2.raw  # without types, as the next
_Machine: Any = pypdfium2.PdfSysfontBase
_EM: Final = 1000  # units
_ASCENT, _DESCENT = 1151, -286  # units, of Noto Serif CJK: for fonts of which the file does not tell their own
_Box = tuple[int, int, int, int]  # left, bottom, right, top; units
_SIGN: Final[_Box] = (50, 0, 230, 740)
_LETTER: Final[_Box] = (50, 0, 510, 740)
_IDEOGRAPH: Final[_Box] = (40, -80, 960, 854)
_GLYPHS: Final = (_IDEOGRAPH, None, _SIGN, _LETTER, _IDEOGRAPH)  # the first is for what a font does not have
_BLANK, _SIGNS, _LETTERS, _OTHERS = 1, 2, 3, 4  # their indices
_SPACES: Final = (0x20, 0xA0, *range(0x2000, 0x200C), 0x3000)
_LAST: Final = 0x10FFFF  # character
_WHOLE: Final = 0  # what PDFium asks for where it wants the file and no single table
_NAME: Final = b"Stand-in\0"
_CJK: Final = frozenset(
    (raw.FXFONT_GB2312_CHARSET, raw.FXFONT_CHINESEBIG5_CHARSET, raw.FXFONT_SHIFTJIS_CHARSET, raw.FXFONT_HANGEUL_CHARSET)
)


def _font() -> bytes:
    """A TrueType file of rectangles."""
    count, outlines = len(_GLYPHS), [_outline(box) if box else b"" for box in _GLYPHS]
    starts = [sum(map(len, outlines[:n])) for n in range(count + 1)]
    tables = {
        b"cmap": _characters(),
        b"glyf": b"".join(outlines),
        b"head": struct.pack(">4I2H2q4h2H3h", 0x10000, 0, 0, 0x5F0F3CF5, 0, _EM, 0, 0, *_IDEOGRAPH, 0, 8, 2, 1, 0),
        b"hhea": struct.pack(">I3hH11hH", 0x10000, _ASCENT, _DESCENT, 0, _EM, 0, 0, _EM, 1, *[0] * 7, count),
        b"hmtx": b"".join(struct.pack(">Hh", _EM, box[0] if box else 0) for box in _GLYPHS),
        b"loca": struct.pack(f">{count + 1}I", *starts),
        b"maxp": struct.pack(">I14H", 0x10000, count, 4, 1, 0, 0, 1, *[0] * 8),
    }
    place = 12 + 16 * len(tables)
    listed = struct.pack(">I4H", 0x10000, len(tables), 64, 2, 16 * len(tables) - 64)
    for tag, table in tables.items():
        listed += struct.pack(">4s3I", tag, 0, place, len(table))
        place += len(table)
    return listed + b"".join(tables.values())


def _outline(box: _Box) -> bytes:
    left, bottom, right, top = box
    wide, high = right - left, top - bottom
    return struct.pack(">5h2H4B8h", 1, *box, 3, 0, 1, 1, 1, 1, left, wide, 0, -wide, bottom, 0, high, 0)


def _characters() -> bytes:
    """The glyph of each character, in the kind of table (13) in which many characters share one."""
    glyphs = {code: _LETTERS if chr(code).isalnum() else _SIGNS for code in range(0x21, 0x7F)}
    glyphs |= dict.fromkeys(_SPACES, _BLANK)
    groups, start = [], 0
    for code, glyph in sorted(glyphs.items()):
        if start < code:
            groups.append((start, code - 1, _OTHERS))
        groups.append((code, code, glyph))
        start = code + 1
    groups.append((start, _LAST, _OTHERS))
    packed = b"".join(struct.pack(">3I", *group) for group in groups)
    return struct.pack(">4HI2H3I", 0, 1, 3, 10, 12, 13, 0, 16 + len(packed), 0, len(groups)) + packed


class _Fonts(_Machine):  # type: ignore[misc]
    """The fonts of this machine, and the one made here for Chinese, Japanese and Korean ones while it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.standing_in = False
        self._file = ctypes.create_string_buffer(_font())
        self._size = len(self._file) - 1  # without the zero byte that ends it
        self._own = ctypes.addressof(self._file)  # as handle: no other font has it

    def MapFont(self, this: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> Any:
        if self.standing_in and charset in _CJK:
            return self._own
        return super().MapFont(this, weight, italic, charset, pitch, face, exact)

    def GetFontData(self, this: Any, font: int, table: int, buffer: Any, size: int) -> int:
        if font != self._own:
            return int(super().GetFontData(this, font, table, buffer, size))
        if table != _WHOLE:
            return 0
        if size >= self._size:
            ctypes.memmove(buffer, self._file, self._size)
        return self._size

    def GetFaceName(self, this: Any, font: int, buffer: Any, size: int) -> int:
        if font != self._own:
            return int(super().GetFaceName(this, font, buffer, size))
        if size >= len(_NAME):
            ctypes.memmove(buffer, _NAME, len(_NAME))
        return len(_NAME)

    def DeleteFont(self, this: Any, font: int) -> None:
        if font != self._own:
            super().DeleteFont(this, font)


_fonts: Final = _Fonts()
_fonts.setup()


@contextmanager
def standing_in() -> Iterator[None]:
    """Pages opened meanwhile have the font made here; whoever asks holds PDFium's lock."""
    _fonts.standing_in = True
    try:
        yield
    finally:
        _fonts.standing_in = False
