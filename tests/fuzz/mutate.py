"""Mutations that get past a container: those of bytes spoil a ZIP before any reader has seen what is in it."""

from __future__ import annotations

import copy
import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence

from lxml import etree

Bytes = Callable[[bytes, int], bytes]  # libFuzzer's own: bytes, and how many there may be
Mutator = Callable[[bytes, int, int], bytes]  # the same with a seed

UNPACKED = 300_000  # bytes of all parts that are packed anew
RAW = 8  # one mutation in so many is of the bytes themselves
TOKENS = re.compile(rb"<[^<>]*>|[^<>\r\n\t,|]+|[\r\n\t,|]+")
NUMBERS = (
    "", "0", "1", "-1", "00", "2", "7", "63", "255", "65536", "2147483648", "-2147483649", "99999999999999999999", "1e9", "1e400", "-1e400",
    "nan", "inf", "-inf", "0.5", ".", "-", "1 2", "1 2 3 4", "0 0 0 0", "A1", "A0", "XFD1048577", "ZZZZZ9", "A1:", "A1:XFD1048576", "B2:A1",
    "%", "true", "\u0661", "\u00b2", "\u4e00", "\u2460", "\uff11", "\u5341", "\ufffd", "  ", "x" * 300, "9" * 5000, "9" * 400, "#", "&",
)  # fmt: skip


def lines(own: Bytes, words: Sequence[bytes]) -> Mutator:
    """For texts, tables and pages: tokens are taken out, doubled, moved, or exchanged for others that seeds have."""

    def mutate(data: bytes, size: int, seed: int) -> bytes:
        dice = random.Random(seed)
        if dice.randrange(RAW) == 0:
            return own(data, size)
        tokens = TOKENS.findall(data)
        for _ in range(dice.choice((1, 1, 2, 4))):
            _changed(tokens, dice, words)
        return b"".join(tokens)[:size]

    return mutate


def _changed(tokens: list[bytes], dice: random.Random, words: Sequence[bytes]) -> None:
    at = dice.randrange(len(tokens) + 1)
    end = min(len(tokens), at + dice.choice((1, 1, 1, 3, 12)))
    match dice.randrange(6):
        case 0:
            del tokens[at:end]
        case 1:
            tokens[at:at] = tokens[at:end] * dice.choice((1, 1, 2, 30))
        case 2:
            taken = tokens[at:end]
            del tokens[at:end]
            there = dice.randrange(len(tokens) + 1)
            tokens[there:there] = taken
        case 3:
            tokens[at:end] = [dice.choice(words)]
        case 4:
            tokens[at:at] = [dice.choice(words)]
        case _:
            tokens[at:end] = [dice.choice(NUMBERS).encode()]


def packed(own: Bytes, words: Sequence[tuple[str, str, str]]) -> Mutator:
    """For packages: one part is changed as XML, and all are packed anew; `words` are element, attribute and value."""

    def mutate(data: bytes, size: int, seed: int) -> bytes:
        dice = random.Random(seed)
        parts = unpacked(data)
        if not parts or dice.randrange(RAW * 2) == 0:
            return own(data, size)
        names = [name for name in parts if name.endswith((".xml", ".rels"))] or list(parts)
        name = dice.choice(names)
        content = parts[name]
        for _ in range(dice.choice((1, 1, 2, 5))):
            content = _tree_changed(content, dice, words) if dice.randrange(RAW) else own(content, len(content) + 64)
        parts[name] = content
        made = pack(parts)
        return made if len(made) <= size else data

    return mutate


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of a package; none when they are broken, or too much to be packed anew."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > UNPACKED:
                return {}
            return {info.filename: archive.read(info) for info in archive.infolist()}
    except Exception:
        return {}


def pack(parts: dict[str, bytes]) -> bytes:
    """The parts as a ZIP that is not compressed: what is alike in two files stays alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def _tree_changed(content: bytes, dice: random.Random, words: Sequence[tuple[str, str, str]]) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return content
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    one, other = dice.choice(elements), dice.choice(elements)
    try:
        _element_changed(one, other, dice, words)
    except ValueError:  # a name or a value that XML cannot hold, an element put into itself
        return content
    return etree.tostring(root, encoding="utf-8")


def _element_changed(
    one: etree._Element, other: etree._Element, dice: random.Random, words: Sequence[tuple[str, str, str]]
) -> None:
    above = one.getparent()
    tag, name, value = dice.choice(words)
    match dice.randrange(8):
        case 0 if above is not None:
            above.remove(one)
        case 1 if above is not None:
            for _ in range(dice.choice((1, 1, 3, 40))):
                above.insert(dice.randrange(len(above) + 1), copy.deepcopy(one))
        case 2 if above is not None and one not in list(other.iterancestors()) and one is not other:
            other.insert(dice.randrange(len(other) + 1), one)
        case 3:
            one.text = dice.choice((*NUMBERS, value))
        case 4 if one.attrib:
            one.set(dice.choice(list(one.attrib)), dice.choice((*NUMBERS, value)))
        case 5 if one.attrib:
            del one.attrib[dice.choice(list(one.attrib))]
        case 6:
            one.tag = tag
        case _:
            made = etree.SubElement(one, tag) if dice.randrange(2) else one
            if name:
                made.set(name, dice.choice((value, dice.choice(NUMBERS))))


def words_of(seeds: Sequence[bytes]) -> list[tuple[str, str, str]]:
    """Element, attribute and value of all that stands in the parts of these packages."""
    found: dict[tuple[str, str, str], None] = {("x", "", ""): None}
    for content in (part for data in seeds for part in unpacked(data).values()):
        try:
            root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        except (etree.XMLSyntaxError, ValueError):
            continue
        for each in (each for each in root.iter() if isinstance(each.tag, str)):
            found[each.tag, "", ""] = None
            found |= {(each.tag, str(name), str(value)[:40]): None for name, value in each.attrib.items()}
    return list(found)


def tokens_of(seeds: Sequence[bytes]) -> list[bytes]:
    """All tokens of these texts."""
    return list(dict.fromkeys(token for data in seeds for token in TOKENS.findall(data) if len(token) < 200))


def in_place(own: Bytes) -> Mutator:
    """For files in which everything has its place: bytes and numbers are overwritten where they stand."""

    def mutate(data: bytes, size: int, seed: int) -> bytes:
        dice = random.Random(seed)
        if not data or dice.randrange(RAW) == 0:
            return own(data, size)
        made = bytearray(data)
        told = [at for at, byte in enumerate(data) if byte] or [0]
        for _ in range(dice.choice((1, 1, 2, 4, 10))):
            at = dice.choice(told) if dice.randrange(4) else dice.randrange(len(data))
            width = dice.choice((1, 1, 2, 4))
            if dice.randrange(3):
                value = dice.choice(
                    (0, 1, 2, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFF, 0x8000, 0xFFFFFFFF, 0xFFFFFFFE, 0x7FFFFFFF)
                )
            else:
                value = int.from_bytes(data[at : at + width], "little") + dice.choice((-64, -2, -1, 1, 2, 64))
            made[at : at + width] = (value % (1 << 8 * width)).to_bytes(width, "little")
        return bytes(made[:size])

    return mutate


def members(own: Bytes, names: Sequence[str]) -> Mutator:
    """For archives: members are doubled, renamed, flagged or put into one another, or the bytes change."""

    def mutate(data: bytes, size: int, seed: int) -> bytes:
        dice = random.Random(seed)
        parts = unpacked(data)
        if not parts or dice.randrange(2):
            return (in_place(own) if dice.randrange(2) else lambda d, s, _: own(d, s))(data, size, seed)
        listed = list(parts.items())
        at = dice.randrange(len(listed))
        name, content = listed[at]
        match dice.randrange(4):
            case 0:
                listed[at] = (own(name.encode("utf-8", "replace"), 60).decode("utf-8", "replace"), content)
            case 1:
                listed[at] = (dice.choice(names), content)
            case 2:
                listed.append((f"{name}.zip", data))
            case _:
                del listed[at]
        made = pack(dict(listed))
        return made if len(made) <= size else data

    return mutate
