"""Word 97 files for tests, built from paragraphs and their properties: [MS-DOC] in an OLE container, no more than needed."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

TEXT_AT, PAGE = 0x800, 512
IN_TABLE, ROW_END = struct.pack("<HB", 0x2416, 1), struct.pack("<HB", 0x2417, 1)
FIRST, MERGED, GOES_ON, RESTARTS = 1, 2, 0x20, 0x60  # flags of a cell; 0x60 = merged downwards, beginning here


@dataclass
class Doc:
    """`paragraphs` are (text with its mark, properties, style); `runs` (first, end, properties of characters)."""

    paragraphs: list[tuple[str, bytes, int]] = field(default_factory=list)
    runs: list[tuple[int, int, bytes]] = field(default_factory=list)
    data: bytes = b""
    tables: dict[int, bytes] = field(default_factory=dict)  # FIB's number → bytes
    flags: int = 0
    identity: int = 0xA5EC
    compressed: bool = False

    def text(self, text: str, properties: bytes = b"", style: int = 0, mark: str = "\r") -> None:
        self.paragraphs.append((text + mark, properties, style))

    def row(
        self,
        cells: Sequence[str],
        edges: Sequence[int],
        flags: Sequence[int] = (),
        extra: bytes = b"",
        elsewhere: bool = False,
    ) -> None:
        """A table row; `elsewhere` keeps its definition in the data stream, as Word does with long ones."""
        for cell in cells:
            self.text(cell, IN_TABLE, mark="\x07")
        definition = bytes([len(edges) - 1]) + struct.pack(f"<{len(edges)}h", *edges)
        definition += b"".join(struct.pack("<H18x", flag) for flag in flags)
        properties = IN_TABLE + ROW_END + struct.pack("<HH", 0xD608, len(definition) + 1) + definition + extra
        if elsewhere:
            place = len(self.data)
            self.data += struct.pack("<H", len(properties)) + properties
            properties = struct.pack("<HI", 0x6646, place)
        self.text("", properties, mark="\x07")

    def bytes(self) -> bytes:
        text = "".join(paragraph for paragraph, _, _ in self.paragraphs)
        wide = 1 if self.compressed else 2
        stored = text.encode("cp1252" if self.compressed else "utf-16-le")
        main = bytearray(TEXT_AT) + stored
        main += bytes(-len(main) % PAGE)
        plc_papx = self._pages(main, wide)
        plc_chpx = self._characters(main, wide, len(stored) // wide)
        piece = TEXT_AT * 2 | 0x40000000 if self.compressed else TEXT_AT
        plc = struct.pack("<II", 0, len(stored) // wide) + struct.pack("<HIH", 0, piece, 0)
        clx = b"\x02" + struct.pack("<I", len(plc)) + plc
        table, pairs = bytearray(4), bytearray(8 * 93)
        for number, content in {**self.tables, 12: plc_chpx, 13: plc_papx, 33: clx}.items():
            struct.pack_into("<II", pairs, 8 * number, len(table), len(content))
            table += content
        struct.pack_into("<HHHHHH", main, 0, self.identity, 0xC1, 0, 0, 0, self.flags | 0x0200)
        struct.pack_into("<HH", main, 32, 14, 0)
        struct.pack_into("<I", main, 0x4C, len(stored) // wide)
        struct.pack_into("<H", main, 0x98, 93)
        main[0x9A : 0x9A + len(pairs)] = pairs
        return container({"WordDocument": bytes(main), "1Table": bytes(table), "Data": self.data})

    def _pages(self, main: bytearray, wide: int) -> bytes:
        """A formatted page for each paragraph; their bin table."""
        bounds, pages, at = [TEXT_AT], [], TEXT_AT
        for text, properties, style in self.paragraphs:
            following = at + wide * len(text.encode("utf-16-le")) // 2
            page, body = bytearray(PAGE), struct.pack("<H", style) + properties
            struct.pack_into("<II", page, 0, at, following)
            body += bytes(1 - len(body) % 2)  # the size is stored as 2n-1
            start = (PAGE - 2 - len(body)) // 2 * 2
            page[8], page[511] = start // 2, 1
            page[start], page[start + 1 : start + 1 + len(body)] = (len(body) + 1) // 2, body
            pages.append(len(main) // PAGE)
            main += page
            bounds.append(following)
            at = following
        return struct.pack(f"<{len(bounds)}I", *bounds) + struct.pack(f"<{len(pages)}I", *pages)

    def _characters(self, main: bytearray, wide: int, total: int) -> bytes:
        """One formatted page for the character runs, and its bin table."""
        if not self.runs:
            return b""
        page, at = bytearray(PAGE), 400
        bounds = [TEXT_AT + wide * run[0] for run in self.runs] + [TEXT_AT + wide * self.runs[-1][1]]
        struct.pack_into(f"<{len(bounds)}I", page, 0, *bounds)
        for n, (_, _, properties) in enumerate(self.runs):
            if properties:
                page[4 * len(bounds) + n] = at // 2
                page[at] = len(properties)
                page[at + 1 : at + 1 + len(properties)] = properties
                at += (len(properties) + 2) // 2 * 2
        page[511] = len(self.runs)
        number = len(main) // PAGE
        main += page
        return struct.pack("<III", TEXT_AT, TEXT_AT + wide * total, number)


def container(streams: Mapping[str, bytes]) -> bytes:
    """An OLE file of version 3 with these streams, each padded beyond the size of small ones."""
    entries, sectors, chains = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)], b"", []
    for n, (name, content) in enumerate(streams.items(), 1):
        content = content.ljust(4096, b"\0")
        sibling = n + 1 if n < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, len(sectors) // PAGE, len(content), right=sibling))
        sectors += content + bytes(-len(content) % PAGE)
        chains.append(len(sectors) // PAGE)
    directory = b"".join(entries) + bytes(-len(b"".join(entries)) % PAGE)
    first = len(sectors) // PAGE
    sectors += directory
    chains.append(len(sectors) // PAGE)
    fat = [n + 1 for n in range(chains[-1])]
    for end in chains:
        fat[end - 1] = 0xFFFFFFFE
    count = (len(fat) + 126) // 127  # the table has entries for its own sectors
    fat += [0xFFFFFFFD] * count
    fat += [0xFFFFFFFF] * (-len(fat) % 128)
    header = bytearray(PAGE)
    struct.pack_into("<8s16xHHHHH", header, 0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<II4xIIIII", header, 44, count, first, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, *[*range(chains[-1], chains[-1] + count), *[0xFFFFFFFF] * (109 - count)])
    return bytes(header) + sectors + struct.pack(f"<{len(fat)}I", *fat)


def _entry(name: str, kind: int, start: int, size: int, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    entry = bytearray(128)
    entry[: 2 * len(name)] = name.encode("utf-16-le")
    struct.pack_into("<HBBIII", entry, 64, 2 * len(name) + 2, kind, 1, 0xFFFFFFFF, right, child)
    struct.pack_into("<II", entry, 116, start, size)
    return bytes(entry)
