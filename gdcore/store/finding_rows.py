"""Findings as pages and exports ask for them: filtered, paged, counted, or one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, literal, or_, select, tuple_

from gdcore import masking
from gdcore.finding import Finding
from gdcore.serial import read_anchors
from gdcore.store import summaries
from gdcore.store.engine import Store
from gdcore.store.roster import within
from gdcore.store.rows import FindingFilter, FindingPage, FindingRow, LedgerFilter
from gdcore.store.tables import AGENCY, FINDING, FINDING_STATE, REPORT
from gdcore.verdict import Outcome, Severity

_BATCH = 500  # agencies, or rows, fetched at once while streaming
_SORTED = 5_000  # of more findings than these, a page is found by walking the agencies instead of sorting
_PAGES = 50  # of such a filter; who needs more narrows it or exports


def finding_of(row: Any) -> Finding:
    """The core finding that a row of the table holds."""
    return Finding(
        rule=row.rule,
        severity=Severity(row.severity),
        outcome=Outcome(row.outcome),
        message=row.message,
        address=row.address,
        expected=row.expected,
        found=row.found,
        suggestion=row.suggestion,
        confidence=row.confidence,
        fingerprint=row.fingerprint,
        anchors=read_anchors(row.anchors),
    )


def findings(store: Store, query: FindingFilter, page: int = 1, size: int = 100) -> FindingPage:
    """One page of findings, gravest first within each agency, agencies by name, and the figures for all of them.

    Of a filter that finds more than `_SORTED`, the first `_PAGES` pages can be seen, and its agencies are not counted.
    """
    with store.reading() as connection:
        figures = _figures(connection, query)
        large = figures.total > _SORTED
        pages = max(1, -(-figures.total // size))
        pages = min(pages, _PAGES) if large else pages
        page = min(max(1, page), pages)
        first = (page - 1) * size
        if large:
            walked = (found for part in _walk(connection, query, FINDING.c.id) for (found,) in part)
            ids = list(islice(walked, first, first + size))
        else:
            chosen = _ordered(_joined(FINDING.c.id)).where(*_conditions(query)).limit(size).offset(first)
            ids = list(connection.execute(chosen).scalars())
        rows = connection.execute(_rows().where(FINDING.c.id.in_(ids))).all()
        agencies = None if large else _agencies(connection, query)
    return FindingPage(
        tuple(row_of(row) for row in rows),
        figures.total,
        agencies,
        figures.reviews,
        figures.severities,
        figures.states,
        page,
        pages,
    )


def iter_findings(store: Store, query: FindingFilter) -> Iterator[FindingRow]:
    """The findings one after another, in the order of `findings`, without holding or sorting them all."""
    with store.reading() as connection:
        if query.report_id is not None or query.fingerprints:
            rows = connection.execution_options(yield_per=_BATCH).execute(_rows().where(*_conditions(query)))
            yield from (row_of(row) for row in rows)
            return
        for part in _walk(connection, query):
            yield from (row_of(row) for row in part)


def _walk(connection: Connection, query: FindingFilter, *columns: Any) -> Iterator[Sequence[Any]]:
    """The rows of a filter in order, some agencies at a time: these columns of them, or all that a page knows."""
    question = _ordered(_joined(*columns)) if columns else _rows()
    question = question.where(*_conditions(query))
    last: tuple[str, str] | None = None
    while True:
        names = select(AGENCY.c.name, AGENCY.c.key).where(within(query.scope, AGENCY.c.key))
        if query.agencies:
            names = names.where(AGENCY.c.key.in_(query.agencies))
        if last is not None:
            names = names.where(tuple_(AGENCY.c.name, AGENCY.c.key) > tuple_(*map(literal, last)))
        part = connection.execute(names.order_by(AGENCY.c.name, AGENCY.c.key).limit(_BATCH)).all()
        if not part:
            return
        last = (part[-1].name, part[-1].key)
        yield connection.execute(question.where(FINDING.c.agency_key.in_([row.key for row in part]))).all()


def of_report(connection: Connection, report_id: int) -> tuple[FindingRow, ...]:
    """The findings of one version, in the order of its check."""
    rows = connection.execute(
        _rows().where(FINDING.c.report_id == report_id).order_by(None).order_by(FINDING.c.position)
    )
    return tuple(row_of(row) for row in rows)


def row_of(row: Any) -> FindingRow:
    """A row of `_rows` as pages know it."""
    return FindingRow(
        finding=finding_of(row),
        state=row.state,
        points=row.points,
        agency_key=row.agency_key,
        agency=row.agency_name,
        year=row.year,
        version=row.version,
        file=masking.anywhere(row.file_name),
        report_id=row.report_id,
        bucket=row.bucket,
        standing=row.standing,
        note=row.note or "",
        actor=row.actor or "",
        decided_at=row.decided_at,
        due=row.due,
    )


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(FINDING)
        .join(REPORT, REPORT.c.id == FINDING.c.report_id)
        .join(AGENCY, AGENCY.c.key == FINDING.c.agency_key)
    )


def _rows() -> Select[Any]:
    columns = (
        *FINDING.c,
        AGENCY.c.name.label("agency_name"),
        REPORT.c.version,
        REPORT.c.file_name,
        FINDING_STATE.c.note,
        FINDING_STATE.c.actor,
        FINDING_STATE.c.decided_at,
        FINDING_STATE.c.due,
    )
    return (
        _joined(*columns)
        .outerjoin(FINDING_STATE, FINDING_STATE.c.fingerprint == FINDING.c.fingerprint)
        .order_by(*_ORDER)
    )


_ORDER = (AGENCY.c.name, FINDING.c.agency_key, FINDING.c.year, FINDING.c.report_id, FINDING.c.position)


def _ordered(question: Select[Any]) -> Select[Any]:
    return question.order_by(*_ORDER)


def _severity(code: str) -> ColumnElement[bool]:
    if code == "veto":
        return and_(FINDING.c.veto, FINDING.c.level == "error")
    return FINDING.c.level == code


def _conditions(query: FindingFilter) -> list[ColumnElement[bool]]:
    """What a filter asks for."""
    found: list[ColumnElement[bool]] = []
    if query.report_id is not None:
        found.append(FINDING.c.report_id == query.report_id)
    elif not query.fingerprints or query.year is not None:
        found.append(FINDING.c.current)
    if query.year is not None:
        found.append(FINDING.c.year == query.year)
    if query.severities:
        found.append(or_(*(_severity(code) for code in query.severities)))
    for column, values in (
        (FINDING.c.state, query.states),
        (FINDING.c.agency_key, query.agencies),
        (FINDING.c.rule, query.rules),
        (FINDING.c.fingerprint, query.fingerprints),
    ):
        if values:
            found.append(column.in_(values))
    if query.bucket:
        found.append(FINDING.c.bucket == query.bucket)
    if query.outcome:
        found.append(FINDING.c.outcome == query.outcome)
    if query.agency:
        found.append(AGENCY.c.name.contains(query.agency, autoescape=True))
    if query.scope is not None:
        found.append(within(query.scope, FINDING.c.agency_key))
    if query.q:
        found.append(says(query, FINDING, (FINDING.c.rule, AGENCY.c.name)))
    return found


def says(
    query: FindingFilter | LedgerFilter, table: Table, others: Iterable[ColumnElement[Any]]
) -> ColumnElement[bool]:
    """Whether the words asked for stand in other columns, or in a finding's text if its rule is none of the `silent`."""
    text = (table.c.message, table.c.found, table.c.expected)
    in_text, elsewhere = ([c.contains(query.q, autoescape=True) for c in columns] for columns in (text, others))
    return or_(and_(table.c.rule.not_in(query.silent), or_(*in_text)), *elsewhere)


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of a filter, as `FindingPage` has them."""

    total: int
    reviews: int
    severities: Mapping[str, int]
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Group:
    """So many findings of one rule, level, state, outcome, with or without veto, of one bucket."""

    number: int
    rule: str
    level: str
    state: str
    standing: str
    outcome: str
    veto: str
    bucket: str

    def meets(self, query: FindingFilter, without: str = "") -> bool:
        """Whether these are asked for; `without` leaves one of the fields of the filter out."""
        severities = () if without == "severities" else query.severities
        states = () if without == "states" else query.states
        return (
            (not severities or any(self._is(code) for code in severities))
            and (not states or self.state in states)
            and (not query.rules or self.rule in query.rules)
            and (not query.bucket or self.bucket == query.bucket)
            and (not query.outcome or self.outcome == query.outcome)
        )

    def _is(self, severity: str) -> bool:
        return (self.veto == "1" and self.level == "error") if severity == "veto" else self.level == severity


def _figures(connection: Connection, query: FindingFilter) -> _Figures:
    """From what is counted beforehand, where the filter asks for no more than that."""
    groups = list(_groups(connection, query))
    wanted = [group for group in groups if group.meets(query)]
    severities = dict.fromkeys(("error", "warning", "info", "review"), 0)
    states: Counter[str] = Counter()
    vetoes = 0
    for group in groups:
        if group.meets(query, without="severities"):
            severities[group.level] += group.number
            vetoes += group.number if group.veto == "1" and group.level == "error" else 0
        if group.meets(query, without="states"):
            states[group.state] += group.number
    total = sum(group.number for group in wanted)
    reviews = sum(group.number for group in wanted if group.level == "review")
    return _Figures(total, reviews, severities | {"veto": vetoes}, dict(states))


def _groups(connection: Connection, query: FindingFilter) -> Iterator[_Group]:
    plain = query.year is not None and query.report_id is None
    if plain and not (query.agencies or query.agency or query.q or query.fingerprints):
        for code, number in summaries.of_kind(connection, query.year or 0, query.scope, "finding").items():
            yield _Group(number, *code.split("|"))
        return
    names = ("rule", "level", "state", "standing", "outcome", "veto", "bucket")
    columns = [FINDING.c[name] for name in names]
    conditions = _conditions(replace(query, severities=(), states=(), rules=(), bucket=None, outcome=None))
    for row in connection.execute(_joined(*columns, func.count()).where(*conditions).group_by(*columns)):
        yield _Group(row[-1], *(summaries.code(value) for value in row[:-1]))


def _agencies(connection: Connection, query: FindingFilter) -> int:
    question = _joined(func.count(FINDING.c.agency_key.distinct())).where(*_conditions(query))
    return int(connection.execute(question).scalar_one())
