"""The parts of a checked report that 报告详情 and 自查 share: the findings to choose from, and the proof beside them.

`page` is the key of the page that draws them: widget keys begin with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import streamlit as st

from gdcore import form
from gdcore.finding import Finding
from gdcore.rules import CATALOGUE
from gdcore.store.rows import FindingRow
from gdcore.ui import address, evidence, scorecard, shell, tables
from gdcore.ui.html import Html, el, join, show, text
from gdcore.ui.scorecard import Judged
from gdcore.ui.words import LOOKS
from gdcore.verdict import Outcome

VIEWS = {"tables": "表格", "prose": "正文", "page": "原页", "all": "全部原文"}
_SHOWS = {"all": "全部", "open": "未处理", "error": "错误", "warning": "警告", "info": "提示", "review": "待核"}
_OPEN = frozenset({"pending", "reappeared"})  # what waits for a person's first or next word


# --- which finding ----------------------------------------------------------------------------------------------------


def finding_list(view: Judged, page: str, stated: bool = True) -> FindingRow | None:
    """The findings as a list to choose from; the choice is in the address. `stated`: people decide on them."""
    st.header(f"问题 {len(view.findings)} 条", anchor=False)
    if not view.findings:
        st.write("没有发现问题。" if view.score.total is not None else "没有可以判断的内容。")
        return None
    groups = _groups(view.findings)
    present = [code for code in _SHOWS if code == "all" or (groups[code] and (stated or code != "open"))]
    picked = st.segmented_control(
        "显示哪些问题",
        present,
        default="all",
        required=True,
        label_visibility="collapsed",
        format_func=lambda code: f"{_SHOWS[code]} {len(groups[code])}",
        key=f"{page}_show_{view.report_id}",
    )
    rows = {r.fingerprint: r for r in groups[picked or "all"]}
    tied = address.one(f"{page}_finding", "finding", list(rows), next(iter(rows)))
    with st.container(border=True, key=f"{page}_list"):
        chosen = st.radio(
            "问题",
            list(rows),
            format_func=lambda fingerprint: scorecard.label(rows[fingerprint]),
            captions=[scorecard.caption(r, stated) for r in rows.values()],
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
        if row.state in _OPEN:
            groups["open"].append(row)
    return groups


def unjudged(view: Judged, page: str) -> None:
    """What was not judged and why, what does not apply, what is in order."""
    count = Counter(view.outcomes.values())
    order = (Outcome.NOT_EVALUATED, Outcome.NOT_APPLICABLE, Outcome.PASS)
    label = " · ".join(f"{LOOKS[o].word} {count[o]} 条" for o in order)
    with st.expander(label, key=f"{page}_unjudged"):
        for outcome in order:
            codes = [code for code, value in view.outcomes.items() if value is outcome and code in CATALOGUE]
            if codes:
                show(el("p", el("b", f"{LOOKS[outcome].word} {len(codes)} 条"), class_="lead"))
                show(_outcome_table(view, outcome, codes))


def _outcome_table(view: Judged, outcome: Outcome, codes: Sequence[str]) -> Html:
    rows = []
    for code in codes:
        claim = CATALOGUE[code].title if outcome is Outcome.PASS else CATALOGUE[code].name
        reason = view.reasons.get(code, "") if outcome is not Outcome.PASS else ""
        told = [el("div", claim), el("div", reason, class_="muted")] if reason else [claim]
        rows.append(el("tr", el("td", code, class_="w"), el("td", *told)))
    return el("table", el("tbody", *rows), class_="list")


# --- the proof --------------------------------------------------------------------------------------------------------


def shown(
    view: Judged,
    row: FindingRow | None,
    page: str,
    original: Callable[[], None] | None = None,
    tools: Callable[[str], None] | None = None,
) -> None:
    """The official tables, the prose, the page or the whole report, with the evidence lit.

    `original` draws a page of the file, where it can be drawn; `tools` what stands beside the name of a table.
    """
    finding = row.finding if row else None
    views = [v for v in VIEWS if v != "page" or original is not None]
    natural = _natural(finding)
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.segmented_control(
            "看什么",
            views,
            required=True,
            label_visibility="collapsed",
            format_func=VIEWS.__getitem__,
            **address.one(f"{page}_view_{natural}", "view", views, natural),
        )
        fold = True
        if chosen in ("tables", "all"):
            key = f"{page}_fold"
            fold = st.toggle("收起全为 0 的行", value=address.get("fold") != "0", key=key, on_change=_fold, args=(key,))
    if chosen == "page" and original is not None:
        original()
    elif chosen == "prose":
        show(evidence.prose(view.report, finding, _sections_of(finding)))
    elif chosen == "all":
        lit = evidence.addresses(finding) if finding else frozenset()
        inside = {
            form.TABLE_SECTIONS[t.key]: join([tables.official(t, lit, fold), tables.legend(t, lit)])
            for t in view.report.tables
            if t.grids
        }
        show(evidence.prose(view.report, finding, tables=inside))
    else:
        _tables(view, finding, fold, tools)


def _natural(finding: Finding | None) -> str:
    """Where a finding is seen best."""
    if finding is None or (evidence.touched_tables(finding) and not finding.address.startswith("s")):
        return "tables"
    return "prose"


def _sections_of(finding: Finding | None) -> set[str]:
    heads = {a[:2] for a in evidence.addresses(finding)} if finding else set()
    return {form.SECTION_BY_SHORT[head].short for head in heads if head in form.SECTION_BY_SHORT}


def _fold(key: str) -> None:
    address.put(fold=None if st.session_state[key] else "0")


def _tables(view: Judged, finding: Finding | None, fold: bool, tools: Callable[[str], None] | None) -> None:
    lit = evidence.addresses(finding) if finding else frozenset()
    for key in (evidence.touched_tables(finding) if finding else []) or ["t2", "t3", "t4"]:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.header(form.TABLE_NAMES[key], anchor=False, width="content")
            if tools is not None:
                tools(key)
        table = view.report.table(key)
        if table is None:
            st.write("报告中没有这张表。")
        elif not table.grids:
            shell.say(text("这张表在报告中，但未能识别，不作判断。请看原件。"), "note-line")
        else:
            show(tables.official(table, lit, fold))
            show(tables.legend(table, lit))
