"""What a rule says of one cell, row, table or sentence, and the few ways to say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from enum import StrEnum

from gdcore.figure import Figure, Passage
from gdcore.place import Anchor, distinct
from gdcore.record import at_hand, record


@at_hand
class Severity(StrEnum):
    """error: the report must be returned; warning: probably wrong, a person confirms; info: advice, never blocks."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 info, 1 warning, 2 error."""
        return ("info", "warning", "error").index(self)


SEVERITY_NAMES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}


@at_hand
class Outcome(StrEnum):
    """The five outcomes. What could not be read is NOT_EVALUATED: never a pass, never a fault."""

    PASS = "pass"
    FAIL = "fail"
    REVIEW = "review"
    NOT_APPLICABLE = "not_applicable"
    NOT_EVALUATED = "not_evaluated"


OUTCOME_NAMES = {
    Outcome.PASS: "通过",
    Outcome.FAIL: "不符合",
    Outcome.REVIEW: "待核",
    Outcome.NOT_APPLICABLE: "不适用",
    Outcome.NOT_EVALUATED: "未评估",
}

Evidence = Figure | Passage | Anchor
Sides = tuple[tuple[Figure, ...], tuple[Figure, ...]]


@record(frozen=True, slots=True)
class Verdict:
    """One judgement.

    `address` is what it is about; `expected` and `found` the two sides as told to a person; `evidence` what it rests on;
    `severity` overrides the rule's own; `confidence` is that of the reading (0…1), before the rule's own is applied;
    `values` fill the places in the rule's suggestion. For outcomes other than fail and review `message` is the reason.
    `sides` are the cells of the equation that was judged, if it was one: two sums that should be the same.
    """

    outcome: Outcome
    message: str = ""
    address: str = "report"
    expected: str | None = None
    found: str | None = None
    evidence: tuple[Evidence, ...] = ()
    severity: Severity | None = None
    confidence: float = 1.0
    values: Mapping[str, str] = field(default_factory=dict)
    sides: Sides = ((), ())

    @property
    def terms(self) -> tuple[tuple[int, Figure], ...]:
        """The equation as signed cells (+1 or −1) that should add up to zero."""
        left, right = self.sides
        return (*[(1, figure) for figure in left], *[(-1, figure) for figure in right])

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """Where the evidence is printed, each place once. Gathered when asked for: most verdicts are passes, and told to nobody."""
        return distinct(a for e in self.evidence for a in ((e,) if isinstance(e, Anchor) else e.anchors))


def _confidence(evidence: Iterable[Evidence]) -> float:
    """That of the least certain piece."""
    return min((e.confidence for e in evidence if not isinstance(e, Anchor)), default=1.0)


def passed(address: str = "report", *evidence: Evidence) -> Verdict:
    """The claim holds here."""
    return Verdict(Outcome.PASS, "", address, None, None, evidence)


def balanced(address: str, left: tuple[Figure, ...], right: tuple[Figure, ...]) -> Verdict:
    """The same of two sums that are equal."""
    return Verdict(Outcome.PASS, "", address, None, None, (*left, *right), sides=(left, right))


def not_applicable(reason: str, address: str = "report") -> Verdict:
    """The rule has nothing to say here, and why."""
    return Verdict(Outcome.NOT_APPLICABLE, reason, address)


def not_evaluated(reason: str, address: str = "report") -> Verdict:
    """Something the rule needs could not be read."""
    return Verdict(Outcome.NOT_EVALUATED, reason, address)


def failed(
    message: str,
    address: str,
    *evidence: Evidence,
    expected: str | None = None,
    found: str | None = None,
    severity: Severity | None = None,
    values: Mapping[str, str] | None = None,
) -> Verdict:
    """The claim does not hold. `message` states both sides with units and where."""
    sure = _confidence(evidence)
    return Verdict(Outcome.FAIL, message, address, expected, found, evidence, severity, sure, values or {})


def doubtful(
    message: str,
    address: str,
    *evidence: Evidence,
    expected: str | None = None,
    found: str | None = None,
    severity: Severity | None = None,
    values: Mapping[str, str] | None = None,
) -> Verdict:
    """The claim may not hold: a person decides (待核)."""
    told = failed(message, address, *evidence, expected=expected, found=found, severity=severity, values=values)
    return replace(told, outcome=Outcome.REVIEW)


# Why a comparison was not made.
UNKNOWN = "有单元格空白、不是数字或未能识别，不作判断"


def equal(left: Figure, right: Figure, message: str, address: str, values: Mapping[str, str] | None = None) -> Verdict:
    """`left` (what stands there) against `right` (what it should be); not evaluated while either is unknown.

    `message` may use `{left}`, `{right}` and the keys of `values`.
    """
    if left.value is None or right.value is None:
        return not_evaluated(UNKNOWN, address)
    if left.value == right.value:
        return passed(address, left, right)
    words = {**(values or {}), "left": str(left), "right": str(right)}
    return failed(message.format_map(words), address, left, right, expected=str(right), found=str(left), values=words)
