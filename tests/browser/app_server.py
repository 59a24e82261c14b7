"""The app on a free loopback port with a desk of its own, and a chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
PATIENCE_MS = 60_000
CALM_MS = 500
_STILL = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
    && !!document.querySelector('h1') && !document.querySelector('[data-testid=stSkeleton]')"""


def chromium() -> str | None:
    """The browser named by CHROMIUM, else the system's; None if there is none."""
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def served(data: Path, secrets: Callable[[str], str] | None = None, **environment: str) -> Iterator[str]:
    """The address of a fresh server process over the desk in `data`; `secrets` makes its secrets.toml of the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {"GDCORE_DATA": str(data), "GDCORE_WORKERS": "1"} | environment
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    if secrets is not None:
        file = data / "secrets.toml"
        file.write_text(secrets(address), "utf-8")
        command += ["--secrets.files", str(file)]
    with (data / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def settled(page: Any) -> None:
    """Until a page has run to its end and says no more for a while: a cold one begins anew once."""
    for _ in range(2):
        page.wait_for_function(_STILL, timeout=PATIENCE_MS)
        page.wait_for_timeout(CALM_MS)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers. Only its health is asked: no page runs, so that the first visit is a cold one."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the app did not start, see {server.args}")
