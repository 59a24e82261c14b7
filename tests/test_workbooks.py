"""Workbooks read back: the office's own columns, dates as dates, and nothing that a spreadsheet would run."""

import io
import zipfile
from datetime import UTC, date, datetime

import desk
import openpyxl
import pytest

from gdcore.exports import csv, ledger, workbook, xlsx
from gdcore.exports.workbook import Column
from gdcore.store import queries
from gdcore.store.rows import Duty, FindingFilter, LedgerFilter, LedgerRow

COLUMNS = [
    "序号", "单位", "报告年度", "问题类别", "问题描述（位置、原文、应为）", "依据", "严重程度", "整改要求", "责任人", "整改时限", "整改情况",
    "完成时间", "核验人", "销号状态", "备注",
]  # fmt: skip
DONE = datetime(2024, 2, 20, 3, 0, tzinfo=UTC)


def row(**change):
    values = dict.fromkeys(LedgerRow.__dataclass_fields__) | {
        "fingerprint": "f", "state": "issued", "agency_key": desk.EAST, "agency": desk.EAST, "year": 2023, "rule": "SUM-03",
        "severity": "error", "bucket": "sums", "address": "t3.result_total.total", "message": "合计不符", "found": "36",
        "expected": "37", "suggestion": "请核对。", "version": 1, "present": True, "due": date(2024, 2, 20), "reason": "",
        "note": "", "actor": "周岚", "decided_at": DONE,
    }  # fmt: skip
    return LedgerRow(**(values | change))


def read(pieces):
    return openpyxl.load_workbook(io.BytesIO(b"".join(pieces))).active


def cells(sheet, number):
    return dict(zip(COLUMNS, [cell.value for cell in sheet[number]], strict=True))


def test_the_ledger_has_the_columns_that_offices_use():
    sheet = read(ledger.pieces([row(responsible="许航", progress="已重新填报")], 2023, {"sums": "数据勾稽"}))
    assert sheet["A1"].value == "2023 年度政府信息公开工作年度报告问题整改台账"
    assert [cell.value for cell in sheet[2]] == COLUMNS
    line = cells(sheet, 3)
    assert line["问题描述（位置、原文、应为）"] == "合计不符\n位置：表三 · （七）总计 · 总计\n原文：36\n应为：37"
    told = [
        line[name]
        for name in ("序号", "单位", "报告年度", "问题类别", "严重程度", "整改要求", "责任人", "整改情况", "销号状态")
    ]
    assert told == [1, desk.EAST, 2023, "数据勾稽", "错误", "请核对。", "许航", "已重新填报", "已下发"]
    assert line["整改时限"] == datetime(2024, 2, 20)
    assert sheet["J3"].number_format == "yyyy-mm-dd"
    assert (line["完成时间"], line["核验人"], line["备注"]) == (None, None, None)


def test_what_was_closed_waived_or_remarked_is_told():
    closed = row(
        state="closed", finished_at=DONE, verified_by="许航", evidence="第 2 版", remark="电话核实", demand="限期改"
    )
    waived = row(state="waived", waiver_until=date(2024, 6, 30), reason="系统改造中")
    sheet = read(ledger.pieces([closed, waived], 2023, {}))
    first, second = cells(sheet, 3), cells(sheet, 4)
    assert first["完成时间"].date() == DONE.astimezone().date()
    assert (first["核验人"], first["销号状态"], first["整改要求"]) == ("许航", "已销号", "限期改")
    assert first["备注"] == "电话核实\n销号依据：第 2 版"
    assert (first["整改情况"], second["整改情况"]) == (None, None)
    assert second["备注"] == "豁免至 2024-06-30：系统改造中"


def test_what_a_new_version_no_longer_has_is_told_where_nobody_wrote_anything():
    rows = [row(state="corrected", present=False), row(state="closed", present=False, progress="已重报")]
    sheet = read(ledger.pieces(rows, 2023, {}))
    assert [cells(sheet, n)["整改情况"] for n in (3, 4)] == ["新版本中已消失", "已重报"]


def test_it_is_laid_out_for_the_screen_and_for_paper():
    sheet = read(ledger.pieces([row(), row()], 2023, {}))
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:O1"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A3", "A2:O4")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)  # 1 is left out, being usual
    assert sheet.print_title_rows == "$1:$2"
    assert all(sheet.column_dimensions[letter].width > 4 for letter in "ABEJO")
    assert sheet["E3"].alignment.wrap_text


@pytest.mark.parametrize("words", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "＝1＋1"])
def test_no_text_runs_as_a_formula(words):
    sheet = read(ledger.pieces([row(responsible=words, progress=words)], 2023, {}))
    for cell in (sheet["I3"], sheet["K3"]):
        assert (cell.value, cell.data_type) == ("'" + words, "s")


def test_a_text_longer_than_a_cell_is_cut_and_rows_are_taken_one_at_a_time():
    taken = []

    def rows():
        for number in range(3):
            taken.append(number)
            yield [number, "长" * 40_000, None]

    columns = (Column("号", 5), Column("文", 20), Column("空", 5))
    sheet = read(workbook.pieces("表", "", columns, rows()))
    assert taken == [0, 1, 2]
    assert len(sheet["B2"].value) == 32_767
    assert sheet["B2"].value.endswith("…")
    assert (sheet["A4"].value, sheet["C4"].value, sheet.auto_filter.ref) == (2, None, "A1:C4")


def test_an_empty_list_is_a_workbook_with_its_header():
    sheet = read(ledger.pieces([], 2023, {}))
    assert (sheet.max_row, sheet.auto_filter.ref) == (2, "A2:O2")


def test_the_ledger_of_the_store(tmp_path):
    store = desk.open_desk(tmp_path)
    desk.take(store, ("年报.txt", desk.unbalanced()))
    marks = [f.fingerprint for f in queries.findings(store, FindingFilter(rules=("STR-06", "SUM-03"))).rows]
    queries.decide(store, marks, "confirmed", "周岚")
    queries.decide(store, marks[:1], "issued", "周岚", duty=Duty(due=date(2024, 2, 20)))
    wanted = LedgerFilter(2023, date(2024, 2, 5), date(2024, 2, 8))
    sheet = read(ledger.pieces(queries.iter_ledger(store, wanted), 2023, {}))
    assert [cells(sheet, n)["销号状态"] for n in (3, 4)] == ["已下发", "已确认"]
    assert cells(sheet, 3)["依据"]
    store.close()


def test_findings_as_a_workbook_say_what_the_csv_says(tmp_path):
    store = desk.open_desk(tmp_path)
    desk.take(store, ("年报.txt", desk.unbalanced()))
    data = b"".join(xlsx.of_store(queries.iter_findings(store, FindingFilter())))
    assert zipfile.is_zipfile(io.BytesIO(data))
    table = [list(line) for line in read([data]).iter_rows(values_only=True)]
    assert table[0] == list(csv.COLUMNS)
    rows = list(queries.iter_findings(store, FindingFilter()))
    told = [csv.line(r.finding, r.agency, r.year, r.state, r.points, r.file, r.version) for r in rows]
    assert table[1:] == [[value if value != "" else None for value in map(csv.safe, line)] for line in told]
    store.close()
