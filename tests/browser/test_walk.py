"""A walk through the app in a real browser: upload, score, finding, decision, filter, export; and the cold deep link."""

import csv
import io
from urllib.parse import parse_qs, urlparse

import pytest
from app_server import ROOT, chromium, served

playwright = pytest.importorskip("playwright.sync_api", reason="The browser tests need the package playwright.")
if chromium() is None:
    pytest.skip("The browser tests need chromium: install it or name it in CHROMIUM.", allow_module_level=True)

expect = playwright.expect

FAULTY = "云泽县教育局2025年政府信息公开工作年度报告.html"
PATIENCE_MS = 30_000


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
        assert navigation(page) == ["总览", "上传核查", "单位", "报告详情", "问题清单", "公开复核", "规则目录", "管理"]
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
