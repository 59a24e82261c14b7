"""整改台账: what is overdue, what can be closed?"""

from datetime import date

import streamlit as st

from gdcore.lifecycle import FINDING
from gdcore.rules import CATALOGUE
from gdcore.ui import address, bulk, choosing, decide, grids, ledger, letters, query, shell
from gdcore.ui.html import el, join

PAGE_ROWS = 100
FILTERS = ("state", "due", "agency", "rule", "q", "page")

desk = shell.open_page("ledger")
today = date.today()
query.end_waivers(today)
area = query.area(desk.scope)
buckets = {bucket.key: bucket.name for bucket in query.scheme().buckets}
year = query.ledger(ledger.filter_of(desk.year, today, scope=desk.scope), size=1).figures

actions_right = shell.head("整改台账", " · ".join(p for p in (area, f"{desk.year} 年度", "按整改时限排序") if p))
if not year.states:
    st.write("台账还没有内容。在问题清单中确认的问题会列在这里，下发后按整改时限跟踪到销号。")
    shell.link("findings", "去确认问题", "fact_check", state="pending")
    st.stop()

states = ledger.states(year, address.get("state"))
state = st.segmented_control(
    "办理状态",
    states,
    required=True,
    width="stretch",
    format_func=lambda s: f"{FINDING.names[s]} {year.states.get(s, 0)}" if s else f"全部 {sum(year.states.values())}",
    **address.one("ledger_state", "state", states, ""),
)
ledger.figures(year, today)

with st.container(horizontal=True, key="ledger_filters"):
    due = st.segmented_control(
        "时限",
        ledger.DUES,
        format_func={
            "overdue": f"已逾期 {year.overdue}",
            "soon": f"{ledger.SOON_DAYS} 个工作日内到期 {year.soon}",
        }.__getitem__,
        **address.one("ledger_due", "due", ledger.DUES),
    )
    agencies = choosing.agencies("ledger", desk.scope, 240)
    asked = address.codes("rule")  # stays a choice when the last of it leaves the ledger
    listed = [code for code in CATALOGUE if code in year.rules or code in asked]
    rules = st.multiselect(
        "规则",
        listed,
        placeholder="全部规则",
        width=240,
        format_func=lambda code: f"{code} {CATALOGUE[code].short}",
        **address.many("ledger_rule", "rule", listed),
    )
    words = st.text_input("查找", placeholder="说明、原文或责任人", width=180, **address.words("ledger_q", "q"))

wanted = ledger.filter_of(
    desk.year,
    today,
    states=(state,) if state else (),
    due=due or "",
    agencies=tuple(agencies),
    rules=tuple(rules),
    q=words,
    scope=desk.scope,
)
number = int(address.get("page")) if address.get("page").isdigit() else 1
page = query.ledger(wanted, page=number, size=PAGE_ROWS)
with actions_right:
    ledger.export_button(wanted, page.total)

involved = "清单只列前面部分，请缩小范围或导出" if page.agencies is None else f"涉及 {page.agencies} 家"
shell.say(join([el("b", f"{page.total} 条"), involved, "依据、核验人等列在 XLSX 中"], " · "))
if not page.rows:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write("没有符合条件的问题。")
        st.button("清除条件", key="ledger_reset", on_click=address.clear, args=FILTERS)
    decide.undo_button("ledger")
    st.stop()

picked = st.dataframe(
    ledger.grid(page.rows, area, buckets, today),
    column_config=ledger.config(),
    hide_index=True,
    height=grids.height(len(page.rows), 16),
    row_height=grids.ROW_PX,
    placeholder="—",
    on_select="rerun",
    selection_mode="multi-row",
    key=f"ledger_grid_{decide.decisions()}_{page.page}_{wanted}",
)
ledger.notes(page.rows)
if page.pages > 1:
    st.pagination(page.pages, **address.one("ledger_page", "page", range(1, page.pages + 1), 1))
chosen = [page.rows[i] for i in picked.selection.rows if i < len(page.rows)]
if len(chosen) == 1:
    ledger.detail(chosen[0], today)
bulk.bar(
    "ledger",
    chosen,
    page.total,
    lambda: query.every_line(wanted),
    lambda rows: letters.notice_button(desk.year, sorted({row.agency_key for row in rows}), "ledger_letters"),
)
