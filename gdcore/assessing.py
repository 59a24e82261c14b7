"""Reports checked with what the store knows of them: agency, last year's report, profile; and checked again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import gdcore
from gdcore import checking, mending, profile
from gdcore.agency import Agency, infer_level, infer_type
from gdcore.catalogue import Catalogue
from gdcore.checking import Facts
from gdcore.errors import DeskError
from gdcore.form import AgencyType
from gdcore.mending import Mend
from gdcore.peers import Writing
from gdcore.profile import Profile
from gdcore.report import Report
from gdcore.rules import CATALOGUE
from gdcore.store import Store, filing, mends, peer_rows, reports, roster
from gdcore.store.engine import now
from gdcore.store.filing import Filing, Judged, StalePrior
from gdcore.task import LOCAL_TIME, Subordinates, Task
from gdcore.text import plain

SEASON_ENDS = (3, 31)  # of the year after the one reported on; what comes in later is put in for the record
TRIES = 3  # checks of one report when last year's changes meanwhile


class NotPossible(DeskError):
    """A filing, confirmation or correction that cannot be carried out."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a report is checked with, beside itself."""

    profile: str
    task_year: int | None = None
    sample: bool = False


@cache
def _rules_name(catalogue: Catalogue = CATALOGUE) -> str:
    return f"{gdcore.__version__}+{catalogue.fingerprint}"


def engine_name(terms: Profile) -> str:
    """What judges: the version of the program, of its rules, and of what the profile and the dictionaries ask.

    Another name means that reports are checked again.
    """
    return f"{_rules_name()}.{terms.fingerprint}"


def recheck(
    store: Store, report_id: int, report: Report | None = None, profile_name: str | None = None, by_person: bool = False
) -> bool:
    """Check a stored report again, as it was read then or as given; decisions stay. False if it is gone."""
    for _ in range(TRIES):
        known = reports.stored(store, report_id)
        agency = roster.agency_by_key(store, known.agency_key) if known else None
        if known is None or agency is None:
            return False
        as_read = report or known.as_read
        due = Due(profile_name or known.profile, known.task_year, known.sample)
        subject, judged = assess(store, as_read, mends.standing(store, as_read.digest), agency, known.year, due)
        try:
            with store.writing() as connection:
                filing.replace_check(store, connection, report_id, subject, judged, by_person)
            return True
        except StalePrior:
            continue
    return False


def recheck_year(store: Store, year: int | None = None, profile_name: str | None = None) -> int:
    """Check all current reports of a year, or of all years, again: after a change of rules, profile or scheme."""
    return sum(1 for i in reports.report_ids(store, year) if recheck(store, i, profile_name=profile_name))


def filing_of(
    store: Store, agency: Agency, report: Report, due: Due, file_name: str, without: int | None = None
) -> Filing:
    """A report checked and ready to be written. `without`: a stored report that is about to go.

    Raises NotPossible when its year is not known.
    """
    year = report.identity.year
    if year is None:
        raise NotPossible("请填写报告年度。")
    standing = mends.standing(store, report.digest)
    subject, judged = assess(store, report, standing, agency, year, due, without)
    return Filing(agency, year, subject, judged, file_name, due.sample)


def assess(
    store: Store,
    as_read: Report,
    standing: tuple[Mend, ...],
    agency: Agency,
    year: int,
    due: Due,
    without: int | None = None,
) -> tuple[Report, Judged]:
    """The report in force, with what people mended (`standing`) put in, and its check."""
    subject = mending.apply(as_read, standing)
    judged = judge(store, subject, agency, year, due, without)
    return subject, replace(judged, mends=standing, as_read=as_read if standing else None)


def judge(
    store: Store,
    report: Report,
    agency: Agency,
    year: int,
    due: Due,
    without: int | None = None,
    terms: Profile | None = None,
) -> Judged:
    """Check a report beside last year's report of the same agency and this year's of others.

    `terms`: what to check by in place of the profile in force, for a trial.
    """
    prior = reports.current_report(store, agency.key, year - 1, without)
    terms = terms or profile.load(due.profile, store.settings)
    writing = Writing.of(report, agency)
    facts = Facts(
        report=report,
        profile=terms,
        task=Task(
            due.task_year,
            _submitted(store, agency, year, due, without),
            archived=reports.holds_year(store, year - 1, due.sample),
        ),
        agency=agency,
        prior=prior.report if prior else None,
        peers=peer_rows.peers(store, writing, agency.key, year, due.sample),
        subordinates=_subordinates(store, agency, year),
        agency_key=agency.key,
    )
    checked = checking.check(facts)
    prior_id = prior.report_id if prior else None
    return Judged(
        checked.outcomes,
        checked.reasons,
        checked.findings,
        engine_name(terms),
        due.profile,
        due.task_year,
        prior_id,
        writing=writing,
    )


def _subordinates(store: Store, agency: Agency, year: int) -> Subordinates | None:
    """The reports that a government's report adds up; None where the roster places no agency under it."""
    if agency.agency_type is not AgencyType.GOVERNMENT:
        return None
    expected = roster.added_up(store, agency.key, year)
    filed = reports.current_reports(store, list(expected), year)
    missing = tuple(name for key, name in expected.items() if key not in filed)
    return Subordinates(tuple(filed.values()), missing) if expected else None


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


def agency_of(store: Store, report: Report) -> Agency:
    """The agency of the store that goes by the report's name, else a new one of that name."""
    name = report.identity.agency or ""
    known = roster.find_agency(store, name)
    if known is not None:
        return known
    kind = report.identity.agency_type or infer_type(name)
    return Agency(key=plain(name), name=name, agency_type=kind, level=infer_level(name, kind))
