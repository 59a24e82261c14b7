"""The grids of the pages: rows of the store as data frames, with their columns, colours and widths."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from gdcore import wording
from gdcore.catalogue import Rule
from gdcore.form import AGENCY_TYPE_NAMES, AgencyType
from gdcore.lifecycle import FINDING
from gdcore.profile import Profile
from gdcore.rules import CATALOGUE
from gdcore.scoring import Scheme
from gdcore.store.progress import name_of
from gdcore.store.rows import AgencyRow, FilingRow, FindingRow, IntakeRow, MatrixRow
from gdcore.ui import deadlines
from gdcore.ui.words import (
    LOOKS,
    MATRIX_COLOURS,
    MINUS,
    band_word,
    day,
    number,
    severity_word,
    short_name,
)
from gdcore.verdict import OUTCOME_NAMES, Outcome

ROW_PX = 30
HEADER_PX = 34
MATRIX_COLUMNS = ("一 总体", "二 主动", "三 申请", "四 复议", "五 问题", "六 其他", "表二", "表三", "表四")
_MOST_ROWS = 20
_MOST_COLOURED = 200
_FAIL_BAND = "不合格"
_BAR_COLOUR = "#5C7F9F"
_ZERO = "color: #6B7783"


def height(rows: int, most: int = _MOST_ROWS) -> int:
    """The height that shows up to `most` rows whole."""
    return HEADER_PX + ROW_PX * min(max(rows, 1), most) + 2


# --- 总览 -------------------------------------------------------------------------------------------------------------


_LATE_COLOUR, _TODAY_COLOUR = "color: #9B1C15; font-weight: 700", "color: #7F4A00; font-weight: 600"


def matrix(rows: Sequence[MatrixRow], area: str, today: date) -> Styler:
    """Agencies by section and table, one word a cell; before them when the report came, or how long there is left."""
    frame = pd.DataFrame(
        [[short_name(r.agency, area), _filed(r, today), number(r.total), *(c.word for c in r.words)] for r in rows],
        columns=["单位", "报送", "得分", *MATRIX_COLUMNS],
    )
    return frame.style.map(_matrix_colour, subset=list(MATRIX_COLUMNS)).map(_due_colour, subset=["报送"])


def _filed(row: MatrixRow, today: date) -> str:
    return day(row.received_at) if row.report_id is not None else deadlines.owed(row.due, today) or "未报"


def _due_colour(words: object) -> str:
    told = str(words)
    return _LATE_COLOUR if told.startswith("逾期") else _TODAY_COLOUR if told.startswith("今天") else ""


def _matrix_colour(word: object) -> str:
    ink, ground = MATRIX_COLOURS.get(str(word), MATRIX_COLOURS["齐"])
    return f"color: {ink}; background-color: {ground}"


def matrix_config(rows: Sequence[MatrixRow]) -> dict[str, Any]:
    """Widths that fit a screen of 1024 px; a date is shorter than a deadline."""
    name, filed = (92, 102) if any(r.report_id is None for r in rows) else (126, 68)
    narrow = {name: st.column_config.TextColumn(width=56, alignment="center") for name in MATRIX_COLUMNS}
    told = "收到第一版的日期；未报送的，写明离报送截止日还有几个工作日或已逾期几天"
    return {
        "单位": st.column_config.TextColumn(width=name),
        "报送": st.column_config.TextColumn(width=filed, help=told),
        "得分": st.column_config.TextColumn(width=42, alignment="right"),
        **narrow,
    }


def unfiled(rows: Sequence[MatrixRow], area: str, today: date) -> Styler:
    """Agencies that have not filed: by when they are to, and how long that is."""
    frame = pd.DataFrame(
        [
            {
                "单位": short_name(r.agency, area),
                "类型": AGENCY_TYPE_NAMES[AgencyType(r.agency_type)] if r.agency_type else None,
                "报送截止": f"{r.due.year}年{day(r.due)}" if r.due else None,
                "期限": deadlines.owed(r.due, today) or None,
            }
            for r in rows
        ]
    )
    return frame.style.map(_due_colour, subset=["期限"])


def unfiled_config() -> dict[str, Any]:
    """Widths of the list of those that have not filed."""
    return {
        "单位": st.column_config.TextColumn(width=260),
        "类型": st.column_config.TextColumn(width=110),
        "报送截止": st.column_config.TextColumn(width=140, help="名录中单位自己的截止日，没有的用适用方案的"),
        "期限": st.column_config.TextColumn(width=120),
    }


# --- 单位 -------------------------------------------------------------------------------------------------------------

DISPLAYS = {"": "概要", "buckets": "六项得分", "counts": "问题数"}


def agencies(
    rows: Sequence[AgencyRow], area: str, scheme: Scheme, display: str, standing: Mapping[str, FilingRow]
) -> Styler | pd.DataFrame:
    """Agencies with their scores; `display` is a key of DISPLAYS, `standing` where their reports stand by agency key.

    A long list goes without colours: pandas takes longer for them than for all the rest.
    """
    frame = pd.DataFrame([_agency(r, area, scheme, name_of(standing.get(r.agency_key))) for r in rows])
    counts = [c for c in _COUNTS if c in frame]
    frame = frame.astype(dict.fromkeys(counts, "Int64"))
    frame = frame[
        _AGENCY_COLUMNS[display]
        if display != "buckets"
        else ["单位", "得分", "等次", *(b.name for b in scheme.buckets)]
    ]
    if len(frame) > _MOST_COLOURED:
        return frame
    styler = frame.style
    if "等次" in frame:
        styler = styler.map(lambda w: "color: #9B1C15; font-weight: 700" if w == _FAIL_BAND else "", subset=["等次"])
    shown: list[Hashable] = [c for c in _COUNTS if c in frame]
    return styler.map(lambda n: "" if n is pd.NA or n else _ZERO, subset=shown).format(
        na_rep="—", precision=0, subset=shown
    )


_COUNTS = ("错误", "警告", "提示", "待核")
_AGENCY_COLUMNS = {
    "": ["单位", "状态", "得分", "等次", "较上年", "主要问题", "错误", "警告", "待核", "六项得分率"],
    "counts": ["单位", "状态", "得分", "等次", "错误", "警告", "提示", "待核", "主要问题"],
}


def _agency(row: AgencyRow, area: str, scheme: Scheme, state: str) -> dict[str, Any]:
    filed = row.report_id is not None
    rates = dict(zip((b.name for b in scheme.buckets), row.bucket_rates, strict=False))
    shares = {b.name: rates[b.name] * b.cap if b.name in rates else None for b in scheme.buckets}
    return {
        "单位": short_name(row.agency, area),
        "状态": state,
        "得分": row.total,
        "等次": band_word(row.band),
        "较上年": _change(row.change_from_prior),
        "主要问题": [chip(code, level) for code, level in row.faults],
        "错误": row.errors if filed else None,
        "警告": row.warnings if filed else None,
        "提示": row.infos if filed else None,
        "待核": row.reviews if filed else None,
        "六项得分率": list(row.bucket_rates) or None,
        **shares,
    }


def _change(value: float | None) -> str:
    if value is None:
        return "—"
    return "0" if value == 0 else ("+" if value > 0 else MINUS) + number(abs(value))


def chip(code: str, level: str) -> str:
    """A rule as a short chip; what waits for a decision carries the sign of 待核."""
    name = CATALOGUE[code].short if code in CATALOGUE else code
    return f"{name}{LOOKS['review'].glyph}" if level == "review" else name


def agencies_config(rows: Sequence[AgencyRow], scheme: Scheme) -> dict[str, Any]:
    """Columns of the agency grid; chips take the colour of their level."""
    grounds = {chip(code, level): LOOKS[level].ground for r in rows for code, level in r.faults}
    count = st.column_config.NumberColumn(width=40)
    order = "、".join(b.name for b in scheme.buckets)
    buckets = {
        b.name: st.column_config.ProgressColumn(
            f"{b.name} {number(b.cap)}", width=96, min_value=0, max_value=b.cap, format="compact", color=_BAR_COLOUR
        )
        for b in scheme.buckets
    }
    return {
        "单位": st.column_config.TextColumn(width=116),
        "状态": st.column_config.TextColumn(width=74),
        "得分": st.column_config.ProgressColumn(
            width=80, min_value=0, max_value=scheme.full, format="compact", color=_BAR_COLOUR
        ),
        "等次": st.column_config.TextColumn(width=50),
        "较上年": st.column_config.TextColumn(width=52, alignment="right"),
        "主要问题": st.column_config.MultiselectColumn(
            width=104,
            options=list(grounds),
            color=list(grounds.values()),
            help="最重的在前；◇ 表示待核，由人判定后才算数",
        ),
        "错误": count,
        "警告": count,
        "提示": count,
        "待核": count,
        "六项得分率": st.column_config.BarChartColumn(
            width=78, y_min=0, y_max=1, color=_BAR_COLOUR, help=f"自左至右：{order}"
        ),
        **buckets,
    }


# --- 问题清单 ---------------------------------------------------------------------------------------------------------


def findings(rows: Sequence[FindingRow], area: str) -> Styler:
    """Findings, one a row; level by glyph and word, since a grid has no icons."""
    frame = pd.DataFrame(
        [
            {
                "级别": f"{(look := LOOKS[r.finding.severity.value]).glyph} {look.word}",
                "单位": short_name(r.agency, area),
                "规则": r.finding.rule,
                "位置": wording.describe(r.finding.address),
                "说明": r.finding.message,
                "结论": OUTCOME_NAMES[r.finding.outcome],
                "把握": r.finding.confidence,
                "状态": FINDING.names.get(r.state, r.state),
                "整改时限": day(r.due) if r.due else None,
            }
            for r in rows
        ]
    )
    ink = {f"{look.glyph} {look.word}": look.ink for look in (LOOKS["error"], LOOKS["warning"], LOOKS["info"])}
    review = OUTCOME_NAMES[Outcome.REVIEW]
    return frame.style.map(lambda w: f"color: {ink.get(w, '')}", subset=["级别"]).map(
        lambda w: f"color: {LOOKS['review'].ink}; font-weight: 600" if w == review else "", subset=["结论"]
    )


def findings_config() -> dict[str, Any]:
    """Widths of the finding grid."""
    text = st.column_config.TextColumn
    return {
        "级别": text(width=56),
        "单位": text(width=96),
        "规则": text(width=66),
        "位置": text(width=90),
        "说明": text(width=158),
        "结论": text(width=52),
        "把握": st.column_config.NumberColumn(width=46, format="percent", help="读取是否可靠，乘以规则本身是否可靠"),
        "状态": text(width=74),
        "整改时限": text(width=66),
    }


# --- 上传核查 ---------------------------------------------------------------------------------------------------------


def results(rows: Sequence[IntakeRow]) -> pd.DataFrame:
    """What a batch brought into the store."""
    return pd.DataFrame(
        [
            {
                "文件": r.file_name,
                "单位": r.agency or "—",
                "年度": str(r.year or "—"),
                "版本": f"第 {r.version} 版" if r.version else "—",
                "得分": r.total,
                "错误": r.errors,
                "警告": r.warnings,
                "待核": r.reviews,
                "变化": r.change or "—",
            }
            for r in rows
        ]
    )


def results_config() -> dict[str, Any]:
    """Columns of the batch's results."""
    count = st.column_config.NumberColumn(width=42)
    return {
        "文件": st.column_config.TextColumn(width=176),
        "单位": st.column_config.TextColumn(width=150),
        "年度": st.column_config.TextColumn(width=50),
        "版本": st.column_config.TextColumn(width=58),
        "得分": st.column_config.ProgressColumn(
            width=80, min_value=0, max_value=100, format="compact", color=_BAR_COLOUR
        ),
        "错误": count,
        "警告": count,
        "待核": count,
        "变化": st.column_config.TextColumn(width=100),
    }


# --- 规则目录 ---------------------------------------------------------------------------------------------------------


def rules(listed: Sequence[Rule], counts: Mapping[str, int], profile: Profile, scheme: Scheme) -> Styler:
    """Rules with their level, bucket, findings of the year, and whether the profile has them on."""
    frame = pd.DataFrame(
        [
            {
                "规则": rule.code,
                "名称": rule.name,
                "级别": severity_word(profile.severity(rule.code, rule.severity)),
                "类别": bucket.name if (bucket := scheme.bucket_of(rule.code)) else "—",
                "本年": counts.get(rule.code, 0),
                "启用": profile.enabled(rule.code),
            }
            for rule in listed
        ]
    )
    return frame.style.map(lambda n: _ZERO if n == 0 else "", subset=["本年"])


def rules_config(year: int) -> dict[str, Any]:
    """Widths of the catalogue's list."""
    return {
        "规则": st.column_config.TextColumn(width=76),
        "名称": st.column_config.TextColumn(width=168),
        "级别": st.column_config.TextColumn(width=46),
        "类别": st.column_config.TextColumn(width=70),
        "本年": st.column_config.NumberColumn(width=50, help=f"{year} 年度的问题条数"),
        "启用": st.column_config.CheckboxColumn(width=50, help="由适用方案决定"),
    }
