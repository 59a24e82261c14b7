"""The parts of 比对 · 相似报告: pairs of look-alike reports of a year, and the two texts of one pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from gdcore import form, likeness, sharing
from gdcore.lifecycle import FINDING
from gdcore.roles import Action
from gdcore.store.rows import AlikeRow, AlikeYear, FindingFilter, FindingRow, ReportView
from gdcore.ui import address, beside, grids, person, query, shell
from gdcore.ui.beside import Labels
from gdcore.ui.html import el, join, md, show, text
from gdcore.ui.words import short_name, tag

# Pairs from this share of alike text on are listed: below the share that makes a finding, so that a person may look.
LISTED = 0.7
_PEERS, _PRIOR = "QUA-02", "YOY-09"  # the rules that tell of copies: from others, from last year
_SECTIONS = ("s1", "s5")
_MOST = 500  # findings of one of these rules that are looked up


def pairs(year: int, area: str, scope: str | None) -> None:
    """The pairs of a year as a list, the chosen pair below it, and those like their own last year's report.

    Where there are many agencies they are those of the scope of the sidebar.
    """
    if query.many() and (scope is None or query.many(scope)):
        st.write(f"单位超过 {query.MANY} 家，请先在左侧的“范围”中选一个地区，再比较其中的单位。")
        return
    found = query.alike(year, LISTED, scope if query.many() else None)
    told = _told(_PEERS, year)
    _summary(found)
    if found.pairs:
        _list(found.pairs, told, area)
    chosen = _chosen(found.pairs)
    if chosen:
        _side_by_side(*chosen, year, told)
    _like_last_year(year)


def _told(rule: str, year: int) -> Sequence[FindingRow]:
    return query.findings(FindingFilter(year=year, rules=(rule,)), size=_MOST).rows


def _summary(found: AlikeYear) -> None:
    st.header("单位之间", anchor=False)
    if found.compared < 2:
        st.write("本年度可以比较的报告不足两份，上传后即可比对。")
        if person.may(Action.UPLOAD) and st.button("上传报告", icon=":material/upload_file:", key="comparison_upload"):
            shell.go("intake")
        return
    count = f"{len(found.pairs)} 对" if found.pairs else "没有相似的报告"
    shell.say(join([el("b", count), f"已比较 {found.compared} 份报告"], " · "))
    st.caption(
        f"列出总体情况或问题部分相似度达到 {LISTED:.0%} 的。数字、年份、名称、法定用语和例行表述不计；是否照搬由人判断。"
    )
    if found.template:
        names = "、".join(found.template)
        say = f"{len(found.template)} 家的正文多是各家都有的文字，可能是本地统一的模板，模板部分不作为相似：{names}"
        shell.say(text(say), "note-line")
    if found.more:
        shell.say(text("相近的报告很多，只比较了最相近的一部分。"), "note-line amber")


def _list(rows: Sequence[AlikeRow], told: Sequence[FindingRow], area: str) -> None:
    frame = pd.DataFrame(
        [
            {
                "单位": short_name(row.left, area),
                "相似单位": short_name(row.right, area),
                "总体情况": _percent(row.overview),
                "问题及改进": _percent(row.problems),
                "核查结论": "、".join(_conclusions(row.left_key, row.right_key, row.left, row.right, told)) or "—",
            }
            for row in rows
        ]
    )
    key = f"comparison_pairs_{len(rows)}"
    st.dataframe(
        frame,
        column_config=_CONFIG,
        hide_index=True,
        height=grids.height(len(rows), 10),
        row_height=grids.ROW_PX,
        on_select=lambda: _choose(key, rows),
        selection_mode="single-row",
        key=key,
    )
    st.caption("选中一行，下面并排显示两份报告的文字。")


_CONFIG: Mapping[str, Any] = {
    "单位": st.column_config.TextColumn(width=190),
    "相似单位": st.column_config.TextColumn(width=190),
    "总体情况": st.column_config.TextColumn(width=76, alignment="right"),
    "问题及改进": st.column_config.TextColumn(width=76, alignment="right"),
    "核查结论": st.column_config.TextColumn(width=170),
}


def _percent(share: float | None) -> str:
    return "文字太少" if share is None else f"{share:.0%}"


def _choose(key: str, rows: Sequence[AlikeRow]) -> None:
    picked = st.session_state[key].selection.rows
    if picked:
        row = rows[picked[0]]
        address.put(left=row.left_key, right=row.right_key)


def _conclusions(
    left_key: str, right_key: str, left: str, right: str, told: Sequence[FindingRow]
) -> dict[str, FindingRow]:
    """What the rule told of the pair on either side, in words: it names the most alike only."""
    named = ((left_key, right), (right_key, left))
    rows = [row for row in told if any(row.agency_key == key and name in row.finding.message for key, name in named)]
    return {f"{row.finding.rule} {FINDING.names.get(row.state, row.state)}": row for row in rows}


def _chosen(rows: Sequence[AlikeRow]) -> tuple[str, str] | None:
    """The pair of the address, else the most alike."""
    asked = address.get("left"), address.get("right")
    if all(asked):
        return asked
    return (rows[0].left_key, rows[0].right_key) if rows else None


def _side_by_side(left_key: str, right_key: str, year: int, told: Sequence[FindingRow]) -> None:
    left, right = query.report_view(left_key, year), query.report_view(right_key, year)
    if left is None or right is None:
        st.write("找不到这一对报告，可能已被替换或删除。")
        return
    st.header(md(f"{left.agency} 与 {right.agency}"), anchor=False)
    with st.container(horizontal=True):
        for view in (left, right):
            shell.link("report", f"打开{view.agency}", "article", agency=view.agency_key, view="prose")
        for words, row in _conclusions(left_key, right_key, left.agency, right.agency, told).items():
            shell.link("report", words, "fact_check", agency=row.agency_key, finding=row.fingerprint)
    names = {part for view in (left, right) for name in _names(view) for part in likeness.names_in(name)}
    for key in _SECTIONS:
        sides = [[p.text for p in view.report.section(key).paragraphs] for view in (left, right)]
        heading = form.SECTION_BY_SHORT[key].heading
        heads = Labels(*(f"{view.agency} · {heading}" for view in (left, right)))
        show(beside.shared(heads, sharing.shared(sides[0], sides[1], names)))
    mark, number = el("mark", "两份都有的文字", class_="shared"), el("sup", "1")
    rest = "标题、法定用语、文件名称和例行表述各家都要写，不标。"
    show(el("p", el("span", mark), el("span", number, " 编号相同的句子相互对应"), el("span", rest), class_="legend"))


def _names(view: ReportView) -> list[str]:
    return [name for name in (view.agency, view.report.identity.agency) if name]


def _like_last_year(year: int) -> None:
    st.header("与本单位上年", anchor=False)
    rows = _told(_PRIOR, year)
    if not rows:
        st.write("没有正文与上年高度相似的报告。")
    for row in rows:
        with st.container(horizontal=True, gap="small", key=f"comparison_copy_{row.fingerprint}"):
            show(tag(row.level) if row.standing else tag("not_evaluated", FINDING.names.get(row.state)), width=86)
            # A link to the page that is open would leave the address bar as it is (streamlit 1.67).
            st.button(
                md(f"{row.agency}：相似度 {row.finding.found}"),
                icon=":material/compare_arrows:",
                type="tertiary",
                key=f"comparison_prior_{row.agency_key}",
                on_click=lambda key=row.agency_key: address.put(mode="prior", agency=key, left=None, right=None),
            )
