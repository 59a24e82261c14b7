"""A report on its way into the store: what it is judged by, how it is written, and what becomes of its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from gdcore.agency import Agency
from gdcore.assessing import TRIES, NotPossible, agency_of, recheck
from gdcore.judging import Judged, judge
from gdcore.lifecycle import PROGRAM
from gdcore.report import Identity
from gdcore.serial import Packed
from gdcore.store import Store, audit, filing, intake_rows, reports, roster
from gdcore.store.dossiers import Asked, Due, Wanted, ask
from gdcore.store.filing import Filing, Saved, StalePrior
from gdcore.store.intake_rows import BatchTask, Queued
from gdcore.store.reports import Stored


@dataclass(frozen=True, slots=True)
class Coming:
    """A report that was read, on its way to be judged and written."""

    row: Queued
    packed: Packed
    agency: Agency
    asked: Asked
    written_before: int = 0  # reports that the line had written when this one's dossier was gathered

    @property
    def year(self) -> int:
        """The year it is filed under."""
        return year_of(self.packed.identity)

    def filing(self, judged: Judged, **words: Any) -> Filing:
        """Ready to be written."""
        assessed, due = self.asked.assessed(judged), self.asked.due
        return Filing(self.agency, self.year, assessed, self.row.file_name, due.sample, **words)


def wanted(packed: Packed, agency: Agency, due: Due, without: int | None = None) -> Wanted:
    """What is asked of the store to judge a report; `without`: a stored one that is about to go."""
    year = year_of(packed.identity)
    return Wanted(packed.data, packed.digest, packed.bands, agency, year, due, without=without)


def year_of(identity: Identity) -> int:
    """The year that a report is filed under. Raises NotPossible where none is known."""
    if identity.year is None:
        raise NotPossible("请填写报告年度。")
    return identity.year


def write_all(store: Store, good: Sequence[tuple[Coming, Judged]]) -> list[Saved | None]:
    """Write reports, with what became of their files; None for one that must be judged anew, or that one behind it overtook."""
    if not good:
        return []
    with store.writing() as connection:
        places = [(coming.row.intake_id, coming.agency.key, coming.year) for coming, _ in good]
        overtaken = intake_rows.overtaken(connection, places)
        fit = [each for each in good if each[0].row.intake_id not in overtaken]
        written = filing.save_all(store, connection, [coming.filing(judged) for coming, judged in fit])
        saved = {coming.row.intake_id: one for (coming, _), one in zip(fit, written, strict=True) if one is not None}
        told = [noted(coming, saved[coming.row.intake_id]) for coming, _ in fit if coming.row.intake_id in saved]
        if not intake_rows.settle_all(connection, "queued", told):
            raise NotPossible(*_TAKEN)
    return [saved.get(coming.row.intake_id) for coming, _ in good]


_TAKEN = ("这份文件已由其他人处理。", "请刷新后查看结果。")


def noted(coming: Coming, saved: Saved) -> tuple[int, dict[str, Any]]:
    """What became of the file of a report that was written."""
    columns = identity_columns(coming.packed.identity, coming.agency)
    return coming.row.intake_id, {"format": coming.packed.format.value, **columns, **outcome_of(saved)}


def file_one(
    store: Store, row: Queued, packed: Packed, due: Due, expected: str = "queued", actor: str | None = None
) -> Saved:
    """Check a report and write it with what became of its file, in one transaction.

    `actor`: who said whose report it is, None where it says so itself.
    """
    agency, year = agency_of(store, packed.identity), year_of(packed.identity)
    for _ in range(TRIES):
        (asked,) = ask(store, [wanted(packed, agency, due)])
        coming = Coming(row, packed, agency, asked)
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
                if not intake_rows.settle_all(connection, expected, [noted(coming, saved)]):
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
    return moving(store, known, Packed.of(known.as_read), None, known.by_person)


def moving(store: Store, known: Stored, packed: Packed, target: Agency | None, by_person: bool) -> Filing:
    """A stored report that is written anew: under `target`, or where it was."""
    agency = target or roster.agency_by_key(store, known.agency_key)
    if agency is None:
        raise StalePrior
    row = Queued(0, known.file_name, packed.digest)
    due = Due(known.profile, known.task_year, known.sample)
    (asked,) = ask(store, [wanted(packed, agency, due, known.report_id)])
    coming = Coming(row, packed, agency, asked)
    return coming.filing(judge(asked.dossier), by_person=by_person, received_at=known.received_at)


def _put_last(store: Store, connection: Any, report_id: int, incoming: Filing) -> None:
    """Let a report count again that a slower one, which stood before it in its batch, has just come after."""
    filing.remove(store, connection, report_id)
    saved = filing.save(store, connection, incoming)
    agency = incoming.agency
    intake_rows.point(connection, report_id, saved.report_id, saved.version, agency.key, agency.name, incoming.year)


def judge_again(store: Store, task: BatchTask, row: Queued, known: Stored, packed: Packed) -> None:
    """Bytes that are stored: checked again by the rules of today, kept under the agency and year a person gave."""
    if known.by_person:
        packed = Packed.of(replace(packed.report(), identity=known.report.identity))
    recheck(store, known.report_id, packed, task.profile)
    with store.writing() as connection:
        saved = filing.repeat(connection, known.report_id)
        outcome = identity_columns(packed.identity, None) | outcome_of(saved)
        intake_rows.settle_all(connection, "queued", [(row.intake_id, outcome)])


def repeat(store: Store, row: Queued, known: Stored) -> None:
    """Bytes that are stored and were judged by the same rules: there is nothing to do."""
    agency = roster.agency_by_key(store, known.agency_key)
    with store.writing() as connection:
        saved = filing.repeat(connection, known.report_id)
        outcome = identity_columns(known.report.identity, agency) | outcome_of(saved)
        intake_rows.settle_all(connection, "queued", [(row.intake_id, outcome)])


def settle(store: Store, row: Queued, outcome: dict[str, Any]) -> None:
    """Note what became of a file that is not judged, or no further."""
    with store.writing() as connection:
        intake_rows.settle_all(connection, "queued", [(row.intake_id, outcome)])


def known_files(store: Store, task: BatchTask, rows: Sequence[Queued]) -> dict[str, Stored]:
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


# --- rows -----------------------------------------------------------------------------------------------------------


def refusal(kind: str, reason: str, remedy: str) -> dict[str, Any]:
    """The columns of a file that is not taken: its kind, why, and what to do."""
    return {"state": "refused", "kind": kind, "reason": reason, "remedy": remedy}


def outcome_of(saved: Saved) -> dict[str, Any]:
    """The columns of a file whose report stands in the store."""
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


def identity_columns(identity: Identity, agency: Agency | None) -> dict[str, Any]:
    """The columns that tell whose report it is, by what the report says and by whose it is in the store."""
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
