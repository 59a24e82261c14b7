"""Office mode in a real browser, with an identity provider on loopback: who comes in, what they see, how it ends."""

import counties
import oidc_provider_mock
import pytest
from app_server import chromium, served, settled
from counties import FOREIGN, OWN, YEAR
from oidc_provider_mock import User
from test_axe import grave

from gdcore.roles import Role
from gdcore.store import audit, people

playwright = pytest.importorskip("playwright.sync_api", reason="The browser tests need the package playwright.")
if chromium() is None:
    pytest.skip("The browser tests need chromium: install it or name it in CHROMIUM.", allow_module_level=True)

PATIENCE_MS = 60_000
IDLE_SECONDS = 12  # longer than a slow machine needs to draw a page
REVIEWER, CHIEF, STRANGER = "reviewer", "chief", "stranger"
REBOUND = "--host-resolver-rules=MAP rebound.example 127.0.0.1"
REPORT = f"report?year={YEAR}&agency="


@pytest.fixture(scope="module")
def provider():
    users = [User(sub=s, claims={"email": f"{s}@city.example", "name": s}) for s in (REVIEWER, CHIEF, STRANGER)]
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = counties.filled(tmp_path_factory.mktemp("office"))
    people.invite(opened, "命令行", "周岚", f"{REVIEWER}@city.example", Role.REVIEWER, "Y")
    people.invite(opened, "命令行", "总管", f"{CHIEF}@city.example", Role.ADMIN)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", REBOUND])
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def secrets(provider):
    return lambda address: (
        f"""[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "{"0123456789abcdef" * 4}"
client_id = "desk"
client_secret = "secret"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""
    )


def office(store, provider, **environment):
    return served(store.settings.data, secrets(provider), GDCORE_MODE="office", **environment)


def sign_in(page, who):
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name=who).click()


def test_two_people_each_with_what_is_theirs(page, browser, store, provider):
    with office(store, provider) as address:
        page.goto(f"{address}/{REPORT}Y0")
        page.get_by_text("请用本单位的账号登录").wait_for()
        assert OWN not in page.content()
        settled(page)
        assert grave(page) == []
        sign_in(page, REVIEWER)
        # the way led over the provider and back to the link that was opened
        page.get_by_role("heading", level=1, name=f"{OWN}教育局").wait_for()
        sidebar = page.get_by_test_id("stSidebar")
        sidebar.get_by_text("周岚 · 初审").wait_for()
        sidebar.get_by_text("范围：云泽县人民政府").wait_for()
        assert sidebar.get_by_text("管理", exact=True).count() == 0

        page.goto(f"{address}/{REPORT}L0")
        page.get_by_text("找不到这份报告").wait_for()
        settled(page)
        assert FOREIGN not in page.content()
        page.goto(f"{address}/admin")
        page.get_by_text("不能打开这一页").wait_for()

        other = browser.new_context().new_page()
        other.goto(f"{address}/{REPORT}L0")
        sign_in(other, CHIEF)
        other.get_by_role("heading", level=1, name=f"{FOREIGN}教育局").wait_for(timeout=PATIENCE_MS)
        other.context.close()

        taken_away(page, store, address)
        signed_out(page, address)
        stranger(page, address)
    names = [(row.actor, row.action) for row in audit.entries(store) if row.action.startswith("sign_")]
    assert names[:3] == [("周岚", "sign_in"), ("总管", "sign_in"), ("周岚", "sign_out")]


def taken_away(page, store, address):
    """A role that is taken away works on the page that lies open, with nobody touching it."""
    page.goto(f"{address}/intake")
    page.get_by_role("heading", level=1, name="上传核查").wait_for()
    number = people.by_email(store, f"{REVIEWER}@city.example").number
    people.change(store, "命令行", number, role=Role.VIEWER)
    page.get_by_text("不能打开这一页").wait_for(timeout=60_000)


def signed_out(page, address):
    """Signing out ends it for a cookie that was kept, too."""
    page.goto(f"{address}/overview?year={YEAR}")
    page.get_by_role("heading", level=1, name="总览").wait_for()
    kept = page.context.cookies()
    page.get_by_test_id("stSidebar").get_by_role("button", name="退出").click()
    page.get_by_role("heading", level=1, name="End Session").wait_for()
    page.context.add_cookies(kept)
    page.goto(f"{address}/overview?year={YEAR}")
    page.get_by_text("您已经退出。请重新登录。").wait_for()
    settled(page)
    assert OWN not in page.content()
    page.context.clear_cookies()


def stranger(page, address):
    page.goto(address)
    sign_in(page, STRANGER)
    page.get_by_text("这个账号还没有登记。请联系本单位的系统管理员。").wait_for()
    settled(page)
    assert OWN not in page.content()


def test_a_page_that_nobody_touches_closes(page, store, provider):
    with office(store, provider, GDCORE_IDLE_SECONDS=str(IDLE_SECONDS)) as address:
        page.goto(f"{address}/overview?year={YEAR}")
        sign_in(page, CHIEF)
        page.get_by_role("heading", level=1, name="总览").wait_for()
        page.get_by_text(f"已有 {IDLE_SECONDS} 秒没有操作，登录已结束。请重新登录。").wait_for()
        settled(page)
        assert FOREIGN not in page.content()
        page.reload()
        page.get_by_text("登录已结束").wait_for()
        sign_in(page, CHIEF)
        page.get_by_role("heading", level=1, name="总览").wait_for()


def test_a_local_desk_opens_on_its_machine_alone(browser, store):
    with served(store.settings.data) as address:
        elsewhere = address.replace("127.0.0.1", "rebound.example")
        for url, headers, told in (
            (elsewhere, {}, "这次访问用的是 rebound.example"),
            (f"{elsewhere}/{REPORT}Y0", {}, "这次访问用的是 rebound.example"),
            (f"{address}/{REPORT}Y0", {"X-Forwarded-For": "10.0.0.7"}, "这次访问来自 10.0.0.7"),
        ):
            page = browser.new_context(extra_http_headers=headers).new_page()
            page.goto(url)
            page.get_by_text(told).wait_for(timeout=PATIENCE_MS)
            settled(page)
            assert OWN not in page.content()
            assert page.get_by_role("button").count() == 0
            page.context.close()
