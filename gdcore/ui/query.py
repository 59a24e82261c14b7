"""What pages ask of the store, behind one bounded cache: short-lived, and emptied after every change made here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, cast

import streamlit as st

from gdcore import profile, scoring, settings, workdays
from gdcore.aggregation import Totals
from gdcore.form import AgencyType, Edition
from gdcore.profile import Profile
from gdcore.scoring import Scheme
from gdcore.settings import Settings
from gdcore.store import Store, open_store, queries
from gdcore.store.agency_lists import AgencyFilter
from gdcore.store.publication_rows import PublishedRow
from gdcore.store.rows import (
    AgencyPage,
    AgencyRow,
    AlikeYear,
    BatchView,
    DecisionRow,
    FaultRow,
    FilingRow,
    FilingStepRow,
    FindingFilter,
    FindingPage,
    FindingRow,
    IntakeRow,
    LedgerFilter,
    LedgerPage,
    LedgerRow,
    MatrixRow,
    Overview,
    ReportView,
    RosterRow,
    ScopeRow,
    TotalChoices,
    TotalScope,
    TrendRow,
    VersionMarks,
)
from gdcore.tally import Tally
from gdcore.ui.words import common_area
from gdcore.workdays import Calendar

_FRESH_SECONDS = 5  # how long another person's change may stay unseen
_LASTING_SECONDS = 60  # the same for another person's change of a large roster
_ANSWERS = 256
_STORES = 4
_TALLIES = 6_000  # reports whose cells are kept apart: some 20 KB each
_TOTALS = 8
_SCHEME = "default"


def store() -> Store:
    """The open store of the settings in force."""
    return _open(settings.load())


@st.cache_resource(max_entries=_STORES, show_spinner=False)
def _open(chosen: Settings) -> Store:
    return open_store(chosen)


# Answers are shared, not copied: to pack and unpack a report or a thousand rows costs more than to ask. They are read only.
@st.cache_resource(ttl=_FRESH_SECONDS, max_entries=_ANSWERS, show_spinner="正在读取…")
def _answer(database: str, question: str, arguments: tuple[Any, ...], words: dict[str, Any]) -> Any:
    return getattr(queries, question)(store(), *arguments, **words)


def _ask(question: str, *arguments: Any, **words: Any) -> Any:
    return _answer(settings.load().database_url, question, arguments, words)


# What follows from the roster alone: in an office with many agencies it takes long to ask and changes seldom.
@st.cache_resource(ttl=_LASTING_SECONDS, max_entries=_ANSWERS, show_spinner="正在读取…")
def _lasting_answer(database: str, question: str, arguments: tuple[Any, ...]) -> Any:
    return getattr(queries, question)(store(), *arguments)


def _ask_roster(question: str, *arguments: Any) -> Any:
    """The same for many agencies, kept longer; a roster that is imported here is seen at once."""
    if not many():
        return _ask(question, *arguments)
    return _lasting_answer(settings.load().database_url, question, arguments)


def refresh_roster() -> None:
    """Forget what follows from the roster: it was changed."""
    _lasting_answer.clear()
    refresh()


def refresh() -> None:
    """Forget all answers: something was changed."""
    _answer.clear()


def due_year() -> int:
    """The year whose reports are collected now: the one before the current."""
    return date.today().year - 1


def years() -> list[int]:
    """The reporting years to choose from, the newest with a report first."""
    known = cast("list[int]", _ask("years"))
    return known + sorted({due_year()} - set(known))


def is_empty() -> bool:
    """Whether there is nothing at all in the store."""
    return bool(_ask("is_empty"))


def has_samples() -> bool:
    """Whether sample data are loaded."""
    return bool(_ask("has_samples"))


def scopes(year: int) -> list[ScopeRow]:
    """The governments to which pages can be narrowed; none where the roster places agencies under no such."""
    return cast("list[ScopeRow]", _ask_roster("scopes", year))


def overview(year: int, scope: str | None = None) -> Overview:
    """A year at a glance, its reports due as the profile in force says."""
    return cast(Overview, _ask("overview", year, submit=current_profile().submit_by(year), scope=scope))


def matrix(year: int, scope: str | None = None) -> list[MatrixRow]:
    """Sections and tables by agency, worst first."""
    return cast("list[MatrixRow]", _ask("matrix", year, submit=current_profile().submit_by(year), scope=scope))


def matrix_row(agency: str, year: int) -> MatrixRow | None:
    """Sections and tables of one agency; None where it neither filed nor owes a report."""
    rows = cast("list[MatrixRow]", _ask("matrix", year, submit=current_profile().submit_by(year), agency=agency))
    return rows[0] if rows else None


def frequent_faults(year: int, scope: str | None = None) -> list[FaultRow]:
    """The rules that stand against most agencies."""
    return cast("list[FaultRow]", _ask("frequent_faults", year, scope=scope))


def trend(scope: str | None = None) -> list[TrendRow]:
    """The years with reports, side by side."""
    return cast("list[TrendRow]", _ask("trend", scope=scope))


def agencies(year: int, **filters: Any) -> list[AgencyRow]:
    """The agencies of a year with their scores, filtered as `queries.agencies` says."""
    return cast("list[AgencyRow]", _ask("agencies", year, **filters))


def agency_names(scope: str | None = None) -> Mapping[str, str]:
    """Agency key → name."""
    return cast("Mapping[str, str]", _ask("agency_names", scope))


def roster(words: str = "", limit: int | None = None) -> list[RosterRow]:
    """All agencies as the roster has them, or the first of those whose names have these words."""
    return cast("list[RosterRow]", _ask("roster", words, limit))


def roster_counts() -> tuple[int, int]:
    """How many agencies are on the roster, and how many there are."""
    return cast(int, _ask("listed_count")), cast(int, _ask("agency_count"))


def report_view(agency: str, year: int, version: int | None = None, scope: str | None = None) -> ReportView | None:
    """A report with all that was found out about it."""
    return cast("ReportView | None", _ask("report_view", agency_key=agency, year=year, version=version, scope=scope))


def version_marks(agency: str, year: int) -> tuple[VersionMarks, ...]:
    """What stands against each version of a report, the oldest version first."""
    return cast("tuple[VersionMarks, ...]", _ask("version_marks", agency, year))


def alike(year: int, least: float, scope: str | None = None) -> AlikeYear:
    """The agencies (at or below a body) whose texts of a year are alike by at least `least`."""
    return cast(AlikeYear, _ask("alike", year, least, scope))


def findings(wanted: FindingFilter, page: int = 1, size: int = 100) -> FindingPage:
    """One page of findings and the figures of the whole filter."""
    return cast(FindingPage, _ask("findings", wanted, page=page, size=size))


def every_finding(wanted: FindingFilter) -> list[FindingRow]:
    """All findings of a filter: for acting on more than one page; not cached."""
    return list(queries.iter_findings(store(), wanted))


def waiting() -> list[IntakeRow]:
    """Files whose agency or year a person has to confirm."""
    return cast("list[IntakeRow]", _ask("waiting"))


def refused(batch_id: int | None = None) -> list[IntakeRow]:
    """Files that were not taken, with reason and remedy."""
    return cast("list[IntakeRow]", _ask("refused", batch_id))


def batch(batch_id: int | None) -> BatchView | None:
    """A batch as it stands this moment (the last one without a number): never cached, since it is watched."""
    return queries.latest_batch(store()) if batch_id is None else queries.batch(store(), batch_id)


def rule_counts(year: int, scope: str | None = None) -> Mapping[str, int]:
    """Rule → findings of the year."""
    return cast("Mapping[str, int]", _ask("rule_counts", year, scope))


def total_choices(year: int) -> TotalChoices:
    """What can be added up in a year."""
    return cast(TotalChoices, _ask_roster("total_choices", year))


def total_scope(year: int, agency: str, area: str, kinds: tuple[AgencyType, ...] = ()) -> TotalScope | None:
    """Who is added up."""
    return cast("TotalScope | None", _ask("total_scope", year, agency, area, kinds))


def totals(year: int, asked: TotalScope) -> Totals:
    """The sums over a scope: made once for exactly these versions of these reports."""
    return _totals(settings.load().database_url, year, asked.stamp, asked)


@st.cache_resource(max_entries=_TOTALS, show_spinner="正在汇总…")
def _totals(database: str, year: int, stamp: str, _asked: TotalScope) -> Totals:
    return queries.totals(store(), year, _asked, partial(_tally, database))


@lru_cache(_TALLIES)
def _tally(database: str, edition: Edition, report_id: int, checked_at: datetime) -> Tally | None:
    """What one version of a report gives: whoever files anew is read alone, the others are not unpacked again."""
    return queries.tally_of(store(), report_id, edition)


def publications(year: int, scope: str | None = None, words: str = "", limit: int | None = None) -> list[PublishedRow]:
    """The agencies whose report passed, with the last look at what they published; the first of them by name."""
    return cast("list[PublishedRow]", _ask("publications", year, scope=scope, words=words, limit=limit))


def current_profile() -> Profile:
    """The profile in force."""
    chosen = settings.load()
    return profile.load(chosen.profile, chosen)


def calendar() -> Calendar:
    """Which days are worked."""
    return workdays.load(settings.load())


def scheme() -> Scheme:
    """The scoring scheme in force."""
    return scoring.load(_SCHEME, settings.load())


def original(report_id: int) -> bytes | None:
    """The file of a report as it was received; not cached, since it may be large."""
    return queries.original(store(), report_id)


# --- years with many agencies ---------------------------------------------------------------------------------------------

MANY = 500  # agencies: of more, lists come in pages, and who is looked for is typed instead of chosen from all


def many(scope: str | None = None) -> bool:
    """Whether there are more agencies (at or below a body) than a page can hold."""
    return cast(int, _ask("agency_count", scope)) > MANY


def area(scope: str | None = None) -> str:
    """The area that at least half of the agencies' names begin with, "" where there is none."""
    if not many(scope):
        return common_area(agency_names(scope).values())
    return cast(str, _ask_roster("shared_area"))


def find_agencies(words: str, scope: str | None = None) -> Mapping[str, str]:
    """Key → name of the first agencies that have these words in their names."""
    return cast("Mapping[str, str]", _ask("find_agencies", words, scope))


def names_of(keys: tuple[str, ...]) -> Mapping[str, str]:
    """Key → name of these agencies."""
    return cast("Mapping[str, str]", _ask("names_of", keys)) if keys else {}


def first_filed(year: int, scope: str | None = None) -> str:
    """The agency that filed and stands worst, "" where none filed."""
    return cast("str | None", _ask("first_filed", year, scope)) or ""


def agency_page(wanted: AgencyFilter, page: int = 1, size: int = 100) -> AgencyPage:
    """One page of agencies, worst first."""
    return cast(AgencyPage, _ask("agency_page", wanted, page=page, size=size))


def matrix_page(year: int, show: str, today: date, scope: str | None, page: int, size: int) -> list[MatrixRow]:
    """One page of the matrix."""
    submit = current_profile().submit_by(year)
    return cast("list[MatrixRow]", _ask("matrix_page", year, show, today, submit, scope, page, size))


def gaps(year: int, scope: str | None = None) -> int:
    """How many of those that filed have a word other than 齐."""
    return cast(int, _ask("gaps", year, scope))


def filings_of(year: int, keys: tuple[str, ...]) -> Mapping[str, FilingRow]:
    """Key → where the report on a year stands, of some agencies."""
    return cast("Mapping[str, FilingRow]", _ask("filings", year, among=keys))


def filing_counts(year: int, scope: str | None = None) -> Mapping[str, int]:
    """State → how many reports on a year stand there."""
    return cast("Mapping[str, int]", _ask("filing_counts", year, scope))


# --- the 整改台账 and where reports stand -----------------------------------------------------------------------------


def ledger(wanted: LedgerFilter, page: int = 1, size: int = 100) -> LedgerPage:
    """One page of the 整改台账 and the figures of the year."""
    return cast(LedgerPage, _ask("ledger", wanted, page=page, size=size))


def every_line(wanted: LedgerFilter) -> list[LedgerRow]:
    """All lines of a filter: for acting on more than one page; not cached."""
    return list(queries.iter_ledger(store(), wanted))


def lines(fingerprints: tuple[str, ...]) -> Mapping[str, LedgerRow]:
    """Fingerprint → what is laid down about a finding."""
    return cast("Mapping[str, LedgerRow]", _ask("lines", fingerprints))


def origins(fingerprints: tuple[str, ...]) -> Mapping[str, str]:
    """Fingerprint → the state from which it came into its present one."""
    return cast("Mapping[str, str]", _ask("origins", fingerprints)) if fingerprints else {}


def history(fingerprint: str) -> list[DecisionRow]:
    """All decisions on a finding, oldest first."""
    return cast("list[DecisionRow]", _ask("history", fingerprint))


def filings(year: int) -> Mapping[str, FilingRow]:
    """Agency key → where its report on a year stands; what was not filed is absent."""
    return cast("Mapping[str, FilingRow]", _ask("filings", year))


def filing(agency_key: str, year: int) -> FilingRow | None:
    """Where one report stands; None if nothing was filed."""
    return cast("FilingRow | None", _ask("filing", agency_key, year))


def filing_origins(agency_keys: tuple[str, ...], year: int) -> Mapping[str, str]:
    """Agency key → the state from which its report came into its present one."""
    return cast("Mapping[str, str]", _ask("filing_origins", agency_keys, year)) if agency_keys else {}


def filing_history(agency_key: str, year: int) -> list[FilingStepRow]:
    """All steps of a report on a year, oldest first."""
    return cast("list[FilingStepRow]", _ask("filing_history", agency_key, year))


def end_waivers(today: date) -> None:
    """Waivers that have run out end; looked for once a day."""
    if _end_waivers(settings.load().database_url, today):
        refresh()


@st.cache_data(max_entries=_STORES, show_spinner=False)
def _end_waivers(database: str, today: date) -> int:
    return queries.end_waivers(store(), today)
