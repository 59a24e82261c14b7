"""管理: who works here, which agencies are there, and how do they stand to each other?"""

import streamlit as st

from gdcore import roster
from gdcore.roles import Action
from gdcore.ui import query, registry, shell, staff

desk = shell.open_page("admin")
listed, known = query.roster_counts()
rest = f" · 只在报告中出现的 {known - listed} 家" if known > listed else ""
actions = shell.head("管理", f"名录 {listed} 家{rest}")
if desk.person.may(Action.ROSTER):
    actions.download_button(
        "下载名录模板", roster.template(), "名录模板.csv", "text/csv", icon=":material/download:", key="admin_template"
    )

if staff.sign_in():
    staff.section(desk.person)

if desk.person.may(Action.ROSTER):
    st.header("导入名录", anchor=False)
    st.caption("只有“单位名称”一列必填。同名或同编号的单位会更新，其余新增；不在文件中的单位保留不变。")
    uploaded = registry.upload()
    if uploaded:
        registry.preview(*uploaded)

st.header("现有名录", anchor=False)
registry.listing()
