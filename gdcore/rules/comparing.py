"""How the TXT rules compare what prose says with a table: which claims, how they agree, where only a person can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from gdcore.claims import Claim, Polarity, Scope
from gdcore.claims.grammar import EVERY_AGENCY
from gdcore.figure import Figure, total
from gdcore.finding import prose_address
from gdcore.form import AgencyType
from gdcore.report import Report
from gdcore.verdict import UNKNOWN, Severity, Verdict, doubtful, failed, not_evaluated, passed

Claims = tuple[Claim, ...]
# The figures any of which makes a claim right, and the words for the table's side.
Options = Callable[[Claim], tuple[tuple[Figure, ...], str]]

# Their reports may give the office's own number in prose and the whole area's in the table.
_OF_AN_AREA = (AgencyType.GOVERNMENT, AgencyType.GOV_OFFICE)
_SCOPE_DIFFERS = "正文与表格的统计范围可能不同（本机关与全区域），请核实"


def where(claim: Claim) -> str:
    """The address of a claim: its part and its subject."""
    return prose_address(claim.part, claim.span.text, claim.subject)


def counts(claims: Iterable[Claim], *subjects: str, scopes: tuple[Scope, ...] = (Scope.THIS_YEAR,)) -> list[Claim]:
    """The counted claims on these subjects: numbers above 0."""
    return [c for c in claims if c.subject in subjects and c.polarity is Polarity.COUNT and c.scope in scopes]


def denials(claims: Iterable[Claim], *subjects: str) -> list[Claim]:
    """The claims that there was none of these, the whole year through."""
    return [c for c in claims if c.subject in subjects and c.polarity is Polarity.NONE and c.scope is Scope.THIS_YEAR]


def wholes(claims: Iterable[Claim], *subjects: str) -> list[Claim]:
    """The claims that it was all of them."""
    return [c for c in claims if c.subject in subjects and c.polarity is Polarity.ALL]


def agrees(claim: Claim, figure: Figure) -> bool:
    """Whether a claim's number is the figure's; an approximate one may lie beside it."""
    value = claim.value.value
    return value is not None and figure.value is not None and abs(value - figure.value) <= claim.tolerance


def judged(
    report: Report,
    claims: Iterable[Claim],
    options: Options,
    *,
    others: Iterable[Claim] = (),
    severity: Callable[[Claim], Severity | None] = lambda _: None,
    values: Mapping[str, str] | None = None,
) -> Iterator[Verdict]:
    """A verdict on each claim: right when it is one of its options.

    Where another claim of the same part on the same subject is right, a smaller number beside it tells of a part.
    `others` are claims of another scope that may explain one of `claims` so.
    """
    told = list(claims)
    if not told:
        return
    every = [*told, *others]
    possible = {id(c): options(c) for c in every}
    sound = [c for c in every if any(agrees(c, f) for f in possible[id(c)][0])]
    right = {id(c) for c in sound}
    wrong = [c for c in told if id(c) not in right]
    beside = {key: _Beside(same) for key, same in _grouped(told).items()} if wrong else {}
    sound += [c for c in wrong if _adds_up(beside[_kind(c)], possible[id(c)][0])]
    right |= {id(c) for c in sound}
    most = _most(sound) if wrong else {}
    for claim in told:
        figures, words = possible[id(claim)]
        if id(claim) in right:
            yield passed(where(claim), claim.span, *figures)
        elif any(f.value is None for f in figures):
            yield not_evaluated(UNKNOWN, where(claim))
        elif claim.polarity is Polarity.COUNT and _below(claim.value, most.get((claim.part, claim.subject))):
            yield passed(where(claim), claim.span, *figures)
        else:
            verdict = _differs(report, claim, figures, words, severity(claim), values)
            yield doubted(verdict, "同一处有几个数，都与表格不同") if beside[_kind(claim)].several else verdict


_Kind = tuple[str, str, Polarity]  # part, subject and polarity


def _kind(claim: Claim) -> _Kind:
    return claim.part, claim.subject, claim.polarity


def _grouped(claims: Iterable[Claim]) -> dict[_Kind, list[Claim]]:
    found: dict[_Kind, list[Claim]] = {}
    for claim in claims:
        found.setdefault(_kind(claim), []).append(claim)
    return found


@dataclass
class _Beside:
    """The claims of one part on one subject."""

    claims: list[Claim]

    @cached_property
    def added(self) -> Decimal | None:
        """Their sum."""
        return total(c.value for c in self.claims).value

    @cached_property
    def several(self) -> bool:
        """Whether they tell different numbers."""
        return len({c.value.value for c in self.claims}) > 1


def _adds_up(beside: _Beside, figures: Iterable[Figure]) -> bool:
    """Whether the numbers of one part on one subject make the table's together: 门户3件、纸质36件."""
    return beside.added is not None and beside.added in [f.value for f in figures]


def _most(claims: Iterable[Claim]) -> dict[tuple[str, str], Figure]:
    """Part and subject → the largest number that is told there."""
    found: dict[tuple[str, str], Figure] = {}
    for claim in claims:
        key = (claim.part, claim.subject)
        if claim.value.value is not None and (key not in found or _below(found[key], claim.value)):
            found[key] = claim.value
    return found


def _below(less: Figure, more: Figure | None) -> bool:
    return more is not None and less.value is not None and more.value is not None and less.value < more.value


def _differs(
    report: Report,
    claim: Claim,
    figures: tuple[Figure, ...],
    words: str,
    severity: Severity | None,
    values: Mapping[str, str] | None,
) -> Verdict:
    known = {"n": str(claim.value), "N": str(figures[0]), **(values or {})}
    message, tell = f"正文“{claim.quote}”，{words}", failed
    if _scope_may_differ(report, claim, figures):
        message, tell = f"{message}。{_SCOPE_DIFFERS}", doubtful
    elif claim.approx:
        message, tell = f"{message}。正文为约数，相差较大，请核实", doubtful
    expected = "或".join(dict.fromkeys(str(f) for f in figures))
    return tell(
        message,
        where(claim),
        claim.value,
        *figures,
        expected=expected,
        found=claim.quote,
        severity=severity,
        values=known,
    )


def _scope_may_differ(report: Report, claim: Claim, figures: tuple[Figure, ...]) -> bool:
    """Whether the prose may speak of one body and the table of many, or the other way round."""
    if EVERY_AGENCY.search(claim.sentence):
        return all(_below(f, claim.value) for f in figures)
    return report.identity.agency_type in _OF_AN_AREA and all(_below(claim.value, f) for f in figures)


def denied(claim: Claim, figure: Figure, words: str, severity: Severity | None = None) -> Verdict:
    """A verdict on “there was none”: right when the table has 0."""
    if figure.value is None:
        return not_evaluated(UNKNOWN, where(claim))
    if figure.value == 0:
        return passed(where(claim), claim.span, figure)
    message = f"正文“{claim.quote}”，{words} {figure} 件"
    known, sides = {"n": "0", "N": str(figure)}, (claim.value, figure)
    return failed(
        message,
        where(claim),
        *sides,
        expected=str(figure),
        found=claim.quote,
        severity=severity,
        values=known,
    )


def of_all(claim: Claim, figure: Figure, every: Figure, words: str) -> Verdict:
    """A verdict on “it was all of them”: right when the table's number is its total."""
    if figure.value is None or every.value is None:
        return not_evaluated(UNKNOWN, where(claim))
    if figure.value == every.value:
        return passed(where(claim), claim.span, figure)
    message = f"正文“{claim.quote}”，{words} {figure} 件，总计 {every} 件"
    return failed(message, where(claim), claim.value, figure, every, expected=str(every), found=claim.quote)


def doubted(verdict: Verdict, reason: str) -> Verdict:
    """A fail turned into a doubt, with the reason added."""
    known = doubtful(verdict.message, verdict.address)
    return replace(verdict, outcome=known.outcome, message=f"{verdict.message}。{reason}")
