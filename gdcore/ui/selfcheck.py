"""The parts of 自查: what is to be checked, how far the check is, and one file's result as the report's page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from gdcore import form, profile, summary
from gdcore.checking import Checked
from gdcore.exports import csv, printable
from gdcore.lifecycle import FINDING
from gdcore.report import Report
from gdcore.scoring import Scheme, Score
from gdcore.selfcheck import CHECKED, FileResult, Terms
from gdcore.selfworker import MOST_FILES, Answer, Order, Run, Step
from gdcore.store.rows import FindingRow
from gdcore.ui import actions, address, download, evidence, grids, inbox, proofs, query, scorecard, shell
from gdcore.ui.html import Html, el, join, md, show, text
from gdcore.ui.words import number, tag
from gdcore.verdict import Outcome

PAGE = "selfcheck"
MOST_MB = 200  # all files of a check together: they stand in memory
_POLL_SECONDS = 1.0
_RUN = "selfcheck_run"
_ROUND = "selfcheck_round"
_MB = 1024**2
_FORM_PX = 860


# --- what is to be checked --------------------------------------------------------------------------------------------


def ask() -> None:
    """Files, last year's reports, year and profile; the button starts the check."""
    with st.container(width=_FORM_PX):
        _ask(st.session_state.get(_ROUND, 0))


def _ask(number: int) -> None:
    files = st.file_uploader(
        "报告文件",
        accept_multiple_files=True,
        help="Word、WPS、PDF、OFD、网页、文本、图片或 ZIP；按内容辨认格式，不看扩展名",
        key=f"selfcheck_files_{number}",
    )
    with st.expander("上年报告（选填）", key="selfcheck_more"):
        st.caption("放入上一年度的报告，才能核对结转、存量和与上年雷同。")
        priors = st.file_uploader("上年报告", accept_multiple_files=True, key=f"selfcheck_priors_{number}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        year, name = inbox.year_due(PAGE), inbox.terms(PAGE)
    problem = _too_much([*files, *priors], len(files))
    if problem:
        st.error(problem)
    elif files and st.button(
        f"开始自查（{len(files)} 份）", type="primary", icon=":material/play_arrow:", key="selfcheck_start"
    ):
        _start(files, priors, year, name)


def _too_much(files: Sequence[Any], count: int) -> str:
    if count > MOST_FILES:
        return f"一次最多自查 {MOST_FILES} 份，现有 {count} 份。请分批自查。"
    size = sum(file.size for file in files) / _MB
    return f"文件共 {size:.0f} MB，一次最多 {MOST_MB} MB。请分批自查。" if size > MOST_MB else ""


def _start(files: Sequence[Any], priors: Sequence[Any], year: int | None, name: str) -> None:
    """Begin, in place of what was checked before; the drop zones are emptied, since the check has the files now."""
    settings = query.store().settings
    terms = Terms(profile.load(name, settings), query.scheme(), year)
    given = [tuple((file.name, file.getvalue()) for file in each) for each in (files, priors)]
    clear()
    st.session_state[_RUN] = Run(Order(given[0], given[1], terms, settings.workers))
    st.rerun()


def run() -> Run | None:
    """The check of this session: under way, done or failed."""
    found: Run | None = st.session_state.get(_RUN)
    return found


def clear() -> None:
    """Forget files and results; a check under way is stopped."""
    going: Run | None = st.session_state.pop(_RUN, None)
    if going is not None:
        going.stop()
    address.clear("file", "finding", "view")
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


# --- how far it is ----------------------------------------------------------------------------------------------------


def watch(going: Run) -> None:
    """The progress of a check; the whole page is shown anew when it is done."""
    st.fragment(_progress, run_every=_POLL_SECONDS)(going)


def _progress(going: Run) -> None:
    if not going.running:
        st.rerun()
    with st.container(border=True, width=_FORM_PX, key="selfcheck_progress"):
        show(el("p", el("b", "正在自查"), class_="say"))
        step = going.step
        st.progress(_share(step), text=md(f"{_status(step, going.waiting)} · 已用 {inbox.duration(going.seconds)}"))
        st.caption("扫描件每页约需数秒。可以离开本页，自查会继续；关闭浏览器后结果不再保留。")
        st.button("停止", icon=":material/stop:", key="selfcheck_stop", on_click=clear)


def _share(step: Step | None) -> float:
    return step.done / step.total if step and step.total else 0.0


def _status(step: Step | None, waiting: bool) -> str:
    if waiting:
        return "其他人正在自查，请稍候"
    if step is None:
        return "正在启动"
    if step.done < step.total:
        return f"第 {step.done + 1} 份，共 {step.total} 份 · 正在读取 {step.file}"
    return f"共 {step.total} 份，已全部读取 · 正在核查"


# --- what came out ----------------------------------------------------------------------------------------------------


def downloads(answer: Answer) -> None:
    """The findings of all files as CSV, and everything on sheets to be printed."""
    whole = [result for result in answer.results if _whole(result)]
    total = sum(len(r.checked.findings) for r in whole if r.checked)
    download.button(
        f"导出 CSV（{total} 条）",
        lambda: b"".join(csv.of_check(whole)),
        file_name="自查_问题清单.csv",
        mime=actions.CSV_TYPE,
        icon=":material/download:",
        disabled=not total,
        key="selfcheck_csv",
    )
    download.button(
        "可打印的结果",
        lambda: printable.of_check(answer.results),
        file_name="自查结果.html",
        mime="text/html; charset=utf-8",
        icon=":material/print:",
        key="selfcheck_print",
    )
    st.button("清除结果", icon=":material/delete:", key="selfcheck_clear", on_click=clear)


def unused(results: Iterable[FileResult]) -> None:
    """Last year's reports that could not be used, and why."""
    for result in results:
        words = f"上年报告 {result.file} 未能使用：{result.reason or ''}{result.remedy}"
        shell.say(text(words), "note-line amber")


def choose(results: Sequence[FileResult]) -> FileResult:
    """The file whose result is shown: the only one, or the row chosen."""
    if len(results) == 1:
        return results[0]
    numbers = [str(i) for i in range(1, len(results) + 1)]
    asked = address.get("file")
    first = numbers.index(asked) if asked in numbers else 0
    picked = st.dataframe(
        _listed(results),
        column_config=_listed_config(),
        hide_index=True,
        height=grids.height(len(results), 8),
        row_height=grids.ROW_PX,
        placeholder="—",
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [first], "columns": [], "cells": []}},
        key="selfcheck_results",
    )
    at = min(next(iter(picked.selection.rows), 0), len(results) - 1)
    if asked != numbers[at]:
        address.put(file=numbers[at], finding=None, view=None)
    return results[at]


def _listed(results: Sequence[FileResult]) -> pd.DataFrame:
    return pd.DataFrame([{"文件": r.file, **_line(r)} for r in results])


def _line(result: FileResult) -> dict[str, Any]:
    if not _whole(result):
        return {"结果": "未能核查"}
    assert result.checked is not None
    assert result.report is not None
    counts = summary.counts(result.checked.findings, {})
    identity = result.report.identity
    return {
        "结果": "已核查",
        "单位": identity.agency,
        "年度": str(identity.year or "—"),
        "得分": result.score.total if result.score else None,
        "错误": counts.errors,
        "警告": counts.warnings,
        "提示": counts.infos,
        "待核": counts.reviews,
    }


def _listed_config() -> dict[str, Any]:
    column = st.column_config
    count = column.NumberColumn(width=44)
    return {
        "文件": column.TextColumn(width=220),
        "结果": column.TextColumn(width=66),
        "单位": column.TextColumn(width=180),
        "年度": column.TextColumn(width=50),
        "得分": column.NumberColumn(width=50),
        **dict.fromkeys(("错误", "警告", "提示", "待核"), count),
    }


def _whole(result: FileResult) -> bool:
    """Whether the file was read as a report and checked."""
    return result.outcome == CHECKED and result.report is not None and result.checked is not None


# --- one file ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """A file's result in the shape of a report's page: no version, no decision, nothing of other agencies."""

    report_id: int
    report: Report
    score: Score
    outcomes: Mapping[str, Outcome]
    reasons: Mapping[str, str]
    findings: tuple[FindingRow, ...]
    prior_total: float | None = None


def case(number: int, checked: Checked, score: Score, scheme: Scheme, file: str) -> Case:
    """The result of the `number`th file."""
    identity, points = checked.report.identity, score.points()
    rows = tuple(
        FindingRow(
            finding=finding,
            state=FINDING.start,
            points=points.get(finding.fingerprint, 0),
            agency_key="",
            agency=identity.agency or "",
            year=identity.year or 0,
            version=1,
            file=file,
            report_id=number,
            bucket=bucket.key if (bucket := scheme.bucket_of(finding.rule)) else None,
            standing=summary.standing(finding, FINDING.start),
        )
        for finding in checked.findings
    )
    return Case(number, checked.report, score, checked.outcomes, checked.reasons, rows)


def result(number: int, chosen: FileResult) -> None:
    """One file told whole: whose it is, what stands, what is wrong and where."""
    if not _whole(chosen) or chosen.checked is None or chosen.score is None:
        show(el("p", tag("error", "未能核查"), " ", el("b", chosen.file), class_="say"))
        show(el("p", f"{chosen.reason or ''}{chosen.remedy}", class_="say"))
        return
    view = case(number, chosen.checked, chosen.score, query.scheme(), chosen.file)
    st.header(md(view.report.identity.agency or chosen.file), anchor=False)
    show(recognised(view.report, chosen.file))
    for assumption in view.report.assumptions:
        shell.say(text(f"读取时的假定：{assumption}。没有找到的内容列为待核。"), "note-line amber")
    if veto := scorecard.veto_line(view):
        show(veto)
    show(scorecard.score_line(view))
    show(_parts(view))
    with st.container(key="selfcheck_split"):
        left, right = st.columns([5, 8], gap="medium")
    with left:
        row = proofs.finding_list(view, PAGE, stated=False)
        proofs.unjudged(view, PAGE)
    with right:
        if row is not None:
            with st.container(border=True, key="selfcheck_card"):
                show(scorecard.card(row))
                shell.link("catalogue", "查看规则", "gavel", rule=row.finding.rule)
        proofs.shown(view, row, PAGE)


def _parts(view: Case) -> Html:
    """The nine words of the matrix for this report."""
    standings = [(row.finding, row.standing) for row in view.findings]
    titles = [name.replace(" ", "、") for name in grids.MATRIX_COLUMNS]
    return evidence.strip([word for word, _ in summary.words(view.report, standings)], titles)


def recognised(report: Report, file: str) -> Html:
    """Whose report the file was taken for, and where each of that was read."""
    identity = report.identity
    kind = form.AGENCY_TYPE_NAMES[identity.agency_type] if identity.agency_type else None
    told = {
        "单位": (identity.agency, "agency"),
        "年度": (f"{identity.year} 年" if identity.year else None, "year"),
        "类型": (kind, "agency_type"),
        "公开日期": (str(identity.published) if identity.published else None, "published"),
    }
    pieces = [_told(name, value, identity.sources.get(key, "")) for name, (value, key) in told.items()]
    return el("p", text(f"文件 {file}"), " · ", join(pieces, " · "), class_="say")


def _told(name: str, value: str | None, source: str) -> Html:
    if value is None:
        return join([f"{name} ", el("span", "未识别", class_="swatch unread")])
    return join([f"{name} ", el("b", value), el("span", f"（{source}）", class_="muted") if source else ""])


def counted(results: Sequence[FileResult]) -> Html:
    """How the whole check went, in one line."""
    done = [r for r in results if _whole(r)]
    found = Counter[str]()
    for each in done:
        counts = summary.counts(each.checked.findings if each.checked else (), {})
        found += Counter({"错误": counts.errors, "警告": counts.warnings, "提示": counts.infos, "待核": counts.reviews})
    pieces: list[object] = [join([el("b", f"{len(done)} 份"), " 已核查"])]
    pieces += [f"{len(results) - len(done)} 份未能核查"] if len(done) < len(results) else []
    pieces += [f"{name} {number(found[name])}" for name in ("错误", "警告", "提示", "待核")]
    return join(pieces, " · ")
