"""What one report gives to the sums of an area: its cells as numbers, and why each other cell or table gives nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from gdcore import form, masking, personal
from gdcore.figure import Figure
from gdcore.form import AgencyType, Edition
from gdcore.place import Anchor, Place
from gdcore.report import Grid, RemarkKind, Report, StatTable
from gdcore.rules.area import Coverage, coverage

TABLES = ("t2", "t3", "t4")
# The 2019 form prints no unit there: agencies write 元 or 万元, and these do not add up.
WITHOUT_UNIT = frozenset({"t2_2019.procurement.amount"})
_COMMON = 4096  # cells with their numbers that are kept to be shared
_LONGEST_COUNT = 10  # characters; what is longer may be a number of a person


class Reason(StrEnum):
    """Why an agency is not counted in a table or a cell."""

    NOT_FILED = "not_filed"
    ABSENT = "absent"
    OTHER_EDITION = "other_edition"
    UNREAD = "unread"
    BLANK = "blank"
    NOT_A_NUMBER = "not_a_number"
    PERSONAL = "personal"
    NO_UNIT = "no_unit"


REASON_NAMES = {
    Reason.NOT_FILED: "未报送",
    Reason.ABSENT: "报告中没有这张表",
    Reason.OTHER_EDITION: "用另一版表样",
    Reason.UNREAD: "未能识别",
    Reason.BLANK: "空白",
    Reason.NOT_A_NUMBER: "不是数字",
    Reason.PERSONAL: "疑为个人信息",
    Reason.NO_UNIT: "表样没有印单位，不能相加",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """What one report gives to the sums of an edition, under the addresses of the form.

    `figures` are the cells with a number; their anchors say which cell it is and what a person corrected there, no
    places, since these are of another file each. `gaps` are the other cells of a table that counts, `absent` the tables
    that do not. `own_data`: the report of a government says that it tells its own numbers alone.
    """

    figures: Mapping[str, Figure]
    gaps: Mapping[str, Reason] = field(default_factory=dict)
    absent: Mapping[str, Reason] = field(default_factory=dict)
    own_data: bool = False

    def reason(self, table: str, address: str = "") -> Reason | None:
        """Why a table, or a cell of it, is not counted; None if it is."""
        return self.absent.get(table) or self.gaps.get(address)

    def lacks(self, table: str) -> bool:
        """Whether some cell of a table is not counted for a reason of its own."""
        gaps = (address for address, reason in self.gaps.items() if reason is not Reason.NO_UNIT)
        return any(address.partition(".")[0].removesuffix("_2019") == table for address in gaps)


def tally(report: Report, edition: Edition) -> Tally:
    """The report's cells as they are added up in an edition."""
    figures: dict[str, Figure] = {}
    gaps: dict[str, Reason] = {}
    absent: dict[str, Reason] = {}
    for key in TABLES:
        found, missing = _cells(report.table(key), key, edition)
        figures |= found
        if found:
            gaps |= missing
        else:
            absent[key] = _why_absent(report, key, missing.values())
    own = report.identity.agency_type is AgencyType.GOVERNMENT and coverage(report) is Coverage.OWN
    return Tally(figures, gaps, absent, own)


def _cells(table: StatTable | None, key: str, edition: Edition) -> tuple[dict[str, Figure], dict[str, Reason]]:
    printed = table.cells() if table else {}
    grids = {g.key: g for g in table.grids} if table else {}
    found: dict[str, Figure] = {}
    missing: dict[str, Reason] = {}
    for block in form.blocks(key, edition):
        for address in block.addresses():
            figure = printed.get(address)
            reason = _why_not(figure, address) if figure else _why_unread(table, grids.get(block.key), block, address)
            if figure is None or reason:
                missing[address] = reason or Reason.UNREAD
            else:
                found[address] = _counted(figure, address)
    return found, missing


def _counted(figure: Figure, address: str) -> Figure:
    """The number as it is added up; what a person replaced may have been anything, a telephone number too."""
    mark = figure.correction
    if mark is None and figure.confidence == 1 and figure.value is not None:
        return _common(address, str(figure.value))
    if mark is not None and mark.read:
        mark = replace(mark, read=masking.anywhere(mark.read))
    return Figure(figure.value, "", (Anchor(address, Place(), correction=mark),), figure.confidence)


@lru_cache(_COMMON)
def _common(address: str, number: str) -> Figure:
    """One object for all reports that print a number in a cell: most print 0, and a province has thousands."""
    return Figure(Decimal(number), "", (_anchor(address),))


@lru_cache(_COMMON)
def _anchor(address: str) -> Anchor:
    return Anchor(address, Place())


def _why_not(figure: Figure, address: str) -> Reason | None:
    if address in WITHOUT_UNIT:
        return Reason.NO_UNIT
    if figure.value is None:
        return Reason.BLANK if figure.blank else Reason.NOT_A_NUMBER
    private = len(figure.raw) > _LONGEST_COUNT and personal.numbers(figure.raw)
    return Reason.PERSONAL if private else None


def _why_unread(table: StatTable | None, grid: Grid | None, block: form.Block, address: str) -> Reason:
    """Why a cell was not found: the edition printed does not have it, or it could not be read."""
    other = address not in grid.form.addresses() if grid else table is not None and table.edition is not block.edition
    return Reason.OTHER_EDITION if other and block.table != "t4" else Reason.UNREAD


def _why_absent(report: Report, key: str, missing: Collection[Reason]) -> Reason:
    """Why a table does not count. One that may stand there as an image or in an attachment is not read, not absent."""
    if report.table(key) is None:
        section = form.SECTION_BY_KEY[form.TABLE_SECTIONS[key]].short
        embedded = any(r.address == section for r in report.remarks_of(RemarkKind.EMBEDDED))
        return Reason.UNREAD if embedded or report.legibility < 1 else Reason.ABSENT
    order = (Reason.OTHER_EDITION, Reason.UNREAD, Reason.NOT_A_NUMBER, Reason.BLANK)
    return next((reason for reason in order if reason in missing), Reason.UNREAD)
