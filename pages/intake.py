"""上传核查: did everything arrive, and is it filed under the right agency?"""

import streamlit as st

from gdcore.ui import actions, address, grids, inbox, query, shell
from gdcore.ui.html import show

desk = shell.open_page("intake")
shell.head("上传核查", "一次可放入多份报告或一个 ZIP。文件只在本单位的服务器上处理。")

with st.container(key="intake_split"):
    left, right = st.columns([5, 6], gap="medium")
with left:
    with st.container(horizontal=True):
        due, profile = inbox.year_due(), inbox.terms()
    files = st.file_uploader(
        "报告文件",
        accept_multiple_files=True,
        help="Word、WPS、PDF、OFD、网页、文本、图片或 ZIP；按内容辨认格式，不看扩展名",
        key=inbox.uploader_key(),
    )
    if files and st.button(
        f"开始核查（{len(files)} 份）", type="primary", icon=":material/play_arrow:", key="intake_submit"
    ):
        with st.spinner("正在上传…"):
            number = actions.submit(files, due, profile)
        if number is not None:
            inbox.next_uploader()
            address.put(batch=number)
            st.rerun()

chosen = address.get("batch")
batch = query.batch(int(chosen) if chosen.isdigit() else None)
with right:
    if batch is None:
        st.write("还没有上传过文件。")
    else:
        inbox.watch(batch.batch_id)

waiting = query.waiting()
if waiting:
    st.header("请确认识别结果", anchor=False)
    st.caption(f"以下 {len(waiting)} 份未能确定单位或年度。确认后才会入库并打分。")
    inbox.confirm(waiting, desk.year)

refused = query.refused(batch.batch_id if batch else None)
if refused:
    st.header("未能接收", anchor=False)
    show(inbox.refusals(refused))

results = [row for row in batch.results if row.state in ("stored", "unchanged")] if batch else []
if results:
    st.header("本批结果", anchor=False)
    picked = st.dataframe(
        grids.results(results),
        column_config=grids.results_config(),
        hide_index=True,
        height=grids.height(len(results)),
        row_height=grids.ROW_PX,
        placeholder="—",
        on_select="rerun",
        selection_mode="single-row",
        key=f"intake_results_{batch.batch_id}",
    )
    st.caption("选中一行，打开该份报告。")
    inbox.open_result(picked.selection.rows, results)
