"""The audit log: written in the transaction of what it records, each row sealed with the one before it.

A seal is SHA-256 over the seal before it and the row, so a changed, inserted or missing row breaks the chain. Rows cut off
at the end are told by the number in `audit_head`; a person who can rewrite the whole database can rewrite the chain too,
so an office keeps the newest seal (`gdcheck verify-log` prints it) outside the machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from gdcore.store.engine import Store, now
from gdcore.store.tables import AUDIT, AUDIT_HEAD

_BATCH = 1000  # rows read at once


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log: who did what to what, and the particulars."""

    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A line as it stands in the log. `detail` is JSON, `seal` closes the chain up to here."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    seal: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What looking through the whole log gave: rows, the newest seal, and the first fault as a sentence ("" if whole)."""

    rows: int
    seal: str
    fault: str = ""


def record(connection: Connection, actor: str, action: str, subject: str, **detail: Any) -> None:
    """Add one line; it stands or falls with the transaction."""
    record_all(connection, [Entry(actor, action, subject, detail)])


def record_all(connection: Connection, entries: Iterable[Entry]) -> None:
    """Add lines in their order. The head row is locked, so that two writers never continue the same seal."""
    head = connection.execute(select(AUDIT_HEAD).where(AUDIT_HEAD.c.id == 1).with_for_update()).one()
    number, seal, at, rows = head.number, head.seal, now(), []
    for entry in entries:
        number += 1
        detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True, default=str)
        seal = _seal(seal, number, at, entry.actor, entry.action, entry.subject, detail)
        words = {"actor": entry.actor, "action": entry.action, "subject": entry.subject}
        rows.append({"id": number, "at": at, "detail": detail, "seal": seal, **words})
    if rows:
        connection.execute(insert(AUDIT), rows)
        connection.execute(update(AUDIT_HEAD).where(AUDIT_HEAD.c.id == 1).values(number=number, seal=seal))


def entries(store: Store, newest: int | None = None) -> Iterator[AuditRow]:
    """The log from its beginning, or the `newest` lines, newest first."""
    question = select(AUDIT).order_by(AUDIT.c.id)
    if newest is not None:
        question = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(newest)
    with store.reading() as connection:
        for row in connection.execution_options(yield_per=_BATCH).execute(question):
            yield AuditRow(row.id, row.at, row.actor, row.action, row.subject, row.detail, row.seal)


def verify(store: Store) -> Verified:
    """Go through the chain from its beginning to its head."""
    seal, number = "", 0
    for row in entries(store):
        number += 1
        if row.number != number:
            return Verified(number - 1, seal, f"第 {number} 条记录缺失")
        seal = _seal(seal, number, row.at, row.actor, row.action, row.subject, row.detail)
        if seal != row.seal:
            return Verified(number, seal, f"第 {number} 条记录与封印不符，内容或顺序被改动过")
    with store.reading() as connection:
        head = connection.execute(select(AUDIT_HEAD).where(AUDIT_HEAD.c.id == 1)).first()
    if head is None or (head.number, head.seal) != (number, seal):
        return Verified(
            number, seal, f"日志末尾与记录的条数不符：应有 {head.number if head else 0} 条，现有 {number} 条"
        )
    return Verified(number, seal)


def _seal(before: str, number: int, at: datetime, *words: str) -> str:
    line = json.dumps(
        [before, number, at.astimezone(UTC).isoformat(timespec="microseconds"), *words], ensure_ascii=False
    )
    return hashlib.sha256(line.encode()).hexdigest()
