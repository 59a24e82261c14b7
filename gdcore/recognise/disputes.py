"""Table 四: fifteen numbers in one row, the same in two or three pieces, or three labelled rows of five."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gdcore import form, text
from gdcore.document import Cell
from gdcore.figure import Passage
from gdcore.form import Edition
from gdcore.place import Place
from gdcore.recognise import values
from gdcore.recognise.headers import passage
from gdcore.recognise.labels import how_alike, remembered
from gdcore.recognise.rows import PrintedRow, blocks_of
from gdcore.report import Grid, Label, Line, Match, Remark, StatTable

_OUTCOMES = tuple(form.label_core(c.label) for c in form.OUTCOMES)
_TELLING = frozenset(_OUTCOMES[:4])  # 总计 stands in other tables, too
_KINDS = {form.label_core(name): r.key for r in form.T4.rows for name in (r.label, *r.aliases)}
_KNOWN = frozenset(_KINDS)
_KEYS = tuple(r.key for r in form.T4.rows)
_LABELS = {r.key: r.label for r in form.T4.rows}
_GROUPS = frozenset({*_KINDS, "行政诉讼"})
_TOLD_BY = _GROUPS | _TELLING  # no row without one of these begins the table
WIDTH = len(form.OUTCOMES)
# Rows between the first header and the numbers, at most.
REACH = 5

Found = tuple[StatTable, tuple[Remark, ...], frozenset[int]]


@dataclass(frozen=True, slots=True)
class _Piece:
    """The lines of one row of numbers (or of labelled rows), the headers above them, and the rows it takes."""

    lines: tuple[Line, ...]
    headers: tuple[Label, ...]
    blocks: frozenset[int]
    last: int
    place: Place

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(line.label.key for line in self.lines)


def find(rows: Sequence[PrintedRow]) -> list[Found]:
    """Every printing of table 四 with the blocks it takes; headers without numbers are a table seen but unreadable."""
    pieces: list[_Piece] = []
    seen: list[PrintedRow] = []
    index = 0
    while index < len(rows):
        if not rows[index].tabular or _TOLD_BY.isdisjoint(rows[index].cores):
            index += 1
            continue
        piece = _wide(rows, index) or _labelled(rows, index)
        if piece is None:
            seen += [rows[index]] if _outcome_count(rows[index]) >= 3 else []
            index += 1
        else:
            pieces.append(piece)
            index = piece.last + 1
    if not pieces and seen:
        return [(StatTable("t4", Edition.FMT2021, (), place=seen[0].place), (), frozenset(r.block for r in seen))]
    return [_table(group) for group in _grouped(pieces)]


def _grouped(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces that follow each other and hold different kinds of dispute are one table."""
    groups: list[list[_Piece]] = []
    for piece in pieces:
        if groups and not any(p.keys & piece.keys for p in groups[-1]):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _table(pieces: Sequence[_Piece]) -> Found:
    lines = sorted((line for p in pieces for line in p.lines), key=lambda line: _KEYS.index(line.label.key))
    headers = tuple(h for p in pieces for h in p.headers)
    grid = Grid("t4", "t4", Edition.FMT2021, None, headers, tuple(lines))
    table = StatTable("t4", Edition.FMT2021, (grid,), None, pieces[0].place)
    return table, (), frozenset(b for p in pieces for b in p.blocks)


def _outcome_count(row: PrintedRow) -> int:
    return sum(core in _TELLING for core in row.cores)


def _wide(rows: Sequence[PrintedRow], start: int) -> _Piece | None:
    """Headers 结果维持… (behind 行政复议, 行政诉讼…) and, within reach, one row of numbers below them."""
    if _GROUPS.isdisjoint(rows[start].cores) and _outcome_count(rows[start]) < 3:
        return None
    headers: list[PrintedRow] = []
    for index in range(start, min(start + REACH + 1, len(rows))):
        row = rows[index]
        if not row.tabular:
            if headers and _outcome_count(headers[-1]) < 3 and row.cores[0] in _GROUPS:
                continue
            return None
        if sum(map(_outcome_count, headers)) >= 3 and _is_numbers(row) and not _is_spacer(rows, index):
            return _row_of_numbers(rows, start, index, headers)
        if row.has_number:
            return None
        headers.append(row)
    return None


def _is_numbers(row: PrintedRow) -> bool:
    """Whether a row holds only values and prints numbers, or is the blank row of an empty form."""
    wordless = all(text.is_value(c.text) or not text.bare(c.text) for c in row.cells)
    return wordless and (row.has_number or len(row.cells) >= WIDTH)


def _is_spacer(rows: Sequence[PrintedRow], index: int) -> bool:
    """Whether a blank row is left over from merged headers: the row of values is the one below it."""
    row, below = rows[index], rows[index + 1] if index + 1 < len(rows) else None
    blank = not any(c.text.strip() for c in row.cells)
    return blank and below is not None and below.block == row.block and _is_numbers(below)


def _row_of_numbers(rows: Sequence[PrintedRow], start: int, index: int, headers: Sequence[PrintedRow]) -> _Piece:
    row = rows[index]
    # A header that a page cuts in two tells fewer outcomes than there are: a full row tells them all.
    printed = [c for c in row.cells if c.text.strip() or not row.flat]
    keys = _KEYS if len(printed) == WIDTH * len(_KEYS) else _kinds_above(rows, start, headers)
    count = WIDTH * len(keys)
    starts = values.windows(row.cells, count)
    picked = row.cells[starts[0] : starts[0] + count] if len(row.cells) >= count and starts else ()
    lines = tuple(
        _line(
            row,
            Label(key, Passage(""), _LABELS[key], Match.EXACT),
            picked[n * WIDTH : (n + 1) * WIDTH],
            WIDTH if picked else values.count_printed(row.cells, count),
        )
        for n, key in enumerate(keys)
    )
    used = blocks_of(r for r in rows[start : index + 1] if r.tabular)
    return _Piece(lines, _headers(headers, keys), used, index, row.place)


def _kinds_above(rows: Sequence[PrintedRow], start: int, headers: Sequence[PrintedRow]) -> tuple[str, ...]:
    """The kinds of dispute that the headers stand for: all three, unless fewer outcomes are printed and their kinds named."""
    columns = sum(_outcome_count(h) for h in headers) // (WIDTH - 1)
    if columns >= len(_KEYS) or columns == 0:
        return _KEYS
    above = rows[start - 1].cores if start and not rows[start - 1].tabular else ()
    named = {_KINDS[core] for row in headers for core in row.cores if core in _KINDS} | {
        _KINDS[core] for core in above if core in _KINDS
    }
    if len(named) > columns:
        named -= {"review"}
    if not named and any("行政诉讼" in row.cores for row in headers):
        named = {"lit_direct", "lit_after"}
    return tuple(k for k in _KEYS if k in named) if len(named) == columns else _KEYS


def _line(row: PrintedRow, label: Label, cells: Sequence[Cell], printed: int) -> Line:
    return Line(label, values.figures(cells, form.T4.across(label.key), row.block), printed)


def _headers(rows: Sequence[PrintedRow], keys: Sequence[str]) -> tuple[Label, ...]:
    """The outcome headers in the order of `keys`; none where their number does not tell which ones they are."""
    cells = [
        (row.block, cell, core)
        for row in rows
        for cell, core in zip(row.cells, row.cores, strict=True)
        if core and core not in _GROUPS and not _names_group(core)
    ]
    if len(cells) != WIDTH * len(keys):
        return ()
    labels = []
    for number, (block, cell, core) in enumerate(cells):
        key, column = keys[number // WIDTH], form.OUTCOMES[number % WIDTH]
        match = Match.EXACT if core == _OUTCOMES[number % WIDTH] else Match.TYPO
        labels.append(Label(column.key, passage(cell, form.T4.address(key, column.key), block), column.label, match))
    return tuple(labels)


@remembered
def _names_group(core: str) -> bool:
    return any(how_alike(core, g) for g in _GROUPS if len(g) > 4)


def _labelled(rows: Sequence[PrintedRow], start: int) -> _Piece | None:
    """Two or three rows of five, each with its kind of dispute in front."""
    lines: list[Line] = []
    index = start
    while index < len(rows) and rows[index].tabular and len(lines) < len(_KEYS):
        line = _labelled_line(rows[index])
        if line is None or line.label.key in (known.label.key for known in lines):
            break
        lines.append(line)
        index += 1
    if len(lines) < 2 or not any(row.has_number for row in rows[start:index]):
        return None
    used = blocks_of(rows[start:index])
    return _Piece(tuple(lines), (), used, index - 1, rows[start].place)


def _labelled_line(row: PrintedRow) -> Line | None:
    if _KNOWN.isdisjoint(row.cores):
        return None
    labels, cells = values.split(row, _KNOWN)
    named = [(c, key) for c in labels if (key := _KINDS.get(form.label_core(c.text)))]
    if not named or len(cells) < WIDTH or not all(text.is_value(c.text) for c in cells):
        return None
    cell, key = named[-1]
    picked = values.pick(row, cells, WIDTH, {})
    label = Label(key, passage(cell, f"t4.{key}", row.block), _LABELS[key], Match.EXACT)
    return _line(row, label, picked or (), WIDTH if picked else values.count_printed(cells, WIDTH))
