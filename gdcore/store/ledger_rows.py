"""The 整改台账 as its page and its workbook ask for it: lines by deadline, and the figures of a year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from gdcore.lifecycle import LEDGER, OPEN
from gdcore.store.engine import Store, chunks, mapping
from gdcore.store.roster import within
from gdcore.store.rows import LedgerFigures, LedgerFilter, LedgerPage, LedgerRow
from gdcore.store.tables import AGENCY, FINDING_STATE

_BATCH = 500  # rows fetched at once while streaming
_NAMES = [f.name for f in fields(LedgerRow) if f.name != "agency"]


def ledger(store: Store, wanted: LedgerFilter, page: int = 1, size: int = 100) -> LedgerPage:
    """One page of lines, the nearest deadline first, and the figures of the year."""
    where = _conditions(wanted)
    with store.reading() as connection:
        count = func.count(FINDING_STATE.c.agency_key.distinct())
        total, agencies = connection.execute(_joined(func.count(), count).where(*where)).one()
        pages = max(1, -(-total // size))
        page = min(max(1, page), pages)
        rows = connection.execute(_rows().where(*where).limit(size).offset((page - 1) * size)).all()
        figures = _figures(connection, wanted)
    return LedgerPage(tuple(_row(row) for row in rows), total, agencies, figures, page, pages)


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


def _conditions(wanted: LedgerFilter, whole_year: bool = False) -> list[ColumnElement[bool]]:
    """What a filter asks for; with `whole_year` no more of it than the year and the scope."""
    line = FINDING_STATE.c
    found = [line.year == wanted.year, line.state.in_(LEDGER)]
    if wanted.scope is not None:
        found.append(within(wanted.scope, line.agency_key))
    if whole_year:
        return found
    for column, values in ((line.state, wanted.states), (line.agency_key, wanted.agencies), (line.rule, wanted.rules)):
        if values:
            found.append(column.in_(values))
    if wanted.due:
        found.append(_due(wanted))
    if wanted.q:
        columns = (line.message, line.found, line.expected, line.responsible, line.rule, AGENCY.c.name)
        found.append(or_(*(column.contains(wanted.q, autoescape=True) for column in columns)))
    return found


def _due(wanted: LedgerFilter, kind: str = "") -> ColumnElement[bool]:
    line = FINDING_STATE.c
    if (kind or wanted.due) == "overdue":
        return line.state.in_(OPEN) & (line.due < wanted.today)
    return line.state.in_(OPEN) & line.due.between(wanted.today, wanted.soon)


def _figures(connection: Connection, wanted: LedgerFilter) -> LedgerFigures:
    of_year = _conditions(wanted, whole_year=True)
    line = FINDING_STATE.c
    states = mapping(connection.execute(_joined(line.state, func.count()).where(*of_year).group_by(line.state)))
    dues = [
        connection.execute(
            _joined(func.count(), func.count(line.agency_key.distinct()), func.min(line.due)).where(
                *of_year, _due(wanted, kind)
            )
        ).one()
        for kind in ("overdue", "soon")
    ]
    rules = connection.execute(_joined(line.rule).where(*of_year).distinct().order_by(line.rule)).scalars()
    issued = sum(states.get(state, 0) for state in (*OPEN, "corrected", "closed"))
    return LedgerFigures(
        states=states,
        overdue=dues[0][0],
        soon=dues[1][0],
        closed_share=states.get("closed", 0) / issued if issued else None,
        overdue_agencies=dues[0][1],
        soon_agencies=dues[1][1],
        earliest=dues[0][2],
        issued=issued,
        rules=tuple(rules),
    )
