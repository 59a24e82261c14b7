"""Pages of agencies in the order of lists, for years with more of them than one would look through at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from gdcore.lifecycle import FILING as MACHINE
from gdcore.store import searching, summaries
from gdcore.store.engine import Store
from gdcore.store.roster import existing, within
from gdcore.store.rows import AgencyPage, AgencyRow, MatrixRow
from gdcore.store.tables import AGENCY, FILING, FINDING, STANDING
from gdcore.store.year_rows import agencies, matrix, missing

_AREA_END = re.compile(r"[省市县区旗州盟]")
_LAST = "\uffff"


# --- names --------------------------------------------------------------------------------------------------------------


def agency_count(store: Store, scope: str | None = None) -> int:
    """How many agencies there are, at or below a body."""
    with store.reading() as connection:
        question = select(func.count()).select_from(AGENCY).where(within(scope, AGENCY.c.key))
        return int(connection.execute(question).scalar_one())


def find_agencies(store: Store, words: str, scope: str | None = None, limit: int = 50) -> Mapping[str, str]:
    """Key → name of the first agencies, by name, that have `words` in their names."""
    question = select(AGENCY.c.key, AGENCY.c.name).where(within(scope, AGENCY.c.key))
    with store.reading() as connection:
        question = question.where(searching.first_named(connection, words, limit))
        rows = connection.execute(question.order_by(AGENCY.c.name).limit(limit))
        return {row.key: row.name for row in rows}


def names_of(store: Store, keys: Sequence[str]) -> Mapping[str, str]:
    """Key → name of these agencies, as far as there are such."""
    question = select(AGENCY.c.key, AGENCY.c.name).where(AGENCY.c.key.in_(keys)).order_by(AGENCY.c.name)
    with store.reading() as connection:
        return {row.key: row.name for row in connection.execute(question)}


def shared_area(store: Store, scope: str | None = None) -> str:
    """The longest name of an area that at least half of the agencies' names (at or below a body) begin with, "" if none.

    What half of them begin with, the one in the middle begins with.
    """
    mine = within(scope, AGENCY.c.key)
    with store.reading() as connection:
        count = connection.execute(select(func.count()).select_from(AGENCY).where(mine)).scalar_one()
        ordered = select(AGENCY.c.name).where(mine).order_by(AGENCY.c.name)
        middle = connection.execute(ordered.offset(count // 2).limit(1)).scalar() or ""
        for end in reversed([m.end() for m in _AREA_END.finditer(middle) if m.end() < len(middle)]):
            begins = AGENCY.c.name.between(middle[:end], middle[:end] + _LAST)
            if 2 * connection.execute(select(func.count()).where(begins, mine)).scalar_one() >= count:
                return middle[:end]
    return ""


def first_filed(store: Store, year: int, scope: str | None = None) -> str | None:
    """The key of the agency that filed and stands worst."""
    line = STANDING.c
    mine = (line.year == year, line.rank.is_not(None), within(scope, line.agency_key))
    question = select(line.agency_key).where(*mine).order_by(line.rank, line.agency_key).limit(1)
    with store.reading() as connection:
        found: str | None = connection.execute(question).scalar()
    return found


# --- 单位 ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgencyFilter:
    """Which agencies of a year are asked for, as `agencies` says; `states` are those of the filing."""

    year: int
    q: str = ""
    rules: tuple[str, ...] = ()
    match_all: bool = False
    band: float | None = None
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    scope: str | None = field(default=None)

    @property
    def of_filed(self) -> bool:
        """Whether only agencies that filed can meet it."""
        return bool(self.rules) or self.band is not None


def agency_page(store: Store, wanted: AgencyFilter, page: int = 1, size: int = 100) -> AgencyPage:
    """One page of agencies, worst first, those that have not filed last, by name."""
    filed, unfiled = _filed(store, wanted), _unfiled(wanted)
    with store.reading() as connection:
        left = missing(connection, wanted.year, wanted.scope)
        if wanted == AgencyFilter(wanted.year, scope=wanted.scope):
            count = summaries.of_kind(connection, wanted.year, wanted.scope, "report").get("filed", 0)
            page, pages = _bounded(page, count + left, size)
            keys = _page(connection, filed, unfiled, count, (page - 1) * size, size)
        else:
            # What a filter means is worked out once, for the count and the page together.
            found = list(connection.execute(filed).scalars())
            rest = list(connection.execute(unfiled).scalars()) if unfiled is not None and left else []
            count, left = len(found), len(rest)
            page, pages = _bounded(page, count + left, size)
            keys = (found + rest)[(page - 1) * size : page * size]
    return AgencyPage(_in_order(agencies(store, wanted.year, among=keys), keys), count + left, left, page, pages)


def _bounded(page: int, count: int, size: int) -> tuple[int, int]:
    """The page that there is, and how many."""
    pages = max(1, -(-count // size))
    return min(max(1, page), pages), pages


def _in_order(rows: Sequence[AgencyRow], keys: Sequence[str]) -> tuple[AgencyRow, ...]:
    by_key = {row.agency_key: row for row in rows}
    return tuple(by_key[key] for key in keys if key in by_key)


def _page(
    connection: Connection, filed: Select[Any], unfiled: Select[Any] | None, count: int, first: int, size: int
) -> list[str]:
    """Some of the one list and then of the other."""
    keys: list[str] = []
    if first < count:
        keys += connection.execute(filed.offset(first).limit(size)).scalars()
    if unfiled is not None and len(keys) < size:
        rest = unfiled.offset(max(0, first - count)).limit(size - len(keys))
        keys += connection.execute(rest).scalars()
    return keys


def _filed(store: Store, wanted: AgencyFilter) -> Select[Any]:
    line = STANDING.c
    question = select(line.agency_key).where(line.year == wanted.year, line.rank.is_not(None))
    if wanted.scope is not None:
        question = question.where(within(wanted.scope, line.agency_key))
    if wanted.band is not None:
        question = question.where(line.band == store.scheme.band(wanted.band))
    if wanted.q or wanted.kinds:
        # Names are gone through once: joined, each agency would be looked up.
        question = question.where(line.agency_key.in_(select(AGENCY.c.key).where(*_named(wanted))))
    holding = [_holds(wanted.year, rule) for rule in wanted.rules]
    if holding:
        question = question.where(*([and_(*holding)] if wanted.match_all else [_any(wanted)]))
    if wanted.states:
        question = question.where(_stands(wanted, line.agency_key))
    return question.order_by(line.rank, line.agency_key)


def _holds(year: int, rule: str) -> ColumnElement[bool]:
    """That a finding of the rule stands against the agency, or waits for a decision."""
    mine = (FINDING.c.year == year, FINDING.c.current, FINDING.c.rule == rule, FINDING.c.standing != "")
    return STANDING.c.agency_key.in_(select(FINDING.c.agency_key).where(*mine))


def _any(wanted: AgencyFilter) -> ColumnElement[bool]:
    mine = (FINDING.c.year == wanted.year, FINDING.c.current, FINDING.c.rule.in_(wanted.rules))
    return STANDING.c.agency_key.in_(select(FINDING.c.agency_key).where(*mine, FINDING.c.standing != ""))


def _named(wanted: AgencyFilter, table: Any = AGENCY) -> list[ColumnElement[bool]]:
    named = [searching.named(wanted.q, table)] if wanted.q else []
    return named + ([table.c.agency_type.in_(wanted.kinds)] if wanted.kinds else [])


def _stands(wanted: AgencyFilter, key: ColumnElement[str]) -> ColumnElement[bool]:
    mine = (FILING.c.year == wanted.year, FILING.c.state.in_(wanted.states))
    return key.in_(select(FILING.c.agency_key).where(*mine))


def _unfiled(wanted: AgencyFilter) -> Select[Any] | None:
    if wanted.of_filed or (wanted.states and MACHINE.start not in wanted.states):
        return None
    question = _missing(wanted.year, wanted.scope).order_by(AGENCY.c.name)
    if wanted.q or wanted.kinds:
        other = AGENCY.alias()
        named = select(other.c.key).where(*_named(wanted, other))
        question = question.where(AGENCY.c.key.in_(named))
    return question


def _missing(year: int, scope: str | None) -> Select[Any]:
    """Those that owe a report and have not filed one."""
    line = STANDING.c
    filed = select(line.agency_key).where(line.agency_key == AGENCY.c.key, line.year == year, line.rank.is_not(None))
    return select(AGENCY.c.key).where(existing(year), ~filed.exists(), within(scope, AGENCY.c.key))


# --- 总览 ---------------------------------------------------------------------------------------------------------------


def matrix_page(
    store: Store, year: int, show: str, today: date, submit: date | None, scope: str | None, page: int, size: int
) -> list[MatrixRow]:
    """One page of the matrix: with gaps, late, missing or all; those that have not filed by the day on which it is due."""
    line = STANDING.c
    filed = select(line.agency_key).where(line.year == year, line.badness.is_not(None), within(scope, line.agency_key))
    filed = filed.order_by(line.badness, line.agency_key)
    of_year = AGENCY.c.submit_by.between(date(year + 1, 1, 1), date(year + 1, 12, 31))
    due = case((of_year, AGENCY.c.submit_by), else_=submit)
    unfiled = _missing(year, scope).order_by(due.is_(None), due, AGENCY.c.name)
    first = (page - 1) * size
    with store.reading() as connection:
        if show == "gaps":
            keys = list(connection.execute(filed.where(line.gaps).offset(first).limit(size)).scalars())
        elif show == "all":
            count = summaries.of_kind(connection, year, scope, "report").get("filed", 0)
            keys = _page(connection, filed, unfiled, count, first, size)
        else:
            late = unfiled.where(due < today) if show == "late" else unfiled
            keys = list(connection.execute(late.offset(first).limit(size)).scalars())
    by_key = {row.agency_key: row for row in matrix(store, year, submit, among=keys)}
    return [by_key[key] for key in keys if key in by_key]


def gaps(store: Store, year: int, scope: str | None = None) -> int:
    """How many of those that filed have a word other than 齐."""
    with store.reading() as connection:
        return summaries.of_kind(connection, year, scope, "report").get("gaps", 0)


def filing_counts(store: Store, year: int, scope: str | None = None) -> Mapping[str, int]:
    """State → how many reports on a year stand there, of those that were filed."""
    with store.reading() as connection:
        return summaries.of_kind(connection, year, scope, "filing")
