"""One report as its page asks for it, and the bytes it came from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from gdcore import exposure, masking
from gdcore.serial import unpack_judgement, unpack_report
from gdcore.store import originals
from gdcore.store.engine import Store
from gdcore.store.finding_rows import of_report
from gdcore.store.mends import mend_rows
from gdcore.store.rows import ReportView, VersionRow
from gdcore.store.tables import AGENCY, INTAKE, REPORT
from gdcore.store.year_rows import neighbours
from gdcore.verdict import Outcome


def report_view(
    store: Store,
    report_id: int | None = None,
    agency_key: str | None = None,
    year: int | None = None,
    version: int | None = None,
    scope: str | None = None,
) -> ReportView | None:
    """A report by id, or by agency and year (the current version unless one is named); None if there is no such one.

    Its neighbours are those of a scope, where one is given.
    """
    question = select(*REPORT.c, AGENCY.c.name.label("agency_name"), AGENCY.c.agency_type.label("agency_type")).join(
        AGENCY, AGENCY.c.key == REPORT.c.agency_key
    )
    if report_id is not None:
        question = question.where(REPORT.c.id == report_id)
    else:
        which = REPORT.c.current if version is None else REPORT.c.version == version
        question = question.where(REPORT.c.agency_key == agency_key, REPORT.c.year == year, which)
    with store.reading() as connection:
        row = connection.execute(question).first()
        return _view(connection, row, scope) if row else None


def _view(connection: Connection, row: Any, scope: str | None) -> ReportView:
    judged = unpack_judgement(row.judged)
    report = unpack_report(row.packed)
    findings = of_report(connection, row.id)
    cleared = {(f.finding.rule, f.finding.address) for f in findings if f.state in masking.CLEARED}
    off = {code for code, outcome in judged.outcomes.items() if outcome is Outcome.NOT_APPLICABLE}
    mask = masking.of(exposure.scan(report), cleared=cleared, off=off)
    return ReportView(
        report_id=row.id,
        agency_key=row.agency_key,
        agency=row.agency_name,
        agency_type=row.agency_type,
        year=row.year,
        version=row.version,
        current=row.current,
        versions=_versions(connection, row.agency_key, row.year),
        file_name=mask.text(row.file_name),
        received_at=row.received_at,
        checked_at=row.checked_at,
        report=mask.shown(report),
        score=judged.score,
        outcomes=judged.outcomes,
        reasons=judged.reasons,
        findings=findings,
        prior_total=_prior_total(connection, row.agency_key, row.year),
        neighbours=neighbours(connection, row.agency_key, row.year, scope),
        mends=mask.shown(mend_rows(connection, row.agency_key, row.year, report)),
        hidden=mask.places(report),
        change=_change(connection, row.id, row.digest),
    )


def _change(connection: Connection, report_id: int, digest: str) -> str:
    """What the intake said when this version came in; the same bytes sent again say nothing."""
    stored = (INTAKE.c.sha256 == digest, INTAKE.c.report_id == report_id, INTAKE.c.state == "stored")
    question = select(INTAKE.c.change).where(*stored).order_by(INTAKE.c.id.desc()).limit(1)
    return connection.execute(question).scalar() or ""


def _versions(connection: Connection, agency_key: str, year: int) -> tuple[VersionRow, ...]:
    """All versions, newest first."""
    names = ("id", "version", "file_name", "received_at", "total", "current")
    rows = connection.execute(
        select(*(REPORT.c[name] for name in names))
        .where(REPORT.c.agency_key == agency_key, REPORT.c.year == year)
        .order_by(REPORT.c.version.desc())
    )
    return tuple(
        VersionRow(r.id, r.version, masking.anywhere(r.file_name), r.received_at, r.total, r.current) for r in rows
    )


def _prior_total(connection: Connection, agency_key: str, year: int) -> float | None:
    total: float | None = connection.execute(
        select(REPORT.c.total).where(REPORT.c.agency_key == agency_key, REPORT.c.year == year - 1, REPORT.c.current)
    ).scalar()
    return total


def original(store: Store, report_id: int) -> bytes | None:
    """The bytes of a report's file as it was received; None if it was taken away."""
    with store.reading() as connection:
        digest = connection.execute(select(REPORT.c.digest).where(REPORT.c.id == report_id)).scalar()
    return originals.load(store.settings, digest) if digest else None
