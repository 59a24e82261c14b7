"""Stored reports as a check needs them: by id, by bytes, by agency and year, with what stands against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from gdcore.finding import Finding
from gdcore.report import Report
from gdcore.serial import unpack_report
from gdcore.store.engine import Store, chunks
from gdcore.store.finding_rows import finding_of
from gdcore.store.tables import FINDING, REPORT


@dataclass(frozen=True)
class Stored:
    """A stored report as a check needs it: `packed` is the report in force, `packed_as_read` without what people mended."""

    report_id: int
    agency_key: str
    year: int
    version: int
    current: bool
    engine: str
    profile: str
    task_year: int | None
    by_person: bool
    sample: bool
    file_name: str
    received_at: datetime
    total: float | None
    packed: bytes
    packed_as_read: bytes

    @cached_property
    def report(self) -> Report:
        """The report in force."""
        return unpack_report(self.packed)

    @cached_property
    def as_read(self) -> Report:
        """The report without what people mended."""
        return self.report if self.packed_as_read is self.packed else unpack_report(self.packed_as_read)


def stored(store: Store, report_id: int) -> Stored | None:
    """A stored report by id."""
    return _stored(store, REPORT.c.id == report_id)


def current_report(store: Store, agency_key: str, year: int, without: int | None = None) -> Stored | None:
    """The report that counts for an agency and a year; the one that would count were report `without` not there."""
    of_year = (REPORT.c.agency_key == agency_key, REPORT.c.year == year)
    return _stored(store, *of_year, *([] if without is None else [REPORT.c.id != without]))


def current_id(store: Store, agency_key: str, year: int) -> int | None:
    """The id of the report that counts for an agency and a year."""
    question = select(REPORT.c.id).where(REPORT.c.agency_key == agency_key, REPORT.c.year == year, REPORT.c.current)
    with store.reading() as connection:
        found: int | None = connection.execute(question).scalar()
    return found


def holds_year(store: Store, year: int, sample: bool) -> bool:
    """Whether the store has any report on a year: samples for samples, real ones for real ones."""
    question = select(REPORT.c.id).where(REPORT.c.year == year, REPORT.c.sample == sample).limit(1)
    with store.reading() as connection:
        return connection.execute(question).first() is not None


def first_received(store: Store, agency_key: str, year: int, also: int | None = None) -> datetime | None:
    """When the first version of an agency's report on a year came in; `also`: a report that is about to become one."""
    of_year = (REPORT.c.agency_key == agency_key) & (REPORT.c.year == year)
    versions = of_year if also is None else of_year | (REPORT.c.id == also)
    question = select(func.min(REPORT.c.received_at)).where(versions)
    with store.reading() as connection:
        return connection.execute(question).scalar()


def current_reports(store: Store, keys: Sequence[str], year: int) -> dict[str, bytes]:
    """Agency key → the packed report that counts for a year, of those of these agencies that have one, in their order."""
    found: dict[str, bytes] = {}
    with store.reading() as connection:
        for part in chunks(keys):
            rows = connection.execute(
                select(REPORT.c.agency_key, REPORT.c.packed).where(
                    REPORT.c.agency_key.in_(part), REPORT.c.year == year, REPORT.c.current
                )
            )
            found |= {row.agency_key: row.packed for row in rows}
    return {key: found[key] for key in keys if key in found}


def by_digest(store: Store, digest: str, sample: bool = False) -> Stored | None:
    """The report that was read from these bytes; the current one first."""
    return _stored(store, REPORT.c.digest == digest, REPORT.c.sample == sample)


def report_ids(store: Store, year: int | None = None) -> list[int]:
    """The current reports, of one year or all, oldest year first."""
    question = select(REPORT.c.id).where(REPORT.c.current).order_by(REPORT.c.year, REPORT.c.id)
    if year is not None:
        question = question.where(REPORT.c.year == year)
    with store.reading() as connection:
        return list(connection.execute(question).scalars())


def _stored(store: Store, *conditions: Any) -> Stored | None:
    question = (
        select(REPORT)
        .where(*conditions)
        .order_by(REPORT.c.current.desc(), REPORT.c.version.desc(), REPORT.c.id)
        .limit(1)
    )
    with store.reading() as connection:
        row = connection.execute(question).first()
    if row is None:
        return None
    return Stored(
        row.id, row.agency_key, row.year, row.version, row.current, row.engine, row.profile, row.task_year,
        row.by_person, row.sample, row.file_name, row.received_at, row.total, row.packed, row.as_read or row.packed,
    )  # fmt: skip


def findings_of(store: Store, report_id: int) -> tuple[Finding, ...]:
    """What stands against a report, in its order."""
    question = select(FINDING).where(FINDING.c.report_id == report_id).order_by(FINDING.c.position)
    with store.reading() as connection:
        return tuple(finding_of(row) for row in connection.execute(question))
