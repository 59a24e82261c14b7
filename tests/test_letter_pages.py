"""The dialogs in which letters are made: from the findings, the overview and a report; a broken template is told there."""

import dataclasses
from datetime import date

import desk
import pytest
from showing import alone, words

from gdcore.exports.letters import TOLD, Terms
from gdcore.roster import Entry
from gdcore.store import queries, roster
from gdcore.store.rows import FindingFilter
from gdcore.ui import letters, query


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A desk with two faulty reports, of which one has its errors confirmed, and an agency that has not filed."""
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    query.refresh()
    opened = query.store()
    roster.take(opened, [Entry(row, name) for row, name in enumerate((desk.EAST, desk.BAY, "云泽县水务局"), 1)])
    desk.take(
        opened,
        ("东关.txt", desk.unbalanced()),
        ("白鹭湾.txt", desk.report(desk.BAY, kind="township", drop=["s4", "s6"])),
    )
    queries.decide(opened, [row.fingerprint for row in rows(opened, desk.EAST)], "confirmed", "周岚")
    query.refresh()
    return opened


def rows(store, agency):
    return list(queries.iter_findings(store, FindingFilter(year=2023, agencies=(agency,))))


def pressed(app, key):
    app.button(key=key).click().run()
    assert not app.exception, app.exception
    assert not app.error, [e.value for e in app.error]
    return app


def offered(app):
    return [b.proto.label for b in app.get("download_button") if b.proto.label.startswith("下载")]


def test_notices_are_made_from_the_findings(store):
    app = pressed(alone("findings"), "findings_notices")
    told = len(rows(store, desk.EAST))
    assert f"<b>1 家</b>，共写入 <b>{told} 条</b>问题。" in words(app)
    assert f"另有 {len(rows(store, desk.BAY))} 条尚未确认，不写入。" in words(app)
    assert "下载退回修改通知（Word）" in offered(app)
    assert "没有填写" in words(app)


def test_notices_of_the_agencies_in_the_filter(store):
    app = pressed(alone("findings", agency=desk.BAY), "findings_notices")
    assert "没有可以写入通知的问题。请先在问题清单中确认。" in words(app)
    assert "下载退回修改通知（Word）" not in offered(app)


def test_reminders_and_the_bulletin_are_made_from_the_overview(store):
    app = alone("overview", show="missing")
    assert app.button(key="overview_remind").label == "生成催报…（1 家）"
    pressed(app, "overview_remind")
    assert "<b>1 家</b>尚未报送 2023 年度报告：云泽县水务局。" in words(app)
    assert "下载催报函（Word）" in offered(app)
    app = pressed(alone("overview"), "overview_bulletin")
    assert "下载通报草稿（Word）" in offered(app)


def test_an_agency_that_has_not_filed_is_reminded_from_its_page(store):
    app = pressed(alone("report", agency="云泽县水务局"), "report_remind")
    assert "下载催报函（Word）" in offered(app)


def test_a_report_has_its_scorecard_and_its_notice(store):
    app = pressed(alone("report", agency=desk.EAST), "report_print")
    assert "下载评分表（Word）" in offered(app)
    app = pressed(alone("report", agency=desk.EAST), "report_notice")
    assert "下载退回修改通知（Word）" in offered(app)


def test_a_template_that_an_office_broke_is_told_instead_of_a_button(store):
    folder = store.settings.data / "templates"
    folder.mkdir()
    (folder / "return_notice.docx").write_bytes(b"no document")
    app = alone("findings")
    app.button(key="findings_notices").click().run()
    assert not app.exception
    assert "不是 Word 文档" in app.error[0].value
    assert "下载退回修改通知（Word）" not in offered(app)


def test_only_the_findings_chosen_are_counted(store):
    terms = Terms(2023, date(2024, 1, 26), date(2024, 1, 20))
    chosen = [*rows(store, desk.EAST)[:1], *rows(store, desk.BAY)]
    doubt = dataclasses.replace(chosen[-1], standing="review")
    agencies, told, left = letters._scope(terms, None, [*chosen, doubt])
    assert (agencies, told, left.pending, left.reviews) == (1, 1, len(rows(store, desk.BAY)), 1)
    agencies, told, _ = letters._scope(dataclasses.replace(terms, states=(*TOLD, "pending")), None, [*chosen, doubt])
    assert (agencies, told) == (2, len(chosen))
