"""The five aspects of section 一 and the results that governments tell: edges of what the examples show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gdcore import form
from gdcore.place import Anchor, Place
from gdcore.report import Heading, Part, Remark, RemarkKind, Report, Section
from tests.judged import changed, faults, told, verdicts
from tests.printed import passage, report

ASPECTS = ["s1.lead", "s1.a1", "s1.a2", "s1.a3", "s1.a4", "s1.a5"]


def overview(*texts: str) -> Report:
    """A report whose section 一 has just these paragraphs."""
    return changed(drop=ASPECTS, insert={"s1.heading": list(texts)})


def with_image(read: Report, address: str) -> Report:
    """The report with an image in one of its parts."""
    return replace(read, remarks=(Remark(RemarkKind.EMBEDDED, address, (Anchor(address, Place()),), "image"),))


def test_sub_heading_alone_shows_an_aspect() -> None:
    """Even where neither it nor the text says one of the words looked for; the verdict points at the sub-heading."""
    read = overview(
        "（一）做好公开内容。围绕中心工作发布各类政策文件解读。", "（二）依申请公开。全年未收到申请，渠道畅通。"
    )
    (verdict,) = verdicts("STR-10", read)
    assert (verdict.outcome.value, {a.address for a in verdict.anchors}) == ("pass", {"s1.a1"})


def test_aspects_of_a_free_form_report() -> None:
    """STR-27 tells of the form; that the aspects of the new one lack is no news."""
    body = Section("s1_overview", True, None, (passage("本局加强组织领导，健全各项工作制度，全年平稳有序。", "s1"),))
    titles = ("概述", "政府信息公开收费及减免情况")
    headings = tuple(Heading(None, passage(title, "sections"), None, None) for title in titles)
    sections = (body, *(Section(s.key, False) for s in form.SECTIONS[1:]))
    free = report(sections=sections, headings=headings, t3=None)
    assert told("STR-11", free) == [("not_applicable", "s1.a2")]
    assert told("STR-11", replace(free, headings=headings[:1])) == [("fail", "s1.a2")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("（三）政府信息管理。每月清理过期的信息。", []),
        ("（三）政府信息管理。每月清理过期信息。", ["s1.a3"]),
        ("（二）依申请公开。", ["s1.a2"]),
        ("（二）依申请公开。没有收到。", []),
        ("（五）监督保障。无申请。", ["s1.a5"]),
        ("（四）加强政府信息公开平台建设管理维护各类栏目专栏方便群众用", ["s1.a4"]),
        ("（四）加强政府信息公开平台建设管理维护各类栏目专栏方便群众查阅", []),
    ],
)
def test_content_below_a_sub_heading(text: str, expected: list[str]) -> None:
    """Ten characters, a denial of requests or a sub-heading of more than thirty characters are content."""
    read = overview("全年政府信息公开工作平稳有序，各项任务均已完成。", text)
    assert faults("STR-15", read) == [("fail", address) for address in expected]


def test_aspect_that_is_an_image() -> None:
    """Nothing is said of what was not read; another aspect is judged all the same."""
    read = overview("全年政府信息公开工作平稳有序，各项任务完成。", "（三）政府信息管理", "（五）监督保障。无。")
    assert faults("STR-15", with_image(read, "s1.a3")) == [("not_evaluated", "s1.a3"), ("fail", "s1.a5")]


def test_aspect_without_sub_heading_is_passed_over() -> None:
    """What was known by its content alone has no sub-heading to be empty; the next one is still judged."""
    parts = (Part("a1", None, ()), Part("a3", passage("（三）政府信息管理", "s1.a3"), ()))
    sections = (Section("s1_overview", True, None, (), parts), *(Section(s.key, True) for s in form.SECTIONS[1:]))
    (verdict,) = verdicts("STR-15", report(sections=sections))
    assert (verdict.outcome.value, verdict.address, verdict.found) == ("fail", "s1.a3", "（三）政府信息管理")


def test_what_stands_below_an_empty_sub_heading_is_quoted() -> None:
    """The printed words, not the sub-heading's."""
    (verdict,) = (
        v for v in verdicts("STR-15", overview("全年工作平稳有序，任务均已完成。", "（五）监督保障。无。")) if v.found
    )
    assert verdict.found == "无。"


def test_agency_of_unknown_kind() -> None:
    """Whether it is a government decides whether the results are due."""
    read = changed("government")
    nameless = replace(read, identity=replace(read.identity, agency_type=None))
    assert told("STR-22", nameless) == [("not_evaluated", "s1.a5")]


def test_results_may_be_in_an_image() -> None:
    """A government's section 一 with an image in it lacks nothing for certain."""
    read = changed("government", drop=["s1.a5"], insert={"s1.a4": ["（五）监督保障。指定专人负责，组织业务培训3次。"]})
    assert told("STR-22", read) == [("fail", "s1.a5")]
    assert told("STR-22", with_image(read, "s1")) == [("review", "s1.a5")]
