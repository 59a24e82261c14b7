"""Stored reports as a check needs them: by id, by bytes, by agency and year, with what stands against them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, func, select

from gdcore.finding import Finding
from gdcore.report import Report
from gdcore.serial import unpack_report
from gdcore.store.engine import Store, chunks, mapping
from gdcore.store.finding_rows import finding_of
from gdcore.store.tables import FINDING, REPORT


@dataclass(frozen=True)
class Stored:
    """A stored report as a check needs it: `packed` is the report in force, `packed_as_read` without what people mended."""

    report_id: int
    digest: str
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
    with store.reading() as connection:
        return next(iter(all_stored(connection, [report_id])), None)


def all_stored(connection: Connection, report_ids: Collection[int]) -> list[Stored]:
    """Those of these reports that are there, by id."""
    found: list[Stored] = []
    for part in chunks(sorted(report_ids)):
        found += map(_read, connection.execute(select(REPORT).where(REPORT.c.id.in_(part)).order_by(REPORT.c.id)))
    return found


def current_report(store: Store, agency_key: str, year: int) -> Stored | None:
    """The report that counts for an agency and a year."""
    return _stored(store, REPORT.c.agency_key == agency_key, REPORT.c.year == year)


def newest(connection: Connection, agency_key: str, year: int, without: int) -> tuple[int, bytes] | None:
    """Id and packed report that would count for an agency and a year were the report `without` not there."""
    mine = (REPORT.c.agency_key == agency_key, REPORT.c.year == year, REPORT.c.id != without)
    question = select(REPORT.c.id, REPORT.c.packed).where(*mine).order_by(REPORT.c.version.desc()).limit(1)
    row = connection.execute(question).first()
    return (row.id, row.packed) if row else None


def years_before(connection: Connection, keys: Collection[str], year: int) -> dict[str, tuple[int, bytes]]:
    """Agency key → id and packed report of the year before `year`, of those of these agencies whose report is there."""
    found: dict[str, tuple[int, bytes]] = {}
    for part in chunks(sorted(keys)):
        mine = (REPORT.c.agency_key.in_(part), REPORT.c.year == year - 1, REPORT.c.current)
        for row in connection.execute(select(REPORT.c.agency_key, REPORT.c.id, REPORT.c.packed).where(*mine)):
            found[row.agency_key] = row.id, row.packed
    return found


def known_digests(connection: Connection, digests: Collection[str], sample: bool) -> dict[str, int]:
    """Digest → the report that was read from these bytes, the current one where there are several."""
    found: dict[str, int] = {}
    columns = (REPORT.c.digest, REPORT.c.id)
    for part in chunks(sorted(digests)):
        mine = (REPORT.c.digest.in_(part), REPORT.c.sample == sample)
        for row in connection.execute(select(*columns).where(*mine).order_by(REPORT.c.current, REPORT.c.version)):
            found[row.digest] = row.id
    return found


@dataclass(frozen=True, slots=True)
class Filed:
    """A version that counts: whose, on which year, and by which profile it was checked."""

    report_id: int
    agency_key: str
    year: int
    sample: bool
    profile: str


_FILED = [REPORT.c[name] for name in ("id", "agency_key", "year", "sample", "profile")]


def filed(connection: Connection, keys: Collection[tuple[str, int]]) -> list[Filed]:
    """The reports that count for these agencies' years."""
    by_year: dict[int, list[str]] = defaultdict(list)
    for agency, year in keys:
        by_year[year].append(agency)
    found: list[Filed] = []
    for year, agencies in by_year.items():
        for part in chunks(sorted(agencies)):
            mine = (REPORT.c.agency_key.in_(part), REPORT.c.year == year, REPORT.c.current)
            found += [Filed(*row) for row in connection.execute(select(*_FILED).where(*mine))]
    return found


def filed_by_id(connection: Connection, report_ids: Collection[int]) -> list[Filed]:
    """Those of these reports that count."""
    found: list[Filed] = []
    for part in chunks(sorted(report_ids)):
        question = select(*_FILED).where(REPORT.c.id.in_(part), REPORT.c.current)
        found += [Filed(*row) for row in connection.execute(question)]
    return found


def following(connection: Connection, keys: Collection[str], year: int) -> set[int]:
    """The reports that count for the year after `year`, of these agencies."""
    found: set[int] = set()
    for part in chunks(sorted(keys)):
        mine = (REPORT.c.agency_key.in_(part), REPORT.c.year == year + 1, REPORT.c.current)
        found |= set(connection.execute(select(REPORT.c.id).where(*mine)).scalars())
    return found


def holds_year(connection: Connection, year: int, sample: bool) -> bool:
    """Whether the store has any report on a year: samples for samples, real ones for real ones."""
    question = select(REPORT.c.id).where(REPORT.c.year == year, REPORT.c.sample == sample).limit(1)
    return connection.execute(question).first() is not None


def first_received(connection: Connection, keys: Collection[str], year: int) -> dict[str, datetime]:
    """Agency key → when the first version of its report on a year came in."""
    found: dict[str, datetime] = {}
    for part in chunks(sorted(keys)):
        mine = (REPORT.c.agency_key.in_(part), REPORT.c.year == year)
        question = select(REPORT.c.agency_key, func.min(REPORT.c.received_at)).where(*mine)
        found |= mapping(connection.execute(question.group_by(REPORT.c.agency_key)))
    return found


def received(connection: Connection, report_id: int) -> datetime | None:
    """When a version came in."""
    return connection.execute(select(REPORT.c.received_at).where(REPORT.c.id == report_id)).scalar()


def current_reports(connection: Connection, keys: Sequence[str], year: int) -> dict[str, tuple[int, bytes]]:
    """Agency key → id and packed numbers of the report that counts for a year, of those of these agencies that have one, in
    their order; the whole report where it was last checked before its numbers were kept by themselves.
    """
    numbers = func.coalesce(REPORT.c.numbers, REPORT.c.packed).label("numbers")
    found: dict[str, tuple[int, bytes]] = {}
    for part in chunks(keys):
        mine = (REPORT.c.agency_key.in_(part), REPORT.c.year == year, REPORT.c.current)
        for row in connection.execute(select(REPORT.c.agency_key, REPORT.c.id, numbers).where(*mine)):
            found[row.agency_key] = row.id, row.numbers
    return {key: found[key] for key in keys if key in found}


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
    return _read(row) if row else None


def _read(row: Any) -> Stored:
    return Stored(
        row.id, row.digest, row.agency_key, row.year, row.version, row.current, row.engine, row.profile, row.task_year,
        row.by_person, row.sample, row.file_name, row.received_at, row.total, row.packed, row.as_read or row.packed,
    )  # fmt: skip


def findings_of(store: Store, report_id: int) -> tuple[Finding, ...]:
    """What stands against a report, in its order."""
    question = select(FINDING).where(FINDING.c.report_id == report_id).order_by(FINDING.c.position)
    with store.reading() as connection:
        return tuple(finding_of(row) for row in connection.execute(question))
