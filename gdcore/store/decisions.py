"""What people decide about findings: a log that only grows, the state it leads to, and the scores that follow."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from gdcore.finding import Finding
from gdcore.lifecycle import FINDING as MACHINE
from gdcore.lifecycle import PROGRAM, IllegalMove, Step
from gdcore.report import Report
from gdcore.serial import unpack_report
from gdcore.store import progress, states
from gdcore.store.engine import Store, chunks, now
from gdcore.store.filing import card_columns, rescored
from gdcore.store.finding_rows import finding_of
from gdcore.store.rows import Decided, DecisionRow, Duty
from gdcore.store.states import Move
from gdcore.store.tables import DECISION, FILING, FINDING, FINDING_STATE, REPORT
from gdcore.summary import card_of, standing

# Said of what someone else moved between showing and deciding.
OVERTAKEN = "其他人已经处理过。"
# What a person laid down about a finding, and goes with it to another agency.
_CARRIED = (
    "due", "responsible", "demand", "progress", "evidence", "remark", "issued_at", "finished_at", "verified_by",
    "before_waiver", "waiver_by", "waiver_person", "waiver_until",
)  # fmt: skip


def decide(
    store: Store,
    fingerprints: Sequence[str],
    state: str,
    actor: str,
    reason: str = "",
    note: str = "",
    duty: Duty | None = None,
    seen: Mapping[str, str] | None = None,
) -> Decided:
    """Move findings to `state`; otherwise as `decide_each`."""
    return decide_each(store, dict.fromkeys(fingerprints, state), actor, reason, note, duty, seen)


def decide_each(
    store: Store,
    targets: Mapping[str, str],
    actor: str,
    reason: str = "",
    note: str = "",
    duty: Duty | None = None,
    seen: Mapping[str, str] | None = None,
    number: int | None = None,
) -> Decided:
    """Move findings (fingerprint → state), log it, and score the reports again, all in one transaction.

    `number` is the actor's in the list of people, where people sign in. `seen` is the state in which each was shown to the person: what someone else moved meanwhile, or what cannot take the
    step, is left and counted. Raises lifecycle.IllegalMove when none of them can be moved, with the sentence of the first.
    """
    reports = _reports(store, list(targets))
    with store.writing() as connection:
        moves, refused = _moves(connection, targets, actor, reason, note, duty or Duty(), seen or {}, number)
        if not moves and refused:
            raise refused
        states.write(connection, moves, actor)
        affected = _holding(connection, [move.fingerprint for move in moves])
        for report_id in affected:
            _rescore(store, connection, report_id, reports)
        progress.begin_review(connection, _filed_under(connection, affected), actor)
    return Decided(len(moves), len(targets) - len(moves), len(affected), str(refused or ""))


def _moves(
    connection: Connection,
    targets: Mapping[str, str],
    actor: str,
    reason: str,
    note: str,
    duty: Duty,
    seen: Mapping[str, str],
    number: int | None = None,
) -> tuple[list[Move], IllegalMove | None]:
    """The moves that can be made, and why the first of the others cannot."""
    moves: list[Move] = []
    refused: IllegalMove | None = None
    lines = states.lines_of(connection, list(targets))
    for fingerprint in _known(connection, targets, lines):
        line, state = lines.get(fingerprint), targets[fingerprint]
        before = line.state if line else MACHINE.start
        try:
            if seen.get(fingerprint, before) != before:
                raise IllegalMove(OVERTAKEN)
            step = MACHINE.require(before, state, reason, actor, _asked_by(line, actor, number))
            values = _laid_down(step, line, duty, actor, reason)
            if step.target == "waiver_requested":
                values["waiver_person"] = number
            moves.append(Move(fingerprint, before, state, reason, note, values))
        except IllegalMove as error:
            refused = refused or error
    return moves, refused


def _asked_by(line: Any, actor: str, number: int | None) -> str:
    """Who asked for a waiver; where people sign in, someone whose name was changed since is the same person still."""
    if line is None:
        return ""
    return actor if number is not None and line.waiver_person == number else str(line.waiver_by or "")


def _laid_down(step: Step, line: Any, duty: Duty, actor: str, reason: str) -> dict[str, Any]:
    """What a step writes beside the state; raises IllegalMove when what it needs is missing."""
    values: dict[str, Any] = {**duty.values()}
    if step.back:
        return values | _taken_back(step, line)
    if step.target == "issued":
        _require(values.get("due") or (line and line.due), "下发须写明整改时限。", "请填写整改时限后再试。")
        values["issued_at"] = now()
    elif step.target == "corrected":
        values.setdefault("progress", reason)
    elif step.target == "closed":
        _require(values.get("evidence") or (line and line.evidence), "销号须有依据。", "请写明新版本或公开网址。")
        values |= {"finished_at": now(), "verified_by": actor}
    elif step.target == "waiver_requested":
        _require(values.get("waiver_until"), "申请豁免须写明到期日。", "请填写到期日后再试。")
        values |= {"before_waiver": step.source, "waiver_by": actor}
    return values


def _taken_back(step: Step, line: Any) -> dict[str, Any]:
    if step.source == "waiver_requested" and line is not None and line.before_waiver not in (None, step.target):
        raise IllegalMove(f"不予豁免后应回到“{MACHINE.names[line.before_waiver]}”。")
    if step.source == "closed":
        return {"finished_at": None, "verified_by": None}
    return {"issued_at": None, "due": None} if step.source == "issued" else {}


def _require(given: Any, sentence: str, remedy: str) -> None:
    if not given:
        raise IllegalMove(sentence, remedy)


def _filed_under(connection: Connection, report_ids: Sequence[int]) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for part in chunks(report_ids):
        question = select(REPORT.c.agency_key, REPORT.c.year).where(REPORT.c.id.in_(part), REPORT.c.current)
        found |= {(row.agency_key, row.year) for row in connection.execute(question)}
    return found


def return_reports(
    store: Store, agency_keys: Sequence[str], year: int, actor: str, due: date, reason: str = "", demand: str = ""
) -> Decided:
    """Send reports back: each is 退回修改 until `due`, and its confirmed findings are issued with that deadline.

    All in one transaction; findings that are not confirmed stay as they are. Raises IllegalMove when none can be returned.
    """
    duty = Duty(due=due, demand=demand or None)
    with store.writing() as connection:
        targets = {(key, year): "returned" for key in agency_keys}
        done = progress.step_filings(connection, targets, actor, reason, due=due)
        back = set(_returned(connection, agency_keys, year))
        found: list[str] = []
        for part in chunks(sorted(back)):
            among = (FINDING.c.agency_key.in_(part), FINDING.c.year == year, FINDING.c.current)
            open_states = FINDING.c.state.in_(("confirmed", "reappeared"))
            found += connection.execute(select(FINDING.c.fingerprint).where(*among, open_states)).scalars()
        moves, _ = _moves(connection, dict.fromkeys(found, "issued"), actor, reason, "", duty, {})
        states.write(connection, moves, actor)
    return Decided(len(moves), done.refused, done.changed, done.why)


def _returned(connection: Connection, agency_keys: Sequence[str], year: int) -> Iterable[str]:
    for part in chunks(agency_keys):
        mine = (FILING.c.agency_key.in_(part), FILING.c.year == year, FILING.c.state == "returned")
        yield from connection.execute(select(FILING.c.agency_key).where(*mine)).scalars()


def amend(store: Store, fingerprints: Sequence[str], actor: str, duty: Duty, reason: str = "") -> int:
    """Lay down something about findings without moving them (a longer deadline, who is responsible); how many."""
    return _stay(store, fingerprints, actor, reason, "", duty.values())


def annotate(store: Store, fingerprints: Sequence[str], actor: str, note: str) -> int:
    """Write a note to findings without moving them; how many there were."""
    return _stay(store, fingerprints, actor, "", note, {})


def _stay(
    store: Store, fingerprints: Sequence[str], actor: str, reason: str, note: str, values: Mapping[str, Any]
) -> int:
    with store.writing() as connection:
        decided = states.states_of(connection, fingerprints)
        known = _known(connection, fingerprints, decided)
        before = dict.fromkeys(known, MACHINE.start) | decided
        states.write(connection, [Move(f, before[f], before[f], reason, note, values) for f in known], actor)
    return len(known)


def end_waivers(store: Store, today: date) -> int:
    """Findings whose waiver has run out are confirmed again, by the program; how many there were."""
    over = (FINDING_STATE.c.state == "waived", FINDING_STATE.c.waiver_until < today)
    with store.reading() as connection:
        ended = list(connection.execute(select(FINDING_STATE.c.fingerprint).where(*over)).scalars())
    seen = dict.fromkeys(ended, "waived")
    try:
        return decide(store, ended, "confirmed", PROGRAM, "豁免到期", seen=seen).changed if ended else 0
    except IllegalMove:
        return 0  # another process was quicker


def origins(store: Store, fingerprints: Sequence[str]) -> dict[str, str]:
    """Fingerprint → the state from which it last came forward into its present one; what never did is absent."""
    came: dict[tuple[str, str], str] = {}
    with store.reading() as connection:
        now_in = states.states_of(connection, fingerprints)
        for part in chunks(fingerprints):
            question = select(DECISION).where(DECISION.c.fingerprint.in_(part)).order_by(DECISION.c.id)
            for row in connection.execute(question):
                step = MACHINE.step(row.before, row.state)
                if step is not None and not step.back:
                    came[(row.fingerprint, row.state)] = row.before
    return {f: came[(f, state)] for f, state in now_in.items() if (f, state) in came}


def history(store: Store, fingerprint: str) -> list[DecisionRow]:
    """All decisions on a finding, oldest first."""
    question = select(DECISION).where(DECISION.c.fingerprint == fingerprint).order_by(DECISION.c.id)
    with store.reading() as connection:
        rows = connection.execute(question).all()
    return [DecisionRow(r.fingerprint, r.state, r.before, r.actor, r.at, r.reason, r.note) for r in rows]


def carry(connection: Connection, moves: Iterable[tuple[str, str]], agency_key: str, year: int, actor: str) -> None:
    """Carry decisions over from old fingerprints to new ones, for a report that turned out to be another agency's.

    The old ones stand at the start again, should the right report bring them back.
    """
    pairs = dict(moves)
    lines = states.lines_of(connection, list(pairs))
    taken = states.states_of(connection, list(pairs.values()))
    carried = []
    for old, new in pairs.items():
        line = lines.get(old)
        if line is not None and line.state != MACHINE.start and new not in taken:
            values = {name: getattr(line, name) for name in _CARRIED if getattr(line, name) is not None}
            values |= {"agency_key": agency_key, "year": year}
            carried.append(Move(new, MACHINE.start, line.state, line.reason, line.note, values))
            carried.append(Move(old, line.state, MACHINE.start, "报告改归其他单位或年度"))
    states.write(connection, carried, actor)


def _known(connection: Connection, fingerprints: Iterable[str], with_lines: Container[str]) -> list[str]:
    """Those of these that are findings of some version, or were, so that they have lines."""
    wanted = list(fingerprints)
    found: set[str] = set()
    for part in chunks([f for f in wanted if f not in with_lines]):
        among = FINDING.c.fingerprint.in_(part)
        found |= set(connection.execute(select(FINDING.c.fingerprint).where(among)).scalars())
    return [f for f in wanted if f in with_lines or f in found]


def _holding(connection: Connection, fingerprints: Sequence[str]) -> list[int]:
    """The reports that hold these."""
    holding: set[int] = set()
    for part in chunks(fingerprints):
        among = FINDING.c.fingerprint.in_(part)
        holding |= set(connection.execute(select(FINDING.c.report_id).where(among)).scalars())
    return sorted(holding)


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
    report = reports.get(report_id)
    if report is None:
        report = unpack_report(connection.execute(select(REPORT.c.packed).where(REPORT.c.id == report_id)).scalar_one())
    found = connection.execute(
        select(FINDING).where(FINDING.c.report_id == report_id).order_by(FINDING.c.position)
    ).all()
    findings: list[Finding] = [finding_of(each) for each in found]
    decided = {each.fingerprint: each.state for each in found}
    card = card_of(report, findings, decided, store.scheme)
    before = connection.execute(select(REPORT.c.judged).where(REPORT.c.id == report_id)).scalar_one()
    columns = {"judged": rescored(before, card), **card_columns(card)}
    connection.execute(update(REPORT).where(REPORT.c.id == report_id).values(**columns))
    points = card.score.points()
    for each, finding in zip(found, findings, strict=True):
        values = {"points": points.get(each.fingerprint, 0), "standing": standing(finding, each.state)}
        if (each.points, each.standing) != (values["points"], values["standing"]):
            connection.execute(update(FINDING).where(FINDING.c.id == each.id).values(**values))
