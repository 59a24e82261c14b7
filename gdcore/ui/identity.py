"""Whose report is this, and of which year: correcting what was recognised."""

from __future__ import annotations

import streamlit as st

from gdcore.form import AGENCY_TYPE_NAMES, AgencyType
from gdcore.store.rows import ReportView
from gdcore.ui import choosing, person, query, shell

FIRST_YEAR = 2008  # 条例 came into force


@st.dialog("更正单位、年度")
def correct(view: ReportView) -> None:
    """Ask for agency, year and kind; the report is filed and checked anew under them."""
    st.write("更正后，这份报告按新的单位和年度重新核查、评分。")
    names = choosing.names("identity_agency", {view.agency})
    agency = st.selectbox("单位", names, index=names.index(view.agency), accept_new_options=True, key="identity_agency")
    years = list(range(query.due_year() + 1, FIRST_YEAR - 1, -1))
    year = st.selectbox(
        "报告年度", years, index=years.index(view.year) if view.year in years else 0, key="identity_year"
    )
    kinds = [None, *AGENCY_TYPE_NAMES]
    kind = st.selectbox(
        "类型",
        kinds,
        index=kinds.index(AgencyType(view.agency_type)) if view.agency_type else 0,
        format_func=lambda k: AGENCY_TYPE_NAMES[k] if k else "不能确定",
        key="identity_kind",
    )
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("取消", key="identity_cancel"):
            st.rerun()
        if st.button("更正并重新核查", type="primary", disabled=not agency, key="identity_submit"):
            _correct(view, str(agency).strip(), int(year or view.year), kind)


def _correct(view: ReportView, agency: str, year: int, kind: AgencyType | None) -> None:
    saved = shell.attempt(
        lambda: person.hand().correct_identity(view.report_id, agency, year, kind), "已更正并重新核查"
    )
    if saved:
        shell.go("report", year=year, agency=query.key_of(agency) or view.agency_key)
