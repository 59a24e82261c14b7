"""What people correct in a reading: put beside what was read, checked by at once, taken back when they say so."""

from __future__ import annotations

from collections.abc import Sequence

from gdcore import mending, wording
from gdcore.assessing import TRIES, NotPossible, assess, refresh
from gdcore.mending import CellMend, Mend, TableMend
from gdcore.store import Store, filing, mends, peer_rows, reports, roster
from gdcore.store.dossiers import Due, Wanted
from gdcore.store.filing import StalePrior
from gdcore.store.mends import Word
from gdcore.store.reports import Stored

_GONE = "找不到这份报告，可能已被替换或删除。"
_MOVING = "这份报告正在变动，请稍后再试。"


def mend(store: Store, report_id: int, changes: Sequence[Mend], word: Word) -> None:
    """Put what a person corrected beside what was read, and check the report by it, in one transaction.

    A cell set back to what was read ends its correction. Raises NotPossible when the reason or a change is missing,
    when a cell is not one of the tables found, or when a row that was not read is given only in part.
    """
    if not word.reason.strip():
        raise NotPossible("请填写更正依据。")
    for _ in range(TRIES):
        known = reports.stored(store, report_id)
        if known is None:
            raise NotPossible(_GONE)
        standing = mends.standing(store, known.digest)
        read = {address: figure.raw for address, figure in known.as_read.cells().items()}
        kept = [m for m in changes if isinstance(m, TableMend) or read.get(m.address) != m.raw]
        after = (*_without(standing, {m.address for m in changes}), *kept)
        if after == standing:
            raise NotPossible("没有改动。")
        _require_whole(known, after, kept)
        added = [(m, read.get(m.address)) for m in kept]
        if _commit(store, known, standing, after, added, [m.address for m in changes], word):
            return
    raise NotPossible(_MOVING)


def undo(store: Store, report_id: int, mend_ids: Sequence[int], actor: str) -> None:
    """Take corrections back: what was read counts again. Raises NotPossible when none of them stands any longer."""
    for _ in range(TRIES):
        known = reports.stored(store, report_id)
        ended = mends.addresses(store, known.digest, mend_ids) if known else []
        if known is None or not ended:
            raise NotPossible("更正已被撤销，或不属于这一版报告。", "请刷新后查看。")
        standing = mends.standing(store, known.digest)
        after = _without(standing, set(ended))
        if _commit(store, known, standing, after, [], ended, Word(actor, "")):
            return
    raise NotPossible(_MOVING)


def _without(standing: tuple[Mend, ...], addresses: set[str]) -> tuple[Mend, ...]:
    return tuple(m for m in standing if m.address not in addresses)


def _require_whole(known: Stored, after: Sequence[Mend], added: Sequence[Mend]) -> None:
    """What is added must be cells of tables found, and rows that were not read must be given whole."""
    report = mending.apply(known.as_read, [m for m in after if isinstance(m, TableMend)])
    cells = [m for m in added if isinstance(m, CellMend)]
    stranger = next((m.address for m in cells if not mending.is_mendable(report, m.address)), None)
    if stranger is not None:
        raise NotPossible(f"没有“{wording.describe(stranger)}”这一格。")
    short = mending.partial(report, [m for m in after if isinstance(m, CellMend)], cells)
    if short:
        told = "、".join(f"“{wording.describe(address)}”" for address in short)
        raise NotPossible(f"{told}原来没有识别出来，请把其中各格填全。")


def _commit(
    store: Store,
    known: Stored,
    standing: tuple[Mend, ...],
    after: tuple[Mend, ...],
    added: Sequence[tuple[Mend, str | None]],
    ended: Sequence[str],
    word: Word,
) -> bool:
    """Check by the mends that are to stand, and write both; False when something moved meanwhile."""
    agency = roster.agency_by_key(store, known.agency_key)
    if agency is None:
        raise NotPossible("名录中没有这个单位。")
    due = Due(known.profile, known.task_year, known.sample)
    with store.reading() as connection:
        bands = peer_rows.bands_of(connection, [known.report_id]).get(known.report_id, frozenset())
    assessed = assess(store, Wanted(known.packed_as_read, known.digest, (bands,), agency, known.year, due, after))
    digest = known.digest
    try:
        with store.writing() as connection:
            if mends.standing_mends(connection, digest) != standing:
                return False
            mends.end(connection, digest, ended, word.actor)
            mends.add(connection, digest, added, word)
            filing.replace_check(store, connection, known.report_id, assessed)
    except StalePrior:
        return False
    refresh(store, [(known.agency_key, known.year)])
    return True
