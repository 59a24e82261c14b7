"""Results as SARIF 2.1.0 (OASIS), for tools that collect findings of many programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from gdcore import __version__, wording
from gdcore.catalogue import Rule
from gdcore.finding import Finding
from gdcore.place import Place
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Severity

if TYPE_CHECKING:
    from gdcore.selfcheck import FileResult

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def of_check(results: Iterable[FileResult]) -> str:
    """The answer of `gdcheck check --format sarif`: one run, one result a finding; files not checked are notifications."""
    known = list(results)
    codes = list(CATALOGUE)
    run = {
        "tool": {
            "driver": {
                "name": "gdcheck",
                "version": __version__,
                "rules": [_rule(rule) for rule in CATALOGUE.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": list(_notifications(known))}],
        "results": [
            _result(result.file, finding, codes.index(finding.rule))
            for result in known
            if result.checked
            for finding in result.checked.findings
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation or rule.title},
        "help": {"text": f"依据：{rule.basis}\n建议：{rule.advice()}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(file: str, finding: Finding, index: int) -> dict[str, Any]:
    review = finding.outcome is Outcome.REVIEW
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": "review" if review else "fail",
        # The standard allows a level other than "none" only where the kind is "fail".
        "level": "none" if review else _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(file, finding, place) for place in _places(finding)],
        "partialFingerprints": {"disclosure/v1": finding.fingerprint},
        "properties": {
            "severity": finding.severity.value,
            "expected": finding.expected,
            "found": finding.found,
            "suggestion": finding.suggestion,
            "confidence": finding.confidence,
        },
    }


def _places(finding: Finding) -> list[Place]:
    """Each printed place once; one that is not known where there is none."""
    return list(dict.fromkeys(anchor.place for anchor in finding.anchors)) or [Place()]


def _location(file: str, finding: Finding, place: Place) -> dict[str, Any]:
    artifact = {"uri": quote(file.replace("\\", "/"), safe="/:!")}
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if place.line:
        physical["region"] = {"startLine": place.line}
    printed = place.describe()
    told = wording.describe(finding.address) + (f"（{printed}）" if printed else "")
    return {
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": finding.address}],
        "message": {"text": told},
    }


def _notifications(results: Iterable[FileResult]) -> Iterator[dict[str, Any]]:
    for result in results:
        if result.checked is None or result.reason:
            text = f"{result.file}：" + "".join(filter(None, (result.reason, result.remedy)))
            yield {"level": "error", "message": {"text": text}}
