"""Pages write through one door: nothing of the interface calls what changes the store by itself."""

import ast
import tomllib
from pathlib import Path

import pytest
from showing import ROOT
from streamlit import config

from gdcore.acting import Hand

UI = [*sorted((ROOT / "gdcore" / "ui").glob("*.py")), *sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"]
# What changes the store, the settings of the office or the outside world; under whichever module they are reached.
WRITING = {
    "gdcore.intake": None,  # the whole module
    "gdcore.line": None,
    "gdcore.arrival": None,
    "gdcore.correcting": None,
    "gdcore.assessing": None,
    "gdcore.backup": None,
    "gdcore.store.decisions": {"decide", "decide_each", "return_reports", "amend", "annotate", "end_waivers", "carry"},
    "gdcore.store.progress": {"move_filings", "move_each", "step_filings", "begin_review", "arrive", "leave"},
    "gdcore.store.intake_rows": {
        "open_batch",
        "enqueue",
        "add_refused",
        "claim",
        "settle_all",
        "point",
        "dismiss_files",
    },
    "gdcore.store.roster": {"take", "enter_agency", "enter_agencies", "forget_idle_agency"},
    "gdcore.store.samples": {"clear_samples"},
    "gdcore.store.publication_rows": {"register", "add_look"},
    "gdcore.store.mends": {"add", "end"},
    "gdcore.store.originals": {"keep", "forget", "unpack", "place"},
    "gdcore.store.states": {"write", "refresh_lines"},
    "gdcore.store.filing": {"save", "save_all", "remove", "replace_check"},
    "gdcore.store.audit": {"record", "record_all"},
    "gdcore.store.people": {"invite", "change", "unbind"},
    "gdcore.looking": {"allow", "look_all", "begin"},
    "gdcore.gate": {"allow"},
    "gdcore.rounds": {"start", "stop", "forget"},
    "gdcore.trial": {"run"},
    "gdcore.profile": {"save_switches"},
}
QUERIES = {
    "amend", "annotate", "clear_samples", "decide", "decide_each", "dismiss_files", "end_waivers", "move_each",
    "move_filings", "register_publications", "return_reports",
}  # fmt: skip
WRITING["gdcore.store.queries"] = QUERIES


def reached(path: Path) -> set[str]:
    """The full names of what a module imports, and of what it takes from modules that it imports."""
    tree = ast.parse(path.read_text("utf-8"))
    modules: dict[str, str] = {}
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                found.add(f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                modules[alias.asname or alias.name] = alias.name
                found.add(alias.name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            found.add(f"{modules[node.value.id]}.{node.attr}")
    return found


def forbidden(names: set[str]) -> set[str]:
    whole = {module for module, functions in WRITING.items() if functions is None}
    single = {f"{module}.{name}" for module, functions in WRITING.items() if functions for name in functions}
    return {n for n in names if n in single or any(n == m or n.startswith(f"{m}.") for m in whole)}


@pytest.mark.parametrize("path", UI, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_interface_changes_nothing_by_itself(path):
    assert forbidden(reached(path)) == set()


@pytest.mark.parametrize("path", UI, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_interface_opens_no_transaction(path):
    text = path.read_text("utf-8")
    assert not any(word in text for word in (".writing(", ".reading(", "sqlalchemy", "open_batch"))


@pytest.mark.parametrize("path", UI, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_only_the_query_layer_asks_the_store(path):
    """Elsewhere an open store serves for its settings and scheme, and for letters, whose agencies the layer names."""
    if path.name in ("query.py", "opened.py", "person.py"):
        return
    assert not any(name.startswith("gdcore.store.queries") for name in reached(path))
    lines = [line for line in path.read_text("utf-8").splitlines() if "query.store()" in line]
    free = (
        "query.store().settings",
        "letters.return_notices(",
        "letters.reminders(",
        "bulletins.draft(",
        "roster.plan(",
    )
    assert [
        line for line in lines if not any(word in line for word in free) and "store = query.store()" not in line
    ] == []


def test_the_names_on_the_list_exist():
    import importlib

    for module, functions in WRITING.items():
        held = importlib.import_module(module)
        for name in functions or ():
            assert hasattr(held, name), f"{module}.{name}"


def test_a_slip_would_be_found(tmp_path):
    slip = tmp_path / "slip.py"
    slip.write_text("from gdcore.store import queries\nqueries.decide_each(1)\nfrom gdcore import intake\n", "utf-8")
    assert forbidden(reached(slip)) == {"gdcore.store.queries.decide_each", "gdcore.intake"}


def test_nothing_of_the_data_folder_is_served_as_a_file():
    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        server = tomllib.load(file)["server"]
    assert server["address"] == "127.0.0.1"
    assert not {"enableStaticServing", "trustedUserHeaders", "enableXsrfProtection", "enableCORS"} & set(server)
    assert config.get_option("server.enableStaticServing") is False
    assert config.get_option("server.enableXsrfProtection") is True


def test_every_act_asks_who_acts():
    """Each public method of the door goes over one of the checks before it does anything."""
    tree = ast.parse((ROOT / "gdcore" / "acting.py").read_text("utf-8"))
    (hand,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == Hand.__name__)
    asks = ("_permitted", "_report", "_files", "_filings", "_other", "_require_round")
    for method in hand.body:
        if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
            called = [n.attr for n in ast.walk(method) if isinstance(n, ast.Attribute)]
            assert any(name in called for name in asks), method.name
