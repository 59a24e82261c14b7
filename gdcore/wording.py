"""Addresses, rows and columns in words an office reads: `t3.result_total.natural_person` → 表三 · （七）总计 · 自然人."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gdcore import form
from gdcore.place import Anchor, Correction

_ROW_WORDS: dict[tuple[str, str], str] = {}
_COLUMN_WORDS: dict[tuple[str, str], str] = {}
for _block in (*form.T2_2021, *form.T2_2019, form.T3_2021, form.T3_2019, form.T4):
    for _row in _block.rows:
        _group = form.group_label(_row)
        _ROW_WORDS[(_block.prefix, _row.key)] = (f"{_group} " if _row.group not in ("", "result") else "") + _row.label
    for _column in _block.columns:
        _COLUMN_WORDS[(_block.prefix, _column.key)] = _column.label
_ITEM_WORDS = {b.key: b.title for b in (*form.T2_2019, *form.T2_2021)}
_ITEM6_WORDS = {
    "fee": "收取信息处理费情况",
    "priorities": "落实工作要点情况",
    "proposals": "建议提案办理结果公开情况",
    "innovation": "工作创新情况",
    "data_notes": "数据统计需要说明的事项",
    "own_matters": "认为需要报告的其他事项",
    "required_matters": "其他有关文件要求报告的事项",
}
_PART_WORDS = {
    "report": "全文",
    "file": "文件",
    "title": "标题",
    "preamble": "引言",
    "signoff": "落款",
    "sections": "各部分标题",
    "p": "主要问题",
    "m": "改进情况",
}


def row_word(prefix: str, row: str) -> str:
    """A row's label with its group, in words; the key itself if the form does not know it."""
    return _ROW_WORDS.get((prefix, row), row)


def column_word(prefix: str, column: str) -> str:
    """A column's label; the key itself if the form does not know it."""
    return _COLUMN_WORDS.get((prefix, column), column)


def describe(address: str) -> str:
    """An address in words an office reads: `t3.result_total.natural_person` → 表三 · （七）总计 · 自然人."""
    path, _, _ = address.partition("#")
    parts = path.split(".")
    head = parts[0]
    if head in form.TABLE_NAMES:
        return " · ".join([form.TABLE_NAMES[head], *_cell_words(head, parts[1:])])
    if head in form.SECTION_BY_SHORT:
        return form.SECTION_BY_SHORT[head].heading + (_within_section(parts[1]) if len(parts) > 1 else "")
    return _PART_WORDS.get(head, path)


def office_date(day: date) -> str:
    """A day as official documents write it: 2026年1月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


# Corrected cells that a sentence names; of more only the number is told.
_NAMED = 3


def correction(mended: Correction) -> str:
    """What was read and what a person set: 原识别“1O”，更正为“10”."""
    if mended.read == mended.set:
        return f"识别为“{mended.read}”，人工核对一致"
    if mended.mapped and mended.read is None:
        return f"原未识别，人工指定为“{mended.set}”"
    read = "原未识别" if mended.read is None else f"原识别“{mended.read}”" if mended.read else "原识别为空白"
    return f"{read}，{'人工指定为' if mended.mapped else '更正为'}" + (f"“{mended.set}”" if mended.set else "空白")


def corrections(anchors: Iterable[Anchor]) -> str:
    """The corrected cells among the evidence in one sentence; "" where there is none."""
    mended = {a.address: a.correction for a in anchors if a.correction}
    if not mended:
        return ""
    told = [f"{describe(address)}：{correction(mark)}" for address, mark in list(mended.items())[:_NAMED]]
    more = f"等 {len(mended)} 格" if len(mended) > _NAMED else ""
    return f"人工更正：{'；'.join(told)}{more}"


def _cell_words(prefix: str, parts: list[str]) -> list[str]:
    if len(parts) == 1 and parts[0] in _ITEM_WORDS:
        return [_ITEM_WORDS[parts[0]]]
    words = []
    if parts and parts[0] != "*":
        words.append(
            row_word(prefix, parts[0]) if (prefix, parts[0]) in _ROW_WORDS else f"{column_word(prefix, parts[0])}列"
        )
    if len(parts) > 1:
        words.append(column_word(prefix, parts[1]) + ("列" if parts[0] == "*" else ""))
    return words


def _within_section(part: str) -> str:
    for number, aspect in enumerate(form.ASPECTS):
        if part == aspect.key:
            return f"（{'一二三四五'[number]}）{aspect.name}"
    if part.startswith("i") and part[1:].isdigit():
        return f" · 第 {part[1:]} 项"
    return " · " + (_PART_WORDS.get(part) or _ITEM6_WORDS.get(part, part))
