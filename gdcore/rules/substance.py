"""QUA-06…10, 21: whether 一 and 五 say enough, not too much, with figures, and of the agency itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gdcore import text
from gdcore.basis import FORM_2021, GANSU, PRACTICE
from gdcore.catalogue import Verdicts, rule
from gdcore.figure import Passage
from gdcore.form import AgencyType
from gdcore.profile import Profile
from gdcore.report import RemarkKind, Report
from gdcore.rules.sections import heading_of, unified, unusable, veiled
from gdcore.verdict import Severity, Verdict, failed, not_applicable, not_evaluated, passed

# Basis, period and contacts: the preamble, where a report prints it inside 一.
_PREAMBLE = re.compile(
    r"编制(了?本|此)报告|编制本年度报告|统计期限|统计时限|如对本(年度)?报告|联系电话[:：]|邮政编码[:：]|邮编[:：]"
)


def _said(report: Report, key: str) -> str:
    """The sentences of a section in plain form, without a preamble's, and those under headings that the form does not have.

    A report that numbers its aspects like sections (二、主动公开工作, 三、依申请公开工作) has part of 一 there.
    """
    section = report.section(key)
    plainly = text.plain if not _PREAMBLE.search(section.text) else _own_words
    own = (plainly(p.text) for p in section.paragraphs)
    return "".join((*own, *(text.plain(p.text) for p in report.beyond)))


def _own_words(paragraph: str) -> str:
    """A paragraph in plain form without the sentences of a preamble: most have none and need not be taken apart."""
    pieces = text.sentences(paragraph) if _PREAMBLE.search(paragraph) else ((0, paragraph),)
    return "".join(text.plain(piece) for _, piece in pieces if not _PREAMBLE.search(piece))


def _unjudged(report: Report, key: str) -> Verdict | None:
    """Why what a section lacks cannot be held against it: it may stand in an image, an attachment or a table there."""
    if veiled(report, key) or any(r.address == key for r in report.remarks_of(RemarkKind.OTHER_TABLE)):
        return not_evaluated("该部分有图片、附件、链接或其他表格，其中的内容未能识别", key)
    return None


def _too_short(report: Report, key: str, least: float, info_from: float) -> Iterator[Verdict]:
    """A fail where a section has fewer than `least` characters; info from `info_from`."""
    length = len(_said(report, key))
    if report.section(key).found and length >= least:
        yield passed(key)
        return
    if reason := unusable(report, key) or _unjudged(report, key):
        yield reason
        return
    name = {"s1": "总体情况", "s5": "存在的主要问题及改进情况"}[key]
    yield failed(
        f"“{name}”共 {length} 字，少于 {least:g} 字。",
        key,
        *heading_of(report, key),
        *report.section(key).paragraphs,
        expected=f"不少于{least:g}字",
        found=f"{length}字",
        severity=Severity.INFO if length >= info_from else None,
    )


@rule(
    "QUA-06",
    Severity.WARNING,
    basis=PRACTICE,
    name="总体情况过于简略",
    short="总体过简",
    suggestion="“总体情况”过于简略，请补充各方面工作和数据。",
)
@unified
def overview_is_long_enough(report: Report, profile: Profile) -> Verdicts:
    """“总体情况”写得不过于简略。

    默认不少于 300 字（适用方案可改），写在其中的编制依据、统计期限、联系方式不计；150 至 299 字（阈值的一半以上）为提示。没有这一部分或内容
    为空的另行指出；有图片、附件的不作判断。
    """
    least = profile.thresholds["s1_min"]
    yield from _too_short(report, "s1", least, least / 2)


@rule(
    "QUA-07",
    Severity.INFO,
    basis=GANSU,
    name="总体情况过长",
    short="总体过长",
    suggestion="请精简“总体情况”。",
)
@unified
def overview_is_not_too_long(report: Report, profile: Profile) -> Verdicts:
    """“总体情况”不超过规定的篇幅。

    默认不启用；启用后不超过 3000 字（适用方案可改）。汇总全区域情况的县级以上政府报告不适用。
    """
    if report.identity.agency_type is AgencyType.GOVERNMENT:
        yield not_applicable("政府的报告汇总全区域情况，篇幅不作要求", "s1")
        return
    if reason := unusable(report, "s1"):
        yield reason
        return
    most, length = profile.thresholds["s1_max"], len(_said(report, "s1"))
    if length <= most:
        yield passed("s1")
        return
    message = f"“总体情况”共 {length} 字，超过 {most:g} 字。"
    yield failed(message, "s1", *heading_of(report, "s1"), expected=f"不超过{most:g}字", found=f"{length}字")


# --- QUA-08 ---------------------------------------------------------------------------------------------------------

_FIGURE = r"(?:\d[\d,.]*(?:[万千百]|余|多)*|[零一二两三四五六七八九十百千万]+[余多]?|数[十百千])"
# What is published is counted in these, in digits or words: 1136条, 18万余条, 四十余条, 百余篇.
_COUNTED = re.compile(rf"{_FIGURE}(?:条|件|篇|期|则|份|幅|册|部|款|批|项|例|个|次|场|类|张)")
# Outside 主动公开 only a count of what was published counts, not of what was taken down, asked or answered.
_PUBLISHED = re.compile(
    r"(?:公开|发布|更新|推送|转发|上传|编发|刊发|公示)"
    rf"(?:(?!清理|撤下|归并|申请|整改|错|留言|意见|建议|提案|投诉|问题)[^。;]){{0,40}}?{_FIGURE}(?:条|篇|则|期)"
)
# Counts nothing that is published: 第三项, 一项、一系列, 三个方面, and what was decided.
_NOT_COUNTED = re.compile(
    r"第[零一二三四五六七八九十百\d()]+[条项个次批期款类]|(?<![\d十百千万])一[个批项次类条张部份]"
    r"|[两三四五六七八][个项类](?=方面|维度|层面|坚持|环节|要求|原则)|行政(?:许可|处罚|强制)[^,。、;\d]{0,12}\d+[件条项宗起]"
)
_NONE = re.compile(r"(?:未|没有|无|暂无)[^。,;]{0,12}(?:公开|发布|制发|产生|信息)")


@rule(
    "QUA-08",
    Severity.WARNING,
    basis=GANSU,
    name="缺少量化数据",
    short="缺量化数据",
    suggestion="请补充主动公开数量等数据。",
)
@unified
def publication_is_counted(report: Report) -> Verdicts:
    """“总体情况”写明主动公开了多少信息。

    看主动公开一段有没有数量，没有时再看“总体情况”其他地方有没有公开、发布的数量；“余条”“四十余条”都算，写明没有主动公开信息的也算。有图
    片、附件或其他表格的不作判断。
    """
    if reason := unusable(report, "s1"):
        yield reason
        return
    part = report.section("s1").part("a1")
    told = _NOT_COUNTED.sub("", text.plain(part.text)) if part else ""
    if _COUNTED.search(told) or _NONE.search(told) or _PUBLISHED.search(_NOT_COUNTED.sub("", _said(report, "s1"))):
        yield passed("s1.a1")
    elif reason := _unjudged(report, "s1"):
        yield reason
    else:
        evidence = part.paragraphs if part else report.section("s1").paragraphs
        yield failed("“总体情况”没有主动公开信息的数量。", "s1.a1", *evidence, expected="主动公开政府信息×条")


# --- QUA-09, 10 -----------------------------------------------------------------------------------------------------

# Where the problems end and the plans begin.
_PLANS = re.compile(
    r"下一步|针对(?:上述|以上|存在|这些)|今后|下阶段|下步|改进(?:措施|情况|方向|举措)|整改(?:措施|情况)|20\d{2}年,?[^。,]{0,10}将|将(?:重点|着力|切实|从|进一步|继续|认真)"
)
# Characters quoted of problems that say nothing.
SHOWN_CHARACTERS = 60
# What leads up to the problems and names none.
_OPENING = re.compile(
    r"取得|成绩|成效|对照|相比|差距|虽然|尽管|但是?[也还仍]?存在|主要(?:表现|体现|问题|是)|(?:存在|有)(?:的|着)?(?:以下|一些|一定|不少)?(?:主要|突出)?(?:问题|不足|薄弱环节)|如下|以下|离[^,]{0,20}(?:要求|期望|期待)"
)
_ENUMERATOR = re.compile(
    r"^(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．]|第?[一二三四五六七八九十][是、,]|[①-⑳]|首先|其次|再次|最后|主要(?:表现|体现)(?:在|为)?|表现(?:在|为))[:,]?"
)
_CLAUSE = re.compile(r"[^,。;、:!?]+")
# One of these in 五 is the agency's own: a number, a name in quotation marks or brackets, a platform.
_OWN = re.compile(
    r"\d|[“‘《]|公众号|微信|微博|抖音|快手|客户端|小程序|APP|app|头条|融媒|[一两三四五六七八九十]+[名个次条件处场](?!方面)"
)


def _problems(report: Report) -> tuple[tuple[Passage, ...], str]:
    """The half of 五 that names the problems, as evidence and in plain form; ("", "") where the halves cannot be told."""
    section = report.section("s5")
    part = section.part("p")
    passages = part.paragraphs if part else section.paragraphs
    body = text.plain("\n".join(p.text for p in passages))
    plans = None if part else _PLANS.search(body)
    named = body[: plans.start()] if plans else body
    return (passages, text.years_out(named)) if part or plans else ((), "")


def _is_boilerplate(problems: str, words: re.Pattern[str]) -> bool:
    """Whether every clause that names a problem consists of the dictionary's words."""
    clauses = [_ENUMERATOR.sub("", c) for c in _CLAUSE.findall(problems)]
    named = [c for c in clauses if c and not _OPENING.search(c)]
    return bool(named) and all(words.sub("", c) == "" for c in named)


@rule(
    "QUA-09",
    Severity.INFO,
    basis=PRACTICE,
    name="问题部分空泛套话",
    short="问题空泛",
    suggestion="存在问题较为笼统，请结合本单位实际具体分析。",
)
@unified
def problems_are_its_own(report: Report, profile: Profile) -> Verdicts:
    """存在的问题不全是各单位通用的套话。

    每一句问题都只由词典中的通用词语组成，且第五部分没有一个数字、平台、名称时才提示；有一处具体内容就不算。分不清问题与改进两部分的不作判断。
    """
    if reason := unusable(report, "s5"):
        yield reason
        return
    words = profile.lexicon.boilerplate.pattern
    evidence, problems = _problems(report)
    if words is None or not problems:
        yield not_applicable("没有词典，或问题与改进措施未能分开", "s5.p")
        return
    whole = text.years_out(text.plain("\n".join(p.text for p in report.section("s5").paragraphs)))
    clauses = (clause for clause in _CLAUSE.findall(whole) if _OWN.search(clause))
    own = any(_OWN.search(_ENUMERATOR.sub("", clause)) for clause in clauses)
    if own or not _is_boilerplate(problems, words):
        yield passed("s5.p")
    else:
        yield failed(
            "存在的问题都是通用说法，没有写到本单位的具体情况。", "s5.p", *evidence, found=problems[:SHOWN_CHARACTERS]
        )


@rule(
    "QUA-10",
    Severity.WARNING,
    basis=PRACTICE,
    name="问题部分过短",
    short="问题过短",
    suggestion="请补充存在问题和改进措施。",
)
@unified
def problems_are_long_enough(report: Report, profile: Profile) -> Verdicts:
    """“存在的主要问题及改进情况”写得不过短。

    默认不少于 80 字（适用方案可改）。没有这一部分、内容为空、缺少一半的另行指出；有图片、附件的不作判断。
    """
    least = profile.thresholds["s5_min"]
    yield from _too_short(report, "s5", least, least)


# --- QUA-21 ---------------------------------------------------------------------------------------------------------

# More than this share (0…1) of the sentences on other matters, of at least so many sentences.
IRRELEVANT, ENOUGH_SENTENCES = 0.6, 5
# Characters below which a sentence is a heading.
SHORTEST_SENTENCE = 10


@rule(
    "QUA-21",
    Severity.INFO,
    basis=FORM_2021,
    name="与政府信息公开无关内容过多",
    short="无关内容",
    suggestion="请突出政府信息公开工作，删减无关内容。",
)
@unified
def overview_keeps_to_its_subject(report: Report, profile: Profile) -> Verdicts:
    """“总体情况”写的是政府信息公开工作，不泛化。

    六成以上的句子不含词典中与公开有关的词时提示；不足 5 句的不作判断。默认不启用。
    """
    if reason := unusable(report, "s1"):
        yield reason
        return
    words = profile.lexicon.publicity.pattern
    spoken = [s for _, s in text.sentences(_said(report, "s1")) if len(s) >= SHORTEST_SENTENCE]
    if words is None or len(spoken) < ENOUGH_SENTENCES:
        yield not_applicable("“总体情况”句子太少，不作判断", "s1")
        return
    strange = [s for s in spoken if not words.search(s)]
    if len(strange) <= IRRELEVANT * len(spoken):
        yield passed("s1")
        return
    message = f"“总体情况”共 {len(spoken)} 句，其中 {len(strange)} 句没有写到政府信息公开。"
    yield failed(message, "s1", *report.section("s1").paragraphs, found=strange[0])
