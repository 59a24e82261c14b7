"""The bytes decide what a file is, and what cannot be read says so in a sentence with a remedy."""

from __future__ import annotations

import io
import zipfile

import pytest

from gdcore.document import Format
from gdcore.errors import DamagedFile, EmptyFile, EncryptedFile, UnreadableFile, UnsupportedFormat
from gdcore.readers import read, sniff

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (b"%PDF-1.7 ...", Format.PDF),
        (b"\r\n%PDF-1.4", Format.PDF),
        (zipped("[Content_Types].xml", "word/document.xml"), Format.DOCX),
        (zipped("xl/workbook.xml"), Format.XLSX),
        (zipped("OFD.xml"), Format.OFD),
        (OLE + "WordDocument".encode("utf-16-le"), Format.DOC),
        (OLE + "Workbook".encode("utf-16-le"), Format.XLSX),
        (b"\x89PNG\r\n", Format.IMAGE),
        (b"<!DOCTYPE html><html><body>x</body></html>", Format.HTML),
        ("<p>无头的片段</p>".encode("gb18030"), Format.HTML),
        ("<html><body>x</body></html>".encode("utf-16"), Format.HTML),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", Format.HTML),
        ("某街道办事处2023年报告\n小于号 a<b 不是网页".encode(), Format.TXT),
        ("云山镇".encode("gb18030"), Format.TXT),
    ],
)
def test_content_decides(data: bytes, format_: Format) -> None:
    assert sniff(data) is format_


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", EmptyFile, "空"),
        (b"\xef\xbb\xbf \r\n\t", EmptyFile, "空"),
        (b"<html><body><script>x=1</script></body></html>", EmptyFile, "没有文字"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), EncryptedFile, "密码"),
        (OLE + "WordDocument".encode("utf-16-le"), DamagedFile, "损坏"),
        (zipped("OFD.xml"), DamagedFile, "OFD"),
        (zipped("a.docx", "b.docx"), UnsupportedFormat, "压缩包"),
        (zipped("word/document.xml")[:-30], DamagedFile, "损坏"),
        (zipped("word/document.xml"), DamagedFile, "损坏"),
        (b"%PDF-1.4 nothing more", DamagedFile, "损坏"),
        (b"{\\rtf1\\ansi x}", UnsupportedFormat, "RTF"),
        (bytes(range(256)) * 4 + bytes(600), UnsupportedFormat, "不是文字"),
    ],
)
def test_unreadable_files_say_what_to_do(data: bytes, error: type[UnreadableFile], says: str) -> None:
    with pytest.raises(error, match=says) as raised:
        read(data, "报告.docx")
    assert raised.value.remedy


def test_a_broken_image_asks_for_another_one() -> None:
    with pytest.raises(UnreadableFile) as raised:
        read(b"\x89PNG\r\n\x1a\n")
    assert "请" in raised.value.remedy


def test_the_digest_is_that_of_the_bytes() -> None:
    assert read(b"abc\n").digest == "edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb"
