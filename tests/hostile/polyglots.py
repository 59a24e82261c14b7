"""Files that are two things at once, or not what their ending says."""

from __future__ import annotations

from collections.abc import Iterator

import desk

from .images import png
from .made import Hostile, named, zipped


def files() -> Iterator[Hostile]:
    pdf, docx, html = (
        desk.report(desk.BAY, 2012 + n, fmt=fmt, kind="township") for n, fmt in enumerate(("pdf", "docx", "html"))
    )
    bundle = zipped(("年报.txt", desk.report(desk.BAY, 2016, kind="township")))
    yield from named(
        "polyglots",
        [
            ("网页里的PDF.html", b"<html><!--" + pdf + b"-->" + html),
            ("PDF后接包.pdf", pdf + bundle),
            ("PDF后接文档.docx", pdf + docx),
            ("文档后接网页.html", docx + html),
            ("图后接包.png", png(60, 40) + bundle),
            ("图后接PDF.jpg", png(60, 40) + pdf),
            ("GIF网页.gif", b"GIF89a/*" + html + b"*/=1"),
            ("前缀网页的文档.docx", html + docx),
            ("PDF叫文档.docx", pdf.replace(b"%%EOF", b"%%EOF\n%1")),
            ("文档叫PDF.pdf", docx + b"\0" * 22),
            ("网页叫表格.xls", html + b"<!-- 1 -->"),
            ("双重.pdf.html", html + b"<!-- 2 -->"),
            ("程序.exe", b"MZ" + bytes(range(256)) * 20),
            ("程序.pdf", b"\x7fELF" + bytes(range(256)) * 20),
            ("脚本.txt", b"#!/bin/sh\ntouch gdcore-escaped\n"),
            ("批处理.bat", b"@echo off\r\ndel /s /q C:\\*\r\n"),
            ("类.docx", b"\xca\xfe\xba\xbe" + bytes(range(256)) * 20),
            ("快捷方式.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(300)),
            ("富文本.doc", b"{\\rtf1{\\object\\objdata 01050000}" + b"{" * 50_000),
            ("宏.docm", zipped(("word/document.xml", "<a/>"), ("word/vbaProject.bin", bytes(range(256)) * 9))),
            ("文档与表格.docx", zipped(("word/document.xml", "<a/>"), ("xl/workbook.xml", "<b/>"), ("OFD.xml", "<c/>"))),
            ("包是文档.zip", zipped(("word/document.xml", b"<a/>"), ("年报.txt", b"text"))),
            ("腌制.pkl", b"cos\nsystem\n(S'touch gdcore-escaped'\ntR."),
            ("配置.yaml", b"!!python/object/apply:os.system ['touch gdcore-escaped']"),
        ],
    )  # fmt: skip
