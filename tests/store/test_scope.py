"""A view narrowed to one government and what stands below it; days of submission; the years side by side."""

from __future__ import annotations

from datetime import date

import pytest
from desk import report, take, unbalanced

from gdcore import roster as files
from gdcore.store import queries, roster
from gdcore.store.rows import DueRow, FindingFilter, LedgerFilter, ScopeRow, TrendRow

HEADER = "单位名称,编号,类型,上级单位,报送截止,设立日期\n"
ROWS = (
    "青川市人民政府,Q,政府,,,\n"
    "青川市教育局,QJ,部门,青川市人民政府,2024-01-10,\n"
    "云泽县人民政府,Y,政府,青川市人民政府,,\n"
    "云泽县教育局,YJ,部门,云泽县人民政府,,\n"
    "云泽县白鹭湾镇人民政府,YB,乡镇,云泽县人民政府,2024-01-25,\n"
    "柳林县人民政府,L,政府,青川市人民政府,,\n"
    "柳林县教育局,LJ,部门,柳林县人民政府,,\n"
    "外办,W,部门,,,2024-02-01\n"
)
YUNZE = {"云泽县人民政府", "云泽县教育局", "云泽县白鹭湾镇人民政府"}
SUBMIT = date(2024, 1, 20)


@pytest.fixture
def area(store):
    """A city with two counties; one office of each county, one town and the city's office, of which two filed."""
    read = files.parse((HEADER + ROWS).encode(), "名录.csv")
    assert read.faults == ()
    roster.take(store, read.entries)
    take(
        store,
        ("云泽.txt", unbalanced("云泽县教育局", kind="dept")),
        ("柳林.txt", report("柳林县教育局", kind="dept", seed=3)),
        ("青川2022.txt", unbalanced("青川市教育局", 2022, kind="dept", seed=5)),
    )
    return store


def names(rows):
    return {row.agency for row in rows}


def test_the_scopes_are_governments_with_some_but_not_all_below_them(area):
    assert queries.scopes(area, 2023) == [ScopeRow("Y", "云泽县人民政府", 3, 0), ScopeRow("L", "柳林县人民政府", 2, 0)]


def test_scopes_stand_below_each_other(area):
    wider = queries.scopes(area, 2024)
    assert [(row.key, row.agencies, row.depth) for row in wider] == [("Q", 7, 0), ("Y", 3, 1), ("L", 2, 1)]


def test_everything_asked_for_a_year_is_narrowed(area):
    seen = queries.overview(area, 2023, scope="Y")
    assert (seen.expected, seen.filed, seen.missing) == (3, 1, 2)
    assert seen.average == queries.agencies(area, 2023, q="云泽县教育局")[0].total
    assert sum(number for _, _, number in seen.bands) == 1
    assert seen.previous is None
    assert names(queries.matrix(area, 2023, scope="Y")) == YUNZE
    assert names(queries.agencies(area, 2023, scope="Y")) == YUNZE
    assert {row.agencies for row in queries.frequent_faults(area, 2023, scope="Y")} == {1}
    assert queries.frequent_faults(area, 2023, scope="Y")[0].share == 1
    assert set(queries.agency_names(area, "Y").values()) == YUNZE
    assert queries.rule_counts(area, 2023, "L") == {}
    assert queries.trend(area, "Y") == [TrendRow(2023, 1, seen.average, 2)]


def test_findings_are_narrowed(area):
    whole, part = (queries.findings(area, FindingFilter(year=2023, scope=scope)) for scope in (None, "L"))
    assert (whole.total > 0, part.total) == (True, 0)
    assert part.severity_counts["error"] == 0
    inside = FindingFilter(year=2023, scope="Q")
    assert [r.fingerprint for r in queries.iter_findings(area, inside)] == [r.fingerprint for r in whole.rows]


def test_the_neighbours_of_a_report_stand_in_the_scope(area):
    assert queries.report_view(area, agency_key="YJ", year=2023).neighbours == (None, "LJ")
    assert queries.report_view(area, agency_key="YJ", year=2023, scope="Y").neighbours == (None, None)


def test_bodies_that_stand_above_each_other_in_a_circle_are_followed_once(store):
    read = files.parse(
        (HEADER + "甲县人民政府,A,政府,乙县人民政府,,\n乙县人民政府,B,政府,甲县人民政府,,\n").encode(), "名录.csv"
    )
    roster.take(store, read.entries)
    assert set(queries.agency_names(store, "A")) == {"A", "B"}
    assert queries.scopes(store, 2023) == []


def test_agencies_by_the_day_on_which_they_are_to_submit(area):
    assert queries.overview(area, 2023, SUBMIT).dues == (
        DueRow(date(2024, 1, 10), True, 1, 0),
        DueRow(SUBMIT, False, 5, 2),
        DueRow(date(2024, 1, 25), True, 1, 0),
    )
    assert queries.overview(area, 2023).dues[-1] == DueRow(None, False, 5, 2)
    assert queries.overview(area, 2022, date(2023, 1, 20)).dues == (DueRow(date(2023, 1, 20), False, 7, 1),)


def test_the_matrix_tells_when_a_report_came_and_by_when_it_was_due(area):
    take(area, ("云泽改.txt", report("云泽县教育局", kind="dept")))
    rows = {row.agency_key: row for row in queries.matrix(area, 2023, SUBMIT)}
    first = min(v.received_at for v in queries.report_view(area, agency_key="YJ", year=2023).versions)
    assert (rows["YJ"].received_at, rows["YJ"].due) == (first, SUBMIT)
    assert (rows["YB"].received_at, rows["YB"].due) == (None, date(2024, 1, 25))
    assert rows["YB"].agency_type == "township"


def test_years_side_by_side(area):
    before, now = queries.trend(area)
    assert (before.year, before.filed, before.errors) == (2022, 1, 2)
    assert (now.year, now.filed, now.errors) == (2023, 2, 1)
    assert now.average == queries.overview(area, 2023).average


def test_the_ledger_is_narrowed_with_its_figures(area):
    queries.decide(
        area, [f.fingerprint for f in queries.findings(area, FindingFilter(year=2023)).rows], "confirmed", "周岚"
    )
    day = date(2024, 2, 5)
    whole, inside, outside = (
        queries.ledger(area, LedgerFilter(2023, day, day, scope=scope)) for scope in (None, "Y", "L")
    )
    assert names(inside.rows) == {"云泽县教育局"}
    assert names(outside.rows) <= {"柳林县教育局"}
    assert inside.total + outside.total == whole.total
    assert inside.figures.states == {"confirmed": inside.total}
