"""Every example of every rule, as a file in every format it names: read, recognised, checked, compared."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from gdcore import profile, settings, text
from gdcore.agency import Agency
from gdcore.checking import CRASHED, Checked, Facts, check
from gdcore.form import AgencyType
from gdcore.lexicon import Slip, Slips
from gdcore.peers import Batch, Peers
from gdcore.profile import Profile
from gdcore.readers import read
from gdcore.recognise import recognise
from gdcore.report import Report
from gdcore.samples import write
from gdcore.samples.examples import Example, Source, load
from gdcore.samples.writers import suffix
from gdcore.task import Subordinates, Task
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
    assert checked.reasons.get(example.code) != CRASHED, _told(example, checked)
    if example.expect not in ("fail", "review"):
        assert not findings, _told(example, checked)
        return
    told = {f.address: f for f in findings}
    assert {named(address, example) for address in told} == set(example.addresses), _told(example, checked)
    if example.severity:
        assert example.severity in [f.severity for f in findings], _told(example, checked)


def named(address: str, example: Example) -> str:
    """An address as an example writes it: `s1.a2#` for whatever is said there."""
    part, said, _ = address.partition("#")
    return part + said if part + said in example.addresses else address


def facts(example: Example, fmt: str) -> Facts:
    """What the example says is known."""
    report = recognised(example.source, fmt)
    return Facts(
        report,
        area(example),
        Task(example.task_year, example.submitted, example.archived),
        _agency(example),
        prior=recognised(example.prior, fmt) if example.prior else None,
        peers=_peers(report, example, fmt),
        subordinates=_subordinates(example, fmt),
    )


def area(example: Example) -> Profile:
    """The shipped profile with what the example's area asks otherwise."""
    shipped = profile.load(example.profile, settings.load({}))
    asked = dict(example.adjusted)
    switches = [(code, on) for key, on in (("disable", False), ("enable", True)) for code in asked.pop(key, ())]
    for key in ("thresholds", "publish"):
        asked[key] = {**getattr(shipped, key), **asked.get(key, {})}
    slips = tuple(Slip(wrong, right) for wrong, right in asked.pop("sensitive", {}).items())
    asked["lexicon"] = replace(shipped.lexicon, sensitive=Slips(slips))
    return replace(shipped, switches=(*shipped.switches, *switches), **asked)


def recognised(source: Source, fmt: str) -> Report:
    """A source as a file of the format, read and recognised."""
    return _recognised(write(source.sample(), fmt), f"sample.{suffix(fmt)}")


@cache
def _recognised(data: bytes, file_name: str) -> Report:
    return recognise(read(data, file_name), file_name)


def _reports(sources: tuple[Source, ...] | None, fmt: str) -> tuple[Report, ...] | None:
    return None if sources is None else tuple(recognised(source, fmt) for source in sources)


def _peers(report: Report, example: Example, fmt: str) -> Peers | None:
    others = _reports(example.peers, fmt)
    return None if others is None else Batch([report, *others]).peers(report)


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
