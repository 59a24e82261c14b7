"""Whose things are: the agency of a report or a finding, the region for which a file was brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from gdcore.store.engine import Store, chunks
from gdcore.store.tables import BATCH, FINDING, FINDING_STATE, INTAKE, REPORT


def of_report(store: Store, report_id: int) -> str | None:
    """The agency's key; None if there is no such report."""
    with store.reading() as connection:
        found: str | None = connection.execute(select(REPORT.c.agency_key).where(REPORT.c.id == report_id)).scalar()
    return found


def of_findings(store: Store, fingerprints: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Fingerprint → agency's key and present state; what is no finding and never was is absent."""
    found: dict[str, tuple[str, str]] = {}
    with store.reading() as connection:
        # a line is asked last: it knows the state, and findings of versions that were replaced have one alone
        for table in (FINDING, FINDING_STATE):
            for part in chunks(fingerprints):
                question = select(table.c.fingerprint, table.c.agency_key, table.c.state)
                rows = connection.execute(question.where(table.c.fingerprint.in_(part)))
                found |= {row.fingerprint: (row.agency_key, row.state) for row in rows if row.agency_key}
    return found


def of_files(store: Store, intake_ids: Sequence[int]) -> Mapping[int, str | None]:
    """File → the region for which it was brought, None for all agencies; unknown numbers are absent."""
    question = select(INTAKE.c.id, BATCH.c.scope).join(BATCH, BATCH.c.id == INTAKE.c.batch_id)
    found: dict[int, str | None] = {}
    with store.reading() as connection:
        for part in chunks(intake_ids):
            found |= {row.id: row.scope for row in connection.execute(question.where(INTAKE.c.id.in_(part)))}
    return found


def of_batch(store: Store, batch_id: int) -> str | None:
    """The region for which a batch was brought, None for all agencies or where there is no such batch."""
    with store.reading() as connection:
        found: str | None = connection.execute(select(BATCH.c.scope).where(BATCH.c.id == batch_id)).scalar()
    return found
