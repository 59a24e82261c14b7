"""The files of a batch on their way: read, then judged, each in a process of its own; then written, what is ready together."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from gdcore import processing
from gdcore.agency import Agency
from gdcore.arrival import (
    Coming,
    file_one,
    identity_columns,
    judge_again,
    known_files,
    refusal,
    repeat,
    settle,
    wanted,
    write_all,
)
from gdcore.assessing import Key, Resting, named_by
from gdcore.errors import ClusterUnavailable, StoreUnavailable
from gdcore.form import AgencyType
from gdcore.judging import Judged, judge, pairs
from gdcore.processing import Held, Job, Lane, Reading
from gdcore.report import Identity
from gdcore.serial import Bands, Packed
from gdcore.store import Store, originals, peer_rows, reports, roster
from gdcore.store.dossiers import Due, ask, terms_of
from gdcore.store.filing import Saved
from gdcore.store.intake_rows import BatchTask, Queued
from gdcore.store.reports import Stored

HOLD = 0.5  # seconds that a file may be kept waiting by one before it that takes long to read
HELD = 64 * 1024**2  # bytes of files that are handed over and not read yet, after which none is fetched any more
SURE = 0.6  # confidence of agency and year below which a person is asked
_PAIRS = 200  # pairs of texts compared in one task
_TOGETHER = 16  # reports of governments that are handed on at a time
_LOOKED_BACK = 1_000  # reports written, among them all that came while one was judged

_Fit = tuple[Queued, Packed, Agency, int]  # a report that can be judged, and the number of the process that read it


class Line:
    """The files of a batch on their way: read, then judged, each in a process of its own; then written, what is ready together.

    `resting` tells of the stored reports that rest on what was written; `taken` counts the files that were looked at.
    """

    def __init__(self, store: Store, task: BatchTask, crew: processing.Crew, progress: Callable[[int], None]) -> None:
        self._store, self._task, self._progress = store, task, progress
        self._terms = {task.profile: terms_of(store, task.profile)}
        self._strict = task.scope is None and not task.sample and roster.roster_in_use(store)
        self._reading: Lane[Queued] = Lane(crew, HOLD)
        self._judging: Lane[Coming] = Lane(crew, HOLD)
        self._pairing: Lane[list[tuple[Key, Key]]] = Lane(crew)
        self._pairs: list[tuple[tuple[Key, bytes], tuple[Key, bytes]]] = []
        self._above: list[_Fit] = []  # governments' wait for what the batch brings below them
        self._lately = _Lately()
        self._held: dict[int, int] = {}  # bytes that are handed over themselves, since they are at no path
        self._waiting: list[Queued] = []  # until there is room for theirs
        self._count = 0
        self.resting = Resting()
        self.taken = 0

    def take(self, rows: Iterable[Queued]) -> None:
        """All of these."""
        left = iter(rows)
        while True:
            came = [*self._waiting, *islice(left, max(0, self._reading.room() - len(self._waiting)))]
            self._begin(came)
            self._note_pairs()
            if len(self._reading) + len(self._judging):
                processing.wait_for(self._reading, self._judging, gather=True)
                self._each(self._settle, [(row, row, future) for row, future in self._came_back()])
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

    def _begin(self, rows: Sequence[Queued]) -> None:
        """Hand files over to be read, while there is room for their bytes; not those judged already by the same rules."""
        known = known_files(self._store, self._task, rows)
        engine = self._terms[self._task.profile].engine
        for at, row in enumerate(rows):
            if sum(self._held.values()) >= HELD:
                self._waiting = list(rows[at:])
                return
            self.taken += 1
            stored = known.get(row.sha256)
            if stored is not None and (stored.engine, stored.profile) == (engine, self._task.profile):
                repeat(self._store, row, stored)
                self._progress(1)
            else:
                self._read(row)
        self._waiting = []

    def _read(self, row: Queued) -> None:
        source = originals.source(self._store.settings, row.sha256)
        if isinstance(source, Held):
            self._held[row.intake_id] = len(source.data)
        self._reading.put(row, processing.read_packed, Job(row.intake_id, source, row.file_name))

    def _came_back(self) -> list[tuple[Queued, Future[Any]]]:
        ripe = self._reading.ripe()
        for row, _ in ripe:
            self._held.pop(row.intake_id, None)
        return ripe

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
            self._refuse(row, processing.failure(row.intake_id, row.file_name, error))

    def _refuse(self, row: Queued, reading: Reading) -> None:
        settle(self._store, row, refusal(reading.kind, reading.reason, reading.remedy))
        self._progress(1)

    def _settle(self, items: Sequence[tuple[Queued, Queued, Future[Reading]]]) -> None:
        """What was read goes on to be judged; of what does not, it is written what became of it."""
        readings = [(row, processing.reading_of(row.intake_id, row.file_name, future)) for row, _, future in items]
        known = known_files(self._store, self._task, [row for row, reading in readings if reading.packed])
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
                settle(self._store, row, outcomes[row])
                self._progress(1)

    def _judge_again(self, items: Sequence[tuple[Queued, Stored, Packed]]) -> None:
        """Bytes that are stored but were judged by other rules."""
        for row, known, packed in items:
            judge_again(self._store, self._task, row, known, packed)
            self._progress(1)

    def _outcome(self, packed: Packed, agencies: Mapping[str, Agency]) -> dict[str, Any]:
        """What becomes of a file that is not judged now; empty if it is."""
        columns = {"format": packed.format.value, **identity_columns(packed.identity, None)}
        if packed.rejection:
            return columns | refusal("文种不符", packed.rejection.reason, packed.rejection.remedy)
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
        asked = ask(self._store, [wanted(packed, agency, due) for _, packed, agency, _ in coming], self._terms)
        for (row, packed, agency, process), each in zip(coming, asked, strict=True):
            self._judging.put(Coming(row, packed, agency, each, self._count), judge, each.dossier, near=process)

    def _write(self, items: Sequence[tuple[Queued, Coming, Future[Judged]]]) -> None:
        """Write what was judged in one transaction; what changed meanwhile is judged anew and written by itself."""
        good = [(coming, future.result()) for _, coming, future in items if future.exception() is None]
        saved = write_all(self._store, good)
        for row, _, future in items:
            if (error := future.exception()) is not None:
                self._refuse(row, processing.refused(row.intake_id, row.file_name, error))
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

    def _judge_anew(self, items: Sequence[tuple[Queued, Coming, None]]) -> None:
        """Reports of which something changed while they were judged."""
        for row, coming, _ in items:
            file_one(self._store, row, coming.packed, coming.asked.due)
            self.resting.otherwise.add((coming.agency.key, coming.year))
            self._progress(1)

    def _note_resting(self, coming: Coming, judged: Judged, saved: Saved) -> None:
        """Who is to be judged again since this report was written: those like it, among them what was written meanwhile."""
        key, asked = (coming.agency.key, coming.year), coming.asked
        if saved.version > 1:
            self.resting.otherwise.add(key)
        self.resting.stale |= {asked.peer_ids[at] for at in judged.near}
        if asked.dossier.subordinates is not None:
            self.resting.added_up[key] = asked.below
        own = _Written(self._count, key, asked.bands, judged.writing)
        for other in self._lately.sharing(own.bands, coming.written_before):
            if other.key[1] == key[1] and other.key != key:
                self._pairs.append(((key, own.writing), (other.key, other.writing)))
        self._lately.add(own)
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


class _Lately:
    """What the line wrote lately, and the bands that lead to it."""

    def __init__(self) -> None:
        self._written: dict[int, _Written] = {}
        self._holders: dict[int, list[int]] = defaultdict(list)  # band → who has it, by number

    def add(self, own: _Written) -> None:
        """Another one; the oldest beyond _LOOKED_BACK is forgotten."""
        self._written[own.number] = own
        for band in chain(*own.bands):
            self._holders[band].append(own.number)
        if len(self._written) > _LOOKED_BACK:
            oldest = self._written.pop(next(iter(self._written)))
            for band in chain(*oldest.bands):
                self._holders[band].pop(0)
                if not self._holders[band]:
                    del self._holders[band]

    def sharing(self, bands: Bands, since: int) -> list[_Written]:
        """Those from the number `since` on that share enough of these bands to be compared, in their order."""

        def holders(band: int) -> Sequence[int]:
            numbers = self._holders.get(band, ())
            return numbers[bisect_left(numbers, since) :]

        return [self._written[number] for number in sorted(peer_rows.sharing(bands, holders))]
