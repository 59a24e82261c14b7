"""Sums over invented reports for tests: the reports as they are read, and the same added up from what was printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gdcore import aggregation, samples
from gdcore.aggregation import LeftOut, Member, Totals
from gdcore.form import AgencyType, Edition
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.report import Report
from gdcore.samples import Sample
from gdcore.tally import tally

YEAR = 2023
COUNTY = Member("G", "云泽县人民政府", AgencyType.GOVERNMENT)
EDUCATION, WATER, EAST = "云泽县教育局", "云泽县水务局", "云泽县东关街道办事处"
NEW = Edition.FMT2021
CELL, BLANK = "t3.new_received.total", "t3.granted_full.ngo"


def sample(name: str, kind: str = "dept", year: int = YEAR, **change: Any) -> Sample:
    """A clean report with changes."""
    return samples.apply(samples.clean(kind, year, name=name), change)


def as_read(printed: Sample) -> Report:
    """The report as it is read from a web page."""
    return recognise(read(samples.write(printed, "html"), "a.html"), "a.html")


def added(
    *printed: Sample,
    due: tuple[str, ...] = (),
    apart: tuple[tuple[Member, LeftOut], ...] = (),
    county: Report | None = None,
    edition: Edition = NEW,
) -> Totals:
    """The reports of these samples under the county, whose roster names those of `due` besides."""
    names = [p.spec.name for p in printed] + list(due)
    scope = aggregation.under(COUNTY, [Member(name, name) for name in names], apart)
    given = {p.spec.name: tally(as_read(p), edition) for p in printed}
    own = {"G": tally(county, edition)} if county else {}
    return aggregation.add_up(scope, given | own, YEAR, edition)


def by_hand(*printed: Sample) -> dict[str, Decimal]:
    """Address → sum of what the generator printed there."""
    sums: dict[str, Decimal] = {}
    for each in printed:
        for address, raw in each.cells().items():
            sums[address] = sums.get(address, Decimal()) + Decimal(raw)
    return sums
