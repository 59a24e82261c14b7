"""ZIP archives: bombs by ratio, size, number and depth; names that climb out; links; directories that lie."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator

import desk

from .made import Hostile, named, zipped

MB = 1_000_000


def files() -> Iterator[Hostile]:
    good = desk.report(desk.BAY, 2021, kind="township")
    whole = zipped(("年报.txt", good), ("说明.txt", b"x" * 3000))
    yield from named(
        "containers",
        [
            ("比例.zip", lambda: zipped(("大.txt", bytes(60 * MB)))),
            ("比例两份.zip", lambda: zipped(("大.txt", b"a" * 40 * MB), ("另.txt", b"b" * 40 * MB))),
            ("总量.zip", lambda: repeated(130, 9 * MB)),
            ("五千份.zip", lambda: zipped(*((f"{n}.txt", b"") for n in range(5000)))),
            ("二十万份.zip", lambda: entries(200_000)),
            ("空目录.zip", zipped(("一/", b""), ("一/二/", b""))),
            ("空的.zip", zipped()),
            ("只有垃圾.zip", zipped(("__MACOSX/._a", b"1"), ("Thumbs.db", b"2"))),
            ("嵌套.zip", lambda: nested(good, 8)),
            ("自套.zip", lambda: nested(zipped(("大.txt", bytes(30 * MB))), 3)),
            ("宽套.zip", lambda: wide(zipped(("大.txt", b"1" * 9 * MB)), 30)),
            ("攀爬.zip", zipped(("../../../../tmp/gdcore-escaped.txt", desk.report(desk.EAST, 2010)))),
            ("绝对.zip", zipped(("/etc/gdcore-escaped.txt", desk.report(desk.EAST, 2011)))),
            ("盘符.zip", zipped(("C:\\Windows\\gdcore-escaped.txt", desk.report(desk.EAST, 2012)))),
            ("反斜杠.zip", zipped(("..\\..\\gdcore-escaped.txt", desk.report(desk.EAST, 2013)))),
            ("只有点.zip", zipped(("..", b"text"), (".", b"text"), ("/", b""))),
            ("链接.zip", link("年报.txt", "/etc/passwd")),
            ("链接目录.zip", link("年报", "../../..")),
            ("设备.zip", link("年报.txt", "", kind=0o020000)),
            ("长名.zip", zipped(("年" * 20_000 + ".txt", desk.report(desk.EAST, 2014)))),
            ("深名.zip", zipped(("a/" * 20_000 + "年报.txt", desk.report(desk.EAST, 2015)))),
            ("控制符名.zip", zipped(("年\r\n报\x1b[31m\x07.txt", desk.report(desk.EAST, 2016)))),
            ("倒写名.zip", zipped(("年报\u202etxt.exe", desk.report(desk.EAST, 2017)))),
            ("同名.zip", lambda: twice("年报.txt", b"one", b"two")),
            ("加密.zip", flagged(whole, 0x1)),
            ("强加密.zip", flagged(whole, 0x41)),
            ("未知压缩.zip", method(whole, 99)),
            ("谎称大小.zip", sizes(whole, 10)),
            ("谎称超大.zip", sizes(whole, 0xFFFFFFF0)),
            ("校验错.zip", whole[:60] + bytes([whole[60] ^ 255]) + whole[61:]),
            ("没有目录.zip", whole[: whole.index(b"PK\x01\x02")]),
            ("目录越界.zip", directory(whole, offset=0xFFFFFF)),
            ("目录负偏.zip", directory(whole, size=0xFFFFFF)),
            ("目录谎称六万.zip", directory(whole, count=65535)),
            ("注释藏包.zip", commented(whole, zipped(("另一.txt", b"y")))),
            ("重叠.zip", lambda: overlapping(2000, 9 * MB)),
            ("前有杂物.zip", b"MZ" + bytes(500) + whole),
            ("后有杂物.zip", whole + b"\0" * 5000),
            ("尾部签名.zip", whole + b"PK\x05\x06" * 1000),
            ("只有签名.zip", b"PK\x03\x04"),
            ("只有尾.zip", b"PK\x05\x06" + bytes(18)),
            ("签名成片.zip", b"PK\x03\x04" * 100_000),
            ("目录签名成片.zip", lambda: b"PK\x03\x04" + b"PK\x01\x02" * 3_000_000 + b"PK\x05\x06" + bytes(18)),
            ("六十四位.zip", whole[:-22] + b"PK\x06\x06" + b"\xff" * 52 + b"PK\x06\x07" + b"\xff" * 16 + whole[-22:]),
            ("包.rar", b"Rar!\x1a\x07\x01\x00" + bytes(200)),
            ("包.7z", b"7z\xbc\xaf\x27\x1c" + bytes(200)),
            ("包.gz", b"\x1f\x8b\x08" + bytes(200)),
            ("包.tar", b"\xe5\xb9\xb4.txt".ljust(257, b"\0") + b"ustar" + bytes(700)),
        ],
    )


def entries(count: int) -> bytes:
    """An archive of so many empty members, whose directory alone is long."""
    local = struct.pack("<4s5HIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 5, 0) + b"a.txt"
    central = (
        struct.pack("<4s6HIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0) + b"a.txt"
    )
    size = len(central) * count
    long = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, len(local))
    where = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(local) + size, 1)
    end = struct.pack("<4s4HIIH", b"PK\x05\x06", 0, 0, 65535, 65535, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return local + central * count + long + where + end


def repeated(count: int, size: int) -> bytes:
    """Members of the same content, packed once."""
    one = zipped(("0.txt", bytes(size)))
    start, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    heads = bytearray()
    for n in range(count):
        head = bytearray(one[start:end])
        struct.pack_into("<I", head, 42, n * start)
        heads += head
    return (
        one[:start] * count
        + heads
        + struct.pack("<4s4HIIH", b"PK\x05\x06", 0, 0, count, count, len(heads), count * start, 0)
    )


def nested(content: bytes, depth: int) -> bytes:
    for level in range(depth):
        content = zipped((f"{level}.zip" if level else "年报.txt", content))
    return content


def wide(content: bytes, count: int) -> bytes:
    return zipped(*((f"{n}.zip", content) for n in range(count)))


def link(name: str, target: str, kind: int = 0o120000) -> bytes:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, target)
    return out.getvalue()


def twice(name: str, *contents: bytes) -> bytes:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return zipped(*((name, content) for content in contents))


def _each(data: bytes, offset: int, value: bytes, local: int) -> bytes:
    """A field set in every header: at `offset` of those in the directory, at `local` of those before the members."""
    changed, at = bytearray(data), 0
    for mark, place in ((b"PK\x03\x04", local), (b"PK\x01\x02", offset)):
        at = 0
        while (at := data.find(mark, at)) >= 0:
            changed[at + place : at + place + len(value)] = value
            at += 4
    return bytes(changed)


def flagged(data: bytes, flags: int) -> bytes:
    return _each(data, 8, struct.pack("<H", flags | 0x800), 6)


def method(data: bytes, number: int) -> bytes:
    return _each(data, 10, struct.pack("<H", number), 8)


def sizes(data: bytes, size: int) -> bytes:
    return _each(data, 24, struct.pack("<I", size), 22)


def directory(data: bytes, count: int | None = None, size: int | None = None, offset: int | None = None) -> bytes:
    changed, at = bytearray(data), data.rindex(b"PK\x05\x06")
    for place, form, value in ((10, "<H", count), (12, "<I", size), (16, "<I", offset)):
        if value is not None:
            struct.pack_into(form, changed, at + place, value)
    return bytes(changed)


def commented(data: bytes, comment: bytes) -> bytes:
    return data[:-2] + struct.pack("<H", len(comment)) + comment


def overlapping(count: int, size: int) -> bytes:
    """Members of one and the same packed bytes, so that a small file unpacks to `count` times its content."""
    one = zipped(("0.txt", bytes(size)))
    start = one.index(b"PK\x01\x02")
    head = bytearray(one[start : one.index(b"PK\x05\x06")])
    central = b"".join(bytes(head) for _ in range(count))
    return one[:start] + central + struct.pack("<4s4HIIH", b"PK\x05\x06", 0, 0, count, count, len(central), start, 0)
