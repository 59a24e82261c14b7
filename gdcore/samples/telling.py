"""An example of a rule in words: which report it starts from, what is changed in it, where the rule speaks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from gdcore import form, wording
from gdcore.agency import LEVELS
from gdcore.samples.examples import Example, Source
from gdcore.verdict import SEVERITY_NAMES, Severity

_CHANGES = {
    "set": "改单元格",
    "replace": "改文字",
    "drop": "删去",
    "insert": "插入",
    "before": "插在前面",
    "cells": "改整行",
    "add_row": "加一行",
    "add_column": "加一列",
    "edition": "换版本",
    "hybrid": "混用版本",
    "move": "移动",
    "order": "改次序",
    "split": "拆成两张表",
    "duplicate": "重复",
    "image": "换成图片",
    "metadata": "文件信息",
    "text": "全文",
}
_AGENCY = {
    "name": "名称",
    "agency_type": "类型",
    "level": "层级",
    "has_licensing": "行政许可权",
    "has_enforcement": "行政执法权",
    "aliases": "简称、曾用名",
    "superiors": "上级单位",
    "others": "其他单位",
    "reorganised": "机构变动年份",
    "founded": "设立年份",
    "abolished": "撤销年份",
    "submit_by": "报送截止",
    "publish_by": "公开截止",
}
_AREA = {
    "enable": "启用",
    "disable": "停用",
    "submit": "报送截止",
    "publish": "公开截止",
    "thresholds": "阈值",
    "notice": "本地通知",
    "blank_allowed": "允许空格",
    "sensitive": "重要表述词典",
}
_KINDS = {str(kind): name for kind, name in form.AGENCY_TYPE_NAMES.items()}


def told(example: Example) -> Iterator[str]:
    """The example line by line."""
    yield from _report(example.source)
    if example.task_year:
        yield f"应报年度：{example.task_year}"
    if example.submitted:
        yield f"报送日期：{example.submitted}"
    if example.archived:
        yield "库中有上一年度的报告"
    if example.profile != "national" or example.adjusted:
        yield f"适用方案：{example.profile}" + "".join(f"，{_area(k, v)}" for k, v in example.adjusted.items())
    if example.agency is not None:
        yield "名录：" + (
            "；".join(f"{_AGENCY.get(k, k)} {_entry(v)}" for k, v in example.agency.items()) or "有此单位"
        )
    for name, sources in (
        ("上年报告", (example.prior,) if example.prior else ()),
        ("同批报告", example.peers or ()),
        ("下级单位报告", example.subordinates or ()),
    ):
        for source in sources:
            yield f"{name}：" + "；".join(_report(source))
    if example.missing:
        yield "未报送：" + "、".join(example.missing)
    if example.severity:
        yield f"级别：{SEVERITY_NAMES[Severity(example.severity)]}"
    if example.addresses:
        yield "位置：" + "；".join(wording.describe(a) for a in example.addresses)


def _report(source: Source) -> Iterator[str]:
    kind = _KINDS.get(str(source.report.get("kind", "")), "")
    yield f"{source.report.get('year', '')} 年度{kind}报告" + ("" if source.changes else "，未改动")
    for key, value in source.changes.items():
        yield f"{_CHANGES.get(key, key)}：{_change(value)}"


def _area(key: str, value: Any) -> str:
    return f"{_AREA.get(key, key)} {_entry(value)}"


def _entry(value: Any) -> str:
    """A value of the roster or of a profile."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "、".join(f"{_KINDS.get(str(key), key)} {_entry(each)}" for key, each in value.items())
    if isinstance(value, list):
        return "、".join(_entry(each) for each in value)
    return _KINDS.get(str(value)) or LEVELS.get(str(value)) or str(value)


def _change(value: Any) -> str:
    if isinstance(value, Mapping):
        return "；".join(f"{_where(str(key))} → {_plain(new)}" for key, new in value.items())
    if isinstance(value, list):
        return "；".join(_where(each) if isinstance(each, str) else _plain(each) for each in value)
    return _plain(value)


def _where(key: str) -> str:
    return wording.describe(key) if "." in key or key in ("s1", "s2", "s3", "s4", "s5", "s6", "t2", "t3", "t4") else key


def _plain(value: Any) -> str:
    if value in ("", None):
        return "（空白）"
    if isinstance(value, list):
        return " / ".join(_plain(each) for each in value)
    return str(value) if isinstance(value, (str, int, float)) else json.dumps(value, ensure_ascii=False, default=str)
