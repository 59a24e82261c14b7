"""What would change: the stored reports of a year checked by other terms, and nothing written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gdcore import judging, scoring
from gdcore.finding import Finding
from gdcore.profile import Profile
from gdcore.store import Store, peer_rows, reports, roster, states
from gdcore.store.dossiers import Due, Wanted, ask


@dataclass(frozen=True, slots=True)
class Change:
    """One finding of a rule before and after: None where it is not there."""

    rule: str
    before: Finding | None
    after: Finding | None


@dataclass(frozen=True, slots=True)
class Shift:
    """What would change for one report; totals are None where no score is given."""

    agency: str
    agency_key: str
    total_before: float | None
    total_after: float | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of a trial over `reports` reports; `shifts` are those for which something would change."""

    reports: int
    shifts: tuple[Shift, ...]

    def by_rule(self) -> Mapping[str, tuple[int, int, int]]:
        """Rule → how many findings would be new, gone, and told at another level."""
        kinds: dict[str, Counter[str]] = {}
        for change in (c for shift in self.shifts for c in shift.changes):
            kind = "new" if change.before is None else "gone" if change.after is None else "level"
            kinds.setdefault(change.rule, Counter())[kind] += 1
        return {rule: (n["new"], n["gone"], n["level"]) for rule, n in sorted(kinds.items())}


def run(
    store: Store, year: int, terms: Profile, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Trial:
    """Check the current reports of a year by `terms`, beside what stands. `progress` is told how many are done."""
    ids = reports.report_ids(store, year)
    shifts: list[Shift] = []
    for number, report_id in enumerate(ids, 1):
        shifts += _shift(store, report_id, terms)
        progress(number, len(ids))
    return Trial(len(ids), tuple(shifts))


def _shift(store: Store, report_id: int, terms: Profile) -> Iterator[Shift]:
    """The shift of one report, if it is still there and something would change."""
    known = reports.stored(store, report_id)
    agency = roster.agency_by_key(store, known.agency_key) if known else None
    if known is None or agency is None:
        return
    due = Due(known.profile, known.task_year, known.sample)
    by = {due.profile: judging.Terms.of(terms, store.scheme)}
    with store.reading() as connection:
        bands = peer_rows.bands_of(connection, [report_id]).get(report_id, frozenset())
    (asked,) = ask(store, [Wanted(known.packed, known.digest, (bands,), agency, known.year, due, standing=())], by)
    after = judging.judge(asked.dossier).findings
    standing = reports.findings_of(store, report_id)
    changes = tuple(_changes(standing, after))
    with store.reading() as connection:
        decided = states.states_of(connection, [f.fingerprint for f in after])
    total = scoring.score(known.report, after, store.scheme, decided).total
    if changes or total != known.total:
        yield Shift(agency.name, agency.key, known.total, total, changes)


def _changes(before: tuple[Finding, ...], after: tuple[Finding, ...]) -> Iterator[Change]:
    old, new = ({f.fingerprint: f for f in found} for found in (before, after))
    for key, finding in {**old, **new}.items():
        was, will = old.get(key), new.get(key)
        if was is None or will is None or (was.severity, was.outcome) != (will.severity, will.outcome):
            yield Change(finding.rule, was, will)
