"""Batches and their files: written as they come, claimed by one worker at a time, told to the intake page."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, insert, or_, select, true, update

from gdcore import masking
from gdcore.lifecycle import PROGRAM
from gdcore.store import audit
from gdcore.store.engine import Store, chunks, now
from gdcore.store.roster import within
from gdcore.store.rows import BatchView, IntakeRow
from gdcore.store.tables import BATCH, INTAKE, REPORT

LEASE = timedelta(minutes=15)  # longer than the slowest file: a worker says after each that it is alive
_SALT = uuid.uuid4().hex[:8]  # another process may get the number of one that ended
_UNFINISHED = "queued"
_LISTED = [c for c in INTAKE.c if c.name not in ("packed", "updated_at")]
_TOLD = [c.name for c in _LISTED if c.name != "id"]


@dataclass(frozen=True, slots=True)
class Queued:
    """A file that waits to be processed."""

    intake_id: int
    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class BatchTask:
    """What a batch is processed with."""

    batch_id: int
    year: int | None
    profile: str
    sample: bool
    scope: str | None = None


# --- batches --------------------------------------------------------------------------------------------------------


def open_batch(
    store: Store, year: int | None, profile: str, sample: bool, actor: str = "", scope: str | None = None
) -> int:
    """A new, empty batch, brought by `actor` for the agencies of `scope`, None for all."""
    with store.writing() as connection:
        values = {"created_at": now(), "year": year, "profile": profile, "sample": sample, "owner": ""}
        brought = {"actor": actor, "scope": scope}
        batch_id: int = connection.execute(insert(BATCH).values(**values, **brought).returning(BATCH.c.id)).scalar_one()
        audit.record(connection, actor or PROGRAM, "batch", f"batch {batch_id}", scope=scope, sample=sample)
    return batch_id


def filed(store: Store, batch_id: int) -> set[tuple[str, int]]:
    """Agency key and year of the reports that a batch brought or had checked again."""
    question = select(REPORT.c.agency_key, REPORT.c.year).join(INTAKE, INTAKE.c.report_id == REPORT.c.id)
    with store.reading() as connection:
        return {(row.agency_key, row.year) for row in connection.execute(question.where(INTAKE.c.batch_id == batch_id))}


def enqueue(store: Store, batch_id: int, files: Sequence[tuple[str, str]]) -> None:
    """Add files (name, digest) that are to be processed."""
    shared = {"batch_id": batch_id, "state": _UNFINISHED, "updated_at": now()}
    rows = [{**shared, "file_name": name, "sha256": digest} for name, digest in files]
    if rows:
        with store.writing() as connection:
            connection.execute(insert(INTAKE), rows)


def add_refused(store: Store, batch_id: int, file_name: str, sha256: str, outcome: Mapping[str, Any]) -> None:
    """Add a file that was refused before it could be queued."""
    with store.writing() as connection:
        values = {"batch_id": batch_id, "file_name": file_name, "sha256": sha256, "updated_at": now(), **outcome}
        connection.execute(insert(INTAKE).values(**values))


def claim(store: Store, batch_id: int) -> BatchTask | None:
    """Take a batch over for this process; None while another one that lives is at it."""
    with store.writing() as connection:
        row = connection.execute(select(BATCH).where(BATCH.c.id == batch_id)).first()
        if row is None or _held(row):
            return None
        started = row.started_at or now()
        values = {"owner": _me(), "lease_until": now() + LEASE, "started_at": started, "finished_at": None}
        connection.execute(update(BATCH).where(BATCH.c.id == batch_id).values(**values))
    return BatchTask(row.id, row.year, row.profile, row.sample, row.scope)


def renew(connection: Connection, batch_id: int) -> None:
    """Say that this process is still at it."""
    mine = and_(BATCH.c.id == batch_id, BATCH.c.owner == _me())
    connection.execute(update(BATCH).where(mine).values(lease_until=now() + LEASE))


def release(store: Store, batch_id: int) -> None:
    """Let go of a batch; it is finished when none of its files is queued any more."""
    with store.writing() as connection:
        queued = select(INTAKE.c.id).where(INTAKE.c.batch_id == batch_id, INTAKE.c.state == _UNFINISHED).limit(1)
        finished = now() if connection.execute(queued).first() is None else None
        mine = and_(BATCH.c.id == batch_id, BATCH.c.owner == _me())
        connection.execute(update(BATCH).where(mine).values(owner="", lease_until=None, finished_at=finished))


def unfinished(store: Store) -> list[int]:
    """Batches with queued files, or not brought to their end, that nobody who lives is working on; oldest first."""
    queued_files = BATCH.c.id.in_(select(INTAKE.c.batch_id).where(INTAKE.c.state == _UNFINISHED))
    question = (
        select(BATCH.c.id, BATCH.c.owner, BATCH.c.lease_until)
        .where(or_(queued_files, and_(BATCH.c.started_at.is_not(None), BATCH.c.finished_at.is_(None))))
        .order_by(BATCH.c.id)
    )
    with store.reading() as connection:
        return [row.id for row in connection.execute(question) if not _held(row)]


def _me() -> str:
    """Who holds a batch: this machine and process, asked for anew since a process may have been forked."""
    return f"{socket.gethostname()}:{os.getpid()}:{_SALT}"


def _held(row: Any) -> bool:
    if not row.owner or row.lease_until is None or row.lease_until < now():
        return False
    host, pid, _ = row.owner.rsplit(":", 2)
    return host != socket.gethostname() or (_alive(int(pid)) and (int(pid) != os.getpid() or row.owner == _me()))


def _alive(pid: int) -> bool:
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


# --- files ----------------------------------------------------------------------------------------------------------


def queued(store: Store, batch_id: int) -> list[Queued]:
    """The files of a batch that are still to be processed, in the order they came."""
    columns = (INTAKE.c.id, INTAKE.c.file_name, INTAKE.c.sha256)
    question = (
        select(*columns).where(INTAKE.c.batch_id == batch_id, INTAKE.c.state == _UNFINISHED).order_by(INTAKE.c.id)
    )
    with store.reading() as connection:
        return [Queued(*row) for row in connection.execute(question)]


def settle_all(connection: Connection, expected: str, outcomes: Sequence[tuple[int, Mapping[str, Any]]]) -> bool:
    """Write what became of files (by id, of one batch) that were in the state `expected`; False if someone else was quicker.

    Earlier uploads of the same bytes for the same region that were refused or still wait leave the list.
    """
    ids = [intake_id for intake_id, _ in outcomes]
    if not ids:
        return True
    files = connection.execute(
        select(INTAKE.c.id, INTAKE.c.sha256, INTAKE.c.batch_id)
        .where(INTAKE.c.id.in_(ids), INTAKE.c.state == expected)
        .with_for_update()
    ).all()
    if len(files) < len(ids):
        return False
    by_names: dict[tuple[str, ...], list[tuple[int, Mapping[str, Any]]]] = {}
    for intake_id, outcome in outcomes:
        by_names.setdefault(tuple(sorted(outcome)), []).append((intake_id, outcome))
    for names, alike in by_names.items():
        values: dict[str, Any] = {name: bindparam(f"of_{name}") for name in (*names, "updated_at")}
        rows = [{"of_id": key, "of_updated_at": now(), **{f"of_{n}": o[n] for n in names}} for key, o in alike]
        connection.execute(update(INTAKE).where(INTAKE.c.id == bindparam("of_id")).values(**values), rows)
    _supersede(connection, files)
    for batch_id in {row.batch_id for row in files}:
        renew(connection, batch_id)
    return True


def _supersede(connection: Connection, files: Sequence[Any]) -> None:
    """Take earlier uploads of these bytes off the list."""
    open_ = INTAKE.c.state.in_(("waiting", "refused"))
    same = select(INTAKE.c.sha256).where(INTAKE.c.sha256.in_({row.sha256 for row in files}), open_).distinct()
    again = set(connection.execute(same).scalars())
    for row in files:
        if row.sha256 not in again:
            continue
        scope = connection.execute(select(BATCH.c.scope).where(BATCH.c.id == row.batch_id)).scalar_one()
        alike = select(BATCH.c.id).where(BATCH.c.scope.is_not_distinct_from(scope))
        older = and_(INTAKE.c.sha256 == row.sha256, INTAKE.c.id < row.id, open_, INTAKE.c.batch_id.in_(alike))
        connection.execute(update(INTAKE).where(older).values(state="superseded", packed=None))


def point(
    connection: Connection, before: int, after: int, version: int, agency_key: str, agency: str, year: int
) -> None:
    """Let the files that led to one report lead to another, after it was moved."""
    values = {"report_id": after, "version": version, "agency_key": agency_key, "agency": agency, "year": year}
    connection.execute(update(INTAKE).where(INTAKE.c.report_id == before).values(**values))


def overtaken(connection: Connection, places: Sequence[tuple[int, str, int]]) -> dict[int, list[int]]:
    """File → the reports on its year of its agency that files further down in the same batch brought, in their order.

    `places` are (file, agency key, year); only files that were overtaken are in the answer.
    """
    versions: dict[tuple[str, int], list[int]] = {}
    for part in chunks(sorted({key for _, key, _ in places})):
        question = select(REPORT.c.agency_key, REPORT.c.year, REPORT.c.id).where(REPORT.c.agency_key.in_(part))
        for row in connection.execute(question):
            versions.setdefault((row.agency_key, row.year), []).append(row.id)
    found: dict[int, list[int]] = {}
    for intake_id, key, year in places:
        if (key, year) in versions:
            own = select(INTAKE.c.batch_id).where(INTAKE.c.id == intake_id).scalar_subquery()
            further = (INTAKE.c.batch_id == own, INTAKE.c.id > intake_id, INTAKE.c.state == "stored")
            mine = INTAKE.c.report_id.in_(versions[key, year])
            question = select(INTAKE.c.report_id).where(mine, *further).order_by(INTAKE.c.id)
            if behind := list(connection.execute(question).scalars()):
                found[intake_id] = behind
    return found


def packed(store: Store, intake_id: int) -> tuple[IntakeRow, bytes, BatchTask] | None:
    """A waiting file with the report that was read from it, and its batch; None if it waits no longer."""
    with store.reading() as connection:
        row = connection.execute(select(INTAKE).where(INTAKE.c.id == intake_id, INTAKE.c.state == "waiting")).first()
        if row is None or row.packed is None:
            return None
        task = connection.execute(select(BATCH).where(BATCH.c.id == row.batch_id)).one()
    return _row(row), row.packed, BatchTask(task.id, task.year, task.profile, task.sample, task.scope)


def dismiss_files(store: Store, intake_ids: Sequence[int], actor: str = "") -> int:
    """Take refused or waiting files off the lists; how many there were."""
    among = and_(INTAKE.c.id.in_(intake_ids), INTAKE.c.state.in_(("waiting", "refused")))
    with store.writing() as connection:
        count = connection.execute(update(INTAKE).where(among).values(state="superseded", packed=None)).rowcount
        told = "、".join(map(str, intake_ids))
        audit.record(connection, actor or PROGRAM, "files_dismissed", f"intake {told}", count=count)
    return count


def waiting(store: Store, scope: str | None = None) -> list[IntakeRow]:
    """Files whose agency or year a person has to confirm, oldest first; with `scope` those brought for that region."""
    return _rows(store, INTAKE.c.state == "waiting", _brought_for(scope))


def refused(store: Store, batch: int | None = None, scope: str | None = None) -> list[IntakeRow]:
    """Files that were not taken, of one batch or all; with `scope` those brought for that region."""
    among = [] if batch is None else [INTAKE.c.batch_id == batch]
    return _rows(store, INTAKE.c.state == "refused", _brought_for(scope), *among)


def _brought_for(scope: str | None) -> ColumnElement[bool]:
    if scope is None:
        return true()
    return INTAKE.c.batch_id.in_(select(BATCH.c.id).where(within(scope, BATCH.c.scope)))


def batch(store: Store, batch_id: int) -> BatchView | None:
    """A batch and how far it is; None if there is none with this id."""
    with store.reading() as connection:
        row = connection.execute(select(BATCH).where(BATCH.c.id == batch_id)).first()
    if row is None:
        return None
    results = _rows(store, INTAKE.c.batch_id == batch_id)
    states = [each.state for each in results]
    left = states.count("queued")
    done = len(states) - left
    return BatchView(
        batch_id=row.id,
        created_at=row.created_at,
        year=row.year,
        total=len(states),
        done=done,
        stored=states.count("stored"),
        unchanged=states.count("unchanged") + states.count("superseded"),  # the same file again, in this batch or later
        waiting=states.count("waiting"),
        refused=states.count("refused"),
        running=left > 0,
        seconds_left=(now() - row.started_at).total_seconds() / done * left if row.started_at and done else None,
        results=tuple(each for each in results if each.state != "superseded"),
    )


def latest_batch(store: Store, scope: str | None = None) -> BatchView | None:
    """The batch that came last, with `scope` of those brought for that region; not one whose files could not be put away."""
    brought = exists().where(INTAKE.c.batch_id == BATCH.c.id)
    last = select(BATCH.c.id).where(within(scope, BATCH.c.scope), brought).order_by(BATCH.c.id.desc()).limit(1)
    with store.reading() as connection:
        batch_id = connection.execute(last).scalar()
    return batch(store, batch_id) if batch_id is not None else None


def _rows(store: Store, *conditions: Any) -> list[IntakeRow]:
    with store.reading() as connection:
        rows = [_row(r) for r in connection.execute(select(*_LISTED).where(*conditions).order_by(INTAKE.c.id))]
    return [replace(row, file_name=masking.anywhere(row.file_name)) for row in rows]


def _row(row: Any) -> IntakeRow:
    return IntakeRow(intake_id=row.id, **{name: getattr(row, name) for name in _TOLD})
