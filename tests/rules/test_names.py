"""Whose name stands where a report speaks of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gdcore.agency import Agency
from gdcore.checking import Facts, judge
from gdcore.form import AgencyType
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Severity
from tests.printed import passage
from tests.prose import BUREAU, NATIONAL, TOWN, faults, told

THE_TOWN = Agency(
    "town",
    TOWN,
    AgencyType.TOWNSHIP,
    aliases=("白鹭湾镇",),
    superiors=("云泽县人民政府", "澜江市人民政府"),
    others=("云泽县青石镇人民政府", "云泽县教育局", "云泽县东关街道办事处", "云泽县财政局"),
)
THE_BUREAU = Agency(
    "bureau",
    BUREAU,
    AgencyType.DEPT,
    aliases=("县教育局",),
    superiors=("云泽县人民政府",),
    others=("云泽县青石镇人民政府", "云泽县财政局", "云泽县民政局"),
)

OWN = [
    "2023年，白鹭湾镇主动公开政府信息26条。",
    "2023年，云泽县委高度重视政务公开。",
    "云泽县教育局联合我镇开展宣传3次。",
    "石星村全年公开村务信息20条。",
    "澜江市云泽县白鹭湾镇认真落实条例。",
    "县财政局组织培训2次。",
    "我镇认真贯彻落实。",
    "各社区坚持公开原则。",
    "云泽县认真落实上级部署。",
    "2023年，全镇认真贯彻。",
    "开发区认真落实。",
    "转载青石镇信息3条。",
    "按照《青石镇全年公开信息办法》开展工作。",
    "办公地址在云泽县东关街道文澜路3号。",
    "云泽县教育局认真开展校园安全宣传。",
]
FOREIGN = [
    ("2023年，青石镇主动公开政府信息26条。", "青石镇"),
    ("东关街道未收到政府信息公开申请。", "东关街道"),
    ("2023年，大水镇主动公开政府信息26条。", "大水镇"),
    ("平湖县白鹭湾镇全年共公开信息3条。", "平湖县白鹭湾镇"),
    ("一是青石镇2023年共发布信息26条。", "青石镇"),
]


@pytest.mark.parametrize("agency", [None, THE_TOWN], ids=["without roster", "with roster"])
@pytest.mark.parametrize("sentence", OWN)
def test_own_names_superiors_and_partners_are_silent(sentence: str, agency: Agency | None) -> None:
    assert faults("QUA-01", told(sentence), agency=agency) == []


@pytest.mark.parametrize("agency", [None, THE_TOWN], ids=["without roster", "with roster"])
@pytest.mark.parametrize(("sentence", "found"), FOREIGN)
def test_anothers_name_in_the_agencys_place(sentence: str, found: str, agency: Agency | None) -> None:
    (fault,) = faults("QUA-01", told(sentence), agency=agency)
    assert (fault.outcome, fault.found, fault.expected) == (Outcome.FAIL, found, TOWN)


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        ("2023年，县民政局主动公开政府信息26条。", Outcome.FAIL),
        ("财政局全年收到申请3件。", Outcome.FAIL),
        ("平湖县教育局收到申请3件。", Outcome.FAIL),
        ("云泽县水务局主动公开信息3条。", Outcome.REVIEW),
        ("2023年，平湖县认真贯彻落实条例。", Outcome.REVIEW),
        ("平湖县主动公开政府信息26条。", Outcome.REVIEW),
    ],
)
def test_how_sure_a_departments_stranger_is(sentence: str, outcome: Outcome) -> None:
    (fault,) = faults("QUA-01", told(sentence, agency=BUREAU), agency=THE_BUREAU)
    assert fault.outcome is outcome


@pytest.mark.parametrize(
    "sentence",
    [
        "县教育局主动公开政府信息26条。",
        "澜江市教育局高度重视。",
        "局党委坚持学习。",
        "县信访局接收信访件12件。",
        "县行政审批局受理教育事项23件。",
    ],
)
def test_a_department_by_its_short_name_and_its_superior_are_silent(sentence: str) -> None:
    assert faults("QUA-01", told(sentence, agency=BUREAU), agency=THE_BUREAU) == []


ZONE = "云泽经济开发区管理委员会"
THE_ZONE = Agency(
    "zone", ZONE, AgencyType.AUTHORIZED_ORG, superiors=("云泽县人民政府",), others=("云泽县教育局", "澜江高新区管委会")
)


@pytest.mark.parametrize("agency", [None, THE_ZONE], ids=["without roster", "with roster"])
@pytest.mark.parametrize(
    "sentence",
    [
        "2023年，开发区管委会主动公开政府信息26条。",
        "经开区主动公开政府信息26条。",
        "园区管委会未收到政府信息公开申请。",
        "管理委员会全年收到申请3件。",
        "云泽县经济开发区管委会收到申请3件。",
        "高新区管委会公开信息3条。",
        "云泽经济开发区党工委深入学习。",
        "我委收到申请3件。",
        "云泽县认真贯彻落实条例。",
        "平湖县开发区认真贯彻落实条例。",
    ],
)
def test_a_development_zone_by_its_short_names(sentence: str, agency: Agency | None) -> None:
    assert faults("QUA-01", told(sentence, agency=ZONE), agency=agency) == []


def test_another_development_zone() -> None:
    report = told("2023年，澜江高新区管委会主动公开政府信息26条。", agency=ZONE)
    assert [f.outcome for f in faults("QUA-01", report)] == [Outcome.REVIEW]
    assert [f.outcome for f in faults("QUA-01", report, agency=THE_ZONE)] == [Outcome.FAIL]


@pytest.mark.parametrize("sentence", ["度假区认真贯彻落实条例。", "开发区管委会收到申请3件。", "空港区公开信息3条。"])
def test_a_zone_beside_an_agency_is_no_other_county(sentence: str) -> None:
    assert faults("QUA-01", told(sentence, agency=BUREAU)) == []


@pytest.mark.parametrize(
    ("introduced", "foreign"),
    [
        ("为做好云泽县教育局（以下简称“文教局”）工作，编制本报告。", False),
        ("本报告由县教育局(简称：文教局)根据条例编制。", False),
        ("云泽县财政局（以下简称“文教局”）制定了办法。", True),
        ("由云泽县财政局（以下简称“文教局”）编制。", True),
    ],
)
def test_an_announced_short_name_is_the_agencys_own(introduced: str, foreign: bool) -> None:
    report = told(f"{introduced}文教局收到申请3件。", agency=BUREAU)
    assert bool(faults("QUA-01", report)) is foreign


def test_an_announced_short_name_may_stand_in_introduction_and_sign_off() -> None:
    said = "根据云泽县教育局（以下简称“文教局”）要求，现公布文教局2023年政府信息公开年度报告。"
    assert faults("QUA-19", told(said, "preamble", BUREAU)) == []
    assert faults("QUA-19", told(said.replace("（以下简称“文教局”）", ""), "preamble", BUREAU)) != []


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        ("云泽县财政局", Outcome.FAIL),
        ("财政局", Outcome.FAIL),
        ("云泽县文教局", Outcome.REVIEW),
        ("平湖县教育局", Outcome.REVIEW),
        ("平湖县财政局", Outcome.REVIEW),
    ],
)
def test_a_title_that_names_another_agency_is_an_error(title: str, outcome: Outcome) -> None:
    (fault,) = faults("QUA-01", told("扎实做好。", agency=title), agency=THE_BUREAU)
    assert (fault.address, fault.severity, fault.outcome) == ("title", Severity.ERROR, outcome)
    assert (fault.expected, fault.found) == (BUREAU, title)


@pytest.mark.parametrize("title", ["我局", "云泽县教育局办公室", "平湖县教育局"])
def test_a_title_that_can_be_the_agencys(title: str) -> None:
    known = replace(THE_BUREAU, aliases=("平湖县教育局",))
    assert faults("QUA-01", told("扎实做好。", agency=title), agency=known) == []


def test_an_office_may_publish_under_its_governments_name() -> None:
    office = Agency("office", "云泽县人民政府办公室", AgencyType.GOV_OFFICE, aliases=("县府办",))
    assert faults("QUA-01", told("扎实做好。", agency="云泽县人民政府"), agency=office) == []


def test_the_roster_tells_who_and_of_what_kind_an_agency_is() -> None:
    report = told("2023年，青石镇主动公开政府信息26条。", agency="白鹭湾镇")
    (fault,) = faults("QUA-01", report, agency=THE_TOWN)
    assert fault.expected == TOWN
    whole = replace(THE_TOWN, agency_type=AgencyType.GOVERNMENT)
    assert faults("QUA-01", report, agency=whole) == []


def test_a_superior_of_the_same_kind_is_silent() -> None:
    report = told("澜江市教育局主动公开信息3条。", agency=BUREAU)
    assert len(faults("QUA-01", report)) == 1
    assert faults("QUA-01", report, agency=replace(THE_BUREAU, superiors=("澜江市教育局",))) == []


def test_a_department_in_a_towns_place_is_none_of_its_kind() -> None:
    assert faults("QUA-01", told("云泽县水务局收到申请3件。")) == []


@pytest.mark.parametrize("sentence", ["云泽县教育局收到申请3件。", "青石镇认真贯彻落实条例。"])
def test_a_rostered_name_of_another_kind_or_without_numbers_is_for_a_person(sentence: str) -> None:
    assert [f.outcome for f in faults("QUA-01", told(sentence), agency=THE_TOWN)] == [Outcome.REVIEW]


def test_every_sentence_is_looked_at() -> None:
    sentences = "白鹭湾镇主动公开政府信息26条。青石镇主动公开政府信息26条。"
    assert [f.found for f in faults("QUA-01", told(sentences))] == ["青石镇"]


@pytest.mark.parametrize("title", [None, "云泽县白鹭湾2023年政府信息公开年度报告"])
def test_names_are_compared_where_there_are_two(title: str | None) -> None:
    report = told("现公布云泽县水务局（以下简称“县水务局”）2023年政府信息公开年度报告。", "preamble", BUREAU)
    titled = replace(report.identity, agency=None, title=passage(title, "title") if title else None)
    (verdict,) = judge(CATALOGUE["QUA-19"], Facts(replace(report, identity=titled), NATIONAL))
    assert (verdict.outcome, "只有一处" in verdict.message) == (Outcome.NOT_APPLICABLE, True)


SAME = [
    "现公布云泽县教育局2023年政府信息公开年度报告。",
    "现公布我局2023年政府信息公开工作年度报告。",
    "本报告由云泽县教育局办公室编制。",
    "按照云泽县人民政府办公室《关于做好云泽县2023年政府信息公开工作年度报告编制的通知》要求，编制本报告。",
    "按照县政务公开办关于做好2023年政府信息公开工作年度报告编制工作的要求。",
    "县教育局2023年政府信息公开工作年度报告如下。",
    "按照县政府办公室2023年度政府信息公开工作年度报告编制要求，编制本报告。",
    "如有疑问，请与云泽县政务服务中心联系。",
    "现将2023年度云泽县教育局政府信息公开工作年度报告公布如下。",
    "特编制澜江市云泽县教育局2023年政府信息公开工作年度报告。",
]


@pytest.mark.parametrize("sentence", SAME)
def test_the_same_agency_in_other_words(sentence: str) -> None:
    report = told(sentence, "preamble", BUREAU)
    assert faults("QUA-19", report) == []
    assert faults("QUA-01", report, agency=THE_BUREAU) == []


@pytest.mark.parametrize(
    ("sentence", "found", "outcome"),
    [
        ("现公布云泽县水务局2023年政府信息公开年度报告。", "云泽县水务局", Outcome.FAIL),
        ("现发布《云泽县人民政府办公室2023年度政府信息公开工作报告》。", "云泽县人民政府办公室", Outcome.FAIL),
        ("现将云泽县水务局2023年政府信息公开年度报告按要求公布如下。", "云泽县水务局", Outcome.FAIL),
        ("根据要求现公布云泽县水务局2023年政府信息公开年度报告。", "云泽县水务局", Outcome.FAIL),
        ("总结平湖县教育局2021年政府信息公开工作情况。", "平湖县教育局", Outcome.FAIL),
        ("本报告由云泽县水务局根据条例编制。", "云泽县水务局", Outcome.REVIEW),
        ("现公布云泽县2023年政府信息公开年度报告。", "云泽县", Outcome.REVIEW),
    ],
)
def test_another_name_in_the_introduction(sentence: str, found: str, outcome: Outcome) -> None:
    (fault,) = faults("QUA-19", told(sentence, "preamble", BUREAU), agency=THE_BUREAU)
    assert (fault.address, fault.found, fault.expected, fault.outcome) == ("preamble", found, BUREAU, outcome)


def test_a_rostered_stranger_is_told_once() -> None:
    report = told("现公布云泽县民政局2023年政府信息公开年度报告。", "preamble", BUREAU)
    assert faults("QUA-19", report, agency=THE_BUREAU) == []
    (fault,) = faults("QUA-01", report, agency=THE_BUREAU)
    assert (fault.address, fault.found) == ("preamble", "云泽县民政局")
    (alone,) = faults("QUA-19", report)
    assert alone.found == "云泽县民政局"
    assert faults("QUA-01", report) == []
