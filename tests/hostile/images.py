"""Pictures: decompression bombs, sizes that lie, frames in circles, profiles that are bombs themselves."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from .made import Hostile, named

MB = 1_000_000


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, more: bytes = b"", lines: int | None = None) -> bytes:
    """A grey picture of one bit a pixel; `lines` of them are there."""
    packer = zlib.compressobj(9)
    line = bytes(1 + (width + 7) // 8)
    data = b"".join(packer.compress(line) for _ in range(height if lines is None else lines)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def small(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("L", (60, 40), 255).save(out, kind, **options)
    return out.getvalue()


def tiff(next_at: int, entries: list[tuple[int, int, int, int]]) -> bytes:
    body = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + body + struct.pack("<I", next_at) + bytes(100)


def frames(count: int, kind: str) -> bytes:
    out = io.BytesIO()
    one = Image.new("1", (8, 8), 1)
    one.save(out, kind, save_all=True, append_images=[one] * (count - 1))
    return out.getvalue()


def files() -> Iterator[Hostile]:
    shape = [
        (256, 3, 1, 20),
        (257, 3, 1, 20),
        (258, 3, 1, 1),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 120),
        (279, 4, 1, 60),
    ]
    wide = [(256, 4, 1, 2_000_000_000), (257, 4, 1, 2_000_000_000), *shape[2:]]
    yield from named(
        "images",
        [
            ("炸弹.png", lambda: png(60_000, 60_000)),
            ("一亿像素.png", lambda: png(12_000, 12_000)),
            ("谎称.png", lambda: png(2_000_000_000, 2, lines=0)),
            ("缺行.png", png(500, 500, lines=3)),
            ("细长.png", lambda: png(1, 100_000)),
            ("扁长.png", lambda: png(100_000, 1)),
            ("零宽.png", png(0, 0)),
            ("文字炸弹.png", lambda: png(9, 9, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100 * MB), 9)))),
            ("色彩炸弹.png", lambda: png(9, 9, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(100 * MB), 9)))),
            ("块无数.png", lambda: png(9, 9, chunk(b"tEXt", b"a\0b") * 100_000)),
            ("校验错.png", png(30, 30).replace(b"IDAT", b"IDAX")),
            ("一点.png", png(1, 1)),
            ("断.jpg", small("JPEG")[:200]),
            ("谎称.jpg", _stretched(small("JPEG"), 65535, 65535)),
            ("无尾.jpg", small("JPEG")[:-2] + b"\xff\xc4" * 5000),
            ("注释.jpg", lambda: small("JPEG")[:2] + (b"\xff\xfe\xff\xff" + bytes(65533)) * 200 + small("JPEG")[2:]),
            ("只有头.jpg", b"\xff\xd8\xff\xe0"),
            ("环.tif", tiff(8, shape)),
            ("巨大.tif", tiff(0, wide)),
            ("越界.tif", tiff(0xFFFFFFF0, shape)),
            ("标签无数.tif", tiff(0, [(n, 2, 0xFFFFFFFF, 0) for n in range(1000)])),
            ("三百页.tif", lambda: frames(300, "TIFF")),
            ("千帧.gif", lambda: frames(500, "GIF")),
            ("谎称.gif", b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(6) + b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x4c\x01\0;"),
            ("谎称.bmp", b"BM" + struct.pack("<IIIIiiHHIIiiII", 100, 0, 54, 40, 2_000_000_000, -2_000_000_000, 1, 24, 0, 0, 0, 0, 0, 0)),
            ("游程.bmp", b"BM" + struct.pack("<IIIIiiHHIIiiII", 100, 0, 54, 40, 30_000, 30_000, 1, 8, 1, 0, 0, 0, 0, 0) + bytes([255, 0]) * 500),
            ("坏.webp", b"RIFF\xff\xff\xff\x7fWEBPVP8X" + bytes(range(200))),
            ("坏.heic", b"\0\0\0\x18ftypheic" + bytes(200)),
            ("大端.tif", b"MM\0*\0\0\0\x08\xff\xff" + bytes(500)),
        ],
    )  # fmt: skip


def _stretched(data: bytes, width: int, height: int) -> bytes:
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]
