"""单位: who has which problem?"""

import streamlit as st

from gdcore.form import AGENCY_TYPE_NAMES
from gdcore.rules import CATALOGUE
from gdcore.ui import address, grids, query, shell
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
    display = st.segmented_control(
        "显示",
        list(grids.DISPLAYS),
        required=True,
        format_func=grids.DISPLAYS.__getitem__,
        **address.one("agencies_cols", "cols", grids.DISPLAYS, ""),
    )

rows = query.agencies(
    desk.year,
    q=name,
    rules=tuple(rules),
    match_all=match == "all",
    band=band,
    kinds=tuple(chosen_kinds),
    scope=desk.scope,
)
scores = [row.total for row in rows if row.total is not None]
missing = sum(row.report_id is None for row in rows)
counts = [join([el("b", f"{len(everyone)} 家"), " 中显示 ", el("b", f"{len(rows)} 家")])]
counts += [f"平均分 {number(sum(scores) / len(scores))}"] if scores else []
counts += [f"未报 {missing} 家不计入平均分"] if missing else []
shell.say(join(counts, " · "))

if not rows:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write("没有符合条件的单位。")
        st.button("清除条件", key="agencies_reset", on_click=address.clear, args=("q", "rule", "match", "band", "kind"))
    st.stop()

picked = st.dataframe(
    grids.agencies(rows, area, scheme, display or ""),
    column_config=grids.agencies_config(rows, scheme),
    hide_index=True,
    height=grids.height(len(rows)),
    row_height=grids.ROW_PX,
    placeholder="—",
    on_select="rerun",
    selection_mode="single-row",
    key="agencies_grid",
)
st.caption("选中一行，打开该单位的报告。")
if picked.selection.rows:
    shell.go("report", agency=rows[picked.selection.rows[0]].agency_key)
