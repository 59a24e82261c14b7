"""The one chart of the pages: how many agencies reached which band."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

_BAR_COLOUR, _INK = "#5C7F9F", "#33414E"
_BAR_PX = 34


def bands(counts: Sequence[tuple[str, float, int]], full: float) -> None:
    """Horizontal bars, best band on top: (name, lower bound, agencies)."""
    bounds = [full, *(bound for _, bound, _ in counts)]
    labels = [
        f"{name.split('（')[0]} {bound:.0f}–{upper if upper == full else upper - 1:.0f}"
        for (name, bound, _), upper in zip(counts, bounds, strict=False)
    ]
    numbers = [n for *_, n in counts]
    ink = {"color": _INK, "size": 13}
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": numbers,
        "y": labels,
        "text": [f"{n} 家" for n in numbers],
        "textposition": "outside",
        "textfont": ink,
        "cliponaxis": False,
        "marker": {"color": _BAR_COLOUR},
    }
    layout = {
        "height": _BAR_PX * len(counts) + 8,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "bargap": 0.35,
        "xaxis": {"visible": False, "range": [0, max([*numbers, 1]) * 1.2]},
        "yaxis": {"autorange": "reversed", "automargin": True, "tickfont": ink, "ticksuffix": " "},
    }
    st.plotly_chart(
        {"data": [bars], "layout": layout},
        config={"displayModeBar": False, "staticPlot": True},
        alt="得分分布：" + "，".join(f"{label} {n} 家" for label, n in zip(labels, numbers, strict=True)),
    )
