"""Who is at the desk: the name that stands in every record, the role and the region, and the hand that acts for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

import streamlit as st

from gdcore import roles, settings
from gdcore.acting import Hand
from gdcore.roles import ROLE_NAMES, Action, Person
from gdcore.settings import Mode
from gdcore.store import people
from gdcore.store.people import LONGEST_NAME, NotPresent, Token
from gdcore.ui import opened
from gdcore.ui.html import Html, el, md, show

_NAME = "person_name"
_FIELD = "person_field"
_KNOWN = "person_known"
_UNNAMED = "本机用户"
_FRESH_SECONDS = 5  # how long a role that was taken away may still be seen by; acts ask at once
_WATCH_SECONDS = 30  # after which a page that nobody touches finds out that its sign-in has ended
# Kept in the browser, so that a page that is opened anew still knows who sits before it.
_COOKIE = "desk_person"
_COOKIE_SECONDS = 180 * 24 * 3600
# Downloads are made when their button is pressed, in a thread that knows no session: who asks is carried along.
_speaking: ContextVar[Callable[[], Person] | None] = ContextVar("speaking", default=None)


# --- who --------------------------------------------------------------------------------------------------------------


def who() -> Person:
    """The person of this session, as they were known at most a few seconds ago. Raises NotPresent outside of a page."""
    speaking = _speaking.get()
    if speaking is not None:
        return speaking()
    known: tuple[float, str, Person] | None = st.session_state.get(_KNOWN)
    if settings.load().mode is Mode.LOCAL:
        return roles.operator(_name())
    if known and known[0] > time.monotonic() - _FRESH_SECONDS and known[1] == _key():
        return known[2]
    try:
        return _remember(fresh())
    except NotPresent:
        st.rerun()  # the page says why; in a callback, where it cannot, this does nothing
        raise


def fresh() -> Person:
    """The same, asked of the store this moment. Raises NotPresent."""
    return _witness()()


def may(action: Action) -> bool:
    """Whether the person may do this at all."""
    return who().may(action)


def actor() -> str:
    """The name under which this session acts."""
    return who().name


def hand() -> Hand:
    """What does things under the person's name, where role and region permit them."""
    return Hand(opened.store(), fresh)


def later(make: Callable[[], bytes], action: Action = Action.VIEW) -> Callable[[], bytes]:
    """What a download button is given: asks again who presses it, and makes the file for them."""
    witness = _witness()

    def made() -> bytes:
        witness().require(action)
        bound = _speaking.set(witness)
        try:
            return make()
        finally:
            _speaking.reset(bound)

    return made


def enter() -> Person:
    """Who opens a page: keeps the sign-in from ending. Raises NotPresent."""
    if settings.load().mode is Mode.LOCAL:
        return who()
    return _remember(people.enter(opened.store(), _token()))


def leave() -> None:
    """Sign out: here, in this browser, and at the identity provider where it offers that."""
    people.leave(opened.store(), _token())
    st.session_state.clear()
    st.logout()
    # whatever begins the run anew drops the message that takes the browser away
    st.stop()


def claims() -> Mapping[str, Any]:
    """What the identity provider said of the one who signed in."""
    return st.user.to_dict()


def is_signed_in() -> bool:
    """Whether anyone signed in with the identity provider in this browser."""
    return bool(claims().get("is_logged_in"))


def _witness() -> Callable[[], Person]:
    """What tells who this session's person is, wherever it is asked."""
    if settings.load().mode is Mode.LOCAL:
        name = _name()
        return lambda: roles.operator(name)
    token = _token()
    return lambda: people.present(opened.store(), token)


def _token() -> Token:
    given = claims()
    if not given.get("is_logged_in") or not all(given.get(name) for name in ("iss", "sub", "iat")):
        raise NotPresent("还没有登录。", again=True)
    # where a provider says nothing of it, it is the office's own and gives out the addresses itself
    vouched = given.get("email_verified", True) in (True, "true")
    return Token(
        issuer=str(given["iss"]),
        subject=str(given["sub"]),
        email=str(given.get("email") or "") if vouched else "",
        issued=datetime.fromtimestamp(int(given["iat"]), UTC),
        nonce=str(given.get("nonce") or ""),
    )


def _key() -> str:
    try:
        return _token().key
    except NotPresent:
        return ""


def _remember(person: Person) -> Person:
    st.session_state[_KNOWN] = (time.monotonic(), _key(), person)
    return person


# --- the card in the sidebar ------------------------------------------------------------------------------------------


def card() -> None:
    """Who is at the desk, and the way to change it."""
    if settings.load().mode is Mode.OFFICE:
        _signed_in(who())
        return
    with st.popover(md(f"经办人：{actor()}"), icon=":material/person:", type="tertiary", key="person_card"):
        st.text_input("经办人姓名", value=actor(), max_chars=LONGEST_NAME, key=_FIELD, on_change=_rename)
        st.caption("确认、下发、核验、批准等记录都署此名。换人操作时请先更改。")
    if _NAME in st.session_state:
        st.html(_keep(st.session_state[_NAME]), unsafe_allow_javascript=True)


def _signed_in(person: Person) -> None:
    with st.container(key="person_signed_in", gap="small"):
        show(el("p", el("b", person.name), f" · {ROLE_NAMES[person.role]}", class_="say"))
        show(el("p", f"范围：{person.scope_name or '全部单位'}", class_="say muted"))
        if st.button("退出", icon=":material/logout:", type="tertiary", key="person_leave"):
            leave()
    st.fragment(_watch, run_every=min(_WATCH_SECONDS, settings.load().idle.total_seconds()))(person)


def _watch(drawn: Person) -> None:
    """A page that lies open is drawn anew when its sign-in ends, or when role or region were changed."""
    try:
        if fresh() == drawn:
            return
    except NotPresent:
        pass
    st.rerun()


def rename(name: str) -> None:
    """Another person sits down at this machine."""
    st.session_state[_NAME] = name.strip()[:LONGEST_NAME]


def _rename() -> None:
    rename(st.session_state[_FIELD])


def _name() -> str:
    return str(st.session_state.get(_NAME) or _remembered() or settings.load().operator or _UNNAMED)


def _remembered() -> str:
    kept = st.context.cookies.get(_COOKIE)
    # a page that runs without a browser (in tests) has cookies that are no text
    return unquote(kept)[:LONGEST_NAME] if isinstance(kept, str) else ""


def _keep(name: str) -> Html:
    """The script that keeps a name; percent-encoded, it holds no character that could end the string."""
    value = quote(name, safe="")
    return Html(
        f"<script>document.cookie = '{_COOKIE}={value}; max-age={_COOKIE_SECONDS}; path=/; SameSite=Lax'</script>"
    )
