"""Files into the store: the original put away first, then read, recognised, checked, scored and written.

Progress is rows in the database, so a batch outlives the page, the session and the process that began it: whatever is
still queued goes on with the next `run_batch`. A file that cannot be taken becomes a record with its reason.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from gdcore import archive, processing
from gdcore.agency import Agency, infer_level, infer_type
from gdcore.assessing import (
    TRIES,
    Key,
    NotPossible,
    Resting,
    agency_of,
    following,
    kin,
    named_by,
    recheck,
    recheck_year,
    refresh,
)
from gdcore.errors import ClusterUnavailable, StoreUnavailable, UnreadableFile
from gdcore.form import AgencyType
from gdcore.judging import Judged, judge, pairs
from gdcore.lifecycle import PROGRAM
from gdcore.processing import Job, Lane, Reading
from gdcore.report import Identity, Report
from gdcore.serial import Bands, Packed, unpack_report
from gdcore.store import Store, audit, decisions, filing, intake_rows, originals, peer_rows, reports, roster
from gdcore.store.dossiers import Asked, Due, Wanted, ask, terms_of
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

HOLD = 0.5  # seconds that a file may be kept waiting by one before it that takes long to read
_PAIRS = 200  # pairs of texts compared in one task
_TOGETHER = 16  # reports of governments that are handed on at a time
_LOOKED_BACK = 1_000  # reports written, among them all that came while one was judged
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
        line = _Line(store, task, crew, progress)
        line.resting.stale |= following(store, before)
        line.resting.otherwise |= before
        line.take(intake_rows.queued(store, task.batch_id))
        if line.taken or before:
            refresh(store, intake_rows.filed(store, task.batch_id), crew, line.resting)


@dataclass(frozen=True, slots=True)
class _Coming:
    """A report that was read, on its way to be judged and written."""

    row: Queued
    packed: Packed
    agency: Agency
    asked: Asked
    written_before: int = 0  # reports that the line had written when this one's dossier was gathered

    @property
    def year(self) -> int:
        """The year it is filed under."""
        return _year_of(self.packed.identity)

    def filing(self, judged: Judged, **words: Any) -> Filing:
        """Ready to be written."""
        assessed, due = self.asked.assessed(judged), self.asked.due
        return Filing(self.agency, self.year, assessed, self.row.file_name, due.sample, **words)


_Fit = tuple[Queued, Packed, Agency, int]  # a report that can be judged, and the number of the process that read it


class _Line:
    """The files of a batch on their way: read, then judged, each in a process of its own; then written, what is ready together.

    `resting` tells of the stored reports that rest on what was written; `taken` counts the files that were looked at.
    """

    def __init__(self, store: Store, task: BatchTask, crew: processing.Crew, progress: Callable[[int], None]) -> None:
        self._store, self._task, self._progress = store, task, progress
        self._terms = {task.profile: terms_of(store, task.profile)}
        self._strict = task.scope is None and not task.sample and roster.roster_in_use(store)
        self._reading: Lane[Queued] = Lane(crew, HOLD)
        self._judging: Lane[_Coming] = Lane(crew, HOLD)
        self._pairing: Lane[list[tuple[Key, Key]]] = Lane(crew)
        self._pairs: list[tuple[tuple[Key, bytes], tuple[Key, bytes]]] = []
        self._above: list[_Fit] = []  # governments' wait for what the batch brings below them
        self._written: deque[_Written] = deque(maxlen=_LOOKED_BACK)
        self._count = 0
        self.resting = Resting()
        self.taken = 0

    def take(self, rows: Iterable[Queued]) -> None:
        """All of these."""
        left = iter(rows)
        while True:
            came = list(islice(left, self._reading.room()))
            self._begin(came)
            self._note_pairs()
            if len(self._reading) + len(self._judging):
                processing.wait_for(self._reading, self._judging, gather=True)
                self._each(self._settle, [(row, row, future) for row, future in self._reading.ripe()])
                self._each(self._write, [(coming.row, coming, future) for coming, future in self._judging.ripe()])
            elif self._above:
                part, self._above = self._above[:_TOGETHER], self._above[_TOGETHER:]
                self._each(self._hand_on, part)
            elif not came:
                break
        self._compare()
        while len(self._pairing):
            processing.wait_for(self._pairing)
            self._note_pairs()

    def _job(self, row: Queued) -> Job:
        return Job(row.intake_id, originals.path(self._store.settings, row.sha256), row.file_name)

    def _begin(self, rows: Sequence[Queued]) -> None:
        """Hand files over to be read; not those whose bytes were judged already by the same rules."""
        self.taken += len(rows)
        known = _stored(self._store, self._task, rows)
        engine = self._terms[self._task.profile].engine
        for row in rows:
            stored = known.get(row.sha256)
            if stored is not None and (stored.engine, stored.profile) == (engine, self._task.profile):
                _repeat(self._store, row, stored)
                self._progress(1)
            else:
                self._reading.put(row, processing.read_packed, self._job(row))

    def _each(self, work: Callable[[Sequence[Any]], None], items: Sequence[tuple[Queued, *tuple[Any, ...]]]) -> None:
        """The work on these together; where this program fails at it, on each by itself, and then that is what became of it."""
        if not items:
            return
        try:
            work(items)
        except (StoreUnavailable, ClusterUnavailable):
            raise  # no fault of the files': they stay queued
        except Exception as error:
            if len(items) > 1:
                for item in items:
                    self._each(work, [item])
                return
            row = items[0][0]
            self._refuse(row, processing.failure(self._job(row), error))

    def _refuse(self, row: Queued, reading: Reading) -> None:
        _write(self._store, row, _refusal(reading.kind, reading.reason, reading.remedy))
        self._progress(1)

    def _settle(self, items: Sequence[tuple[Queued, Queued, Future[Reading]]]) -> None:
        """What was read goes on to be judged; of what does not, it is written what became of it."""
        readings = [(row, processing.reading_of(self._job(row), future)) for row, _, future in items]
        known = _stored(self._store, self._task, [row for row, reading in readings if reading.packed])
        names = {r.packed.identity.agency for _, r in readings if r.packed and r.packed.identity.agency}
        with self._store.reading() as connection:
            agencies = roster.find_agencies(connection, names)
        outcomes = {
            row: self._outcome(reading.packed, agencies)
            for row, reading in readings
            if reading.packed and row.sha256 not in known
        }
        fit = [(row, r.packed, r.process) for row, r in readings if r.packed and outcomes.get(row) == {}]
        coming = [(row, p, agencies.get(p.identity.agency or "") or named_by(p.identity), by) for row, p, by in fit]
        self._hand_on([each for each in coming if each[2].agency_type is not AgencyType.GOVERNMENT])
        self._above += [each for each in coming if each[2].agency_type is AgencyType.GOVERNMENT]
        for row, reading in readings:
            if reading.packed is None:
                self._refuse(row, reading)
            elif row.sha256 in known:
                self._each(self._judge_again, [(row, known[row.sha256], reading.packed)])
            elif outcomes[row]:
                _write(self._store, row, outcomes[row])
                self._progress(1)

    def _judge_again(self, items: Sequence[tuple[Queued, Stored, Packed]]) -> None:
        """Bytes that are stored but were judged by other rules."""
        for row, known, packed in items:
            _again(self._store, self._task, row, known, packed)
            self._progress(1)

    def _outcome(self, packed: Packed, agencies: Mapping[str, Agency]) -> dict[str, Any]:
        """What becomes of a file that is not judged now; empty if it is."""
        columns = {"format": packed.format.value, **_identity_columns(packed.identity, None)}
        if packed.rejection:
            return columns | _refusal("文种不符", packed.rejection.reason, packed.rejection.remedy)
        doubt = self._doubt(packed.identity, agencies)
        return columns | {"state": "waiting", "reason": doubt, "packed": packed.data} if doubt else {}

    def _doubt(self, identity: Identity, agencies: Mapping[str, Agency]) -> str:
        """Why a person has to say whose report this is; "" if it is plain."""
        if identity.agency is None and identity.year is None:
            return "没有识别出单位名称和报告年度"
        if identity.agency is None:
            return "没有识别出单位名称"
        if identity.year is None:
            return "没有识别出报告年度"
        if identity.confidence < SURE:
            return "单位名称或报告年度把握不足"
        found = agencies.get(identity.agency)
        if self._task.scope is not None:
            within = found is not None and roster.covered(self._store, self._task.scope, [found.key])
            return "" if within else f"您负责的范围内没有“{identity.agency}”"
        return f"名录中没有“{identity.agency}”" if self._strict and found is None else ""

    def _hand_on(self, coming: Sequence[_Fit]) -> None:
        """Reports that were read go on to be judged."""
        due = Due(self._task.profile, self._task.year, self._task.sample)
        asked = ask(self._store, [_wanted(packed, agency, due) for _, packed, agency, _ in coming], self._terms)
        for (row, packed, agency, process), each in zip(coming, asked, strict=True):
            self._judging.put(_Coming(row, packed, agency, each, self._count), judge, each.dossier, near=process)

    def _write(self, items: Sequence[tuple[Queued, _Coming, Future[Judged]]]) -> None:
        """Write what was judged in one transaction; what changed meanwhile is judged anew and written by itself."""
        good = [(coming, future.result()) for _, coming, future in items if future.exception() is None]
        saved = _write_all(self._store, good)
        for row, _, future in items:
            if (error := future.exception()) is not None:
                self._refuse(row, processing.refused(self._job(row), error))
        for (coming, judged), written in zip(good, saved, strict=True):
            if written is None:
                self._each(self._judge_anew, [(coming.row, coming, None)])
                continue
            if not written.unchanged:
                self._note_resting(coming, judged, written)
            self._progress(1)
        with self._store.reading() as connection:
            for year in {coming.year for coming, _ in good}:
                keys = {coming.agency.key for coming, _ in good if coming.year == year}
                self.resting.stale |= reports.following(connection, keys, year)

    def _judge_anew(self, items: Sequence[tuple[Queued, _Coming, None]]) -> None:
        """Reports of which something changed while they were judged."""
        for row, coming, _ in items:
            _file(self._store, row, coming.packed, coming.asked.due)
            self.resting.otherwise.add((coming.agency.key, coming.year))
            self._progress(1)

    def _note_resting(self, coming: _Coming, judged: Judged, saved: Saved) -> None:
        """Who is to be judged again since this report was written: those like it, among them what was written meanwhile."""
        key, asked = (coming.agency.key, coming.year), coming.asked
        if saved.version > 1:
            self.resting.otherwise.add(key)
        self.resting.stale |= {asked.peer_ids[at] for at in judged.near}
        if asked.dossier.subordinates is not None:
            self.resting.added_up[key] = asked.below
        own = _Written(self._count, key, asked.bands, judged.writing)
        for other in self._written:
            unseen = other.number >= coming.written_before and other.key[1] == key[1] and other.key != key
            if unseen and peer_rows.share(own.bands, other.bands):
                self._pairs.append(((key, own.writing), (other.key, other.writing)))
        self._written.append(own)
        self._count += 1
        if len(self._pairs) >= _PAIRS:
            self._compare()

    def _compare(self) -> None:
        """Hand pairs of reports on, neither of which was judged beside the other."""
        if not self._pairs:
            return
        keys = [(own, other) for (own, _), (other, _) in self._pairs]
        terms = self._terms[self._task.profile]
        self._pairing.put(keys, pairs, terms, [(own, other) for (_, own), (_, other) in self._pairs])
        self._pairs = []

    def _note_pairs(self) -> None:
        for keys, future in self._pairing.ripe():
            alike = future.result() if future.exception() is None else [True] * len(keys)
            self.resting.alike |= {key for pair, is_alike in zip(keys, alike, strict=True) if is_alike for key in pair}


@dataclass(frozen=True, slots=True)
class _Written:
    """A report that the line wrote, as others are compared with it; `number` counts them."""

    number: int
    key: Key
    bands: Bands
    writing: bytes


def _wanted(packed: Packed, agency: Agency, due: Due, without: int | None = None) -> Wanted:
    year = _year_of(packed.identity)
    return Wanted(packed.data, packed.digest, packed.bands, agency, year, due, without=without)


def _year_of(identity: Identity) -> int:
    if identity.year is None:
        raise NotPossible("请填写报告年度。")
    return identity.year


def _write_all(store: Store, good: Sequence[tuple[_Coming, Judged]]) -> list[Saved | None]:
    """Write reports, with what became of their files; None for one that must be judged anew, or that one behind it overtook."""
    if not good:
        return []
    with store.writing() as connection:
        places = [(coming.row.intake_id, coming.agency.key, coming.year) for coming, _ in good]
        overtaken = intake_rows.overtaken(connection, places)
        fit = [each for each in good if each[0].row.intake_id not in overtaken]
        written = filing.save_all(store, connection, [coming.filing(judged) for coming, judged in fit])
        saved = {coming.row.intake_id: one for (coming, _), one in zip(fit, written, strict=True) if one is not None}
        noted = [_noted(coming, saved[coming.row.intake_id]) for coming, _ in fit if coming.row.intake_id in saved]
        if not intake_rows.settle_all(connection, "queued", noted):
            raise NotPossible(*_TAKEN)
    return [saved.get(coming.row.intake_id) for coming, _ in good]


_TAKEN = ("这份文件已由其他人处理。", "请刷新后查看结果。")


def _noted(coming: _Coming, saved: Saved) -> tuple[int, dict[str, Any]]:
    """What became of the file of a report that was written."""
    columns = _identity_columns(coming.packed.identity, coming.agency)
    return coming.row.intake_id, {"format": coming.packed.format.value, **columns, **_outcome(saved)}


def _file(
    store: Store, row: Queued, packed: Packed, due: Due, expected: str = "queued", actor: str | None = None
) -> Saved:
    """Check a report and write it with what became of its file, in one transaction.

    `actor`: who said whose report it is, None where it says so itself.
    """
    agency, year = agency_of(store, packed.identity), _year_of(packed.identity)
    for _ in range(TRIES):
        (asked,) = ask(store, [_wanted(packed, agency, due)])
        coming = _Coming(row, packed, agency, asked)
        incoming = coming.filing(judge(asked.dossier), by_person=actor is not None)
        with store.reading() as connection:
            place = (row.intake_id, agency.key, year)
            overtaken = intake_rows.overtaken(connection, [place]).get(row.intake_id, []) if actor is None else []
        try:
            later = [_as_filed(store, report_id) for report_id in overtaken]
            with store.writing() as connection:
                saved = filing.save(store, connection, incoming)
                for before, standing in zip(overtaken, later, strict=True):
                    _put_last(store, connection, before, standing)
                if not intake_rows.settle_all(connection, expected, [_noted(coming, saved)]):
                    raise NotPossible(*_TAKEN)
                if actor is not None:
                    told = {"agency": agency.key, "year": year, "version": saved.version}
                    audit.record(connection, actor or PROGRAM, "identity", f"intake {row.intake_id}", **told)
        except StalePrior:
            continue
        return saved
    raise RuntimeError("the prior report kept changing")


def _as_filed(store: Store, report_id: int) -> Filing:
    """A stored report as it came, checked and ready to be written again."""
    known = reports.stored(store, report_id)
    if known is None:
        raise StalePrior
    return _moving(store, known, Packed.of(known.as_read), None, known.by_person)


def _moving(store: Store, known: Stored, packed: Packed, target: Agency | None, by_person: bool) -> Filing:
    """A stored report that is written anew: under `target`, or where it was."""
    agency = target or roster.agency_by_key(store, known.agency_key)
    if agency is None:
        raise StalePrior
    row = Queued(0, known.file_name, packed.digest)
    due = Due(known.profile, known.task_year, known.sample)
    (asked,) = ask(store, [_wanted(packed, agency, due, known.report_id)])
    coming = _Coming(row, packed, agency, asked)
    return coming.filing(judge(asked.dossier), by_person=by_person, received_at=known.received_at)


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
        intake_rows.settle_all(connection, "queued", [(row.intake_id, outcome)])


def _repeat(store: Store, row: Queued, known: Stored) -> None:
    """Bytes that are stored and were judged by the same rules: there is nothing to do."""
    agency = roster.agency_by_key(store, known.agency_key)
    with store.writing() as connection:
        saved = filing.repeat(connection, known.report_id)
        outcome = _identity_columns(known.report.identity, agency) | _outcome(saved)
        intake_rows.settle_all(connection, "queued", [(row.intake_id, outcome)])


def _write(store: Store, row: Queued, outcome: dict[str, Any]) -> None:
    with store.writing() as connection:
        intake_rows.settle_all(connection, "queued", [(row.intake_id, outcome)])


def _stored(store: Store, task: BatchTask, rows: Sequence[Queued]) -> dict[str, Stored]:
    """Digest → the report that these bytes are already, as far as those who brought them may touch it."""
    with store.reading() as connection:
        ids = reports.known_digests(connection, {row.sha256 for row in rows}, task.sample)
        known = reports.all_stored(connection, ids.values())
    by_id = {each.report_id: each for each in known}
    return {
        digest: by_id[report_id]
        for digest, report_id in ids.items()
        if report_id in by_id and roster.covered(store, task.scope, [by_id[report_id].agency_key])
    }


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
