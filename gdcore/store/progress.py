"""Where each agency's report on a year stands, from 报送 to 归档: moved by people, and by versions that come in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from gdcore import lifecycle
from gdcore.lifecycle import FILING as MACHINE
from gdcore.lifecycle import ON_NEW_VERSION, PROGRAM, IllegalMove
from gdcore.store import audit
from gdcore.store.engine import Store, chunks, now
from gdcore.store.roster import within
from gdcore.store.rows import Decided, FilingRow, FilingStepRow
from gdcore.store.tables import FILING, FILING_STEP, REPORT

Key = tuple[str, int]  # agency key and year


# --- asking ---------------------------------------------------------------------------------------------------------


def filings(
    store: Store,
    year: int,
    states: Sequence[str] = (),
    among: Sequence[str] | None = None,
    scope: str | None = None,
) -> dict[str, FilingRow]:
    """Agency key → where its report on a year stands, of all or `among` some or below a body; unfiled ones are absent."""
    question = select(FILING).where(FILING.c.year == year, within(scope, FILING.c.agency_key))
    if states:
        question = question.where(FILING.c.state.in_(states))
    if among is not None:
        question = question.where(FILING.c.agency_key.in_(among))
    with store.reading() as connection:
        return {row.agency_key: _row(row) for row in connection.execute(question)}


def filing(store: Store, agency_key: str, year: int) -> FilingRow | None:
    """Where one report stands; None if nothing was filed."""
    with store.reading() as connection:
        row = _find(connection, (agency_key, year))
    return _row(row) if row else None


def filing_history(store: Store, agency_key: str, year: int) -> list[FilingStepRow]:
    """All steps of a filing, oldest first."""
    mine = (FILING_STEP.c.agency_key == agency_key, FILING_STEP.c.year == year)
    with store.reading() as connection:
        rows = connection.execute(select(FILING_STEP).where(*mine).order_by(FILING_STEP.c.id)).all()
    return [FilingStepRow(r.before, r.state, r.round, r.version, r.actor, r.at, r.reason) for r in rows]


def filing_origins(store: Store, agency_keys: Sequence[str], year: int) -> dict[str, str]:
    """Agency key → the state from which its report last came forward into its present one."""
    came: dict[tuple[str, str], str] = {}
    now_in = {key: row.state for key, row in filings(store, year, among=agency_keys).items()}
    with store.reading() as connection:
        for part in chunks(list(now_in)):
            mine = (FILING_STEP.c.agency_key.in_(part), FILING_STEP.c.year == year)
            for row in connection.execute(select(FILING_STEP).where(*mine).order_by(FILING_STEP.c.id)):
                step = MACHINE.step(row.before, row.state)
                if step is not None and not step.back:
                    came[(row.agency_key, row.state)] = row.before
    return {key: came[(key, state)] for key, state in now_in.items() if (key, state) in came}


def _row(row: Any) -> FilingRow:
    return FilingRow(
        row.agency_key,
        row.year,
        row.state,
        row.round,
        row.due,
        row.published_on,
        row.published_url,
        row.actor,
        row.moved_at,
    )


def _find(connection: Connection, key: Key) -> Any:
    return connection.execute(select(FILING).where(FILING.c.agency_key == key[0], FILING.c.year == key[1])).first()


# --- what people do -------------------------------------------------------------------------------------------------


def move_filings(
    store: Store, agency_keys: Sequence[str], year: int, state: str, actor: str, reason: str = "", **laid_down: Any
) -> Decided:
    """Move reports on a year to `state`; otherwise as `move_each`."""
    return move_each(store, dict.fromkeys(agency_keys, state), year, actor, reason, **laid_down)


def move_each(
    store: Store, targets: Mapping[str, str], year: int, actor: str, reason: str = "", **laid_down: Any
) -> Decided:
    """Move reports on a year (agency key → state), all in one transaction. `laid_down`: due, published_on, published_url.

    Those that cannot take the step are left and counted; raises IllegalMove when none can.
    """
    with store.writing() as connection:
        return step_filings(connection, {(k, year): state for k, state in targets.items()}, actor, reason, **laid_down)


def step_filings(
    connection: Connection, targets: Mapping[Key, str], actor: str, reason: str = "", **laid_down: Any
) -> Decided:
    """The same inside a transaction."""
    changed, refused = 0, None
    for key, state in targets.items():
        try:
            _step(connection, key, state, actor, reason, laid_down)
            changed += 1
        except IllegalMove as error:
            refused = refused or error
    if not changed and refused:
        raise refused
    return Decided(changed, len(targets) - changed, changed, str(refused or ""))


def _step(connection: Connection, key: Key, state: str, actor: str, reason: str, laid_down: Mapping[str, Any]) -> None:
    row = _find(connection, key)
    before = row.state if row else MACHINE.start
    found = MACHINE.require(before, state, reason)
    if state == "published" and not found.back and not isinstance(laid_down.get("published_on"), date):
        raise IllegalMove("登记公开须写明公开日期。", "请填写公开日期后再试。")
    if state == "returned" and not isinstance(laid_down.get("due"), date):
        raise IllegalMove("退回修改须写明报回期限。", "请填写期限后再试。")
    turn = (row.round if row else 0) + _turns(before, state)
    _write(connection, key, row, state, turn, actor, reason, laid_down)


def _turns(before: str, state: str) -> int:
    """How the count of returns moves: one more with a return, one less where that is taken back."""
    if state == "returned":
        return 1
    return -1 if before == "returned" else 0


def begin_review(connection: Connection, keys: Iterable[Key], actor: str) -> None:
    """A first decision on a filed report is the beginning of its review."""
    for key in sorted(set(keys)):
        row = _find(connection, key)
        if row is not None and row.state == "filed":
            _write(connection, key, row, "in_review", row.round, actor, "", {})


# --- what versions do -----------------------------------------------------------------------------------------------


def arrive(connection: Connection, agency_key: str, year: int, version: int, actor: str = PROGRAM) -> None:
    """A version came in: what was not filed is, what was returned or had passed is to be looked at again."""
    key = agency_key, year
    row = _find(connection, key)
    state = ON_NEW_VERSION.get(row.state if row else MACHINE.start)
    if state is not None:
        turn = row.round if row else 0
        _write(connection, key, row, state, turn, actor, _VERSION.format(version), {})


def arrive_first(connection: Connection, keys: Sequence[Key]) -> None:
    """The first version of each of these came in, as `arrive` puts it down; those that stood anywhere already go by it."""
    standing: set[Key] = set()
    for part in chunks(sorted({agency for agency, _ in keys})):
        question = select(FILING.c.agency_key, FILING.c.year).where(FILING.c.agency_key.in_(part))
        standing |= {(row.agency_key, row.year) for row in connection.execute(question)}
    for agency, year in keys:
        if (agency, year) in standing:
            arrive(connection, agency, year, 1)
    fresh = [key for key in keys if key not in standing]
    if not fresh:
        return
    state, at = ON_NEW_VERSION[MACHINE.start], now()
    owned = [{"agency_key": agency, "year": year} for agency, year in fresh]
    values = {"state": state, "round": 0, "actor": PROGRAM, "moved_at": at}
    connection.execute(insert(FILING), [own | values for own in owned])
    step = {
        "before": MACHINE.start,
        "state": state,
        "round": 0,
        "actor": PROGRAM,
        "reason": _VERSION.format(1),
        "version": 1,
    }
    connection.execute(insert(FILING_STEP), [own | step | {"at": at} for own in owned])
    told = {name: value for name, value in step.items() if name != "actor"}
    entries = (audit.Entry(PROGRAM, "filing", f"{agency} {year}", told) for agency, year in fresh)
    audit.record_all(connection, entries)


_VERSION = "第 {} 版"


def leave(connection: Connection, agency_key: str, year: int, actor: str = PROGRAM) -> None:
    """The last version of a report was moved elsewhere."""
    key = agency_key, year
    row = _find(connection, key)
    if row is not None and row.state != MACHINE.start:
        _write(connection, key, row, MACHINE.start, 0, actor, "报告已移出", {"due": None})


def forget_steps(connection: Connection, agency_keys: Sequence[str]) -> None:
    """Take out the log of agencies that were only samples."""
    for part in chunks(agency_keys):
        connection.execute(delete(FILING_STEP).where(FILING_STEP.c.agency_key.in_(part)))


def _write(
    connection: Connection,
    key: Key,
    row: Any,
    state: str,
    turn: int,
    actor: str,
    reason: str,
    laid_down: Mapping[str, Any],
) -> None:
    agency_key, year = key
    before = row.state if row else MACHINE.start
    own = {"agency_key": agency_key, "year": year}
    values = {"state": state, "round": turn, "actor": actor, "moved_at": now(), **laid_down}
    if row is None:
        connection.execute(insert(FILING).values(**own, **values))
    else:
        mine = (FILING.c.agency_key == agency_key, FILING.c.year == year)
        connection.execute(update(FILING).where(*mine).values(**values))
    version = connection.execute(
        select(REPORT.c.version).where(REPORT.c.agency_key == agency_key, REPORT.c.year == year, REPORT.c.current)
    ).scalar()
    step = {"before": before, "state": state, "round": turn, "actor": actor, "reason": reason, "version": version}
    connection.execute(insert(FILING_STEP).values(**own, **step, at=values["moved_at"]))
    told = {k: v for k, v in (step | dict(laid_down)).items() if v not in (None, "") and k != "actor"}
    audit.record(connection, actor, "filing", f"{agency_key} {year}", **told)


def name_of(row: FilingRow | None) -> str:
    """Where a filing stands, in words."""
    return lifecycle.filing_name(row.state, row.round) if row else MACHINE.names[MACHINE.start]
