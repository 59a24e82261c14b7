"""The dialog of every step: its fields follow from the step, what is missing is told, and it closes when all went well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from gdcore.ui import person, query
from gdcore.ui.html import Html, md, show
from gdcore.ui.steps import REASONS, Act, Field, Kind
from gdcore.ui.words import WEEKDAYS, due_word

Answers = Mapping[str, Any]
Choices = Mapping[str, str] | Callable[[], Mapping[str, str]]


def ask(
    act: Act,
    count: int,
    unit: str,
    perform: Callable[[Answers], bool],
    begin: Answers | None = None,
    told: Html | None = None,
    choices: Mapping[str, Choices] | None = None,
) -> None:
    """Open the dialog of an act on `count` findings or reports; `perform` gets the answers and says whether it went well.

    `begin`: what fields begin with by name; `told`: what else a person should know before answering; `choices`: by name,
    what can be chosen (value → label) where that is not a reason, or what asks for it in the dialog.
    """

    def body() -> None:
        st.write(act.sentence(count, unit))
        if told:
            show(told)
        answers = {
            field.name: _answer(act, field, (begin or {}).get(field.name), (choices or {}).get(field.name))
            for field in act.fields
        }
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.caption(md(f"经办人：{person.actor()}"), width="content")
            with st.container(horizontal=True, width="content", horizontal_alignment="right"):
                if st.button("取消", key="decide_cancel"):
                    st.rerun()
                submitted = st.button(f"{act.verb}（{count} {unit}）", type="primary", key="decide_submit")
        missing = [field.label for field in act.fields if field.needed and answers[field.name] in (None, "")]
        if submitted and missing:
            st.error(f"请填写{'、'.join(missing)}。")
        elif submitted and perform({name: value for name, value in answers.items() if value not in (None, "")}):
            st.rerun()

    st.dialog(act.verb, icon=f":material/{act.icon}:")(body)()


def _answer(act: Act, field: Field, begin: Any, offered: Choices | None) -> Any:
    """One field, and what stands in it."""
    label = f"{field.label}（必填）" if field.needed and field.kind is not Kind.DATE else field.label
    key = f"decide_{act.code}_{field.name}"
    if offered is not None:
        choices = offered() if callable(offered) else offered
        options = list(choices)
        first = options.index(begin) if begin in choices else 0
        return st.selectbox(label, options, index=first, format_func=choices.__getitem__, key=key)
    if field.kind is Kind.CHOICE:
        return st.selectbox(label, REASONS, key=key)
    if field.kind is Kind.DATE:
        return _date(label, key, field, begin or _first_day(field))
    ask_words = st.text_area if field.kind is Kind.TEXT else st.text_input
    given = ask_words(label, value=begin or "", key=key, placeholder=field.hint)
    return str(given or "").strip()


def _first_day(field: Field) -> date | None:
    return None if field.days is None else query.calendar().after(date.today(), field.days)


def _date(label: str, key: str, field: Field, begin: date | None) -> date | None:
    given = st.date_input(label, value=begin, format="YYYY-MM-DD", key=key)
    if not isinstance(given, date):
        return None
    st.caption(WEEKDAYS[given.weekday()] if field.past else _told(given))
    return given


def _told(day: date) -> str:
    """星期五，剩 8 个工作日; a day off, one that has passed and a year whose holidays are not known are told too."""
    calendar, today = query.calendar(), date.today()
    words = [WEEKDAYS[day.weekday()], "已经过去" if day < today else due_word(day, today, calendar)]
    if not calendar.is_workday(day):
        words.append("当天是休息日")
    unknown = "" if calendar.knows(day.year) else f"。{holidays_unknown(day.year)}"
    return "，".join(words) + unknown


def holidays_unknown(year: int) -> str:
    """Why the working days of a year are not certain."""
    return f"{year} 年的节假日安排尚未公布，暂按周一至周五计算工作日"
