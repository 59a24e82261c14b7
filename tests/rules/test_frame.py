"""Title, introduction and contact: what the examples of STR-19…24 leave open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gdcore.report import Heading
from gdcore.rules.frame import _declared, _listed, _title_faults
from tests.judged import changed, told
from tests.printed import passage, report

PARTS = "总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况"
THREE_MORE = "行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项"


@pytest.mark.parametrize(
    ("title", "faults"),
    [
        ("云泽县民政局2023年政府信息公开工作的年度报告", ["多“的”字"]),
        ("云泽县民政局2023年度的政府信息公开工作报告", ["多“的”字"]),
        ("云泽县民政局2023年政府信息公开工作总结", ["缺“报告”"]),
        ("云泽县民政局政府信息公开年报", ["缺年份"]),
        ("云泽县民政局2023年信息公开工作报告", ["缺“政府”", "缺“年度”"]),
        ("云泽县民政局2023年政府信息主动公开工作年报", []),
    ],
)
def test_faults_of_a_title(title: str, faults: list[str]) -> None:
    """Each slip by itself."""
    assert _title_faults(title)[1] == faults


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, "fail"),
        ({"creator": "云泽县民政局", "title": "云泽县民政局2023年政府信息公开工作年度报告"}, "pass"),
        ({"creator": "云泽县民政局", "title": "新建文档"}, "fail"),
    ],
)
def test_title_supplied_by_the_page(metadata: dict[str, str], expected: str) -> None:
    """A page may give the title beside the text."""
    assert told("STR-19", report(metadata=metadata)) == [(expected, "title")]


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("0000-5551809", "pass"),
        ("邮政编码 250000 通讯地址见网站", "pass"),
        ("云泽县民政局 2024年1月8日", "fail"),
        ("业务咨询编号202312310001", "fail"),
    ],
)
def test_contact_at_the_end(closing: str, expected: str) -> None:
    """A bare telephone number is one, a date or a long number none."""
    assert told("STR-21", report(signoff=(passage(closing, "signoff"),))) == [(expected, "preamble")]


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("本报告分为3个部分", 3),
        ("本报告分为10个部分", 10),
        ("本报告分为2个部分", None),
        ("本报告分为三个部分", 3),
        ("全局工作分为四个部分。本报告见网站", None),
    ],
)
def test_number_of_parts(sentence: str, number: int | None) -> None:
    """Three at least, in a sentence about the report."""
    declared = _declared(passage(sentence, "preamble"))
    assert (declared and declared[0]) == number


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("本报告共六个部分、四个附件、三张表", set()),
        ("总体情况、主动公开政府信息情况、附表、附图", set()),
        (f"由{PARTS}三个部分组成", {3}),
        ("由“总体情况”“复议诉讼有关内容”“主动公开政府信息情况”“收到和处理政府信息公开申请情况”组成", {3, 4}),
        ("(一)总体情况,(二)主动公开政府信息情况,(三)收到和处理政府信息公开申请情况,(四)复议诉讼", {3, 4}),
        ("总体情况;主动公开政府信息情况;收到和处理政府信息公开申请情况;复议诉讼", {3, 4}),
        (f"本报告包括:{PARTS}、复议诉讼有关内容,附有“表”和“图”;另见网站", {3, 4}),
        (f"{PARTS}、政府信息公开行政复议、行政诉讼情况", {4}),
    ],
)
def test_parts_that_a_sentence_lists(sentence: str, numbers: set[int]) -> None:
    """However the list is divided; a title that is not recognised is counted by the marks around it."""
    assert _listed(sentence) == numbers


@pytest.mark.parametrize(
    ("introduction", "expected"),
    [
        ([f"本报告由{PARTS}、存在的主要问题及改进情况、其他需要报告的事项等六个部分组成。"], "fail"),
        ([f"本报告由{PARTS}、{THREE_MORE}六个部分组成。"], "pass"),
        (["现公布本机关年度报告。", "本报告共五个部分。"], "fail"),
        (["本报告共六个部分。", "本报告共五个部分。"], "pass"),
        (["本报告共七个部分。"], "fail"),
    ],
)
def test_declared_parts(introduction: list[str], expected: str) -> None:
    """What is listed, and what is there; the first sentence that gives a number counts."""
    read = report(preamble=tuple(passage(text, "preamble") for text in introduction))
    assert told("STR-24", read) == [(expected, "preamble")]


@pytest.mark.parametrize(
    ("numeral", "number", "expected"), [(7, "七", "pass"), (7, "六", "pass"), (None, "七", "fail"), (7, "八", "fail")]
)
def test_declared_parts_with_one_too_many(numeral: int | None, number: str, expected: str) -> None:
    """A seventh numbered part is one of the parts (STR-26 tells of it), a short line without a number none."""
    read = changed(drop=["preamble"], insert={"title": [f"本报告由{number}个部分组成。"]})
    seventh = Heading(None, passage("附图", "sections"), numeral, None)
    assert told("STR-24", replace(read, headings=(*read.headings, seventh))) == [(expected, "preamble")]
