"""The printable results of a self-check: whole, in order, and never markup of a report."""

from __future__ import annotations

import desk
from lxml import html

from gdcore import profile, scoring, selfcheck
from gdcore.exports import printable


def printed(tmp_path, *files):
    chosen = desk.settings_in(tmp_path)
    terms = selfcheck.Terms(profile.load("national", chosen), scoring.load("default", chosen))
    return printable.of_check(selfcheck.check_files(files, terms, make=desk.AtOnce))


def test_every_finding_stands_there_with_both_sides_and_its_basis(tmp_path):
    page = html.document_fromstring(printed(tmp_path, ("东关.txt", desk.unbalanced())).decode())
    assert [h.text for h in page.iter("h2")] == ["东关.txt"]
    assert [h.text.split()[2] for h in page.iter("h3")] == ["STR-06", "SUM-03"]
    sums = page.findall(".//dl")[1]
    told = dict(zip((d.text for d in sums.iter("dt")), (d.text for d in sums.iter("dd")), strict=True))
    assert (told["原文"], told["应为"]) == ("2", "78")
    assert "表三" in told["位置"]
    assert told["依据"].startswith("国办公开办函〔2021〕30号")


def test_text_of_a_report_is_text(tmp_path):
    faulty = desk.unbalanced().decode().replace("77", "<script>alert(1)</script>", 1).encode()
    data = printed(tmp_path, ("<b>名</b>\x0c.txt", faulty), ("空.docx", b""))
    assert b"<script>" not in data
    assert b"<b>" not in data
    page = html.document_fromstring(data.decode())
    assert "未能核查：" in page.findall(".//div")[-1].findtext("p")


def test_nothing_found_is_said_so(tmp_path):
    assert "没有发现问题。" in printed(tmp_path, ("好.txt", desk.report())).decode()
