"""A jurisdiction's switches, thresholds, deadlines and required items, read from data/profiles/*.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from gdcore.errors import ConfigurationError
from gdcore.settings import Settings, shipped
from gdcore.verdict import Severity

# Characters, except similar_* (shares, 0…1) and fee_max_wan (万元).
DEFAULT_THRESHOLDS: Mapping[str, float] = {
    "s1_min": 200,
    "s1_max": 1000,
    "s5_min": 80,
    "similar_prior": 0.9,
    "similar_peer": 0.9,
    "fee_max_wan": 100_000,
}
_SECTIONS = {"title", "extends", "deadlines", "rules", "thresholds", "required", "tables"}


@dataclass(frozen=True, slots=True)
class Profile:
    """What one area asks of its agencies. `on` and `off` are patterns of rule codes; a later profile's word wins."""

    name: str
    title: str
    submit: str | None = None
    publish: Mapping[str, str] = field(default_factory=dict)
    switches: tuple[tuple[str, bool], ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_THRESHOLDS))
    notice: str = ""
    blank_allowed: bool = False

    def enabled(self, code: str) -> bool:
        """Whether a rule is switched on; rules are on unless a profile says otherwise."""
        on = True
        for pattern, value in self.switches:
            if fnmatchcase(code, pattern):
                on = value
        return on

    def severity(self, code: str, default: Severity) -> Severity:
        """The severity of a rule in this area."""
        return self.severities.get(code, default)


def load(name: str, settings: Settings) -> Profile:
    """The profile called `name` with all it extends. Raises ConfigurationError with file and key."""
    chain: list[tuple[str, Mapping[str, Any]]] = []
    current: str | None = name
    while current:
        if any(current == seen for seen, _ in chain):
            raise ConfigurationError(f"适用方案 {name} 循环引用了 {current}。")
        path = shipped(settings, "profiles", current) if re.fullmatch(r"[\w-]+", current) else None
        if path is None:
            raise ConfigurationError(
                f"找不到适用方案“{current}”：{settings.data / 'profiles'} 和随附方案中都没有 {current}.toml。"
            )
        chain.append((current, _parse(path)))
        current = chain[-1][1].get("extends")
    return _merge(name, [table for _, table in reversed(chain)])


def _parse(path: Path) -> Mapping[str, Any]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"适用方案 {path} 不是正确的 TOML：{error}") from error
    if unknown := set(table) - _SECTIONS:
        raise ConfigurationError(f"适用方案 {path} 有不认识的项目：{'、'.join(sorted(unknown))}。")
    return table


def _merge(name: str, tables: list[Mapping[str, Any]]) -> Profile:
    title, submit, notice, blank_allowed = name, None, "", False
    publish: dict[str, str] = {}
    switches: list[tuple[str, bool]] = []
    severities: dict[str, Severity] = {}
    thresholds = dict(DEFAULT_THRESHOLDS)
    for table in tables:
        title = table.get("title", title)
        deadlines, rules = table.get("deadlines", {}), table.get("rules", {})
        submit = deadlines.get("submit", submit)
        publish |= deadlines.get("publish", {})
        switches += [(p, False) for p in rules.get("off", [])] + [(p, True) for p in rules.get("on", [])]
        severities |= {code: Severity(value) for code, value in rules.get("severity", {}).items()}
        if unknown := set(table.get("thresholds", {})) - set(DEFAULT_THRESHOLDS):
            raise ConfigurationError(f"适用方案 {name} 有不认识的阈值：{'、'.join(sorted(unknown))}。")
        thresholds |= table.get("thresholds", {})
        notice = table.get("required", {}).get("notice", notice)
        blank_allowed = table.get("tables", {}).get("blank_allowed", blank_allowed)
    return Profile(name, title, submit, publish, tuple(switches), severities, thresholds, notice, blank_allowed)
