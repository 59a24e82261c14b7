"""The agencies of a year for the page 单位: all of them where they are few, a page of them where they are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from gdcore.form import AgencyType
from gdcore.lifecycle import FILING
from gdcore.rules import CATALOGUE
from gdcore.store.agency_lists import AgencyFilter
from gdcore.store.rows import AgencyRow, FilingRow
from gdcore.ui import address, filings, query

_PAGE_ROWS = 100
_MOST_PAGES = 50  # who needs more narrows the filter


@dataclass(frozen=True, slots=True)
class Year:
    """What the filters of a year offer: how many agencies, the rules found, agencies by band, types, states of filings."""

    total: int
    rules: Sequence[str]
    bands: Mapping[str, int]
    kinds: Sequence[str]
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """The agencies that are listed, how many meet the filter, how many of these have not filed, and where each stands.

    `average` of all that meet it, None where it is not known.
    """

    rows: Sequence[AgencyRow]
    total: int
    missing: int
    average: float | None
    standing: Mapping[str, FilingRow]


def year(number: int, scope: str | None) -> Year:
    """What there is in a year."""
    if query.many(scope):
        seen = query.overview(number, scope)
        counts = query.rule_counts(number, scope)
        states = dict(query.filing_counts(number, scope))
        states[FILING.start] = states.get(FILING.start, 0) + seen.expected - sum(states.values())
        return Year(
            seen.expected,
            [code for code in CATALOGUE if code in counts],
            {name: n for name, _, n in seen.bands},
            [kind.value for kind in AgencyType],
            states,
        )
    everyone = query.agencies(number, scope=scope)
    standing = query.filings(number)
    return Year(
        len(everyone),
        sorted({code for row in everyone for code, _ in row.faults}),
        Counter(row.band for row in everyone if row.band),
        sorted({row.agency_type for row in everyone if row.agency_type}),
        Counter(filings.state_of(row.agency_key, standing) for row in everyone),
    )


def shown(wanted: AgencyFilter) -> Shown:
    """The agencies that meet a filter, or a page of them with the choice of pages below it."""
    return _page(wanted) if query.many(wanted.scope) else _all(wanted)


def _all(wanted: AgencyFilter) -> Shown:
    standing = query.filings(wanted.year)
    rows = query.agencies(
        wanted.year,
        q=wanted.q,
        rules=wanted.rules,
        match_all=wanted.match_all,
        band=wanted.band,
        kinds=wanted.kinds,
        scope=wanted.scope,
    )
    rows = [r for r in rows if not wanted.states or filings.state_of(r.agency_key, standing) in wanted.states]
    scores = [row.total for row in rows if row.total is not None]
    missing = sum(row.report_id is None for row in rows)
    return Shown(rows, len(rows), missing, sum(scores) / len(scores) if scores else None, standing)


def _page(wanted: AgencyFilter) -> Shown:
    asked = address.get("page")
    page = query.agency_page(wanted, int(asked) if asked.isdigit() else 1, _PAGE_ROWS)
    plain = wanted == AgencyFilter(wanted.year, scope=wanted.scope)
    average = query.overview(wanted.year, wanted.scope).average if plain else None
    standing = query.filings_of(wanted.year, tuple(row.agency_key for row in page.rows))
    return Shown(page.rows, page.total, page.missing, average, standing)


def pages(found: Shown) -> None:
    """The choice of pages, where the list is longer than one."""
    count = min(-(-found.total // _PAGE_ROWS), _MOST_PAGES)
    if len(found.rows) < found.total and count > 1:
        st.pagination(count, **address.one("agencies_page", "page", range(1, count + 1), 1))
