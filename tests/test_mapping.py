"""A printed table that recognition did not use, assigned to the form by hand: what is proposed, and what comes of it."""

from dataclasses import replace

import desk
import pytest

from gdcore import form, mapping, mending, readers
from gdcore.document import Document, Table
from gdcore.mapping import ABREAST, Assignment
from gdcore.recognise import recognise

LABELS = {row.key: row.label for row in form.T3_2021.rows}


def opened(fmt, **change):
    document = readers.read(desk.report(fmt=fmt, **change))
    return document, recognise(document, f"年报.{fmt}")


def reworded(document: Document, words) -> Document:
    """The document with every label cell in its tables said in other words."""

    def cell(c):
        return c if not c.text.strip() or c.text.strip().isdigit() else replace(c, text=words)

    blocks = [
        replace(b, rows=tuple(tuple(map(cell, row)) for row in b.rows)) if isinstance(b, Table) else b
        for b in document.blocks
    ]
    return replace(document, blocks=tuple(blocks))


def largest(found):
    return max(found, key=lambda each: len(each.rows))


@pytest.mark.parametrize("fmt", ["html", "docx", "txt"])
def test_rows_without_known_labels_are_proposed_by_their_order(fmt):
    document, report = opened(fmt)
    strange = reworded(document, "某情形")
    blind = recognise(strange, f"年报.{fmt}")
    assert blind.t3 is None
    table = largest(mapping.tables(strange, blind))
    assert not table.used
    proposed = mapping.propose(table.rows, form.T3_2021)
    assert list(proposed.rows.values()) == [row.key for row in form.T3_2021.rows]
    grid = mapping.grid(table.rows, form.T3_2021, proposed)
    assert {a: f.raw for a, f in grid.cells()} == {a: f.raw for a, f in report.t3.cells().items()}


def test_known_labels_are_proposed_and_a_table_in_use_is_told():
    document, report = opened("html")
    table = largest(mapping.tables(document, report))
    assert table.used
    proposed = mapping.propose(table.rows, form.T3_2021)
    assert sorted(proposed.rows.values()) == sorted(LABELS)
    figures = dict(mapping.grid(table.rows, form.T3_2021, proposed).cells())
    assert figures == report.t3.cells()


def test_table_four_is_proposed_as_one_row_of_fifteen():
    document, report = opened("html", set={"t4.review.upheld": "3", "t4.review.total": "3"})
    table = next(t for t in mapping.tables(document, report) if t.block == _block(report.t4))
    proposed = mapping.propose(table.rows, form.T4)
    assert list(proposed.rows.values()) == [ABREAST]
    assert dict(mapping.grid(table.rows, form.T4, proposed).cells()) == report.t4.cells()


def _block(table):
    return next(a.block for f in table.cells().values() for a in f.anchors)


def test_a_row_with_too_few_cells_is_left_out_and_one_named_twice_counts_once():
    document, report = opened("html")
    rows = largest(mapping.tables(document, report)).rows
    proposed = mapping.propose(rows, form.T3_2021)
    first, second = list(proposed.rows)[:2]
    column = mapping.columns(rows)[-1]
    assert mapping.grid(rows, form.T3_2021, Assignment(column, proposed.rows)).lines == ()
    twice = Assignment(proposed.column, {first: "new_received", second: "new_received"})
    (line,) = mapping.grid(rows, form.T3_2021, twice).lines
    assert line.figures[0].anchors[0].place == mapping.values(rows[first], proposed.column, 7)[0].place


def test_an_assigned_table_is_judged_like_any_other_and_its_unread_parts_by_nobody():
    document, _ = opened("html", set={"t3.carried_out.natural_person": "77"})
    strange = reworded(document, "某情形")
    blind = recognise(strange, "年报.html")
    rows = largest(mapping.tables(strange, blind)).rows
    grid = mapping.grid(rows, form.T3_2021, mapping.propose(rows, form.T3_2021))
    from gdcore import checking, profile, settings

    mended = mending.apply(blind, [mending.TableMend(grid)])
    checked = checking.check(checking.Facts(mended, profile.load("national", settings.load({}))))
    about = [(f.rule, f.address) for f in checked.findings if f.address.startswith("t3")]
    assert about == [("SUM-03", "t3.carried_out.total")]
