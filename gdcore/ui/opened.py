"""The open store of the settings in force: what asking and acting both stand on."""

from __future__ import annotations

import streamlit as st

from gdcore import settings
from gdcore.settings import Settings
from gdcore.store import Store, open_store

STORES = 4


def store() -> Store:
    """The open store."""
    return _open(settings.load())


@st.cache_resource(max_entries=STORES, show_spinner=False)
def _open(chosen: Settings) -> Store:
    return open_store(chosen)
