"""Results of a self-check as one HTML file to be read and printed: numbered findings with place, both sides and basis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml.html import builder as E

from gdcore.exports import text
from gdcore.exports.csv import position
from gdcore.finding import Finding
from gdcore.rules import CATALOGUE
from gdcore.verdict import SEVERITY_NAMES, Outcome

if TYPE_CHECKING:
    from gdcore.selfcheck import FileResult

_STYLE = """
body { font: 14px/1.6 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif; color: #1B2733; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .2rem; } h3 { font-size: 1rem; margin: 1rem 0 .2rem; }
p { margin: 0; } .muted { color: #4A5661; } dl { display: grid; grid-template-columns: 3.5rem 1fr; gap: .1rem .6rem; margin: 0; }
dt { color: #4A5661; } dd { margin: 0; overflow-wrap: anywhere; } .file { border-top: 1px solid #D3DAE1; } .finding { break-inside: avoid; }
"""


def of_check(results: Iterable[FileResult]) -> bytes:
    """The whole document."""
    page = E.HTML(
        E.HEAD(E.META(charset="utf-8"), E.TITLE("自查结果"), E.STYLE(_STYLE)),
        E.BODY(
            E.H1("政府信息公开工作年度报告 自查结果"),
            E.P("报送前自查，仅供本单位修改时参考。", E.CLASS("muted")),
            *(_file(result) for result in results),
        ),
        lang="zh-CN",
    )
    return bytes(etree.tostring(page, doctype="<!DOCTYPE html>", encoding="utf-8", method="html"))


def _file(result: FileResult) -> Any:
    if result.checked is None or result.report is None or result.report.rejection:
        words = "未能核查：" + "　".join(filter(None, (result.reason, result.remedy)))
        return E.DIV(E.CLASS("file"), E.H2(_clean(result.file)), E.P(_clean(words)))
    identity = result.report.identity
    head = [
        identity.agency or "单位未识别",
        f"{identity.year} 年度" if identity.year else "年度未识别",
        text.score(result),
    ]
    findings = result.checked.findings
    scored = result.score is not None and result.score.total is not None
    none = "没有发现问题。" if scored else "没有可以判断的内容。"
    return E.DIV(
        E.CLASS("file"),
        E.H2(_clean(result.file)),
        E.P(_clean(" · ".join(head))),
        E.P(text.counts(findings), E.CLASS("muted")),
        *(E.P(_clean(f"读取时的假定：{assumption}")) for assumption in result.report.assumptions),
        *([_finding(number, finding) for number, finding in enumerate(findings, 1)] or [E.P(none)]),
    )


def _finding(number: int, finding: Finding) -> Any:
    rule = CATALOGUE.get(finding.rule)
    level = SEVERITY_NAMES[finding.severity] + ("·待核" if finding.outcome is Outcome.REVIEW else "")
    title = f"{number}. [{level}] {finding.rule} {rule.name if rule else ''}"
    return E.DIV(E.CLASS("finding"), E.H3(_clean(title)), E.DL(*(each for line in _lines(finding) for each in line)))


def _lines(finding: Finding) -> Iterator[tuple[Any, Any]]:
    rule = CATALOGUE.get(finding.rule)
    for term, told in (
        ("说明", finding.message),
        ("位置", position(finding)),
        ("原文", finding.found),
        ("应为", finding.expected),
        ("依据", str(rule.basis) if rule else ""),
        ("建议", finding.suggestion),
    ):
        if told:
            yield E.DT(term), E.DD(_clean(told))


def _clean(words: str) -> str:
    """Without the control characters that no document may hold."""
    return "".join(char for char in words if char.isprintable() or char in "\n\t")
