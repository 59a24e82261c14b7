"""HTML whose every value is escaped, and markdown made harmless: the one door through which markup reaches a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Literal

import streamlit as st

_VOID = frozenset({"br", "img", "col"})
# What streamlit's markdown acts on: emphasis, links, directives (:red[…], :material/…:), maths, code, tables, HTML.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")
# Addresses become links even where their signs are escaped, but not across two pieces of text.
_ADDRESS = re.compile(r"(?<=http)(?=s?\\:)|(?<=www)(?=\\\.)|(?=@)", re.IGNORECASE)
_PARTED = "<!-- -->"


class Html(str):
    """A piece of finished markup. Only `el` and `join` make one, so text that came from a file is always escaped."""

    __slots__ = ()


def text(value: object) -> Html:
    """`value` as text of a page."""
    return value if isinstance(value, Html) else Html(html.escape(str(value)))


def join(pieces: Iterable[object], separator: str = "") -> Html:
    """Pieces one after the other, each escaped unless it is markup already."""
    return Html(html.escape(separator).join(text(piece) for piece in pieces))


def el(name: str, *children: object, **attributes: object) -> Html:
    """An element. In attribute names a trailing underscore is dropped, others become hyphens; None leaves one out."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    return Html(f"<{name}{shown}>" if name in _VOID else f"<{name}{shown}>{join(children)}</{name}>")


def show(markup: Html, width: Literal["stretch", "content"] | int = "stretch") -> None:
    """Put markup on the page. Takes `Html` alone: mypy refuses a plain string."""
    if markup:
        st.html(markup, width=width)


def md(value: object) -> str:
    """`value` for a label, caption, badge or st.markdown: shown as it is written, on one line."""
    return _ADDRESS.sub(_PARTED, _MARKDOWN.sub(r"\\\1", re.sub(r"\s+", " ", str(value))))


def icon(name: str) -> Html:
    """An icon of the font that streamlit brings; hidden from screen readers and translators."""
    return el("span", name, class_="icon", aria_hidden="true", translate="no")
