"""Table 三: its rows found by their labels, their seven values, the edition of its row set."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gdcore import form, text
from gdcore.document import Cell
from gdcore.figure import Passage
from gdcore.form import Edition
from gdcore.place import Anchor
from gdcore.recognise import values
from gdcore.recognise.headers import match_columns, passage, stacked
from gdcore.recognise.labels import RowMatch, how_alike, match_rows, remembered, row_names
from gdcore.recognise.rows import PrintedRow, blocks_of, is_cut
from gdcore.record import record
from gdcore.report import ExtraLine, Grid, Label, Line, Match, Remark, RemarkKind, StatTable

COLUMNS = len(form.APPLICANTS)
_ALL_ROWS = {r.key: r for r in (*form.T3_2019.rows, *form.T3_2021.rows)}
_CORES = {form.label_core(r.label): r.key for r in _ALL_ROWS.values()}
_KNOWN = frozenset(_CORES)
# Cores too short to tell table 三 by: 其他, 总计, and 其他处理, which is also a group.
_WEAK = frozenset(c for c in _CORES if len(c) <= 4)
_GROUPS = {form.label_core(g): key for key, g in form.T3_GROUPS.items()}
_CAPTION = text.bare(form.T3_CAPTION)
_GROUP_HEADERS = frozenset({"申请人情况", "法人或其他组织", ""})
_HEADERS = frozenset(form.label_core(c.label) for c in form.APPLICANTS) | _GROUP_HEADERS
_HEADING = _HEADERS | {_CAPTION}  # what a row of headers may hold
_TOLD_BY = _HEADING - {""}  # and one of which it has
_NO_ROWS = _HEADING - {"其他", "总计"}  # and no row of data begins with
_INNER_GROUPS = frozenset(_GROUPS) - {form.label_core(form.T3_GROUPS["result"])}
# Rows that stand in no group but the whole result: they end the one above them.
_OUTSIDE = frozenset(c for c, key in _CORES.items() if c not in _WEAK and _ALL_ROWS[key].group in ("", "result"))
_NAMES_2021, _NAMES_2019 = row_names(form.T3_2021.rows), row_names(form.T3_2019.rows)
# Fewer rows than this are no table 三 but a line that happens to be worded alike.
FEWEST_ROWS = 3


@record(frozen=True, slots=True)
class _DataRow:
    row: PrintedRow
    labels: tuple[Cell, ...]
    values: tuple[Cell, ...]
    core: str
    group: str


def find(rows: Sequence[PrintedRow]) -> list[tuple[StatTable, tuple[Remark, ...], frozenset[int]]]:
    """Every instance of table 三, with what was remarked and the blocks it takes; a table seen but unreadable has no grid."""
    strong = [(i, core) for i, row in enumerate(rows) if row.tabular and (core := _strong_core(row))]
    instances = [span for span in _instances(rows, strong) if span[1] - span[0] + 1 >= FEWEST_ROWS]
    found = [
        _table(rows, first, last, instances[n - 1][1] + 1 if n else 0) for n, (first, last) in enumerate(instances)
    ]
    if found:
        return found
    seen = [r for r in rows if not r.tabular and r.cores[0] in _CORES and r.cores[0] not in _WEAK]
    if len({r.cores[0] for r in seen}) >= FEWEST_ROWS:
        blocks = frozenset(r.block for r in seen)
        return [(StatTable("t3", Edition.FMT2021, (), place=seen[0].place), (), blocks)]
    return []


def _strong_core(row: PrintedRow) -> str | None:
    """The core by which a row is certainly one of table 三: a label of it with at least one more cell."""
    for position, core in enumerate(row.cores[:-1]):
        if len(core) < 4 or core in _WEAK:
            continue
        if core in _CORES:
            return core
        if position <= 3 and not text.is_value(row.cells[position].text):
            near = _slip(core)
            if near:
                return near
    return None


@remembered
def _slip(core: str) -> str | None:
    """The telling core of which this is a slip."""
    return next((c for c in _CORES if c not in _WEAK and how_alike(core, c) is Match.TYPO), None)


def _instances(rows: Sequence[PrintedRow], strong: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    """(first, last) row of each printing of the table: a row that comes a second time begins another one.

    `strong` are the certain rows with the cores that tell so.
    """
    spans: list[list[int]] = []
    seen: set[str] = set()
    for index, core in strong:
        if not spans or (core in seen and len(seen) >= FEWEST_ROWS):
            spans.append([index, index])
            seen = set()
        seen.add(core)
        spans[-1][1] = index
    return [(first, _tail(rows, last)) for first, last in spans]


def _tail(rows: Sequence[PrintedRow], last: int) -> int:
    """The last row of a printing: total and other rows may follow the last one with a telling label."""
    while last + 1 < len(rows) and rows[last + 1].block == rows[last].block:
        labels, cells = values.split(rows[last + 1], _KNOWN, COLUMNS)
        core = rows[last + 1].cores[len(labels) - 1] if labels else ""
        if core not in _WEAK or len(cells) < COLUMNS:
            break
        last += 1
    return last


def _table(
    rows: Sequence[PrintedRow], first: int, last: int, floor: int
) -> tuple[StatTable, tuple[Remark, ...], frozenset[int]]:
    head = _head(rows, first, floor)
    data = _data_rows(rows[first : last + 1])
    headers, extra = _headers(rows[head:first])
    matches, block = _match(data)
    lines, extra_lines = _lines(data, matches, block)
    grid = Grid(
        "t3", "t3", block.edition, None, headers, lines, extra_lines, tuple(passage(c, "t3", b) for b, c in extra)
    )
    table = StatTable("t3", block.edition, (grid,), _caption(rows[max(floor, head - 2) : first]), rows[first].place)
    used = blocks_of(r for r in rows[head : last + 1] if r.tabular)
    if table.caption is not None:
        used |= {a.block for a in table.caption.anchors if a.block is not None}
    return table, _splits(data), used


def _head(rows: Sequence[PrintedRow], first: int, floor: int) -> int:
    """Where the header rows above the first data row begin."""
    head = first
    while head > floor and rows[head - 1].tabular and not _TOLD_BY.isdisjoint(rows[head - 1].cores):
        head -= 1
    return head


def _data_rows(rows: Sequence[PrintedRow]) -> list[_DataRow]:
    data: list[_DataRow] = []
    group = ""
    for row in rows:
        if not row.tabular:
            continue
        labels, cells = values.split(row, _KNOWN, COLUMNS)
        cores = row.cores[: len(labels)]
        named = [c for c in cores if c in _INNER_GROUPS]
        if named and named[-1] == cores[-1] and not cells:
            named.pop()
        core = next(filter(None, reversed(cores)), "")
        group = "" if core in _OUTSIDE else named[-1] if named else group
        if core and cells and core not in _NO_ROWS and not _is_header(row):
            data.append(_DataRow(row, labels, cells, core, group))
    return data


def _is_header(row: PrintedRow) -> bool:
    """Whether a row has headers and blanks only: no stroke in a cell and no number before a word (3.其他, /, /)."""
    if not _HEADING.issuperset(row.cores):
        return False
    bare = all(text.bare(cell.text) == core for cell, core in zip(row.cells, row.cores, strict=True) if core)
    strokes = any(cell.text.strip() and not core for cell, core in zip(row.cells, row.cores, strict=True))
    return bare and not strokes


def _match(data: Sequence[_DataRow]) -> tuple[list[RowMatch | None], form.Block]:
    """The rows matched in the edition whose row set fits: 2019 has one row （六）其他处理 where 2021 has three."""
    printed = [(d.core, d.group) for d in data]
    matches = match_rows(printed, _NAMES_2021)
    if None not in matches:
        return matches, form.T3_2021
    older = match_rows(printed, _NAMES_2019)
    if older.count(None) < matches.count(None):
        return older, form.T3_2019
    return matches, form.T3_2021


def _lines(
    data: Sequence[_DataRow],
    matches: Sequence[RowMatch | None],
    block: form.Block,
) -> tuple[tuple[Line, ...], tuple[ExtraLine, ...]]:
    whole = values.picked([(d.row, d.values) for d in data], COLUMNS)
    rows = {r.key: r for r in block.rows}
    lines: list[Line] = []
    extra: list[ExtraLine] = []
    for datum, match, picked in zip(data, matches, whole, strict=True):
        label_cell = [c for c in datum.labels if c.text.strip()][-1]
        # A row that the form does not have has no cells of the form either: its addresses are none of theirs.
        addresses = block.across(match.key) if match else [f"t3#{datum.core}.{c.key}" for c in block.columns]
        confidence = match.confidence if match else 1.0
        figures = values.figures(picked or (), addresses, datum.row.block, confidence)
        printed = passage(label_cell, f"t3.{match.key}" if match else "t3", datum.row.block, confidence)
        if match:
            count = COLUMNS if picked else values.count_printed(datum.values, COLUMNS)
            lines.append(Line(Label(match.key, printed, rows[match.key].label, match.match), figures, count))
        elif any(f.raw for f in figures) or any(c.text.strip() for c in datum.values):
            extra.append(ExtraLine(printed, figures, lines[-1].label.key if lines else ""))
    return tuple(lines), tuple(extra)


def _headers(rows: Sequence[PrintedRow]) -> tuple[tuple[Label, ...], tuple[tuple[int, Cell], ...]]:
    cells = [
        (row.block, cell)
        for row in rows
        for cell, core in zip(row.cells, row.cores, strict=True)
        if core not in _GROUP_HEADERS
        and not text.bare(cell.text).startswith(_CAPTION[:8])
        and not text.similarity(core, _CAPTION) > 0.5
    ]
    whole = match_columns(cells, form.APPLICANTS, "t3.*")
    if len(whole[0]) < COLUMNS and rows and not rows[0].flat:
        joined = match_columns(stacked(cells), form.APPLICANTS, "t3.*")
        whole = max(whole, joined, key=lambda pair: len(pair[0]))
    return whole if len(whole[0]) == COLUMNS else (whole[0], ())


def _caption(rows: Sequence[PrintedRow]) -> Passage | None:
    for row in rows:
        for cell in row.cells:
            if "勾稽关系" in text.plain(cell.text):
                return Passage(text.collapse(cell.text), (Anchor("t3", cell.place, row.block),))
    return None


def _splits(data: Sequence[_DataRow]) -> tuple[Remark, ...]:
    """A remark where the table goes on in another block on the same page: a page cut is the format's, not the author's."""
    anchors = [
        Anchor("t3", below.labels[0].place, below.row.block)
        for above, below in pairwise(data)
        if is_cut(above.row, below.row)
    ]
    return (Remark(RemarkKind.TABLE_SPLIT, "t3", tuple(anchors)),) if anchors else ()
