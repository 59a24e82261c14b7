"""The six sections and the file as a whole: what no example can print, and the edges of what the examples show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gdcore import form
from gdcore.checking import Task
from gdcore.form import Edition
from gdcore.place import Anchor, Place
from gdcore.report import Heading, Match, Remark, RemarkKind, Report, Section
from gdcore.rules.sections import heading_of, is_hollow, lacking, leads, under, unusable
from gdcore.verdict import Severity, Verdict, doubtful, failed, passed
from tests.judged import changed, faults, told, verdicts
from tests.printed import passage, report, table


def image(address: str, what: str = "image") -> Remark:
    """Something in a part that shows what was not read."""
    return Remark(RemarkKind.EMBEDDED, address, (Anchor(address, Place()),), what)


def section(short: str, *texts: str, found: bool = True, heading: bool = True) -> Section:
    """One of the six with paragraphs and its own heading."""
    known = form.SECTION_BY_SHORT[short]
    own = Heading(known.key, passage(known.heading, short), int(short[1]), Match.EXACT) if found and heading else None
    return Section(known.key, found, own, tuple(passage(text, short) for text in texts))


def six(**other: Section) -> dict[str, Section]:
    """All six with a body that says something; `other` takes the place of some."""
    body = "全年围绕重点领域发布信息，更新栏目，接受群众监督。"
    return {s.short: other.get(s.short) or section(s.short, body) for s in form.SECTIONS}


def made(**other: Section) -> Report:
    """A report of these sections, with their headings in order and without tables."""
    sections = six(**other)
    headings = tuple(s.heading for s in sections.values() if s.heading)
    return report(sections=tuple(sections.values()), headings=headings, t2=None, t3=None, t4=None)


def numbered(*printed: tuple[str | None, int | None]) -> Report:
    """A report with level-1 headings in this order, each a section (`s1`) or another (None) and its numeral."""
    sections = {}
    headings = []
    for short, number in printed:
        known = form.SECTION_BY_SHORT[short] if short else None
        heading = Heading(
            known.key if known else None,
            passage(
                known.heading if known and known.key in sections else known.title if known else "重点领域", "sections"
            ),
            number,
            Match.EXACT if known else None,
        )
        headings.append(heading)
        if known:
            sections.setdefault(known.key, Section(known.key, True, heading))
    every = tuple(sections.get(s.key) or Section(s.key, False) for s in form.SECTIONS)
    return report(sections=every, headings=tuple(headings))


IN_ORDER: list[tuple[str | None, int | None]] = [(f"s{n}", n) for n in range(1, 7)]


# --- STR-01…06 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remarks", "expected"),
    [
        ((), "fail"),
        ((image("s3"),), "review"),
        ((image("s1"),), "fail"),
        ((image("s6"),), "fail"),
        ((image("s3.x"),), "review"),
    ],
)
def test_missing_section_may_be_in_an_image_just_before_it(remarks: tuple[Remark, ...], expected: str) -> None:
    """An image elsewhere explains nothing."""
    read = replace(made(s4=section("s4", found=False)), remarks=remarks)
    assert told("STR-04", read) == [(expected, "s4")]


def test_first_section_may_be_in_an_image_that_is_in_no_section() -> None:
    """Where the report opens with an image."""
    read = made(s1=section("s1", found=False))
    assert told("STR-01", read) == [("fail", "s1")]
    assert told("STR-01", replace(read, remarks=(image("report"),))) == [("review", "s1")]


def test_heading_in_the_middle_of_a_line() -> None:
    """A web page that runs all together: the section may be there (STR-01), and its heading is (STR-07)."""
    line = "统计期限为2023年1月1日至12月31日。 一、总体情况 2023年，本局完成了各项公开任务。"
    absent = replace(made(s1=section("s1", found=False)), preamble=(passage(line, "preamble"),))
    loose = replace(made(s1=section("s1", "2023年，本局完成了各项公开任务。", heading=False)), preamble=absent.preamble)
    assert told("STR-01", absent) == [("review", "s1")]
    assert faults("STR-07", loose) == []


def test_title_of_a_table_section_under_another_is_no_section() -> None:
    """Only 五 and 六 may be taken for written inside another section; and no sub-heading of 一 is one of them."""
    lost = made(s4=section("s4", found=False), s6=section("s6", "（一）政府信息公开行政复议、行政诉讼情况。无。"))
    assert told("STR-04", lost) == [("fail", "s4")]
    told_in_first = made(s5=section("s5", found=False), s1=section("s1", "（六）存在的主要问题及改进情况。渠道单一。"))
    assert told("STR-05", told_in_first) == [("fail", "s5")]
    assert faults("STR-07", told_in_first) == []


# --- STR-07, 08, 09 -------------------------------------------------------------------------------------------------


def test_heading_printed_again_does_not_disturb_the_order() -> None:
    """Only the heading that a section stands under counts: an annex may repeat one."""
    assert faults("STR-07", numbered(*IN_ORDER, ("s2", 2))) == []


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (IN_ORDER, "pass"),
        ([("s1", None), *IN_ORDER[1:]], "pass"),
        ([("s1", None), ("s2", 2), ("s3", 3), ("s5", 5), ("s6", 6)], "pass"),
        ([("s1", None), ("s2", 2), ("s3", 3), ("s5", 6), ("s6", 7)], "fail"),
        ([("s1", 1), ("s2", 2), (None, 3), ("s3", 4), ("s4", 5), ("s5", 6), ("s6", 7)], "pass"),
        ([*IN_ORDER[:4], ("s5", 7), ("s6", 6)], "fail"),
        ([(None, 1), (None, 2)], "not_applicable"),
    ],
)
def test_numerals(printed: list[tuple[str | None, int | None]], expected: str) -> None:
    """One without a number, a section that is missing, one too many, a slip of the pen."""
    assert told("STR-08", numbered(*printed)) == [(expected, "sections")]


def test_numerals_are_quoted_as_printed() -> None:
    """With those that are lacking, and those above ten."""
    read = numbered(("s1", 1), ("s2", None), ("s3", 10), ("s4", 11), ("s5", 5), ("s6", 6))
    assert [v.found for v in verdicts("STR-08", read)] == ["一、（无编号）、十、11、五、六"]


def test_section_without_heading_does_not_end_the_search() -> None:
    """Titles and bodies further on are judged all the same."""
    read = changed(
        drop=["s1.heading", "s5.p", "s5.m"],
        replace={"三、收到和处理政府信息公开申请情况": "三、收到和处理政府信息公开情况"},
    )
    assert faults("STR-09", read) == [("fail", "s3")]
    gone = changed(drop=["s1", "s5.p", "s5.m"])
    assert faults("STR-23", gone) == [("fail", "s5")]


# --- STR-23, 26 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "outcome"), [("s5", "review"), ("s4", "fail"), (None, "fail")])
def test_empty_section_before_a_heading_that_is_none_of_the_six(after: str | None, outcome: str) -> None:
    """Its body may stand under that; one that follows another section explains nothing."""
    read = made(s5=section("s5", "无。"))
    stranger = Heading(None, passage("工作中的不足", "sections"), None, None)
    headings = [h for own in read.headings for h in ((own, stranger) if own.key[:2] == after else (own,))]  # type: ignore[index]
    assert faults("STR-23", replace(read, headings=tuple(headings))) == [(outcome, "s5")]


@pytest.mark.parametrize(("body", "hollow"), [("字" * 19, True), ("字" * 20, False), ("字" * 19 + "\n ", True)])
def test_hollow_body(body: str, hollow: bool) -> None:
    """Fewer than twenty characters, white space not counted."""
    assert is_hollow(section("s5", body)) is hollow


def titled(*titles: tuple[str, int | None], unnumbered: bool = False) -> Report:
    """A report with these further headings in front (the first) and behind (the others)."""
    six_headings = [h for h in made().headings if h]
    own = [replace(h, numeral=None) if unnumbered or h.key == "s1_overview" else h for h in six_headings]
    others = [Heading(None, passage(title, "sections"), number, None) for title, number in titles]
    return replace(made(), headings=(*others[:1], *own, *others[1:]))


@pytest.mark.parametrize(
    ("titles", "unnumbered", "severities"),
    [
        ([("编制说明", None)], True, []),
        ([("编制说明", 1)], False, []),
        ([("工作动态", None)], True, [Severity.WARNING]),
        ([("工作动态", None)], False, []),
        ([("编制说明", None), ("编制说明", 7)], False, [Severity.WARNING]),
        ([("编制说明", None), ("附件：统计表", None), ("依申请公开流程", None)], False, [Severity.INFO]),
    ],
)
def test_headings_beyond_the_six(titles: list[tuple[str, int | None]], unnumbered: bool, severities: list[str]) -> None:
    """Front matter is none; a short line without a number among numbered headings is doubtful; an annex is advice."""
    read = titled(*titles, unnumbered=unnumbered)
    assert [v.severity for v in verdicts("STR-26", read) if v.outcome == "fail"] == severities


# --- STR-27, 29 -----------------------------------------------------------------------------------------------------


def test_free_form_whose_third_section_is_an_image() -> None:
    """Table 三 may be in it."""
    old = [Heading(None, passage(title, "sections"), None, None) for title in ("概述", "政府信息公开收费及减免情况")]
    read = replace(made(), headings=tuple(old))
    assert told("STR-27", read) == [("fail", "sections")]
    assert told("STR-27", replace(read, remarks=(image("s3"),))) == [("not_evaluated", "sections")]
    assert told("STR-27", replace(read, headings=tuple(old[:1]))) == [("pass", "sections")]
    nameless = replace(read.identity, year=None)
    assert told("STR-27", replace(read, identity=nameless)) == [("review", "sections")]


def test_copies_that_cannot_be_compared() -> None:
    """A table of which one copy is blank or was not read is neither alike nor unlike; the next one is still compared."""
    blank = dict.fromkeys(table("t3").cells(), "")
    read = report(t2=None, duplicates=(table("t2"), table("t3", cells=blank), table("t4")))
    assert told("STR-29", read) == [("not_evaluated", "t2"), ("not_evaluated", "t3"), ("fail", "t4")]


def test_copies_that_differ_name_the_first_difference() -> None:
    """Both values, the first table's as what is expected."""
    read = report(
        duplicates=(table("t3", cells={"t3.new_received.total": "18", "t3.new_received.natural_person": "17"}),)
    )
    (verdict,) = (v for v in verdicts("STR-29", read) if v.outcome == "fail")
    assert (verdict.address, verdict.severity, verdict.expected, verdict.found) == ("t3", None, "0", "17")


# --- what the rules share -------------------------------------------------------------------------------------------


def test_rule_for_some_editions_only() -> None:
    """It says nothing of a report for whose year another edition is due; the task's year goes before the printed one."""

    @under(Edition.FMT2021)
    def judge(report: Report) -> tuple[Verdict, ...]:
        return (passed("s1"),)

    def outcomes(year: int, task_year: int | None = None) -> list[str]:
        return [v.outcome.value for v in judge(report=report(year=year), task=Task(task_year))]

    assert [outcomes(2020), outcomes(2023), outcomes(2023, 2020), outcomes(2020, 2023)] == [
        ["not_applicable"],
        ["pass"],
        ["not_applicable"],
        ["pass"],
    ]


@pytest.mark.parametrize(
    ("remark", "expected"),
    [
        (image("s1"), doubtful),
        (image("s1", "attachment"), doubtful),
        (image("s1", "link"), failed),
        (image("s2"), failed),
    ],
)
def test_what_is_not_there_may_be_in_an_image(remark: Remark, expected: object) -> None:
    """In the same section; a frame or a link is the page's own furniture."""
    assert lacking(replace(made(), remarks=(remark, image("s4", "link"))), "s1") is expected


def test_body_that_cannot_be_judged() -> None:
    """Missing, an image, or nothing said; 六 may say just 无."""
    empty = made(s1=section("s1", found=False), s5=section("s5", "无。"), s6=section("s6", "无。"))
    seen = replace(empty, remarks=(image("s1"), image("s4"), image("s5")))
    reasons = {key: unusable(empty, key) for key in ("s1", "s4", "s5", "s6")}
    assert {key: why and (why.outcome.value, why.address) for key, why in reasons.items()} == {
        "s1": ("not_applicable", "s1"),
        "s4": None,
        "s5": ("not_applicable", "s5"),
        "s6": None,
    }
    assert {key: (why := unusable(seen, key)) and why.outcome.value for key in ("s1", "s4", "s5")} == {
        "s1": "not_applicable",
        "s4": None,
        "s5": "not_evaluated",
    }


def test_heading_as_evidence() -> None:
    """The printed heading, nothing for a section without one."""
    read = made(s2=section("s2", "全年发布信息。", heading=False))
    assert [[p.text for p in heading_of(read, key)] for key in ("s1", "s2")] == [["一、总体情况"], []]


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("（一）主要问题。解读形式单一。今后增加图解。", ["主要问题"]),
        ("概述：全年平稳", ["概述"]),
        ("无", ["无"]),
        ("：全年平稳", []),
        ("字" * 40 + "。", ["字" * 40]),
        ("字" * 41 + "。", []),
    ],
)
def test_what_a_paragraph_opens_with(text: str, lead: list[str]) -> None:
    """A sub-heading of at most forty characters."""
    assert [title for _, title in leads([passage(text, "s5")])] == lead
