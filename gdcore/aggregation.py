"""What an area's reports add up to: Σ of tables 二, 三, 四 cell by cell, who is counted in each cell, and who is not and why.

A cell that is blank, unread or of another edition is not counted: the sum tells over how many agencies it goes. Reports of
governments are sums themselves, so that nobody is added up twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gdcore import form, wording
from gdcore.figure import Figure, total
from gdcore.form import AgencyType, Edition
from gdcore.place import Anchor, Place
from gdcore.rules.aggregate import ROUNDING
from gdcore.tally import REASON_NAMES, TABLES, Reason, Tally

_FEES = frozenset({"t2.fees.amount_wan"})


class LeftOut(StrEnum):
    """Why an agency of the area is not among those that are added up."""

    VERTICAL = "vertical"
    BY_ROSTER = "by_roster"
    ENDED = "ended"
    IS_A_SUM = "is_a_sum"


LEFT_OUT_NAMES = {
    LeftOut.VERTICAL: "垂直管理，名录没有注明计入汇总",
    LeftOut.BY_ROSTER: "名录注明不计入汇总",
    LeftOut.ENDED: "当年尚未设立或已经撤销、并入其他单位",
    LeftOut.IS_A_SUM: "政府年报本身是汇总数，不重复计入",
}


class Comparison(StrEnum):
    """Whether the sums can be held beside the government's own report."""

    POSSIBLE = "possible"
    NO_GOVERNMENT = "no_government"
    NOT_FILED = "not_filed"
    OWN_DATA = "own_data"  # the report says that it tells the government's own numbers alone
    NARROWED = "narrowed"  # only some kinds of agencies are added up


@dataclass(frozen=True, slots=True)
class Member:
    """An agency of the area; `above` is the key of the body right above it."""

    key: str
    name: str
    kind: AgencyType | None = None
    above: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Who is added up. `government`: whose own report the sums are held beside; `kinds`: only these were asked for."""

    name: str
    members: tuple[Member, ...]
    left_out: tuple[tuple[Member, LeftOut], ...] = ()
    government: Member | None = None
    kinds: tuple[AgencyType, ...] = ()

    @property
    def has_office(self) -> bool:
        """Whether the government's own office, which reports what the government itself did, is among them."""
        return any(m.kind is AgencyType.GOV_OFFICE for m in self.members)

    @property
    def keys(self) -> frozenset[str]:
        """The agencies whose reports are added up or held beside the sums."""
        beside = (self.government,) if self.government else ()
        return frozenset(m.key for m in (*self.members, *beside))


Apart = Iterable[tuple[Member, LeftOut]]


def under(government: Member, members: Iterable[Member], left_out: Apart, kinds: Collection[AgencyType] = ()) -> Scope:
    """The agencies that a government adds up; of some kinds only where these are named."""
    kept = tuple(m for m in members if not kinds or m.kind in kinds)
    return Scope(government.name, kept, _asked(left_out, kinds), government, _ordered(kinds))


def everybody(name: str, members: Iterable[Member], left_out: Apart, kinds: Collection[AgencyType] = ()) -> Scope:
    """All agencies, or all of some kinds, without the governments whose report adds up others of them."""
    asked = [m for m in members if not kinds or m.kind in kinds]
    sums = _sums(asked)
    governments = [m for m in asked if m.key in sums]
    apart = (*((m, LeftOut.IS_A_SUM) for m in governments), *_asked(left_out, kinds))
    alone = governments[0] if len(governments) == 1 else None
    return Scope(name, tuple(m for m in asked if m.key not in sums), apart, alone, _ordered(kinds))


def _sums(members: Sequence[Member]) -> set[str]:
    """The governments with somebody under them; beside other agencies, also those of which the roster says nothing."""
    above = {m.above for m in members if m.above}
    others = any(m.kind is not AgencyType.GOVERNMENT for m in members)
    known = {m.key for m in members}
    governments = (m for m in members if m.kind is AgencyType.GOVERNMENT)
    return {m.key for m in governments if m.key in above or (others and m.above not in known)}


def _asked(left_out: Apart, kinds: Collection[AgencyType]) -> tuple[tuple[Member, LeftOut], ...]:
    return tuple((m, why) for m, why in left_out if not kinds or m.kind in kinds)


def _ordered(kinds: Collection[AgencyType]) -> tuple[AgencyType, ...]:
    return tuple(kind for kind in AgencyType if kind in kinds)


# --- their sum ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sum:
    """One cell: the sum of those that are counted (not known where nobody is), and what the government's report has."""

    table: str
    address: str
    figure: Figure
    covered: int
    ours: Figure | None = None

    @property
    def difference(self) -> Decimal | None:
        """The sum minus the government's number; None while one is not known."""
        return (self.figure - self.ours).value if self.ours else None

    @property
    def differs(self) -> bool:
        """Whether the two are not the same number, beyond what rounding of fees by each agency explains."""
        allowed = ROUNDING * self.covered if self.address in _FEES else Decimal(0)
        return self.difference is not None and abs(self.difference) > allowed


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who is counted in a table or a cell, and who is not, by reason. `partial`: counted, but not in every cell."""

    counted: tuple[Member, ...]
    uncounted: Mapping[Reason, tuple[Member, ...]]
    partial: tuple[Member, ...] = ()

    @property
    def due(self) -> int:
        """How many there should be."""
        return len(self.counted) + self.missing

    @property
    def missing(self) -> int:
        """How many are not counted."""
        return sum(map(len, self.uncounted.values()))

    @property
    def whole(self) -> bool:
        """Whether everybody is counted."""
        return not self.missing and bool(self.counted)


@dataclass(frozen=True, slots=True)
class Share:
    """An agency's part of a cell: its number and part (0…1) of the sum, or why it is not counted.

    `part` is None where the sum is 0 or has negative terms.
    """

    member: Member
    figure: Figure | None
    part: float | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of an area's reports on a year, in an edition of the form.

    `sums` stand under the addresses of the form, `coverage` under the tables, `tallies` under the keys of agencies.
    """

    scope: Scope
    year: int
    edition: Edition
    comparison: Comparison
    sums: Mapping[str, Sum]
    coverage: Mapping[str, Coverage]
    tallies: Mapping[str, Tally]

    def table(self, key: str) -> tuple[Sum, ...]:
        """The sums of one table, in the order of the form."""
        return tuple(self.sums[a] for b in form.blocks(key, self.edition) for a in b.addresses())

    def coverage_of(self, cell: Sum) -> Coverage:
        """Who is counted in a cell."""
        return _coverage(self.scope.members, self.tallies, cell.table, cell.address)

    def whole(self, cell: Sum) -> bool:
        """Whether everybody is counted in a cell."""
        return cell.covered == len(self.scope.members) > 0

    def lacking(self, cell: Sum) -> int:
        """How many of those that are counted in its table are not counted in a cell."""
        return len(self.coverage[cell.table].counted) - cell.covered

    def differing(self, key: str) -> tuple[Sum, ...]:
        """The cells of a table that differ from the government's report, those that everybody is counted in first."""
        found = [cell for cell in self.table(key) if cell.differs]
        return tuple(sorted(found, key=lambda cell: not self.whole(cell)))

    def shares(self, cell: Sum) -> tuple[Share, ...]:
        """Every agency's part of a cell, the largest first, those that are not counted last."""
        known = [(m, f) for m in self.scope.members if (f := self._figure(m, cell.address))]
        values = {m.key: f.value or Decimal(0) for m, f in known}
        known.sort(key=lambda pair: -values[pair[0].key])
        whole = cell.figure.value if cell.figure.value and min(values.values()) >= 0 else None
        counted = (Share(m, f, float(values[m.key] / whole) if whole else None) for m, f in known)
        rest = self.coverage_of(cell).uncounted.items()
        return (*counted, *(Share(m, None, reason=reason) for reason, members in rest for m in members))

    def _figure(self, member: Member, address: str) -> Figure | None:
        known = self.tallies.get(member.key)
        return known.figures.get(address) if known else None


def add_up(scope: Scope, tallies: Mapping[str, Tally], year: int, edition: Edition) -> Totals:
    """The sums over the agencies of a scope. `tallies` are those of the reports on the year that are there, by agency."""
    comparison = _comparison(scope, tallies)
    government = scope.government if comparison is Comparison.POSSIBLE else None
    ours = tallies[government.key].figures if government else {}
    filed = [tallies[m.key] for m in scope.members if m.key in tallies]
    addresses = [(key, a) for key in TABLES for b in form.blocks(key, edition) for a in b.addresses()]
    sums = {a: _sum(key, a, [f for t in filed if (f := t.figures.get(a))], ours.get(a)) for key, a in addresses}
    cover = {key: _coverage(scope.members, tallies, key) for key in TABLES}
    return Totals(scope, year, edition, comparison, sums, cover, tallies)


def _sum(table: str, address: str, figures: Sequence[Figure], ours: Figure | None) -> Sum:
    """The sum of nothing is not 0 but not known."""
    added = total(figures) if figures else Figure(None, anchors=(Anchor(address, Place()),))
    return Sum(table, address, added, len(figures), ours)


def _comparison(scope: Scope, tallies: Mapping[str, Tally]) -> Comparison:
    if scope.government is None:
        return Comparison.NO_GOVERNMENT
    if scope.kinds:
        return Comparison.NARROWED
    own = tallies.get(scope.government.key)
    if own is None:
        return Comparison.NOT_FILED
    return Comparison.OWN_DATA if own.own_data else Comparison.POSSIBLE


def _coverage(members: Iterable[Member], tallies: Mapping[str, Tally], table: str, address: str = "") -> Coverage:
    """Who is counted in a table, or in a cell of it, and who is not."""
    counted: list[Member] = []
    uncounted: dict[Reason, list[Member]] = {reason: [] for reason in Reason}
    for member in members:
        known = tallies.get(member.key)
        reason = known.reason(table, address) if known else Reason.NOT_FILED
        (uncounted[reason] if reason else counted).append(member)
    partial = () if address else tuple(m for m in counted if tallies[m.key].lacks(table))
    return Coverage(tuple(counted), {r: tuple(ms) for r, ms in uncounted.items() if ms}, partial)


# --- in words -------------------------------------------------------------------------------------------------------

_MINUS = "\u2212"
_NAMED = 5  # agencies of one reason that a sentence names; of more only the number is told
_OF_TABLES = REASON_NAMES | {
    Reason.UNREAD: "表格未能识别",
    Reason.BLANK: "表格各格空白",
    Reason.NOT_A_NUMBER: "表格各格不是数字",
}


def headline(cover: Coverage) -> str:
    """覆盖 31 / 40 家。"""
    return f"覆盖 {len(cover.counted)} / {cover.due} 家。"


def covers(totals: Totals, cell: Sum) -> str:
    """The same of one cell: 覆盖 30 / 40 家。"""
    return f"覆盖 {cell.covered} / {len(totals.scope.members)} 家。"


def shortfall(cover: Coverage, cell: bool = False, call: Callable[[str], str] = str) -> str:
    """What the sum of a table, or of a `cell`, lacks; `call` shortens names."""
    words = REASON_NAMES if cell else _OF_TABLES
    told = [f"{words[reason]} {len(ms)} 家{_names(ms, call)}" for reason, ms in cover.uncounted.items()]
    missing = (
        f"未计入 {cover.missing} 家：{'，'.join(told)}。合计只代表已计入的单位。" if told else "应计入的单位都已计入。"
    )
    partial = f"另有 {len(cover.partial)} 家的个别单元格未计入，所在格注明覆盖家数。" if cover.partial else ""
    return missing + partial


def _names(members: Sequence[Member], call: Callable[[str], str]) -> str:
    return f"（{'、'.join(call(m.name) for m in members)}）" if len(members) <= _NAMED else ""


def unit(address: str) -> str:
    """What a cell counts: 件, 项 or 万元; "" where the form prints no unit."""
    column = address.rpartition(".")[2]
    return {"amount_wan": "万元", "items_prev": "项", "items_change": "项", "items": "项", "amount": ""}.get(
        column, "件"
    )


def plain(value: Decimal | None) -> str:
    """A number as the form prints it: no separators; 未识别 where it is not known."""
    return "未识别" if value is None else f"{value:f}".replace("-", _MINUS)


def signed(value: Decimal | None) -> str:
    """A difference with its sign: +3, −2, 0."""
    return plain(value) if not value else f"{value:+f}".replace("-", _MINUS)


def beside(cell: Sum) -> str:
    """What the government's own report has in a cell, and by how much the sum differs: 政府年报 3326 件，相差 +3 件."""
    told = unit(cell.address)
    ours = plain(cell.ours.value if cell.ours else None)
    return f"政府年报 {ours} {told}，相差 {signed(cell.difference)} {told}".replace(" ，", "，").rstrip()


def remark(share: Share) -> str:
    """What is to be known of an agency's part: why it is not counted, who corrected it, how surely it was read."""
    if share.figure is None:
        return REASON_NAMES[share.reason or Reason.UNREAD]
    mark = wording.correction(share.figure.correction) if share.figure.correction else ""
    doubt = f"识别把握 {share.figure.confidence:.0%}" if share.figure.confidence < 1 else ""
    return "；".join(filter(None, (mark, doubt)))
