"""单位: who has which problem?"""

from collections import Counter

import streamlit as st

from gdcore.form import AGENCY_TYPE_NAMES
from gdcore.lifecycle import FILING
from gdcore.rules import CATALOGUE
from gdcore.ui import address, decide, filings, grids, query, shell
from gdcore.ui.html import el, join
from gdcore.ui.words import common_area, number

desk = shell.open_page("agencies")
scheme = query.scheme()
everyone = query.agencies(desk.year, scope=desk.scope)
area = common_area(query.agency_names(desk.scope).values())

shell.head("单位", " · ".join(p for p in (area, f"{desk.year} 年度") if p))
if not everyone:
    st.write(f"{desk.year} 年度还没有单位。上传报告后，单位会出现在这里。")
    shell.link("intake", "上传报告", "upload_file")
    st.stop()

found = sorted({code for row in everyone for code, _ in row.faults})
bands = dict(scheme.bands)
held = {name: sum(row.band == name for row in everyone) for name in bands.values()}
kinds = sorted({row.agency_type for row in everyone if row.agency_type})
standing = query.filings(desk.year)
states = Counter(filings.state_of(row.agency_key, standing) for row in everyone)

with st.container(horizontal=True, key="agencies_filters"):
    name = st.text_input("查找", placeholder="单位名称", width=150, **address.words("agencies_q", "q"))
    rules = st.multiselect(
        "含有问题",
        found,
        placeholder="选择规则，可多选",
        width=300,
        format_func=lambda code: f"{code} {CATALOGUE[code].short}",
        **address.many("agencies_rule", "rule", found),
    )
    match = st.segmented_control(
        "同时符合",
        ["any", "all"],
        required=True,
        format_func={"any": "任一", "all": "全部"}.__getitem__,
        **address.one("agencies_match", "match", ["any", "all"], "any"),
    )
    band = st.segmented_control(
        "等次",
        list(bands),
        format_func=lambda bound: f"{bands[bound].split('（')[0]} {held[bands[bound]]}",
        **address.one("agencies_band", "band", list(bands)),
    )
    chosen_kinds = st.segmented_control(
        "类型",
        kinds,
        selection_mode="multi",
        format_func=lambda kind: AGENCY_TYPE_NAMES[kind],
        **address.many("agencies_kind", "kind", kinds),
    )
    chosen_states = st.multiselect(
        "状态",
        [state for state in FILING.names if states[state]],
        placeholder="全部状态",
        width=200,
        format_func=lambda state: f"{FILING.names[state]} {states[state]}",
        **address.many("agencies_state", "state", [state for state in FILING.names if states[state]]),
    )
    display = st.segmented_control(
        "显示",
        list(grids.DISPLAYS),
        required=True,
        format_func=grids.DISPLAYS.__getitem__,
        **address.one("agencies_cols", "cols", grids.DISPLAYS, ""),
    )

rows = everyone
if name or rules or band is not None or chosen_kinds:
    rows = query.agencies(
        desk.year,
        q=name,
        rules=tuple(rules),
        match_all=match == "all",
        band=band,
        kinds=tuple(chosen_kinds),
        scope=desk.scope,
    )
rows = [row for row in rows if not chosen_states or filings.state_of(row.agency_key, standing) in chosen_states]
scores = [row.total for row in rows if row.total is not None]
missing = sum(row.report_id is None for row in rows)
counts = [join([el("b", f"{len(everyone)} 家"), " 中显示 ", el("b", f"{len(rows)} 家")])]
counts += [f"平均分 {number(sum(scores) / len(scores))}"] if scores else []
counts += [f"未报 {missing} 家不计入平均分"] if missing else []
shell.say(join(counts, " · "))

if not rows:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write("没有符合条件的单位。")
        st.button(
            "清除条件",
            key="agencies_reset",
            on_click=address.clear,
            args=("q", "rule", "match", "band", "kind", "state"),
        )
    st.stop()

picked = st.dataframe(
    grids.agencies(rows, area, scheme, display or "", standing),
    column_config=grids.agencies_config(rows, scheme),
    hide_index=True,
    height=grids.height(len(rows)),
    row_height=grids.ROW_PX,
    placeholder="—",
    on_select="rerun",
    selection_mode=["multi-row", "single-cell"],
    key=f"agencies_grid_{decide.decisions()}_{chosen_states}",
)
if picked.selection.cells:
    shell.go("report", agency=rows[picked.selection.cells[0][0]].agency_key)
chosen = [rows[i].agency_key for i in picked.selection.rows if i < len(rows)]
filings.bar([standing[key] for key in chosen if key in standing], len(chosen), desk.year)
