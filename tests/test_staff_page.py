"""人员 on 管理, and the verbs of `gdcheck people`: who is let in, changed, disabled; the last administrator stays."""

import desk
import pytest
from showing import alone, words
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from gdcore import cli
from gdcore import roster as files
from gdcore.roles import Role
from gdcore.store import audit, people, roster
from gdcore.ui import entry, person, query

AUTH = {
    "redirect_uri": "https://desk.example/oauth2callback",
    "cookie_secret": "x" * 32,
    "client_id": "desk",
    "client_secret": "secret",
    "server_metadata_url": "https://id.example/.well-known/openid-configuration",
}
EMAIL = "chief@city.example"


@pytest.fixture
def store(tmp_path, monkeypatch):
    """An office with one administrator, who is signed in, and one reviewer of a county."""
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    monkeypatch.setenv("GDCORE_MODE", "office")
    query.refresh()
    opened = query.store()
    lines = f"单位名称,编号,类型\n云泽县人民政府,Y,政府\n{desk.EAST},E,\n"
    roster.take(opened, files.parse(lines.encode(), "名录.csv").entries)
    people.invite(opened, "命令行", "总管", EMAIL, Role.ADMIN)
    people.invite(opened, "命令行", "周岚", "zl@city.example", Role.REVIEWER, "Y")
    claims = {"is_logged_in": True, "iss": "i", "sub": "s", "email": EMAIL, "iat": int(people.now().timestamp())}
    monkeypatch.setattr(person, "claims", lambda: claims)
    monkeypatch.setattr(entry, "_secrets", lambda: AUTH)
    query.refresh()
    return opened


def dialog(code, email="zl@city.example"):
    """The dialog of an act, opened in each run, as tests of the other dialogs do."""

    def script():
        import streamlit as st

        from gdcore.ui import query, staff

        row = next(row for row in query.staff() if row.email == st.session_state["email"])
        here = st.session_state["here"]
        if st.session_state["code"] == "invite":
            staff.invite(here)
        else:
            staff.begin(st.session_state["code"], row, here)

    app = AppTest.from_function(script, default_timeout=30)
    app.session_state["code"], app.session_state["email"] = code, email
    app.session_state["here"] = people.by_email(query.store(), EMAIL).person
    alone("overview")  # whoever acts has come in
    app.run()
    assert not app.exception, app.exception
    return app


def submit(app, **answers):
    fields = [*app.text_input, *app.selectbox]
    for name, value in answers.items():
        next(field for field in fields if field.key.endswith(f"_{name}")).set_value(value)
    app.button(key="decide_submit").click()
    app.run()
    assert not app.exception, app.exception
    return app


def test_the_page_lists_the_people(store):
    app = alone("admin")
    frame = app.dataframe[0].value
    assert frame["姓名"].tolist() == ["周岚", "总管"]
    assert frame["角色"].tolist() == ["初审", "管理"]
    assert frame["负责范围"].tolist() == ["云泽县人民政府", "全部单位"]
    assert frame["状态"].tolist() == ["待首次登录", "正常"]
    assert "登记人员…" in [button.label for button in app.button]


def test_someone_is_entered(store):
    submit(dialog("invite"), name="陈思", email="cs@city.example", role="approver", scope="E")
    row = people.by_email(store, "cs@city.example")
    assert (row.name, row.role, row.scope) == ("陈思", Role.APPROVER, "E")
    newest = next(audit.entries(store, 1))
    assert (newest.actor, newest.action) == ("总管", "person")


def test_among_many_bodies_a_region_is_found_by_a_piece_of_its_name(store, monkeypatch):
    monkeypatch.setattr(query, "MANY", 1)
    app = dialog("change")
    scope = next(field for field in app.selectbox if field.key.endswith("_scope"))
    assert scope.options == ["全部单位", "云泽县人民政府"]  # that which the person has
    app.text_input(key="admin_scope_words").set_value("东关").run()
    submit(app, scope="E")
    assert people.by_email(store, "zl@city.example").scope == "E"


def test_role_and_region_are_changed(store):
    submit(dialog("change"), role="admin", scope="")
    row = people.by_email(store, "zl@city.example")
    assert (row.name, row.role, row.scope) == ("周岚", Role.ADMIN, None)


def test_someone_is_disabled_and_comes_back(store):
    submit(dialog("disable"))
    assert people.by_email(store, "zl@city.example").disabled
    submit(dialog("enable"))
    assert not people.by_email(store, "zl@city.example").disabled


def test_the_last_administrator_cannot_go(store):
    for app in (submit(dialog("disable", EMAIL)), submit(dialog("change", EMAIL), role="viewer")):
        assert "最后一位" in app.error[0].value
    assert people.by_email(store, EMAIL).person.role is Role.ADMIN


def test_what_is_missing_is_told(store):
    app = submit(dialog("invite"), name="陈思")
    assert "请填写登录账号的邮箱" in app.error[0].value
    assert len(people.listing(store)) == 2


def test_a_local_desk_has_no_list_of_people(store, monkeypatch):
    monkeypatch.setenv("GDCORE_MODE", "local")
    query.refresh()
    app = alone("admin")
    assert "人员" not in [header.value for header in app.header]
    assert "导入名录" in words(app)


# --- the command line -------------------------------------------------------------------------------------------------


def run(*words, status=0):
    done = CliRunner().invoke(cli.app, ["people", *words])
    assert done.exit_code == status, done.output
    return done.output


def test_the_first_administrator_is_made_on_the_command_line(tmp_path, monkeypatch):
    monkeypatch.setenv("GDCORE_DATA", str(tmp_path))
    run("add", "--email", "li@city.example", "--name", "李明", "--role", "admin")
    opened = desk.open_desk(tmp_path)
    (row,) = people.listing(opened)
    assert (row.name, row.role, row.scope) == ("李明", Role.ADMIN, None)
    assert "李明\tli@city.example\tadmin\t全部单位\t待首次登录" in run("list")
    assert [entry.actor for entry in audit.entries(opened)] == ["命令行"]
    opened.close()


def test_people_are_changed_on_the_command_line(store):
    run("set", "--email", "zl@city.example", "--role", "approver", "--scope", desk.EAST)
    row = people.by_email(store, "zl@city.example")
    assert (row.role, row.scope) == (Role.APPROVER, "E")
    run("set", "--email", "zl@city.example", "--everyone", "--disable")
    row = people.by_email(store, "zl@city.example")
    assert (row.scope, row.disabled) == (None, True)
    run("set", "--email", "zl@city.example", "--enable")
    run("reset", "--email", "zl@city.example")
    assert not people.by_email(store, "zl@city.example").disabled


def test_who_is_not_known_is_told(store):
    done = CliRunner().invoke(cli.app, ["people", "set", "--email", "x@city.example", "--disable"])
    assert "没有邮箱为 x@city.example 的人员" in str(done.exception)
    done = CliRunner().invoke(
        cli.app, ["people", "add", "--email", "a@b.example", "--name", "甲", "--role", "viewer", "--scope", "没有"]
    )
    assert "名录中没有“没有”" in str(done.exception)
