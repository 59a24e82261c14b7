"""What people decide about findings: a log that only grows, the state it leads to, and the scores that follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from gdcore import lifecycle, scoring
from gdcore.finding import Finding
from gdcore.report import Report
from gdcore.store.engine import Store, chunks, now
from gdcore.store.filing import score_columns, states_of
from gdcore.store.finding_rows import finding_of
from gdcore.store.rows import Decided, DecisionRow
from gdcore.store.serial import Judgement, pack_judgement, unpack_judgement, unpack_report
from gdcore.store.summary import standing
from gdcore.store.tables import DECISION, FINDING, FINDING_STATE, REPORT


def decide(
    store: Store, fingerprints: Sequence[str], state: str, actor: str, reason: str = "", note: str = ""
) -> Decided:
    """Move findings to `state`, log it, and score the reports again, all in one transaction.

    Findings that cannot take the step from where they stand now (someone else was quicker) are left and counted.
    Raises lifecycle.IllegalMove when none of them can, or when the step asks for a reason and there is none.
    """
    wanted = list(dict.fromkeys(fingerprints))
    reports = _reports(store, wanted)
    with store.writing() as connection:
        known = _known(connection, wanted)
        before = dict.fromkeys(known, lifecycle.START) | states_of(connection, known)
        movable = [f for f in known if lifecycle.step(before[f], state)]
        if known and not movable:
            lifecycle.require(before[known[0]], state, reason)
        for fingerprint in movable:
            lifecycle.require(before[fingerprint], state, reason)
            _log(connection, fingerprint, before[fingerprint], state, actor, reason, note)
        affected = _move(connection, movable, state)
        for report_id in affected:
            _rescore(store, connection, report_id, reports)
    return Decided(len(movable), len(wanted) - len(movable), len(affected))


def annotate(store: Store, fingerprints: Sequence[str], actor: str, note: str) -> int:
    """Write a note to findings without moving them; how many there were."""
    with store.writing() as connection:
        known = _known(connection, fingerprints)
        before = dict.fromkeys(known, lifecycle.START) | states_of(connection, known)
        for fingerprint in known:
            _log(connection, fingerprint, before[fingerprint], before[fingerprint], actor, "", note)
    return len(known)


def history(store: Store, fingerprint: str) -> list[DecisionRow]:
    """All decisions on a finding, oldest first."""
    question = select(DECISION).where(DECISION.c.fingerprint == fingerprint).order_by(DECISION.c.id)
    with store.reading() as connection:
        rows = connection.execute(question).all()
    return [DecisionRow(r.fingerprint, r.state, r.before, r.actor, r.at, r.reason, r.note) for r in rows]


def carry(connection: Connection, moves: Iterable[tuple[str, str]], actor: str) -> None:
    """Carry decisions over from old fingerprints to new ones, for a report that turned out to be another agency's."""
    for old, new in moves:
        row = connection.execute(select(FINDING_STATE).where(FINDING_STATE.c.fingerprint == old)).first()
        if row is not None and row.state != lifecycle.START and not states_of(connection, [new]):
            _log(connection, new, lifecycle.START, row.state, actor, row.reason, row.note)


def _known(connection: Connection, fingerprints: Sequence[str]) -> list[str]:
    found: set[str] = set()
    for part in chunks(fingerprints):
        found |= set(connection.execute(select(FINDING.c.fingerprint).where(FINDING.c.fingerprint.in_(part))).scalars())
    return [f for f in fingerprints if f in found]


def _log(connection: Connection, fingerprint: str, before: str, state: str, actor: str, reason: str, note: str) -> None:
    at = now()
    words = {"actor": actor, "reason": reason, "note": note}
    connection.execute(insert(DECISION).values(fingerprint=fingerprint, before=before, state=state, at=at, **words))
    connection.execute(delete(FINDING_STATE).where(FINDING_STATE.c.fingerprint == fingerprint))
    connection.execute(insert(FINDING_STATE).values(fingerprint=fingerprint, state=state, decided_at=at, **words))


def _move(connection: Connection, fingerprints: Sequence[str], state: str) -> list[int]:
    """Give all rows of these fingerprints the state; the reports that hold them."""
    affected: set[int] = set()
    for part in chunks(fingerprints):
        among = FINDING.c.fingerprint.in_(part)
        affected |= set(connection.execute(select(FINDING.c.report_id).where(among)).scalars())
        connection.execute(update(FINDING).where(among).values(state=state))
    return sorted(affected)


def _reports(store: Store, fingerprints: Sequence[str]) -> dict[int, Report]:
    """The reports of these findings, unpacked before the transaction begins so that it stays short."""
    with store.reading() as connection:
        packed: dict[int, bytes] = {}
        for part in chunks(fingerprints):
            question = select(REPORT.c.id, REPORT.c.packed).distinct().join(FINDING, FINDING.c.report_id == REPORT.c.id)
            packed |= {
                row.id: row.packed for row in connection.execute(question.where(FINDING.c.fingerprint.in_(part)))
            }
    return {report_id: unpack_report(data) for report_id, data in packed.items()}


def _rescore(store: Store, connection: Connection, report_id: int, reports: dict[int, Report]) -> None:
    """Score a report by the states its findings have now."""
    row = connection.execute(select(REPORT.c.packed, REPORT.c.judged).where(REPORT.c.id == report_id)).one()
    report = reports.get(report_id) or unpack_report(row.packed)
    found = connection.execute(
        select(FINDING).where(FINDING.c.report_id == report_id).order_by(FINDING.c.position)
    ).all()
    findings: list[Finding] = [finding_of(each) for each in found]
    states = {each.fingerprint: each.state for each in found}
    score = scoring.score(report, findings, store.scheme, states)
    kept = unpack_judgement(row.judged)
    judged = pack_judgement(Judgement(kept.outcomes, kept.reasons, score))
    columns = score_columns(report, findings, states, score)
    connection.execute(update(REPORT).where(REPORT.c.id == report_id).values(judged=judged, **columns))
    points = score.points()
    for each, finding in zip(found, findings, strict=True):
        values = {"points": points.get(each.fingerprint, 0), "standing": standing(finding, each.state)}
        if (each.points, each.standing) != (values["points"], values["standing"]):
            connection.execute(update(FINDING).where(FINDING.c.id == each.id).values(**values))
