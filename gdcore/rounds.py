"""Rounds of looks behind the app: each in a process of its own, followed by this one so that every page can show it.

A process has two ends here: asked with one line of JSON on standard input, it tells each look as a line on standard
output. What was looked at is in the store by then; a round that is stopped, or ends with the server, is begun again.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from gdcore import looking, masking
from gdcore.errors import DeskError
from gdcore.looking import Target
from gdcore.settings import Settings, load
from gdcore.store import open_store
from gdcore.store.engine import now
from gdcore.worker import environment

log = logging.getLogger(__name__)

_BROKEN_OFF = "核对中断，已完成的结果都已保存，可以重新开始。"
_lock = threading.Lock()
_rounds: dict[str, _Running] = {}


class RoundRunning(DeskError):
    """A second round is asked for while one is running."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is. `outcomes`: looks by outcome, `unkept` those that could not be made; `reason` why it ended early;
    `agencies` the keys of those that are looked at."""

    year: int
    total: int
    done: int
    began: datetime
    running: bool
    stopped: bool
    reason: str
    current: str
    outcomes: Mapping[str, int]
    unkept: tuple[str, ...]
    agencies: frozenset[str] = frozenset()

    @property
    def seconds_left(self) -> float | None:
        """An estimate; None before the first look."""
        return (now() - self.began).total_seconds() / self.done * (self.total - self.done) if self.done else None


@dataclass(slots=True)
class _Running:
    """A round as this process follows it."""

    year: int
    total: int
    process: subprocess.Popen[str]
    began: datetime = field(default_factory=now)
    done: int = 0
    current: str = ""
    reason: str = ""
    ended: bool = False
    stopped: bool = False
    outcomes: Counter[str] = field(default_factory=Counter)
    unkept: list[str] = field(default_factory=list)
    agencies: frozenset[str] = frozenset()


def start(settings: Settings, year: int, actor: str, targets: Sequence[Target]) -> None:
    """Set a round going; raises RoundRunning while one is on its way."""
    asked = {"year": year, "actor": actor, "targets": [asdict(target) for target in targets]}
    with _lock:
        if _is_running(settings):
            raise RoundRunning("已有一次核对正在进行。", "请等它完成，或先停止。")
        process = subprocess.Popen(
            [sys.executable, "-m", "gdcore.rounds"],
            env={**environment(settings), "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        running = _rounds[settings.database_url] = _Running(year, len(targets), process)
        running.agencies = frozenset(target.agency_key for target in targets)
    threading.Thread(target=_follow, args=(running, json.dumps(asked)), name="gdcore-round", daemon=True).start()


def progress(settings: Settings) -> Progress | None:
    """The round that is running or ran last in this server; None if there was none."""
    with _lock:
        found = _rounds.get(settings.database_url)
        if found is None:
            return None
        return Progress(
            found.year,
            found.total,
            found.done,
            found.began,
            not found.ended,
            found.stopped,
            found.reason,
            found.current,
            dict(found.outcomes),
            tuple(found.unkept),
            found.agencies,
        )


def stop(settings: Settings) -> None:
    """End the round that is running; what it looked at so far stays."""
    with _lock:
        found = _rounds.get(settings.database_url)
        if found is not None and not found.ended:
            found.stopped = True
            found.process.terminate()


def forget(settings: Settings) -> None:
    """Take the last round off the pages, once it has ended."""
    with _lock:
        if not _is_running(settings):
            _rounds.pop(settings.database_url, None)


def _is_running(settings: Settings) -> bool:
    found = _rounds.get(settings.database_url)
    return found is not None and not found.ended


def _follow(running: _Running, asked: str) -> None:
    """Ask the process, and take in what it tells until it ends."""
    process = running.process
    try:
        if process.stdin is not None:
            with process.stdin as way_in:
                way_in.write(asked)
        for line in process.stdout or ():
            with _lock:
                _take(running, json.loads(line))
    except (OSError, ValueError) as error:
        log.error("a round of looks broke off\n%s", masking.told(error))
        process.kill()
    status = process.wait()
    with _lock:
        running.ended = True
        if status and not running.stopped and not running.reason:
            running.reason = _BROKEN_OFF


def _take(running: _Running, told: Mapping[str, Any]) -> None:
    if "reason" in told:
        running.reason = told["reason"]
        return
    running.done += 1
    running.current = told["agency"]
    running.outcomes[told["outcome"]] += 1
    if not told["kept"]:
        running.unkept.append(f"{told['agency']}：{told['sentence']}")


def main() -> None:
    """Make the round that is asked for on standard input."""
    logging.basicConfig(level=logging.WARNING)
    asked = json.loads(sys.stdin.read())
    store = open_store(load())
    targets = [Target(**target) for target in asked["targets"]]
    try:
        for look in looking.look_all(store, targets, looking.begin(store, asked["year"], asked["actor"])):
            _tell(agency=look.target.agency, outcome=look.outcome.value, kept=look.kept, sentence=look.sentence)
    except DeskError as error:
        _tell(reason=f"{error}{error.remedy}")


def _tell(**words: object) -> None:
    print(json.dumps(words, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
