"""TAB-08, 09, 11, 12, 15: the traps that no file of the generator shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from altered import judge, outcomes, shaped, told, widths, with_block
from printed import figure, passage, report, table

from gdcore import form
from gdcore.form import Edition
from gdcore.report import ExtraLine, Remark, RemarkKind, Requests
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Severity


def test_a_row_of_another_width_is_told_with_both_counts() -> None:
    found = [v for v in judge("TAB-08", report(t3=widths(table("t3"), {"granted_full": 6}))) if v.outcome == "fail"]
    assert [(v.address, v.found, v.expected) for v in found] == [("t3.granted_full", "6 个", "7 个")]


def test_a_row_whose_cells_could_not_be_placed_is_not_told() -> None:
    subject = report(t3=widths(table("t3"), {"granted_full": 7}))
    found = [v for v in outcomes("TAB-08", subject) if v[0] is not Outcome.PASS]
    assert found == [(Outcome.NOT_EVALUATED, "t3.granted_full")]
    assert told("TAB-08", report(t3=widths(table("t3"), {r.key: 7 for r in form.T3_2021.rows}))) == []


def test_rows_of_a_table_with_an_added_column_are_not_told_again() -> None:
    rows = {r.key: 8 for r in form.T3_2021.rows}
    wide = shaped(widths(table("t3"), rows), extra_columns=(passage("备注", "t3"),))
    found = [v for v in outcomes("TAB-08", report(t3=wide)) if v[0] is not Outcome.PASS]
    assert found == [(Outcome.NOT_EVALUATED, "t3")]
    ragged = widths(wide, {**rows, "granted_full": 6})
    assert told("TAB-08", report(t3=ragged)) == [(Outcome.REVIEW, "t3")]


def test_a_few_rows_of_a_wrong_width_are_told_one_by_one() -> None:
    rows = [r.key for r in form.T3_2021.rows][:6]
    few = report(t3=widths(table("t3"), dict.fromkeys(rows[:5], 6)))
    assert told("TAB-08", few) == [(Outcome.FAIL, f"t3.{row}") for row in rows[:5]]
    assert told("TAB-08", report(t3=widths(table("t3"), dict.fromkeys(rows, 6)))) == [(Outcome.FAIL, "t3")]


def test_half_a_row_of_two_cells_is_of_a_wrong_width() -> None:
    old = table("t2", Edition.FMT2019)
    (lines,) = (tuple(replace(x, figures=(), printed=1) for x in g.lines) for g in old.grids if g.key == "item8")
    subject = report(year=2020, t2=with_block(old, old, "item8", lines=lines))
    assert told("TAB-08", subject) == [(Outcome.FAIL, "t2_2019.fees")]


def test_a_row_without_any_cell_is_a_doubt() -> None:
    assert told("TAB-08", report(t3=widths(table("t3"), {"granted_full": 0}))) == [(Outcome.REVIEW, "t3.granted_full")]


def test_many_rows_of_one_wrong_width_are_one_finding() -> None:
    rows = {r.key: 6 for r in form.T3_2021.rows}
    assert told("TAB-08", report(t3=widths(table("t3"), rows))) == [(Outcome.FAIL, "t3")]
    mixed = {**rows, "granted_full": 5}
    assert told("TAB-08", report(t3=widths(table("t3"), mixed))) == [(Outcome.REVIEW, "t3")]


def test_fourteen_cells_of_table_four_are_one_finding() -> None:
    rows = dict.fromkeys(("review", "lit_direct", "lit_after"), 14)
    verdicts = [v for v in judge("TAB-08", report(t4=widths(table("t4"), rows))) if v.outcome == "fail"]
    assert [(v.address, v.expected) for v in verdicts] == [("t4", "15 个")]


def test_a_title_lost_at_a_break_is_not_told() -> None:
    subject = report(t2=shaped(table("t2"), title=None))
    assert told("TAB-09", subject) == [(Outcome.FAIL, "t2.item1")]
    broken = replace(subject, remarks=(Remark(RemarkKind.TABLE_SPLIT, "t2.item1"),))
    assert told("TAB-09", broken) == []
    assert (Outcome.NOT_EVALUATED, "t2.item1") in outcomes("TAB-09", broken)


def test_a_block_that_a_person_assigned_has_no_title_to_judge() -> None:
    subject = report(t2=shaped(table("t2"), title=passage("", "t2.item1")))
    found = [v for v in outcomes("TAB-09", subject) if v[0] is not Outcome.PASS]
    assert found == [(Outcome.NOT_EVALUATED, "t2.item1")]


def test_an_added_row_without_numbers_is_not_told() -> None:
    empty = ExtraLine(passage("备注", "t3"), (figure("t3", ""), figure("t3", "")), "carried_out")
    assert told("TAB-11", report(t3=shaped(table("t3"), extra_lines=(empty,)))) == []
    partly = ExtraLine(passage("3.撤回申请", "t3"), (figure("t3", "1"), figure("t3", "")), "carried_out")
    both = report(t3=shaped(table("t3"), extra_lines=(empty, partly)))
    assert [v.found for v in judge("TAB-11", both) if v.outcome == "fail"] == ["3.撤回申请"]


@pytest.mark.parametrize(
    ("key", "label", "severity"),
    [
        ("t3", "小计", Severity.INFO),
        ("t3", "3.撤回申请", Severity.WARNING),
        ("t4", "合计", Severity.WARNING),
    ],
)
def test_only_a_subtotal_of_table_three_is_a_mere_hint(key: str, label: str, severity: Severity) -> None:
    added = ExtraLine(passage(label, key), (figure(key, "1"),), "")
    subject = report(**{key: shaped(table(key), extra_lines=(added,))})
    assert [v.severity for v in judge("TAB-11", subject) if v.outcome == "fail"] == [severity]


def test_tables_that_are_not_split_pass() -> None:
    split = Remark(RemarkKind.TABLE_SPLIT, "t2.item5")
    subject = report(remarks=(split,))
    assert outcomes("TAB-12", subject) == [(Outcome.FAIL, "t2.item5"), (Outcome.PASS, "t3"), (Outcome.PASS, "t4")]


def test_a_caption_is_missed_only_where_a_header_was_read() -> None:
    bare = replace(table("t3"), caption=None)
    (verdict,) = CATALOGUE["TAB-15"].judge(t3=Requests(bare))
    assert (verdict.outcome, verdict.expected) == ("fail", form.T3_CAPTION)
    assert [a.address for a in verdict.anchors] == ["t3.*.natural_person"]
    (verdict,) = CATALOGUE["TAB-15"].judge(t3=Requests(shaped(bare, headers=())))
    assert verdict.outcome is Outcome.NOT_EVALUATED
