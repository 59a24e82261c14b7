"""The parts of 规则目录 that change what applies: switches not yet in force, what they would change, putting them in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gdcore import profile
from gdcore.catalogue import Rule
from gdcore.profile import Profile, Switches
from gdcore.rules import CATALOGUE
from gdcore.trial import Trial
from gdcore.ui import address, grids, person, query, shell
from gdcore.ui.html import el, join
from gdcore.ui.words import number
from gdcore.verdict import SEVERITY_NAMES, Severity

_WAITING = "catalogue_waiting"  # the switches that are not in force yet
_ROUND = "catalogue_round"  # counts on when they are dropped, so that the widgets begin anew
_TRIED = "catalogue_tried"  # the last trial, with what it was made for
_LEVELS = [severity.value for severity in Severity]


def chosen_profile() -> str:
    """The profile that the page speaks of: the one in force unless another is chosen."""
    current = query.store().settings.profile
    names = profile.available(query.store().settings)
    titles = {name: profile.load(name, query.store().settings).title for name in names}
    return str(
        st.selectbox(
            "适用方案",
            names,
            format_func=lambda name: titles[name] + ("（现行）" if name == current else ""),
            width=260,
            **address.one("catalogue_profile", "profile", names, current),
        )
    )


def in_force(name: str) -> Profile:
    """A profile as it stands."""
    return profile.load(name, query.store().settings)


def wanted(name: str) -> Profile:
    """A profile with the switches that wait."""
    return _waiting().applied(in_force(name))


def _waiting() -> Switches:
    known: Switches = st.session_state.get(_WAITING, Switches())
    return known


def control(rule: Rule, name: str, changeable: bool = True) -> None:
    """Switch and level of one rule."""
    terms, here = wanted(name), f"{rule.code}_{name}_{st.session_state.get(_ROUND, 0)}"
    on, level = f"catalogue_on_{here}", f"catalogue_level_{here}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.toggle(
            "启用",
            terms.enabled(rule.code),
            key=on,
            on_change=_switch,
            args=(rule, name, on, level),
            disabled=not changeable,
        )
        st.segmented_control(
            "级别",
            _LEVELS,
            default=terms.severity(rule.code, rule.severity).value,
            format_func=lambda value: SEVERITY_NAMES[Severity(value)],
            required=True,
            label_visibility="collapsed",
            disabled=not changeable,
            key=level,
            on_change=_switch,
            args=(rule, name, on, level),
        )


def _switch(rule: Rule, name: str, on: str, level: str) -> None:
    """Note what differs from what is in force; a switch put back waits no longer."""
    standing, known = in_force(name), _waiting()
    rules, severities = dict(known.rules), dict(known.severities)
    enabled, severity = bool(st.session_state[on]), Severity(st.session_state[level])
    _note(rules, rule.code, enabled, standing.enabled(rule.code))
    _note(severities, rule.code, severity, standing.severity(rule.code, rule.severity))
    st.session_state[_WAITING] = Switches(rules, severities)


def _note(changes: dict[str, Any], code: str, value: object, standing: object) -> None:
    if value == standing:
        changes.pop(code, None)
    else:
        changes[code] = value


def bar(name: str, year: int) -> None:
    """What waits to be put in force, and what it would change. It is put in force only after it was tried."""
    waiting = _waiting()
    other = name != query.store().settings.profile
    if not (waiting.rules or waiting.severities or other):
        return
    terms = wanted(name)
    key = (year, terms.fingerprint)
    with st.container(border=True, key="catalogue_bar"):
        shell.say(join([el("b", "未生效："), "；".join(_told(waiting, terms if other else None))]))
        tried: tuple[object, Trial] | None = st.session_state.get(_TRIED)
        ready = tried is not None and tried[0] == key
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                "试算", icon=":material/calculate:", type="secondary" if ready else "primary", key="catalogue_try"
            ):
                st.session_state[_TRIED] = (key, _try(year, terms))
                st.rerun()
            st.button(
                f"启用并重新核查 {year} 年度",
                type="primary",
                disabled=not ready,
                help=None if ready else "先试算，看清会改变什么",
                on_click=_enforce,
                args=(name, year),
                key="catalogue_enforce",
            )
            st.button("放弃", type="tertiary", on_click=_drop, key="catalogue_drop")
        if ready and tried:
            _show(tried[1])


def _told(waiting: Switches, other: Profile | None) -> list[str]:
    words = [f"改用“{other.title}”方案"] if other else []
    words += [f"{'启用' if on else '停用'} {code} {CATALOGUE[code].name}" for code, on in sorted(waiting.rules.items())]
    words += [f"{code} 改为{SEVERITY_NAMES[level]}" for code, level in sorted(waiting.severities.items())]
    return words


def _try(year: int, terms: Profile) -> Trial:
    shown = st.progress(0.0, text="正在试算…")

    def tell(done: int, of: int) -> None:
        shown.progress(done / of, text=f"正在试算 {done}/{of}")

    outcome = person.hand().try_rules(year, terms, tell)
    shown.empty()
    return outcome


def _enforce(name: str, year: int) -> None:
    """Put the switches in force and check the year's reports again by them."""
    waiting = _waiting()
    if shell.attempt(lambda: person.hand().enforce_rules(name, waiting, year), f"已启用，{year} 年度的报告已重新核查"):
        _drop()


def _drop() -> None:
    """Forget what waits."""
    st.session_state[_WAITING] = Switches()
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state.pop(_TRIED, None)
    address.clear("profile")


def _show(outcome: Trial) -> None:
    """The outcome of a trial: by rule, then by agency."""
    if not outcome.shifts:
        st.write(f"{outcome.reports} 份报告的结果都不会改变。")
        return
    st.write(f"{outcome.reports} 份报告中 {len(outcome.shifts)} 份的结果会改变。")
    left, right = st.columns(2, gap="medium")
    with left:
        _table(_by_rule(outcome.by_rule()), "catalogue_trial_rules")
    with right:
        _table(_by_agency(outcome), "catalogue_trial_agencies")


def _table(rows: list[dict[str, Any]], key: str) -> None:
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=grids.height(len(rows), 8),
        row_height=grids.ROW_PX,
        placeholder="—",
        key=key,
    )


def _by_rule(counted: Mapping[str, tuple[int, int, int]]) -> list[dict[str, Any]]:
    return [
        {"规则": f"{code} {CATALOGUE[code].name}", "新增": new, "消失": gone, "级别改变": level}
        for code, (new, gone, level) in counted.items()
    ]


def _by_agency(outcome: Trial) -> list[dict[str, Any]]:
    return [
        {
            "单位": shift.agency,
            "现得分": None if shift.total_before is None else number(shift.total_before),
            "试算得分": None if shift.total_after is None else number(shift.total_after),
            "改变": len(shift.changes),
        }
        for shift in outcome.shifts
    ]
