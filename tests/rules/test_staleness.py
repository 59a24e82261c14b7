"""Years and dates in prose: what is left over, what only looks so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gdcore.agency import Agency
from gdcore.checking import Facts, judge
from gdcore.report import Report
from gdcore.rules import CATALOGUE
from gdcore.task import Task
from gdcore.verdict import Outcome, Severity
from tests.prose import NATIONAL, TOWN, faults, told

STALE = [
    "2022年，我镇主动公开政府信息80条。",
    "我镇2022年共公开政府信息80条。",
    "2022年我镇收到依申请公开申请事项0件，在规定时限内答复0件。",
    "2022年度，全镇举办政府开放日活动2场。",
    "2022年，镇人民政府办公室共制定规范性文件0件，废止规范性文件0件。",
    "截至2022年12月31日，我镇共发布信息200条。",
    "2022年全年公开信息56条。",
    "2022年未收到政府信息公开申请。",
    "2022年1月1日至12月31日，我镇发布信息20条。",
    "一是2021年，组织培训3次。",
    "2022年，未收取信息处理费。",
    "2022年，我单位通过网站公开各类信息共计120余条。",
    "白鹭湾镇2022年度累计发布信息1.2万条。",
    "同时，2022年办理群众留言36件。",
    "0件转结2023年办结。",
    "其中2件结转2023年继续办理。",
    "2022年，我镇通过县政府网站的专栏公开信息80条。",
    "2022年，我镇举办开放日活动2场。2023年，我镇公开信息100条。",
    "其中2件结转2022年继续办理。",
]
CURRENT = [
    "2023年，我镇公开信息100条。",
    "2022年，我镇收到申请3件，2023年收到5件，同比增长66%。",
    "2022年，我镇公开信息80条。2023年，我镇公开信息100条。",
    "较2022年增加3件。",
    "2022年制定的《白鹭湾镇公开指南》于2023年修订3处。",
    "落实《2022年政务公开工作要点》，发布信息20条。",
    "含2022年结转2件，全年办结5件。",
    "自2019年以来累计公开信息300条。",
    "实施“2021—2025年”规划，公开信息12条。",
    "公开2022年部门决算1份、2024年部门预算1份。",
    "2024年部门预算公开1份。",
    "2022年度部门决算于9月公开1份。",
    "印发《云泽县主动公开目录（2022版）》20项。",
    "2024年，我镇将公开信息100条以上。",
    "2024年计划举办开放日3场。",
    "根据〔2020〕30号文件，公开信息3条。",
    "在2022年度县政务公开考核中名列第3。",
    "2022年底建成的政务公开专区接待群众100人次。",
    "2022年12月，县政府办组织培训1次，我镇参加。",
    "2021年公开信息80条，2022年公开90条，2023年公开100条。",
    "上年结转至2023年办理2件。",
    "3件结转2024年办理。",
    "上年收到的申请中2件结转2023年办理，均已办结。",
    "2022年12月收到的申请中，2件结转2023年办理。",
    "2022年，我镇公开信息80条。2023年，我镇公开各类信息100条。",
    "2020年，我镇公开信息80条。2021年，我镇收到申请1件。2022年，我镇组织培训2次。",
    "2022年转入2023年继续办理1件。",
    "截至2022年底，全镇累计建成专区3处，2023年新增2处。",
    "继2022年举办开放日2场后，全年举办4场。",
    "2022年主动公开基本目录更新20项。",
    "2022年开通的微信公众号发布信息300条。",
    "2022年收到的2件申请本年度全部办结。",
    "2022年印发的3份文件继续有效，解读2篇。",
    "针对2022年度评估发现的3个问题，逐项整改并公开结果3条。",
    "2022年工作中存在的2个问题已整改，公开整改情况2条。",
]


@pytest.mark.parametrize("sentence", STALE)
def test_a_sentence_on_another_years_work_is_stale(sentence: str) -> None:
    (fault,) = faults("TIM-05", told(sentence))
    assert fault.outcome is Outcome.FAIL
    assert fault.address.startswith("s1.a1#")


@pytest.mark.parametrize("sentence", CURRENT)
def test_other_years_that_belong_there_are_silent(sentence: str) -> None:
    assert faults("TIM-05", told(sentence)) == []


def test_what_is_carried_out_is_settled_the_year_after() -> None:
    (fault,) = faults("TIM-05", told("0件结转2023年办结。"))
    assert (fault.expected, fault.found) == ("2024年", "2023年")


def test_two_other_years_are_both_left_over() -> None:
    sentences = "2021年，我镇公开信息80条。2022年，我镇组织培训2次。"
    assert [f.found for f in faults("TIM-05", told(sentences))] == ["2021年", "2022年"]


def test_three_sentences_on_one_other_year_are_one_finding() -> None:
    work = ["2021年，我镇公开信息80条。", "2021年，我镇收到申请1件。", "2021年，我镇组织培训2次。"]
    (fault,) = faults("TIM-05", told("".join(work)))
    assert (fault.address, fault.expected, fault.found) == ("report", "2023年", "2021年")
    assert len(faults("TIM-05", told("".join(work[:2])))) == 2


def test_where_the_whole_report_is_on_another_year_than_due_only_tim_04_speaks() -> None:
    report = told("2023年，我镇公开信息100条。")
    assert faults("TIM-05", report, task=Task(2024)) == []
    (fault,) = faults("TIM-04", report, task=Task(2024))
    assert (fault.expected, fault.found, fault.values["a"]) == ("2024", "2023", "2023年")


RIGHT_PERIODS = [
    "本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。",
    "统计期限为2023年1月1日至12月31日。",
    "数据截至12月31日。",
    "所列数据截止日期为2023年12月31日。",
    "报告统计数据时间为2023年1月1日至2023年12月31日以来制作的政府信息。",
    "数据核定时间点为2023年12月31日。",
    "信息数据统计期限为：2023年1月1日—2023年12月31日，全文电子化。",
    "统计时间为2023年1月至12月。",
    "本报告数据自 2023 年 1 月 1 日起到 12 月 31 止。",
    "统计期限为20231月1日至12月31日。",
    "统计期限自202011日起,至20201231日止。",
    "2022年1月1日至6月30日为公示期。",
    "2024年1月1日至1月10日为年报数据统计填报时间。",
    "统计期限：2023.1.1-2023.12.31。",
    "统计期限自2023年1月1日0时起至2023年12月31日24时止。",
    "统计期限自2023年1月1日零时开始至2023年12月31日。",
    "数据统计自2023年1月1日开始。",
    "2023年3月1日至5月31日，组织集中清理。",
    "年度报告公开期限为2024年1月1日至1月31日。",
    "报告编制时间为2024年1月1日至2024年1月20日。",
]
WRONG_PERIODS = [
    "本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。",
    "统计期限为2023年1月1日至2023年11月30日。",
    "统计时段为2022年1月1日-12月31日。",
    "本年度报告数据统计周期从2023年1月1日到2024年12月31日。",
    "所列数据自2022年1月1日至2022年12月31日。",
    "统计期限为2023年2月1日至12月31日。",
    "统计期限为2023年1月10日至2023年12月31日。",
    "统计期限为2023年1月1日至2023年12月30日。",
    "时间范围为2022年1月1日至2022年12月31日。",
    "根据2019年5月15日起施行的《条例》编制，统计期限为2022年1月1日至12月31日。",
]


@pytest.mark.parametrize("sentence", RIGHT_PERIODS)
def test_a_right_or_damaged_period_is_silent(sentence: str) -> None:
    assert faults("TIM-06", told(sentence, "preamble")) == []


@pytest.mark.parametrize("sentence", WRONG_PERIODS)
def test_a_wrong_period_is_told_with_the_right_one(sentence: str) -> None:
    (fault,) = faults("TIM-06", told(sentence, "preamble"))
    assert (fault.outcome, fault.address) == (Outcome.FAIL, "preamble")
    assert fault.expected == "2023年1月1日至12月31日"
    assert fault.found
    assert fault.found in sentence


@pytest.mark.parametrize(
    "sentence",
    ["数据核定时间点为2022年12月31日。", "统计期限自2023年3月1日（挂牌成立之日）起至2023年12月31日。"],
)
def test_a_period_with_a_reason_is_for_a_person(sentence: str) -> None:
    (fault,) = faults("TIM-06", told(sentence, "preamble"))
    assert fault.outcome is Outcome.REVIEW


def test_a_year_of_work_in_section_one_is_no_statistics_period() -> None:
    assert faults("TIM-06", told("2022年1月1日至12月31日，我镇发布信息20条。")) == []


@pytest.mark.parametrize(("founded", "outcome"), [(2023, Outcome.REVIEW), (2022, Outcome.FAIL)])
def test_a_body_founded_in_the_year_may_begin_later(founded: int, outcome: Outcome) -> None:
    known = Agency("town", TOWN, founded=founded)
    report = told("统计期限为2023年4月1日至2023年12月31日。", "preamble")
    assert [f.outcome for f in faults("TIM-06", report, agency=known)] == [outcome]


def only(report: Report, **known: Any) -> tuple[Outcome, str]:
    (verdict,) = judge(CATALOGUE["TIM-06"], Facts(report, NATIONAL, **known))
    return verdict.outcome, verdict.address


def test_a_period_that_cannot_be_judged() -> None:
    assert only(told("统计期限为20231月1日至12月31日。", "preamble")) == (Outcome.NOT_EVALUATED, "preamble")
    report = told("统计期限为2023年1月1日至2023年12月31日。", "preamble")
    undated = replace(report, identity=replace(report.identity, year=None))
    assert only(undated) == (Outcome.NOT_EVALUATED, "preamble")
    assert only(told("好。", "preamble")) == (Outcome.NOT_APPLICABLE, "preamble")


def test_the_period_of_a_report_on_another_year_than_due() -> None:
    own = told("统计期限为2023年1月1日至2023年12月31日。", "preamble")
    assert only(own, task=Task(2024)) == (Outcome.NOT_APPLICABLE, "preamble")
    other = told("统计期限为2022年1月1日至2022年12月31日。", "preamble")
    assert only(other, task=Task(2024)) == (Outcome.FAIL, "preamble")


IMPOSSIBLE = [
    ("202020年12月31日", "202020年", None),
    ("2023年2月30日", "2023年2月30日", None),
    ("2023年13月5日", "2023年13月5日", None),
    ("2023年13月", "2023年13月", None),
    ("2023年0月", "2023年0月", None),
    ("2023 年 13 月", "2023 年 13 月", None),
    ("３月３２日", "3月32日", None),
    ("2月30日前", "2月30日", None),
    ("2023年2月29日", "2023年2月29日", None),
    ("11月31日", "11月31日", None),
    ("2023 年 2 月 30 日", "2023 年 2 月 30 日", None),
    ("202020 年 12 月 31 日", "202020 年", None),
    ("20223年12月", "20223年", None),
    ("2203年1月1日", "2203年", None),
    ("12月310日", "12月310日", None),
    ("20231月1日", "20231月", Severity.INFO),
    ("202311日", "202311日", Severity.INFO),
    ("20212022年", "20212022年", Severity.INFO),
    ("203年12月31日", "203年", Severity.INFO),
]
POSSIBLE = [
    "2023年2月28日", "2024年2月29日", "2月29日", "1 2 月 3 1 日", "1 2月31日", "2023 年 12 月 31 日", "12 月 3 1 日", "2023 年 1 2 月", "2020-2023年", "近2000年历史", "18个月内",
    "10月1日至10月31日", "20 23年12月31日", "2023年1-12月", "共20000元", "20230215日志", "2023 年 1 月", "2023年1月31日", "1 月 1 日",
]  # fmt: skip


@pytest.mark.parametrize(("printed", "found", "severity"), IMPOSSIBLE)
def test_an_impossible_date_is_found(printed: str, found: str, severity: Severity | None) -> None:
    (fault,) = faults("TIM-08", told(f"我镇于{printed}公开信息。"))
    assert (fault.found, fault.severity) == (found, severity)


@pytest.mark.parametrize("printed", POSSIBLE)
def test_a_possible_date_is_silent(printed: str) -> None:
    assert faults("TIM-08", told(f"我镇于{printed}公开信息。")) == []
