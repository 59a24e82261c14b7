"""Two reports side by side, cell by cell: tables 二, 三 and 四, and the numbers that one year takes over from the last."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gdcore import form, text
from gdcore.figure import Figure
from gdcore.form import Block, Edition
from gdcore.report import Report, StatTable

_Cell = tuple[str, str]  # row, column: what two editions may have in common


class Standing(StrEnum):
    """Whether a table can be compared: one that was seen and could not be read is not missing."""

    READ = "read"
    UNREAD = "unread"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class CellPair:
    """One cell of the form in both reports. `address` is that in the later one; None: the cell was not found."""

    address: str
    before: Figure | None
    after: Figure | None

    @property
    def found(self) -> bool:
        """Whether the cell was found on both sides."""
        return self.before is not None and self.after is not None

    @property
    def difference(self) -> Decimal | None:
        """By how much the number grew; None unless both numbers are known."""
        then, now = _value(self.before), _value(self.after)
        return now - then if now is not None and then is not None else None

    @property
    def ratio(self) -> Decimal | None:
        """The growth as a share of the earlier number; None without one, and from zero."""
        then, grown = _value(self.before), self.difference
        return grown / then if then and grown is not None else None

    @property
    def changed(self) -> bool:
        """Whether both sides were found and print something else: another number, or a number for a blank."""
        if self.before is None or self.after is None:
            return False
        if self.difference is not None:
            return self.difference != 0
        return text.plain(self.before.raw) != text.plain(self.after.raw)


@dataclass(frozen=True, slots=True)
class TablePair:
    """A table in both reports. `cells` are those that both editions have, in the order of the later report's form;
    `apart` the labels of the rows that do not compare. Without both tables read there are no cells.
    """

    key: str
    before: Standing
    after: Standing
    editions: tuple[Edition, Edition] | None = None
    cells: tuple[CellPair, ...] = ()
    apart: tuple[str, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether both tables were read."""
        return self.before is self.after is Standing.READ

    @property
    def changed(self) -> tuple[CellPair, ...]:
        """The cells that changed."""
        return tuple(cell for cell in self.cells if cell.changed)

    @property
    def unread(self) -> tuple[CellPair, ...]:
        """The cells that were not found on one side or on both: nothing is said of them."""
        return tuple(cell for cell in self.cells if not cell.found)


def tables(before: Report, after: Report) -> tuple[TablePair, ...]:
    """Tables 二, 三 and 四 of both reports."""
    return tuple(_table(key, before.table(key), after.table(key)) for key in form.TABLE_SECTIONS)


def _table(key: str, before: StatTable | None, after: StatTable | None) -> TablePair:
    standings = _standing(before), _standing(after)
    if before is None or after is None or set(standings) != {Standing.READ}:
        return TablePair(key, *standings)
    then, now = _figures(before), _figures(after)
    earlier, later = _cells(before), _cells(after)
    pairs = tuple(CellPair(b.address(*at), then.get(at), now.get(at)) for at, b in later.items() if at in earlier)
    apart = {**_apart(earlier, later), **_apart(later, earlier)}
    labels = tuple(dict.fromkeys(apart.values()))
    return TablePair(key, *standings, (before.edition, after.edition), pairs, labels)


def _standing(table: StatTable | None) -> Standing:
    if table is None:
        return Standing.ABSENT
    return Standing.READ if table.cells() else Standing.UNREAD


def _figures(table: StatTable) -> Mapping[_Cell, Figure]:
    found: dict[_Cell, Figure] = {}
    for address, figure in table.cells().items():
        _, row, column = address.split(".")
        found[row, column] = figure
    return found


def _cells(table: StatTable) -> dict[_Cell, Block]:
    """The cells of the form that a table should have, with their blocks; table 二 can mix two editions."""
    printed = {grid.key: grid.form for grid in table.grids}
    blocks = [printed.get(b.key, b) for b in form.blocks(table.key, table.edition)]
    return {(r.key, c.key): b for b in blocks for r in b.rows for c in b.columns}


def _apart(these: Mapping[_Cell, Block], those: Mapping[_Cell, Block]) -> dict[str, str]:
    """The rows of which the other form has no cell: key → label, or that of the group they stand in."""
    known = {row for row, _ in these.keys() & those.keys()}
    rows = (next(r for r in b.rows if r.key == key) for (key, _), b in these.items() if key not in known)
    return {r.key: form.group_label(r) if r.group not in ("", "result") else r.label for r in rows}


def _value(figure: Figure | None) -> Decimal | None:
    return figure.value if figure else None


# --- what one year takes over from the last -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Continuity:
    """A number of this year that follows from last year's report. `before` is the number there, `due` what it makes of
    `after`, the number that stands at `address`; `issued` and `repealed` are this year's movements of a stock.
    """

    address: str
    before: Figure
    after: Figure
    due: Figure
    issued: Figure | None = None
    repealed: Figure | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the number is the one that is due; None while one of the two is not known."""
        if self.due.value is None or self.after.value is None:
            return None
        return self.due.value == self.after.value

    @property
    def pair(self) -> CellPair:
        """Both numbers side by side."""
        return CellPair(self.address, self.before, self.after)


STOCKS = ("regulations", "normative_docs")


def continuities(before: Report, after: Report) -> tuple[Continuity, ...]:
    """上年结转 beside last year's 结转下年度 (by applicants only where the totals agree or are not known), and the stocks
    of documents in force beside last year's with what was issued and repealed.
    """
    total, *columns = _carried(before, after)
    carried = (total,) if total.holds is False else (total, *columns)
    return (*carried, *(_stock(before, after, row) for row in STOCKS))


def _carried(before: Report, after: Report) -> Iterator[Continuity]:
    *applicants, total = form.APPLICANTS
    for column in (total, *applicants):
        then, now = _of(before, "t3", "carried_out", column.key), _of(after, "t3", "carried_in", column.key)
        yield Continuity(f"t3.carried_in.{column.key}", then, now, then)


def _stock(before: Report, after: Report, row: str) -> Continuity:
    then = _of(before, "t2", row, "in_force")
    issued, repealed, now = (_of(after, "t2", row, column) for column in ("issued", "repealed", "in_force"))
    return Continuity(f"t2.{row}.in_force", then, now, then + issued - repealed, issued, repealed)


def _of(report: Report, table: str, row: str, column: str) -> Figure:
    found = report.table(table)
    return found.figure(row, column) if found else Figure(None)


# --- findings of two versions -------------------------------------------------------------------------------------------


class Fate(StrEnum):
    """What became of a finding from an earlier version to a later one."""

    NEW = "new"
    RETURNED = "returned"  # an earlier version had it, one in between had not
    REMAINING = "remaining"
    GONE = "gone"


def fates(versions: Sequence[Collection[str]], left: int, right: int) -> dict[str, Fate]:
    """Fingerprint → what became of it between two versions. `versions` holds the fingerprints of each, oldest first;
    `left` and `right` are places in it.
    """
    fate = dict.fromkeys(versions[left], Fate.GONE)
    for fingerprint in versions[right]:
        had = [fingerprint in version for version in versions[:right]]
        if all(had[left:]):
            fate[fingerprint] = Fate.REMAINING
        else:
            since = had[had.index(True) :] if True in had else []
            fate[fingerprint] = Fate.RETURNED if False in since else Fate.NEW
    return fate
