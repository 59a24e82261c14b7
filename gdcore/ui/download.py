"""Buttons whose file is made when they are pressed, and stays until it has been fetched."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx


def button(label: str, make: Callable[[], bytes], *, file_name: str, mime: str, key: str, **shown: Any) -> None:
    """A button that makes a file and gives it to the browser; the page is not run for it."""
    kept = _kept(make, file_name, mime, key)
    st.download_button(label, kept, file_name=file_name, mime=mime, key=key, on_click="ignore", **shown)


def _kept(make: Callable[[], bytes], file_name: str, mime: str, key: str) -> Callable[[], bytes]:
    """What makes the file and lets the session hold on to it until its page is run anew.

    Streamlit holds on to none that is made on a press: the second run of a page that ends anywhere throws it away, which
    among many people comes before the browser has asked for it.
    """
    session = get_script_run_ctx(suppress_warning=True)

    def hold(data: bytes) -> None:
        runtime.get_instance().media_file_mgr.add(data, mime, key, file_name, is_for_static_download=True)

    def made() -> bytes:
        data = make()
        if session and runtime.exists() and runtime.get_instance().is_active_session(session.session_id):
            # a thread of its own: the one that makes files serves all sessions and must belong to none
            holding = threading.Thread(target=hold, args=(data,))
            add_script_run_ctx(holding, session)
            holding.start()
            holding.join()
        return data

    return made
