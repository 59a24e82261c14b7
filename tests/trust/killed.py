"""An import that is killed again and again: `python tests/trust/killed.py FOLDER FILES KILLS SEED` prints what is there after it.

Each turn is a process of its own that begins the import anew (hands in all files, goes on with what is queued, decides on what
it finds) and is killed by SIGKILL at a random moment. The turns are forked from one process that has imported everything, so
that a turn begins within milliseconds and the kill falls into the work and not into the start.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import desk

from gdcore import intake
from gdcore.store import audit, dump, originals, queries
from gdcore.store.rows import FindingFilter

YEARS = (2022, 2023)
PATIENCE = 600  # seconds for the turn that is left alone
LONGEST = 2.0  # seconds that a turn lives at most


def files(count: int) -> list[tuple[str, bytes]]:
    """Reports of agencies in two years each, every third agency with faults."""
    made = []
    for number in range(count // 2):
        for year in YEARS:
            name = f"云泽县第{number + 1}街道办事处"
            make = desk.unbalanced if number % 3 == 0 else desk.report
            made.append((f"{name}{year}.txt", make(name, year, seed=number)))
    return made


def turn(folder: Path, given: list[tuple[str, bytes]]) -> None:
    """What a person does after the machine came up again: hand in, let it run, decide on what is there."""
    store = desk.open_desk(folder)
    intake.run_unfinished(store, workers=1, make=desk.AtOnce)
    with dump.reading(store) as moment:
        there = moment.digests()
    missing = [(name, data) for name, data in given if hashlib.sha256(data).hexdigest() not in there]
    if missing:
        intake.run_batch(store, intake.submit(store, missing), workers=1, make=desk.AtOnce)
    open_findings = FindingFilter(states=("pending",), severities=("error",))
    for row in queries.findings(store, open_findings, size=20).rows:
        queries.decide(store, [row.fingerprint], "confirmed", "周岚")
        with (folder / "told").open("a") as told:  # what a person saw done: it must never be undone by a kill
            told.write(row.fingerprint + "\n")


def killed(folder: Path, given: list[tuple[str, bytes]], after: float) -> bool:
    """One turn that lives for `after` seconds; whether it was killed before it had done everything."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            turn(folder, given)
            code = 0
        finally:
            os._exit(code)
    deadline = time.monotonic() + after
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            if status:
                raise SystemExit(f"a turn failed by itself: {status}")
            return False
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def report(folder: Path) -> dict[str, object]:
    """What is there in the end."""
    store = desk.open_desk(folder)
    with dump.reading(store) as moment:
        rows = {name: list(lines) for name, lines in moment.rows()}
        digests = moment.digests()
    seen = (folder / "told").read_text().split() if (folder / "told").is_file() else []
    states = {row["fingerprint"]: row["state"] for row in rows["finding_state"]}
    found = {(row["report_id"], row["fingerprint"]) for row in rows["finding"]}
    return {
        "reports": sorted({(r["agency_key"], r["year"], r["version"]) for r in rows["report"]}),
        "report_rows": len(rows["report"]),
        "finding_rows": len(rows["finding"]),
        "findings": len(found),
        "expected_findings": sum(r["errors"] + r["warnings"] + r["infos"] + r["reviews"] for r in rows["report"]),
        "queued": sum(r["state"] == "queued" for r in rows["intake"]),
        "missing_originals": sum(originals.load(store.settings, d) is None for d in digests),
        "lost_decisions": sum(states.get(mark) != "confirmed" for mark in seen),
        "decisions": len(set(seen)),
        "log": audit.verify(store).fault,
    }


def main(folder: Path, count: int, kills: int, seed: int) -> None:
    """Kill until enough, let the last turns run, print what is there."""
    moments = random.Random(seed)
    given = files(count)
    done = 0
    while done < kills:
        if killed(folder, given, moments.uniform(0.0, LONGEST)):
            done += 1
        else:  # all is in before the kills are used up: the next ones fall into an import that starts over
            folder = folder.with_name(f"{folder.name}+")
            folder.mkdir()
    while killed(folder, given, PATIENCE):
        pass
    print(json.dumps({"kills": done, "folder": str(folder), **report(folder)}, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(word) for word in sys.argv[2:5]))
