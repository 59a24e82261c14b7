"""AGG: who is added up, over which area, one finding for one cause, and messages that name units and coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from printed import NATIONAL, passage, report, table

from gdcore import form
from gdcore.agency import Agency
from gdcore.checking import Checked, Facts, check
from gdcore.finding import Finding
from gdcore.form import AgencyType
from gdcore.report import Report
from gdcore.rules.area import Coverage, area, coverage, names_scope
from gdcore.task import Subordinates, Task

WHOLE = "本报告数据为全县汇总数据，包括各部门、各乡镇。"
OFFICE, DEPT, TOWN = "云泽县人民政府办公室", "云泽县教育局", "云泽县青石镇人民政府"


def made(name: str, cells: Mapping[str, str] | None = None, year: int = 2023, said: str = "") -> Report:
    tables = {key: table(key, cells=cells) for key in ("t2", "t3", "t4")}
    preamble = (passage(said, "preamble"),) if said else ()
    return replace(report(name, year, preamble=preamble, **tables), digest=f"{name}{year}")


def county(cells: Mapping[str, str] | None = None, said: str = WHOLE) -> Report:
    return made("云泽县人民政府", cells, said=said)


def checked(government: Report, *below: Report, missing: tuple[str, ...] = ()) -> Checked:
    """What is told with whole reports, which is what is told with their numbers alone."""
    bare = tuple(each.without_places() for each in below)
    whole, alone = (check(Facts(government, NATIONAL, subordinates=Subordinates(b, missing))) for b in (below, bare))
    assert whole == alone
    return whole


def findings(code: str, told: Checked) -> list[Finding]:
    return [f for f in told.findings if f.rule == code]


def row(key: str, *numbers: int) -> dict[str, str]:
    applicants = (*numbers, *(0,) * (6 - len(numbers)))
    return {f"t3.{key}.{c.key}": str(n) for c, n in zip(form.APPLICANTS, (*applicants, sum(numbers)), strict=True)}


# --- scope ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("本报告数据为全县汇总数据，包括各部门、各乡镇。", Coverage.WHOLE),
        ("全市共收到政府信息公开申请3607件（市政府349件、市各有关部门933件）。", Coverage.WHOLE),
        ("全区各级行政机关主动公开政府信息12万条。", Coverage.WHOLE),
        ("统计范围为全市各级行政机关，包括市本级、各县区。", Coverage.WHOLE),
        ("本报告数据统计范围为县政府本级和各部门、各乡镇。全县收到申请20件。", Coverage.WHOLE),
        ("县政府系统共收到政府信息公开申请20件。", Coverage.WHOLE),
        ("统计口径为全县行政机关，含县级部门、镇街，不含垂直管理部门。", Coverage.WHOLE),
        ("统计数据为全县数据，不包括法院、检察院及党群部门。", Coverage.WHOLE),
        ("统计范围为本级政府及部门。", Coverage.UNCLEAR),
        ("本报告数据不含省垂管部门数据。", Coverage.UNCLEAR),
        ("本报告数据统计口径为县政府本级。", Coverage.OWN),
        ("统计口径为县本级，不含县直部门和乡镇。", Coverage.OWN),
        ("以上数据仅包括县政府办公室受理的申请。", Coverage.OWN),
        ("所列数据不含各部门、各乡镇数据。", Coverage.OWN),
        ("本报告为本级数据。", Coverage.OWN),
        ("全县上下齐心协力，经济稳中有进。", Coverage.UNCLEAR),
        ("县政府主动公开政府信息320条。", Coverage.UNCLEAR),
    ],
)
def test_the_scope_is_what_the_prose_says(sentence: str, expected: Coverage) -> None:
    assert coverage(county(said=sentence)) is expected


@pytest.mark.parametrize(
    "sentence", ["全县收到申请20件。", "县政府本级收到申请2件。", "各部门、各乡镇认真落实。", "统计本行政区域数据。"]
)
def test_a_word_for_the_scope_is_enough(sentence: str) -> None:
    assert names_scope(county(said=sentence))


def test_the_roster_knows_better_than_the_name_who_is_a_government() -> None:
    known = Agency("甲", "云泽县", agency_type=AgencyType.DEPT)
    facts = Facts(county(), NATIONAL, agency=known, subordinates=Subordinates((made(DEPT),)))
    assert check(facts).outcomes["AGG-06"] == "not_applicable"


# --- who is counted -------------------------------------------------------------------------------------------------


def test_each_agency_of_the_year_counts_once_and_the_government_not_at_all() -> None:
    below = (made(OFFICE), made(DEPT), made(DEPT), made(TOWN, year=2022), county())
    known = area(county(), Subordinates(below, ("云泽县水务局",)), Task())
    assert [r.identity.agency for r in known.reports] == [OFFICE, DEPT]
    assert known.missing == ("云泽县水务局", TOWN)
    assert known.has_office


def test_those_who_did_not_report_are_named() -> None:
    (finding,) = findings("AGG-06", checked(county(), made(OFFICE), missing=("云泽县水务局", "云泽县民政局")))
    assert finding.message == "应报送 3 个单位，已有报告 1 个；未报送：云泽县水务局、云泽县民政局"
    assert finding.suggestion == "以下单位未报送：云泽县水务局、云泽县民政局。"


# --- sums -----------------------------------------------------------------------------------------------------------


def test_a_difference_is_told_with_both_sides_and_the_number_of_reports() -> None:
    told = checked(
        county(row("new_received", 9, 1)), made(OFFICE, row("new_received", 2)), made(DEPT, row("new_received", 5, 1))
    )
    (finding,) = findings("AGG-01", told)
    message = "一、本年新收政府信息公开申请数量：总计 10 件，2 个单位合计 8 件，多 2 件；自然人 9 件，合计 7 件"
    assert finding.message == message
    assert finding.cells == ("t3.new_received.natural_person", "t3.new_received.total")
    assert (finding.found, finding.expected, finding.severity, finding.outcome) == ("10", "8", "error", "fail")
    assert finding.suggestion == "汇总数与各单位之和相差2件，请核对。"


def test_an_agency_left_out_is_found_and_told_once_in_each_table() -> None:
    left_out = {**row("new_received", 7, 3, 1), **row("granted_full", 4, 2, 1), **row("denied_third_party", 3, 1)}
    left_out |= row("result_total", 7, 3, 1)
    office, town = made(OFFICE, row("new_received", 2)), made(TOWN, row("new_received", 1))
    told = checked(county(row("new_received", 3)), office, town, made(DEPT, left_out))
    assert [(f.address, "可能漏计" in f.message) for f in findings("AGG-01", told)] == [("t3.new_received.total", True)]
    (results,) = findings("AGG-02", told)
    assert results.address == "t3"
    assert results.message.endswith(f"差额与{DEPT}的数据相同，可能漏计了这个单位")


def test_a_small_difference_is_not_laid_at_an_agencys_door() -> None:
    told = checked(
        county(row("new_received", 2)), made(OFFICE, row("new_received", 2)), made(DEPT, row("new_received", 1))
    )
    assert [DEPT in f.message for f in findings("AGG-01", told)] == [False]


def test_many_differing_rows_are_one_finding() -> None:
    rows = (
        "granted_full",
        "denied_process_info",
        "unable_not_held",
        "rejected_petition",
        "other_misc",
        "rejected_duplicate",
    )
    wrong = {address: raw for i, key in enumerate(rows, 1) for address, raw in row(key, i).items()}
    (finding,) = findings("AGG-02", checked(county(wrong), made(OFFICE), made(DEPT)))
    assert finding.message.startswith("共 6 项与各单位之和不同。（一）予以公开：总计 1 件，2 个单位合计 0 件，多 1 件")
    assert (finding.address, finding.severity) == ("t3", "error")


def test_while_somebody_is_missing_nothing_fails() -> None:
    cells = {
        **row("new_received", 40),
        **row("granted_full", 40),
        **row("result_total", 40),
        "t2.penalty.decisions": "9",
    }
    told = checked(county(cells), made(OFFICE), missing=("云泽县水务局",))
    sums = [f for f in told.findings if f.rule in ("AGG-01", "AGG-02", "AGG-03", "AGG-04", "AGG-05")]
    assert {(f.rule, f.outcome, f.severity) for f in sums} == {
        (code, "review", "info") for code in ("AGG-01", "AGG-02", "AGG-04")
    }
    assert all("尚缺 1 个单位的报告：云泽县水务局" in f.message for f in sums)


def test_an_unread_cell_is_told_with_its_agency() -> None:
    told = checked(county(), made(OFFICE), made(DEPT, {"t4.review.total": "/"}))
    assert told.outcomes["AGG-05"] == "not_evaluated"
    assert told.reasons["AGG-05"] == f"“行政复议”有单元格未能识别，不作判断：{DEPT}"


def test_a_surplus_without_the_office_may_be_the_governments_own() -> None:
    (finding,) = findings("AGG-01", checked(county(row("new_received", 9)), made(DEPT, row("new_received", 5))))
    assert (finding.outcome, finding.severity) == ("review", "error")
    assert finding.message.endswith("汇总的报告中没有政府办公室的，差额可能是政府本级的数据")


@pytest.mark.parametrize(("printed", "outcome"), [("36.52", "pass"), ("36.54", "pass"), ("36.55", "fail")])
def test_fees_may_be_rounded_once_for_each_report(printed: str, outcome: str) -> None:
    below = made(OFFICE), made(DEPT, {"t2.fees.amount_wan": "36.52"})
    assert checked(county({"t2.fees.amount_wan": printed}), *below).outcomes["AGG-04"] == outcome


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("云泽县政府办公室", "fail"),
        ("平湖县人民政府办公室", "not_applicable"),
        ("云泽县人民政府东关街道办事处", "not_applicable"),
    ],
)
def test_only_its_own_office_is_compared(name: str, outcome: str) -> None:
    own = row("new_received", 4)
    assert checked(county(own), made(name, own)).outcomes["AGG-09"] == outcome


def test_the_offices_tables_in_the_governments_report_are_told_once() -> None:
    own = {**row("new_received", 4), **row("granted_full", 4), **row("result_total", 4)}
    told = checked(county(own), made(OFFICE, own), made(DEPT, {**own, "t2.penalty.decisions": "30"}))
    assert {f.rule for f in told.findings if f.rule.startswith("AGG")} == {"AGG-01", "AGG-09"}
    (finding,) = findings("AGG-09", told)
    assert OFFICE in finding.message


def test_a_single_item_more_or_less_is_told_so() -> None:
    office = made(OFFICE, row("new_received", 5))
    for ours, by in ((6, "多 1 件"), (4, "少 1 件")):
        (finding,) = findings("AGG-01", checked(county(row("new_received", ours)), office))
        assert f"总计 {ours} 件，1 个单位合计 5 件，{by}" in finding.message


def test_fees_are_told_in_their_unit_and_one_column_without_its_name() -> None:
    below = made(OFFICE), made(DEPT, {"t2.fees.amount_wan": "3"})
    (finding,) = findings("AGG-04", checked(county({"t2.fees.amount_wan": "5"}), *below))
    assert finding.message.endswith("：5 万元，2 个单位合计 3 万元，多 2 万元")


def test_of_many_differing_cells_three_are_told() -> None:
    office, total = made(OFFICE), "总计 3 件，1 个单位合计 0 件，多 3 件；自然人 1 件，合计 0 件"
    (three,) = findings("AGG-01", checked(county(row("new_received", 1, 1, 1)), office))
    assert f"{total}；商业企业 1 件，合计 0 件等" in three.message
    (two,) = findings("AGG-01", checked(county(row("new_received", 1, 2)), office))
    assert not two.message.endswith("等")


DETAILS = ("granted_full", "denied_process_info", "unable_not_held", "rejected_petition", "rejected_duplicate")


@pytest.mark.parametrize(("missing", "told"), [((), 5), (("云泽县水务局",), 1)])
def test_a_handful_of_differing_rows_are_told_one_by_one(missing: tuple[str, ...], told: int) -> None:
    wrong = {address: raw for i, key in enumerate(DETAILS, 1) for address, raw in row(key, i).items()}
    found = findings("AGG-02", checked(county(wrong), made(OFFICE), made(DEPT), missing=missing))
    assert len(found) == told


def test_of_many_differing_rows_three_are_told() -> None:
    for many, more in ((3, False), (4, True)):
        wrong = {address: raw for i, key in enumerate(DETAILS[:many], 1) for address, raw in row(key, i).items()}
        (found,) = findings("AGG-02", checked(county(wrong), made(OFFICE), missing=("云泽县水务局",)))
        assert found.message.startswith(f"共 {many} 项与各单位之和不同。")
        assert ("；等。" in found.message) is more
        assert found.address == "t3"


def test_while_somebody_is_missing_nobody_is_said_to_be_left_out() -> None:
    dept = made(DEPT, row("new_received", 7, 3, 1))
    (finding,) = findings("AGG-01", checked(county(), made(OFFICE), dept, missing=("云泽县水务局",)))
    assert "可能漏计" not in finding.message
    assert "共 1 项" not in finding.message


def test_an_agency_counted_twice_is_named() -> None:
    below = made(OFFICE, row("new_received", 2)), made(DEPT, row("new_received", 1, 1))
    (finding,) = findings("AGG-01", checked(county(row("new_received", 4, 2)), *below))
    assert finding.message.endswith(f"差额与{DEPT}的数据相同，可能重复计算了这个单位")


def test_two_agencies_alike_are_neither_to_blame() -> None:
    same = row("new_received", 7, 3, 1)
    (finding,) = findings("AGG-01", checked(county(same), made(OFFICE), made(DEPT, same), made(TOWN, same)))
    assert "可能漏计" not in finding.message


def test_a_report_of_another_year_between_those_of_the_year_changes_nothing() -> None:
    known = area(county(), Subordinates((county(), made(TOWN, year=2022), made(OFFICE), made(DEPT)), ()), Task())
    assert [r.identity.agency for r in known.reports] == [OFFICE, DEPT]


@pytest.mark.parametrize(("names", "more"), [(20, False), (21, True)])
def test_twenty_names_are_told(names: int, more: bool) -> None:
    missing = tuple(f"云泽县第{n}中心" for n in range(names))
    (finding,) = findings("AGG-06", checked(county(), made(OFFICE), missing=missing))
    assert finding.message.endswith(f"等 {names} 个单位") is more


def test_the_trial_form_has_rows_of_its_own() -> None:
    tables = {"t3": table("t3", form.Edition.FMT2019, row("other_handling", 1))}
    told = checked(
        replace(report("云泽县人民政府", 2020, preamble=(passage(WHOLE, "preamble"),), **tables), digest="1"),
        replace(report(OFFICE, 2020), digest="2"),
    )
    assert [f.address for f in findings("AGG-02", told)] == ["t3.other_handling.total"]


def test_nobody_of_the_year_leaves_nothing_to_add_up() -> None:
    told = checked(county(row("new_received", 9)), made(DEPT, row("new_received", 5), year=2022))
    assert told.outcomes["AGG-01"] == "not_applicable"


def test_an_unread_cell_keeps_two_reports_from_being_compared() -> None:
    cells = {**row("new_received", 4), "t4.review.total": "/"}
    told = checked(county(cells), made(OFFICE, cells))
    assert told.outcomes["AGG-09"] == "not_evaluated"
    assert told.reasons["AGG-09"].startswith("有单元格空白")
