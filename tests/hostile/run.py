"""`python tests/hostile/run.py [SEED] [FAMILY …]`: the hostile set under the limits that hold in earnest; prints what came of it."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import desk

from gdcore import guard
from hostile import made, taking


def main(seed: int, families: list[str]) -> None:
    """Print a table, a line for each family."""
    logging.disable(logging.ERROR)
    files = [each for each in made.everything(seed) if not families or each.family in families]
    with tempfile.TemporaryDirectory() as folder:
        taken = taking.take(desk.open_desk(Path(folder)), files, guard.Limits())
    print(f"{'family':18}{'rows':>6}{'stored':>8}{'same':>6}{'waiting':>9}{'refused':>9}  refused as")
    for family, rows in taken.rows.items():
        states = Counter(row.state for row in rows)
        kinds = Counter(row.kind for row in rows if row.state == "refused")
        told = " ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        print(
            f"{family:18}{len(rows):6}{states['stored'] + states['superseded']:8}{states['unchanged']:6}"
            f"{states['waiting']:9}{states['refused']:9}  {told}"
        )
    for family, rows in taken.rows.items():
        for row in rows:
            if row.kind in ("出错", "超出限制"):
                print(f"{family}: {row.file_name[:60]}: {row.reason}")
    print(
        f"{len(files)} files, {taken.seconds:.0f} s, at most {taken.memory / 1024**2:.0f} MB in a process, "
        f"{len(taken.left)} processes left, {len(taken.missing)} files without a row"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1, sys.argv[2:])
