"""Mending a reading: cells corrected beside the page they stand on, and the list of all corrections with the way back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gdcore import form, mending, wording
from gdcore.form import Block
from gdcore.mending import CellMend, Mend
from gdcore.place import Correction
from gdcore.report import Grid, Report
from gdcore.roles import Action
from gdcore.store.rows import MendRow, ReportView
from gdcore.ui import address, evidence, person, pictures, query, shell
from gdcore.ui.grids import ROW_PX, height
from gdcore.ui.html import Html, el, join, show
from gdcore.ui.tables import UNREAD
from gdcore.ui.words import minute

_MOST_ROWS = 16  # of the editor that are seen at once
_LABEL_PX = 150
_VALUES_PX = 402  # of all value columns together
_ROOMY_PX = 130  # of a column that needs no care
_NARROW_PX = 80  # of a column that has no room for its whole label
_SHORT = 2  # characters of a label there
_LABEL = "行"
_LOW_POINTS = 250  # of a table's height, up to which it is seen whole
_LIST_PX = 360  # height of the list of corrections, from which it scrolls
_LONG_LIST = 6  # corrections


@st.dialog("更正单元格", width="large")
def cells(view: ReportView, table: str) -> None:
    """A block of the form with what was read in it, to be typed over; saved with a reason, checked at once."""
    blocks = mending.editable(view.report)
    first = next((n for n, (block, _) in enumerate(blocks) if block.table == table), 0)
    number = st.selectbox(
        "表格", range(len(blocks)), index=first, format_func=lambda n: block_name(blocks[n][0]), key="mend_block"
    )
    block, grid = blocks[number or 0]
    left, right = beside(view)
    with left:
        st.caption(f"按原件改写有误的格；“{UNREAD}”的行要填全。原识别结果一并保留。")
        changes = _edited(view.report, block, _columns(block) if view.report.format in pictures.SHOWN else {})
    with right:
        page(view, *_where(grid))
    show(_summary(view.report, changes))
    save(view, changes, f"保存更正（{len(changes)} 格）" if changes else "保存更正", "mend_cells")


def block_name(block: Block) -> str:
    """表二 第二十条第（一）项; 表三."""
    return f"{form.TABLE_NAMES[block.table]} {block.title}".strip()


def _edited(report: Report, block: Block, columns: dict[str, Any]) -> list[CellMend]:
    """The editor, and what was typed into it where that is something else."""
    known = report.cells()
    addresses = [[block.address(row.key, c.key) for c in block.columns] for row in block.rows]
    shown = [[known[a].raw if a in known else None for a in row] for row in addresses]
    names = [c.label for c in block.columns]
    frame = pd.DataFrame(shown, columns=names, dtype=object)
    frame.insert(0, _LABEL, [row.label for row in block.rows])
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=[_LABEL],
        placeholder=UNREAD,
        row_height=ROW_PX,
        height=height(len(block.rows), _MOST_ROWS),
        column_config=columns,
        key=f"mend_editor_{mending.block_address(block)}",
    )
    typed = edited[names].astype(object).where(edited[names].notna(), None).to_numpy().tolist()
    return [
        CellMend(address, (after or "").strip())
        for line, befores, afters in zip(addresses, shown, typed, strict=True)
        for address, before, after in zip(line, befores, afters, strict=True)
        if after != before
    ]


def _columns(block: Block) -> dict[str, Any]:
    """Widths for half a dialog; a label without room is cut and told in full as the header's help."""
    names = [c.label for c in block.columns]
    wide = _VALUES_PX // len(names)
    shown = {name: name if wide >= _NARROW_PX else name[:_SHORT] for name in names}
    fixed = {n: st.column_config.TextColumn(shown[n], width=wide, alignment="right", help=n) for n in names}
    free = {n: st.column_config.TextColumn(alignment="right") for n in names}
    return {_LABEL: st.column_config.TextColumn(width=_LABEL_PX, pinned=True)} | (free if wide >= _ROOMY_PX else fixed)


def _summary(report: Report, changes: Sequence[CellMend]) -> Html:
    """What is about to be changed, told before it is saved."""
    if not changes:
        return Html("")
    read = {a: f.correction.read if f.correction else f.raw for a, f in report.cells().items()}
    told = [(c.address, wording.correction(Correction(c.raw, read.get(c.address)))) for c in changes]
    rows = [el("tr", el("td", wording.describe(address)), el("td", words)) for address, words in told]
    return el("table", el("tbody", *rows), class_="list")


def save(view: ReportView, changes: Sequence[Mend], label: str, key: str) -> None:
    """The reason, and the buttons that end the dialog."""
    reason = st.text_input("更正依据（必填）", key=f"{key}_reason", placeholder="如：原件第 3 页表三，该格印的是 10")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("取消", key=f"{key}_cancel"):
            st.rerun()
        if st.button(label, type="primary", disabled=not changes, key=f"{key}_submit"):
            hand = person.hand()
            if shell.attempt(lambda: hand.mend(view.report_id, changes, reason.strip()), "已更正并重新核查"):
                address.put(view="tables")  # the finding that led here may be gone, and the next one be about the prose
                st.rerun()


# --- the page beside --------------------------------------------------------------------------------------------------


def beside(view: ReportView) -> Sequence[DeltaGenerator]:
    """Two columns where the page can be shown, else one below the other."""
    if view.report.format in pictures.SHOWN:
        return st.columns(2, gap="medium")
    return st.container(), st.container()


def page(view: ReportView, number: int | None, around: pictures.Box | None = None) -> None:
    """The page of the original on which a table stands, cut to the table where its place is known."""
    if view.report.format not in pictures.SHOWN:
        return
    original = query.original(view.report_id)
    if original is None:
        st.write("原件不在库中。")
        return
    count = pictures.count(view.report.digest, view.report.format, original)
    if not count:
        st.write(pictures.NOT_DRAWN)
        return
    chosen = st.pagination(count, default=min(number or 1, count), key=f"mend_page_{number}") if count > 1 else 1
    clip = around if chosen == number else None
    low = clip is not None and clip[3] - clip[1] <= _LOW_POINTS
    with st.container(key="mend_page", height="content" if low else height(_MOST_ROWS), border=True):
        hidden = evidence.hidden_on(view.hidden, chosen)
        image = pictures.page(view.report.digest, view.report.format, original, chosen, (), clip, hidden)
        pictures.put(image, chosen)


def _where(grid: Grid | None) -> tuple[int | None, pictures.Box | None]:
    """The page on which most of a block's values are printed, and the box around labels and values there."""
    lines = grid.lines if grid else ()
    anchors = [a for line in lines for a in line.label.printed.anchors]
    anchors += [a for line in lines for figure in line.figures for a in figure.anchors]
    places = [a.place for a in anchors if a.place.page is not None and a.place.box is not None]
    if not places:
        return None, None
    pages = [place.page for place in places]
    most = max(set(pages), key=pages.count)
    x0s, tops, x1s, bottoms = zip(*(p.box for p in places if p.page == most and p.box), strict=True)
    return most, (min(x0s), min(tops), max(x1s), max(bottoms))


# --- all corrections --------------------------------------------------------------------------------------------------


def log(view: ReportView) -> None:
    """All corrections of this report, newest first, each with its way back; those of other versions and the ended too."""
    if not view.mends:
        return
    standing = [m for m in view.mends if m.undone_at is None and m.version == view.version]
    label = f"人工更正 {len(standing)} 处" if standing else "人工更正（均已撤销或属于其他版本）"
    acts = [list(rows) for _, rows in groupby(view.mends, key=lambda m: (m.created_at, m.actor, m.version))]
    with (
        st.expander(label, expanded=bool(standing), key="report_mends"),
        st.container(height=_LIST_PX if len(view.mends) > _LONG_LIST else "content", border=False),
    ):
        for rows in acts:
            _act(view, rows)


def _act(view: ReportView, rows: Sequence[MendRow]) -> None:
    first = rows[0]
    standing = [m for m in rows if m.undone_at is None and m.version == view.version]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top"):
        head = f"{minute(first.created_at)} · {first.actor} · {first.reason}"
        show(join([el("p", head, class_="muted"), *(el("p", _line(view, m)) for m in rows)]))
        if standing and view.current and person.may(Action.MEND):
            st.button(
                "撤销",
                icon=":material/undo:",
                key=f"report_unmend_{first.mend_id}",
                on_click=_undo,
                args=(view.report_id, [m.mend_id for m in standing]),
            )


def _line(view: ReportView, row: MendRow) -> Html:
    told = "人工指定表格" if row.raw is None else wording.correction(Correction(row.raw, row.read))
    return join([wording.describe(row.address), "：", told, el("span", _standing(view, row), class_="muted")])


def _standing(view: ReportView, row: MendRow) -> str:
    if row.undone_at is not None:
        return f"（{minute(row.undone_at)} {row.undone_by}撤销或改写）"
    if row.version != view.version:
        return f"（第 {row.version} 版文件的更正，不适用于本版）"
    return "" if row.in_force else "（未生效：重新识别后没有这一格，或整行未填全）"


def _undo(report_id: int, mend_ids: list[int]) -> None:
    shell.attempt(lambda: person.hand().unmend(report_id, mend_ids), "已撤销更正并重新核查")
