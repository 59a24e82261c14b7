"""What pages ask of the store, behind one bounded cache: short-lived, and emptied after every change made here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

import streamlit as st

from gdcore import profile, scoring, settings
from gdcore.profile import Profile
from gdcore.scoring import Scheme
from gdcore.settings import Settings
from gdcore.store import Store, open_store, queries
from gdcore.store.publication_rows import PublishedRow
from gdcore.store.rows import (
    AgencyRow,
    BatchView,
    FaultRow,
    FindingFilter,
    FindingPage,
    FindingRow,
    IntakeRow,
    MatrixRow,
    Overview,
    ReportView,
    RosterRow,
)

_FRESH_SECONDS = 5  # how long another person's change may stay unseen
_ANSWERS = 256
_STORES = 4
_SCHEME = "default"


def store() -> Store:
    """The open store of the settings in force."""
    return _open(settings.load())


@st.cache_resource(max_entries=_STORES, show_spinner=False)
def _open(chosen: Settings) -> Store:
    return open_store(chosen)


@st.cache_data(ttl=_FRESH_SECONDS, max_entries=_ANSWERS, show_spinner="正在读取…")
def _answer(database: str, question: str, arguments: tuple[Any, ...], words: dict[str, Any]) -> Any:
    return getattr(queries, question)(store(), *arguments, **words)


def _ask(question: str, *arguments: Any, **words: Any) -> Any:
    return _answer(settings.load().database_url, question, arguments, words)


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


def overview(year: int) -> Overview:
    """A year at a glance."""
    return cast(Overview, _ask("overview", year))


def matrix(year: int) -> list[MatrixRow]:
    """Sections and tables by agency, worst first."""
    return cast("list[MatrixRow]", _ask("matrix", year))


def frequent_faults(year: int) -> list[FaultRow]:
    """The rules that stand against most agencies."""
    return cast("list[FaultRow]", _ask("frequent_faults", year))


def agencies(year: int, **filters: Any) -> list[AgencyRow]:
    """The agencies of a year with their scores, filtered as `queries.agencies` says."""
    return cast("list[AgencyRow]", _ask("agencies", year, **filters))


def agency_names() -> Mapping[str, str]:
    """Agency key → name."""
    return cast("Mapping[str, str]", _ask("agency_names"))


def roster() -> list[RosterRow]:
    """All agencies as the roster has them."""
    return cast("list[RosterRow]", _ask("roster"))


def report_view(agency: str, year: int, version: int | None = None) -> ReportView | None:
    """A report with all that was found out about it."""
    return cast("ReportView | None", _ask("report_view", agency_key=agency, year=year, version=version))


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


def rule_counts(year: int) -> Mapping[str, int]:
    """Rule → findings of the year."""
    return cast("Mapping[str, int]", _ask("rule_counts", year))


def publications(year: int) -> list[PublishedRow]:
    """The agencies whose report passed, with the last look at what they published."""
    return cast("list[PublishedRow]", _ask("publications", year))


def current_profile() -> Profile:
    """The profile in force."""
    chosen = settings.load()
    return profile.load(chosen.profile, chosen)


def scheme() -> Scheme:
    """The scoring scheme in force."""
    return scoring.load(_SCHEME, settings.load())


def original(report_id: int) -> bytes | None:
    """The file of a report as it was received; not cached, since it may be large."""
    return queries.original(store(), report_id)
