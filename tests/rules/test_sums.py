"""SUM: messages, both sides, and the traps that no file of the generator shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from printed import figure, passage, report, table

from gdcore import form
from gdcore.form import Edition
from gdcore.report import ExtraLine, Report, Requests, Section
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Severity, Verdict


def requests(cells: Mapping[str, str], *extra: ExtraLine) -> Requests:
    read = table("t3", cells=cells)
    return Requests(replace(read, grids=(replace(read.grids[0], extra_lines=extra),)))


def fails(code: str, **known: object) -> list[Verdict]:
    return [v for v in CATALOGUE[code].judge(**known) if v.outcome in ("fail", "review")]


def suggestion(code: str, verdict: Verdict) -> str:
    return CATALOGUE[code].suggestion.format_map({"found": "", "expected": "", **verdict.values})


FLOW = {
    "t3.new_received.natural_person": "8",
    "t3.carried_in.natural_person": "3",
    "t3.result_total.natural_person": "9",
    "t3.carried_out.natural_person": "1",
}


def test_the_flow_of_a_column_is_told_with_both_sides() -> None:
    (verdict,) = fails("SUM-01", t3=requests(FLOW))
    assert verdict.address == "t3.result_total.natural_person"
    assert verdict.message == "自然人：新收与上年结转共 11 件，办结与结转下年度共 10 件（总计列平衡）"
    assert verdict.found == "10 件（办理结果 9＋结转下年度 1）"
    assert verdict.expected == "11 件（新收 8＋上年结转 3）"
    assert suggestion("SUM-01", verdict) == "“自然人”列：新收8+上年结转3≠办理结果总计9+结转下年度1，请核对。"
    assert {a.address for a in verdict.anchors} == set(FLOW)


def test_only_a_balanced_total_column_is_said_to_be_balanced() -> None:
    last = requests({"t3.new_received.other_org": "1"})
    assert [v.message.endswith("（总计列平衡）") for v in fails("SUM-01", t3=last)] == [True]
    both = requests({**FLOW, "t3.new_received.total": "1"})
    assert [v.message.endswith("（总计列平衡）") for v in fails("SUM-01", t3=both)] == [False, False]
    assert {v.message for v in CATALOGUE["SUM-01"].judge(t3=requests({}))} == {""}


def test_all_that_came_in_may_be_carried_out() -> None:
    cells = {"t3.new_received.ngo": "2", "t3.carried_in.ngo": "3", "t3.carried_out.ngo": "5"}
    assert not fails("SUM-07", t3=requests(cells))
    (verdict,) = fails("SUM-07", t3=requests({**cells, "t3.carried_out.ngo": "6"}))
    assert (verdict.address, verdict.expected, verdict.found) == ("t3.carried_out.ngo", "不超过 5", "6")


def test_a_column_is_told_apart_from_the_row_of_the_same_name() -> None:
    (verdict,) = fails("SUM-02", t3=requests({"t3.result_total.other_org": "2", "t3.other_misc.other_org": "1"}))
    assert verdict.message == "法人或其他组织·其他：办理结果总计 2 件，各项办理结果合计 1 件"
    assert (verdict.found, verdict.expected) == ("2", "1")
    assert suggestion("SUM-02", verdict) == "“法人或其他组织·其他”列办理结果总计2，分项合计1，请核对。"


def test_a_row_is_told_with_its_group() -> None:
    (verdict,) = fails("SUM-03", t3=requests({"t3.other_misc.total": "1"}))
    assert verdict.message == "（六）其他处理 3.其他：总计 1 件，各类申请人合计 0 件"
    assert suggestion("SUM-03", verdict) == "“（六）其他处理 3.其他”行总计1，各类申请人合计0，请核对。"


@pytest.mark.parametrize("raw", ["", "/", "0 0"])
def test_an_unread_cell_is_never_a_zero(raw: str) -> None:
    known = requests({"t3.new_received.business": raw, "t3.new_received.total": "3"})
    for code in ("SUM-01", "SUM-03", "SUM-07"):
        unread = [v for v in CATALOGUE[code].judge(t3=known) if v.outcome is Outcome.NOT_EVALUATED]
        assert unread
        assert {(v.expected, v.found) for v in unread} == {(None, None)}
    assert not fails("SUM-03", t3=known)


def test_the_old_edition_adds_nineteen_details() -> None:
    known = Requests(table("t3", Edition.FMT2019, {"t3.other_handling.ngo": "1", "t3.result_total.ngo": "1"}))
    assert not fails("SUM-02", t3=known)
    assert len(known.columns[0].details) == 19


def subtotal(label: str, after: str, *raws: str) -> ExtraLine:
    figures = (figure(f"t3.{label}.{c.key}", raw) for c, raw in zip(form.APPLICANTS, raws, strict=True))
    return ExtraLine(passage(label, "t3"), tuple(figures), after)


DENIED = {"t3.denied_third_party.natural_person": "2", "t3.denied_admin_query.natural_person": "1"}


@pytest.mark.parametrize(
    ("label", "after", "raws", "outcome"),
    [
        ("小计", "denied_admin_query", "3000000", "pass"),
        ("小计", "denied_admin_query", "2000000", "fail"),
        ("合计", "denied_admin_query", "3000000", "pass"),
        ("（三）不予公开小计", "granted_partial", "2000000", "fail"),
        ("小计", "granted_partial", "2000000", "not_evaluated"),
        ("小计", "denied_process_info", "2000000", "not_evaluated"),
        ("小计", "denied_enforcement_file", "2000000", "not_evaluated"),
        ("小计", "result_total", "2000000", "not_evaluated"),
        ("小计", "denied_admin_query", ["3", "", *"00000"], "not_evaluated"),
        ("小计", "denied_admin_query", ["2", "", *"00000"], "fail"),
    ],
)
def test_a_subtotal_is_that_of_the_group_it_closes_or_names(
    label: str, after: str, raws: str | list[str], outcome: str
) -> None:
    known = requests(DENIED, subtotal(label, after, *raws))
    assert [v.outcome for v in CATALOGUE["SUM-08"].judge(t3=known)] == [outcome]


def test_a_stranger_is_no_subtotal() -> None:
    known = requests(DENIED, subtotal("3.撤回申请", "other_misc", *"1000000"))
    assert list(CATALOGUE["SUM-08"].judge(t3=known)) == []


def test_a_subtotal_is_told_with_both_sides() -> None:
    known = requests(DENIED, subtotal("小计", "denied_admin_query", *"2000000"))
    (verdict,) = fails("SUM-08", t3=known)
    assert verdict.message == "“小计”行：自然人 2 件，不予公开各项合计 3 件"
    assert sum(sign * f.value for sign, f in verdict.terms if f.value is not None) == -1


def test_a_subtotal_wrong_in_two_columns_is_no_single_equation() -> None:
    known = requests(DENIED, subtotal("小计", "denied_admin_query", *"2100000"))
    (verdict,) = fails("SUM-08", t3=known)
    assert (verdict.found, verdict.expected, verdict.terms) == ("2、1", "3、0", ())


UNREAD = [("SUM-09", "issued"), ("SUM-09", "in_force"), ("SUM-10", "issued"), ("SUM-10", "repealed")]


@pytest.mark.parametrize(("code", "column"), [*UNREAD, ("SUM-10", "in_force")])
def test_stocks_are_not_judged_by_an_unread_cell(code: str, column: str) -> None:
    cells = {"t2.normative_docs.issued": "3", f"t2.normative_docs.{column}": "/"}
    verdicts = CATALOGUE[code].judge(t2=table("t2", cells=cells))
    assert [v.outcome for v in verdicts][-1] == Outcome.NOT_EVALUATED


@pytest.mark.parametrize("column", ["published_new", "public_total"])
def test_what_was_published_is_not_judged_by_an_unread_cell(column: str) -> None:
    old = table("t2", Edition.FMT2019, {f"t2_2019.regulations.{column}": "/"})
    assert [v.outcome for v in CATALOGUE["SUM-11"].judge(t2=old)] == [Outcome.NOT_EVALUATED, Outcome.PASS]


@pytest.mark.parametrize(
    ("before", "change", "outcome"),
    [("3", "-3", "pass"), ("3", "减5", "fail"), ("/", "3", "not_evaluated"), ("3", "/", "not_evaluated")],
)
def test_items_cannot_become_fewer_than_none(before: str, change: str, outcome: str) -> None:
    cells = {"t2_2019.fees.items_prev": before, "t2_2019.fees.items_change": change}
    verdict = list(CATALOGUE["SUM-12"].judge(t2=table("t2", Edition.FMT2019, cells)))[-1]
    assert (verdict.address, verdict.outcome) == ("t2_2019.fees.items_change", outcome)
    if outcome == "fail":
        assert (verdict.expected, verdict.found) == ("不小于 -3", "-5")


def test_a_block_is_judged_by_its_own_edition() -> None:
    old, new = table("t2", Edition.FMT2019), table("t2", cells={"t2.regulations.issued": "3"})
    mixed = replace(old, grids=(new.grids[0], *old.grids[1:]))
    assert [v.outcome for v in CATALOGUE["SUM-09"].judge(t2=mixed)] == ["fail", "pass"]
    assert [v.outcome for v in CATALOGUE["SUM-11"].judge(t2=mixed)] == ["not_applicable"]


def test_issued_documents_are_asked_after() -> None:
    t2 = table("t2", cells={"t2.normative_docs.issued": "3", "t2.normative_docs.repealed": "1"})
    (verdict,) = fails("SUM-10", t2=t2)
    assert verdict.message == "行政规范性文件：本年制发 3 件、废止 1 件，现行有效 0 件，请核实是否漏填"
    assert suggestion("SUM-10", verdict) == "本年制发规范性文件3件，但现行有效件数为0，请核实。"
    assert verdict.expected == "不小于 2"


def test_disputes_without_requests_are_graver_when_last_year_is_known() -> None:
    t4 = table("t4", cells={"t4.review.total": "2"})
    (unknown,) = fails("SUM-13", t3=requests({}), t4=t4)
    assert unknown.severity is Severity.INFO
    assert unknown.message.startswith("今年没有新收和上年结转的申请")
    (known,) = fails("SUM-13", t3=requests({}), t4=t4, prior=report())
    assert known.severity is Severity.WARNING
    assert known.message.startswith("今年和去年都没有")


def last_year(cells: Mapping[str, str]) -> Report:
    return report(year=2022, t3=table("t3", cells=cells), t4=table("t4", cells=cells))


def test_disputes_of_both_kinds_are_counted() -> None:
    t4 = table("t4", cells={"t4.review.total": "1", "t4.lit_direct.total": "1"})
    assert [v.found for v in fails("SUM-13", t3=requests({}), t4=t4)] == ["2"]


@pytest.mark.parametrize(
    "cells",
    [{"t3.new_received.total": "1"}, {"t3.carried_in.total": "1"}, {f"t3.{r}.total": "2" for r in form.T3_INPUTS[:2]}],
)
def test_any_request_explains_disputes(cells: dict[str, str]) -> None:
    t4 = table("t4", cells={"t4.review.total": "3"})
    assert not fails("SUM-13", t3=requests(cells), t4=t4)
    assert not fails("SUM-13", t3=requests({}), t4=t4, prior=last_year(cells))


def test_disputes_are_not_judged_by_an_unread_cell() -> None:
    unread, t4 = {"t3.new_received.total": "/"}, table("t4", cells={"t4.review.total": "3"})
    (verdict,) = CATALOGUE["SUM-13"].judge(t3=requests(unread), t4=t4)
    assert verdict.outcome is Outcome.NOT_EVALUATED
    (verdict,) = CATALOGUE["SUM-13"].judge(t3=requests({}), t4=table("t4", cells={"t4.review.total": "/"}))
    assert verdict.outcome is Outcome.NOT_EVALUATED
    for prior in (last_year(unread), report(t3=None)):
        assert [v.severity for v in fails("SUM-13", t3=requests({}), t4=t4, prior=prior)] == [Severity.INFO]


@pytest.mark.parametrize(
    ("suits", "reviews", "before", "outcome"),
    [
        ("2", "2", None, "pass"),
        ("3", "2", None, "review"),
        ("3", "2", "/", "review"),
        ("3", "2", "0", "fail"),
        ("3", "2", "1", "pass"),
        ("4", "2", "1", "fail"),
        ("/", "2", "1", "not_evaluated"),
        ("3", "/", "1", "not_evaluated"),
    ],
)
def test_suits_after_reviews_of_two_years(suits: str, reviews: str, before: str | None, outcome: str) -> None:
    t4 = table("t4", cells={"t4.lit_after.total": suits, "t4.review.total": reviews})
    prior = None if before is None else last_year({"t4.review.total": before})
    assert [v.outcome for v in CATALOGUE["SUM-14"].judge(t4=t4, prior=prior)] == [outcome]


def test_suits_without_last_years_table_are_a_doubt() -> None:
    t4 = table("t4", cells={"t4.lit_after.total": "1"})
    assert [v.outcome for v in CATALOGUE["SUM-14"].judge(t4=t4, prior=report(t4=None))] == ["review"]


# --- SUM-15 ---------------------------------------------------------------------------------------------------------


def shares(sentence: str) -> list[Outcome]:
    section = Section("s1_overview", True, paragraphs=(passage(sentence, "s1.a1"),))
    return [v.outcome for v in CATALOGUE["SUM-15"].judge(sections=(section,))]


@pytest.mark.parametrize(
    ("sentence", "outcomes"),
    [
        ("全年共公开信息32条，其中政策类6条，占18%；动态类7条，占21%；其他1条，占3%。", ["pass"] * 3),
        ("共收到申请1191件，其中予以公开208件，占17.46%。", ["pass"]),
        ("共收到申请1191件，其中予以公开208件（占17.4%）。", ["pass"]),
        ("共收到申请1191件，其中予以公开208件（占18.46%）。", ["fail"]),
        ("共收到申请40件，其中自然人30件，占总数的57%。", ["fail"]),
        # One unit of the last place is allowed, not more.
        ("共收到申请40件，其中自然人30件，占76%。", ["pass"]),
        ("共收到申请40件，其中自然人30件，占75.1%。", ["pass"]),
        ("共收到申请40件，其中自然人30件，占75.2%。", ["fail"]),
        ("共收到申请30件，其中自然人30件，占100%。", ["pass"]),
        # What was carried over belongs to the whole, too; two channels are no whole of each other.
        ("新收申请35件，上年结转5件，其中自然人30件，占75%。", []),
        ("网站发布信息60条，微信公众号发布40条，占40%。", []),
        ("网站共发布信息60条，其中动态40条，占40%。", ["fail"]),
        ("全年公开信息60条，其中动态40条，占40%。", ["fail"]),
        ("共公开信息60条，动态40条，占40%。", ["fail"]),
        # A share of a part, whether it says so or not.
        ("共公开信息100条，其中公文40条，占40%，规范性文件10条，占25%。", ["pass"]),
        ("共公开信息100条，其中公文40条，占40%，规范性文件10条，占35%。", ["pass", "fail"]),
        ("共公开信息100条，其中公文0条，占0%，规范性文件10条，占35%。", ["pass", "fail"]),
        ("共收到申请40件，其中自然人30件，占比75%。", ["pass"]),
        ("共收到申请２０件，其中自然人１５件，占７０％。", ["fail"]),
        # The whole is in another sentence, is another quantity, or is not the only candidate.
        ("共收到申请40件。其中自然人30件，占57%。", []),
        ("共收到申请40件，其中自然人30件，占全区申请量的57%。", []),
        ("共收到40件，办结38件，其中予以公开6件，占50%。", []),
        ("其中自然人30件，占57%，共收到申请40件。", []),
        ("收到申请较上年增加40件，其中自然人30件，占57%。", []),
        ("上年收到40件，其中自然人30件，占57%。", []),
        # Rough numbers.
        ("共收到申请40余件，其中自然人30件，占57%。", []),
        ("共收到申请40件，其中自然人约30件，占57%。", []),
        ("共收到申请40件，其中自然人30余件，占57%。", []),
        ("共收到申请40件，其中自然人30件，占近57%。", []),
        # More digits than can be counted.
        (f"共收到申请{'9' * 5000}件，其中自然人{'9' * 5000}件，占57%。", []),
        (f"共收到申请40件，其中自然人30件，占{'9' * 5000}.{'9' * 5000}%。", []),
        # Another unit is no whole; a growth rate no share.
        ("共举办活动3场，发布信息30条，占57%。", []),
        ("共收到申请40件，其中自然人30件，同比增长57%。", []),
    ],
)
def test_a_share_is_recomputed_only_where_its_whole_is_certain(sentence: str, outcomes: list[str]) -> None:
    assert shares(sentence) == outcomes


def test_a_wrong_share_is_told_with_the_right_one() -> None:
    section = Section("s1_overview", True, paragraphs=(passage("共收到申请40件，其中自然人30件，占57%。", "s1.a2"),))
    (verdict,) = CATALOGUE["SUM-15"].judge(sections=(section,))
    assert verdict.address.startswith("s1.a2#")
    assert verdict.message == "“30件，占57%”：30 件占 40 件的 75.0%，文中写为 57%"
