"""The bar below the finding grid: how many are chosen, and what can be done with all of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from gdcore.lifecycle import FINDING
from gdcore.store.rows import FindingFilter, FindingRow
from gdcore.ui import decide, letters, query, shell
from gdcore.ui.html import el, join, show


def bar(chosen: Sequence[FindingRow], wanted: FindingFilter, total: int) -> None:
    """Confirm or dismiss the chosen findings, or all that the filter finds; open the only one."""
    with st.container(key="findings_bulk", horizontal=True, vertical_alignment="center"):
        if not chosen:
            shell.say(join(["勾选左侧方框可批量处理；选一条可打开原文。"]), "say muted")
            _undo()
            return
        everything = False
        if len(chosen) < total:
            everything = st.toggle(f"选中全部 {total} 条", key="findings_everything")
        rows = query.every_finding(wanted) if everything else list(chosen)
        agencies = len({r.agency_key for r in rows})
        chosen_words = join(["已选 ", el("b", f"{len(rows)} 条"), f"，涉及 {agencies} 家"])
        show(el("p", chosen_words, class_="say"), width="content")
        _actions(rows)
        if st.button("生成通知…", icon=":material/outgoing_mail:", key="findings_letters"):
            letters.return_notices(rows[0].year, rows=rows)
        if len(rows) == 1 and st.button("打开原文", icon=":material/article:", key="findings_open"):
            shell.go("report", agency=rows[0].agency_key, finding=rows[0].fingerprint)
        _undo()


def _actions(rows: Sequence[FindingRow]) -> None:
    confirmable = [r for r in rows if FINDING.step(r.state, "confirmed")]
    dismissable = [r for r in rows if FINDING.step(r.state, "false_positive")]
    label = "确认" if len(confirmable) == len(rows) else f"确认（{len(confirmable)} 条）"
    st.button(
        label,
        icon=":material/check:",
        type="primary",
        shortcut="Y",
        disabled=not confirmable,
        on_click=decide.take,
        args=(confirmable, "confirmed"),
        key="findings_confirm",
    )
    if st.button("标为误报…", icon=":material/do_not_disturb_on:", disabled=not dismissable, key="findings_dismiss"):
        decide.dismiss(dismissable)


def _undo() -> None:
    if count := decide.undo_count():
        st.button(
            f"撤销上次处理（{count} 条）",
            icon=":material/undo:",
            type="tertiary",
            on_click=decide.undo,
            key="findings_undo",
        )
