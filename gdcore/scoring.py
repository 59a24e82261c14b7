"""The scorecard: deductions inside capped buckets, vetoes and bands, by a scheme in TOML that an office can edit.

After the 锦州 model of capped deductions: a rule is charged once a report whatever its number of places, by its gravest
finding; a bucket never loses more than its cap.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from gdcore.errors import ConfigurationError
from gdcore.finding import Finding
from gdcore.form import TABLE_NAMES
from gdcore.report import Report
from gdcore.settings import Settings, shipped
from gdcore.verdict import Outcome, Severity

# States of a finding in which it is not charged, and in which a review counts like a fail.
DISMISSED = frozenset({"false_positive", "waived"})
UPHELD = frozenset({"confirmed", "issued", "correcting", "corrected", "closed", "reappeared", "waiver_requested"})


@dataclass(frozen=True, slots=True)
class BucketScheme:
    """One of the six heads under which points are lost: its rules (patterns) and the most it can lose."""

    key: str
    name: str
    cap: float
    rules: tuple[str, ...]

    def owns(self, code: str) -> bool:
        """Whether a rule is charged here."""
        return any(fnmatchcase(code, pattern) for pattern in self.rules)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scoring scheme. `bands` from best to worst as (lower bound, name)."""

    title: str
    full: float
    points: Mapping[Severity, float]
    own_points: Mapping[str, Mapping[Severity, float]]
    on_confirmation: Mapping[str, float]
    buckets: tuple[BucketScheme, ...]
    bands: tuple[tuple[float, str], ...]
    veto_rules: tuple[str, ...]
    veto_ceiling: float
    withhold_below: float

    def cost(self, finding: Finding, confirmed: bool) -> float:
        """What a rule loses by this finding, were it its gravest."""
        if confirmed and finding.rule in self.on_confirmation:
            return self.on_confirmation[finding.rule]
        return self.own_points.get(finding.rule, {}).get(finding.severity, self.points[finding.severity])

    def band(self, total: float) -> str:
        """The band of a total."""
        return next(name for bound, name in self.bands if total >= bound)

    def bucket_of(self, code: str) -> BucketScheme | None:
        """Where a rule is charged; None for rules that concern an area and not a report."""
        return next((b for b in self.buckets if b.owns(code)), None)


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points lost by one rule, and the fingerprint of the finding that costs them."""

    rule: str
    points: float
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """What one bucket lost: at most its cap, even where the deductions sum to more."""

    key: str
    name: str
    cap: float
    lost: float
    deductions: tuple[Deduction, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A scorecard. `total` None: withheld, for the reason given; never a full mark for what was not read."""

    total: float | None
    band: str | None
    veto: str | None
    buckets: tuple[Bucket, ...]
    reason: str = ""

    def points(self) -> dict[str, float]:
        """Fingerprint → points its rule costs."""
        return {d.fingerprint: d.points for b in self.buckets for d in b.deductions}


def score(
    report: Report, findings: Iterable[Finding], scheme: Scheme, states: Mapping[str, str] | None = None
) -> Score:
    """The scorecard of a report from its findings and the states people gave them (fingerprint → code)."""
    states = states or {}
    charged = [f for f in findings if _charged(f, states.get(f.fingerprint, "pending"))]
    buckets = tuple(_bucket(b, charged, scheme, states) for b in scheme.buckets)
    reason = withheld(report, scheme)
    if reason:
        return Score(None, None, None, buckets, reason)
    veto = next((f.rule for f in charged if f.severity is Severity.ERROR and _matches(f.rule, scheme.veto_rules)), None)
    total = scheme.full - sum(b.lost for b in buckets)
    if veto:
        total = min(total, scheme.veto_ceiling)
    total = _tidy(total)
    return Score(total, scheme.band(total), veto, buckets)


def withheld(report: Report, scheme: Scheme) -> str:
    """Why a report cannot be scored; "" if it can."""
    if report.rejection:
        return report.rejection.reason
    if not any(s.found for s in report.sections):
        return "没有识别出任何一个部分，暂不评分"
    for table in report.tables:
        if table.read_share < scheme.withhold_below:
            return f"{TABLE_NAMES[table.key]}只识别出 {table.read_share:.0%} 的单元格，暂不评分"
    return ""


def _charged(finding: Finding, state: str) -> bool:
    if state in DISMISSED:
        return False
    return finding.outcome is Outcome.FAIL or state in UPHELD


def _bucket(bucket: BucketScheme, charged: list[Finding], scheme: Scheme, states: Mapping[str, str]) -> Bucket:
    gravest: dict[str, Deduction] = {}
    for finding in charged:
        if scheme.bucket_of(finding.rule) is not bucket:
            continue
        points = scheme.cost(finding, states.get(finding.fingerprint) in UPHELD)
        known = gravest.get(finding.rule)
        if points > 0 and (known is None or points > known.points):
            gravest[finding.rule] = Deduction(finding.rule, _tidy(points), finding.fingerprint)
    lost = min(bucket.cap, sum(d.points for d in gravest.values()))
    return Bucket(bucket.key, bucket.name, _tidy(bucket.cap), _tidy(lost), tuple(gravest.values()))


def _matches(code: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(code, p) for p in patterns)


def _tidy(points: float) -> float:
    """98.0 → 98: whole points are told as whole numbers."""
    rounded = round(points, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def load(name: str, settings: Settings) -> Scheme:
    """The scheme called `name` (data/scoring/NAME.toml). Raises ConfigurationError with file and key."""
    path = shipped(settings, "scoring", name) if re.fullmatch(r"[\w-]+", name) else None
    if path is None:
        raise ConfigurationError(f"找不到评分方案“{name}”：{settings.data / 'scoring'} 中没有 {name}.toml。")
    try:
        return _scheme(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise ConfigurationError(f"评分方案 {path} 不能使用：{error}") from error


def _scheme(table: Mapping[str, Any]) -> Scheme:
    bands = sorted(((float(bound), str(name)) for name, bound in table["bands"].items()), reverse=True)
    if not bands or bands[-1][0] != 0:
        raise ValueError("bands 中最低一档的下限应为 0")
    return Scheme(
        title=table["title"],
        full=float(table["full"]),
        points=_by_severity(table["points"]),
        own_points={code: _by_severity(points) for code, points in table.get("rule_points", {}).items()},
        on_confirmation=dict(table.get("points_once_confirmed", {})),
        buckets=tuple(
            BucketScheme(key, b["name"], float(b["cap"]), tuple(b["rules"])) for key, b in table["buckets"].items()
        ),
        bands=tuple(bands),
        veto_rules=tuple(table["veto"]["rules"]),
        veto_ceiling=float(table["veto"]["ceiling"]),
        withhold_below=float(table["withhold_below"]),
    )


def _by_severity(points: Mapping[str, float]) -> dict[Severity, float]:
    return {Severity(name): float(value) for name, value in points.items()}
