"""Web pages: merges, cells broken into spans, tables around everything, charsets that lie, saved archives."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable, Mapping
from html import escape

from gdcore.samples.layout import Cell, Grid, Role
from gdcore.samples.model import Paragraph, Style

from .layouts import Page

_CRUMBS = '<div>当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 政府信息公开年报</div>'
_TOOLS = "<div>字体：[<a>大</a>] [<a>中</a>] [<a>小</a>]　<a>打印</a>　分享到：</div>"
_FOOT = "<div>主办：云泽县人民政府办公室　网站标识码：0000000000　ICP备00000000号</div>"
_CSS = "<style>table{border-collapse:collapse;width:100%}td{border:1px solid #000;font-size:9pt}</style>"


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _spans(text: str) -> str:
    """Every character in a span of its own font, as Word writes pages."""
    return "".join(
        f'<span style="font-family:{"宋体" if n % 2 else "仿宋"}">{_text(c)}</span>' for n, c in enumerate(text)
    )


def _paragraphs(text: str) -> str:
    """A cell's text in two paragraphs, with the white space that editors leave."""
    lines = text.split("\n")
    return "".join(f"<p>\n  {_text(line)}\n</p>" for line in lines) if text else "<p><o:p>&nbsp;</o:p></p>"


def _article(items: Page, inner: Callable[[str], str], table: Callable[[Grid, Callable[[str], str]], str]) -> str:
    parts = []
    for item in items:
        if isinstance(item, Paragraph):
            tag = "h1" if item.style is Style.TITLE else "p"
            parts.append(f"<{tag}>{inner(item.text)}</{tag}>")
        else:
            parts.append(table(item, inner))
    return "\n".join(parts)


def _table(grid: Grid, inner: Callable[[str], str]) -> str:
    rows = []
    for r in range(grid.height):
        rows.append("<tr>" + "".join(_cell(c, inner) for c in grid.row(r) if c.row == r) + "</tr>")
    return "<table>" + "\n".join(rows) + "</table>"


def _cell(cell: Cell, inner: Callable[[str], str]) -> str:
    return f'<td rowspan="{cell.row_span}" colspan="{cell.column_span}">{inner(cell.text)}</td>'


def _empty_header_cells(grid: Grid, inner: Callable[[str], str]) -> str:
    """Headers made by hand: blank cells in the third row where the cells above reach down."""
    if grid.label_columns != 3:
        return _table(grid, inner)
    cells = []
    for c in grid.cells:
        if c.row < 2 < c.bottom and c.role is Role.HEAD:
            cells += [
                Cell(c.text, c.row, c.column, 2 - c.row, c.column_span, c.role),
                Cell("", 2, c.column, 1, c.column_span, c.role),
            ]
        else:
            cells.append(c)
    return _table(Grid(tuple(cells), grid.height, grid.width, grid.label_columns), inner)


def _page(body: str, charset: str | None, title: str = "") -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>{escape(title)}</title>{_CSS}</head><body>\n{_CRUMBS}{_TOOLS}\n{body}\n{_FOOT}</body></html>"


def _title(items: Page) -> str:
    return next((p.text for p in items if isinstance(p, Paragraph) and p.style is Style.TITLE), "")


def merged(items: Page) -> bytes:
    return _page(_article(items, _text, _table), "utf-8", _title(items)).encode()


def split_runs(items: Page) -> bytes:
    return _page(_article(items, _spans, _table), "utf-8").encode()


def word_cells(items: Page) -> bytes:
    return _page(_article(items, _paragraphs, _table), "UTF-8").encode()


def by_hand(items: Page) -> bytes:
    return _page(_article(items, _text, _empty_header_cells), "utf-8").encode()


def page_in_a_table(items: Page) -> bytes:
    """The whole page in a table, and the article in another one inside it."""
    inside = f"<table><tr><td><div>{_article(items, _text, _table)}</div></td></tr></table>"
    layout = f"<table><tr><td colspan=2>{_CRUMBS}</td></tr><tr><td>栏目导航</td><td>{inside}</td></tr></table>"
    return _page(layout, "utf-8").encode()


def lying_utf8(items: Page) -> bytes:
    """UTF-8 that calls itself gb2312."""
    return _page(_article(items, _text, _table), "gb2312").encode()


def lying_gbk(items: Page) -> bytes:
    """GB18030 that calls itself UTF-8."""
    return _page(_article(items, _text, _table), "utf-8").encode("gb18030")


def no_charset(items: Page) -> bytes:
    return _page(_article(items, _text, _table), None).encode()


def gb18030(items: Page) -> bytes:
    return _page(_article(items, _spans, _table), "gb2312").encode("gb18030")


def _archive(body: bytes, encoding: str, charset: str) -> bytes:
    head = f'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="=_cut"\r\n\r\n--=_cut\r\nContent-Type: text/html; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}\r\nContent-Location: http://www.example.com/nb.html\r\n\r\n'
    return b"From: <Saved by a browser>\r\n" + head.encode() + body + b"\r\n--=_cut--\r\n"


def saved(items: Page) -> bytes:
    """An .mht as Chromium saves it."""
    return _archive(quopri.encodestring(merged(items)).replace(b"\n", b"\r\n"), "quoted-printable", "utf-8")


def saved_gbk(items: Page) -> bytes:
    """An .mht in base64 and GB2312."""
    return _archive(base64.encodebytes(gb18030(items)).replace(b"\n", b"\r\n"), "base64", "gb2312")


def printed_twice(items: Page) -> bytes:
    """A page that holds its article twice: for the screen and for the printer."""
    article = _article(items, _text, _table)
    return _page(f'<div id="screen">{article}</div><div id="print">{article}</div>', "utf-8").encode()


FORMS: Mapping[str, Callable[[Page], bytes]] = {
    "merged": merged,
    "split_runs": split_runs,
    "word_cells": word_cells,
    "by_hand": by_hand,
    "page_in_a_table": page_in_a_table,
    "lying_utf8": lying_utf8,
    "lying_gbk": lying_gbk,
    "no_charset": no_charset,
    "gb18030": gb18030,
    "saved": saved,
    "saved_gbk": saved_gbk,
    "printed_twice": printed_twice,
}
