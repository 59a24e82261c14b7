"""Every example of every rule, as a file in every format it names: read, recognised, checked, compared."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from gdcore import profile, settings, text
from gdcore.agency import Agency
from gdcore.checking import Checked, Facts, Subordinates, Task, check
from gdcore.form import AgencyType
from gdcore.profile import Profile
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.report import Report
from gdcore.samples import write
from gdcore.samples.examples import Example, Source, load
from gdcore.samples.writers import suffix
from gdcore.verdict import Outcome

EXAMPLES = Path(__file__).parent.parent / "data" / "examples"
CASES = [
    pytest.param(example, fmt, id=f"{code}-{number}-{fmt}")
    for code, examples in load(EXAMPLES).items()
    for number, example in enumerate(examples, 1)
    for fmt in example.formats
]


@pytest.mark.parametrize(("example", "fmt"), CASES)
def test_rule_says_what_its_example_says(example: Example, fmt: str) -> None:
    """The outcome, and for fail and review a finding at each address (for pass: no finding at all)."""
    checked = check(facts(example, fmt))
    findings = [f for f in checked.findings if f.rule == example.code]
    assert checked.outcomes.get(example.code) == Outcome(example.expect), _told(example, checked)
    if example.expect not in ("fail", "review"):
        assert not findings, _told(example, checked)
        return
    for address in example.addresses:
        at = [f for f in findings if f.address == address]
        assert at, _told(example, checked)
        assert example.severity in (None, at[0].severity), _told(example, checked)
    if example.severity:
        assert example.severity in [f.severity for f in findings], _told(example, checked)


def facts(example: Example, fmt: str) -> Facts:
    """What the example says is known."""
    report = recognised(example.source, fmt)
    return Facts(
        report,
        area(example),
        Task(example.task_year, example.submitted),
        _agency(example),
        prior=recognised(example.prior, fmt) if example.prior else None,
        peers=_reports(example.peers, fmt),
        subordinates=_subordinates(example, fmt),
    )


def area(example: Example) -> Profile:
    """The shipped profile with what the example's area asks otherwise."""
    shipped = profile.load(example.profile, settings.load({}))
    asked = dict(example.adjusted)
    switches = [(code, on) for key, on in (("disable", False), ("enable", True)) for code in asked.pop(key, ())]
    for key in ("thresholds", "publish"):
        asked[key] = {**getattr(shipped, key), **asked.get(key, {})}
    return replace(shipped, switches=(*shipped.switches, *switches), **asked)


def recognised(source: Source, fmt: str) -> Report:
    """A source as a file of the format, read and recognised."""
    return _recognised(write(source.sample(), fmt), f"sample.{suffix(fmt)}")


@cache
def _recognised(data: bytes, file_name: str) -> Report:
    return recognise(read(data, file_name), file_name)


def _reports(sources: tuple[Source, ...] | None, fmt: str) -> tuple[Report, ...] | None:
    return None if sources is None else tuple(recognised(source, fmt) for source in sources)


def _subordinates(example: Example, fmt: str) -> Subordinates | None:
    reports = _reports(example.subordinates, fmt)
    return None if reports is None else Subordinates(reports, example.missing)


def _agency(example: Example) -> Agency | None:
    if example.agency is None:
        return None
    entry = {**example.agency}
    name = entry.pop("name", None) or example.source.sample().spec.name
    kind = entry.pop("agency_type", None)
    known = {key: _frozen(key, value) for key, value in entry.items()}
    return Agency(text.plain(name), text.plain(name), AgencyType(kind) if kind else None, **known)


def _frozen(key: str, value: object) -> object:
    if not isinstance(value, list):
        return value
    return frozenset(value) if key == "reorganised" else tuple(value)


def _told(example: Example, checked: Checked) -> str:
    found = [f"{f.rule} {f.outcome} {f.severity} {f.address}: {f.message}" for f in checked.findings]
    rule = example.code
    said = f"{rule} “{example.name}”: {checked.outcomes.get(rule)} ({checked.reasons.get(rule)})"
    return "\n".join([said, f"expected {example.expect} at {', '.join(example.addresses) or '-'}", *found])
