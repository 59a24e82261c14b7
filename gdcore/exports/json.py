"""Results as JSON for scripts: the shape of the contract, to which fields may be added and none renamed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gdcore import __version__
from gdcore.exports.csv import whole
from gdcore.figure import Figure
from gdcore.finding import Finding
from gdcore.place import Anchor
from gdcore.report import Identity, Report
from gdcore.rules import CATALOGUE
from gdcore.scoring import Score
from gdcore.verdict import Outcome

if TYPE_CHECKING:
    from gdcore.selfcheck import FileResult
    from gdcore.store.rows import FindingRow


def of_check(results: Iterable[FileResult]) -> str:
    """The answer of `gdcheck check --format json`."""
    engine = {"name": "gdcore", "version": __version__, "catalogue": CATALOGUE.fingerprint}
    return _text({"engine": engine, "reports": [entry(result) for result in results]}) + "\n"


def of_store(rows: Iterable[FindingRow]) -> Iterator[bytes]:
    """Stored findings as a JSON array, piece by piece."""
    separator = "[\n"
    for row in rows:
        yield (separator + _text(stored(row), indent=None)).encode()
        separator = ",\n"
    yield b"[]\n" if separator == "[\n" else b"\n]\n"


def entry(result: FileResult) -> dict[str, Any]:
    """One file's entry. Of a file that is no report, or could not be read, nothing is claimed."""
    report = result.report
    taken = report is not None and report.rejection is None
    return {
        "file": result.file,
        "sha256": result.sha256,
        "format": result.format.value if result.format else None,
        "outcome": result.outcome,
        "reason": result.reason,
        "identity": _identity(report.identity if report else Identity()),
        "editions": {key: _edition(report, key) for key in ("t2", "t3", "t4")},
        "sections": _sections(report) if report else [],
        "cells": {address: _cell(figure) for address, figure in report.cells().items()} if report and taken else {},
        "findings": [finding(f) for f in result.checked.findings] if result.checked else [],
        "rules": _rules(result.checked.outcomes if result.checked else {}),
        "score": score(result.score) if taken else None,
    }


def finding(found: Finding) -> dict[str, Any]:
    """One finding with its places."""
    return {
        "rule": found.rule,
        "severity": found.severity.value,
        "outcome": found.outcome.value,
        "message": found.message,
        "address": found.address,
        "cells": list(found.cells),
        "expected": found.expected,
        "found": found.found,
        "suggestion": found.suggestion,
        "confidence": found.confidence,
        "fingerprint": found.fingerprint,
        "places": places(found.anchors),
    } | _mended(found.anchors)


def _mended(anchors: Sequence[Anchor]) -> dict[str, Any]:
    """The cells among the evidence that a person corrected, with what had been read; nothing where there are none."""
    cells = {a.address: {"read": a.correction.read, "set": a.correction.set} for a in anchors if a.correction}
    return {"mended": cells} if cells else {}


def stored(row: FindingRow) -> dict[str, Any]:
    """One finding of the store."""
    surroundings = {
        "agency": row.agency,
        "agency_key": row.agency_key,
        "year": row.year,
        "file": row.file,
        "version": row.version,
        "state": row.state,
        "points": whole(row.points),
        "note": row.note,
    }
    return surroundings | finding(row.finding)


def places(anchors: Sequence[Anchor]) -> list[dict[str, Any]]:
    """Where the evidence is printed, each place once."""
    known: list[dict[str, Any]] = []
    for anchor in anchors:
        place = anchor.place.as_dict()
        if place and place not in known:
            known.append(place)
    return known


def score(card: Score | None) -> dict[str, Any] | None:
    """The scorecard; null when it was withheld."""
    if card is None or card.total is None:
        return None
    buckets = {b.key: {"lost": whole(b.lost), "cap": whole(b.cap)} for b in card.buckets}
    return {"total": whole(card.total), "band": card.band, "veto": card.veto, "buckets": buckets}


def _identity(identity: Identity) -> dict[str, Any]:
    return {
        "agency": identity.agency,
        "year": identity.year,
        "title": identity.title.text if identity.title else None,
        "agency_type": identity.agency_type.value if identity.agency_type else None,
        "published": identity.published.isoformat() if identity.published else None,
    }


def _edition(report: Report | None, key: str) -> str | None:
    table = report.table(key) if report and report.rejection is None else None
    if table is None or not table.grids:
        return None
    return "fmt2021" if key == "t4" else table.edition.value


def _sections(report: Report) -> list[dict[str, Any]]:
    return [
        {"key": s.key, "title": s.heading.passage.text if s.heading else None, "found": s.found}
        for s in report.sections
    ]


def _cell(figure: Figure) -> dict[str, Any]:
    value = None if figure.value is None else f"{figure.value:f}"
    place = figure.anchors[0].place.as_dict() if figure.anchors else {}
    cell = {"raw": figure.raw, "value": value, "place": place}
    mended = figure.correction
    return cell | {"mended": True, "read": mended.read} if mended else cell


def _rules(outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    return {code: outcomes.get(code, Outcome.NOT_EVALUATED).value for code in CATALOGUE}


def _text(value: Any, indent: int | None = 1) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
