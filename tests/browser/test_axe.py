"""No page, in any of its main states, has a serious or critical fault that axe-core finds and that is ours to mend."""

import fnmatch

import pytest
from app_server import chromium, served, settled
from sampled import load

from gdcore.ui.shell import ENTRIES

playwright = pytest.importorskip("playwright.sync_api", reason="The browser tests need the package playwright.")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="They need axe-playwright-python.")
if chromium() is None:
    pytest.skip("The browser tests need chromium: install it or name it in CHROMIUM.", allow_module_level=True)

WIDTHS = (1024, 390)
GRAVE = ("serious", "critical")
OPTIONS = {"resultTypes": ["violations"]}
AGENCY = "agency=云泽县教育局"
STATES = {
    "report a finding chosen": f"/report?{AGENCY}&view=all",
    "report printed page": "/report?agency=云泽县东关街道办事处&view=page",
    "report missing": "/report?agency=云泽县气象局",
    "findings none": "/findings?q=没有这样的字句",
    "ledger overdue": "/ledger?due=overdue",
    "comparison versions": f"/comparison?{AGENCY}&mode=versions",
    "comparison form": f"/comparison?{AGENCY}&layout=form&cells=0",
    "comparison alike": "/comparison?mode=alike",
    "aggregation proactive": "/aggregation?table=t2",
    "catalogue trial": "/catalogue?rule=REG-SD-02&profile=SD",
}
PLACES = {entry.key: f"/{entry.key}" for entry in ENTRIES} | STATES
# The page → the button that opens a dialog on it.
DIALOGS = {
    "/overview": "通报草稿…",
    f"/report?{AGENCY}": "误报…",
    f"/report?{AGENCY}&view=t3": "更正单元格…",
    "/findings": "生成通知…",
}
# What streamlit draws and no page can change: rule → targets (patterns of selectors), each with the reason.
STREAMLIT: dict[str, dict[str, str]] = {}


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("axe")
    load(folder)
    with served(folder) as started:
        yield started


@pytest.fixture(scope="module", params=WIDTHS)
def page(browser, request):
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("place", PLACES)
def test_a_page_has_no_grave_fault(place, page, address):
    page.goto(address + PLACES[place])
    settled(page)
    assert grave(page) == []


@pytest.mark.parametrize("place", DIALOGS)
def test_a_dialog_has_no_grave_fault(place, page, address):
    page.goto(address + place)
    settled(page)
    page.get_by_role("button", name=DIALOGS[place]).first.click()
    page.get_by_role("dialog").wait_for()
    settled(page)
    assert grave(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_an_empty_desk_has_no_grave_fault(width, browser, tmp_path):
    opened = browser.new_page(viewport={"width": width, "height": 900})
    with served(tmp_path) as address:
        opened.goto(address)
        settled(opened)
        assert grave(opened) == []
    opened.close()


def grave(page):
    """What axe finds that is grave and not streamlit's: rule, target, what is there."""
    found = axe.Axe().run(page, options=OPTIONS).response["violations"]
    return [
        (fault["id"], " ".join(map(str, node["target"])), node["html"][:200], node.get("failureSummary", "")[:200])
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
        if not excused(fault["id"], " ".join(map(str, node["target"])))
    ]


def excused(rule, target):
    """Whether streamlit causes it."""
    return any(fnmatch.fnmatchcase(target, pattern) for pattern in STREAMLIT.get(rule, {}))
