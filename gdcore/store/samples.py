"""Sample data: there for the asking, and gone again without a trace."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from gdcore.lifecycle import PROGRAM
from gdcore.store import audit, originals, peer_rows, progress
from gdcore.store.engine import Store, chunks
from gdcore.store.roster import forget_idle_agency
from gdcore.store.tables import AGENCY, BATCH, DECISION, FINDING, FINDING_STATE, INTAKE, MEND, REPORT


def has_samples(store: Store) -> bool:
    """Whether sample data are loaded."""
    with store.reading() as connection:
        return connection.execute(select(REPORT.c.id).where(REPORT.c.sample).limit(1)).first() is not None


def clear_samples(store: Store, actor: str = "") -> int:
    """Remove all sample reports, their agencies, files and decisions; how many reports went."""
    with store.writing() as connection:
        reports = list(connection.execute(select(REPORT.c.id).where(REPORT.c.sample)).scalars())
        batches = list(connection.execute(select(BATCH.c.id).where(BATCH.c.sample)).scalars())
        digests = set(connection.execute(select(REPORT.c.digest).where(REPORT.c.sample)).scalars())
        digests |= set(connection.execute(select(INTAKE.c.sha256).where(INTAKE.c.batch_id.in_(batches))).scalars())
        for part in chunks(reports):
            _forget_decisions(connection, part)
            connection.execute(delete(FINDING).where(FINDING.c.report_id.in_(part)))
            peer_rows.forget(connection, part)
            connection.execute(delete(REPORT).where(REPORT.c.id.in_(part)))
        connection.execute(delete(INTAKE).where(INTAKE.c.batch_id.in_(batches)))
        connection.execute(delete(BATCH).where(BATCH.c.id.in_(batches)))
        _forget_agencies(connection)
        digests -= set(connection.execute(select(REPORT.c.digest)).scalars())
        digests -= set(connection.execute(select(INTAKE.c.sha256)).scalars())
        for part in chunks(list(digests)):
            connection.execute(delete(MEND).where(MEND.c.digest.in_(part)))
        audit.record(connection, actor or PROGRAM, "samples_cleared", "samples", reports=len(reports))
    for digest in digests:
        originals.forget(store.settings, digest)
    return len(reports)


def _forget_decisions(connection: Connection, reports: Sequence[int]) -> None:
    of_samples = select(FINDING.c.fingerprint).where(FINDING.c.report_id.in_(reports))
    for table in (FINDING_STATE, DECISION):
        connection.execute(delete(table).where(table.c.fingerprint.in_(of_samples)))


def _forget_agencies(connection: Connection) -> None:
    """Sample agencies, and what hangs on them though its report is gone."""
    keys = list(connection.execute(select(AGENCY.c.key).where(AGENCY.c.source == "sample")).scalars())
    for part in chunks(keys):
        lines = select(FINDING_STATE.c.fingerprint).where(FINDING_STATE.c.agency_key.in_(part))
        connection.execute(delete(DECISION).where(DECISION.c.fingerprint.in_(lines)))
        connection.execute(delete(FINDING_STATE).where(FINDING_STATE.c.agency_key.in_(part)))
    progress.forget_steps(connection, keys)
    for key in keys:
        forget_idle_agency(connection, key)
