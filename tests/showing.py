"""What tests of pages share: a page run alone or through app.py, what it says."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parent.parent
SECONDS = 30


def alone(page: str, /, **address: str) -> AppTest:
    """A page run as a script of its own, as a cold deep link does."""
    return run(AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=SECONDS), address)


def routed(page: str, /, **address: str) -> AppTest:
    """A page reached through app.py."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS).run()
    return run(app if page == "overview" else app.switch_page(f"pages/{page}.py"), address)


def run(app: AppTest, address: dict[str, str]) -> AppTest:
    """The page with this address, without a fault."""
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    assert not app.error, [e.value for e in app.error]
    return app


def words(app: AppTest) -> str:
    """All that a page says in markdown and HTML."""
    shown = [*app.markdown, *app.caption, *app.title, *app.header, *app.get("html")]
    return "\n".join(str(getattr(e, "value", None) or getattr(e.proto, "body", "")) for e in shown)


def links(app: AppTest) -> dict[str, str]:
    """The links of a page: label → address."""
    return {link.proto.label: f"{link.proto.page}?{link.proto.query_string}" for link in app.get("page_link")}
