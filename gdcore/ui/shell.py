"""The frame of every page: the page table, our own sidebar, the reporting year, how a page is opened and guarded."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gdcore import masking
from gdcore.errors import DeskError
from gdcore.roles import Action, Person
from gdcore.store.rows import ScopeRow
from gdcore.ui import address, entry, person, query
from gdcore.ui.entry import NAME
from gdcore.ui.html import Html, el, md, show

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent.parent
_STYLE = Path(__file__).with_name("style.css")
_ICON = Path(__file__).with_name("icon.png")
_SIDEBAR_PX = 220
_SCOPES = 200  # of more governments than these, those are offered that are near the chosen one
# Set by the router for one run and taken by the page: a cold deep link runs the page without app.py (streamlit 1.67).
_ROUTED = "shell_routed"
_BEGUN_ANEW = "shell_begun_anew"
# `<html lang>` is "en" in streamlit; screen readers and line breaking need the real one.
_LANGUAGE = Html("<script>document.documentElement.lang = 'zh-CN'</script>")


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the sidebar; `key` is its file name in pages/ and its path, `action` what opening it needs."""

    key: str
    title: str
    icon: str
    section: str
    action: Action = Action.VIEW


ENTRIES = (
    Entry("overview", "总览", "dashboard", "工作"),
    Entry("intake", "上传核查", "upload_file", "工作", Action.UPLOAD),
    Entry("agencies", "单位", "account_balance", "工作"),
    Entry("report", "报告详情", "article", "工作"),
    Entry("findings", "问题清单", "fact_check", "工作"),
    Entry("ledger", "整改台账", "assignment_turned_in", "工作"),
    Entry("publication", "公开复核", "travel_explore", "工作"),
    Entry("selfcheck", "自查", "task_alt", "工作"),
    Entry("comparison", "比对", "compare_arrows", "分析"),
    Entry("aggregation", "汇总", "functions", "分析"),
    Entry("catalogue", "规则目录", "gavel", "设置"),
    Entry("admin", "管理", "settings", "设置", Action.PEOPLE),
)


_BY_KEY = {each.key: each for each in ENTRIES}


@dataclass(frozen=True, slots=True)
class Desk:
    """What an opened page stands on: who opened it, the reporting year chosen in the sidebar, and the page's own entry.

    `scope` is the key of the government to which the view is narrowed: it and all below it; None for everyone.
    """

    year: int
    entry: Entry
    person: Person
    scope: str | None = None


def route() -> None:
    """Register the pages and run the one that was asked for; the whole of app.py."""
    page = st.navigation(list(_pages().values()), position="hidden")
    st.session_state[_ROUTED] = True
    try:
        page.run()
    except Exception as error:
        _tell(error, "这一页没有打开成功，请刷新重试。")


def open_page(key: str) -> Desk:
    """Open a page: settings, style, who opens it, sidebar. Ends the run with one sentence where nobody may.

    Also registers the navigation where app.py has not run before it.
    """
    page = _BY_KEY[key]
    st.set_page_config(f"{page.title} · {NAME}", _ICON, layout="wide", initial_sidebar_state=_SIDEBAR_PX)
    if not st.session_state.pop(_ROUTED, False):
        _route_late()
    st.html(_STYLE)
    here = entry.admit()
    year, scope = _sidebar(page, here)
    entry.require(here, page.action, page.title)
    return Desk(year, page, here, scope)


def _route_late() -> None:
    """Register the navigation from within a page, then begin anew: app.py runs first from now on.

    Drawing on at once would look right and lose the first click, since widgets would belong to another script. A page
    that is run by itself (in tests) has no app.py behind it and goes on.
    """
    st.navigation(list(_pages().values()), position="hidden")
    if not st.session_state.get(_BEGUN_ANEW):
        st.session_state[_BEGUN_ANEW] = True
        st.rerun()


def head(title: str, caption: str = "") -> DeltaGenerator:
    """Title left, actions right (in the container returned), one line of context below."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(md(title), anchor=False, width="content")
        actions = st.container(
            horizontal=True, width="content", horizontal_alignment="right", vertical_alignment="center"
        )
    if caption:
        st.caption(md(caption))
    return actions


def link(key: str, label: str, icon: str | None = None, **parameters: object) -> None:
    """A link to another page that stays inside the session; none to a page that the person may not open.

    The label is shown as it is written.
    """
    if not person.may(_BY_KEY[key].action):
        return
    st.page_link(
        _linked()[key],
        label=md(label),
        icon=f":material/{icon}:" if icon else None,
        query_params=_parameters(parameters),
    )


def go(key: str, **parameters: object) -> None:
    """Go to another page now."""
    st.switch_page(_linked()[key], query_params=_parameters(parameters))


def attempt(action: Callable[[], Any], done: str = "") -> bool:
    """Do something that may fail, tell how it went, and say whether it went well."""
    try:
        action()
    except Exception as error:
        _tell(error, "没有保存成功，请重试。")
        return False
    query.refresh()
    if done:
        st.toast(md(done), icon=":material/check:")
    return True


def say(sentence: Html, css: str = "say") -> None:
    """One line of prose with emphasis."""
    show(el("p", sentence, class_=css))


def _tell(error: Exception, sentence: str) -> None:
    """Our own errors carry their sentence; any other is logged under a number that the person can quote."""
    if isinstance(error, DeskError):
        st.error(md(f"{error}{error.remedy}"))
        return
    number = secrets.token_hex(2).upper()
    log.error("failure %s\n%s", number, masking.told(error))
    st.error(md(f"{sentence}编号 {number}（已记入日志）"))


def _pages() -> dict[str, Any]:
    """The pages by key. The first answers at `/`, so /overview is registered once more, hidden, for deep links.

    They have no icon: streamlit would fetch it as the tab's icon from fonts.gstatic.com, and nothing leaves the house.
    """
    table = {
        e.key: st.Page(
            _ROOT / "pages" / f"{e.key}.py",
            title=e.title,
            url_path="home" if e is ENTRIES[0] else e.key,
            default=e is ENTRIES[0],
        )
        for e in ENTRIES
    }
    first = ENTRIES[0]
    alias = st.Page(_ROOT / "pages" / f"{first.key}.py", title=first.title, url_path=first.key, visibility="hidden")
    return {**table, "": alias}


@cache
def _linked() -> dict[str, Any]:
    """The pages as links name them, made once: to make them took a tenth of every click. Each run registers its own."""
    return _pages()


def _parameters(values: dict[str, object]) -> dict[str, str]:
    kept = {name: st.session_state.get(f"shell_{name}") for name in ("year", "scope")}
    return {name: str(value) for name, value in (kept | values).items() if value not in (None, "")}


def _sidebar(page: Entry, here: Person) -> tuple[int, str | None]:
    with st.sidebar:
        st.html(_LANGUAGE, unsafe_allow_javascript=True)
        show(el("p", NAME, class_="brand"))
        year = _year()
        scope = _scope(year, here)
        with st.container(key="shell_nav", gap="small"):
            section = ""
            for each in (e for e in ENTRIES if here.may(e.action)):
                if each.section != section:
                    section = each.section
                    show(el("p", section, class_="nav-head"))
                with st.container(key="shell_here" if each is page else f"shell_{each.key}"):
                    link(each.key, each.title, each.icon)
        person.card()
    return year, scope


def _year() -> int:
    years = query.years()
    return int(st.selectbox("报告年度", years, **address.one("shell_year", "year", years, years[0])))


def _scope(year: int, here: Person) -> str | None:
    """The government to look at, where the roster places agencies under several; of a region, those below its own."""
    rows = {row.key: row for row in _offered([row for row in query.scopes(year) if row.key != here.scope])}
    if not rows:
        st.session_state.pop("shell_scope", None)
        return None
    labels = {"": _area(here.scope_name) or "全部单位"}
    labels |= {key: "\u3000" * row.depth + f"{_area(row.name)} {row.agencies} 家" for key, row in rows.items()}
    tied = address.one("shell_scope", "scope", labels, "")
    return str(st.selectbox("范围", list(labels), format_func=labels.__getitem__, **tied)) or None


def _offered(rows: list[ScopeRow]) -> list[ScopeRow]:
    """All, or where they are too many to look through the highest, what is above the chosen one and right below it."""
    if len(rows) <= _SCOPES:
        return rows
    asked = st.session_state.get("shell_scope") or address.get("scope")
    at = next((n for n, row in enumerate(rows) if row.key == asked), None)
    near: set[str] = set()
    if at is not None:  # each is followed by those below it
        depth = rows[at].depth
        below = takewhile(lambda row: row.depth > depth, rows[at + 1 :])
        near |= {row.key for row in below if row.depth == depth + 1} | {rows[at].key}
        for row in reversed(rows[:at]):
            if row.depth < depth:
                near.add(row.key)
                depth = row.depth
    return [row for row in rows if not row.depth or row.key in near]


def _area(name: str) -> str:
    """云泽县人民政府 → 云泽县."""
    return name.removesuffix("人民政府") or name
