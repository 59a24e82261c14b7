"""A clean report: every part that the edition asks for, in order, with tables and prose that agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from gdcore import form
from gdcore.form import AgencyType, Edition
from gdcore.samples import figures
from gdcore.samples.model import (
    DEFAULT_NAMES,
    DataRow,
    Header,
    Paragraph,
    Piece,
    PrintedBlock,
    Sample,
    Spec,
    StatTable,
    Style,
)
from gdcore.samples.prose import Prose

TABLE_IN_SECTION = {"s2": "t2", "s3": "t3", "s4": "t4"}
_KEPT = 2_000  # tables kept: some 40 KB each
_FREE_FORM = (
    ("s1", "一、概述"),
    ("s2", "二、主动公开政府信息情况"),
    ("s3", "三、依申请公开政府信息情况"),
    ("fees", "四、政府信息公开收费及减免情况"),
    ("s4", "五、因政府信息公开申请行政复议、提起行政诉讼情况"),
    ("s5", "六、存在的主要问题及改进情况"),
    ("s6", "七、其他需要报告的事项"),
)


def clean(
    kind: str = "subdistrict", year: int = 2023, active: bool = True, name: str | None = None, seed: int = 0
) -> Sample:
    """A report without any fault, on `year`, by an agency of `kind` (an AgencyType code; ValueError for another).

    `active` False: no requests, no decisions, every cell 0, and prose that says so. Equal arguments make equal reports.
    """
    agency_type = AgencyType(kind)
    spec = Spec(agency_type, year, active, name or DEFAULT_NAMES[agency_type], seed)
    free = spec.edition is Edition.FREE_FORM
    return of_tables(spec, [] if free else [table(spec, key, spec.edition) for key in ("t2", "t3", "t4")])


def of_tables(spec: Spec, tables: Sequence[StatTable]) -> Sample:
    """A report with these tables, and prose that says what stands in them."""
    prose = Prose(spec, Sample(spec, tuple(tables)).cells())
    body = _sections(prose, {t.key: t for t in tables}) if tables else _free_form(prose)
    return Sample(spec, (*_head(prose), *body, *_tail(spec)))


def added_up(spec: Spec, values: Mapping[str, str]) -> Sample:
    """The report of a government whose tables print these sums (address → raw)."""
    return of_tables(spec, [table(spec, key, spec.edition, values) for key in ("t2", "t3", "t4")])


def table(spec: Spec, key: str, edition: Edition, values: Mapping[str, str] | None = None) -> StatTable:
    """A table in an edition: with these raw values by address, else with those of a clean report."""
    values = figures.cells(spec, key, edition) if values is None else values
    return _printed(key, edition, tuple(values.items()))


@lru_cache(_KEPT)
def _printed(key: str, edition: Edition, items: tuple[tuple[str, str], ...]) -> StatTable:
    """Most agencies have the same few tables 三 and 四."""
    values = dict(items)
    section = form.SECTION_BY_KEY[form.TABLE_SECTIONS[key]].short
    return StatTable(key, section, tuple(printed_block(b, values) for b in form.blocks(key, edition)))


def printed_block(block: form.Block, values: Mapping[str, str]) -> PrintedBlock:
    """A block of the form as it is printed with these values."""
    rows = tuple(
        DataRow(r.key, r.label, r.group, tuple(values[block.address(r.key, c.key)] for c in block.columns))
        for r in block.rows
    )
    headers = tuple(Header(c.key, c.label, c.group) for c in block.columns)
    corner = {"t2": "信息内容", "t3": form.T3_CAPTION, "t4": ""}[block.table]
    groups = form.T3_GROUPS if block.table == "t3" else form.T4_GROUPS
    return PrintedBlock(block, block.title, corner, headers, rows, tuple(groups.items()))


def published(spec: Spec) -> date:
    """The day on which the report was put on the web: within the deadline."""
    if spec.kind is AgencyType.GOVERNMENT or spec.edition is Edition.FREE_FORM:
        return date(spec.year + 1, 3, 18 + spec.pick("published", 9))
    return date(spec.year + 1, 1, 16 + spec.pick("published", 12))


def _head(prose: Prose) -> Iterator[Piece]:
    spec = prose.spec
    yield Paragraph("published", f"发布日期：{published(spec).isoformat()}", style=Style.PAGE)
    yield Paragraph("title", f"{spec.name}{spec.year}年政府信息公开工作年度报告", style=Style.TITLE)
    for text in prose.preamble():
        yield Paragraph("preamble", text)


def _sections(prose: Prose, tables: Mapping[str, StatTable]) -> Iterator[Piece]:
    for section in form.SECTIONS:
        yield Paragraph(f"{section.short}.heading", section.heading, section.short, Style.HEADING)
        if section.short in TABLE_IN_SECTION:
            yield tables[TABLE_IN_SECTION[section.short]]
        for key, text in _body(section.short, prose):
            yield Paragraph(key, text, section.short)


def _body(section: str, prose: Prose) -> list[tuple[str, str]]:
    if section == "s1":
        aspects = [(f"s1.{aspect.key}", prose.aspect(aspect.key)) for aspect in form.ASPECTS]
        return [("s1.lead", prose.lead()), *aspects]
    if section == "s5":
        return [("s5.p", prose.problems()), ("s5.m", prose.measures())]
    return [(f"s6.{key}", text) for key, text in prose.items().items()] if section == "s6" else []


def _free_form(prose: Prose) -> Iterator[Piece]:
    for key, heading in _FREE_FORM:
        yield Paragraph(f"{key}.heading", heading, key, Style.HEADING)
        if key == "s5":
            yield Paragraph("s5.p", prose.problems(), key)
            yield Paragraph("s5.m", prose.measures(), key)
        else:
            idle = key == "s3" and not prose.spec.active
            yield Paragraph(f"{key}.body", prose.free_form("s3_idle" if idle else key), key)


def _tail(spec: Spec) -> Iterator[Piece]:
    day = published(spec)
    signed = day.replace(day=day.day - 3)
    yield Paragraph("signoff", spec.name, style=Style.SIGNOFF)
    yield Paragraph("signoff", f"{signed.year}年{signed.month}月{signed.day}日", style=Style.SIGNOFF)
