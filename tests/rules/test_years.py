"""YOY: messages with both sides, evidence of this file only, and the sentences that compare with last year."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from printed import NATIONAL, passage, report, table

from gdcore import form
from gdcore.agency import Agency
from gdcore.checking import Checked, Facts, check, judge, overall
from gdcore.figure import Passage
from gdcore.finding import Finding
from gdcore.form import Edition
from gdcore.place import Anchor, Place
from gdcore.report import Part, Remark, RemarkKind, Report, Section
from gdcore.rules import CATALOGUE
from gdcore.rules.others import consecutive, reorganised
from gdcore.rules.told import explains_expiry, halves, published
from gdcore.rules.years_prose import _nouns
from gdcore.task import Task
from gdcore.verdict import UNKNOWN, Verdict, passed

PASSAGES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "claims.jsonl").read_text("utf-8").splitlines()
    if "YOY-07" in line
]


@pytest.fixture(autouse=True)
def no_rule_crashes(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A rule that crashes is told as not evaluated: here that is no answer."""
    yield
    assert [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.ERROR] == []


def of_year(year: int, cells: Mapping[str, str] | None = None, said: str = "", part: str = "s1.a2") -> Report:
    """A report with these cells, the others 0, that says this under a part."""
    tables = {key: table(key, Edition.of_year(year), cells) for key in ("t2", "t3", "t4")}
    told = Passage(said, (Anchor(part, Place(line=1), 0, (0, len(said))),))
    section = Section("s1_overview", True, None, (told,), (Part("a2", None, (told,)),))
    return report(year=year, sections=(section, *(Section(s.key, True) for s in form.SECTIONS[1:])), **tables)


def beside(ours: Report, theirs: Report, agency: Agency | None = None) -> Checked:
    return check(Facts(ours, NATIONAL, Task(), agency, prior=theirs))


def verdicts(code: str, ours: Report, theirs: Report | None, agency: Agency | None = None) -> tuple[Verdict, ...]:
    """What one rule says."""
    return judge(CATALOGUE[code], Facts(ours, NATIONAL, Task(archived=True), agency, prior=theirs))


def outcome(code: str, ours: Report, theirs: Report | None, agency: Agency | None = None) -> str:
    return str(overall(verdicts(code, ours, theirs, agency)))


def findings(code: str, checked: Checked) -> list[Finding]:
    return [f for f in checked.findings if f.rule == code]


# --- tables ---------------------------------------------------------------------------------------------------------


def row(key: str, *numbers: int) -> dict[str, str]:
    return {f"t3.{key}.{c.key}": str(n) for c, n in zip(form.APPLICANTS, (*numbers, sum(numbers)), strict=True)}


def test_carried_numbers_are_told_with_both_sides_and_only_this_files_cell() -> None:
    ours = of_year(2023, row("carried_in", 3, 1, 0, 0, 0, 0))
    (finding,) = findings("YOY-01", beside(ours, of_year(2022, row("carried_out", 2, 0, 0, 0, 0, 0))))
    assert finding.message == "上年结转总计 4 件，2022 年度报告结转下年度继续办理总计 2 件"
    assert (finding.found, finding.expected, finding.cells) == ("4", "2", ("t3.carried_in.total",))
    assert finding.suggestion == "本年“上年结转”4件，去年年报“结转下年度”2件，请核实。"


def test_a_moved_request_is_told_with_its_columns() -> None:
    ours = of_year(2023, row("carried_in", 2, 0, 0, 0, 0, 1))
    checked = beside(ours, of_year(2022, row("carried_out", 1, 1, 0, 0, 0, 1)))
    (finding,) = findings("YOY-02", checked)
    assert finding.message.endswith("分类不同：自然人 2 件（上年 1 件），商业企业 0 件（上年 1 件）")
    assert (finding.found, finding.expected) == ("2、0", "1、1")
    assert finding.cells == ("t3.carried_in.natural_person", "t3.carried_in.business")
    assert checked.outcomes["YOY-01"] == "pass"


def test_what_was_read_doubtfully_last_year_is_doubtful_this_year() -> None:
    theirs = of_year(2022, row("carried_out", 2, 0, 0, 0, 0, 0))
    grid = theirs.t3.grids[0]
    lines = tuple(replace(x, figures=tuple(replace(f, confidence=0.5) for f in x.figures)) for x in grid.lines)
    unsure = replace(theirs, t3=replace(theirs.t3, grids=(replace(grid, lines=lines),)))
    (finding,) = findings("YOY-01", beside(of_year(2023, row("carried_in", 4, 0, 0, 0, 0, 0)), unsure))
    assert finding.outcome == "review"


def test_the_stock_is_told_as_an_equation() -> None:
    ours = of_year(2023, {"t2.normative_docs.issued": "3", "t2.normative_docs.in_force": "15"})
    (finding,) = findings("YOY-04", beside(ours, of_year(2022, {"t2.normative_docs.in_force": "10"})))
    assert "现行有效 15 件；上年现行有效 10 件＋本年制发 3 件－本年废止 0 件＝13 件" in finding.message
    assert (finding.outcome, finding.confidence) == ("review", 0.6)
    assert set(finding.cells) == {f"t2.normative_docs.{key}" for key in ("issued", "repealed", "in_force")}


@pytest.mark.parametrize(
    "sentence",
    [
        "本年因有效期届满失效行政规范性文件2件。",
        "经清理，3件规范性文件到期失效。",
        "规章清理中宣布失效1件。",
        "行政规范性文件现行有效件数统计口径有调整。",
        "对规范性文件开展“废改立”，重新公布继续有效目录。",
    ],
)
def test_expiry_of_documents_is_understood(sentence: str) -> None:
    assert explains_expiry(of_year(2023, said=sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "清理过期失效信息35条。",
        "清理失效链接和错链12处。",
        "制发行政规范性文件3件，现行有效15件。",
        "及时清理过期失效内容，规范文件归档。",
        "专栏到期未更新的，限期整改。",
    ],
)
def test_stale_pages_are_no_expiry(sentence: str) -> None:
    assert not explains_expiry(of_year(2023, said=sentence))


def test_the_years_must_follow_each_other() -> None:
    ours = of_year(2023, row("carried_in", 4, 0, 0, 0, 0, 0))
    checked = beside(ours, of_year(2021))
    assert checked.outcomes["YOY-01"] == "not_applicable"
    assert checked.reasons["YOY-01"] == "用来比对的是 2021 年度报告，不是 2022 年度"


def test_a_new_agency_misses_no_report() -> None:
    known = Agency("甲", "云泽县东关街道办事处", founded=2023)
    facts = Facts(of_year(2023), NATIONAL, Task(archived=True), known)
    assert check(facts).outcomes["YOY-12"] == "not_applicable"
    older = check(replace(facts, agency=replace(known, founded=2021)))
    (finding,) = findings("YOY-12", older)
    assert (finding.severity, finding.address) == ("info", "report")
    assert finding.message.startswith("库中没有云泽县东关街道办事处 2022 年度报告")


def test_a_column_called_other_is_told_with_its_group() -> None:
    ours = of_year(2023, row("carried_in", 1, 0, 0, 0, 0, 1))
    (verdict,) = verdicts("YOY-02", ours, of_year(2022, row("carried_out", 2, 0, 0, 0, 0, 0)))
    assert "法人或其他组织·其他 1 件（上年 0 件）" in verdict.message


MERGED = Agency("甲", "云泽县东关街道办事处", reorganised=frozenset({2023}))


def test_in_a_year_of_mergers_a_gap_is_told_with_the_reason() -> None:
    ours, theirs = of_year(2023, row("carried_in", 3, 0, 0, 0, 0, 0)), of_year(2022)
    (verdict,) = verdicts("YOY-01", ours, theirs, MERGED)
    assert (verdict.severity, "（名录记载 2023 年机构有变动）" in verdict.message) == ("warning", True)
    (verdict,) = verdicts("YOY-01", ours, theirs)
    assert (verdict.severity, "变动" in verdict.message) == (None, False)


STOCK, FEES = "t2.normative_docs", "t2.fees.amount_wan"


@pytest.mark.parametrize(
    ("code", "ours", "theirs", "expected"),
    [
        ("YOY-01", {"t3.carried_in.total": ""}, {}, "not_evaluated"),
        ("YOY-01", {}, {"t3.carried_out.total": ""}, "not_evaluated"),
        ("YOY-02", {"t3.carried_in.business": ""}, {}, "not_evaluated"),
        ("YOY-04", {f"{STOCK}.issued": "3", f"{STOCK}.repealed": "2", f"{STOCK}.in_force": "11"}, {}, "pass"),
        ("YOY-04", {f"{STOCK}.in_force": "11"}, {}, "fail"),
        ("YOY-04", {f"{STOCK}.in_force": "9"}, {}, "fail"),
        ("YOY-04", {f"{STOCK}.in_force": ""}, {}, "not_evaluated"),
        ("YOY-04", {f"{STOCK}.in_force": "10"}, {f"{STOCK}.in_force": ""}, "not_evaluated"),
        ("YOY-05", {"t4.review.total": ""}, {}, "not_evaluated"),
        ("YOY-05", {}, {"t4.review.pending": ""}, "not_evaluated"),
        # Three times last year's number more, at least thirty.
        ("YOY-06", {FEES: "80"}, {FEES: "20"}, "pass"),
        ("YOY-06", {FEES: "80.1"}, {FEES: "20"}, "fail"),
        ("YOY-06", {FEES: "31"}, {FEES: "1"}, "pass"),
        ("YOY-06", {FEES: ""}, {FEES: "1"}, "not_evaluated"),
        # Equal tables are no coincidence from 21 on.
        ("YOY-08", {FEES: "20"}, {FEES: "20"}, "pass"),
        ("YOY-08", {FEES: "21"}, {FEES: "21"}, "fail"),
        ("YOY-08", {FEES: ""}, {FEES: "21"}, "not_evaluated"),
    ],
)
def test_the_line_between_right_wrong_and_unknown(
    code: str, ours: dict[str, str], theirs: dict[str, str], expected: str
) -> None:
    before = {f"{STOCK}.in_force": "10", **theirs} if code == "YOY-04" else theirs
    assert outcome(code, of_year(2023, ours), of_year(2022, before)) == expected


def test_fewer_documents_are_explained_by_expiry_more_are_not() -> None:
    theirs = of_year(2022, {f"{STOCK}.in_force": "10"})
    said = "1件行政规范性文件到期失效。"
    assert outcome("YOY-04", of_year(2023, {f"{STOCK}.in_force": "9"}, said), theirs) == "pass"
    assert outcome("YOY-04", of_year(2023, {f"{STOCK}.in_force": "11"}, said), theirs) == "fail"


@pytest.mark.parametrize(
    ("code", "table_key"), [("YOY-01", "t3"), ("YOY-02", "t3"), ("YOY-04", "t2"), ("YOY-05", "t4")]
)
def test_a_table_that_last_year_lacks_is_the_reason(code: str, table_key: str) -> None:
    ours, theirs = of_year(2023), of_year(2022)
    (verdict, *_) = verdicts(code, ours, replace(theirs, **{table_key: None}))
    assert (verdict.outcome, verdict.message.startswith("上年报告中没有这张表")) == ("not_evaluated", True)
    blank = {a: "" for b in form.blocks(table_key, Edition.FMT2021) for a in b.addresses()}
    (verdict, *_) = verdicts(code, ours, of_year(2022, blank))
    assert (verdict.outcome, verdict.message) == ("not_evaluated", UNKNOWN)


def test_stocks_are_compared_only_under_the_current_form() -> None:
    older = table("t2", Edition.FMT2019)
    assert outcome("YOY-04", of_year(2023), replace(of_year(2022), t2=older)) == "not_applicable"
    assert outcome("YOY-04", replace(of_year(2023), t2=older), of_year(2022)) == "not_applicable"


@pytest.mark.parametrize(("founded", "expected"), [(None, "fail"), (2019, "fail"), (2020, "not_applicable")])
def test_the_second_year_of_the_form_has_a_year_before(founded: int | None, expected: str) -> None:
    known = Agency("甲", "云泽县东关街道办事处", founded=founded)
    assert outcome("YOY-12", of_year(2020), None, known) == expected


def test_a_year_of_change_is_one_in_the_roster_or_the_year_of_founding() -> None:
    founded = Agency("甲", "云泽县教育局", founded=2023)
    assert [reorganised(a, 2023) for a in (None, MERGED, founded)] == [False, True, True]
    assert [reorganised(a, 2022) for a in (None, MERGED, founded)] == [False, False, False]
    assert not reorganised(replace(founded, founded=None), None)


def undated(made: Report) -> Report:
    return replace(made, identity=replace(made.identity, year=None))


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (of_year(2023), of_year(2022), "pass"),
        (of_year(2023), of_year(2023), "not_applicable"),
        (undated(of_year(2023)), of_year(2022), "not_applicable"),
        (of_year(2023), undated(of_year(2022)), "not_applicable"),
        (of_year(2019), of_year(2018), "not_applicable"),
    ],
)
def test_rules_of_two_years_see_only_years_that_follow_each_other(ours: Report, theirs: Report, expected: str) -> None:
    """What such a rule does not ask for it is not given; what is not known keeps its default."""

    def judged(prior: Report, agency: Agency | None = None) -> Iterator[Verdict]:
        yield passed("report" if agency is None and prior is theirs else "")

    (verdict,) = consecutive(judged)(report=ours, prior=theirs, task=Task())
    assert (verdict.outcome, verdict.address) == (expected, "report")


# --- comparisons ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", PASSAGES, ids=lambda entry: entry["id"])
def test_growth_is_judged_as_labelled(entry: dict[str, object]) -> None:
    year, cells = int(str(entry["year"])), {str(a): str(v) for a, v in dict(entry["table"]).items()}  # type: ignore[call-overload]
    last = {address.removeprefix("prior."): raw for address, raw in cells.items() if address.startswith("prior.")}
    checked = beside(of_year(year, cells, str(entry["text"])), of_year(year - 1, last))
    assert checked.outcomes["YOY-07"] == dict(entry["expect"])["YOY-07"], checked.reasons["YOY-07"]  # type: ignore[call-overload]


THIS = {**row("new_received", 20, 6, 0, 0, 0, 0), "t4.review.total": "4", "t4.review.upheld": "4"}
LAST = {**row("new_received", 15, 5, 0, 0, 0, 0), "t4.review.total": "2", "t4.review.upheld": "2"}


def growth(sentence: str) -> str:
    return str(beside(of_year(2023, THIS, sentence), of_year(2022, LAST)).outcomes["YOY-07"])


@pytest.mark.parametrize(
    "sentence",
    [
        "全年收到政府信息公开申请26件，较上年增加6件。",
        "全年收到政府信息公开申请26件，同比增加6件，增幅30%。",
        "全年新收政府信息公开申请26件（自然人20件、法人或其他组织6件），同比增长30.0%。",
        "全年收到政府信息公开申请26件，比2022年多6件，增长率为30%。",
        "全年收到政府信息公开申请26件，与去年相比增加了6件。",
        "全年收到政府信息公开申请26件，同比上升29.6%。",
        "全年收到政府信息公开申请26件，同比增长约25%。",
        "全年收到政府信息公开申请26件，较2019年增长80%。",
        "全年收到政府信息公开申请26件，较上年略有增加。",
        "全年收到政府信息公开申请26件，平均答复时间较上年缩短5个工作日，满意度同比提高8个百分点。",
        "全年收到政府信息公开申请26件，答复率较上年提高15%。",
        "全年收到政府信息公开申请26件，其中上半年收到12件，同比增长50%。",
        "全年收到政府信息公开申请26件，是上年的1.3倍。",
        "全年收到政府信息公开申请26件，较上年增长近三成。",
        "全年收到政府信息公开申请26件，申请量同比增加6件。",
        "政务新媒体发布信息3800条，同比增长70%。全年收到政府信息公开申请26件。",
        "全年收到政府信息公开申请26件。行政处罚案件同比下降40%。",
        "2022年收到申请20件，2023年收到申请26件。",
        "全年收到政府信息公开申请26件，与上级要求一致。",
        "全年收到政府信息公开申请26件；发生政府信息公开行政复议4件，较上年增加2件。",
    ],
)
def test_true_or_vague_comparisons_are_let_be(sentence: str) -> None:
    assert growth(sentence) in ("pass", "not_applicable")


@pytest.mark.parametrize(
    "sentence",
    [
        "全年收到政府信息公开申请26件，较上年增加8件。",
        "全年收到政府信息公开申请26件，较上年减少6件。",
        "全年收到政府信息公开申请26件，同比增长23%。",
        "全年收到政府信息公开申请26件，同比下降30%。",
        "全年收到政府信息公开申请26件，与上年持平。",
        "全年收到政府信息公开申请26件，比2022年增加16件，增长160%。",
        "全年收到政府信息公开申请26件，比去年多10件。",
        "全年收到政府信息公开申请26件，与去年同期相比减少了4件。",
        "全年收到政府信息公开申请26件（较上年增加2件）。",
        "全年新收政府信息公开申请26件（均已答复），同比上升16.13%。",
        "全年新收政府信息公开申请26件，数量与上年相同。",
        "全年共收到政府信息公开申请26件,较2022年度增长26.0%。",
        "发生政府信息公开行政复议4件，较上年增加3件。",
        "发生政府信息公开行政复议4件，与上年持平。",
        "全年新收政府信息公开申请２６件，同比增长５０％。",
        "全年收到政府信息公开申请26件，申请量较上年增加1件。",
    ],
)
def test_wrong_comparisons_are_told(sentence: str) -> None:
    assert growth(sentence) == "fail"


def test_a_wrong_growth_is_told_with_both_years() -> None:
    checked = beside(of_year(2023, THIS, "全年新收政府信息公开申请26件，同比增长50%。"), of_year(2022, LAST))
    (finding,) = findings("YOY-07", checked)
    assert (
        finding.message == "正文“新收政府信息公开申请26件……同比增长50%”，2022 年度报告为 20，应为增加 6（增加 30.0%）"
    )
    assert (finding.found, finding.expected) == ("同比增长50%", "增加 6（增加 30.0%）")
    assert {a.address for a in finding.anchors} == {"s1.a2"}


def test_a_wrong_growth_of_one_or_none_is_told_with_its_sign() -> None:
    for said, last, expected in (
        ("较上年增加6件", "26", "持平"),
        ("较上年增加6件", "25", "增加 1（增加 4.0%）"),
        ("较上年增加6件", "0", "增加 26"),
        ("与上年持平", "25", "增加 1（增加 4.0%）"),
        ("同比增长50%", "1", "增加 25（增加 2500.0%）"),
    ):
        ours = of_year(2023, THIS, f"全年收到政府信息公开申请26件，{said}。")
        (verdict,) = verdicts("YOY-07", ours, of_year(2022, {"t3.new_received.total": last}))
        assert (verdict.outcome, verdict.expected) == ("fail", expected)


@pytest.mark.parametrize(
    ("sentence", "cells", "expected"),
    [
        # A percentage may be rounded by a whole point; nothing grows from nothing by a percentage.
        ("全年收到政府信息公开申请26件，同比增长31%。", LAST, "pass"),
        ("全年收到政府信息公开申请26件，同比增长29%。", LAST, "pass"),
        ("全年收到政府信息公开申请26件，同比增长31.1%。", LAST, "fail"),
        ("全年收到政府信息公开申请26件，同比增长100%。", {}, "not_applicable"),
        ("全年收到政府信息公开申请26件，较上年增加6件。", {"t3.new_received.total": ""}, "not_evaluated"),
        # Another number than the table's is for TXT-02.
        ("全年收到政府信息公开申请27件，较上年增加1件。", LAST, "not_applicable"),
        # Who writes last year's number too may mean another one than last year's table does.
        ("2022年收到申请24件，2023年收到申请26件，较上年增加2件。", LAST, "review"),
        ("2022年收到申请24件，2023年收到申请26件，较上年增加3件。", LAST, "fail"),
        ("全县各部门共收到政府信息公开申请26件，较上年增加8件。", LAST, "review"),
        # Last year's number as such: the new ones, or with those carried in.
        ("2022年收到申请20件。", LAST, "pass"),
        ("2022年收到申请22件。", {**LAST, "t3.carried_in.total": "2"}, "pass"),
        ("2022年收到申请23件。", {**LAST, "t3.carried_in.total": "2"}, "review"),
        ("2022年收到申请约24件。", LAST, "not_applicable"),
        ("2022年收到申请20件。", {**LAST, "t3.carried_in.total": ""}, "not_evaluated"),
    ],
)
def test_the_line_between_true_and_false_growth(sentence: str, cells: dict[str, str], expected: str) -> None:
    assert outcome("YOY-07", of_year(2023, THIS, sentence), of_year(2022, cells)) == expected


def test_a_wrong_number_of_last_year_is_told_with_that_of_the_new_requests() -> None:
    theirs = of_year(2022, {**LAST, "t3.carried_in.total": "2"})
    (verdict,) = verdicts("YOY-07", of_year(2023, THIS, "2022年收到申请23件。"), theirs)
    assert (verdict.outcome, verdict.expected) == ("review", "20")


PUBLISHED = "全年主动公开政府信息{}条{}。"


@pytest.mark.parametrize(
    ("growth", "last", "expected"),
    [
        ("，较上年增加20条", PUBLISHED.format(80, ""), "pass"),
        ("，较上年增加20条", PUBLISHED.format(90, ""), "review"),
        ("，较上年增加20条", PUBLISHED.format(80, "") + PUBLISHED.format(90, ""), "not_applicable"),
        ("，较上年增加20条", "", "not_applicable"),
        ("", PUBLISHED.format(90, ""), "not_applicable"),
    ],
)
def test_growth_of_what_was_published_is_at_most_a_doubt(growth: str, last: str, expected: str) -> None:
    ours, theirs = of_year(2023, {}, PUBLISHED.format(100, growth), "s1.a1"), of_year(2022, {}, last, "s1.a1")
    assert outcome("YOY-07", ours, theirs) == expected


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("全年主动公开政府信息100条。", "100"),
        ("全年主动公开政府信息100条。全年主动公开政府信息100条。", "100"),
        ("全年主动公开政府信息100条。全年主动公开政府信息120条。", None),
        ("上年主动公开政府信息80条。全年主动公开政府信息100条。", "100"),
        ("上半年主动公开政府信息40条。全年主动公开政府信息100条，收到申请3件。", "100"),
    ],
)
def test_only_one_number_of_the_whole_year_is_what_was_published(said: str, number: str | None) -> None:
    found = published(of_year(2023, {}, said, "s1.a1"))
    assert (found and str(found.figure)) == number


# --- copies ---------------------------------------------------------------------------------------------------------

COPY = (
    "主动公开方面，围绕民生实事编制清单，逐项明确责任科室和更新时限，由综合科每周巡查一次栏目并通报结果。"
    "平台建设方面，对门户网站检索功能作了改造，合并内容交叉的栏目，便民服务大厅设置查阅点并配备专人引导。"
    "监督保障方面，邀请村居代表参加座谈，就公开内容和办事指南征求意见，逐条答复后纳入下一阶段工作安排。"
)


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [(COPY, COPY, "fail"), (COPY, "扎实做好公开工作。", "not_applicable"), ("扎实做好。", COPY, "not_applicable")],
)
def test_short_texts_are_not_compared_however_long_the_other_is(ours: str, theirs: str, expected: str) -> None:
    assert outcome("YOY-09", of_year(2023, {}, ours), of_year(2022, {}, theirs)) == expected


def test_a_short_text_beside_a_picture_is_not_judged() -> None:
    picture = Remark(RemarkKind.EMBEDDED, "s1.a2", text="image")
    ours = replace(of_year(2023, {}, "扎实做好。"), remarks=(picture,))
    assert outcome("YOY-09", ours, of_year(2022, {}, COPY)) == "not_evaluated"


# --- problems and their answers -------------------------------------------------------------------------------------


def with_five(*lines: str) -> Report:
    told = tuple(passage(line, "s5") for line in lines)
    sections = [Section(s.key, True) for s in form.SECTIONS]
    sections[4] = Section("s5_problems", True, None, told)
    return report(sections=tuple(sections))


@pytest.mark.parametrize(
    "turn",
    [
        "下一步，我局将加强培训。",
        "针对上述问题，将改版网站。",
        "（二）改进措施。改版网站。",
        "2024年，我镇将改版网站。",
        "今后要改版网站。",
    ],
)
def test_section_five_without_sub_headings_is_cut_where_it_turns(turn: str) -> None:
    problems, measures = halves(with_five("存在问题：一是解读形式单一；二是栏目更新不及时。", turn))
    assert problems == "存在问题：一是解读形式单一；\n二是栏目更新不及时。"
    assert measures.replace("\n", "") == turn


@pytest.mark.parametrize(("key", "expected"), [("p", ("政策解读单一。", "")), ("m", ("", "政策解读单一。"))])
def test_section_five_with_one_half_tells_that_half(key: str, expected: tuple[str, str]) -> None:
    told = passage("政策解读单一。", f"s5.{key}")
    sections = [Section(s.key, True) for s in form.SECTIONS]
    sections[4] = Section("s5_problems", True, None, (told,), (Part(key, None, (told,)),))
    assert halves(report(sections=tuple(sections))) == expected


def test_section_five_that_never_turns_is_not_cut() -> None:
    assert halves(with_five("政策解读形式单一，栏目更新不及时。")) == ("", "")


@pytest.mark.parametrize(
    ("problems", "nouns"),
    [
        ("一是政策解读形式单一，二是部分栏目更新不及时。", ["政策解读形式"]),
        ("一是政策解读形式单一；二是部分栏目更新不及时。", ["政策解读形式", "栏目更新"]),
        ("（一）信息员队伍不够稳定。（二）互动回应有待加强。", ["信息员队伍", "互动回应"]),
        ("1.我局公开内容还不够丰富；2.群众参与度较低。", ["公开内容", "群众参与度"]),
        ("与上级要求相比仍有差距。", []),
        ("一是多数时间停留在上级指出什么问题就改什么；二是栏目更新不及时。", []),
    ],
)
def test_what_problems_are_about(problems: str, nouns: list[str]) -> None:
    assert _nouns(problems) == nouns
