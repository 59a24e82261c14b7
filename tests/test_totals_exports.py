"""The workbook and the Word file of an area's sums: read back, they hold the sums of what was printed."""

from __future__ import annotations

import io
from decimal import Decimal

import docx
import openpyxl
import pytest
from printed import report, table
from summed import BLANK, CELL, COUNTY, EAST, EDUCATION, NEW, WATER, YEAR, added, by_hand, sample

from gdcore.aggregation import LeftOut, Member, Totals
from gdcore.exports import totals_docx, totals_xlsx
from gdcore.form import AgencyType, Edition
from gdcore.readers import read
from gdcore.recognise import recognise

REPORTS = (sample(EDUCATION), sample(WATER), sample(EAST, "subdistrict"))
MISSING, WEATHER = "云泽县民政局", Member("Q", "云泽县气象局", AgencyType.VERTICAL)


@pytest.fixture(scope="module")
def whole() -> Totals:
    return added(*REPORTS)


@pytest.fixture(scope="module")
def partly() -> Totals:
    """One with a blank cell and a picture of table 四, one not filed, one that the roster leaves out, a county that differs."""
    sums = {address: str(value) for address, value in by_hand(*REPORTS[:2]).items()} | {CELL: "1"}
    county = report(COUNTY.name, YEAR, **{key: table(key, NEW, sums) for key in ("t2", "t3", "t4")})
    printed = (sample(EDUCATION), sample(WATER, set={BLANK: ""}, image=["t4"]))
    return added(*printed, due=(MISSING,), apart=((WEATHER, LeftOut.VERTICAL),), county=county)


def opened(totals: Totals) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(totals_xlsx.workbook(totals)))


def rows(book: openpyxl.Workbook, name: str, header: str) -> list[dict[str, object]]:
    """A sheet's list as dictionaries, below the row that begins with `header`."""
    values = [list(row) for row in book[name].iter_rows(values_only=True)]
    at = next(n for n, row in enumerate(values) if row[0] == header)
    return [dict(zip(values[at], row, strict=True)) for row in values[at + 1 :]]


# --- the official tables ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2020, 2023])
@pytest.mark.parametrize(("make", "file"), [(totals_xlsx.workbook, "a.xlsx"), (totals_docx.document, "a.docx")])
def test_read_back_as_a_report_every_cell_is_the_sum_of_what_was_printed(make, file, year) -> None:
    printed = [sample(name, year=year) for name in (EDUCATION, WATER)]
    found = recognise(read(make(added(*printed, edition=Edition.of_year(year))), file), file).cells()
    expected = {a: v for a, v in by_hand(*printed).items() if a != "t2_2019.procurement.amount"}
    assert {a: found[a].value for a in expected} == expected


def test_the_workbook_has_numbers_in_the_merged_layout_of_the_form(whole: Totals) -> None:
    book = opened(whole)
    assert book.sheetnames == ["表二", "表三", "表四", "覆盖情况", "明细"]
    sheet, sums = book["表三"], by_hand(*REPORTS)
    assert {"A4:C6", "D4:J4", "D5:D6", "E5:I5", "J5:J6", "A7:C7", "A9:A30", "B11:B18"} <= {
        str(r) for r in sheet.merged_cells.ranges
    }
    assert [sheet.cell(7, column).value for column in (1, 4, 10)] == [
        "一、本年新收政府信息公开申请数量",
        sums["t3.new_received.natural_person"],
        sums[CELL],
    ]
    values = [sheet.cell(row, column) for row in range(7, 32) for column in range(4, 11)]
    assert {cell.data_type for cell in values} == {"n"}
    assert {type(cell.value) for cell in values} == {int}
    fees = next(c for row in book["表二"].iter_rows() for c in row if isinstance(c.value, float))
    assert Decimal(str(fees.value)) == sums["t2.fees.amount_wan"]
    assert "申请人情况" in [c.value for c in sheet[4]]
    assert [c.value for c in book["表四"][4] if c.value] == ["行政复议", "行政诉讼"]


def test_the_word_file_has_the_three_tables_in_song_with_the_coverage_on_top(partly: Totals) -> None:
    made = docx.Document(io.BytesIO(totals_docx.document(partly)))
    text = [p.text for p in made.paragraphs]
    assert text[0] == "云泽县人民政府2023年度政府信息公开年报数据汇总"
    assert text[2].startswith("表二覆盖 2 / 3 家。未计入 1 家：未报送 1 家（云泽县民政局）")
    assert text[4].startswith(
        "表四覆盖 1 / 3 家。未计入 2 家：未报送 1 家（云泽县民政局），表格未能识别 1 家（云泽县水务局）"
    )
    order = [t for t in text if t[:2] in ("二、", "三、", "四、")]
    assert order == [
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]
    second, third, fourth = made.tables
    assert (len(third.rows), len(third.columns)) == (28, 10)
    assert third.cell(0, 3)._tc is third.cell(0, 9)._tc
    assert third.cell(3, 9).text == str(by_hand(*REPORTS[:2])[CELL])
    assert third.cell(5, 6).text == f"{sample(EDUCATION).cells()[BLANK]}＊"
    assert [t for t in text if t.startswith("＊")] == [
        "＊ 该格有单位空白、未能识别或表样版本不同，未计入：（一）予以公开（社会公益组织）覆盖 1 家。"
    ]
    fonts = {
        r.font.name for t in (second, third, fourth) for row in t.rows for c in row.cells for r in c.paragraphs[0].runs
    }
    assert fonts == {"宋体"}


def test_what_nobody_prints_is_no_number() -> None:
    totals = added(sample(EDUCATION, set={BLANK: ""}), due=(WATER,))
    assert opened(totals)["表三"].cell(9, 7).value == "—"
    assert docx.Document(io.BytesIO(totals_docx.document(totals))).tables[1].cell(5, 6).text == "—"
    empty = added(due=(WATER,))
    values = [c.value for row in opened(empty)["表四"].iter_rows(min_row=7) for c in row]
    assert values == ["—"] * 15


# --- who is counted, what differs, every agency's cells -------------------------------------------------------------------


def test_the_coverage_names_everybody_with_the_reason(partly: Totals) -> None:
    book = opened(partly)
    listed = {row["单位"]: row for row in rows(book, "覆盖情况", "单位")}
    told = {name: (row["表二"], row["表三"], row["表四"]) for name, row in listed.items()}
    assert told == {
        EDUCATION: ("计入", "计入", "计入"),
        WATER: ("计入", "计入", "未能识别"),
        MISSING: ("未报送", "未报送", "未报送"),
        WEATHER.name: ("不计入", "不计入", "不计入"),
    }
    assert listed[WATER]["说明"] == "1 格空白、未能识别或版本不同，未计入"
    assert listed[WEATHER.name]["说明"] == "垂直管理，名录没有注明计入汇总"
    cell = book["表三"].cell(9, 7)
    assert cell.value == int(sample(EDUCATION).cells()[BLANK])
    assert cell.comment.text.splitlines() == [
        "覆盖 1 / 3 家。",
        f"政府年报 {by_hand(*REPORTS[:2])[BLANK]} 件，相差 −1 件",
    ]


def test_the_differences_from_the_governments_report(partly: Totals, whole: Totals) -> None:
    found = rows(opened(partly), "与政府年报核对", "表")
    expected = by_hand(*REPORTS[:2])
    new = next(row for row in found if row["项目"].startswith("一、本年新收"))
    assert (new["列"], new["合计"], new["政府年报"]) == ("总计", expected[CELL], 1)
    assert new["相差"] == expected[CELL] - 1
    assert (new["覆盖家数"], new["应计入"], new["说明"]) == (2, 3, "覆盖不全，差额只供参考")
    assert {row["表"] for row in found} == {"表三", "表四"}


def test_the_details_add_up_to_the_sums(partly: Totals) -> None:
    listed = rows(opened(partly), "明细", "表")
    assert len(listed) == 3 * 200
    sums: dict[object, Decimal] = {}
    for row in listed:
        if row["数值"] is not None:
            sums[row["位置"]] = sums.get(row["位置"], Decimal()) + Decimal(str(row["数值"]))
    education, both = by_hand(sample(EDUCATION)), by_hand(*REPORTS[:2])
    assert sums == {a: education[a] if a == BLANK or a.startswith("t4.") else v for a, v in both.items()}
    silent = {(row["单位"], row["说明"]) for row in listed if row["数值"] is None}
    assert silent == {(MISSING, "未报送"), (WATER, "空白"), (WATER, "未能识别")}
    assert {row["计量"] for row in listed if row["位置"] == "t2.fees.amount_wan"} == {"万元"}


def test_many_agencies_are_listed_without_their_zeros(whole: Totals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals_xlsx, "DETAIL_ROWS", 599)
    monkeypatch.setattr(totals_xlsx, "SHEET_ROWS", 100)
    book = opened(whole)
    nonzero = sum(raw not in ("0", "0.00") for printed in REPORTS for raw in printed.cells().values())
    sheets = [name for name in book.sheetnames if name.startswith("明细")]
    assert sheets[:2] == ["明细", "明细（2）"]
    assert book["明细"].cell(1, 1).value == "单位较多，为 0 的单元格未列出。"
    assert sum(len(rows(book, name, "表")) for name in sheets) == nonzero


@pytest.mark.parametrize("name", ["=1+1局", "@SUM(A1)局", "+8局"])
def test_no_name_runs_as_a_formula(name: str) -> None:
    book = opened(added(due=(name,)))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if name in str(c.value)]
    assert {c.data_type for c in cells} == {"s"}
    assert {row["单位"] for row in rows(book, "明细", "表")} == {f"'{name}"}
