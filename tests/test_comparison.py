"""Two reports side by side, cell by cell; what one year owes to the last; what became of findings between versions."""

from dataclasses import replace
from decimal import Decimal

import pytest
from judged import changed
from printed import figure, report, table

from gdcore import comparison
from gdcore.comparison import CellPair, Fate, Standing, TablePair, continuities, fates
from gdcore.form import Edition
from gdcore.report import Line, Report, StatTable

PENALTY = "t2.penalty.decisions"


def pair(before: str | None, after: str | None) -> CellPair:
    return CellPair(PENALTY, *(None if raw is None else figure(PENALTY, raw) for raw in (before, after)))


def with_cells(key: str, **cells: str) -> dict[str, StatTable]:
    return {key: table(key, cells={f"{key}.{name.replace('__', '.')}": raw for name, raw in cells.items()})}


def tables(before: Report, after: Report) -> dict[str, TablePair]:
    return {found.key: found for found in comparison.tables(before, after)}


def without_row(found: StatTable, row: str) -> StatTable:
    """The table with a row of which no cell could be told."""
    lines = tuple(Line(x.label, (), 5) if x.label.key == row else x for x in found.grids[0].lines)
    return replace(found, grids=(replace(found.grids[0], lines=lines), *found.grids[1:]))


# --- cells ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "difference", "ratio", "changed"),
    [
        ("41", "38", "-3", "-0.0732", True),
        ("14", "21", "7", "0.5", True),
        ("5", "5", "0", "0", False),
        ("0", "3", "3", None, True),
        ("0", "0", "0", None, False),
        ("37.52", "37.53", "0.01", "0.0003", True),
        ("1,204", "1204", "0", "0", False),
        ("", "0", None, None, True),
        ("/", "3", None, None, True),
        ("", "", None, None, False),
        (None, "3", None, None, False),
        ("3", None, None, None, False),
        (None, None, None, None, False),
    ],
)
def test_a_difference_is_computed_from_known_numbers_only(before, after, difference, ratio, changed):
    found = pair(before, after)
    assert found.difference == (None if difference is None else Decimal(difference))
    assert (None if found.ratio is None else round(found.ratio, 4)) == (None if ratio is None else Decimal(ratio))
    assert found.changed is changed
    assert found.found is (before is not None and after is not None)


def test_the_cells_that_changed_are_told_in_the_order_of_the_form():
    before, after = changed(year=2023), changed(year=2023, set={"t3.new_received.total": "99", PENALTY: "1"})
    found = comparison.tables(before, after)
    assert [cell.address for each in found for cell in each.changed] == [PENALTY, "t3.new_received.total"]
    assert [len(each.cells) for each in found] == [10, 175, 15]
    assert all(each.compared and not each.apart and not each.unread for each in found)


def test_a_row_that_was_not_read_is_neither_zero_nor_a_change():
    before, after = report(), replace(report(), t3=without_row(table("t3"), "granted_full"))
    found = tables(before, after)["t3"]
    assert len(found.unread) == 7
    assert {(cell.difference, cell.ratio, cell.changed) for cell in found.unread} == {(None, None, False)}
    assert found.changed == ()


@pytest.mark.parametrize(
    ("t4", "standing"), [(None, Standing.ABSENT), (StatTable("t4", Edition.FMT2021, ()), Standing.UNREAD)]
)
def test_a_table_that_is_not_there_is_told_from_one_that_could_not_be_read(t4, standing):
    found = tables(report(), report(t4=t4))["t4"]
    assert (found.before, found.after, found.compared, found.cells) == (Standing.READ, standing, False, ())


def test_two_editions_compare_where_both_have_the_cell():
    found = tables(changed(year=2020), changed(year=2021))
    assert [cell.address for cell in found["t2"].cells] == [
        "t2.licensing.decisions",
        "t2.penalty.decisions",
        "t2.coercion.decisions",
    ]
    assert set(found["t2"].apart) == {
        "规章",
        "行政规范性文件",
        "行政事业性收费",
        "其他对外管理服务事项",
        "政府集中采购",
    }
    assert found["t3"].apart == ("（六）其他处理",)
    assert found["t3"].editions == (Edition.FMT2019, Edition.FMT2021)
    assert len(found["t3"].cells) == 22 * 7
    assert found["t4"].apart == ()


def test_table_two_may_mix_two_editions():
    hybrid = changed(year=2023, hybrid={"item1": "fmt2019"})
    found = tables(hybrid, changed(year=2023))["t2"]
    assert set(found.apart) == {"规章", "行政规范性文件"}
    assert "t2.fees.amount_wan" in [cell.address for cell in found.cells]


# --- what one year owes to the last -------------------------------------------------------------------------------------


def test_two_years_of_clean_reports_follow_from_each_other():
    assert all(each.holds for each in continuities(changed(year=2023), changed(year=2024)))


def test_what_was_carried_over_must_come_in():
    then, now = with_cells("t3", carried_out__total="3"), with_cells("t3", carried_in__total="2")
    total, *stocks = continuities(report(**then), report(year=2024, **now))
    assert (total.address, total.holds, total.before.value, total.after.value) == ("t3.carried_in.total", False, 3, 2)
    assert total.pair.difference == -1
    assert [each.address for each in stocks] == ["t2.regulations.in_force", "t2.normative_docs.in_force"]


def test_applicants_are_compared_where_the_totals_agree():
    then = with_cells("t3", carried_out__total="1", carried_out__business="1")
    now = with_cells("t3", carried_in__total="1", carried_in__research="1")
    found = continuities(report(**then), report(year=2024, **now))
    assert [each.address for each in found if each.holds is False] == [
        "t3.carried_in.business",
        "t3.carried_in.research",
    ]


@pytest.mark.parametrize(("in_force", "holds"), [("16", True), ("21", False), ("", None), ("—", None)])
def test_a_stock_is_last_years_with_what_was_issued_and_repealed(in_force, holds):
    then = with_cells("t2", normative_docs__in_force="14")
    now = with_cells("t2", normative_docs__issued="5", normative_docs__repealed="3", normative_docs__in_force=in_force)
    *_, stock = continuities(report(**then), report(year=2024, **now))
    assert (stock.holds, stock.due.value) == (holds, 16)


def test_what_is_not_known_in_either_year_is_owed_by_nobody():
    found = continuities(report(t2=None, t3=None), report(year=2024))
    assert {each.holds for each in found} == {None}
    old = continuities(report(year=2020), report(year=2021))
    assert [each.holds for each in old if each.address.startswith("t2")] == [None, None]


# --- findings of versions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("versions", "left", "right", "fate"),
    [
        ("++", 0, 1, Fate.REMAINING),
        ("+-", 0, 1, Fate.GONE),
        ("-+", 0, 1, Fate.NEW),
        ("--", 0, 1, None),
        ("+-+", 1, 2, Fate.RETURNED),
        ("+-+", 0, 2, Fate.RETURNED),
        ("+-+", 0, 1, Fate.GONE),
        ("-++", 0, 2, Fate.NEW),
        ("-++", 1, 2, Fate.REMAINING),
        ("+-++", 2, 3, Fate.REMAINING),
        ("+-++", 1, 3, Fate.RETURNED),
        ("+-++", 0, 3, Fate.RETURNED),
        ("++-+", 1, 3, Fate.RETURNED),
        ("+--", 1, 2, None),
        ("--+", 0, 2, Fate.NEW),
    ],
)
def test_what_became_of_a_finding(versions, left, right, fate):
    marks = [{"f"} if mark == "+" else set() for mark in versions]
    assert fates(marks, left, right).get("f") is fate
