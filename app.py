"""The router of 年报核查台 · Disclosure Desk: `streamlit run app.py`."""

from gdcore.ui import shell

shell.route()
