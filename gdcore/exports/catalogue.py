"""The catalogue of rules as Markdown, JSON or CSV, and one rule explained."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from gdcore.catalogue import Rule
from gdcore.exports import csv
from gdcore.rules import CATALOGUE
from gdcore.samples.examples import Example
from gdcore.samples.telling import told
from gdcore.verdict import OUTCOME_NAMES, SEVERITY_NAMES, Outcome

_COLUMNS = ("规则编号", "规则名称", "主张", "严重程度", "依据", "说明", "整改建议")


def rendered(format: str) -> bytes:
    """The whole catalogue as md, json or csv."""
    listed = list(CATALOGUE.values())
    if format == "csv":
        return b"".join(csv.encode(([*_values(rule)] for rule in listed), _COLUMNS))
    if format == "json":
        return (json.dumps([_entry(rule) for rule in listed], ensure_ascii=False, indent=1) + "\n").encode()
    return ("\n".join(_markdown(listed)) + "\n").encode()


def explained(rule: Rule, examples: Iterable[Example] = ()) -> str:
    """One rule in full, as text, with its examples."""
    parts = [
        f"{rule.code} {rule.name}（{SEVERITY_NAMES[rule.severity]}）",
        f"主张：{rule.title}",
        rule.explanation,
        f"依据：{rule.basis}" + ("" if rule.basis.binding else "（非强制）"),
        f"建议：{rule.advice()}",
        *(_example(example) for example in examples),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _example(example: Example) -> str:
    return "\n".join(
        [f"例（{OUTCOME_NAMES[Outcome(example.expect)]}）{example.name}", *(f"  {t}" for t in told(example))]
    )


def _values(rule: Rule) -> tuple[str, ...]:
    severity = SEVERITY_NAMES[rule.severity]
    return rule.code, rule.name, rule.title, severity, str(rule.basis), rule.explanation, rule.advice()


def _entry(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "short": rule.short,
        "title": rule.title,
        "explanation": rule.explanation,
        "severity": rule.severity.value,
        "basis": str(rule.basis),
        "binding": rule.basis.binding,
        "suggestion": rule.advice(),
        "needs": list(rule.needs),
        "confidence": rule.confidence,
    }


def _markdown(rules: Iterable[Rule]) -> Iterator[str]:
    yield "# 规则目录"
    for family, members in groupby(rules, key=lambda rule: rule.family):
        yield f"\n## {family}\n\n| 编号 | 名称 | 主张 | 级别 | 依据 |\n|---|---|---|---|---|"
        for rule in members:
            cells = (rule.code, rule.name, rule.title, SEVERITY_NAMES[rule.severity], str(rule.basis))
            yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
