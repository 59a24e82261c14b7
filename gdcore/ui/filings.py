"""Where reports stand, from 报送 to 归档: shown on 报告详情, moved there one at a time and on 单位 many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import streamlit as st

from gdcore import lifecycle
from gdcore.acting import FILING_ACTIONS
from gdcore.lifecycle import FILING
from gdcore.store.progress import name_of
from gdcore.store.rows import Decided, FilingRow, FilingStepRow, FindingFilter, ReportView
from gdcore.ui import asking, decide, ledger, person, query, shell
from gdcore.ui.asking import Answers
from gdcore.ui.html import Html, el, join, show
from gdcore.ui.steps import FILING_ACTS, Act
from gdcore.ui.words import day, due_word, minute

UNIT = "家"
_BUTTONS = 4  # of the bar; further steps are in its menu
_ISSUED_WITH = ("confirmed", "reappeared")  # findings that go out with a returned report


@dataclass(frozen=True, slots=True)
class Choice:
    """An act and the agencies whose report it can be done to: agency key → the state it leads to."""

    act: Act
    year: int
    targets: Mapping[str, str]
    back: bool

    @property
    def returns(self) -> bool:
        """Whether it sends reports back."""
        return "returned" in self.targets.values()


def state_of(agency_key: str, standing: Mapping[str, FilingRow]) -> str:
    """The code of where an agency's report stands."""
    return standing[agency_key].state if agency_key in standing else FILING.start


def choices(rows: Sequence[FilingRow], year: int) -> list[Choice]:
    """What the person can do with some of these reports, in the order of the acts."""
    who = person.who()
    origins = query.filing_origins(tuple(r.agency_key for r in rows if FILING.branches(r.state)), year)
    targets: dict[str, dict[str, str]] = {verb: {} for verb in FILING_ACTS}
    back = set()
    for row in rows:
        steps = FILING.choices(row.state, origins.get(row.agency_key))
        for step in (step for step in steps if who.may(FILING_ACTIONS[step.verb])):
            targets[step.verb][row.agency_key] = step.target
            back |= {step.verb} if step.back else set()
    return [Choice(FILING_ACTS[verb], year, found, verb in back) for verb, found in targets.items() if found]


# --- one report -------------------------------------------------------------------------------------------------------


def line(view: ReportView) -> None:
    """Where the report stands, how it came there, and what comes next."""
    row = query.filing(view.agency_key, view.year)
    if row is None:
        return
    with st.container(key="report_filing", horizontal=True, vertical_alignment="center"):
        show(el("p", *_standing(row, date.today()), class_="say"), width="content")
        steps = query.filing_history(view.agency_key, view.year)
        with st.popover("办理记录", icon=":material/history:", type="tertiary", key="report_filing_history"):
            show(_history(steps))
        if view.current:
            _buttons(choices([row], view.year), "report_filing", len(FILING_ACTS), several=False)
    if view.change and view.version > 1:
        _change(view)


def _standing(row: FilingRow, today: date) -> list[object]:
    """退回修改（2） · 1月26日 周岚 · 报回期限 2月2日，剩 3 个工作日."""
    told: list[object] = ["状态 ", el("b", name_of(row)), f" · {day(row.moved_at)} {row.actor}"]
    if row.state == "returned" and row.due:
        late = "late" if row.due < today else None
        told += [f" · 报回期限 {day(row.due)}，", el("span", due_word(row.due, today, query.calendar()), class_=late)]
    if row.published_on and row.state in ("published", "rechecked", "archived"):
        told.append(f" · {day(row.published_on)}公开" + (f"：{row.published_url}" if row.published_url else ""))
    return told


def _history(steps: Sequence[FilingStepRow]) -> Html:
    rows = [
        el(
            "tr",
            el("td", minute(step.at), class_="w"),
            el("td", lifecycle.filing_name(step.state, step.round), class_="w"),
            el("td", f"第 {step.version} 版" if step.version else "", class_="w"),
            el("td", step.actor, class_="w"),
            el("td", step.reason),
        )
        for step in reversed(steps)
    ]
    return el("table", el("tbody", *rows), class_="list")


def _change(view: ReportView) -> None:
    """What this version did to the findings of the one before, and where those are that a person has to look at."""
    with st.container(horizontal=True, vertical_alignment="center", key="report_change"):
        words = join([f"与第 {view.version - 1} 版相比：", el("b", view.change)])
        show(el("p", words, class_="say"), width="content")
        for state, sentence in (("corrected", "条待核验销号"), ("reappeared", "条重现，须再下发")):
            wanted = ledger.filter_of(view.year, date.today(), states=(state,), agencies=(view.agency_key,))
            if count := query.ledger(wanted, size=1).total:
                shell.link("ledger", f"{count} {sentence}", "arrow_forward", state=state, agency=view.agency_key)


# --- many reports -----------------------------------------------------------------------------------------------------


def bar(rows: Sequence[FilingRow], chosen: int, year: int) -> None:
    """What can be done with the chosen agencies' reports; `chosen` counts those too that have filed nothing."""
    with st.container(key="agencies_bulk", horizontal=True, vertical_alignment="center"):
        if not chosen:
            shell.say(join(["点单位一行打开报告；勾选左侧方框可批量办理。"]), "say muted")
            return
        unfiled = f"，其中 {chosen - len(rows)} 家未报送" if chosen > len(rows) else ""
        show(el("p", join(["已选 ", el("b", f"{chosen} 家"), unfiled]), class_="say"), width="content")
        _buttons(choices(rows, year), "agencies", _BUTTONS, several=True)


def _buttons(found: Sequence[Choice], key: str, most: int, several: bool) -> None:
    ahead = [choice for choice in found if not choice.back]
    shown = ahead[:most] + ([] if several else [choice for choice in found if choice.back])
    hidden = [choice for choice in found if choice not in shown]
    for number, choice in enumerate(shown):
        kind: Literal["secondary", "tertiary"] = "tertiary" if choice.back else "secondary"
        act = choice.act
        pressed = st.button(
            _label(choice, several),
            icon=f":material/{act.icon}:",
            type="primary" if number == 0 and several else kind,
            key=f"{key}_{act.code}",
        )
        if pressed:
            begin(choice)
    if hidden:
        labels = {choice.act.verb: _label(choice, several) for choice in hidden}
        picked = st.menu_button("更多", list(labels), format_func=labels.__getitem__, key=f"{key}_more")
        for choice in hidden:
            if choice.act.verb == picked:
                begin(choice)


def _label(choice: Choice, several: bool) -> str:
    return f"{choice.act.label}（{len(choice.targets)} {UNIT}）" if several else choice.act.label


# --- doing it ---------------------------------------------------------------------------------------------------------


def begin(choice: Choice) -> None:
    """Ask what the step needs to know, or take it where it needs nothing."""
    if not choice.act.fields:
        if perform(choice, {}):
            st.rerun()
        return
    told = _told_of_return(choice) if choice.returns else None
    asking.ask(choice.act, len(choice.targets), UNIT, lambda answers: perform(choice, answers), told=told)


def _told_of_return(choice: Choice) -> Html:
    """Which findings go out with the returned reports, which do not, and to how many agencies none goes."""
    wanted = FindingFilter(year=choice.year, agencies=tuple(choice.targets), states=_ISSUED_WITH)
    page = query.findings(wanted, size=1)
    pending = page.state_counts.get("pending", 0)
    without = len(choice.targets) - page.agencies if page.agencies is not None else 0
    told = (
        f"已确认的 {page.total} 条问题一并下发，整改时限同报回期限。"
        if page.total
        else "没有已确认的问题，不下发任何问题。"
    )
    told += f"其中 {without} 家没有已确认的问题。" if without and page.total else ""
    told += f"另有 {pending} 条待确认，不在其中。" if pending else ""
    return el("p", told, class_="say")


def perform(choice: Choice, answers: Answers) -> bool:
    """Take the step with all of them, and say how it went."""
    outcome: list[Decided] = []
    if not shell.attempt(lambda: outcome.append(_moved(choice, answers))):
        return False
    decide.remember({})
    told = outcome[0]
    decide.tell(choice.act.done, UNIT, replace(told, changed=told.reports))
    if choice.returns and told.changed:
        st.toast(f"同时下发 {told.changed} 条问题")
    return True


def _moved(choice: Choice, answers: Answers) -> Decided:
    hand, reason = person.hand(), str(answers.get("reason", ""))
    laid_down: dict[str, Any] = {name: value for name, value in answers.items() if name != "reason"}
    if choice.returns:
        return hand.return_reports(list(choice.targets), choice.year, reason=reason, **laid_down)
    return hand.move_reports(choice.targets, choice.year, reason, **laid_down)
