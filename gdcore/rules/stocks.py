"""SUM-09…12: what the numbers of table 二 must satisfy, from one year to the next."""

from __future__ import annotations

from collections.abc import Iterator

from gdcore import form
from gdcore.basis import FORM_2019, LOGIC
from gdcore.catalogue import rule
from gdcore.figure import Figure
from gdcore.form import Edition
from gdcore.report import StatTable
from gdcore.verdict import UNKNOWN, Severity, Verdict, failed, not_applicable, not_evaluated, passed

STOCK = {"regulations": "规章", "normative_docs": "行政规范性文件"}


def _stock(t2: StatTable, row: str) -> tuple[Figure, Figure, Figure]:
    return t2.figure(row, "issued"), t2.figure(row, "repealed"), t2.figure(row, "in_force")


def edition_of(t2: StatTable, item: str) -> Edition | None:
    """The edition under which a block of table 二 is printed; None if the block was not found."""
    return next((g.edition for g in t2.grids if g.key == item), None)


@rule(
    "SUM-09",
    Severity.WARNING,
    basis=LOGIC,
    name="现行有效件数小于当年净增",
    short="有效数偏小",
    suggestion="现行有效件数小于本年制发减废止件数，请与司法行政部门核实。",
)
def stock_covers_net_growth(t2: StatTable) -> Iterator[Verdict]:
    """现行有效件数不小于本年制发减去本年废止的件数。

    上年存量不会是负数，所以年末存量至少等于当年净增；当年制发当年有效期届满失效的除外。
    2019 年试行格式没有这三项，不适用。
    """
    if edition_of(t2, "item1") is Edition.FMT2019:
        yield not_applicable("2019 年试行格式没有制发、废止、现行有效件数")
        return
    for row, word in STOCK.items():
        issued, repealed, in_force = _stock(t2, row)
        net, address = issued - repealed, f"t2.{row}.in_force"
        if net.value is None or in_force.value is None:
            yield not_evaluated(UNKNOWN, address)
        elif in_force.value >= net.value:
            yield passed(address, in_force, net)
        else:
            message = f"{word}：现行有效 {in_force} 件，小于本年制发 {issued} 件减废止 {repealed} 件（净增 {net} 件）"
            yield failed(message, address, in_force, net, expected=f"不小于 {net}", found=str(in_force))


@rule(
    "SUM-10",
    Severity.WARNING,
    basis=LOGIC,
    name="有制发无有效",
    short="有制无有效",
    suggestion="本年制发规范性文件{a}件，但现行有效件数为0，请核实。",
)
def issued_documents_are_in_force(t2: StatTable) -> Iterator[Verdict]:
    """本年制发的行政规范性文件多于废止的，现行有效件数不应为 0。

    文件可能当年制发、当年有效期届满，所以只请单位核实。提出本条时不再提出“现行有效件数小于当年净增”。
    """
    if edition_of(t2, "item1") is Edition.FMT2019:
        yield not_applicable("2019 年试行格式没有制发、废止、现行有效件数")
        return
    issued, repealed, in_force = _stock(t2, "normative_docs")
    address = "t2.normative_docs.in_force"
    if issued.value is None or repealed.value is None or in_force.value is None:
        yield not_evaluated(UNKNOWN, address)
    elif in_force.value == 0 and issued.value > repealed.value:
        message = f"行政规范性文件：本年制发 {issued} 件、废止 {repealed} 件，现行有效 0 件，请核实是否漏填"
        net = f"不小于 {issued - repealed}"
        yield failed(message, address, in_force, issued, repealed, expected=net, found="0", values={"a": str(issued)})
    else:
        yield passed(address, in_force, issued, repealed)


@rule(
    "SUM-11",
    Severity.WARNING,
    basis=FORM_2019.table("二"),
    name="2019版公开数大于总数",
    short="公开超总数",
    suggestion="对外公开总数量应不小于本年新公开数量，请核实。",
)
def published_within_public_total(t2: StatTable) -> Iterator[Verdict]:
    """2019 年试行格式中，本年新公开数量不大于对外公开总数量。

    只看按试行格式填报的“第（一）项”；有的单位总数量只计当年，也不应小于当年数。
    """
    if edition_of(t2, "item1") is not Edition.FMT2019:
        yield not_applicable("不是 2019 年试行格式")
        return
    for row, word in STOCK.items():
        new, public = t2.figure(row, "published_new"), t2.figure(row, "public_total")
        address = f"t2_2019.{row}.published_new"
        if new.value is None or public.value is None:
            yield not_evaluated(UNKNOWN, address)
        elif new.value <= public.value:
            yield passed(address, new, public)
        else:
            message = f"{word}：本年新公开 {new} 件，大于对外公开总数量 {public} 件"
            yield failed(message, address, new, public, expected=f"不超过 {public}", found=str(new))


@rule(
    "SUM-12",
    Severity.ERROR,
    basis=LOGIC,
    name="2019版项目数为负",
    short="项目数为负",
    suggestion="上一年项目数量加本年增减后为负，请核对。",
)
def items_stay_positive(t2: StatTable) -> Iterator[Verdict]:
    """2019 年试行格式中，上一年项目数量加本年增减不为负。

    “增3”“减2”“+3”“-2”都按带符号的数读取。
    """
    for grid in t2.grids:
        if grid.edition is Edition.FMT2019 and any(c.key == "items_prev" for c in grid.form.columns):
            for row in grid.form.rows:
                yield _items_left(t2, grid.form.address(row.key, "items_change"), row)


def _items_left(t2: StatTable, address: str, row: form.Row) -> Verdict:
    before, change = t2.figure(row.key, "items_prev"), t2.figure(row.key, "items_change")
    now = before + change
    if now.value is None or before.value is None:
        return not_evaluated(UNKNOWN, address)
    if now.value >= 0:
        return passed(address, now)
    message = f"{row.label}：上一年项目数量 {before} 项，本年增减 {change} 项，合计为 {now} 项"
    return failed(message, address, now, expected=f"不小于 {-before.value}", found=str(change))
