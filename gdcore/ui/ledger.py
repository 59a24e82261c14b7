"""The parts of 整改台账: figures, the grid by deadline, one line told whole, the workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from gdcore import wording
from gdcore.exports import ledger as export
from gdcore.exports import workbook
from gdcore.lifecycle import FINDING, LEDGER, OPEN
from gdcore.rules import CATALOGUE
from gdcore.store.rows import DecisionRow, LedgerFigures, LedgerFilter, LedgerRow
from gdcore.ui import asking, download, person, query
from gdcore.ui.html import Html, el, show
from gdcore.ui.scorecard import basis, definitions
from gdcore.ui.words import LOOKS, day, due_word, minute, number, short_name, tag
from gdcore.workdays import Calendar

SOON_DAYS = 3  # working days
DUES = ("overdue", "soon")
_ALWAYS = (
    "confirmed",
    "issued",
    "correcting",
    "corrected",
    "closed",
)  # states of the strip, others where there are any
_LATE, _TODAY = "color: #9B1C15; font-weight: 700", "color: #7F4A00; font-weight: 600"


def filter_of(year: int, today: date, **wanted: Any) -> LedgerFilter:
    """What is asked for, with the last day that is soon."""
    return LedgerFilter(year, today, query.calendar().after(today, SOON_DAYS), **wanted)


def states(seen: LedgerFigures, chosen: str) -> list[str]:
    """The states to choose from, with "" for all."""
    return ["", *(s for s in LEDGER if s in _ALWAYS or seen.states.get(s) or s == chosen)]


def figures(seen: LedgerFigures, today: date) -> None:
    """The five figures of the year: what is overdue, what soon will be, what can be closed, what came back, what is done."""
    late = f"最长 {(today - seen.earliest).days} 天" if seen.earliest else None
    closed = None if seen.closed_share is None else f"{seen.states.get('closed', 0)} / {seen.issued} 条"
    rate = "—" if seen.closed_share is None else f"{number(seen.closed_share * 100)}%"  # 1/8 is 12.5 and not 12
    with st.container(key="ledger_kpi"):
        with st.container(key="ledger_late" if seen.overdue else "ledger_none_late"):
            _figure("已逾期", f"{seen.overdue} 条", late, f"涉及 {seen.overdue_agencies} 家")
        _figure(
            f"{SOON_DAYS} 个工作日内到期", f"{seen.soon} 条", f"涉及 {seen.soon_agencies} 家" if seen.soon else None
        )
        waiting = seen.states.get("corrected", 0)
        _figure("待核验销号", f"{waiting} 条", None, "新版本中已消失，或已提交核验")
        again = seen.states.get("reappeared", 0)
        _figure("重现", f"{again} 条", "须再下发" if again else None, "核验或销号后，新版本中又有")
        _figure("销号率", rate, closed, "已销号，占曾下发的问题")


def _figure(name: str, value: str, below: str | None, told: str | None = None) -> None:
    st.metric(name, value, below, delta_color="off", delta_arrow="off", border=True, height="stretch", help=told)


# --- the grid ---------------------------------------------------------------------------------------------------------


def grid(rows: Sequence[LedgerRow], area: str, buckets: Mapping[str, str], today: date) -> Styler:
    """Lines of the 整改台账, the nearest deadline first."""
    calendar = query.calendar()
    frame = pd.DataFrame([_line(row, area, buckets, today, calendar) for row in rows])
    ink = {f"{look.glyph} {look.word}": look.ink for look in (LOOKS["error"], LOOKS["warning"], LOOKS["info"])}
    return frame.style.map(lambda w: f"color: {ink.get(w, '')}", subset=["级别"]).map(_due_colour, subset=["剩余天数"])


def _line(row: LedgerRow, area: str, buckets: Mapping[str, str], today: date, calendar: Calendar) -> dict[str, Any]:
    look = LOOKS[row.severity]
    return {
        "单位": short_name(row.agency, area),
        "剩余天数": left(row, today, calendar),
        "整改时限": due(row.due, today),
        "级别": f"{look.glyph} {look.word}",
        "类别": buckets.get(row.bucket or "", "—"),
        "问题描述": row.message,
        "位置": wording.describe(row.address),
        "责任人": row.responsible,
        "状态": FINDING.names[row.state],
        "整改情况": export.situation(row),
    }


def left(row: LedgerRow, today: date, calendar: Calendar) -> str | None:
    """What is left, where an agency still owes something."""
    return due_word(row.due, today, calendar) if row.due and row.state in OPEN else None


def due(moment: date | None, today: date) -> str | None:
    """A deadline, with its year where it is another one."""
    if moment is None:
        return None
    return day(moment) if moment.year == today.year else f"{moment.year}年{day(moment)}"


def _due_colour(words: object) -> str:
    told = str(words)
    return _LATE if told.startswith("已逾期") else _TODAY if told == "今天到期" else ""


def config() -> dict[str, Any]:
    """Widths of the grid."""
    text = st.column_config.TextColumn
    return {
        "单位": text(width=92),
        "剩余天数": text(width=92),
        "整改时限": text(width=66),
        "级别": text(width=56),
        "类别": text(width=66),
        "问题描述": text(width=140),
        "位置": text(width=80),
        "责任人": text(width=52),
        "状态": text(width=74),
        "整改情况": text(width=70),
    }


def notes(rows: Iterable[LedgerRow]) -> None:
    """Where working days are not certain."""
    calendar = query.calendar()
    years = {row.due.year for row in rows if row.due and row.state in OPEN}
    for year in sorted(year for year in years if not calendar.knows(year)):
        st.caption(f"{asking.holidays_unknown(year)}。")


# --- one line ---------------------------------------------------------------------------------------------------------


def detail(row: LedgerRow, today: date) -> None:
    """One line told whole, with what was done about it."""
    with st.container(border=True, key="ledger_detail"):
        rule = CATALOGUE.get(row.rule)
        name = rule.name if rule else ""
        show(el("p", tag(row.severity), f"{row.rule} {name} · {row.agency}", class_="card-title"))
        told: list[tuple[str, object]] = [("说明", row.message)]
        told += [(word, el("b", value)) for word, value in (("原文", row.found), ("应为", row.expected)) if value]
        told += [("位置", wording.describe(row.address)), ("依据", basis(rule)), ("要求", row.demand or row.suggestion)]
        show(definitions([*told, *laid_down(row, today)]))
        record(row.fingerprint, "ledger_record")


def handled(fingerprint: str) -> None:
    """What was laid down about a finding, where anything was."""
    row = query.lines((fingerprint,)).get(fingerprint)
    if row is not None:
        show(definitions(laid_down(row, date.today())))


def laid_down(row: LedgerRow, today: date) -> list[tuple[str, object]]:
    """What the office laid down about a finding: state, deadline, who, what was done, on which evidence."""
    state = FINDING.names[row.state]
    if row.state != FINDING.start and not row.present:
        state += "（现行版本中已没有这条问题）"
    told: list[tuple[str, object]] = [("状态", f"{state} · {row.actor} · {minute(row.decided_at)}")]
    rest = left(row, today, query.calendar())
    waiver = f"{row.waiver_by} 申请豁免至 {day(row.waiver_until)}" if row.state == "waiver_requested" else None
    waived = (
        f"豁免至 {day(row.waiver_until)}（{row.waiver_by} 申请，{row.actor} 批准）" if row.state == "waived" else None
    )
    checked = f"{row.verified_by} · {minute(row.finished_at)}" if row.verified_by else None
    for word, value in (
        ("时限", " · ".join(filter(None, (due(row.due, today), rest)))),
        ("责任人", row.responsible),
        ("情况", export.situation(row)),
        ("凭据", row.evidence),
        ("核验", checked),
        ("豁免", waiver or waived),
        ("理由", row.reason if row.reason != row.progress else None),
        ("说明", row.note),
        ("备注", row.remark),
    ):
        if value:
            told.append((word, value))
    return told


def record(fingerprint: str, key: str) -> None:
    """What was done about a finding, newest first, where anything was."""
    decisions = query.history(fingerprint)
    if decisions:
        with st.popover(f"办理记录 {len(decisions)}", icon=":material/history:", type="tertiary", key=key):
            show(_history(reversed(decisions)))


def _history(decisions: Iterable[DecisionRow]) -> Html:
    rows = [
        el(
            "tr",
            el("td", minute(each.at), class_="w"),
            el("td", _step(each), class_="w"),
            el("td", each.actor, class_="w"),
            el("td", "；".join(filter(None, (each.reason, each.note)))),
        )
        for each in decisions
    ]
    return el("table", el("tbody", *rows), class_="list")


def _step(each: DecisionRow) -> str:
    names = FINDING.names
    return names[each.state] if each.before == each.state else f"{names[each.before]} → {names[each.state]}"


# --- the workbook -----------------------------------------------------------------------------------------------------


def export_button(wanted: LedgerFilter, total: int) -> None:
    """Download the lines of the filter; the file is made when the button is pressed."""
    buckets = {bucket.key: bucket.name for bucket in query.scheme().buckets}
    download.button(
        f"导出 XLSX（{total} 条）",
        person.later(lambda: b"".join(export.pieces(query.iter_ledger(wanted), wanted.year, buckets))),
        file_name=f"整改台账_{wanted.year}.xlsx",
        mime=workbook.MIME,
        icon=":material/download:",
        disabled=not total,
        key="ledger_xlsx",
    )
