"""TAB: the traps that no file of the generator shows."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from printed import NATIONAL, figure, passage, report, table

from gdcore import form
from gdcore.document import Format
from gdcore.form import AgencyType, Edition
from gdcore.place import Anchor, Place
from gdcore.report import ExtraLine, Identity, Match, Remark, RemarkKind, Report, StatTable
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Severity, Verdict


def judge(code: str, subject: Report, **more: Any) -> list[Verdict]:
    rule = CATALOGUE[code]
    known = {
        "report": subject,
        "t2": subject.t2,
        "profile": NATIONAL,
        "task": SimpleNamespace(year=None),
        **more,
    }
    return list(rule.judge(**{need: known[need] for need in rule.needs if need in known}))


def told(code: str, subject: Report, **more: Any) -> list[tuple[Outcome, str]]:
    """(outcome, address) of what becomes a finding."""
    return [(v.outcome, v.address) for v in judge(code, subject, **more) if v.outcome in ("fail", "review")]


def shaped(subject: StatTable, **fields: Any) -> StatTable:
    """The table with its first block changed."""
    return replace(subject, grids=(replace(subject.grids[0], **fields), *subject.grids[1:]))


def relabelled(subject: StatTable, row: str, printed: str, match: Match) -> StatTable:
    lines = tuple(
        replace(line, label=replace(line.label, printed=passage(printed, f"{subject.key}.{row}"), match=match))
        if line.label.key == row
        else line
        for line in subject.grids[0].lines
    )
    return shaped(subject, lines=lines)


def without(subject: StatTable, *rows: str) -> StatTable:
    return shaped(subject, lines=tuple(line for line in subject.grids[0].lines if line.label.key not in rows))


EMBEDDED = Remark(RemarkKind.EMBEDDED, "s3", (Anchor("s3", Place(line=9)),), "image")


def test_a_clean_report_has_nothing_told() -> None:
    codes = [c for c in CATALOGUE if c.startswith("TAB-") and c not in ("TAB-17", "TAB-18")]
    assert [c for c in codes if c != "TAB-15" and told(c, report())] == []


def test_a_table_seen_but_unreadable_is_not_missing() -> None:
    subject = report(t3=StatTable("t3", Edition.FMT2021, ()))
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


@pytest.mark.parametrize("kind", [RemarkKind.TABLE_SPLIT, RemarkKind.ASSUMED])
def test_where_reading_left_a_doubt_a_row_may_be_lost(kind: RemarkKind) -> None:
    subject = report(t3=without(table("t3"), "other_misc"), remarks=(Remark(kind, "t3"),))
    assert told("TAB-04", subject) == [(Outcome.REVIEW, "t3.other_misc")]
    elsewhere = report(t3=without(table("t3"), "other_misc"), remarks=(Remark(kind, "t2.item5"),))
    assert told("TAB-04", elsewhere) == [(Outcome.FAIL, "t3.other_misc")]


def test_a_row_at_a_page_cut_may_be_lost() -> None:
    rows = [r.key for r in form.T3_2021.rows]
    cut = rows.index("unable_not_held")
    lines = []
    for index, line in enumerate(without(table("t3"), "unable_not_held").grids[0].lines):
        place = Place(page=1 if index < cut else 2)
        printed = replace(line.label.printed, anchors=(Anchor("t3", place),))
        lines.append(replace(line, label=replace(line.label, printed=printed)))
    subject = report(t3=shaped(table("t3"), lines=tuple(lines)))
    assert told("TAB-04", subject) == [(Outcome.REVIEW, "t3.unable_not_held")]
    missing = [line for line in lines if line.label.key != "granted_full"]
    inside = report(t3=shaped(table("t3"), lines=tuple(missing)))
    assert (Outcome.FAIL, "t3.granted_full") in told("TAB-04", inside)


def test_a_stranger_in_the_table_may_be_the_missing_row() -> None:
    stranger = ExtraLine(passage("3.撤回申请", "t3"), (figure("t3", "1"),), "other_unpaid_fee")
    subject = report(t3=shaped(without(table("t3"), "other_misc"), extra_lines=(stranger,)))
    assert told("TAB-04", subject) == [(Outcome.REVIEW, "t3.other_misc")]


def test_one_misread_table_is_one_doubt() -> None:
    lost = [r.key for r in form.T3_2021.rows][5:15]
    assert told("TAB-04", report(t3=without(table("t3"), *lost))) == [(Outcome.REVIEW, "t3")]


def test_whole_blank_columns_are_told_as_columns() -> None:
    blank = {f"t3.{r.key}.{c}": "" for r in form.T3_2021.rows for c in ("business", "research")}
    verdict = next(v for v in judge("TAB-05", report(t3=table("t3", cells=blank))) if v.outcome == "fail")
    assert verdict.message == "表三有 50 个数据格空白：商业企业、科研机构 2 列整列空白"
    assert len(verdict.anchors) == 50
    assert verdict.severity is Severity.WARNING


def test_blanks_are_silent_where_the_profile_allows_them() -> None:
    subject = report(t3=table("t3", cells={"t3.carried_in.ngo": ""}))
    allowed = replace(NATIONAL, blank_allowed=True)
    assert [v.outcome for v in judge("TAB-05", subject, profile=allowed)] == [Outcome.NOT_APPLICABLE]


def test_what_is_no_number_is_told_with_what_it_prints() -> None:
    cells = {"t3.carried_in.ngo": "/", "t3.carried_in.total": "无", "t3.carried_out.ngo": "/"}
    verdict = next(v for v in judge("TAB-06", report(t3=table("t3", cells=cells))) if v.outcome == "fail")
    assert verdict.found == "/、无"
    assert verdict.message.startswith("表三有 3 个数据格不是数字：二、上年结转政府信息公开申请数量 · 社会公益组织“/”")


def widths(subject: StatTable, counts: dict[str, int]) -> StatTable:
    return shaped(
        subject,
        lines=tuple(
            replace(line, figures=(), printed=counts[line.label.key]) if line.label.key in counts else line
            for line in subject.grids[0].lines
        ),
    )


def test_a_row_of_another_width_is_told_with_both_counts() -> None:
    found = [v for v in judge("TAB-08", report(t3=widths(table("t3"), {"granted_full": 6}))) if v.outcome == "fail"]
    assert [(v.address, v.found, v.expected) for v in found] == [("t3.granted_full", "6 个", "7 个")]


def test_a_row_whose_cells_could_not_be_placed_is_not_told() -> None:
    assert told("TAB-08", report(t3=widths(table("t3"), {"granted_full": 7}))) == []


def test_a_row_without_any_cell_is_a_doubt() -> None:
    assert told("TAB-08", report(t3=widths(table("t3"), {"granted_full": 0}))) == [(Outcome.REVIEW, "t3.granted_full")]


def test_many_rows_of_one_wrong_width_are_one_finding() -> None:
    rows = {r.key: 6 for r in form.T3_2021.rows}
    assert told("TAB-08", report(t3=widths(table("t3"), rows))) == [(Outcome.FAIL, "t3")]
    mixed = {**rows, "granted_full": 5}
    assert told("TAB-08", report(t3=widths(table("t3"), mixed))) == [(Outcome.REVIEW, "t3")]


def test_fourteen_cells_of_table_four_are_one_finding() -> None:
    rows = dict.fromkeys(("review", "lit_direct", "lit_after"), 14)
    verdicts = [v for v in judge("TAB-08", report(t4=widths(table("t4"), rows))) if v.outcome == "fail"]
    assert [(v.address, v.expected) for v in verdicts] == [("t4", "15 个")]


def test_a_title_lost_at_a_break_is_not_told() -> None:
    subject = report(t2=shaped(table("t2"), title=None))
    assert told("TAB-09", subject) == [(Outcome.FAIL, "t2.item1")]
    broken = replace(subject, remarks=(Remark(RemarkKind.TABLE_SPLIT, "t2.item1"),))
    assert told("TAB-09", broken) == []


def test_an_added_row_without_numbers_is_not_told() -> None:
    empty = ExtraLine(passage("备注", "t3"), (figure("t3", ""), figure("t3", "")), "carried_out")
    assert told("TAB-11", report(t3=shaped(table("t3"), extra_lines=(empty,)))) == []


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
