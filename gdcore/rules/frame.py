"""STR-19…21, 24, 25: what frames a report: title, introduction, sign-off."""

from __future__ import annotations

import re
from itertools import chain

from gdcore import form, text
from gdcore.basis import CONSISTENCY, FORM_2021, PRACTICE
from gdcore.catalogue import Verdicts, rule
from gdcore.figure import Passage
from gdcore.report import Report
from gdcore.rules.sections import unified
from gdcore.verdict import Severity, failed, not_applicable, passed

_TITLE = "×××（机关全称）××××年政府信息公开工作年度报告"
_YEAR = r"(20\d{2}|二[〇○零O0][一二三四五六七八九〇○零\d]{2})年"
_REPORT = r"报告|年报"


def _title_faults(title: str) -> tuple[Severity, list[str]]:
    """What a title in plain form lacks or has too much; warning unless the one slip leaves the title clear."""
    core = [
        word
        for word, pattern in (("年份", _YEAR), ("信息公开", "信息(主动)?公开"), ("报告", _REPORT))
        if not re.search(pattern, title)
    ]
    if core:
        return Severity.WARNING, [f"缺“{word}”" if word != "年份" else "缺年份" for word in core]
    slips = []
    if not re.search(r"政府信息(主动)?公开", title):
        slips.append("缺“政府”")
    if re.search(r"公开(工作)?的|年度?的政府信息", title):
        slips.append("多“的”字")
    if not re.search(r"年度|年报", title):
        slips.append("缺“年度”")
    return Severity.INFO, slips


@rule(
    "STR-19",
    Severity.WARNING,
    basis=FORM_2021,
    name="报告标题缺失或不规范",
    short="报告标题错",
    suggestion="标题应为“×××（机关全称）××××年政府信息公开工作年度报告”。",
)
def title_is_the_forms(report: Report) -> Verdicts:
    """报告有规范的标题：机关名称、年份、政府信息公开工作年度报告。

    空格、分行、年份的位置和“年度”“工作”的有无都不论；网页信息中的标题也算，正文标题可以不写机关名称。只缺“政府”“年度”或
    多“的”字的，作提示。
    """
    printed = report.identity.title
    if printed is None:
        supplied = any(not _title_faults(text.plain(value))[1] for value in report.metadata.values())
        yield passed("title") if supplied else failed("没有找到报告标题。", "title", expected=_TITLE)
        return
    severity, slips = _title_faults(text.plain(printed.text))
    if not slips:
        yield passed("title", printed)
    else:
        shown = text.collapse(printed.text)
        message = f"标题“{shown}”{'、'.join(slips)}。"
        yield failed(message, "title", printed, expected=_TITLE, found=shown, severity=severity)


_FROM = r"(?:自|从|为|是|均为){1,2}.{0,4}(?:\d{4}年|\d{1,2}月|全年|[本上当]年)"
# Each alternative begins with a certain character, so that the search can skip to one of them.
_PERIOD = re.compile(
    rf"1月1日.{{0,30}}12月31日|统计的?(?:期限|时限|时间|周期|区间|起止|数据.{{0,4}}(?:起止|截止))|期限{_FROM}|时[限段]{_FROM}|核定时间"
    r"|数据.{0,8}截[止至]|截止(?:日期|时间)"
)


@rule(
    "STR-20",
    Severity.INFO,
    basis=PRACTICE,
    name="未注明数据统计期限",
    short="缺统计期限",
    suggestion="建议在引言中注明数据统计期限为××××年1月1日至12月31日。",
)
@unified
def period_is_told(report: Report) -> Verdicts:
    """报告注明了数据的统计期限。

    统一格式没有强制要求，只作提示。
    """
    stated = next((p for p, _ in report.prose.having(_PERIOD)), None)
    if stated:
        yield passed("preamble", stated)
    else:
        yield failed("全文没有注明数据统计期限。", "preamble", expected="1月1日至12月31日")


_IS = "[为是]?[:(]"
# Certain anywhere in the text; the bare words 联系 and 电话 are not.
_CONTACT = re.compile(
    rf"地址{_IS}|电话(?:{_IS}|[:为是]?[(]?\d{{3,}})|邮(?:编|政编码|箱){_IS}|联系(?:人|方式){_IS}|传真{_IS}|热线[:为是]?[(]?\d{{3,}}"
    r"|请(?:直接|及时)?[与和向同].{2,60}联系"
)
_TELEPHONE = re.compile(r"(?<!\d)(0\d{2,3}[-—–]?\d{7,8}|1[3-9]\d{9}|\d{7,8})(?!\d)")
_CONTACT_WORD = re.compile(r"电话|地址|邮编|邮政编码|请.{2,60}联系")
# Paragraphs of 六 in which a report may close with its contact.
_TAIL = 2


@rule(
    "STR-21",
    Severity.INFO,
    basis=PRACTICE,
    name="未注明联系方式",
    short="缺联系方式",
    suggestion="建议在引言中注明联系单位、地址和电话。",
)
@unified
def contact_is_told(report: Report) -> Verdicts:
    """报告注明了联系方式。

    电话、地址、邮编或“请与……联系”都算；正文里单说“联系”（如“联系群众”）不算。统一格式没有强制要求，只作提示。
    """
    edges = (*report.preamble, *report.section("s6").paragraphs[-_TAIL:], *report.signoff)
    loose = (p for p in edges if any(c.search(text.plain(p.text)) for c in (_TELEPHONE, _CONTACT_WORD)))
    sure = (p for p, _ in report.prose.having(_CONTACT))
    stated = next(chain(sure, loose), None)
    if stated:
        yield passed("preamble", stated)
    else:
        yield failed("引言和文末没有联系地址、电话等联系方式。", "preamble", expected="联系单位、地址、电话")


_DECLARED = re.compile(r"([三四五六七八九十\d](?<![第大几].)(?:(?<=\d)\d)?)个?大?(?:部分|方面)")
_ABOUT_PARTS = re.compile(r"报告|全文|年报")
# The form's own words for a section, and those that stand for them: most sentences have the former.
_SECTION_TITLES = [(text.bare(s.title), re.compile(f"{s.accepted}|{s.irregular}")) for s in form.SECTIONS]
# Section titles that a sentence must name before it counts as a list of the parts.
_A_LIST = 3


def _declared(passage: Passage) -> tuple[int, str] | None:
    """The number of parts that a passage of the introduction declares, and the sentence in plain form."""
    for sentence in text.plain(passage.text).split("。"):
        match = _DECLARED.search(sentence)
        if match and _ABOUT_PARTS.search(sentence):
            number = text.chinese_number(match[1]) or int(match[1])
            if number >= _A_LIST:
                return number, sentence
    return None


def _named(sentence: str) -> int:
    """How many of the six sections a sentence names."""
    words = text.bare(sentence)
    return sum(title in words or other.search(words) is not None for title, other in _SECTION_TITLES)


def _listed(sentence: str) -> set[int]:
    """The numbers of parts that a sentence may be said to list; empty if it lists none.

    行政复议、行政诉讼 is one part although 、 stands in it; a list may be divided by ；, by quotes or by 、.
    """
    named = _named(sentence)
    if named < _A_LIST:
        return set()
    whole = re.sub(r"行政复议[、和与及](提起|被提起)?行政诉讼", "行政复议行政诉讼", sentence)
    quoted = len(re.findall(r"“[^”]+”", whole))
    numbered = len(re.findall(r"(?:\([一二三四五六七八九十]\)|[一二三四五六七八九十]、|\d[.、])", whole))
    commas = max(clause.count("、") + 1 for clause in re.split(r"[,;:()]", whole))
    return {named, quoted, numbered, commas, whole.count(";") + 1} - {0, 1, 2}


@rule(
    "STR-24",
    Severity.INFO,
    basis=CONSISTENCY,
    name="申报部分数与实际不符",
    short="部分数不符",
    suggestion="引言所述部分数量与正文不一致，请核对。",
)
@unified
def declared_parts_are_there(report: Report) -> Verdicts:
    """引言所说的部分数，与所列部分和正文部分的数量一致。

    “行政复议、行政诉讼”是一个部分。因正文缺少部分而不一致的，由 STR-01…STR-06 指出，不再重复。
    """
    found = sum(s.found for s in report.sections)
    extra = sum(h.key is None and h.numeral is not None for h in report.headings)
    for passage in report.preamble:
        if not (declared := _declared(passage)):
            continue
        number, sentence = declared
        listed = _listed(sentence)
        if listed and number not in listed:
            named = _named(sentence)
            message = f"引言称有 {number} 个部分，所列为 {named} 个。"
            yield failed(message, "preamble", passage, expected=str(named), found=str(number))
        elif number not in (found, found + extra, len(form.SECTIONS)):
            message = f"引言称有 {number} 个部分，正文有 {found} 个。"
            yield failed(message, "preamble", passage, expected=str(found), found=str(number))
        else:
            yield passed("preamble", passage)
        return
    yield not_applicable("引言没有写明部分数量", "preamble")


_DATE_LINE = re.compile(
    r"20\d{2}年\d{1,2}月(\d{1,2}日)?|二[〇○零O0].{2}年.{1,3}月(.{1,3}日)?|20\d{2}[-./]\d{1,2}[-./]\d{1,2}"
)


@rule(
    "STR-25",
    Severity.INFO,
    basis=PRACTICE,
    name="落款缺失",
    short="缺落款",
    suggestion="建议在文末注明机关名称和成文日期。",
)
@unified
def report_is_signed(report: Report) -> Verdicts:
    """文末有机关名称和成文日期。

    网页发布通常不带落款，这条规则默认不启用，启用后也只作提示。
    """
    closing = [text.plain(p.text) for p in report.signoff]
    dated = any(_DATE_LINE.search(line) for line in closing)
    named = any(re.search(r"[\u4e00-\u9fff]{3,}", _DATE_LINE.sub("", line)) for line in closing)
    absent = [word for word, there in (("机关名称", named), ("成文日期", dated)) if not there]
    if absent:
        message = f"文末没有{'和'.join(absent)}。"
        yield failed(message, "signoff", *report.signoff, expected="机关名称和成文日期")
    else:
        yield passed("signoff", *report.signoff)
