"""Sections 五 and 六: problems, measures and the fee, where an example would be clumsy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gdcore.place import Anchor, Place
from gdcore.report import Remark, RemarkKind, Report
from tests.judged import changed, told, verdicts

ITEMS = ["fee", "priorities", "proposals", "innovation", "data_notes", "own_matters", "required_matters"]


def fifth(*texts: str) -> Report:
    """A report whose section 五 has just these paragraphs."""
    return changed(drop=["s5.p", "s5.m"], insert={"s5.heading": list(texts)})


def sixth(*texts: str) -> Report:
    """A report whose section 六 has just these paragraphs."""
    return changed(drop=[f"s6.{item}" for item in ITEMS], insert={"s6.heading": list(texts)})


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["（一）存在的主要问题。公开形式单一，群众知晓度不高。", "（二）努力方向。多办几场群众开放日。"], "pass"),
        (["（一）存在的主要问题。公开形式单一，群众知晓度不高。", "（二）努力方向。多办几场开放日。"], "fail"),
        (["（一）存在的主要问题。公开形式单一，群众知晓度不高。今后多办几场开放日。"], "pass"),
        (["（一）存在的主要问题。公开形式单一，群众知晓度不高，需要改进。"], "fail"),
        (["一年来虽然加强了培训，但公开形式单一。", "年底已经完善目录，增配专职人员。"], "pass"),
        (["本年度政府信息公开工作不存在问题，各项任务按期完成。"], "not_applicable"),
        (["公开形式单一，群众知晓度不高，栏目更新也不及时。"], "fail"),
    ],
)
def test_improvement(texts: list[str], expected: str) -> None:
    """Measures under a title of their own, within the problems, after a concession; wishes are none."""
    assert told("STR-17", fifth(*texts)) == [(expected, "s5.m")]


def test_improvement_points_at_where_it_stands() -> None:
    """At the half that tells it."""
    (verdict,) = verdicts("STR-17", fifth("（一）存在的主要问题。公开形式单一，知晓度不高。今后多办几场开放日。"))
    assert {a.address for a in verdict.anchors} == {"s5.p"}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["（一）主要问题。公开形式单一。", "（二）改进措施。一是增加图解。二是配齐人员。"], "not_applicable"),
        (["（一）主要问题。一是公开形式单一。二是人员不稳定。", "（二）改进措施。增加图解。"], "not_applicable"),
        (["（一）主要问题。一是公开形式单一。", "（二）改进措施。一是增加图解。二是配齐人员。"], "not_applicable"),
        (
            ["（一）主要问题。一是形式单一。三是人员不稳。", "（二）改进措施。一是增图。二是招人。三是办班。"],
            "not_applicable",
        ),
        (["（一）主要问题。一是图解偏少。二是位置偏僻。", "（二）改进措施。一是增加图解。二是招考聘人。"], "pass"),
        (["（一）主要问题。一是图解偏少。二是位置偏僻。", "（二）改进措施。一是每天锻炼。二是招考聘人。"], "fail"),
        (
            [
                "上年提出的两条：一是更新慢，二是无专人，均已办结。",
                "（一）主要问题。一是图解偏少。二是位置偏僻。三是人员不稳。",
                "（二）改进措施。一是增加图解。二是招考聘人。",
            ],
            "fail",
        ),
    ],
)
def test_measures_against_problems(texts: list[str], expected: str) -> None:
    """Only lists in both halves are compared: by their numbers, then by whether they share any matter."""
    assert told("STR-28", fifth(*texts)) == [(expected, "s5.m")]


def test_section_that_is_an_image() -> None:
    """Its lists were not read."""
    read = changed(drop=["s5.p", "s5.m"])
    remark = Remark(RemarkKind.EMBEDDED, "s5", (Anchor("s5", Place()),), "image")
    assert told("STR-28", replace(read, remarks=(remark,))) == [("not_evaluated", "s5")]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2023年度，本机关提供政府信息未", "另行收费。"], "pass"),
        (["（一）收取信息处理费的情况：无。", "（二）其他事项：无。"], "pass"),
        (["更新了涉企收费清单。", "行政事业性收费目录已经公布。"], "fail"),
    ],
)
def test_fee(texts: list[str], expected: str) -> None:
    """Also where a line breaks in the middle of the sentence; other fees are other fees."""
    assert told("STR-18", sixth(*texts)) == [(expected, "s6.fee")]
