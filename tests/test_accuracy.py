"""The accuracy gate for formats without pages: invented reports in every layout, cell by cell, with floors that only rise."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from accuracy import cases, goldens
from accuracy.measure import Tally, tallied
from accuracy.reports import Case

from gdcore.readers import office

CORPUS = Path(os.environ.get("GDCORE_REPORT_CORPUS", "/nonexistent"))
REAL = sorted(CORPUS.glob("*/*.gold.json"))


def told(tally: Tally, name: str) -> str:
    """The table's line and the first faults, printed for those who look and said where a floor is broken."""
    report = "\n".join([tally.row(name), *tally.told[:8]])
    print(report)
    return report


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("txt", lambda: cases.texts(110)),
        ("html", lambda: cases.pages(84)),
        ("docx", lambda: cases.documents(64)),
        ("doc", lambda: cases.old_documents(40)),
        ("xlsx", lambda: cases.workbooks(48)),
        ("samples", lambda: cases.shipped(42)),
    ],
)
def test_every_cell_in_every_layout(name: str, made: object) -> None:
    tally = tallied(made())  # type: ignore[operator]
    report = told(tally, name)
    assert tally.share == 1, report
    assert tally.wrong == 0, report
    assert tally.identities == tally.sections == tally.files, report


@pytest.mark.skipif(
    office.program() is None, reason="LibreOffice (soffice) is not installed: its .doc files are not measured."
)
def test_every_cell_of_documents_that_libreoffice_made() -> None:
    tally = tallied(cases.by_office(17, "doc"))
    report = told(tally, "doc, made")
    assert tally.share == 1, report
    assert tally.wrong == 0, report
    assert tally.identities == tally.sections == tally.files, report


@pytest.mark.parametrize("fmt", goldens.FORMATS)
@pytest.mark.parametrize("name", goldens.LAYOUTS)
def test_layouts_on_which_readers_stumble(name: str, fmt: str) -> None:
    tally = tallied([goldens.golden(name, fmt)])
    assert (tally.right, tally.identities, tally.sections) == (tally.cells, 1, 1), tally.told


def test_what_is_lost_is_not_guessed() -> None:
    tally = tallied(cases.ruined(24))
    assert tally.wrong == tally.marked == 0, told(tally, "ruined")
    assert tally.identities == tally.sections == tally.files


def real() -> Iterator[Case]:
    """The files beside each gold, scans left to the slower tests of the acceptance."""
    for gold in REAL:
        known = json.loads(gold.read_text("utf-8"))
        stem = gold.name.removesuffix(".gold.json")
        for file in sorted(gold.parent.glob(f"{stem}[._]*")):
            if file.suffix not in (".json", ".zip") and "scan" not in file.name:
                cells = {address: (raw, number(raw)) for address, raw in known["cells"].items()}
                yield Case(file.name, file.read_bytes(), cells, known["agency"], known["year"], frozenset())


def number(raw: str) -> Decimal | None:
    """The number that a cell of a gold prints."""
    match = re.match(r"[+-]?\d+(\.\d+)?", re.sub(r"\s|,", "", unicodedata.normalize("NFKC", raw)))
    return Decimal(match[0]) if match else None


@pytest.mark.skipif(not REAL, reason="GDCORE_REPORT_CORPUS is not set")
def test_every_cell_of_real_reports() -> None:
    tally = tallied(real())
    report = told(tally, "real")
    assert tally.share == 1, report
    assert tally.wrong == 0, report
