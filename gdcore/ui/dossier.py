"""The parts of 报告详情 alone: choosing a report, what can be done with it, the card of a finding, its pages."""

from __future__ import annotations

from datetime import date

import streamlit as st

from gdcore import form
from gdcore.document import Format
from gdcore.roles import Action
from gdcore.store.rows import FindingFilter, FindingRow, ReportView
from gdcore.ui import (
    actions,
    address,
    assign,
    deadlines,
    decide,
    evidence,
    grids,
    identity,
    ledger,
    letters,
    mend,
    person,
    pictures,
    proofs,
    query,
    scorecard,
    shell,
)
from gdcore.ui.html import Html, md, show, text
from gdcore.ui.words import day, number

# --- which report -----------------------------------------------------------------------------------------------------


def nothing(key: str, year: int, filed: bool) -> None:
    """No report to show: none filed at all, this agency has filed none, or the link leads nowhere."""
    names = query.names_of((key,))
    if key in names:
        owed = query.matrix_row(key, year)
        due = owed.due if owed is not None else None
        left = "" if due is None else f"报送截止 {due.year}年{day(due)}，{deadlines.owed(due, date.today())}。"
        st.write(md(f"{names[key]}尚未报送 {year} 年度报告。{left}"))
        shell.link("intake", "上传报告", "upload_file")
        letters.reminder_button(year, [key], key="report_remind")
    elif key:
        st.write("找不到这份报告，可能已被替换或删除。")
    else:
        st.write(f"{year} 年度还没有报告。")
        shell.link("intake", "上传报告", "upload_file")
    if filed or key:
        shell.link("agencies", "回到单位", "arrow_back")


def neighbours(view: ReportView) -> None:
    """To the report before and after, worst first."""
    before, after = view.neighbours
    if st.button("上一家", icon=":material/chevron_left:", disabled=before is None, key="report_prior"):
        shell.go("report", agency=before)
    if st.button(
        "下一家", icon=":material/chevron_right:", icon_position="right", disabled=after is None, key="report_next"
    ):
        shell.go("report", agency=after)


def comparisons(view: ReportView) -> None:
    """To 比对: beside last year's report, and beside the version before (of the first, the one after)."""
    shell.link("comparison", "与上年比对", "compare_arrows", agency=view.agency_key, right=view.version)
    others = [v.version for v in view.versions if v.version != view.version]
    if others:
        other = max((n for n in others if n < view.version), default=min(others))
        left, right = sorted((other, view.version))
        words = f"与第 {other} 版比对"
        shell.link("comparison", words, "difference", mode="versions", agency=view.agency_key, left=left, right=right)


def more(view: ReportView) -> None:
    """Exports, versions, and the correction of what was recognised."""
    with st.popover("更多", icon=":material/more_horiz:"):
        wanted = FindingFilter(year=view.year, report_id=view.report_id)
        actions.csv_button(wanted, len(view.findings), f"{view.agency}_{view.year}_问题清单.csv", key="report_csv")
        actions.original_button(view, key="report_original")
        letters.report_buttons(view)
        if person.may(Action.IDENTIFY) and st.button("更正单位、年度…", icon=":material/edit:", key="report_correct"):
            identity.correct(view)
        if (
            view.current
            and view.report.tables
            and person.may(Action.MEND)
            and st.button("更正单元格…", icon=":material/edit_note:", key="report_mend")
        ):
            mend.cells(view, view.report.tables[0].key)
        if (
            view.current
            and person.may(Action.MEND)
            and st.button("指定表格…", icon=":material/table_view:", key="report_assign")
        ):
            assign.table(view, next((k for k in form.TABLE_SECTIONS if view.report.table(k) is None), "t2"))
        if len(view.versions) > 1:
            st.radio(
                "版本",
                [v.version for v in view.versions],
                format_func=lambda n: next(
                    md(f"第 {v.version} 版 · {day(v.received_at)} · {number(v.total)} 分")
                    for v in view.versions
                    if v.version == n
                ),
                **address.one("report_version", "version", [v.version for v in view.versions], view.version),
            )


def older_version(view: ReportView) -> Html:
    """The line above a version that has been replaced."""
    newest = max(v.version for v in view.versions)
    return text(f"这是第 {view.version} 版，已被第 {newest} 版替换。结论和得分以最新版为准。")


def sections(view: ReportView) -> Html:
    """The strip of six sections and three tables, in the words of the matrix."""
    row = query.matrix_row(view.agency_key, view.year)
    shown = row is not None and row.report_id == view.report_id
    words = (
        [c.word for c in row.words]
        if row is not None and shown
        else ["齐" if s.found else "缺" for s in view.report.sections]
    )
    titles = [name.replace(" ", "、") for name in grids.MATRIX_COLUMNS]
    return evidence.strip(words, titles[: len(words)])


# --- one finding and its proof ----------------------------------------------------------------------------------------


def finding_card(view: ReportView, row: FindingRow) -> None:
    """The finding told whole, with what can be done about it."""
    with st.container(border=True, key="report_card"):
        show(scorecard.card(row))
        ledger.handled(row.fingerprint)
        with st.container(horizontal=True, vertical_alignment="center"):
            if view.current:
                decide.buttons([row], "report", most=3)
            ledger.record(row.fingerprint, "report_record")
            shell.link("catalogue", "查看规则", "gavel", rule=row.finding.rule)


def proof(view: ReportView, row: FindingRow | None) -> None:
    """What the finding rests on, where it stands, with what mends its reading."""
    paged = view.report.format in pictures.SHOWN
    proofs.shown(
        view,
        row,
        "report",
        original=(lambda: _page(view, row)) if paged else None,
        tools=lambda key: _mending(view, key),
    )
    mend.log(view)


def _mending(view: ReportView, key: str) -> None:
    """The buttons beside a table's name by which a person mends its reading."""
    if not view.current or not person.may(Action.MEND):
        return
    table = view.report.table(key)
    with st.container(horizontal=True, width="content", horizontal_alignment="right"):
        if table is not None and st.button("更正单元格…", icon=":material/edit:", key=f"report_mend_{key}"):
            mend.cells(view, key)
        unread = table is None or len(table.cells()) < table.prescribed
        if unread and st.button("指定表格…", icon=":material/table_view:", key=f"report_assign_{key}"):
            assign.table(view, key)


def _page(view: ReportView, row: FindingRow | None) -> None:
    original = query.original(view.report_id)
    if original is None:
        st.write("原件不在库中。")
        return
    kind = view.report.format
    count = pictures.count(view.report.digest, kind, original)
    if not count:
        st.write(pictures.NOT_DRAWN)
        return
    pages = evidence.pages_of(row.finding) if row else []
    page = 1
    if count > 1:
        page = st.pagination(
            count,
            default=pages[0] if pages else 1,
            key=f"report_page_{view.report_id}_{row.fingerprint if row else ''}",
        )
    boxes = evidence.boxes_on(row.finding, page) if row else ()
    hidden = evidence.hidden_on(view.hidden, page)
    with st.container(key="report_page_image"):
        pictures.put(pictures.page(view.report.digest, kind, original, page, boxes, hidden=hidden), page)
    if kind is Format.OFD:
        st.caption("按 OFD 文件的内容绘出，字体与原件可能不同。")
    if row and page not in pages:
        st.caption("这条问题没有指向这一页。" if pages else "这条问题说的是缺少的内容，原件上没有可以指出的位置。")
