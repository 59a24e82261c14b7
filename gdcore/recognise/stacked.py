"""Tables printed one cell a line, or a row's numbers on a line of their own: their rows put together again.

A page that lost its table borders prints 规章, 3, 1, 12 below each other, or 规章 above 3 1 12. Rows can be rebuilt only
because the form says which labels there are; whether each has the right number of values is for the tables' own
readers to judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from gdcore import form, text
from gdcore.document import Cell
from gdcore.recognise.rows import LONGEST_LABEL, PrintedRow, item_title

_BLOCKS = (*form.T2_2021, *form.T2_2019, form.T3_2021, form.T3_2019)
_ROWS = frozenset(form.label_core(n) for b in _BLOCKS for r in b.rows for n in (r.label, *r.aliases))
_GROUPS = frozenset(form.label_core(g) for g in form.T3_GROUPS.values())
_DISPUTES = frozenset(form.label_core(n) for r in form.T4.rows for n in (r.label, *r.aliases))
_HEADERS = (
    frozenset(form.label_core(c.label) for b in (*_BLOCKS, form.T4) for c in b.columns)
    | _DISPUTES
    | {"信息内容", "申请人情况", "法人或其他组织", "行政诉讼", text.bare(form.T3_CAPTION)}
)
_LABELS = _ROWS | _GROUPS | _HEADERS
# So many labels with a number on the next line make a stacked table, not a coincidence.
FEWEST_LABELS = 3
# A label is broken into at most so many lines: 三、本年度办理结果 with one character on each.
BROKEN_LINES = 10
# Groups' labels and the row's own stand above the values.
DEEPEST_LABEL = 3


@dataclass(frozen=True, slots=True)
class _Part:
    """A label (also one broken into lines) or the values of one line; `row` is the first line it was printed on."""

    row: PrintedRow
    cells: tuple[Cell, ...]
    blocks: tuple[int, ...]
    core: str
    value: bool


def restack(rows: Sequence[PrintedRow]) -> list[PrintedRow]:
    """`rows` with every run of lines that is a table turned into its rows."""
    result: list[PrintedRow] = []
    for single, run in groupby(rows, key=_is_line):
        several = list(run)
        result += _restacked(several) if single else several
    return result


def _is_line(row: PrintedRow) -> bool:
    """Whether a row is a paragraph, or a line of a flat table with one cell and no more."""
    if row.tabular and row.flat:
        return 1 <= len(row.cells) <= 2 and not any(cell.text.strip() for cell in row.cells[1:])
    return not row.tabular


def _restacked(run: list[PrintedRow]) -> list[PrintedRow]:
    values = [_is_values(row.cells[0].text) for row in run]
    if sum(values) < FEWEST_LABELS:  # prose, as nearly always
        return run
    parts = _values_parted(_labels_joined(_parts(run, values)))
    if sum(_is_row_label(a) and b.value for a, b in pairwise(parts)) < FEWEST_LABELS:
        return run
    result: list[PrintedRow] = []
    index = 0
    while index < len(parts):
        end = _end_of_row(parts, index)
        result.append(_merged(parts[index:end]))
        index = end
    return result


def _parts(run: Sequence[PrintedRow], values: Sequence[bool]) -> list[_Part]:
    """The lines without blank ones, whose blocks go to the line above: where one of them was a value, the count of
    its row shows it.
    """
    parts: list[_Part] = []
    for row, value in zip(run, values, strict=True):
        if parts and not row.cells[0].text.strip():
            parts[-1] = replace(parts[-1], blocks=(*parts[-1].blocks, row.block))
        else:
            parts.append(_Part(row, row.cells[:1], (row.block,), row.cores[0], value))
    return parts


# What no number and no sign for nothing begins with, whatever its width.
_NO_VALUE = re.compile(r"\s*[（(\u4e00-\u9fff](?<![增减])")


def _is_values(line: str) -> bool:
    """Whether a line prints a value, or several with spaces between them."""
    if _NO_VALUE.match(line):
        return False
    tokens = line.split()
    return bool(tokens) and (_is_value(line) or all(map(_is_value, tokens)))


def _is_value(printed: str) -> bool:
    """Whether a text is a number or a sign for nothing, and no word."""
    return text.printed_number(printed).value is not None or text.plain(printed) in {"/", "-", "—", "--", "——"}


def _is_row_label(part: _Part) -> bool:
    return part.core in _ROWS and len(part.core) > 1


def _labels_joined(parts: Sequence[_Part]) -> list[_Part]:
    """The parts with labels that are broken into lines in one piece."""
    result: list[_Part] = []
    index = 0
    while index < len(parts):
        end = _end_of_label(parts, index)
        pieces = parts[index:end]
        if len(pieces) > 1:
            cell = replace(pieces[0].cells[0], text="".join(p.cells[0].text for p in pieces))
            blocks = tuple(b for p in pieces for b in p.blocks)
            result.append(_Part(pieces[0].row, (cell,), blocks, form.label_core(cell.text), False))
        else:
            result += pieces
        index = end
    return result


def _end_of_label(parts: Sequence[_Part], start: int) -> int:
    """Where the label that begins at `start` ends; behind one line if no more of them make a label of the form.

    What is one by itself goes on (2.其他 above 法律行政法规禁止公开) only with lines that are none.
    """
    said, whole = "", parts[start].core in _LABELS
    for end, part in enumerate(parts[start : start + BROKEN_LINES], start + 1):
        said += part.cells[0].text
        first = end == start + 1
        if part.value or len(said) > LONGEST_LABEL or (whole and not first and part.core in _LABELS):
            break
        if not first and form.label_core(said) in _LABELS:
            return end
    return start + 1


def _values_parted(parts: Sequence[_Part]) -> list[_Part]:
    """Lines that hold all the numbers of a row as as many cells; not where numbers stand below each other: there a
    line is a cell, however its digits are spaced.
    """
    below = (following for label, *following in zip(parts, parts[1:], parts[2:], strict=False) if _is_row_label(label))
    if any(first.value and second.value for first, second in below):
        return list(parts)
    return [replace(part, cells=_tokens(part.cells[0])) if part.value else part for part in parts]


def _tokens(cell: Cell) -> tuple[Cell, ...]:
    return tuple(replace(cell, text=token) for token in cell.text.split())


def _end_of_row(parts: Sequence[_Part], start: int) -> int:
    """Where the row that begins at `start` ends: labels first, then values; a line that is no part of a table is alone."""
    labels = _labels_of_row(parts, start)
    if labels or parts[start].value:
        end = start + labels
        while end < len(parts) and parts[end].value:
            end += 1
        return end
    end = start
    while end < len(parts) and _is_header(parts, end):
        end += 1
    return max(end, start + 1)


def _labels_of_row(parts: Sequence[_Part], start: int) -> int:
    """How many labels lead to the values of a row that begins here: groups' first; 0 if none begins."""
    for count, part in enumerate(parts[start : start + DEEPEST_LABEL], 1):
        ends = start + count < len(parts) and parts[start + count].value
        known = part.core in _ROWS | _GROUPS | _DISPUTES or _is_slip(parts, start + count - 1)
        if not known or part.value or _closes_header(parts, start + count - 1):
            return 0
        if ends:
            return count
        if part.core not in _GROUPS:
            return 0
    return 0


def _closes_header(parts: Sequence[_Part], index: int) -> bool:
    """The 总计 behind 尚未审结 is the last header of table 四, and 其他 behind 法律服务机构 one of table 三."""
    return index > 0 and (parts[index - 1].core, parts[index].core) in {("尚未审结", "总计"), ("法律服务机构", "其他")}


def _is_slip(parts: Sequence[_Part], index: int) -> bool:
    """Whether an unknown line right between the values of a table is the label of a row, misspelt."""
    inside = index > 0 and parts[index - 1].value and index + 1 < len(parts) and parts[index + 1].value
    return inside and parts[index].core not in _LABELS and item_title(parts[index].row) is None


def _is_header(parts: Sequence[_Part], index: int) -> bool:
    return parts[index].core in _HEADERS and not _labels_of_row(parts, index)


def _merged(parts: Sequence[_Part]) -> PrintedRow:
    """The parts as one row; a line that is alone stays what it was."""
    if len(parts) == 1 and len(parts[0].cells) == 1 and parts[0].core == parts[0].row.cores[0]:
        return parts[0].row
    cells = tuple(replace(cell, column=n) for n, cell in enumerate(cell for part in parts for cell in part.cells))
    blocks = tuple(b for part in parts for b in part.blocks)
    return PrintedRow(blocks[0], cells, True, True, blocks[1:] or blocks)
