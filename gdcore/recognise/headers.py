"""Column headers as printed, matched with the form's; and the passages that table parts become."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gdcore import form, text
from gdcore.document import Cell
from gdcore.figure import Passage
from gdcore.place import Anchor
from gdcore.recognise.labels import how_alike
from gdcore.report import Label, Match


def passage(cell: Cell, address: str, block: int, confidence: float = 1.0) -> Passage:
    """A cell's text on one line, as evidence at `address`."""
    return Passage(text.collapse(cell.text), (Anchor(address, cell.place, block),), confidence)


def match_columns(
    printed: Sequence[tuple[int, Cell]], columns: Sequence[form.Column], address: str
) -> tuple[tuple[Label, ...], tuple[tuple[int, Cell], ...]]:
    """(labels of the columns that are printed, header cells left over), from (block, cell) pairs in reading order.

    Equal ones first, then slips, then a single stranger for the single column left: “position unique” of TAB-03.
    """
    left = [(_core(header[1]), header) for header in printed]
    labels: dict[str, Label] = {}
    for how in (_equal, how_alike):
        for column in columns:
            if column.key in labels:
                continue
            template = form.label_core(column.label)
            for hit in left:
                if match := how(hit[0], template):
                    left.remove(hit)
                    labels[column.key] = _label(column, hit[1], match, address)
                    break
    missing = [c for c in columns if c.key not in labels]
    words = [one for one in left if one[0]]
    if len(missing) == len(words) == 1:
        labels[missing[0].key] = _label(missing[0], words[0][1], Match.POSITION, address)
        left.remove(words[0])
    return tuple(labels[c.key] for c in columns if c.key in labels), tuple(header for _, header in left)


def _core(cell: Cell) -> str:
    """A header's matching form; a year put into it (本年(2023)制发件数) is no deviation."""
    return text.years_out(form.label_core(cell.text))


def _equal(core: str, template: str) -> Match | None:
    return Match.EXACT if core == template else None


def _label(column: form.Column, hit: tuple[int, Cell], match: Match, address: str) -> Label:
    block, cell = hit
    return Label(column.key, passage(cell, f"{address}.{column.key}", block), column.label, match)


def stacked(printed: Iterable[tuple[int, Cell]]) -> list[tuple[int, Cell]]:
    """Header cells of a true grid with those that stand below each other in one column joined (商业 over 企业)."""
    joined: dict[tuple[int, int, int], tuple[int, Cell]] = {}
    for block, cell in printed:
        key = (block, cell.column, cell.column_span)
        if key in joined:
            above = joined[key][1]
            cell = Cell(above.text + cell.text, above.place, above.row, above.column, above.row_span, above.column_span)
        joined[key] = (block, cell)
    return list(joined.values())
