"""What Shandong's and Gansu's notices ask for, in the wordings that the examples do not show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gdcore import profile, settings
from gdcore.place import Anchor, Place
from gdcore.report import Remark, RemarkKind, Report
from tests.judged import changed, told, verdicts

SHANDONG, GANSU = (profile.load(name, settings.load({})) for name in ("SD", "GS"))
ITEMS = ["fee", "priorities", "proposals", "innovation", "data_notes", "own_matters", "required_matters"]


def sixth(*texts: str) -> Report:
    """A report whose section 六 has just these paragraphs."""
    return changed(drop=[f"s6.{item}" for item in ITEMS], insert={"s6.heading": list(texts)})


@pytest.mark.parametrize(
    ("code", "texts", "expected"),
    [
        ("REG-SD-01", ["（一）收费情况。无。"], "pass"),
        ("REG-SD-02", ["全面落实上级工作要点，任务全部完成。", "另有事项：无。"], "pass"),
        ("REG-SD-02", ["全面落实上级政务公开工作", "要点，各项任务全部完成。"], "pass"),
        ("REG-SD-02", ["全面落实上级工作部署，任务全部完成。"], "fail"),
        ("REG-SD-02", ["（一）工作要点落实情况。无。"], "review"),
        ("REG-SD-04", ["（一）工作创新情况。无。"], "pass"),
    ],
)
def test_items_of_section_six(code: str, texts: list[str], expected: str) -> None:
    """Under a heading in other words, without any heading, across a line break."""
    ((outcome, _),) = told(code, sixth(*texts), profile=SHANDONG)
    assert outcome == expected


def test_item_points_at_where_it_stands() -> None:
    """At the paragraph that names it, not at the whole section."""
    read = sixth("全面落实上级工作要点，任务全部完成。", "另有事项：无。")
    (verdict,) = verdicts("REG-SD-02", read, profile=SHANDONG)
    assert len(verdict.anchors) == 1


def test_items_in_an_image() -> None:
    """A section whose text is an image was not read; beside text, the image may show what the text lacks."""
    remark = Remark(RemarkKind.EMBEDDED, "s6", (Anchor("s6", Place()),), "image")
    empty = changed(drop=["signoff", *(f"s6.{item}" for item in ITEMS)])
    assert told("REG-SD-04", replace(empty, remarks=(remark,)), profile=SHANDONG) == [("not_evaluated", "s6")]
    spoken = sixth("本年度各项工作平稳有序。")
    assert told("REG-SD-04", replace(spoken, remarks=(remark,)), profile=SHANDONG) == [("review", "s6.innovation")]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["3.人大代表建议和政协提案办理结果公开情况。均按期办结，办结率为100%。"], "fail"),
        (["（三）建议提案办理。其中人大建议均已办结，代表满意。"], "fail"),
        (["全年的人大代表建议均按期办结，办结率为100%。"], "fail"),
        (["全年办理人大代表建议3件、政协提案2件。"], "pass"),
        (["（三）群众合理化建议采纳情况。均已采纳。"], "not_applicable"),
        (["各项工作平稳有序，群众满意。"], "not_applicable"),
    ],
)
def test_proposals_are_counted(texts: list[str], expected: str) -> None:
    """The number of the item is no count; suggestions of the public are none of the congress's."""
    assert told("REG-SD-08", sixth(*texts), profile=SHANDONG) == [(expected, "s6.proposals")]


def test_overview_that_is_not_there() -> None:
    """STR-01 tells of it; nothing more is missing."""
    read = changed(drop=["s1"])
    for code in ("REG-GS-01", "REG-GS-02", "REG-GS-03"):
        assert told(code, read, profile=GANSU) == [("not_applicable", "s1")]


def test_what_is_missing_is_shown_where_it_belongs() -> None:
    """In the aspect of section 一 that should tell it, else in the section."""
    aspects = ["（一）主动公开。全年主动公开政府信息120条。", "（三）政府信息管理。落实三审三校制度。"]
    drop = ["s1.lead", "s1.a1", "s1.a2", "s1.a3", "s1.a4", "s1.a5"]
    for texts, shown in ((aspects, {"s1.a3"}), (aspects[:1], {"s1.a1"})):
        (verdict,) = verdicts("REG-GS-01", changed(drop=drop, insert={"s1.heading": texts}), profile=GANSU)
        assert (verdict.outcome.value, {a.address for a in verdict.anchors}) == ("fail", shown)
