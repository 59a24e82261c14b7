"""An import onto a disk that is too small: `python tests/trust/small_disk.py FOLDER FILES`, in a mount namespace of its own.

    unshare --map-root-user --mount python tests/trust/small_disk.py FOLDER FILES

A disk of a few megabytes is mounted on FOLDER. Files are put in until it is full, the disk is made read-only, made larger, and the
import goes on. Prints what was told and what is there, as JSON.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import desk

from gdcore import intake
from gdcore.errors import StoreUnavailable
from gdcore.store import dump, intake_rows, queries

SMALL, LARGE = "1500k", "64m"
PADDING = 60_000  # bytes of each file


def main(folder: Path, count: int) -> None:
    _mount(folder, f"size={SMALL}")
    store = desk.open_desk(folder)
    files = [_file(number) for number in range(count)]
    told = [_told(lambda: _hand_in(store, files))]
    kept = _there(store)
    store.close()
    _mount(folder, f"remount,ro,size={SMALL}")
    told.append(_told(lambda: intake.submit(desk.open_desk(folder), files[:1])))
    _mount(folder, f"remount,rw,size={LARGE}")
    store = desk.open_desk(folder)
    _hand_in(store, [file for file in files if _digest(file) not in _there(store)])
    states = [row.state for batch in intake_rows.unfinished(store) for row in _results(store, batch)]
    answer = {
        "told": told,
        "stored_on_the_small_disk": len(kept),
        "lost": len(kept - _there(store)),
        "stored": len(_there(store)),
        "unfinished": states,
        "findings": queries.findings(store, desk_filter()).total,
    }
    print(json.dumps(answer, ensure_ascii=False))


def _hand_in(store, files) -> None:
    intake.run_unfinished(store, workers=1, make=desk.AtOnce)
    for file in files:
        intake.run_batch(store, intake.submit(store, [file]), workers=1, make=desk.AtOnce)


def _results(store, batch):
    view = intake_rows.batch(store, batch)
    return view.results if view else []


def _there(store) -> set[str]:
    with dump.reading(store) as moment:
        return set(moment.digests())


def _told(act: Callable[[], object]) -> str:
    try:
        act()
    except StoreUnavailable as error:
        return f"{error}{error.remedy}"
    return ""


def _file(number: int) -> tuple[str, bytes]:
    name = f"云泽县第{number + 1}街道办事处"
    return f"{name}.txt", desk.unbalanced(name, seed=number) + b"\n" + b" " * PADDING


def _digest(file: tuple[str, bytes]) -> str:
    return hashlib.sha256(file[1]).hexdigest()


def desk_filter():
    from gdcore.store.rows import FindingFilter

    return FindingFilter(year=2023, rules=("STR-06",))


def _mount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
