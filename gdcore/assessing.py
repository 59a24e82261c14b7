"""Reports checked with what the store knows of them: agency, last year's report, profile; and checked again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import date
from itertools import islice

from gdcore import judging, masking, processing, profile
from gdcore.agency import Agency, infer_level, infer_type
from gdcore.errors import DeskError
from gdcore.form import AgencyType
from gdcore.judging import Dossier, Judged, Terms
from gdcore.mending import Mend
from gdcore.peers import Writing
from gdcore.processing import Lane
from gdcore.report import Identity
from gdcore.serial import Packed
from gdcore.store import Store, filing, mends, peer_rows, reports, roster
from gdcore.store.engine import now
from gdcore.store.filing import Assessed, StalePrior
from gdcore.task import LOCAL_TIME, Task
from gdcore.text import plain

log = logging.getLogger(__name__)

SEASON_ENDS = (3, 31)  # of the year after the one reported on; what comes in later is put in for the record
_FEW = 20  # reports that are checked sooner than processes for them come up
TRIES = 3  # checks of one report when last year's changes meanwhile


class NotPossible(DeskError):
    """A filing, confirmation or correction that cannot be carried out."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a report is checked with, beside itself."""

    profile: str
    task_year: int | None = None
    sample: bool = False


def recheck(
    store: Store, report_id: int, report: Packed | None = None, profile_name: str | None = None, by_person: bool = False
) -> bool:
    """Check a stored report again, as it was read then or as given; decisions stay. False if it is gone."""
    for _ in range(TRIES):
        asked = _ask_again(store, report_id, report, profile_name)
        if asked is None:
            return False
        assessed = asked.assessed(judging.judge(asked.dossier))
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
    executor: Executor,
    workers: int,
    profile_name: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Check stored reports again, several at a time, and write what is ready together; how many there still were.

    `progress` is called with 1 after each.
    """
    left, count = iter(report_ids), 0
    known_terms: dict[str, Terms] = {}
    lane: Lane[tuple[int, Asked]] = Lane(executor)
    while True:
        came = list(islice(left, lane.room(workers)))
        for report_id in came:
            asked = _ask_again(store, report_id, None, profile_name, known_terms)
            if asked is not None:
                lane.put((report_id, asked), judging.judge, asked.dossier)
            else:
                progress(1)
        if len(lane):
            processing.wait_for(lane)
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
    make: processing.Make = processing.process_pool,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Check all current reports of a year, or of all years, again: after a change of rules, profile or scheme."""
    report_ids, several = reports.report_ids(store, year), workers or store.settings.workers
    if len(report_ids) <= _FEW:
        return sum(recheck(store, each, profile_name=profile_name) for each in report_ids)
    with processing.at_work(make(several)) as executor:
        return recheck_all(store, report_ids, executor, several, profile_name, progress)


@dataclass(frozen=True, slots=True)
class Asked:
    """A dossier, and what it was gathered from: what is written beside the judgement, whether it may be written at all."""

    dossier: Dossier
    due: Due
    prior_id: int | None

    def assessed(self, judged: Judged) -> Assessed:
        """The judgement, ready to be written."""
        mends, writing = self.dossier.mends, self.dossier.writing
        return Assessed(judged, self.due.profile, self.due.task_year, self.prior_id, mends, writing)


def assess(store: Store, as_read: Packed, standing: tuple[Mend, ...], agency: Agency, year: int, due: Due) -> Assessed:
    """The check of a report with what people mended (`standing`) put in, beside what is stored."""
    asked = ask(store, as_read, agency, year, due, standing)
    return asked.assessed(judging.judge(asked.dossier))


def _ask_again(
    store: Store,
    report_id: int,
    report: Packed | None,
    profile_name: str | None,
    known_terms: dict[str, Terms] | None = None,
) -> Asked | None:
    """What a stored report is to be judged by, as it was read then or as given; None if it is gone.

    `known_terms`: those of profiles that were read already.
    """
    known = reports.stored(store, report_id)
    agency = roster.agency_by_key(store, known.agency_key) if known else None
    if known is None or agency is None:
        return None
    as_read = report or Packed.read(known.packed_as_read)
    due = Due(profile_name or known.profile, known.task_year, known.sample)
    terms = (known_terms or {}).get(due.profile) or terms_of(store, due.profile)
    if known_terms is not None:
        known_terms[due.profile] = terms
    return ask(store, as_read, agency, known.year, due, terms=terms)


def ask(
    store: Store,
    as_read: Packed,
    agency: Agency,
    year: int,
    due: Due,
    standing: tuple[Mend, ...] | None = None,
    without: int | None = None,
    terms: Terms | None = None,
) -> Asked:
    """What a report is to be judged by: last year's of the same agency, this year's of others, what people mended.

    `standing` in place of the mends that stand; `without`: a stored report that is about to go; `terms`: those of the profile,
    where they were read already, or others for a trial.
    """
    prior = reports.current_report(store, agency.key, year - 1, without)
    writing = Writing.told(as_read.words, as_read.identity, as_read.digest, as_read.file_name, agency)
    alike, others = peer_rows.peers(store, writing, agency.key, year, due.sample)
    below, missing = _subordinates(store, agency, year)
    archived = prior is not None or reports.holds_year(store, year - 1, due.sample)
    dossier = Dossier(
        as_read=as_read.data,
        agency=agency,
        task=Task(due.task_year, _submitted(store, agency, year, due, without), archived),
        terms=terms or terms_of(store, due.profile),
        writing=writing,
        mends=mends.standing(store, as_read.digest) if standing is None else standing,
        prior=prior.packed if prior else None,
        peers=alike,
        others=others,
        subordinates=below,
        missing=missing,
    )
    return Asked(dossier, due, prior.report_id if prior else None)


def terms_of(store: Store, profile_name: str) -> Terms:
    """The profile of this name and the scheme, as they stand now."""
    return Terms.of(profile.load(profile_name, store.settings), store.scheme)


def _subordinates(store: Store, agency: Agency, year: int) -> tuple[tuple[bytes, ...] | None, tuple[str, ...]]:
    """The reports that a government's report adds up, and who is missing; None where the roster places nobody under it."""
    if agency.agency_type is not AgencyType.GOVERNMENT:
        return None, ()
    expected = roster.added_up(store, agency.key, year)
    if not expected:
        return None, ()
    filed = reports.current_reports(store, list(expected), year)
    return tuple(filed.values()), tuple(name for key, name in expected.items() if key not in filed)


def _submitted(store: Store, agency: Agency, year: int, due: Due, moved: int | None) -> date | None:
    """The local day on which an office first received a report, where its arrival here tells that day.

    It does in the season of the year that a person set as due. Reports of other years are put in for comparison and
    samples never came in; told to be late, all of them would be false alarms.
    """
    if due.task_year is None or due.sample:
        return None
    moment = reports.first_received(store, agency.key, year, moved) or now()
    day = moment.astimezone(LOCAL_TIME).date()
    last = date(due.task_year + 1, *SEASON_ENDS)
    return day if date(due.task_year + 1, 1, 1) <= day <= last else None


def resting_on(store: Store, agency_key: str, year: int) -> set[int]:
    """The stored reports whose check looked at this one: the agency's next year, and those whose text may be like it."""
    following = reports.current_id(store, agency_key, year + 1)
    return {*peer_rows.kin(store, agency_key, year), *([] if following is None else [following])}


def refresh(store: Store, report_ids: Iterable[int]) -> None:
    """Check these again, since a report that they rest on came, went or changed; oldest first."""
    for report_id in sorted(report_ids):
        recheck(store, report_id)


def refresh_superiors(store: Store, filed: Iterable[tuple[str, int]]) -> None:
    """The governments above these agencies (key, year) were checked against other reports: check theirs again."""
    above = {(roster.superior(store, key), year) for key, year in filed}
    for key, year in above:
        standing = reports.current_id(store, key, year) if key else None
        if standing is not None:
            recheck(store, standing)


def agency_of(store: Store, identity: Identity) -> Agency:
    """The agency of the store that goes by a report's name, else a new one of that name."""
    name = identity.agency or ""
    known = roster.find_agency(store, name)
    if known is not None:
        return known
    kind = identity.agency_type or infer_type(name)
    return Agency(key=plain(name), name=name, agency_type=kind, level=infer_level(name, kind))
