"""Web pages and XML: nesting, spans, labels and lines without measure, entities, encodings that lie, mail archives."""

from __future__ import annotations

from collections.abc import Iterator

import desk

from .made import Hostile, named
from .office import DOCTYPE, OUTSIDE, REMOTE

MB = 1_000_000


def files() -> Iterator[Hostile]:
    yield from named("html", _pages())
    yield from named("xml", _xml())
    yield from named("mail archives", _mails())


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def table(rows: str) -> bytes:
    return page(f"<p>年度报告</p><table>{rows}</table>")


def _pages():
    honest = desk.report(desk.EAST, 2009, fmt="html").decode()
    return [
        ("百兆嵌套.html", lambda: b"<html><body>" + b"<div>" * 20_000_000 + "年报".encode()),
        ("嵌套十万.html", lambda: page("<div>" * 100_000 + "年报" + "</div>" * 100_000)),
        ("嵌套三千.html", lambda: page("<div>" * 3000 + "年报" + "</div>" * 3000)),
        ("嵌套行内.html", lambda: page("<b><i>" * 50_000 + "年报")),
        ("嵌套表.html", lambda: page("<table><tr><td>" * 20_000 + "年报")),
        ("嵌套表二百.html", lambda: page("<table><tr><td>年" * 200 + "</table>" * 200)),
        ("嵌套列表.html", lambda: page("<ul><li>年报" * 30_000)),
        ("嵌套字体.html", lambda: page("<font>年<p>" * 20_000)),
        ("跨列百万.html", lambda: table('<tr><td colspan=1000000>a<td>b' * 50)),
        ("跨行百万.html", lambda: table('<tr><td rowspan=1000000>a<td>b' * 2000)),
        ("两跨百万.html", lambda: table('<tr><td rowspan=1000000 colspan=1000000>a' * 300)),
        ("跨行错落.html", lambda: table("".join(f"<tr><td rowspan={3000 - n}>a" for n in range(3000)))),
        ("跨列负.html", table("<tr><td colspan=-3 rowspan=0>a<td colspan=1e9>b<td colspan=٣>c")),
        ("万列.html", lambda: table("<tr>" + "<td>1" * 50_000 + "<tr>" + "<td>2" * 50_000)),
        ("万行.html", lambda: table("<tr><td>1<td>2" * 100_000)),
        ("空表十万.html", lambda: page("<table></table>" * 100_000 + "年报")),
        ("小表三万.html", lambda: page("<table><tr><td>一<td>1</table>" * 30_000)),
        ("长属性.html", lambda: page(f'<p title="{"a" * 10 * MB}">年报</p>')),
        ("多属性.html", lambda: page("<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">年报")),
        ("长行.html", lambda: page("年报 " * 3 * MB)),
        ("空格.html", lambda: page("年" + " " * 5 * MB + "报" + "&nbsp;" * MB + "告")),
        ("换行.html", lambda: page("年报<br>" * 500_000)),
        ("段落.html", lambda: page("<p>年报" * 300_000)),
        ("标题.html", lambda: page("".join(f"<h{n % 6 + 1}>一、总体情况</h{n % 6 + 1}>" for n in range(60_000)))),
        ("隐藏.html", lambda: page('<div style="display:none">' * 3000 + "年报" + '<span style="visibility:hidden">x</span>' * 50_000)),
        ("样式.html", lambda: page("年报", "<style>" + "a{b:c}" * MB + "</style>")),
        ("脚本.html", lambda: page("<script>while(1){}</script>年报" + "<script>" + "x" * 5 * MB)),
        ("注释.html", lambda: page("年报<!--" * 100_000)),
        ("尖括号.html", lambda: page("<" * MB + "年报")),
        ("引用.html", lambda: page("&amp;" * MB + "&#99999999999;" * 10_000 + "&x" * 100_000)),
        ("空字节.html", lambda: page("年报").replace(b"\xe5", b"\0\xe5\0") + bytes(MB)),
        ("双头.html", b"<html>" * 50_000 + "<body>年报".encode()),
        ("十六位.html", ("<html><body>年报" * 50).encode("utf-16")),
        ("十六位无标.html", ("<html><body>年报" * 50).encode("utf-16-le")),
        ("七位.html", b"<html><head><meta charset=utf-7></head><body>+ADw-script+AD4-"),
        ("谎称编码.html", page("年报").replace(b"utf-8", b"shift_jis")),
        ("无此编码.html", page("年报").replace(b"utf-8", b"x-none-of-these-" + b"a" * 10_000)),
        ("跳转.html", page("年报", '<meta http-equiv=refresh content="0;url=file:///etc/passwd"><base href="javascript:alert(1)">')),
        ("框架.html", page('<iframe src="file:///etc/passwd"></iframe><object data="http://127.0.0.1:9/"></object><img src=x onerror=alert(1)>')),
        ("链接十万.html", lambda: page("".join(f"<a href=/{n}>年报</a>" for n in range(100_000)))),
        ("混入标记.html", honest.replace("<body>", "<body><script>alert(1)</script><svg onload=alert(2)>" * 3).encode()),
        ("标号十万.html", lambda: honest.replace("</body>", "<p>" + "（一）" * 100_000 + "</p></body>").encode()),
    ]  # fmt: skip


def _xml():
    return [
        ("亿笑.xml", f"{DOCTYPE}<x>&l12;</x>".encode()),
        ("亿笑.html", f"<html>{DOCTYPE}<body>&l12;</body></html>".encode()),
        ("亿笑.svg", f'{DOCTYPE}<svg xmlns="http://www.w3.org/2000/svg"><text>&l12;</text></svg>'.encode()),
        ("外部.xml", f"{OUTSIDE}<x>&e;</x>".encode()),
        ("外部定义.xml", f"{REMOTE}<x>y</x>".encode()),
        ("外部.html", f"<html>{OUTSIDE}<body>年报&e;</body></html>".encode()),
        ("包含.xml", b'<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></x>'),
        ("样式表.xml", b'<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?><html><body>\xe5\xb9\xb4</body></html>'),
        ("深层.xml", lambda: b"<a>" * 2_000_000),
        ("单字.xml", b"<?xml version='1.0' standalone='" + b"y" * 100_000),
        ("文字处理.xml", b'<?xml version="1.0"?><w:wordDocument xmlns:w="x">' + b"<w:p>" * 100_000),
    ]  # fmt: skip


def _mails():
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    part = b"--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n%s\r\n"
    text = "<html><body><p>年报</p></body></html>".encode()

    def nested(depth: int) -> bytes:
        lines = [b"MIME-Version: 1.0\r\n"]
        for n in range(depth):
            lines.append(b'Content-Type: multipart/related; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n))
        return b"".join([*lines, b"Content-Type: text/html\r\n\r\n", text])

    return [
        ("万部.mht", lambda: head + (part % (b"8bit", text)) * 20_000 + b"--b--"),
        ("套三百.mht", lambda: nested(300)),
        ("套五千.mht", lambda: nested(5000)),
        ("坏编码.mht", head + part % (b"base64", b"****" * 1000) + b"--b--"),
        ("未知编码.mht", head + part % (b"uuencode", text) + b"--b--"),
        ("可打印.mht", lambda: head + part % (b"quoted-printable", b"=" * 2 * MB) + b"--b--"),
        ("无界.mht", head + text),
        ("长头.mht", lambda: b"MIME-Version: 1.0\r\nX: " + b" a\r\n" * 200_000 + b"Content-Type: multipart/related\r\n\r\n" + text),
        ("长界.mht", lambda: b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="' + b"b" * MB + b'"\r\n\r\n' + text),
    ]  # fmt: skip
