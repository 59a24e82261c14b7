"""LibreOffice, where it is installed, for files of Word that this project cannot read by itself."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from gdcore.guard.limits import PROGRAMS, more

TIMEOUT: Final = 60  # seconds for one file
# No macros, and nothing fetched that a document links to.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def program() -> str | None:
    """The path of LibreOffice, None where it is not installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def to_docx(data: bytes, filter_name: str) -> bytes | None:
    """`data` as .docx, read by the import filter of that name and no other.

    None when LibreOffice is missing, takes longer than TIMEOUT or makes nothing of the file.
    """
    soffice = program()
    if soffice is None:
        return None
    with tempfile.TemporaryDirectory(prefix="gdcore-", ignore_cleanup_errors=True) as folder:
        source, made, profile = Path(folder, "report.doc"), Path(folder, "out", "report.docx"), Path(folder, "profile")
        source.write_bytes(data)
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
        _run([
            soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
            f"--infilter={filter_name}", "--convert-to", "docx", "--outdir", str(made.parent), str(source),
        ])  # fmt: skip
        return made.read_bytes() if made.is_file() else None


def _run(command: list[str]) -> None:
    """Run `command` in a group of processes of its own, none of which outlives TIMEOUT."""
    nothing = subprocess.DEVNULL
    more(TIMEOUT, program=True)
    # a group and no session, by which a watched process is ended with all that it started
    with subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, process_group=0) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(TIMEOUT)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
