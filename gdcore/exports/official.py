"""The sums of an area in the layout of the official format, as workbook and Word file print them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from gdcore import aggregation, form, wording
from gdcore.aggregation import Comparison, Sum, Totals
from gdcore.form import AGENCY_TYPE_NAMES, Edition
from gdcore.samples.compose import printed_block
from gdcore.samples.layout import Grid, grids
from gdcore.samples.model import StatTable
from gdcore.tally import TABLES

NOTHING = "—"


def layout(table: str, edition: Edition) -> Grid:
    """The table's cells with their merges; the text of a value cell is its address."""
    blocks = (printed_block(b, {a: a for a in b.addresses()}) for b in form.blocks(table, edition))
    return grids(StatTable(table, "", tuple(blocks)))[0]


def heading(table: str) -> str:
    """The heading of the section that a table stands in."""
    return form.SECTION_BY_KEY[form.TABLE_SECTIONS[table]].heading


def title(totals: Totals) -> str:
    """What the sums are of."""
    return f"{totals.scope.name}{totals.year}年度政府信息公开年报数据汇总"


def scope_note(totals: Totals) -> str:
    """Who is added up, in one sentence."""
    kinds = "、".join(AGENCY_TYPE_NAMES[kind] for kind in totals.scope.kinds)
    only = f"只含{kinds}，" if kinds else ""
    apart = f"，另有 {len(totals.scope.left_out)} 家按名录或口径不计入" if totals.scope.left_out else ""
    return f"{only}应计入 {len(totals.scope.members)} 家{apart}。未识别、空白的单元格不作 0 计。"


def coverage_note(totals: Totals, table: str) -> str:
    """Who is counted in a table, in one sentence."""
    cover = totals.coverage[table]
    return f"{form.TABLE_NAMES[table]}{aggregation.headline(cover)}{aggregation.shortfall(cover)}"


def lacking_notes(totals: Totals, table: str) -> Iterator[str]:
    """The cells in which not all that are counted in their table are counted, row by row."""
    lacking = [cell for cell in totals.table(table) if totals.lacking(cell)]
    for row, members in groupby(lacking, key=lambda cell: cell.address.rpartition(".")[0]):
        cells = list(members)
        prefix, _, key = row.partition(".")
        whole = sum(cell.address.startswith(f"{row}.") for cell in totals.table(table))
        for covered in dict.fromkeys(cell.covered for cell in cells):
            columns = [words(cell)[2] for cell in cells if cell.covered == covered]
            where = "各列" if len(columns) == whole > 1 else "、".join(columns)
            yield f"{wording.row_word(prefix, key)}（{where}）覆盖 {covered} 家"


def words(cell: Sum) -> tuple[str, str, str]:
    """Table, row and column of a cell, as the form prints them."""
    prefix, row, column = cell.address.split(".")
    return form.TABLE_NAMES[prefix], wording.row_word(prefix, row), wording.column_word(prefix, column)


def compared(totals: Totals) -> list[Sum]:
    """The cells that differ from the government's own report; none where there is nothing to compare with."""
    possible = totals.comparison is Comparison.POSSIBLE
    return [cell for key in TABLES for cell in totals.differing(key)] if possible else []


def number(value: Decimal) -> int | float:
    """A number as a spreadsheet keeps it."""
    return int(value) if value == int(value) else float(value)
