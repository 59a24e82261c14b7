"""Signing out is the last thing that a run of a page does."""

from streamlit.testing.v1 import AppTest

from gdcore.ui import person


def left():
    """A page with something below the way out."""
    import streamlit as st

    from gdcore.ui import person

    st.text("before")
    person.leave()
    st.text("after")


def test_nothing_runs_after_it(monkeypatch):
    gone = []
    monkeypatch.setattr(person.opened, "store", lambda: None)
    monkeypatch.setattr(person, "_token", lambda: "token")
    monkeypatch.setattr(person.people, "leave", lambda store, token: gone.append(token))
    page = AppTest.from_function(left).run()
    assert gone == ["token"]
    assert [text.value for text in page.text] == ["before"]
