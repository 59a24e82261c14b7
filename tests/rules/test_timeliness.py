"""When a report was published, signed and received: what counts as such a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gdcore.agency import Agency
from gdcore.checking import Facts, judge
from gdcore.form import AgencyType
from gdcore.report import Report
from gdcore.rules import CATALOGUE
from gdcore.task import Task
from gdcore.verdict import Outcome, Severity
from tests.prose import BUREAU, NATIONAL, TOWN, faults, told


@pytest.mark.parametrize(
    ("line", "day", "source"),
    [
        ("发布日期：2024-02-05", date(2024, 2, 5), "发布日期"),
        ("发布时间：2024-02-05 10:20 来源：县政府办", date(2024, 2, 5), "发布时间"),
        ("公开日期：2024年2月5日", date(2024, 2, 5), "公开日期"),
        ("成文日期：2024-02-05", date(2024, 2, 5), "成文日期"),
        ("今天是2025年12月30日 星期二", None, None),
    ],
)
def test_the_day_of_publication_tells_where_it_was_read(line: str, day: date | None, source: str | None) -> None:
    identity = told(line, "preamble").identity
    assert (identity.published, identity.sources.get("published")) == (day, source)


@pytest.mark.parametrize("line", ["成文日期：2024-02-05", "生成日期：2024-02-05", "采集时间：2024-02-05"])
def test_other_days_are_not_that_of_publication(line: str) -> None:
    assert faults("TIM-01", told(line, "preamble", BUREAU)) == []


@pytest.mark.parametrize(
    ("agency", "named", "severity"),
    [
        (BUREAU, {}, Severity.ERROR),
        (TOWN, {}, Severity.WARNING),
        (TOWN, {"township": "01-31"}, Severity.ERROR),
        ("云泽县人民政府办公室", {}, Severity.ERROR),
    ],
)
def test_how_grave_a_late_publication_is(agency: str, named: dict[str, str], severity: Severity) -> None:
    area = replace(NATIONAL, publish={**NATIONAL.publish, **named})
    (fault,) = faults("TIM-01", told("发布日期：2024-02-05", "preamble", agency), profile=area)
    assert (fault.severity, fault.outcome, fault.found) == (severity, Outcome.FAIL, "2024-02-05")
    assert dict(fault.values) == {"deadline": "2024年1月31日", "d": "2024年2月5日"}


def test_a_page_put_up_years_later_is_for_a_person() -> None:
    (fault,) = faults("TIM-01", told("发布日期：2026-09-15", "preamble", BUREAU))
    assert fault.outcome is Outcome.REVIEW


def test_the_area_sets_the_days() -> None:
    area = replace(NATIONAL, submit="01-20")
    assert area.submit_by(2023) == date(2024, 1, 20)
    assert area.publish_by(AgencyType.GOVERNMENT, 2023) == date(2024, 3, 31)
    assert area.publish_by(AgencyType.VERTICAL, 2023) == date(2024, 1, 31)
    late = Task(2023, date(2024, 1, 21))
    assert [v.found for v in faults("TIM-03", told("好。"), profile=area, task=late)] == ["2024-01-21"]
    assert faults("TIM-03", told("好。"), task=late) == []


def outcome(code: str, report: Report, **known: Any) -> Outcome:
    (verdict,) = judge(CATALOGUE[code], Facts(report, known.pop("profile", NATIONAL), **known))
    assert verdict.message != CRASHED
    return verdict.outcome


CRASHED = "这条规则在检查时出错，已记入日志"
PUBLISHED = "发布日期：2024-02-05"


@pytest.mark.parametrize("code", ["TIM-01", "TIM-07", "TIM-11"])
def test_without_a_year_there_is_no_day_to_go_by(code: str) -> None:
    report = told(PUBLISHED, "preamble", BUREAU, signed="2024年1月17日")
    undated = replace(report, identity=replace(report.identity, year=None))
    assert outcome(code, undated) is Outcome.NOT_EVALUATED
    assert outcome(code, undated, task=Task(2023)) in (Outcome.FAIL, Outcome.PASS)


def test_without_a_year_there_is_no_day_for_governments_and_submission_either() -> None:
    report = told(PUBLISHED, "preamble", "云泽县人民政府")
    undated = replace(report, identity=replace(report.identity, year=None))
    assert outcome("TIM-02", undated) is Outcome.NOT_EVALUATED
    assert outcome("TIM-02", told("好。", "preamble", "云泽县人民政府")) is Outcome.NOT_EVALUATED
    area = replace(NATIONAL, submit="01-20")
    received = Task(submitted=date(2024, 1, 21))
    assert outcome("TIM-03", undated, profile=area, task=received) is Outcome.NOT_EVALUATED
    assert outcome("TIM-03", report, profile=area) is Outcome.NOT_EVALUATED


def test_without_a_kind_no_deadline_is_known() -> None:
    report = told(PUBLISHED, "preamble", BUREAU)
    unknown = replace(report, identity=replace(report.identity, agency_type=None))
    assert outcome("TIM-01", unknown) is Outcome.NOT_EVALUATED
    assert outcome("TIM-02", unknown) is Outcome.NOT_APPLICABLE


def test_the_roster_knows_the_kind_and_the_day() -> None:
    report = told(PUBLISHED, "preamble")
    known = Agency("town", TOWN, AgencyType.GOVERNMENT)
    assert outcome("TIM-01", report, agency=known) is Outcome.NOT_APPLICABLE
    assert outcome("TIM-02", report, agency=known) is Outcome.PASS
    (fault,) = faults("TIM-01", report, agency=Agency("town", TOWN, publish_by=date(2024, 2, 4)))
    assert (fault.severity, fault.expected) == (Severity.ERROR, "不晚于 2024-02-04")
    assert outcome("TIM-01", report, agency=Agency("town", TOWN, publish_by=date(2024, 2, 5))) is Outcome.PASS
    assert outcome("TIM-01", report, agency=Agency("town", TOWN, publish_by=date(2025, 2, 5))) is Outcome.FAIL


@pytest.mark.parametrize(("day", "expected"), [("2019-03-31", Outcome.PASS), ("2019-04-01", Outcome.FAIL)])
def test_up_to_2018_everybody_had_until_march(day: str, expected: Outcome) -> None:
    assert outcome("TIM-01", told(f"发布日期：{day}", "preamble", BUREAU, 2018)) is expected


@pytest.mark.parametrize(("day", "expected"), [("2024-07-29", Outcome.FAIL), ("2024-07-30", Outcome.REVIEW)])
def test_from_half_a_year_on_a_page_may_have_moved(day: str, expected: Outcome) -> None:
    assert outcome("TIM-01", told(f"发布日期：{day}", "preamble", BUREAU)) is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2023-09-30", Outcome.REVIEW),
        ("2023-10-01", Outcome.FAIL),
        ("2023-12-31", Outcome.FAIL),
        ("2024-01-01", Outcome.PASS),
    ],
)
def test_a_report_is_published_when_its_year_is_over(day: str, expected: Outcome) -> None:
    assert outcome("TIM-07", told(f"发布日期：{day}", "preamble", BUREAU)) is expected


def test_the_title_is_shown_where_the_year_is_not_the_one_due() -> None:
    (fault,) = faults("TIM-04", told("好。"), task=Task(2024))
    assert [a.address for a in fault.anchors] == ["title"]


def test_a_report_on_another_year_than_due_is_told_by_its_title_alone() -> None:
    report = told("发布日期：2023-06-05", "preamble", BUREAU, signed="2023年1月17日")
    for code in ("TIM-07", "TIM-11"):
        assert outcome(code, report, task=Task(2024)) is Outcome.NOT_APPLICABLE


def test_a_sign_off_on_the_day_of_publication() -> None:
    assert outcome("TIM-11", told(PUBLISHED, "preamble", signed="2024年2月5日")) is Outcome.PASS
    (fault,) = faults("TIM-11", told("好。", "preamble", signed="2023年2月5日"))
    assert (fault.expected, "应在 2024 年" in fault.message) == ("2024年", True)
    assert outcome("TIM-11", told("好。")) is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("signed", "published", "found"),
    [
        ("2024年1月17日", "", None),
        ("2023年1月17日", "", "2023-01-17"),
        ("2024年1月22日", "发布日期：2024-01-18", "2024-01-22"),
        ("2024年1月22日", "成文日期：2024-01-18", None),
        ("2026-02-03", "发布日期：2024-01-18", None),
    ],
)
def test_the_sign_off_against_year_and_publication(signed: str, published: str, found: str | None) -> None:
    report = told(published or "好。", "preamble", signed=signed)
    assert [v.found for v in faults("TIM-11", report)] == ([found] if found else [])
