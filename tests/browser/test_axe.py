"""No page, in any of its main states, has a serious or critical fault that axe-core finds and that is ours to mend."""

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


def test_a_fault_that_is_put_in_is_found(page, address):
    page.goto(address)
    settled(page)
    page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<p style=color:#ddd>几乎看不见</p><img src=x>')"
    )
    assert {rule for rule, *_ in grave(page)} == {"color-contrast", "image-alt"}


@pytest.mark.parametrize("width", WIDTHS)
def test_an_empty_desk_has_no_grave_fault(width, browser, tmp_path):
    opened = browser.new_page(viewport={"width": width, "height": 900})
    with served(tmp_path) as address:
        opened.goto(address)
        settled(opened)
        assert grave(opened) == []
    opened.close()


def grave(page):
    """What axe finds that is grave: rule, target, what is there. Streamlit's own widgets are looked at too: none is excused."""
    answer = axe.Axe().run(page).response
    return [
        (fault["id"], fault["impact"], node["target"], node["html"])
        for fault in answer["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]
