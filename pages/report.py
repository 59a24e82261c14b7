"""报告详情: what is wrong, where exactly, and how do we know?"""

import streamlit as st

from gdcore import form
from gdcore.ui import address, dossier, filings, proofs, query, scorecard, shell
from gdcore.ui.html import show, text
from gdcore.ui.words import day

desk = shell.open_page("report")
first = query.first_filed(desk.year, desk.scope)
key = address.get("agency") or first
version = address.get("version")
view = query.report_view(key, desk.year, int(version) if version.isdigit() else None, desk.scope) if key else None

if view is None:
    shell.head("报告详情", f"{desk.year} 年度")
    dossier.nothing(key, desk.year, bool(first))
    st.stop()

edition = {form.Edition.FMT2019: "2019 版格式", form.Edition.FMT2021: "2021 版格式"}.get(
    view.report.edition(view.year), ""
)
kind = form.AGENCY_TYPE_NAMES[form.AgencyType(view.agency_type)] if view.agency_type else ""
context = [f"{view.year} 年度", f"第 {view.version} 版（{day(view.received_at)}，{view.file_name}）", kind, edition]
with shell.head(view.agency, " · ".join(part for part in context if part)):
    dossier.comparisons(view)
    dossier.neighbours(view)
    dossier.more(view)

filings.line(view)
if not view.current:
    shell.say(dossier.older_version(view), "note-line amber")
for assumption in view.report.assumptions:
    shell.say(text(f"读取时的假定：{assumption}。没有找到的内容列为待核。"), "note-line amber")
veto = scorecard.veto_line(view)
if veto:
    show(veto)
show(scorecard.score_line(view))
show(dossier.sections(view))

with st.container(key="report_split"):
    left, right = st.columns([5, 8], gap="medium")
with left:
    chosen = proofs.finding_list(view, "report")
    proofs.unjudged(view, "report")
with right:
    if chosen is not None:
        dossier.finding_card(view, chosen)
    dossier.proof(view, chosen)
