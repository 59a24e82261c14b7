"""A printed table assigned to the form by hand: which table, where its values begin, which row is which, and a preview."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from gdcore import form, guard, mapping, masking, readers, wording
from gdcore.document import Document
from gdcore.form import Block, Edition
from gdcore.mapping import ABREAST, Assignment, PrintedTable
from gdcore.mending import TableMend
from gdcore.recognise.rows import PrintedRow
from gdcore.report import StatTable
from gdcore.store.rows import ReportView
from gdcore.ui import mend, query, shell, tables
from gdcore.ui.grids import ROW_PX, height
from gdcore.ui.html import show

_FILES_KEPT = 4
_MOST_ROWS = 12
_TEXT_PX = 200
_CHOICE_PX = 220
_VALUE_PX = 60
_PRINTED, _CHOICE = "原件中的行", "对应统一格式的行"
_EDITIONS = {Edition.FMT2021: "2021 年版", Edition.FMT2019: "2019 年版"}
_ALL_ABREAST = "三类并排在这一行（15 格）"


@st.cache_resource(max_entries=_FILES_KEPT, show_spinner="正在重新读取原件…")
def _document(digest: str, _original: bytes) -> Document:
    return guard.run(readers.read, _original)


@st.dialog("指定表格", width="large")
def table(view: ReportView, key: str) -> None:
    """Choose a printed table of the original and say which rows of the form its rows are."""
    original = query.original(view.report_id)
    if original is None:
        st.write("原件不在库中，无法指定。")
        return
    found: list[PrintedTable] = []
    if not shell.attempt(lambda: found.extend(mapping.tables(_document(view.report.digest, original), view.report))):
        return
    if not found:
        st.write("原件中没有读到任何表格，可能是图片。表格能看到行名的，可用“更正单元格”逐格录入。")
        return
    left, right = mend.beside(view)
    with left:
        block, rows = _choose(view, key, found)
        chosen = _assign(block, rows)
    with right:
        mend.page(view, rows[0].page)
    grid = mapping.grid(rows, block, chosen)
    if grid.lines:
        st.caption("指定后的表格")
        show(tables.official(StatTable(block.table, block.edition, (grid,))))
    label = f"指定为{mend.block_name(block)}（{len(grid.lines)} 行）"
    mend.save(view, [TableMend(grid)] if grid.lines else [], label, "assign")


def _choose(view: ReportView, key: str, found: Sequence[PrintedTable]) -> tuple[Block, tuple[PrintedRow, ...]]:
    """The block of the form that is meant, and the rows of the printed tables chosen for it."""
    due = view.report.edition(view.year)
    with st.container(horizontal=True):
        editions = list(_EDITIONS)
        edition = st.radio(
            "格式",
            editions,
            index=editions.index(due) if due in editions else 0,
            format_func=_EDITIONS.__getitem__,
            horizontal=True,
            key="assign_edition",
        )
        blocks = [block for each in form.TABLE_SECTIONS for block in form.blocks(each, edition)]
        number = st.selectbox(
            "指定为",
            range(len(blocks)),
            index=_first(view, key, blocks),
            format_func=lambda n: mend.block_name(blocks[n]),
            key=f"assign_block_{edition}",
        )
    spare = next((n for n, each in enumerate(found) if not each.used), 0)
    picked = st.multiselect(
        "原件中的表格（跨页断开的可选几个）",
        range(len(found)),
        default=[spare],
        format_func=lambda n: _name(n, found[n]),
        key="assign_tables",
    )
    chosen = [found[n] for n in sorted(picked)] or [found[spare]]
    return blocks[number or 0], tuple(row for each in chosen for row in each.rows)


def _first(view: ReportView, key: str, blocks: Sequence[Block]) -> int:
    """The first block of a table that was not read, else its first."""
    table = view.report.table(key)
    read = {grid.key for grid in table.grids} if table else set()
    own = [n for n, block in enumerate(blocks) if block.table == key]
    return next((n for n in own if blocks[n].key not in read), own[0])


def _name(number: int, printed: PrintedTable) -> str:
    page = printed.rows[0].page
    where = f"第 {page} 页，" if page else ""
    state = "已识别" if printed.used else "未识别"
    return f"第 {number + 1} 个表（{where}{len(printed.rows)} 行 {printed.width} 列，{state}）"


def _assign(block: Block, rows: Sequence[PrintedRow]) -> Assignment:
    """The proposal, and what the person made of it."""
    proposed = mapping.propose(rows, block)
    abreast = ABREAST in proposed.rows.values()
    count = len(block.columns) * (len(block.rows) if abreast else 1)
    column = _column(block, rows, proposed, count)
    words = {row.key: wording.row_word(block.prefix, row.key) for row in block.rows}
    if block.table == "t4":
        words[ABREAST] = _ALL_ABREAST
    frame = _frame(rows, column, count)
    frame.insert(1, _CHOICE, [words.get(proposed.rows.get(n, "")) for n in range(len(rows))])
    names = [name for name in frame.columns if name != _CHOICE]
    edited = st.data_editor(
        frame,
        hide_index=True,
        disabled=names,
        placeholder="—",
        row_height=ROW_PX,
        height=height(len(rows), _MOST_ROWS),
        column_config={name: st.column_config.TextColumn(width=_VALUE_PX, alignment="right") for name in names}
        | {
            _PRINTED: st.column_config.TextColumn(width=_TEXT_PX, pinned=True),
            _CHOICE: st.column_config.SelectboxColumn(width=_CHOICE_PX, options=list(words.values())),
        },
        key=f"assign_rows_{block.edition}_{block.key}_{column}_{sorted({row.block for row in rows})}",
    )
    keys = {word: key for key, word in words.items()}
    return Assignment(column, {n: keys[word] for n, word in enumerate(edited[_CHOICE]) if word in keys})


def _column(block: Block, rows: Sequence[PrintedRow], proposed: Assignment, count: int) -> int:
    """Where the values begin; in flat text they are the last cells of a line and nothing is to be chosen."""
    if all(row.flat for row in rows):
        return proposed.column
    starts = mapping.columns(rows)
    return st.selectbox(
        f"数值从第几列起（共取 {count} 列）",
        starts,
        index=starts.index(proposed.column),
        format_func=lambda c: f"第 {c + 1} 列",
        key=f"assign_column_{block.key}_{rows[0].block}",
    )


def _frame(rows: Sequence[PrintedRow], column: int, count: int) -> pd.DataFrame:
    """What each row prints in front of its values, and the values, without personal data."""
    cells = [[masking.anywhere(c.text.strip()) for c in mapping.values(row, column, count)] for row in rows]
    values: list[Sequence[str | None]] = [line or [None] * count for line in cells]
    frame = pd.DataFrame(values, columns=[f"{n + 1}" for n in range(count)], dtype=object)
    frame.insert(0, _PRINTED, [masking.anywhere(mapping.words(row, column, count)) for row in rows])
    return frame
