"""Corrections of a reading in the store: they outlive re-checks and re-reads, are taken back, and stay with their file."""

from dataclasses import replace
from pathlib import Path

import desk
import pytest
from alembic import command
from alembic.config import Config
from desk import EAST, report, take
from sqlalchemy import create_engine

from gdcore import assessing, correcting, intake, judging, processing
from gdcore import roster as roster_files
from gdcore.mending import CellMend, TableMend
from gdcore.serial import Packed
from gdcore.store import migrations, open_store, queries, roster
from gdcore.store.mends import Word
from gdcore.store.rows import FindingFilter

CELL = "t3.carried_out.natural_person"
WRONG = {"set": {CELL: "77"}}
BY = Word("周岚", "原件第 2 页印的是 1")


def view(store, **which):
    found = queries.report_view(store, **({"agency_key": EAST, "year": 2023} | which))
    assert found is not None
    return found


def rules(store):
    return [row.finding.rule for row in queries.findings(store, FindingFilter(year=2023)).rows]


@pytest.fixture
def mended(store):
    """A report whose cell was misread, and corrected."""
    take(store, ("年报.txt", report(**WRONG)))
    assert rules(store) == ["SUM-03"]
    correcting.mend(store, view(store).report_id, [CellMend(CELL, "1")], BY)
    return view(store)


def recheck(store, report_id, read):
    assessing.recheck(store, report_id, Packed.of(read))


def told(found):
    return [(m.address, m.read, m.raw, m.actor, m.reason, m.in_force) for m in found.mends]


ONE = [(CELL, "77", "1", "周岚", "原件第 2 页印的是 1", True)]


def test_a_correction_is_checked_and_scored_at_once(store, mended):
    assert rules(store) == []
    assert (mended.score.total, mended.report.cells()[CELL].raw, told(mended)) == (100, "1", ONE)
    assert queries.agencies(store, 2023)[0].total == 100


def test_it_survives_a_re_check(store, mended):
    assert intake.recheck_year(store) == 1
    assert told(view(store)) == ONE
    assert rules(store) == []


def test_it_survives_a_re_read_by_another_engine(store, mended, monkeypatch):
    monkeypatch.setattr(judging, "engine_name", lambda *_: "another")
    (row,) = take(store, ("年报.txt", report(**WRONG))).results
    assert row.state == "unchanged"
    assert (rules(store), told(view(store))) == ([], ONE)
    assert view(store).report.cells()[CELL].correction.read == "77"


def test_what_was_read_stays_stored_and_counts_again_once_it_is_taken_back(store, mended):
    correcting.undo(store, mended.report_id, [mended.mends[0].mend_id], "周岚")
    after = view(store)
    assert (rules(store), after.report.cells()[CELL].raw) == (["SUM-03"], "77")
    assert after.report == processing.read_report(report(**WRONG), "年报.txt")
    (row,) = after.mends
    assert (row.in_force, row.undone_by, row.undone_at is not None) == (False, "周岚", True)
    with pytest.raises(intake.NotPossible, match="已被撤销"):
        correcting.undo(store, mended.report_id, [mended.mends[0].mend_id], "周岚")


def test_another_correction_of_the_cell_ends_the_first(store, mended):
    correcting.mend(store, mended.report_id, [CellMend(CELL, "2")], BY)
    assert [(m.raw, m.in_force) for m in view(store).mends] == [("2", True), ("1", False)]
    assert rules(store) == ["SUM-03"]


def test_setting_back_what_was_read_ends_the_correction(store, mended):
    correcting.mend(store, mended.report_id, [CellMend(CELL, "77")], BY)
    assert [m.in_force for m in view(store).mends] == [False]
    assert view(store).report.cells()[CELL].correction is None


def test_a_new_version_does_not_inherit_it_and_shows_it_as_the_one_befores(store, mended):
    take(store, ("新.txt", report(**WRONG, replace={"业务培训": "培训"})))
    newest = view(store)
    assert (newest.version, newest.report.cells()[CELL].raw) == (2, "77")
    assert [(m.version, m.in_force) for m in newest.mends] == [(1, False)]
    assert [(m.version, m.in_force) for m in view(store, version=1).mends] == [(1, True)]


def test_it_goes_with_a_report_that_is_moved_to_another_year(store, mended):
    saved = intake.correct_identity(store, mended.report_id, EAST, 2022)
    moved = view(store, year=2022)
    assert (moved.report_id, moved.report.cells()[CELL].raw, told(moved)) == (saved.report_id, "1", ONE)
    correcting.undo(store, moved.report_id, [moved.mends[0].mend_id], "周岚")
    assert view(store, year=2022).report.cells()[CELL].raw == "77"
    assert view(store, year=2022).report.identity.year == 2022


def test_next_years_report_is_checked_against_the_corrected_one(store):
    take(store, ("去年.txt", report()), ("今年.txt", report(year=2024)))
    before = view(store, year=2024).checked_at
    correcting.mend(store, view(store).report_id, [CellMend(CELL, "5")], BY)
    assert view(store, year=2024).checked_at > before


def test_the_governments_report_above_is_checked_against_the_corrected_one(store):
    rows = f"单位名称,编号,类型,上级单位\n云泽县人民政府,G,政府,\n{EAST},E,街道,云泽县人民政府\n"
    roster.take(store, roster_files.parse(rows.encode(), "名录.csv").entries)
    take(store, ("街道.txt", report()), ("政府.txt", report("云泽县人民政府", kind="government")))
    before = view(store, agency_key="G").checked_at
    correcting.mend(store, view(store, agency_key="E").report_id, [CellMend(CELL, "5")], BY)
    assert view(store, agency_key="G").checked_at > before


def test_one_that_fits_nothing_after_a_re_read_is_kept_and_told(store, mended, monkeypatch):
    blind = replace(processing.read_report(report(**WRONG), "年报.txt"), t3=None)
    recheck(store, mended.report_id, blind)
    assert [(m.address, m.in_force, m.undone_at) for m in view(store).mends] == [(CELL, False, None)]
    recheck(store, mended.report_id, processing.read_report(report(**WRONG), "年报.txt"))
    assert told(view(store)) == ONE


def test_an_assigned_table_survives_and_is_taken_back(store):
    take(store, ("年报.txt", report()))
    whole = view(store).report
    recheck(store, view(store).report_id, replace(whole, t3=None))
    assert view(store).report.t3 is None
    correcting.mend(store, view(store).report_id, [TableMend(whole.t3.grids[0])], BY)
    intake.recheck_year(store)
    assert {a: f.raw for a, f in view(store).report.cells().items()} == {a: f.raw for a, f in whole.cells().items()}
    (row,) = view(store).mends
    assert (row.address, row.raw, row.in_force) == ("t3", None, True)
    correcting.undo(store, view(store).report_id, [row.mend_id], "周岚")
    assert view(store).report.t3 is None


@pytest.mark.parametrize(
    ("cells", "reason", "sentence"),
    [
        ([CellMend(CELL, "1")], " ", "请填写更正依据"),
        ([CellMend(CELL, "77")], "看原件", "没有改动"),
        ([CellMend("t3.other_handling.total", "1")], "看原件", "没有“表三"),
    ],
)
def test_what_cannot_be_carried_out_says_so_and_writes_nothing(store, cells, reason, sentence):
    take(store, ("年报.txt", report(**WRONG)))
    with pytest.raises(intake.NotPossible, match=sentence):
        correcting.mend(store, view(store).report_id, cells, Word("周岚", reason))
    assert view(store).mends == ()


def test_half_an_unread_row_is_refused_with_its_name(store):
    take(store, ("年报.txt", report()))
    known = view(store)
    (grid,) = known.report.t3.grids
    lines = tuple(replace(x, figures=()) if x.label.key == "granted_full" else x for x in grid.lines)
    blind = replace(known.report, t3=replace(known.report.t3, grids=(replace(grid, lines=lines),)))
    recheck(store, known.report_id, blind)
    with pytest.raises(intake.NotPossible, match="（一）予以公开”原来没有识别出来，请把其中各格填全"):
        correcting.mend(store, known.report_id, [CellMend("t3.granted_full.total", "1")], BY)


def test_a_change_meanwhile_is_noticed_and_tried_again(store, mended, monkeypatch):
    """Someone else's correction between check and save is not written over."""
    check = judging.judge
    other = [CellMend("t3.carried_in.natural_person", "9")]

    def meanwhile(*arguments):
        monkeypatch.setattr(judging, "judge", check)
        correcting.mend(store, mended.report_id, other, Word("吴桐", "看原件"))
        return check(*arguments)

    monkeypatch.setattr(judging, "judge", meanwhile)
    correcting.mend(store, mended.report_id, [CellMend(CELL, "3")], BY)
    cells = view(store).report.cells()
    assert (cells[CELL].raw, cells["t3.carried_in.natural_person"].raw) == ("3", "9")


def test_samples_take_their_corrections_with_them(store):
    take(store, ("年报.txt", report(**WRONG)), sample=True)
    correcting.mend(store, view(store).report_id, [CellMend(CELL, "1")], BY)
    queries.clear_samples(store)
    take(store, ("年报.txt", report(**WRONG)))
    assert (view(store).mends, rules(store)) == ((), ["SUM-03"])


def test_a_store_from_before_corrections_is_brought_up_to_date(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    store = open_store(replace(desk.settings_in(tmp_path), database_url=f"sqlite:///{tmp_path / 'old.db'}"))
    take(store, ("年报.txt", report(**WRONG)))
    correcting.mend(store, view(store).report_id, [CellMend(CELL, "1")], BY)
    assert told(view(store)) == ONE
    store.close()
