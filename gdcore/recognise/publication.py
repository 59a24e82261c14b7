"""Table 二: four blocks (2019: five), each under its own title and headers, read block by block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gdcore import form, text
from gdcore.document import Cell
from gdcore.figure import Passage
from gdcore.form import Edition
from gdcore.place import Anchor
from gdcore.recognise import values
from gdcore.recognise.headers import match_columns, passage
from gdcore.recognise.labels import how_alike, remembered
from gdcore.recognise.rows import PrintedRow, blocks_of, is_cut, item_title
from gdcore.report import ExtraLine, Grid, Label, Line, Match, Remark, RemarkKind, StatTable

_BLOCKS = (*form.T2_2021, *form.T2_2019)
_ROWS: dict[str, tuple[str, str]] = {}  # core → (block key, row key)
for _block in _BLOCKS:
    for _row in _block.rows:
        for _name in (_row.label, *_row.aliases):
            _ROWS[form.label_core(_name)] = (_block.key, _row.key)
_HEADER_CORES = frozenset(form.label_core(c.label) for b in _BLOCKS for c in b.columns)
# Of each block by key: its editions with the cores of their headers.
_EDITIONS: dict[str, list[tuple[Edition, list[str]]]] = {}
for _block in _BLOCKS:
    _EDITIONS.setdefault(_block.key, []).append((_block.edition, [form.label_core(c.label) for c in _block.columns]))
_LEAD = "信息内容"
FEWEST_ROWS = 2


@dataclass(slots=True)
class _Block:
    """What has been read of one block so far."""

    key: str
    title: PrintedRow | None
    header: PrintedRow | None
    rows: list[tuple[PrintedRow, str, Match, Cell, tuple[Cell, ...]]] = field(default_factory=list)
    strangers: list[tuple[PrintedRow, Cell, tuple[Cell, ...], str]] = field(default_factory=list)


def find(rows: Sequence[PrintedRow]) -> list[tuple[StatTable, tuple[Remark, ...], frozenset[int]]]:
    """Every instance of table 二, with what was remarked and the blocks it takes."""
    found = [_table(blocks) for blocks in _instances(rows) if sum(len(b.rows) for b in blocks) >= FEWEST_ROWS]
    if not found:
        seen = [r for r in rows if not r.tabular and r.cores[0] in _ROWS]
        if len({r.cores[0] for r in seen}) >= FEWEST_ROWS and any(item_title(r) for r in rows):
            return [(StatTable("t2", Edition.FMT2021, (), place=seen[0].place), (), frozenset(r.block for r in seen))]
    return found


def _instances(rows: Sequence[PrintedRow]) -> list[list[_Block]]:
    instances: list[list[_Block]] = []
    title = header = None
    for row in rows:
        if item_title(row):
            title, header = row, None
            continue
        if not row.tabular:
            continue
        if _is_header(row):
            header = row
            continue
        known = _known_row(row)
        if known:
            block_key, key, match, label, cells = known
            if not instances or any(key == k for b in instances[-1] for _, k, _, _, _ in b.rows):
                instances.append([])
            block = instances[-1][-1] if instances[-1] else None
            if block is None or block.key != block_key:
                own = title if title is not None and item_title(title) == block_key else None
                block = _Block(block_key, own, header)
                instances[-1].append(block)
            block.rows.append((row, key, match, label, cells))
        elif instances and instances[-1] and row.block == instances[-1][-1].rows[-1][0].block and row.has_number:
            labels, cells = values.split(row)
            if labels and text.bare(labels[-1].text) and cells:
                block = instances[-1][-1]
                block.strangers.append((row, labels[-1], cells, block.rows[-1][1]))
    return instances


def _is_header(row: PrintedRow) -> bool:
    """信息内容 in front, or at least two known column headers and no number."""
    if row.cores and row.cores[0] == _LEAD:
        return True
    if row.has_number:
        return False
    alike = sum([_names_column(core) for core in row.cores if core])
    return alike >= 2 or (alike == 1 and sum(1 for c in row.cores if c) <= 2 and len(row.cells) <= 4)


@remembered
def _names_column(core: str) -> bool:
    return any(how_alike(core, header) for header in _HEADER_CORES)


def _known_row(row: PrintedRow) -> tuple[str, str, Match, Cell, tuple[Cell, ...]] | None:
    """(block, row key, how, label cell, value cells) of a data row of table 二."""
    for position, core in enumerate(row.cores[:2]):
        if not core or position + 1 >= len(row.cells):
            continue
        if core in _ROWS:
            return (*_ROWS[core], Match.EXACT, row.cells[position], row.cells[position + 1 :])
        if text.is_value(row.cells[position].text):
            continue
        near = _nearest(core)
        if near and all(text.is_value(c.text) or not c.text.strip() for c in row.cells[position + 1 :]):
            return (*_ROWS[near[0]], near[1], row.cells[position], row.cells[position + 1 :])
    return None


@remembered
def _nearest(core: str) -> tuple[str, Match] | None:
    """The core of a row to which this one comes nearest, if to any, and how; no core is a short form of one."""
    near = [(name, how) for name in _ROWS if (how := how_alike(core, name)) and (len(name) > 2 or how is Match.EXACT)]
    near = [(n, h) for n, h in near if h is not Match.SHORTENED]
    return max(near, key=lambda pair: text.similarity(core, pair[0]), default=None)


def _table(blocks: Sequence[_Block]) -> tuple[StatTable, tuple[Remark, ...], frozenset[int]]:
    scores = [_edition_scores(block) for block in blocks]
    majority = _majority(blocks, scores)
    grids = tuple(_grid(block, _edition(block, score, majority)) for block, score in zip(blocks, scores, strict=True))
    editions = [g.edition for g in grids]
    edition = max(editions, key=editions.count)
    remarks = tuple(r for b in blocks for r in _splits(b))
    rows = [r for b in blocks for r in (*(x[0] for x in b.rows), *(h for h in (b.title, b.header) if h))]
    return StatTable("t2", edition, grids, None, blocks[0].rows[0][0].place), remarks, blocks_of(rows)


def _header_cells(block: _Block) -> list[tuple[int, Cell]]:
    if block.header is None:
        return []
    return [
        (block.header.block, cell)
        for cell, core in zip(block.header.cells, block.header.cores, strict=True)
        if core and core != _LEAD
    ]


def _edition_scores(block: _Block) -> dict[Edition, int]:
    """How many printed headers each edition's block of this key explains."""
    cores = [core for core in block.header.cores if core and core != _LEAD] if block.header else []
    scores = {}
    for edition, names in _EDITIONS[block.key]:
        exact = [core for core in cores if core in names]
        alike = [core for core in cores if core in names or any(how_alike(core, n) for n in names)]
        scores[edition] = 10 * len(exact) + 5 * len(alike) - abs(len(names) - len(cores))
    return scores


def _majority(blocks: Sequence[_Block], scored: Sequence[dict[Edition, int]]) -> Edition:
    votes: Counter[Edition] = Counter()
    for block, scores in zip(blocks, scored, strict=True):
        if block.header is not None and len(scores) == 2 and len(set(scores.values())) == 2:
            votes[max(scores, key=scores.__getitem__)] += 1
        elif len(scores) == 1:
            votes[next(iter(scores))] += 1
    return max(votes, key=lambda e: (votes[e], e is Edition.FMT2021)) if votes else Edition.FMT2021


def _edition(block: _Block, scores: dict[Edition, int], majority: Edition) -> Edition:
    if block.header is None or majority not in scores:
        return majority if majority in scores else next(iter(scores))
    best = max(scores, key=lambda e: (scores[e], e is majority))
    return best if scores[best] >= 5 else majority


def _grid(block: _Block, edition: Edition) -> Grid:
    shape = next(b for b in form.blocks("t2", edition) if b.key == block.key)
    count = len(shape.columns)
    headers, extra = match_columns(_header_cells(block), shape.columns, f"{shape.prefix}.*")
    if len(headers) < count:
        extra = ()
    lines = []
    known = {r.key: r for r in shape.rows}
    for row, key, match, cell, cells in block.rows:
        picked = _pick(cells, count)
        figures = values.figures(picked or (), shape.across(key), row.block)
        template = known[key].label if key in known else text.collapse(cell.text)
        how = _how(cell, template, match)
        label = Label(key, passage(cell, f"{shape.prefix}.{key}", row.block), template, how)
        lines.append(Line(label, figures, count if picked else values.count_printed(cells, count)))
    title = _title(block)
    return Grid(
        "t2",
        block.key,
        edition,
        title,
        headers,
        tuple(lines),
        _strangers(block),
        tuple(passage(c, "t2", b) for b, c in extra),
    )


def _pick(cells: tuple[Cell, ...], count: int) -> tuple[Cell, ...] | None:
    """The value cells: blank padding stands behind them in every layout seen."""
    if len(cells) == count:
        return cells
    starts = values.windows(cells, count)
    return cells[starts[0] : starts[0] + count] if starts else None


def _how(cell: Cell, template: str, match: Match) -> Match:
    core, wanted = form.label_core(cell.text), form.label_core(template)
    if match is Match.EXACT and core != wanted and not core.startswith(wanted):
        return Match.ALIAS
    return match


def _title(block: _Block) -> Passage | None:
    if block.title is None:
        return None
    cell = next(c for c in block.title.cells if c.text.strip())
    return Passage(text.collapse(cell.text), (Anchor(f"t2.{block.key}", cell.place, block.title.block),))


def _strangers(block: _Block) -> tuple[ExtraLine, ...]:
    return tuple(
        ExtraLine(
            passage(label, "t2", row.block),
            tuple(values.figure(c, "t2", row.block) for c in cells if c.text.strip()),
            after,
        )
        for row, label, cells, after in block.strangers
    )


def _splits(block: _Block) -> tuple[Remark, ...]:
    """A block whose title (as a table row), header and rows do not stand in one piece on one page."""
    parts = [r for r in (block.title, block.header, *(row[0] for row in block.rows)) if r is not None and r.tabular]
    cuts = [(above, below) for above, below in pairwise(parts) if is_cut(above, below)]
    anchors = tuple(Anchor(f"t2.{block.key}", r.place, r.block) for pair in cuts for r in pair)
    return (Remark(RemarkKind.TABLE_SPLIT, f"t2.{block.key}", anchors),) if anchors else ()
