"""The open store of the settings in force, and its answers in one bounded cache: short-lived, emptied after every change."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gdcore import settings
from gdcore.settings import Settings
from gdcore.store import Store, open_store, queries

STORES = 4
_FRESH_SECONDS = 5  # how long another person's change may stay unseen
_LASTING_SECONDS = 60  # the same for another person's change of a large roster
_ANSWERS = 256


def store() -> Store:
    """The open store."""
    return _open(settings.load())


@st.cache_resource(max_entries=STORES, show_spinner=False, hash_funcs={Settings: repr})
def _open(chosen: Settings) -> Store:
    return open_store(chosen)


# Answers are shared, not copied: to pack and unpack a report or a thousand rows costs more than to ask. They are read only.
@st.cache_resource(ttl=_FRESH_SECONDS, max_entries=_ANSWERS, show_spinner="正在读取…")
def _answer(database: str, question: str, arguments: tuple[Any, ...], words: dict[str, Any]) -> Any:
    return getattr(queries, question)(store(), *arguments, **words)


def ask(question: str, *arguments: Any, **words: Any) -> Any:
    """What `queries` answers: of all agencies, so that whoever asks narrows the question or the answer."""
    return _answer(settings.load().database_url, question, arguments, words)


# What follows from the roster alone: where there are many agencies it takes long to ask and changes seldom.
@st.cache_resource(ttl=_LASTING_SECONDS, max_entries=_ANSWERS, show_spinner="正在读取…")
def _lasting_answer(database: str, question: str, arguments: tuple[Any, ...]) -> Any:
    return getattr(queries, question)(store(), *arguments)


def ask_lasting(question: str, *arguments: Any) -> Any:
    """The same, kept longer; a roster that is imported here is seen at once."""
    return _lasting_answer(settings.load().database_url, question, arguments)


def refresh_roster() -> None:
    """Forget what follows from the roster: it was changed."""
    _lasting_answer.clear()
    refresh()


def refresh() -> None:
    """Forget all answers: something was changed."""
    _answer.clear()
