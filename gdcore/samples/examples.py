"""The examples of the rules: data/examples/<CODE>.yml as typed objects, shown to people and run as tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from gdcore.samples.changes import CHANGES, apply
from gdcore.samples.compose import clean
from gdcore.samples.model import Sample
from gdcore.samples.writers import FORMATS

OUTCOMES = ("pass", "fail", "review", "not_applicable", "not_evaluated")
SEVERITIES = ("error", "warning", "info")
DEFAULT_FORMATS = ("txt", "html", "docx")
_REPORT = {"kind", "year", "active", "name", "seed"}
_PROFILE = {"extends", "enable", "disable", "thresholds", "publish", "submit", "notice", "blank_allowed", "sensitive"}
_AGENCY = {
    *("name", "agency_type", "level", "has_licensing", "has_enforcement"),
    *("aliases", "superiors", "others", "reorganised", "founded", "abolished", "submit_by", "publish_by"),
}
_EXAMPLE = {
    *("name", "expect", "address", "severity", "formats", "profile", "task_year", "submitted", "archived", "agency"),
    *("report", "prior", "peers", "subordinates", "missing", *CHANGES),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A report to start from (arguments of `clean`) and the changes to it."""

    report: Mapping[str, Any]
    changes: Mapping[str, Any] = field(default_factory=dict)

    def sample(self) -> Sample:
        """The report made and changed. Raises ValueError if a change has nothing to change."""
        return apply(clean(**self.report), self.changes)


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a rule: what the report is, what else is known, and what the rule says of it.

    `profile` is one that is shipped; `adjusted` what this example's area asks otherwise (`enable`, `disable`: codes;
    `thresholds`, `publish`, `submit`, `notice`, `blank_allowed` as in a profile; `sensitive`: wrong → right wording), written in the file as
    `profile: {extends: national, enable: [STR-25]}`. `agency` is the roster entry, None where the roster does not
    have it; `archived`: the archive holds reports of the year before; `missing` names the agencies whose report is not among the `subordinates`; `addresses` and `severity` are those of the findings expected.
    """

    code: str
    name: str
    source: Source
    expect: str
    addresses: tuple[str, ...] = ()
    severity: str | None = None
    formats: tuple[str, ...] = DEFAULT_FORMATS
    profile: str = "national"
    adjusted: Mapping[str, Any] = field(default_factory=dict)
    task_year: int | None = None
    submitted: date | None = None
    archived: bool = False
    prior: Source | None = None
    peers: tuple[Source, ...] | None = None
    subordinates: tuple[Source, ...] | None = None
    missing: tuple[str, ...] = ()
    agency: Mapping[str, Any] | None = None


def load(folder: Path) -> dict[str, tuple[Example, ...]]:
    """The examples of every rule in a folder, by code. Raises ValueError naming file, example and key."""
    files = sorted(folder.glob("*.yml"))
    return {path.stem: load_file(path) for path in files}


def load_file(path: Path) -> tuple[Example, ...]:
    """The examples of one rule."""
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
        if not isinstance(entries, list):
            raise ValueError("a list of examples is expected")
        return tuple(_example(path.stem, entry) for entry in entries)
    except (ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _example(code: str, entry: Mapping[str, Any]) -> Example:
    name = str(entry.get("name") or "an example without a name")
    _known(entry, _EXAMPLE, name)
    if "name" not in entry or "report" not in entry:
        raise ValueError(f"{name}: name and report are needed")
    agency, prior = entry.get("agency"), entry.get("prior")
    _known(agency or {}, _AGENCY, f"{name}: agency")
    return Example(
        code,
        name,
        _source({key: entry[key] for key in entry if key in CHANGES or key == "report"}, name),
        _one_of(str(entry.get("expect")), OUTCOMES, name),
        _texts(entry.get("address", ())),
        _one_of(entry["severity"], SEVERITIES, name) if "severity" in entry else None,
        tuple(_one_of(fmt, FORMATS, name) for fmt in entry.get("formats", DEFAULT_FORMATS)),
        task_year=entry.get("task_year"),
        submitted=entry.get("submitted"),
        archived=bool(entry.get("archived", False)),
        prior=None if prior is None else _source(prior, f"{name}: prior"),
        peers=_sources(entry.get("peers"), f"{name}: peers"),
        subordinates=_sources(entry.get("subordinates"), f"{name}: subordinates"),
        missing=_texts(entry.get("missing", ())),
        agency=agency,
        **_area(entry.get("profile", "national"), name),
    )


def _area(profile: str | Mapping[str, Any], where: str) -> dict[str, Any]:
    if isinstance(profile, str):
        return {"profile": profile}
    _known(profile, _PROFILE, f"{where}: profile")
    return {
        "profile": profile.get("extends", "national"),
        "adjusted": {key: profile[key] for key in profile if key != "extends"},
    }


def _sources(entries: Sequence[Mapping[str, Any]] | None, where: str) -> tuple[Source, ...] | None:
    return None if entries is None else tuple(_source(entry, where) for entry in entries)


def _source(entry: Mapping[str, Any], where: str) -> Source:
    _known(entry, CHANGES | {"report"}, where)
    report = entry.get("report", {})
    _known(report, _REPORT, f"{where}: report")
    return Source(report, {key: entry[key] for key in entry if key in CHANGES})


def _known(entry: Mapping[str, Any], keys: set[str] | frozenset[str], where: str) -> None:
    if unknown := set(entry) - keys:
        raise ValueError(f"{where} has unknown keys: {', '.join(sorted(unknown))}")


def _one_of(word: str, words: Sequence[str], where: str) -> str:
    if word not in words:
        raise ValueError(f"{where}: {word!r} is none of {', '.join(words)}")
    return word


def _texts(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
