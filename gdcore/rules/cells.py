"""TAB-05…07, 10, 13, 19: what stands in the cells of the three tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gdcore import form, text, wording
from gdcore.basis import FORM_2019, FORM_2021, LOGIC, PRACTICE
from gdcore.catalogue import rule
from gdcore.figure import Figure
from gdcore.form import AgencyType, Edition
from gdcore.profile import Profile
from gdcore.report import Report, StatTable
from gdcore.rules.sections import unified
from gdcore.rules.tables import readable, unread
from gdcore.verdict import UNKNOWN, Severity, Verdict, doubtful, failed, not_applicable, not_evaluated, passed

# Cells that a message names; the others are lit all the same.
NAMED = 3


def _few(cells: Sequence[tuple[str, Figure]]) -> str:
    """The first few cells in words, with what they print."""
    told = [_word(address) + (f"“{text.collapse(f.raw)}”" if f.raw else "") for address, f in cells[:NAMED]]
    return "；".join(told) + ("等" if len(cells) > NAMED else "")


def _word(address: str) -> str:
    return wording.describe(address).partition(" · ")[2]


def _blank_columns(table: StatTable, blank: Sequence[tuple[str, Figure]]) -> str | None:
    """The columns of table 三 that are blank from top to bottom, if no other cell is blank."""
    columns = list(dict.fromkeys(address.rpartition(".")[2] for address, _ in blank))
    if table.key != "t3" or len(blank) != len(columns) * len(table.grids[0].lines):
        return None
    return "、".join(wording.column_word("t3", column) for column in columns) + f" {len(columns)} 列整列空白"


def _raws(cells: Sequence[tuple[str, Figure]]) -> str:
    return "、".join(list(dict.fromkeys(text.collapse(f.raw) for _, f in cells))[:NAMED])


@rule(
    "TAB-05",
    Severity.ERROR,
    basis=FORM_2021,
    name="数据单元格空白",
    short="空白格",
    suggestion="无数据的单元格请填写“0”，不得空白。",
)
@unified
def cells_are_filled(report: Report, profile: Profile) -> Iterator[Verdict]:
    """三张表的数据格都填写数字，没有数据填“0”。

    每张表合并为一个问题；整张表全空为错误，部分空白为警告。合并的表头、行末的补位格不算数据格。空白格参与的合计不作
    判断。本地规定无数据可以留空的（方案中 blank_allowed），本条不适用。
    """
    if profile.blank_allowed:
        yield not_applicable(f"“{profile.title}”方案允许无数据的单元格留空")
        return
    yield from unread(report)
    for table in readable(report):
        cells = table.cells()
        blank = [(address, f) for address, f in table.unknown if f.blank]
        if not blank:
            yield passed(table.key) if cells else not_evaluated("各行的列数不符，数据未读", table.key)
            continue
        whole = len(blank) == len(cells)
        name = form.TABLE_NAMES[table.key]
        which = _blank_columns(table, blank) or _few(blank)
        message = f"{name}的 {len(cells)} 个数据格全部空白" if whole else f"{name}有 {len(blank)} 个数据格空白：{which}"
        severity = Severity.ERROR if whole else Severity.WARNING
        figures = [f for _, f in blank]
        yield failed(message, table.key, *figures, expected="0", found=f"空白 {len(blank)} 格", severity=severity)


@rule(
    "TAB-06",
    Severity.WARNING,
    basis=FORM_2021,
    name="单元格为非数字",
    short="非数字",
    suggestion="表中应填写阿拉伯数字，请将“{found}”改为数字。",
)
@unified
def cells_are_numbers(report: Report) -> Iterator[Verdict]:
    """三张表的数据格填写阿拉伯数字，不填“/”“—”“无”等。

    每张表合并为一个问题。全角数字、千分位、带单位或带附注的数照常读取，只提示书写不规范。一格里有几个数、看不出是哪一个的，
    列为待核。
    """
    yield from unread(report)
    for table in readable(report):
        odd = [(address, f) for address, f in table.unknown if not f.blank]
        if not odd:
            yield passed(table.key)
            continue
        several = all(len(f.raw.split()) > 1 and f.raw[:1].isdigit() for _, f in odd)
        judge = doubtful if several else failed
        message = f"{form.TABLE_NAMES[table.key]}有 {len(odd)} 个数据格不是数字：{_few(odd)}"
        yield judge(message, table.key, *(f for _, f in odd), expected="阿拉伯数字", found=_raws(odd))


@rule(
    "TAB-07",
    Severity.ERROR,
    basis=LOGIC,
    name="件数为负数或小数",
    short="负数小数",
    suggestion="件数应为非负整数，请核实。",
)
@unified
def counts_are_whole(report: Report) -> Iterator[Verdict]:
    """件数是非负整数。

    行政事业性收费金额、采购金额可以有小数；2019 年试行格式的“本年增/减”可以为负。
    """
    yield from unread(report)
    for table in readable(report):
        odd = [(a, f) for a, f in table.cells().items() if f.value and not _is_count(f.value)]
        wrong = [_count(address, figure, fault) for address, figure in odd if (fault := _fault(address, figure))]
        yield from wrong or [passed(table.key)]


def _is_count(value: Decimal) -> bool:
    return value >= 0 and value == value.to_integral_value()


def _fault(address: str, figure: Figure) -> str:
    """What is wrong with a number that is negative or has a fraction; "" where the form allows it."""
    column = address.rpartition(".")[2]
    if figure.value is None or column in ("amount_wan", "amount"):
        return ""
    if figure.value < 0 and column != "items_change":
        return "负数"
    return "小数" if figure.value != figure.value.to_integral_value() else ""


def _count(address: str, figure: Figure, fault: str) -> Verdict:
    message = f"{wording.describe(address)}为{fault} {figure}"
    return failed(message, address, figure, expected="非负整数", found=figure.raw)


@rule(
    "TAB-13",
    Severity.INFO,
    basis=PRACTICE,
    name="数字书写不规范",
    short="数字不规范",
    suggestion="表中数字请使用半角阿拉伯数字，不加单位。",
)
@unified
def digits_are_regular(report: Report) -> Iterator[Verdict]:
    """表中数字用半角阿拉伯数字书写，不带单位、千分位、附注和多余的零。

    每张表合并为一个问题；这些数照常读取和核对。
    """
    yield from unread(report)
    for table in readable(report):
        cells = table.cells()
        irregular = {raw for raw in {f.raw for f in cells.values()} if text.printed_number(raw).irregular}
        odd = [(a, f) for a, f in cells.items() if f.raw in irregular and f.value is not None] if irregular else []
        if not odd:
            yield passed(table.key)
            continue
        message = f"{form.TABLE_NAMES[table.key]}有 {len(odd)} 个数字书写不规范：{_few(odd)}"
        expected = "、".join(list(dict.fromkeys(str(f) for _, f in odd))[:NAMED])
        yield failed(message, table.key, *(f for _, f in odd), expected=expected, found=_raws(odd))


# --- money ----------------------------------------------------------------------------------------------------------

# 元 in one 万元.
WAN = 10_000
# A jump by this factor over last year points at 元 in place of 万元.
JUMP = 1000
_YUAN = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)元")
# A government's report adds up its whole area: the profile's limit is raised by this factor.
AREA_FACTOR = 10


@rule(
    "TAB-10",
    Severity.WARNING,
    basis=FORM_2021.table("二"),
    name="收费金额单位疑似错误",
    short="金额单位",
    suggestion="行政事业性收费单位为“万元”，请核对是否误填为“元”。",
)
def fees_are_in_wan(t2: StatTable, report: Report, profile: Profile, prior: Report | None = None) -> Iterator[Verdict]:
    """行政事业性收费金额以万元为单位。

    金额与正文中以“元”为单位的数相同、达到方案的上限（政府汇总报告放宽为十倍）、或为上年的一千倍以上时提出。国土、
    交通等单位的收费可能确实很大，后两种只列为待核。
    """
    address = "t2.fees.amount_wan"
    fees = t2.figure("fees", "amount_wan")
    if any(g.key == "item8" and g.edition is Edition.FMT2019 for g in t2.grids):
        yield not_applicable("2019 年试行格式没有收费金额", address)
        return
    if fees.value is None:
        yield not_evaluated(UNKNOWN, address)
        return
    limit = Decimal(str(profile.thresholds["fee_max_wan"]))
    if report.identity.agency_type is AgencyType.GOVERNMENT:
        limit *= AREA_FACTOR
    last = prior.t2.figure("fees", "amount_wan").value if prior is not None and prior.t2 is not None else None
    told = _told_in_yuan(report, fees)
    if told:
        message = f"行政事业性收费填为 {fees} 万元，正文为“{told}”"
        yield failed(message, address, fees, expected=f"{fees.value / WAN:f} 万元", found=f"{fees} 万元")
    elif fees.value >= limit:
        message = f"行政事业性收费填为 {fees} 万元，达到或超过 {limit:f} 万元，请核对单位是否为“元”"
        yield doubtful(message, address, fees, found=f"{fees} 万元")
    elif last and fees.value >= JUMP * last:
        message = f"行政事业性收费填为 {fees} 万元，上年为 {last:f} 万元，请核对单位是否为“元”"
        yield doubtful(message, address, fees, found=f"{fees} 万元")
    else:
        yield passed(address, fees)


def _told_in_yuan(report: Report, fees: Figure) -> str | None:
    """The sentence of the prose that tells the very number of the cell as 元 of 行政事业性收费."""
    if not fees.value:
        return None
    for passage, whole in report.prose.plain:
        for _, sentence in text.sentences(passage.text) if "事业性收费" in whole else ():
            plain = text.plain(sentence)
            if "事业性收费" in plain and fees.value in [Decimal(n.replace(",", "")) for n in _YUAN.findall(plain)]:
                return text.collapse(sentence)
    return None


@rule(
    "TAB-19",
    Severity.INFO,
    basis=FORM_2019.table("二"),
    name="2019版采购金额单位不明",
    short="采购无单位",
    suggestion="请注明采购金额单位。",
)
def procurement_has_a_unit(t2: StatTable) -> Iterator[Verdict]:
    """2019 年试行格式的采购总金额写明单位。

    试行格式没有印出单位；金额为 0、数字或表头写明元或万元的不提出。
    """
    grid = next((g for g in t2.grids if g.key == "item9"), None)
    amount = t2.figure("procurement", "amount")
    address = "t2_2019.procurement.amount"
    if grid is None:
        yield not_applicable("表二没有第（九）项")
    elif amount.value is None:
        yield not_evaluated(UNKNOWN, address)
    elif amount.value == 0 or "元" in amount.raw or any("元" in h.printed.text for h in grid.headers):
        yield passed(address, amount)
    else:
        yield failed(f"采购总金额 {amount} 没有写明单位", address, amount, expected="写明元或万元", found=amount.raw)
