"""How a report is laid out: the variations of titles, headings, tables and page furniture that real reports show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from gdcore import form
from gdcore.samples import Sample, apply
from gdcore.samples.layout import Cell, Grid, Role, cut, grids
from gdcore.samples.model import Paragraph, Picture, StatTable, Style

Item = Paragraph | Grid
Page = list[Item]
PERIOD = "统计期限：自{y}年1月1日起至{y}年12月31日止"


def as_it_is(items: Page) -> Page:
    """Nothing rearranged."""
    return items


@dataclass(frozen=True, slots=True)
class Layout:
    """A change of the report, one of its printed items, or both. `hybrid`: block 一 of table 二 in the 2019 form.

    `lost` are the sections whose heading is not printed.
    """

    change: Callable[[Sample], Sample] = lambda sample: sample
    arrange: Callable[[Page], Page] = as_it_is
    hybrid: bool = False
    lost: frozenset[str] = frozenset()


def page(sample: Sample, layout: Layout) -> Page:
    """The printed items of a report in a layout."""
    items: Page = []
    for piece in layout.change(sample).pieces:
        if isinstance(piece, StatTable):
            items += grids(piece)
        elif not isinstance(piece, Picture) and piece.style is not Style.PAGE:
            items.append(piece)
    return layout.arrange(items)


def key(grid: Grid) -> str:
    """Which table a grid (or a part of it) is of."""
    texts = "".join(c.text for c in grid.cells)
    if grid.label_columns == 3:
        return "t3"
    return (
        "t4" if "结果维持" in texts else "t2" if "行政许可" in texts or "规章" in texts or "第二十条" in texts else ""
    )


# --- changes of the report ------------------------------------------------------------------------------------------


def _changed(**change: object) -> Callable[[Sample], Sample]:
    return lambda sample: apply(sample, change)


def _reworded(words: Mapping[str, str]) -> Callable[[Sample], Sample]:
    """`words` replaced where they stand; the two editions do not have the same ones."""

    def reword(sample: Sample) -> Sample:
        for old, new in words.items():
            try:
                sample = apply(sample, {"replace": {old: new}})
            except ValueError:
                continue
        return sample

    return reword


def _split(*marks: str) -> Callable[[Sample], Sample]:
    return _changed(split=list(marks))


def _title(pattern: str) -> Callable[[Sample], Sample]:
    """The title in other words: {n} the agency, {y} the year; a line break parts it in two lines."""

    def retitle(sample: Sample) -> Sample:
        lines = pattern.format(n=sample.spec.name, y=sample.spec.year).split("\n")
        titles = [Paragraph("title", line, "", Style.TITLE) for line in lines]
        pieces = [q for p in sample.pieces for q in (titles if p.key == "title" else [p])]
        return replace(sample, pieces=tuple(pieces))

    return retitle


def _period_line(sample: Sample) -> Sample:
    return apply(sample, {"insert": {"s2.heading": [PERIOD.format(y=sample.spec.year)]}})


def _restarted(sample: Sample) -> Sample:
    """Narrative first with numbers of its own, then 一、主动公开… for the tables."""
    headings = {s.short: s for s in form.SECTIONS}
    renumbered = {
        headings[s].heading: f"{n}、{headings[s].title}" for s, n in zip(("s2", "s3", "s4"), "一二三", strict=True)
    }
    sample = apply(sample, {"replace": renumbered})
    return apply(
        sample,
        {"before": {"s2.heading": ["二、政策解读和回应关切情况", "围绕重点工作开展政策解读，及时回应群众关切。"]}},
    )


# --- changes of the printed tables ----------------------------------------------------------------------------------


def _each(wanted: str, change: Callable[[Grid], Sequence[Item]]) -> Callable[[Page], Page]:
    """The page with every grid of a table replaced by what `change` makes of it."""

    def arrange(items: Page) -> Page:
        result: Page = []
        for item in items:
            result += change(item) if isinstance(item, Grid) and key(item) == wanted else [item]
        return result

    return arrange


def _columns(grid: Grid, first: int, last: int) -> Grid:
    """The columns from `first` up to `last`, as a table of its own."""
    kept = [replace(c, column=max(c.column, first) - first, column_span=min(c.right, last) - max(c.column, first))
            for c in grid.cells if c.column < last and c.right > first]  # fmt: skip
    return replace(grid, cells=tuple(kept), width=last - first)


def _at_columns(*edges: int) -> Callable[[Grid], list[Item]]:
    return lambda grid: [_columns(grid, a, b) for a, b in zip((0, *edges), (*edges, grid.width), strict=True)]


def _headed_again(grid: Grid) -> list[Item]:
    """Table 三 in two tables, the header printed on both."""
    upper, lower = cut(grid, 16)
    head = [c for c in grid.cells if c.row < 3]
    below = [replace(c, row=c.row + 3) for c in lower.cells]
    return [upper, replace(lower, cells=(*head, *below), height=lower.height + 3)]


def _unmerged(repeat: bool) -> Callable[[Grid], list[Item]]:
    """Merges dissolved, as hand-made tables have them: blanks beside and below, or the label on every row again."""

    def dissolve(grid: Grid) -> list[Item]:
        cells = []
        for c in grid.cells:
            for r in range(c.row, c.bottom):
                for n in range(c.column, c.right):
                    shown = (r, n) == (c.row, c.column) or (repeat and n == c.column and c.role is Role.LABEL)
                    cells.append(Cell(c.text if shown else "", r, n, 1, 1, c.role))
        return [replace(grid, cells=tuple(cells))]

    return dissolve


def _texts(change: Callable[[Cell, Grid], str]) -> Callable[[Grid], list[Item]]:
    return lambda grid: [replace(grid, cells=tuple(replace(c, text=change(c, grid)) for c in grid.cells))]


def _broken(cell: Cell, _: Grid) -> str:
    """Lines broken inside labels: 自⏎然⏎人, 商业⏎企业, 三⏎、⏎本⏎年."""
    if cell.role is Role.VALUE or len(cell.text) < 3:
        return cell.text
    if cell.text.startswith(("三、", "自然")):
        return "\n".join(cell.text)
    half = (len(cell.text) + 1) // 2
    return cell.text[:half] + "\n" + cell.text[half:]


def _spaced(cell: Cell, _: Grid) -> str:
    """Spaces inside labels: 总 计, 结果 维持, 1. 属于国家秘密, 第二十条 第（一）项."""
    if cell.role is Role.VALUE or len(cell.text) < 2:
        return cell.text
    return cell.text[:2] + " " + cell.text[2:] if cell.text[0].isdigit() or len(cell.text) > 2 else " ".join(cell.text)


def _two_header_rows(grid: Grid) -> list[Item]:
    """商业 | 科研 … above 企业 | 机构 …: one header over two rows of cells."""
    cells: list[Cell] = []
    for c in grid.cells:
        moved = replace(c, row=c.row + 1) if c.row >= 3 else c
        if c.row < 3 <= c.bottom:
            moved = replace(c, row_span=c.row_span + 1)
        if c.row == 2 and len(c.text) == 4:
            cells += [replace(c, text=c.text[:2]), replace(c, text=c.text[2:], row=3)]
        else:
            cells.append(replace(moved, row_span=2) if c.row == 2 else moved)
    return [replace(grid, cells=tuple(cells), height=grid.height + 1)]


def _labelled_disputes(grid: Grid) -> list[Item]:
    """Table 四 as three rows of five, each with its kind in front."""
    heads = [c.text for c in grid.row(2)][:5]
    values = [c.text for c in grid.row(3)]
    cells = [Cell("", 0, 0, role=Role.HEAD), *(Cell(h, 0, n, role=Role.HEAD) for n, h in enumerate(heads, 1))]
    for r, row in enumerate(form.T4.rows, 1):
        cells.append(Cell(row.label, r, 0, role=Role.LABEL))
        cells += [Cell(v, r, n) for n, v in enumerate(values[5 * r - 5 : 5 * r], 1)]
    return [Grid(tuple(cells), 4, 6, 1)]


# --- what stands around ---------------------------------------------------------------------------------------------


def _rows(*rows: Sequence[str]) -> Grid:
    cells = [Cell(t, r, c, role=Role.LABEL) for r, row in enumerate(rows) for c, t in enumerate(row)]
    return Grid(tuple(cells), len(rows), max(map(len, rows)), 1)


def _metadata_table(items: Page) -> Page:
    """名称, 索引号, 分类 … as a table above the title."""
    told = _rows(
        ("索引号", "000014348/2024-00012", "分类", "政府信息公开年报"),
        ("发布机构", "政务公开办公室", "公开日期", "2024-01-18"),
        ("文号", "", "关键词", "年度报告"),
        ("时效", "有效", "文件下载", ""),
    )
    return [told, *items]


def _table_in_overview(items: Page) -> Page:
    """An unrelated small table inside 一."""
    at = next(n for n, p in enumerate(items) if isinstance(p, Paragraph) and p.key == "s1.a1")
    small = _rows(("新闻发布会", "电视采访", "数字图文", "微信"), ("3次", "2次", "21条", "400余条"))
    return [*items[: at + 1], small, *items[at + 1 :]]


def _noted_below(items: Page) -> Page:
    """A note under table 四."""
    return _behind(items, "t4", Paragraph("", "注：行政复议、行政诉讼数量含上年度结转数量。", "s4"))


def _behind(items: Page, wanted: str, note: Paragraph) -> Page:
    at = max(n for n, p in enumerate(items) if isinstance(p, Grid) and key(p) == wanted)
    return [*items[: at + 1], note, *items[at + 1 :]]


def _carried_out_in_words(items: Page) -> Page:
    """The last row of table 三 stands right above 四、政府信息公开行政复议…, and 五 and 六 follow without sub-headings."""
    return [p for p in items if not (isinstance(p, Paragraph) and p.key in ("s1.a5", "s6.innovation"))]


def _both(*changes: Callable[[Page], Page]) -> Callable[[Page], Page]:
    def arrange(items: Page) -> Page:
        for change in changes:
            items = change(items)
        return items

    return arrange


_HALF_WIDTH = {"（": "(", "）": ")", "：": ":"}
_HEADINGS = {
    "二、主动公开政府信息情况": "二、行政机关主动公开政府信息的情况",
    "三、收到和处理政府信息公开申请情况": "三、 行政机关收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况": "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "五、存在的主要问题及改进情况": "五、政府信息公开工作存在的主要问题及改进情况",
    "六、其他需要报告的事项": "六、其它需要报告事项",
}
_SLIPS = {
    "本年废止件数": "本年度止件数",
    "2.其他法律行政法规禁止公开": "2.其他法律行政止公开",
    "1.属于国家秘密": "1、属于国家秘密",
    "3.其他": "3、其他",
    "行政规范性文件": "规范性文件",
    "4.无正当理由大量反复申请": "4.无正当理由大量反复 申请",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "1.申请人无正当理由逾期不补正,行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "2.逾期未缴费",
    "社会公益组织": "社会公益",
    "（三）不予公开": "(三) 不予公开",
}
_FOUR = ("t2.item5", "t2.item6", "t2.item8")

LAYOUTS: Mapping[str, Layout] = {
    "official": Layout(),
    "requests_in_two": Layout(_split("t3.unable_not_held")),
    "requests_in_two_headed": Layout(arrange=_each("t3", _headed_again)),
    "proactive_in_four": Layout(_split(*_FOUR)),
    "disputes_in_two": Layout(arrange=_each("t4", _at_columns(5))),
    "disputes_in_three": Layout(arrange=_each("t4", _at_columns(5, 10))),
    "disputes_labelled": Layout(arrange=_each("t4", _labelled_disputes)),
    "period_line": Layout(_period_line),
    "half_width": Layout(_reworded(_HALF_WIDTH)),
    "hybrid": Layout(hybrid=True),
    "headings": Layout(_reworded(_HEADINGS)),
    "lost_overview": Layout(_changed(drop=["s1.heading"]), lost=frozenset({"s1_overview"})),
    "lost_problems": Layout(_changed(drop=["s5.heading"]), lost=frozenset({"s5_problems"})),
    "lost_requests": Layout(_changed(drop=["s3.heading"]), lost=frozenset({"s3_requests"})),
    "restarted": Layout(_restarted),
    "unnumbered": Layout(_reworded({s.heading: s.title for s in form.SECTIONS})),
    "slips": Layout(_reworded(_SLIPS)),
    "lines_in_labels": Layout(arrange=_both(_each("t3", _texts(_broken)), _each("t4", _texts(_broken)))),
    "spaces_in_labels": Layout(arrange=_both(*(_each(t, _texts(_spaced)) for t in ("t2", "t3", "t4")))),
    "two_header_rows": Layout(arrange=_each("t3", _two_header_rows)),
    "unmerged": Layout(arrange=_both(*(_each(t, _unmerged(False)) for t in ("t2", "t3", "t4")))),
    "labels_repeated": Layout(arrange=_each("t3", _unmerged(True))),
    "metadata_table": Layout(arrange=_metadata_table),
    "table_in_overview": Layout(arrange=_table_in_overview),
    "note_below": Layout(arrange=_noted_below),
    "no_caption": Layout(_changed(drop=["t3.caption"])),
    "instruction": Layout(_changed(insert={"s3.heading": ["该部分以表格形式报告。表格如下："]})),
    "terse": Layout(arrange=_carried_out_in_words),
    "year_in_front": Layout(_title("{y}年{n}政府信息公开工作年度报告")),
    "two_lines": Layout(_title("{n}\n{y} 年政府信息公开工作年度报告")),
    "broken_title": Layout(_title("{n}{y}年政府信息公开工作\n年度报告")),
    "year_twice": Layout(_title("{n}{y}年度政府信息公开工作年度报告")),
    "year_between": Layout(_title("{n}政府信息公开工作{y}年度报告")),
    "printed_twice": Layout(_changed(duplicate=["t2", "t3", "t4"])),
}
