"""Runs a command against a PostgreSQL server of its own: `python tests/postgres.py pytest tests/store`.

The server listens on a socket in a temporary folder and nowhere else. The command finds it in GDCORE_DATABASE_URL, where each
data folder gets a schema of its own. PostgreSQL refuses to run as root, so root hands it to the user postgres.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


def main(command: list[str]) -> int:
    """Start, run, stop; the command's exit status."""
    folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
    try:
        if _as_root():
            shutil.chown(folder, "postgres")
        _run("initdb", "-D", str(folder / "data"), "-U", "desk", "--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8")
        settings = [f"-c {name}={value}" for name, value in _SETTINGS.items()]
        options = " ".join([f"-k {folder} -c listen_addresses=", *settings])
        _run("pg_ctl", "-D", str(folder / "data"), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            address = f"postgresql+psycopg://desk@/postgres?host={quote(str(folder), safe='')}"
            address += "&options=-csearch_path%3D{desk}"
            return subprocess.run(command, env=os.environ | {"GDCORE_DATABASE_URL": address}, check=False).returncode
        finally:
            _run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_root() -> bool:
    return os.geteuid() == 0


def _run(program: str, *arguments: str) -> None:
    command = [_program(program), *arguments]
    if _as_root():
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _program(name: str) -> str:
    """Debian keeps the server's programs out of the PATH."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which(name) or next((str(home / name) for home in homes if (home / name).exists()), None)
    if found is None:
        raise SystemExit(f"{name} is missing: install PostgreSQL (Debian: apt-get install postgresql)")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
