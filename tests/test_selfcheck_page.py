"""自查: files checked and shown like a report, with nothing stored, no personal data, and nothing of other agencies."""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path

import desk
import pytest
from showing import ROOT, SECONDS, alone, routed, words
from streamlit.testing.v1 import AppTest

from gdcore.ui import query, selfcheck

PATIENCE = 90
TEXT = "text/plain"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A desk with one report, and a folder for what is put aside."""
    data, aside = tmp_path / "data", tmp_path / "aside"
    data.mkdir()
    aside.mkdir()
    monkeypatch.setenv("GDCORE_DATA", str(data))
    monkeypatch.setenv("GDCORE_WORKERS", "1")
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    query.refresh()
    desk.take(query.store(), ("白鹭湾.txt", desk.report(desk.BAY, kind="township")))
    query.refresh()
    return tmp_path


def checked(*files: tuple[str, bytes], priors: tuple[tuple[str, bytes], ...] = (), **address: str) -> AppTest:
    """The page once files were dropped and checked."""
    app = alone("selfcheck", **address)
    app.file_uploader(key="selfcheck_files_0").set_value([(name, data, TEXT) for name, data in files]).run()
    if priors:
        app.file_uploader(key="selfcheck_priors_0").set_value([(name, data, TEXT) for name, data in priors]).run()
    app.button(key="selfcheck_start").click().run()
    app.session_state["selfcheck_run"].wait(PATIENCE)
    app.run()
    assert not app.exception, app.exception
    assert not app.error, [e.value for e in app.error]
    return app


def stored(folder: Path) -> dict[str, str]:
    """Every file of the desk with the hash of its bytes; what SQLite shares between its readers is none of them."""
    files = (p for p in (folder / "data").rglob("*") if p.is_file() and not p.name.endswith("-shm"))
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_page_asks_for_files(folder):
    app = routed("selfcheck")
    assert [u.label for u in app.file_uploader] == ["报告文件", "上年报告"]
    assert "selfcheck_start" not in [b.key for b in app.button]


def test_nothing_is_stored_and_nothing_is_left(folder):
    alone("selfcheck")
    before = stored(folder)
    app = checked(("东关.txt", desk.unbalanced()), ("通知.txt", "关于召开会议的通知".encode()))
    assert "<b>1 份</b> 已核查 · 1 份未能核查" in words(app)
    assert stored(folder) == before
    assert list((folder / "aside").iterdir()) == []


def test_a_file_is_told_whole(folder):
    app = checked(("东关.txt", desk.unbalanced()))
    said = words(app)
    assert [h.value for h in app.header][:2] == [desk.EAST, "问题 2 条"]
    assert f"单位 <b>{desk.EAST}</b>" in said
    assert "年度 <b>2023 年</b>" in said
    assert re.search(r"六、其他</small><span class=\"is\"[^>]*>缺<", said)
    assert "错误 2 · 警告 0 · 提示 0 · 待核 0" in said
    labels = app.radio(key="selfcheck_finding").options
    assert [re.search(r"\*\*(.*?)\*\*", label)[1] for label in labels] == ["STR\\-06", "SUM\\-03"]
    assert "待确认" not in said + "".join(c for r in app.radio for c in r.proto.captions)


def test_the_evidence_of_the_finding_chosen_is_lit(folder):
    app = checked(("东关.txt", desk.unbalanced()))
    sums = next(option for option in app.radio(key="selfcheck_finding").options if "SUM" in option)
    app.radio(key="selfcheck_finding").set_value(sums).run()
    said = words(app)
    assert re.search(r'<td class="lit [^"]*">77</td>', said)
    assert "<dt>应为</dt>" in said
    assert "<dt>依据</dt><dd>国办公开办函〔2021〕30号" in said
    assert [c.options for c in app.segmented_control][-1] == ["表格", "正文", "全部原文"]


def test_several_files_are_listed_and_one_of_them_is_shown(folder):
    files = (("甲.txt", desk.report()), ("乙.txt", desk.unbalanced(desk.BAY)), ("空.docx", b""))
    app = checked(*files, file="2")
    listed = app.dataframe[0].value
    assert list(listed["文件"]) == ["甲.txt", "乙.txt", "空.docx"]
    assert list(listed["错误"].fillna(-1)) == [0, 2, -1]
    assert "排名" not in "".join(listed.columns)
    assert app.header[0].value in (desk.EAST, desk.BAY)


def test_last_years_report_is_compared(folder):
    now = desk.report(cells={"t3.carried_in": ["7", "1", "0", "0", "0", "0", "8"]})
    before = desk.report(year=2022)
    app = checked(("今.txt", now), priors=(("旧.txt", before),))
    assert any("YOY\\-01" in option for option in app.radio(key="selfcheck_finding").options)


def test_a_report_of_last_year_that_cannot_be_read_is_told(folder):
    assert "上年报告 旧.txt 未能使用：" in words(checked(("今.txt", desk.report()), priors=(("旧.txt", b""),)))


def test_a_file_that_is_no_report_says_why_and_what_to_do(folder):
    app = checked(("通知.txt", "关于召开会议的通知".encode()))
    assert "未能核查" in words(app)
    assert [b.proto.disabled for b in app.get("download_button")] == [True, False]


def test_personal_data_are_masked(folder):
    report = desk.report(insert={"s1.a5": ["如需了解办理进度，可联系经办人张某，手机13900000000。"]})
    app = checked(("联系13900000000.txt", report), view="all")
    assert "139******00" in words(app)
    assert "13900000000" not in words(app) + str([r.options for r in app.radio])


def test_results_are_cleared(folder):
    app = checked(("东关.txt", desk.unbalanced()))
    app.button(key="selfcheck_clear").click().run()
    assert "selfcheck_run" not in app.session_state
    assert app.file_uploader(key="selfcheck_files_2").value == []
    assert not app.header


def test_a_second_check_takes_the_place_of_the_first(folder):
    app = checked(("东关.txt", desk.unbalanced()))
    app.file_uploader(key="selfcheck_files_1").set_value([("白鹭湾.txt", desk.report(desk.BAY), TEXT)]).run()
    app.button(key="selfcheck_start").click().run()
    app.session_state["selfcheck_run"].wait(PATIENCE)
    app.run()
    assert app.header[0].value == desk.BAY


def test_too_many_files_are_told_before_they_are_taken(folder, monkeypatch):
    monkeypatch.setattr(selfcheck, "MOST_FILES", 1)
    app = alone("selfcheck")
    app.file_uploader(key="selfcheck_files_0").set_value([("甲.txt", b"a", TEXT), ("乙.txt", b"b", TEXT)]).run()
    assert app.error[0].value == "一次最多自查 1 份，现有 2 份。请分批自查。"
    assert "selfcheck_start" not in [b.key for b in app.button]


def test_a_check_under_way_is_shown_and_stopped(folder, monkeypatch):
    class Going:
        answer, fault, running, waiting, step = None, "", True, False, selfcheck.Step(1, 3, "乙.pdf")
        stopped, seconds = False, 35.0

        def stop(self) -> None:
            self.stopped, self.running = True, False

    going = Going()
    app = AppTest.from_file(str(ROOT / "pages" / "selfcheck.py"), default_timeout=SECONDS)
    app.session_state["selfcheck_run"] = going
    app.run()
    assert "第 2 份，共 3 份 · 正在读取 乙\\.pdf · 已用 35 秒" in app.get("progress")[0].proto.text
    app.button(key="selfcheck_stop").click().run()
    assert going.stopped
    assert "selfcheck_run" not in app.session_state
