"""Two reports side by side as HTML: cells as a list or in the layout of the form, prose with its changes, shared passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from gdcore import form, wording
from gdcore.alignment import Mark, PartPair, Piece, Row
from gdcore.comparison import CellPair, TablePair
from gdcore.form import Block
from gdcore.report import StatTable
from gdcore.sharing import Stretch
from gdcore.ui import tables
from gdcore.ui.html import Html, el, join
from gdcore.ui.words import MINUS

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Labels:
    """What the two sides are called (2024 年度, 2025 年度; 第 1 版, 第 2 版), and a number's growth as a share."""

    before: str
    after: str
    rate: str = "同比"


# --- numbers ------------------------------------------------------------------------------------------------------------


def grown(pair: CellPair) -> str:
    """By how much: +17, −17; 0 without a sign; — where it is not known."""
    change = pair.difference
    return NOTHING if change is None else _signed(change, f"{abs(change).normalize():f}")


def share(pair: CellPair) -> str:
    """The same as a share of the earlier number: −65.4%; — where there is none."""
    ratio = pair.ratio
    return NOTHING if ratio is None else _signed(ratio, f"{abs(ratio):.1%}" if ratio else "0%")


def _signed(value: Decimal, shown: str) -> str:
    return ("+" if value > 0 else MINUS if value < 0 else "") + shown


def numbers(pair: CellPair, shared: bool = True) -> Iterator[Html]:
    """The four cells of a row: before, after, difference, and the growth as a share unless that means nothing."""
    yield tables.cell(pair.before)
    yield tables.cell(pair.after)
    css = "moved" if pair.changed else "zero"
    why = None if pair.found else "有一方未能读取，不计算"
    yield el("td", grown(pair), class_=css, title=why)
    yield el("td", share(pair) if shared else NOTHING, class_=css, title=why)


# --- cells as a list ----------------------------------------------------------------------------------------------------


def cells(pairs: Sequence[TablePair], labels: Labels, only_changed: bool) -> Html:
    """The cells of all tables as rows in the order of the form: table, row, column and the four numbers."""
    heads = ("表", "行", "列", labels.before, labels.after, "增减", labels.rate)
    head = el("tr", *(el("th", word, scope="col", class_="column") for word in heads))
    rows = [row for pair in pairs for row in _listed(pair, pair.changed if only_changed else pair.cells)]
    listed = el("table", el("thead", head), el("tbody", *rows), class_="official cells")
    return tables.scrolling(listed, "逐格变化") if rows else Html("")


def _listed(pair: TablePair, wanted: Sequence[CellPair]) -> Iterator[Html]:
    first = el("th", form.TABLE_NAMES[pair.key], scope="rowgroup", rowspan=len(wanted), class_="row")
    for (prefix, row), group in groupby(wanted, key=lambda cell: tuple(cell.address.split(".")[:2])):
        members = list(group)
        label = el("th", wording.row_word(prefix, row), scope="rowgroup", rowspan=len(members), class_="row")
        for cell in members:
            column = el("th", wording.column_word(prefix, cell.address.split(".")[2]), scope="row", class_="row")
            yield el("tr", first, label, column, *numbers(cell))
            first = label = Html("")


# --- cells in the layout of the form ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Beside(tables.Sheet):
    """The later table with the earlier number (called `was`) and the difference below each that changed."""

    pairs: Mapping[str, CellPair] = field(default_factory=dict)
    was: str = ""

    @property
    def folded(self) -> str:
        """What the rows that are folded have in common."""
        return "各列均没有变化"

    def value(self, address: str) -> Html:
        """One value cell with what it was before."""
        pair = self.pairs.get(address)
        shown = tables.cell(pair.after if pair else self.figures.get(address))
        if pair is None:
            return el("td", _inside(shown), class_="apart", title="两版格式不同，不比较")
        if not pair.changed and pair.found:
            return shown
        moved = f"，{grown(pair)}" if pair.difference is not None else ""
        told = el("small", f"{self.was} ", _inside(tables.cell(pair.before)), moved)
        css = "changed" if pair.changed else "unread"
        return el("td", _inside(shown), told, class_=css, title=f"{grown(pair)}（{share(pair)}）")

    def foldable(self, block: Block, row: form.Row) -> bool:
        """Whether every cell of a row is known and the same."""
        pairs = [self.pairs.get(block.address(row.key, c.key)) for c in block.columns]
        return all(pair is not None and pair.found and not pair.changed for pair in pairs)


def _inside(cell: Html) -> Html:
    """What stands in a cell."""
    return Html(cell[cell.index(">") + 1 : cell.rindex("<")])


def as_form(table: StatTable, pair: TablePair, was: str, only_changed: bool) -> Html:
    """The later table as the format prints it, with what changed; `was` is what the earlier number is called: 上年, 原."""
    by_address = {cell.address: cell for cell in pair.cells}
    return tables.drawn(_Beside(table, fold=only_changed, pairs=by_address, was=was))


# --- prose --------------------------------------------------------------------------------------------------------------

_PART_NAMES = {"title": "标题", "preamble": "引言", "beyond": "其他标题下的正文", "signoff": "落款"}
_TAGS = {Mark.CHANGED: ("del", "ins"), Mark.MOVED: ("span", "span")}


def prose(pair: PartPair, labels: Labels, only_changed: bool) -> Html:
    """One part on both sides, row by row; rows that did not change can be folded."""
    lines = [_heads(pair, labels)]
    for changed, rows in groupby(pair.rows, key=lambda row: row.changed):
        if changed or not only_changed:
            lines += [_row(row, labels) for row in rows]
        else:
            lines.append(el("p", f"{_count(rows)} 段没有变化", class_="folded"))
    return el("section", *lines, class_="beside")


def name(pair: PartPair) -> str:
    """What a part is called."""
    return _PART_NAMES.get(pair.key) or form.SECTION_BY_SHORT[pair.key].heading


def _count(rows: Iterable[Row]) -> int:
    return sum(max(len(row.before), len(row.after)) for row in rows)


def _heads(pair: PartPair, labels: Labels) -> Html:
    sides = zip((labels.before, labels.after), (pair.before, pair.after), pair.found, strict=True)
    return el(
        "div",
        *(
            el("h3", el("span", f"{label} · ", class_="muted"), heading or name(pair), _absent(found))
            for label, heading, found in sides
        ),
        class_="sides",
    )


def _absent(found: bool) -> Html:
    return Html("") if found else el("span", "（没有读到这一部分）", class_="muted")


def _row(row: Row, labels: Labels) -> Html:
    sides = []
    for at, (label, paragraphs) in enumerate(((labels.before, row.before), (labels.after, row.after))):
        body = [el("p", join(_piece(piece, at) for piece in paragraph)) for paragraph in paragraphs]
        side = el("small", label, class_="side") if body else Html("")
        sides.append(el("div", side, *(body or [el("p", NOTHING, class_="none")])))
    return el("div", *sides, class_="sides")


def _piece(piece: Piece, side: int) -> Html:
    if piece.mark is Mark.SAME:
        return join([piece.text])
    moved = piece.mark is Mark.MOVED
    return el(
        _TAGS[piece.mark][side],
        piece.text,
        class_="elsewhere" if moved else None,
        title="这一句在另一份中换了位置" if moved else None,
    )


# --- shared passages ----------------------------------------------------------------------------------------------------


def shared(heads: Labels, texts: tuple[Sequence[Sequence[Stretch]], Sequence[Sequence[Stretch]]]) -> Html:
    """Two texts with what both have marked, and the same number before sentences that are like each other."""
    sides = [
        el("div", el("h3", head), *(el("p", join(_stretches(paragraph))) for paragraph in text))
        for head, text in zip((heads.before, heads.after), texts, strict=True)
    ]
    return el("section", el("div", *sides, class_="sides"), class_="beside")


def _stretches(paragraph: Iterable[Stretch]) -> Iterator[Html]:
    for pair, run in groupby(paragraph, key=lambda stretch: stretch.pair):
        stretches = list(run)
        if pair and any(stretch.shared for stretch in stretches):
            yield el("sup", pair, title=f"与另一份中编号 {pair} 的句子对应")
        yield from (el("mark", s.text, class_="shared") if s.shared else join([s.text]) for s in stretches)
