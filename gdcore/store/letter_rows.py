"""What letters to agencies are made of: who is written to, which of its findings are told, and the figures of a 通报."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from gdcore.store import searching
from gdcore.store.engine import Store
from gdcore.store.finding_rows import iter_findings
from gdcore.store.rows import FaultRow, FindingFilter, FindingRow, Recipient, Undecided
from gdcore.store.tables import AGENCY, AGENCY_NAME, FINDING, REPORT

# A finding that stands as a fault, whatever it was found as: what waits for a decision is none of these.
_FAULTS = ("info", "warning", "error")
_LATE = "TIM-03"


def recipients(
    store: Store, year: int, states: Collection[str], keys: Sequence[str] | None = None, q: str = ""
) -> list[Recipient]:
    """The agencies whose current report has faults in one of these states, by name; `q` is a piece of the name."""
    question = (
        select(AGENCY.c.key, AGENCY.c.name, REPORT.c.id, REPORT.c.version, REPORT.c.received_at, func.count())
        .join(REPORT, REPORT.c.agency_key == AGENCY.c.key)
        .join(FINDING, FINDING.c.report_id == REPORT.c.id)
        .where(*_told(year, states, keys), searching.named(q) if q else true())
        .group_by(AGENCY.c.key, AGENCY.c.name, REPORT.c.id, REPORT.c.version, REPORT.c.received_at)
        .order_by(AGENCY.c.name, AGENCY.c.key)
    )
    with store.reading() as connection:
        return [Recipient(*row) for row in connection.execute(question)]


def told(
    store: Store, recipient: Recipient, states: Collection[str], only: Collection[str] | None = None
) -> list[FindingRow]:
    """The faults of a report in these states, in the order of its check; `only`: of these, those with a fingerprint there."""
    wanted = FindingFilter(report_id=recipient.report_id, states=tuple(states))
    rows = (row for row in iter_findings(store, wanted) if row.standing in _FAULTS)
    return [row for row in rows if only is None or row.fingerprint in only]


def undecided(store: Store, year: int, keys: Sequence[str] | None = None) -> Undecided:
    """What no letter tells yet: faults that nobody has confirmed, and findings that a person has to judge."""
    pending = func.count().filter(FINDING.c.standing != "review")
    reviews = func.count().filter(FINDING.c.standing == "review")
    question = select(pending, reviews).where(*_of_year(year, keys), FINDING.c.state == "pending")
    with store.reading() as connection:
        return Undecided(*connection.execute(question).one())


def _of_year(year: int, keys: Sequence[str] | None) -> list[ColumnElement[bool]]:
    found = [FINDING.c.year == year, FINDING.c.current]
    return [*found, FINDING.c.agency_key.in_(keys)] if keys is not None else found


def _told(year: int, states: Collection[str], keys: Sequence[str] | None = None) -> list[ColumnElement[bool]]:
    return [*_of_year(year, keys), FINDING.c.standing.in_(_FAULTS), FINDING.c.state.in_(states)]


# --- the figures of a 通报 ---------------------------------------------------------------------------------------------


def fault_counts(store: Store, year: int, states: Collection[str], filed: int) -> list[FaultRow]:
    """Each rule against which faults in these states stand, with how many agencies and their share of `filed`."""
    number = func.count(FINDING.c.agency_key.distinct())
    rank = func.max(FINDING.c.severity_rank)
    question = (
        select(FINDING.c.rule, rank, number)
        .where(*_told(year, states))
        .group_by(FINDING.c.rule)
        .order_by(number.desc(), rank.desc(), FINDING.c.rule)
    )
    with store.reading() as connection:
        rows = connection.execute(question).all()
    return [FaultRow(rule, _FAULTS[gravest], count, count / filed if filed else 0) for rule, gravest, count in rows]


def agencies_at_fault(store: Store, year: int, states: Collection[str]) -> int:
    """How many agencies have any."""
    return _number(store, select(func.count(FINDING.c.agency_key.distinct())).where(*_told(year, states)))


def examples(store: Store, year: int, states: Collection[str], rule: str) -> Iterator[FindingRow]:
    """The faults of a rule that can be shown: what stands there, and what should. One after another."""
    wanted = FindingFilter(year=year, rules=(rule,), states=tuple(states))
    with closing(iter_findings(store, wanted)) as rows:  # type: ignore[type-var]
        yield from (r for r in rows if r.standing in _FAULTS and r.finding.found and r.finding.expected)


def late(store: Store, year: int) -> int:
    """How many agencies submitted after their deadline, as far as days of submission are known."""
    where = (*_of_year(year, None), FINDING.c.rule == _LATE, FINDING.c.standing.in_(_FAULTS))
    return _number(store, select(func.count(FINDING.c.agency_key.distinct())).where(*where))


def every_name(store: Store) -> Mapping[str, tuple[str, ...]]:
    """Agency key → its names: its own first, then short and former ones."""
    names: dict[str, dict[str, None]] = {}
    with store.reading() as connection:
        for key, name in connection.execute(select(AGENCY.c.key, AGENCY.c.name)):
            names[key] = {name: None}
        for key, name in connection.execute(select(AGENCY_NAME.c.agency_key, AGENCY_NAME.c.name)):
            names[key][name] = None
    return {key: tuple(found) for key, found in names.items()}


def _number(store: Store, question: Any) -> int:
    with store.reading() as connection:
        return int(connection.execute(question).scalar() or 0)
