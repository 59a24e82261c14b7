"""汇总 in a real browser: a difference is picked from the list, the agency behind it is opened, both files are fetched."""

import io

import docx
import openpyxl
import pytest
from app_server import chromium, served

from gdcore import intake, samples, settings
from gdcore.store import open_store

playwright = pytest.importorskip("playwright.sync_api", reason="The browser tests need the package playwright.")
if chromium() is None:
    pytest.skip("The browser tests need chromium: install it or name it in CHROMIUM.", allow_module_level=True)

EDUCATION, COUNTY, CELL = "云泽县教育局", "云泽县人民政府", "t3.new_received.total"
PATIENCE_MS = 30_000
CHECKBOX_PX, HEADER_PX, ROW_PX = 18, 34, 30  # a grid is a canvas: its boxes are clicked by their place


def load(folder):
    """One bureau, and its county that prints 3 less in one cell and 1 more in another."""
    store = open_store(settings.load({"GDCORE_DATA": str(folder), "GDCORE_WORKERS": "1"}))
    bureau = samples.clean("dept", 2023, name=EDUCATION)
    same = bureau.cells()
    wrong = {CELL: str(int(same[CELL]) - 3), "t3.carried_in.total": str(int(same["t3.carried_in.total"]) + 1)}
    county = samples.apply(samples.clean("government", 2023, name=COUNTY), {"set": same | wrong})
    files = [("教育局.txt", samples.write(bureau, "txt")), ("县.txt", samples.write(county, "txt"))]
    intake.run_batch(store, intake.submit(store, files))
    store.close()
    return same


def pick(page, grid, row):
    """Click the box of a row of the n-th grid."""
    box = page.get_by_test_id("stDataFrame").nth(grid).bounding_box()
    page.mouse.click(box["x"] + CHECKBOX_PX, box["y"] + HEADER_PX + ROW_PX * row + ROW_PX / 2)


def fetched(page, label):
    with page.expect_download() as download:
        page.get_by_role("button", name=label).click()
    return io.BytesIO(download.value.path().read_bytes())


def test_from_a_difference_to_the_agency_behind_it(tmp_path):
    same = load(tmp_path)
    with playwright.sync_playwright() as driver, served(tmp_path) as address:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 1300}, accept_downloads=True)
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}/aggregation?year=2023")
        page.get_by_role("heading", name=f"与{COUNTY}年报不一致的 2 格").wait_for()
        playwright.expect(page.locator("td.chosen.differs")).to_have_text(same[CELL])
        page.get_by_test_id("stDataFrame").nth(1).locator("canvas").first.wait_for()
        pick(page, 0, 1)
        playwright.expect(page.locator("td.chosen.differs")).to_have_text(same["t3.carried_in.total"])
        page.wait_for_url(lambda url: "cell=t3.carried_in.total" in url)
        assert openpyxl.load_workbook(fetched(page, "XLSX"))["表三"].cell(7, 10).value == int(same[CELL])
        assert docx.Document(fetched(page, "Word")).tables[1].cell(3, 9).text == same[CELL]
        pick(page, 1, 0)
        page.get_by_role("heading", level=1, name=EDUCATION).wait_for()
        browser.close()
