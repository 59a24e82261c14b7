"""An office worker before the browser: what a person does on the pages, in the words that the pages show."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

PATIENCE_MS, BATCH_MS = 60_000, 300_000
CHECKBOX_PX, HEADER_PX = 18, 34  # a grid is a canvas: its boxes are clicked by their place


class Office:
    """A browser page on the desk at `address`, looking at one year."""

    def __init__(self, page: Page, address: str, year: int) -> None:
        self.page, self.address, self.year = page, address, year

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    @property
    def main(self) -> Locator:
        """The page beside its sidebar."""
        return self.page.get_by_test_id("stMain")

    def open(self, path: str, title: str, **parameters: object) -> None:
        """Open a page by its address, as from a link in a mail."""
        self.page.goto(f"{self.address}/{path}?{urlencode({'year': self.year} | parameters)}")
        self.page.get_by_role("heading", level=1, name=title).wait_for()

    def sees(self, words: str) -> None:
        """Until the page says so."""
        expect(self.main.get_by_text(words, exact=True).first).to_be_visible(timeout=PATIENCE_MS)

    def figure(self, label: str, value: str) -> None:
        """Until a figure of the page has this value."""
        metric = self.page.get_by_test_id("stMetric").filter(has=self.page.get_by_text(label, exact=True))
        expect(metric.get_by_test_id("stMetricValue")).to_have_text(value, timeout=PATIENCE_MS)

    def sit_down(self, name: str) -> None:
        """Another person takes the desk."""
        self.page.get_by_test_id("stSidebar").get_by_role("button", name="经办人：").click()
        field = self.page.get_by_label("经办人姓名")
        field.fill(name)
        field.press("Enter")
        expect(self.page.get_by_role("button", name=f"经办人：{name}")).to_be_visible(timeout=PATIENCE_MS)
        self.page.keyboard.press("Escape")
        field.wait_for(state="hidden")

    # --- files --------------------------------------------------------------------------------------------------------

    def upload(self, name: str, data: bytes, count: int) -> None:
        """Drop a file on 上传核查 and wait until the reports in it were gone through."""
        self.open("intake", "上传核查")
        kind = "application/zip"
        self.page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})
        self.page.get_by_role("button", name="开始核查（1 份）").click()
        self.page.get_by_text(f"核查完成 {count} 份").wait_for(timeout=BATCH_MS)
        for told in (f"已入库 {count}", "待确认 0", "未接收 0"):
            self.sees(told)

    def fetch(self, label: str | re.Pattern[str], within: Locator | None = None) -> io.BytesIO:
        """Download what a button offers."""
        with self.page.expect_download() as download:
            (within or self.page).get_by_role("button", name=label).click()
        return io.BytesIO(download.value.path().read_bytes())

    def button(self, label: str) -> Locator:
        """A button of the page; its name has the icon's before it, and the key that it answers to behind."""
        return self.main.get_by_role("button", name=label)

    # --- findings -----------------------------------------------------------------------------------------------------

    def tick_all(self, count: int) -> None:
        """Tick the box in the head of the grid, which takes all its rows."""
        grid = self.page.get_by_test_id("stDataFrame").first
        grid.locator("canvas").first.wait_for()
        grid.scroll_into_view_if_needed()
        box: Any = grid.bounding_box()
        self.page.mouse.click(box["x"] + CHECKBOX_PX, box["y"] + HEADER_PX / 2)
        expect(self.page.get_by_text(f"已选 {count} 条")).to_be_visible(timeout=PATIENCE_MS)

    def begin(self, label: str) -> Locator:
        """Press a button that opens a dialog, in the menu where it is not among the first."""
        button = self.button(label)
        more = self.main.locator("[class*='_bulk'] [class*='_more'] button")
        expect(button.or_(more).first).to_be_visible(timeout=PATIENCE_MS)
        if button.count():
            button.click()
        else:
            more.click()
            self.page.get_by_text(label, exact=True).click()
        self.dialog.wait_for()
        return self.dialog

    def submit(self, label: str) -> None:
        """Answered: press the button of the dialog, which closes when all went well."""
        self.dialog.get_by_role("button", name=label, exact=True).click()
        self.dialog.wait_for(state="detached")
