"""SUM: messages, both sides, and the traps that no file of the generator shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from printed import figure, passage, table

from gdcore import form
from gdcore.form import Edition
from gdcore.report import ExtraLine, Requests, Section
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
        outcomes = {v.address: v.outcome for v in CATALOGUE[code].judge(t3=known)}
        assert Outcome.NOT_EVALUATED in outcomes.values()
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
    ],
)
def test_a_subtotal_is_that_of_the_group_it_closes_or_names(label: str, after: str, raws: str, outcome: str) -> None:
    known = requests(DENIED, subtotal(label, after, *raws))
    assert [v.outcome for v in CATALOGUE["SUM-08"].judge(t3=known)] == [outcome]


def test_a_stranger_is_no_subtotal() -> None:
    known = requests(DENIED, subtotal("3.撤回申请", "other_misc", *"1000000"))
    assert list(CATALOGUE["SUM-08"].judge(t3=known)) == []


def test_a_subtotal_is_told_with_both_sides() -> None:
    known = requests(DENIED, subtotal("小计", "denied_admin_query", *"2000000"))
    (verdict,) = fails("SUM-08", t3=known)
    assert verdict.message == "“小计”行：自然人 2 件，不予公开各项合计 3 件"


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
