"""The 整改台账 as its page and its workbook ask for it: lines by deadline, and the figures of a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, true

from gdcore.lifecycle import LEDGER, OPEN
from gdcore.store import searching, summaries
from gdcore.store.engine import Store, chunks
from gdcore.store.finding_rows import saying, says
from gdcore.store.roster import within
from gdcore.store.rows import LedgerFigures, LedgerFilter, LedgerPage, LedgerRow
from gdcore.store.tables import AGENCY, FINDING_STATE

_BATCH = 500  # rows fetched at once while streaming
_SORTED = 5_000  # more lines than these are not sorted to show a page
_PAGES = 50  # of such a list; who needs more narrows it or exports
_NAMES = [f.name for f in fields(LedgerRow) if f.name != "agency"]


def ledger(store: Store, wanted: LedgerFilter, page: int = 1, size: int = 100) -> LedgerPage:
    """One page of lines, the nearest deadline first, and the figures of the year."""
    with store.reading() as connection:
        figures = _figures(connection, wanted)
        where = _conditions(wanted, _looks_up(connection, wanted, figures))
        total, agencies = _found(connection, wanted, figures, where)
        pages = max(1, -(-total // size))
        pages = min(pages, _PAGES) if agencies is None else pages
        page = min(max(1, page), pages)
        first = (page - 1) * size
        if agencies is None:
            rows = _walked(connection, _conditions(wanted), first, size)
        else:
            rows = connection.execute(_rows().where(*where).limit(size).offset(first)).all()
    return LedgerPage(tuple(_row(row) for row in rows), total, agencies, figures, page, pages)


def _looks_up(connection: Connection, wanted: LedgerFilter, figures: LedgerFigures) -> bool:
    """Whether the index is asked for the words, rather than to go through the lines of the year or of some agencies."""
    lines = sum(figures.states.values())
    return bool(wanted.q) and not wanted.agencies and searching.worth_it(connection, FINDING_STATE, wanted.q, lines)


def _found(
    connection: Connection, wanted: LedgerFilter, figures: LedgerFigures, where: Sequence[ColumnElement[bool]]
) -> tuple[int, int | None]:
    """How many lines meet a filter, of how many agencies; None where they are too many to sort and to count."""
    plain = not (wanted.agencies or wanted.rules or wanted.q)
    if plain and not (wanted.states and wanted.due):
        by_state = sum(n for state, n in figures.states.items() if not wanted.states or state in wanted.states)
        total = {"overdue": figures.overdue, "soon": figures.soon}.get(wanted.due, by_state)
        if total > _SORTED:
            return total, None
    count = func.count(FINDING_STATE.c.agency_key.distinct())
    total, agencies = connection.execute(_joined(func.count(), count).where(*where)).one()
    return int(total), int(agencies) if total <= _SORTED else None


def _walked(connection: Connection, where: Sequence[ColumnElement[bool]], first: int, size: int) -> Sequence[Any]:
    """A page of very many lines, in the order of the page, found without sorting them all: state by state, day by day."""
    line = FINDING_STATE.c
    keys: list[str] = []
    done = 0
    for part in _strata(connection, where):
        count = connection.execute(_joined(func.count()).where(*where, *part)).scalar_one()
        if first < done + count:
            question = (
                _joined(line.fingerprint).where(*where, *part).order_by(AGENCY.c.name, line.rule, line.fingerprint)
            )
            at = max(0, first - done)
            keys += connection.execute(question.limit(size - len(keys)).offset(at)).scalars()
        done += count
        if len(keys) >= size:
            break
    rows = {row.fingerprint: row for row in connection.execute(_rows().where(line.fingerprint.in_(keys)))}
    return [rows[key] for key in keys]


def _strata(connection: Connection, where: Sequence[ColumnElement[bool]]) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """The parts of a list one after another: open lines by day, those without a day, then all others."""
    line = FINDING_STATE.c
    owed = line.state.in_(OPEN)
    for is_owed in (owed, ~owed):
        last: date | None = None
        while True:
            after = line.due > last if last is not None else line.due.is_not(None)
            # The first in the order of an index, where the least of them all would be looked for among all.
            days = _joined(line.due).where(*where, is_owed, after).order_by(line.due).limit(1)
            last = connection.execute(days).scalar()
            if last is None:
                break
            yield is_owed, line.due == last
        yield is_owed, line.due.is_(None)


def iter_ledger(store: Store, wanted: LedgerFilter) -> Iterator[LedgerRow]:
    """The lines one after another, in the order of `ledger`, without holding them all."""
    with store.reading() as connection:
        rows = connection.execution_options(yield_per=_BATCH).execute(_rows().where(*_conditions(wanted)))
        for row in rows:
            yield _row(row)


def lines(store: Store, fingerprints: Sequence[str]) -> dict[str, LedgerRow]:
    """Fingerprint → line, in whatever state; what nobody decided or noted has none."""
    found: dict[str, LedgerRow] = {}
    with store.reading() as connection:
        for part in chunks(fingerprints):
            question = _rows().where(FINDING_STATE.c.fingerprint.in_(part)).order_by(None)
            found |= {row.fingerprint: _row(row) for row in connection.execute(question)}
    return found


def _row(row: Any) -> LedgerRow:
    return LedgerRow(agency=row.agency_name, **{name: getattr(row, name) for name in _NAMES})


def _joined(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(FINDING_STATE).join(AGENCY, AGENCY.c.key == FINDING_STATE.c.agency_key)


def _rows() -> Select[Any]:
    owed = FINDING_STATE.c.state.in_(OPEN)
    due = FINDING_STATE.c.due
    return _joined(*FINDING_STATE.c, AGENCY.c.name.label("agency_name")).order_by(
        owed.desc(), due.is_(None), due, AGENCY.c.name, FINDING_STATE.c.rule, FINDING_STATE.c.fingerprint
    )


def _conditions(wanted: LedgerFilter, looked_up: bool = False) -> list[ColumnElement[bool]]:
    """What a filter asks for; with `looked_up` the index is asked for the words, which heeds the year, too."""
    line = FINDING_STATE.c
    found = _of_year(wanted, looked_up)
    for column, values in ((line.state, wanted.states), (line.agency_key, wanted.agencies), (line.rule, wanted.rules)):
        if values:
            found.append(column.in_(values))
    if wanted.due:
        found.append(_due(wanted))
    if wanted.q:
        found.append(saying(wanted, FINDING_STATE, line.fingerprint) if looked_up else says(wanted, FINDING_STATE))
    return found


def _of_year(wanted: LedgerFilter, looked_up: bool = False) -> list[ColumnElement[bool]]:
    """What all filters ask for: lines of the year, below the body."""
    line = FINDING_STATE.c
    return [
        true() if looked_up else line.year == wanted.year,
        line.state.in_(LEDGER),
        within(wanted.scope, line.agency_key),
    ]


def _due(wanted: LedgerFilter, kind: str = "") -> ColumnElement[bool]:
    line = FINDING_STATE.c
    if (kind or wanted.due) == "overdue":
        return line.state.in_(OPEN) & (line.due < wanted.today)
    return line.state.in_(OPEN) & line.due.between(wanted.today, wanted.soon)


def _figures(connection: Connection, wanted: LedgerFilter) -> LedgerFigures:
    """The figures of a year, from what is counted beforehand; but whose deadline is soon is looked up."""
    counts = summaries.numbers(connection, wanted.year, wanted.scope, "line", "open", "late")
    states: Counter[str] = Counter()
    rules: set[str] = set()
    dues: Counter[date] = Counter()
    late: Counter[date] = Counter()
    for (kind, code), number in counts.items():
        state, _, rest = code.partition("|")
        if kind == "line":
            states[state] += number
            rules.add(rest)
        elif kind == "open":
            dues[date.fromisoformat(rest)] += number
        else:
            late[date.fromisoformat(code)] += number
    soon = _of_year(wanted)
    agencies = func.count(FINDING_STATE.c.agency_key.distinct())
    issued = sum(states.get(state, 0) for state in (*OPEN, "corrected", "closed"))
    return LedgerFigures(
        states=dict(states),
        overdue=sum(number for day, number in dues.items() if day < wanted.today),
        soon=sum(number for day, number in dues.items() if wanted.today <= day <= wanted.soon),
        closed_share=states.get("closed", 0) / issued if issued else None,
        overdue_agencies=sum(number for day, number in late.items() if day < wanted.today),
        soon_agencies=connection.execute(select(agencies).where(*soon, _due(wanted, "soon"))).scalar_one(),
        earliest=min((day for day in late if day < wanted.today), default=None),
        issued=issued,
        rules=tuple(sorted(rules)),
    )
