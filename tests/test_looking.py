"""Rounds of looks at a site on loopback: fetched, read, compared with what passed, and kept; nothing goes outside."""

import gzip
import socket
import threading
import time
from datetime import date

import desk
import pytest
import website
from website import answer, moved

from gdcore import gate, looking, pasting
from gdcore.door import Obstacle
from gdcore.errors import ConfigurationError
from gdcore.gate import Access
from gdcore.looking import NoNetwork, Round, Target
from gdcore.publication import Kind, Outcome
from gdcore.store import audit, originals, publication_rows, queries

YEAR = 2023
PATIENCE = 30.0
TODAY = date(2024, 2, 5)
CELL = "t3.new_received.natural_person"
BUREAU = "云泽县教育局"
NUMBER = "110101199003070011"


@pytest.fixture
def store(tmp_path):
    opened = desk.open_desk(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def site():
    with website.running() as opened:
        yield opened


def passed(store, *names):
    """Reports that came in and passed; their agency keys."""
    kinds = {desk.EAST: "subdistrict", desk.BAY: "township", BUREAU: "dept"}
    for name in names:
        desk.take(store, (f"{name}.docx", desk.report(name, fmt="docx", kind=kinds[name])))
    queries.move_filings(store, list(names), YEAR, "approved", "周岚")
    return names


@pytest.fixture
def east(store):
    passed(store, desk.EAST)
    return store


def page(name=desk.EAST, kind="subdistrict", fmt="html", **change):
    return desk.report(name, kind=kind, fmt=fmt, **change)


def looks(store, *targets, access, today=TODAY, resolve=None, **words):
    terms = Round(YEAR, "周岚", access, today, make=desk.AtOnce, **({"resolve": resolve} if resolve else {}))
    return list(looking.look_all(store, targets, terms))


def look(store, site, path="/a.html", agency=desk.EAST, **words):
    (found,) = looks(store, Target(agency, agency, site.url(path)), access=website.access(site), **words)
    return found


# --- what a look comes to ---------------------------------------------------------------------------------------------


def test_what_is_published_as_it_passed_is_the_same(east, site):
    site.pages["/a.html"] = page()
    found = look(east, site)
    assert (found.outcome, found.sentence) == (Outcome.SAME, "与审定稿一致")
    assert found.published_on == date(2024, 1, 20)
    row = publication_rows.publications(east, YEAR)[0]
    assert row.agrees
    assert (row.look.outcome, row.look.version, row.look.actor) == (Outcome.SAME, 1, "周岚")
    assert originals.load(east.settings, row.look.digest) == site.pages["/a.html"]


def test_other_figures_are_told_with_address_and_both_values(east, site):
    site.pages["/a.html"] = page(set={CELL: "17"})
    found = look(east, site)
    assert found.outcome is Outcome.DIFFERS
    assert [(d.kind, d.address, d.approved, d.published) for d in found.differences] == [
        (Kind.FIGURE, CELL, "16", "17")
    ]
    assert publication_rows.publications(east, YEAR)[0].look.differences == found.differences


def test_a_late_day_on_the_page_is_told(east, site):
    site.pages["/a.html"] = page(replace={"发布日期：2024-01-20": "发布日期：2024-02-20"})
    found = look(east, site)
    assert found.outcome is Outcome.LATE
    assert "晚 20 天" in found.sentence
    assert found.published_on == date(2024, 2, 20)


def test_the_deadline_is_that_of_the_roster_where_it_has_one(east, site):
    from gdcore import roster as files
    from gdcore.store import roster

    roster.take(
        east, files.parse(f"单位名称,类型,公开截止\n{desk.EAST},街道,2024-01-19\n".encode(), "名录.csv").entries
    )
    site.pages["/a.html"] = page()
    assert "公开期限为 2024-01-19，晚 1 天" in look(east, site).sentence


@pytest.mark.parametrize(
    ("today", "words", "outcome"),
    [
        (date(2024, 1, 26), "还有 3 个工作日", Outcome.NOT_YET),
        (date(2024, 1, 31), "今天到期", Outcome.NOT_YET),
        (date(2024, 2, 1), "已过 1 天", Outcome.ABSENT),
    ],
)
def test_an_address_where_nothing_stands_is_not_published(east, site, today, words, outcome):
    found = look(east, site, today=today)
    assert (found.outcome, [d.kind for d in found.differences]) == (outcome, [Kind.ABSENT])
    assert "网页不存在（404），该网址下没有公开报告" in found.sentence
    assert words in found.sentence


def test_a_page_without_a_report_is_for_a_person_to_look_at(east, site):
    site.pages["/a.html"] = "<html><body><p>信息公开年报</p><p>暂无内容</p></body></html>".encode()
    site.pages["/b.html"] = b"<html><head><script src=app.js></script></head><body><div id=app></div></body></html>"
    for path in ("/a.html", "/b.html"):
        found = look(east, site, path)
        assert found.outcome is Outcome.UNREAD
        assert "请用浏览器打开核对" in found.sentence


def test_a_table_that_is_only_a_picture_is_told(east, site):
    site.pages["/a.html"] = page(image=["t3"])
    found = look(east, site)
    assert [(d.kind, d.address, d.published) for d in found.differences] == [(Kind.TABLE, "t3", "图片")]


def test_personal_data_that_are_still_there_are_told_and_not_kept_in_the_row(east, site):
    site.pages["/a.html"] = page(
        replace={"全年受理政府信息公开申请25件": f"身份证号{NUMBER}的申请人等，全年受理政府信息公开申请25件"}
    )
    found = look(east, site)
    assert found.outcome is Outcome.PERSONAL
    with east.reading() as connection:
        from gdcore.store.tables import PUBLICATION

        (row,) = connection.execute(PUBLICATION.select()).all()
    assert NUMBER not in row.findings + row.sentence
    assert "身份证号" in row.findings


@pytest.mark.parametrize("declared", ["utf-8", "gbk", "iso-8859-1", None])
def test_a_page_that_lies_about_its_characters_is_read(east, site, declared):
    body = page(fmt="html_gbk").replace(b'<meta charset="gb2312">', b"")
    kind = f"text/html; charset={declared}" if declared else "text/html"
    site.pages["/a.html"] = lambda handler: answer(
        handler, gzip.compress(body), Content_Type=kind, Content_Encoding="gzip"
    )
    assert look(east, site).outcome is Outcome.SAME


def test_what_cannot_be_opened_is_told_and_is_not_called_unpublished(east, site):
    site.pages["/403"] = lambda handler: answer(handler, b"x", 403)
    site.pages["/big"] = b"x" * 2_000_000
    site.pages["/loop"] = moved("/loop")
    site.pages["/pdf"] = b"%PDF-1.4 nothing"
    outcomes = {path: look(east, site, path).outcome for path in ("/403", "/big", "/loop", "/pdf")}
    expected = {
        "/403": Outcome.UNREACHED,
        "/big": Outcome.UNREACHED,
        "/loop": Outcome.UNREACHED,
        "/pdf": Outcome.UNREAD,
    }
    assert outcomes == expected


def test_a_page_of_last_year_is_not_this_report(east, site):
    site.pages["/a.html"] = page(year=2022)
    found = look(east, site)
    assert (found.outcome, found.sentence) == (Outcome.ABSENT, "页面上是 2022 年度的报告，没有 2023 年度的")
    assert look(east, site, today=date(2024, 1, 20)).outcome is Outcome.NOT_YET


# --- links ------------------------------------------------------------------------------------------------------------


def _linking(*links, head=""):
    body = "".join(f'<p><a href="{target}">{text}</a></p>' for text, target in links)
    return f"<html><head>{head}</head><body><p>信息公开年报</p>{body}</body></html>".encode()


@pytest.mark.parametrize("fmt", ["docx", "pdf"])
def test_the_file_that_a_page_links_is_read(east, site, fmt):
    title = f"{desk.EAST}2023年政府信息公开工作年度报告"
    site.pages["/a.html"] = (
        f"<html><body><h1>{title}</h1><p>发布日期：2024-01-18</p><p>附件：<a href='f/P1.{fmt}'>{title}.{fmt}</a></p></body></html>".encode()
    )
    site.pages[f"/f/P1.{fmt}"] = page(fmt=fmt)
    found = look(east, site)
    assert (found.outcome, found.published_on) == (Outcome.SAME, date(2024, 1, 18))
    assert found.sentence == f"与审定稿一致（见 {site.url(f'/f/P1.{fmt}')}）"
    assert site.paths == ["/a.html", f"/f/P1.{fmt}"]


def test_a_list_of_reports_leads_to_that_of_the_year_and_on_to_its_file(east, site):
    site.pages["/a.html"] = _linking(
        ("2022年政府信息公开工作年度报告", "2022.html"),
        (f"{desk.BAY}2023年政府信息公开工作年度报告", "bay.html"),
        (f"{desk.EAST}2023年政府信息公开工作年度报告", "2023.html"),
        ("一图读懂2023年年报.pdf", "tu.pdf"),
    )
    site.pages["/2023.html"] = _linking(("附件1：年度报告.docx", "P1.docx"))
    site.pages["/P1.docx"] = page(fmt="docx")
    assert look(east, site).outcome is Outcome.SAME
    assert site.paths == ["/a.html", "/2023.html", "/P1.docx"]


def test_where_several_links_fit_none_is_followed(east, site):
    site.pages["/a.html"] = _linking(
        ("2023年政府信息公开工作年度报告", "one.html"), ("2023年政府信息公开工作年度报告", "two.html")
    )
    assert look(east, site).outcome is Outcome.UNREAD
    assert site.paths == ["/a.html"]


def test_a_page_that_sends_the_browser_on_is_followed(east, site):
    site.pages["/a.html"] = _linking(head='<meta http-equiv="refresh" content="0; url=b.html">')
    site.pages["/b.html"] = page()
    assert look(east, site).outcome is Outcome.SAME


def test_pages_that_lead_to_each_other_end(east, site):
    for path, other in (("/a.html", "b.html"), ("/b.html", "c.html"), ("/c.html", "d.html"), ("/d.html", "a.html")):
        site.pages[path] = _linking(("2023年政府信息公开工作年度报告", other))
    assert look(east, site).outcome is Outcome.UNREAD
    assert site.paths == ["/a.html", "/b.html", "/c.html"]


def test_a_link_to_a_site_that_is_not_allowed_is_not_followed(east, site):
    with website.running() as other:
        site.pages["/a.html"] = _linking(("2023年政府信息公开工作年度报告.docx", other.url("/P1.docx")))
        found = look(east, site)
    assert found.outcome is Outcome.UNREAD
    assert "不在允许访问的名单中" in found.sentence
    assert other.asked == []


def test_a_link_that_is_gone_leaves_the_page_unread(east, site):
    site.pages["/a.html"] = _linking(("2023年政府信息公开工作年度报告.docx", "P1.docx"))
    found = look(east, site)
    assert found.outcome is Outcome.UNREAD
    assert "网页不存在（404）" in found.sentence


# --- rounds -----------------------------------------------------------------------------------------------------------


def test_one_site_is_asked_one_page_at_a_time_and_others_meanwhile(store, site):
    names = passed(store, desk.EAST, desk.BAY, BUREAU)
    both = threading.Barrier(2, timeout=PATIENCE)  # broken unless two sites are asked at once
    at_once, most, lock = [0], [0], threading.Lock()

    def counted(handler, wait=None):
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        if wait:
            wait()
        time.sleep(0.05)
        with lock:
            at_once[0] -= 1
        answer(handler, b"x", 404)

    def meanwhile(handler):
        both.wait()
        answer(handler, b"x", 404)

    with website.running() as other:
        other.pages["/"] = meanwhile
        site.pages |= {"/0": lambda handler: counted(handler, both.wait), "/1": counted}
        targets = [Target(name, name, site.url(f"/{n}")) for n, name in enumerate(names[:2])]
        found = looks(
            store,
            *targets,
            Target(names[2], names[2], other.url("/")),
            access=website.access(site, other, seconds=PATIENCE),
        )
    assert [f.outcome for f in found] == [Outcome.ABSENT] * 3
    assert not both.broken
    assert most[0] == 1


def test_every_look_is_kept_and_none_is_overwritten(east, site):
    site.pages["/a.html"] = page(set={CELL: "17"})
    look(east, site)
    site.pages["/a.html"] = page()
    look(east, site)
    kept = publication_rows.looks(east, desk.EAST, YEAR)
    assert [row.outcome for row in kept] == [Outcome.SAME, Outcome.DIFFERS]
    assert [e.action for e in audit.entries(east) if e.action == "publication_look"] == ["publication_look"] * 2
    assert audit.verify(east).fault == ""


def test_a_look_at_a_version_that_was_replaced_counts_no_longer(east, site):
    site.pages["/a.html"] = page()
    look(east, site)
    desk.take(east, ("新.docx", page(fmt="docx", set={CELL: "15"})))
    queries.move_filings(east, [desk.EAST], YEAR, "approved", "周岚")
    (row,) = publication_rows.publications(east, YEAR)
    assert (row.version, row.look, row.url) == (2, None, site.url("/a.html"))


def test_one_bad_page_does_not_stop_the_others(store, site, monkeypatch):
    names = passed(store, desk.EAST, desk.BAY)
    site.pages |= {"/0": page(), "/1": page(desk.BAY, "township")}
    whole = looking.publication.compare

    def compare(known, *words):
        if known.agency == desk.EAST:
            raise ZeroDivisionError
        return whole(known, *words)

    monkeypatch.setattr(looking.publication, "compare", compare)
    targets = [Target(name, name, site.url(f"/{n}")) for n, name in enumerate(names)]
    found = {f.target.agency: f for f in looks(store, *targets, access=website.access(site))}
    assert found[desk.BAY].outcome is Outcome.SAME
    assert not found[desk.EAST].kept
    assert "处理时出错，编号" in found[desk.EAST].sentence


def test_a_site_that_is_not_allowed_is_told_and_not_asked(east, site):
    (found,) = looks(east, Target(desk.EAST, desk.EAST, site.url("/a.html")), access=Access())
    assert (found.outcome, found.kept) == (Outcome.UNREACHED, False)
    assert publication_rows.looks(east, desk.EAST, YEAR) == []
    assert site.asked == []


# --- no network -------------------------------------------------------------------------------------------------------


def _nobody_knows(host, port):
    raise socket.gaierror(socket.EAI_AGAIN, "no network")


def test_without_a_network_it_is_said_so_and_nothing_is_kept(store):
    names = passed(store, desk.EAST, desk.BAY)
    targets = [Target(name, name, f"http://www{n}.yunze.example/") for n, name in enumerate(names)]
    with pytest.raises(NoNetwork) as caught:
        looks(store, *targets, access=Access(hosts=("*.yunze.example",)), resolve=_nobody_knows)
    assert str(caught.value) == looking.NO_NETWORK
    assert "yunze.example" in caught.value.remedy
    assert all(publication_rows.looks(store, name, YEAR) == [] for name in names)


def test_where_another_site_answers_one_that_does_not_is_only_itself(store, site):
    names = passed(store, desk.EAST, desk.BAY)
    site.pages["/a.html"] = page()

    def resolve(host, port):
        time.sleep(0.3)
        return _nobody_knows(host, port) if "yunze" in host else [host]

    targets = [Target(names[1], names[1], "http://www.yunze.example/"), Target(names[0], names[0], site.url("/a.html"))]
    access = Access((*website.access(site).hosts, "*.yunze.example"), website.access(site).private, pause=0)
    found = {f.target.agency: f.outcome for f in looks(store, *targets, access=access, resolve=resolve)}
    assert found == {desk.EAST: Outcome.SAME, desk.BAY: Outcome.UNREACHED}


def test_a_site_that_is_down_is_not_asked_for_each_of_its_addresses(store, site):
    names = passed(store, desk.EAST, desk.BAY, BUREAU)
    site.pages["/a.html"] = page()
    asked = []

    def resolve(host, port):
        asked.append(host)
        raise socket.gaierror(socket.EAI_AGAIN, "no network")

    access = Access((*website.access(site).hosts, "www.yunze.example"), website.access(site).private, pause=0)
    terms = Round(YEAR, "周岚", access, TODAY, make=desk.AtOnce, resolve=resolve)
    round_ = looking._Looking(store, terms, 1)
    round_.reached = True  # some other site answered before
    found = list(round_.run([Target(name, name, f"http://www.yunze.example/{n}") for n, name in enumerate(names)]))
    assert len(asked) == looking.GIVEN_UP
    assert [f.kept for f in found] == [True, True, False]


# --- what is asked of whom --------------------------------------------------------------------------------------------


def test_pasted_lines_are_told_apart_by_name_and_address(east):
    lines = f"""
    {desk.EAST}\thttp://www.yunze.example/a.html
    云泽县水务局 http://www.yunze.example/b.html
    {desk.EAST}，https://www.yunze.example/c.html?x=1
    {desk.EAST} www.yunze.example
    """
    found = pasting.read(east, lines)
    assert found.urls == {desk.EAST: "https://www.yunze.example/c.html?x=1"}
    assert found.faults == (
        "第 3 行的单位“云泽县水务局”不在名录中",
        "第 5 行没有以 http:// 或 https:// 开头的网址",
    )


def test_the_sites_that_may_not_be_asked_are_counted():
    targets = [
        Target("a", "甲", "http://www.yunze.example/a"),
        Target("b", "乙", "http://www.yunze.example:81/a"),
        Target("c", "丙", "http://www.yunze.example:81/b"),
        Target("d", "丁", "无"),
    ]
    allowed, others = looking.sites(targets, Access(hosts=("www.yunze.example",)))
    assert [t.agency_key for t in allowed] == ["a", "d"]
    assert others == {"www.yunze.example:81": 2}


def test_who_let_a_site_be_asked_is_recorded(store):
    looking.allow(store, ["www.yunze.example"], "周岚")
    assert gate.load(store.settings).hosts == ("www.yunze.example",)
    (entry,) = audit.entries(store, newest=1)
    assert (entry.actor, entry.action, entry.subject) == ("周岚", "fetching_hosts", "www.yunze.example")
    with pytest.raises(ConfigurationError):
        looking.allow(store, ["http://a/"], "周岚")
    assert [e.action for e in audit.entries(store, newest=1)] == ["fetching_hosts"]
    assert gate.load(store.settings).hosts == ("www.yunze.example",)


def test_an_address_that_was_found_wins_over_that_of_the_roster(east, site):
    from gdcore import roster as files
    from gdcore.store import roster

    def url():
        return publication_rows.publications(east, YEAR)[0].url

    assert url() == ""
    entry = f"单位名称,类型,公开网址\n{desk.EAST},街道,{site.url('/roster')}\n"
    roster.take(east, files.parse(entry.encode(), "名录.csv").entries)
    assert url() == site.url("/roster")
    look(east, site, "/nothing")
    assert url() == site.url("/roster")
    site.pages["/a.html"] = page()
    look(east, site)
    assert url() == site.url("/a.html")


def test_what_nobody_could_reach_is_what_a_missing_network_looks_like():
    assert Obstacle.DOWN not in looking.CUT_OFF
