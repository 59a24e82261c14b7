"""YOY-07, 09…11: what the prose of one year owes to the year before: true comparisons, new words, an answer to problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from gdcore import likeness, text, wording
from gdcore.agency import Agency
from gdcore.basis import CONSISTENCY, PRACTICE, REGULATION
from gdcore.catalogue import rule
from gdcore.claims import Claim, Scope
from gdcore.claims.comparisons import Comparison, comparisons
from gdcore.claims.grammar import EVERY_AGENCY
from gdcore.figure import Figure, Passage, total
from gdcore.finding import is_cell
from gdcore.form import AgencyType
from gdcore.profile import Profile
from gdcore.report import Report
from gdcore.rules.comparing import Claims, counts, doubted, where
from gdcore.rules.others import borrowed, consecutive, reorganised
from gdcore.rules.sections import veiled
from gdcore.rules.told import halves, published
from gdcore.task import Task
from gdcore.verdict import UNKNOWN, Severity, Verdict, doubtful, failed, not_applicable, not_evaluated, passed

# Rule confidence at which a person decides: likeness has honest reasons, too.
DOUBTFUL = 0.6

# --- YOY-07: comparisons --------------------------------------------------------------------------------------------

# Percentage points by which a told growth may miss the computed one: offices round, up or down.
POINT = Decimal(1)
_OF_AN_AREA = (AgencyType.GOVERNMENT, AgencyType.GOV_OFFICE)
# The cells, added up, that may be meant by a subject: one reading after the other.
_READINGS = {
    "received_or_total": (("t3.new_received",), ("t3.new_received", "t3.carried_in")),
    "litigation.total": (("t4.lit_direct", "t4.lit_after"),),
    "disputes.total": (("t4.review", "t4.lit_direct", "t4.lit_after"),),
}


@dataclass(frozen=True, slots=True)
class _Pair:
    """One quantity in both years."""

    now: Figure
    then: Figure


def _pairs(report: Report, prior: Report, subject: str) -> list[_Pair]:
    """What a subject may mean in the tables of both years; [] where they do not tell it."""
    readings = _READINGS.get(subject)
    if readings is None and is_cell(subject) and subject.endswith(".total"):
        readings = ((subject.removesuffix(".total"),),)
    if readings is None:
        return _published(report, prior) if subject == "published_items" else []
    return [_Pair(*(total(_total(r, row) for row in rows) for r in (report, prior))) for rows in readings]


def _total(report: Report, row: str) -> Figure:
    table, _, key = row.partition(".")
    return borrowed(report, table, key, "total")


def _published(report: Report, prior: Report) -> list[_Pair]:
    now, then = published(report), published(prior)
    return [_Pair(now.elsewhere, then.elsewhere)] if now and then else []


@rule(
    "YOY-07",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="同比表述错误",
    short="同比有误",
    suggestion="同比数据与上年年报不符，请核对。",
)
@consecutive
def growth_is_as_told(
    report: Report, prior: Report, claims: Claims, task: Task, agency: Agency | None = None
) -> Iterator[Verdict]:
    """正文“较上年增加×件”“同比增长×%”“与上年持平”，与两年年报的数据相符。

    件数应当相等，百分比相差不超过 1 个百分点。约数、倍数、与其他年度的比较不作判断；正文的数与表格不同的由 TXT 各条提出。
    口径可能不同（全区域与本级、正文条数、机构变动）或正文自己写出上年数的，列为待核。
    """
    year = report.reporting_year(task.year)
    passages = [p for s in report.sections if s.short != "s5" for p in s.paragraphs]
    changed = reorganised(agency, year)
    for told in comparisons(passages, claims, year) if year else ():
        yield from _compared(report, prior, told, claims, changed)
    yield from _last_years_numbers(report, prior, claims)


def _compared(report: Report, prior: Report, told: Comparison, claims: Claims, changed: bool) -> Iterator[Verdict]:
    claim = told.claim
    pairs = _pairs(report, prior, claim.subject)
    if any(f.value is None for pair in pairs for f in (pair.now, pair.then)):
        yield not_evaluated(UNKNOWN, where(claim))
        return
    meant = [pair for pair in pairs if pair.now.value == claim.value.value]
    own = [_Pair(claim.value, c.value) for c in claims if _is_last_years(c, claim)]
    if any(_holds(told, pair) for pair in (*meant, *own)):
        yield passed(where(claim), told.span)
    elif meant and not (told.percent is not None and meant[0].then.value == 0):
        loose = changed or claim.subject == "published_items" or _of_an_area(report, claim)
        yield _wrong(prior, told, meant[0], loose)


def _is_last_years(other: Claim, claim: Claim) -> bool:
    return other.scope is Scope.LAST_YEAR and other.subject == claim.subject and other.part == claim.part


def _of_an_area(report: Report, claim: Claim) -> bool:
    return report.identity.agency_type in _OF_AN_AREA or EVERY_AGENCY.search(claim.sentence) is not None


def _holds(told: Comparison, pair: _Pair) -> bool:
    change = (pair.now - pair.then).value
    if told.percent is None:
        return change == (told.change or 0)
    return bool(pair.then.value) and abs(change / pair.then.value * 100 - told.percent) <= POINT  # type: ignore[operator]


def _wrong(prior: Report, told: Comparison, pair: _Pair, loose: bool) -> Verdict:
    change = (pair.now - pair.then).value or Decimal(0)
    share = f"（{_signed(change / pair.then.value * 100, '.1f')}%）" if pair.then.value else ""
    expected = f"{_signed(change)}{share}" if change else "持平"
    message = f"正文“{told.claim.quote}……{told.quote}”，{prior.identity.year} 年度报告为 {pair.then}，应为{expected}"
    evidence = (told.claim.value, told.span, pair.then)
    verdict = failed(message, where(told.claim), *evidence, expected=expected, found=told.quote)
    return doubted(verdict, "两年的统计口径可能不同，请核实") if loose else verdict


def _signed(number: Decimal, form: str = "f") -> str:
    return f"{'增加' if number > 0 else '减少'} {abs(number):{form}}"


def _last_years_numbers(report: Report, prior: Report, claims: Claims) -> Iterator[Verdict]:
    """Last year's numbers that the prose itself tells."""
    told = counts(claims, "received_or_total", "t3.new_received.total", scopes=(Scope.LAST_YEAR,))
    for claim in (c for c in told if not c.approx and _opens(c, prior)):
        then, *others = (pair.then for pair in _pairs(report, prior, claim.subject))
        if any(f.value is None for f in (then, *others)):
            yield not_evaluated(UNKNOWN, where(claim))
        elif claim.value.value in [f.value for f in (then, *others)]:
            yield passed(where(claim), claim.span)
        else:
            message = f"正文说上年“{claim.quote}”，{prior.identity.year} 年度报告新收申请 {then} 件"
            evidence = (claim.value, then)
            yield doubtful(message, where(claim), *evidence, expected=str(then), found=claim.quote)


def _opens(claim: Claim, prior: Report) -> bool:
    """Whether a claim is of the whole of last year: its words follow 去年 or the year at once."""
    before = claim.sentence.partition(text.plain(claim.span.text))[0]
    return re.search(rf"(上一?年度?|去年|{prior.identity.year}年度?)(全年|共计?|,)*$", before) is not None


# --- YOY-09…11: copies and answers ----------------------------------------------------------------------------------

# From this share of alike text a report resembles the last one, which is worth a hint.
RESEMBLES = 0.70
SAME_PROBLEMS = 0.80
# Masked characters of problems that are enough for a comparison: this half of 五 is short.
ENOUGH_PROBLEMS = 40
# Share of a paragraph that must stand in last year's report for the paragraph to be shown.
COPIED = 0.8


def _names(report: Report, prior: Report, agency: Agency | None) -> tuple[str, ...]:
    full = {r.identity.agency for r in (report, prior) if r.identity.agency}
    full |= {agency.name, *agency.aliases, *agency.superiors} if agency else set()
    return tuple(sorted({name for each in full for name in likeness.names_in(each)}))


def _told(report: Report) -> list[Passage]:
    return [p for key in ("s1", "s5") for p in report.section(key).paragraphs]


@rule(
    "YOY-09",
    Severity.WARNING,
    basis=PRACTICE,
    name="正文与去年高度雷同",
    short="文同上年",
    suggestion="内容与上年年报高度雷同，请结合本年度工作重新撰写。",
    confidence=DOUBTFUL,
)
@consecutive
def narrative_is_written_anew(
    report: Report, prior: Report, task: Task, profile: Profile, agency: Agency | None = None
) -> Iterator[Verdict]:
    """第一、五部分不照搬上年报告。

    隐去数字、年度、单位名称、文件名称和法定表述后逐句比较，不论次序；达到 85%（方案可调）为警告，70% 以上为提示，都列为待核。
    余下不足 80 字的不比较；没有业务、内容如实的小单位可能确实相同，由人判断。
    """
    names = _names(report, prior, agency)
    ours, theirs = (_masked(r, names) for r in (report, prior))
    if min(len(ours), len(theirs)) < likeness.ENOUGH:
        hidden = any(veiled(r, key) for r in (report, prior) for key in ("s1", "s5"))
        yield (not_evaluated if hidden else not_applicable)("除数字、名称和法定表述外文字太少，不作比较", "s1")
        return
    threshold = profile.thresholds["similar_prior"]
    least = min(RESEMBLES, threshold)
    alike = likeness.similarity(ours, theirs, least=least)
    if alike < least:
        yield passed("s1")
        return
    copied = [p for p in _told(report) if _is_copied(p, names, theirs)]
    message = f"第一、五部分与 {prior.identity.year} 年度报告的相似度为 {alike:.0%}（已隐去数字、年度和名称）"
    severity = None if alike >= threshold else Severity.INFO
    yield failed(message, "s1", *copied, expected=f"低于 {threshold:.0%}", found=f"{alike:.0%}", severity=severity)


def _masked(report: Report, names: Iterable[str]) -> str:
    return likeness.masked("\n".join(p.text for p in _told(report)), names)


def _is_copied(passage: Passage, names: Iterable[str], source: str) -> bool:
    body = likeness.masked(passage.text, names)
    return bool(body) and likeness.taken_over(body, source) >= COPIED


@rule(
    "YOY-10",
    Severity.WARNING,
    basis=REGULATION.article("第五十条第四项"),
    name="存在问题与去年相同",
    short="问题同上年",
    suggestion="存在问题与上年基本相同，请说明上年问题的整改情况。",
    confidence=DOUBTFUL,
)
@consecutive
def problems_are_this_years(
    report: Report, prior: Report, task: Task, agency: Agency | None = None
) -> Iterator[Verdict]:
    """第五部分“存在的主要问题”与上年不同。

    隐去数字、年度、名称后逐句比较，80% 以上相同的列为待核。分不出问题和改进两部分、或文字太少的不作比较。
    """
    names = _names(report, prior, agency)
    ours, theirs = (likeness.masked(halves(r)[0], names) for r in (report, prior))
    if min(len(ours), len(theirs)) < ENOUGH_PROBLEMS:
        yield not_applicable("两年的报告不都写有可以比较的存在问题", "s5.p")
        return
    alike = likeness.similarity(ours, theirs, ENOUGH_PROBLEMS, SAME_PROBLEMS)
    if alike < SAME_PROBLEMS:
        yield passed("s5.p")
        return
    copied = [p for p in report.section("s5").paragraphs if _is_copied(p, names, theirs)]
    message = f"“存在的主要问题”与 {prior.identity.year} 年度报告的相似度为 {alike:.0%}（已隐去数字、年度和名称）"
    yield failed(message, "s5.p", *copied, expected=f"低于 {SAME_PROBLEMS:.0%}", found=f"{alike:.0%}")


_ITEM = re.compile(
    r"(?:^|[。；;:：\n])\s*(?:第?[一二三四五六七八九十](?:是|[,，、.．])|[（(][一二三四五六七八九十\d]+[)）]|\d[.、．])"
)
_LEAD_IN = re.compile(
    r"^(?:存在|仍有|还有|部分|个别|少数|有的|有些|一些|对于?|在|我[局镇县市区委办]|本[局镇单位机关]+)+"
)
# A noun phrase up to the word that finds fault with it.
_NOUN = re.compile(
    r"[\u4e00-\u9fff]{2,14}?(?=以|不|较|还|仍|尚|有待|有所|未|缺|欠|存在|偏|需|难|薄弱|滞后|单一|落后|有限|的|和|(?<!参)与|及|、|,|$)"
)
_ANSWERS = re.compile(r"(?:上一?年度?|去年|往年|20\d\d年度?)[^。；;]{0,40}(?:问题|不足|短板|整改)")
# Characters of a long noun that are looked for alone: 公开目录编制 is answered by 目录编制.
_CORE = 4


def _nouns(problems: str) -> list[str]:
    """What last year's numbered problems were about: 政策解读, 信息员队伍 …; [] unless each of them tells it."""
    items = [text.plain(item) for item in _ITEM.split(problems)[1:]]
    nouns = [_NOUN.match(_LEAD_IN.sub("", item)) for item in items]
    return [match.group() for match in nouns if match] if all(nouns) else []


def _answered(noun: str, measures: str, overview: str) -> bool:
    cores = {noun, noun[:_CORE], noun[-_CORE:]}
    return any(core in measures or core in overview for core in cores) or noun[-2:] in measures


@rule(
    "YOY-11",
    Severity.INFO,
    basis=REGULATION.article("第五十条第四项"),
    name="未回应上年问题",
    short="未回应问题",
    suggestion="建议说明上一年度所列问题的改进结果。",
    confidence=DOUBTFUL,
)
@consecutive
def last_years_problems_are_answered(report: Report, prior: Report, task: Task) -> Iterator[Verdict]:
    """上年所列的问题，本年第一部分或改进情况有所回应。

    上年各项问题所说的事（政策解读、信息员队伍……）本年一项也没有提到，又没有说到上年问题整改的，才作提示并列为待核。
    """
    nouns = _nouns(halves(prior)[0])
    measures, overview = halves(report)[1], text.plain(report.section("s1").text)
    body = text.plain(report.section("s5").text)
    if not nouns or not measures or not overview:
        yield not_applicable("上年报告没有可以对照的问题，或本年没有改进情况", "s5.m")
    elif _ANSWERS.search(overview + body) or any(_answered(n, text.plain(measures), overview) for n in nouns):
        yield passed("s5.m")
    else:
        told = "、".join(dict.fromkeys(nouns))
        message = f"{prior.identity.year} 年度报告所列问题（{told}），本年{wording.describe('s1')}和改进情况都没有提到"
        yield failed(message, "s5.m", *report.section("s5").paragraphs[-1:], expected=told)
