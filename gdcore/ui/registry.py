"""The parts of 管理 that concern the roster: what a file would change, shown before it is taken; the roster as it is."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from gdcore import roster as files
from gdcore.agency import LEVELS
from gdcore.errors import DeskError
from gdcore.form import AGENCY_TYPE_NAMES, AgencyType
from gdcore.roster import Fault, Roster
from gdcore.store import roster
from gdcore.store.roster import Plan
from gdcore.ui import grids, person, query, shell
from gdcore.ui.html import el, join, md, show, text

MAX_MB = 5
_SHOWN_FAULTS = 20
_KIND_WORDS = {roster.NEW: "新增", roster.CHANGED: "更新", roster.SAME: "不变"}
_ROUND = "admin_round"


def upload() -> tuple[str, bytes] | None:
    """The roster file that was dropped, if any."""
    given = st.file_uploader(
        "名录文件（CSV 或 XLSX）",
        type=["csv", "xlsx"],
        key=f"admin_file_{st.session_state.get(_ROUND, 0)}",
        max_upload_size=MAX_MB,
    )
    return (given.name, given.getvalue()) if given else None


def preview(name: str, data: bytes) -> None:
    """What taking the file would do, row by row, and the button that does it."""
    try:
        read = files.parse_guarded(data, name)
    except DeskError as error:
        st.error(md(f"{name}：{error}{error.remedy}"))
        return
    planned = roster.plan(query.store(), read.entries)
    faults = [*read.faults, *files.circles(read.entries)]
    counted = [f"{word} {planned.count(kind)} 家" for kind, word in _KIND_WORDS.items()]
    shell.say(join([el("b", name), "：", " · ".join(counted)]))
    _tell(read, planned, faults)
    st.dataframe(
        pd.DataFrame([_line(step) for step in planned.steps]),
        hide_index=True,
        height=grids.height(len(planned.steps)),
        row_height=grids.ROW_PX,
        placeholder="—",
        key="admin_preview",
    )
    rest = f"（跳过有误的 {len(read.faults)} 行）" if read.faults else ""
    st.button(
        f"导入 {len(planned.steps)} 家{rest}",
        type="primary",
        disabled=not planned.steps,
        key="admin_take",
        on_click=_take,
        args=(read,),
    )


def _take(read: Roster) -> None:
    """Take the roster, and empty the drop zone when that went well."""
    if shell.attempt(lambda: person.hand().take_roster(read.entries), f"已导入 {len(read.entries)} 家"):
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        query.refresh_roster()


def _tell(read: Roster, planned: Plan, faults: Sequence[Fault]) -> None:
    """What is wrong, what was left out, what stays."""
    for fault in faults[:_SHOWN_FAULTS]:
        st.error(md(f"第 {fault.row} 行：{fault.sentence}。"))
    if len(faults) > _SHOWN_FAULTS:
        st.error(f"另有 {len(faults) - _SHOWN_FAULTS} 行有误。")
    if read.ignored:
        st.caption(md(f"未使用的列：{'、'.join(read.ignored)}。"))
    if planned.absent:
        names = "、".join(planned.absent[:10]) + ("等" if len(planned.absent) > 10 else "")
        st.caption(md(f"现有名录中的 {len(planned.absent)} 家不在本文件中，保留不变：{names}。"))


def _line(step: roster.Step) -> dict[str, str | None]:
    entry = step.entry
    return {
        "变化": _KIND_WORDS[step.kind],
        "单位名称": entry.name,
        "类型": AGENCY_TYPE_NAMES[entry.agency_type] if entry.agency_type else None,
        "上级单位": entry.superior,
        "简称、曾用名": "、".join(entry.names[1:]) or None,
        "说明": "；".join(step.notes) or None,
    }


def listing() -> None:
    """The agencies as they stand; of very many the first that have the words looked for."""
    words = st.text_input("查找", placeholder="单位名称", width=180, key="admin_words") if query.many() else ""
    rows = query.roster(words, query.MANY if query.many() else None)
    if len(rows) == query.MANY:
        shell.say(text(f"只列出前 {query.MANY} 家，请输入名称查找其他单位。"), "say muted")
    if not rows:
        show(el("p", "还没有单位。导入名录后，未报送、逾期和上下级汇总才有依据。", class_="say muted"))
        return
    table = pd.DataFrame(
        [
            {
                "单位名称": row.name,
                "编号": row.code,
                "类型": AGENCY_TYPE_NAMES[AgencyType(row.agency_type)] if row.agency_type else None,
                "层级": LEVELS.get(row.level or ""),
                "上级单位": row.superior,
                "计入汇总": None if row.in_total is None else "是" if row.in_total else "否",
                "撤销日期": row.abolished.isoformat() if row.abolished else None,
                "来源": {"roster": "名录", "sample": "示例"}.get(row.source, "报告中的名称"),
            }
            for row in rows
        ]
    )
    st.dataframe(
        table,
        hide_index=True,
        height=grids.height(len(rows)),
        row_height=grids.ROW_PX,
        placeholder="—",
        key="admin_roster",
    )
