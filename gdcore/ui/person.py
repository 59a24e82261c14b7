"""Who is at the desk: the name that stands in every record."""

from __future__ import annotations

import os
from urllib.parse import quote, unquote

import streamlit as st

from gdcore.ui.html import Html, md

_NAME = "person_name"
_FIELD = "person_field"
_UNNAMED = "本机用户"
_LONGEST = 20  # characters of a name
# Kept in the browser, so that a page that is opened anew still knows who sits before it.
_COOKIE = "desk_person"
_COOKIE_SECONDS = 180 * 24 * 3600


def actor() -> str:
    """The name under which this session acts."""
    return str(st.session_state.get(_NAME) or _remembered() or os.environ.get("GDCORE_OPERATOR") or _UNNAMED)


def rename(name: str) -> None:
    """Another person sits down at this machine."""
    st.session_state[_NAME] = name.strip()[:_LONGEST]


def card() -> None:
    """Who is at the desk, and the way to change it."""
    with st.popover(md(f"经办人：{actor()}"), icon=":material/person:", type="tertiary", key="person_card"):
        st.text_input("经办人姓名", value=actor(), max_chars=_LONGEST, key=_FIELD, on_change=_rename)
        st.caption("确认、下发、核验、批准等记录都署此名。换人操作时请先更改。")
    if _NAME in st.session_state:
        st.html(_keep(st.session_state[_NAME]), unsafe_allow_javascript=True)


def _rename() -> None:
    rename(st.session_state[_FIELD])


def _remembered() -> str:
    kept = st.context.cookies.get(_COOKIE)
    # a page that runs without a browser (in tests) has cookies that are no text
    return unquote(kept)[:_LONGEST] if isinstance(kept, str) else ""


def _keep(name: str) -> Html:
    """The script that keeps a name; percent-encoded, it holds no character that could end the string."""
    value = quote(name, safe="")
    return Html(
        f"<script>document.cookie = '{_COOKIE}={value}; max-age={_COOKIE_SECONDS}; path=/; SameSite=Lax'</script>"
    )
