"""What pages ask: a year at a glance, the matrix, agencies, findings by every filter."""

import pytest
from desk import BAY, EAST, report, take, unbalanced

from gdcore.store import queries
from gdcore.store.rows import FindingFilter, YearSummary

OFFICE = "云泽县教育局"


@pytest.fixture
def year(store):
    """2023: one clean, one with two errors, one that filed only for 2022; one file refused, one waiting."""
    take(
        store,
        ("东关.txt", report()),
        ("白鹭湾.txt", unbalanced(BAY, kind="township", seed=1)),
        ("教育局2022.txt", report(OFFICE, 2022, kind="dept")),
        ("空.txt", b""),
        ("无名.txt", report(replace={EAST: "本机关"})),
    )
    return store


def test_a_year_at_a_glance(year):
    seen = queries.overview(year, 2023)
    assert (seen.expected, seen.filed, seen.missing) == (3, 2, 1)
    assert (seen.average, seen.withheld, seen.vetoes) == (95.0, 0, 0)
    assert (seen.waiting_files, seen.refused_files) == (1, 1)
    assert seen.previous == YearSummary(1, 100.0)
    assert sum(number for _, _, number in seen.bands) == 2
    assert [lower for _, lower, _ in seen.bands] == [90, 80, 60, 0]


def test_the_matrix_says_a_word_for_each_part_worst_first(year):
    rows = queries.matrix(year, 2023)
    assert [row.agency for row in rows] == [BAY, EAST, OFFICE]
    assert [cell.word for cell in rows[0].words] == ["齐", "齐", "齐", "齐", "齐", "缺", "齐", "不全", "齐"]
    assert {cell.word for cell in rows[1].words} == {"齐"}
    assert {cell.word for cell in rows[2].words} == {"未报"}


def test_a_word_of_the_matrix_leads_to_its_finding(year):
    mark = queries.matrix(year, 2023)[0].words[5].fingerprint
    (row,) = queries.findings(year, FindingFilter(fingerprints=(mark,))).rows
    assert row.finding.rule == "STR-06"


@pytest.mark.parametrize(
    ("change", "column", "word"),
    [
        ({"set": {"t3.new_received.business": ""}}, 7, "空格"),
        ({"drop": ["s3"]}, 2, "缺"),
    ],
)
def test_the_words_of_faults(store, change, column, word):
    take(store, ("年报.txt", report(**change)))
    (row,) = queries.matrix(store, 2023)
    assert row.words[column].word == word
    assert row.words[column].fingerprint


def test_agencies_come_worst_first_and_those_without_a_report_last(year):
    rows = queries.agencies(year, 2023)
    assert [(row.agency, row.state) for row in rows] == [(BAY, "filed"), (EAST, "filed"), (OFFICE, "not_filed")]
    worst = rows[0]
    assert (worst.errors, worst.version, len(worst.bucket_rates)) == (2, 1, 6)
    assert [level for _, level in worst.faults] == ["error", "error"]
    assert rows[2].total is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"q": "白鹭"}, [BAY]),
        ({"q": "%"}, []),
        ({"kinds": ["subdistrict"]}, [EAST]),
        ({"rules": ["STR-06"]}, [BAY]),
        ({"rules": ["STR-06", "STR-01"]}, [BAY]),
        ({"rules": ["STR-06", "STR-01"], "match_all": True}, []),
        ({"band": 90}, [BAY, EAST]),
        ({"band": 0}, []),
    ],
)
def test_agencies_by_what_is_asked(year, words, found):
    assert [row.agency for row in queries.agencies(year, 2023, **words)] == found


def test_the_change_from_last_year(store):
    take(store, ("2022.txt", unbalanced(year=2022)), ("2023.txt", report()))
    (row,) = queries.agencies(store, 2023)
    assert row.change_from_prior == row.total - queries.agencies(store, 2022)[0].total
    assert queries.report_view(store, agency_key=EAST, year=2023).prior_total == queries.agencies(store, 2022)[0].total


def test_a_report_knows_its_neighbours_and_says_nothing_of_what_is_not_there(year):
    view = queries.report_view(year, agency_key=BAY, year=2023)
    assert view.neighbours == (None, EAST)
    assert queries.report_view(year, agency_key=EAST, year=2023).neighbours == (BAY, None)
    assert queries.report_view(year, agency_key=OFFICE, year=2023) is None
    assert queries.report_view(year, report_id=999) is None


def test_a_report_view_holds_the_whole_check(year):
    view = queries.report_view(year, agency_key=BAY, year=2023)
    assert view.report.identity.agency == BAY
    assert view.outcomes["STR-06"] == "fail"
    assert sum(row.points for row in view.findings) == 100 - view.score.total
    assert view.file_name == "白鹭湾.txt"
    assert view.received_at.tzinfo is not None


def test_the_commonest_faults(year):
    (first, *_) = queries.frequent_faults(year, 2023)
    assert (first.agencies, first.share, first.severity) == (1, 0.5, "error")
    assert queries.rule_counts(year, 2023)["STR-06"] == 1
    assert len(queries.frequent_faults(year, 2023, limit=1)) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"rules": ("STR-06",)}, ["STR-06"]),
        ({"severities": ("error",), "bucket": "completeness"}, ["STR-06"]),
        ({"severities": ("veto",)}, []),
        ({"severities": ("review",)}, []),
        ({"agencies": (EAST,)}, []),
        ({"agency": "白鹭湾", "rules": ("STR-06",)}, ["STR-06"]),
        ({"states": ("confirmed",)}, []),
        ({"q": "六、其他需要报告的事项"}, ["STR-06"]),
        ({"outcome": "review"}, []),
    ],
)
def test_findings_by_every_filter(year, query, found):
    page = queries.findings(year, FindingFilter(year=2023, **query))
    assert [row.finding.rule for row in page.rows] == found
    assert page.total == len(found)
    assert [row.finding.rule for row in queries.iter_findings(year, FindingFilter(year=2023, **query))] == found


def test_counts_show_what_each_choice_would_give(year):
    page = queries.findings(year, FindingFilter(year=2023, severities=("review",), states=("pending",)))
    assert page.total == 0
    assert page.severity_counts["error"] == 2
    assert page.state_counts == {}


def test_findings_come_in_pages(year):
    whole = queries.findings(year, FindingFilter(year=2023)).rows
    first = queries.findings(year, FindingFilter(year=2023), page=1, size=1)
    beyond = queries.findings(year, FindingFilter(year=2023), page=99, size=1)
    assert (first.rows, first.pages, first.total) == (whole[:1], len(whole), len(whole))
    assert (beyond.rows, beyond.page) == (whole[-1:], len(whole))


def test_a_finding_keeps_its_places(year):
    (row,) = queries.findings(year, FindingFilter(rules=("SUM-03",))).rows
    assert row.finding.anchors
    assert all(anchor.place.as_dict() for anchor in row.finding.anchors)
    assert row.finding.cells
