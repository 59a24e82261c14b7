"""A clean report is flawless: no rule finds anything in it, whatever its kind, year, format and profile."""

from __future__ import annotations

import itertools

import pytest

from gdcore import profile, settings
from gdcore.checking import Facts, Task, check
from gdcore.form import AgencyType
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.report import Report
from gdcore.samples import clean, write
from gdcore.samples.writers import FORMATS, suffix

YEARS = [2018, 2019, 2021, 2023, 2025]
KINDS = [kind.value for kind in AgencyType]


def recognised(kind: str, year: int, active: bool, fmt: str) -> Report:
    """A clean report as a file, read and recognised."""
    name = f"sample.{suffix(fmt)}"
    return recognise(read(write(clean(kind, year, active), fmt), name), name)


def found(report: Report, area: str, prior: Report | None = None) -> list[str]:
    """What the rules find in it."""
    facts = Facts(report, profile.load(area, settings.load({})), Task(report.identity.year), prior=prior)
    return [f"{f.rule} {f.address}: {f.message}" for f in check(facts).findings]


@pytest.mark.parametrize(("kind", "year", "active"), list(itertools.product(KINDS, YEARS, [True, False])))
def test_nothing_is_found_in_a_clean_report(kind: str, year: int, active: bool) -> None:
    """In either profile; with the report of the year before beside it where both have the same edition."""
    report = recognised(kind, year, active, "txt")
    prior = recognised(kind, year - 1, active, "txt") if year in (2023, 2025) else None
    assert found(report, "national", prior) == []
    if year > 2018:
        assert found(report, "SD") == []


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_format_reads_back_whole(fmt: str) -> None:
    """Agency, year and every cell come back as they were printed, and nothing is found."""
    sample = clean("dept", 2024)
    report = recognised("dept", 2024, True, fmt)
    assert {address: figure.raw for address, figure in report.cells().items()} == sample.cells()
    assert (report.identity.agency, report.identity.year) == ("云泽县教育局", 2024)
    assert found(report, "SD") == []
