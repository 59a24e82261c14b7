"""TXT-09…15: what the prose says of disputes, documents, decisions and fees, against tables 四, 二 and 三."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from gdcore import form, wording
from gdcore.basis import CONSISTENCY, FEE_RULES
from gdcore.catalogue import rule
from gdcore.claims import Claim, Polarity, Scope
from gdcore.figure import Figure, total
from gdcore.form import Edition
from gdcore.report import Report, Requests, StatTable
from gdcore.rules.comparing import Claims, counts, denials, denied, judged, of_all, where, wholes
from gdcore.verdict import UNKNOWN, Severity, Verdict, doubtful, failed, not_evaluated, passed

_SUITS = ("lit_direct", "lit_after")
_ROWS = {
    "t4.review": ("review",),
    "litigation": _SUITS,
    "disputes": ("review", *_SUITS),
    "t4.lit_direct": ("lit_direct",),
    "t4.lit_after": ("lit_after",),
}
_WORDS = {
    "t4.review": "行政复议",
    "litigation": "行政诉讼（直接起诉与复议后起诉合计）",
    "disputes": "行政复议与行政诉讼合计",
    "t4.lit_direct": "未经复议直接起诉",
    "t4.lit_after": "复议后起诉",
}
_TOTALS = tuple(f"{kind}.total" for kind in _ROWS)
_OUTCOMES = frozenset(f"{kind}.{c.key}" for kind in _ROWS for c in form.OUTCOMES if c.key != "total")
# What was opened and what was closed in a year are two counts.
_OTHER_COUNT = re.compile(r"新发生|新增|审结")


def _disputed(t4: StatTable, subject: str) -> tuple[Figure, str]:
    """The figure of table 四 that a subject answers to, with its name."""
    kind, _, outcome = subject.rpartition(".")
    label = "" if outcome == "total" else f"“{wording.column_word('t4', outcome)}”"
    return total(t4.figure(row, outcome) for row in _ROWS[kind]), _WORDS[kind] + label


# --- disputes -------------------------------------------------------------------------------------------------------


@rule(
    "TXT-09",
    Severity.ERROR,
    basis=CONSISTENCY,
    name="称无行政复议诉讼而表格有数",
    short="称无复诉",
    suggestion="正文称未发生行政复议（诉讼），但表格有{N}件，请核实。",
)
def none_disputed_where_none_told(claims: Claims, t4: StatTable) -> Iterator[Verdict]:
    """正文称未发生政府信息公开行政复议、行政诉讼的，表四相应总计为 0。

    复议与诉讼分别比较。只否定被纠错、败诉的，由 TXT-11 比较。
    """
    for claim in denials(claims, *_TOTALS):
        figure, word = _disputed(t4, claim.subject)
        yield denied(claim, figure, f"表四{word}")


@rule(
    "TXT-10",
    Severity.ERROR,
    basis=CONSISTENCY,
    name="复议诉讼件数与表格不一致",
    short="复诉数不一",
    suggestion="正文复议（诉讼）{n}件，表格{N}件，请核对。",
)
def disputes_as_in_the_table(report: Report, claims: Claims, t4: StatTable) -> Iterator[Verdict]:
    """正文所说政府信息公开行政复议、行政诉讼的件数等于表四相应总计。

    行政诉讼等于直接起诉与复议后起诉之和。写“新发生”“审结”的口径不同，只作警告；称没有发生的由 TXT-09 比较。
    """

    def options(claim: Claim) -> tuple[tuple[Figure, ...], str]:
        figure, word = _disputed(t4, claim.subject)
        return (figure,), f"表四{word} {figure} 件"

    def severity(claim: Claim) -> Severity | None:
        return Severity.WARNING if _OTHER_COUNT.search(claim.sentence) else None

    yield from judged(report, counts(claims, *_TOTALS), options, severity=severity)


@rule(
    "TXT-11",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="复议诉讼结果与表格不一致",
    short="复诉结果错",
    suggestion="正文复议诉讼结果与表格不一致，请核对。",
)
def dispute_outcomes_as_in_the_table(report: Report, claims: Claims, t4: StatTable) -> Iterator[Verdict]:
    """正文所说维持、纠正、尚未审结等的件数等于表四相应单元格，行政诉讼取两栏之和。

    撤销、责令重新答复、确认违法、败诉计入结果纠正，驳回计入结果维持。称无被纠错、败诉而表格有数的，是错误。
    """

    def options(claim: Claim) -> tuple[tuple[Figure, ...], str]:
        figure, word = _disputed(t4, claim.subject)
        return (figure,), f"表四{word} {figure} 件"

    told = [c for c in claims if c.subject in _OUTCOMES]
    yield from judged(report, counts(told, *_OUTCOMES), options)
    for claim in denials(told, *_OUTCOMES):
        figure, word = _disputed(t4, claim.subject)
        grave = Severity.ERROR if claim.subject.endswith("corrected") else None
        yield denied(claim, figure, f"表四{word}", grave)
    for claim in (c for c in wholes(told, *_OUTCOMES) if c.scope is Scope.THIS_YEAR):
        figure, word = _disputed(t4, claim.subject)
        every, _ = _disputed(t4, claim.subject.rpartition(".")[0] + ".total")
        yield of_all(claim, figure, every, f"表四{word}")


# --- documents and decisions ----------------------------------------------------------------------------------------


def _is_2021(t2: StatTable, item: str) -> bool:
    """Whether a block of table 二 is that of the current form: the older one counts other things."""
    return any(grid.key == item and grid.edition is Edition.FMT2021 for grid in t2.grids)


def _from_table_two(t2: StatTable, claim: Claim) -> tuple[tuple[Figure, ...], str]:
    _, row, column = claim.subject.split(".")
    figure = t2.figure(row, column)
    name = f"{wording.row_word('t2', row)}{wording.column_word('t2', column)}"
    return (figure,), f"表二{name} {figure} 件"


def _told(claims: Claims, *subjects: str) -> list[Claim]:
    """The year's numbers and denials on these subjects."""
    return [
        c for c in claims if c.subject in subjects and c.scope is Scope.THIS_YEAR and c.polarity is not Polarity.ALL
    ]


@rule(
    "TXT-12",
    Severity.ERROR,
    basis=CONSISTENCY,
    name="规范性文件数与表格不一致",
    short="规文数不一",
    suggestion="正文规范性文件数量与表格不一致，请核对。",
)
def documents_as_in_the_table(report: Report, claims: Claims, t2: StatTable) -> Iterator[Verdict]:
    """正文所说行政规范性文件制发、废止、现行有效的件数等于表二相应单元格。

    政策文件、公文、文件解读不是行政规范性文件。2019 年的格式统计口径不同，不比较。
    """
    if _is_2021(t2, "item1"):
        told = _told(claims, *(f"t2.normative_docs.{key}" for key in ("issued", "repealed", "in_force")))
        yield from judged(report, told, lambda claim: _from_table_two(t2, claim))


@rule(
    "TXT-13",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="许可处罚强制数量与表格不一致",
    short="执法数不一",
    suggestion="正文行政许可（处罚、强制）数量与表格不一致，请核对统计口径。",
)
def decisions_as_in_the_table(report: Report, claims: Claims, t2: StatTable) -> Iterator[Verdict]:
    """正文所说行政许可、行政处罚、行政强制决定的件数等于表二相应的处理决定数量。

    公开的处罚信息条数、受理的政务服务事项不是决定。
    """
    told = _told(claims, *(f"t2.{key}.decisions" for key in ("licensing", "penalty", "coercion")))
    yield from judged(report, told, lambda claim: _from_table_two(t2, claim))


# --- fees -----------------------------------------------------------------------------------------------------------

# Share of the amount by which prose may round it.
_FEE_TOLERANCE = Decimal("0.005")
_IN_WAN = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}


@rule(
    "TXT-14",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="收费金额与表格不一致",
    short="收费额不一",
    suggestion="正文收费金额与表格不一致，请核对。",
)
def fees_as_in_the_table(claims: Claims, t2: StatTable) -> Iterator[Verdict]:
    """正文所说行政事业性收费金额折合万元后，与表二相差不超过 0.5%。

    信息处理费不是行政事业性收费。2019 年的格式不填金额，不比较。
    """
    fees = t2.figure("fees", "amount_wan")
    told = _told(claims, "t2.fees.amount_wan") if _is_2021(t2, "item8") else []
    for claim in told:
        yield _fee(claim, fees)


def _fee(claim: Claim, fees: Figure) -> Verdict:
    if fees.value is None or claim.value.value is None:
        return not_evaluated(UNKNOWN, where(claim))
    amount = claim.value.value * _IN_WAN[claim.unit or "万元"]
    if abs(amount - fees.value) <= max(_FEE_TOLERANCE * fees.value, claim.tolerance):
        return passed(where(claim), claim.span, fees)
    message = f"正文“{claim.quote}”（折合 {amount.normalize():f} 万元），表二本年收费金额 {fees} 万元"
    tell = doubtful if claim.approx else failed
    return tell(message, where(claim), claim.value, fees, expected=f"{fees} 万元", found=claim.quote)


@rule(
    "TXT-15",
    Severity.WARNING,
    basis=FEE_RULES,
    name="信息处理费表述矛盾",
    short="收费矛盾",
    suggestion="表格有“逾期未缴费”情形，请在第六部分说明发出收费通知的件数和金额。",
)
def fee_statements_agree(claims: Claims, t3: Requests | None = None) -> Iterator[Verdict]:
    """正文称未收取信息处理费的，别处没有写明收取的金额，表三也没有“逾期未缴费”的申请。

    有“逾期未缴费”只说明发过收费通知，未必收到费用：请单位说明通知的件数，不算错误。
    """
    fees = [c for c in claims if c.subject == "handling_fee" and c.scope is Scope.THIS_YEAR]
    paid = [c for c in fees if c.polarity is Polarity.COUNT]
    unpaid = t3.table.figure("other_unpaid_fee", "total") if t3 else Figure(None)
    for claim in fees:
        yield _fee_statement(claim, paid, unpaid)


def _fee_statement(claim: Claim, paid: Iterable[Claim], unpaid: Figure) -> Verdict:
    amounts = list(paid)
    if claim.polarity is not Polarity.NONE:
        return passed(where(claim), claim.span)
    if amounts:
        other = amounts[0]
        message = f"正文一处写“{claim.quote}”，另一处写“{other.quote}”"
        return failed(message, where(claim), claim.value, other.value, expected=other.quote, found=claim.quote)
    if unpaid.value:
        message = f"正文“{claim.quote}”，表三有“逾期未缴费” {unpaid} 件，应当发过收费通知"
        return doubtful(message, where(claim), claim.value, unpaid, expected=str(unpaid), found=claim.quote)
    return passed(where(claim), claim.span)
