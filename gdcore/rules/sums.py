"""SUM-01…08, 13, 14: what the numbers of tables 三 and 四 must add up to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from gdcore import form, text, wording
from gdcore.basis import CONSISTENCY, FORM_2021, LOGIC
from gdcore.catalogue import Rule, rule
from gdcore.figure import Figure, adds_up, total
from gdcore.finding import prose_address
from gdcore.report import ExtraLine, Report, RequestColumn, Requests, StatTable
from gdcore.verdict import (
    UNKNOWN,
    Severity,
    Verdict,
    balanced,
    doubtful,
    equal,
    failed,
    not_evaluated,
    passed,
)


def _balance(
    left: tuple[Figure, ...], right: tuple[Figure, ...], message: str, address: str, values: Mapping[str, object]
) -> Verdict:
    """`equal` on two sums, with the equation kept in `sides` so that folding can look for the one wrong cell.

    A suggestion that `values` does not fill otherwise finds the sums under `a` and `b`.
    """
    if adds_up(left, right):  # most do: nothing need be told of them
        return balanced(address, left, right)
    ours, theirs = total(left), total(right)
    words = {key: str(value) for key, value in {"a": ours, "b": theirs, **values}.items()}
    return replace(equal(ours, theirs, message, address, words), sides=(left, right))


def _column(key: str) -> str:
    """A column of table 三 in words; 其他 alone would not say which of the two others is meant."""
    return "法人或其他组织·其他" if key == "other_org" else wording.column_word("t3", key)


def _known(*figures: Figure) -> bool:
    return all(f.value is not None for f in figures)


# --- table 三 -------------------------------------------------------------------------------------------------------


@rule(
    "SUM-01",
    Severity.ERROR,
    basis=FORM_2021.table("三"),
    name="申请办理勾稽关系不成立",
    short="勾稽不平",
    suggestion="“{col}”列：新收{a}+上年结转{b}≠办理结果总计{c}+结转下年度{d}，请核对。",
)
def inflow_equals_outflow(t3: Requests) -> Iterator[Verdict]:
    """表三每一列，第一项加第二项之和等于第三项加第四项之和。

    按申请人类别逐列核对，不允许有误差；某列有空白、非数字或未能识别的单元格时，该列不作判断。
    总计列的不平若由某几列引起，只在引起它的列提出一次。
    """
    verdicts = [_inflow(column) for column in t3.columns]
    holds = verdicts[-1].outcome == "pass"
    for verdict in verdicts:
        aside = holds and verdict.outcome == "fail"
        yield replace(verdict, message=f"{verdict.message}（总计列平衡）") if aside else verdict


def _inflow(column: RequestColumn) -> Verdict:
    new, old, done, left = column.new_received, column.carried_in, column.result_total, column.carried_out
    values = {"col": _column(column.key), "a": new, "b": old, "c": done, "d": left}
    message = "{col}：新收与上年结转共 {right} 件，办结与结转下年度共 {left} 件"
    verdict = _balance((done, left), (new, old), message, f"t3.result_total.{column.key}", values)
    if verdict.outcome != "fail":
        return verdict
    return replace(
        verdict,
        found=f"{done + left} 件（办理结果 {done}＋结转下年度 {left}）",
        expected=f"{new + old} 件（新收 {new}＋上年结转 {old}）",
    )


@rule(
    "SUM-02",
    Severity.ERROR,
    basis=FORM_2021.table("三"),
    name="办理结果总计不等于各项之和",
    short="总计不符",
    suggestion="“{col}”列办理结果总计{a}，分项合计{b}，请核对。",
)
def result_total_is_sum_of_details(t3: Requests) -> Iterator[Verdict]:
    """表三每一列，“（七）总计”等于各项办理结果之和。

    自行增加的小计行不计入；某列有空白、非数字、未能识别或缺行时，该列不作判断。
    """
    for column in t3.columns:
        values = {"col": _column(column.key)}
        message = "{col}：办理结果总计 {left} 件，各项办理结果合计 {right} 件"
        yield _balance((column.result_total,), column.details, message, f"t3.result_total.{column.key}", values)


@rule(
    "SUM-03",
    Severity.ERROR,
    basis=FORM_2021.table("三"),
    name="总计列不等于各申请人类别之和",
    short="行合计不符",
    suggestion="“{row}”行总计{a}，各类申请人合计{b}，请核对。",
)
def total_is_sum_of_applicants(t3: Requests) -> Iterator[Verdict]:
    """表三每一行，“总计”等于自然人与五类法人或其他组织之和。

    只填总计、各类申请人空白的行由“数据单元格空白”提出，这里不作判断。
    """
    for row in t3.block.rows:
        cells = t3.row(row.key)
        values = {"row": wording.row_word("t3", row.key)}
        message = "{row}：总计 {left} 件，各类申请人合计 {right} 件"
        yield _balance(cells[-1:], cells[:-1], message, f"t3.{row.key}.total", values)


@rule(
    "SUM-07",
    Severity.ERROR,
    basis=LOGIC,
    name="结转数大于可办理数",
    short="结转过大",
    suggestion="结转下年度数量大于新收与上年结转之和，请核对。",
)
def carried_out_within_available(t3: Requests) -> Iterator[Verdict]:
    """表三每一列，结转下年度的数量不超过新收与上年结转之和。

    超过时这一列的勾稽关系必然不平，只在这里提出。
    """
    for column in t3.columns:
        new, old, out = column.new_received, column.carried_in, column.carried_out
        address = f"t3.carried_out.{column.key}"
        if new.value is None or old.value is None or out.value is None:
            yield not_evaluated(UNKNOWN, address)
        elif out.value <= new.value + old.value:
            yield passed(address, out, new, old)
        else:
            available = new + old
            message = f"{_column(column.key)}：结转下年度 {out} 件，多于新收与上年结转之和 {available} 件"
            expected = f"不超过 {available}"
            yield failed(message, address, out, available, expected=expected, found=str(out))


@rule(
    "SUM-08",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="小计不符",
    short="小计不符",
    suggestion="小计与分项之和不符，请核对。",
)
def subtotals_add_up(t3: Requests) -> Iterator[Verdict]:
    """自行增加的小计行等于它所在类别各项之和。

    统一格式没有小计行；没有增加时本条不适用，看不出小计属于哪一类时不作判断。
    """
    for grid in t3.table.grids:
        for line in grid.extra_lines:
            if is_subtotal(line):
                yield _subtotal(t3, line)


def is_subtotal(line: ExtraLine) -> bool:
    """Whether an added row of table 三 is a subtotal of one of its groups."""
    return re.search(r"[小合]计$", text.bare(line.label.text)) is not None


def _subtotal(t3: Requests, line: ExtraLine) -> Verdict:
    address = prose_address("t3", line.label.text)
    group = _group_of(t3, line)
    if group is None or len(line.figures) != len(t3.block.columns):
        return not_evaluated("看不出这一行小计属于哪一类，或它的列数与统一格式不符", address)
    rows = [t3.row(r.key) for r in t3.block.rows if r.group == group]
    name, label = form.label_core(form.T3_GROUPS[group]), text.collapse(line.label.text)
    sums = [total(row[i] for row in rows) for i in range(len(line.figures))]
    pairs = list(zip(t3.block.columns, line.figures, sums, strict=True))
    wrong = [
        (c, printed, added) for c, printed, added in pairs if _known(printed, added) and printed.value != added.value
    ]
    if not wrong:
        unknown = not all(_known(printed, added) for _, printed, added in pairs)
        return not_evaluated(UNKNOWN, address) if unknown else passed(address, *line.figures)
    told = "；".join(f"{_column(c.key)} {printed} 件，{name}各项合计 {added} 件" for c, printed, added in wrong)
    evidence = [f for _, printed, added in wrong for f in (printed, added)]
    found, expected = "、".join(str(p) for _, p, _ in wrong), "、".join(str(a) for _, _, a in wrong)
    verdict = failed(f"“{label}”行：{told}", address, *evidence, found=found, expected=expected)
    if len(wrong) > 1:
        return verdict
    index = t3.block.columns.index(wrong[0][0])
    return replace(verdict, sides=((wrong[0][1],), tuple([row[index] for row in rows])))


def _group_of(t3: Requests, line: ExtraLine) -> str | None:
    """The key of the group that a subtotal stands for: the one it names, else the one that it closes."""
    label = text.bare(line.label.text)
    named = [key for key, word in form.T3_GROUPS.items() if key != "result" and form.label_core(word) in label]
    if named:
        return named[0] if len(named) == 1 else None
    rows = t3.block.rows
    above = next((i for i, r in enumerate(rows) if r.key == line.after), None)
    if above is None or rows[above].group in ("", "result"):
        return None
    return rows[above].group if rows[above].group != rows[above + 1].group else None


# --- table 四 -------------------------------------------------------------------------------------------------------


def _outcomes_add_up(code: str, row: str, name: str, short: str) -> Rule:
    word = wording.row_word("t4", row).replace("行政诉讼 ", "")
    suggestion = f"{word if row == 'review' else f'“{word}”'}总计与各结果之和不符，请核对。"

    def judge(t4: StatTable) -> Iterator[Verdict]:
        *results, printed = (t4.figure(row, column.key) for column in form.OUTCOMES)
        message = f"{word}：总计 {{left}} 件，四种结果合计 {{right}} 件"
        yield _balance((printed,), tuple(results), message, f"t4.{row}.total", {})

    judge.__doc__ = f"""表四“{word}”的总计等于维持、纠正、其他结果与尚未审结之和。

    有单元格空白、不是数字或未能识别时不作判断。
    """
    return rule(code, Severity.ERROR, basis=FORM_2021.table("四"), name=name, short=short, suggestion=suggestion)(judge)


review_outcomes_add_up = _outcomes_add_up("SUM-04", "review", "行政复议总计错误", "复议总计错")
direct_suit_outcomes_add_up = _outcomes_add_up("SUM-05", "lit_direct", "未经复议直接起诉总计错误", "直诉总计错")
later_suit_outcomes_add_up = _outcomes_add_up("SUM-06", "lit_after", "复议后起诉总计错误", "后诉总计错")


@rule(
    "SUM-13",
    Severity.WARNING,
    basis=LOGIC,
    name="复议诉讼数量与申请量明显不符",
    short="无申请有诉",
    suggestion="全年无申请却有复议诉讼，请说明案件来源。",
)
def disputes_have_requests(t3: Requests, t4: StatTable, prior: Report | None = None) -> Iterator[Verdict]:
    """有行政复议或直接起诉的，今年或去年应当有政府信息公开申请。

    案件可能由去年的答复引起：去年没有申请才提出警告，去年情况不明只作提示，去年有申请则不提出。
    因主动公开引起的争议同样可能，请单位说明来源即可。
    """
    column = t3.column("total")
    requests = column.new_received + column.carried_in
    disputes = t4.figure("review", "total") + t4.figure("lit_direct", "total")
    if requests.value is None or disputes.value is None:
        yield not_evaluated(UNKNOWN, "t4.review.total")
    elif disputes.value == 0 or requests.value > 0 or _had_requests(prior):
        yield passed("t4.review.total", disputes, requests)
    else:
        known = _had_requests(prior) is False
        years = "今年和去年都没有" if known else "今年没有"
        message = f"{years}新收和上年结转的申请（0 件），却有行政复议、直接起诉共 {disputes} 件"
        severity = Severity.WARNING if known else Severity.INFO
        yield failed(
            message, "t4.review.total", disputes, requests, expected="0", found=str(disputes), severity=severity
        )


def _had_requests(prior: Report | None) -> bool | None:
    """Whether last year's report shows requests at all; None while that is not known."""
    if prior is None or prior.t3 is None:
        return None
    requests = prior.t3.figure("new_received", "total") + prior.t3.figure("carried_in", "total")
    return None if requests.value is None else requests.value > 0


@rule(
    "SUM-14",
    Severity.INFO,
    basis=LOGIC,
    name="复议后起诉多于复议",
    short="诉多于复议",
    suggestion="复议后起诉数大于复议数，请核实统计口径。",
)
def later_suits_within_reviews(t4: StatTable, prior: Report | None = None) -> Iterator[Verdict]:
    """复议后起诉的件数不多于今年与去年行政复议的件数之和。

    复议与起诉有时间差：不知道去年复议件数时，超过今年的只列为待核。
    """
    suits, reviews = t4.figure("lit_after", "total"), t4.figure("review", "total")
    last = prior.t4.figure("review", "total").value if prior is not None and prior.t4 is not None else None
    address = "t4.lit_after.total"
    if suits.value is None or reviews.value is None:
        yield not_evaluated(UNKNOWN, address)
    elif suits.value <= (available := reviews.value + (last or 0)):
        yield passed(address, suits, reviews)
    else:
        years, judge = ("今年", doubtful) if last is None else ("今年与去年", failed)
        message = f"复议后起诉 {suits} 件，多于{years}行政复议 {available} 件"
        yield judge(message, address, suits, reviews, expected=f"不超过 {available}", found=str(suits))
