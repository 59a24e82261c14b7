"""公开复核: was what passed published, in time and unchanged?"""

import streamlit as st

from gdcore import looking
from gdcore.lifecycle import FILING
from gdcore.roles import Action
from gdcore.ui import address, grids, published, publishing, query, shell
from gdcore.ui.html import el, join

FILTERS = ("result", "state", "q", "page")

desk = shell.open_page("publication")
many = query.many()
everyone = (
    query.publications(desk.year, desk.scope, address.get("q"), query.MANY) if many else query.publications(desk.year)
)
area = query.area()
running = publishing.running()

actions = shell.head(
    "公开复核", " · ".join(p for p in (area, f"{desk.year} 年度", "打开各单位的公开网址，与审定稿核对") if p)
)
if not everyone and not (many and address.get("q")):
    publishing.watch()
    published.nothing()
    st.stop()

counted = published.counts(everyone)
states = [s for s in FILING.names if any(row.state == s for row in everyone)]
box = st.container(gap="small")
with st.container(horizontal=True, key="publication_filters"):
    name = st.text_input("查找", placeholder="单位名称", width=160, **address.words("publication_q", "q"))
    chosen_states = st.segmented_control(
        "状态",
        states,
        selection_mode="multi",
        format_func=lambda s: f"{FILING.names[s]} {sum(row.state == s for row in everyone)}",
        **address.many("publication_state", "state", states),
    )
    results = st.pills(
        "结果",
        list(counted),
        selection_mode="multi",
        format_func=lambda code: f"{published.result_word(code)} {counted[code]}",
        **address.many("publication_result", "result", list(counted)),
    )

rows = published.listed(everyone, results, chosen_states, name)
targets, others = looking.sites(looking.targets_of(rows), publishing.access())
with actions:
    if desk.person.may(Action.LOOK) and st.button(
        "粘贴网址…", icon=":material/content_paste:", disabled=running, key="publication_paste"
    ):
        publishing.paste(everyone, desk.year)
    publishing.start_button(targets, desk.year, running)
with box:
    publishing.watch()
    publishing.closed_sites(others)

without = sum(not row.url for row in rows)
said = [join([el("b", f"{len(everyone)} 家"), " 已审定，显示 ", el("b", f"{len(rows)} 家")])]
if len(everyone) == query.MANY and many:
    said.append(f"只列前 {query.MANY} 家，请选范围或输入名称")
shell.say(join([*said, *([f"{without} 家没有公开网址"] if without else [])], " · "))
if not rows:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write("没有符合条件的单位。")
        st.button("清除条件", key="publication_reset", on_click=address.clear, args=FILTERS)
    st.stop()

part = published.page(rows, many)
picked = st.dataframe(
    published.grid(part, area),
    column_config=published.grid_config(),
    hide_index=True,
    height=grids.height(len(part), 14),
    row_height=grids.ROW_PX,
    placeholder="—",
    on_select="rerun",
    selection_mode="multi-row",
    key=f"publication_grid_{desk.year}_{results}_{chosen_states}_{name}_{address.get('page')}",
)
published.pages(rows, many)
chosen = [part[i] for i in picked.selection.rows if i < len(part)]
if len(chosen) == 1:
    address.put(agency=chosen[0].agency_key)
asked = address.get("agency") if len(chosen) < 2 else ""
shown = next((row for row in everyone if row.agency_key == asked), None)
if shown is not None:
    published.card(shown, desk.year)
published.bar(chosen, {target.agency_key: target for target in targets}, desk.year)
