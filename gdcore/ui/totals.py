"""The parts of 汇总: who is added up, the banner of coverage, the sums in the official table, and what is behind a cell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from gdcore import aggregation, form
from gdcore.aggregation import LEFT_OUT_NAMES, Comparison, LeftOut, Share, Sum, Totals
from gdcore.exports import official, totals_docx, totals_xlsx
from gdcore.figure import Figure, Passage
from gdcore.form import AGENCY_TYPE_NAMES, AgencyType
from gdcore.report import Grid, Label, Line, Match, StatTable
from gdcore.store.rows import TotalChoices, TotalScope
from gdcore.store.total_rows import EVERYBODY
from gdcore.tally import REASON_NAMES, Reason
from gdcore.ui import address, download, grids, person, query, shell, tables
from gdcore.ui.html import Html, el, join, md, show
from gdcore.ui.tables import Mark
from gdcore.ui.words import MINUS, short_name

HELP = (
    "一级政府：计入名录中以它为上级单位的单位，政府办公室也计一家；垂直管理单位除名录注明计入外不计，"
    "已撤销或并入其他单位的按日期不计。政府自己的年报是汇总数，不计入，只用来核对。"
)
_EVERYBODY = "all"  # in the address, where a government's key would stand
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MOST_DIFFERENCES, _MOST_AGENCIES = 6, 14
_WORDS_PX = {"t2": (108, 118), "t3": (124, 98), "t4": (132, 78)}  # row and column of a differing cell
_OFFERED = 50  # governments at once, where there are many
_BAR_COLOUR = "#5C7F9F"


# --- who is added up --------------------------------------------------------------------------------------------------


def scope(year: int) -> TotalScope | None:
    """Whose reports are added up: the choices, and the answer to them."""
    choices = query.total_choices(year)
    everybody = [_EVERYBODY] if person.who().scope is None else []
    options = _found(choices) if query.many() else [*choices.governments, *everybody]
    if not options:
        return None
    chosen = str(
        st.selectbox(
            "汇总范围",
            options,
            format_func=lambda key: choices.governments.get(key, EVERYBODY),
            help=HELP,
            width=260,
            **address.one("aggregation_agency", "agency", options, options[0]),
        )
    )
    agency, area = ("", _area(choices.areas)) if chosen == _EVERYBODY else (chosen, "")
    return query.total_scope(year, agency, area, _kinds(query.total_scope(year, agency, area)))


def _found(choices: TotalChoices) -> list[str]:
    """Of many governments those whose names have the words that were typed, and the one that is shown."""
    words = st.text_input("查找政府", placeholder="输入名称", width=150, key="aggregation_words")
    found = [key for key, name in choices.governments.items() if not words or words in name][:_OFFERED]
    asked = address.get("agency")
    return found + ([asked] if asked in choices.governments and asked not in found else [])


def _area(areas: Sequence[str]) -> str:
    if not areas:
        return ""
    tied = address.one("aggregation_area", "scope", ["", *areas], "")
    return str(st.selectbox("所属地区", ["", *areas], format_func=lambda a: a or "全部地区", width=180, **tied) or "")


def _kinds(whole: TotalScope | None) -> tuple[AgencyType, ...]:
    """The kinds of agencies that are wanted; () for all."""
    members = whole.scope.members if whole else ()
    sums = (m for m, why in (whole.scope.left_out if whole else ()) if why is LeftOut.IS_A_SUM)
    present = {m.kind for m in (*members, *sums)}
    kinds = [kind for kind in AgencyType if kind in present]
    if len(kinds) < 2:
        return ()
    wanted = st.segmented_control(
        "只汇总",
        kinds,
        selection_mode="multi",
        format_func=lambda kind: AGENCY_TYPE_NAMES[kind],
        **address.many("aggregation_kinds", "kinds", kinds),
    )
    return tuple(kind for kind in kinds if kind in wanted)


def table_choice(totals: Totals) -> str:
    """Which table is looked at, with its coverage."""
    chosen = st.segmented_control(
        "表",
        list(form.TABLE_SECTIONS),
        required=True,
        format_func=lambda key: (
            f"{form.TABLE_NAMES[key]} {len(totals.coverage[key].counted)}/{totals.coverage[key].due}"
        ),
        **address.one("aggregation_table", "table", list(form.TABLE_SECTIONS), "t3"),
    )
    return str(chosen)


def downloads(totals: Totals) -> None:
    """The workbook and the Word file, made when they are asked for."""
    name = official.title(totals)
    for label, make, suffix, kind in (
        ("XLSX", totals_xlsx.workbook, "xlsx", _XLSX),
        ("Word（官方表样）", totals_docx.document, "docx", _DOCX),
    ):
        download.button(
            label,
            person.later(partial(make, totals)),
            file_name=f"{name}.{suffix}",
            mime=kind,
            icon=":material/download:",
            key=f"aggregation_{suffix}",
        )


# --- the sums ---------------------------------------------------------------------------------------------------------


def banner(totals: Totals, key: str, area: str) -> None:
    """Whom the table's sums stand for."""
    cover = totals.coverage[key]
    told = aggregation.shortfall(cover, call=lambda name: short_name(name, area))
    kinds = "、".join(AGENCY_TYPE_NAMES[kind] for kind in totals.scope.kinds)
    only = f"只汇总{kinds}。" if kinds else ""
    shell.say(join([el("b", aggregation.headline(cover)), told, only]), f"note-line{'' if cover.whole else ' amber'}")


def folded(key: str) -> bool:
    """Whether rows of zeros are hidden: only table 三 has many."""
    if key != "t3":
        return True
    return st.toggle("收起全为 0 的行", value=address.get("fold") != "0", key="aggregation_fold", on_change=_fold)


def _fold() -> None:
    address.put(fold=None if st.session_state["aggregation_fold"] else "0")


def sheet(totals: Totals, key: str, chosen: Sum, fold: bool) -> None:
    """The sums as the format prints them."""
    marks = {c.address: mark for c in totals.table(key) if (mark := _mark(totals, c, c is chosen))}
    show(tables.official(_as_printed(totals, key), fold=fold, marks=marks))
    show(_legend(totals, key))


def _as_printed(totals: Totals, key: str) -> StatTable:
    """The sums in the shape of a table of a report."""
    blocks = form.blocks(key, totals.edition)
    return StatTable(
        key, totals.edition, tuple(Grid(key, b.key, b.edition, None, (), _lines(totals, b)) for b in blocks)
    )


def _lines(totals: Totals, block: form.Block) -> tuple[Line, ...]:
    def line(row: form.Row) -> Line:
        values = (totals.sums[block.address(row.key, c.key)].figure.value for c in block.columns)
        figures = tuple(Figure(value, "" if value is None else aggregation.plain(value)) for value in values)
        return Line(Label(row.key, Passage(row.label), row.label, Match.EXACT), figures, len(figures))

    return tuple(line(row) for row in block.rows)


def _mark(totals: Totals, cell: Sum, chosen: bool) -> Mark | None:
    lacking, differs = totals.lacking(cell), cell.differs and totals.whole(cell)
    unknown = cell.figure.value is None
    if not (lacking or differs or chosen or unknown):
        return None
    told = [aggregation.covers(totals, cell)] if lacking else []
    told += [aggregation.beside(cell)] if cell.ours else []
    css = " ".join(name for name, holds in (("chosen", chosen), ("differs", differs)) if holds)
    below = f"{cell.covered} 家" if lacking and not unknown else ""
    return Mark(css, _unknown(totals, cell) if unknown else "", below, "".join(told))


def _unknown(totals: Totals, cell: Sum) -> str:
    """In a word, why nobody's number is known."""
    reasons = set(totals.coverage_of(cell).uncounted) - {Reason.NOT_FILED}
    return {frozenset({Reason.BLANK}): "空", frozenset({Reason.NO_UNIT}): "不加总"}.get(
        frozenset(reasons), tables.UNREAD
    )


def _legend(totals: Totals, key: str) -> Html:
    """What the marks mean; only those that occur."""
    cells = totals.table(key)
    parts = [el("span", el("b", "0", class_="key chosen"), " 正在查看的格")]
    if any(c.differs and totals.whole(c) for c in cells):
        parts.append(el("span", el("b", "0", class_="key differs"), " 与政府年报不一致"))
    if any(totals.lacking(c) and c.covered for c in cells):
        parts.append(el("span", el("b", "n 家", class_="key"), " 只有这些单位的数计入该格"))
    if any(c.figure.value is None for c in cells):
        parts.append(el("span", el("b", tables.UNREAD, class_="key unread"), " 没有单位的数可以计入"))
    return el("p", join(parts), class_="legend")


def uncounted(totals: Totals, key: str) -> None:
    """Everybody who is not in the sums of a table, with the reason, and how to see for oneself."""
    cover, apart = totals.coverage[key], totals.scope.left_out
    rows = [(m.name, REASON_NAMES[reason]) for reason, ms in cover.uncounted.items() for m in ms]
    rows += [(m.name, "个别单元格空白、未能识别或版本不同") for m in cover.partial]
    rows += [(m.name, LEFT_OUT_NAMES[why]) for m, why in apart]
    if not rows:
        return
    counts = [f"未计入 {cover.missing} 家", f"部分计入 {len(cover.partial)} 家", f"不在汇总之列 {len(apart)} 家"]
    with st.expander(" · ".join(counts), key="aggregation_uncounted"):
        body = (el("tr", el("td", name), el("td", why)) for name, why in rows)
        show(el("table", el("thead", el("tr", el("th", "单位"), el("th", "原因"))), el("tbody", *body), class_="list"))


# --- beside the government's report -------------------------------------------------------------------------------------


def differences(totals: Totals, key: str, area: str) -> None:
    """The cells that differ from the government's report, to choose from; or why there is nothing to compare."""
    government = totals.scope.government
    if government is None:
        return
    name = short_name(government.name, area)
    found = totals.differing(key)
    whole = sum(totals.whole(cell) for cell in found)
    st.header(md(f"与{name}年报不一致的 {len(found)} 格" if found else f"与{name}年报核对"), anchor=False)
    sentence = _compared(totals, name, len(found), whole)
    if sentence:
        st.caption(md(sentence))
    if found:
        _difference_grid(found)


def _compared(totals: Totals, name: str, found: int, whole: int) -> str:
    if totals.comparison is not Comparison.POSSIBLE:
        return {
            Comparison.NOT_FILED: f"{name}尚未报送 {totals.year} 年度报告，没有可以核对的数。",
            Comparison.OWN_DATA: f"{name}年报写明数据为本级口径，不与各单位之和比较。",
            Comparison.NARROWED: f"只汇总了部分类型的单位，不与{name}年报比较。",
        }.get(totals.comparison, "")
    if not found:
        return "两边都有数的各格一致。"
    some = f"其中 {found - whole} 格" if whole else "各格都"
    partly = f"{some}未覆盖全部单位，差额只供参考，不是差错。" if found > whole else ""
    office = "" if totals.scope.has_office else "汇总的单位中没有政府办公室，差额可能是政府本级的数据。"
    return partly + office


def _difference_grid(found: Sequence[Sum]) -> None:
    frame = pd.DataFrame([_difference(cell) for cell in found])
    key = f"aggregation_differing_{found[0].table}"
    text = st.column_config.TextColumn
    row, column = _WORDS_PX[found[0].table]
    st.dataframe(
        frame,
        column_config={
            "项目": text(width=row),
            "列": text(width=column),
            "合计": text(width=54, alignment="right"),
            "政府年报": text(width=60, alignment="right"),
            "相差": text(width=50, alignment="right"),
        },
        hide_index=True,
        height=grids.height(len(found), _MOST_DIFFERENCES),
        row_height=grids.ROW_PX,
        on_select=lambda: _take(key, found),
        selection_mode="single-row",
        key=key,
    )


def _difference(cell: Sum) -> dict[str, str]:
    _, row, column = official.words(cell)
    return {
        "项目": row.replace("政府信息公开申请数量", ""),
        "列": column,
        "合计": aggregation.plain(cell.figure.value),
        "政府年报": aggregation.plain(cell.ours.value if cell.ours else None),
        "相差": aggregation.signed(cell.difference),
    }


def _take(key: str, found: Sequence[Sum]) -> None:
    """The chosen row becomes the cell that is looked at."""
    rows = st.session_state[key].selection.rows
    if rows:
        address.put(cell=found[rows[0]].address)


# --- one cell -----------------------------------------------------------------------------------------------------------


def asked(totals: Totals, key: str) -> Sum:
    """The cell that the address names; else the first that differs although everybody is counted, else the largest."""
    cells = {cell.address: cell for cell in totals.table(key)}
    wrong = next((c for c in totals.differing(key) if totals.whole(c)), None)
    largest = max(cells.values(), key=lambda c: c.figure.value or Decimal(0))
    return cells.get(address.get("cell")) or wrong or largest


def cell_choice(totals: Totals, key: str, first: Sum) -> None:
    """The cells of the table by name, those that differ first."""
    cells = {c.address: c for c in (*totals.differing(key), *totals.table(key))}
    st.selectbox(
        "查看单元格",
        list(cells),
        format_func=lambda a: (
            _label(cells[a]) + (f"　相差 {aggregation.signed(cells[a].difference)}" * cells[a].differs)
        ),
        **address.one(f"aggregation_cell_{key}", "cell", list(cells), first.address),
    )


def _label(cell: Sum) -> str:
    _, row, column = official.words(cell)
    return f"{row} · {column}"


def card(totals: Totals, cell: Sum, area: str) -> None:
    """The sum of a cell, what the government has, and who is missing."""
    unit = aggregation.unit(cell.address)
    rows = [("合计", f"{_amount(cell.figure.value)} {unit}（{cell.covered} 家）")]
    if cell.ours is not None:
        rows.append(("政府年报", f"{_amount(cell.ours.value)} {unit}"))
        rows.append(("相差", f"{aggregation.signed(cell.difference)} {unit}" + _rounding(cell)))
    show(
        el(
            "dl",
            *(el(tag, text) for name, told in rows for tag, text in (("dt", name), ("dd", told))),
            class_="card sums",
        )
    )
    cover = totals.coverage_of(cell)
    if not cover.whole:
        told = aggregation.shortfall(cover, cell=True, call=lambda name: short_name(name, area))
        shell.say(join([el("b", aggregation.headline(cover)), told]), "say muted")


def _rounding(cell: Sum) -> str:
    return "（在四舍五入范围内）" if cell.difference and not cell.differs else ""


def _amount(value: Decimal | None) -> str:
    return tables.UNREAD if value is None else f"{value:,f}".replace("-", MINUS)


def agencies(totals: Totals, cell: Sum, area: str) -> None:
    """The agencies behind a cell by share; a chosen one opens its report."""
    shares = totals.shares(cell)
    unit = aggregation.unit(cell.address)
    number = f"数（{unit}）" if unit else "数"
    frame = pd.DataFrame([_agency(totals, cell, s, area, number) for s in shares])
    values = [s.figure.value for s in shares if s.figure]
    picked = st.dataframe(
        frame,
        column_config={
            "单位": st.column_config.TextColumn(width=132),
            number: st.column_config.NumberColumn(width=62, format=_format(values)),
            "占比": st.column_config.ProgressColumn(
                width=84, min_value=0, max_value=100, format="%.0f%%", color=_BAR_COLOUR
            ),
            "备注": st.column_config.TextColumn(width=104),
        },
        hide_index=True,
        height=grids.height(len(shares), _MOST_AGENCIES),
        row_height=grids.ROW_PX,
        placeholder="—",
        on_select="rerun",
        selection_mode="single-row",
        key=f"aggregation_agencies_{cell.address}",
    )
    st.caption("选中一行，打开该单位的报告。")
    if picked.selection.rows:
        shell.go("report", agency=shares[picked.selection.rows[0]].member.key, view="tables")


def _agency(totals: Totals, cell: Sum, share: Share, area: str, number: str) -> dict[str, Any]:
    value = share.figure.value if share.figure else None
    same = totals.whole(cell) and cell.differs and value is not None and abs(value) == abs(cell.difference or 0)
    told = [aggregation.remark(share), "与差额相同" if same else ""]
    return {
        "单位": short_name(share.member.name, area),
        number: None if value is None else float(value),
        "占比": None if share.part is None else share.part * 100,
        "备注": "；".join(filter(None, told)),
    }


def _format(values: Sequence[Decimal | None]) -> str:
    """As many decimals as the longest of the numbers has."""
    decimals = (-int(v.as_tuple().exponent) for v in values if v is not None)
    return f"%.{max([0, *decimals])}f"
