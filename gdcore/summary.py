"""What is told of a report in one line: how its findings stand, the nine words of the matrix, the counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from gdcore import scoring
from gdcore.finding import Finding
from gdcore.form import SECTIONS
from gdcore.report import Report
from gdcore.scoring import DISMISSED, UPHELD, Scheme, Score
from gdcore.serial import Summary, summary_text
from gdcore.verdict import Outcome, Severity

# How a fault is told in lists and counts: its severity where it stands as a fault, "review" while a person has to decide.
LEVELS = ("error", "warning", "info", "review")
WHOLE, ABSENT, PARTIAL, BLANK = "齐", "缺", "不全", "空格"
NOT_NUMBER, OLD, DOUBT, UNREAD = "非数", "旧版", "待核", "未识别"
NOT_FILED = "未报"
COLUMNS = ("s1", "s2", "s3", "s4", "s5", "s6", "t2", "t3", "t4")

# Rules whose fail is an absence, with the column they speak of; TAB-01 speaks of the table in its address.
_ABSENCES = {f"STR-0{number}": f"s{number}" for number in range(1, 7)}
_OWN_WORDS = {"TAB-02": OLD, "TAB-05": BLANK, "TAB-06": NOT_NUMBER}
_ORDER = (ABSENT, OLD, BLANK, NOT_NUMBER, PARTIAL, DOUBT)


@dataclass(frozen=True, slots=True)
class Counts:
    """Findings that stand as faults by severity, and those that wait for a decision."""

    errors: int
    warnings: int
    infos: int
    reviews: int


@dataclass(frozen=True, slots=True)
class Card:
    """What lists tell of a report: its score, how its findings stand, and the line about it (`summary_text`)."""

    score: Score
    counts: Counts
    summary: str


def card_of(report: Report, findings: Sequence[Finding], states: Mapping[str, str], scheme: Scheme) -> Card:
    """The card of a report by the states its findings have now (fingerprint → code)."""
    score = scoring.score(report, findings, scheme, states)
    return Card(score, counts(findings, states), summary_text(summarise(report, findings, states, score)))


def standing(finding: Finding, state: str) -> str:
    """How a finding counts in its state: its severity as a fault, "review" while undecided, "" once dismissed.

    A review that a person upheld is a fault like any other, as the scorecard charges it.
    """
    if state in DISMISSED:
        return ""
    if finding.outcome is Outcome.REVIEW and state not in UPHELD:
        return "review"
    return finding.severity.value


def is_veto(finding: Finding, scheme: Scheme) -> bool:
    """Whether the finding, where it stands, keeps the report from being published."""
    return finding.severity is Severity.ERROR and any(fnmatchcase(finding.rule, p) for p in scheme.veto_rules)


def counts(findings: Iterable[Finding], states: Mapping[str, str]) -> Counts:
    """How many findings stand at each level."""
    found = [standing(f, states.get(f.fingerprint, "pending")) for f in findings]
    return Counts(*(found.count(level) for level in LEVELS))


def summarise(report: Report, findings: Iterable[Finding], states: Mapping[str, str], score: Score) -> Summary:
    """The summary that is kept beside a report."""
    standings = [(f, level) for f in findings if (level := standing(f, states.get(f.fingerprint, "pending")))]
    rates = tuple(round(1 - b.lost / b.cap, 4) if b.cap else 1.0 for b in score.buckets)
    return Summary(words(report, standings), faults(standings), rates)


def faults(standings: Iterable[tuple[Finding, str]]) -> tuple[tuple[str, str], ...]:
    """(rule, level) once a rule, by its gravest finding, gravest first."""
    gravest: dict[str, str] = {}
    for finding, level in standings:
        known = gravest.get(finding.rule)
        if known is None or LEVELS.index(level) < LEVELS.index(known):
            gravest[finding.rule] = level
    return tuple(sorted(gravest.items(), key=lambda item: (LEVELS.index(item[1]), item[0])))


def words(report: Report, standings: Iterable[tuple[Finding, str]]) -> tuple[tuple[str, str], ...]:
    """The nine words: of what holds in a column the first in the order of `_ORDER`."""
    seen: dict[str, dict[str, str]] = {column: {} for column in COLUMNS}
    for finding, level in standings:
        for column in _columns(finding, report):
            seen[column].setdefault(_word(finding, level), finding.fingerprint)
    return tuple(_first(seen[column], column, report) for column in COLUMNS)


def _columns(finding: Finding, report: Report) -> tuple[str, ...]:
    """The columns that a finding speaks of; an old free form (STR-27) lacks all that was not found."""
    if finding.rule == "STR-27":
        return tuple(column for column in COLUMNS if not _present(report, column))
    if finding.rule in _ABSENCES:
        section = _ABSENCES[finding.rule]
        table = f"t{section[1]}"  # its table is told missing with it, not beside it (folding: TAB-01)
        return (section, table) if table in COLUMNS and not _present(report, table) else (section,)
    head = finding.address.partition("#")[0].partition(".")[0].removesuffix("_2019")
    return (head,) if head in COLUMNS else ()


def _word(finding: Finding, level: str) -> str:
    if level == "review":
        return DOUBT
    if finding.rule in _ABSENCES or finding.rule in ("TAB-01", "STR-27"):
        return ABSENT
    if finding.rule in _OWN_WORDS:
        return _OWN_WORDS[finding.rule]
    return PARTIAL if level in ("error", "warning") else WHOLE


def _first(seen: Mapping[str, str], column: str, report: Report) -> tuple[str, str]:
    for word in _ORDER:
        if word in seen:
            return word, seen[word]
    return (WHOLE if _read(report, column) else UNREAD), ""


def _present(report: Report, column: str) -> bool:
    if column.startswith("t"):
        return report.table(column) is not None
    return any(s.found for s in report.sections if s.key in _SECTION_KEYS[column])


def _read(report: Report, column: str) -> bool:
    """Whether nothing of the column escaped reading: a table counts as read when each of its cells was found."""
    table = report.table(column) if column.startswith("t") else None
    return table.read_share >= 1 if table is not None else _present(report, column)


_SECTION_KEYS = {section.short: (section.key, section.short) for section in SECTIONS}
