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
    with Server() as server:
        environment = os.environ | {"GDCORE_DATABASE_URL": server.address}
        return subprocess.run(command, env=environment, check=False).returncode


class Server:
    """A server in a temporary folder: started on entry, gone on exit; may be stopped and started in between."""

    def __enter__(self) -> Server:
        self.folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
        if _as_root():
            shutil.chown(self.folder, "postgres")
        data = str(self.folder / "data")
        _run("initdb", "-D", data, "-U", "desk", "--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8")
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        try:
            if (self.folder / "data" / "postmaster.pid").exists():
                self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def address(self) -> str:
        """Where a desk finds it; each data folder gets a schema of its own."""
        socket = quote(str(self.folder), safe="")
        return f"postgresql+psycopg://desk@/postgres?host={socket}&options=-csearch_path%3D{{desk}}"

    def start(self) -> None:
        """Listen on the socket in the folder."""
        settings = [f"-c {name}={value}" for name, value in _SETTINGS.items()]
        options = " ".join([f"-k {self.folder} -c listen_addresses=", *settings])
        _run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Send everybody away and end."""
        _run("pg_ctl", "-D", str(self.folder / "data"), "-m", "fast", "stop")


def installed() -> bool:
    """Whether there is a server to start on this machine."""
    try:
        return bool(_program("initdb"))
    except SystemExit:
        return False


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
