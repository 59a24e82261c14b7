"""YOY-01…06, 08, 12: what the tables of one year owe to the tables of the year before."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gdcore import form, wording
from gdcore.agency import Agency
from gdcore.basis import LOGIC, PLAUSIBILITY, PRACTICE
from gdcore.catalogue import Rule, rule
from gdcore.figure import Figure, total
from gdcore.form import Edition
from gdcore.report import Report, Requests, StatTable
from gdcore.rules.others import borrowed, consecutive, reorganised
from gdcore.rules.stocks import STOCK, edition_of
from gdcore.rules.told import explains_expiry, published
from gdcore.task import Task
from gdcore.verdict import UNKNOWN, Severity, Verdict, failed, not_applicable, not_evaluated, passed

_NO_TABLE = "上年报告中没有这张表，或表格未能识别"
# Rule confidence at which a person decides: stocks change by expiry and recounting, too.
DOUBTFUL = 0.6


def _year(prior: Report) -> str:
    return f"{prior.identity.year} 年度报告"


def _unknown(prior: Report, table: str, address: str) -> Verdict:
    """What a rule says where a number of either year is not known."""
    return not_evaluated(UNKNOWN if prior.table(table) else _NO_TABLE, address)


def _carried_out(prior: Report) -> tuple[Figure, ...]:
    """Last year's 结转下年度继续办理: the applicant columns, the total last."""
    return tuple(borrowed(prior, "t3", "carried_out", column.key) for column in form.APPLICANTS)


# --- 结转 -----------------------------------------------------------------------------------------------------------


@rule(
    "YOY-01",
    Severity.ERROR,
    basis=LOGIC,
    name="上年结转与去年报告结转数不一致",
    short="结转不符",
    suggestion="本年“上年结转”{a}件，去年年报“结转下年度”{b}件，请核实。",
)
@consecutive
def carried_in_is_last_years_carried_out(
    report: Report, prior: Report, t3: Requests, task: Task, agency: Agency | None = None
) -> Iterator[Verdict]:
    """本年“上年结转”的总计，等于上年报告“结转下年度继续办理”的总计。

    名录记载当年有机构合并、拆分、更名或新设的，只作警告。总计与各类申请人之和不符而各类之和相符的，是行合计的笔误，由 SUM-03 提出。
    上年报告有更正版的，与最新一版比较；年度不相接的不适用。
    """
    *ours, printed = t3.row("carried_in")
    *theirs, carried = _carried_out(prior)
    address = "t3.carried_in.total"
    if printed.value is None or carried.value is None:
        yield _unknown(prior, "t3", address)
    elif printed.value in (carried.value, total(theirs).value):
        yield passed(address, printed)
    elif total(ours).value == carried.value:
        yield not_applicable("各类申请人的上年结转与上年报告相符，总计的笔误由 SUM-03 提出", address)
    else:
        year = report.reporting_year(task.year)
        message = f"上年结转总计 {printed} 件，{_year(prior)}结转下年度继续办理总计 {carried} 件"
        severity = Severity.WARNING if reorganised(agency, year) else None
        aside = f"（名录记载 {year} 年机构有变动）" if severity else ""
        words = {"a": str(printed), "b": str(carried)}
        evidence = (printed, carried)
        yield failed(
            message + aside,
            address,
            *evidence,
            expected=str(carried),
            found=str(printed),
            severity=severity,
            values=words,
        )


@rule(
    "YOY-02",
    Severity.WARNING,
    basis=LOGIC,
    name="分类结转不一致",
    short="列结转不符",
    suggestion="上年结转的申请人分类与去年年报不一致，请核实。",
)
@consecutive
def carried_in_keeps_its_applicants(
    report: Report, prior: Report, t3: Requests, task: Task, agency: Agency | None = None
) -> Iterator[Verdict]:
    """各类申请人的“上年结转”，与上年报告“结转下年度继续办理”逐列相同。

    只在总计相同时比较，总计不同的由 YOY-01 提出；行合计不平的由 SUM-03 提出。机构有变动的年度不比较。
    """
    *ours, printed = t3.row("carried_in")
    *theirs, carried = _carried_out(prior)
    address = "t3.carried_in"
    pairs = list(zip(form.APPLICANTS, ours, theirs, strict=False))
    known = [(c, a, b) for c, a, b in pairs if a.value is not None and b.value is not None]
    moved = [(c, a, b) for c, a, b in known if a.value != b.value]
    if None in (printed.value, carried.value) or len(known) < len(pairs):
        yield _unknown(prior, "t3", address)
    elif not moved:
        yield passed(address, *ours)
    elif reorganised(agency, report.reporting_year(task.year)):
        yield not_applicable("名录记载当年机构有变动", address)
    elif not printed.value == carried.value == total(ours).value == total(theirs).value:
        yield not_applicable("总计与上年不同或与各类之和不符，由 YOY-01、SUM-03 提出", address)
    else:
        told = "，".join(f"{_applicant(c)} {a} 件（上年 {b} 件）" for c, a, b in moved)
        evidence = [f for _, a, b in moved for f in (a, b)]
        expected, found = ("、".join(str(pair[i]) for pair in moved) for i in (2, 1))
        message = f"上年结转总计 {printed} 件与{_year(prior)}相同，分类不同：{told}"
        yield failed(message, address, *evidence, expected=expected, found=found)


def _applicant(column: form.Column) -> str:
    return f"{column.group}·{column.label}" if column.key == "other_org" else column.label


# --- 存量 -----------------------------------------------------------------------------------------------------------


def _stock_rule(code: str, row: str, name: str, short: str, suggestion: str) -> Rule:
    word = STOCK[row]

    @consecutive
    def judge(report: Report, prior: Report, t2: StatTable, task: Task) -> Iterator[Verdict]:
        yield _stock(report, prior, t2, row)

    judge.__doc__ = f"""{word}现行有效件数，等于上年现行有效件数加本年制发、减本年废止件数。

    文件有效期届满、清理、口径调整都会使两者不同，所以一律列为待核；正文说明了失效情况而件数减少的不再提出。
    两年的报告都按现行格式填报才比较。
    """
    made = rule(code, Severity.WARNING, basis=LOGIC, name=name, short=short, suggestion=suggestion, confidence=DOUBTFUL)
    return made(judge)


def _stock(report: Report, prior: Report, t2: StatTable, row: str) -> Verdict:
    address = f"t2.{row}.in_force"
    if prior.t2 is None:
        return not_evaluated(_NO_TABLE, address)
    if Edition.FMT2019 in (edition_of(t2, "item1"), edition_of(prior.t2, "item1")):
        return not_applicable("两年的报告不都按现行格式填报现行有效件数", address)
    issued, repealed, in_force = (t2.figure(row, key) for key in ("issued", "repealed", "in_force"))
    before = borrowed(prior, "t2", row, "in_force")
    due = before + issued - repealed
    if due.value is None or in_force.value is None:
        return not_evaluated(UNKNOWN, address)
    if in_force.value == due.value or (in_force.value < due.value and explains_expiry(report)):
        return passed(address, in_force, due)
    sums = f"上年现行有效 {before} 件＋本年制发 {issued} 件－本年废止 {repealed} 件＝{due} 件"
    message = f"{STOCK[row]}：现行有效 {in_force} 件；{sums}，请与清理结果核对"
    return failed(message, address, in_force, due, expected=str(due), found=str(in_force))


regulations_follow = _stock_rule(
    "YOY-03",
    "regulations",
    "规章现行有效件数不连续",
    "规章不连续",
    "现行有效件数应等于上年有效+本年制发−本年废止，如有失效请在第六部分说明。",
)
normative_documents_follow = _stock_rule(
    "YOY-04",
    "normative_docs",
    "规范性文件现行有效件数不连续",
    "规文不连续",
    "现行有效件数应等于上年有效+本年制发−本年废止，如有失效请在第六部分说明，并与规范性文件清理结果核对。",
)


# --- 复议诉讼 -------------------------------------------------------------------------------------------------------


@rule(
    "YOY-05",
    Severity.INFO,
    basis=LOGIC,
    name="未审结案件未延续",
    short="未结案消失",
    suggestion="去年尚未审结案件本年未体现，请核实。",
)
@consecutive
def pending_cases_go_on(report: Report, prior: Report, t4: StatTable, task: Task) -> Iterator[Verdict]:
    """上年尚未审结的复议、诉讼件数，不大于本年同类案件的总计。

    各地对上年未结案件是否再计入本年做法不一，只作提示。
    """
    for row in form.T4.rows:
        pending, counted = borrowed(prior, "t4", row.key, "pending"), t4.figure(row.key, "total")
        address = f"t4.{row.key}.total"
        if pending.value is None or counted.value is None:
            yield _unknown(prior, "t4", address)
        elif pending.value <= counted.value:
            yield passed(address, counted)
        else:
            word = wording.row_word("t4", row.key)
            message = f"{word}：{_year(prior)}尚未审结 {pending} 件，本年总计 {counted} 件"
            yield failed(message, address, counted, pending, expected=f"不小于 {pending}", found=str(counted))


# --- 突变、照搬、缺报 ------------------------------------------------------------------------------------------------

# Growth in multiples of last year's number, at least SMALL_BASE, above which a number is told.
ABRUPT = 3
SMALL_BASE = Decimal(10)
_WATCHED = (
    ("t3", "new_received", "total", "新收申请", "件"),
    ("t2", "licensing", "decisions", "行政许可", "件"),
    ("t2", "penalty", "decisions", "行政处罚", "件"),
    ("t2", "fees", "amount_wan", "行政事业性收费", "万元"),
)


@rule(
    "YOY-06",
    Severity.INFO,
    basis=PLAUSIBILITY,
    name="数据突变",
    short="数据突变",
    suggestion="该数据较上年变化较大，请核实或说明原因。",
)
@consecutive
def numbers_grow_gradually(
    report: Report, prior: Report, task: Task, agency: Agency | None = None
) -> Iterator[Verdict]:
    """新收申请、行政许可、行政处罚、行政事业性收费、主动公开条数，较上年的增加不超过上年的三倍。

    上年不足 10 的按 10 计，免得小数目一变就提。只作提示；机构有变动的年度不适用。
    """
    if reorganised(agency, report.reporting_year(task.year)):
        yield not_applicable("名录记载当年机构有变动")
        return
    for address, word, unit, now, then in _watched(report, prior):
        if now.value is None or then.value is None:
            yield not_evaluated(UNKNOWN, address)
        elif now.value - then.value <= ABRUPT * max(then.value, SMALL_BASE):
            yield passed(address, now)
        else:
            message = f"{word}：本年 {now} {unit}，{_year(prior)} {then} {unit}"
            yield failed(message, address, now, then, expected=f"与 {then} 相近", found=str(now))


def _watched(report: Report, prior: Report) -> Iterator[tuple[str, str, str, Figure, Figure]]:
    """Address, name, unit, this year's and last year's number of what both years' forms have."""
    for key, row, column, word, unit in _WATCHED:
        then, table = borrowed(prior, key, row, column), report.table(key)
        cells = table.cells() if table else {}
        for prefix in (key, f"{key}_2019"):
            address = f"{prefix}.{row}.{column}"
            if address in cells and then.value is not None:
                yield address, word, unit, cells[address], then
    if (now := published(report)) and (before := published(prior)):
        yield now.address, "主动公开政府信息", "条", now.figure, before.elsewhere


# Σ of tables 二 and 三, stocks left out, above which equal tables are no coincidence.
COINCIDENCE = 20
_STOCKS = ("in_force", "public_total", "items_prev")


@rule(
    "YOY-08",
    Severity.WARNING,
    basis=PLAUSIBILITY,
    name="非零表格与去年完全相同",
    short="表同上年",
    suggestion="表格数据与上年完全一致，请核实是否沿用旧数据。",
)
@consecutive
def tables_are_this_years(report: Report, prior: Report, t2: StatTable, t3: Requests, task: Task) -> Iterator[Verdict]:
    """表二、表三不是每一格都与上年相同。

    各格合计（现行有效件数不计）不超过 20 的不提出：没有业务的单位年年都是零。两年格式不同的不适用。
    """
    ours, theirs = _of_two(report), _of_two(prior)
    if set(ours) != set(theirs):
        yield not_applicable("两年表格的格式或读出的格子不同")
        return
    pairs = [(figure, theirs[address]) for address, figure in ours.items()]
    if any(None not in (a.value, b.value) and a.value != b.value for a, b in pairs):
        yield passed("t3")
    elif any(None in (a.value, b.value) for a, b in pairs):
        yield not_evaluated(UNKNOWN, "t3")
    else:
        counted = [figure for address, figure in ours.items() if not address.endswith(_STOCKS) and figure.value]
        if total(counted).value > COINCIDENCE:  # type: ignore[operator]
            message = f"表二、表三共 {len(ours)} 个数据与{_year(prior)}完全相同，其中 {len(counted)} 个不是零"
            yield failed(message, "t3", *counted)
        else:
            yield passed("t3")


def _of_two(report: Report) -> dict[str, Figure]:
    return {**(report.t2.cells() if report.t2 else {}), **(report.t3.cells() if report.t3 else {})}


@rule(
    "YOY-12",
    Severity.INFO,
    basis=PRACTICE,
    name="缺少上年报告",
    short="缺上年报告",
    suggestion="请补充上传上一年度年报以便核对。",
)
def last_years_report_is_there(
    report: Report, agency: Agency, task: Task, prior: Report | None = None
) -> Iterator[Verdict]:
    """库中有上一年度的报告，就应当有这个单位的上一年度报告。

    库中还没有任何单位上一年度报告的（开始使用的第一年）、不入库的核查、当年新设或有变动的单位，以及上年没有统一格式的，不适用。
    """
    year = report.identity.year
    if prior is not None:
        yield passed()
    elif year is None or not task.archived:
        yield not_applicable("没有入库，或库中还没有上一年度的报告")
    elif year in agency.reorganised or (agency.founded is not None and agency.founded >= year):
        yield not_applicable("名录记载当年新设或有变动")
    elif Edition.of_year(year - 1) is Edition.FREE_FORM:
        yield not_applicable("2018 年度及以前没有统一格式，与上年不可比")
    else:
        missing = f"{year - 1} 年度报告"
        yield failed(f"库中没有{agency.name} {missing}，结转、存量和内容未能与上年比较", "report", expected=missing)
