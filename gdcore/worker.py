"""The worker behind the app: a process of its own, so that no page, session or rerun can interrupt a batch."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import date
from pathlib import Path

from gdcore.errors import ClusterUnavailable, StoreUnavailable
from gdcore.settings import Settings, load

log = logging.getLogger(__name__)

UNAVAILABLE = 75  # the exit status for a fault that may pass (EX_TEMPFAIL of sysexits.h)
PAUSE = 20.0  # seconds until a store or a cluster that could not be used is tried again

_lock = threading.Lock()
_watchers: dict[str, threading.Thread] = {}


def ensure(settings: Settings) -> None:
    """Start a worker for this store unless one of ours is at it.

    The work is done in a fresh interpreter: Streamlit puts the app's script in place of `__main__`, and pool workers
    that this process spawned would run it again.
    """
    with _lock:
        watcher = _watchers.get(settings.database_url)
        if watcher is None or not watcher.is_alive():
            watcher = threading.Thread(target=_watch, args=(settings,), name="gdcore-intake", daemon=True)
            _watchers[settings.database_url] = watcher
            watcher.start()


def _watch(settings: Settings) -> None:
    """Run workers until nothing is queued. The lock closes the gap between a last look and a file that just came."""
    while _left(settings):
        command = [sys.executable, "-m", "gdcore.worker"]
        status = subprocess.run(command, env=environment(settings), check=False).returncode
        if status == UNAVAILABLE:
            time.sleep(PAUSE)
        elif status != 0:
            log.error("the intake worker ended with status %s", status)
            break


def _left(settings: Settings) -> bool:
    """Whether files are queued, asked until the store answers."""
    from gdcore.store import intake_rows, open_store

    while True:
        try:
            with _lock, closing(open_store(settings)) as store:
                left = bool(intake_rows.unfinished(store))
                if not left:
                    _watchers.pop(settings.database_url, None)
                return left
        except StoreUnavailable as error:
            log.warning("waiting for the store: %s", error)
            time.sleep(PAUSE)


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which a process of ours finds this program and this store."""
    here = str(Path(__file__).resolve().parent.parent)
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH")))),
        "GDCORE_DATA": str(settings.data),
        "GDCORE_DATABASE_URL": settings.database_url,
        "GDCORE_PROFILE": settings.profile,
        "GDCORE_WORKERS": str(settings.workers),
        "GDCORE_SCHEDULER": settings.scheduler,
        "GDCORE_ORIGINALS": settings.originals,
    }


def main() -> None:
    """End the waivers that have run out, then work through all batches that still have queued files.

    Where the store or the cluster cannot be used, the files stay queued and the process ends with UNAVAILABLE: another one takes over
    what this one held.
    """
    from gdcore.intake import run_unfinished
    from gdcore.store import open_store, queries

    logging.basicConfig(level=logging.WARNING)
    try:
        store = open_store(load())
        queries.end_waivers(store, date.today())
        while run_unfinished(store):
            pass
    except (StoreUnavailable, ClusterUnavailable) as error:
        log.warning("waiting for the store or the cluster: %s", error)
        sys.exit(UNAVAILABLE)


if __name__ == "__main__":
    main()
