"""规则目录: what does this rule claim, and on what basis?"""

import streamlit as st

from gdcore.roles import Action
from gdcore.rules import CATALOGUE
from gdcore.ui import address, grids, query, rulebook, shell, switching

desk = shell.open_page("catalogue")
scheme = query.scheme()
counts = query.rule_counts(desk.year, desk.scope)
actions = shell.head("规则目录", f"{len(CATALOGUE)} 条规则 · 评分方案：{scheme.title}")
with actions:
    name = switching.chosen_profile()
profile = switching.wanted(name)
if desk.person.may(Action.RULES):
    switching.bar(name, desk.year)

with st.container(key="catalogue_split"):
    left, right = st.columns([7, 6], gap="medium")

with left:
    words = st.text_input("查找", placeholder="编号、名称、依据", **address.words("catalogue_q", "q"))
    buckets = {b.key: b.name for b in scheme.buckets}
    bucket = st.pills(
        "类别",
        list(buckets),
        format_func=buckets.__getitem__,
        **address.one("catalogue_bucket", "bucket", list(buckets)),
    )
    first = rulebook.asked_for()
    rules = rulebook.search(words, bucket, scheme, first)
    if not rules:
        st.write("没有符合条件的规则。")
        st.button("清除条件", key="catalogue_reset", on_click=address.clear, args=("q", "bucket"))
        st.stop()
    picked = st.dataframe(
        grids.rules(rules, counts, profile, scheme),
        column_config=grids.rules_config(desk.year),
        hide_index=True,
        height=grids.height(len(rules), 22),
        row_height=grids.ROW_PX,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0], "columns": [], "cells": []}},
        key=f"catalogue_grid_{first}_{bucket}_{words}",
    )

with right:
    chosen = rules[min(next(iter(picked.selection.rows), 0), len(rules) - 1)]
    rulebook.choose(chosen.code)
    rulebook.card(
        chosen, counts, profile, scheme, lambda: switching.control(chosen, name, desk.person.may(Action.RULES))
    )
