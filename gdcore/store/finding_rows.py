"""Findings as pages and exports ask for them: filtered, paged, counted, or one after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from gdcore import masking
from gdcore.finding import Finding
from gdcore.store.engine import Store, mapping
from gdcore.store.roster import within
from gdcore.store.rows import FindingFilter, FindingPage, FindingRow
from gdcore.store.serial import read_anchors
from gdcore.store.tables import AGENCY, FINDING, FINDING_STATE, REPORT
from gdcore.verdict import Outcome, Severity

_BATCH = 500  # rows fetched at once while streaming


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
    """One page of findings, gravest first within each agency, agencies by name, and the figures for all of them."""
    where = _conditions(query)
    with store.reading() as connection:
        figures = connection.execute(
            _joined(
                func.count(),
                func.count(FINDING.c.agency_key.distinct()),
                func.count().filter(FINDING.c.level == "review"),
            ).where(*where)
        ).one()
        pages = max(1, -(-figures[0] // size))
        page = min(max(1, page), pages)
        rows = connection.execute(_rows().where(*where).limit(size).offset((page - 1) * size)).all()
        severities = _severity_counts(connection, query)
        states = _state_counts(connection, query)
    return FindingPage(
        tuple(row_of(row) for row in rows), figures[0], figures[1], figures[2], severities, states, page, pages
    )


def iter_findings(store: Store, query: FindingFilter) -> Iterator[FindingRow]:
    """The findings one after another, in the order of `findings`, without holding them all."""
    with store.reading() as connection:
        rows = connection.execution_options(yield_per=_BATCH).execute(_rows().where(*_conditions(query)))
        for row in rows:
            yield row_of(row)


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
        .order_by(AGENCY.c.name, FINDING.c.agency_key, FINDING.c.year, FINDING.c.report_id, FINDING.c.position)
    )


def _severity(code: str) -> ColumnElement[bool]:
    if code == "veto":
        return and_(FINDING.c.veto, FINDING.c.level == "error")
    return FINDING.c.level == code


def _conditions(query: FindingFilter, without: str = "") -> list[ColumnElement[bool]]:
    """What a filter asks for; `without` leaves one of its fields out."""
    found: list[ColumnElement[bool]] = []
    if query.report_id is not None:
        found.append(FINDING.c.report_id == query.report_id)
    elif not query.fingerprints or query.year is not None:
        found.append(FINDING.c.current)
    if query.year is not None:
        found.append(FINDING.c.year == query.year)
    if query.severities and without != "severities":
        found.append(or_(*(_severity(code) for code in query.severities)))
    for field, column, values in (
        ("states", FINDING.c.state, query.states),
        ("agencies", FINDING.c.agency_key, query.agencies),
        ("rules", FINDING.c.rule, query.rules),
        ("fingerprints", FINDING.c.fingerprint, query.fingerprints),
    ):
        if values and without != field:
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
        found.append(_says(query.q))
    return found


def _says(words: str) -> ColumnElement[bool]:
    columns = (FINDING.c.message, FINDING.c.found, FINDING.c.expected, FINDING.c.rule, AGENCY.c.name)
    return or_(*(column.contains(words, autoescape=True) for column in columns))


def _severity_counts(connection: Connection, query: FindingFilter) -> dict[str, int]:
    conditions = _conditions(query, without="severities")
    rows = connection.execute(_joined(FINDING.c.level, func.count()).where(*conditions).group_by(FINDING.c.level))
    found = dict.fromkeys(("error", "warning", "info", "review"), 0) | mapping(rows)
    found["veto"] = connection.execute(_joined(func.count()).where(*conditions, _severity("veto"))).scalar() or 0
    return found


def _state_counts(connection: Connection, query: FindingFilter) -> dict[str, int]:
    conditions = _conditions(query, without="states")
    rows = connection.execute(_joined(FINDING.c.state, func.count()).where(*conditions).group_by(FINDING.c.state))
    return mapping(rows)
