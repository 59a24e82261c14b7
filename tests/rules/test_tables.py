"""TAB-01…04, 14, 16 and what all of TAB share: the traps that no file of the generator shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from altered import figures_changed, judge, outcomes, relabelled, shaped, told, with_block, without
from printed import figure, passage, report, table

from gdcore import form, wording
from gdcore.document import Format
from gdcore.form import AgencyType, Edition
from gdcore.place import Anchor, Correction, Place
from gdcore.report import ExtraLine, Identity, Match, Remark, RemarkKind, StatTable
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Severity

UNREADABLE = StatTable("t3", Edition.FMT2021, ())


EMBEDDED = Remark(RemarkKind.EMBEDDED, "s3", (Anchor("s3", Place(line=9)),), "image")


def test_a_clean_report_has_nothing_told() -> None:
    codes = [c for c in CATALOGUE if c.startswith("TAB-") and c not in ("TAB-17", "TAB-18")]
    assert [c for c in codes if c != "TAB-15" and told(c, report())] == []


def test_a_table_seen_but_unreadable_is_not_missing() -> None:
    subject = report(t3=UNREADABLE)
    assert told("TAB-01", subject) == []
    assert Outcome.NOT_EVALUATED in [v.outcome for v in judge("TAB-01", subject)]


@pytest.mark.parametrize("fmt", [Format.TXT, Format.IMAGE])
def test_where_no_image_can_show_a_missing_table_is_a_doubt(fmt: Format) -> None:
    assert told("TAB-01", report(t3=None, format=fmt)) == [(Outcome.REVIEW, "t3")]


def test_an_image_in_its_place_is_told_once() -> None:
    subject = report(t3=None, remarks=(EMBEDDED,))
    assert told("TAB-01", subject) == []
    assert told("TAB-14", subject) == [(Outcome.FAIL, "t3")]


def test_a_picture_beside_a_text_table_is_none_of_ours() -> None:
    assert told("TAB-14", report(remarks=(EMBEDDED,))) == []


def test_a_table_read_from_an_image_keeps_the_warning() -> None:
    read = table("t3")
    lines = tuple(
        replace(line, figures=tuple(replace(f, confidence=0.8) for f in line.figures)) for line in read.grids[0].lines
    )
    assert told("TAB-14", report(t3=shaped(read, lines=lines), remarks=(EMBEDDED,))) == [(Outcome.FAIL, "t3")]


def test_a_table_read_from_an_image_keeps_the_warning_when_a_person_corrects_it() -> None:
    read = figures_changed(table("t3"), set(table("t3").cells()), confidence=0.8)
    mended = (Anchor("t3.carried_in.ngo", Place(line=1), correction=Correction("3", "8")),)
    corrected = figures_changed(read, {"t3.carried_in.ngo"}, confidence=1.0, anchors=mended)
    assert told("TAB-14", report(t3=corrected, remarks=(EMBEDDED,))) == [(Outcome.FAIL, "t3")]


def test_one_doubtful_cell_makes_no_picture_of_a_table() -> None:
    read = figures_changed(table("t3"), {"t3.carried_in.ngo"}, confidence=0.8)
    assert told("TAB-14", report(t3=read, remarks=(EMBEDDED,))) == []


@pytest.mark.parametrize(
    "code", ["TAB-02", "TAB-03", "TAB-04", "TAB-05", "TAB-06", "TAB-07", "TAB-08", "TAB-11", "TAB-13"]
)
@pytest.mark.parametrize("lost", [None, UNREADABLE])
def test_a_table_that_was_not_read_is_not_judged(code: str, lost: StatTable | None) -> None:
    verdicts = outcomes(code, report(t3=lost))
    assert [v for v in verdicts if v[0] is not Outcome.PASS] == [(Outcome.NOT_EVALUATED, "t3")]
    assert any(address.startswith("t2") for _, address in verdicts)


def test_table_four_has_no_edition() -> None:
    assert outcomes("TAB-02", report(t4=None)) == [(Outcome.PASS, "t2"), (Outcome.PASS, "t3")]


@pytest.mark.parametrize(
    ("year", "used", "name", "due"),
    [
        (2023, Edition.FMT2019, "2019年试行格式", "2021年修订的格式"),
        (2020, Edition.FMT2021, "2021年修订的格式", "2019年试行格式"),
    ],
)
def test_a_wrong_edition_is_told_with_both_names(year: int, used: Edition, name: str, due: str) -> None:
    subject = report(year=year, t2=table("t2", used), t3=table("t3", used))
    verdicts = judge("TAB-02", subject)
    assert [(v.address, v.found, v.expected) for v in verdicts] == [("t2", name, due), ("t3", name, due)]
    assert [v.message[:2] for v in verdicts] == ["表二", "表三"]


def test_without_other_handling_table_three_shows_no_edition() -> None:
    lost = [r.key for r in form.T3_2021.rows if r.group == "other"]
    subject = report(t3=without(table("t3"), *lost))
    assert outcomes("TAB-02", subject) == [(Outcome.PASS, "t2"), (Outcome.NOT_EVALUATED, "t3")]


def test_headers_known_by_place_alone_are_no_marks_of_an_edition() -> None:
    old = table("t2", Edition.FMT2019)
    headers = tuple(replace(h, match=Match.POSITION) for h in old.grids[0].headers)
    assert told("TAB-02", report(t2=with_block(table("t2"), old, "item1", headers=headers))) == []


def test_headers_that_were_not_read_are_not_judged() -> None:
    subject = report(t3=shaped(table("t3"), headers=()), t4=shaped(table("t4"), headers=()))
    assert [v for v in outcomes("TAB-03", subject) if v[0] is not Outcome.PASS] == [(Outcome.NOT_EVALUATED, "t3.*")]


def test_a_wrong_header_is_told_with_its_item() -> None:
    headers = table("t2").grids[0].headers
    wrong = replace(headers[0], printed=passage("本年制作件数", "t2.*.issued"), match=Match.POSITION)
    absent = replace(headers[1], printed=passage("", "t2.*.repealed"), match=Match.POSITION)
    subject = report(t2=shaped(table("t2"), headers=(wrong, absent, headers[2])))
    (verdict,) = (v for v in judge("TAB-03", subject) if v.outcome == "fail")
    assert (verdict.address, verdict.expected) == ("t2.*.issued", "本年制发件数")
    assert "第二十条第（一）项" in verdict.message


@pytest.mark.parametrize(
    ("match", "severity"), [(Match.TYPO, Severity.WARNING), (Match.SHORTENED, Severity.INFO), (Match.ALIAS, None)]
)
def test_a_header_is_told_as_grave_as_it_deviates(match: Match, severity: Severity | None) -> None:
    first, *others = table("t2").grids[0].headers
    printed = replace(first, printed=passage("制发件数", "t2.*.issued"), match=match)
    found = judge("TAB-03", report(t2=shaped(table("t2"), headers=(printed, *others))))
    assert [v.severity for v in found if v.outcome == "fail"] == ([severity] if severity else [])


def test_without_a_year_no_edition_is_wrong() -> None:
    subject = report(t2=table("t2", Edition.FMT2019))
    unknown = replace(subject, identity=replace(subject.identity, year=None))
    assert [v.outcome for v in judge("TAB-02", unknown)] == [Outcome.NOT_EVALUATED]


def test_one_mark_of_another_edition_is_too_little() -> None:
    old = next(g for g in table("t2", Edition.FMT2019).grids if g.key == "item5")
    new = table("t2")
    mixed = replace(new, grids=tuple(replace(old, headers=()) if g.key == "item5" else g for g in new.grids))
    assert told("TAB-02", report(t2=mixed)) == []


def test_the_message_of_a_wrong_edition_names_block_labels_and_year() -> None:
    old = next(g for g in table("t2", Edition.FMT2019).grids if g.key == "item1")
    new = table("t2")
    mixed = replace(new, grids=(old, *new.grids[1:]))
    message = judge("TAB-02", report(t2=mixed))[0].message
    assert "第二十条第（一）项" in message
    assert "本年新制作数量" in message
    assert "2023 年度" in message


@pytest.mark.parametrize(
    ("match", "severity"),
    [(Match.TYPO, Severity.WARNING), (Match.SHORTENED, Severity.INFO), (Match.ALIAS, Severity.INFO)],
)
def test_a_row_label_is_told_as_grave_as_it_deviates(match: Match, severity: Severity) -> None:
    subject = report(t3=relabelled(table("t3"), "granted_partial", "（二）部分公开", match))
    found = [v for v in judge("TAB-04", subject) if v.outcome == "fail"]
    assert [(v.address, v.severity, v.found) for v in found] == [("t3.granted_partial", severity, "（二）部分公开")]


def test_a_row_known_by_its_place_is_a_doubt() -> None:
    subject = report(t3=relabelled(table("t3"), "granted_partial", "部份", Match.POSITION))
    assert told("TAB-04", subject) == [(Outcome.REVIEW, "t3.granted_partial")]


def test_a_missing_row_is_an_error() -> None:
    assert told("TAB-04", report(t3=without(table("t3"), "other_misc"))) == [(Outcome.FAIL, "t3.other_misc")]


def test_every_missing_block_and_row_of_table_two_is_told() -> None:
    kept = tuple(g for g in table("t2").grids if g.key not in ("item1", "item8"))
    subject = report(t2=replace(table("t2"), grids=kept))
    assert told("TAB-04", subject) == [(Outcome.FAIL, "t2.item1"), (Outcome.FAIL, "t2.fees")]
    split = Remark(RemarkKind.TABLE_SPLIT, "t2.item5")
    doubted = told("TAB-04", replace(subject, remarks=(split,)))
    assert doubted == [(Outcome.REVIEW, "t2.item1"), (Outcome.REVIEW, "t2.fees")]


def test_a_break_in_another_block_loses_no_row() -> None:
    split = Remark(RemarkKind.TABLE_SPLIT, "t2.item5")
    subject = report(t2=without(table("t2"), "normative_docs"), remarks=(split,))
    assert told("TAB-04", subject) == [(Outcome.FAIL, "t2.normative_docs")]


def test_one_doubtful_cell_casts_doubt_on_a_missing_row() -> None:
    read = figures_changed(table("t3"), {"t3.carried_in.ngo"}, confidence=0.8)
    assert told("TAB-04", report(t3=without(read, "other_misc"))) == [(Outcome.REVIEW, "t3.other_misc")]


@pytest.mark.parametrize("kind", [RemarkKind.TABLE_SPLIT, RemarkKind.ASSUMED])
def test_where_reading_left_a_doubt_a_row_may_be_lost(kind: RemarkKind) -> None:
    subject = report(t3=without(table("t3"), "other_misc"), remarks=(Remark(kind, "t3"),))
    assert told("TAB-04", subject) == [(Outcome.REVIEW, "t3.other_misc")]
    elsewhere = report(t3=without(table("t3"), "other_misc"), remarks=(Remark(kind, "t2.item5"),))
    assert told("TAB-04", elsewhere) == [(Outcome.FAIL, "t3.other_misc")]


def test_a_row_at_a_page_cut_may_be_lost() -> None:
    rows = [r.key for r in form.T3_2021.rows]
    lines = []
    for index, line in enumerate(table("t3").grids[0].lines):
        place = Place(page=1 if index < rows.index("unable_not_held") else 2)
        printed = replace(line.label.printed, anchors=(Anchor("t3", place),))
        lines.append(replace(line, label=replace(line.label, printed=printed)))
    paged = shaped(table("t3"), lines=tuple(lines))
    lost = {row: told("TAB-04", report(t3=without(paged, row))) for row in rows}
    doubted = {row for row in rows if lost[row] == [(Outcome.REVIEW, f"t3.{row}")]}
    assert doubted == {"denied_admin_query", "unable_not_held"}
    assert all(lost[row] == [(Outcome.FAIL, f"t3.{row}")] for row in rows if row not in doubted)


def test_a_stranger_in_the_table_may_be_the_missing_row() -> None:
    stranger = ExtraLine(passage("3.撤回申请", "t3"), (figure("t3", "1"),), "other_unpaid_fee")
    subject = report(t3=shaped(without(table("t3"), "other_misc"), extra_lines=(stranger,)))
    assert told("TAB-04", subject) == [(Outcome.REVIEW, "t3.other_misc")]


def test_one_misread_table_is_one_doubt() -> None:
    lost = [r.key for r in form.T3_2021.rows][5:15]
    assert told("TAB-04", report(t3=without(table("t3"), *lost))) == [(Outcome.REVIEW, "t3")]
    (verdict,) = (v for v in judge("TAB-04", report(t3=without(table("t3"), *lost))) if v.outcome == "review")
    first = wording.row_word("t3", lost[0])
    assert verdict.expected == first
    assert f"有 10 行没有找到（“{first}”等）" in verdict.message


def test_a_few_missing_rows_are_told_one_by_one() -> None:
    lost = [r.key for r in form.T3_2021.rows][5:10]
    subject = report(t3=without(table("t3"), *lost))
    assert told("TAB-04", subject) == [(Outcome.FAIL, f"t3.{row}") for row in lost]
    assert {len(v.anchors) for v in judge("TAB-04", subject) if v.outcome == "fail"} == {1}


@pytest.mark.parametrize(
    ("kind", "level", "outcome", "severity"),
    [
        (AgencyType.TOWNSHIP, None, "fail", Severity.ERROR),
        (AgencyType.DEPT, "county", "fail", Severity.ERROR),
        (AgencyType.VERTICAL, "city", "fail", Severity.WARNING),
        (AgencyType.GOVERNMENT, "city", "pass", None),
        (AgencyType.DEPT, "province", "pass", None),
        (AgencyType.DEPT, None, "not_evaluated", None),
        (None, None, "not_evaluated", None),
    ],
)
def test_regulations_by_kind_and_level(
    kind: AgencyType | None, level: str | None, outcome: str, severity: Severity | None
) -> None:
    who = Identity("×", kind, level, 2023)
    subject = replace(report(t2=table("t2", cells={"t2.regulations.in_force": "6"})), identity=who)
    assert [(v.outcome, v.severity) for v in judge("TAB-16", subject)] == [(outcome, severity)]
    empty = replace(report(), identity=who)
    assert [v.outcome for v in judge("TAB-16", empty)] == [Outcome.PASS]


def test_places_in_suggestions_are_filled() -> None:
    subject = report(
        t2=table("t2", cells={"t2.licensing.decisions": "/"}),
        t3=relabelled(without(table("t3"), "other_misc"), "granted_partial", "部分公幵", Match.TYPO),
    )
    for code in ("TAB-04", "TAB-06"):
        for verdict in judge(code, subject):
            if verdict.outcome == "fail":
                words = {"found": verdict.found, "expected": verdict.expected, **verdict.values}
                assert "None" not in CATALOGUE[code].suggestion.format_map(words)
