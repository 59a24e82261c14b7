"""Reports checked with what the store knows of them: agency, last year's report, profile; and checked again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import gdcore
from gdcore import checking, profile
from gdcore.agency import Agency, infer_level, infer_type
from gdcore.catalogue import Catalogue
from gdcore.checking import Facts, Task
from gdcore.errors import DeskError
from gdcore.report import Report
from gdcore.rules import CATALOGUE
from gdcore.store import Store, filing, roster
from gdcore.store.filing import Filing, Judged, StalePrior
from gdcore.text import plain

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
def engine_name(catalogue: Catalogue = CATALOGUE) -> str:
    """What judges: the version of the program and of its rules. Another name means that reports are checked again."""
    return f"{gdcore.__version__}+{catalogue.fingerprint}"


def recheck(
    store: Store, report_id: int, report: Report | None = None, profile_name: str | None = None, by_person: bool = False
) -> bool:
    """Check a stored report again, as it was read then or as given; decisions stay. False if it is gone."""
    for _ in range(TRIES):
        known = filing.stored(store, report_id)
        agency = roster.agency_by_key(store, known.agency_key) if known else None
        if known is None or agency is None:
            return False
        subject = report or known.report
        due = Due(profile_name or known.profile, known.task_year, known.sample)
        judged = judge(store, subject, agency, known.year, due)
        try:
            with store.writing() as connection:
                filing.replace_check(store, connection, report_id, subject, judged, by_person)
            return True
        except StalePrior:
            continue
    return False


def recheck_year(store: Store, year: int | None = None) -> int:
    """Check all current reports of a year, or of all years, again: after a change of rules, profile or scheme."""
    return sum(1 for report_id in filing.report_ids(store, year) if recheck(store, report_id))


def filing_of(
    store: Store, agency: Agency, report: Report, due: Due, file_name: str, without: int | None = None
) -> Filing:
    """A report checked and ready to be written. `without`: a stored report that is about to go.

    Raises NotPossible when its year is not known.
    """
    year = report.identity.year
    if year is None:
        raise NotPossible("请填写报告年度。")
    judged = judge(store, report, agency, year, due, without)
    return Filing(agency, year, report, judged, file_name, due.sample)


def judge(store: Store, report: Report, agency: Agency, year: int, due: Due, without: int | None = None) -> Judged:
    """Check a report beside last year's report of the same agency."""
    prior = filing.current_report(store, agency.key, year - 1, without)
    facts = Facts(
        report=report,
        profile=profile.load(due.profile, store.settings),
        task=Task(due.task_year),
        agency=agency,
        prior=prior.report if prior else None,
        agency_key=agency.key,
    )
    checked = checking.check(facts)
    prior_id = prior.report_id if prior else None
    return Judged(
        checked.outcomes, checked.reasons, checked.findings, engine_name(), due.profile, due.task_year, prior_id
    )


def refresh_next(store: Store, agency_key: str, year: int) -> None:
    """Next year's report was checked against another prior, or none: check it again."""
    following = filing.current_report(store, agency_key, year + 1)
    if following is not None:
        recheck(store, following.report_id)


def agency_of(store: Store, report: Report) -> Agency:
    """The agency of the store that goes by the report's name, else a new one of that name."""
    name = report.identity.agency or ""
    known = roster.find_agency(store, name)
    if known is not None:
        return known
    kind = report.identity.agency_type or infer_type(name)
    return Agency(key=plain(name), name=name, agency_type=kind, level=infer_level(name, kind))
