"""The parts of 总览: what needs doing, deadlines, the matrix and its choices, the commonest faults, the welcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from gdcore.form import AGENCY_TYPE_NAMES, AgencyType
from gdcore.rules import CATALOGUE
from gdcore.store.rows import FaultRow, FindingFilter, MatrixRow, Overview
from gdcore.ui import actions, grids, query, shell
from gdcore.ui.html import Html, el, join, show, text
from gdcore.ui.scorecard import bar
from gdcore.ui.words import MATRIX_COLOURS, day, tag

MATRIX_SHOWS = {"gaps": "有缺项", "missing": "未报", "all": "全部"}
_LAST_PUBLICATION = "01-31"  # 条例 第四十九条; for a government 03-31
_SOON_DAYS = 7
_LONG_DAYS = 99  # beyond it, how long ago it was no longer matters
_FIRST_WORD_COLUMN = 2


def to_do(seen: Overview, year: int) -> None:
    """One line for each kind of thing that waits, leading to the rows behind it."""
    waiting = query.findings(FindingFilter(year=year, states=("pending",)), size=1)
    errors = waiting.severity_counts.get("error", 0)
    lines: list[tuple[str, str | None, str, str, dict[str, Any]]] = []
    if seen.vetoes:
        lines.append(("veto", None, f"{seen.vetoes} 份报告有否决项，不得公开", "findings", {"sev": "veto"}))
    if seen.waiting_files:
        lines.append(("review", "待确认", f"{seen.waiting_files} 份文件待确认单位或年度", "intake", {}))
    if seen.refused_files:
        lines.append(("error", "未接收", f"{seen.refused_files} 份文件未能接收", "intake", {}))
    if errors:
        lines.append(("error", None, f"{errors} 条错误尚未确认", "findings", {"sev": "error", "state": "pending"}))
    if seen.review_findings:
        words = f"{seen.review_findings} 条结论待人工判定"
        lines.append(("review", None, words, "findings", {"sev": "review", "state": "pending"}))
    if seen.withheld:
        lines.append(("not_evaluated", None, f"{seen.withheld} 份报告未能评分", "agencies", {}))
    if seen.missing:
        lines.append(("not_evaluated", "未报", f"{seen.missing} 家尚未报送", "overview", {"show": "missing"}))
    if not lines:
        st.write("没有待处理的问题。")
    with st.container(gap=None, key="overview_todo"):
        for meaning, word, sentence, page, parameters in lines:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                show(tag(meaning, word), width=86)
                shell.link(page, sentence, **parameters)


def deadlines(year: int, today: date | None = None) -> Html:
    """The profile's dates in the year after the reporting year, with the days that are left. Days of the calendar:
    which of them are working days, the State Council says anew each year."""
    profile, now = query.current_profile(), today or date.today()
    dates = [("报送", profile.submit)] if profile.submit else []
    dates += [(f"{AGENCY_TYPE_NAMES[AgencyType(kind)]}公开", end) for kind, end in profile.publish.items()]
    if not profile.publish:
        dates.append(("公开", _LAST_PUBLICATION))
    rows = []
    for name, end in sorted(dates, key=lambda pair: str(pair[1])):
        due = date(year + 1, *map(int, str(end).split("-")))
        rows.append(
            el(
                "tr",
                el("td", name),
                el("td", f"{year + 1}年{day(due)}", class_="w"),
                el("td", _left(due - now), class_="n"),
            )
        )
    return el("table", el("tbody", *rows), class_="list")


def _left(rest: timedelta) -> Html:
    if rest.days < 0:
        return el("span", "已过" if -rest.days > _LONG_DAYS else f"已过 {-rest.days} 天", class_="muted")
    if rest.days == 0:
        return tag("warning", "今天到期")
    return tag("warning", f"剩 {rest.days} 天") if rest.days <= _SOON_DAYS else text(f"剩 {rest.days} 天")


# --- matrix -----------------------------------------------------------------------------------------------------------


def matrix_choices(rows: Sequence[MatrixRow]) -> dict[str, list[MatrixRow]]:
    """The rows of each choice: with gaps (filed, some word other than 齐), missing, all."""
    filed = [r for r in rows if r.report_id is not None]
    return {
        "gaps": [r for r in filed if any(c.word != "齐" for c in r.words)],
        "missing": [r for r in rows if r.report_id is None],
        "all": list(rows),
    }


def matrix_legend() -> Html:
    """The words of the matrix in their colours."""
    words = [w for w in ("齐", "缺", "不全", "空格", "非数", "旧版", "待核", "未识别") if w in MATRIX_COLOURS]
    swatches = []
    for word in words:
        ink, ground = MATRIX_COLOURS[word]
        swatches.append(el("span", word, class_="swatch", style=f"color:{ink};background:{ground};margin:0 .1rem"))
    return el("p", join(swatches), " 未识别即未能读取，不作判断。点任一格查看该处。", class_="legend")


def open_cell(cells: Sequence[Any], rows: Sequence[MatrixRow]) -> None:
    """Go where the chosen cell leads: the report at the finding behind the word."""
    if not cells:
        return
    index, column = cells[0]
    row = rows[index]
    if row.report_id is None:
        st.toast("该单位尚未报送。")
        return
    names = ["单位", "得分", *grids.MATRIX_COLUMNS]
    at = names.index(column) - _FIRST_WORD_COLUMN
    shell.go("report", agency=row.agency_key, finding=row.words[at].fingerprint if at >= 0 else None)


def faults(rows: Sequence[FaultRow]) -> Html:
    """The commonest faults: level, rule, name, agencies, and their share of those that filed."""
    heads = el(
        "tr", *(el("th", h) for h in ("级别", "规则", "问题")), el("th", "涉及单位", class_="n"), el("th", "占已报单位")
    )
    lines = [
        el(
            "tr",
            el("td", tag(r.severity), class_="w"),
            el("td", r.rule, class_="w"),
            el("td", CATALOGUE[r.rule].name if r.rule in CATALOGUE else r.rule),
            el("td", f"{r.agencies} 家", class_="n"),
            el("td", bar(r.share), title=f"{r.share:.0%}", style="width:26%"),
        )
        for r in rows
    ]
    return el("table", el("thead", heads), el("tbody", *lines), class_="list")


# --- nothing yet ------------------------------------------------------------------------------------------------------


def welcome(year: int) -> None:
    """The empty store: two steps, and sample data to look at first."""
    with st.container(width=760):
        st.header(f"开始 {year} 年度核查", anchor=False)
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            show(_step("1", "上传报告", "Word、WPS、PDF、网页、图片或 ZIP，可以一次放入全部。"))
            if st.button("上传报告", icon=":material/upload_file:", type="primary", key="overview_first"):
                shell.go("intake")
        with st.container(border=True):
            show(_step("2", "查看结果", "每条问题都标明位置、原文、应为和依据，由您确认后才算数。"))
        st.write("想先看看？")
        if st.button("载入示例数据（虚构单位）", icon=":material/science:", key="overview_samples"):
            actions.load_samples()
        st.caption("示例数据单独标记，随时可一键清除，不影响正式数据。")


def _step(number: str, title: str, sentence: str) -> Html:
    return join([el("p", el("b", number), "\u3000", el("b", title), class_="say"), el("p", sentence, class_="say")])
