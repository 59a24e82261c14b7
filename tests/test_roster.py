"""The roster as offices keep it: CSV of any encoding, XLSX, a title above the header, rows with slips."""

from __future__ import annotations

from datetime import date

import pytest

from gdcore import roster
from gdcore.form import AgencyType

HEADER = "单位名称,编号,简称,曾用名,类型,上级单位,计入汇总,设立日期,撤销日期,公开网址\r\n"


def parsed(text: str, encoding: str = "utf-8-sig") -> roster.Roster:
    return roster.parse(text.encode(encoding), "名录.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_encoding(encoding: str) -> None:
    read = parsed(HEADER + "云泽县教育局,J01,教育局、县教育局,云泽县文教局,部门,云泽县人民政府,是,,,\r\n", encoding)
    assert read.faults == ()
    entry = read.entries[0]
    assert entry.names == ("云泽县教育局", "教育局", "县教育局", "云泽县文教局")
    assert (entry.code, entry.agency_type, entry.superior, entry.in_total) == (
        "J01",
        AgencyType.DEPT,
        "云泽县人民政府",
        True,
    )


def test_only_the_name_is_needed() -> None:
    entry = parsed("单位名称\n云泽县东关街道办事处\n").entries[0]
    assert (entry.agency_type, entry.level, entry.in_total) == (AgencyType.SUBDISTRICT, "township", None)


def test_a_title_above_the_header_and_columns_it_does_not_know() -> None:
    read = parsed("云泽县单位名录,,\n2025年1月,,\n序号,单位名称,备注\n1,云泽县水务局,无\n")
    assert [e.name for e in read.entries] == ["云泽县水务局"]
    assert read.entries[0].row == 4
    assert read.ignored == ("序号", "备注")


@pytest.mark.parametrize("written", ["2019-03-01", "2019/3/1", "2019年3月1日", "20190301", "2019.3.1"])
def test_dates_as_people_write_them(written: str) -> None:
    assert parsed(f"单位名称,设立日期\n云泽县水务局,{written}\n").entries[0].founded == date(2019, 3, 1)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",,,,部门,,,,,", "没有填写单位名称"),
        ("云泽县水务局,,,,局,,,,,", "类型“局”不认识，可以填：部门、乡镇"),
        ("云泽县水务局,,,,,,也许,,,", "计入汇总“也许”不认识"),
        ("云泽县水务局,,,,,,,去年,,", "设立日期“去年”不是日期"),
        ("云泽县水务局,,,,,,,,,www", "公开网址“www”应以 http"),
    ],
)
def test_a_wrong_row_is_told_and_the_others_are_taken(row: str, told: str) -> None:
    read = parsed(HEADER + row + "\r\n云泽县教育局,,,,,,,,,\r\n")
    assert [e.name for e in read.entries] == ["云泽县教育局"]
    assert read.faults[0].row == 2
    assert read.faults[0].sentence.startswith(told)


def test_a_name_or_a_number_that_comes_twice() -> None:
    read = parsed("单位名称,编号\n云泽县教育局,1\n云泽县 教育局,2\n云泽县水务局,1\n")
    assert [e.name for e in read.entries] == ["云泽县教育局"]
    assert [f.row for f in read.faults] == [3, 4]


def test_superiors_that_go_round_in_a_circle() -> None:
    read = parsed("单位名称,上级单位\n甲局,乙局\n乙局,甲局\n丙局,甲局\n")
    assert [f.row for f in roster.circles(read.entries)] == [2, 3]


def test_a_file_without_the_column() -> None:
    with pytest.raises(roster.RosterUnreadable) as told:
        parsed("名称,类型\n云泽县教育局,部门\n")
    assert "单位名称" in str(told.value)


def test_a_row_that_ends_before_the_name() -> None:
    read = parsed("编号,单位名称\n1\n2,云泽县教育局\n")
    assert [e.name for e in read.entries] == ["云泽县教育局"]
    assert [f.row for f in read.faults] == [2]


def test_a_quote_that_is_never_closed() -> None:
    with pytest.raises(roster.RosterUnreadable, match="引号"):
        parsed('单位名称,编号\n"云泽县教育局,' + "1\n" * 100_000)


def test_the_template_can_be_read() -> None:
    read = roster.parse(roster.template(), "模板.csv")
    assert read.faults == ()
    assert len(read.entries) == 1
