"""Whole reports under names that no system, page, sheet or log may take for more than a name."""

from __future__ import annotations

from collections.abc import Iterator

import desk

from .made import Hostile, named

NAMES = (
    "年报\u202etxt.exe", "年报\n\r2023.txt", "年\x00报.txt", "\x1b]0;title\x07年报.txt", "../../../etc/passwd", "/etc/passwd",
    "..\\..\\windows\\system32\\a.txt", "C:\\a.txt", "CON", "NUL.txt", "年报.txt.", "年报 .txt ", " ", "", ".", "..", "-rf.txt",
    "--out=x", "$(touch gdcore-escaped).txt", "`id`.txt", "%00.txt", "%2e%2e%2f.txt", "<script>alert(1)</script>.txt",
    "=cmd|' /C calc'!A0.txt", "'; DROP TABLE report; --.txt", "年" * 10_000 + ".txt", "a/" * 3000 + "b.txt", "年报.pdf.exe",
    "年报.docx.js", "年报.txt\u200b", "\u2066年报\u2069.txt", "é" + "\u0301" * 500 + ".txt", "😀" * 200 + ".txt", "\ud7ff\ue000.txt",
    "\udce5\udcb9.txt", "{}{0}%s%n.txt", "a:b:c.txt", "年报.zip!/内.txt", "~$年报.docx", ".hidden.txt",
)  # fmt: skip


def files() -> Iterator[Hostile]:
    yield from named(
        "names",
        ((name, lambda n=n: desk.report(f"云泽县第{n + 400}街道办事处", 2020, seed=n)) for n, name in enumerate(NAMES)),
    )
