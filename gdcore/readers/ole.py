"""OLE compound files ([MS-CFB]): the streams beside the root, each read within bounds."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Final

from gdcore.errors import DamagedFile

MAX_STREAM: Final = 100 * 1024 * 1024  # bytes of one stream
MAX_ENTRIES: Final = 20_000  # streams and storages

DAMAGED: Final = "Word 文件已损坏或没有传完整，无法打开。"
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAYOUTS = {(3, 9, 6): 512, (4, 12, 6): 4096}  # version, shift of sectors and of small ones → bytes of a sector
_SMALL = 64  # bytes of a small sector
_LAST = 0xFFFFFFFA  # numbers from here on end a chain or mark a sector
_IN_HEADER = 109  # sectors of the allocation table that the header itself lists
_ENTRY = 128  # bytes of an entry of the directory
_STREAM, _ROOT = 2, 5


class Container:
    """The streams of an OLE file by name; raises DamagedFile wherever a chain of sectors does not hold."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(_MAGIC):
            raise DamagedFile(DAMAGED)
        version, _, *shifts = struct.unpack_from("<HHHH", data, 26)
        size = _LAYOUTS.get((version, *shifts))
        if size is None:
            raise DamagedFile(DAMAGED)
        self._size = size
        self._data = data + bytes(-len(data) % size)
        self._sectors = len(self._data) // size - 1
        directory, self._small_below, small = struct.unpack_from("<I4xII", data, 48)
        self._table = self._numbers(b"".join(map(self._sector, self._table_sectors())))
        self._small_table = self._numbers(self._chain(small))
        self._entries = self._chain(directory)
        if len(self._entries) > MAX_ENTRIES * _ENTRY or not self._entries or self._entries[66] != _ROOT:
            raise DamagedFile(DAMAGED)
        self._small = self._content(0) if struct.unpack_from("<I", self._entries, 120)[0] else b""
        self._streams = dict(self._beside_root())

    def stream(self, name: str) -> bytes | None:
        """The bytes of the stream of that name, None when there is none."""
        entry = self._streams.get(name.lower())
        return None if entry is None else self._content(entry)

    def _numbers(self, raw: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

    def _sector(self, number: int) -> bytes:
        if number >= self._sectors:
            raise DamagedFile(DAMAGED)
        return self._data[(number + 1) * self._size : (number + 2) * self._size]

    def _table_sectors(self) -> Iterator[int]:
        """The sectors of the allocation table, listed in the header and in sectors that lead from one to the next."""
        count, following = struct.unpack_from("<I", self._data, 44)[0], struct.unpack_from("<I", self._data, 68)[0]
        listed = list(struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76))
        seen: set[int] = set()
        while following < _LAST and following not in seen:
            seen.add(following)
            *more, following = self._numbers(self._sector(following))
            listed += more
        used = [number for number in listed if number < _LAST]
        if count > self._sectors or len(used) < count:
            raise DamagedFile(DAMAGED)
        yield from used[:count]

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in self._follow(start, self._table))

    def _follow(self, start: int, table: Sequence[int]) -> Iterator[int]:
        """The numbers that lead on from `start`; no chain is longer than the table."""
        for _ in range(len(table) + 1):
            if start >= _LAST:
                return
            if start >= len(table):
                raise DamagedFile(DAMAGED)
            yield start
            start = table[start]
        raise DamagedFile(DAMAGED)

    def _content(self, entry: int) -> bytes:
        """The bytes of a stream; those of the root are where short streams are kept."""
        start, size = struct.unpack_from("<II", self._entries, entry * _ENTRY + 116)
        if size > MAX_STREAM:
            raise DamagedFile("Word 文件展开后过大，无法读取。")
        if entry and size < self._small_below:
            found = b"".join(self._small[n * _SMALL : (n + 1) * _SMALL] for n in self._follow(start, self._small_table))
        else:
            found = self._chain(start)
        if len(found) < size:
            raise DamagedFile(DAMAGED)
        return found[:size]

    def _beside_root(self) -> Iterator[tuple[str, int]]:
        """Name → number of each stream that stands in no storage; what is embedded stands in one."""
        waiting, seen = [struct.unpack_from("<I", self._entries, 76)[0]], set[int]()
        while waiting:
            number = waiting.pop()
            at = number * _ENTRY
            if number in seen or at + _ENTRY > len(self._entries):
                continue
            seen.add(number)
            length, kind, left, right = struct.unpack_from("<HBxII", self._entries, at + 64)
            waiting += [left, right]
            if kind == _STREAM and 2 <= length <= 64:
                yield self._entries[at : at + length - 2].decode("utf-16-le", "replace").lower(), number
