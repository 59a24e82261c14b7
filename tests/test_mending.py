"""What a person corrected, put into a report: both values kept, half a row without effect, other cells untouched."""

from dataclasses import replace
from decimal import Decimal

import desk
import pytest

from gdcore import checking, mending, profile, settings, wording
from gdcore.exports import csv
from gdcore.exports import json as exported
from gdcore.mending import MAPPED, CellMend, TableMend
from gdcore.place import Correction
from gdcore.processing import read_report
from gdcore.report import RemarkKind
from gdcore.selfcheck import CHECKED, FileResult

CELL = "t3.carried_out.natural_person"
ROW = "granted_full"


def read(**change):
    return read_report(desk.report(**change), "年报.txt")


def without_rows(report, *rows):
    """The report with rows of table 三 seen, their values unread."""
    (grid,) = report.t3.grids
    lines = tuple(replace(x, figures=(), printed=6) if x.label.key in rows else x for x in grid.lines)
    return replace(report, t3=replace(report.t3, grids=(replace(grid, lines=lines),)))


def row(report, key=ROW):
    return [
        CellMend(a, str(n)) for n, a in enumerate(a for a in report.t3.grids[0].form.addresses() if f".{key}." in a)
    ]


def checked(report):
    return checking.check(checking.Facts(report, profile.load("national", settings.load({}))))


def test_a_corrected_cell_keeps_what_was_read_and_is_certain():
    report = read(set={CELL: "1O"})
    mended = mending.apply(report, [CellMend(CELL, "10")])
    figure = mended.cells()[CELL]
    assert (figure.value, figure.raw, figure.confidence) == (Decimal(10), "10", 1.0)
    assert figure.correction == Correction("10", "1O")
    assert replace(figure.anchors[0], correction=None) == report.cells()[CELL].anchors[0]
    assert {a: f for a, f in mended.cells().items() if a != CELL} == {
        a: f for a, f in report.cells().items() if a != CELL
    }


@pytest.mark.parametrize(("raw", "value"), [("", None), ("/", None), ("1,234", Decimal(1234))])
def test_what_is_typed_is_read_as_if_it_were_printed(raw, value):
    figure = mending.apply(read(), [CellMend(CELL, raw)]).cells()[CELL]
    assert (figure.value, figure.raw, figure.blank) == (value, raw, raw == "")


def test_a_cell_that_reads_by_now_as_it_was_corrected_says_so():
    report = read(set={CELL: "7"})
    figure = mending.apply(report, [CellMend(CELL, "7")]).cells()[CELL]
    assert (figure.correction, figure.confidence) == (Correction("7", "7"), 1.0)
    assert wording.correction(figure.correction) == "识别为“7”，人工核对一致"


def test_an_unread_row_counts_once_it_is_given_whole():
    report = without_rows(read(), ROW)
    whole = row(report)
    mended = mending.apply(report, whole)
    assert [f.raw for f in mended.t3.grids[0].line(ROW).figures] == [str(n) for n in range(7)]
    assert all(mending.in_force(mended, m) for m in whole)
    assert mended.cells()[whole[0].address].correction == Correction("0", None)
    half = mending.apply(report, whole[:6])
    assert half.t3.grids[0].line(ROW).figures == ()
    assert not any(mending.in_force(half, m) for m in whole[:6])
    assert mending.partial(report, whole[:6], whole[:1]) == [f"t3.{ROW}"]
    assert mending.partial(report, whole, whole) == []


def test_a_row_that_was_not_found_takes_its_place_among_the_others():
    report = read()
    (grid,) = report.t3.grids
    order = [line.label.key for line in grid.lines]
    gone = replace(grid, lines=tuple(line for line in grid.lines if line.label.key != ROW))
    report = replace(report, t3=replace(report.t3, grids=(gone,)))
    mended = mending.apply(report, row(report))
    assert [line.label.key for line in mended.t3.grids[0].lines] == order
    assert not [f for f in checked(mended).findings if f.rule.startswith("TAB")]


def test_a_block_that_was_not_read_counts_once_it_is_given_whole():
    report = read()
    report = replace(report, t2=replace(report.t2, grids=report.t2.grids[1:]))
    cells = [CellMend(a, "0") for a in ("t2.regulations", "t2.normative_docs") for a in _row_of(a)]
    mended = mending.apply(report, cells)
    assert [g.key for g in mended.t2.grids] == ["item1", "item5", "item6", "item8"]
    assert not [f for f in checked(mended).findings if f.rule in ("TAB-03", "TAB-04", "TAB-09")]
    assert mending.apply(report, cells[:5]) == report
    assert mending.partial(report, cells[:5], cells[:1]) == ["t2.item1"]


def _row_of(prefix):
    return [f"{prefix}.{column}" for column in ("issued", "repealed", "in_force")]


def test_a_mend_that_fits_nothing_is_left_out():
    report = read()
    stale = [CellMend("t3.other_handling.total", "3"), CellMend("t2_2019.licensing.decisions", "3")]
    assert mending.apply(report, stale) == report
    assert not any(mending.in_force(report, m) for m in stale)
    assert not any(mending.is_mendable(report, m.address) for m in stale)


def test_an_assigned_table_is_marked_cell_by_cell():
    report = read()
    grid, missing = report.t3.grids[0], replace(report, t3=None)
    mended = mending.apply(missing, [TableMend(grid)])
    assert mended.t3.edition is report.t3.edition
    figure = mended.cells()[CELL]
    assert figure.correction == Correction(figure.raw, None, mapped=True)
    assert [(r.kind, r.address, r.text) for r in mended.remarks] == [(RemarkKind.ASSUMED, "t3", MAPPED)]
    again = mending.apply(missing, [TableMend(grid), CellMend(CELL, "77")]).cells()[CELL]
    assert again.correction == Correction("77", figure.raw)


def test_an_assigned_table_wins_over_what_was_read_and_marks_what_differs():
    report, other = read(), read(set={CELL: "77"})
    mended = mending.apply(report, [TableMend(other.t3.grids[0])])
    marked = {a for a, f in mended.cells().items() if f.correction}
    assert marked == {CELL}
    assert mended.cells()[CELL].correction == Correction("77", report.cells()[CELL].raw, mapped=True)


def test_a_finding_on_a_corrected_cell_tells_both_values():
    report = mending.apply(read(), [CellMend(CELL, "77")])
    (finding,) = [f for f in checked(report).findings if f.rule == "SUM-03"]
    told = "人工更正：表三 · 四、结转下年度继续办理 · 自然人：原识别“1”，更正为“77”"
    assert told in finding.message
    assert exported.finding(finding)["mended"] == {CELL: {"read": "1", "set": "77"}}
    assert told in str(csv.line(finding, desk.EAST, 2023, "pending", 0, "年报.txt", 1))


def test_the_cells_of_an_export_tell_what_had_been_read():
    mended = mending.apply(read(), [CellMend(CELL, "77")])
    cells = exported.entry(FileResult("年报.txt", None, None, CHECKED, report=mended))["cells"]
    assert (cells[CELL]["raw"], cells[CELL]["read"], cells[CELL]["mended"]) == ("77", "1", True)
    assert [a for a, cell in cells.items() if "mended" in cell] == [CELL]


def test_a_finding_on_many_assigned_cells_names_a_few():
    report = read(set={CELL: "77"})
    mended = mending.apply(replace(report, t3=None), [TableMend(report.t3.grids[0])])
    (finding,) = [f for f in checked(mended).findings if f.rule == "SUM-03"]
    assert finding.message.count("人工指定为") == 3
    assert " 格）" in finding.message


def test_a_table_published_as_a_picture_stays_one_when_a_cell_is_corrected():
    picture = read()
    (grid,) = picture.t3.grids
    dim = tuple(replace(x, figures=tuple(replace(f, confidence=0.9) for f in x.figures)) for x in grid.lines)
    seen = [replace(r, address="s3") for r in mending.apply(replace(picture, t3=None), [TableMend(grid)]).remarks]
    picture = replace(
        picture,
        t3=replace(picture.t3, grids=(replace(grid, lines=dim),)),
        remarks=tuple(replace(r, kind=RemarkKind.EMBEDDED, text="image") for r in seen),
    )
    mended = mending.apply(picture, [CellMend(CELL, "1")])
    assert "TAB-14" in [f.rule for f in checked(picture).findings]
    assert "TAB-14" in [f.rule for f in checked(mended).findings]
