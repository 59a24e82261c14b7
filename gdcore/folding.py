"""One mistake, one finding: which rule silences which, and how sum faults with one cause are told once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import translate
from functools import cached_property

from gdcore import balance
from gdcore.catalogue import Catalogue
from gdcore.verdict import Outcome, Verdict

Verdicts = Mapping[str, tuple[Verdict, ...]]
TOLD = (Outcome.FAIL, Outcome.REVIEW)

# What the two addresses must share for one rule to silence the other.
Scope = Callable[[str], str]


def _anywhere(address: str) -> str:
    return ""


def _table(address: str) -> str:
    """`t2_2019.item1` → `t2`; the section of a table stands for it: `s3` → `t3`."""
    head = address.partition("#")[0].partition(".")[0]
    return {"t2_2019": "t2", "s2": "t2", "s3": "t3", "s4": "t4"}.get(head, head)


def _column(address: str) -> str:
    """`t3.carried_out.total` → `t3.total`."""
    return ".".join(part for i, part in enumerate(address.split(".")) if i != 1)


def _cell(address: str) -> str:
    return address


def _part(address: str) -> str:
    """`s1.a2#received_or_total` → `s1.a2`."""
    return address.partition("#")[0]


@dataclass(frozen=True)
class Silence:
    """`winner` silences `losers` (patterns of codes) where both speak of the same `scope`.

    `where` restricts it to winners at one address. With `wholly` the losers do not apply at all, whatever they found.
    """

    winner: str
    losers: tuple[str, ...]
    scope: Scope
    where: str = ""
    wholly: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the codes of the losers."""
        return re.compile("|".join(map(translate, self.losers)))


SILENCES = (
    Silence("STR-27", ("TAB-*", "SUM-*", "TXT-*", "STR-0[1-9]", "STR-26", "QUA-18"), _anywhere, wholly=True),
    Silence("STR-02", ("TAB-01",), _table),
    Silence("STR-03", ("TAB-01",), _table),
    Silence("STR-04", ("TAB-01",), _table),
    Silence("TAB-14", ("TAB-01",), _table),
    Silence("TAB-02", ("TAB-03", "TAB-04", "TAB-11"), _table),
    Silence("SUM-10", ("SUM-09", "YOY-03", "YOY-04"), _cell),
    Silence("SUM-09", ("YOY-03", "YOY-04"), _cell),
    Silence("SUM-07", ("SUM-01",), _column),
    Silence("YOY-01", ("YOY-02",), _anywhere),
    Silence("AGG-09", ("AGG-02", "AGG-03", "AGG-04", "AGG-05"), _anywhere),
    Silence("STR-18", ("REG-SD-01",), _anywhere),
    Silence("STR-23", ("STR-16", "STR-17", "TXT-18", "QUA-10"), _anywhere, where="s5"),
    Silence("TXT-18", ("STR-16",), _anywhere),
    Silence("TXT-01", ("TXT-02",), _part),
    Silence("TXT-03", ("TXT-02",), _part),
)


def suppress(verdicts: Verdicts, catalogue: Catalogue) -> dict[str, tuple[Verdict, ...]]:
    """`verdicts` with those that another rule's fail silences turned into not_applicable.

    A doubt (review) silences only doubts. A rule left without a fail of its own is not applicable as a whole: where a
    fault was silenced, what is left over is no pass.
    """
    result = dict(verdicts)
    for silence in SILENCES:
        winners = [v for v in result.get(silence.winner, ()) if v.outcome in TOLD and silence.where in ("", v.address)]
        if silence.wholly:
            winners = [v for v in winners if v.outcome is Outcome.FAIL]
        if not winners:
            continue
        name = catalogue[silence.winner].name if silence.winner in catalogue else silence.winner
        reason = f"已由“{name}”（{silence.winner}）提出，不再重复"
        for code in filter(silence.pattern.match, result):
            result[code] = _silenced(result[code], winners, silence, reason)
    return result


def _silenced(
    losers: tuple[Verdict, ...], winners: list[Verdict], silence: Silence, reason: str
) -> tuple[Verdict, ...]:
    if silence.wholly:
        return tuple(_turned(v, reason) for v in losers)
    silent = {v.address for v in losers if v.outcome in TOLD and _beaten(v, winners, silence.scope)}
    if not silent:
        return losers
    kept = tuple(_turned(v, reason) if v.outcome in TOLD and v.address in silent else v for v in losers)
    if any(v.outcome in TOLD for v in kept):
        return kept
    return tuple(_turned(v, reason) if v.outcome is Outcome.PASS else v for v in kept)


def _beaten(loser: Verdict, winners: Iterable[Verdict], scope: Scope) -> bool:
    return any(
        scope(winner.address) == scope(loser.address)
        and (winner.outcome is Outcome.FAIL or loser.outcome is Outcome.REVIEW)
        for winner in winners
    )


def _turned(verdict: Verdict, reason: str) -> Verdict:
    return replace(verdict, outcome=Outcome.NOT_APPLICABLE, message=reason)


def fold(verdicts: Verdicts) -> dict[str, tuple[Verdict, ...]]:
    """The fails and reviews that become findings, by rule: sum faults with one cause are told once."""
    causes = balance.causes(verdicts)
    told = ((code, v) for code, vs in verdicts.items() for v in vs if v.outcome in TOLD)
    kept: dict[str, tuple[Verdict, ...]] = {}
    for code, verdict in told:
        if (code, verdict.address) not in causes.folded:
            kept[code] = (*kept.get(code, ()), _told(code, verdict, causes))
    return kept


def _told(code: str, verdict: Verdict, causes: balance.Causes) -> Verdict:
    note = causes.notes.get((code, verdict.address))
    return replace(verdict, message=f"{verdict.message}。{note}") if note else verdict
