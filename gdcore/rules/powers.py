"""TAB-16…18: numbers of table 二 that do not fit the powers of the agency."""

from __future__ import annotations

from collections.abc import Iterator

from gdcore import wording
from gdcore.agency import Agency
from gdcore.basis import LEGISLATION_LAW, LOGIC, PRACTICE
from gdcore.catalogue import rule
from gdcore.figure import Figure
from gdcore.form import AgencyType, Edition
from gdcore.report import Identity, Report, StatTable
from gdcore.verdict import UNKNOWN, Severity, Verdict, doubtful, failed, not_applicable, not_evaluated, passed

DECISIONS = ("licensing", "penalty", "coercion")


@rule(
    "TAB-16",
    Severity.ERROR,
    basis=LEGISLATION_LAW,
    name="层级不具备规章制定权却填报规章",
    short="误填规章",
    suggestion="贵机关不具有规章制定权，“规章”行应填0，请核实是否误将其他文件计入。",
)
def regulations_need_rule_making_power(t2: StatTable, report: Report) -> Iterator[Verdict]:
    """没有规章制定权的机关，“规章”行三个数都是 0。

    乡镇、街道、县级部门和县级政府没有规章制定权，填报了为错误；市级部门可能填报了代拟的规章，为警告；设区的市、自治州以上
    政府和国务院部门可以制定规章。层级以单位名录为准，名录没有的从名称看；看不准的（如“×市”可能是设区的市，也可能是县级市）
    不作判断。
    """
    cells = [t2.figure("regulations", c) for c in ("issued", "repealed", "in_force")]
    filled = [f for f in cells if f.value]
    address = "t2.regulations"
    if any(g.key == "item1" and g.edition is Edition.FMT2019 for g in t2.grids):
        yield not_applicable("2019 年试行格式没有制发、废止、现行有效件数", address)
    elif not filled:
        unknown = any(f.value is None for f in cells)
        yield not_evaluated(UNKNOWN, address) if unknown else passed(address, *cells)
    else:
        yield _regulations(report.identity, filled, address)


def _regulations(identity: Identity, filled: list[Figure], address: str) -> Verdict:
    kind, level = identity.agency_type, identity.level
    if kind in (AgencyType.TOWNSHIP, AgencyType.SUBDISTRICT) or level in ("township", "county"):
        severity, who = Severity.ERROR, "乡镇、街道和县级机关"
    elif level is None or kind is None:
        return not_evaluated("单位的层级或类型不能确定，请在单位名录中填写", address)
    elif level == "city" and kind is not AgencyType.GOVERNMENT:
        severity, who = Severity.WARNING, "市级部门一般"
    else:
        return passed(address, *filled)
    told = "、".join(f"{wording.column_word('t2', f.address.rpartition('.')[2])} {f}" for f in filled)
    message = f"“规章”行填报了{told}，{who}没有规章制定权"
    return failed(message, address, *filled, expected="0", found=told, severity=severity)


@rule(
    "TAB-17",
    Severity.INFO,
    basis=LOGIC,
    name="行政强制等权限与机关性质明显不符",
    short="权限不符",
    suggestion="请核实该项权力是否由本机关行使。",
)
def decisions_need_powers(t2: StatTable, agency: Agency) -> Iterator[Verdict]:
    """名录注明没有行政许可权或行政执法权的机关，相应的处理决定数量为 0。

    名录没有填写的不作判断。乡镇、街道可能受委托行使处罚权，所以只作提示。
    """
    for row in DECISIONS:
        power, name = _power(agency, row)
        decisions = t2.figure(row, "decisions")
        address = decisions.address
        if power is not False:
            yield not_applicable(f"名录没有注明本机关无{name}", address)
        elif decisions.value is None:
            yield not_evaluated(UNKNOWN, address)
        elif decisions.value == 0:
            yield passed(address, decisions)
        else:
            message = f"{wording.row_word('t2', row)}填报 {decisions} 件，名录注明本机关没有{name}"
            yield failed(message, address, decisions, expected="0", found=str(decisions))


def _power(agency: Agency, row: str) -> tuple[bool | None, str]:
    if row == "licensing":
        return agency.has_licensing, "行政许可权"
    return agency.has_enforcement, "行政执法权"


@rule(
    "TAB-18",
    Severity.WARNING,
    basis=PRACTICE,
    name="执法机关数据全部为零",
    short="执法全零",
    suggestion="请核实行政许可、行政处罚、行政强制处理决定数量是否漏填（包括未公开的处理决定）。",
)
def enforcement_agencies_decide(t2: StatTable, agency: Agency, prior: Report | None = None) -> Iterator[Verdict]:
    """名录注明有行政许可权或行政执法权的机关，许可、处罚、强制不全为 0，也不由上年有数变为 0。

    名录没有填写的不适用：乡镇、街道全部为 0 很常见。由上年有数变为 0 的列为待核。
    """
    if not (agency.has_licensing or agency.has_enforcement):
        yield not_applicable("名录没有注明本机关有行政许可权或行政执法权")
        return
    figures = {row: t2.figure(row, "decisions") for row in DECISIONS}
    if any(f.value is None for f in figures.values()):
        yield not_evaluated(UNKNOWN, "t2")
    elif not any(f.value for f in figures.values()):
        message = "行政许可、行政处罚、行政强制的处理决定数量均为 0 件，名录注明本机关有行政许可权或行政执法权"
        yield failed(message, "t2", *figures.values(), expected="按实填报", found="0")
    else:
        dropped = [v for row, f in figures.items() if (v := _dropped(agency, row, f, prior)) is not None]
        yield from dropped or [passed("t2", *figures.values())]


def _dropped(agency: Agency, row: str, now: Figure, prior: Report | None) -> Verdict | None:
    """A doubt where a power that the agency has was used last year and not this year."""
    if now.value or not _power(agency, row)[0] or prior is None or prior.t2 is None:
        return None
    last = prior.t2.figure(row, "decisions")
    if not last.value:
        return None
    message = f"{wording.row_word('t2', row)}本年 0 件，上年 {last} 件"
    return doubtful(message, now.address, now, expected="按实填报", found="0")
