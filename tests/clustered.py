"""A Dask cluster on loopback for tests and benchmarks: a scheduler and workers in processes of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUIET = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "30s"}


@contextmanager
def process(log: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of the cluster's, ended with the block."""
    environment = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=log.parent,
        )
        try:
            yield started
        finally:
            started.kill()
            started.wait()


def awaited(log: Path, pattern: str) -> str:
    """What a process says once it is there."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found.group(1)
        time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """The address of a scheduler that ends with the block."""
    log = folder / "scheduler.log"
    with process(log, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"):
        yield awaited(log, r"(tcp://127\.0\.0\.1:\d+)")


@contextmanager
def worker(folder: Path, name: str, scheduler: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that does one file at a time."""
    command = ("worker", scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    with process(folder / f"{name}.log", *command, "--name", name, "--local-directory", str(folder / name)) as started:
        awaited(folder / f"{name}.log", r"(Registered to)")
        yield started
