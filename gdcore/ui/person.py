"""Who is at the desk: the name that stands in every record."""

from __future__ import annotations

import os

import streamlit as st

_NAME = "person_name"
_UNNAMED = "本机用户"


def actor() -> str:
    """The name under which this session acts."""
    return str(st.session_state.get(_NAME) or os.environ.get("GDCORE_OPERATOR") or _UNNAMED)


def rename(name: str) -> None:
    """Another person sits down at this machine."""
    st.session_state[_NAME] = name.strip()
