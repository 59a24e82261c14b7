"""Processes that belong together, ended together."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path


def end_session(leader: int) -> None:
    """Kill all others in the session that the process `leader` began: programs it started, in whatever groups."""
    for entry in Path("/proc").glob("[0-9]*/stat"):  # empty where there is no /proc
        with suppress(OSError, ValueError, IndexError):
            # the name before the last ")" may hold anything; then: state, parent, group, session
            session = int(entry.read_text().rpartition(")")[2].split()[3])
            pid = int(entry.parent.name)
            if session == leader and pid != leader:
                os.kill(pid, signal.SIGKILL)
