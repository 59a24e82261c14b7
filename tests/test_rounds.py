"""Rounds behind the app: in a process of their own, followed from here, stopped and begun again without harm."""

import time

import desk
import pytest
import website
from website import answer

from gdcore import gate, looking, rounds
from gdcore.looking import Target
from gdcore.publication import Outcome
from gdcore.store import publication_rows, queries

YEAR = 2023
PATIENCE = 90


@pytest.fixture
def store(tmp_path):
    opened = desk.open_desk(tmp_path)
    desk.take(opened, ("年报.docx", desk.report(fmt="docx")))
    queries.move_filings(opened, [desk.EAST], YEAR, "approved", "周岚")
    yield opened
    rounds.stop(opened.settings)
    opened.close()


@pytest.fixture
def site(store):
    with website.running() as opened:
        text = f'hosts = ["{opened.address}:{opened.port}"]\nprivate = ["127.0.0.1"]\npause = 0\n'
        (store.settings.data / gate.FILE_NAME).write_text(text, "utf-8")
        yield opened


def start(store, *urls):
    rounds.start(store.settings, YEAR, "周岚", [Target(desk.EAST, desk.EAST, url) for url in urls])


def ended(store):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = rounds.progress(store.settings)
        if found is not None and not found.running:
            return found
        time.sleep(0.05)
    raise AssertionError("the round did not end")


def test_a_round_is_made_by_a_process_of_its_own_and_kept(store, site):
    site.pages["/a.html"] = desk.report(fmt="html")
    start(store, site.url("/a.html"), "ftp://www.yunze.example/")
    found = ended(store)
    assert (found.total, found.done, found.reason, found.stopped) == (2, 2, "", False)
    assert found.outcomes == {"same": 1, "unreached": 1}
    assert found.unkept == (f"{desk.EAST}：只能核对以 http:// 或 https:// 开头的网址。",)
    (row,) = publication_rows.looks(store, desk.EAST, YEAR)
    assert (row.outcome, row.actor) == (Outcome.SAME, "周岚")


def test_one_round_at_a_time_and_it_can_be_stopped_and_begun_again(store, site):
    site.pages["/slow"] = lambda handler: time.sleep(20)
    site.pages["/a.html"] = desk.report(fmt="html")
    start(store, site.url("/slow"))
    with pytest.raises(rounds.RoundRunning):
        start(store, site.url("/a.html"))
    rounds.stop(store.settings)
    found = ended(store)
    assert (found.stopped, found.reason, found.done) == (True, "", 0)
    start(store, site.url("/a.html"))
    assert ended(store).outcomes == {"same": 1}


def test_what_ends_a_round_is_told_in_words(store, site):
    (store.settings.data / gate.FILE_NAME).write_text("hosts = [", "utf-8")
    start(store, site.url("/a.html"))
    assert "联网设置 fetching.toml 不是正确的 TOML" in ended(store).reason
    assert publication_rows.looks(store, desk.EAST, YEAR) == []


def test_a_process_that_is_lost_is_told(store, site):
    site.pages["/slow"] = lambda handler: answer(handler, b"x") if time.sleep(20) else None
    start(store, site.url("/slow"))
    rounds._rounds[store.settings.database_url].process.kill()
    assert "可以重新开始" in ended(store).reason
    rounds.forget(store.settings)
    assert rounds.progress(store.settings) is None


def test_the_round_of_another_desk_is_not_shown(store, tmp_path):
    assert rounds.progress(desk.settings_in(tmp_path / "other")) is None
    assert looking.targets_of(publication_rows.publications(store, YEAR)) == []
