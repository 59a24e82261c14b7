"""TXT-16…22: what the prose says in one place against another, and what the tables ask it to say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from gdcore import text
from gdcore.basis import CONSISTENCY, PRACTICE, REGULATION, Basis
from gdcore.catalogue import rule
from gdcore.claims import Claim, Polarity, Scope
from gdcore.claims.lists import Breakdown, Enumeration, breakdowns, enumerations
from gdcore.figure import Passage, total
from gdcore.finding import prose_address
from gdcore.report import Report, Section, StatTable
from gdcore.rules.comparing import Claims, where
from gdcore.rules.contents import PROBLEM
from gdcore.task import Task
from gdcore.verdict import UNKNOWN, Severity, Verdict, doubtful, failed, not_evaluated, passed

REVIEW_LAW = Basis("《中华人民共和国行政复议法》第二十三条第一款第四项")


# --- lists ----------------------------------------------------------------------------------------------------------


@rule(
    "TXT-16",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="主动公开分项之和不等于总数",
    short="分项不合",
    suggestion="“其中”各项之和为{s}，与总数{X}不一致，请核对。",
)
def breakdowns_add_up(sections: tuple[Section, ...]) -> Iterator[Verdict]:
    """正文“共几条，其中……”所列各项之和不超过总数；末项为“其他”的，等于总数。

    没有“其他”的列举可以不穷尽，不足不提出；有“等”“主要”“余”或单位不一的不作判断；按发布渠道分列的，一条信息可能重复计算，只作
    提示。
    """
    for section in sections:
        for passage in section.paragraphs:
            for found in breakdowns(passage):
                yield from _breakdown(passage, found)


def _breakdown(passage: Passage, found: Breakdown) -> Iterator[Verdict]:
    address = prose_address(passage.address, found.span.text)
    if found.adds_up:
        yield passed(address, found.span)
    elif found.closed if found.total < found.whole else not found.mixed:
        unit = found.unit
        message = f"“{text.collapse(found.span.text)}”：各项之和 {found.total} {unit}，总数 {found.whole} {unit}"
        yield (doubtful if found.loose else failed)(
            message,
            address,
            found.span,
            expected=str(found.whole),
            found=str(found.total),
            severity=Severity.INFO if found.by_channel else None,
            values={"s": str(found.total), "X": str(found.whole)},
        )


@rule(
    "TXT-17",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="列举数量与所述数量不符",
    short="列举数不符",
    suggestion="列举数量与所述数量不一致，请核对。",
)
def enumerations_count_right(sections: tuple[Section, ...]) -> Iterator[Verdict]:
    """正文在数量后面列举的编号、文件名或名称，个数与所述数量相同。

    例如“2件（第2号、118号）”“3个，分别为甲、乙、丙”。以“等”结尾的列举、编号的起止范围不作判断。
    """
    for section in sections:
        for passage in section.paragraphs:
            for found in enumerations(passage):
                yield _enumerated(passage, found)


def _enumerated(passage: Passage, found: Enumeration) -> Verdict:
    address = prose_address(passage.address, found.span.text)
    if found.stated in found.possible:
        return passed(address, found.span)
    listed = "或".join(str(n) for n in sorted(found.possible))
    quote = text.collapse(found.span.text)
    message = f"“{quote}”：称 {found.stated} {found.unit}，列举 {listed} {found.unit}"
    return failed(message, address, found.span, expected=str(found.stated), found=listed)


# --- problems -------------------------------------------------------------------------------------------------------

_ANY = r"(?:任何|明显|突出|重大)?的?(?:主要)?问题"
_ALONE = r"(?:问题)?(?=[。;]|$)"
# Each alternative begins with a certain character, so that the search can skip to one of them.
_NO_PROBLEM = re.compile(
    rf"不存在{_ANY}|暂无{_ANY}|没有(?:发现)?{_ANY}|未发现{_ANY}|暂(?<![^,。;:]暂)无{_ALONE}|无(?<![^,。;:]无){_ALONE}"
)
# The words of headings, which name problems without telling any.
_HEADING_WORDS = re.compile(r"(工作中?)?(存在的?)?(主要)?问题(及|和|与)?(改进|整改)?(情况|措施|举措)?")
_MAY_BE_OTHERWISE = re.compile(r"但|虽|尽管|不过|然而|上(一?年度?)|去年|整改(?:完成|到位)|从根本")


@rule(
    "TXT-18",
    Severity.ERROR,
    basis=REGULATION.article("第五十条第四项"),
    name="称不存在问题",
    short="称无问题",
    suggestion="年度报告应如实报告存在的主要问题，请补充。",
)
def problems_are_not_denied(report: Report) -> Iterator[Verdict]:
    """第五部分没有“不存在问题”“暂无问题”之类的话。

    同时写有不足、有待加强等内容的，不算否认问题；整个部分只写“无”的由 STR-23 指出。
    """
    section = report.section("s5")
    measures = section.part("m")
    own = set(measures.paragraphs) if measures and measures.heading else set()
    told = [p for p in section.paragraphs if p not in own]
    denial = next(((p, m) for p in told if (m := _NO_PROBLEM.search(text.plain(p.text)))), None)
    if denial is None:
        if told:
            yield passed("s5.p")
        return
    rest = "".join(_HEADING_WORDS.sub("", _NO_PROBLEM.sub("", text.plain(p.text))) for p in told)
    if PROBLEM.search(rest) or _MAY_BE_OTHERWISE.search(rest):
        yield passed("s5.p", denial[0])
        return
    quote = denial[1].group()
    yield failed(
        f"第五部分写“{quote}”，没有报告存在的主要问题", "s5.p", denial[0], expected="存在的主要问题", found=quote
    )


# --- one thing, two numbers -----------------------------------------------------------------------------------------

_COUNTED_ONCE = ("training", "meetings", "open_days", "published_items", "proposals_npc", "proposals_cppcc")
_VERBS = re.compile(
    r"^(?:全年|年内|本年度?|今年|共计?|累计|先后|集中|组织|开展|举办|召开|举行|承办|安排|参加|完成|办理|主持|了|各类)+"
)
_YEARLY = re.compile(r"全年|共计?|累计|年内|本年|今年")
# A phrase shorter than this (培训, 会议) may mean different things in different places.
_TELLING_PHRASE = 4


@rule(
    "TXT-19",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="前后数字矛盾",
    short="前后矛盾",
    suggestion="同一指标前后数字不一致，请核对。",
)
def numbers_agree_throughout(claims: Claims) -> Iterator[Verdict]:
    """同一指标（开放日、业务培训、专题会议、建议、提案、公开信息总数）前后各处的数字相同。

    名称不同的（业务培训与消防培训）、上半年或“其中”的、往年的数字不是同一指标；第五部分的问题和打算不比较。
    """
    named: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.scope is not Scope.LAST_YEAR and claim.polarity is Polarity.COUNT:
            once = claim.subject in _COUNTED_ONCE
            named[claim.subject, _VERBS.sub("", claim.phrase) if once else ""].append(claim)
    for (subject, phrase), told in named.items():
        if len(told) < 2:
            continue
        yield from _one_number(told, phrase, compared=subject in _COUNTED_ONCE)


def _one_number(told: Sequence[Claim], phrase: str, *, compared: bool) -> Iterator[Verdict]:
    own = [c for c in told if c.scope is Scope.THIS_YEAR and not c.approx]
    values = {(c.value.value, c.unit) for c in own}
    units = {c.unit for c in own}
    if not compared or len(values) < 2 or len(units) > 1 or len(phrase) < _TELLING_PHRASE:
        yield passed(where(told[0]), *(c.span for c in told))
        return
    first, *_ = own
    other = next(c for c in own if c.value.value != first.value.value)
    message = f"“{phrase}”一处写 {first.value} {first.unit}（{first.quote}），另一处写 {other.value} {other.unit}（{other.quote}）"
    tell = failed if _YEARLY.search(first.sentence) or _YEARLY.search(other.sentence) else doubtful
    yield tell(message, where(other), *(c.span for c in own), expected=first.quote, found=other.quote)


# --- what the tables ask for ----------------------------------------------------------------------------------------


@rule(
    "TXT-20",
    Severity.INFO,
    basis=PRACTICE,
    name="被纠正但未分析",
    short="纠错未析",
    suggestion="本年度有被纠正案件，建议在存在问题部分分析原因和整改情况。",
)
def corrections_are_discussed(report: Report, t4: StatTable) -> Iterator[Verdict]:
    """表四有结果纠正的，第一或第五部分提到复议、诉讼、纠错或败诉。

    只是建议，不影响报告的完整。
    """
    corrected = total(t4.figure(row, "corrected") for row in ("review", "lit_direct", "lit_after"))
    if corrected.value is None:
        yield not_evaluated(UNKNOWN, "s5.p")
    elif corrected.value > 0:
        told = report.section("s1").text + report.section("s5").text
        if re.search(r"复议|诉讼|纠错|败诉", text.plain(told)):
            yield passed("s5.p", corrected)
        else:
            message = f"表四结果纠正共 {corrected} 件，第一、五部分没有提到复议、诉讼或纠错情况"
            yield failed(message, "s5.p", corrected, expected="原因和整改情况", found="没有提到")


# The year from which a refusal goes to 行政复议 first.
_REVIEW_FIRST = 2024


@rule(
    "TXT-21",
    Severity.INFO,
    basis=REVIEW_LAW,
    name="2024年起直接起诉数需说明",
    short="直诉待说明",
    suggestion="2024年起不予公开类案件实行复议前置，请核实“未经复议直接起诉”数量。",
)
def direct_suits_are_rare(report: Report, t4: StatTable, task: Task) -> Iterator[Verdict]:
    """2024 年起，表四“未经复议直接起诉”总计一般为 0。

    对予以公开、部分公开内容的起诉和 2024 年以前的案件除外，所以只作提示。
    """
    year = report.reporting_year(task.year)
    if year is None or year < _REVIEW_FIRST:
        return
    suits = t4.figure("lit_direct", "total")
    if suits.value is None:
        yield not_evaluated(UNKNOWN, "t4.lit_direct.total")
    elif suits.value == 0:
        yield passed("t4.lit_direct.total", suits)
    else:
        message = f"表四未经复议直接起诉 {suits} 件，{_REVIEW_FIRST} 年起不予公开类案件应先申请复议"
        yield failed(message, "t4.lit_direct.total", suits, expected="0", found=str(suits))


_PRIORITIES = re.compile(r"《[^《》]*?(20\d{2})年[^《》]*?(?:政务|政府信息)公开[^《》]*?要点[^《》]*?》")
# “将《……》分解为……” tells of no plan: 将 only puts the title in front.
_COMPARES = re.compile(r"较|相比|上一?年|去年|下一步|将(?!$)|今后")


@rule(
    "TXT-22",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="工作要点年度与报告年度不符",
    short="要点年度错",
    suggestion="所引工作要点年度与报告年度不一致，请核对。",
)
def priorities_are_of_the_year(report: Report, task: Task) -> Iterator[Verdict]:
    """第六部分所引《××年政务公开工作要点》是报告年度的要点。

    同一处又引了报告年度要点的，或是与上年比较、说下一步打算的，不提出。
    """
    year = report.reporting_year(task.year)
    if year is None:
        return
    for passage in report.section("s6").paragraphs:
        plain = text.plain(passage.text)
        cited = [(m.group(), int(m.group(1)), m.start()) for m in _PRIORITIES.finditer(plain)]
        own = any(of == year for _, of, _ in cited)
        for title, _, start in cited:
            sentence = re.split(r"[。;]", plain[:start])[-1]
            if own or _COMPARES.search(sentence):
                yield passed(passage.address, passage)
            else:
                message = f"报告年度为 {year} 年，所引为{title}"
                address = prose_address(passage.address, title)
                yield failed(message, address, passage, expected=f"{year} 年的工作要点", found=title)
