"""Reports checked with what the store knows of them: agency, last year's report, profile; and checked again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice

from gdcore import judging, masking, processing
from gdcore.agency import Agency, infer_level, infer_type
from gdcore.errors import DeskError
from gdcore.judging import Judged, Terms
from gdcore.processing import Lane
from gdcore.report import Identity
from gdcore.serial import Packed
from gdcore.store import Store, filing, peer_rows, reports, roster
from gdcore.store.dossiers import Asked, Due, Wanted, ask, terms_of
from gdcore.store.filing import Assessed, StalePrior
from gdcore.text import plain

log = logging.getLogger(__name__)

Key = tuple[str, int]  # agency key and year
_COMPARED = 20  # reports whose comparison is one task
_FEW = 20  # reports that are checked sooner than processes for them come up
TRIES = 3  # checks of one report when last year's changes meanwhile


class NotPossible(DeskError):
    """A filing, confirmation or correction that cannot be carried out."""


def recheck(
    store: Store, report_id: int, report: Packed | None = None, profile_name: str | None = None, by_person: bool = False
) -> bool:
    """Check a stored report again, as it was read then or as given; decisions stay. False if it is gone."""
    for _ in range(TRIES):
        wanted = _wanted(store, [report_id], report, profile_name)
        if not wanted:
            return False
        assessed = assess(store, wanted[report_id])
        try:
            with store.writing() as connection:
                filing.replace_check(store, connection, report_id, assessed, by_person)
            return True
        except StalePrior:
            continue
    return False


def recheck_all(
    store: Store,
    report_ids: Iterable[int],
    crew: processing.Crew,
    profile_name: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Check stored reports again, several at a time, and write what is ready together; how many there still were.

    `progress` is called with 1 after each.
    """
    left, count = iter(report_ids), 0
    terms: dict[str, Terms] = {}
    lane: Lane[tuple[int, Asked]] = Lane(crew)
    while True:
        came = list(islice(left, lane.room()))
        wanted = _wanted(store, came, None, profile_name)
        for report_id, asked in zip(wanted, ask(store, list(wanted.values()), terms), strict=True):
            lane.put((report_id, asked), judging.judge, asked.dossier)
        progress(len(came) - len(wanted))
        if len(lane):
            processing.wait_for(lane, gather=True)
            ripe = lane.ripe()
            count += _replace_all(store, list(_judged(ripe)), profile_name)
            progress(len(ripe))
        elif not came:
            return count


def _judged(
    ripe: Iterable[tuple[tuple[int, Asked], Future[Judged]]],
) -> Iterator[tuple[int, Asked, Judged]]:
    """Those that came to their end; the others keep the check they had, and the log says so."""
    for (report_id, asked), future in ripe:
        if (error := future.exception()) is None:
            yield report_id, asked, future.result()
        else:
            log.error("report %s could not be checked again\n%s", report_id, masking.told(error))


def _replace_all(store: Store, judged: Sequence[tuple[int, Asked, Judged]], profile_name: str | None) -> int:
    """Write checks in one transaction; what changed meanwhile is checked by itself."""
    moved: list[int] = []
    with store.writing() as connection:
        for report_id, asked, result in judged:
            try:
                filing.replace_check(store, connection, report_id, asked.assessed(result))
            except StalePrior:
                moved.append(report_id)
    return len(judged) - len(moved) + sum(recheck(store, each, profile_name=profile_name) for each in moved)


def recheck_year(
    store: Store,
    year: int | None = None,
    profile_name: str | None = None,
    *,
    workers: int | None = None,
    make: processing.Make | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Check all current reports of a year, or of all years, again: after a change of rules, profile or scheme."""
    report_ids, several = reports.report_ids(store, year), workers or store.settings.workers
    if len(report_ids) <= _FEW:
        return recheck_all(store, report_ids, processing.Here(), profile_name, progress)
    making = make or processing.made_by(store.settings)
    with processing.at_work(making(several)) as crew, processing.in_bulk():
        return recheck_all(store, report_ids, crew, profile_name, progress)


def _wanted(
    store: Store, report_ids: Sequence[int], report: Packed | None, profile_name: str | None
) -> dict[int, Wanted]:
    """Id → a stored report that is to be judged again, as it was read then or as given, of those that are still there."""
    with store.reading() as connection:
        known = reports.all_stored(connection, report_ids)
        agencies = roster.agencies_by_key(connection, {each.agency_key for each in known})
        bands = peer_rows.bands_of(connection, report_ids)
    return {
        each.report_id: Wanted(
            report.data if report else each.packed_as_read,
            each.digest,
            report.bands if report else (bands.get(each.report_id, frozenset()),),
            agencies[each.agency_key],
            each.year,
            Due(profile_name or each.profile, each.task_year, each.sample),
        )
        for each in known
        if each.agency_key in agencies
    }


def assess(store: Store, wanted: Wanted) -> Assessed:
    """The check of a report beside what is stored."""
    (asked,) = ask(store, [wanted])
    return asked.assessed(judging.judge(asked.dossier))


@dataclass
class Resting:
    """What is known of the reports that rest on those a batch brought, so that no others need be looked at.

    `stale` (ids) and those of the agencies' years `alike` are to be judged again in any case; of the agencies' years
    `otherwise` it is not known who is like them. `added_up`: which reports a government's was judged by.
    """

    stale: set[int] = field(default_factory=set)
    alike: set[Key] = field(default_factory=set)
    otherwise: set[Key] = field(default_factory=set)
    added_up: dict[Key, frozenset[int]] = field(default_factory=dict)


def refresh(
    store: Store, changed: Collection[Key], crew: processing.Crew | None = None, known: Resting | None = None
) -> None:
    """Check again what rests on the reports of these agencies' years (key, year), since they came, went or changed: the
    agencies' next year, texts that are like theirs, and the governments that add them up.
    """
    crew = crew or processing.Here()
    known = known or Resting(stale=following(store, changed), otherwise=set(changed))
    with store.reading() as connection:
        alike = {each.report_id for each in reports.filed(connection, known.alike)}
    again = known.stale | alike | _beside_otherwise(store, known.otherwise, crew)
    recheck_all(store, sorted(again | _governments(store, changed, known.added_up)), crew)


def following(store: Store, changed: Collection[Key]) -> set[int]:
    """The reports on the next year of these agencies' years."""
    with store.reading() as connection:
        return {i for key, year in changed for i in reports.following(connection, [key], year)}


def _governments(store: Store, changed: Collection[Key], added_up: Mapping[Key, frozenset[int]]) -> set[int]:
    """The reports of the governments above these agencies' years, but for those that were judged by just what is there now."""
    with store.reading() as connection:
        above = roster.superiors(connection, {key for key, _ in changed})
        stale: set[int] = set()
        for each in reports.filed(connection, {(above[key], year) for key, year in changed if key in above}):
            place = each.agency_key, each.year
            below = list(roster.added_up(connection, *place)) if place in added_up else []
            now = frozenset(f.report_id for f in reports.filed(connection, {(key, each.year) for key in below}))
            if added_up.get(place) != now:
                stale.add(each.report_id)
    return stale


def _beside_otherwise(store: Store, changed: Collection[Key], crew: processing.Crew) -> set[int]:
    """The reports, of these agencies' years and of those like them, whose comparison with others comes to something else now."""
    otherwise: set[int] = set()
    terms: dict[str, Terms] = {}
    lane: Lane[list[tuple[int, str]]] = Lane(crew)
    left = iter(sorted(_compared(store, changed)))
    while True:
        came = list(islice(left, _COMPARED if lane.room() else 0))
        for profile_name, known, asked in _comparisons(store, came):
            if profile_name not in terms:
                terms[profile_name] = terms_of(store, profile_name)
            lane.put(known, judging.compare, terms[profile_name], asked)
        if len(lane) and (not came or not lane.room()):
            processing.wait_for(lane)
        for known, future in lane.ripe():
            # What could not be compared is judged again: it is not known to be the same.
            told = future.result() if future.exception() is None else [None] * len(known)
            otherwise |= {i for (i, before), now in zip(known, told, strict=True) if before != now}
        if not came and not len(lane):
            return otherwise


def kin(store: Store, agency_key: str, year: int) -> set[Key]:
    """The agencies' years whose text may be like this one's."""
    with store.reading() as connection:
        alike = peer_rows.kin(connection, peer_rows.ever(connection, [(agency_key, year)]))
        return {(each.agency_key, each.year) for each in reports.filed_by_id(connection, alike)}


def _compared(store: Store, changed: Collection[Key]) -> set[int]:
    """The reports of these agencies' years, and those whose text may be like one of them."""
    found: set[int] = set()
    keys = sorted(changed)
    for start in range(0, len(keys), _COMPARED):
        with store.reading() as connection:
            part = keys[start : start + _COMPARED]
            filed = reports.filed(connection, part)
            alike = peer_rows.kin(connection, peer_rows.ever(connection, part))
            found |= {each.report_id for each in filed} | alike
    return found


Comparison = tuple[bytes, tuple[bytes, ...], int]  # as `judging.compare` takes it


def _comparisons(
    store: Store, report_ids: Collection[int]
) -> Iterator[tuple[str, list[tuple[int, str]], list[Comparison]]]:
    """By profile: reports with what their comparison came to last, and what is to be compared now."""
    with store.reading() as connection:
        filed = reports.filed_by_id(connection, report_ids)
        beside = peer_rows.beside(connection, peer_rows.places(connection, filed))
        texts = peer_rows.texts_of(connection, report_ids)
    by_profile: dict[str, tuple[list[tuple[int, str]], list[Comparison]]] = {}
    for each, others in zip(filed, beside, strict=True):
        if each.report_id in texts:
            packed, came_to = texts[each.report_id]
            known, asked = by_profile.setdefault(each.profile, ([], []))
            known.append((each.report_id, came_to))
            asked.append((packed, others.texts, others.others))
    for profile_name, (known, asked) in by_profile.items():
        yield profile_name, known, asked


def agency_of(store: Store, identity: Identity) -> Agency:
    """The agency of the store that goes by a report's name, else a new one of that name."""
    name = identity.agency or ""
    return roster.find_agency(store, name) or named_by(identity)


def named_by(identity: Identity) -> Agency:
    """A new agency of the name that a report bears."""
    name = identity.agency or ""
    kind = identity.agency_type or infer_type(name)
    return Agency(key=plain(name), name=name, agency_type=kind, level=infer_level(name, kind))
