"""问题清单: what shall we decide next?"""

import streamlit as st

from gdcore.lifecycle import FINDING
from gdcore.rules import CATALOGUE
from gdcore.store.rows import FindingFilter
from gdcore.ui import actions, address, bulk, choosing, decide, grids, letters, query, shell
from gdcore.ui.html import el, join
from gdcore.ui.words import LOOKS

PAGE_ROWS = 100
SEVERITIES = ("veto", "error", "warning", "info", "review")
FILTERS = ("sev", "state", "agency", "rule", "bucket", "page", "q")

desk = shell.open_page("findings")
area = query.area(desk.scope)
scheme = query.scheme()
counts, asked = query.rule_counts(desk.year, desk.scope), address.codes("rule")
# what was asked for stays a choice when the last of it is dismissed: without it the list would widen to all rules
rules_found = [code for code in CATALOGUE if code in counts or code in asked]

actions_right = shell.head("问题清单", " · ".join(p for p in (area, f"{desk.year} 年度") if p))

severity_keys = address.many("findings_sev", "sev", SEVERITIES)
state_keys = address.many("findings_state", "state", FINDING.names)
buckets = {b.key: b.name for b in scheme.buckets}
box = st.container(gap="small")
with st.container(horizontal=True, key="findings_filters"):
    agencies = choosing.agencies("findings", desk.scope, 260)
    rules = st.multiselect(
        "规则",
        rules_found,
        placeholder="全部规则",
        width=260,
        format_func=lambda code: f"{code} {CATALOGUE[code].short}",
        **address.many("findings_rule", "rule", rules_found),
    )
    bucket = st.segmented_control(
        "类别",
        list(buckets),
        format_func=buckets.__getitem__,
        **address.one("findings_bucket", "bucket", list(buckets)),
    )
    with st.popover("更多条件", icon=":material/tune:"):
        words = st.text_input("说明或原文中含有", **address.words("findings_q", "q"))

wanted = FindingFilter(
    year=desk.year,
    severities=tuple(st.session_state["findings_sev"]),
    states=tuple(st.session_state["findings_state"]),
    agencies=tuple(agencies),
    rules=tuple(rules),
    bucket=bucket,
    q=words,
    scope=desk.scope,
)
number = int(address.get("page")) if address.get("page").isdigit() else 1
page = query.findings(wanted, page=number, size=PAGE_ROWS)

with box, st.container(horizontal=True):
    st.pills(
        "严重程度",
        [s for s in SEVERITIES if s != "veto" or page.severity_counts.get("veto") or "veto" in wanted.severities],
        selection_mode="multi",
        format_func=lambda s: f"{LOOKS[s].word} {page.severity_counts.get(s, 0)}",
        **severity_keys,
    )
    st.pills(
        "状态",
        [s for s in FINDING.names if page.state_counts.get(s) or s in wanted.states or s in ("pending", "confirmed")],
        selection_mode="multi",
        format_func=lambda s: f"{FINDING.names[s]} {page.state_counts.get(s, 0)}",
        **state_keys,
    )

with actions_right:
    if not query.many(desk.scope) or agencies:
        everyone = list(query.agency_names(desk.scope)) if desk.scope and not agencies else agencies
        letters.notice_button(desk.year, everyone, key="findings_notices")
    actions.csv_button(wanted, page.total, f"问题清单_{desk.year}.csv", key="findings_csv")

told = [el("b", f"{page.total} 条"), f"待核 {page.reviews} 条"]
told[1:1] = ["清单只列前面部分，请缩小范围或导出"] if page.agencies is None else [f"涉及 {page.agencies} 家"]
shell.say(join(told, " · "))
if not page.rows:
    filtered = any(address.get(name) for name in FILTERS)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write("没有符合条件的问题。" if filtered else "没有待处理的问题。")
        if filtered:
            st.button("清除条件", key="findings_reset", on_click=address.clear, args=FILTERS)
    st.stop()

picked = st.dataframe(
    grids.findings(page.rows, area),
    column_config=grids.findings_config(),
    hide_index=True,
    height=grids.height(len(page.rows), 16),
    row_height=grids.ROW_PX,
    placeholder="—",
    on_select="rerun",
    selection_mode="multi-row",
    key=f"findings_grid_{decide.decisions()}_{page.page}_{wanted}",
)
if page.pages > 1:
    st.pagination(page.pages, **address.one("findings_page", "page", range(1, page.pages + 1), 1))
chosen = [page.rows[i] for i in picked.selection.rows if i < len(page.rows)]
bulk.bar("findings", chosen, page.total, lambda: query.every_finding(wanted), letters.chosen_button)
