"""TAB-05…07, 10, 13, 19: the traps that no file of the generator shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from altered import judge, outcomes, told, widths, with_block
from printed import NATIONAL, passage, report, table

from gdcore import form
from gdcore.form import Edition
from gdcore.verdict import Outcome, Severity, Verdict


def test_whole_blank_columns_are_told_as_columns() -> None:
    blank = {f"t3.{r.key}.{c}": "" for r in form.T3_2021.rows for c in ("business", "research")}
    verdict = next(v for v in judge("TAB-05", report(t3=table("t3", cells=blank))) if v.outcome == "fail")
    assert verdict.message == "表三有 50 个数据格空白：商业企业、科研机构 2 列整列空白"
    assert len(verdict.anchors) == 50
    assert verdict.severity is Severity.WARNING


def test_single_blanks_are_told_as_cells() -> None:
    three = {f"t3.carried_in.{c}": "" for c in ("business", "research", "ngo")}
    for cells, dots in ((three, False), ({**three, "t3.carried_in.total": ""}, True)):
        (verdict,) = (v for v in judge("TAB-05", report(t3=table("t3", cells=cells))) if v.outcome == "fail")
        assert "二、上年结转政府信息公开申请数量 · 商业企业" in verdict.message
        assert verdict.message.endswith("等") is dots
    issued = {f"t2.{row}.issued": "" for row in ("regulations", "normative_docs")}
    (verdict,) = (v for v in judge("TAB-05", report(t2=table("t2", cells=issued))) if v.outcome == "fail")
    assert verdict.message == "表二有 2 个数据格空白：规章 · 本年制发件数；行政规范性文件 · 本年制发件数"


def test_a_blank_table_is_an_error() -> None:
    blank = dict.fromkeys(table("t4").cells(), "")
    (verdict,) = (v for v in judge("TAB-05", report(t4=table("t4", cells=blank))) if v.outcome == "fail")
    assert (verdict.severity, verdict.message) == (Severity.ERROR, "表四的 15 个数据格全部空白")


def test_rows_of_a_wrong_width_are_not_blank() -> None:
    rows = {r.key: 6 for r in form.T3_2021.rows}
    verdicts = outcomes("TAB-05", report(t3=widths(table("t3"), rows)))
    assert verdicts == [(Outcome.PASS, "t2"), (Outcome.NOT_EVALUATED, "t3"), (Outcome.PASS, "t4")]


def test_blanks_are_silent_where_the_profile_allows_them() -> None:
    subject = report(t3=table("t3", cells={"t3.carried_in.ngo": ""}))
    allowed = replace(NATIONAL, blank_allowed=True)
    assert [v.outcome for v in judge("TAB-05", subject, profile=allowed)] == [Outcome.NOT_APPLICABLE]


def test_what_is_no_number_is_told_with_what_it_prints() -> None:
    cells = {"t3.carried_in.ngo": "/", "t3.carried_in.total": "无", "t3.carried_out.ngo": "/"}
    verdict = next(v for v in judge("TAB-06", report(t3=table("t3", cells=cells))) if v.outcome == "fail")
    assert verdict.found == "/、无"
    assert verdict.message.startswith("表三有 3 个数据格不是数字：二、上年结转政府信息公开申请数量 · 社会公益组织“/”")


@pytest.mark.parametrize(
    ("raws", "outcome"),
    [
        (["12 3"], "review"),
        (["12 3", "4 56"], "review"),
        (["12 3", "/"], "fail"),
        (["无 数据"], "fail"),
        (["1O"], "fail"),
    ],
)
def test_only_several_numbers_in_a_cell_are_a_doubt(raws: list[str], outcome: str) -> None:
    cells = dict(zip(("t3.carried_in.ngo", "t3.carried_in.business"), raws, strict=False))
    assert told("TAB-06", report(t3=table("t3", cells=cells))) == [(outcome, "t3")]


FEES = "t2.fees.amount_wan"


def fees(raw: str, sentence: str = "", last: str | None = None) -> Verdict:
    """What TAB-10 says of an amount, with a sentence in the prose and last year's amount."""
    prior = None if last is None else report(year=2022, t2=table("t2", cells={FEES: last}))
    prose = (passage(sentence, "s6"),)
    (verdict,) = judge("TAB-10", report(t2=table("t2", cells={FEES: raw}), beyond=prose), prior=prior)
    return verdict


def test_fees_told_in_yuan_are_told_with_the_amount_in_wan() -> None:
    verdict = fees("251000", "全年收取行政事业性收费251,000元。")
    assert (verdict.outcome, verdict.expected, verdict.found) == ("fail", "25.1 万元", "251000 万元")


@pytest.mark.parametrize(
    ("raw", "sentence", "last", "outcome"),
    [
        ("0", "全年收取行政事业性收费0元。", None, "pass"),
        ("25.1", "全年收取行政事业性收费251000元。", None, "pass"),
        ("20000", "", "36.52", "pass"),
        ("36520", "", "36.52", "review"),
        ("20000", "", "0", "pass"),
        (f"{NATIONAL.thresholds['fee_max_wan']}", "", None, "review"),
        (f"{NATIONAL.thresholds['fee_max_wan'] - 1}", "", None, "pass"),
        ("/", "", None, "not_evaluated"),
    ],
)
def test_great_fees_are_a_doubt(raw: str, sentence: str, last: str | None, outcome: str) -> None:
    assert fees(raw, sentence, last).outcome == outcome


def test_fees_are_judged_by_the_edition_of_their_own_block() -> None:
    mixed = with_block(table("t2", Edition.FMT2019), table("t2", cells={FEES: "3.5"}), "item8")
    assert outcomes("TAB-10", report(t2=mixed)) == [(Outcome.PASS, FEES)]


def test_the_unit_of_purchases_may_stand_in_the_header() -> None:
    amount = "t2_2019.procurement.amount"
    old = table("t2", Edition.FMT2019, {amount: "35"})
    assert outcomes("TAB-19", report(year=2020, t2=old)) == [(Outcome.FAIL, amount)]
    first, second = old.grids[-1].headers
    named = replace(second, printed=passage("采购总金额（万元）", "t2_2019.*.amount"))
    subject = report(year=2020, t2=with_block(old, old, "item9", headers=(first, named)))
    assert outcomes("TAB-19", subject) == [(Outcome.PASS, amount)]
    unread = report(year=2020, t2=table("t2", Edition.FMT2019, {amount: "/"}))
    assert outcomes("TAB-19", unread) == [(Outcome.NOT_EVALUATED, amount)]
