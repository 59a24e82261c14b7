"""The part of 管理 on people: who may sign in, with which role and for which region, and what can be changed about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from gdcore import settings
from gdcore.roles import ROLE_NAMES, Person, Role
from gdcore.settings import Mode
from gdcore.store.people import PersonRow
from gdcore.ui import asking, choosing, grids, person, query, shell
from gdcore.ui.asking import Answers
from gdcore.ui.html import Html, el, join, show
from gdcore.ui.steps import PEOPLE_ACTS, Act
from gdcore.ui.words import minute

UNIT = "人"
EVERYTHING = "全部单位"
_ROUND = "admin_people_round"
_MAY = "查看：看报告、下载、自查；初审：再加上传、认定和下发问题、退回报告、生成文书；审批：再加销号、批准豁免、审定报告；管理：再加人员、名录、规则。"
_ROWS = 12  # of the list that are seen at once


def sign_in() -> bool:
    """Whether people sign in here, so that there is a list of them."""
    return settings.load().mode is Mode.OFFICE


def section(here: Person) -> None:
    """The list, and what the person can do with it."""
    rows = query.staff()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.header("人员", anchor=False, width="content")
        if st.button("登记人员…", icon=":material/person_add:", key="admin_invite"):
            invite(here)
    st.caption(_MAY)
    picked = st.dataframe(
        pd.DataFrame([_line(row) for row in rows]),
        hide_index=True,
        height=grids.height(len(rows), _ROWS),
        row_height=grids.ROW_PX,
        placeholder="—",
        on_select="rerun",
        selection_mode="single-row",
        key=f"admin_people_{st.session_state.get(_ROUND, 0)}",
    )
    chosen = next((rows[i] for i in picked.selection.rows if i < len(rows)), None)
    with st.container(key="admin_people_bar", horizontal=True, vertical_alignment="center"):
        if chosen is None:
            shell.say(join(["勾选左侧方框可更改或停用。"]), "say muted")
        else:
            _acts(chosen, here)


def _line(row: PersonRow) -> dict[str, Any]:
    return {
        "姓名": row.name,
        "邮箱": row.email,
        "角色": ROLE_NAMES[row.role],
        "负责范围": row.scope_name or EVERYTHING,
        "状态": "停用" if row.disabled else "正常" if row.first_at else "待首次登录",
        "最近操作": minute(row.seen_at) if row.seen_at else None,
    }


def _acts(row: PersonRow, here: Person) -> None:
    show(el("p", join(["已选 ", el("b", row.name)]), class_="say"), width="content")
    can = ("change", "enable") if row.disabled else ("change", "disable", *(["unbind"] if row.first_at else []))
    for code in can:
        act = PEOPLE_ACTS[code]
        if st.button(f"{act.verb}…", icon=f":material/{act.icon}:", key=f"admin_{code}"):
            begin(code, row, here)


def invite(here: Person) -> None:
    """Ask who is to be let in."""
    _ask(
        PEOPLE_ACTS["invite"],
        lambda a: person.hand().invite(a["name"], a["email"], Role(a["role"]), _scope(a)),
        here,
    )


def begin(code: str, row: PersonRow, here: Person) -> None:
    """Ask what a change needs to know, and whether it is meant."""
    do: dict[str, Callable[[Answers], Any]] = {
        "change": lambda a: _changed(row, name=a["name"], role=Role(a["role"]), scope=_scope(a)),
        "disable": lambda _: _changed(row, disabled=True),
        "enable": lambda _: _changed(row, disabled=False),
        "unbind": lambda _: person.hand().unbind_person(row.number),
    }
    known = {"name": row.name, "role": row.role.value, "scope": row.scope or ""}
    _ask(PEOPLE_ACTS[code], do[code], here, known, el("p", f"{row.name}（{row.email}）", class_="say"))


def _changed(row: PersonRow, **values: Any) -> None:
    person.hand().change_person(row.number, **values)


def _ask(
    act: Act,
    do: Callable[[Answers], Any],
    here: Person,
    known: Mapping[str, Any] | None = None,
    told: Html | None = None,
) -> None:
    """Every change is confirmed in a dialog; the list begins anew afterwards, without ticks."""

    def perform(answers: Answers) -> bool:
        if not shell.attempt(lambda: do(answers), act.done):
            return False
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        return True

    roles = {role.value: name for role, name in ROLE_NAMES.items()}
    asking.ask(
        act,
        1,
        UNIT,
        perform,
        known,
        told,
        choices={"role": roles, "scope": partial(_regions, here, (known or {}).get("scope"))},
    )


def _regions(here: Person, own: str | None) -> dict[str, str]:
    """What can be someone's region: everything, where the person has that, and each body of the person's own.

    `own` is the region that someone has; of many bodies the others are found by a piece of the name.
    """
    whole = {"": EVERYTHING} if here.scope is None else {}
    return whole | choosing.bodies("admin_scope", {key for key in (here.scope, own) if key})


def _scope(answers: Answers) -> str | None:
    return str(answers["scope"]) if answers.get("scope") else None
