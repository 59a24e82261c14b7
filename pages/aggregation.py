"""汇总: what is our total, and may I trust it?"""

import streamlit as st

from gdcore.form import Edition
from gdcore.ui import query, shell, totals

desk = shell.open_page("aggregation")
area = query.area()
actions = shell.head("汇总", " · ".join(p for p in (area, f"{desk.year} 年度") if p))

if Edition.of_year(desk.year) is Edition.FREE_FORM:
    st.write("2018 年度及以前的年报没有统一的表格，不能汇总。")
    st.stop()

filters = st.container(horizontal=True, key="aggregation_filters")
with filters:
    asked = totals.scope(desk.year)
if asked is None or not asked.scope.members:
    st.write("这个范围内没有可以汇总的单位。")
    shell.link("admin", "导入名录", "settings")
    st.stop()

summed = query.totals(desk.year, asked)
with filters:
    table = totals.table_choice(summed)
totals.banner(summed, table, area)
if not any(cover.counted for cover in summed.coverage.values()):
    st.write("还没有可以汇总的报告。")
    shell.link("intake", "上传报告", "upload_file")
    st.stop()

with actions:
    totals.downloads(summed)
cell = totals.asked(summed, table)
with st.container(key="aggregation_split"):
    left, right = st.columns([8, 5], gap="medium")
with left:
    totals.sheet(summed, table, cell, totals.folded(table))
    totals.uncounted(summed, table)
with right:
    totals.differences(summed, table, area)
    totals.cell_choice(summed, table, cell)
    totals.card(summed, cell, area)
    totals.agencies(summed, cell, area)
