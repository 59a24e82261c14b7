"""Findings as pages and exports ask for them: filtered, paged, counted, or one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union,
)

from gdcore import masking
from gdcore.finding import Finding
from gdcore.serial import read_anchors
from gdcore.store import searching, summaries
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
        looked_up = _looks_up(connection, query)
        figures = _figures(connection, query, looked_up)
        large = figures.total > _SORTED
        pages = max(1, -(-figures.total // size))
        pages = min(pages, _PAGES) if large else pages
        page = min(max(1, page), pages)
        first = (page - 1) * size
        if large:
            walked = (found for part in _walk(connection, query, FINDING.c.id) for (found,) in part)
            ids = list(islice(walked, first, first + size))
            agencies = None
        else:
            chosen = _ordered(_joined(FINDING.c.id, FINDING.c.agency_key)).where(*_conditions(query, looked_up))
            found = connection.execute(chosen).all()
            ids = [row.id for row in found[first : first + size]]
            agencies = len({row.agency_key for row in found})
        rows = connection.execute(_rows().where(FINDING.c.id.in_(ids))).all()
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
    # Of some agencies' findings each is looked at: what an index finds would be asked for again and again.
    question = question.where(*_conditions(replace(query, agency="")))
    last: tuple[str, str] | None = None
    while True:
        names = select(AGENCY.c.name, AGENCY.c.key).where(within(query.scope, AGENCY.c.key))
        if query.agencies:
            names = names.where(AGENCY.c.key.in_(query.agencies))
        if query.agency:
            names = names.where(searching.named(query.agency))
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


def _looks_up(connection: Connection, query: FindingFilter) -> bool:
    """Whether the index is asked for the words, rather than to go through the findings of the year or of some agencies."""
    if not query.q or query.report_id is not None or query.fingerprints or query.agencies:
        return False
    if query.year is None:
        return searching.indexed(query.q)
    of_year = summaries.of_kind(connection, query.year, None, "finding")
    return searching.worth_it(connection, FINDING, query.q, sum(of_year.values()))


def _conditions(query: FindingFilter, looked_up: bool = False) -> list[ColumnElement[bool]]:
    """What a filter asks for; with `looked_up` the index is asked for the words, which heeds the year, too."""
    found: list[ColumnElement[bool]] = []
    if looked_up:
        found.append(saying(query, FINDING, FINDING.c.id))
    elif query.q:
        found.append(says(query, FINDING))
    if query.report_id is not None:
        found.append(FINDING.c.report_id == query.report_id)
    elif not looked_up and (not query.fingerprints or query.year is not None):
        found.append(FINDING.c.current)
    if query.year is not None and not looked_up:
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
        found.append(searching.named_key(FINDING.c.agency_key, query.agency))
    if query.scope is not None:
        found.append(within(query.scope, FINDING.c.agency_key))
    return found


def says(query: FindingFilter | LedgerFilter, table: FromClause) -> ColumnElement[bool]:
    """Whether a row, joined with its agency, has the words asked for: in its text, rule or agency's name."""
    return or_(_in_text(query, table), _contains(table.c.rule, query), _contains(AGENCY.c.name, query))


def saying(query: FindingFilter | LedgerFilter, table: Table, key: ColumnElement[Any]) -> ColumnElement[bool]:
    """The same, looked up in the index, among the rows of the year, of findings those of versions that count."""
    rows = table.alias("said")
    among = select(rows.c[key.name]).where(rows.c.current if "current" in rows.c else true())
    of_year = true() if query.year is None else rows.c.year == query.year
    # Added to, the year has no index: SQLite would rather go through all of a year than look up what was found.
    of_this = true() if query.year is None else rows.c.year + 0 == query.year
    ways = [
        and_(of_this, searching.may_have(table, query.q, rows), _in_text(query, rows)),
        and_(of_year, searching.named_key(rows.c.agency_key, query.q)),
    ]
    if query.q.isascii():  # codes of rules are
        ways.append(and_(of_year, _contains(rows.c.rule, query)))
    return key.in_(union(*(among.where(way) for way in ways)))


def _in_text(query: FindingFilter | LedgerFilter, table: FromClause) -> ColumnElement[bool]:
    """Whether the words stand in a finding's text and its rule is none of the `silent`, or in who answers for a line."""
    said = or_(*(_contains(table.c[name], query) for name in ("message", "found", "expected")))
    told = and_(table.c.rule.not_in(query.silent), said)
    return or_(told, _contains(table.c.responsible, query)) if "responsible" in table.c else told


def _contains(column: ColumnElement[Any], query: FindingFilter | LedgerFilter) -> ColumnElement[bool]:
    return column.contains(query.q, autoescape=True)


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


def _figures(connection: Connection, query: FindingFilter, looked_up: bool) -> _Figures:
    """From what is counted beforehand, where the filter asks for no more than that."""
    groups = list(_groups(connection, query, looked_up))
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


def _groups(connection: Connection, query: FindingFilter, looked_up: bool) -> Iterator[_Group]:
    plain = query.year is not None and query.report_id is None
    if plain and not (query.agencies or query.agency or query.q or query.fingerprints):
        for code, number in summaries.of_kind(connection, query.year or 0, query.scope, "finding").items():
            yield _Group(number, *code.split("|"))
        return
    names = ("rule", "level", "state", "standing", "outcome", "veto", "bucket")
    columns = [FINDING.c[name] for name in names]
    wide = replace(query, severities=(), states=(), rules=(), bucket=None, outcome=None)
    conditions = _conditions(wide, looked_up)
    for row in connection.execute(_joined(*columns, func.count()).where(*conditions).group_by(*columns)):
        yield _Group(row[-1], *(summaries.code(value) for value in row[:-1]))
