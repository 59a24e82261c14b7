"""总览: what must be done today?"""

from datetime import date

import streamlit as st

from gdcore.roles import Action
from gdcore.ui import actions, address, charts, letters, query, shell, today
from gdcore.ui.html import show
from gdcore.ui.words import minute

desk = shell.open_page("overview")

if query.is_empty():
    shell.head("总览", f"{desk.year} 年度还没有数据")
    today.welcome(desk.year)
    st.stop()

now = date.today()
seen = query.overview(desk.year, desk.scope)
many = query.many(desk.scope)
area = query.area(desk.scope)
context = " · ".join(
    p for p in (area, f"{desk.year} 年度", f"数据更新于 {minute(seen.updated_at)}" if seen.updated_at else "") if p
)

with shell.head("总览", context):
    if desk.person.may(Action.SAMPLES) and query.has_samples():
        st.button("清除示例数据", icon=":material/delete_sweep:", key="overview_clear", on_click=actions.clear_samples)
    if desk.scope is None:
        letters.bulletin_button(desk.year)
    if desk.person.may(Action.UPLOAD) and st.button(
        "上传报告", icon=":material/upload_file:", type="primary", key="overview_upload"
    ):
        shell.go("intake")

today.figures(seen, now)

with st.container(key="overview_rail"):
    todo, deadlines, spread = st.columns([5, 4, 4], gap="medium")
with todo:
    st.header("需要处理", anchor=False)
    today.to_do(seen, now, desk.scope)
with deadlines:
    st.header("时限", anchor=False)
    show(today.due_days(seen, now))
with spread:
    band = charts.bands(seen.bands, query.scheme().full)
    if band is not None:
        shell.go("agencies", band=f"{band:g}")

st.header("报送与缺项", anchor=False)
rows = [] if many else query.matrix(desk.year, desk.scope)
choices = today.matrix_choices(rows, now)
counts = (
    today.matrix_counts(seen, query.gaps(desk.year, desk.scope), now)
    if many
    else {code: len(listed) for code, listed in choices.items()}
)
chosen = st.segmented_control(
    "显示哪些单位",
    list(counts),
    required=True,
    label_visibility="collapsed",
    format_func=lambda code: f"{today.MATRIX_SHOWS[code]} {counts[code]}",
    **address.one("overview_show", "show", counts, "gaps" if counts["gaps"] else "all"),
)
if chosen in ("late", "missing") and choices.get(chosen):
    letters.reminder_button(desk.year, [row.agency_key for row in choices[chosen]])
if counts[chosen or "all"]:
    listed = (
        today.matrix_part(desk.year, chosen or "all", counts[chosen or "all"], now, desk.scope)
        if many
        else choices[chosen or "all"]
    )
    today.listing(chosen or "all", listed, area, now)
else:
    st.write("各单位的六个部分和三张表都齐。" if chosen == "gaps" else "没有未报的单位。")

faults, years = query.frequent_faults(desk.year, desk.scope), query.trend(desk.scope)
with st.container(key="overview_lower"):
    commonest, trend = st.columns([8, 5], gap="medium") if len(years) > 1 else (st.container(), None)
with commonest:
    if not faults:
        st.header("最多见的问题", anchor=False)
        st.write("没有待处理的问题。")
    elif rule := charts.faults(faults):
        shell.go("findings", rule=rule)
if trend is not None:
    with trend:
        today.open_year(charts.trend(years, desk.year))
