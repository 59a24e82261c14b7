"""The parts of 总览: the figures of the year, what needs doing, deadlines, who filed and who is late, the welcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from gdcore.form import AGENCY_TYPE_NAMES, AgencyType
from gdcore.roles import Action
from gdcore.store.rows import DueRow, FindingFilter, MatrixRow, Overview
from gdcore.ui import actions, address, charts, deadlines, grids, person, query, shell
from gdcore.ui.html import Html, el, join, show, text
from gdcore.ui.words import MATRIX_COLOURS, day, number, tag

MATRIX_SHOWS = {"gaps": "有缺项", "late": "逾期", "missing": "未报", "all": "全部"}
_SOON_DAYS = 7
_LONG_DAYS = 99  # beyond it, how long ago it was no longer matters
_PAGE_ROWS = 100  # of the matrix: a grid with colours is slow to make
_MOST_PAGES = 50  # of a country's agencies; who needs more narrows the scope
_MOST_DATES = 4  # days of submission that are told one by one


# --- the figures ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Late:
    """Who is late today: agencies overdue and by how many days at most, and those that still have time.

    `agencies` None: of no one who has not filed is the day known. `unknown`: how many of them have none.
    """

    agencies: int | None
    longest: int
    ahead: int
    unknown: int


def late(dues: Iterable[DueRow], today: date) -> Late:
    """Who is late among the agencies that have not filed; without a day of submission nobody is."""
    rows = list(dues)
    asked = [row for row in rows if row.missing] or rows
    known = [row for row in asked if row.day is not None]
    over = [(row.missing, (today - row.day).days) for row in known if row.day is not None and row.day < today]
    return Late(
        agencies=sum(missing for missing, _ in over) if known else None,
        longest=max((days for missing, days in over if missing), default=0),
        ahead=sum(row.missing for row in known if row.day is not None and row.day >= today),
        unknown=sum(row.missing for row in asked if row.day is None),
    )


def figures(seen: Overview, today: date) -> None:
    """The key figures in a row."""
    behind = late(seen.dues, today)
    share = f"{seen.filed / seen.expected:.0%}" if seen.expected else None
    before = seen.previous.average if seen.previous else None
    moved: Any = None if before is None or seen.average is None else round(seen.average - before, 1)
    level: dict[str, Any] = {"delta": "持平", "delta_color": "off", "delta_arrow": "off"}
    with st.container(key="overview_kpi"):
        _figure("应报", f"{seen.expected} 家")
        _figure("已报", f"{seen.filed} 家", share)
        _figure("未报", f"{seen.missing} 家", f"未到期 {behind.ahead}" if behind.ahead else None)
        _overdue(behind)
        told = "只计已报送且已评分的报告；下方为较上年的变化"
        change = level if moved == 0 else {"delta": moved}
        st.metric("平均分", number(seen.average), border=True, height="stretch", help=told, **change)
        involved = f"涉及 {seen.review_agencies} 家" if seen.review_findings else None
        _figure("待核", f"{seen.review_findings} 条", involved)


def _figure(label: str, value: str, below: str | None = None, colour: Any = "off", told: str | None = None) -> None:
    st.metric(label, value, below, delta_color=colour, delta_arrow="off", border=True, height="stretch", help=told)


def _overdue(behind: Late) -> None:
    if behind.agencies is None:
        told = "没有报送截止日，不能判断逾期：请在名录中填写“报送截止”，或在适用方案中写明 submit。"
        _figure("逾期", "—", told=told)
        return
    shown = behind.agencies and behind.longest <= _LONG_DAYS
    told = "已过报送截止日仍未报送的单位；截止日以名录中单位自己的为准，没有的用适用方案的。"
    rest = f"另有 {behind.unknown} 家没有截止日，未计入。" if behind.unknown else ""
    _figure("逾期", f"{behind.agencies} 家", f"最长 {behind.longest} 天" if shown else None, "red", told + rest)


# --- what needs doing -------------------------------------------------------------------------------------------------


def to_do(seen: Overview, today: date, scope: str | None) -> None:
    """One line for each kind of thing that waits, leading to the rows behind it."""
    lines = list(_lines(seen, late(seen.dues, today), scope))
    if not lines:
        st.write("没有待处理的问题。")
    with st.container(gap=None, key="overview_todo"):
        for meaning, word, sentence, page, parameters in lines:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                show(tag(meaning, word), width=86)
                shell.link(page, sentence, **parameters)


Line = tuple[str, str | None, str, str, dict[str, Any]]


def _lines(seen: Overview, behind: Late, scope: str | None) -> Iterable[Line]:
    waiting = query.findings(FindingFilter(year=seen.year, states=("pending",), scope=scope), size=1)
    errors = waiting.severity_counts.get("error", 0)
    rest = seen.missing - (behind.agencies or 0)
    if seen.vetoes:
        yield "veto", None, f"{seen.vetoes} 份报告有否决项，不得公开", "findings", {"sev": "veto"}
    if behind.agencies:
        longest = f"，最长 {behind.longest} 天" if behind.longest <= _LONG_DAYS else ""
        yield "error", "逾期", f"{behind.agencies} 家逾期未报{longest}", "overview", {"show": "late"}
    if seen.waiting_files:
        yield "review", "待确认", f"{seen.waiting_files} 份文件待确认单位或年度", "intake", {}
    if seen.refused_files:
        yield "error", "未接收", f"{seen.refused_files} 份文件未能接收", "intake", {}
    if errors:
        yield "error", None, f"{errors} 条错误尚未确认", "findings", {"sev": "error", "state": "pending"}
    if seen.review_findings:
        words = f"{seen.review_findings} 条结论待人工判定"
        yield "review", None, words, "findings", {"sev": "review", "state": "pending"}
    if seen.withheld:
        yield "not_evaluated", None, f"{seen.withheld} 份报告未能评分", "agencies", {}
    if rest:
        words = f"{rest} 家尚未报送" + ("，未到截止日" if rest == behind.ahead else "")
        yield "not_evaluated", "未报", words, "overview", {"show": "missing"}


# --- deadlines --------------------------------------------------------------------------------------------------------


def due_days(seen: Overview, today: date) -> Html:
    """The days of submission, as roster and profile have them, and the profile's days of publication."""
    year, profile = seen.year, query.current_profile()
    general = profile.submit_by(year)
    own = [row for row in seen.dues if row.own and row.day is not None]
    kept = sorted(own, key=lambda row: row.missing == 0)[:_MOST_DATES]
    dates = [(f"报送 {row.expected} 家", row.day) for row in kept if row.day is not None]
    dates += [("报送", general)] if general else []
    dates += [
        (f"{AGENCY_TYPE_NAMES[AgencyType(kind)]}公开", profile.publish_by(AgencyType(kind), year))
        for kind in profile.publish
    ]
    if not profile.publish:
        dates.append(("公开", profile.publish_by(AgencyType.DEPT, year)))
    rows = [
        el(
            "tr",
            el("td", name),
            el("td", f"{due.year}年{day(due)}", class_="w"),
            el("td", _left(due, today), class_="n"),
        )
        for name, due in sorted(dates, key=lambda pair: pair[1])
    ]
    told = next((words for _, due in dates if (words := deadlines.assumed(due, today))), "")
    note = el("p", told, class_="legend") if told else ""
    return join([el("table", el("tbody", *rows), class_="list"), note])


def _left(due: date, today: date) -> Html:
    days = (due - today).days
    if days < 0:
        return el("span", "已过" if -days > _LONG_DAYS else f"已过 {-days} 天", class_="muted")
    words = deadlines.remaining(due, today)
    return tag("warning", words) if days <= _SOON_DAYS else text(words)


# --- matrix -----------------------------------------------------------------------------------------------------------


def matrix_choices(rows: Sequence[MatrixRow], today: date) -> dict[str, list[MatrixRow]]:
    """The rows of each choice: with gaps (filed, some word other than 齐), overdue, missing, all.

    Those that have not filed come by the day on which they are due, unknown days last.
    """
    filed = [r for r in rows if r.report_id is not None]
    missing = [r for r in rows if r.report_id is None]
    missing.sort(key=lambda r: (r.due is None, r.due or date.max, r.agency))
    choices = {
        "gaps": [r for r in filed if any(c.word != "齐" for c in r.words)],
        "late": [r for r in missing if r.due is not None and r.due < today],
        "missing": missing,
        "all": [*filed, *missing],
    }
    return {code: found for code, found in choices.items() if found or code != "late"}


def matrix_counts(seen: Overview, gaps: int, today: date) -> dict[str, int]:
    """The same choices by their numbers, where there are too many rows to hold."""
    behind = late(seen.dues, today).agencies or 0
    counts = {"gaps": gaps, "late": behind, "missing": seen.missing, "all": seen.expected}
    return {code: count for code, count in counts.items() if count or code != "late"}


def matrix_part(year: int, show: str, count: int, today: date, scope: str | None) -> list[MatrixRow]:
    """The rows of a page of a choice, where there are too many to hold."""
    pages = min(-(-count // _PAGE_ROWS), _MOST_PAGES)
    tied = address.one("overview_page", "page", range(1, pages + 1), 1)
    number = int(st.session_state["overview_page"])
    if pages > 1:
        st.pagination(pages, **tied)
    return query.matrix_page(year, show, today, scope, number, _PAGE_ROWS)


def listing(chosen: str, rows: Sequence[MatrixRow], area: str, today: date) -> None:
    """The rows of a choice: those that have not filed with their deadlines, all others as the matrix."""
    key = f"overview_matrix_{chosen}"
    if chosen in ("late", "missing"):
        picked = _grid(grids.unfiled(rows, area, today), grids.unfiled_config(), len(rows), "single-row", key)
        st.caption("选中一行，查看该单位。")
        if picked.rows:
            shell.go("report", agency=rows[picked.rows[0]].agency_key)
        return
    part = _page(rows)
    picked = _grid(grids.matrix(part, area, today), grids.matrix_config(rows), len(part), "single-cell", key)
    show(matrix_legend())
    if picked.cells:
        index, column = picked.cells[0]
        _open_cell(part[index], column)


def _page(rows: Sequence[MatrixRow]) -> Sequence[MatrixRow]:
    """Those of the page that was asked for; the choice of pages, where there are several."""
    pages = -(-len(rows) // _PAGE_ROWS)
    if pages < 2:
        return rows
    tied = address.one("overview_page", "page", range(1, pages + 1), 1)
    first = (int(st.session_state["overview_page"]) - 1) * _PAGE_ROWS
    st.pagination(pages, **tied)
    return rows[first : first + _PAGE_ROWS]


def _grid(frame: Any, config: dict[str, Any], count: int, mode: Any, key: str) -> Any:
    return st.dataframe(
        frame,
        column_config=config,
        hide_index=True,
        height=grids.height(count, 18),
        row_height=grids.ROW_PX,
        placeholder="—",
        on_select="rerun",
        selection_mode=mode,
        key=key,
    ).selection


def matrix_legend() -> Html:
    """The words of the matrix in their colours."""
    words = [w for w in ("齐", "缺", "不全", "空格", "非数", "旧版", "待核", "未识别") if w in MATRIX_COLOURS]
    swatches = []
    for word in words:
        ink, ground = MATRIX_COLOURS[word]
        swatches.append(el("span", word, class_="swatch", style=f"color:{ink};background:{ground};margin:0 .1rem"))
    return el("p", join(swatches), " 未识别即未能读取，不作判断。点任一格查看该处。", class_="legend")


def _open_cell(row: MatrixRow, column: str) -> None:
    """Go where the chosen cell leads: the report at the finding behind the word; the agency where there is none."""
    words = dict(zip(grids.MATRIX_COLUMNS, row.words, strict=True))
    shell.go("report", agency=row.agency_key, finding=words[column].fingerprint if column in words else None)


# --- years ------------------------------------------------------------------------------------------------------------


def open_year(picked: tuple[int, int] | None) -> None:
    """Go where a point of the trend leads: the agencies of that year, or its errors."""
    if picked is None:
        return
    panel, year = picked
    if panel == charts.ERRORS:
        shell.go("findings", year=year, sev="error")
    shell.go("agencies", year=year)


# --- nothing yet ------------------------------------------------------------------------------------------------------


def welcome(year: int) -> None:
    """The empty store: two steps, and sample data to look at first."""
    with st.container(width=760):
        st.header(f"开始 {year} 年度核查", anchor=False)
        with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            show(_step("1", "上传报告", "Word、WPS、PDF、网页、图片或 ZIP，可以一次放入全部。"))
            if person.may(Action.UPLOAD) and st.button(
                "上传报告", icon=":material/upload_file:", type="primary", key="overview_first"
            ):
                shell.go("intake")
        with st.container(border=True):
            show(_step("2", "查看结果", "每条问题都标明位置、原文、应为和依据，由您确认后才算数。"))
        if not person.may(Action.SAMPLES):
            return
        st.write("想先看看？")
        if st.button("载入示例数据（虚构单位）", icon=":material/science:", key="overview_samples"):
            actions.load_samples()
        st.caption("示例数据单独标记，随时可一键清除，不影响正式数据。")


def _step(number: str, title: str, sentence: str) -> Html:
    return join([el("p", el("b", number), "\u3000", el("b", title), class_="say"), el("p", sentence, class_="say")])
