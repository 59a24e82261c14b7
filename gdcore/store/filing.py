"""Writing reports: whose they are, which version, their findings and scorecard, all in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from gdcore import lifecycle
from gdcore.agency import Agency
from gdcore.finding import Finding
from gdcore.judging import Judged
from gdcore.mending import Mend
from gdcore.serial import Judgement, anchors_text, pack_judgement, unpack_judgement, unpack_report
from gdcore.store import audit, following, peer_rows, progress, reports, states
from gdcore.store.engine import Store, chunks, now
from gdcore.store.finding_rows import finding_of
from gdcore.store.mends import all_standing, standing_mends
from gdcore.store.roster import enter_agencies, enter_agency
from gdcore.store.tables import FINDING, FINDING_STATE, REPORT
from gdcore.summary import Card, card_of, is_veto, standing
from gdcore.verdict import Outcome


class StalePrior(Exception):
    """Last year's report, or what people mended, changed between check and save: check again."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """The result of a check, and what it rests on. `prior_id`: the report that served as last year's.

    `bands` lead to reports that may be like it, `mends` are what people corrected in the reading.
    """

    judged: Judged
    bands: frozenset[int]
    profile: str
    task_year: int | None = None
    prior_id: int | None = None
    mends: tuple[Mend, ...] = ()


@dataclass(frozen=True, slots=True)
class Filing:
    """A report on its way in."""

    agency: Agency
    year: int
    assessed: Assessed
    file_name: str
    sample: bool = False
    by_person: bool = False
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What a filing became. `change` compares with the version before, in the words of the intake page."""

    report_id: int
    version: int
    total: float | None
    errors: int
    warnings: int
    reviews: int
    change: str
    unchanged: bool = False


# --- writing --------------------------------------------------------------------------------------------------------


def save(store: Store, connection: Connection, filing: Filing) -> Saved:
    """Write a report as the newest version of its agency and year; the same bytes again change nothing.

    Raises StalePrior, with nothing written, when the report that served as last year's is no longer the one.
    """
    assessed, key, year = filing.assessed, filing.agency.key, filing.year
    judged = assessed.judged
    _expect_prior(connection, key, year, assessed.prior_id)
    _expect_mends(connection, judged.digest, assessed.mends)
    enter_agency(connection, filing.agency, filing.sample)
    versions = connection.execute(
        select(REPORT.c.id, REPORT.c.version, REPORT.c.current, REPORT.c.digest)
        .where(REPORT.c.agency_key == key, REPORT.c.year == year)
        .order_by(REPORT.c.version)
    ).all()
    same = [row for row in versions if row.digest == judged.digest]
    if same:
        return repeat(connection, next((row.id for row in same if row.current), same[-1].id))
    before = next((row.id for row in versions if row.current), None)
    for table, column in ((REPORT, REPORT.c.id), (FINDING, FINDING.c.report_id)) if versions else ():
        connection.execute(update(table).where(column.in_([row.id for row in versions])).values(current=False))
    version = versions[-1].version + 1 if versions else 1
    following.follow(connection, key, year, version, judged)
    report_id = _insert(store, connection, filing, version)
    progress.arrive(connection, key, year, version)
    change = _change(connection, before, report_id) if before else _FIRST
    audit.record_all(connection, [_logged(filing, version, change)])
    return _saved(connection, report_id, change)


_FIRST = "首次报送"


def _logged(filing: Filing, version: int, change: str) -> audit.Entry:
    told = {"version": version, "sha256": filing.assessed.judged.digest, "change": change}
    return audit.Entry(lifecycle.PROGRAM, "report", f"{filing.agency.key} {filing.year}", told)


def save_all(store: Store, connection: Connection, filings: Sequence[Filing]) -> list[Saved | None]:
    """Write reports in their order, those that are the first of their agency and year all at once; None, with nothing written,
    for one that must be checked again since what it rests on changed.
    """
    fit = _fit(connection, filings)
    first = _first(connection, [each for each in fit if each is not None])
    saved = dict(zip(map(id, first), _save_first(store, connection, first), strict=True))
    return [None if each is None else saved.get(id(each)) or save(store, connection, each) for each in fit]


def _fit(connection: Connection, filings: Sequence[Filing]) -> list[Filing | None]:
    """Those whose last year's report and mends are still what they were checked with."""
    before = reports.filed(connection, {(each.agency.key, each.year - 1) for each in filings})
    priors = {(prior.agency_key, prior.year + 1): prior.report_id for prior in before}
    standing = all_standing(connection, {each.assessed.judged.digest for each in filings})

    def holds(each: Filing) -> bool:
        rests = priors.get((each.agency.key, each.year)), standing.get(each.assessed.judged.digest, ())
        return rests == (each.assessed.prior_id, each.assessed.mends)

    return [each if holds(each) else None for each in filings]


def _first(connection: Connection, filings: Sequence[Filing]) -> list[Filing]:
    """Those on whose agency's year nothing was ever filed or decided; of two on the same only the one that comes first."""
    known: set[tuple[str, int]] = set()
    for part in chunks(sorted({each.agency.key for each in filings})):
        for table in (REPORT, FINDING_STATE):
            question = select(table.c.agency_key, table.c.year).where(table.c.agency_key.in_(part)).distinct()
            known |= {(row.agency_key, row.year) for row in connection.execute(question)}
    first: dict[tuple[str, int], Filing] = {}
    for each in filings:
        place = each.agency.key, each.year
        if place not in known:
            first.setdefault(place, each)
    return list(first.values())


def _save_first(store: Store, connection: Connection, filings: Sequence[Filing]) -> list[Saved]:
    """Write reports on whose agencies' years there is nothing yet."""
    if not filings:
        return []
    enter_agencies(connection, [(each.agency, each.sample) for each in filings])
    decided = states.states_of(connection, [f.fingerprint for each in filings for f in each.assessed.judged.findings])
    cards = [_card(store, each.assessed.judged, decided) for each in filings]
    rows = [_values(each, card, 1) for each, card in zip(filings, cards, strict=True)]
    # which row has which number is told by its agency and year: in the order of the rows they would be written one by one
    asked = insert(REPORT).returning(REPORT.c.id, REPORT.c.agency_key, REPORT.c.year)
    numbers = {(row.agency_key, row.year): row.id for row in connection.execute(asked, rows)}
    ids = [numbers[each.agency.key, each.year] for each in filings]
    findings: list[dict[str, Any]] = []
    texts: dict[int, peer_rows.Text] = {}
    for report_id, each, card in zip(ids, filings, cards, strict=True):
        findings += _finding_rows(store, _owner(report_id, each), each.assessed.judged.findings, card)
        texts[report_id] = _text(each.assessed)
    if findings:
        connection.execute(insert(FINDING), findings)
    peer_rows.add(connection, texts)
    progress.arrive_first(connection, [(each.agency.key, each.year) for each in filings])
    audit.record_all(connection, (_logged(each, 1, _FIRST) for each in filings))
    return [_first_saved(report_id, row) for report_id, row in zip(ids, rows, strict=True)]


def _first_saved(report_id: int, row: Mapping[str, Any]) -> Saved:
    return Saved(report_id, 1, row["total"], row["errors"], row["warnings"], row["reviews"], _FIRST)


def repeat(connection: Connection, report_id: int) -> Saved:
    """The answer to bytes that are known already."""
    row = connection.execute(select(REPORT.c.version, REPORT.c.current).where(REPORT.c.id == report_id)).one()
    change = "内容相同，未变" if row.current else f"与第 {row.version} 版内容相同，未变"
    return _saved(connection, report_id, change, unchanged=True)


def _saved(connection: Connection, report_id: int, change: str, unchanged: bool = False) -> Saved:
    columns = (REPORT.c.version, REPORT.c.total, REPORT.c.errors, REPORT.c.warnings, REPORT.c.reviews)
    row = connection.execute(select(*columns).where(REPORT.c.id == report_id)).one()
    return Saved(report_id, row.version, row.total, row.errors, row.warnings, row.reviews, change, unchanged)


def _expect_prior(connection: Connection, agency_key: str, year: int, prior_id: int | None) -> None:
    of_last_year = (REPORT.c.agency_key == agency_key, REPORT.c.year == year - 1, REPORT.c.current)
    if connection.execute(select(REPORT.c.id).where(*of_last_year)).scalar() != prior_id:
        raise StalePrior


def _expect_mends(connection: Connection, digest: str, applied: tuple[Mend, ...]) -> None:
    if standing_mends(connection, digest) != applied:
        raise StalePrior


def _insert(store: Store, connection: Connection, filing: Filing, version: int) -> int:
    judged = filing.assessed.judged
    card = _scorecard(store, connection, judged)
    values = _values(filing, card, version)
    report_id: int = connection.execute(insert(REPORT).values(**values).returning(REPORT.c.id)).scalar_one()
    _insert_findings(store, connection, _owner(report_id, filing), judged.findings, card)
    peer_rows.write(connection, report_id, _text(filing.assessed))
    states.refresh_lines(connection, filing.agency.key, filing.year, version, judged.findings, store.scheme)
    return report_id


def _values(filing: Filing, card: _Scorecard, version: int) -> dict[str, Any]:
    """The columns of a version that now counts."""
    return {
        "agency_key": filing.agency.key,
        "year": filing.year,
        "version": version,
        "current": True,
        "digest": filing.assessed.judged.digest,
        "file_name": filing.file_name,
        "format": filing.assessed.judged.format,
        "received_at": filing.received_at or now(),
        "by_person": filing.by_person,
        "sample": filing.sample,
        **_columns(filing.assessed, card),
    }


def _owner(report_id: int, filing: Filing) -> dict[str, Any]:
    return {"report_id": report_id, "agency_key": filing.agency.key, "year": filing.year, "current": True}


def replace_check(
    store: Store, connection: Connection, report_id: int, assessed: Assessed, by_person: bool = False
) -> None:
    """Write the result of a re-check over the old one; decisions stay, since they hang on fingerprints.

    Raises StalePrior as `save` does.
    """
    judged = assessed.judged
    columns = (REPORT.c.agency_key, REPORT.c.year, REPORT.c.version, REPORT.c.current)
    row = connection.execute(select(*columns).where(REPORT.c.id == report_id)).one()
    _expect_prior(connection, row.agency_key, row.year, assessed.prior_id)
    _expect_mends(connection, judged.digest, assessed.mends)
    card = _scorecard(store, connection, judged)
    connection.execute(delete(FINDING).where(FINDING.c.report_id == report_id))
    values = _columns(assessed, card) | ({"by_person": True} if by_person else {})
    connection.execute(update(REPORT).where(REPORT.c.id == report_id).values(**values))
    owner = {"report_id": report_id, "agency_key": row.agency_key, "year": row.year, "current": row.current}
    _insert_findings(store, connection, owner, judged.findings, card)
    peer_rows.write(connection, report_id, _text(assessed))
    if row.current:
        states.refresh_lines(connection, row.agency_key, row.year, row.version, judged.findings, store.scheme)


def _text(assessed: Assessed) -> peer_rows.Text:
    return peer_rows.Text(assessed.judged.writing, assessed.bands, assessed.judged.beside)


@dataclass(frozen=True, slots=True)
class _Scorecard:
    """The states that the findings have, and what follows from them."""

    states: Mapping[str, str]
    card: Card
    judgement: bytes


def _scorecard(store: Store, connection: Connection, judged: Judged) -> _Scorecard:
    return _card(store, judged, states.states_of(connection, [f.fingerprint for f in judged.findings]))


def _card(store: Store, judged: Judged, states: Mapping[str, str]) -> _Scorecard:
    """`states` may have those of other reports' findings too."""
    decided = {f.fingerprint: states[f.fingerprint] for f in judged.findings if f.fingerprint in states}
    if not decided:
        return _Scorecard({}, judged.card, judged.judgement)
    card = card_of(unpack_report(judged.report), judged.findings, decided, store.scheme)
    return _Scorecard(decided, card, rescored(judged.judgement, card))


def rescored(judgement: bytes, card: Card) -> bytes:
    """A packed judgement with another score."""
    kept = unpack_judgement(judgement)
    return pack_judgement(Judgement(kept.outcomes, kept.reasons, card.score))


def _columns(assessed: Assessed, card: _Scorecard) -> dict[str, Any]:
    judged = assessed.judged
    return {
        "packed": judged.report,
        "numbers": judged.numbers,
        "as_read": judged.as_read,
        "checked_at": now(),
        "engine": judged.engine,
        "profile": assessed.profile,
        "task_year": assessed.task_year,
        "judged": card.judgement,
        **card_columns(card.card),
    }


def card_columns(card: Card) -> dict[str, Any]:
    """The columns of a report that follow from its findings and the decisions on them."""
    score, found = card.score, card.counts
    return {
        "total": score.total,
        "band": score.band,
        "veto": score.veto,
        "errors": found.errors,
        "warnings": found.warnings,
        "infos": found.infos,
        "reviews": found.reviews,
        "summary": card.summary,
    }


def _insert_findings(
    store: Store, connection: Connection, owner: Mapping[str, Any], findings: Sequence[Finding], card: _Scorecard
) -> None:
    if rows := _finding_rows(store, owner, findings, card):
        connection.execute(insert(FINDING), rows)


def _finding_rows(
    store: Store, owner: Mapping[str, Any], findings: Sequence[Finding], card: _Scorecard
) -> list[dict[str, Any]]:
    points = card.card.score.points()
    return [
        {**owner, "position": position, **_finding_columns(store, finding, card.states, points)}
        for position, finding in enumerate(findings)
    ]


def _finding_columns(
    store: Store, finding: Finding, states: Mapping[str, str], points: Mapping[str, float]
) -> dict[str, Any]:
    state = states.get(finding.fingerprint, "pending")
    bucket = store.scheme.bucket_of(finding.rule)
    review = finding.outcome is Outcome.REVIEW
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "severity_rank": finding.severity.rank,
        "outcome": finding.outcome.value,
        "level": "review" if review else finding.severity.value,
        "standing": standing(finding, state),
        "veto": is_veto(finding, store.scheme),
        "bucket": bucket.key if bucket else None,
        "address": finding.address,
        "message": finding.message,
        "expected": finding.expected,
        "found": finding.found,
        "suggestion": finding.suggestion,
        "confidence": finding.confidence,
        "fingerprint": finding.fingerprint,
        "anchors": anchors_text(finding.anchors),
        "state": state,
        "points": points.get(finding.fingerprint, 0),
    }


def _change(connection: Connection, before: int, after: int) -> str:
    """“消失 3 · 仍在 1 · 新增 0 · 重现 1”: findings by fingerprint, without those that were dismissed."""
    old, new = (_standing_fingerprints(connection, report_id) for report_id in (before, after))
    back = _earlier(connection, after, new - old)
    words = f"消失 {len(old - new)} · 仍在 {len(old & new)} · 新增 {len(new - old - back)}"
    return f"{words} · 重现 {len(back)}" if back else words


def _earlier(connection: Connection, report_id: int, fingerprints: Collection[str]) -> set[str]:
    """Those of these that an earlier version had."""
    found: set[str] = set()
    for part in chunks(sorted(fingerprints)):
        among = (FINDING.c.fingerprint.in_(part), FINDING.c.report_id != report_id)
        found |= set(connection.execute(select(FINDING.c.fingerprint).where(*among)).scalars())
    return found


def fingerprints(connection: Connection, report_id: int) -> dict[tuple[str, str], str]:
    """(rule, address) → fingerprint of a version's findings."""
    question = select(FINDING.c.rule, FINDING.c.address, FINDING.c.fingerprint).where(FINDING.c.report_id == report_id)
    return {(row.rule, row.address): row.fingerprint for row in connection.execute(question)}


def _standing_fingerprints(connection: Connection, report_id: int) -> set[str]:
    question = select(FINDING.c.fingerprint).where(FINDING.c.report_id == report_id, FINDING.c.standing != "")
    return set(connection.execute(question).scalars())


def remove(store: Store, connection: Connection, report_id: int) -> None:
    """Take a version out; the newest of those left becomes the one that counts."""
    row = connection.execute(
        select(REPORT.c.agency_key, REPORT.c.year, REPORT.c.current, REPORT.c.digest, REPORT.c.version).where(
            REPORT.c.id == report_id
        )
    ).one()
    connection.execute(delete(FINDING).where(FINDING.c.report_id == report_id))
    peer_rows.forget(connection, [report_id])
    connection.execute(delete(REPORT).where(REPORT.c.id == report_id))
    told = {"sha256": row.digest, "version": row.version}
    audit.record(connection, lifecycle.PROGRAM, "report removed", f"{row.agency_key} {row.year}", **told)
    if not row.current:
        return
    of_year = (REPORT.c.agency_key == row.agency_key, REPORT.c.year == row.year)
    version = connection.execute(select(func.max(REPORT.c.version)).where(*of_year)).scalar()
    heir = connection.execute(select(REPORT.c.id).where(*of_year, REPORT.c.version == version)).scalar()
    if heir is not None:
        connection.execute(update(REPORT).where(REPORT.c.id == heir).values(current=True))
        connection.execute(update(FINDING).where(FINDING.c.report_id == heir).values(current=True))
    else:
        progress.leave(connection, row.agency_key, row.year)
    standing = connection.execute(select(FINDING).where(FINDING.c.report_id == heir)).all() if heir is not None else []
    found = [finding_of(each) for each in standing]
    states.refresh_lines(connection, row.agency_key, row.year, version or 0, found, store.scheme)
