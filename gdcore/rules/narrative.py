"""TXT-01…08: what the prose says of requests, against table 三."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from gdcore import form, text
from gdcore.basis import CONSISTENCY
from gdcore.catalogue import rule
from gdcore.claims import Claim, Polarity, Scope
from gdcore.claims.grammar import WHOLE
from gdcore.figure import Figure, total
from gdcore.report import Report, Requests
from gdcore.rules.comparing import Claims, agrees, counts, denials, denied, doubted, judged, of_all, where, wholes
from gdcore.verdict import UNKNOWN, Verdict, doubtful, failed, not_evaluated, passed
from gdcore.verdict import Severity as S

_RECEIVED, _NEW = "received_or_total", "t3.new_received.total"
_RESULT, _IN, _OUT = "t3.result_total.total", "t3.carried_in.total", "t3.carried_out.total"
_WHATEVER = tuple(Scope)
# 办理 and 收办 may mean what was received or what was completed.
_HANDLED = re.compile(r"办理|收办|处理")
_TIMELY = re.compile(r"按时|按期|及时|如期|期限|时限|限期|规定时间|规定的时间")


# --- received -------------------------------------------------------------------------------------------------------


@rule(
    "TXT-01",
    S.ERROR,
    basis=CONSISTENCY,
    name="文字称未收到申请而表格有数",
    short="称无申请",
    suggestion="正文称未收到政府信息公开申请，但表格新收{N}件，请核实。",
)
def none_received_where_none_told(claims: Claims, t3: Requests) -> Iterator[Verdict]:
    """正文称未收到政府信息公开申请的，表三新收为 0。

    只否定某一渠道的、否定行政复议诉讼或结转的，不是未收到申请；同一处又写明收到若干件的，不作判断。
    """
    new = t3.column("total").new_received
    counted = {c.part for c in counts(claims, _RECEIVED, _NEW, scopes=_WHATEVER)}
    for claim in denials(claims, _RECEIVED, _NEW):
        if claim.part not in counted or claim.unit is not None:
            yield denied(claim, new, "表三本年新收")


@rule(
    "TXT-02",
    S.ERROR,
    basis=CONSISTENCY,
    name="文字申请数与表格不一致",
    short="申请数不一",
    suggestion="正文收到申请{n}件，表格新收{N}件（上年结转{M}件），请核对。",
)
def received_as_in_the_table(report: Report, claims: Claims, t3: Requests) -> Iterator[Verdict]:
    """正文所说收到的申请数等于表三新收数，或等于新收与上年结转之和。

    两种口径都算对；写“办理”的，等于办理结果总计也算对。按渠道分列而没有总数的，相加后比较，不符的请人工核实。
    """
    column = t3.column("total")
    new, both = column.new_received, column.new_received + column.carried_in
    words = f"表三本年新收 {new} 件、上年结转 {column.carried_in} 件"
    known = {"M": str(column.carried_in)}

    def options(claim: Claim) -> tuple[tuple[Figure, ...], str]:
        if claim.subject == _NEW:
            return (new,), words
        handled = (column.result_total,) if _HANDLED.search(claim.quote) else ()
        return (new, both, *handled), words

    told = counts(claims, _RECEIVED, _NEW)
    others = counts(claims, _RECEIVED, scopes=(Scope.OTHER,))
    for verdict, claim in zip(judged(report, told, options, others=others, values=known), told, strict=True):
        carried = claim.subject == _NEW and agrees(claim, both) and verdict.outcome == "fail"
        yield doubted(verdict, "这个数等于新收与上年结转之和，可能是口径不同") if carried else verdict
    if not told:
        yield from _by_channel(claims, new, both, words, known)


def _by_channel(claims: Claims, new: Figure, both: Figure, words: str, known: dict[str, str]) -> Iterator[Verdict]:
    """The channels of a part added up, where it tells no total; a channel may be missing, so that is only a doubt."""
    told = counts(claims, _RECEIVED, scopes=(Scope.PARTIAL,))
    for part in dict.fromkeys(c.part for c in told):
        first, *others = [c for c in told if c.part == part]
        if not others or any(c.approx for c in (first, *others)):
            continue
        added = total(c.value for c in (first, *others))
        if both.value is None:
            yield not_evaluated(UNKNOWN, where(first))
        elif added.value in (new.value, both.value):
            yield passed(where(first), added, new)
        else:
            quote = "、".join(c.quote for c in (first, *others))
            message = f"正文“{quote}”合计 {added} 件，{words}；可能另有其他渠道或统计口径，请核实"
            values = {"n": str(added), "N": str(new), **known}
            yield doubtful(message, where(first), added, new, expected=str(new), found=str(added), values=values)


@rule(
    "TXT-03",
    S.ERROR,
    basis=CONSISTENCY,
    name="文字有申请而表格为零",
    short="表中无申请",
    suggestion="正文写有{n}件申请，但表格为0，请补填表格。",
)
def requests_told_are_in_the_table(claims: Claims, t3: Requests) -> Iterator[Verdict]:
    """正文写有政府信息公开申请的，表三新收与上年结转不都为 0。

    信访、热线、留言、建议提案、政务服务事项的数量不是申请。
    """
    column = t3.column("total")
    available = column.new_received + column.carried_in
    for claim in counts(claims, _RECEIVED, _NEW):
        if available.value is None:
            yield not_evaluated(UNKNOWN, where(claim))
        elif available.value > 0:
            yield passed(where(claim), claim.span, available)
        else:
            message = f"正文“{claim.quote}”，表三本年新收与上年结转都是 0 件"
            tell = doubtful if claim.approx else failed
            known = {"n": str(claim.value)}
            yield tell(
                message, where(claim), claim.value, available, expected="大于 0", found=claim.quote, values=known
            )


# --- results and what is carried ------------------------------------------------------------------------------------


@rule(
    "TXT-04",
    S.WARNING,
    basis=CONSISTENCY,
    name="文字办结答复数与表格不一致",
    short="办结数不一",
    suggestion="正文办结{n}件，表格办理结果总计{N}件，请核对。",
)
def completed_as_in_the_table(report: Report, claims: Claims, t3: Requests) -> Iterator[Verdict]:
    """正文所说办结、答复的申请数等于表三办理结果总计。

    只说其中一部分的（另有几件、除不予处理外几件）不比较；按“份”“次”计的是文书，不是申请。
    """
    done = t3.column("total").result_total
    told = [c for c in counts(claims, _RESULT) if c.unit not in ("份", "次", "条", "篇")]
    yield from judged(report, told, lambda _: ((done,), f"表三办理结果总计 {done} 件"))
    for claim in denials(claims, _RESULT):
        yield denied(claim, done, "表三办理结果总计")


@rule(
    "TXT-05",
    S.ERROR,
    basis=CONSISTENCY,
    name="文字结转数与表格不一致",
    short="结转数不一",
    suggestion="正文结转{n}件与表格{N}件不一致，请核对。",
)
def carried_as_in_the_table(report: Report, claims: Claims, t3: Requests) -> Iterator[Verdict]:
    """正文所说上年结转、结转下年度的件数等于表三相应两行的总计。

    只写“结转”而看不出方向的，与结转下年度相等即算对，否则请人工核实。
    """
    column = t3.column("total")
    rows = {_IN: (column.carried_in, "上年结转"), _OUT: (column.carried_out, "结转下年度")}

    def options(claim: Claim) -> tuple[tuple[Figure, ...], str]:
        figure, word = rows[claim.subject]
        return (figure,), f"表三{word} {figure} 件"

    told = [c for c in claims if c.subject in rows and c.polarity is not Polarity.ALL and c.scope is Scope.THIS_YEAR]
    yield from judged(report, told, options)
    for claim in [c for c in claims if c.subject == "carried" and c.polarity is not Polarity.ALL]:
        yield _undirected(claim, column.carried_in, column.carried_out)


def _undirected(claim: Claim, before: Figure, after: Figure) -> Verdict:
    if agrees(claim, after):
        return passed(where(claim), claim.span, after)
    if before.value is None or after.value is None:
        return not_evaluated(UNKNOWN, where(claim))
    message = f"正文“{claim.quote}”没有写明结转方向，表三上年结转 {before} 件、结转下年度 {after} 件，请核实"
    known = {"n": str(claim.value), "N": str(after)}
    return doubtful(
        message, where(claim), claim.value, before, after, expected=str(after), found=claim.quote, values=known
    )


@rule(
    "TXT-06",
    S.WARNING,
    basis=CONSISTENCY,
    name="称全部办结但有结转",
    short="称全办结",
    suggestion="称全部办结，但结转下年度{N}件，请核实表述。",
)
def all_completed_where_told(claims: Claims, t3: Requests) -> Iterator[Verdict]:
    """正文称申请均已办结、办结率100%的，表三结转下年度为 0。

    “除几件结转外均已答复”“均在法定期限内答复”与有结转相容。建议提案、热线等其他事项的办结率不在此列。
    """
    out = t3.column("total").carried_out
    counted = [c for c in counts(claims, _RESULT, scopes=(Scope.THIS_YEAR, Scope.PARTIAL)) if WHOLE.search(c.quote)]
    for claim in (*wholes(claims, _RESULT), *counted):
        compatible = claim in counted or claim.scope is not Scope.THIS_YEAR or _tells_of_carried(claims, claim)
        timely = _TIMELY.search(_clause(claim)) is not None
        if out.value is None:
            yield not_evaluated(UNKNOWN, where(claim))
        elif out.value == 0 or compatible or (timely and re.search(r"[答回]复|率", claim.quote)):
            yield passed(where(claim), claim.span, out)
        else:
            message = f"正文“{claim.quote}”，表三结转下年度 {out} 件"
            tell = doubtful if timely else failed
            yield tell(message, where(claim), claim.value, out, expected="0", found=claim.quote, values={"N": str(out)})


def _clause(claim: Claim) -> str:
    """The words of a claim with what stands before them in its clause: 按时办结率100%."""
    printed = text.plain(claim.span.text)
    return re.split(r"[,;:。]", claim.sentence.partition(printed)[0])[-1] + printed


def _tells_of_carried(claims: Claims, claim: Claim) -> bool:
    """Whether the same part tells itself that some were carried out."""
    return any(c.part == claim.part for c in counts(claims, _OUT))


# --- outcomes and applicants ----------------------------------------------------------------------------------------

_GROUPS = {f"group.{key}": key for key in form.T3_GROUPS if key != "result"}
_ASIDE = re.compile(r"（区分.*?）|、行政机关不再处理.*")
_GRANTED = {"t3.granted_full.total", "t3.granted_partial.total"}


def _group(t3: Requests, group: str) -> Figure:
    """The rows of a group added up."""
    return total(t3.table.figure(row.key, "total") for row in t3.block.rows if row.group == group)


def _outcome(t3: Requests, rows: Mapping[str, form.Row], subject: str) -> tuple[Figure, str] | None:
    """The figure that an outcome's subject answers to, with its name; None if the edition has no such row."""
    if subject == "group.granted":
        granted = total(t3.table.figure(key, "total") for key in ("granted_full", "granted_partial"))
        return granted, "予以公开与部分公开"
    if subject == "group.other" and "other_handling" in rows:
        return t3.table.figure("other_handling", "total"), "其他处理"
    if subject in _GROUPS:
        name = form.label_core(form.T3_GROUPS[_GROUPS[subject]])
        return _group(t3, _GROUPS[subject]), f"“{name}”各项合计"
    key = subject.split(".")[1] if subject.startswith("t3.") else ""
    is_detail = key in rows and (rows[key].group not in ("", "result") or subject in _GRANTED)
    return (t3.table.figure(key, "total"), f"“{_short(rows[key].label)}”") if is_detail else None


@lru_cache(maxsize=64)
def _short(label: str) -> str:
    """A row's label without its number and what it explains in passing."""
    return form.label_core(_ASIDE.sub("", label))


@rule(
    "TXT-07",
    S.ERROR,
    basis=CONSISTENCY,
    name="办理结果分类数与表格不一致",
    short="结果数不一",
    suggestion="正文办理结果分类与表格不一致，请核对。",
)
def outcomes_as_in_the_table(report: Report, claims: Claims, t3: Requests) -> Iterator[Verdict]:
    """正文所说予以公开、部分公开、不予公开、无法提供等的件数等于表三相应各行之和。

    不予公开比八行之和，无法提供三行，不予处理五行，其他处理三行。“无法公开”不是规范用语，请人工核实。
    """
    rows = {row.key: row for row in t3.block.rows}
    subjects = dict.fromkeys(c.subject for c in claims if c.scope is Scope.THIS_YEAR)
    known = {subject: found for subject in subjects if (found := _outcome(t3, rows, subject)) is not None}
    told = [
        c
        for c in claims
        if c.subject in known and c.polarity is not Polarity.ALL and c.scope is Scope.THIS_YEAR and c.unit != "份"
    ]
    yield from judged(
        report, told, lambda c: ((known[c.subject][0],), f"表三{known[c.subject][1]} {known[c.subject][0]} 件")
    )
    for claim in (c for c in wholes(claims, *known) if c.scope is Scope.THIS_YEAR):
        figure, word = known[claim.subject]
        yield of_all(claim, figure, t3.column("total").result_total, f"表三{word}")
    for claim in counts(claims, "unable_or_denied"):
        yield _unable_or_denied(claim, t3)


def _unable_or_denied(claim: Claim, t3: Requests) -> Verdict:
    refused, unable = (_group(t3, key) for key in ("denied", "unable"))
    if None in (refused.value, unable.value):
        return not_evaluated(UNKNOWN, where(claim))
    if 0 in (refused.value, unable.value) and agrees(claim, refused + unable):
        return passed(where(claim), claim.span, refused, unable)
    message = f"正文“{claim.quote}”不是统一格式的用语，表三不予公开合计 {refused} 件、无法提供合计 {unable} 件，请核实"
    expected = f"不予公开 {refused}、无法提供 {unable}"
    return doubtful(message, where(claim), claim.value, refused, unable, expected=expected, found=claim.quote)


# The columns of table 三 that claims on applicants answer to.
_COLUMNS: dict[str, tuple[str, ...]] = {
    **{f"t3.new_received.{c.key}": (c.key,) for c in form.APPLICANTS if c.key != "total"},
    "applicants.organisations": tuple(c.key for c in form.APPLICANTS if c.group),
}


@rule(
    "TXT-08",
    S.WARNING,
    basis=CONSISTENCY,
    name="申请人类型表述与表格不一致",
    short="申请人不一",
    suggestion="申请人类型表述与表格不一致，请核对。",
)
def applicants_as_in_the_table(report: Report, claims: Claims, t3: Requests) -> Iterator[Verdict]:
    """正文所说各类申请人的件数与表三新收（或新收与上年结转之和）相应各列一致。

    称“均为自然人”的，新收的其他各列都是 0。
    """
    told = [
        c for c in claims if c.subject in _COLUMNS and c.scope is Scope.THIS_YEAR and c.polarity is not Polarity.ALL
    ]

    def options(claim: Claim) -> tuple[tuple[Figure, ...], str]:
        new = total(t3.column(key).new_received for key in _COLUMNS[claim.subject])
        words = f"表三新收 {new} 件"
        if t3.column("total").carried_in.value == 0:  # then the columns need not be known
            return (new,), words
        carried = total(t3.column(key).carried_in for key in _COLUMNS[claim.subject])
        return (new, new + carried), f"{words}、上年结转 {carried} 件"

    yield from judged(report, told, options)
    for claim in wholes(claims, *_COLUMNS):
        yield _all_applicants(claim, t3, _COLUMNS[claim.subject])


def _all_applicants(claim: Claim, t3: Requests, keys: tuple[str, ...]) -> Verdict:
    others = [c for c in t3.columns if c.key not in (*keys, "total")]
    found = [c for c in others if c.new_received.value]
    if found:
        told = "、".join(f"{c.name} {c.new_received} 件" for c in found)
        message = f"正文“{claim.quote}”，表三本年新收中还有{told}"
        return failed(
            message, where(claim), claim.value, *(c.new_received for c in found), expected="0", found=claim.quote
        )
    if any(c.new_received.value is None for c in others):
        return not_evaluated(UNKNOWN, where(claim))
    return passed(where(claim), claim.span)
