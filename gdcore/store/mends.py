"""What people corrected in a reading: kept by the file's digest, ended but never taken out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from gdcore.mending import CellMend, Mend, TableMend, in_force
from gdcore.report import Report
from gdcore.serial import grid_text, read_grid
from gdcore.store.engine import Store, chunks, now
from gdcore.store.rows import MendRow
from gdcore.store.tables import MEND, REPORT


@dataclass(frozen=True, slots=True)
class Word:
    """Who corrects, and why."""

    actor: str
    reason: str


def standing(store: Store, digest: str) -> tuple[Mend, ...]:
    """The mends of a file that stand, oldest first."""
    with store.reading() as connection:
        return standing_mends(connection, digest)


def standing_mends(connection: Connection, digest: str) -> tuple[Mend, ...]:
    """The same, inside a transaction."""
    return all_standing(connection, [digest]).get(digest, ())


def all_standing(connection: Connection, digests: Collection[str]) -> dict[str, tuple[Mend, ...]]:
    """Digest → the mends that stand, of those of these files that have any."""
    found: dict[str, tuple[Mend, ...]] = {}
    for part in chunks(sorted(digests)):
        question = select(MEND).where(MEND.c.digest.in_(part), MEND.c.undone_at.is_(None)).order_by(MEND.c.id)
        for row in connection.execute(question):
            found[row.digest] = (*found.get(row.digest, ()), _mend(row))
    return found


def addresses(store: Store, digest: str, mend_ids: Sequence[int]) -> list[str]:
    """The addresses of those of these mends that stand for a file."""
    question = select(MEND.c.address).where(MEND.c.digest == digest, MEND.c.undone_at.is_(None))
    with store.reading() as connection:
        return list(connection.execute(question.where(MEND.c.id.in_(mend_ids))).scalars())


def add(connection: Connection, digest: str, mends: Iterable[tuple[Mend, str | None]], word: Word) -> None:
    """Write mends, each with what had been read; those of one call carry the same moment."""
    at = now()
    for mend, read in mends:
        values = {"grid": grid_text(mend.grid)} if isinstance(mend, TableMend) else {"raw": mend.raw}
        connection.execute(
            insert(MEND).values(
                digest=digest,
                address=mend.address,
                read=read,
                reason=word.reason,
                actor=word.actor,
                created_at=at,
                undone_by="",
                **({"raw": ""} | values),
            )
        )


def end(connection: Connection, digest: str, addresses: Sequence[str], actor: str) -> None:
    """End what stands at these addresses."""
    at_these = (MEND.c.digest == digest, MEND.c.address.in_(addresses), MEND.c.undone_at.is_(None))
    connection.execute(update(MEND).where(*at_these).values(undone_at=now(), undone_by=actor))


def mend_rows(connection: Connection, agency_key: str, year: int, report: Report) -> tuple[MendRow, ...]:
    """All mends of the files that an agency's report on a year had, newest first; `report` is the version looked at."""
    question = (
        select(*MEND.c, REPORT.c.version)
        .join(REPORT, REPORT.c.digest == MEND.c.digest)
        .where(REPORT.c.agency_key == agency_key, REPORT.c.year == year)
        .order_by(MEND.c.id.desc())
    )
    return tuple(_row(row, report) for row in connection.execute(question))


def _mend(row: Any) -> Mend:
    return TableMend(read_grid(row.grid)) if row.grid is not None else CellMend(row.address, row.raw)


def _row(row: Any, report: Report) -> MendRow:
    stands = row.undone_at is None and row.digest == report.digest
    return MendRow(
        mend_id=row.id,
        address=row.address,
        raw=None if row.grid is not None else row.raw,
        read=row.read,
        reason=row.reason,
        actor=row.actor,
        created_at=row.created_at,
        version=row.version,
        in_force=stands and in_force(report, _mend(row)),
        undone_at=row.undone_at,
        undone_by=row.undone_by,
    )
