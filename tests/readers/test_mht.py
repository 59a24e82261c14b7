"""Saved web pages: the right part, in the right characters."""

from __future__ import annotations

import base64
import quopri

import pytest

from gdcore.document import Format, Paragraph
from gdcore.errors import DamagedFile
from gdcore.readers import sniff
from gdcore.readers.mht import is_archive, read

PAGE = "<html><body><h1>云山镇年度报告</h1><p>共收到申请十二件，均已答复。</p></body></html>"
FRAME = "<html><body><p>广告</p></body></html>"


def archive(*parts: tuple[str, bytes], start: str = "", first: str = "From: <Saved by Blink>\r\n") -> bytes:
    """An archive of (header lines, body as sent)."""
    head = f'{first}MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="b"{start}\r\n\r\n'
    return (
        head.encode()
        + b"".join(b"--b\r\n" + h.encode() + b"\r\n\r\n" + body + b"\r\n" for h, body in parts)
        + b"--b--\r\n"
    )


def html(page: str, charset: str = "utf-8", declared: str | None = None, more: str = "") -> tuple[str, bytes]:
    said = "" if declared is None else f'; charset="{declared}"'
    return f"Content-Type: text/html{said}\r\nContent-Transfer-Encoding: quoted-printable{more}", quopri.encodestring(
        page.encode(charset)
    )


def texts(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    "part",
    [
        html(PAGE, declared="utf-8"),
        html(PAGE, "gb18030", declared="gb2312"),
        html(PAGE, "gb18030"),
        html(PAGE, "gb18030", declared="utf-8"),
        html(PAGE, "utf-16", declared="utf-16"),
        ("Content-Type: text/html\r\nContent-Transfer-Encoding: base64", base64.encodebytes(PAGE.encode())),
    ],
    ids=["utf-8", "gbk", "gbk undeclared", "declared wrongly", "utf-16", "base64"],
)
def test_the_page_in_its_characters(part: tuple[str, bytes]) -> None:
    data = archive(part, ("Content-Type: image/png", b"x"))
    assert texts(data) == ["云山镇年度报告", "共收到申请十二件，均已答复。"]
    assert sniff(data) is Format.HTML


@pytest.mark.parametrize(
    "charset", ["gbk\0", "x-none", "base64", "rot-13", "undefined", "idna", "punycode", "unicode-escape"]
)
def test_what_is_no_charset_is_as_good_as_none(charset: str) -> None:
    head = f"Content-Type: text/html; charset={charset}\r\nContent-Transfer-Encoding: 8bit"
    assert texts(archive((head, PAGE.encode("gb18030")))) == ["云山镇年度报告", "共收到申请十二件，均已答复。"]
    page = PAGE.replace("<body>", f"<meta charset={charset}>" + " " * 200)  # one zero among few bytes is UTF-16
    assert texts(page.encode("gb18030")) == texts(PAGE.encode())


def test_the_archive_knows_the_charset_better_than_the_page() -> None:
    page = '<html><head><meta charset="utf-8"></head><body><p>雲山鎮年度報告</p></body></html>'
    assert texts(archive(html(page, "big5", declared="big5"))) == ["雲山鎮年度報告"]


def test_the_archive_names_its_page() -> None:
    frame, page = html(FRAME, more="\r\nContent-ID: <f>"), html(PAGE, more="\r\nContent-ID: <p>")
    assert texts(archive(page, frame)) == texts(archive(frame, page, start='; start="<p>"')) != ["广告"]


def test_pages_that_are_no_archive_are_read_as_they_are() -> None:
    assert texts(PAGE.encode()) == ["云山镇年度报告", "共收到申请十二件，均已答复。"]
    assert not is_archive("标题: 年报\n\nContent-Type: text/html".encode())
    assert not is_archive(b"Note: this\r\n\r\nContent-Type: text/html")


def test_header_lines_may_come_in_any_order() -> None:
    assert is_archive(archive(html(PAGE), first="Subject: =?utf-8?B?5bm05oql?=\r\nDate: Fri, 19 Jan 2024\r\n"))


def test_an_archive_without_a_page_says_so() -> None:
    with pytest.raises(DamagedFile, match="没有网页内容"):
        read(archive(("Content-Type: image/png", b"x")))
