"""The bar below a grid of findings: how many are chosen, and what can be done with all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from gdcore.ui import decide, shell
from gdcore.ui.html import el, join, show

_BUTTONS = 4  # of the bar; what more there is to do is in its menu


def bar(
    page: str,
    chosen: Sequence[Any],
    total: int,
    every: Callable[[], Sequence[Any]],
    more: Callable[[Sequence[Any]], None] = lambda rows: None,
) -> None:
    """What can be done with the chosen findings or lines, or with `every` one that the filter finds.

    `more` draws what the page offers beside the steps.
    """
    with st.container(key=f"{page}_bulk", horizontal=True, vertical_alignment="center"):
        if not chosen:
            shell.say(join(["勾选左侧方框可批量处理；选一条可打开原文。"]), "say muted")
            decide.undo_button(page)
            return
        everything = False
        if len(chosen) < total:
            everything = st.toggle(f"选中全部 {total} 条", key=f"{page}_everything")
        rows = every() if everything else chosen
        agencies = len({row.agency_key for row in rows})
        told = join(["已选 ", el("b", f"{len(rows)} 条"), f"，涉及 {agencies} 家"])
        show(el("p", told, class_="say"), width="content")
        decide.buttons(rows, page, most=_BUTTONS, backs=False)
        more(rows)
        if len(rows) == 1 and st.button("打开原文", icon=":material/article:", key=f"{page}_open"):
            row = rows[0]
            gone = getattr(row, "present", True) is False
            shell.go(
                "report",
                agency=row.agency_key,
                finding=row.fingerprint,
                version=row.version if gone else None,
            )
        decide.undo_button(page)
