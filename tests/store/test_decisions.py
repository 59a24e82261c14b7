"""What people decide: logged, carried by the fingerprint, and scored at once."""

from dataclasses import replace

import desk
import pytest

from gdcore.agency import Agency
from gdcore.finding import Finding, fingerprint
from gdcore.lifecycle import IllegalMove
from gdcore.processing import read_report
from gdcore.store import filing, queries
from gdcore.store.rows import FindingFilter
from gdcore.verdict import Outcome, Severity


def made(rule, severity="error", outcome="fail", address="s1"):
    mark = fingerprint(desk.EAST, 2023, rule, address)
    return Finding(
        rule, Severity(severity), Outcome(outcome), f"{rule} 不符", address, None, None, "请改正。", 0.9, mark
    )


def put(store, *findings, digest="d"):
    """A clean report stored with findings made by hand; the id of the report."""
    report = replace(read_report(desk.report(), "年报.txt"), digest=digest)
    assessed = filing.Assessed(desk.judged(store, report, findings), frozenset(), "national")
    with store.writing() as connection:
        sent = filing.Filing(Agency(desk.EAST, desk.EAST), 2023, assessed, "年报.txt")
        saved = filing.save(store, connection, sent)
    return saved.report_id


def row(store, rule):
    return next(r for r in queries.findings(store, FindingFilter(year=2023)).rows if r.finding.rule == rule)


def test_a_false_alarm_costs_nothing_and_counts_nowhere(store):
    report_id = put(store, made("SUM-01"), made("TAB-05", "warning"))
    assert queries.report_view(store, report_id).score.total == 90
    decided = queries.decide(store, [row(store, "SUM-01").fingerprint], "false_positive", "周岚", "核实无误", "见附件")
    assert (decided.changed, decided.refused, decided.reports) == (1, 0, 1)
    view = queries.report_view(store, report_id)
    assert view.score.total == 98
    (agency,) = queries.agencies(store, 2023)
    assert (agency.total, agency.errors, agency.warnings, agency.faults) == (98, 0, 1, (("TAB-05", "warning"),))
    dismissed = row(store, "SUM-01")
    assert (dismissed.points, dismissed.standing, dismissed.note, dismissed.actor) == (0, "", "见附件", "周岚")


def test_undoing_it_brings_the_points_back(store):
    report_id = put(store, made("SUM-01"))
    mark = row(store, "SUM-01").fingerprint
    queries.decide(store, [mark], "false_positive", "周岚", "误报")
    queries.decide(store, [mark], "pending", "周岚")
    assert queries.report_view(store, report_id).score.total == 92
    assert [(d.before, d.state, d.reason) for d in queries.history(store, mark)] == [
        ("pending", "false_positive", "误报"),
        ("false_positive", "pending", ""),
    ]


def test_a_review_costs_once_it_is_confirmed(store):
    report_id = put(store, made("YOY-09", "warning", "review"))
    assert queries.report_view(store, report_id).score.total == 100
    assert queries.overview(store, 2023).review_findings == 1
    queries.decide(store, [row(store, "YOY-09").fingerprint], "confirmed", "周岚")
    assert queries.report_view(store, report_id).score.total == 95
    (agency,) = queries.agencies(store, 2023)
    assert (agency.reviews, agency.warnings, agency.faults) == (0, 1, (("YOY-09", "warning"),))
    assert (row(store, "YOY-09").points, queries.overview(store, 2023).review_findings) == (5, 0)


def test_a_dismissed_fault_no_longer_marks_the_matrix(store):
    put(store, made("STR-06", address="s6"))
    (before,) = queries.matrix(store, 2023)
    queries.decide(store, [row(store, "STR-06").fingerprint], "false_positive", "周岚", "在附件中")
    (after,) = queries.matrix(store, 2023)
    assert (before.words[5].word, after.words[5].word) == ("缺", "齐")


def test_a_second_person_is_told_that_the_first_was_quicker(store):
    put(store, made("SUM-01"), made("TAB-05"))
    marks = [row(store, code).fingerprint for code in ("SUM-01", "TAB-05")]
    queries.decide(store, marks[:1], "confirmed", "甲")
    decided = queries.decide(store, marks, "confirmed", "乙")
    assert (decided.changed, decided.refused) == (1, 1)
    with pytest.raises(IllegalMove):
        queries.decide(store, marks, "confirmed", "丙")


def test_without_the_reason_it_asks_for_nothing_is_written(store):
    put(store, made("SUM-01"))
    mark = row(store, "SUM-01").fingerprint
    with pytest.raises(IllegalMove, match="理由"):
        queries.decide(store, [mark], "false_positive", "周岚")
    assert queries.history(store, mark) == []
    assert row(store, "SUM-01").state == "pending"


def test_a_note_does_not_move_a_finding(store):
    put(store, made("SUM-01"))
    mark = row(store, "SUM-01").fingerprint
    assert queries.annotate(store, [mark, "0" * 16], "周岚", "已电话核实") == 1
    assert (row(store, "SUM-01").state, row(store, "SUM-01").note) == ("pending", "已电话核实")


def test_a_new_version_is_judged_by_what_was_decided_before(store):
    put(store, made("SUM-01"), digest="one")
    queries.decide(store, [row(store, "SUM-01").fingerprint], "false_positive", "周岚", "误报")
    second = put(store, made("SUM-01"), made("TAB-05"), digest="two")
    view = queries.report_view(store, second)
    assert (view.version, view.score.total) == (2, 95)


def test_an_unknown_fingerprint_is_left(store):
    decided = queries.decide(store, ["0" * 16], "confirmed", "周岚")
    assert (decided.changed, decided.refused, decided.reports) == (0, 1, 0)
