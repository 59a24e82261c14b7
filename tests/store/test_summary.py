"""How a report is told in one line: levels, counts, the nine words."""

from dataclasses import replace

import desk
import pytest

from gdcore import summary
from gdcore.finding import Finding
from gdcore.processing import read_report
from gdcore.verdict import Outcome, Severity

CLEAN = read_report(desk.report(), "年报.txt")


def made(rule, address, severity="error", outcome="fail"):
    return Finding(
        rule, Severity(severity), Outcome(outcome), "", address, None, None, "", 0.9, f"{rule}@{address}@{outcome}"
    )


def words(*findings, report=CLEAN):
    standings = [(f, level) for f in findings if (level := summary.standing(f, "pending"))]
    return dict(zip(summary.COLUMNS, summary.words(report, standings), strict=True))


@pytest.mark.parametrize(
    ("finding", "column", "word"),
    [
        (made("STR-03", "sections"), "s3", "缺"),
        (made("TAB-01", "t4"), "t4", "缺"),
        (made("TAB-02", "t2_2019"), "t2", "旧版"),
        (made("TAB-05", "t3"), "t3", "空格"),
        (made("TAB-06", "t3"), "t3", "非数"),
        (made("SUM-01", "t3.result_total.total"), "t3", "不全"),
        (made("TXT-01", "s1.a2#received_or_total", "warning"), "s1", "不全"),
        (made("QUA-11", "s5.m", "info"), "s5", "齐"),
        (made("TAB-01", "t4", outcome="review"), "t4", "待核"),
    ],
)
def test_each_fault_has_its_word(finding, column, word):
    told = words(finding)
    assert told[column][0] == word
    assert {other[0] for key, other in told.items() if key != column} == {"齐"}


def test_the_first_word_that_holds_is_told_with_its_finding():
    told = words(
        made("TAB-06", "t3"), made("SUM-01", "t3"), made("TAB-05", "t3"), made("TXT-03", "t3", outcome="review")
    )
    assert told["t3"] == ("空格", "TAB-05@t3@fail")


def test_what_was_not_read_is_neither_whole_nor_missing():
    told = words(report=replace(CLEAN, t4=None))
    assert told["t4"] == ("未识别", "")


def test_an_old_free_form_lacks_what_was_not_found():
    sections = tuple(replace(s, found=s.short == "s1") for s in CLEAN.sections)
    told = words(made("STR-27", "report"), report=replace(CLEAN, sections=sections, t3=None))
    assert (told["s1"][0], told["s2"][0], told["t3"][0], told["t2"][0]) == ("齐", "缺", "缺", "齐")


@pytest.mark.parametrize(
    ("outcome", "state", "level"),
    [
        ("fail", "pending", "error"),
        ("fail", "false_positive", ""),
        ("fail", "waived", ""),
        ("review", "pending", "review"),
        ("review", "confirmed", "error"),
        ("review", "false_positive", ""),
    ],
)
def test_how_a_finding_stands(outcome, state, level):
    assert summary.standing(made("SUM-01", "t3", outcome=outcome), state) == level


def test_a_rule_is_told_once_by_its_gravest_finding():
    findings = [made("TAB-05", "t2", "warning"), made("TAB-05", "t3"), made("QUA-01", "s1", "info")]
    standings = [(f, summary.standing(f, "pending")) for f in findings]
    assert summary.faults(standings) == (("TAB-05", "error"), ("QUA-01", "info"))
