"""The demonstration set in data/reports: one invented county, two years, files as an office gets them, goldens beside them.

`python -m gdcore.samples.demo data/reports` writes it anew. The county's own report adds up what its agencies would
have reported without their faults, so that its gaps lead to those who made them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from gdcore.form import AgencyType
from gdcore.samples.changes import apply
from gdcore.samples.compose import added_up, clean
from gdcore.samples.model import DEFAULT_NAMES, Sample, Spec
from gdcore.samples.writers import write

YEARS = (2024, 2025)


@dataclass(frozen=True, slots=True)
class Demo:
    """One file of the set; `file` is how the office named it."""

    kind: str
    name: str
    year: int
    fmt: str
    file: str
    change: Mapping[str, Any] = field(default_factory=dict)
    active: bool = True

    def clean(self) -> Sample:
        """The report before its faults."""
        return clean(self.kind, self.year, self.active, self.name)


OLD_FORM = {
    "edition": {"t2": "fmt2019", "t3": "fmt2019"},
    "replace": {"国办公开办函〔2021〕30号": "国办公开办函〔2019〕60号"},
}
AGENCIES = (
    Demo("gov_office", "云泽县人民政府办公室", 2024, "html", "县政府办2024年政府信息公开工作年度报告.html"),
    Demo("gov_office", "云泽县人民政府办公室", 2025, "docx", "云泽县人民政府办公室2025年政府信息公开工作年度报告.docx"),
    Demo("dept", "云泽县教育局", 2024, "pdf", "教育局2024年报（盖章）.pdf"),
    Demo(
        "dept",
        "云泽县教育局",
        2025,
        "html",
        "云泽县教育局2025年政府信息公开工作年度报告.html",
        {"set": {"t3.granted_full.natural_person": "6"}, "replace": {"发布日期：2026-01": "发布日期：2026-02"}},
    ),
    Demo("dept", "云泽县水务局", 2024, "docx", "水务局2024年报.docx", {"set": {"t2.licensing.decisions": "97"}}),
    Demo(
        "dept",
        "云泽县水务局",
        2025,
        "docx",
        "水务局2025年报-最终版.docx",
        {
            "set": {
                "t2.regulations.issued": "/",
                "t2.regulations.repealed": "/",
                "t2.regulations.in_force": "/",
                "t3.denied_state_secret.research": "",
                "t3.denied_state_secret.ngo": "",
            }
        },
    ),
    Demo("dept", "云泽县卫生健康局", 2024, "docx", "附件1 卫健局2024年年度报告.docx"),
    Demo("dept", "云泽县卫生健康局", 2025, "html_gbk", "卫健局2025年报.html", OLD_FORM),
    Demo("vertical", "云泽县气象局", 2024, "txt", "气象局2024.txt"),
    Demo("township", "云泽县白鹭湾镇人民政府", 2024, "txt", "白鹭湾镇2024年报.txt", active=False),
    Demo("township", "云泽县白鹭湾镇人民政府", 2025, "txt", "白鹭湾镇2025年报.txt", active=False),
    Demo(
        "township",
        "云泽县青石镇人民政府",
        2024,
        "pdf",
        "青石镇人民政府2024年度报告.pdf",
        {"replace": {"本年废止件数": "本年度止件数"}},
    ),
    Demo(
        "township",
        "云泽县青石镇人民政府",
        2025,
        "docx",
        "青石镇2025年报（报送稿）.docx",
        {
            "drop": ["s4", "s5.m"],
            "set": {
                "t3.carried_out.natural_person": "4",
                "t2.regulations.in_force": "2",
                "t3.rejected_duplicate.total": "",
            },
        },
    ),
    Demo("subdistrict", "云泽县东关街道办事处", 2024, "html", "东关街道2024年政府信息公开工作年度报告.html"),
    Demo(
        "subdistrict",
        "云泽县东关街道办事处",
        2025,
        "pdf",
        "东关街道2025年报.pdf",
        {
            "drop": ["s1.a3", "s6.fee"],
            "insert": {"s1.a5": ["如需了解办理进度，可联系经办人张某，手机13900000000。"]},
        },
    ),
    Demo("subdistrict", "云泽县柳浪街道办事处", 2024, "txt", "柳浪街道年报2024.txt"),
    Demo(
        "subdistrict",
        "云泽县柳浪街道办事处",
        2025,
        "docx",
        "柳浪街道年报2025.docx",
        {"drop": ["t3"], "replace": {"2025年，街道": "2024年，街道"}},
    ),
    Demo("authorized_org", "云泽县经济开发区管理委员会", 2024, "html_gbk", "经开区管委会2024年报.html"),
    Demo(
        "authorized_org",
        "云泽县经济开发区管理委员会",
        2025,
        "pdf",
        "经开区管委会2025年报.pdf",
        {
            "drop": ["s5", "s6.fee", "s1.a4", "t3.rejected_excessive"],
            "set": {"t4.review.total": "3", "t3.new_received.business": "9", "t3.granted_partial.total": "12"},
            "replace": {"（二）依申请公开。": "（二）办理情况。"},
        },
    ),
)
_COUNTY = DEFAULT_NAMES[AgencyType.GOVERNMENT]
COUNTY = (
    Demo("government", _COUNTY, 2024, "docx", "云泽县人民政府2024年政府信息公开工作年度报告.docx"),
    Demo(
        "government",
        _COUNTY,
        2025,
        "pdf",
        "云泽县人民政府2025年政府信息公开工作年度报告.pdf",
        {"set": {"t2.penalty.decisions": "88"}},
    ),
)
WEBSITE_FORM = """政府网站工作年度报表
（2025年度）
填报单位：云泽县人民政府办公室
网站名称：云泽县人民政府门户网站
首页网址：http://www.yunze.example
主办单位：云泽县人民政府办公室
独立用户访问总量（单位：个）：318204
网站总访问量（单位：次）：1204315
信息发布总数（单位：条）：4316
专栏专题维护数量（单位：个）：12
解读信息发布总数（单位：条）：38
办事服务事项数量（单位：项）：1105
收到留言数量（单位：条）：262
"""
WEBSITE_FILE = "县政府门户网站2025年度报表.html"


def samples() -> Iterator[tuple[str, str, Sample]]:
    """File name, format and report of everything in the set that is a report."""
    for demo in AGENCIES:
        yield demo.file, demo.fmt, apply(demo.clean(), demo.change)
    for demo in COUNTY:
        yield demo.file, demo.fmt, apply(_added_up(demo.year), demo.change)


def _added_up(year: int) -> Sample:
    """The county's report: Σ of its agencies, those under a system of their own (垂直管理) left out."""
    spec = Spec(AgencyType.GOVERNMENT, year, True, _COUNTY)
    sums: dict[str, Decimal] = {}
    for demo in AGENCIES:
        if demo.year == year and demo.kind != AgencyType.VERTICAL:
            for address, raw in demo.clean().cells().items():
                sums[address] = sums.get(address, Decimal()) + Decimal(raw)
    values = {address: str(total) for address, total in sums.items()}
    return added_up(spec, values)


def generate(folder: Path) -> list[Path]:
    """Write every file and its golden into a folder; the files' paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for file, fmt, sample in samples():
        golden = {"agency": sample.spec.name, "year": sample.spec.year, "cells": sample.cells()}
        paths.append(_put(folder / file, write(sample, fmt), golden))
    page = write(apply(clean("gov_office", 2025), {"text": WEBSITE_FORM}), "html")
    paths.append(_put(folder / WEBSITE_FILE, page, {"agency": None, "year": None, "cells": {}}))
    return paths


def _put(path: Path, data: bytes, golden: Mapping[str, Any]) -> Path:
    path.write_bytes(data)
    told = json.dumps(golden, ensure_ascii=False, indent=1) + "\n"
    path.with_name(f"{path.name}.golden.json").write_text(told, "utf-8")
    return path


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m gdcore.samples.demo FOLDER")
    for written in generate(Path(sys.argv[1])):
        print(written)
