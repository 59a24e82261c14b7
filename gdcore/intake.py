"""Files into the store: the original put away first, then read, recognised, checked, scored and written.

Progress is rows in the database, so a batch outlives the page, the session and the process that began it: whatever is
still queued goes on with the next `run_batch`. A file that cannot be taken becomes a record with its reason.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from gdcore import archive, processing
from gdcore.agency import Agency, infer_level, infer_type
from gdcore.assessing import (
    TRIES,
    Asked,
    Due,
    NotPossible,
    agency_of,
    ask,
    recheck,
    recheck_all,
    recheck_year,
    refresh,
    refresh_superiors,
    resting_on,
    terms_of,
)
from gdcore.errors import StoreUnavailable, UnreadableFile
from gdcore.form import AgencyType
from gdcore.judging import Judged, Terms, judge
from gdcore.lifecycle import PROGRAM
from gdcore.processing import Job, Lane, Reading
from gdcore.report import Identity, Report
from gdcore.serial import Packed, unpack_report
from gdcore.store import Store, audit, decisions, filing, intake_rows, originals, reports, roster
from gdcore.store.filing import Filing, Saved, StalePrior
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

log = logging.getLogger(__name__)

T = TypeVar("T")
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
    with processing.at_work(make(workers)) as executor:
        line = _Line(store, task, executor, progress)
        line.take(intake_rows.queued(store, task.batch_id), workers)
        stale |= line.stale
        recheck_all(store, sorted(stale), executor, workers)
    if line.taken or stale:
        refresh_superiors(store, intake_rows.filed(store, task.batch_id))


@dataclass(frozen=True, slots=True)
class _Coming:
    """A report that was read, on its way to be judged and written."""

    row: Queued
    packed: Packed
    agency: Agency
    asked: Asked

    @property
    def year(self) -> int:
        """The year it is filed under."""
        return _year_of(self.packed.identity)


class _Line:
    """The files of a batch on their way: read, then judged, each in a process of its own; then written, what is ready together.

    `stale` are the stored reports that rest on what was written; `taken` counts the files that were looked at.
    """

    def __init__(self, store: Store, task: BatchTask, executor: Executor, progress: Callable[[int], None]) -> None:
        self._store, self._task, self._progress = store, task, progress
        self._terms = terms_of(store, task.profile)
        self._reading: Lane[tuple[Queued, Job]] = Lane(executor, HOLD)
        self._judging: Lane[_Coming] = Lane(executor, HOLD)
        self.stale: set[int] = set()
        self.taken = 0

    def take(self, rows: Iterable[Queued], workers: int) -> None:
        """All of these."""
        left = iter(rows)
        while True:
            came = list(islice(left, self._reading.room(workers)))
            self._begin(came)
            if len(self._reading) + len(self._judging):
                processing.wait_for(self._reading, self._judging)
                self._go_on()
            elif not came:
                return

    def _begin(self, rows: Sequence[Queued]) -> None:
        self.taken += len(rows)
        for row in rows:
            if _known(self._store, self._task, row, self._terms.engine):
                self._progress(1)
                continue
            job = Job(row.intake_id, originals.path(self._store.settings, row.sha256), row.file_name)
            self._reading.put((row, job), processing.read_packed, job)

    def _go_on(self) -> None:
        for (row, job), future in self._reading.ripe():
            coming = self._alone(row, partial(self._settle, row, processing.reading_of(job, future)))
            if coming is not None:
                self._judging.put(coming, judge, coming.asked.dossier)
            else:
                self._progress(1)
        self._write(self._judging.ripe())

    def _settle(self, row: Queued, reading: Reading) -> _Coming | None:
        """A report that is to be judged; None where there is none and what became of the file was written."""
        store, task, packed = self._store, self._task, reading.packed
        if packed is None:
            _write(store, row, _refusal(reading.kind, reading.reason, reading.remedy))
            return None
        known = _stored(store, task, row)
        if known is not None:
            _again(store, task, row, known, packed)
            return None
        columns = {"format": packed.format.value, **_identity_columns(packed.identity, None)}
        if packed.rejection:
            _write(store, row, columns | _refusal("文种不符", packed.rejection.reason, packed.rejection.remedy))
            return None
        doubt = _doubt(store, packed.identity, task)
        if doubt:
            _write(store, row, columns | {"state": "waiting", "reason": doubt, "packed": packed.data})
            return None
        return _come(store, row, packed, Due(task.profile, task.year, task.sample), self._terms)

    def _write(self, ripe: Sequence[tuple[_Coming, Future[Judged]]]) -> None:
        """Write what was judged in one transaction; what cannot be written so, by itself."""
        for coming, future in ripe:
            if (error := future.exception()) is not None:
                self._alone(coming.row, partial(self._refuse, coming, error))
        good = [(coming, future.result()) for coming, future in ripe if future.exception() is None]
        for (coming, _), saved in zip(good, self._write_together(good), strict=True):
            again = partial(_file, self._store, coming.row, coming.packed, coming.asked.due)
            written = saved or self._alone(coming.row, again)
            if written is not None and not written.unchanged:
                self.stale |= resting_on(self._store, coming.agency.key, coming.year)
        for _ in ripe:
            self._progress(1)

    def _write_together(self, good: Sequence[tuple[_Coming, Judged]]) -> list[Saved | None]:
        if not good:
            return []
        try:
            with self._store.writing() as connection:
                return [_enter_in_turn(self._store, connection, *each) for each in good]
        except StoreUnavailable:
            raise  # no fault of the files': they stay queued
        except Exception:
            log.exception("%s reports could not be written together: each is tried by itself", len(good))
            return [None] * len(good)

    def _refuse(self, coming: _Coming, error: BaseException) -> None:
        job = Job(coming.row.intake_id, originals.path(self._store.settings, coming.row.sha256), coming.row.file_name)
        failed = processing.refused(job, error)
        _write(self._store, coming.row, _refusal(failed.kind, failed.reason, failed.remedy))

    def _alone(self, row: Queued, work: Callable[[], T]) -> T | None:
        """The work on one file; where this program fails at it, that is what became of the file."""
        try:
            return work()
        except StoreUnavailable:
            raise  # no fault of the file's: it stays queued
        except Exception as error:
            job = Job(row.intake_id, originals.path(self._store.settings, row.sha256), row.file_name)
            failed = processing.failure(job, error)
            _write(self._store, row, _refusal(failed.kind, failed.reason, failed.remedy))
            return None


def _known(store: Store, task: BatchTask, row: Queued, engine: str) -> bool:
    """Whether these bytes are stored already and were judged by the same rules: then there is nothing to do."""
    known = _stored(store, task, row)
    if known is None or (known.engine, known.profile) != (engine, task.profile):
        return False
    with store.writing() as connection:
        saved = filing.repeat(connection, known.report_id)
        agency = roster.agency_by_key(store, known.agency_key)
        outcome = _identity_columns(known.report.identity, agency) | _outcome(saved)
        intake_rows.settle(connection, row.intake_id, "queued", outcome)
    return True


def _come(store: Store, row: Queued, packed: Packed, due: Due, terms: Terms | None = None) -> _Coming:
    agency = agency_of(store, packed.identity)
    return _Coming(row, packed, agency, ask(store, packed, agency, _year_of(packed.identity), due, terms=terms))


def _year_of(identity: Identity) -> int:
    if identity.year is None:
        raise NotPossible("请填写报告年度。")
    return identity.year


def _filing(coming: _Coming, judged: Judged, **words: Any) -> Filing:
    assessed, due = coming.asked.assessed(judged), coming.asked.due
    return Filing(coming.agency, coming.year, assessed, coming.row.file_name, due.sample, **words)


def _enter_in_turn(store: Store, connection: Any, coming: _Coming, judged: Judged) -> Saved | None:
    """Write a report; None, and nothing is written, where it must be judged anew or one behind it came before it."""
    if intake_rows.behind(connection, coming.row.intake_id, coming.agency.key, coming.year):
        return None
    try:
        saved = filing.save(store, connection, _filing(coming, judged))
    except StalePrior:
        return None
    _note(connection, coming, saved, "queued")
    return saved


def _file(
    store: Store, row: Queued, packed: Packed, due: Due, expected: str = "queued", actor: str | None = None
) -> Saved:
    """Check a report and write it with what became of its file, in one transaction.

    `actor`: who said whose report it is, None where it says so itself.
    """
    for _ in range(TRIES):
        coming = _come(store, row, packed, due)
        incoming = _filing(coming, judge(coming.asked.dossier), by_person=actor is not None)
        with store.reading() as connection:
            place = (row.intake_id, coming.agency.key, coming.year)
            overtaken = intake_rows.behind(connection, *place) if actor is None else []
        try:
            later = [_as_filed(store, report_id) for report_id in overtaken]
            with store.writing() as connection:
                saved = filing.save(store, connection, incoming)
                for before, standing in zip(overtaken, later, strict=True):
                    _put_last(store, connection, before, standing)
                _note(connection, coming, saved, expected)
                if actor is not None:
                    told = {"agency": coming.agency.key, "year": coming.year, "version": saved.version}
                    audit.record(connection, actor or PROGRAM, "identity", f"intake {row.intake_id}", **told)
        except StalePrior:
            continue
        return saved
    raise RuntimeError("the prior report kept changing")


def _note(connection: Any, coming: _Coming, saved: Saved, expected: str) -> None:
    """Put down what became of the file of a report that was written."""
    columns = _identity_columns(coming.packed.identity, coming.agency)
    outcome = {"format": coming.packed.format.value, **columns, **_outcome(saved)}
    if not intake_rows.settle(connection, coming.row.intake_id, expected, outcome):
        raise NotPossible("这份文件已由其他人处理。", "请刷新后查看结果。")


def _as_filed(store: Store, report_id: int) -> Filing:
    """A stored report as it came, checked and ready to be written again."""
    known = reports.stored(store, report_id)
    if known is None:
        raise StalePrior
    return _moving(store, known, Packed.read(known.packed_as_read), None, known.by_person)


def _moving(store: Store, known: Stored, packed: Packed, target: Agency | None, by_person: bool) -> Filing:
    """A stored report that is written anew: under `target`, or where it was."""
    agency = target or roster.agency_by_key(store, known.agency_key)
    if agency is None:
        raise StalePrior
    row = Queued(0, known.file_name, packed.digest)
    due = Due(known.profile, known.task_year, known.sample)
    asked = ask(store, packed, agency, _year_of(packed.identity), due, without=known.report_id)
    coming = _Coming(row, packed, agency, asked)
    return _filing(coming, judge(coming.asked.dossier), by_person=by_person, received_at=known.received_at)


def _put_last(store: Store, connection: Any, report_id: int, incoming: Filing) -> None:
    """Let a report count again that a slower one, which stood before it in its batch, has just come after."""
    filing.remove(store, connection, report_id)
    saved = filing.save(store, connection, incoming)
    agency = incoming.agency
    intake_rows.point(connection, report_id, saved.report_id, saved.version, agency.key, agency.name, incoming.year)


def _again(store: Store, task: BatchTask, row: Queued, known: Stored, packed: Packed) -> None:
    """Bytes that are stored: checked again by the rules of today, kept under the agency and year a person gave."""
    if known.by_person:
        packed = Packed.of(replace(packed.report(), identity=known.report.identity))
    recheck(store, known.report_id, packed, task.profile)
    with store.writing() as connection:
        saved = filing.repeat(connection, known.report_id)
        outcome = _identity_columns(packed.identity, None) | _outcome(saved)
        intake_rows.settle(connection, row.intake_id, "queued", outcome)


def _write(store: Store, row: Queued, outcome: dict[str, Any]) -> None:
    with store.writing() as connection:
        intake_rows.settle(connection, row.intake_id, "queued", outcome)


def _stored(store: Store, task: BatchTask, row: Queued) -> Stored | None:
    """The report that these bytes are already, as far as those who brought them may touch it."""
    known = reports.by_digest(store, row.sha256, task.sample)
    return known if known is not None and roster.covered(store, task.scope, [known.agency_key]) else None


def _doubt(store: Store, identity: Identity, task: BatchTask) -> str:
    """Why a person has to say whose report this is; "" if it is plain."""
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
    named = Packed.of(_named(unpack_report(packed), agency, year, agency_type))
    queued = Queued(row.intake_id, row.file_name, row.sha256)
    due = Due(task.profile, task.year, task.sample)
    saved = _file(store, queued, named, due, expected="waiting", actor=actor)
    key = agency_of(store, named.identity).key
    refresh(store, set() if saved.unchanged else resting_on(store, key, year))
    refresh_superiors(store, [(key, year)])
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
    left = resting_on(store, known.agency_key, known.year)
    saved = _moved(store, known, named, target, actor)
    refresh(store, left | resting_on(store, target.key, year))
    refresh_superiors(store, [(known.agency_key, known.year), (target.key, year)])
    return saved


def _told(connection: Any, known: Stored, report_id: int, actor: str, **after: Any) -> None:
    before = {"agency": known.agency_key, "year": known.year}
    audit.record(connection, actor or PROGRAM, "identity", f"report {report_id}", **before, **after)


def _moved(store: Store, known: Stored, named: Packed, target: Agency, actor: str) -> Saved:
    for _ in range(TRIES):
        incoming = _moving(store, known, named, target, by_person=True)
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


def _identity_columns(identity: Identity, agency: Agency | None) -> dict[str, Any]:
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
