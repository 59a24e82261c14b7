"""Runs the catalogue over what is known of a report: order, suppression, confidence; verdicts become findings."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from gdcore import folding, masking, wording
from gdcore.agency import Agency
from gdcore.catalogue import Catalogue, Rule
from gdcore.claims import Claim, extract
from gdcore.exposure import Exposure, scan
from gdcore.finding import Finding, fingerprint, is_cell
from gdcore.form import Edition
from gdcore.peers import Peers
from gdcore.place import Anchor, distinct
from gdcore.profile import Profile
from gdcore.report import Report, Requests
from gdcore.rules import CATALOGUE
from gdcore.task import Subordinates, Task
from gdcore.verdict import Outcome, Verdict, not_applicable, not_evaluated

log = logging.getLogger(__name__)

# At or below this confidence a fail is told as 待核.
REVIEW_CONFIDENCE = 0.6


def _exposure(report: Report) -> Exposure | None:
    try:
        return scan(report)
    except Exception as error:
        log.error("personal data in %s could not be looked for\n%s", report.digest[:12], masking.told(error))
        return None


@dataclass(frozen=True)
class Facts:
    """All that is known beside the report itself; what is missing makes the rules that ask for it not applicable."""

    report: Report
    profile: Profile
    task: Task = field(default_factory=Task)
    agency: Agency | None = None
    prior: Report | None = None
    peers: Peers | None = None
    subordinates: Subordinates | None = None
    agency_key: str | None = None

    @cached_property
    def claims(self) -> tuple[Claim, ...] | None:
        """What the prose asserts, found when first asked for; None if the search crashed, which is logged."""
        try:
            return extract(self.report, self.task.year)
        except Exception as error:
            log.error("claims of %s could not be read\n%s", self.report.digest[:12], masking.told(error))
            return None

    @cached_property
    def exposure(self) -> Exposure | None:
        """The personal data in the report, looked for once; None if the search crashed, which is logged."""
        return _exposure(self.report)

    @cached_property
    def requests(self) -> Requests | None:
        """Table 三 by columns and rows, laid out once for all rules."""
        return Requests(self.report.t3) if self.report.t3 else None

    def need(self, name: str) -> tuple[Any, Verdict | None]:
        """What a rule asks for by this name, or the verdict that says why there is none: `settled` once for all rules."""
        known = self.settled.get(name)
        if known is None:
            known = self.settled[name] = _need(name, self)
        return known

    @cached_property
    def settled(self) -> dict[str, tuple[Any, Verdict | None]]:
        """What rules have asked for so far."""
        return {}

    @property
    def key(self) -> str:
        """The agency's key in fingerprints: as the store set it, else the plain name, else the file's digest."""
        return self.agency_key or self.report.identity.agency or self.report.digest


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of every rule of the catalogue, the findings, and the reasons where a rule did not judge."""

    report: Report
    outcomes: Mapping[str, Outcome]
    findings: tuple[Finding, ...]
    reasons: Mapping[str, str]


CRASHED = "这条规则在检查时出错，已记入日志"
_MISSING = {
    "prior": "没有上一年度的报告可以比对",
    "peers": "没有同批报告可以比对",
    "subordinates": "没有下级单位的报告可以比对",
    "agency": "名录中没有这个单位",
    "claims": "正文没有可以比对的表述",
}


def check(facts: Facts, catalogue: Catalogue = CATALOGUE) -> Checked:
    """Judge one report by every rule of the catalogue. A rule that crashes is *not evaluated*; the others go on.

    Rules see the report as it was read; what they say of it leaves here with personal data masked, for findings
    travel everywhere.
    """
    report = facts.report
    verdicts: dict[str, tuple[Verdict, ...]] = {}
    for code, rule in catalogue.items():
        if report.rejection and code != "STR-30":
            verdicts[code] = (not_applicable("文件不是政府信息公开工作年度报告"),)
        elif not facts.profile.enabled(code):
            verdicts[code] = (not_applicable(f"“{facts.profile.title}”方案未启用这条规则"),)
        else:
            verdicts[code] = judge(rule, facts)
    verdicts = folding.suppress(verdicts, catalogue)
    deciding = {code: _deciding(judged) for code, judged in verdicts.items()}
    outcomes = {code: verdict.outcome for code, verdict in deciding.items()}
    mask = masking.of(facts.exposure, *([_exposure(facts.prior)] if facts.prior else []))
    reasons = mask.shown({code: verdict.message for code, verdict in deciding.items()})
    told = (f for code, kept in folding.fold(verdicts).items() for f in _findings(catalogue[code], kept, facts))
    findings = [mask.shown(finding) for finding in told]
    findings.sort(key=lambda f: (-f.severity.rank, f.outcome is Outcome.REVIEW, f.rule, f.address))
    outcomes |= _demoted(outcomes, findings)
    return Checked(report, outcomes, tuple(findings), reasons)


def judge(rule: Rule, facts: Facts) -> tuple[Verdict, ...]:
    """The verdicts of one rule; a crash is logged and told as not evaluated, since one rule never stops a batch."""
    arguments: dict[str, Any] = {}
    settled = facts.settled
    for need in rule.needs:
        value, missing = settled.get(need) or facts.need(need)
        if missing and need in rule.optional:
            continue
        if missing:
            return (missing,)
        arguments[need] = value
    try:
        return tuple(rule.judge(**arguments)) or (not_applicable("报告中没有这条规则所针对的内容"),)
    except Exception as error:
        log.error("rule %s crashed on %s\n%s", rule.code, facts.report.digest[:12], masking.told(error))
        return (not_evaluated(CRASHED),)


def _need(need: str, facts: Facts) -> tuple[Any, Verdict | None]:
    report = facts.report
    if need in ("t2", "t3", "t4"):
        if report.edition(facts.task.year) is Edition.FREE_FORM:
            return None, not_applicable("2018 年度及以前没有统一表格")
        table = report.table(need)
        if table is None or not table.grids:
            return None, not_evaluated("没有这张表，或表格未能识别")
        return (facts.requests if need == "t3" else table), None
    if need == "sections":
        return report.sections, None
    if need in ("claims", "exposure") and getattr(facts, need) is None:
        return None, not_evaluated("正文未能分析，已记入日志")
    value = report if need == "report" else getattr(facts, need, None)
    if value is None or value == ():
        return None, not_applicable(_MISSING[need])
    return value, None


_PRECEDENCE = (Outcome.FAIL, Outcome.REVIEW, Outcome.NOT_EVALUATED, Outcome.PASS, Outcome.NOT_APPLICABLE)


def overall(verdicts: Sequence[Verdict]) -> Outcome:
    """A rule's own outcome: the first that occurs of fail, review, not evaluated, pass, not applicable."""
    return _deciding(verdicts).outcome if verdicts else Outcome.NOT_APPLICABLE


def _deciding(verdicts: Sequence[Verdict]) -> Verdict:
    """The first verdict with a rule's own outcome: its message is the rule's reason."""
    seen = {verdict.outcome for verdict in verdicts}
    if len(seen) == 1:
        return verdicts[0]
    own = next(outcome for outcome in _PRECEDENCE if outcome in seen)
    return next(verdict for verdict in verdicts if verdict.outcome is own)


def _demoted(outcomes: Mapping[str, Outcome], findings: Iterable[Finding]) -> dict[str, Outcome]:
    """Rules whose every fail is told as review for want of confidence."""
    told: dict[str, set[Outcome]] = {}
    for finding in findings:
        told.setdefault(finding.rule, set()).add(finding.outcome)
    return {c: Outcome.REVIEW for c, seen in told.items() if outcomes[c] is Outcome.FAIL and seen == {Outcome.REVIEW}}


def _findings(rule: Rule, verdicts: Iterable[Verdict], facts: Facts) -> list[Finding]:
    """The findings of one rule; verdicts with the same address are one finding with several places."""
    by_address: dict[str, list[Finding]] = {}
    for verdict in verdicts:
        by_address.setdefault(verdict.address, []).append(_finding(rule, verdict, facts))
    return [_with_corrections(_united(findings)) for findings in by_address.values()]


def _united(findings: Sequence[Finding]) -> Finding:
    """One finding with the places of all of these, as grave as the gravest."""
    first = findings[0]
    if len(findings) == 1:
        return first
    gravest = max((finding.severity for finding in findings), key=lambda s: s.rank)
    anchors = distinct(anchor for finding in findings for anchor in finding.anchors)
    return replace(first, anchors=anchors, severity=gravest)


def _with_corrections(finding: Finding) -> Finding:
    """A finding that rests on cells which a person corrected says so, with both values, wherever it is shown."""
    told = wording.corrections(finding.anchors)
    return replace(finding, message=f"{finding.message}（{told}）") if told else finding


def _legibility(anchors: Iterable[Anchor], report: Report) -> float:
    """That of the report for what does not rest on cells: these carry their own confidence."""
    return 1.0 if any(is_cell(a.address) for a in anchors) else report.legibility


def _finding(rule: Rule, verdict: Verdict, facts: Facts) -> Finding:
    anchors = verdict.anchors
    confidence = round(verdict.confidence * rule.confidence * _legibility(anchors, facts.report), 3)
    review = verdict.outcome is Outcome.REVIEW or confidence <= REVIEW_CONFIDENCE
    severity = facts.profile.severity(rule.code, verdict.severity or rule.severity)
    year = facts.report.reporting_year(facts.task.year)
    words = {"found": verdict.found or "", "expected": verdict.expected or "", **verdict.values}
    return Finding(
        rule=rule.code,
        severity=severity,
        outcome=Outcome.REVIEW if review else Outcome.FAIL,
        message=verdict.message,
        address=verdict.address,
        expected=verdict.expected,
        found=verdict.found,
        suggestion=rule.advice(words),
        confidence=confidence,
        fingerprint=fingerprint(facts.key, year, rule.code, verdict.address),
        anchors=anchors,
    )
