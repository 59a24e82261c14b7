"""Choosing one of many agencies: by typing a piece of the name, where a list of all would be too long."""

import json

import desk
import pytest
from showing import alone
from streamlit.testing.v1 import AppTest

from gdcore.ui import query

FILES = (
    ("东关.txt", desk.report()),
    ("白鹭湾.txt", desk.report(desk.BAY, kind="township")),
    ("扫描件.txt", desk.report(seed=3, replace={desk.EAST: "本机关"})),
)


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Two agencies, as if they were many, and a file that waits."""
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    monkeypatch.setattr(query, "MANY", 1)
    query.refresh_roster()
    opened = query.store()
    desk.take(opened, *FILES)
    query.refresh_roster()
    yield opened
    query.refresh_roster()


def ran(script, **state):
    app = AppTest.from_function(script, default_timeout=30)
    for name, value in state.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def test_a_report_is_given_to_another_agency(store):
    def script():
        from gdcore.store import queries
        from gdcore.ui import identity, query

        identity.correct(queries.report_view(query.store(), agency_key="云泽县东关街道办事处", year=2023))

    app = ran(script)
    assert app.selectbox(key="identity_agency").options == [desk.EAST]
    app.text_input(key="identity_agency_words").set_value("白鹭").run()
    assert app.selectbox(key="identity_agency").options == sorted([desk.BAY, desk.EAST])
    assert app.selectbox(key="identity_agency").value == desk.EAST


def offered(app):
    """The names that the grid of files to confirm offers."""
    columns = next(c for c in (json.loads(g.proto.columns) for g in app.dataframe) if "把握" in c)
    return columns["单位"]["type_config"]["options"]


def test_names_are_found_for_a_file_that_waits(store):
    app = alone("intake")
    assert offered(app) == []
    app.text_input(key="intake_confirm_words").set_value("白鹭").run()
    assert offered(app) == [desk.BAY]


def test_what_was_set_for_a_file_stays_while_other_names_are_found(store):
    def script():
        import streamlit as st

        from gdcore.ui import inbox, query

        rows = query.waiting()
        st.session_state.setdefault("intake_drafts", {rows[0].intake_id: {"确认": True}})
        st.session_state["grid"] = {"edited_rows": {0: {"单位": "云泽县白鹭湾镇人民政府"}}}
        inbox._keep("grid", rows)
        st.dataframe(inbox._to_confirm(rows, st.session_state["intake_drafts"]))

    line = ran(script).dataframe[0].value.iloc[0]
    assert (line["确认"], line["单位"], line["文件"]) == (True, desk.BAY, "扫描件.txt")


def test_a_pasted_address_of_a_report_that_did_not_pass_is_told_by_name(store):
    def script():
        import streamlit as st

        from gdcore.ui import publishing

        for fault in publishing._not_passed({"云泽县东关街道办事处": "http://a.example", "x": "http://b.example"}, {}):
            st.caption(fault)

    assert [told.value.partition("的报告")[0] for told in ran(script).caption] == [desk.EAST, "x"]
