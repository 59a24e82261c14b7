"""TIM-05, 06, 08: the years and dates that the text prints: left over, outside the period, impossible."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gdcore import text
from gdcore.agency import Agency
from gdcore.basis import CONSISTENCY, LOGIC, REGULATION
from gdcore.catalogue import Verdicts, rule
from gdcore.figure import Passage
from gdcore.finding import prose_address
from gdcore.report import Report
from gdcore.rules.timeliness import wrong_year
from gdcore.task import Task
from gdcore.verdict import Severity, Verdict, doubtful, failed, not_applicable, not_evaluated, passed

# --- a year left over from an older report ------------------------------------------------------------------------------

# Years in these stand for something else than the year's work: titles, quotes, document numbers, editions, budgets.
_MASKED = re.compile(
    r"《[^》]*》|“[^”]*”|〔[^〕]*〕|\[[^\]]*\]|\([^)]*\)|【[^】]*】|20\d{2}年度?(部门|单位|财政)?(预|决)算[^,;。]*|"
    r"20\d{2}年度?[^,;。\d]{0,16}(目录|清单|年报|年度报告|指南|方案|要点|计划|任务|台账|汇编|名单)"
)
# A sentence with one of these compares, looks back or ahead, or tells of several years.
_OTHERWISE = re.compile(
    r"较|同比|环比|相比|本年|今年|年内|的\d|比20|比上|上年|上一年|去年|往年|历年|近.年|以来|起[,至]|自20|从20|结转|转入|将|计划|拟|下一步|下步|力争|预计|"
    r"截[至止]20\d{2}年(?!度?底|末|年[底末]|12月)|考核|评议|评估|通报|排名|要点|规划|(?<!截)[—–\-~～至到]20\d{2}"
)
_SUBJECT = (
    r"(?:(?:[一二三四五六七八九十]+是|其次|同时|此外|另外)[,:]?)?"
    r"(?:(?:我|本)?[\u4e00-\u9fff]{0,12}?(?:局|委|办|厅|镇|乡|街道|办事处|中心|单位|机关|部门|政府|[县市区]))?[,]?"
)
_HEADING = r"(?:\(?[一二三四五六七八九十\d]{1,2}[)、.]\)?[^。,:]{0,24}[。:]?)?"
# The year stands at the head of the sentence: nothing but a sub-heading and the agency before it.
_HEAD = re.compile(
    rf"^{_HEADING}{_SUBJECT}(?:截[至止](?=20\d{{2}}年(?:底|末|12月)))?(?P<year>20\d{{2}})年"
    r"(?:1月1日起?至12月31日|度|全年|(?<=截[至止]\d{4}年)(?:底|末|12月(?:31日|底)))?(?!\d*月|\d|底|末)"
)
_DONE = re.compile(
    r"(?:公开|发布|收到|受理|办理|办结|答复|收取|制发|制定|印发|举办|开展|组织|召开|承办|更新|推送|接到|接收|新收|废止|清理|回复|回应|"
    r"解读|撰写|编发|作出|共有?|累计)[^,;。]{0,24}?\d+(?:\.\d+)?(?:余|多)?(?:万|千|百)?(?:余|多)?"
    r"(?:条|件|次|篇|个|份|场|期|项|人次|元|万元|例|起|宗|人|部|幅)"
    r"|(?:未|没有|无)(?:新)?(?:收到|接到|受理|发生|产生|制定|制发|出台|收取|接收)"
)
# So many sentences on another year, and none on the reporting year: the whole text is another year's.
_WHOLESALE = 3
_CARRIED = re.compile(
    r"\d+[件宗条起][^,;。\d]{0,6}(?:转结|结转|转)(?:至|到|入)?(?P<year>20\d{2})年度?(?:继续)?(?:办理|办结|答复|处理)"
)
_EARLIER = re.compile(r"上年|上一年|去年|往年")


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence on a year's work: the passage it stands in, its words in plain form, the year at its head.

    `verb` is what was done, in the first characters that say so.
    """

    passage: Passage
    sentence: str
    year: int
    verb: str = ""


def _dated(report: Report) -> Iterator[tuple[Passage, str]]:
    """The sentences of 一 and 六 with a year in them, in plain form."""
    for key in ("s1", "s6"):
        for passage in report.section(key).paragraphs:
            plain = text.plain(passage.text)
            if "20" in plain:
                yield from ((passage, sentence) for _, sentence in text.sentences(plain) if "20" in sentence)


def _works(dated: Iterable[tuple[Passage, str]]) -> Iterator[_Told]:
    """The sentences that tell what was done in a year, each with the year at its head."""
    for passage, raw in dated:
        sentence = _MASKED.sub("", raw)
        head = _HEAD.match(sentence)
        done = _done(sentence, head.end()) if head and not _OTHERWISE.search(sentence) else ""
        if head and done and len(set(text.years(sentence))) == 1:
            yield _Told(passage, raw, int(head["year"]), done[:2])


def _done(sentence: str, start: int) -> str:
    """What follows the year and tells what was done; "" in “2022年开通的公众号发布…”, where it only says since when."""
    done = _DONE.search(sentence, start)
    if done is None or (sentence[start] != "," and "的" in sentence[start : done.end()]):
        return ""
    return done.group()


def _recited(stale: _Told, told: list[_Told], year: int) -> bool:
    """Whether the same part tells of the reporting year in the same way: then the other year stands for comparison."""
    beside = [t for t in told if t.passage.address == stale.passage.address]
    several = len({t.year for t in beside}) > 2
    return several or any(t.year == year and stale.verb in t.sentence for t in beside)


def _wrongly_carried(dated: Iterable[tuple[Passage, str]], year: int) -> Iterator[_Told]:
    """“0件转结2024年办结” in the report on 2024: what is carried out is settled the year after."""
    for passage, sentence in dated:
        match = _CARRIED.search(sentence) if "转" in sentence else None
        if match and int(match["year"]) <= year:
            before = sentence[: match.start()]
            if not _EARLIER.search(before) and not any(y < int(match["year"]) for y in text.years(before)):
                yield _Told(passage, sentence, int(match["year"]))


@rule(
    "TIM-05",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="正文残留其他年度",
    short="残留旧年度",
    suggestion="正文出现“{found}”，疑似沿用旧稿，请核对年度。",
)
def text_is_on_the_reporting_year(report: Report, task: Task) -> Verdicts:
    """正文叙述全年工作的语句，写的是本报告年度。

    只看第一、六部分中以年度开头、写明做了多少的语句。文号、文件名、预决算、版本、与上年的比较、结转、历年回顾、考核通报、对下一年
    的打算都不算；同一部分中两个年度对照着写的也不算。通篇都写另一年度的合为一条。“0 件结转 2024 年办结”出现在 2024 年度报告中也算。
    """
    year = report.reporting_year(task.year)
    if year is None:
        yield not_evaluated("没有识别出报告年度")
        return
    dated = list(_dated(report))
    told = list(_works(dated))
    own = [t for t in told if t.year == year]
    ignored = {year} | ({report.identity.year} if wrong_year(report, task) else set())
    stale = [t for t in told if t.year not in ignored and not _recited(t, told, year)]
    carried = [_carried(t, year) for t in _wrongly_carried(dated, year)]
    others = {t.year for t in stale}
    if not told and not carried:
        yield not_applicable("第一、六部分没有以年度开头叙述全年工作的语句")
    elif len(stale) >= _WHOLESALE and not own and len(others) == 1:
        words = f"{others.pop()}年"
        message = f"正文有 {len(stale)} 处写的是{words}的工作，没有写 {year} 年的。"
        yield failed(message, "report", *(t.passage for t in stale), expected=f"{year}年", found=words)
    else:
        yield from [*(_stale(t, year) for t in stale), *carried] or [passed()]


def _carried(told: _Told, year: int) -> Verdict:
    due = f"{year + 1}年"
    message = f"“{told.sentence}”：结转到下一年度办理的应在{due}。"
    address = prose_address(told.passage.address, told.sentence)
    return failed(message, address, told.passage, expected=due, found=f"{told.year}年")


def _stale(told: _Told, year: int) -> Verdict:
    message = f"“{told.sentence}”写的是 {told.year} 年，报告年度为 {year} 年。"
    address = prose_address(told.passage.address, told.sentence)
    base = told.sentence.startswith("截") and "累计" in told.sentence
    tell = doubtful if told.year > year or base else failed
    return tell(message, address, told.passage, expected=f"{year}年", found=f"{told.year}年")


# --- the statistics period ------------------------------------------------------------------------------------------------

_RANGE = re.compile(
    r"(?<!\d)(?P<from>20\d{2})年(?:度)?(?P<m1>\d{1,2})月(?:(?P<d1>\d{1,2})日)?(?:(?:零|\d{1,2})[时点])?(?:起|开始)?(?:\([^)]*\))?起?[,、]?"
    r"(?:至|到|[-—–~～―－]+)(?:(?P<to>20\d{2})年|当年|同年|本年)?(?P<m2>\d{1,2})月(?:(?P<d2>\d{1,2})日?)?"
)
_ABOUT_PERIOD = re.compile(
    r"统计.{0,12}(期限|期间|时限|时间|周期|区间|起止|时段|范围|截止|日期|口径)|(数据|报告|年报).{0,16}(期限|期间|时限|时间段|周期|起止|时段)|"
    r"数据.{0,8}[自从]20\d{2}年|数据.{0,4}截[止至]"
)
# Periods of other things; where the sentence says 统计期限 in so many words, they only stand beside it.
_NO_PERIOD = re.compile(
    r"公示|征求|征集|报名|活动|有效期|任期|宣传|施行|公告期|试运行|整改期限|填报|上报|(报送|提交|编制|公开|发布)(的)?(期限|时限|时间|期间)"
)
_SURE_PERIOD = re.compile(r"统计的?(期限|时限|期间|周期)")
_DOTTED = re.compile(r"(20(?<!\d20)\d{2})[./](\d{1,2})[./](\d{1,2})(?!\d)")
_A_MONTH = re.compile(r"\d\s*[月⽉日⽇./]")
_CUT_OFF = re.compile(
    r"(?:核定|统计|截[至止])(?:数据)?[^,;。\d自从]{0,10}(?<!\d)(?P<year>20\d{2})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日"
)
# 年 or 月 lost between digits: the page ate them, and what is left says no date.
_EATEN = re.compile(r"(?<!\d)20\d{2}\d{1,4}[月日]|(?<!\d)20\d{4,6}日")
_FOUNDED = re.compile(r"成立|组建|挂牌|设立|揭牌")


@rule(
    "TIM-06",
    Severity.ERROR,
    basis=REGULATION.article("第四十九条"),
    name="统计期限错误",
    short="期限有误",
    suggestion="统计期限应为{y}年1月1日至12月31日。",
)
def period_is_the_year(report: Report, task: Task, agency: Agency | None = None) -> Verdicts:
    """写明的统计期限是报告年度的 1 月 1 日至 12 月 31 日。

    只写一个年份、只写“截至12月31日”都可以。网页丢失数字的（“20231月1日至12月31日”）不作判断；当年成立的单位从成立之日起统计的不算错。
    """
    year = report.reporting_year(task.year)
    told = [
        _unless_known(verdict, sentence, report, task)
        for passage, plain in report.prose.plain
        if "20" in plain and _A_MONTH.search(passage.text)
        for _, sentence in text.sentences(_DOTTED.sub(r"\1年\2月\3日", plain))
        if "20" in sentence and ("月" in sentence or "日" in sentence)
        if (verdict := _period(report, sentence, passage, year, agency))
    ]
    yield from told or [not_applicable("没有写明统计期限", "preamble")]


def _unless_known(verdict: Verdict, sentence: str, report: Report, task: Task) -> Verdict:
    """A period of the report's own year is no second fault where TIM-04 tells that the year is not the one due."""
    if verdict.expected and wrong_year(report, task) and f"{report.identity.year}年" in sentence:
        return not_applicable("报告年度与应报年度不符，已另行指出", verdict.address)
    return verdict


def _stated(sentence: str, in_preamble: bool) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """The period that a sentence states, else the day up to which it says data were counted."""
    about = _ABOUT_PERIOD.search(sentence)
    if _NO_PERIOD.search(sentence) and not _SURE_PERIOD.search(sentence):
        return None, None
    period = _RANGE.search(sentence)
    # A whole year told in the introduction is the period, whatever it is called.
    if period and (about or (in_preamble and (int(period["m1"]), int(period["m2"])) == (1, 12))):
        return period, None
    return None, _CUT_OFF.search(sentence) if about or "核定" in sentence else None


def _period(report: Report, sentence: str, passage: Passage, year: int | None, agency: Agency | None) -> Verdict | None:
    """What a sentence says of the statistics period; None if it says nothing of it."""
    address = passage.address
    period, cut_off = _stated(sentence, address == "preamble")
    match = period or cut_off
    if match is None:
        eaten = _ABOUT_PERIOD.search(sentence) and _EATEN.search(sentence)
        return not_evaluated("统计期限的数字残缺，不作判断", address) if eaten else None
    if year is None:
        return not_evaluated("没有识别出报告年度", address)
    if _is_the_year(match, year) if period else _is_its_end(match, year):
        return passed(address, passage)
    sure = period is not None and report.identity.sources.get("year") != "文件名" and not _EATEN.search(sentence)
    newly = _FOUNDED.search(sentence) or (agency is not None and agency.founded == year)
    tell = failed if sure and not newly else doubtful
    printed, wanted = match.group(), f"{year}年1月1日至12月31日"
    message = f"写明的统计期限为“{printed}”，报告年度为 {year} 年。"
    return tell(message, address, passage, expected=wanted, found=printed, values={"y": str(year)})


def _is_the_year(stated: re.Match[str], year: int) -> bool:
    years = {int(stated["from"]), int(stated["to"] or stated["from"])}
    months = (int(stated["m1"]), int(stated["m2"])) == (1, 12)
    days = stated["d1"] in (None, "1", "01") and stated["d2"] in (None, "31")
    return years == {year} and months and days


def _is_its_end(cut_off: re.Match[str], year: int) -> bool:
    return tuple(int(cut_off[part]) for part in ("year", "m", "d")) == (year, 12, 31)


# --- dates that cannot be ---------------------------------------------------------------------------------------------------

_SURPLUS = re.compile(r"(?<![\d.])20\d{3,5}\s*年(?!历史|以?[前后])")
_RUN_TOGETHER = re.compile(
    r"(?<!\d)(?:20\d{2}){2}(?=年)|(?<!\d)20\d{2}(?:1[0-2]|0?[1-9])月|(?<!\d)20\d{2}\d{2,4}日(?![志报常期均产])"
)
_SHORT_YEAR = re.compile(r"(?<![\d ])[12]\d{2}年(?=\d{1,2}月\d{1,2}日)")
_FAR_YEAR = re.compile(r"(?<!\d)(?:2[1-9]\d{2}|[3-9]\d{3}|1[0-8]\d{2})年(?=\d{1,2}月\d{1,2}日)")
# A digit before a space may belong to the month: typeset text puts spaces between digits.
_DAY = re.compile(
    r"(?:(?<!\d)(?P<year>20\d{2})\s*年\s*)?(?<!\d)(?<!\d\s)(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,3})\s*日"
)
_MONTH = re.compile(r"(?<!\d)20\d{2}\s*年\s*(?P<month>\d{1,2})\s*月(?!\s*\d)")
# A number before 年, 月 or 日 in whatever script and spacing, and those that are no fault whatever stands beside them.
_WRITTEN = re.compile(r"\d(?:(?<=1)2?月31日|[\d\s.]{0,40}[年月日⽉⽇])")
_ORDINARY = re.compile(r"12?月31日|20\d\d年|(?:1[0-2]|0?[1-9])月|(?:2[0-8]|1\d|0?[1-9])日")
_LONGEST_MONTH = 12


@rule(
    "TIM-08",
    Severity.ERROR,
    basis=LOGIC,
    name="日期不存在或书写错误",
    short="日期有误",
    suggestion="日期书写有误，请改正。",
)
def dates_exist(report: Report) -> Verdicts:
    """正文中的日期都是存在的日期。

    如 202020年12月31日、2月30日、13月。网页或图像识别丢失数字的（“202311日”“20231月1日”）只作提示；没有写年份的 2 月 29 日不作判断。
    """
    told = [
        _no_date(passage, printed, lost, report.legibility)
        for passage in (report.narrative if _is_odd(report.prose.whole) else ())
        if _is_odd(passage.text)
        for printed, lost in _impossible(passage.text)
    ]
    yield from told or [passed()]


def _is_odd(printed: str) -> bool:
    """Whether a text has a number before 年, 月 or 日 that may be a fault."""
    return not all(map(_ORDINARY.fullmatch, set(_WRITTEN.findall(printed))))


def _no_date(passage: Passage, printed: str, lost: bool, legibility: float) -> Verdict:
    severity = Severity.INFO if lost or passage.confidence < 1 or legibility < 1 else None
    why = "数字残缺" if lost else "不是存在的日期"
    address = prose_address(passage.address, printed)
    return failed(f"“{text.collapse(printed)}”{why}。", address, passage, found=printed, severity=severity)


def _impossible(printed: str) -> Iterator[tuple[str, bool]]:
    """The dates of a text that cannot be, and whether digits or signs were lost in them."""
    line = unicodedata.normalize("NFKC", printed)
    together = [m.span() for m in _RUN_TOGETHER.finditer(line)]
    for start, end in together:
        yield line[start : end + (line[end : end + 1] == "年")], True
    for match in _SHORT_YEAR.finditer(line):
        yield match.group(), True
    for pattern in (_SURPLUS, _FAR_YEAR):
        for match in pattern.finditer(line):
            if not any(start <= match.start() < end for start, end in together):
                yield match.group(), False
    for match in _DAY.finditer(line):
        if not _exists(match["year"], int(match["month"]), int(match["day"])):
            yield match.group(), False
    for match in _MONTH.finditer(line):
        if not 1 <= int(match["month"]) <= _LONGEST_MONTH:
            yield match.group(), False


def _exists(year: str | None, month: int, day: int) -> bool:
    if not 1 <= month <= _LONGEST_MONTH:
        return False
    # Without a year, 29 February may be of a leap year.
    return 1 <= day <= calendar.monthrange(int(year) if year else 2000, month)[1]
