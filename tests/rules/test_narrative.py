"""The TXT rules: where they point, how sure they are, and where only a person can tell."""

from __future__ import annotations

from typing import Any

import pytest

from gdcore import form
from gdcore.checking import Checked, Facts, check
from gdcore.figure import Passage
from gdcore.finding import Finding
from gdcore.place import Anchor, Place
from gdcore.report import Part, Section
from gdcore.verdict import Outcome, Severity
from tests.printed import NATIONAL, report, table

NEW, IN, DONE, OUT = (f"t3.{row}.total" for row in ("new_received", "carried_in", "result_total", "carried_out"))
DEPT, GOVERNMENT = "云泽县教育局", "云泽县人民政府"


def checked(text: str, cells: dict[str, str], agency: str = DEPT, year: int = 2023, **fields: Any) -> Checked:
    """A report that says this under 依申请公开, with these cells and 0 in all others."""
    passage = Passage(text, (Anchor("s1.a2", Place(line=4), 7, (0, len(text))),))
    s1 = Section("s1_overview", True, None, (passage,), (Part("a2", None, (passage,)),))
    rest = (Section(s.key, True) for s in form.SECTIONS[1:])
    tables = {
        key: table(key, cells={a: v for a, v in cells.items() if a.startswith(key)}) for key in ("t2", "t3", "t4")
    }
    return check(Facts(report(agency, year, sections=(s1, *rest), **tables, **fields), NATIONAL))


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
