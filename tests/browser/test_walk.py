"""A walk through the app in a real browser: upload, score, finding, decision, filter, export; and the cold deep link."""

import csv
import io
import time
from urllib.parse import parse_qs, urlparse

import docx
import openpyxl
import pytest
from app_server import ROOT, chromium, served, settled

from gdcore.ui.shell import ENTRIES

playwright = pytest.importorskip("playwright.sync_api", reason="The browser tests need the package playwright.")
if chromium() is None:
    pytest.skip("The browser tests need chromium: install it or name it in CHROMIUM.", allow_module_level=True)

expect = playwright.expect

FAULTY = "云泽县教育局2025年政府信息公开工作年度报告.html"
PATIENCE_MS = 30_000
TICK_X, FIRST_ROW_Y = 16, 49  # px within a grid


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        # no sandbox: CI runs as root in a container
        opened = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    opened.outside = []
    opened.on("request", lambda r: None if urlparse(r.url).hostname == "127.0.0.1" else opened.outside.append(r.url))
    yield opened
    context.close()


def navigation(page):
    return [link.inner_text().split("\n")[-1] for link in page.get_by_test_id("stSidebar").locator("a").all()]


@pytest.mark.parametrize("path", ["findings", "report", "overview"])
def test_a_cold_deep_link_shows_the_chinese_navigation(path, page, tmp_path):
    with served(tmp_path) as address:
        page.goto(f"{address}/{path}?year=2025")
        page.get_by_role("heading", level=1).wait_for()
        page.get_by_test_id("stSidebar").get_by_text("规则目录").wait_for()
        titles = [entry.title for entry in ENTRIES]
        expect(page.get_by_test_id("stSidebar").locator("a")).to_have_count(len(titles), timeout=PATIENCE_MS)
        assert navigation(page) == titles
        assert page.get_by_text("Page not found").count() == 0
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN", timeout=PATIENCE_MS)
        page.get_by_test_id("stSidebar").get_by_text("规则目录").click()
        page.get_by_role("heading", level=1, name="规则目录").wait_for()
        assert [url for url in page.outside if not url.startswith(("data:", "blob:"))] == []


def test_from_the_upload_to_the_csv(page, tmp_path):
    with served(tmp_path) as address:
        upload(page, address)
        read_the_report(page)
        decide(page)
        rows = export(page, address)
    assert [(r["单位"], r["规则编号"], r["状态"]) for r in rows] == [("云泽县教育局", "SUM-03", "误报")]


def test_a_misread_cell_is_mended_and_the_mend_is_taken_back(page, tmp_path):
    with served(tmp_path) as address:
        upload(page, address)
        page.get_by_test_id("stSidebar").get_by_text("报告详情").click()
        page.locator("[data-testid=stRadio] label", has_text="SUM-03").click()
        mend(page)
        cell = page.locator("table.official td.mended")
        expect(cell).to_have_text("4原6", timeout=PATIENCE_MS)
        expect(page.locator("[data-testid=stRadio] label", has_text="SUM-03")).to_have_count(0, timeout=PATIENCE_MS)
        page.get_by_role("button", name="撤销").click()
        page.locator("[data-testid=stRadio] label", has_text="SUM-03").wait_for()
        expect(cell).to_have_count(0, timeout=PATIENCE_MS)


def test_a_bar_of_the_overview_leads_to_the_agencies_behind_it(page, tmp_path):
    with served(tmp_path) as address:
        upload(page, address)
        page.goto(f"{address}/?year=2025")
        bars = page.locator(".st-key-overview_bands .nsewdrag")
        bars.wait_for()
        box = bars.bounding_box()
        page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 3 / 8)  # the second of four bands
        page.wait_for_url(lambda url: parse_qs(urlparse(url).query).get("band") == ["80"])
        page.get_by_role("heading", level=1, name="单位").wait_for()


def test_a_self_check_shows_findings_and_stores_nothing(page, tmp_path):
    with served(tmp_path) as address:
        page.goto(f"{address}/selfcheck")
        page.locator("input[type=file]").first.set_input_files(ROOT / "data" / "reports" / FAULTY)
        page.get_by_role("button", name="开始自查（1 份）").click()
        page.get_by_role("heading", name="云泽县教育局").wait_for()
        page.locator("[data-testid=stRadio] label", has_text="SUM-03").click()
        expect(page.locator("table.official td.lit")).to_have_count(7, timeout=PATIENCE_MS)
        page.get_by_role("button", name="清除结果").click()
        page.get_by_role("button", name="清除结果").wait_for(state="detached")
        page.get_by_test_id("stSidebar").get_by_text("总览").click()
        page.get_by_role("button", name="载入示例数据").wait_for()


def test_a_notice_is_made_of_what_was_confirmed(page, tmp_path):
    with served(tmp_path) as address:
        upload(page, address)
        page.get_by_test_id("stSidebar").get_by_text("报告详情").click()
        page.locator("[data-testid=stRadio] label", has_text="SUM-03").click()
        page.locator(".st-key-report_confirmed button").click()
        page.locator(".st-key-report_issued button").wait_for()
        page.get_by_test_id("stSidebar").get_by_text("问题清单").click()
        page.get_by_role("button", name="生成通知…").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("1 家，共写入 1 条问题。").wait_for()
        dialog.get_by_text("也写入尚未确认的问题").click()
        dialog.get_by_text("1 家，共写入 2 条问题。").wait_for()
        with page.expect_download() as download:
            dialog.get_by_role("button", name="下载退回修改通知（Word）").click()
        assert download.value.suggested_filename == "001_云泽县教育局_退回修改通知.docx"
        said = [p.text for p in docx.Document(download.value.path()).paragraphs]
    assert [text for text in said if text[1:2] == "．"] == ["1．部门年报逾期公开", "2．总计列不等于各申请人类别之和"]


def test_a_fault_is_confirmed_issued_corrected_and_closed(page, tmp_path):
    with served(tmp_path) as address:
        upload(page, address)
        name_the_person(page, "周岚")
        visit(page, "问题清单")
        act(page, "确认")
        visit(page, "整改台账")
        act(page, "下发…", "下发（1 条）", 责任人="许航")
        act(
            page, "提交核验…", "提交核验（1 条）", **{"整改情况（必填）": "已更正", "依据": "https://example.invalid/a"}
        )
        act(page, "销号…", "销号（1 条）", **{"核验意见（必填）": "已核对"})
        page.get_by_text("已销号 1", exact=True).first.wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="导出 XLSX（1 条）").click()
        sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    line = dict(zip([c.value for c in sheet[2]], [c.value for c in sheet[3]], strict=True))
    assert [line[name] for name in ("单位", "责任人", "整改情况", "核验人", "销号状态")] == [
        "云泽县教育局",
        "许航",
        "已更正",
        "周岚",
        "已销号",
    ]


def name_the_person(page, name):
    page.get_by_test_id("stSidebar").get_by_text("经办人：").click()
    page.get_by_label("经办人姓名").fill(name)
    page.keyboard.press("Enter")
    page.get_by_test_id("stSidebar").get_by_text(f"经办人：{name}").wait_for()
    page.keyboard.press("Escape")


def visit(page, title):
    page.get_by_test_id("stSidebar").get_by_text(title).click()
    page.get_by_role("heading", level=1, name=title).wait_for()


def act(page, button, submit="", **answers):
    """Tick the first row of the grid, press a button of the bar, and answer the dialog that follows."""
    settled(page)  # a grid that moves while it is clicked is ticked at its head, which chooses all
    grid, bar = page.get_by_test_id("stDataFrame").locator("canvas").first, page.locator("[class*=_bulk]")
    grid.wait_for()
    one = bar.get_by_text("已选 1 条")
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not one.count() and time.monotonic() < deadline:  # a grid that is still being drawn takes no tick
        box = grid.bounding_box()
        page.mouse.click(box["x"] + TICK_X, box["y"] + FIRST_ROW_Y)
        page.wait_for_timeout(1500)
    one.wait_for()
    bar.get_by_role("button", name=button).first.click()
    if submit:
        dialog = page.get_by_role("dialog")
        for label, value in answers.items():
            dialog.get_by_label(label, exact=True).fill(value)
            page.keyboard.press("Tab")
        dialog.get_by_role("button", name=submit).click()
        dialog.wait_for(state="detached")
    page.get_by_text("勾选左侧方框可批量处理").wait_for()


def mend(page):
    """Set the natural persons of （一）予以公开, the first value of the third row, from 6 to 4."""
    page.get_by_role("button", name="更正单元格…").first.click()
    dialog = page.get_by_role("dialog")
    grid = dialog.locator("canvas").first
    grid.wait_for()
    dialog.get_by_text("按原件改写有误的格").wait_for()
    box = grid.bounding_box()
    page.mouse.click(box["x"] + 40, box["y"] + 50)  # the first row's label; a scroller lies over the canvas
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("textarea.gdg-input")).to_have_value("6", timeout=PATIENCE_MS)
    page.locator("textarea.gdg-input").fill("4")
    page.keyboard.press("Enter")
    dialog.get_by_text("原识别“6”，更正为“4”").wait_for()
    dialog.get_by_role("button", name="保存更正（1 格）").click()
    dialog.get_by_text("请填写更正依据。").wait_for()
    dialog.get_by_label("更正依据（必填）").fill("原件印的是 4")
    dialog.get_by_role("button", name="保存更正（1 格）").click()
    dialog.wait_for(state="detached")


def upload(page, address):
    page.goto(f"{address}/intake")
    page.locator("input[type=file]").set_input_files(ROOT / "data" / "reports" / FAULTY)
    page.get_by_role("button", name="开始核查（1 份）").click()
    page.get_by_text("核查完成").wait_for()
    page.get_by_text("已入库 1").wait_for()
    page.get_by_role("heading", name="本批结果").wait_for()


def read_the_report(page):
    page.get_by_test_id("stSidebar").get_by_text("报告详情").click()
    page.get_by_role("heading", level=1, name="云泽县教育局").wait_for()
    expect(page.locator(".score .total b")).to_have_text("85", timeout=PATIENCE_MS)
    page.locator("[data-testid=stRadio] label", has_text="SUM-03").click()
    expect(page.locator("table.official td.lit")).to_have_count(7, timeout=PATIENCE_MS)
    page.get_by_text("全部原文").click()
    page.locator(".prose h3", has_text="一、总体情况").wait_for()


def decide(page):
    page.get_by_role("button", name="误报…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="标为误报（1 条）").click()
    dialog.get_by_text("请填写说明。").wait_for()
    dialog.get_by_label("说明（必填）").fill("总计数字已由单位书面更正")
    dialog.get_by_role("button", name="标为误报（1 条）").click()
    dialog.wait_for(state="detached")
    page.locator(".score .total b", has_text="90").wait_for()


def export(page, address):
    page.get_by_test_id("stSidebar").get_by_text("问题清单").click()
    page.get_by_role("heading", level=1, name="问题清单").wait_for()
    page.get_by_role("button", name="误报 1").click()
    page.wait_for_url(lambda url: parse_qs(urlparse(url).query).get("state") == ["false_positive"])
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 CSV（1 条）").click()
    data = download.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
