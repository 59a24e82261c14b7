"""What was seen where agencies publish, and what people register of it."""

from datetime import date

import desk
import pytest

from gdcore.lifecycle import IllegalMove
from gdcore.publication import Difference, Kind, Outcome
from gdcore.store import audit, publication_rows, queries
from gdcore.store.publication_rows import Registration
from gdcore.store.rows import FindingFilter

YEAR, DAY = 2023, date(2024, 1, 20)
URL = "http://www.yunze.example/a.html"
NUMBER = "110101199003070011"


@pytest.fixture
def both(store):
    """Two reports that passed."""
    desk.take(store, ("东.txt", desk.report()), ("湾.txt", desk.report(desk.BAY, kind="township")))
    queries.move_filings(store, [desk.EAST, desk.BAY], YEAR, "approved", "周岚")
    return store


def state(store, key):
    row = queries.filing(store, key, YEAR)
    return row.state, row.published_on, row.published_url


def test_only_reports_that_passed_are_listed(store):
    desk.take(store, ("东.txt", desk.report()), ("湾.txt", desk.report(desk.BAY, kind="township")))
    assert queries.publications(store, YEAR) == []
    queries.move_filings(store, [desk.BAY], YEAR, "approved", "周岚")
    (row,) = queries.publications(store, YEAR)
    assert (row.agency, row.state, row.version, row.url, row.look) == (desk.BAY, "approved", 1, "", None)
    assert queries.publications(store, 2022) == []


def test_the_first_of_very_many_are_those_of_a_sorted_list(both, monkeypatch):
    asked = [(words, limit) for words in ("", "白鹭", "街道", "没有") for limit in (1, 2, 9)]
    found = [queries.publications(both, YEAR, words=words, limit=limit) for words, limit in asked]
    everybody = queries.publications(both, YEAR)
    assert len(everybody) == 2
    assert found == [[row for row in everybody if words in row.agency][:limit] for words, limit in asked]
    monkeypatch.setattr(publication_rows, "SORTED", 0)
    assert [queries.publications(both, YEAR, words=words, limit=limit) for words, limit in asked] == found
    assert queries.publications(both, YEAR, scope=desk.BAY, limit=9) == [
        r for r in everybody if r.agency_key == desk.BAY
    ]


def test_a_look_comes_back_as_it_was_kept(both):
    found = Difference(Kind.FIGURE, "t3.carried_in.total", "2", "3", "表三……。", True)
    publication_rows.add_look(
        both, desk.EAST, YEAR, URL, Outcome.DIFFERS, "数字不同 1 处", "周岚", [found], DAY, "ab", 1
    )
    rows = {row.agency_key: row for row in queries.publications(both, YEAR)}
    look = rows[desk.EAST].look
    assert (look.differences, look.published_on, look.digest, look.url) == ((found,), DAY, "ab", URL)
    assert rows[desk.BAY].look is None
    assert queries.publication_looks(both, desk.EAST, YEAR) == [look]


def test_the_last_look_counts_and_none_is_lost(both):
    for outcome in (Outcome.ABSENT, Outcome.SAME):
        publication_rows.add_look(both, desk.EAST, YEAR, URL, outcome, "", "周岚", version=1)
    publication_rows.add_look(both, desk.EAST, 2022, URL, Outcome.ABSENT, "", "周岚", version=1)
    row = next(r for r in queries.publications(both, YEAR) if r.agency == desk.EAST)
    assert row.agrees
    assert len(queries.publication_looks(both, desk.EAST, YEAR)) == 2


def test_a_person_registers_that_it_was_published_and_is_in_order(both):
    queries.register_publications(both, [Registration(desk.EAST, DAY, URL)], YEAR, "周岚", rechecked=True)
    assert state(both, desk.EAST) == ("rechecked", DAY, URL)
    assert state(both, desk.BAY)[0] == "approved"
    steps = [(s.before, s.state, s.actor) for s in queries.filing_history(both, desk.EAST, YEAR)][-2:]
    assert steps == [("approved", "published", "周岚"), ("published", "rechecked", "周岚")]
    assert audit.verify(both).fault == ""
    row = next(r for r in queries.publications(both, YEAR) if r.agency == desk.EAST)
    assert (row.url, row.published_on) == (URL, DAY)


def test_each_agency_is_registered_with_its_own_day(both):
    other = date(2024, 1, 25)
    entries = [Registration(desk.EAST, DAY, URL), Registration(desk.BAY, other, URL + "?2")]
    assert queries.register_publications(both, entries, YEAR, "周岚").changed == 2
    assert state(both, desk.EAST) == ("published", DAY, URL)
    assert state(both, desk.BAY) == ("published", other, URL + "?2")
    assert queries.register_publications(both, entries, YEAR, "周岚", rechecked=True).changed == 2
    assert state(both, desk.BAY) == ("rechecked", other, URL + "?2")
    with pytest.raises(IllegalMove, match="已经登记过了"):
        queries.register_publications(both, entries, YEAR, "周岚", rechecked=True)


def test_where_one_cannot_be_registered_none_is(both):
    queries.move_filings(both, [desk.BAY], YEAR, "in_review", "周岚", "再看一遍")
    entries = [Registration(desk.EAST, DAY, URL), Registration(desk.BAY, DAY, URL)]
    with pytest.raises(IllegalMove):
        queries.register_publications(both, entries, YEAR, "周岚")
    assert state(both, desk.EAST)[0] == "approved"


def test_what_a_person_cleared_is_known(store):
    leak = {"全年受理政府信息公开申请25件": f"身份证号{NUMBER}，全年受理政府信息公开申请25件"}
    desk.take(store, ("东.txt", desk.report(replace=leak)))
    (row,) = queries.findings(store, FindingFilter(year=YEAR, rules=("PRI-01",))).rows
    assert publication_rows.cleared(store, desk.EAST, YEAR) == frozenset()
    queries.decide(store, [row.fingerprint], "false_positive", "周岚", "样例号码")
    assert publication_rows.cleared(store, desk.EAST, YEAR) == {("PRI-01", row.finding.address)}


def test_looks_at_samples_go_with_them(store):
    desk.take(store, ("东.txt", desk.report()), sample=True)
    publication_rows.add_look(store, desk.EAST, YEAR, URL, Outcome.SAME, "", "周岚", version=1)
    queries.clear_samples(store)
    assert queries.publication_looks(store, desk.EAST, YEAR) == []
