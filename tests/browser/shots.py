"""Pictures of every page and its dialogs with the sample data, at three widths, into ./screenshots: to be looked at, no test.

python tests/browser/shots.py [page …]
"""

import sys
import tempfile
from pathlib import Path

from app_server import ROOT, chromium, served, settled
from playwright.sync_api import Page, sync_playwright
from sampled import load

WIDTHS = (1440, 1024, 390)
HIGHEST_PX = 2400
PAGES = {
    "01-overview": "/",
    "02-intake": "/intake",
    "03-agencies": "/agencies",
    "03-agencies-buckets": "/agencies?cols=buckets",
    "04-report-table": "/report?agency=云泽县教育局",
    "04-report-old-edition": "/report?agency=云泽县卫生健康局",
    "04-report-prose": "/report?agency=云泽县东关街道办事处",
    "04-report-page": "/report?agency=云泽县东关街道办事处&view=page",
    "04-report-missing": "/report?agency=云泽县气象局",
    "05-findings": "/findings",
    "05-findings-none": "/findings?q=没有这样的字句",
    "06-ledger": "/ledger",
    "06-ledger-overdue": "/ledger?due=overdue",
    "07-selfcheck": "/selfcheck",
    "08-aggregation": "/aggregation",
    "08-aggregation-proactive": "/aggregation?table=t2",
    "07-comparison-prior": "/comparison?agency=云泽县青石镇人民政府",
    "07-comparison-form": "/comparison?agency=云泽县教育局&layout=form&cells=0",
    "07-comparison-editions": "/comparison?agency=云泽县卫生健康局",
    "07-comparison-versions": "/comparison?agency=云泽县教育局&mode=versions",
    "07-comparison-alike": "/comparison?mode=alike",
    "05-publication": "/publication",
    "09-catalogue": "/catalogue?rule=SUM-01",
    "09-catalogue-trial": "/catalogue?rule=REG-SD-02&profile=SD",
    "11-admin": "/admin",
}
# Name of the page → the button that opens a dialog on it.
DIALOGS = {
    "01-overview": "通报草稿…",
    "04-report-table": "误报…",
    "05-findings": "生成通知…",
}


def main(wanted: list[str]) -> None:
    """Take the pictures whose names contain one of the words, or all."""
    out = ROOT / "screenshots"
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        with served(Path(folder)) as address:
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": 900})
                _take(page, address, "10-welcome", "/", width, out)
        load(Path(folder))
        with served(Path(folder)) as address:
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": 900})
                for name, path in PAGES.items():
                    if not wanted or any(word in name for word in wanted):
                        _take(page, address, name, path, width, out)
                        _dialog(page, name, width, out)
        browser.close()


def _take(page: Page, address: str, name: str, path: str, width: int, out: Path) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + path)
    settled(page)
    height = page.evaluate("document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 900")
    page.set_viewport_size({"width": width, "height": min(max(height, 900), HIGHEST_PX)})
    page.wait_for_timeout(700)
    page.screenshot(path=out / f"{name}-{width}.png")


def _dialog(page: Page, name: str, width: int, out: Path) -> None:
    """The dialog that a button of the page opens, where one is named."""
    if label := DIALOGS.get(name):
        page.get_by_role("button", name=label).first.click()
        page.get_by_role("dialog").wait_for()
        settled(page)
        page.screenshot(path=out / f"{name}-dialog-{width}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
