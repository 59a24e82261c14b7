"""The charts of the pages: each returns what was clicked, for the list behind it, and has its figures as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from gdcore.rules import CATALOGUE
from gdcore.store.rows import FaultRow, TrendRow
from gdcore.ui.html import Html, el, show
from gdcore.ui.words import LOOKS, number, tag

_BAR, _TRACK, _INK, _MUTED, _NOW = "#5C7F9F", "#E3E8EC", "#33414E", "#4A5661", "#1F5A8F"
_FONT = {"color": _INK, "size": 13}
_BAND_PX, _FAULT_PX, _PANEL_PX = 34, 38, 92
_NAME_CHARS = 15  # of a fault's name beside its count on a telephone; the table tells it whole
_THICK, _ROW = 0.56, 0.98  # of a row: the bar, and what can be clicked
_CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
_FROZEN = {"fixedrange": True, "zeroline": False, "showgrid": False}


def bands(counts: Sequence[tuple[str, float, int]], full: float) -> float | None:
    """How many agencies reached which band, best on top: (name, lower bound, agencies). The lower bound clicked."""
    bounds = [full, *(bound for _, bound, _ in counts)]
    labels = [
        f"{name.split('（')[0]} {bound:.0f}–{upper if upper == full else upper - 1:.0f}"
        for (name, bound, _), upper in zip(counts, bounds, strict=False)
    ]
    numbers = [n for *_, n in counts]
    told = [f"{n} 家" for n in numbers]
    traces = _bars(numbers, _THICK) | {"y": labels, "text": told, "textposition": "outside", "textfont": _FONT}
    ticks = {"automargin": True, "tickfont": _FONT, "ticksuffix": " "}
    layout = _layout(_BAND_PX * len(counts), numbers, ticks)
    _title("得分分布", "overview_bands_table", ("等次", "单位"), list(zip(labels, told, strict=True)))
    at = _drawn([_rows(numbers) | {"y": labels}, traces], layout, "overview_bands", "得分分布：", labels, told)
    return None if at is None else counts[at][1]


def faults(rows: Sequence[FaultRow]) -> str | None:
    """The commonest faults, by how many of the agencies that filed they stand against. The rule clicked."""
    names = [CATALOGUE[r.rule].name if r.rule in CATALOGUE else r.rule for r in rows]
    labels = [f"{LOOKS[r.severity].glyph} {r.rule} {_cut(name)}" for r, name in zip(rows, names, strict=True)]
    told = [f"{r.agencies} 家" for r in rows]
    lines = [
        (tag(r.severity), r.rule, name, f"{r.agencies} 家", f"{r.share:.0%}")
        for r, name in zip(rows, names, strict=True)
    ]
    _title("最多见的问题", "overview_faults_table", ("级别", "规则", "问题", "涉及单位", "占已报单位"), lines)
    shares = [r.share for r in rows]
    places = list(range(len(rows)))
    thin = _bars(shares, 0.2) | {"y": places, "offset": 0.12}
    track = _bars([1.0] * len(rows), 0.2) | {"y": places, "offset": 0.12, "marker": {"color": _TRACK}}
    layout = _layout(_FAULT_PX * len(rows), [], {"visible": False}) | {"annotations": _captions(rows, labels, told)}
    layout["xaxis"] |= {"range": [0, 1]}
    at = _drawn(
        [_rows(shares, 1.0) | {"y": places}, track, thin], layout, "overview_faults", "最多见的问题：", labels, told
    )
    return None if at is None else rows[at].rule


def _cut(name: str) -> str:
    return name if len(name) <= _NAME_CHARS else name[:_NAME_CHARS] + "…"


def _captions(rows: Sequence[FaultRow], labels: Sequence[str], told: Sequence[str]) -> list[dict[str, Any]]:
    """What each bar means, above it: at the left the fault, at the right how many."""
    common = {"xref": "paper", "yref": "y", "yshift": 5, "showarrow": False}
    left = [
        common | {"x": 0, "xanchor": "left", "y": i, "text": label, "font": _FONT | {"color": LOOKS[r.severity].ink}}
        for i, (r, label) in enumerate(zip(rows, labels, strict=True))
    ]
    right = [
        common | {"x": 1, "xanchor": "right", "y": i, "text": words, "font": _FONT} for i, words in enumerate(told)
    ]
    return left + right


# --- years ------------------------------------------------------------------------------------------------------------

_PANELS = ("已报送（家）", "平均分", "每份错误（条）")
FILED, AVERAGE, ERRORS = range(3)
_TITLE = 0.18  # of a panel's height
_ABOVE, _BELOW = 0.7, 0.25  # of the range of its values: room for what is written above a point, and to click it


def trend(rows: Sequence[TrendRow], year: int) -> tuple[int, int] | None:
    """Years side by side, one panel a figure: FILED, AVERAGE, ERRORS. The panel and the year clicked.

    A year without reports is a gap.
    """
    known = {row.year: row for row in rows}
    years = list(range(rows[0].year, rows[-1].year + 1))
    values = [[_figure(known.get(each), panel) for each in years] for panel in range(len(_PANELS))]
    traces = [_panel(panel, years, found, year) for panel, found in enumerate(values)]
    layout = _years_layout(years, values)
    told = [f"{r.year} 年 {r.filed} 家，平均分 {number(r.average)}，每份错误 {number(r.errors)} 条" for r in rows]
    lines = [(str(r.year), f"{r.filed} 家", number(r.average), f"{number(r.errors)} 条") for r in reversed(rows)]
    _title("历年", "overview_trend_table", ("年度", "已报送", "平均分", "每份错误"), lines)
    picked = _picked(traces, layout, "overview_trend", "历年：" + "；".join(told))
    return None if picked is None else (int(picked["curve_number"]), years[int(picked["point_index"])])


def _figure(row: TrendRow | None, panel: int) -> float | None:
    return None if row is None else (row.filed, row.average, row.errors)[panel]


def _panel(panel: int, years: Sequence[int], values: Sequence[float | None], now: int) -> dict[str, Any]:
    axis = "" if panel == 0 else str(panel + 1)
    colours = [_NOW if each == now else _BAR for each in years]
    told = ["" if value is None else number(value) for value in values]
    common = {
        "x": list(years),
        "y": list(values),
        "text": told,
        "textfont": _FONT,
        "hoverinfo": "none",
        "yaxis": f"y{axis}",
    }
    if panel == FILED:
        return common | {"type": "bar", "marker": {"color": colours}, "width": 0.5, "textposition": "outside"} | _STILL
    dots = {"color": colours, "size": 9}
    line = {"mode": "lines+markers+text", "line": {"color": _BAR, "width": 2}, "textposition": "top center"}
    return common | {"type": "scatter", "marker": dots, "cliponaxis": False} | line | _STILL_DOTS


def _years_layout(years: Sequence[int], values: Sequence[Sequence[float | None]]) -> dict[str, Any]:
    share = 1 / len(_PANELS)
    layout: dict[str, Any] = {
        "height": _PANEL_PX * len(_PANELS) + 26,
        "margin": {"l": 0, "r": 0, "t": 4, "b": 22},
        "showlegend": False,
        "xaxis": _FROZEN
        | {"tickvals": list(years), "ticktext": [str(y) for y in years], "tickfont": _FONT, "showline": False}
        | {"range": [years[0] - 0.6, years[-1] + 0.6], "anchor": f"y{len(_PANELS)}"},
        "annotations": [
            {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "y": 1 - i * share, "yanchor": "top"}
            | {"text": name, "showarrow": False, "font": {"color": _MUTED, "size": 13}}
            for i, name in enumerate(_PANELS)
        ],
    }
    for panel, found in enumerate(values):
        top = 1 - panel * share
        known = [value for value in found if value is not None]
        low = 0.0 if panel != AVERAGE else min([*known, 100.0]) - 2
        high = max([*known, low + 1])
        layout[f"yaxis{'' if panel == 0 else panel + 1}"] = _FROZEN | {
            "visible": False,
            "domain": [top - share + 0.02, top - _TITLE * share],
            "range": [low - (high - low) * (0 if panel == FILED else _BELOW), high + (high - low) * _ABOVE],
        }
    return layout


# --- what all of them share -------------------------------------------------------------------------------------------

_ALL = {"marker": {"opacity": 1}}
_STILL = {"selected": _ALL, "unselected": _ALL, "cliponaxis": False}  # a click leads away and marks nothing
_STILL_DOTS = {"selected": _ALL, "unselected": _ALL}


def _bars(values: Sequence[float], width: float) -> dict[str, Any]:
    bar = {"type": "bar", "orientation": "h", "x": list(values), "width": width, "marker": {"color": _BAR}}
    return bar | {"hoverinfo": "none"} | _STILL


def _rows(values: Sequence[float], top: float | None = None) -> dict[str, Any]:
    """Unseen bars as wide as the chart, so that a short bar or none can be clicked as well."""
    reach = top if top is not None else _reach(values)
    return _bars([reach] * len(values), _ROW) | {"opacity": 0}


def _reach(values: Sequence[float]) -> float:
    return max([*values, 1]) * 1.2


def _layout(height: int, values: Sequence[float], labels: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "height": height + 8,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "barmode": "overlay",
        "showlegend": False,
        "xaxis": _FROZEN | {"visible": False, "range": [0, _reach(values)]},
        "yaxis": {**_FROZEN, "autorange": "reversed", **labels},
    }


def _drawn(
    traces: Sequence[dict[str, Any]],
    layout: dict[str, Any],
    key: str,
    title: str,
    labels: Sequence[str],
    told: Sequence[str],
) -> int | None:
    """The row that was clicked."""
    alt = title + "，".join(f"{label} {words}" for label, words in zip(labels, told, strict=True))
    picked = _picked(traces, layout, key, alt)
    return None if picked is None else int(picked["point_index"])


def _picked(traces: Sequence[dict[str, Any]], layout: dict[str, Any], key: str, alt: str) -> Mapping[str, Any] | None:
    state: Any = st.plotly_chart(
        {"data": list(traces), "layout": layout},
        config=_CONFIG,
        alt=alt,
        key=key,
        on_select="rerun",
        selection_mode="points",
    )
    points: Sequence[Mapping[str, Any]] = state.selection.points
    return points[0] if points else None


def _title(title: str, key: str, heads: Sequence[str], lines: Sequence[Sequence[object]]) -> None:
    """The heading of a chart, and its figures at a click."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.header(title, anchor=False, width="content")
        with st.popover("数据表", icon=":material/table:", type="tertiary", key=key):
            show(table(heads, lines))


def table(heads: Sequence[str], lines: Sequence[Sequence[object]]) -> Html:
    """A plain table of HTML."""
    rows = [el("tr", *(el("td", value) for value in line)) for line in lines]
    return el("table", el("thead", el("tr", *(el("th", h) for h in heads))), el("tbody", *rows), class_="list")
