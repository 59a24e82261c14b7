"""The 整改台账: from the confirmed finding to 销号, moved by people and by new versions, nothing lost on the way."""

from datetime import date, timedelta

import desk
import pytest

from gdcore.lifecycle import PROGRAM, IllegalMove
from gdcore.store import audit, queries
from gdcore.store.rows import Duty, FindingFilter, LedgerFilter

TODAY, DUE = date(2024, 2, 5), date(2024, 2, 20)
ALL = LedgerFilter(2023, TODAY, TODAY + timedelta(days=3))


def marks(store, *rules):
    rows = queries.findings(store, FindingFilter(year=2023, rules=rules)).rows
    return [row.fingerprint for row in rows]


def line(store, fingerprint):
    return next(row for row in queries.ledger(store, ALL).rows if row.fingerprint == fingerprint)


@pytest.fixture
def faulty(store):
    """A report with a fault of table 三 and without its section 六; the fingerprint of the latter."""
    desk.take(store, ("年报.txt", desk.unbalanced()))
    return marks(store, "STR-06")[0]


def issue(store, *fingerprints, due=DUE):
    queries.decide(store, fingerprints, "confirmed", "周岚")
    queries.decide(store, fingerprints, "issued", "周岚", duty=Duty(due=due, responsible="许航"))


def test_a_finding_that_nobody_confirmed_is_not_in_it(store, faulty):
    assert queries.ledger(store, ALL).total == 0
    queries.decide(store, [faulty], "false_positive", "周岚", "在附件中")
    assert queries.ledger(store, ALL).total == 0


def test_what_is_issued_has_a_deadline_and_someone_responsible(store, faulty):
    queries.decide(store, [faulty], "confirmed", "周岚")
    with pytest.raises(IllegalMove, match="须写明整改时限"):
        queries.decide(store, [faulty], "issued", "周岚")
    queries.decide(store, [faulty], "issued", "周岚", duty=Duty(due=DUE, responsible="许航"))
    row = line(store, faulty)
    assert (row.state, row.due, row.responsible, row.rule, row.version) == ("issued", DUE, "许航", "STR-06", 1)
    assert row.issued_at is not None
    assert row.message
    queries.decide(store, [faulty], "confirmed", "周岚")
    assert (line(store, faulty).state, line(store, faulty).due) == ("confirmed", None)


def test_a_version_without_the_fault_proposes_it_and_a_person_closes_it(store, faulty):
    issue(store, faulty)
    desk.take(store, ("改.txt", desk.report()))
    proposed = line(store, faulty)
    assert (proposed.state, proposed.evidence, proposed.present, proposed.actor) == (
        "corrected",
        "第 2 版",
        False,
        PROGRAM,
    )
    with pytest.raises(IllegalMove, match="须写明理由"):
        queries.decide(store, [faulty], "closed", "许航")
    queries.decide(store, [faulty], "closed", "许航", "已核对新版本")
    closed = line(store, faulty)
    assert (closed.state, closed.verified_by) == ("closed", "许航")
    assert closed.finished_at is not None
    assert queries.ledger(store, ALL).figures.closed_share == 1


def test_a_version_that_could_not_be_read_closes_nothing(store):
    desk.take(store, ("年报.txt", desk.unbalanced()))
    (mark,) = marks(store, "SUM-03")
    issue(store, mark)
    desk.take(store, ("改.txt", desk.report(set={"t3.new_received.total": "一堆"})))
    assert line(store, mark).state == "issued"


def test_a_fault_that_comes_back_reappears(store, faulty):
    issue(store, faulty)
    desk.take(store, ("改.txt", desk.report()))
    queries.decide(store, [faulty], "closed", "许航", "已核对")
    view = desk.take(store, ("再改.txt", desk.report(drop=["s6"])))
    row = line(store, faulty)
    assert (row.state, row.present, row.version, row.finished_at, row.evidence) == ("reappeared", True, 3, None, None)
    assert "重现 1" in view.results[0].change
    queries.decide(store, [faulty], "issued", "周岚", duty=Duty(due=DUE))
    assert line(store, faulty).state == "issued"


def test_closing_needs_evidence(store, faulty):
    issue(store, faulty)
    queries.decide(store, [faulty], "corrected", "周岚", "单位来电称已改")
    with pytest.raises(IllegalMove, match="销号须有依据"):
        queries.decide(store, [faulty], "closed", "许航", "已核对")
    queries.decide(store, [faulty], "closed", "许航", "已核对", duty=Duty(evidence="https://example.invalid/nianbao"))
    assert line(store, faulty).state == "closed"


def test_a_waiver_is_asked_for_granted_by_another_and_runs_out(store, faulty):
    issue(store, faulty)
    with pytest.raises(IllegalMove, match="到期日"):
        queries.decide(store, [faulty], "waiver_requested", "周岚", "系统改造中")
    queries.decide(store, [faulty], "waiver_requested", "周岚", "系统改造中", duty=Duty(waiver_until=DUE))
    with pytest.raises(IllegalMove, match="申请人以外的人"):
        queries.decide(store, [faulty], "waived", "周岚")
    with pytest.raises(IllegalMove, match="应回到“已下发”"):
        queries.decide(store, [faulty], "confirmed", "许航", "理由不足")
    queries.decide(store, [faulty], "waived", "许航")
    (agency,) = queries.agencies(store, 2023)
    assert "STR-06" not in dict(agency.faults)
    assert queries.end_waivers(store, DUE) == 0
    assert queries.end_waivers(store, DUE + timedelta(days=1)) == 1
    assert (line(store, faulty).state, line(store, faulty).actor) == ("confirmed", PROGRAM)
    (agency,) = queries.agencies(store, 2023)
    assert "STR-06" in dict(agency.faults)


def test_the_second_of_two_reviewers_is_told(store, faulty):
    queries.decide(store, [faulty], "false_positive", "周岚", "在附件中")
    with pytest.raises(IllegalMove, match="其他人已经处理过"):
        queries.decide(store, [faulty], "confirmed", "许航", seen={faulty: "pending"})
    assert queries.findings(store, FindingFilter(fingerprints=(faulty,))).rows[0].state == "false_positive"


def test_lines_come_by_deadline_and_are_counted(store, faulty):
    (other,) = marks(store, "SUM-03")
    issue(store, faulty, due=TODAY + timedelta(days=2))
    issue(store, other, due=TODAY - timedelta(days=1))
    page = queries.ledger(store, ALL)
    assert [row.fingerprint for row in page.rows] == [other, faulty]
    assert (page.figures.overdue, page.figures.soon, page.figures.closed_share) == (1, 1, 0)
    late = queries.ledger(store, LedgerFilter(2023, TODAY, ALL.soon, due="overdue"))
    assert [row.fingerprint for row in late.rows] == [other]
    assert [row.fingerprint for row in queries.iter_ledger(store, ALL)] == [other, faulty]


def test_what_is_laid_down_later_is_logged(store, faulty):
    issue(store, faulty)
    longer = DUE + timedelta(days=10)
    assert queries.amend(store, [faulty], "许航", Duty(due=longer), "单位申请延期") == 1
    assert line(store, faulty).due == longer
    last = queries.history(store, faulty)[-1]
    assert (last.before, last.state, last.reason, last.actor) == ("issued", "issued", "单位申请延期", "许航")


def test_returning_a_report_issues_what_was_confirmed(store, faulty):
    queries.decide(store, [faulty], "confirmed", "周岚")
    assert queries.filing(store, desk.EAST, 2023).state == "in_review"
    done = queries.return_reports(store, [desk.EAST], 2023, "周岚", DUE, "请按清单修改")
    assert (done.changed, done.reports) == (1, 1)
    assert line(store, faulty).state == "issued"
    (other,) = marks(store, "SUM-03")
    assert queries.findings(store, FindingFilter(fingerprints=(other,))).rows[0].state == "pending"
    returned = queries.filing(store, desk.EAST, 2023)
    assert (returned.state, returned.round, returned.due) == ("returned", 1, DUE)
    desk.take(store, ("改.txt", desk.report()))
    assert queries.filing(store, desk.EAST, 2023).state == "re_review"
    assert [s.state for s in queries.filing_history(store, desk.EAST, 2023)] == [
        "filed",
        "in_review",
        "returned",
        "re_review",
    ]


def test_a_filing_goes_its_whole_way(store, faulty):
    def move(state, reason="", **laid_down):
        queries.move_filings(store, [desk.EAST], 2023, state, "周岚", reason, **laid_down)

    move("in_review")
    move("approved")
    with pytest.raises(IllegalMove, match="公开日期"):
        move("published")
    move("published", published_on=date(2024, 1, 20), published_url="https://example.invalid/a")
    move("rechecked")
    move("archived")
    with pytest.raises(IllegalMove, match="不能直接改为“通过待公开”"):
        move("approved")
    desk.take(store, ("改.txt", desk.report()))
    row = queries.filing(store, desk.EAST, 2023)
    assert (row.state, row.published_on) == ("re_review", date(2024, 1, 20))


def test_the_same_file_again_moves_nothing(store, faulty):
    issue(store, faulty)
    rows = list(audit.entries(store))
    desk.take(store, ("年报.txt", desk.unbalanced()))
    assert line(store, faulty).state == "issued"
    assert queries.filing(store, desk.EAST, 2023).state == "in_review"
    assert [entry.action for entry in audit.entries(store)][len(rows) :] == ["batch"]  # that it came, and no more
