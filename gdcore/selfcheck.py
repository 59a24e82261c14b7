"""Files checked and nothing stored: what an agency does before it submits, on the page and on the command line."""

from __future__ import annotations

import hashlib
import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gdcore import archive, checking, masking, processing, readers, scoring
from gdcore.checking import Checked, Facts
from gdcore.document import Format
from gdcore.errors import UnreadableFile
from gdcore.peers import Batch
from gdcore.processing import Held, Job, Make, Reading
from gdcore.profile import Profile
from gdcore.report import Report
from gdcore.scoring import Scheme, Score
from gdcore.task import Task

log = logging.getLogger(__name__)

CHECKED: Final = "checked"
NOT_A_REPORT: Final = "not_a_report"
UNREADABLE: Final = "unreadable"

File = tuple[str, "bytes | UnreadableFile"]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file. `outcome` is checked, not_a_report or unreadable; `incident`: this program failed.

    Once checked, `report` and `file` are as they may be shown: with personal data masked.
    """

    file: str
    sha256: str | None
    format: Format | None
    outcome: str
    reason: str | None = None
    remedy: str = ""
    report: Report | None = None
    checked: Checked | None = None
    score: Score | None = None
    incident: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What files are checked by. `priors`: last year's reports; a single one serves a single file whatever its name."""

    profile: Profile
    scheme: Scheme
    year: int | None = None
    priors: tuple[Report, ...] = ()


def check_files(
    files: Iterable[File], terms: Terms, *, workers: int = 1, make: Make = processing.process_pool
) -> list[FileResult]:
    """Read and check files (name, bytes or why there are none); archives are unpacked, one bad file stops nothing."""
    unpacked = (member for file in files for member in members(file))
    return check_read(list(read_files(unpacked, workers, make=make)), terms)


def read_files(files: Iterable[File], workers: int, *, make: Make = processing.process_pool) -> Iterator[FileResult]:
    """Files read and recognised in watched processes, not yet checked; in their order."""
    waiting: deque[FileResult | tuple[str, bytes]] = deque()

    def jobs() -> Iterator[Job]:
        for number, (name, data) in enumerate(files):
            if isinstance(data, UnreadableFile):
                waiting.append(_unread(name, data))
            else:
                waiting.append((name, data))
                yield Job(number, Held(data), name)

    for reading in processing.read_all(jobs(), workers, make):
        while isinstance(result := waiting.popleft(), FileResult):
            yield result
        yield _of_reading(*result, reading)
    yield from (result for result in waiting if isinstance(result, FileResult))


def check_read(read: Sequence[FileResult], terms: Terms) -> list[FileResult]:
    """Check files that were read (`read_files`); all of them together are what is alike to each other."""
    batch = Batch(r.report for r in read if r.report is not None and r.outcome == CHECKED)
    return [_check(result, batch, terms, alone=len(read) == 1) for result in read]


def members(file: File) -> Iterable[File]:
    """The file itself, or what is in it if it is an archive."""
    name, data = file
    return ((archive.label(name), data),) if isinstance(data, UnreadableFile) else archive.expand(name, data)


def _unread(name: str, reason: UnreadableFile) -> FileResult:
    return FileResult(masking.anywhere(name), None, None, UNREADABLE, str(reason), reason.remedy)


def _of_reading(name: str, data: bytes, reading: Reading) -> FileResult:
    shown, digest = masking.anywhere(name), hashlib.sha256(data).hexdigest()
    if reading.report is not None:
        return _recognised(shown, digest, reading.report)
    words = reading.reason, reading.remedy
    return FileResult(shown, digest, _format(data), UNREADABLE, *words, incident=reading.incident)


def _recognised(shown: str, digest: str, report: Report) -> FileResult:
    if report.rejection:
        words = report.rejection.reason, report.rejection.remedy
        return FileResult(shown, digest, report.format, NOT_A_REPORT, *words, report=report)
    return FileResult(shown, digest, report.format, CHECKED, report=report)


def _format(data: bytes) -> Format | None:
    try:
        return readers.sniff(data)
    except UnreadableFile:
        return None


def _failed(result: FileResult, error: Exception) -> FileResult:
    incident = processing.incident_number()
    log.error("%s: %s could not be processed\n%s", incident, result.file, masking.told(error))
    return replace(result, outcome=UNREADABLE, reason=f"处理时出错，编号 {incident}（已记入日志）。", incident=incident)


def _check(result: FileResult, batch: Batch, terms: Terms, alone: bool) -> FileResult:
    report = result.report
    if report is None:
        return result
    prior = _prior(report, terms.priors, alone)
    facts = Facts(report, terms.profile, Task(terms.year), prior=prior, peers=batch.peers(report))
    try:
        checked = checking.check(facts)
        score = scoring.score(report, checked.findings, terms.scheme)
    except Exception as error:
        return replace(_failed(result, error), report=None)
    mask = masking.of(facts.exposure)
    shown = mask.shown(report)
    return replace(
        result, file=mask.text(result.file), report=shown, checked=replace(checked, report=shown), score=score
    )


def _prior(report: Report, priors: Sequence[Report], alone: bool) -> Report | None:
    """Last year's report of the same agency; a single one serves a single file whatever its name."""
    if alone and len(priors) == 1:
        return priors[0]
    own = [p for p in priors if p.identity.agency and p.identity.agency == report.identity.agency]
    year = report.identity.year
    return next((p for p in own if year and p.identity.year == year - 1), own[0] if own else None)
