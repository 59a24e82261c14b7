"""Files into the store: the original put away first, then read, recognised, checked, scored and written.

Progress is rows in the database, so a batch outlives the page, the session and the process that began it: whatever is
still queued goes on with the next `run_batch`. A file that cannot be taken becomes a record with its reason.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from gdcore import archive, processing, profile
from gdcore.agency import Agency, infer_level, infer_type
from gdcore.assessing import (
    TRIES,
    Due,
    NotPossible,
    agency_of,
    engine_name,
    filing_of,
    recheck,
    recheck_year,
    refresh,
    refresh_superiors,
    resting_on,
)
from gdcore.errors import StoreUnavailable, UnreadableFile
from gdcore.form import AgencyType
from gdcore.lifecycle import PROGRAM
from gdcore.processing import Job, Reading
from gdcore.report import Identity, Report
from gdcore.store import Store, audit, decisions, filing, intake_rows, originals, reports, roster
from gdcore.store.filing import Filing, Saved, StalePrior
from gdcore.store.intake_rows import BatchTask, Queued
from gdcore.store.reports import Stored
from gdcore.store.rows import BatchView
from gdcore.store.serial import pack_report, unpack_report
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

HOLD = 0.5  # seconds that a file may be kept waiting by one before it that takes long to read
SURE = 0.6  # confidence of agency and year below which a person is asked
_PAUSE = 0.5  # seconds between two looks at a batch that another process works on
_CHUNK = 50  # files entered in one transaction


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
    entered: list[tuple[str, str]] = []
    for name, data in (member for file in files for member in archive.expand(*file)):
        if isinstance(data, UnreadableFile):
            outcome = _refusal(data.kind, str(data), data.remedy)
            intake_rows.add_refused(store, batch_id, name, "", outcome)
            continue
        entered.append((name, originals.keep(store.settings, data)))
        if len(entered) >= _CHUNK:
            intake_rows.enqueue(store, batch_id, entered)
            entered = []
    intake_rows.enqueue(store, batch_id, entered)
    return batch_id


def run_batch(
    store: Store,
    batch_id: int,
    *,
    workers: int | None = None,
    make: processing.Make = processing.process_pool,
    progress: Callable[[int], None] | None = None,
) -> BatchView | None:
    """Process what is queued in a batch; None if there is no such batch. Left alone while another process is at it.

    `progress` is called with 1 after each file. An interrupted batch goes on where it stopped.
    """
    task = intake_rows.claim(store, batch_id)
    if task is not None:
        try:
            _process(store, task, workers or store.settings.workers, make, progress or (lambda _: None))
        finally:
            intake_rows.release(store, batch_id)
    return intake_rows.batch(store, batch_id)


def finish_batch(
    store: Store,
    batch_id: int,
    *,
    workers: int | None = None,
    make: processing.Make = processing.process_pool,
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


def run_unfinished(store: Store, *, workers: int | None = None, make: processing.Make = processing.process_pool) -> int:
    """Process all batches that still have queued files; how many there were."""
    batches = intake_rows.unfinished(store)
    for batch_id in batches:
        run_batch(store, batch_id, workers=workers, make=make)
    return len(batches)


def _process(
    store: Store, task: BatchTask, workers: int, make: processing.Make, progress: Callable[[int], None]
) -> None:
    # A report is checked when it comes; those that looked at it (or will have to) are checked again once, at the end. What an
    # interrupted run had brought is gone through as well, since it may not have come to that.
    stale = {i for key, year in intake_rows.filed(store, task.batch_id) for i in resting_on(store, key, year)}
    jobs: dict[int, tuple[Queued, Job]] = {}
    for row in intake_rows.queued(store, task.batch_id):
        if _known(store, task, row):
            progress(1)
        else:
            jobs[row.intake_id] = row, Job(row.intake_id, originals.path(store.settings, row.sha256), row.file_name)
    for reading in processing.read_all([job for _, job in jobs.values()], workers, make, HOLD):
        row, job = jobs[reading.key]
        try:
            stale |= _settle(store, task, row, reading)
        except StoreUnavailable:
            raise  # no fault of the file's: it stays queued
        except Exception as error:
            failed = processing.failure(job, error)
            _write(store, row, _refusal(failed.kind, failed.reason, failed.remedy))
        progress(1)
    refresh(store, stale)
    if jobs or stale:
        refresh_superiors(store, intake_rows.filed(store, task.batch_id))


def _known(store: Store, task: BatchTask, row: Queued) -> bool:
    """Whether these bytes are stored already and were judged by the same rules: then there is nothing to do."""
    known = _stored(store, task, row)
    terms = profile.load(task.profile, store.settings)
    if known is None or (known.engine, known.profile) != (engine_name(terms), task.profile):
        return False
    with store.writing() as connection:
        saved = filing.repeat(connection, known.report_id)
        agency = roster.agency_by_key(store, known.agency_key)
        outcome = _identity_columns(known.report, agency) | _outcome(saved)
        intake_rows.settle(connection, row.intake_id, "queued", outcome)
    return True


def _settle(store: Store, task: BatchTask, row: Queued, reading: Reading) -> set[int]:
    """Write what became of one file; the stored reports that rest on it and are now to be checked again."""
    report = reading.report
    if report is None:
        _write(store, row, _refusal(reading.kind, reading.reason, reading.remedy))
        return set()
    known = _stored(store, task, row)
    if known is not None:
        _again(store, task, row, known, report)
        return set()
    columns = {"format": report.format.value, **_identity_columns(report, None)}
    if report.rejection:
        _write(store, row, columns | _refusal("文种不符", report.rejection.reason, report.rejection.remedy))
        return set()
    doubt = _doubt(store, report, task)
    if doubt:
        _write(store, row, columns | {"state": "waiting", "reason": doubt, "packed": pack_report(report)})
        return set()
    return _file(store, row, report, Due(task.profile, task.year, task.sample))[1]


def _file(
    store: Store, row: Queued, report: Report, due: Due, expected: str = "queued", actor: str | None = None
) -> tuple[Saved, set[int]]:
    """Check a report and write it with what became of its file, in one transaction; and the reports that rest on it.

    `actor`: who said whose report it is, None where it says so itself.
    """
    agency = agency_of(store, report)
    for _ in range(TRIES):
        incoming = replace(filing_of(store, agency, report, due, row.file_name), by_person=actor is not None)
        overtaken = intake_rows.behind(store, row.intake_id, agency.key, incoming.year) if actor is None else []
        try:
            later = [_as_filed(store, report_id) for report_id in overtaken]
            with store.writing() as connection:
                saved = filing.save(store, connection, incoming)
                for before, standing in zip(overtaken, later, strict=True):
                    _put_last(store, connection, before, standing)
                outcome = {"format": report.format.value, **_identity_columns(report, agency), **_outcome(saved)}
                if not intake_rows.settle(connection, row.intake_id, expected, outcome):
                    raise NotPossible("这份文件已由其他人处理。", "请刷新后查看结果。")
                if actor is not None:
                    told = {"agency": agency.key, "year": incoming.year, "version": saved.version}
                    audit.record(connection, actor or PROGRAM, "identity", f"intake {row.intake_id}", **told)
        except StalePrior:
            continue
        return saved, set() if saved.unchanged else resting_on(store, agency.key, incoming.year)
    raise RuntimeError("the prior report kept changing")


def _as_filed(store: Store, report_id: int) -> Filing:
    """A stored report as it came, checked and ready to be written again."""
    known = reports.stored(store, report_id)
    agency = roster.agency_by_key(store, known.agency_key) if known else None
    if known is None or agency is None:
        raise StalePrior
    due = Due(known.profile, known.task_year, known.sample)
    incoming = filing_of(store, agency, known.as_read, due, known.file_name, without=report_id)
    return replace(incoming, by_person=known.by_person, received_at=known.received_at)


def _put_last(store: Store, connection: Any, report_id: int, incoming: Filing) -> None:
    """Let a report count again that a slower one, which stood before it in its batch, has just come after."""
    filing.remove(store, connection, report_id)
    saved = filing.save(store, connection, incoming)
    agency = incoming.agency
    intake_rows.point(connection, report_id, saved.report_id, saved.version, agency.key, agency.name, incoming.year)


def _again(store: Store, task: BatchTask, row: Queued, known: Stored, report: Report) -> None:
    """Bytes that are stored: checked again by the rules of today, kept under the agency and year a person gave."""
    fresh = replace(report, identity=known.report.identity) if known.by_person else report
    recheck(store, known.report_id, fresh, task.profile)
    with store.writing() as connection:
        saved = filing.repeat(connection, known.report_id)
        intake_rows.settle(connection, row.intake_id, "queued", _identity_columns(fresh, None) | _outcome(saved))


def _write(store: Store, row: Queued, outcome: dict[str, Any]) -> None:
    with store.writing() as connection:
        intake_rows.settle(connection, row.intake_id, "queued", outcome)


def _stored(store: Store, task: BatchTask, row: Queued) -> Stored | None:
    """The report that these bytes are already, as far as those who brought them may touch it."""
    known = reports.by_digest(store, row.sha256, task.sample)
    return known if known is not None and roster.covered(store, task.scope, [known.agency_key]) else None


def _doubt(store: Store, report: Report, task: BatchTask) -> str:
    """Why a person has to say whose report this is; "" if it is plain."""
    identity = report.identity
    if identity.agency is None and identity.year is None:
        return "没有识别出单位名称和报告年度"
    if identity.agency is None:
        return "没有识别出单位名称"
    if identity.year is None:
        return "没有识别出报告年度"
    if identity.confidence < SURE:
        return "单位名称或报告年度把握不足"
    if task.scope is not None:
        found = roster.find_agency(store, identity.agency)
        within = found is not None and roster.covered(store, task.scope, [found.key])
        return "" if within else f"您负责的范围内没有“{identity.agency}”"
    if not task.sample and roster.roster_in_use(store) and roster.find_agency(store, identity.agency) is None:
        return f"名录中没有“{identity.agency}”"
    return ""


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
    report = _named(unpack_report(packed), agency, year, agency_type)
    queued = Queued(row.intake_id, row.file_name, row.sha256)
    due = Due(task.profile, task.year, task.sample)
    saved, stale = _file(store, queued, report, due, expected="waiting", actor=actor)
    refresh(store, stale)
    refresh_superiors(store, [(agency_of(store, report).key, year)])
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
    report = _named(known.as_read, agency, year, agency_type)
    target = agency_of(store, report)
    if (target.key, year) == (known.agency_key, known.year):
        recheck(store, report_id, report, by_person=True)
        with store.writing() as connection:
            _told(connection, known, report_id, actor)
            return filing.repeat(connection, report_id)
    due = Due(known.profile, known.task_year, known.sample)
    left = resting_on(store, known.agency_key, known.year)
    saved = _moved(store, known, report, target, due, actor)
    refresh(store, left | resting_on(store, target.key, year))
    refresh_superiors(store, [(known.agency_key, known.year), (target.key, year)])
    return saved


def _told(connection: Any, known: Stored, report_id: int, actor: str, **after: Any) -> None:
    before = {"agency": known.agency_key, "year": known.year}
    audit.record(connection, actor or PROGRAM, "identity", f"report {report_id}", **before, **after)


def _moved(store: Store, known: Stored, report: Report, target: Agency, due: Due, actor: str) -> Saved:
    for _ in range(TRIES):
        incoming = filing_of(store, target, report, due, known.file_name, without=known.report_id)
        incoming = replace(incoming, by_person=True, received_at=known.received_at)
        try:
            with store.writing() as connection:
                before = filing.fingerprints(connection, known.report_id)
                after = {(f.rule, f.address): f.fingerprint for f in incoming.judged.findings}
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


# --- rows -----------------------------------------------------------------------------------------------------------


def _refusal(kind: str, reason: str, remedy: str) -> dict[str, Any]:
    return {"state": "refused", "kind": kind, "reason": reason, "remedy": remedy}


def _outcome(saved: Saved) -> dict[str, Any]:
    return {
        "state": "unchanged" if saved.unchanged else "stored",
        "report_id": saved.report_id,
        "version": saved.version,
        "total": saved.total,
        "errors": saved.errors,
        "warnings": saved.warnings,
        "reviews": saved.reviews,
        "change": saved.change,
        "kind": "",
        "reason": "",
        "remedy": "",
        "packed": None,
    }


_FIELDS = {"agency": "单位", "year": "年度", "agency_type": "类型", "published": "日期"}


def _identity_columns(report: Report, agency: Agency | None) -> dict[str, Any]:
    identity = report.identity
    return {
        "agency": agency.name if agency else identity.agency,
        "agency_key": agency.key if agency else None,
        "agency_type": identity.agency_type.value if identity.agency_type else None,
        "year": identity.year,
        "confidence": identity.confidence,
        "evidence": _evidence(identity),
    }


def _evidence(identity: Identity) -> str:
    return "；".join(f"{_FIELDS[field]}：{source}" for field, source in identity.sources.items() if field in _FIELDS)
