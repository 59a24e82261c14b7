"""AGG-01…06, 08, 09: a government's report beside the sum of the reports of its area."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from gdcore import form, wording
from gdcore.agency import Agency
from gdcore.basis import PRACTICE, REGULATION
from gdcore.bodies import related
from gdcore.catalogue import Rule, Verdicts, rule
from gdcore.claims import Claim, Scope
from gdcore.claims.grammar import EVERY_AGENCY
from gdcore.form import AgencyType
from gdcore.report import Report, Requests
from gdcore.rules.area import (
    Area,
    Coverage,
    RowGap,
    area,
    cause,
    coverage,
    is_government,
    name_of,
    names_scope,
    row_gap,
)
from gdcore.rules.comparing import Claims, counts
from gdcore.task import Subordinates, Task
from gdcore.verdict import Severity, Verdict, doubtful, failed, not_applicable, not_evaluated, passed

_ARTICLE_49 = REGULATION.article("第四十九条") & PRACTICE
# More differing rows than this have one cause, told once.
HANDFUL = 5
# 万元 by which each report's fees may be rounded.
ROUNDING = Decimal("0.01")
# Names, and differing rows, told in one message.
NAMED = 20
SHOWN = 3

_APPLICANTS = tuple(c.key for c in form.APPLICANTS)
_OUTCOMES = tuple(c.key for c in form.OUTCOMES)
Row = tuple[str, str, tuple[str, ...]]


def _named(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 个单位" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def _not_added(report: Report, subordinates: Subordinates, task: Task, agency: Agency | None) -> Verdict | Area:
    """The area to compare with, or why there is nothing to compare."""
    if not is_government(report, agency):
        return not_applicable("不是一级政府的年度报告，不汇总下级单位数据")
    known = area(report, subordinates, task)
    if known.coverage is Coverage.OWN:
        return not_applicable("报告写明数据为本级口径，不与各单位之和比较")
    if not known.reports:
        return not_applicable("没有同一年度的下级单位报告可以汇总")
    return known


# --- Σ --------------------------------------------------------------------------------------------------------------


def _compared(known: Area, rows: Iterable[Row], doubt: Callable[[RowGap], str]) -> Verdicts:
    """A verdict on each row; where many differ, or not everybody is counted, one for all that differ."""
    gaps = [row_gap(known, *row) for row in rows]
    tolerance = ROUNDING * len(known.reports)
    differing = [g for g in gaps if g.differing and (g.row != "fees" or abs(g.gravest.difference) > tolerance)]
    wrong = _without_result_total(differing)
    reason = cause(known, gaps) if wrong and known.whole else ""
    for gap in gaps:
        if gap not in differing:
            told = passed(f"{gap.table}.{gap.row}", *(c.ours for c in gap.cells))
            yield told if all(c.known for c in gap.cells) else _unread(known, gap)
    if wrong and (not known.whole or reason or len(wrong) > HANDFUL):
        yield _together(known, wrong, reason, doubt)
    else:
        yield from (_alone(known, gap, doubt(gap)) for gap in wrong)


def _without_result_total(wrong: list[RowGap]) -> list[RowGap]:
    """The rows without （七）总计 where the details' differences make it up."""
    whole = next((g for g in wrong if g.row == "result_total"), None)
    details = [g for g in wrong if g.row not in form.T3_INPUTS]
    if whole is None or not details:
        return wrong
    made_up = (sum((g.cells[i].difference for g in details), Decimal(0)) for i in range(len(whole.cells)))
    return [g for g in wrong if g is not whole] if [c.difference for c in whole.cells] == list(made_up) else wrong


def _unread(known: Area, gap: RowGap) -> Verdict:
    names = known.unread(gap.table, gap.row, tuple([c.column for c in gap.cells]))
    whose = _named(names) if names else name_of(known.report)
    return not_evaluated(f"“{_word(gap)}”有单元格未能识别，不作判断：{whose}", f"{gap.table}.{gap.row}")


def _word(gap: RowGap) -> str:
    return wording.row_word(gap.table, gap.row)


def _told(known: Area, gap: RowGap) -> str:
    """The row with its gravest difference, and up to two more of its cells."""
    unit, worst = "万元" if gap.row == "fees" else "件", gap.gravest
    by = f"{'多' if gap.surplus else '少'} {abs(worst.difference):f} {unit}"
    sides = f"{worst.ours} {unit}，{len(known.reports)} 个单位合计 {worst.theirs} {unit}，{by}"
    others = [c for c in gap.differing if c is not worst]
    more = "".join(f"；{_column(gap, c.column)}{c.ours} {unit}，合计 {c.theirs} {unit}" for c in others[:2])
    return f"{_word(gap)}：{_column(gap, worst.column)}{sides}{more}{'等' if len(others) > 2 else ''}"


def _column(gap: RowGap, column: str) -> str:
    """A column's label before its number; "" in a row with one column only."""
    return f"{wording.column_word(gap.table, column)} " if len(gap.cells) > 1 else ""


def _alone(known: Area, gap: RowGap, doubt: str) -> Verdict:
    message = _told(known, gap) + (f"。{doubt}" if doubt else "")
    return _verdict(doubtful if doubt else failed, message, gap.gravest.ours.address, [gap])


def _together(known: Area, wrong: list[RowGap], reason: str, doubt: Callable[[RowGap], str]) -> Verdict:
    """All differences as one finding: a hint, for a person, while not everybody's report is counted."""
    count = f"共 {len(wrong)} 项与各单位之和不同。" if len(wrong) > 1 else ""
    shown = "；".join(_told(known, gap) for gap in wrong[:SHOWN]) + ("；等" if len(wrong) > SHOWN else "")
    doubts = list(dict.fromkeys(doubt(gap) for gap in wrong if doubt(gap)))
    notes = "".join(f"。{note}" for note in (reason, _shortfall(known), *doubts) if note)
    address = wrong[0].gravest.ours.address if len(wrong) == 1 else wrong[0].table
    tell = failed if known.whole and not doubts else doubtful
    verdict = _verdict(tell, f"{count}{shown}{notes}", address, wrong)
    return verdict if known.whole else replace(verdict, severity=Severity.INFO)


def _verdict(tell: Callable[..., Verdict], message: str, address: str, wrong: list[RowGap]) -> Verdict:
    worst = wrong[0].gravest
    values = {"d": f"{abs(worst.difference):f}", "row": _word(wrong[0])}
    evidence = [f for gap in wrong for c in gap.differing for f in (c.ours, c.theirs)]
    return tell(message, address, *evidence, expected=str(worst.theirs), found=str(worst.ours), values=values)


def _shortfall(known: Area) -> str:
    """What keeps the sum from being complete."""
    if known.missing:
        return f"尚缺 {len(known.missing)} 个单位的报告：{_named(known.missing)}"
    return "" if known.whole else "报告没有写明数据为全区域汇总"


def _no_doubt(known: Area) -> Callable[[RowGap], str]:
    """A surplus may be the government's own where its office's report is not among those added up."""
    return lambda gap: (
        "汇总的报告中没有政府办公室的，差额可能是政府本级的数据" if not known.has_office and gap.surplus else ""
    )


def _sum_rule(
    code: str,
    severity: Severity,
    rows: Callable[[Report], Iterable[Row]],
    title: str,
    name: str,
    short: str,
    suggestion: str,
    more: str = "",
    doubts: Callable[[Area], Callable[[RowGap], str]] = _no_doubt,
) -> Rule:
    def judge(report: Report, subordinates: Subordinates, task: Task, agency: Agency | None = None) -> Verdicts:
        known = _not_added(report, subordinates, task, agency)
        return [known] if isinstance(known, Verdict) else _compared(known, rows(report), doubts(known))

    judge.__doc__ = f"""{title}

    只看一级政府的报告，与同一年度所有下级单位（政府办公室计一次）的报告相加比较。有单位未报送、报告没有写明全区域口径的，只提示差额；
    写明为本级口径的不适用。有单位的单元格未能识别时，那一项不作判断并指出单位。差异多或恰为一个单位的数，合为一条。{more}
    """
    return rule(code, severity, basis=_ARTICLE_49, name=name, short=short, suggestion=suggestion)(judge)


def _rows_of_three(*keys: str) -> Callable[[Report], Iterable[Row]]:
    return lambda report: [("t3", key, _APPLICANTS) for key in keys]


def _results(report: Report) -> Iterable[Row]:
    block = Requests(report.t3).block if report.t3 else form.T3_2021
    inputs = [key for key in form.T3_INPUTS if key != "result_total"]
    return [("t3", row.key, _APPLICANTS) for row in block.rows if row.key not in inputs]


def _proactive(report: Report) -> Iterable[Row]:
    """The cells of table 二 that can be added up in the edition printed."""
    wanted = {
        **dict.fromkeys(("licensing", "penalty", "coercion"), ("decisions",)),
        "fees": ("amount_wan",),
        "normative_docs": ("issued", "repealed", "in_force"),
    }
    for grid in report.t2.grids if report.t2 else ():
        columns = {c.key for c in grid.form.columns}
        for row in grid.form.rows:
            shared = tuple(c for c in wanted.get(row.key, ()) if c in columns)
            if shared:
                yield "t2", row.key, shared


def _own_documents(known: Area) -> Callable[[RowGap], str]:
    """A government issues documents of its own."""
    other = _no_doubt(known)
    return lambda gap: "差额可能是政府自己制发的文件" if gap.row == "normative_docs" and gap.surplus else other(gap)


def _joint_respondents(known: Area) -> Callable[[RowGap], str]:
    """A case against two of them is one case of the area."""
    other = _no_doubt(known)
    return lambda gap: other(gap) if gap.surplus else "作出机关与复议机关共同应诉的案件可能在两个单位各计一次"


received_adds_up = _sum_rule(
    "AGG-01",
    Severity.ERROR,
    _rows_of_three("new_received"),
    "政府报告“本年新收”各列，等于各单位报告之和。",
    "新收申请汇总不符",
    "新收汇总差",
    "汇总数与各单位之和相差{d}件，请核对。",
)
results_add_up = _sum_rule(
    "AGG-02",
    Severity.ERROR,
    _results,
    "政府报告表三各项办理结果，等于各单位报告之和。",
    "办理结果分项汇总不符",
    "结果汇总差",
    "“{row}”汇总不符，请核对。",
    "“（七）总计”的差额由各分项造成的，不再单独提出。",
)
carried_adds_up = _sum_rule(
    "AGG-03",
    Severity.ERROR,
    _rows_of_three("carried_in", "carried_out"),
    "政府报告的上年结转、结转下年度，等于各单位报告之和。",
    "结转汇总不符",
    "结转汇总差",
    "结转数汇总不符，请核对。",
)
proactive_adds_up = _sum_rule(
    "AGG-04",
    Severity.WARNING,
    _proactive,
    "政府报告的行政许可、行政处罚、行政强制、收费和规范性文件数，等于各单位报告之和。",
    "主动公开表汇总不符",
    "公开汇总差",
    "主动公开数据汇总不符，请核对。",
    "规章由政府自己制定，不比较；收费按每个单位 0.01 万元计四舍五入；规范性文件多出的可能是政府文件，列为待核。",
    _own_documents,
)
disputes_add_up = _sum_rule(
    "AGG-05",
    Severity.WARNING,
    lambda report: [("t4", row.key, _OUTCOMES) for row in form.T4.rows],
    "政府报告表四各格，等于各单位报告之和。",
    "复议诉讼汇总不符",
    "复诉汇总差",
    "复议诉讼汇总不符，请核对共同被告案件。",
    "政府的数小于各单位之和的，可能是共同被告案件重复统计，列为待核。",
    _joint_respondents,
)


# --- who is counted, and over what ----------------------------------------------------------------------------------


@rule(
    "AGG-06",
    Severity.ERROR,
    basis=REGULATION.article("第四十九条"),
    name="名录覆盖不全",
    short="名录不全",
    suggestion="以下单位未报送：{list}。",
)
def everybody_has_reported(
    report: Report, subordinates: Subordinates, task: Task, agency: Agency | None = None
) -> Iterator[Verdict]:
    """应向一级政府报送年度报告的单位都已报送。

    应报送的单位以名录为准，垂直管理单位看名录是否计入汇总；报送的是其他年度报告的，算作没有报送。
    """
    if not is_government(report, agency):
        yield not_applicable("不是一级政府的年度报告，不汇总下级单位数据")
        return
    known = area(report, subordinates, task)
    due = len(known.reports) + len(known.missing)
    if known.missing:
        message = f"应报送 {due} 个单位，已有报告 {len(known.reports)} 个；未报送：{_named(known.missing)}"
        expected, found = f"{due} 个单位", f"{len(known.reports)} 个单位"
        yield failed(message, "report", expected=expected, found=found, values={"list": _named(known.missing)})
    else:
        yield passed()


@rule(
    "AGG-08",
    Severity.INFO,
    basis=PRACTICE,
    name="汇总范围表述不清",
    short="口径不清",
    suggestion="请注明汇总口径（本级或全区域）。",
)
def scope_is_told(report: Report, claims: Claims, t3: Requests, agency: Agency | None = None) -> Iterator[Verdict]:
    """政府的年度报告写明数据是全区域的还是本级的。

    全文有“全市”“全县”“各部门”“本级”等字样即可。正文只写本级申请件数、而表三是更大的数的，也在这里提示。
    """
    if not is_government(report, agency):
        yield not_applicable("不是一级政府的年度报告")
        return
    own = _own_beside_whole(claims, t3)
    if not names_scope(report):
        message = "全文没有写明数据是本级的还是全区域（全市、全县、全区）的"
        yield failed(message, "preamble", *report.preamble, expected="本级或全区域")
    elif own:
        whole = t3.column("total").new_received
        message = f"正文“{own.quote}”为本级数，表三总计 {whole} 件，没有写明表格的口径"
        yield failed(message, own.part, own.value, whole, expected="口径一致", found=own.quote)
    else:
        yield passed("preamble")


def _own_beside_whole(claims: Iterable[Claim], t3: Requests) -> Claim | None:
    """A claim on the own requests where the table has more and the prose tells no number for the area."""
    column = t3.column("total")
    told = counts(claims, "received_or_total", "t3.new_received.total", scopes=(Scope.THIS_YEAR, Scope.OTHER))
    if any(EVERY_AGENCY.search(c.sentence) for c in told) or column.new_received.value is None:
        return None
    own = (c for c in told if "本级" in c.sentence)
    return next((c for c in own if c.value.value is not None and c.value.value < column.new_received.value), None)


@rule(
    "AGG-09",
    Severity.WARNING,
    basis=PRACTICE,
    name="政府年报与政府办公室年报混同",
    short="两报混同",
    suggestion="政府年报应汇总本行政区域数据，不应与办公室年报相同。",
)
def government_is_not_its_office(
    report: Report, subordinates: Subordinates, task: Task, agency: Agency | None = None
) -> Iterator[Verdict]:
    """政府年度报告的表格，与政府办公室年度报告的不相同。

    三张表每一格都相同、又不全是零才提出；政府报告写明为本级口径的，或没有政府办公室报告的，不适用。
    """
    if not is_government(report, agency) or coverage(report) is Coverage.OWN:
        yield not_applicable("不是一级政府的全区域年度报告")
        return
    office = next((r for r in area(report, subordinates, task).reports if _is_office_of(r, report)), None)
    if office is None:
        yield not_applicable("没有政府办公室的同年度报告")
        return
    ours, theirs = report.cells(), office.cells()
    same = set(ours) == set(theirs) and all(f.value == theirs[a].value for a, f in ours.items())
    if same and any(f.value is None for f in ours.values()):
        yield not_evaluated("有单元格空白、不是数字或未能识别，不作判断", "t3")
    elif same and any(f.value for f in ours.values()):
        nonzero = [f for f in ours.values() if f.value]
        message = f"三张表 {len(ours)} 个数据与{name_of(office)}的年度报告完全相同，其中 {len(nonzero)} 个不是零"
        yield failed(message, "t3", *nonzero)
    else:
        yield passed("t3")


def _is_office_of(office: Report, government: Report) -> bool:
    return office.identity.agency_type is AgencyType.GOV_OFFICE and related(name_of(office), name_of(government))
