"""比对: what changed that needs a reason?"""

import streamlit as st

from gdcore import alignment, comparison
from gdcore.ui import address, comparing, copies, query, shell

desk = shell.open_page("comparison")
first = query.first_filed(desk.year)
area = query.area()

shell.head("比对", " · ".join(part for part in (area, f"{desk.year} 年度") if part))
asked = address.get("agency")
if not first and not asked:
    st.write("还没有报告，上传后即可比对。")
    shell.link("intake", "上传报告", "upload_file")
    st.stop()

if asked and asked not in query.names_of((asked,)):
    st.write("找不到这个单位，可能已被更名或删除。")
    shell.link("agencies", "回到单位", "arrow_back")
    st.stop()

with st.container(horizontal=True, key="comparison_choices"):
    mode = comparing.choose_mode()
    if mode == "alike":
        sides = None
    else:
        agency, name = comparing.choose_agency(desk.year, first)
        sides = comparing.choose_sides(mode, agency, desk.year)

if mode == "alike":
    copies.pairs(desk.year, area, desk.scope)
    st.stop()
if sides is None:
    comparing.nothing(mode, name, agency, desk.year)
    st.stop()

pairs = comparison.tables(sides.left.report, sides.right.report)
if mode == "prior":
    comparing.to_verify(sides, pairs)
else:
    comparing.findings(sides)
comparing.cells(sides, pairs)
comparing.prose(sides, alignment.parts(sides.left.report, sides.right.report))
