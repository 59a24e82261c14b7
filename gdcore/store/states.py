"""Where decided findings stand: read and written by fingerprint, each change logged and sealed in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from gdcore.finding import Finding
from gdcore.scoring import Scheme
from gdcore.store import audit
from gdcore.store.engine import chunks, now
from gdcore.store.tables import DECISION, FINDING, FINDING_STATE, REPORT

# What the line of a finding keeps of it as it last stood.
LAST_STOOD = (
    "agency_key", "year", "rule", "severity", "bucket", "address", "message", "expected", "found", "suggestion",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """A finding that changes its state, or with `before` equal to `state` only what is laid down about it."""

    fingerprint: str
    before: str
    state: str
    reason: str = ""
    note: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def states_of(connection: Connection, fingerprints: Sequence[str]) -> dict[str, str]:
    """Fingerprint → state, of those that were ever decided."""
    states: dict[str, str] = {}
    for part in chunks(fingerprints):
        rows = connection.execute(
            select(FINDING_STATE.c.fingerprint, FINDING_STATE.c.state).where(FINDING_STATE.c.fingerprint.in_(part))
        )
        states |= {row.fingerprint: row.state for row in rows}
    return states


def lines_of(connection: Connection, fingerprints: Sequence[str]) -> dict[str, Any]:
    """Fingerprint → its whole line, of those that have one."""
    return {
        row.fingerprint: row
        for part in chunks(fingerprints)
        for row in connection.execute(select(FINDING_STATE).where(FINDING_STATE.c.fingerprint.in_(part)))
    }


def write(connection: Connection, moves: Sequence[Move], actor: str) -> None:
    """Carry moves out: the line of each finding, its rows in all versions, the log of decisions, the audit log."""
    known = set(states_of(connection, [m.fingerprint for m in moves]))
    shown = _last_stood(connection, [m.fingerprint for m in moves if m.fingerprint not in known])
    at = now()
    for move in moves:
        words = {"actor": actor, "reason": move.reason, "note": move.note}
        values = {"state": move.state, "decided_at": at, **words, **move.values}
        if move.fingerprint in known:
            line = FINDING_STATE.c.fingerprint == move.fingerprint
            connection.execute(update(FINDING_STATE).where(line).values(**values))
        else:
            first = {"present": True} | shown.get(move.fingerprint, {})
            connection.execute(insert(FINDING_STATE).values(fingerprint=move.fingerprint, **(first | values)))
        if move.state != move.before:
            rows = FINDING.c.fingerprint == move.fingerprint
            connection.execute(update(FINDING).where(rows).values(state=move.state))
    logged = [
        {"fingerprint": m.fingerprint, "before": m.before, "state": m.state, "at": at, "actor": actor,
         "reason": m.reason, "note": m.note}
        for m in moves
    ]  # fmt: skip
    if logged:
        connection.execute(insert(DECISION), logged)
    audit.record_all(connection, (_told(move, actor) for move in moves))


def _told(move: Move, actor: str) -> audit.Entry:
    words = {"before": move.before, "state": move.state, "reason": move.reason, "note": move.note}
    return audit.Entry(actor, "finding", move.fingerprint, {k: v for k, v in words.items() if v} | dict(move.values))


def refresh_lines(
    connection: Connection, agency_key: str, year: int, version: int, findings: Iterable[Finding], scheme: Scheme
) -> None:
    """Bring the lines of an agency's year up to the version that counts: which are in it, and how they read there."""
    standing = {finding.fingerprint: finding for finding in findings}
    of_year = (FINDING_STATE.c.agency_key == agency_key, FINDING_STATE.c.year == year)
    for fingerprint in list(connection.execute(select(FINDING_STATE.c.fingerprint).where(*of_year)).scalars()):
        finding = standing.get(fingerprint)
        values = {"present": False} if finding is None else _line(finding, version, scheme)
        connection.execute(update(FINDING_STATE).where(FINDING_STATE.c.fingerprint == fingerprint).values(**values))


def _line(finding: Finding, version: int, scheme: Scheme) -> dict[str, Any]:
    bucket = scheme.bucket_of(finding.rule)
    return {
        "present": True,
        "version": version,
        "severity": finding.severity.value,
        "bucket": bucket.key if bucket else None,
        **{name: getattr(finding, name) for name in ("rule", "address", "message", "expected", "found", "suggestion")},
    }


def _last_stood(connection: Connection, fingerprints: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the newest version says of findings that have no line yet."""
    found: dict[str, dict[str, Any]] = {}
    columns = [FINDING.c[name] for name in ("fingerprint", *LAST_STOOD)]
    for part in chunks(fingerprints):
        newest = (
            select(func.max(FINDING.c.id))
            .where(FINDING.c.fingerprint.in_(part))
            .group_by(FINDING.c.fingerprint)
            .scalar_subquery()
        )
        question = (
            select(*columns, REPORT.c.version, FINDING.c.current)
            .join(REPORT, REPORT.c.id == FINDING.c.report_id)
            .where(FINDING.c.id.in_(newest))
        )
        for row in connection.execute(question):
            values = {name: getattr(row, name) for name in LAST_STOOD}
            found[row.fingerprint] = values | {"version": row.version, "present": row.current}
    return found
