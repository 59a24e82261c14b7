"""What tests of steps in the interface share: a desk with faults, ticks in its grids, dialogs that are answered."""

from datetime import date, timedelta
from types import SimpleNamespace

import desk
import streamlit
from streamlit.testing.v1 import AppTest

from gdcore.store import queries
from gdcore.store.rows import Duty, FindingFilter
from gdcore.ui import query
from gdcore.workdays import Calendar

TODAY = date.today()
CALENDAR = Calendar()
SECONDS = 30


def faulty_desk(folder, monkeypatch):
    """A desk of two agencies with faults, in force for pages; nothing is decided."""
    monkeypatch.setenv("GDCORE_DATA", str(folder))
    query.refresh()
    opened = query.store()
    desk.take(
        opened, ("东关.txt", desk.unbalanced()), ("白鹭湾.txt", desk.report(desk.BAY, kind="township", drop=["s6"]))
    )
    query.refresh()
    return opened


def mark(store, rule, agency=desk.EAST):
    return queries.findings(store, FindingFilter(year=2023, rules=(rule,), agencies=(agency,))).rows[0].fingerprint


def decided(store, marks, state, actor="周岚", reason="", **duty):
    queries.decide(store, marks, state, actor, reason, duty=Duty(**duty))
    query.refresh()


def issued(store, *marks, due=TODAY + timedelta(days=9), **duty):
    decided(store, marks, "confirmed")
    decided(store, marks, "issued", due=due, **duty)


def state(store, fingerprint):
    return queries.findings(store, FindingFilter(fingerprints=(fingerprint,))).rows[0].state


def line(store, fingerprint):
    return queries.lines(store, [fingerprint])[fingerprint]


# --- what pages show and offer ----------------------------------------------------------------------------------------


def ticking(monkeypatch):
    """What ticks the rows with these numbers in every grid, which AppTest cannot do."""
    shown = streamlit.dataframe

    def tick(*numbers):
        def dataframe(*arguments, **keywords):
            shown(*arguments, **keywords)
            return SimpleNamespace(selection=SimpleNamespace(rows=list(numbers), cells=[]))

        monkeypatch.setattr(streamlit, "dataframe", dataframe)

    return tick


def popovers(app):
    return [block.proto.popover.label for block in app.get("popover")]


def buttons(app):
    return {button.key: button.label for button in app.button}


def again(app):
    """The same session, its page drawn anew."""
    app.run()
    assert not app.exception, app.exception
    return app


# --- dialogs ----------------------------------------------------------------------------------------------------------
# A dialog is drawn again only by the browser, so here it is opened in each run, for what is told in the session.


def finding_dialog():
    import streamlit as st

    from gdcore.store.rows import FindingFilter
    from gdcore.ui import decide, query

    rows = st.session_state.get("rows") or query.every_finding(FindingFilter(fingerprints=st.session_state["marks"]))
    for choice in decide.choices(rows):
        if choice.act.code == st.session_state["code"]:
            decide.begin(choice)


def dialog(script, code, actor="周岚", **session):
    app = AppTest.from_function(script, default_timeout=SECONDS)
    for name, value in ({"code": code, "person_name": actor} | session).items():
        app.session_state[name] = value
    return again(app)


def submit(app, **answers):
    """Answer the fields (by what the key ends in) and press the button."""
    fields = [*app.text_input, *app.text_area, *app.date_input, *app.selectbox]
    for name, value in answers.items():
        next(field for field in fields if field.key.endswith(f"_{name}")).set_value(value)
    app.button(key="decide_submit").click()
    return again(app)


def filing_dialog():
    import streamlit as st

    from gdcore.ui import filings, query

    standing = query.filings(2023)
    rows = [standing[key] for key in st.session_state["agencies"]]
    for choice in filings.choices(rows, 2023):
        if choice.act.code == st.session_state["code"]:
            filings.begin(choice)
