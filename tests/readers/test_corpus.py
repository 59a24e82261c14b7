"""Real reports, when GDCORE_REPORT_CORPUS names their folder: every table row keeps its values together, in order."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest

from gdcore.readers import read

CORPUS = Path(os.environ.get("GDCORE_REPORT_CORPUS", "/nonexistent"))
READ = (".txt", ".html", ".docx", ".pdf")
CASES = [
    (file, gold)
    for gold in sorted(CORPUS.glob("*/*.gold.json"))
    for file in sorted(gold.parent.glob(gold.name.removesuffix(".gold.json") + "*"))
    if file.suffix in READ and "scan" not in file.name
]


@pytest.mark.skipif(not CASES, reason="GDCORE_REPORT_CORPUS is not set")
@pytest.mark.parametrize(("file", "gold"), CASES, ids=lambda path: path.name)
def test_rows_are_whole(file: Path, gold: Path) -> None:
    rows: dict[str, list[str]] = defaultdict(list)
    for address, printed in json.loads(gold.read_text("utf8"))["cells"].items():
        rows[address.rsplit(".", 1)[0]].append(printed)
    printed_rows = [
        "".join("|" + re.sub(r"\s", "", cell.text) for cell in row) + "|"
        for _, table in read(file.read_bytes()).tables()
        for row in table.rows
    ]
    whole = {key: "|" + "|".join(re.sub(r"\s", "", value) for value in values) + "|" for key, values in rows.items()}
    assert [key for key, values in whole.items() if not any(values in row for row in printed_rows)] == []
