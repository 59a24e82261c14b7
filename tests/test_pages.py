"""Every page, alone and through app.py, on an empty desk and on one with reports; what the address bar says, holds."""

import re
import time
from datetime import date

import desk
import pytest
import website
from showing import ROOT, SECONDS, alone, routed, words
from streamlit.testing.v1 import AppTest

from gdcore import correcting, gate, intake, looking, rounds, wording, worker
from gdcore.mending import CellMend
from gdcore.publication import Difference, Kind, Outcome
from gdcore.store import originals, publication_rows, queries
from gdcore.store.engine import now
from gdcore.store.mends import Word
from gdcore.store.rows import FindingFilter
from gdcore.ui import published, query, today

PAGES = {
    "overview": "总览",
    "intake": "上传核查",
    "agencies": "单位",
    "report": "报告详情",
    "findings": "问题清单",
    "ledger": "整改台账",
    "selfcheck": "自查",
    "aggregation": "汇总",
    "comparison": "比对",
    "publication": "公开复核",
    "catalogue": "规则目录",
    "admin": "管理",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A desk with a faulty report in text, a clean one in PDF, a file without a name and one that is no report."""
    folder = tmp_path_factory.mktemp("filled")
    store = desk.open_desk(folder)
    faulty = desk.unbalanced().decode().replace("政府信息公开", "政府信息公开 :red[*x*] <b>y</b>", 1).encode()
    desk.take(
        store,
        ("东关.txt", faulty),
        ("白鹭湾.pdf", desk.report(desk.BAY, fmt="pdf", kind="township", replace={"业务培训": "培训"})),
        ("扫描件.txt", desk.report(replace={desk.EAST: "本机关"})),
        ("通知.txt", "关于召开会议的通知\n请各单位参加。".encode()),
    )
    store.close()
    return folder


@pytest.fixture
def empty_desk(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    return tmp_path


@pytest.fixture
def full_desk(filled, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(filled))
    query.refresh()
    return filled


# --- each page opens --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("open_it", [alone, routed])
@pytest.mark.parametrize("page", PAGES)
def test_pages_open_on_an_empty_desk(page, open_it, empty_desk):
    app = open_it(page)
    assert app.title[0].value == PAGES[page]


@pytest.mark.parametrize("open_it", [alone, routed])
@pytest.mark.parametrize("page", PAGES)
def test_pages_open_on_a_desk_with_reports(page, open_it, full_desk):
    app = open_it(page)
    assert app.title[0].value == (PAGES[page] if page != "report" else desk.EAST)
    assert app.selectbox(key="shell_year").value == 2023


def test_an_empty_desk_says_how_to_begin(empty_desk):
    app = alone("overview")
    assert [b.label for b in app.button] == ["上传报告", "载入示例数据（虚构单位）"]


def test_sample_data_are_loaded_and_cleared_from_the_overview(empty_desk, monkeypatch):
    monkeypatch.setattr(worker, "ensure", lambda settings: intake.run_unfinished(query.store(), workers=1))
    app = routed("overview")
    app.button(key="overview_samples").click().run(timeout=180)
    assert not app.error, [e.value for e in app.error]
    assert queries.has_samples(query.store())
    app = routed("overview")
    app.button(key="overview_clear").click().run()
    assert queries.is_empty(query.store())
    assert "想先看看？" in words(app)


def test_a_desk_with_nothing_but_a_waiting_file_opens(empty_desk):
    store = desk.open_desk(empty_desk)
    desk.take(store, ("扫描件.txt", desk.report(replace={desk.EAST: "本机关"})))
    store.close()
    for page in PAGES:
        alone(page)
    assert "1 份文件待确认单位或年度" in [link.proto.label for link in alone("overview").get("page_link")]


def test_a_long_matrix_comes_in_pages(full_desk, monkeypatch):
    monkeypatch.setattr(today, "_PAGE_ROWS", 1)
    pages = (alone("overview", show="all", page=number) for number in ("1", "2"))
    shown = [list(page.dataframe[0].value["单位"]) for page in pages]
    assert sorted(len(names) for names in shown) == [1, 1]
    assert shown[0] != shown[1]
    row = query.matrix_row(desk.EAST, 2023)
    assert row in query.matrix(2023)


# --- what is read is shown, and shown as it is ------------------------------------------------------------------------


def test_report_text_is_never_markup(full_desk):
    app = alone("report", agency=desk.EAST, view="all")
    assert "&lt;b&gt;y&lt;/b&gt;" in words(app)
    assert "<b>y</b>" not in words(app)
    assert all(":red[" not in o for o in app.radio(key="report_finding").options if "badge" not in o)


def test_a_report_shows_its_score_its_findings_and_the_lit_cells(full_desk):
    app = alone("report", agency=desk.EAST)
    labels = app.radio(key="report_finding").options
    sums = next(row for row in found(rules=("SUM-03",)))
    assert any("**SUM\\-03**" in label for label in labels)
    app = alone("report", agency=desk.EAST, finding=sums.fingerprint)
    assert app.radio(key="report_finding").value == sums.fingerprint
    assert re.search(r'<td class="lit [^"]*">77</td>', words(app))
    assert "缺：报告中没有这一部分" in words(alone("report", agency=desk.EAST, view="all"))


def test_a_pdf_can_be_seen_as_a_page(full_desk):
    app = alone("report", agency=desk.BAY, view="page")
    assert app.get("image")
    assert any("原页" in choice.options for choice in app.segmented_control)


def test_a_link_that_leads_nowhere_says_so(full_desk):
    assert "找不到这份报告，可能已被替换或删除。" in words(alone("report", agency="没有这家"))


def test_files_that_wait_or_were_refused_are_told_with_reason_and_remedy(full_desk):
    app = alone("intake")
    assert {"请确认识别结果", "未能接收", "本批结果"} <= {h.value for h in app.header}
    assert "通知.txt" in words(app)


# --- the address bar --------------------------------------------------------------------------------------------------


def found(**filters):
    return list(queries.iter_findings(query.store(), FindingFilter(year=2023, **filters)))


@pytest.mark.parametrize(
    ("address", "filters"),
    [
        ({}, {}),
        ({"sev": "error"}, {"severities": ("error",)}),
        ({"sev": "info,warning"}, {"severities": ("info", "warning")}),
        ({"rule": "SUM-03"}, {"rules": ("SUM-03",)}),
        ({"agency": desk.BAY}, {"agencies": (desk.BAY,)}),
        ({"bucket": "sums"}, {"bucket": "sums"}),
        ({"state": "confirmed"}, {"states": ("confirmed",)}),
        ({"rule": "NO-99"}, {}),
    ],
)
def test_the_address_filters_the_findings(address, filters, full_desk):
    app = routed("findings", **address)
    count = len(found(**filters))
    assert f"<b>{count} 条</b>" in words(app)
    assert [len(d.value) for d in app.dataframe] == ([count] if count else [])


def test_a_choice_goes_into_the_address_as_a_code(full_desk):
    app = alone("findings", page="1")
    app.pills(key="findings_sev").select("error").run()
    assert app.query_params["sev"] in ("error", ["error"])
    assert "page" not in app.query_params


def test_no_result_offers_to_clear_the_conditions(full_desk):
    app = alone("findings", q="没有这样的字句")
    assert "没有符合条件的问题。" in words(app)
    app.button(key="findings_reset").click().run()
    assert len(app.dataframe[0].value) == len(found())


def test_agencies_are_filtered_by_the_issues_found(full_desk):
    app = alone("agencies", rule="SUM-03,STR-06", match="all")
    assert len(app.dataframe[0].value) == 1
    assert "<b>1 家</b>" in words(app)


def test_the_year_is_in_the_address(full_desk):
    assert routed("agencies", year="2023").selectbox(key="shell_year").value == 2023
    assert "未报 2 家" in words(routed("agencies", year=str(query.due_year())))


def test_the_catalogue_opens_the_rule_asked_for(full_desk):
    app = alone("catalogue", rule="SUM-01")
    assert "申请办理勾稽关系不成立" in words(app)
    assert app.dataframe[0].value["规则"].iloc[0] == "SUM-01"


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_a_finding_is_confirmed_and_taken_back(full_desk):
    row = next(r for r in found() if r.state == "pending")
    app = alone("report", agency=row.agency_key, finding=row.fingerprint)
    app.button(key="report_confirmed").click().run()
    assert state(row.fingerprint) == "confirmed"
    app.button(key="report_pending").click().run()
    assert state(row.fingerprint) == "pending"


def test_a_dismissal_asks_for_the_reason(full_desk):
    row = next(r for r in found() if r.state == "pending")
    app = alone("report", agency=row.agency_key, finding=row.fingerprint)
    app.button(key="report_false_positive").click().run()
    assert "将 1 条标为误报。" in words(app)  # the dialog itself is walked through in browser/test_walk.py
    assert state(row.fingerprint) == "pending"


def state(fingerprint):
    return next(r.state for r in found() if r.fingerprint == fingerprint)


# --- mending a reading ------------------------------------------------------------------------------------------------

CELL = "t3.carried_out.natural_person"


@pytest.fixture
def mended(tmp_path, monkeypatch):
    """A desk with one report of which a cell was corrected."""
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    store = query.store()
    desk.take(store, ("东关.txt", desk.report(set={CELL: "77"})))
    report_id = queries.report_view(store, agency_key=desk.EAST, year=2023).report_id
    correcting.mend(store, report_id, [CellMend(CELL, "78")], Word("周岚", "原件印的是 78"))
    query.refresh()
    return report_id


def test_a_corrected_cell_is_marked_with_both_values_wherever_it_is_shown(mended):
    app = alone("report", agency=desk.EAST, view="tables")
    assert re.search(
        r'<td class="lit mended num" title="原识别“77”，更正为“78”">78<small>原77</small></td>', words(app)
    )
    assert "人工更正，下为原识别结果" in words(app)
    assert [e.label for e in app.expander if "人工更正" in e.label] == ["人工更正 1 处"]
    assert "周岚 · 原件印的是 78" in words(app)
    (row,) = found(rules=("SUM-03",))
    assert "原识别“77”，更正为“78”" in row.finding.message
    assert "<small>原77</small>" in words(alone("report", agency=desk.EAST, view="all"))


def test_a_correction_is_taken_back(mended):
    app = alone("report", agency=desk.EAST, view="tables")
    next(b for b in app.button if b.key.startswith("report_unmend_")).click().run()
    assert not app.error, [e.value for e in app.error]
    assert "mended num" not in words(app)
    assert [e.label for e in app.expander if "人工更正" in e.label] == ["人工更正（均已撤销或属于其他版本）"]
    assert queries.report_view(query.store(), mended).report.cells()[CELL].raw == "77"


@pytest.mark.parametrize("key", ["report_mend", "report_assign", "report_mend_t3"])
def test_the_dialogs_of_mending_open(key, mended):
    app = alone("report", agency=desk.EAST, view="tables")
    app.button(key=key).click().run()
    assert not app.exception, app.exception
    assert "更正依据（必填）" in [t.label for t in app.text_input]


def test_an_older_version_is_not_mended(mended):
    desk.take(query.store(), ("新.txt", desk.report(set={CELL: "77"}, replace={"业务培训": "培训"})))
    query.refresh()
    old = alone("report", agency=desk.EAST, view="tables", version="1")
    assert not [b.key for b in old.button if "mend" in b.key or "assign" in b.key]
    new = alone("report", agency=desk.EAST, view="tables")
    assert "（第 1 版文件的更正，不适用于本版）" in words(new)
    assert "mended num" not in words(new)


# --- switching rules --------------------------------------------------------------------------------------------------


@pytest.fixture
def own_desk(tmp_path, monkeypatch):
    """A desk of its own, since switches are written beside its store."""
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    store = desk.open_desk(tmp_path)
    desk.take(store, ("东关.txt", desk.unbalanced()))
    store.close()
    query.refresh()
    return tmp_path


def test_a_rule_is_switched_off_only_after_a_trial(own_desk):
    app = alone("catalogue", rule="STR-06")
    app.toggle(key="catalogue_on_STR-06_national_0").set_value(False).run()
    assert "停用 STR-06" in words(app)
    assert app.button(key="catalogue_enforce").disabled
    before = len(list(queries.iter_findings(query.store(), FindingFilter(year=2023, rules=("STR-06",)))))
    app.button(key="catalogue_try").click().run()
    assert before == 1
    assert len(list(queries.iter_findings(query.store(), FindingFilter(year=2023, rules=("STR-06",))))) == 1
    assert "1 份报告中 1 份的结果会改变。" in words(app)
    app.button(key="catalogue_enforce").click().run()
    assert not app.error
    assert list(queries.iter_findings(query.store(), FindingFilter(year=2023, rules=("STR-06",)))) == []
    assert (own_desk / "profiles" / "national.switches.toml").is_file()
    assert not alone("catalogue", rule="STR-06").toggle(key="catalogue_on_STR-06_national_0").value


def test_a_switch_put_back_waits_no_longer(own_desk):
    app = alone("catalogue", rule="STR-06")
    app.toggle(key="catalogue_on_STR-06_national_0").set_value(False).run()
    app.toggle(key="catalogue_on_STR-06_national_0").set_value(True).run()
    assert "未生效" not in words(app)


def test_another_profile_can_be_tried(own_desk):
    app = alone("catalogue", profile="SD")
    assert "改用“山东省”方案" in words(app)
    app.button(key="catalogue_try").click().run()
    assert "1 份报告的结果都不会改变。" in words(app)  # it has no section 六, of which the profile asks more
    app.button(key="catalogue_drop").click().run()
    assert "未生效" not in words(app)


# --- the roster -------------------------------------------------------------------------------------------------------


def test_a_roster_is_shown_before_it_is_taken(own_desk):
    app = alone("admin")
    text = f"单位名称,类型\n{desk.EAST},街道\n云泽县水务局,局\n"
    app.file_uploader(key="admin_file_0").upload("名录.csv", text.encode(), "text/csv").run()
    assert "第 3 行：类型“局”不认识" in app.error[0].value
    assert app.button(key="admin_take").label == "导入 1 家（跳过有误的 1 行）"
    assert [row.source for row in queries.roster(query.store())] == ["report"]
    app.button(key="admin_take").click().run()
    assert [row.source for row in queries.roster(query.store())] == ["roster"]


# --- what was published -----------------------------------------------------------------------------------------------

URL = "http://www.yunze.example/a.html"


@pytest.fixture
def passed(tmp_path, monkeypatch):
    """A desk with three reports that passed: one published with another figure, one as it passed, one not looked at."""
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    store = desk.open_desk(tmp_path)
    files = ((desk.EAST, "subdistrict"), (desk.BAY, "township"), ("云泽县教育局", "dept"))
    desk.take(store, *((f"{name}.txt", desk.report(name, kind=kind)) for name, kind in files))
    queries.move_filings(store, [name for name, _ in files], 2023, "approved", "周岚")
    differs = Difference(Kind.FIGURE, CELL, "1", "<b>7</b>", "表三……", True)
    day = date(2024, 1, 20)
    add = publication_rows.add_look
    digest = originals.keep(store.settings, b"<html><body>x</body></html>")
    add(store, desk.EAST, 2023, URL, Outcome.DIFFERS, "数字不同 1 处", "周岚", [differs], day, digest, 1)
    add(store, desk.BAY, 2023, f"{URL}?2", Outcome.SAME, "与审定稿一致", "周岚", (), day, digest, 1)
    store.close()
    query.refresh()
    yield tmp_path
    rounds.stop(query.store().settings)
    rounds._rounds.clear()


def test_what_was_published_is_listed_gravest_first(passed):
    app = routed("publication")
    grid = app.dataframe[0].value
    assert list(grid["单位"]) == ["东关街道办事处", "白鹭湾镇人民政府", "教育局"]
    assert list(grid["结果"]) == ["● 内容不同", "✓ 一致", "尚未核对"]
    assert [list(chips) for chips in grid["差异"]] == [["数字不同"], [], []]
    assert "3 家</b> 已审定，显示 <b>3 家" in words(app)
    assert "1 家没有公开网址" in words(app)


def test_of_many_that_passed_a_page_is_listed(passed, monkeypatch):
    monkeypatch.setattr(query, "MANY", 2)
    monkeypatch.setattr(published, "_PAGE_ROWS", 1)
    pages = {"": "东关街道办事处", "1": "东关街道办事处", "2": "教育局", "9": "教育局", "x": "东关街道办事处"}
    for number, listed in pages.items():
        query.refresh_roster()
        assert list(alone("publication", page=number).dataframe[0].value["单位"]) == [listed]
    assert list(alone("publication", q="白鹭湾").dataframe[0].value["单位"]) == ["白鹭湾镇人民政府"]
    query.refresh_roster()


def test_the_filters_of_what_was_published_are_in_the_address(passed):
    app = alone("publication", result="differs,none")
    assert list(app.dataframe[0].value["单位"]) == ["东关街道办事处", "教育局"]
    assert list(alone("publication", q="白鹭湾").dataframe[0].value["单位"]) == ["白鹭湾镇人民政府"]
    app = alone("publication", q="没有这家")
    app.button(key="publication_reset").click().run()
    assert len(app.dataframe[0].value) == 3


def test_the_differences_of_one_agency_are_shown_with_both_sides(passed):
    app = alone("publication", agency=desk.EAST)
    shown = words(app)
    assert wording.describe(CELL) in shown
    assert "<td>1</td><td>&lt;b&gt;7&lt;/b&gt;</td>" in shown
    assert app.button(key="publication_register_one").label == "登记公开…"


def test_sites_are_named_before_they_may_be_asked(passed):
    app = alone("publication")
    assert app.button(key="publication_start").disabled
    assert "1 个网站（www.yunze.example）尚未允许访问，其 2 个网址不会核对。" in words(app)
    app.button(key="publication_allow").click().run()
    assert "<td>www.yunze.example</td>" in words(app)
    assert gate.load(query.store().settings).hosts == ()
    gate.allow(query.store().settings, ["www.yunze.example"])
    app = alone("publication")
    assert app.button(key="publication_start").label == "开始核对（2 个网址）"
    assert not app.button(key="publication_start").disabled
    assert "尚未允许访问" not in words(app)


def test_settings_that_cannot_be_read_are_told_on_the_page(passed):
    (passed / gate.FILE_NAME).write_text("hosts = [", "utf-8")
    app = AppTest.from_file(str(ROOT / "pages" / "publication.py"), default_timeout=SECONDS).run()
    assert not app.exception
    assert "联网设置 fetching" in app.error[0].value
    assert app.button(key="publication_start").disabled


def test_a_round_is_begun_and_followed_from_the_page(passed):
    with website.running() as site:
        site.pages["/a.html"] = desk.report(fmt="html")
        text = f'hosts = ["127.0.0.1:{site.port}"]\nprivate = ["127.0.0.1"]\npause = 0\n'
        (passed / gate.FILE_NAME).write_text(text, "utf-8")
        store = query.store()
        publication_rows.add_look(store, desk.EAST, 2023, site.url("/a.html"), Outcome.SAME, "", "周岚", version=1)
        query.refresh()
        app = alone("publication", q="东关")
        app.button(key="publication_start").click().run()
        assert not app.error, [e.value for e in app.error]
        assert app.button(key="publication_stop").label == "停止"
        end = time.monotonic() + 3 * SECONDS
        while rounds.progress(store.settings).running and time.monotonic() < end:
            time.sleep(0.1)
    query.refresh()
    app = alone("publication")
    assert "核对完成：2023 年度，已核对 1 个，共 1 个网址" in words(app)
    assert list(app.dataframe[0].value["结果"]) == ["✓ 一致", "✓ 一致", "尚未核对"]
    assert [look.actor for look in queries.publication_looks(store, desk.EAST, 2023)] == ["本机用户", "周岚", "周岚"]
    app.button(key="publication_forget").click().run()
    assert "核对完成" not in words(app)


def test_without_a_network_the_page_says_so(passed, monkeypatch):
    reason = f"{looking.NO_NETWORK}（没有通往网站 www.yunze.example 的网络）"
    told = rounds.Progress(2023, 2, 0, now(), False, False, reason, "", {}, ())
    monkeypatch.setattr(rounds, "progress", lambda settings: told)
    app = routed("publication")
    assert reason in words(app)
    assert len(app.dataframe[0].value) == 3


@pytest.mark.parametrize(
    ("key", "label"), [("publication_paste", "核对这 0 个网址"), ("publication_register_one", "登记 1 家")]
)
def test_the_dialogs_of_what_was_published_open(passed, key, label):
    app = alone("publication", agency=desk.BAY)
    app.button(key=key).click().run()
    assert not app.exception, app.exception
    assert label in [b.label for b in app.button]


def test_before_any_report_passed_the_page_says_what_it_waits_for(full_desk):
    assert "还没有审定通过的报告" in words(alone("publication"))
