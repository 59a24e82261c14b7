"""The parts of 上传核查: the running batch, files to confirm, files that were refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from gdcore import profile, worker
from gdcore.form import AGENCY_TYPE_NAMES, AgencyType
from gdcore.store.rows import BatchView, IntakeRow
from gdcore.ui import choosing, identity, person, query, shell
from gdcore.ui.html import Html, el, join, show, text
from gdcore.ui.words import minute, tag

_POLL_SECONDS = 1.0
_SEASON_MONTHS = 3  # reports are due by the end of January, those of governments by the end of March
_YEARS_BACK = 8
_ROUND = "intake_round"
_WATCHED = "intake_watched"
_DRAFTS = "intake_drafts"  # by file, what was set in the grid of files to confirm before other names were looked for
_KIND_WORDS = {name: kind for kind, name in AGENCY_TYPE_NAMES.items()}


def uploader_key() -> str:
    """A new key after every batch, so that the drop zone is empty again."""
    return f"intake_files_{st.session_state.get(_ROUND, 0)}"


def next_uploader() -> None:
    """Empty the drop zone."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def year_due(page: str = "intake") -> int | None:
    """The year that the reports should be on; in the season of reports that is the year past, else any may come."""
    latest = query.due_year()
    season = date.today().month <= _SEASON_MONTHS
    chosen = st.selectbox(
        "应报年度",
        [None, *range(latest, latest - _YEARS_BACK, -1)],
        index=1 if season else 0,
        format_func=lambda year: f"{year} 年度" if year else "不限（含往年报告）",
        help="选定后，标题年度不符的报告会被指出；报送期内还会核对报送时限",
        key=f"{page}_due",
        width=220,
    )
    return int(chosen) if chosen else None


def terms(page: str = "intake") -> str:
    """The profile to check by: the one in force unless another is chosen."""
    settings = query.store().settings
    names = profile.available(settings)
    titles = {name: profile.load(name, settings).title for name in names}
    return str(
        st.selectbox(
            "适用方案",
            names,
            index=names.index(settings.profile),
            format_func=titles.__getitem__,
            key=f"{page}_profile",
            width=220,
        )
    )


def watch(batch_id: int) -> None:
    """The batch's progress; polls while it runs and shows the whole page anew when it is done."""
    batch = query.batch(batch_id)
    running = batch is not None and batch.running
    if running:
        worker.ensure(query.store().settings)
        st.session_state[_WATCHED] = batch_id
    st.fragment(_progress, run_every=_POLL_SECONDS if running else None)(batch_id)


def _progress(batch_id: int) -> None:
    batch = query.batch(batch_id)
    if batch is None:
        st.write("找不到这一批文件。")
        return
    if not batch.running and st.session_state.get(_WATCHED) == batch_id:
        del st.session_state[_WATCHED]
        query.refresh()
        st.rerun()
    with st.container(border=True, key="intake_batch"):
        state = "正在核查" if batch.running else "核查完成"
        show(el("p", el("b", state), f" {batch.total} 份 · {minute(batch.created_at)} 提交", class_="say"))
        st.progress(batch.done / batch.total if batch.total else 1.0, text=_status(batch))
        show(el("p", join(_counters(batch), " "), class_="say"))


def _status(batch: BatchView) -> str:
    if not batch.running:
        return f"共 {batch.total} 份，全部处理完毕"
    rest = f" · {pace(batch)} · 约剩 {duration(batch.seconds_left)}" if batch.seconds_left else ""
    return f"第 {min(batch.done + 1, batch.total)} 份，共 {batch.total} 份{rest} · 可以离开本页，核查会继续"


def pace(batch: BatchView) -> str:
    """每秒 12 份, 每分钟 3 份."""
    each = (batch.seconds_left or 0) / max(1, batch.total - batch.done)
    return f"每秒 {1 / each:.0f} 份" if each <= 1 else f"每分钟 {60 / each:.0f} 份"


def duration(seconds: float) -> str:
    """12 秒, 3 分钟."""
    return f"{max(1, round(seconds))} 秒" if seconds < 90 else f"{round(seconds / 60)} 分钟"


def _counters(batch: BatchView) -> list[Html]:
    counters = [tag("pass", f"已入库 {batch.stored}")]
    if batch.unchanged:
        counters.append(tag("not_applicable", f"内容未变 {batch.unchanged}"))
    counters.append(tag("review", f"待确认 {batch.waiting}"))
    counters.append(tag("error", f"未接收 {batch.refused}"))
    return counters


# --- files to confirm -------------------------------------------------------------------------------------------------


def confirm(rows: Sequence[IntakeRow], year: int) -> None:
    """A grid in which agency, year and kind can be set; what is ticked goes into the store."""
    drafts: dict[int, dict[str, Any]] = st.session_state.setdefault(_DRAFTS, {})
    own = {name for r in rows if (name := drafts.get(r.intake_id, {}).get("单位") or r.agency)}
    words = st.session_state.get("intake_confirm_words", "")
    key = "_".join(("intake_confirm", *(str(r.intake_id) for r in rows), words))
    names = choosing.names("intake_confirm", own, width=420, on_change=_keep, args=(key, rows))
    edited = st.data_editor(
        _to_confirm(rows, drafts),
        column_config=_confirm_config(names),
        disabled=["文件", "原因", "识别依据", "把握"],
        hide_index=True,
        key=key,
        placeholder="请选择",
    )
    new = ""
    if person.who().scope is None:
        new = st.text_input(
            "名单里没有的单位", placeholder="填写单位全称，用于勾选但未选单位的文件", key="intake_new_agency", width=420
        )
    ticked = [(r, line) for r, line in zip(rows, edited.to_dict("records"), strict=True) if line["确认"]]
    ready = [(r, line) for r, line in ticked if (line["单位"] or new.strip()) and line["年度"]]
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(f"入库已确认的 {len(ready)} 份", type="primary", disabled=not ready, key="intake_accept"):
            _accept(ready, new.strip())
        if st.button(f"退回勾选的 {len(ticked)} 份", disabled=not ticked, key="intake_reject"):
            _reject([r.intake_id for r, _ in ticked])
        if len(ready) < len(ticked):
            st.write("勾选的文件还须选定单位和年度。")


def _keep(key: str, rows: Sequence[IntakeRow]) -> None:
    """What was set in the grid goes on into the next, which offers other names."""
    drafts = st.session_state[_DRAFTS]
    for at, changed in st.session_state.get(key, {}).get("edited_rows", {}).items():
        number = rows[int(at)].intake_id
        drafts[number] = drafts.get(number, {}) | changed


def _to_confirm(rows: Sequence[IntakeRow], drafts: Mapping[int, Mapping[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "确认": False,
                "文件": r.file_name,
                "单位": r.agency,
                "年度": str(r.year) if r.year else None,
                "类型": AGENCY_TYPE_NAMES[AgencyType(r.agency_type)] if r.agency_type else None,
                "原因": r.reason,
                "识别依据": r.evidence,
                "把握": r.confidence,
            }
            | dict(drafts.get(r.intake_id, {}))
            for r in rows
        ]
    )


def _confirm_config(names: Sequence[str]) -> dict[str, Any]:
    column = st.column_config
    years = [str(y) for y in range(query.due_year() + 1, identity.FIRST_YEAR - 1, -1)]
    return {
        "确认": column.CheckboxColumn(width=48),
        "文件": column.TextColumn(width=190),
        "单位": column.SelectboxColumn("单位（可改）", options=names, width=190),
        "年度": column.SelectboxColumn("年度（可改）", options=years, width=84),
        "类型": column.SelectboxColumn("类型（可改）", options=list(_KIND_WORDS), width=96),
        "原因": column.TextColumn(width=180),
        "识别依据": column.TextColumn(width=180),
        "把握": column.ProgressColumn(width=90, min_value=0, max_value=1, format="percent"),
    }


def _accept(ready: Sequence[tuple[IntakeRow, Mapping[Any, Any]]], new: str) -> None:
    hand = person.hand()

    def accept() -> None:
        for row, line in ready:
            kind = _KIND_WORDS.get(str(line["类型"]))
            hand.confirm_identity(row.intake_id, str(line["单位"] or new), int(str(line["年度"])), kind)

    if shell.attempt(accept, f"已入库 {len(ready)} 份"):
        st.rerun()


def _reject(ids: Sequence[int]) -> None:
    if shell.attempt(lambda: person.hand().dismiss_files(ids), f"已退回 {len(ids)} 份"):
        st.rerun()


# --- refused and stored -----------------------------------------------------------------------------------------------


def refusals(rows: Sequence[IntakeRow]) -> Html:
    """Files that were not taken: why, and what to do."""
    heads = el("tr", el("th", "文件"), el("th", "原因"), el("th", "怎么办"))
    lines = [
        el(
            "tr",
            el("td", r.file_name),
            el("td", tag("error", r.kind or "未接收"), " ", text(r.reason)),
            el("td", r.remedy or "—"),
        )
        for r in rows
    ]
    return el("table", el("thead", heads), el("tbody", *lines), class_="list")


def open_result(selected: Sequence[int], rows: Sequence[IntakeRow]) -> None:
    """Open the report of the chosen row."""
    if selected and selected[0] < len(rows):
        row = rows[selected[0]]
        shell.go("report", year=row.year, agency=row.agency_key)
