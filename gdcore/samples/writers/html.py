"""A page of a government web site: breadcrumb, date line, metadata, text cut into spans, tables with true merges."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape

from gdcore.samples.layout import KEPT, Cell, Grid, Role, grids
from gdcore.samples.model import CITY, Paragraph, Piece, Sample, StatTable, Style
from gdcore.samples.prose import area_of

_NUMBER = re.compile(r"(\d+)")
_TEXTS = 10_000  # texts kept: labels and small numbers come again in every report
_BORDER = "border:1px solid #000;padding:3px 4px"
_STYLES = {
    Style.TITLE: ("h1", "text-align:center;font-size:20pt"),
    Style.HEADING: ("p", "text-indent:2em;font-family:黑体"),
    Style.TEXT: ("p", "text-indent:2em;line-height:2em"),
    Style.SIGNOFF: ("p", "text-align:right"),
    Style.PAGE: ("p", "text-align:center;color:#888"),
}
_CRUMBS = (
    '<div class="nav">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; '
    "<span>政府信息公开年报</span></div>"
)
# What stands for a table that was published as an image.
PICTURE = "table.png"


def write(sample: Sample) -> bytes:
    """UTF-8."""
    return _page(sample, "utf-8").encode()


def write_gbk(sample: Sample) -> bytes:
    """GB18030 under the name gb2312, as old sites have it."""
    return _page(sample, "gb2312").encode("gb18030")


def _page(sample: Sample, charset: str) -> str:
    if sample.plain is not None:
        lines = [line for line in sample.plain.splitlines() if line.strip()]
        body = [f"<p>{escape(line)}</p>" for line in lines]
        head = _head(lines[0] if lines else "", {}, charset)
    else:
        body = [html for piece in sample.pieces for html in _piece(piece)]
        date = next((p.text for p in sample.paragraphs() if p.style is Style.PAGE), "")
        told = {"ArticleTitle": sample.title, "PubDate": re.sub(r"[^\d-]", "", date), **dict(sample.metadata)}
        head = _head(sample.title, told, charset)
    site = f"{area_of(sample.spec.name)}人民政府"
    foot = f'<div class="foot">主办：{site}办公室　网站标识码：0000000000</div>'
    article = ['<div class="article" id="zoom">', *body, "</div>"]
    return "\n".join([head, "<body>", _CRUMBS, *article, foot, "</body></html>", ""])


def _head(title: str, told: Mapping[str, str], charset: str) -> str:
    metas = {"SiteName": f"{CITY}政务网站群", "ColumnName": "政府信息公开年报", **told}
    named = "".join(f'<meta name="{name}" content="{escape(text)}">' for name, text in metas.items() if text)
    shown = f"{title}_" if title else ""
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="{charset}">{named}'
        f"<title>{escape(shown)}{CITY}政务网站群</title></head>"
    )


def _piece(piece: Piece) -> list[str]:
    if isinstance(piece, Paragraph):
        tag, style = _STYLES[piece.style]
        text = _spans(piece.text)
        if piece.style is Style.HEADING:
            text = f"<strong>{text}</strong>"
        return [f'<{tag} style="{style}">{text}</{tag}>']
    if isinstance(piece, StatTable):
        return _printed(piece)
    return [f'<p style="text-align:center"><img src="/images/{PICTURE}" width="600" height="400"></p>']


@lru_cache(KEPT)
def _printed(table: StatTable) -> list[str]:
    tables = [_table(grid) for grid in grids(table)]
    return [part for table in tables for part in ("<p>&nbsp;</p>", table)][1:]


def _spans(text: str) -> str:
    """Numbers in spans of their own, long ones cut in two, as pages pasted from Word have them."""
    parts = _NUMBER.split(escape(text, quote=False))
    parts[1::2] = map(_cut, parts[1::2])
    return "".join(parts)


_in_cell = lru_cache(_TEXTS)(_spans)


@lru_cache(_TEXTS)
def _cut(digits: str) -> str:
    half = len(digits) // 2
    parts = (digits[:half], digits[half:]) if half else (digits,)
    return "".join(f'<span lang="EN-US">{part}</span>' for part in parts)


def _table(grid: Grid) -> str:
    lines = ['<table border="1" cellspacing="0" cellpadding="0" style="border-collapse:collapse;width:100%"><tbody>']
    for index in range(grid.height):
        lines.append("<tr>" + "".join(_cell(c) for c in grid.row(index) if c.row == index) + "</tr>")
    return "\n".join([*lines, "</tbody></table>"])


def _cell(cell: Cell) -> str:
    spans = (f' rowspan="{cell.row_span}"' if cell.row_span > 1 else "") + (
        f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    )
    align = "left" if cell.role is Role.LABEL else "center"
    text = _in_cell(cell.text) if cell.text else "&nbsp;"
    return f'<td{spans} style="{_BORDER};text-align:{align}"><p style="margin:0">{text}</p></td>'
