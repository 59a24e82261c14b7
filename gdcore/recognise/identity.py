"""Whose report it is and of which year: from title, page information, statistics period, sign-off and file name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import pairwise
from pathlib import PurePath
from typing import TypeVar

from gdcore import text
from gdcore.agency import infer_level, infer_type
from gdcore.document import Document, Table
from gdcore.figure import Passage
from gdcore.place import Anchor
from gdcore.recognise.prose import Line, glued
from gdcore.report import Identity

# A title is looked for in this many lines from the top, joined from at most this many lines.
TITLE_REACH = 40
TITLE_LINES = 3
LONGEST_JOINED = 60  # characters that have no further line joined to them
LONGEST_AGENCY = 40
# No title of the pattern is longer than this, in characters of the plain form.
LONGEST_TITLE = 120

_CORE = re.compile(
    r"(?P<pre>.{0,60}?)(?P<core>(?P<gov>政府政务公开|政府信息公开|政务信息公开|信息公开|政务公开)(?:工作)?(?:情况)?"
    r"(?P<mid>20\d{2}年度?)?(?:工作)?(?:情况)?的?(?:年度)?(?:工作)?(?:情况)?的?(?:年度)?(?:报告|年报))(?P<post>[（(].{0,12}[)）])?"
)
_SPELT_YEAR = re.compile(r"二[〇○零0]([〇○零0一二三四五六七八九]{2})(?=年)")
_YEAR_FRONT = re.compile(r"^(20\d{2})年度?")
_YEAR_BACK = re.compile(r"(?:关于)?(20\d{2})年度?的?$|(?:关于)$")
_AGENCY = re.compile(r"[\u4e00-\u9fff（）()·、0-9A-Za-z]*")
_NO_AGENCY = re.compile(r"公开|年报|首页|报告|根据|编制|公布|关于|本|解读|要求|规定|通知|格式|目录|指南|>|》|《")


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart: agency in plain form ("" if it names none), year, and whether it says 政府."""

    agency: str
    year: int | None
    whole: bool


_NO_TITLE = Title("", None, False)
_Value = TypeVar("_Value", str, int)


def parse_title(printed: str) -> Title | None:
    """The parts of a line that is a report's title and nothing else; None for any other line.

    Year in front, between or behind, 年度 twice, 关于…的, no agency, no 政府: all forms seen in real reports.
    """
    if "报" not in printed or "开" not in printed:  # nothing else becomes these characters in plain form
        return None
    said = text.plain(printed).strip('《》“”"*#')
    match = _CORE.fullmatch(_arabic_year(said)) if len(said) <= LONGEST_TITLE else None
    if not match:
        return None
    pre, years = match["pre"], text.years(match["post"] or "")
    if match["mid"]:
        years.append(int(match["mid"][:4]))
    if front := _YEAR_FRONT.match(pre):
        years.append(int(front[1]))
        pre = pre[front.end() :]
    if back := _YEAR_BACK.search(pre):
        years += [int(back[1])] if back[1] else []
        pre = pre[: back.start()]
    pre = pre.removeprefix("关于").removesuffix("关于")
    if (
        len(pre) > LONGEST_AGENCY
        or not _AGENCY.fullmatch(pre)
        or _NO_AGENCY.search(pre)
        or re.search(r"(?<![第\d])\d|\d{4}", pre)
    ):
        return None
    return Title(pre, years[0] if years else None, "政府信息公开" in match["core"])


def _arabic_year(plain: str) -> str:
    """二〇二三年 as 2023年."""
    return _SPELT_YEAR.sub(lambda m: str(text.chinese_number(m[0].replace("0", "〇"))), plain)


_BEST_RANK = (2, -1)  # agency and year in one line: no title beats it


def find_title(lines: Sequence[Line]) -> tuple[Title, Line, int] | None:
    """(title, its line, index of the first line behind it): the best of the title lines near the top.

    One that names agency and year beats one that does not; then the one made of fewer lines; then the first of equals.
    """
    best: tuple[tuple[int, int], Title, Line, int] | None = None
    for start in range(min(TITLE_REACH, len(lines))):
        printed = ""
        for end in range(start + 1, min(start + TITLE_LINES, len(lines)) + 1):
            if len(printed) > LONGEST_JOINED:
                break
            printed += lines[end - 1].text
            title = parse_title(printed)
            if title:
                rank = (bool(title.agency) + (title.year is not None), start - end)
                if best is None or rank > best[0]:
                    best = (rank, title, reduce(glued, lines[start:end]), end)
                    if rank == _BEST_RANK:
                        return best[1:]
    return best[1:] if best else None


_PERIOD = re.compile(r"(?<!\d)(20\d{2})年(?:1月1日|01月01日).{0,8}?(?:(?:20\d{2})年)?12月31日")
_AGENCY_FIELDS = ("发布机构", "发文机关", "发布单位", "信息来源", "来源", "ContentSource", "机构", "单位")
_DATE_FIELDS = ("公开日期", "发布日期", "发布时间", "成文日期", "PubDate", "publishdate", "生成日期")
_INDEX_FIELDS = ("索引号",)
_FIELD = re.compile(r"([\u4e00-\u9fff ]{2,6})\s{0,40}[：:]\s*(\S+)")  # bounded, or white space costs its square
_FIELD_LABELS = frozenset(text.bare(f) for f in (*_AGENCY_FIELDS, *_DATE_FIELDS, *_INDEX_FIELDS, "名称", "标题"))
_LABELLED = re.compile(rf"(?:{'|'.join(' *'.join(label) for label in sorted(_FIELD_LABELS))})\s*[：:]")  # few lines are


def page_fields(document: Document, lines: Sequence[Line]) -> dict[str, str]:
    """Name–value pairs about the publication: from metadata, from tables beside or above, from “发布日期：…” lines."""
    fields = {k: v for k, v in document.metadata.items() if v.strip()}
    for _, table in document.tables():
        fields |= _table_fields(table)
    for line in lines[:TITLE_REACH]:
        labelled = ("：" in line.text or ":" in line.text) and _LABELLED.search(line.text)
        for name, value in _FIELD.findall(line.text) if labelled else ():
            if text.bare(name) in _FIELD_LABELS:
                fields.setdefault(text.bare(name), value)
    return fields


_FIELD_ROWS = 12  # of a table, in which its fields are looked for


def _table_fields(table: Table) -> dict[str, str]:
    fields: dict[str, str] = {}
    rows = table.rows[:_FIELD_ROWS]
    printed = {cell.text for row in rows for cell in row}
    if _FIELD_LABELS.isdisjoint([text.bare(said) for said in printed if not text.is_bare_number(said)]):
        return fields  # as from nearly every table
    for row in rows:
        labels = [text.bare(name.text) for name in row[:-1]]
        for label, value in zip(labels, row[1:], strict=True):
            if label in _FIELD_LABELS and value.text.strip() and text.bare(value.text) not in _FIELD_LABELS:
                fields.setdefault(label, value.text.strip())
    return fields


def identify(
    document: Document,
    file_name: str,
    lines: Sequence[Line],
    title: tuple[Title, Line, int] | None,
    tail: Sequence[Line],
) -> Identity:
    """Agency, year, type, date and index number, each with its source, by the most trustworthy source that has it."""
    fields = page_fields(document, lines)
    own = title[0] if title else _NO_TITLE
    if own.agency and own.year:  # all that the others could tell
        meta = named = own
    else:
        meta = next((t for _, v in _titles(document, fields) if (t := parse_title(v))), _NO_TITLE)
        named = parse_title(_stem(file_name)) or _NO_TITLE
    agency = (
        _told("标题", own.agency, 1.0)
        or _told("网页标题", meta.agency, 0.95)
        or _told("落款", _signed(tail), 0.9)
        or _told("网页信息", _body(_field(fields, _AGENCY_FIELDS)), 0.8)
        or _told("文件名", named.agency, 0.7)
    )
    year = (
        _told("标题", own.year, 1.0)
        or _told("网页标题", meta.year, 0.95)
        or _told("统计期限", _period(lines), 0.9)
        or _told("文件名", named.year, 0.7)
    )
    published = _published(fields)
    sources = {"agency": agency[0]} if agency else {}
    sources |= {"year": year[0]} if year else {}
    sources |= {"published": published[0]} if published else {}
    kind = infer_type(agency[1]) if agency else None
    return Identity(
        agency=agency[1] if agency else None,
        agency_type=kind,
        level=infer_level(agency[1], kind) if agency else None,
        year=year[1] if year else None,
        title=title[1].at("title") if title else _meta_title(document, fields),
        published=published[1] if published else None,
        index_number=_field(fields, _INDEX_FIELDS) or None,
        sources=sources,
        confidence=min(agency[2], year[2]) if agency and year else 0.0,
    )


def _told(source: str, value: _Value | None, confidence: float) -> tuple[str, _Value, float] | None:
    """What a source says, with the source and how far it is to be trusted; None where it says nothing."""
    return (source, value, confidence) if value else None


def _stem(file_name: str) -> str:
    stem = PurePath(file_name.replace("\\", "/").split("!/")[-1]).stem
    return re.sub(r"^[\d.、\-_ ]{1,4}(?!年|\d)|[（(]\d+[)）]$|(终稿|定稿|最终版|修改稿|v\d+)$", "", stem)


def _titles(document: Document, fields: Mapping[str, str]) -> list[tuple[str, str]]:
    pairs = [(k, v) for k, v in fields.items() if k in ("ArticleTitle", "名称", "标题", "title")]
    if document.title:
        pairs.append(("title", document.title))
        pairs += [("title", part) for part in re.split(r"[-_|—]", document.title)]
    return pairs


def _meta_title(document: Document, fields: Mapping[str, str]) -> Passage | None:
    for _, value in _titles(document, fields):
        if parse_title(value):
            return Passage(
                text.collapse(value), (Anchor("title", document.blocks[0].place),) if document.blocks else ()
            )
    return None


def _field(fields: Mapping[str, str], names: Sequence[str]) -> str:
    return next((text.plain(fields[n]) for n in names if fields.get(n)), "")


_SIGNER = re.compile(rf"[\u4e00-\u9fff（）()]{{4,{LONGEST_AGENCY}}}")


def _body(name: str) -> str:
    """`name` if it can be a public body's, else ""."""
    return name if _SIGNER.fullmatch(name) and infer_type(name) else ""


def _signed(tail: Sequence[Line]) -> str:
    """The agency that signs: a short line that names a body, right above a date."""
    for above, below in pairwise(tail):
        name = text.plain(above.text)
        if text.dates(below.text) and len(below.text) < 20 and _SIGNER.fullmatch(name) and infer_type(name):
            return name
    return ""


def _period(lines: Sequence[Line]) -> int | None:
    for line in lines[:TITLE_REACH]:
        if match := _PERIOD.search(text.plain(line.text)):
            return int(match[1])
    return None


def _published(fields: Mapping[str, str]) -> tuple[str, date] | None:
    """The date of publication and the field that gives it: not all of them are certain to mean that day."""
    for name in _DATE_FIELDS:
        if found := text.dates(fields.get(name, "")):
            return name, found[0]
    return None
