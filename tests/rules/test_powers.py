"""Powers of the agency against table 二: levels, unknown cells, and what the roster does not say."""

from __future__ import annotations

import pytest

from gdcore.agency import Agency
from gdcore.form import Edition
from gdcore.report import Report
from tests.judged import changed, faults, told
from tests.printed import report, table

OFFICE = "云泽县东关街道办事处"


def agency(licensing: bool | None = None, enforcement: bool | None = None) -> Agency:
    """A roster entry that says just this."""
    return Agency(OFFICE, OFFICE, has_licensing=licensing, has_enforcement=enforcement)


def filled(name: str = OFFICE, year: int = 2023, **cells: str) -> Report:
    """A report whose table 二 has these raws in `row__column`, else 0."""
    raws = {f"t2.{key.replace('__', '.')}": raw for key, raw in cells.items()}
    return report(name, year, t2=table("t2", Edition.of_year(year), raws))


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (filled(), ("pass", "t2.regulations")),
        (filled(regulations__issued=""), ("not_evaluated", "t2.regulations")),
        (filled(regulations__issued="", regulations__in_force="1"), ("fail", "t2.regulations")),
        (filled("澜江市人民政府", regulations__in_force="11"), ("not_evaluated", "t2.regulations")),
    ],
)
def test_regulations(read: Report, expected: tuple[str, str]) -> None:
    """A blank says nothing; neither does a name whose level is not certain."""
    assert told("TAB-16", read) == [expected]


def test_regulations_in_the_trial_format() -> None:
    """It has no such columns; a table of that year in the present form is judged."""
    assert told("TAB-16", changed("subdistrict", 2020)) == [("not_applicable", "t2.regulations")]
    hybrid = changed("subdistrict", 2020, hybrid={"item1": "fmt2021"}, set={"t2.regulations.issued": "1"})
    assert told("TAB-16", hybrid) == [("fail", "t2.regulations")]


def test_power_that_the_agency_does_not_have() -> None:
    """Blank is not zero; the row is told as the table of that year names it."""
    lacking = agency(licensing=False)
    read = filled(licensing__decisions="")
    assert told("TAB-17", read, agency=lacking)[0] == ("not_evaluated", "t2.licensing.decisions")
    trial = changed("subdistrict", 2020, set={"t2_2019.licensing.decisions": "3"})
    assert told("TAB-17", trial, agency=lacking)[0] == ("fail", "t2_2019.licensing.decisions")


def test_power_that_the_agency_has_but_did_not_use() -> None:
    """Only its own powers count, and only where all three numbers are known."""
    prior = filled(year=2022, licensing__decisions="4", penalty__decisions="9")
    read = filled(penalty__decisions="9")
    enforcing = agency(enforcement=True)
    assert faults("TAB-18", read, agency=enforcing, prior=prior) == []
    assert faults("TAB-18", filled(licensing__decisions="4"), agency=enforcing, prior=prior) == [
        ("review", "t2.penalty.decisions")
    ]
    assert told("TAB-18", filled(penalty__decisions="若干"), agency=enforcing) == [("not_evaluated", "t2")]
