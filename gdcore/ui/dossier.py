"""The parts of 报告详情: choosing a report, its findings, the card of one, and the proof beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import streamlit as st

from gdcore import form
from gdcore.document import Format
from gdcore.lifecycle import steps_from
from gdcore.rules import CATALOGUE
from gdcore.scoring import DISMISSED
from gdcore.store.rows import AgencyRow, FindingFilter, FindingRow, ReportView
from gdcore.ui import (
    actions,
    address,
    assign,
    decide,
    evidence,
    grids,
    identity,
    mend,
    pictures,
    query,
    scorecard,
    shell,
    tables,
)
from gdcore.ui.html import Html, el, join, md, show, text
from gdcore.ui.words import LOOKS, day, due_words, number
from gdcore.verdict import Outcome

VIEWS = {"tables": "表格", "prose": "正文", "page": "原页", "all": "全部原文"}
_SHOWS = {"all": "全部", "open": "未处理", "error": "错误", "warning": "警告", "info": "提示", "review": "待核"}
_HANDLED = frozenset({"confirmed", "closed"}) | DISMISSED


# --- which report -----------------------------------------------------------------------------------------------------


def nothing(key: str, year: int, filed: Sequence[AgencyRow]) -> None:
    """No report to show: none filed at all, this agency has filed none, or the link leads nowhere."""
    names = query.agency_names()
    if key in names:
        due = next((row.due for row in query.matrix(year) if row.agency_key == key), None)
        left = "" if due is None else f"报送截止 {due.year}年{day(due)}，{due_words(due, date.today())}。"
        st.write(md(f"{names[key]}尚未报送 {year} 年度报告。{left}"))
        shell.link("intake", "上传报告", "upload_file")
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


def more(view: ReportView) -> None:
    """Exports, versions, and the correction of what was recognised."""
    with st.popover("更多", icon=":material/more_horiz:"):
        wanted = FindingFilter(year=view.year, report_id=view.report_id)
        actions.csv_button(wanted, len(view.findings), f"{view.agency}_{view.year}_问题清单.csv", key="report_csv")
        actions.original_button(view, key="report_original")
        if st.button("更正单位、年度…", icon=":material/edit:", key="report_correct"):
            identity.correct(view)
        if (
            view.current
            and view.report.tables
            and st.button("更正单元格…", icon=":material/edit_note:", key="report_mend")
        ):
            mend.cells(view, view.report.tables[0].key)
        if view.current and st.button("指定表格…", icon=":material/table_view:", key="report_assign"):
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
    row = next((r for r in query.matrix(view.year) if r.report_id == view.report_id), None)
    words = [c.word for c in row.words] if row else ["齐" if s.found else "缺" for s in view.report.sections]
    titles = [name.replace(" ", "、") for name in grids.MATRIX_COLUMNS]
    return evidence.strip(words, titles[: len(words)])


# --- which finding ----------------------------------------------------------------------------------------------------


def finding_list(view: ReportView) -> FindingRow | None:
    """The findings as a list to choose from; the choice is in the address."""
    st.header(f"问题 {len(view.findings)} 条", anchor=False)
    if not view.findings:
        st.write("没有发现问题。" if view.score.total is not None else "没有可以判断的内容。")
        return None
    groups = _groups(view.findings)
    present = [code for code in _SHOWS if groups[code] or code == "all"]
    picked = st.segmented_control(
        "显示哪些问题",
        present,
        default="all",
        required=True,
        label_visibility="collapsed",
        format_func=lambda code: f"{_SHOWS[code]} {len(groups[code])}",
        key=f"report_show_{view.report_id}",
    )
    rows = {r.fingerprint: r for r in groups[picked or "all"]}
    tied = address.one("report_finding", "finding", list(rows), next(iter(rows)))
    with st.container(border=True, key="report_list"):
        chosen = st.radio(
            "问题",
            list(rows),
            format_func=lambda fingerprint: scorecard.label(rows[fingerprint]),
            captions=[scorecard.caption(r) for r in rows.values()],
            label_visibility="collapsed",
            **(tied | {"on_change": _choose}),
        )
    return rows.get(str(chosen))


def _choose(*arguments: str) -> None:
    """Another finding has its own best view; a page or the whole report stays open."""
    address.write(*arguments)
    if address.get("view") in ("tables", "prose"):
        address.clear("view")


def _groups(rows: Sequence[FindingRow]) -> dict[str, list[FindingRow]]:
    groups: dict[str, list[FindingRow]] = {code: [] for code in _SHOWS}
    for row in rows:
        groups["all"].append(row)
        groups[row.level].append(row)
        if row.state not in _HANDLED:
            groups["open"].append(row)
    return groups


def unjudged(view: ReportView) -> None:
    """What was not judged and why, what does not apply, what is in order."""
    count = Counter(view.outcomes.values())
    order = (Outcome.NOT_EVALUATED, Outcome.NOT_APPLICABLE, Outcome.PASS)
    label = " · ".join(f"{LOOKS[o].word} {count[o]} 条" for o in order)
    with st.expander(label, key="report_unjudged"):
        for outcome in order:
            codes = [code for code, value in view.outcomes.items() if value is outcome and code in CATALOGUE]
            if codes:
                show(el("p", el("b", f"{LOOKS[outcome].word} {len(codes)} 条"), class_="lead"))
                show(_outcome_table(view, outcome, codes))


def _outcome_table(view: ReportView, outcome: Outcome, codes: Sequence[str]) -> Html:
    rows = []
    for code in codes:
        claim = CATALOGUE[code].title if outcome is Outcome.PASS else CATALOGUE[code].name
        reason = view.reasons.get(code, "") if outcome is not Outcome.PASS else ""
        told = [el("div", claim), el("div", reason, class_="muted")] if reason else [claim]
        rows.append(el("tr", el("td", code, class_="w"), el("td", *told)))
    return el("table", el("tbody", *rows), class_="list")


# --- one finding and its proof ----------------------------------------------------------------------------------------


def finding_card(view: ReportView, row: FindingRow) -> None:
    """The finding told whole, with what can be done about it."""
    with st.container(border=True, key="report_card"):
        show(scorecard.card(row))
        with st.container(horizontal=True, vertical_alignment="center"):
            if view.current:
                decide.buttons([row], steps_from(row.state), key="report")
            shell.link("catalogue", "查看规则", "gavel", rule=row.finding.rule)


def proof(view: ReportView, row: FindingRow | None) -> None:
    """The official tables, the prose, the page or the whole report, with the evidence lit."""
    finding = row.finding if row else None
    views = [v for v in VIEWS if v != "page" or view.report.format in pictures.SHOWN]
    natural = (
        "tables"
        if finding is None or (evidence.touched_tables(finding) and not finding.address.startswith("s"))
        else "prose"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.segmented_control(
            "看什么",
            views,
            required=True,
            label_visibility="collapsed",
            format_func=VIEWS.__getitem__,
            **address.one(f"report_view_{natural}", "view", views, natural),
        )
        fold = True
        if chosen in ("tables", "all"):
            fold = st.toggle("收起全为 0 的行", value=address.get("fold") != "0", key="report_fold", on_change=_fold)
    if chosen == "page":
        _page(view, row)
    elif chosen == "prose":
        only = (
            {form.SECTION_BY_SHORT[a[:2]].short for a in evidence.addresses(finding) if a[:2] in form.SECTION_BY_SHORT}
            if finding
            else set()
        )
        show(evidence.prose(view.report, finding, only))
    elif chosen == "all":
        lit = evidence.addresses(finding) if finding else frozenset()
        inside = {
            form.TABLE_SECTIONS[t.key]: join([tables.official(t, lit, fold), tables.legend(t, lit)])
            for t in view.report.tables
            if t.grids
        }
        show(evidence.prose(view.report, finding, tables=inside))
    else:
        touched = evidence.touched_tables(finding) if finding else []
        _tables(view, row, touched or ["t2", "t3", "t4"], fold)
    mend.log(view)


def _fold() -> None:
    address.put(fold=None if st.session_state["report_fold"] else "0")


def _tables(view: ReportView, row: FindingRow | None, keys: Sequence[str], fold: bool) -> None:
    lit = evidence.addresses(row.finding) if row else frozenset()
    for key in keys:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.header(form.TABLE_NAMES[key], anchor=False, width="content")
            _mending(view, key)
        table = view.report.table(key)
        if table is None:
            st.write("报告中没有这张表。")
        elif not table.grids:
            shell.say(text("这张表在报告中，但未能识别，不作判断。请看原件。"), "note-line")
        else:
            show(tables.official(table, lit, fold))
            show(tables.legend(table, lit))


def _mending(view: ReportView, key: str) -> None:
    """The buttons beside a table's name by which a person mends its reading."""
    if not view.current:
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
        st.image(
            pictures.page(view.report.digest, kind, original, page, boxes, hidden=hidden),
            width="stretch",
            alt=f"原件第 {page} 页",
        )
    if kind is Format.OFD:
        st.caption("按 OFD 文件的内容绘出，字体与原件可能不同。")
    if row and page not in pages:
        st.caption("这条问题没有指向这一页。" if pages else "这条问题说的是缺少的内容，原件上没有可以指出的位置。")
