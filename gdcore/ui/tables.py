"""Tables 二, 三 and 四 as the format prints them: merges kept, evidence lit, the unread hatched, zero rows folded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from gdcore import form, wording
from gdcore.figure import Figure
from gdcore.form import Block, Row
from gdcore.place import Correction
from gdcore.report import ExtraLine, Grid, StatTable
from gdcore.ui.html import Html, el, join

UNREAD = "未识别"
_T2_WIDTH = 3  # value columns of table 二 in its widest block


@dataclass(frozen=True, slots=True)
class Mark:
    """What a page says of a cell besides: how it looks, a line below the value, what is told when it is pointed at.

    `word` stands in place of a value that is not known.
    """

    css: str = ""
    word: str = ""
    below: str = ""
    title: str = ""


_UNMARKED = Mark()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table ready to be drawn: the figures by address, the addresses that a finding rests on, and other marks."""

    table: StatTable
    lit: frozenset[str] = field(default_factory=frozenset)
    fold: bool = True
    marks: Mapping[str, Mark] = field(default_factory=dict)

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Address → figure of every cell found."""
        return self.table.cells()

    def value(self, address: str) -> Html:
        """One value cell, in the words of the page."""
        return cell(self.figures.get(address), address in self.lit, self.marks.get(address, _UNMARKED))

    def head(self, label: str, *addresses: str, **attributes: object) -> Html:
        """A label cell, lit when a finding is about its row, column or block."""
        lit = " lit-label" if any(a in self.lit for a in addresses) else ""
        css = f"{attributes.pop('class_', '')}{lit}".strip()
        return el("th", label, class_=css or None, **attributes)

    @property
    def folded(self) -> str:
        """What the rows that are folded have in common."""
        return "各列均为 0"

    def foldable(self, block: Block, row: Row) -> bool:
        """Whether every cell of a row was read as 0 and none of them is lit or marked."""
        addresses = [block.address(row.key, c.key) for c in block.columns]
        if f"{block.prefix}.{row.key}" in self.lit or any(a in self.lit or a in self.marks for a in addresses):
            return False
        found = [self.figures.get(a) for a in addresses]
        return all(f is not None and f.value == Decimal(0) and not _typed(f) for f in found)


def official(
    table: StatTable, lit: Collection[str] = (), fold: bool = True, marks: Mapping[str, Mark] | None = None
) -> Html:
    """The whole table as HTML. `lit` holds addresses of cells, rows, columns or blocks; `fold` hides rows of zeros."""
    return drawn(Sheet(table, frozenset(lit), fold, marks or {}))


def drawn(sheet: Sheet) -> Html:
    """A sheet in the layout of the form."""
    key = sheet.table.key
    draw = {"t2": _table_two, "t3": _table_three, "t4": _table_four}[key]
    whole = key in sheet.lit and not any("." in address for address in sheet.lit)
    css = "official lit-table" if whole else "official"
    return scrolling(el("table", draw(sheet), class_=f"{css} {key}"), form.TABLE_NAMES[key])


def scrolling(table: Html, name: str) -> Html:
    """A table that is moved sideways where the screen is narrow, by the keyboard, too."""
    return el("div", table, class_="official-wrap", tabindex=0, role="region", aria_label=name)


def cell(figure: Figure | None, lit: bool = False, mark: Mark = _UNMARKED) -> Html:
    """A value cell: its number, or in words why there is none; what a person set with what had been read."""
    css = "lit " if lit else f"{mark.css} " if mark.css else ""
    if figure is None or mark.word:
        return el("td", mark.word or UNREAD, class_=f"{css}unread", title=mark.title or "未能读取，不作判断")
    told, before = mark.title or None, el("small", mark.below) if mark.below else Html("")
    if figure.correction is not None:
        css, told, before = f"{css}mended ", wording.correction(figure.correction), _before(figure.correction)
    if figure.blank:
        return el("td", "空", before, class_=f"{css}empty", title=told or "单元格空白")
    if figure.value is None:
        return el("td", figure.raw, before, class_=f"{css}odd", title=told or "不是数字")
    return el("td", figure.raw.strip(), before, class_=css + ("zero" if figure.value == 0 else "num"), title=told)


def _typed(figure: Figure) -> bool:
    """Whether a person set the value, and did not only say which cell it is."""
    return figure.correction is not None and not figure.correction.mapped


def _before(mended: Correction) -> Html:
    """What had been read, below what a person set; nothing for a cell that a person only assigned."""
    if mended.mapped and mended.read is None:
        return Html("")
    return el("small", "原" + (UNREAD if mended.read is None else mended.read or "空"))


def legend(table: StatTable, lit: Collection[str]) -> Html:
    """What the marks below a table mean; only those that occur."""
    cells = table.cells()
    parts: list[Html] = []
    if any(address in cells for address in lit):
        parts.append(el("span", el("b", "0", class_="key lit"), " 本条问题涉及"))
    if len(cells) < table.prescribed:
        parts.append(el("span", el("b", UNREAD, class_="key unread"), " 未能读取，不作判断"))
    if any(f.correction for f in cells.values()):
        word = "人工更正，下为原识别结果" if any(map(_typed, cells.values())) else "人工指定"
        parts.append(el("span", el("b", "0", class_="key mended"), f" {word}"))
    return el("p", join(parts), class_="legend") if parts else Html("")


# --- table 二 ---------------------------------------------------------------------------------------------------------


def _table_two(sheet: Sheet) -> Html:
    grids = {g.key: g for g in sheet.table.grids}
    blocks = [grids[b.key].form if b.key in grids else b for b in form.blocks("t2", sheet.table.edition)]
    rows: list[Html] = []
    for block in blocks:
        prefix = block.prefix
        rows.append(
            el(
                "tr",
                sheet.head(
                    block.title, f"t2.{block.key}", f"{prefix}.{block.key}", colspan=_T2_WIDTH + 1, class_="block"
                ),
            )
        )
        spans = _spread(len(block.columns))
        heads = (
            sheet.head(c.label, f"{prefix}.*.{c.key}", f"{prefix}.{c.key}", colspan=span, class_="column")
            for c, span in zip(block.columns, spans, strict=True)
        )
        rows.append(el("tr", el("th", "信息内容", class_="column"), *heads))
        rows += [_t2_row(sheet, block, row, spans) for row in block.rows]
        rows += [_extra(e, 1, spans) for e in _extras(grids.get(block.key))]
    return el("tbody", *rows)


def _t2_row(sheet: Sheet, block: Block, row: Row, spans: list[int]) -> Html:
    cells = [
        _spanned(sheet.value(block.address(row.key, c.key)), span) for c, span in zip(block.columns, spans, strict=True)
    ]
    return el("tr", sheet.head(row.label, f"{block.prefix}.{row.key}", class_="row"), *cells)


def _spread(columns: int) -> list[int]:
    """How many grid columns each value column takes, so that a block is as wide as the widest."""
    return [1] * (columns - 1) + [_T2_WIDTH - columns + 1]


def _spanned(cell: Html, span: int) -> Html:
    return cell if span == 1 else Html(cell.replace("<td", f'<td colspan="{span}"', 1))


# --- table 三 ---------------------------------------------------------------------------------------------------------


def _table_three(sheet: Sheet) -> Html:
    grid = sheet.table.grids[0] if sheet.table.grids else None
    block = grid.form if grid else form.blocks("t3", sheet.table.edition)[0]
    return join([_t3_head(sheet, block), el("tbody", *_t3_body(sheet, block, grid))])


def _t3_head(sheet: Sheet, block: Block) -> Html:
    first, *middle, last = block.columns

    def label(column: form.Column, rows: int = 1) -> Html:
        addresses = (f"t3.{column.key}", f"t3.*.{column.key}")
        return sheet.head(column.label, *addresses, rowspan=rows if rows > 1 else None, class_="column")

    return el(
        "thead",
        el(
            "tr",
            el("th", form.T3_CAPTION, colspan=3, rowspan=3, class_="note"),
            el("th", "申请人情况", colspan=len(block.columns)),
        ),
        el("tr", label(first, 2), el("th", "法人或其他组织", colspan=len(middle)), label(last, 2)),
        el("tr", *(label(c) for c in middle)),
    )


def _t3_body(sheet: Sheet, block: Block, grid: Grid | None) -> Iterator[Html]:
    folded = [r for r in block.rows if sheet.fold and r.group and r.key != "result_total" and sheet.foldable(block, r)]
    shown = [r for r in block.rows if r not in folded]
    within = [r for r in shown if r.group]
    extras = {r.key: _extras(grid, r.key) for r in shown}
    span = len(within) + sum(len(extras[r.key]) for r in within) + bool(folded)
    group_sizes = {
        key: sum(1 + len(extras[r.key]) for r in rows) for key, rows in groupby(within, key=lambda r: r.group)
    }
    opened: set[str] = set()
    yield from (_extra(e, 3, [1] * len(block.columns)) for e in _extras(grid, ""))
    for row in shown:
        labels: list[Html] = []
        if row.group and "result" not in opened:
            opened.add("result")
            labels.append(el("th", form.T3_GROUPS["result"], rowspan=span, class_="group"))
        if row.key == "result_total" and folded:
            yield el("tr", *labels, _fold_note(sheet, len(folded), 2 + len(block.columns)))
            labels = []
        values = (sheet.value(block.address(row.key, c.key)) for c in block.columns)
        yield el("tr", *labels, *_t3_labels(sheet, row, group_sizes, opened), *values)
        yield from (
            _extra(e, {"": 3, "result": 2}.get(row.group, 1), [1] * len(block.columns)) for e in extras[row.key]
        )


def _t3_labels(sheet: Sheet, row: Row, sizes: dict[str, int], opened: set[str]) -> Iterator[Html]:
    address = f"t3.{row.key}"
    if row.group in ("", "result"):
        yield sheet.head(row.label, address, colspan=2 if row.group else 3, class_="row")
        return
    if row.group not in opened:
        opened.add(row.group)
        yield el("th", form.T3_GROUPS[row.group], rowspan=sizes[row.group], class_="group")
    yield sheet.head(row.label, address, class_="row leaf")


def _fold_note(sheet: Sheet, rows: int, width: int) -> Html:
    return el("td", f"已收起 {rows} 行，{sheet.folded}", colspan=width, class_="folded")


# --- table 四 ---------------------------------------------------------------------------------------------------------


def _table_four(sheet: Sheet) -> Html:
    grid = sheet.table.grids[0] if sheet.table.grids else None
    block = grid.form if grid else form.T4
    review, direct, after = block.rows
    width = len(block.columns)
    heads = [
        sheet.head(c.label, f"t4.*.{c.key}", f"t4.{c.key}", class_="column") for _ in block.rows for c in block.columns
    ]
    values = [sheet.value(block.address(r.key, c.key)) for r in block.rows for c in block.columns]
    extras = [_extra(e, 0, [1] * (3 * width)) for e in _extras(grid)]
    return join(
        [
            el(
                "thead",
                el(
                    "tr",
                    sheet.head(review.label, "t4.review", colspan=width, rowspan=2, class_="group"),
                    sheet.head("行政诉讼", "t4.litigation", colspan=2 * width, class_="group"),
                ),
                el("tr", *(sheet.head(r.label, f"t4.{r.key}", colspan=width, class_="group") for r in (direct, after))),
                el("tr", *heads),
            ),
            el("tbody", el("tr", *values), *extras),
        ]
    )


# --- what the form does not have --------------------------------------------------------------------------------------


def _extras(grid: Grid | None, after: str | None = None) -> list[ExtraLine]:
    return [] if grid is None else [e for e in grid.extra_lines if after is None or e.after == after]


def _extra(line: ExtraLine, label_span: int, spans: Iterable[int]) -> Html:
    """A printed row that the form does not know, in its place, so that nothing of the report is left out."""
    widths = list(spans)
    texts = [f.raw for f in line.figures][: len(widths)]
    texts += [""] * (len(widths) - len(texts))
    cells = [el("td", t, colspan=w if w > 1 else None) for t, w in zip(texts, widths, strict=True)]
    label = (
        [el("th", line.label.text, colspan=label_span, class_="row", title="表格样式以外的行")] if label_span else []
    )
    return el("tr", *label, *cells, class_="extra")
