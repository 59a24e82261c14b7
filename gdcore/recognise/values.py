"""The value cells of a printed row: which cells they are, and what certainly stands in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from gdcore import text
from gdcore.document import Cell
from gdcore.figure import Figure
from gdcore.place import Anchor
from gdcore.recognise.rows import PrintedRow

# Confidence of a number whose digits stand apart: they may be two cells' that lost their border; at 0.6 it is 待核.
SPACED_CONFIDENCE = 0.6


def split(
    row: PrintedRow, known: frozenset[str] = frozenset(), count: int = 0
) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
    """(label cells, value cells): values begin behind the last cell whose text is a `known` core, else behind the
    leading cells that can be no value. A word in a value cell (a slip of the pen) so stays among the values; only where
    more than `count` cells follow may a known label (a group's) have an unknown one (its row's) behind it.
    """
    last = -1
    for position, core in enumerate(row.cores):
        if core in known:
            last = position
    if last < 0:
        last = _leading(row.cells) - 1
    while 0 < count < len(row.cells) - last - 1 and not text.is_value(row.cells[last + 1].text):
        last += 1
    return row.cells[: last + 1], row.cells[last + 1 :]


def _leading(cells: Sequence[Cell]) -> int:
    """How many cells lead a row: labels, and merged blanks in front of one."""
    count = 0
    for number, cell in enumerate(cells, start=1):
        if not text.is_value(cell.text):
            count = number
        elif cell.text.strip():
            break
    return count


def windows(cells: Sequence[Cell], count: int) -> list[int]:
    """Where `count` neighbouring cells can begin so that all cells outside are blank."""
    if len(cells) == count:
        return [0]
    printed = [i for i, cell in enumerate(cells) if cell.text.strip()]
    first, last = (printed[0], printed[-1]) if printed else (0, -1)
    return [s for s in range(len(cells) - count + 1) if (not printed or s <= first) and last < s + count]


def usual_columns(rows: Iterable[tuple[PrintedRow, tuple[Cell, ...]]], count: int) -> Mapping[tuple[int, int], int]:
    """(block, position of the label) → column at which values usually begin, learned from rows that leave no doubt."""
    votes: dict[tuple[int, int], Counter[int]] = {}
    for row, values in rows:
        starts = windows(values, count)
        if len(starts) == 1:
            column = values[starts[0]].column
            votes.setdefault(kind_of(row, values), Counter())[column] += 1
    return {kind: counter.most_common(1)[0][0] for kind, counter in votes.items()}


def kind_of(row: PrintedRow, values: tuple[Cell, ...]) -> tuple[int, int]:
    """What rows are compared by: in true grids the block, in flat text also how deep the label stands."""
    return (row.block, values[0].column if row.flat and values else -1)


def picked(rows: Sequence[tuple[PrintedRow, tuple[Cell, ...]]], count: int) -> list[tuple[Cell, ...] | None]:
    """The `count` value cells of each row, as `pick` finds them among rows that are seen together."""
    whole = [values for _, values in rows]
    if all(len(values) == count and values[0].text.strip() for values in whole):  # nearly always: nothing to decide
        return list(whole)
    usual = usual_columns(rows, count)
    return [pick(row, values, count, usual) for row, values in rows]


def pick(
    row: PrintedRow, values: tuple[Cell, ...], count: int, usual: Mapping[tuple[int, int], int]
) -> tuple[Cell, ...] | None:
    """The `count` value cells of a row; None when it does not have them or leaves doubt which they are.

    Surplus blank cells (padding, remains of merges) are left out; where more than one reading is possible, the rows of
    the same kind decide, and where there are none, nobody does: values are never shifted on a guess.
    """
    starts = windows(values, count)
    wanted = usual.get(kind_of(row, values)) if values else None
    usually = [s for s in starts if values[s].column == wanted]
    if usually:
        starts = usually
    elif len(starts) == 1 and wanted is not None and not values[starts[0]].text.strip():
        starts = []  # a blank in front that is padding in the other rows: a value is missing behind it
    elif len(starts) > 1 and any(cell.text.strip() for cell in values):
        starts = []
    return tuple(values[starts[0] : starts[0] + count]) if starts else None


def figures(cells: Iterable[Cell], addresses: Iterable[str], block: int, confidence: float = 1.0) -> tuple[Figure, ...]:
    """The figures that cells print under addresses, as far as there are both; as certain as row and characters are."""
    found = []
    for cell, address in zip(cells, addresses, strict=False):
        printed = text.printed_number(cell.text)
        sure = cell.confidence if cell.confidence < confidence else confidence
        if printed.spaced and sure > SPACED_CONFIDENCE:
            sure = SPACED_CONFIDENCE
        found.append(Figure(printed.value, cell.text.strip(), (Anchor(address, cell.place, block),), sure))
    return tuple(found)


def figure(cell: Cell, address: str, block: int) -> Figure:
    """The figure that one cell prints, under its address."""
    return figures((cell,), (address,), block)[0]


def count_printed(values: Sequence[Cell], count: int) -> int:
    """How many value cells a row prints where `count` are due: `count` itself where they are there and only doubt which
    ones they are, else the cells between the first and the last that are not blank.
    """
    if windows(values, count):
        return count
    printed = [i for i, cell in enumerate(values) if cell.text.strip()]
    return printed[-1] - printed[0] + 1 if printed else 0
