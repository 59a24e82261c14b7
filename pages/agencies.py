"""单位: who has which problem?"""

import streamlit as st

from gdcore.form import AGENCY_TYPE_NAMES
from gdcore.lifecycle import FILING
from gdcore.rules import CATALOGUE
from gdcore.store.agency_lists import AgencyFilter
from gdcore.ui import address, crowd, decide, filings, grids, query, shell
from gdcore.ui.html import el, join
from gdcore.ui.words import number

desk = shell.open_page("agencies")
scheme = query.scheme()
year = crowd.year(desk.year, desk.scope)
area = query.area(desk.scope)

shell.head("单位", " · ".join(p for p in (area, f"{desk.year} 年度") if p))
if not year.total:
    st.write(f"{desk.year} 年度还没有单位。上传报告后，单位会出现在这里。")
    shell.link("intake", "上传报告", "upload_file")
    st.stop()

bands = dict(scheme.bands)
with st.container(horizontal=True, key="agencies_filters"):
    name = st.text_input("查找", placeholder="单位名称", width=150, **address.words("agencies_q", "q"))
    rules = st.multiselect(
        "含有问题",
        year.rules,
        placeholder="选择规则，可多选",
        width=300,
        format_func=lambda code: f"{code} {CATALOGUE[code].short}",
        **address.many("agencies_rule", "rule", year.rules),
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
        format_func=lambda bound: f"{bands[bound].split('（')[0]} {year.bands.get(bands[bound], 0)}",
        **address.one("agencies_band", "band", list(bands)),
    )
    chosen_kinds = st.segmented_control(
        "类型",
        year.kinds,
        selection_mode="multi",
        format_func=lambda kind: AGENCY_TYPE_NAMES[kind],
        **address.many("agencies_kind", "kind", year.kinds),
    )
    chosen_states = st.multiselect(
        "状态",
        [state for state in FILING.names if year.states.get(state)],
        placeholder="全部状态",
        width=200,
        format_func=lambda state: f"{FILING.names[state]} {year.states[state]}",
        **address.many("agencies_state", "state", [state for state in FILING.names if year.states.get(state)]),
    )
    display = st.segmented_control(
        "显示",
        list(grids.DISPLAYS),
        required=True,
        format_func=grids.DISPLAYS.__getitem__,
        **address.one("agencies_cols", "cols", grids.DISPLAYS, ""),
    )

found = crowd.shown(
    AgencyFilter(
        desk.year,
        q=name,
        rules=tuple(rules),
        match_all=bool(rules) and match == "all",
        band=band,
        kinds=tuple(chosen_kinds),
        states=tuple(chosen_states),
        scope=desk.scope,
    )
)
rows, standing = found.rows, found.standing
counts = [join([el("b", f"{year.total} 家"), " 中显示 ", el("b", f"{found.total} 家")])]
counts += [f"平均分 {number(found.average)}"] if found.average is not None else []
counts += [f"未报 {found.missing} 家不计入平均分"] if found.missing else []
shell.say(join(counts, " · "))

if not rows:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write("没有符合条件的单位。")
        st.button(
            "清除条件",
            key="agencies_reset",
            on_click=address.clear,
            args=("q", "rule", "match", "band", "kind", "state", "page"),
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
    key=f"agencies_grid_{decide.decisions()}_{chosen_states}_{address.get('page')}",
)
crowd.pages(found)
if picked.selection.cells:
    shell.go("report", agency=rows[picked.selection.cells[0][0]].agency_key)
chosen = [rows[i].agency_key for i in picked.selection.rows if i < len(rows)]
filings.bar([standing[key] for key in chosen if key in standing], len(chosen), desk.year)
