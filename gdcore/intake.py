"""Files into the store: the original put away first, then read, recognised, checked, scored and written.

Progress is rows in the database, so a batch outlives the page, the session and the process that began it: whatever is
still queued goes on with the next `run_batch`. A file that cannot be taken becomes a record with its reason.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from gdcore import archive, processing
from gdcore.agency import Agency, infer_level, infer_type
from gdcore.arrival import file_one, moving, refusal
from gdcore.assessing import (
    TRIES,
    NotPossible,
    agency_of,
    following,
    kin,
    recheck,
    recheck_year,
    refresh,
)
from gdcore.errors import UnreadableFile
from gdcore.form import AgencyType
from gdcore.lifecycle import PROGRAM
from gdcore.line import Line
from gdcore.report import Report
from gdcore.serial import Packed, unpack_report
from gdcore.store import Store, audit, decisions, filing, intake_rows, originals, reports, roster
from gdcore.store.dossiers import Due
from gdcore.store.filing import Saved, StalePrior
from gdcore.store.intake_rows import BatchTask, Queued
from gdcore.store.reports import Stored
from gdcore.store.rows import BatchView
from gdcore.text import plain

__all__ = [
    "NotPossible",
    "confirm_identity",
    "correct_identity",
    "finish_batch",
    "recheck",
    "recheck_year",
    "run_batch",
    "run_unfinished",
    "submit",
]

_PAUSE = 0.5  # seconds between two looks at a batch that another process works on
_CHUNK = 50  # files entered in one transaction
_KEEPERS = 4  # files put away at a time: mostly each waits for the disk


# --- batches --------------------------------------------------------------------------------------------------------


def submit(
    store: Store,
    files: Iterable[tuple[str, bytes]],
    *,
    year: int | None = None,
    profile_name: str | None = None,
    sample: bool = False,
    actor: str = "",
    scope: str | None = None,
) -> int:
    """Put files (name, bytes) away and queue them as one batch; archives are unpacked. Returns the batch's id.

    `year` is the year that is due (TIM-04); each report is filed under the year it prints. A report of an agency outside
    of `scope`, the region of the `actor` who brings it, is not filed: it waits for a person.
    """
    batch_id = intake_rows.open_batch(store, year, profile_name or store.settings.profile, sample, actor, scope)
    entered: list[tuple[str, Future[str]]] = []
    with ThreadPoolExecutor(_KEEPERS) as keepers:
        for name, data in (member for file in files for member in archive.expand(*file)):
            if isinstance(data, UnreadableFile):
                outcome = refusal(data.kind, str(data), data.remedy)
                intake_rows.add_refused(store, batch_id, name, "", outcome)
                continue
            entered.append((name, keepers.submit(originals.keep, store.settings, data)))
            if len(entered) > _KEEPERS:
                entered[-_KEEPERS - 1][1].result()  # so that only few files are in memory
            if len(entered) >= _CHUNK:
                _enqueue(store, batch_id, entered)
                entered = []
        _enqueue(store, batch_id, entered)
    return batch_id


def _enqueue(store: Store, batch_id: int, entered: Sequence[tuple[str, Future[str]]]) -> None:
    """Once they are put away."""
    intake_rows.enqueue(store, batch_id, [(name, digest.result()) for name, digest in entered])


def run_batch(
    store: Store,
    batch_id: int,
    *,
    workers: int | None = None,
    make: processing.Make | None = None,
    progress: Callable[[int], None] | None = None,
) -> BatchView | None:
    """Process what is queued in a batch; None if there is no such batch. Left alone while another process is at it.

    `progress` is called with 1 after each file. An interrupted batch goes on where it stopped.
    """
    task = intake_rows.claim(store, batch_id)
    if task is not None:
        try:
            made = make or processing.made_by(store.settings)
            _process(store, task, workers or store.settings.workers, made, progress or (lambda _: None))
        finally:
            intake_rows.release(store, batch_id)
    return intake_rows.batch(store, batch_id)


def finish_batch(
    store: Store,
    batch_id: int,
    *,
    workers: int | None = None,
    make: processing.Make | None = None,
    progress: Callable[[int], None] | None = None,
) -> BatchView:
    """Process a batch to its end; should another process have taken it over, wait for that one, or take it back."""
    view = run_batch(store, batch_id, workers=workers, make=make, progress=progress)
    while view is not None and view.running:
        time.sleep(_PAUSE)
        view = run_batch(store, batch_id, workers=workers, make=make, progress=progress)
    if view is None:
        raise NotPossible("找不到这一批文件。")
    return view


def run_unfinished(store: Store, *, workers: int | None = None, make: processing.Make | None = None) -> int:
    """Process all batches that still have queued files; how many there were."""
    batches = intake_rows.unfinished(store)
    for batch_id in batches:
        run_batch(store, batch_id, workers=workers, make=make)
    return len(batches)


def _process(
    store: Store, task: BatchTask, workers: int, make: processing.Make, progress: Callable[[int], None]
) -> None:
    # A report is checked when it comes; what rests on it is checked again once, at the end. What an interrupted run had brought
    # is gone through as well, since it may not have come to that.
    before = intake_rows.filed(store, task.batch_id)
    with processing.at_work(make(workers)) as crew, processing.in_bulk():
        line = Line(store, task, crew, progress)
        line.resting.stale |= following(store, before)
        line.resting.otherwise |= before
        line.take(intake_rows.queued(store, task.batch_id))
        if line.taken or before:
            refresh(store, intake_rows.filed(store, task.batch_id), crew, line.resting)


# --- a person's word ------------------------------------------------------------------------------------------------


def confirm_identity(
    store: Store, intake_id: int, agency: str, year: int, agency_type: AgencyType | str | None = None, actor: str = ""
) -> Saved:
    """Take a waiting file under the agency and year that a person gave: it is checked and stored.

    Raises NotPossible when the file waits no longer.
    """
    found = intake_rows.packed(store, intake_id)
    if found is None:
        raise NotPossible("这份文件已不在待确认之列。", "请刷新后查看本批结果。")
    row, packed, task = found
    named = Packed.of(_named(unpack_report(packed), agency, year, agency_type))
    queued = Queued(row.intake_id, row.file_name, row.sha256)
    due = Due(task.profile, task.year, task.sample)
    saved = file_one(store, queued, named, due, expected="waiting", actor=actor)
    refresh(store, [(agency_of(store, named.identity).key, year)])
    return saved


def correct_identity(
    store: Store, report_id: int, agency: str, year: int, agency_type: AgencyType | str | None = None, actor: str = ""
) -> Saved:
    """Move a stored report that was filed under a wrong agency or year; decisions on it go with it.

    Raises NotPossible when the report is gone, or when the same file is there already.
    """
    known = reports.stored(store, report_id)
    if known is None:
        raise NotPossible("找不到这份报告，可能已被替换或删除。")
    named = Packed.of(_named(known.as_read, agency, year, agency_type))
    target = agency_of(store, named.identity)
    if (target.key, year) == (known.agency_key, known.year):
        recheck(store, report_id, named, by_person=True)
        with store.writing() as connection:
            _told(connection, known, report_id, actor)
            return filing.repeat(connection, report_id)
    left = kin(store, known.agency_key, known.year)
    saved = _moved(store, known, named, target, actor)
    refresh(store, {*left, (known.agency_key, known.year), (target.key, year)})
    return saved


def _told(connection: Any, known: Stored, report_id: int, actor: str, **after: Any) -> None:
    before = {"agency": known.agency_key, "year": known.year}
    audit.record(connection, actor or PROGRAM, "identity", f"report {report_id}", **before, **after)


def _moved(store: Store, known: Stored, named: Packed, target: Agency, actor: str) -> Saved:
    for _ in range(TRIES):
        incoming = moving(store, known, named, target, by_person=True)
        try:
            with store.writing() as connection:
                before = filing.fingerprints(connection, known.report_id)
                after = {(f.rule, f.address): f.fingerprint for f in incoming.assessed.judged.findings}
                moves = [(old, after[key]) for key, old in before.items() if key in after]
                decisions.carry(connection, moves, target.key, incoming.year, actor or "更正单位或年度")
                filing.remove(store, connection, known.report_id)
                saved = filing.save(store, connection, incoming)
                intake_rows.point(
                    connection, known.report_id, saved.report_id, saved.version, target.key, target.name, incoming.year
                )
                roster.forget_idle_agency(connection, known.agency_key)
                moved = {"agency_after": target.key, "year_after": incoming.year, "report_after": saved.report_id}
                _told(connection, known, known.report_id, actor, **moved)
                return saved
        except StalePrior:
            continue
    raise NotPossible("上一年度的报告正在变动，请稍后再试。")


def _named(report: Report, agency: str, year: int, agency_type: AgencyType | str | None) -> Report:
    """The report with the identity that a person gave."""
    name = plain(agency)
    if not name:
        raise NotPossible("请填写单位名称。")
    kind = AgencyType(agency_type) if agency_type else infer_type(name)
    sources = {**report.identity.sources, "agency": "人工确认", "year": "人工确认"}
    identity = replace(
        report.identity,
        agency=name,
        agency_type=kind,
        level=infer_level(name, kind),
        year=year,
        sources=sources,
        confidence=1.0,
    )
    return replace(report, identity=identity)
