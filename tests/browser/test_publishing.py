"""公开复核 in a real browser: sites are allowed, a round runs while another page is open, and what agrees is registered."""

from datetime import date

import pytest
from app_server import chromium, served

from gdcore import gate
from gdcore import roster as files
from gdcore.store import queries, roster
from tests import desk, website

playwright = pytest.importorskip("playwright.sync_api", reason="The browser tests need the package playwright.")
if chromium() is None:
    pytest.skip("The browser tests need chromium: install it or name it in CHROMIUM.", allow_module_level=True)

PATIENCE_MS = 60_000


@pytest.fixture
def page():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page()
        browser.close()


@pytest.fixture
def desk_with_site(tmp_path):
    """A desk with two reports that passed, whose addresses in the roster lead to a site on loopback."""
    store = desk.open_desk(tmp_path)
    with website.running() as site:
        site.pages["/east.html"] = desk.report(fmt="html")
        site.pages["/bay.html"] = desk.report(desk.BAY, kind="township", fmt="html", set={"t3.carried_in.total": "9"})
        desk.take(store, ("东.txt", desk.report()), ("湾.txt", desk.report(desk.BAY, kind="township")))
        queries.move_filings(store, [desk.EAST, desk.BAY], 2023, "approved", "周岚")
        lines = f"单位名称,公开网址\n{desk.EAST},{site.url('/east.html')}\n{desk.BAY},{site.url('/bay.html')}\n"
        roster.take(store, files.parse(lines.encode(), "名录.csv").entries)
        (tmp_path / gate.FILE_NAME).write_text('private = ["127.0.0.1"]\npause = 0.5\n', "utf-8")
        yield store
    store.close()


def test_from_the_address_to_the_registration(page, desk_with_site, tmp_path):
    with served(tmp_path) as address:
        page.goto(f"{address}/publication?year=2023&agency={desk.EAST}")
        allow(page)
        page.get_by_role("button", name="开始核对（2 个网址）").click()
        page.get_by_text("正在核对 2023 年度的 2 个网址").wait_for()
        page.get_by_test_id("stSidebar").get_by_text("问题清单").click()
        page.get_by_role("heading", level=1, name="问题清单").wait_for()
        page.goto(f"{address}/publication?year=2023&agency={desk.EAST}")
        page.get_by_text("核对完成：2023 年度，已核对 2 个，共 2 个网址").wait_for()
        page.locator("p.lead", has_text="与审定稿一致").wait_for()
        register(page)
        page.goto(f"{address}/publication?year=2023&agency={desk.BAY}")
        page.locator("table.list td", has_text="表三").first.wait_for()
        page.locator("table.list td", has_text="9").first.wait_for()
    row = queries.filing(desk_with_site, desk.EAST, 2023)
    assert (row.state, row.published_on) == ("rechecked", date(2024, 1, 20))
    assert queries.filing(desk_with_site, desk.BAY, 2023).state == "approved"


def allow(page):
    page.get_by_role("button", name="允许访问…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("2 个网址").wait_for()
    dialog.get_by_role("button", name="允许这 1 个网站").click()
    dialog.wait_for(state="detached")


def register(page):
    page.get_by_role("button", name="登记公开…", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="登记 1 家").click()
    dialog.wait_for(state="detached")
    page.get_by_text("2024-01-20 公开（公开后复核）").wait_for()
