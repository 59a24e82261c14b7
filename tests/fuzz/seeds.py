"""What fuzzing begins with: small reports of each format, and the smaller files of the hostile set."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import desk
from accuracy import cases
from hostile import broken, containers, fixed, markup, names, office, pdfs, polyglots, texts
from hostile.test_hostile import BY_HAND
from readers.word97 import FIRST, GOES_ON, MERGED, RESTARTS, Doc

from gdcore import archive, readers, roster
from gdcore.document import Format
from gdcore.errors import UnreadableFile

from . import mutate

LARGEST, LARGEST_PACKAGE = 24_000, 60_000  # bytes of a seed
REPORTS = Path(__file__).resolve().parents[2] / "data" / "reports"
FAMILIES = {
    "text": ("texts", "tables in texts", "broken txt"),
    "html": ("html", "xml", "broken html"),
    "mht": ("mail archives",),
    "docx": ("word", "broken docx"),
    "doc": ("old office", "broken doc"),
    "xlsx": ("excel", "broken xlsx"),
    "ofd": ("ofd", "broken ofd"),
    "pdf": ("pdf", "broken pdf"),
    "archive": ("containers", "names", "polyglots"),
    "roster": ("tables in texts",),
}
MODULES = {
    "text": (texts,),
    "html": (markup,),
    "mht": (markup,),
    "docx": (office,),
    "doc": (office,),
    "xlsx": (office,),
    "ofd": (fixed,),
    "pdf": (pdfs,),
    "archive": (containers, names, polyglots),
    "roster": (texts,),
}
FORMATS = {"text": "txt", "html": "html", "docx": "docx", "doc": "doc", "xlsx": "xlsx", "ofd": "ofd", "pdf": "pdf"}
PARTS = ("s1", "s2", "s3", "s4", "s5", "s6")
ROSTER = """云泽县单位名录
单位名称,编号,简称,曾用名,类型,层级,上级单位,所属地区,计入汇总,行政许可权,行政执法权,报送截止,公开截止,公开网址,设立日期,撤销日期,并入单位
云泽县教育局,JY,教育局、县教育局,云泽县教育委员会,部门,县,云泽县人民政府,云泽县,是,是,否,2025-01-20,2025年1月31日,http://yunze.example/jy,2001/3/4,,
云泽县科技局,KJ,科技局,,部门,县级,云泽县人民政府,,否,1,√,1月20日,45678,yunze.example,,2019-03-01,云泽县教育局
云泽县科技局,KJ,,,乡镇政府,x,,,,,,,20250230,ftp://x,0,0,不存在
"""


def seeds(reader: str) -> list[bytes]:
    """The files that fuzzing of `reader` begins with, each once."""
    found = dict.fromkeys(_all(reader))
    return [data for data in found if data and (_is_fit(data) or (reader == "archive" and len(data) <= LARGEST))]


def _is_fit(data: bytes) -> bool:
    if data.startswith(b"PK"):
        return len(data) <= LARGEST_PACKAGE and bool(mutate.unpacked(data))
    return len(data) <= LARGEST


def _all(reader: str) -> Iterator[bytes]:
    if reader == "recognise":
        yield from (random.Random(n).randbytes(40 + 20 * n) for n in range(24))
        return
    for each in chain(*(module.files() for module in MODULES[reader]), broken.files(1)):
        if each.family in FAMILIES[reader] and each.name not in BY_HAND:  # what is slow by design leaves no time
            data = each.data()
            yield data if reader == "archive" else _plain(data)
    yield from map(_plain, _reports(reader))


def _reports(reader: str) -> Iterator[bytes]:
    """Reports with some of their sections: what is short is read often."""
    if reader in ("text", "html", "docx", "pdf"):
        fmt = FORMATS[reader]
        for keep in (("s1",), ("s2",), ("s3",), ("s4",), ("s5", "s6"), PARTS):
            yield desk.report(desk.EAST, 2023, fmt=fmt, drop=[part for part in PARTS if part not in keep])
        yield from (path.read_bytes() for path in sorted(REPORTS.glob(f"*.{fmt}")))
    elif reader in ("xlsx", "ofd", "doc"):
        makers = {"xlsx": cases.workbooks, "ofd": cases.fixed_pages, "doc": cases.old_documents}
        yield from (case.data for case in makers[reader](2))
    if reader == "doc":
        yield from _old()
    elif reader == "mht":
        page = desk.report(desk.EAST, 2023, fmt="html", drop=["s3", "s4"])
        yield (
            b'Content-Type: multipart/related; boundary="b"; start="<a>"\n\n--b\nContent-ID: <a>\nContent-Type: text/html; charset=utf-8\n\n'
            + page
            + b"\n--b--\n"
        )
        yield b"Content-Type: text/html; charset=gbk\nContent-Transfer-Encoding: quoted-printable\n\n<p>=D6=D0=B9=FA</p>"
    elif reader == "roster":
        yield from (roster.template(), ROSTER.encode(), ROSTER.replace(",", "\t").encode("gb18030"))
        yield from (case.data for case in cases.workbooks(1))
    elif reader == "archive":
        yield mutate.pack({"年报.txt": "一、总体情况".encode(), "a/b.zip": mutate.pack({"c.txt": b"x"})})


def _old() -> Iterator[bytes]:
    """Old Word files of a few paragraphs and a table; merges, deleted text, fields, a style with a level."""
    for compressed in (False, True):
        doc = Doc(compressed=compressed)
        for text in ("2023 annual report", "a\tb\x0bc", "\x13 PAGE \x141\x15 of \x13 X \x15"):
            doc.text(text)
        doc.runs = [(0, 5, b""), (5, 9, struct.pack("<HB", 0x0800, 1)), (9, 12, struct.pack("<HB", 0x083C, 1))]
        yield doc.bytes()
    doc = Doc(tables={1: struct.pack("<HHH", 6, 2, 10) + bytes(2) + 2 * (struct.pack("<H10xHH", 18, 0, 0) + b"\0" * 4)})
    doc.text("云山镇年度报告", style=1)
    doc.row(["组", "其一", "1"], [0, 1000, 2000, 3000], [RESTARTS, FIRST, MERGED])
    doc.row(["", "其二", "2"], [0, 1000, 2000, 3000], [GOES_ON, 0, 0])
    doc.row(["", "其三", "3"], [0, 1000, 2000, 3000], extra=struct.pack("<HBBB", 0xD62B, 2, 0, 1), elsewhere=True)
    yield doc.bytes()


def _plain(data: bytes) -> bytes:
    """A package that is not compressed."""
    try:
        known = readers.sniff(data) in (Format.DOCX, Format.XLSX, Format.OFD)
    except UnreadableFile:
        return data
    parts = mutate.unpacked(data) if known and not archive.is_archive(data) else {}
    return mutate.pack(parts) if parts else data
