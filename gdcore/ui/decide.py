"""Deciding on findings: confirm, dismiss with a reason, take back; one at a time or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from gdcore.lifecycle import FINDING, Step
from gdcore.store import queries
from gdcore.store.rows import FindingRow
from gdcore.ui import person, query, shell

REASONS = ("识别有误，原文没有这个问题", "规则不适用于本单位", "已有合理说明", "其他")
_UNDO = "decide_undo"
_ROUND = "decide_round"
_BUTTONS = {
    "confirmed": ("确认", "check", "Y", "primary"),
    "false_positive": ("误报…", "do_not_disturb_on", "N", "secondary"),
    "pending": ("撤销", "undo", None, "secondary"),
}


def buttons(rows: Sequence[FindingRow], steps: Sequence[Step], key: str) -> None:
    """One button for each step that can be taken from here."""
    for each in (step for step in steps if step.target in _BUTTONS):
        label, icon, shortcut, kind = _BUTTONS[each.target]
        shown: dict[str, Any] = {
            "icon": f":material/{icon}:",
            "shortcut": shortcut,
            "type": kind,
            "key": f"{key}_{each.target}",
        }
        if each.reasoned:
            if st.button(label, **shown):
                dismiss(rows)
        else:
            st.button(label, on_click=take, args=(rows, each.target), **shown)


def take(rows: Sequence[FindingRow], target: str) -> None:
    """A step that needs no reason; the on_click of its button."""
    apply(rows, target)


def apply(rows: Sequence[FindingRow], target: str, reason: str = "", note: str = "") -> bool:
    """Move the findings for which there is such a step, say how it went, and remember how to take it back."""
    movable = [r for r in rows if FINDING.step(r.state, target)]
    outcome = []

    def move() -> None:
        seen = {r.fingerprint: r.state for r in movable}
        outcome.append(queries.decide(query.store(), list(seen), target, person.actor(), reason, note, seen=seen))

    if not shell.attempt(move):
        return False
    done = outcome[0]
    st.session_state[_UNDO] = [(r.fingerprint, r.state) for r in movable]
    st.session_state[_ROUND] = decisions() + 1
    st.toast(f"{_verb(target)} {done.changed} 条", icon=":material/check:")
    if done.refused:
        st.toast(f"其他人已处理其中 {done.refused} 条，已刷新。")
    return True


def _verb(target: str) -> str:
    return {"confirmed": "已确认", "false_positive": "已标为误报", "pending": "已撤销"}.get(
        target, FINDING.names[target]
    )


@st.dialog("标为误报")
def dismiss(rows: Sequence[FindingRow]) -> None:
    """Ask why; the answer is asked for, since it outlives this report."""
    st.write(f"将 {len(rows)} 条标为误报。同一单位、年度、规则、位置的结论以后不再提示，可随时撤销。")
    reason = st.selectbox("理由", REASONS, key="decide_reason")
    note = st.text_area("说明（必填）", key="decide_note", placeholder="写明依据，供日后查对")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("取消", key="decide_cancel"):
            st.rerun()
        if st.button(f"标为误报（{len(rows)} 条）", type="primary", key="decide_submit"):
            if not note.strip():
                st.error("请填写说明。")
            elif apply(rows, "false_positive", reason, note.strip()):
                st.rerun()


def decisions() -> int:
    """How many decisions this session has made: a grid keeps ticks by position, so it is a new one after each."""
    return int(st.session_state.get(_ROUND, 0))


def undo_count() -> int:
    """How many findings the last decision moved."""
    return len(st.session_state.get(_UNDO, ()))


def undo() -> None:
    """Put the findings of the last decision back where they were."""
    back: dict[str, list[str]] = {}
    for fingerprint, state in st.session_state.pop(_UNDO, ()):
        back.setdefault(state, []).append(fingerprint)

    def move() -> None:
        for state, fingerprints in back.items():
            queries.decide(query.store(), fingerprints, state, person.actor(), "撤销")

    st.session_state[_ROUND] = decisions() + 1
    shell.attempt(move, f"已撤销 {sum(map(len, back.values()))} 条")
