"""Results as text for a terminal: one head line a file, then its findings, gravest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gdcore.exports.csv import position
from gdcore.finding import Finding
from gdcore.rules import CATALOGUE
from gdcore.verdict import OUTCOME_NAMES, SEVERITY_NAMES, Outcome, Severity

if TYPE_CHECKING:
    from gdcore.selfcheck import FileResult


def of_check(results: Iterable[FileResult]) -> str:
    """The answer of `gdcheck check --format text`."""
    return "\n\n".join("\n".join(_lines(result)) for result in results) + "\n"


def _lines(result: FileResult) -> Iterator[str]:
    yield result.file
    if result.checked is None or result.report is None or result.report.rejection:
        yield "  未能核查：" + "　".join(filter(None, (result.reason, result.remedy)))
        return
    identity = result.report.identity
    year = f"{identity.year} 年度" if identity.year else "年度未识别"
    yield f"  {identity.agency or '单位未识别'} · {year} · {score(result)}"
    yield f"  {counts(result.checked.findings)}；{_rules(result.checked.outcomes.values())}"
    yield from (f"  读取时的假定：{assumption}" for assumption in result.report.assumptions)
    for finding in result.checked.findings:
        yield from _finding(finding)


def score(result: FileResult) -> str:
    """The score in words: 85 分 良好."""
    card = result.score
    if card is None or card.total is None:
        return f"未评分（{card.reason}）" if card and card.reason else "未评分"
    return f"{card.total:g} 分 {card.band}" + (f"（否决：{card.veto}）" if card.veto else "")


def counts(findings: Iterable[Finding]) -> str:
    """How many findings there are of each level."""
    told = Counter("待核" if f.outcome is Outcome.REVIEW else SEVERITY_NAMES[f.severity] for f in findings)
    return " · ".join(f"{name} {told[name]}" for name in (*(SEVERITY_NAMES[s] for s in Severity), "待核"))


def _rules(outcomes: Iterable[Outcome]) -> str:
    told = Counter(outcomes)
    names = (Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.NOT_EVALUATED)
    return f"规则 {told.total()} 条：" + "，".join(f"{OUTCOME_NAMES[o]} {told[o]}" for o in names)


def _finding(finding: Finding) -> Iterator[str]:
    level = SEVERITY_NAMES[finding.severity] + ("·待核" if finding.outcome is Outcome.REVIEW else "")
    rule = CATALOGUE.get(finding.rule)
    yield f"  [{level}] {finding.rule} {rule.name if rule else ''} — {position(finding)}"
    yield f"      {finding.message}"
    sides = [f"原文：{finding.found}" if finding.found else "", f"应为：{finding.expected}" if finding.expected else ""]
    if any(sides):
        yield "      " + "　".join(filter(None, sides))
    yield f"      建议：{finding.suggestion}"
