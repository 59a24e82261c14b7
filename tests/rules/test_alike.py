"""QUA-02, AGG-07: how like a text must be to be told, of whom it is told, and two reports of one agency."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from printed import NATIONAL, passage, report

from gdcore import form
from gdcore.checking import Facts, judge
from gdcore.peers import Peers, Writing
from gdcore.report import Report, Section
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Verdict

OWN, OTHERS = "云泽县东关街道办事处", ("云泽县教育局", "云泽县水务局", "云泽县气象局", "云泽县林业局")
PROSE = "街道按月公开社区治理、物业管理、养老服务等信息，并在公告栏张贴。"


def lines(first: int, last: int) -> str:
    """Sentences number `first` to `last` of a hundred that have no character in common."""
    return "\n".join("".join(chr(0x4E00 + 10 * n + i) for i in range(10)) for n in range(first, last))


def writing(agency: str, share: int, digest: str = "1") -> Writing:
    """An agency's texts; `share` of its hundred sentences are those of everybody."""
    text = "\n".join((lines(0, share), lines(share + 1000, 1100)))
    return Writing(agency, agency, 2023, digest, {"s1": text, "s5": text})


def peers(*shares: int, own: int = 100) -> Peers:
    others = [writing(agency, share, str(n)) for n, (agency, share) in enumerate(zip(OTHERS, shares, strict=False), 2)]
    return Peers(writing(OWN, own), tuple(others), len(others))


def filed(*found: str, **identity: Any) -> Report:
    """A report in which these sections say something, 一 and 五 unless told otherwise, and its identity changed."""
    said = {short: (passage(PROSE, short),) for short in found or ("s1", "s5")}
    sections = tuple(Section(s.key, s.short in said, paragraphs=said.get(s.short, ())) for s in form.SECTIONS)
    plain = report(OWN, sections=sections)
    return replace(plain, identity=replace(plain.identity, **identity))


def told(others: Peers, of: Report | None = None, least: float = 0.8) -> dict[str, Verdict]:
    """What QUA-02 says, by section."""
    area = replace(NATIONAL, thresholds={**NATIONAL.thresholds, "similar_peer": least})
    verdicts = judge(CATALOGUE["QUA-02"], Facts(of or filed(), area, peers=others))
    return {v.address: v for v in verdicts}


def failing(others: Peers, least: float = 0.8) -> list[str]:
    return [key for key, verdict in told(others, least=least).items() if verdict.outcome is Outcome.FAIL]


@pytest.mark.parametrize(("share", "sections"), [(79, []), (81, ["s1"]), (84, ["s1"]), (86, ["s1", "s5"])])
def test_problems_must_be_more_alike_than_overviews(share, sections):
    assert failing(peers(share)) == sections


def test_an_area_may_ask_for_equal_texts():
    assert failing(peers(100), least=1.0) == ["s1", "s5"]


def test_the_nearest_is_named_with_its_share():
    found = told(peers(82, 90, 85))["s1"]
    assert found.values == {"peer": "云泽县水务局", "x": "90"}


@pytest.mark.parametrize(("shares", "named", "more"), [((90, 85, 82), 3, False), ((90, 85, 82, 81), 3, True)])
def test_three_are_named_and_the_others_counted(shares, named, more):
    message = told(peers(*shares))["s1"].message
    assert sum(name in message for name in OTHERS) == named
    assert (f"{len(shares)} 个单位" in message) is more


def test_a_section_that_is_not_there_is_not_compared():
    found = told(peers(100), filed("s5"))
    assert {key: v.outcome for key, v in found.items()} == {"s1": Outcome.NOT_APPLICABLE, "s5": Outcome.FAIL}


def test_a_text_of_routine_alone_is_not_compared():
    routine = replace(writing(OWN, 100), texts={"s1": "街道开展培训", "s5": lines(0, 100)})
    found = told(replace(peers(100), own=routine))
    assert {key: v.outcome for key, v in found.items()} == {"s1": Outcome.NOT_EVALUATED, "s5": Outcome.FAIL}


@pytest.mark.parametrize("title", [None, passage("云泽县东关街道办事处2023年政府信息公开工作年度报告", "title")])
def test_two_reports_of_one_agency_are_counted(title):
    twice = replace(peers(), others=(writing(OWN, 100, "2"), writing(OWN, 90, "3")))
    (found,) = judge(CATALOGUE["AGG-07"], Facts(filed(title=title), NATIONAL, peers=twice))
    assert found.outcome is Outcome.FAIL
    assert "3 份" in found.message
    assert [a.address for a in found.anchors] == (["title"] if title else [])


@pytest.mark.parametrize("unknown", ["agency", "year"])
def test_whose_report_it_is_must_be_known(unknown):
    twice = replace(peers(), others=(writing(OWN, 100, "2"),))
    (found,) = judge(CATALOGUE["AGG-07"], Facts(filed(**{unknown: None}), NATIONAL, peers=twice))
    assert found.outcome is Outcome.NOT_EVALUATED
