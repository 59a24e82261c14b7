"""One thing changed in a report that is all zero: exactly the findings that it causes, in every format."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from gdcore import profile, settings
from gdcore.checking import Checked, Facts, Task, check
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.rules import CATALOGUE
from gdcore.samples import apply, clean, write
from gdcore.samples.writers import suffix
from gdcore.verdict import Outcome

FORMATS = ("txt", "html", "docx")
FAMILIES = ("STR", "TAB", "SUM", "REG-SD")
SHANDONG = profile.load("SD", settings.load({}))

REQUEST = {
    "t3.new_received.natural_person": "1",
    "t3.new_received.total": "1",
    "t3.granted_full.natural_person": "1",
    "t3.granted_full.total": "1",
    "t3.result_total.natural_person": "1",
    "t3.result_total.total": "1",
}
MUTATIONS: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
    ({"set": {"t3.new_received.total": "1"}}, {("SUM-03", "t3.new_received.total")}),
    ({"set": REQUEST}, set()),
    ({"set": {"t4.review.upheld": "1"}}, {("SUM-04", "t4.review.total")}),
    ({"set": {"t2.normative_docs.issued": "2"}}, {("SUM-10", "t2.normative_docs.in_force")}),
    ({"set": {"t2.regulations.in_force": "1"}}, {("TAB-16", "t2.regulations")}),
    ({"set": {"t3.carried_in.ngo": ""}}, {("TAB-05", "t3")}),
    ({"set": {"t3.carried_in.ngo": "/"}}, {("TAB-06", "t3")}),
    ({"replace": {"本年废止件数": "本年度止件数"}}, {("TAB-03", "t2.*.repealed")}),
    ({"drop": ["s6.fee"]}, {("STR-18", "s6.fee")}),
    ({"drop": ["s1.a3"]}, {("STR-12", "s1.a3")}),
]


def checked(fmt: str, change: dict[str, Any] | None = None) -> Checked:
    sample = clean("subdistrict", 2023, active=False)
    data = write(apply(sample, change) if change else sample, fmt)
    name = f"report.{suffix(fmt)}"
    return check(Facts(recognise(read(data, name), name), SHANDONG, Task(2023)))


@cache
def unchanged(fmt: str) -> frozenset[tuple[str, str]]:
    return frozenset((f.rule, f.address) for f in checked(fmt).findings)


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("change", "expected"), MUTATIONS)
def test_one_change_is_one_finding(change: dict[str, Any], expected: set[tuple[str, str]], fmt: str) -> None:
    after = {(f.rule, f.address) for f in checked(fmt, change).findings}
    assert {pair for pair in after - unchanged(fmt) if CATALOGUE[pair[0]].family in FAMILIES} == expected


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_empty_report_has_nothing_wrong_in_its_tables(fmt: str) -> None:
    assert not [f for f in checked(fmt).findings if f.rule.startswith(("TAB", "SUM"))]


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("raw", ["", "/"])
def test_sums_that_touch_an_unread_cell_are_not_evaluated(raw: str, fmt: str) -> None:
    outcomes = checked(fmt, {"set": {"t3.carried_in.ngo": raw}}).outcomes
    assert {code: outcomes[code] for code in ("SUM-01", "SUM-03", "SUM-07")} == dict.fromkeys(
        ("SUM-01", "SUM-03", "SUM-07"), Outcome.NOT_EVALUATED
    )
    assert outcomes["SUM-02"] is Outcome.PASS


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_total_column_is_folded_but_not_held_right(fmt: str) -> None:
    outcomes = checked(fmt, {"set": {"t3.new_received.total": "1"}}).outcomes
    assert outcomes["SUM-01"] is Outcome.FAIL


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_fee_statement_is_asked_for_once(fmt: str) -> None:
    assert checked(fmt, {"drop": ["s6.fee"]}).outcomes["REG-SD-01"] is Outcome.NOT_APPLICABLE
