"""One year of an oversight office in a real browser, from the empty desk to the closed ledger."""

import csv
import io
import re
import zipfile
from collections import Counter
from datetime import date, timedelta

import county
import desk
import docx
import openpyxl
import pytest
from app_server import chromium, served

from gdcore.rules import CATALOGUE

playwright = pytest.importorskip("playwright.sync_api", reason="The browser tests need the package playwright.")
if chromium() is None:
    pytest.skip("The browser tests need chromium: install it or name it in CHROMIUM.", allow_module_level=True)

from office import PATIENCE_MS, Office  # noqa: E402  (needs playwright)

expect = playwright.expect

FIRST, SECOND = "周岚", "许航"
DUE = date.today() + timedelta(days=30)
FAULTS = {"sev": "error,warning"}


def test_a_year_of_the_office(tmp_path):
    with playwright.sync_playwright() as driver, served(tmp_path) as address:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 1300}, accept_downloads=True)
        page.set_default_timeout(PATIENCE_MS)
        office = Office(page, address, county.YEAR)
        the_roster_is_taken(office)
        the_year_before_is_there(tmp_path)
        the_reports_come_in(office)
        the_missing_are_told(office)
        the_faults_are_confirmed(office)
        two_are_false_alarms(office)
        the_letters_tell_what_was_confirmed(office)
        the_faults_are_issued(office)
        the_corrections_come_in(office)
        what_is_mended_is_closed(office)
        a_waiver_takes_two(office)
        the_sums_are_those_of_the_reports(office)
        the_ledger_is_exported(office)
        the_findings_are_exported(office)
        the_wrong_carry_over_is_shown(office)
        browser.close()


# --- what comes in ----------------------------------------------------------------------------------------------------


def the_roster_is_taken(office):
    office.open("admin", "管理")
    office.sit_down(FIRST)
    file = {"name": "名录.csv", "mimeType": "text/csv", "buffer": county.roster()}
    office.page.locator("input[type=file]").set_input_files(file)
    office.page.get_by_text(f"新增 {len(county.AGENCIES)} 家").wait_for()
    office.page.get_by_role("button", name=f"导入 {len(county.AGENCIES)} 家").click()
    office.sees(f"名录 {len(county.AGENCIES)} 家")


def the_year_before_is_there(folder):
    """Taken in beside the interface, which has nothing to add to it."""
    store = desk.open_desk(folder)
    batch = desk.take(store, *county.last_years())
    store.close()
    assert batch.stored == len(county.WITH_PRIOR)


def the_reports_come_in(office):
    office.upload("年报.zip", county.zipped(county.first_versions()), len(county.FILED))


def the_missing_are_told(office):
    office.open("overview", "总览")
    expected, filed = len(county.AGENCIES), len(county.FILED)
    for label, count in (
        ("应报", expected),
        ("已报", filed),
        ("未报", len(county.MISSING)),
        ("逾期", len(county.OVERDUE)),
    ):
        office.figure(label, f"{count} 家")
    for choice, names in (("未报", county.MISSING), ("逾期", county.OVERDUE)):
        office.main.get_by_role("radio", name=f"{choice} {len(names)}", exact=True).click()
        dialog = office.begin(f"生成催报…（{len(names)} 家）")
        said = dialog.get_by_text(f"{len(names)} 家尚未报送 {county.YEAR} 年度报告：")
        expect(said).to_be_visible(timeout=PATIENCE_MS)
        assert sorted(re.split("[：。、]", said.inner_text())[1:-1]) == sorted(names)
        office.page.keyboard.press("Escape")
        dialog.wait_for(state="detached")


# --- what is decided --------------------------------------------------------------------------------------------------


def the_faults_are_confirmed(office):
    every = len(county.told(county.PLANTS))
    office.open("findings", "问题清单", state="pending", **FAULTS)
    office.tick_all(every)
    office.button(f"确认（{every} 条）").click()
    office.sees(f"已确认 {every}")


def two_are_false_alarms(office):
    agencies, rules = (",".join(part) for part in zip(*county.DISMISSED, strict=True))
    office.open("findings", "问题清单", agency=agencies, rule=rules, **FAULTS)
    office.tick_all(len(county.DISMISSED))
    dialog = office.begin("标为误报…（2 条）")
    dialog.get_by_label("说明（必填）").fill("已电话核实，原件无误")
    office.submit("标为误报（2 条）")
    office.sees("误报 2")


def the_letters_tell_what_was_confirmed(office):
    office.open("findings", "问题清单")
    addressees = {agency for agency, _ in county.CONFIRMED}
    dialog = office.begin("生成通知…")
    dialog.get_by_text(f"{len(addressees)} 家，共写入 {len(county.CONFIRMED)} 条问题。").wait_for()
    data = office.fetch(f"下载 {len(addressees)} 份退回修改通知（ZIP）", dialog)
    with zipfile.ZipFile(data) as letters:
        found = [line for name in letters.namelist() for line in _told(name, letters.read(name))]
    assert sorted(found) == sorted((agency, CATALOGUE[rule].name) for agency, rule in county.CONFIRMED)


def _told(file_name, data):
    """Agency and fault for each fault that a letter tells."""
    agency = file_name.split("_")[1]
    said = [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]
    assert f"{agency}：" in said
    return [(agency, fault[1]) for text in said if (fault := re.fullmatch(r"\d+．(.+)", text))]


def the_faults_are_issued(office):
    count = len(county.CONFIRMED)
    office.open("ledger", "整改台账", state="confirmed")
    office.tick_all(count)
    dialog = office.begin(f"下发…（{count} 条）")
    _set_day(dialog, "整改时限", DUE)
    office.submit(f"下发（{count} 条）")
    office.sees(f"已下发 {count}")


def _set_day(dialog, label, day):
    field = dialog.get_by_test_id("stDateInput").filter(has_text=label).locator("input")
    field.fill(day.isoformat())
    field.press("Enter")
    expect(field).to_have_value(day.isoformat(), timeout=PATIENCE_MS)


# --- what is mended ---------------------------------------------------------------------------------------------------


def the_corrections_come_in(office):
    office.upload("修改稿.zip", county.zipped(county.corrections()), len(county.CORRECTED))


def what_is_mended_is_closed(office):
    count = len(county.MENDED)
    office.open("ledger", "整改台账", state="corrected")
    office.sees(f"已整改待核 {count}")
    office.sees(f"已下发 {len(county.STANDING)}")
    office.tick_all(count)
    office.begin(f"销号…（{count} 条）").get_by_label("核验意见（必填）").fill("已与第 2 版核对")
    office.submit(f"销号（{count} 条）")
    office.sees(f"已销号 {count}")


def a_waiver_takes_two(office):
    agency, rule = county.WAIVED
    office.open("ledger", "整改台账", state="issued", agency=agency, rule=rule)
    office.tick_all(1)
    dialog = office.begin("申请豁免…")
    dialog.get_by_label("理由（必填）").fill("两家单位未到报送截止日")
    _set_day(dialog, "豁免到期日", DUE)
    office.submit("申请豁免（1 条）")
    office.sees("申请豁免 1")
    _ask_to_grant(office)
    office.dialog.get_by_role("button", name="批准豁免（1 条）", exact=True).click()
    office.dialog.get_by_text("须由申请人以外的人办理").wait_for()
    office.dialog.get_by_role("button", name="取消").click()
    office.dialog.wait_for(state="detached")
    office.sees("申请豁免 1")
    office.sit_down(SECOND)
    _ask_to_grant(office)
    office.submit("批准豁免（1 条）")
    office.sees("已豁免 1")


def _ask_to_grant(office):
    office.open("ledger", "整改台账", state="waiver_requested")
    office.tick_all(1)
    office.begin("批准豁免…").get_by_text(f"{FIRST} 申请豁免至").wait_for()


# --- what comes of it -------------------------------------------------------------------------------------------------


def the_sums_are_those_of_the_reports(office):
    """In a cell that a correction changed, one with a fault that stands, and one of a table that one had left out."""
    sums, members = county.sums(), len(county.added_up())
    for table, cell in (
        ("t3", "t3.carried_out.natural_person"),
        ("t3", "t3.granted_partial.business"),
        ("t4", "t4.review.total"),
    ):
        office.open("aggregation", "汇总", table=table, cell=cell)
        expect(office.page.locator("dl.sums dd").first).to_have_text(
            f"{sums[cell]:,f} 件（{members} 家）", timeout=PATIENCE_MS
        )
        expect(office.page.locator("td.chosen")).to_have_text(f"{sums[cell]:f}", timeout=PATIENCE_MS)


def the_ledger_is_exported(office):
    office.open("ledger", "整改台账")
    data = office.fetch(f"导出 XLSX（{len(county.CONFIRMED)} 条）")
    rows = list(openpyxl.load_workbook(data).active.iter_rows(values_only=True))
    head = next(at for at, row in enumerate(rows) if "销号状态" in row)
    lines = [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :] if row[0]]
    found = Counter((line["单位"], line["销号状态"], line["核验人"] or "") for line in lines)
    assert found == Counter(_line(*each) for each in county.CONFIRMED)
    assert {str(line["整改时限"])[:10] for line in lines} == {DUE.isoformat()}


def _line(agency, rule):
    if (agency, rule) in county.MENDED:
        return agency, "已销号", FIRST
    return agency, "已豁免" if (agency, rule) == county.WAIVED else "已下发", ""


def the_findings_are_exported(office):
    office.open("findings", "问题清单")
    data = office.fetch(re.compile("^导出 CSV"))
    rows = csv.DictReader(io.StringIO(data.getvalue().decode("utf-8-sig")))
    found = [(row["单位"], row["规则编号"], row["状态"]) for row in rows if row["状态"] != "待确认"]
    standing = [(agency, rule, _line(agency, rule)[1]) for agency, rule in county.STANDING]
    assert sorted(found) == sorted([*standing, *((agency, rule, "误报") for agency, rule in county.DISMISSED)])


def the_wrong_carry_over_is_shown(office):
    office.open("comparison", "比对", agency=county.CARRIED)
    office.page.get_by_role("link", name="YOY-01").wait_for()
    owed = office.page.locator("table.official.cells").filter(has_text="结转下年度 → 上年结转").first
    assert owed.locator("td").all_inner_texts()[:3] == ["2", "4", "+2"]
