"""总览: what must be done today?"""

import streamlit as st

from gdcore.ui import actions, address, charts, grids, letters, query, shell, today
from gdcore.ui.html import show
from gdcore.ui.words import common_area, minute, number

desk = shell.open_page("overview")

if query.is_empty():
    shell.head("总览", f"{desk.year} 年度还没有数据")
    today.welcome(desk.year)
    st.stop()

seen = query.overview(desk.year)
rows = query.matrix(desk.year)
area = common_area(query.agency_names().values())
context = " · ".join(
    p for p in (area, f"{desk.year} 年度", f"数据更新于 {minute(seen.updated_at)}" if seen.updated_at else "") if p
)

with shell.head("总览", context):
    if query.has_samples():
        st.button("清除示例数据", icon=":material/delete_sweep:", key="overview_clear", on_click=actions.clear_samples)
    letters.bulletin_button(desk.year)
    if st.button("上传报告", icon=":material/upload_file:", type="primary", key="overview_upload"):
        shell.go("intake")

before = seen.previous
with st.container(key="overview_kpi"):
    share = f"{seen.filed / seen.expected:.0%}" if seen.expected else None
    st.metric("应报", f"{seen.expected} 家", border=True, height="stretch")
    st.metric("已报", f"{seen.filed} 家", share, delta_color="off", delta_arrow="off", border=True, height="stretch")
    st.metric("未报", f"{seen.missing} 家", border=True, height="stretch")
    moved = (
        round(seen.average - before.average, 1)
        if before and before.average is not None and seen.average is not None
        else None
    )
    st.metric(
        "平均分",
        number(seen.average),
        moved,
        border=True,
        height="stretch",
        help="只计已报送且已评分的报告；下方为较上年的变化",
    )
    involved = f"涉及 {seen.review_agencies} 家" if seen.review_findings else None
    st.metric(
        "待核",
        f"{seen.review_findings} 条",
        involved,
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )

with st.container(key="overview_rail"):
    todo, deadlines, spread = st.columns([5, 4, 4], gap="medium")
with todo:
    st.header("需要处理", anchor=False)
    today.to_do(seen, desk.year)
with deadlines:
    st.header("时限", anchor=False)
    show(today.deadlines(desk.year))
with spread:
    st.header("得分分布", anchor=False)
    charts.bands(seen.bands, query.scheme().full)

st.header("报送与缺项", anchor=False)
choices = today.matrix_choices(rows)
chosen = st.segmented_control(
    "显示哪些单位",
    list(choices),
    required=True,
    label_visibility="collapsed",
    format_func=lambda code: f"{today.MATRIX_SHOWS[code]} {len(choices[code])}",
    **address.one("overview_show", "show", choices, "gaps" if choices["gaps"] else "all"),
)
listed = choices[chosen or "all"]
if chosen == "missing":
    letters.reminder_button(desk.year)
if listed:
    picked = st.dataframe(
        grids.matrix(listed, area),
        column_config=grids.matrix_config(),
        hide_index=True,
        height=grids.height(len(listed), 18),
        row_height=grids.ROW_PX,
        on_select="rerun",
        selection_mode="single-cell",
        key=f"overview_matrix_{chosen}",
    )
    show(today.matrix_legend())
    today.open_cell(picked.selection.cells, listed)
else:
    st.write("各单位的六个部分和三张表都齐。" if chosen == "gaps" else "没有未报的单位。")

st.header("最多见的问题", anchor=False)
faults = query.frequent_faults(desk.year)
if faults:
    show(today.faults(faults))
    shell.link("findings", "查看全部问题", "arrow_forward")
else:
    st.write("没有待处理的问题。")
