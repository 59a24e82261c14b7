"""Tables printed one cell a line: their rows put together again from labels and the count of values between them.

A page that lost its table borders prints 规章, 3, 1, 12 below each other. Rows can be rebuilt only because the form says
which labels there are; whether each has the right number of values is for the tables' own readers to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from gdcore import form, text
from gdcore.recognise.rows import PrintedRow, item_title

_BLOCKS = (*form.T2_2021, *form.T2_2019, form.T3_2021, form.T3_2019)
_ROWS = frozenset(form.label_core(n) for b in _BLOCKS for r in b.rows for n in (r.label, *r.aliases))
_HEADERS = frozenset(form.label_core(c.label) for b in _BLOCKS for c in b.columns) | {
    "信息内容",
    "申请人情况",
    "法人或其他组织",
}
_GROUPS = frozenset(form.label_core(g) for g in form.T3_GROUPS.values())
_DISPUTES = frozenset(form.label_core(n) for r in form.T4.rows for n in (r.label, *r.aliases)) | {"行政诉讼"}
_OUTCOMES = frozenset(form.label_core(c.label) for c in form.OUTCOMES)
_CAPTION = text.bare(form.T3_CAPTION)
# So many labels with a number on the next line make a stacked table, not a coincidence.
FEWEST_LABELS = 3


def restack(rows: Sequence[PrintedRow]) -> list[PrintedRow]:
    """`rows` with every run of one-cell lines that is a table turned into its rows."""
    result: list[PrintedRow] = []
    run: list[PrintedRow] = []
    for row in rows:
        if row.tabular:
            result += [*_restacked(run), row]
            run = []
        else:
            run.append(row)
    return result + _restacked(run)


def _restacked(run: list[PrintedRow]) -> list[PrintedRow]:
    pairs = pairwise(run)
    if sum(a.cores[0] in _ROWS and len(a.cores[0]) > 1 and _is_number(b) for a, b in pairs) < FEWEST_LABELS:
        return run
    result: list[PrintedRow] = []
    index = 0
    while index < len(run):
        end = _end_of_row(run, index)
        result.append(_merged(run[index:end]) if end - index > 1 else run[index])
        index = end
    return result


def _end_of_row(run: Sequence[PrintedRow], start: int) -> int:
    """Where the row that begins at `start` ends: labels first, then values; a line that is no part of a table is alone."""
    end = start
    kinds = _HEADERS | _OUTCOMES | _DISPUTES | {_CAPTION}
    if _is_number(run[start]):
        while end < len(run) and _is_number(run[end]):
            end += 1
        return end
    if run[start].cores[0] in _ROWS | _GROUPS and _leads_to_values(run, start):
        while end < len(run) and run[end].cores[0] in _ROWS | _GROUPS and not _is_number(run[end]):
            end += 1
            if end < len(run) and _is_number(run[end]):
                break
        while end < len(run) and _is_number(run[end]):
            end += 1
        return end
    while end < len(run) and run[end].cores[0] in kinds and not item_title(run[end]) and not _starts_row(run, end):
        end += 1
    return max(end, start + 1)


def _starts_row(run: Sequence[PrintedRow], index: int) -> bool:
    """Whether the line is a row's label; the 总计 behind 尚未审结 is the last header of table 四."""
    if run[index].cores[0] == "总计" and run[index - 1].cores[0] == "尚未审结":
        return False
    return run[index].cores[0] in _ROWS and index + 1 < len(run) and _is_number(run[index + 1])


def _leads_to_values(run: Sequence[PrintedRow], start: int) -> bool:
    """Whether numbers follow this label, with at most two more labels (its group's rows) between."""
    for row in run[start + 1 : start + 4]:
        if _is_number(row):
            return True
        if row.cores[0] not in _ROWS | _GROUPS:
            return False
    return False


def _is_number(row: PrintedRow) -> bool:
    """Whether the line is a value cell and no word."""
    printed = row.cells[0].text
    return text.printed_number(printed).value is not None or text.plain(printed) in {"/", "-", "—", "--", "——"}


def _merged(run: Sequence[PrintedRow]) -> PrintedRow:
    cells = tuple(replace(row.cells[0], column=n) for n, row in enumerate(run))
    return PrintedRow(run[0].block, cells, True, True, tuple(row.block for row in run[1:]))
