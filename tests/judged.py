"""What one rule says of a report that is made for the test: changed as the examples change theirs, or put together."""

from __future__ import annotations

from typing import Any

from gdcore.checking import Facts, judge
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.report import Report
from gdcore.rules import CATALOGUE
from gdcore.samples import apply, clean, write
from gdcore.verdict import Verdict
from tests.printed import NATIONAL


def changed(kind: str = "dept", year: int = 2023, **change: object) -> Report:
    """A clean report with changes as the examples write them, read from a text file."""
    return recognise(read(write(apply(clean(kind, year), change), "txt"), "a.txt"), "a.txt")


def verdicts(code: str, report: Report, **known: Any) -> tuple[Verdict, ...]:
    """All that a rule says of a report; `known` are the other facts."""
    return judge(CATALOGUE[code], Facts(report, **{"profile": NATIONAL, **known}))


def told(code: str, report: Report, **known: Any) -> list[tuple[str, str]]:
    """Outcome and address of each verdict."""
    return [(v.outcome.value, v.address) for v in verdicts(code, report, **known)]


def faults(code: str, report: Report, **known: Any) -> list[tuple[str, str]]:
    """The same without those that pass."""
    return [verdict for verdict in told(code, report, **known) if verdict[0] != "pass"]
