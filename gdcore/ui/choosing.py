"""Choosing agencies: from a list of all where they are few, by typing a piece of the name where they are many."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st

from gdcore.ui import address, query


def agencies(page: str, scope: str | None, width: int) -> list[str]:
    """The agencies to which a page is narrowed; none means all."""
    chosen = tuple(key for key in address.codes("agency") if key)
    if not query.many(scope):
        names = query.agency_names(scope)
    else:
        words = st.text_input("查找单位", placeholder="输入单位名称", width=150, key=f"{page}_agency_words")
        found = query.find_agencies(words, scope) if words else {}
        names = {**found, **query.names_of(chosen)}
    return st.multiselect(
        "单位",
        list(names),
        placeholder="全部单位" if names else "先查找单位",
        width=width,
        format_func=names.__getitem__,
        **address.many(f"{page}_agency", "agency", names),
    )


def names(key: str, own: Collection[str], **typed: Any) -> list[str]:
    """The names among which one is chosen: all, or of many those with the typed words; `own` are always among them.

    `typed` is what the field of the words is told besides.
    """
    if not query.many():
        return sorted({*query.agency_names().values(), *own})
    words = st.text_input("查找单位", placeholder="输入单位名称", key=f"{key}_words", **typed)
    return sorted({*(query.find_agencies(words).values() if words else ()), *own})


def bodies(key: str, own: Collection[str]) -> dict[str, str]:
    """Key → name of the agencies among which a body is chosen, in the same way; `own` are keys."""
    if not query.many():
        return dict(query.agency_names())
    words = st.text_input("查找单位", placeholder="输入单位名称", key=f"{key}_words")
    found = query.find_agencies(words) if words else {}
    return {**query.names_of(tuple(own)), **found}


def agency(page: str, first: str, width: int) -> tuple[str, str]:
    """One agency, key and name: that of the address, else `first`; of many, one of those whose names have the words."""
    asked = address.get("agency") or first
    words = st.text_input("查找单位", placeholder="输入单位名称", width=150, key=f"{page}_agency_words")
    names = {**query.names_of((asked,)), **(query.find_agencies(words) if words else {})}
    tied = address.one(f"{page}_agency", "agency", names, asked)
    key = str(st.selectbox("单位", list(names), width=width, format_func=names.__getitem__, **tied))
    return key, names[key]
