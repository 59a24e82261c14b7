"""The parts of 公开复核 that set something going: which sites may be asked, pasted addresses, the running round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from gdcore import gate, looking
from gdcore.errors import ConfigurationError
from gdcore.gate import Access
from gdcore.looking import Target
from gdcore.publication import OUTCOME_NAMES, Outcome
from gdcore.roles import Action
from gdcore.rounds import Progress
from gdcore.store.publication_rows import PublishedRow
from gdcore.ui import person, query, shell
from gdcore.ui.html import Html, el, join, md, show, text
from gdcore.ui.words import minute, tag

_POLL_SECONDS = 1.0
_WATCHED = "publication_watched"
_SHOWN = 20  # lines of faults that are told
LOOKS_OF = {
    Outcome.ABSENT: "error",
    Outcome.PERSONAL: "veto",
    Outcome.DIFFERS: "error",
    Outcome.LATE: "warning",
    Outcome.REVIEW: "review",
    Outcome.NOT_YET: "info",
    Outcome.UNREAD: "not_evaluated",
    Outcome.UNREACHED: "not_evaluated",
    Outcome.SAME: "pass",
}


# --- which sites may be asked ---------------------------------------------------------------------------------------


def access() -> Access:
    """What the office allows; where its settings cannot be read, nothing, and the reason is shown."""
    try:
        return gate.load(query.store().settings)
    except ConfigurationError as error:
        st.error(md(f"{error}{error.remedy}"))
        return Access()


def closed_sites(others: Mapping[str, int]) -> None:
    """The sites that may not be asked yet, and the button that changes it."""
    if not others:
        return
    count = sum(others.values())
    names = "、".join(list(others)[:3]) + ("等" if len(others) > 3 else "")
    with st.container(horizontal=True, vertical_alignment="center", key="publication_closed"):
        words = f"{len(others)} 个网站（{names}）尚未允许访问，其 {count} 个网址不会核对。"
        show(el("div", words, class_="note-line amber"), width="content")
        if person.may(Action.HOSTS) and st.button("允许访问…", icon=":material/lock_open:", key="publication_allow"):
            _allow(others)


@st.dialog("允许访问网站")
def _allow(others: Mapping[str, int]) -> None:
    """Ask once, naming every site."""
    st.write("核对时，本机会访问以下网站，只取回所列网址的页面和其中的年报附件；不访问内部网络地址。")
    show(_site_list(others))
    st.caption("允许的网站记在数据文件夹的 fetching.hosts.toml 中，也可以自己写在 fetching.toml 里。")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("取消", key="publication_allow_cancel"):
            st.rerun()
        agreed = st.button(f"允许这 {len(others)} 个网站", type="primary", key="publication_allow_submit")
        if agreed and shell.attempt(lambda: _allow_now(others), f"已允许 {len(others)} 个网站"):
            st.rerun()


def _allow_now(others: Mapping[str, int]) -> None:
    if others:
        person.hand().allow_hosts(tuple(others))


def _site_list(others: Mapping[str, int]) -> Html:
    lines = (el("tr", el("td", site), el("td", f"{count} 个网址", class_="n")) for site, count in others.items())
    return el("table", el("tbody", *lines), class_="list")


# --- beginning a round ----------------------------------------------------------------------------------------------


def begin(targets: Sequence[Target], year: int) -> None:
    """Set a round going; the on_click of its buttons."""
    shell.attempt(lambda: person.hand().look(targets, year))


def start_button(targets: Sequence[Target], year: int, running: bool) -> None:
    """The page's main action."""
    if not person.may(Action.LOOK):
        return
    st.button(
        f"开始核对（{len(targets)} 个网址）",
        type="primary",
        icon=":material/travel_explore:",
        disabled=running or not targets,
        on_click=begin,
        args=(targets, year),
        key="publication_start",
    )


@st.dialog("粘贴网址", width="large")
def paste(rows: Sequence[PublishedRow], year: int) -> None:
    """Addresses by hand, one line an agency: told apart at once, looked at after one more click."""
    st.write("每行一家：单位名称和网址，以空格或制表符隔开，可从表格中直接复制。")
    lines = st.text_area(
        "单位名称　网址",
        height=180,
        placeholder="云泽县教育局　http://www.yunze.example/jyj/2024/0118/c1.html",
        key="publication_lines",
    )
    found = query.pasted(lines)
    names = {row.agency_key: row.agency for row in rows}
    targets = [Target(key, names[key], url) for key, url in found.urls.items() if key in names]
    for fault in (*found.faults, *_not_passed(found.urls, names))[:_SHOWN]:
        st.caption(md(f"{fault}。"))
    _, others = looking.sites(targets, access())
    agreed = True
    if others:
        show(_site_list(others))
        agreed = person.may(Action.HOSTS) and st.checkbox(
            f"允许访问以上 {len(others)} 个网站", key="publication_paste_allow"
        )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("取消", key="publication_paste_cancel"):
            st.rerun()
        label = f"核对这 {len(targets)} 个网址"
        if st.button(label, type="primary", disabled=not (targets and agreed), key="publication_paste_submit"):
            _take(targets, others, year)


def _take(targets: Sequence[Target], others: Mapping[str, int], year: int) -> None:
    if shell.attempt(lambda: _allow_now(others)):
        begin(targets, year)
        st.rerun()


def _not_passed(urls: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    known = query.names_of(tuple(key for key in urls if key not in names))
    return [f"{known.get(key, key)}的报告尚未通过，没有可对照的审定稿" for key in urls if key not in names]


# --- the running round ----------------------------------------------------------------------------------------------


def running() -> bool:
    """Whether a round is on its way."""
    found = query.round_of_looks()
    return found is not None and found.running


def watch() -> None:
    """The round that runs or ran last; polls while it runs and shows the whole page anew when it is done."""
    found = query.round_of_looks()
    if found is None:
        return
    if found.running:
        st.session_state[_WATCHED] = True
    st.fragment(_progress, run_every=_POLL_SECONDS if found.running else None)()


def _progress() -> None:
    found = query.round_of_looks()
    if found is None:
        return
    if not found.running and st.session_state.pop(_WATCHED, False):
        query.refresh()
        st.rerun()
    with st.container(border=True, key="publication_round"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            show(el("p", el("b", _state(found)), f" · {minute(found.began)} 开始", class_="say"), width="content")
            _button(found)
        if found.running and found.total:
            st.progress(found.done / found.total if found.total else 1.0, text=md(_status(found)))
        if found.reason:
            show(el("div", found.reason, class_="note-line amber"))
        _told(found)


def _button(found: Progress) -> None:
    if not person.may(Action.LOOK) or not found.total:
        return
    if found.running:
        st.button("停止", icon=":material/stop:", on_click=_end, args=("stop_looking",), key="publication_stop")
    else:
        st.button("收起", type="tertiary", on_click=_end, args=("forget_round",), key="publication_forget")


def _end(what: str) -> None:
    hand = person.hand()
    shell.attempt({"stop_looking": hand.stop_looking, "forget_round": hand.forget_round}[what])


def _state(found: Progress) -> str:
    if not found.total:
        return "另有人员正在核对其他单位的网址，请稍后再开始"
    if found.running:
        return f"正在核对 {found.year} 年度的 {found.total} 个网址"
    ended = "已停止" if found.stopped else "未能完成" if found.reason else "核对完成"
    return f"{ended}：{found.year} 年度，已核对 {found.done} 个，共 {found.total} 个网址"


def _status(found: Progress) -> str:
    left = found.seconds_left
    rest = "" if left is None else f" · 约剩 {_duration(left)}"
    return f"已核对 {found.done} 个{f'（{found.current}）' if found.current else ''}{rest} · 可以离开本页，核对会继续"


def _duration(seconds: float) -> str:
    return f"{max(1, round(seconds))} 秒" if seconds < 90 else f"{round(seconds / 60)} 分钟"


def _told(found: Progress) -> None:
    """The outcomes in numbers, and what could not be looked at."""
    if found.outcomes:
        kinds = ((o, found.outcomes[o.value]) for o in Outcome if o.value in found.outcomes)
        tags = (tag(LOOKS_OF[outcome], f"{OUTCOME_NAMES[outcome]} {count}") for outcome, count in kinds)
        show(el("p", join(tags, " "), class_="say"))
    for words in found.unkept[:_SHOWN]:
        show(el("p", text(words), class_="say muted"))
