"""QUA-11, 12, 20: where breaks, brackets, spaces and repeated paragraphs are slips, and where they are the layout."""

from __future__ import annotations

from typing import Any

import pytest
from printed import NATIONAL, passage, report

from gdcore import form
from gdcore.checking import Facts, judge
from gdcore.document import Format
from gdcore.figure import Passage
from gdcore.place import Anchor, Place
from gdcore.report import Remark, RemarkKind, Section
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Verdict

OVERVIEW = form.SECTION_BY_SHORT["s1"].key


def one(code: str, **fields: Any) -> Verdict:
    """The only verdict of a rule."""
    (verdict,) = judge(CATALOGUE[code], Facts(report(**fields), NATIONAL))
    return verdict


def prose(*lines: str, **fields: Any) -> dict[str, Any]:
    """一 with these paragraphs, each with an address of its own."""
    passages = tuple(passage(line, f"s1.a{number}") for number, line in enumerate(lines, 1))
    return {"sections": (Section(OVERVIEW, True, paragraphs=passages),), **fields}


def places(verdict: Verdict) -> list[str]:
    return [anchor.address for anchor in verdict.anchors]


def broken(*widths: int) -> tuple[Remark, ...]:
    """Sentences broken after lines of these widths, each line beginning somewhere else; what follows is of any width."""
    halves = (((10 * n, 10 * n + width), (0, 7 * n)) for n, width in enumerate(widths, 1))
    return tuple(
        Remark(RemarkKind.BROKEN_LINE, "s1", tuple(Anchor("s1", Place(line=1), 0, span) for span in spans), "媒⏎体")
        for spans in halves
    )


@pytest.mark.parametrize(
    ("widths", "outcome"),
    [
        ((36, 38, 40, 37), Outcome.PASS),
        ((36, 38, 41, 37), Outcome.FAIL),
        ((36, 36, 36), Outcome.FAIL),
    ],
)
def test_four_breaks_at_one_width_are_the_width_of_the_page(widths, outcome):
    verdicts = judge(CATALOGUE["QUA-11"], Facts(report(remarks=broken(*widths)), NATIONAL))
    assert {v.outcome for v in verdicts} == {outcome}


@pytest.mark.parametrize(
    ("lines", "odd"),
    [
        (("（一）主动公开。", "（二）依申请公开。", "(三)平台建设。"), ["s1.a3"]),
        (("（一）主动公开。", "（二）依申请公开。", "(三）平台建设。"), ["s1.a3"]),
        (("(一)主动公开。", "(二)依申请公开。", "（三）平台建设。"), ["s1.a3"]),
    ],
)
def test_the_rarer_brackets_of_a_level_are_shown(lines, odd):
    found = one("QUA-12", **prose(*lines))
    assert (found.outcome, places(found)) == (Outcome.FAIL, odd)


def test_levels_may_have_brackets_of_their_own():
    assert one("QUA-12", **prose("（一）主动公开。", "(1)网站。", "(2)公报。")).outcome is Outcome.PASS


MIXED = ("2023 年，开展培训。", "2023年，公开信息。", "2022年，公开信息。")


def test_the_rarer_spacing_of_years_is_shown():
    found = one("QUA-12", **prose(*MIXED))
    assert (found.outcome, places(found)) == (Outcome.FAIL, ["s1.a1"])


def test_spaces_in_a_pdf_are_the_typesetters():
    assert one("QUA-12", **prose(*MIXED, format=Format.PDF)).outcome is Outcome.PASS


def test_punctuation_read_from_an_image_is_not_judged():
    assert one("QUA-12", **prose(*MIXED, format=Format.IMAGE)).outcome is Outcome.NOT_EVALUATED


@pytest.mark.parametrize(
    ("lines", "mixed"),
    [(("公开,透明,有序。",), False), (("公开,透明。", "规范，有序。"), True), (("公开,透明，有序。", "平稳。"), True)],
)
def test_commas_are_called_mixed_only_where_both_kinds_stand(lines, mixed):
    assert ("混用" in one("QUA-12", **prose(*lines)).message) is mixed


def paragraphs(*lines: tuple[str, str]) -> tuple[Passage, ...]:
    return tuple(passage(line, address) for address, line in lines)


@pytest.mark.parametrize(
    ("length", "elsewhere", "outcome"),
    [
        (30, "s1.a2", Outcome.FAIL),
        (29, "s1.a2", Outcome.PASS),
        (60, "s5.p", Outcome.FAIL),
        (59, "s5.p", Outcome.PASS),
    ],
)
def test_how_long_a_paragraph_is_before_its_repetition_counts(length, elsewhere, outcome):
    body = "".join(chr(0x4E00 + n) for n in range(length))
    twice = paragraphs(("s1.a1", "开展培训。"), ("s1.a1", body), (elsewhere, body))
    found = one("QUA-20", sections=(Section(OVERVIEW, True, paragraphs=twice),))
    assert (found.outcome, places(found)) == (outcome, ["s1.a1", elsewhere] if outcome is Outcome.FAIL else [])
