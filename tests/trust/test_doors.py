"""Markup has one door to a page; nothing that is installed is under a licence we cannot pass on; nothing is sent anywhere."""

import re
import subprocess
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
DOOR = ROOT / "gdcore" / "ui" / "html.py"
SOURCES = [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "gdcore").rglob("*.py")]
# Where a text of our own, no word of it from a file or a person, becomes markup or script.
OWN = {
    ("shell.py", "st.html(_STYLE)"),
    ("shell.py", "st.html(_LANGUAGE,"),
    ("person.py", "st.html(_keep("),
    ("entry.py", "st.html(_KEEP_ADDRESS,"),
    ("entry.py", "st.html(_GO_BACK,"),
}


def test_markup_goes_through_one_door():
    found = {
        (path.name, match.group())
        for path in SOURCES
        if path != DOOR
        for match in re.finditer(
            r"unsafe_allow_html|st\.html\([\w.]+[(,)]?|components\.|st\.iframe\(", path.read_text("utf-8")
        )
    }
    assert found - OWN == set()


def test_no_dependency_is_under_the_affero_licence():
    installed = closure("disclosure-desk")
    assert len(installed) > 60
    assert [name for name, found in installed.items() if re.search(r"AGPL|Affero", licence(found), re.IGNORECASE)] == []


def test_every_dependency_is_pinned():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {plain(line.partition("==")[0]) for line in lines if "==" in line}
    assert {name for name in closure("disclosure-desk") if name not in pinned} == {"disclosure-desk"}


def closure(name: str) -> dict[str, Distribution]:
    """All that an installation with every extra but dev consists of."""
    found: dict[str, Distribution] = {}
    wanted = [(name, frozenset({"ocr", "samples", "postgres", "cluster", "objects", "office"}))]
    while wanted:
        each, extras = wanted.pop()
        key = plain(each)
        if key in found:
            continue
        try:
            found[key] = distribution(each)
        except PackageNotFoundError:  # of another system
            continue
        for line in found[key].requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or any(requirement.marker.evaluate({"extra": e}) for e in extras | {""}):
                wanted.append((requirement.name, frozenset(requirement.extras)))
    return found


def plain(name: str) -> str:
    """A name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(found: Distribution) -> str:
    said = found.metadata
    return " ".join(
        [said.get("License-Expression") or "", said.get("License") or "", *(said.get_all("Classifier") or ())]
    )


OFFLINE = """
import sys
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind") and not str(args[-1]).startswith("/"):
        print("SENT", event, args[1:], flush=True)
        raise OSError("no network")
sys.addaudithook(watch)
"""


@pytest.mark.parametrize("command", [("check", "{file}"), ("import", "{file}")], ids=["check", "import"])
def test_nothing_is_sent_anywhere(command, tmp_path):
    file = next((ROOT / "data" / "reports").glob("*.docx"))
    arguments = [word.format(file=file) for word in command]
    code = OFFLINE + f"from gdcore.cli import main; sys.argv = ['gdcheck', *{arguments!r}]; main()"
    environment = {"GDCORE_DATA": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "SENT" not in ended.stdout + ended.stderr
    assert ended.returncode in (0, 1), ended.stderr


def test_the_watch_over_the_network_notices():
    code = OFFLINE + "import socket\ntry: socket.create_connection(('127.0.0.1', 9))\nexcept OSError: pass"
    assert "SENT" in subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
