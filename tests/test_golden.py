"""Every file of data/reports is read and recognised as its golden says: agency, year, every cell as printed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.samples import demo

REPORTS = Path(__file__).parent.parent / "data" / "reports"
GOLDENS = sorted(REPORTS.glob("*.golden.json"))


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda p: p.name.removesuffix(".golden.json"))
def test_report_is_recognised_as_its_golden_says(golden: Path) -> None:
    path = golden.with_name(golden.name.removesuffix(".golden.json"))
    expected = json.loads(golden.read_text("utf-8"))
    report = recognise(read(path.read_bytes(), path.name), path.name)
    assert (report.rejection is None) is bool(expected["cells"])
    if expected["cells"]:
        assert (report.identity.agency, report.identity.year) == (expected["agency"], expected["year"])
    assert {address: figure.raw.strip() for address, figure in report.cells().items()} == expected["cells"]


def contents(path: Path) -> object:
    """What must not change: the parts of a Word file, the bytes of a text; libraries pack PDF and zip as they like."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    return path.suffix if path.suffix == ".pdf" else path.read_bytes()


def test_set_is_what_the_generator_writes(tmp_path: Path) -> None:
    written = demo.generate(tmp_path)
    assert sorted(p.name for p in written) == sorted(g.name.removesuffix(".golden.json") for g in GOLDENS)
    for path in tmp_path.iterdir():
        assert contents(path) == contents(REPORTS / path.name), path.name


def test_set_is_small() -> None:
    assert sum(path.stat().st_size for path in REPORTS.iterdir()) < 3_000_000
