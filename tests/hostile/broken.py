"""Whole reports of every format that were cut short, or whose bits were turned, bytes taken out, doubled or exchanged."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator

import desk
from accuracy import cases

from .made import Hostile, zipped

EACH = 13  # broken files of every format


def whole() -> dict[str, bytes]:
    """A whole report in every format that is read."""
    made = {fmt: desk.report(desk.EAST, 2007, fmt=fmt) for fmt in ("txt", "html", "docx", "pdf")}
    makers = {"doc": cases.old_documents, "xlsx": cases.workbooks, "ofd": cases.fixed_pages}
    made |= {fmt: next(make(1)).data for fmt, make in makers.items()}
    return {fmt: undated(data) if data.startswith(b"PK") else data for fmt, data in made.items()}


def undated(data: bytes) -> bytes:
    """A package without the hour at which it was made."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped(*((info.filename, archive.read(info)) for info in archive.infolist()))


def files(seed: int) -> Iterator[Hostile]:
    for fmt, data in whole().items():
        for number in range(EACH):
            dice = random.Random(f"{seed}-{fmt}-{number}")
            harm = HARMS[number % len(HARMS)]
            name = f"{harm.__name__}{number}.{fmt}"
            yield Hostile(f"broken {fmt}", name, lambda d=data, h=harm, r=dice: h(d, r))


def cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(1, len(data))]


def flipped(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(max(1, len(data) // dice.choice((200, 2000, 20_000)))):
        changed[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def headless(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(4, 40)] + data[dice.randrange(40, 400) :]


def emptied(data: bytes, dice: random.Random) -> bytes:
    begin = dice.randrange(len(data) // 2)
    size = dice.randrange(1, len(data) // 3)
    return data[:begin] + bytes(size) + data[begin + size :]


def doubled(data: bytes, dice: random.Random) -> bytes:
    begin, end = sorted(dice.sample(range(len(data)), 2))
    return data[:end] + data[begin:end] * dice.randrange(1, 4) + data[end:]


def exchanged(data: bytes, dice: random.Random) -> bytes:
    one, two, three = sorted(dice.sample(range(len(data)), 3))
    return data[:one] + data[two:three] + data[one:two] + data[three:]


HARMS: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, flipped, headless, emptied, doubled, exchanged)
