"""What pages ask of the store, behind one bounded cache: short-lived, and emptied after every change made here.

Every answer is that of the person's region: agencies outside of it are as if they did not exist. Where the store can
narrow a question, the region goes into it (and so into the key of the cache); else the answer is narrowed here, behind
the cache. What pages call a scope is a narrowing inside the region.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, cast

import streamlit as st

from gdcore import acting, pasting, profile, rounds, scoring, settings, workdays
from gdcore.aggregation import Totals
from gdcore.form import AgencyType, Edition
from gdcore.pasting import Pasted
from gdcore.profile import Profile
from gdcore.rounds import Progress
from gdcore.scoring import Scheme
from gdcore.store import letter_rows, originals, owners, people, queries
from gdcore.store.agency_lists import AgencyFilter
from gdcore.store.people import PersonRow
from gdcore.store.publication_rows import LookRow, PublishedRow
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
    Recipient,
    ReportView,
    RosterRow,
    ScopeRow,
    TotalChoices,
    TotalScope,
    TrendRow,
    Undecided,
    VersionMarks,
)
from gdcore.tally import Tally
from gdcore.ui import opened, region
from gdcore.ui.words import common_area
from gdcore.workdays import Calendar

MANY = 500  # agencies: of more, lists come in pages, and who is looked for is typed instead of chosen from all
_TALLIES = 6_000  # reports whose cells are kept apart: some 20 KB each
_TOTALS = 8
_SCHEME = "default"

store, refresh, refresh_roster, _ask = opened.store, opened.refresh, opened.refresh_roster, opened.ask


def within(keys: Sequence[str] | None) -> Sequence[str] | None:
    """Those of these agencies (None: of all) that lie in the person's region; None where everything does."""
    return region.here().within(keys)


def words() -> Callable[[FindingRow], FindingRow]:
    """What tells findings as the person may read them, for files that are made of the store itself."""
    return region.here().finding


def _scope(asked: str | None = None) -> str | None:
    """What the store is asked for: the narrowing where it lies within the person's region, else the region."""
    return region.here().scope(asked)


def _sees(agency: str | None) -> bool:
    return region.here().sees(agency)


def _ask_roster(question: str, *arguments: Any) -> Any:
    """What follows from the roster alone: where there are many agencies it is kept longer (`opened.ask_lasting`)."""
    if _ask("agency_count", None) <= MANY:
        return _ask(question, *arguments)
    return opened.ask_lasting(question, *arguments)


# --- a year -----------------------------------------------------------------------------------------------------------


def due_year() -> int:
    """The year whose reports are collected now: the one before the current."""
    return date.today().year - 1


def years() -> list[int]:
    """The reporting years to choose from, the newest with a report first."""
    whole = region.here().is_whole
    known = cast("list[int]", _ask("years")) if whole else [row.year for row in reversed(trend())]
    return known + sorted({due_year()} - set(known))


def is_empty() -> bool:
    """Whether there is nothing at all in the store."""
    return bool(_ask("is_empty"))


def has_samples() -> bool:
    """Whether sample data are loaded."""
    return bool(_ask("has_samples"))


def scopes(year: int) -> list[ScopeRow]:
    """The governments to which pages can be narrowed; none where the roster places agencies under no such."""
    rows = cast("list[ScopeRow]", _ask_roster("scopes", year, _scope()))
    least = min((row.depth for row in rows), default=0)
    return rows if not least else [replace(row, depth=row.depth - least) for row in rows]


def overview(year: int, scope: str | None = None) -> Overview:
    """A year at a glance, its reports due as the profile in force says."""
    submit = current_profile().submit_by(year)
    seen = cast(Overview, _ask("overview", year, submit=submit, scope=_scope(scope)))
    if region.here().is_whole:
        return seen
    return replace(seen, waiting_files=len(waiting()), refused_files=len(refused()))


def matrix(year: int, scope: str | None = None) -> list[MatrixRow]:
    """Sections and tables by agency, worst first."""
    return cast("list[MatrixRow]", _ask("matrix", year, submit=current_profile().submit_by(year), scope=_scope(scope)))


def matrix_row(agency: str, year: int) -> MatrixRow | None:
    """Sections and tables of one agency; None where it neither filed nor owes a report."""
    submit = current_profile().submit_by(year)
    rows = cast("list[MatrixRow]", _ask("matrix", year, submit=submit, agency=agency, scope=_scope()))
    return rows[0] if rows else None


def frequent_faults(year: int, scope: str | None = None) -> list[FaultRow]:
    """The rules that stand against most agencies."""
    return cast("list[FaultRow]", _ask("frequent_faults", year, scope=_scope(scope)))


def trend(scope: str | None = None) -> list[TrendRow]:
    """The years with reports, side by side."""
    return cast("list[TrendRow]", _ask("trend", scope=_scope(scope)))


def agencies(year: int, **filters: Any) -> list[AgencyRow]:
    """The agencies of a year with their scores, filtered as `queries.agencies` says."""
    return cast("list[AgencyRow]", _ask("agencies", year, **filters | {"scope": _scope(filters.get("scope"))}))


def agency_names(scope: str | None = None) -> Mapping[str, str]:
    """Agency key → name."""
    return cast("Mapping[str, str]", _ask("agency_names", _scope(scope)))


def roster(words: str = "", limit: int | None = None) -> list[RosterRow]:
    """All agencies as the roster has them, or the first of those whose names have these words."""
    rows = cast("list[RosterRow]", _ask("roster", words, limit, _scope()))
    own = region.here()
    # the body above the region's own is outside of it
    return [replace(row, superior=None) if row.key == own.root else row for row in rows]


def roster_counts() -> tuple[int, int]:
    """How many agencies are on the roster, and how many there are."""
    return cast(int, _ask("listed_count", _scope())), cast(int, _ask("agency_count", _scope()))


def report_view(agency: str, year: int, version: int | None = None, scope: str | None = None) -> ReportView | None:
    """A report with all that was found out about it."""
    own = region.here()
    if not own.sees(agency):
        return None
    which = {"agency_key": agency, "year": year, "version": version, "scope": own.scope(scope)}
    view = cast("ReportView | None", _ask("report_view", **which))
    return own.view(view) if view else None


def version_marks(agency: str, year: int) -> tuple[VersionMarks, ...]:
    """What stands against each version of a report, the oldest version first."""
    return cast("tuple[VersionMarks, ...]", _ask("version_marks", agency, year)) if _sees(agency) else ()


def alike(year: int, least: float, scope: str | None = None) -> AlikeYear:
    """The agencies (at or below a body) whose texts of a year are alike by at least `least`."""
    return cast(AlikeYear, _ask("alike", year, least, _scope(scope)))


def findings(wanted: FindingFilter, page: int = 1, size: int = 100) -> FindingPage:
    """One page of findings and the figures of the whole filter."""
    own = region.here()
    found = cast(FindingPage, _ask("findings", own.narrowed(wanted), page=page, size=size))
    return found if own.is_whole else replace(found, rows=tuple(map(own.finding, found.rows)))


def every_finding(wanted: FindingFilter) -> list[FindingRow]:
    """All findings of a filter: for acting on more than one page; not cached."""
    return list(iter_findings(wanted))


def iter_findings(wanted: FindingFilter) -> Iterator[FindingRow]:
    """The same one after another: for files; not cached."""
    own = region.here()
    return map(own.finding, queries.iter_findings(store(), own.narrowed(wanted)))


def waiting() -> list[IntakeRow]:
    """Files whose agency or year a person has to confirm."""
    return _own_files(_ask("waiting", scope=_scope()))


def refused(batch_id: int | None = None) -> list[IntakeRow]:
    """Files that were not taken, with reason and remedy."""
    return _own_files(_ask("refused", batch_id, scope=_scope()))


def _own_files(rows: Iterable[IntakeRow]) -> list[IntakeRow]:
    """Of files brought for the region, those that someone else did not find to be of an agency outside of it."""
    found = list(rows)
    mine = region.here().among(row.agency_key for row in found if row.agency_key is not None)
    return [row for row in found if row.agency_key is None or row.agency_key in mine]


def batch(batch_id: int | None) -> BatchView | None:
    """A batch as it stands this moment (the last one without a number): never cached, since it is watched."""
    scope = _scope()
    if batch_id is None:
        found = queries.latest_batch(store(), scope)
    elif scope is not None and not _sees(owners.of_batch(store(), batch_id)):
        found = None
    else:
        found = queries.batch(store(), batch_id)
    return replace(found, results=tuple(_own_files(found.results))) if found and scope is not None else found


def rule_counts(year: int, scope: str | None = None) -> Mapping[str, int]:
    """Rule → findings of the year."""
    return cast("Mapping[str, int]", _ask("rule_counts", year, _scope(scope)))


def total_choices(year: int) -> TotalChoices:
    """What can be added up in a year."""
    found = cast(TotalChoices, _ask_roster("total_choices", year, _scope()))
    # areas are words of the roster and no bodies: nobody can tell whose they are
    return found if region.here().is_whole else replace(found, areas=())


def total_scope(year: int, agency: str, area: str, kinds: tuple[AgencyType, ...] = ()) -> TotalScope | None:
    """Who is added up. Whoever works on a region adds up under its governments, not everybody."""
    if not _sees(agency or None):
        return None
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
    return cast("list[PublishedRow]", _ask("publications", year, scope=_scope(scope), words=words, limit=limit))


def publication_looks(agency: str, year: int) -> list[LookRow]:
    """All looks at what an agency published, newest first; not cached."""
    return queries.publication_looks(store(), agency, year) if _sees(agency) else []


def looked_at(look: LookRow) -> bytes | None:
    """The page or file that a look brought back."""
    return originals.load(store().settings, look.digest) if look.digest and _sees(look.agency_key) else None


def pasted(lines: str) -> Pasted:
    """Addresses that a person pasted; an agency outside of the region is on no roster."""
    return pasting.read(store(), lines, region.here().among)


def round_of_looks() -> Progress | None:
    """The round of looks that runs or ran last; one that concerns others too is told without their names and numbers."""
    found = rounds.progress(store().settings)
    if found is None or region.here().among(found.agencies) == found.agencies:
        return found
    return replace(found, total=0, done=0, current="", outcomes={}, unkept=(), reason="") if found.running else None


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
    return queries.original(store(), report_id) if _sees(owners.of_report(store(), report_id)) else None


# --- letters ----------------------------------------------------------------------------------------------------------


def recipients(year: int, states: Sequence[str], keys: Sequence[str] | None = None) -> list[Recipient]:
    """The agencies whose report has faults in these states; not cached."""
    return letter_rows.recipients(store(), year, states, within(keys))


def undecided(year: int, keys: Sequence[str] | None = None) -> Undecided:
    """What no letter tells yet; not cached."""
    return letter_rows.undecided(store(), year, within(keys))


# --- people -----------------------------------------------------------------------------------------------------------


def staff() -> list[PersonRow]:
    """The people of the person's region; not cached, since what is shown is changed here."""
    own, rows = region.here(), people.listing(store())
    mine = own.among(row.scope for row in rows if row.scope is not None)
    return rows if own.is_whole else [row for row in rows if row.scope in mine]


# --- years with many agencies -----------------------------------------------------------------------------------------


def many(scope: str | None = None) -> bool:
    """Whether there are more agencies (at or below a body) than a page can hold."""
    return cast(int, _ask("agency_count", _scope(scope))) > MANY


def area(scope: str | None = None) -> str:
    """The area that at least half of the agencies' names begin with, "" where there is none."""
    if not many(scope):
        return common_area(agency_names(scope).values())
    return cast(str, _ask_roster("shared_area", _scope(scope)))


def find_agencies(words: str, scope: str | None = None) -> Mapping[str, str]:
    """Key → name of the first agencies that have these words in their names."""
    return cast("Mapping[str, str]", _ask("find_agencies", words, _scope(scope)))


def key_of(name: str) -> str:
    """The key of the agency that goes by a name, "" where there is none."""
    found = queries.find_agency(store(), name)
    return found.key if found is not None and _sees(found.key) else ""


def names_of(keys: tuple[str, ...]) -> Mapping[str, str]:
    """Key → name of these agencies."""
    mine = tuple(within(keys) or ())
    return cast("Mapping[str, str]", _ask("names_of", mine)) if mine else {}


def first_filed(year: int, scope: str | None = None) -> str:
    """The agency that filed and stands worst, "" where none filed."""
    return cast("str | None", _ask("first_filed", year, _scope(scope))) or ""


def agency_page(wanted: AgencyFilter, page: int = 1, size: int = 100) -> AgencyPage:
    """One page of agencies, worst first."""
    return cast(AgencyPage, _ask("agency_page", region.here().narrowed(wanted), page=page, size=size))


def matrix_page(year: int, show: str, today: date, scope: str | None, page: int, size: int) -> list[MatrixRow]:
    """One page of the matrix."""
    submit = current_profile().submit_by(year)
    return cast("list[MatrixRow]", _ask("matrix_page", year, show, today, submit, _scope(scope), page, size))


def gaps(year: int, scope: str | None = None) -> int:
    """How many of those that filed have a word other than 齐."""
    return cast(int, _ask("gaps", year, _scope(scope)))


def filings_of(year: int, keys: tuple[str, ...]) -> Mapping[str, FilingRow]:
    """Key → where the report on a year stands, of some agencies."""
    mine = tuple(within(keys) or ())
    return cast("Mapping[str, FilingRow]", _ask("filings", year, among=mine)) if mine else {}


def filing_counts(year: int, scope: str | None = None) -> Mapping[str, int]:
    """State → how many reports on a year stand there."""
    return cast("Mapping[str, int]", _ask("filing_counts", year, _scope(scope)))


# --- the 整改台账 and where reports stand -----------------------------------------------------------------------------


def ledger(wanted: LedgerFilter, page: int = 1, size: int = 100) -> LedgerPage:
    """One page of the 整改台账 and the figures of the year."""
    own = region.here()
    found = cast(LedgerPage, _ask("ledger", own.narrowed(wanted), page=page, size=size))
    return found if own.is_whole else replace(found, rows=tuple(map(own.line, found.rows)))


def every_line(wanted: LedgerFilter) -> list[LedgerRow]:
    """All lines of a filter: for acting on more than one page; not cached."""
    return list(iter_ledger(wanted))


def iter_ledger(wanted: LedgerFilter) -> Iterator[LedgerRow]:
    """The same one after another: for files; not cached."""
    own = region.here()
    return map(own.line, queries.iter_ledger(store(), own.narrowed(wanted)))


def lines(fingerprints: tuple[str, ...]) -> Mapping[str, LedgerRow]:
    """Fingerprint → what is laid down about a finding."""
    rows = cast("Mapping[str, LedgerRow]", _ask("lines", fingerprints))
    own = region.here()
    mine = own.among(row.agency_key for row in rows.values())
    return {f: own.line(row) for f, row in rows.items() if row.agency_key in mine}


def origins(fingerprints: tuple[str, ...]) -> Mapping[str, str]:
    """Fingerprint → the state from which it came into its present one."""
    if not fingerprints:
        return {}
    found = cast("Mapping[str, str]", _ask("origins", fingerprints))
    return found if region.here().is_whole else {f: found[f] for f in lines(fingerprints) if f in found}


def history(fingerprint: str) -> list[DecisionRow]:
    """All decisions on a finding, oldest first."""
    if not region.here().is_whole and fingerprint not in lines((fingerprint,)):
        return []
    return cast("list[DecisionRow]", _ask("history", fingerprint))


def filings(year: int) -> Mapping[str, FilingRow]:
    """Agency key → where its report on a year stands; what was not filed is absent."""
    return cast("Mapping[str, FilingRow]", _ask("filings", year, scope=_scope()))


def filing(agency_key: str, year: int) -> FilingRow | None:
    """Where one report stands; None if nothing was filed."""
    return cast("FilingRow | None", _ask("filing", agency_key, year)) if _sees(agency_key) else None


def filing_origins(agency_keys: tuple[str, ...], year: int) -> Mapping[str, str]:
    """Agency key → the state from which its report came into its present one."""
    keys = tuple(within(agency_keys) or ())
    return cast("Mapping[str, str]", _ask("filing_origins", keys, year)) if keys else {}


def filing_history(agency_key: str, year: int) -> list[FilingStepRow]:
    """All steps of a report on a year, oldest first."""
    return cast("list[FilingStepRow]", _ask("filing_history", agency_key, year)) if _sees(agency_key) else []


def end_waivers(today: date) -> None:
    """Waivers that have run out end; looked for once a day."""
    if _end_waivers(settings.load().database_url, today):
        refresh()


@st.cache_data(max_entries=opened.STORES, show_spinner=False)
def _end_waivers(database: str, today: date) -> int:
    return acting.end_waivers(store(), today)
