"""A jurisdiction's switches, thresholds, deadlines and required items, read from data/profiles/*.toml."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from gdcore import lexicon
from gdcore.errors import ConfigurationError
from gdcore.form import AgencyType
from gdcore.lexicon import Lexicon
from gdcore.settings import SHIPPED_DATA, Settings, shipped
from gdcore.verdict import Severity

# Characters, except similar_* (shares, 0…1) and fee_max_wan (万元).
DEFAULT_THRESHOLDS: Mapping[str, float] = {
    "s1_min": 300,
    "s1_max": 3000,
    "s5_min": 80,
    "similar_prior": 0.85,
    "similar_peer": 0.8,
    "fee_max_wan": 100_000,
}
# Day by which a report is to be published (MM-DD of the following year) where a profile names none for its type.
DEFAULT_PUBLISH = "01-31"
_COMMON_YEAR = 2021  # followed by a year without 29 February
_SECTIONS = {"title", "extends", "deadlines", "rules", "thresholds", "required", "tables"}


@dataclass(frozen=True)
class Profile:
    """What one area asks of its agencies. `on` and `off` are patterns of rule codes; a later profile's word wins.

    `lexicon` holds the dictionaries of the wording rules, the same for all profiles of an office.
    """

    name: str
    title: str
    submit: str | None = None
    publish: Mapping[str, str] = field(default_factory=dict)
    switches: tuple[tuple[str, bool], ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_THRESHOLDS))
    notice: str = ""
    blank_allowed: bool = False
    lexicon: Lexicon = field(default_factory=Lexicon)

    @cached_property
    def fingerprint(self) -> str:
        """Eight hex digits that change with whatever rules go by: switches, severities, thresholds, dates, dictionaries."""
        said = [getattr(self, each.name) for each in fields(self) if each.name not in ("name", "title", "lexicon")]
        asked = [sorted(value.items()) if isinstance(value, Mapping) else value for value in said]
        return hashlib.sha256(repr((asked, self.lexicon.fingerprint)).encode()).hexdigest()[:8]

    def submit_by(self, year: int) -> date | None:
        """The day by which the report on `year` is to be submitted; None where the area sets none."""
        return _day(self.submit, year) if self.submit else None

    def publish_by(self, kind: AgencyType, year: int) -> date:
        """The day by which an agency of this type is to publish its report on `year`."""
        return _day(self.publish.get(kind.value, DEFAULT_PUBLISH), year)

    def enabled(self, code: str) -> bool:
        """Whether a rule is switched on; rules are on unless a profile says otherwise."""
        known = self._known.get(code)
        if known is None:
            known = self._known[code] = _enabled(self.switches, code)
        return known

    @cached_property
    def _known(self) -> dict[str, bool]:
        """The rules that were asked for: each is, for every report."""
        return {}

    def severity(self, code: str, default: Severity) -> Severity:
        """The severity of a rule in this area."""
        return self.severities.get(code, default)


def _enabled(switches: tuple[tuple[str, bool], ...], code: str) -> bool:
    """The word of the last pattern that names the rule."""
    return next((on for pattern, on in reversed(switches) if fnmatchcase(code, pattern)), True)


def _day(month_day: str, year: int) -> date:
    """`01-31` of the year after the one reported on."""
    month, day = month_day.split("-")
    return date(year + 1, int(month), int(day))


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
    tables = [table for _, table in reversed(chain)]
    own = switches_path(settings, name)
    if own.is_file():
        tables.append(_parse(own))
    return replace(_merge(name, tables), lexicon=lexicon.load(settings))


def available(settings: Settings) -> list[str]:
    """The names of all profiles, shipped and the office's own."""
    folders = (SHIPPED_DATA / "profiles", settings.data / "profiles")
    return sorted({path.stem for folder in folders for path in folder.glob("*.toml") if "." not in path.stem})


# --- what an office switches by hand --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Switches:
    """What an office changed of a profile by hand: rule → on or off, rule → severity."""

    rules: Mapping[str, bool] = field(default_factory=dict)
    severities: Mapping[str, Severity] = field(default_factory=dict)

    def applied(self, profile: Profile) -> Profile:
        """The profile with these changes on top."""
        switched = (*profile.switches, *self.rules.items())
        return replace(profile, switches=switched, severities={**profile.severities, **self.severities})


def switches_path(settings: Settings, name: str) -> Path:
    """The file that holds an office's changes of a profile; without it, the profile holds as it is."""
    return settings.data / "profiles" / f"{name}.switches.toml"


def switches(settings: Settings, name: str) -> Switches:
    """What the office changed of a profile so far."""
    path = switches_path(settings, name)
    rules = _parse(path).get("rules", {}) if path.is_file() else {}
    on, off = (dict.fromkeys(rules.get(key, ()), value) for key, value in (("on", True), ("off", False)))
    return Switches({**off, **on}, {code: Severity(value) for code, value in rules.get("severity", {}).items()})


def save_switches(settings: Settings, name: str, changed: Switches) -> None:
    """Put the office's changes beside the profile; none at all take the file away."""
    path = switches_path(settings, name)
    if not changed.rules and not changed.severities:
        path.unlink(missing_ok=True)
        return
    lines = ["# 由“规则目录”页写入。删除本文件，即恢复方案原来的开关和级别。", "[rules]"]
    for key, value in (("on", True), ("off", False)):
        codes = ", ".join(f'"{code}"' for code in sorted(changed.rules) if changed.rules[code] is value)
        lines.append(f"{key} = [{codes}]")
    if changed.severities:
        lines += ["[rules.severity]", *(f'"{code}" = "{s.value}"' for code, s in sorted(changed.severities.items()))]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _parse(path: Path) -> Mapping[str, Any]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"适用方案 {path} 不是正确的 TOML：{error}") from error
    if unknown := set(table) - _SECTIONS:
        raise ConfigurationError(f"适用方案 {path} 有不认识的项目：{'、'.join(sorted(unknown))}。")
    return table


def _checked_deadlines(name: str, deadlines: Mapping[str, Any]) -> None:
    """Raises ConfigurationError for a deadline that is no MM-DD or names no type of agency."""
    publish = deadlines.get("publish", {})
    if unknown := set(publish) - {kind.value for kind in AgencyType}:
        raise ConfigurationError(f"适用方案 {name} 的公开时限有不认识的机关类型：{'、'.join(sorted(unknown))}。")
    for value in (deadlines.get("submit"), *publish.values()):
        try:
            _day(value or DEFAULT_PUBLISH, _COMMON_YEAR)
        except (ValueError, AttributeError) as error:
            raise ConfigurationError(f"适用方案 {name} 的时限“{value}”应写成月-日，例如 01-31。") from error


def _merge(name: str, tables: list[Mapping[str, Any]]) -> Profile:
    title, submit, notice, blank_allowed = name, None, "", False
    publish: dict[str, str] = {}
    switches: list[tuple[str, bool]] = []
    severities: dict[str, Severity] = {}
    thresholds = dict(DEFAULT_THRESHOLDS)
    for table in tables:
        title = table.get("title", title)
        deadlines, rules = table.get("deadlines", {}), table.get("rules", {})
        _checked_deadlines(name, deadlines)
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
