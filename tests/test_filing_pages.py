"""Where reports stand, in the interface: told on 报告详情, moved there and on 单位, with what goes out with them."""

from datetime import date, timedelta

import desk
import pytest
from acting import (
    CALENDAR,
    TODAY,
    buttons,
    decided,
    dialog,
    faulty_desk,
    filing_dialog,
    issued,
    line,
    mark,
    popovers,
    submit,
    ticking,
)
from showing import alone, words

from gdcore.store import queries
from gdcore.ui import query


@pytest.fixture
def store(tmp_path, monkeypatch):
    return faulty_desk(tmp_path, monkeypatch)


@pytest.fixture
def ticked(monkeypatch):
    return ticking(monkeypatch)


def test_a_report_tells_where_it_stands_and_goes_on(store):
    app = alone("report", agency=desk.EAST)
    assert "<b>已报送</b>" in words(app)
    app.button(key="report_filing_approve").click().run()
    assert queries.filing(store, desk.EAST, 2023).state == "approved"
    app = alone("report", agency=desk.EAST)
    assert "<b>通过待公开</b>" in words(app)
    assert {"report_filing_publish", "report_filing_disapprove"} <= buttons(app).keys()
    assert buttons(app)["report_filing_publish"] == "登记公开…"


def test_a_returned_report_takes_its_confirmed_findings_with_it(store):
    target = mark(store, "STR-06")
    decided(store, [target], "confirmed")
    app = dialog(filing_dialog, "return", agencies=[desk.EAST, desk.BAY])
    told = words(app)
    assert "已确认的 1 条问题一并下发，整改时限同报回期限。" in told
    assert "其中 1 家没有已确认的问题。" in told
    due = CALENDAR.after(TODAY, 5)
    assert app.date_input(key="decide_return_due").value == due
    submit(app, reason="请按清单修改")
    assert [queries.filing(store, key, 2023).state for key in (desk.EAST, desk.BAY)] == ["returned", "returned"]
    assert (line(store, target).state, line(store, target).due) == ("issued", due)
    assert {"已退回修改 2 家", "同时下发 1 条问题"} <= {t.value for t in app.toast}
    query.refresh()
    shown = words(alone("report", agency=desk.EAST))
    assert "剩 5 个工作日" in shown
    assert "请按清单修改" in shown


def test_the_second_return_is_counted_and_agencies_are_filtered_by_state(store):
    due = TODAY + timedelta(days=3)
    queries.return_reports(store, [desk.EAST], 2023, "周岚", due)
    desk.take(store, ("改.txt", desk.report(drop=["s6"])))
    queries.return_reports(store, [desk.EAST], 2023, "周岚", due)
    query.refresh()
    app = alone("agencies", state="returned")
    assert list(app.dataframe[0].value["状态"]) == ["退回修改（2）"]
    assert set(alone("agencies").dataframe[0].value["状态"]) == {"退回修改（2）", "已报送"}
    assert len(alone("agencies", state="archived").dataframe[0].value) == 2


def test_reports_are_moved_many_at_once(store, ticked):
    ticked(0, 1)
    app = alone("agencies")
    assert buttons(app)["agencies_approve"] == "通过（2 家）"
    app.button(key="agencies_approve").click().run()
    assert {row.state for row in queries.filings(store, 2023).values()} == {"approved"}


def test_a_published_report_has_its_day_and_address(store):
    queries.move_filings(store, [desk.EAST], 2023, "approved", "周岚")
    query.refresh()
    app = dialog(filing_dialog, "publish", agencies=[desk.EAST])
    submit(app, published_on=date(2024, 1, 20), published_url="https://example.invalid/a")
    row = queries.filing(store, desk.EAST, 2023)
    assert (row.state, row.published_on, row.published_url) == (
        "published",
        date(2024, 1, 20),
        "https://example.invalid/a",
    )
    query.refresh()
    assert "1月20日公开：https://example.invalid/a" in words(alone("report", agency=desk.EAST))


def test_a_new_version_says_what_changed_and_where_to_look(store):
    target = mark(store, "STR-06")
    issued(store, target)
    desk.take(store, ("改.txt", desk.report(set={"t3.carried_out.natural_person": "77"})))
    query.refresh()
    app = alone("report", agency=desk.EAST)
    assert "与第 1 版相比：<b>消失 1 · 仍在 1 · 新增 0</b>" in words(app)
    assert "1 条待核验销号" in [link.proto.label for link in app.get("page_link")]
    assert "与第" not in words(alone("report", agency=desk.EAST, version="1"))


def test_the_person_at_the_desk_is_named_and_can_be_changed(store):
    app = alone("report", agency=desk.EAST)
    assert "经办人：本机用户" in popovers(app)
    app.text_input(key="person_field").set_value("许航").run()
    assert "经办人：许航" in popovers(app)
    app.button(key="report_filing_approve").click().run()
    assert queries.filing(store, desk.EAST, 2023).actor == "许航"
    assert any("desk_person=%E8%AE%B8%E8%88%AA;" in e.proto.body for e in app.get("html"))
