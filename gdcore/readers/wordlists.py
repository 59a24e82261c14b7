"""Styles and lists of a Word binary file: heading levels, and the numbers that are printed and not stored in the text."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from gdcore.readers.numbering import Level, Numbering, Standing
from gdcore.readers.wordfile import LIST_USES, LISTS, STYLES, WordFile, sprms

MAX_STYLES: Final = 5_000
MAX_LISTS: Final = 5_000
LEVELS: Final = 9

_IN_LIST, _LIST_LEVEL, _OUTLINE = 0x460B, 0x260A, 0x2640
_HEADINGS = range(1, LEVELS + 1)  # the styles that are headings 1 to 9 in every file
_BODY_TEXT = 9  # outline level of what is no heading
_NO_BASE = 0x0FFF
_LSTF, _LVLF, _LFO = 28, 28, 16  # bytes
# How numbers are written (MSONFC), as .docx files name it.
_FORMATS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "ideographDigital",
    11: "japaneseCounting", 14: "decimalFullWidth", 16: "japaneseLegal", 17: "japaneseDigitalTenThousand",
    18: "decimalEnclosedCircle", 19: "decimalFullWidth2", 22: "decimalZero", 23: "bullet",
    26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen", 28: "decimalEnclosedCircleChinese",
    30: "ideographTraditional", 33: "taiwaneseCounting", 34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand", 36: "taiwaneseDigital", 37: "chineseCounting", 38: "chineseLegalSimplified",
    39: "chineseCountingThousand", 255: "none",
}  # fmt: skip
_SUFFIXES = {0: "tab", 1: "space", 2: "nothing"}


def standing(properties: Iterable[tuple[int, bytes]]) -> Standing:
    """What these properties say by themselves; level 0 and list "0" take away what a style gives."""
    found = Standing()
    for code, operand in properties:
        if code == _IN_LIST and len(operand) == 2:
            # Negative: the same list, but the indents of the paragraph; -2047: numbers skipped.
            number = abs(int.from_bytes(operand, "little", signed=True))
            found = replace(found, list_id=str(number) if number < 2047 else "0")
        elif code == _LIST_LEVEL and operand:
            found = replace(found, list_level=min(operand[0], LEVELS - 1))
        elif code == _OUTLINE and operand:
            found = replace(found, level=operand[0] + 1 if operand[0] < _BODY_TEXT else 0)
    return found


def styles(file: WordFile) -> dict[int, Standing]:
    """What each paragraph style brings along, with the styles that it is based on."""
    sheet = file.table(STYLES)[: file.size(STYLES)]
    own = dict(_styles(sheet)) if sheet else {}
    return {number: _inherited(number, own) for number in own}


def _inherited(number: int, own: Mapping[int, tuple[int, Standing]]) -> Standing:
    found, seen = Standing(), set[int]()
    while number in own and number not in seen:
        seen.add(number)
        base, says = own[number]
        found = found.under(says)
        number = base
    return found


def _styles(sheet: bytes) -> Iterator[tuple[int, tuple[int, Standing]]]:
    """Number → (number of its base, what it says itself) of each paragraph style."""
    header, count, fixed = struct.unpack_from("<HHH", sheet)
    at = 2 + header
    for number in range(min(count, MAX_STYLES)):
        if at + 2 > len(sheet):
            return
        size = int.from_bytes(sheet[at : at + 2], "little")
        body = sheet[at + 2 : at + 2 + size]
        at += 2 + size + size % 2
        if len(body) < fixed + 2:
            continue
        kind = int.from_bytes(body[2:4], "little")
        if kind & 0xF != 1:
            continue
        name_end = fixed + 2 + 2 * int.from_bytes(body[fixed : fixed + 2], "little") + 2
        length = int.from_bytes(body[name_end : name_end + 2], "little")
        says = standing(sprms(body[name_end + 4 : name_end + 2 + length]))
        if says.level is None and number in _HEADINGS:
            says = replace(says, level=number)
        yield number, (kind >> 4 if kind >> 4 != _NO_BASE else -1, says)


def lists(file: WordFile) -> Numbering:
    """The lists, under the numbers by which paragraphs name them."""
    if not file.size(LISTS) or not file.size(LIST_USES):
        return Numbering()
    defined = _definitions(file.table(LISTS))
    used: dict[str, str] = {}
    levels: dict[str, dict[int, Level]] = {}
    restarts: dict[tuple[str, int], int] = {}
    uses = file.table(LIST_USES)
    count = min(int.from_bytes(uses[:4], "little"), MAX_LISTS)
    at = 4 + _LFO * count
    for n in range(count):
        list_id, overridden = struct.unpack_from("<i8xB", uses, 4 + _LFO * n)
        number = str(n + 1)
        used[number] = str(list_id)
        levels[number] = dict(defined.get(list_id, {}))
        at += 4
        for _ in range(overridden):
            start, flags = struct.unpack_from("<iI", uses, at)
            level, at = flags & 0xF, at + 8
            if flags & 0x20:
                levels[number][level], at = _level(uses, at)
            if flags & 0x10:
                restarts[number, level] = levels[number][level].start if flags & 0x20 else max(start, 0)
    return Numbering(used, levels, restarts)


def _definitions(table: bytes) -> dict[int, dict[int, Level]]:
    """List → its levels; the levels of all lists follow the list of lists."""
    count = min(int.from_bytes(table[:2], "little"), MAX_LISTS)
    at = 2 + _LSTF * count
    found: dict[int, dict[int, Level]] = {}
    for n in range(count):
        list_id = struct.unpack_from("<i", table, 2 + _LSTF * n)[0]
        simple = table[2 + _LSTF * n + 26] & 1
        found[list_id] = {}
        for level in range(1 if simple else LEVELS):
            found[list_id][level], at = _level(table, at)
    return found


def _level(table: bytes, at: int) -> tuple[Level, int]:
    """A level, and where the next one begins. In its text, the characters 0 to 8 stand for the numbers of the levels."""
    start, kind, flags, suffix, characters, paragraph = struct.unpack_from("<iBB9xB8xBB", table, at)
    at += _LVLF + characters + paragraph
    length = struct.unpack_from("<H", table, at)[0]
    raw = table[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    text = "".join(f"%{ord(char) + 1}" if ord(char) < LEVELS else char for char in raw)
    how = Level(_FORMATS.get(kind, "decimal"), text, max(start, 0), bool(flags & 4), _SUFFIXES.get(suffix, "tab"))
    return how, at + 2 + 2 * length
