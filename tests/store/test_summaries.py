"""Counts kept in the transaction that changes what they count; ten thousand changes are in `test_any_order`."""

from __future__ import annotations

from datetime import date

import desk
import pytest
from sqlalchemy import select, update

from gdcore import roster as files
from gdcore.store import queries, roster, summaries, tables
from gdcore.store.agency_lists import AgencyFilter
from gdcore.store.rows import FindingFilter

YEAR = 2023
COUNTY, CITY = "云泽县人民政府", "澜江市人民政府"
ROSTER = (
    "单位名称,类型,上级单位\n"
    f"{CITY},政府,\n{COUNTY},政府,{CITY}\n{desk.BAY},乡镇,{COUNTY}\n{desk.EAST},街道,{COUNTY}\n云泽县水务局,部门,{COUNTY}\n"
)


@pytest.fixture
def filed(store):
    """A town and a subdistrict of a county that filed, one of them with faults."""
    roster.take(store, files.parse(ROSTER.encode(), "名录.csv").entries)
    desk.take(store, ("东关.txt", desk.unbalanced()), ("白鹭湾.txt", desk.report(desk.BAY, kind="township")))
    return store


def told(store, scope, kind):
    with store.reading() as connection:
        return summaries.of_kind(connection, YEAR, scope, kind)


def test_a_report_counts_under_all_bodies_above_it(filed):
    for scope in (None, CITY, COUNTY):
        assert told(filed, scope, "report")["filed"] == 2
    assert told(filed, desk.EAST, "report")["filed"] == 1  # a body without any below it is its own scope
    assert told(filed, "云泽县水务局", "report") == {}


def test_a_decision_moves_counts_in_its_transaction(filed):
    row = next(iter(queries.iter_findings(filed, FindingFilter(year=YEAR, rules=("STR-06",)))))
    assert told(filed, COUNTY, "fault")["STR-06|2"] == 1
    queries.decide(filed, [row.fingerprint], "false_positive", "周岚", "依据见附件")
    assert "STR-06|2" not in told(filed, COUNTY, "fault")
    assert not summaries.recount(filed)


def _fail_after_counting(store):
    with store.writing() as connection:
        connection.execute(update(tables.REPORT).values(errors=99))
        summaries.refresh(connection)
        raise RuntimeError


def test_what_is_taken_back_takes_its_counts_back(filed):
    before = told(filed, None, "report")
    with pytest.raises(RuntimeError):
        _fail_after_counting(filed)
    assert told(filed, None, "report") == before


def test_an_agency_that_moves_takes_what_is_below_it_along(filed):
    other = ROSTER.replace(f"{COUNTY},政府,{CITY}", f"{COUNTY},政府,")
    roster.take(filed, files.parse(other.encode(), "名录.csv").entries)
    assert told(filed, CITY, "report") == {}
    assert told(filed, None, "report")["filed"] == 2
    assert not summaries.recount(filed)


def test_a_recount_mends_what_was_changed_behind_the_desk(filed):
    right = told(filed, None, "report")
    with filed.writing() as connection:
        connection.execute(update(tables.COUNT).values(number=77))
    assert told(filed, None, "report") != right
    assert summaries.recount(filed)
    assert told(filed, None, "report") == right
    assert not summaries.recount(filed)


def test_nothing_stays_stale(filed):
    with filed.reading() as connection:
        assert connection.execute(select(tables.STALE)).all() == []


# --- pages of lists say what whole lists say ----------------------------------------------------------------------------


@pytest.mark.parametrize("scope", [None, COUNTY])
def test_pages_of_agencies_are_the_list_of_agencies(filed, scope):
    whole = queries.agencies(filed, YEAR, scope=scope)
    paged = [queries.agency_page(filed, AgencyFilter(YEAR, scope=scope), n, size=1) for n in range(1, len(whole) + 1)]
    assert [row for page in paged for row in page.rows if row.report_id] == [row for row in whole if row.report_id]
    assert {row.agency_key for page in paged for row in page.rows} == {row.agency_key for row in whole}
    assert {(page.total, page.missing) for page in paged} == {(len(whole), len(whole) - 2)}


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "街道"},
        {"rules": ("STR-06",)},
        {"rules": ("STR-06", "TAB-02"), "match_all": True},
        {"kinds": ("township",)},
        {"band": 90.0},
    ],
)
def test_pages_of_agencies_meet_the_filter_of_the_list(filed, asked):
    whole = queries.agencies(filed, YEAR, **asked)
    page = queries.agency_page(filed, AgencyFilter(YEAR, **asked))
    assert {row.agency_key for row in page.rows} == {row.agency_key for row in whole}
    assert page.total == len(whole)


@pytest.mark.parametrize("show", ["gaps", "late", "missing", "all"])
def test_pages_of_the_matrix_are_the_matrix(filed, show):
    today, submit = date(2024, 2, 1), date(2024, 1, 31)
    rows = queries.matrix(filed, YEAR, submit)
    wanted = {
        "gaps": [r for r in rows if r.report_id and any(c.word != "齐" for c in r.words)],
        "late": [r for r in rows if not r.report_id],
        "missing": [r for r in rows if not r.report_id],
        "all": rows,
    }[show]
    page = queries.matrix_page(filed, YEAR, show, today, submit, None, 1, 100)
    assert sorted(page, key=lambda r: r.agency_key) == sorted(wanted, key=lambda r: r.agency_key)
    assert [r for r in page if r.report_id] == [r for r in wanted if r.report_id]


def test_a_long_list_of_findings_is_walked_in_the_order_of_a_short_one(filed, monkeypatch):
    from gdcore.store import finding_rows

    short = [queries.findings(filed, FindingFilter(year=YEAR), n, size=1).rows for n in (1, 2)]
    monkeypatch.setattr(finding_rows, "_SORTED", 1)
    monkeypatch.setattr(finding_rows, "_BATCH", 1)
    page = queries.findings(filed, FindingFilter(year=YEAR), 1, size=2)
    assert [*page.rows] == [row for rows in short for row in rows]
    assert page.agencies is None


def test_a_long_ledger_is_walked_in_the_order_of_a_short_one(filed, monkeypatch):
    from gdcore.store import ledger_rows
    from gdcore.store.rows import Duty, LedgerFilter

    found = [row.fingerprint for row in queries.iter_findings(filed, FindingFilter(year=YEAR))]
    queries.decide(filed, found, "confirmed", "周岚")
    for n, fingerprint in enumerate(found[1:]):
        queries.decide(filed, [fingerprint], "issued", "周岚", duty=Duty(due=date(2024, 3, 9 - n)))
    wanted = LedgerFilter(YEAR, date(2024, 2, 1), date(2024, 2, 5))
    short = queries.ledger(filed, wanted)
    monkeypatch.setattr(ledger_rows, "_SORTED", 0)
    parts = [queries.ledger(filed, wanted, n, size=1) for n in range(1, len(found) + 1)]
    assert len(short.rows) == len(found) > 1
    assert [row for part in parts for row in part.rows] == [*short.rows]


def test_names_are_found_by_a_piece_of_them(filed):
    assert dict(queries.find_agencies(filed, "水务")) == {"云泽县水务局": "云泽县水务局"}
    assert dict(queries.find_agencies(filed, "水务", CITY, limit=0)) == {}
    assert queries.find_agencies(filed, "%") == {}
    assert queries.shared_area(filed) == "云泽县"
    assert queries.first_filed(filed, YEAR) == desk.EAST
