"""The address bar: filters and selections are kept in it as codes, so that every view can be sent as a link."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

_MANY = ","
_PAGE = "page"  # another filter has other pages: it begins at the first


def get(name: str, default: str = "") -> str:
    """A value of the address."""
    return st.query_params.get(name, default)


def codes(name: str) -> list[str]:
    """The codes of a value of the address that can hold several."""
    return get(name).split(_MANY)


def put(**values: object) -> None:
    """Set values of the address; None, "" and empty lists take one out."""
    for name, value in values.items():
        shown = _MANY.join(map(_code, value)) if isinstance(value, (list, tuple)) else _code(value)
        if shown:
            st.query_params[name] = shown
        elif name in st.query_params:
            del st.query_params[name]


def clear(*names: str) -> None:
    """Take values out of the address."""
    put(**dict.fromkeys(names))


def one(key: str, name: str, allowed: Collection[Any], default: Any = None) -> dict[str, Any]:
    """What ties a single-choice widget to the address: its key and on_change; codes in, codes out.

    `allowed` holds the options; a value of the address that is none of them gives the default.
    """
    codes = {_code(option): option for option in allowed}
    _sync(key, name, lambda raw: codes.get(raw, default))
    if st.session_state[key] not in allowed:
        st.session_state[key] = default
    return {"key": key, "on_change": write, "args": (key, name, default)}


def many(key: str, name: str, allowed: Collection[Any]) -> dict[str, Any]:
    """The same for a widget with several choices."""
    codes = {_code(option): option for option in allowed}
    _sync(key, name, lambda raw: [codes[code] for code in raw.split(_MANY) if code in codes])
    st.session_state[key] = [value for value in st.session_state[key] if value in allowed]
    return {"key": key, "on_change": write, "args": (key, name, None)}


def words(key: str, name: str) -> dict[str, Any]:
    """The same for a text field."""
    _sync(key, name, lambda raw: raw)
    return {"key": key, "on_change": write, "args": (key, name, None)}


def write(key: str, name: str, default: Any = None) -> None:
    """Put a widget's value into the address; the on_change of every tied widget."""
    value = st.session_state[key]
    put(**{name: None if value == default else value})
    if name != _PAGE:
        clear(_PAGE)
    st.session_state[f"{key}:seen"] = get(name)


def _code(value: object) -> str:
    """90.0 → 90: a number has one code."""
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _sync(key: str, name: str, read: Callable[[str], Any]) -> None:
    """Take the widget's value from the address when the page opens, and when the address was changed from outside."""
    raw, seen = get(name), f"{key}:seen"
    if key not in st.session_state or st.session_state.get(seen) != raw:
        st.session_state[key] = read(raw)
        st.session_state[seen] = raw
