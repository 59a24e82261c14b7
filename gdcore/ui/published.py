"""The parts of 公开复核 that show what was found: the grid, the differences of one agency, and the registration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from gdcore import looking, readers, wording
from gdcore.errors import UnreadableFile
from gdcore.lifecycle import FILING
from gdcore.publication import KIND_NAMES, OUTCOME_NAMES, PUBLISHED, Difference, Kind, Outcome
from gdcore.roles import Action
from gdcore.store.publication_rows import LookRow, PublishedRow, Registration
from gdcore.ui import address, person, publishing, query, shell
from gdcore.ui.html import Html, el, join, show, text
from gdcore.ui.words import LOOKS, day, minute, short_name, tag

_PAGE_ROWS = 100
NOT_LOOKED = "none"  # the code of what was not looked at yet
_GRAVEST = {NOT_LOOKED: len(Outcome), **{outcome.value: n for n, outcome in enumerate(Outcome)}}
_UNCHIPPED = (Kind.UNDATED, Kind.ABSENT)  # said by the result, or no difference
_CHIP_COLOURS = {
    Kind.PERSONAL: LOOKS["error"].ground,
    Kind.LATE: LOOKS["warning"].ground,
    Kind.UNREAD: LOOKS["not_evaluated"].ground,
}


def result_of(row: PublishedRow) -> str:
    """The code of an agency's result: an outcome, or NOT_LOOKED."""
    return row.look.outcome.value if row.look else NOT_LOOKED


def result_word(code: str) -> str:
    """A result in words."""
    return "尚未核对" if code == NOT_LOOKED else OUTCOME_NAMES[Outcome(code)]


def counts(rows: Sequence[PublishedRow]) -> dict[str, int]:
    """Result → agencies, gravest first."""
    found = Counter(map(result_of, rows))
    return {code: found[code] for code in sorted(found, key=_GRAVEST.__getitem__)}


def listed(
    rows: Sequence[PublishedRow], results: Sequence[str], states: Sequence[str], name: str
) -> list[PublishedRow]:
    """The agencies that the filters leave, gravest first."""
    kept = (
        row
        for row in rows
        if (not results or result_of(row) in results) and (not states or row.state in states) and name in row.agency
    )
    return sorted(kept, key=lambda row: (_GRAVEST[result_of(row)], row.agency))


def page(rows: Sequence[PublishedRow], many: bool) -> Sequence[PublishedRow]:
    """The rows that are listed at once: all, or of a desk with many agencies the page that the address asks for."""
    asked = address.get("page")
    at = min(max(1, int(asked)) if asked.isdigit() else 1, _pages(rows))
    return rows[(at - 1) * _PAGE_ROWS : at * _PAGE_ROWS] if many else rows


def pages(rows: Sequence[PublishedRow], many: bool) -> None:
    """The choice of pages, where there is more than one."""
    count = _pages(rows)
    if many and count > 1:
        st.pagination(count, **address.one("publication_page", "page", range(1, count + 1), 1))


def _pages(rows: Sequence[PublishedRow]) -> int:
    return max(1, -(-len(rows) // _PAGE_ROWS))


# --- the grid -------------------------------------------------------------------------------------------------------


def grid(rows: Sequence[PublishedRow], area: str) -> Styler:
    """Agencies, one a row; the result by glyph and word."""
    frame = pd.DataFrame([_line(row, area) for row in rows])
    ink = {_result(o): LOOKS[publishing.LOOKS_OF[o]] for o in Outcome}
    return frame.style.map(lambda word: _colour(ink.get(word)), subset=["结果"])


def _colour(look: Any) -> str:
    return f"color: {look.ink if look.css != 'veto' else look.ground}; font-weight: 600" if look else "color: #4A5661"


def _line(row: PublishedRow, area: str) -> dict[str, Any]:
    look = row.look
    return {
        "单位": short_name(row.agency, area),
        "状态": FILING.names.get(row.state, row.state),
        "结果": _result(look.outcome) if look else "尚未核对",
        "差异": _chips(look),
        "说明": look.sentence if look else ("" if row.url else "没有公开网址"),
        "公开日期": _day(row),
        "核对": day(look.looked_at) if look else "—",
        "网页": row.url if row.url.startswith(("http://", "https://")) else None,
    }


def _result(outcome: Outcome) -> str:
    return f"{LOOKS[publishing.LOOKS_OF[outcome]].glyph} {OUTCOME_NAMES[outcome]}"


def _chips(look: LookRow | None) -> list[str]:
    kinds = dict.fromkeys(d.kind for d in look.differences) if look else {}
    return [KIND_NAMES[kind] for kind in kinds if kind not in _UNCHIPPED]


def _day(row: PublishedRow) -> str:
    found = row.published_on or (row.look.published_on if row.look else None)
    return found.isoformat() if found else "—"


def grid_config() -> dict[str, Any]:
    """Widths of the grid."""
    words = st.column_config.TextColumn
    kinds = [kind for kind in Kind if kind not in _UNCHIPPED]
    return {
        "单位": words(width=112),
        "状态": words(width=76),
        "结果": words(width=94),
        "差异": st.column_config.MultiselectColumn(
            width=104,
            options=[KIND_NAMES[kind] for kind in kinds],
            color=[_CHIP_COLOURS.get(kind, LOOKS["review"].ground) for kind in kinds],
        ),
        "说明": words(width=138),
        "公开日期": words(width=78, help="已登记的公开日期；未登记的，为页面上写的日期"),
        "核对": words(width=66),
        "网页": st.column_config.LinkColumn(width=44, display_text="打开"),
    }


# --- one agency -----------------------------------------------------------------------------------------------------


def card(row: PublishedRow, year: int) -> None:
    """What the last look found, with both sides, and what can be done about it."""
    look = row.look
    with st.container(border=True, key="publication_card"):
        outcome = (
            tag(publishing.LOOKS_OF[look.outcome], OUTCOME_NAMES[look.outcome])
            if look
            else tag("not_applicable", "尚未核对")
        )
        show(el("p", outcome, text(row.agency), class_="card-title"))
        if look:
            show(el("p", look.sentence, class_="lead"))
        show(_facts(row))
        with st.container(horizontal=True, vertical_alignment="center"):
            _actions(row, year)
        if look and look.differences:
            show(differences(look.differences))
    history(query.publication_looks(row.agency_key, year))


def _facts(row: PublishedRow) -> Html:
    look = row.look
    facts = [("网址", row.url or "没有公开网址，可粘贴，或写在名录的“公开网址”列")]
    if look:
        facts += [
            (
                "核对",
                f"{minute(look.looked_at)} · {look.actor} · 对照第 {look.version} 版（{day(row.received_at)}收到）",
            ),
            ("公开", f"页面日期 {look.published_on or '没有写明'}"),
        ]
    if row.published_on:
        facts.append(("登记", f"{row.published_on} 公开（{FILING.names.get(row.state, row.state)}）"))
    return el(
        "dl",
        *(el(name, value) for fact in facts for name, value in zip(("dt", "dd"), fact, strict=True)),
        class_="card",
    )


def _actions(row: PublishedRow, year: int) -> None:
    target = looking.targets_of([row])
    look = row.look
    if row.url.startswith(("http://", "https://")):
        st.link_button("打开网页", row.url, icon=":material/open_in_new:")
    shell.link("report", "审定稿", "article", agency=row.agency_key, view="all")
    if look and look.digest:
        _download(row, look, year)
    if person.may(Action.LOOK):
        st.button(
            "重新核对",
            icon=":material/refresh:",
            disabled=not target or publishing.running(),
            on_click=publishing.begin,
            args=(target, year),
            key="publication_again",
        )
    if (
        registrable([row])
        and person.may(Action.APPROVE)
        and st.button("登记公开…", icon=":material/task_alt:", key="publication_register_one")
    ):
        register([row], year)


def _download(row: PublishedRow, look: LookRow, year: int) -> None:
    data = query.looked_at(look)
    if data is None:
        return
    try:
        ending = readers.sniff(data).value
    except UnreadableFile:
        ending = "bin"
    st.download_button(
        "下载所取页面",
        data,
        file_name=f"{row.agency}_{year}_公开页面.{ending}",
        mime="application/octet-stream",
        icon=":material/download:",
        on_click="ignore",
        key="publication_page",
    )


def differences(found: Sequence[Difference]) -> Html:
    """The differences as a table: kind, place, both sides, in words."""
    heads = el("tr", *(el("th", name) for name in ("差异", "位置", "审定稿", "公开稿", "说明")))
    return el(
        "div",
        el("table", el("thead", heads), el("tbody", *map(_difference, found)), class_="list"),
        class_="official-wrap",
        tabindex="0",
        role="region",
        aria_label="差异",
    )


def _difference(each: Difference) -> Html:
    look = "not_evaluated" if each.kind in (Kind.UNREAD, Kind.UNDATED) else "error" if each.sure else "review"
    if each.kind is Kind.LATE and each.sure:
        look = "warning"
    place = "" if each.kind in (Kind.LATE, Kind.UNDATED, Kind.ABSENT) else wording.describe(each.address)
    return el(
        "tr",
        el("td", tag(look, KIND_NAMES[each.kind]), class_="w"),
        el("td", place or "—"),
        el("td", each.approved or "—"),
        el("td", each.published or "—"),
        el("td", _remark(each, place)),
    )


def _remark(each: Difference, place: str) -> str:
    """What the columns before it do not say yet."""
    if each.kind is Kind.FIGURE and each.approved:
        return "—" if each.sure else "读取没有十分把握，请人工核对。"
    return each.sentence.removeprefix(f"{place}：")


def history(found: Sequence[LookRow]) -> None:
    """All looks at one agency."""
    if len(found) < 2:
        return
    with st.expander(f"历次核对 {len(found)} 次", key="publication_history"):
        lines = (
            el(
                "tr",
                el("td", minute(look.looked_at), class_="w"),
                el("td", tag(publishing.LOOKS_OF[look.outcome], OUTCOME_NAMES[look.outcome]), class_="w"),
                el("td", look.sentence),
                el("td", look.url),
                el("td", f"第 {look.version} 版" if look.version else "—", class_="w"),
                el("td", look.actor, class_="w"),
            )
            for look in found
        )
        show(el("table", el("tbody", *lines), class_="list"))


# --- registering ----------------------------------------------------------------------------------------------------


def registrable(rows: Sequence[PublishedRow]) -> list[PublishedRow]:
    """Those that were found where they publish and wait to be registered or rechecked."""
    return [r for r in rows if r.state in ("approved", "published") and r.look and r.look.outcome in PUBLISHED]


def bar(chosen: Sequence[PublishedRow], allowed: Mapping[str, Any], year: int) -> None:
    """What can be done with the chosen agencies together."""
    with st.container(key="publication_bulk", horizontal=True, vertical_alignment="center"):
        if not chosen:
            shell.say(join(["勾选左侧方框可批量核对、登记；选一家可看差异。"]), "say muted")
            return
        show(el("p", join(["已选 ", el("b", f"{len(chosen)} 家")]), class_="say"), width="content")
        if not person.may(Action.LOOK):
            return
        targets = [allowed[row.agency_key] for row in chosen if row.agency_key in allowed]
        st.button(
            f"核对（{len(targets)} 个网址）",
            icon=":material/travel_explore:",
            disabled=not targets or publishing.running(),
            on_click=publishing.begin,
            args=(targets, year),
            key="publication_start_chosen",
        )
        ready = registrable(chosen)
        if person.may(Action.APPROVE) and st.button(
            f"登记公开（{len(ready)} 家）…", icon=":material/task_alt:", disabled=not ready, key="publication_register"
        ):
            register(ready, year)


@st.dialog("登记公开", width="large")
def register(rows: Sequence[PublishedRow], year: int) -> None:
    """Ask for the day where the page does not tell it, and whether what was published is in order."""
    st.write("公开日期取自网页；网页没有写明的请填写。内容一致的同时完成复核；有差异的，由人判断后再勾选。")
    edited = st.data_editor(
        pd.DataFrame([_to_register(row) for row in rows]),
        column_config={
            "单位": st.column_config.TextColumn(width=170),
            "结果": st.column_config.TextColumn(width=84),
            "公开日期": st.column_config.DateColumn("公开日期（可改）", width=110, format="YYYY-MM-DD"),
            "完成复核": st.column_config.CheckboxColumn(width=70),
            "网址": st.column_config.TextColumn(width=240),
        },
        disabled=["单位", "结果", "网址"],
        hide_index=True,
        placeholder="请填写",
        key="publication_register_grid",
    )
    lines = list(zip(rows, edited.to_dict("records"), strict=True))
    ready = [(row, line) for row, line in lines if isinstance(_as_day(line["公开日期"]), date)]
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if len(ready) < len(rows):
            show(el("p", f"{len(rows) - len(ready)} 家还没有公开日期。", class_="say"), width="content")
        if st.button("取消", key="publication_register_cancel"):
            st.rerun()
        if st.button(
            f"登记 {len(ready)} 家", type="primary", disabled=not ready, key="publication_register_submit"
        ) and _save(ready, year):
            st.rerun()


def _to_register(row: PublishedRow) -> dict[str, Any]:
    look = row.look
    return {
        "单位": row.agency,
        "结果": OUTCOME_NAMES[look.outcome] if look else "",
        "公开日期": row.published_on or (look.published_on if look else None),
        "完成复核": row.agrees or row.state == "published",
        "网址": row.url,
    }


def _as_day(value: object) -> date | None:
    """What the editor gives for a day."""
    return value if isinstance(value, date) and not pd.isna(value) else None


def _save(ready: Sequence[tuple[PublishedRow, Mapping[Any, Any]]], year: int) -> bool:
    """Register those that are rechecked and the others, each with its own day."""

    hand = person.hand()

    def store() -> None:
        for rechecked in (False, True):
            entries = [
                Registration(row.agency_key, day_, row.url)
                for row, line in ready
                if bool(line["完成复核"]) is rechecked and (day_ := _as_day(line["公开日期"]))
            ]
            if entries:
                hand.register_publications(entries, year, rechecked)

    return shell.attempt(store, f"已登记 {len(ready)} 家")


def nothing() -> None:
    """No report has passed yet."""
    st.write("还没有审定通过的报告。报告通过（状态为“通过待公开”）后，在这里核对各单位公开的内容。")
    shell.link("agencies", "查看各单位", "account_balance")
