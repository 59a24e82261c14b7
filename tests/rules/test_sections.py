"""What the examples of the STR rules cannot say: images in the place of prose, profiles' own rules, lists of titles."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from gdcore.checking import Facts, Task, check, judge, overall
from gdcore.figure import Passage
from gdcore.place import Anchor, Place
from gdcore.profile import Profile
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.report import Remark, RemarkKind, Report
from gdcore.rules import CATALOGUE
from gdcore.rules.frame import _declared, _listed, _title_faults
from gdcore.rules.structure import _is_run
from gdcore.samples import clean, write
from gdcore.verdict import Outcome
from tests.judged import changed

PROFILE = Profile("national", "全国通用")


@cache
def clean_report(kind: str = "dept", year: int = 2023) -> Report:
    """A clean report as a text file would give it."""
    return recognise(read(write(clean(kind, year), "txt"), "a.txt"), "a.txt")


def with_image(report: Report, address: str) -> Report:
    """The report with an image in one of its sections."""
    return replace(
        report, remarks=(*report.remarks, Remark(RemarkKind.EMBEDDED, address, (Anchor(address, Place()),), "image"))
    )


def outcome(code: str, report: Report, task_year: int | None = None) -> Outcome:
    """What one rule says of a report."""
    return overall(judge(CATALOGUE[code], Facts(report, PROFILE, Task(task_year))))


def test_section_that_is_an_image_is_not_evaluated() -> None:
    """Text that was not read is neither missing nor empty."""
    report = with_image(changed(drop=["s5.p", "s5.m"]), "s5")
    assert {code: outcome(code, report) for code in ("STR-05", "STR-23", "STR-16", "STR-17")} == {
        "STR-05": Outcome.PASS,
        "STR-23": Outcome.NOT_EVALUATED,
        "STR-16": Outcome.NOT_EVALUATED,
        "STR-17": Outcome.NOT_EVALUATED,
    }


def test_section_behind_an_image_may_be_in_it() -> None:
    """A page whose 二 to 四 are one image, headings and all, lacks no section for certain."""
    report = with_image(changed(drop=["s2"]), "s1")
    assert outcome("STR-02", report) is Outcome.REVIEW


def test_aspect_beside_an_image_may_be_in_it() -> None:
    """The same for an aspect of 一."""
    texts = ["（一）主动公开。全年主动公开政府信息120条。", "（二）依申请公开。全年未收到政府信息公开申请。"]
    report = changed(drop=["s1.lead", "s1.a1", "s1.a2", "s1.a3", "s1.a4", "s1.a5"], insert={"s1.heading": texts})
    assert outcome("STR-12", report) is Outcome.FAIL
    assert outcome("STR-12", with_image(report, "s1")) is Outcome.REVIEW


def test_year_of_the_task_decides_the_edition() -> None:
    """A report collected for 2018 needs no unified structure, whatever it prints."""
    report = changed(drop=["s4"])
    assert outcome("STR-04", report) is Outcome.FAIL
    assert outcome("STR-04", report, task_year=2018) is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(("drop", "expected"), [([], Outcome.PASS), (["signoff"], Outcome.FAIL)])
def test_sign_off_where_a_profile_asks_for_it(drop: list[str], expected: Outcome) -> None:
    """STR-25, which no shipped profile switches on."""
    assert outcome("STR-25", changed(drop=drop) if drop else clean_report()) is expected


@pytest.mark.parametrize(
    "kind", ["dept", "township", "subdistrict", "government", "gov_office", "authorized_org", "vertical"]
)
@pytest.mark.parametrize("year", [2018, 2019, 2020, 2021, 2024])
def test_clean_reports_have_no_structural_finding(kind: str, year: int) -> None:
    """Neither under the national profile nor with every rule switched on."""
    checked = check(Facts(clean_report(kind, year), PROFILE))
    families = ("STR", "QUA-11", "QUA-12") + (("REG-SD",) if year >= 2021 else ())
    assert [(f.rule, f.message) for f in checked.findings if f.rule.startswith(families)] == []


@pytest.mark.parametrize(
    "title",
    [
        "甲区江岸街道办事处2022年政府信息公开工作年度报告",
        "乙市审计局2020年度政府信息公开工作年度报告",
        "丙县卫生健康局2020年度政府信息公开工作报告",
        "丁市甲区江南街道2020年政府信息公开年度报告",
        "2022年丁市政府信息公开工作年度报告",
        "甲区钢花街道政府信息公开2023年度工作报告",
        "丙县工业和信息化局关于2021年度政府信息公开工作年度报告",
        "2025年政府信息公开工作年度报告",
        "某局二〇二三年政府信息公开工作年度报告",
    ],
)
def test_titles_in_use_are_accepted(title: str) -> None:
    """Titles in the forms that agencies print."""
    assert _title_faults(title)[1] == []


@pytest.mark.parametrize(
    ("title", "severity", "fault"),
    [
        ("某开发区管委会2023年信息公开工作年度报告", "info", "缺“政府”"),
        ("某部2024年政府信息公开工作报告", "info", "缺“年度”"),
        ("某镇2019年政府政务公开年报", "warning", "缺“信息公开”"),
        ("某局政府信息公开工作年度报告", "warning", "缺年份"),
    ],
)
def test_titles_that_lack_something(title: str, severity: str, fault: str) -> None:
    """One slip is advice; a title that no longer says what or when it is, a warning."""
    grade, faults = _title_faults(title)
    assert (grade.value, faults) == (severity, [fault])


@pytest.mark.parametrize(
    ("numerals", "absent", "expected"),
    [
        ([1, 2, 3, 4, 5, 6], set(), True),
        ([1, 2, 3, 4, 4, 6], set(), False),
        ([1, 2, 3, 5, 6], set(), False),
        ([1, 2, 3, 5, 6], {4}, True),
        ([1, 2, 3, 4, 5], {4}, True),
        ([None, 2, 3, None, 5, 6], set(), True),
        ([1, 1, 2, 3, 5], {5}, False),
        ([2, 3, 4, 5, 6], {1}, True),
    ],
)
def test_numerals_count_up(numerals: list[int | None], absent: set[int], expected: bool) -> None:
    """A gap is explained by a section that is not there."""
    assert _is_run(numerals, absent) is expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (
            "报告全文包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议及行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项6个部分。",
            6,
        ),
        (
            "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项等六部分组成。",
            6,
        ),
        (
            "全文共六个部分：1.总体情况;2.主动公开政府信息情况;3.收到和处理政府信息公开申请情况;4.行政复议、行政诉讼情况;5.存在的主要问题及改进情况;6.其他需要报告的事项。",
            6,
        ),
        (
            "全文包括“总体情况”“主动公开政府信息情况”“收到和处理政府信息公开申请情况”“行政复议、行政诉讼情况”“存在的主要问题及改进情况”“其他需要报告的事项”六个部分。",
            6,
        ),
        ("本报告共六个部分。", 6),
        ("本报告的一部分数据由各科室提供，第三部分为表格。", None),
    ],
)
def test_declared_number_of_parts(text: str, number: int | None) -> None:
    """The number that an introduction gives, and a list that agrees with it however it is divided."""
    declared = _declared(Passage(text))
    assert (declared[0] if declared else None) == number
    if declared and _listed(declared[1]):
        assert number in _listed(declared[1])
