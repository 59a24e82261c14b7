"""The TXT rules: where they point, how sure they are, and where only a person can tell."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gdcore import form
from gdcore.checking import Checked, Facts, check, judge, overall
from gdcore.figure import Passage
from gdcore.finding import Finding
from gdcore.form import Edition
from gdcore.place import Anchor, Place
from gdcore.report import Part, Section
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Severity
from tests.printed import NATIONAL, report, table

NEW, IN, DONE, OUT = (f"t3.{row}.total" for row in ("new_received", "carried_in", "result_total", "carried_out"))
DEPT, GOVERNMENT = "云泽县教育局", "云泽县人民政府"


@pytest.fixture(autouse=True)
def no_rule_crashes(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A rule that crashes is told as not evaluated: here that is no answer."""
    yield
    assert [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.ERROR] == []


def facts(text: str, cells: dict[str, str], agency: str = DEPT, year: int = 2023, **fields: Any) -> Facts:
    """A report that says this under 依申请公开, with these cells and 0 in all others."""
    passage = Passage(text, (Anchor("s1.a2", Place(line=4), 7, (0, len(text))),))
    s1 = Section("s1_overview", True, None, (passage,), (Part("a2", None, (passage,)),))
    rest = (Section(s.key, True) for s in form.SECTIONS[1:])
    edition = Edition.of_year(year)
    tables = {
        key: table(key, edition, {a: v for a, v in cells.items() if a.startswith(key)}) for key in ("t2", "t3", "t4")
    }
    return Facts(report(agency, year, **{"sections": (s1, *rest), **tables, **fields}), NATIONAL)


def checked(text: str, cells: dict[str, str], agency: str = DEPT, year: int = 2023, **fields: Any) -> Checked:
    """All rules on such a report."""
    return check(facts(text, cells, agency, year, **fields))


def outcome(code: str, text: str, cells: dict[str, str], agency: str = DEPT, year: int = 2023, **fields: Any) -> str:
    """What one rule says of such a report."""
    return str(overall(judge(CATALOGUE[code], facts(text, cells, agency, year, **fields))))


def findings(result: Checked, code: str) -> list[Finding]:
    return [f for f in result.findings if f.rule == code]


def test_a_finding_names_both_sides_and_lights_the_cell_and_the_words() -> None:
    text = "全年收到申请12件，办结12件。"
    (finding,) = findings(checked(text, {NEW: "13", DONE: "12", OUT: "1"}), "TXT-02")
    assert finding.address == "s1.a2#received_or_total"
    assert finding.message == "正文“收到申请12件”，表三本年新收 13 件、上年结转 0 件"
    assert finding.suggestion == "正文收到申请12件，表格新收13件（上年结转0件），请核对。"
    assert [a.span for a in finding.anchors if a.block == 7] == [(2, 9)]
    assert NEW in finding.cells
    assert (finding.severity, finding.outcome) == (Severity.ERROR, Outcome.FAIL)


@pytest.mark.parametrize("told", ["12", "14"])
def test_received_may_or_may_not_include_what_was_carried_in(told: str) -> None:
    result = checked(f"全年受理申请{told}件。", {NEW: "12", IN: "2", DONE: "14"})
    assert result.outcomes["TXT-02"] is Outcome.PASS


def test_an_office_and_its_county_may_count_differently() -> None:
    """In a government's report the prose may give the office's own number: a doubt, not a fault."""
    text, cells = "县政府办公室收到申请18件，办结17件。", {NEW: "120", DONE: "120"}
    for code in ("TXT-02", "TXT-04"):
        (finding,) = findings(checked(text, cells, GOVERNMENT), code)
        assert finding.outcome is Outcome.REVIEW
        assert "统计范围" in finding.message
    assert findings(checked("我局收到申请18件。", cells), "TXT-02")[0].outcome is Outcome.FAIL


def test_the_whole_area_beside_the_own_number_is_no_fault() -> None:
    text = "全县行政机关共收到政府信息公开申请120件，其中县政府办公室收到18件。"
    for printed in ("18", "120"):
        assert checked(text, {NEW: printed, DONE: printed}, GOVERNMENT).outcomes["TXT-02"] is Outcome.PASS


def test_an_approximate_number_is_at_most_a_doubt() -> None:
    result = checked("全年收到申请约20件。", {NEW: "33", DONE: "33"})
    assert [f.outcome for f in findings(result, "TXT-02")] == [Outcome.REVIEW]


def test_a_denial_silences_the_comparison_of_numbers() -> None:
    result = checked("全年未收到政府信息公开申请。", {NEW: "3", DONE: "3"})
    assert result.outcomes["TXT-01"] is Outcome.FAIL
    assert result.outcomes["TXT-02"] is Outcome.NOT_APPLICABLE


def test_requests_told_beside_an_empty_table_are_told_once() -> None:
    result = checked("全年收到政府信息公开申请3件。", {})
    assert result.outcomes["TXT-03"] is Outcome.FAIL
    assert findings(result, "TXT-02") == []


def test_what_could_not_be_read_is_not_judged() -> None:
    result = checked("全年收到申请3件，办结3件，结转下年度0件。", {NEW: "", DONE: "/", OUT: "无"})
    told = [result.outcomes[code] for code in ("TXT-02", "TXT-03", "TXT-04", "TXT-05")]
    assert told == [Outcome.NOT_EVALUATED] * 4


def test_numbers_of_one_part_may_add_up() -> None:
    result = checked("网站收到申请3件。窗口收到申请36件。", {NEW: "39", DONE: "39"})
    assert result.outcomes["TXT-02"] is Outcome.PASS


def test_denied_corrections_weigh_more_than_wrong_counts() -> None:
    cells = {"t4.review.corrected": "1", "t4.review.total": "1"}
    (wrong,) = findings(checked("被申请行政复议1件，无被纠错案件。", cells), "TXT-11")
    assert wrong.severity is Severity.ERROR
    (other,) = findings(checked("被申请行政复议1件，其中维持1件。", cells), "TXT-11")
    assert other.severity is Severity.WARNING


def test_other_parts_need_the_words_of_requests() -> None:
    """Behind 监督保障, “收到12件” is not about requests, nor is the work of a body that decides reviews."""
    text = "受理群众来信，收到12件，办结12件；审结行政复议案件30件。"
    passage = Passage(text, (Anchor("s1.a5", Place(line=4), 7, (0, len(text))),))
    s1 = Section("s1_overview", True, None, (passage,), (Part("a5", None, (passage,)),))
    made = report(sections=(s1, *(Section(s.key, True) for s in form.SECTIONS[1:])))
    assert [f for f in check(Facts(made, NATIONAL)).findings if f.rule.startswith("TXT")] == []


# --- where the line runs --------------------------------------------------------------------------------------------

PERSON, FIRM = "t3.new_received.natural_person", "t3.new_received.business"
FULL, PARTLY = "t3.granted_full.total", "t3.granted_partial.total"
NOT_HELD, SECRET = "t3.unable_not_held.total", "t3.denied_state_secret.total"
REVIEWED, UPHELD, FEES = "t4.review.total", "t4.review.upheld", "t2.fees.amount_wan"
CHANNELS = "网上收到申请3件，信函收到申请4件。"
VAGUE = "答复申请7件，无法公开7件。"


@pytest.mark.parametrize(
    ("code", "text", "cells", "expected"),
    [
        # A part that also tells of requests denies only some kind of them; a number 0 denies them all.
        ("TXT-01", "全年收到申请3件，未收到涉企政府信息公开申请。", {NEW: "3"}, "not_applicable"),
        ("TXT-01", "新收申请0件，受理申请3件。", {NEW: "3"}, "fail"),
        ("TXT-01", "未收到政府信息公开申请。", {NEW: ""}, "not_evaluated"),
        ("TXT-02", "新收申请14件。", {NEW: "12", IN: "2"}, "review"),
        ("TXT-02", "收到申请5件。", {NEW: "3", IN: ""}, "not_evaluated"),
        ("TXT-02", "收到申请12件，办理申请12件。", {NEW: "10", DONE: "12"}, "fail"),
        ("TXT-02", "办理申请12件。", {NEW: "10", DONE: "12"}, "pass"),
        ("TXT-02", CHANNELS, {NEW: "7", IN: "2"}, "pass"),
        ("TXT-02", CHANNELS, {NEW: "5", IN: "2"}, "pass"),
        ("TXT-02", CHANNELS, {NEW: "9"}, "review"),
        ("TXT-02", CHANNELS, {NEW: "9", IN: ""}, "not_evaluated"),
        ("TXT-02", "网上收到申请约3件，信函收到申请4件。", {NEW: "9"}, "not_applicable"),
        ("TXT-02", "网上收到申请3件。", {NEW: "9"}, "not_applicable"),
        # Two numbers of one part, neither the table's, or adding up to one of its readings.
        ("TXT-02", "收到申请3件。收到申请36件。", {NEW: "38"}, "review"),
        ("TXT-02", "收到申请3件。收到申请36件。", {NEW: "39", IN: "2"}, "pass"),
        # The prose speaks of the whole area; what is told is still wrong where it is no more than the table's.
        ("TXT-02", "全县各部门共收到申请120件。", {NEW: "18"}, "review"),
        ("TXT-02", "全县各部门共收到申请120件。", {NEW: "18", IN: "112"}, "fail"),
        ("TXT-03", "收到申请1件。", {NEW: "1"}, "pass"),
        ("TXT-03", "办理申请3件。", {IN: "3"}, "pass"),
        ("TXT-03", "收到申请3件。", {NEW: ""}, "not_evaluated"),
        ("TXT-03", "收到申请约3件。", {}, "review"),
        ("TXT-04", "未收到申请，办结0件。", {}, "pass"),
        ("TXT-04", "收到申请1件，办结0件。", {DONE: "1"}, "fail"),
        ("TXT-04", "收到申请1件，办结0件。", {DONE: ""}, "not_evaluated"),
        ("TXT-05", "申请结转3件。", {IN: "2", OUT: "3"}, "pass"),
        ("TXT-05", "申请结转3件。", {IN: "3", OUT: "2"}, "review"),
        ("TXT-05", "申请结转3件。", {IN: "3", OUT: ""}, "not_evaluated"),
        ("TXT-05", "申请结转3件。", {IN: "", OUT: "2"}, "not_evaluated"),
        # All that was completed was in time, whatever is carried on; all that was received was not completed.
        ("TXT-06", "收到申请12件，按时办结率100%。", {OUT: "2"}, "pass"),
        ("TXT-06", "收到申请12件，在规定时限内的办结率达100%。", {OUT: "2"}, "pass"),
        ("TXT-06", "及时受理申请12件，办结率100%。", {OUT: "2"}, "fail"),
        ("TXT-06", "收到申请12件，均已按期办结。", {OUT: "2"}, "review"),
        ("TXT-06", "收到申请12件，均已办结。", {OUT: ""}, "not_evaluated"),
        ("TXT-06", "收到申请12件，均已办结。结转下年度2件。", {OUT: "2"}, "pass"),
        ("TXT-06", "收到申请12件，其中10件均已办结。", {OUT: "2"}, "pass"),
        ("TXT-07", "答复申请3件，均予以公开。", {FULL: "3", DONE: "3"}, "pass"),
        ("TXT-07", "答复申请3件，均予以公开。", {FULL: "2", DONE: "3"}, "fail"),
        ("TXT-07", "答复申请3件，均予以公开。", {FULL: "", DONE: "3"}, "not_evaluated"),
        ("TXT-07", "答复申请3件，均予以公开。", {FULL: "3", DONE: ""}, "not_evaluated"),
        ("TXT-07", "予以公开及部分公开3件。", {FULL: "2", PARTLY: "1"}, "pass"),
        ("TXT-07", VAGUE, {NOT_HELD: "7", DONE: "7"}, "pass"),
        ("TXT-07", VAGUE, {SECRET: "7", DONE: "7"}, "pass"),
        ("TXT-07", VAGUE, {SECRET: "6", NOT_HELD: "1", DONE: "7"}, "review"),
        ("TXT-07", VAGUE, {NOT_HELD: "6", DONE: "7"}, "review"),
        ("TXT-07", VAGUE, {NOT_HELD: "", DONE: "7"}, "not_evaluated"),
        ("TXT-08", "收到申请3件，其中自然人3件。", {PERSON: "2", "t3.carried_in.natural_person": "1", IN: "1"}, "pass"),
        ("TXT-08", "收到申请3件，申请人均为自然人。", {PERSON: "3", FIRM: ""}, "not_evaluated"),
        ("TXT-08", "收到申请3件，申请人均为自然人。", {PERSON: "", FIRM: "0"}, "pass"),
        ("TXT-08", "收到申请3件，申请人均为自然人。", {PERSON: "2", FIRM: "1"}, "fail"),
        ("TXT-09", "未发生行政复议。", {REVIEWED: ""}, "not_evaluated"),
        ("TXT-11", "发生行政复议2件，均维持。", {REVIEWED: "2", UPHELD: "1"}, "fail"),
        ("TXT-11", "发生行政复议2件，均维持。", {REVIEWED: "2", UPHELD: "2"}, "pass"),
        ("TXT-14", "行政事业性收费201万元。", {FEES: "200"}, "pass"),
        ("TXT-14", "行政事业性收费201.1万元。", {FEES: "200"}, "fail"),
        ("TXT-14", "行政事业性收费2亿元。", {FEES: "20000"}, "pass"),
        ("TXT-14", "行政事业性收费200万元。", {FEES: ""}, "not_evaluated"),
        ("TXT-14", "未收取行政事业性收费。", {FEES: "0"}, "pass"),
        ("TXT-14", "行政事业性收费200万元。行政事业性收费300万元。", {FEES: "200"}, "fail"),
        ("TXT-16", "公开信息60条，其中动态20条,通知30条,财政20条。", {}, "review"),
        ("TXT-20", "办结申请。", {"t4.lit_direct.corrected": ""}, "not_evaluated"),
    ],
)
def test_the_line_between_right_wrong_and_unknown(code: str, text: str, cells: dict[str, str], expected: str) -> None:
    assert outcome(code, text, cells) == expected


def test_the_channels_of_each_part_are_added_up() -> None:
    """One channel alone is no total; what another part adds up is."""
    texts = {"s1.a2": "网上收到申请3件。", "s3": CHANNELS}
    told = [Passage(t, (Anchor(a, Place(line=n), n, (0, len(t))),)) for n, (a, t) in enumerate(texts.items())]
    sections = [Section(s.key, True) for s in form.SECTIONS]
    sections[0], sections[2] = (replace(sections[i], paragraphs=(p,)) for i, p in zip((0, 2), told, strict=True))
    assert outcome("TXT-02", "", {NEW: "9"}, sections=tuple(sections)) == "review"


@pytest.mark.parametrize(
    ("cells", "expected"), [({NEW: "10", IN: "20"}, "fail"), ({NEW: "20", IN: "10"}, "review"), ({NEW: "12"}, "fail")]
)
def test_a_government_may_tell_its_offices_own_number_where_it_is_smaller(cells: dict[str, str], expected: str) -> None:
    assert outcome("TXT-02", "收到申请18件。", cells, GOVERNMENT) == expected


@pytest.mark.parametrize(("printed", "expected"), [("3", "pass"), ("2", "fail")])
def test_the_form_of_2019_has_one_row_for_other_handling(printed: str, expected: str) -> None:
    assert outcome("TXT-07", "其他处理3件。", {"t3.other_handling.total": printed}, year=2019) == expected


def test_an_older_block_of_table_two_is_not_compared_whatever_the_others_are() -> None:
    older, current = table("t2", Edition.FMT2019), table("t2")
    mixed = replace(current, grids=(older.grids[0], *current.grids[1:]))
    assert outcome("TXT-12", "制发行政规范性文件3件。", {}) == "fail"
    assert outcome("TXT-12", "制发行政规范性文件3件。", {}, t2=mixed) == "not_applicable"


def test_a_wrong_outcome_of_a_dispute_names_its_column() -> None:
    (finding,) = findings(checked("发生行政复议2件，其中维持2件。", {REVIEWED: "2", UPHELD: "1"}), "TXT-11")
    assert finding.message == "正文“维持2件”，表四行政复议“结果维持” 1 件"


def test_without_table_three_fee_statements_are_only_compared_with_each_other() -> None:
    assert outcome("TXT-15", "未收取信息处理费。", {}, t3=None) == "pass"
    assert outcome("TXT-15", "收取信息处理费200元。", {}, t3=None) == "pass"
    assert outcome("TXT-15", "收取信息处理费200元。未收取信息处理费。", {}, t3=None) == "fail"


def test_direct_suits_that_could_not_be_read_are_not_judged() -> None:
    assert outcome("TXT-21", "", {"t4.lit_direct.total": ""}, year=2024) == "not_evaluated"


def test_one_number_told_twice_is_a_fault_once_one_of_them_is_the_years() -> None:
    twice = "全年举办政府开放日活动3场。举办政府开放日活动5场。"
    assert outcome("TXT-19", twice, {}) == "fail"
    assert outcome("TXT-19", twice.removeprefix("全年"), {}) == "review"
    assert outcome("TXT-19", twice.replace("5场", "约5场"), {}) == "pass"
    assert outcome("TXT-19", twice.replace("5场", "5次"), {}) == "pass"
    assert outcome("TXT-19", "全年组织培训3场，开展培训5场。", {}) == "pass"


def test_priorities_are_not_judged_without_a_year() -> None:
    told = Passage("印发《2022年政务公开工作要点》。", (Anchor("s6", Place(line=9)),))
    sections = [Section(s.key, True) for s in form.SECTIONS]
    sections[5] = replace(sections[5], paragraphs=(told,))
    dated = report(sections=tuple(sections))
    undated = replace(dated, identity=replace(dated.identity, year=None))
    judged = [str(overall(judge(CATALOGUE["TXT-22"], Facts(r, NATIONAL)))) for r in (dated, undated)]
    assert judged == ["fail", "not_applicable"]


@pytest.mark.parametrize(
    ("problems", "measures", "expected"),
    [
        ("暂无问题。", "下一步将加强培训。", "fail"),
        ("政策解读形式单一。", "整改后，有关栏目不存在突出问题。", "pass"),
    ],
)
def test_only_problems_can_be_denied(problems: str, measures: str, expected: str) -> None:
    """What the measures have mended is no denial; without a heading of their own they are no measures for sure."""
    told = [Passage(t, (Anchor(a, Place(line=9)),)) for t, a in ((problems, "s5.p"), (measures, "s5.m"))]
    heading = Passage("（二）改进情况", (Anchor("s5.m", Place(line=9)),))
    parts = (Part("p", None, (told[0],)), Part("m", heading, (told[1],)))
    sections = [Section(s.key, True) for s in form.SECTIONS]
    sections[4] = replace(sections[4], paragraphs=tuple(told), parts=parts)
    assert outcome("TXT-18", "", {}, sections=tuple(sections)) == expected
