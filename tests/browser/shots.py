"""Pictures of every page with the sample data, at 1440 and 1024 px, into ./screenshots: to be looked at, no test.

python tests/browser/shots.py [page …]
"""

import sys
import tempfile
from pathlib import Path

from app_server import ROOT, chromium, served
from playwright.sync_api import Page, sync_playwright

from gdcore import intake, settings
from gdcore.store import open_store

WIDTHS = (1440, 1024)
SETTLE_MS = 4000  # cold loads show skeletons
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
    "07-selfcheck": "/selfcheck",
    "08-aggregation": "/aggregation",
    "08-aggregation-proactive": "/aggregation?table=t2",
    "07-comparison-prior": "/comparison?agency=云泽县青石镇人民政府",
    "07-comparison-form": "/comparison?agency=云泽县教育局&layout=form&cells=0",
    "07-comparison-editions": "/comparison?agency=云泽县卫生健康局",
    "07-comparison-versions": "/comparison?agency=云泽县教育局&mode=versions",
    "07-comparison-alike": "/comparison?mode=alike",
    "05-publication": "/publication",
    "06-ledger": "/ledger",
    "09-catalogue": "/catalogue?rule=SUM-01",
    "09-catalogue-trial": "/catalogue?rule=REG-SD-02&profile=SD",
    "11-admin": "/admin",
}


def main(wanted: list[str]) -> None:
    """Take the pictures whose names contain one of the words, or all."""
    out = ROOT / "screenshots"
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        with served(Path(folder)) as address:
            for width in WIDTHS:
                _take(
                    browser.new_page(viewport={"width": width, "height": 900}), address, "10-welcome", "/", width, out
                )
        load(Path(folder))
        with served(Path(folder)) as address:
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": 900})
                for name, path in PAGES.items():
                    if not wanted or any(word in name for word in wanted):
                        _take(page, address, name, path, width, out)
        browser.close()


def load(folder: Path) -> None:
    """The shipped sample reports into a desk of its own."""
    store = open_store(settings.load({"GDCORE_DATA": str(folder)}))
    files = sorted(p for p in (ROOT / "data" / "reports").glob("*") if p.suffix != ".json")
    intake.run_batch(store, intake.submit(store, [(p.name, p.read_bytes()) for p in files], sample=True))
    store.close()


def _take(page: Page, address: str, name: str, path: str, width: int, out: Path) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + path)
    page.wait_for_timeout(SETTLE_MS)
    height = page.evaluate("document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 900")
    page.set_viewport_size({"width": width, "height": min(max(height, 900), HIGHEST_PX)})
    page.wait_for_timeout(1000)
    page.screenshot(path=out / f"{name}-{width}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
