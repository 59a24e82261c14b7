"""STR-10…15, 22: the five aspects of section 一."""

from __future__ import annotations

import re
from itertools import zip_longest

from gdcore import form, text, wording
from gdcore.basis import FORM_2021, REGULATION
from gdcore.catalogue import Rule, Verdicts, rule
from gdcore.figure import Passage
from gdcore.form import AgencyType
from gdcore.report import Part, Report
from gdcore.rules.sections import heading_of, is_free_form, lacking, passages, said, unified, unusable, veiled
from gdcore.verdict import Severity, Verdict, doubtful, failed, not_applicable, not_evaluated, passed

# Characters below which the text under an aspect's heading is no content.
ASPECT_CONTENT = 10
# A sub-heading longer than this is a sentence that speaks for itself.
SPEAKING_HEADING = 30

_ASPECTS = {aspect.key: aspect for aspect in form.ASPECTS}
# The introduction of a report, where it stands inside 一, names every part and tells where to download: no content.
_ABOUT_THE_REPORT = re.compile(
    r"本(年度)?报告|本年报|编制.{0,40}(年度报告|年报)|全文(包括|由|分)|总体情况.{0,4}主动公开政府信息|报告.{0,20}(下载|查阅)|如[有对].{0,20}疑问"
)
# “未收到申请” says what there is to say of 依申请公开, in whatever words.
_MORE_KEYWORDS = {"a2": r"(收到|受理|办理|接到|答复)[^,。;]{0,12}申请"}
_ANSWERS_NONE = re.compile(r"(未|没有|无|0件|零).{0,6}(收到|接到|受理|申请)")


def _sentences(report: Report) -> list[tuple[Passage, str]]:
    """Each sentence of 一 in plain form with its paragraph, without those about the report itself."""
    paragraphs = report.section("s1").paragraphs
    every = ((p, text.plain(s)) for p in paragraphs for _, s in text.sentences(p.text))
    return [(p, s) for p, s in every if not _ABOUT_THE_REPORT.search(s)]


def _evidence(report: Report, aspect: form.Aspect) -> Passage | None:
    """What shows that an aspect is reported: its sub-heading, else a sentence with one of its keywords."""
    part = report.section("s1").part(aspect.key)
    if part:
        return passages(part)[0]
    pattern = "|".join(filter(None, (aspect.keywords, _MORE_KEYWORDS.get(aspect.key))))
    return next((p for p, s in _sentences(report) if re.search(pattern, s)), None)


def _aspect(report: Report, aspect: form.Aspect) -> Verdict:
    address = f"s1.{aspect.key}"
    if reason := unusable(report, "s1"):
        return reason
    if is_free_form(report):
        return not_applicable("全文是 2018 年及以前的自由格式，由 STR-27 指出", address)
    expected = wording.describe(address)
    evidence = _evidence(report, aspect)
    if evidence is None:
        message = f"“总体情况”没有“{aspect.name}”的小标题，也没有相关内容。"
        return lacking(report, "s1")(message, address, *heading_of(report, "s1"), expected=expected)
    if aspect.key == "a1" and _only_counts(report):
        message = "“总体情况”没有“主动公开”方面，只在正文中写了公开信息的数量。"
        return failed(message, address, evidence, expected=expected, severity=Severity.INFO)
    return passed(address, evidence)


def _aspect_rule(code: str, key: str, severity: Severity, short: str, keywords: str) -> Rule:
    aspect = _ASPECTS[key]

    def judge(report: Report) -> Verdicts:
        return (_aspect(report, aspect),)

    judge.__doc__ = (
        f"“总体情况”报告了“{aspect.name}”方面。\n\n"
        f"有这方面的小标题，或者正文出现{keywords}等字样，都算。没有“总体情况”部分、该部分为空或全文是旧式结构时不再判断。"
    )
    return rule(
        code,
        severity,
        basis=FORM_2021.article("第一部分"),
        name=f"总体情况缺少“{aspect.name}”",
        short=short,
        suggestion=f"请在“总体情况”中补充“{aspect.name}”方面的工作情况。",
    )(unified(judge))


def _only_counts(report: Report) -> bool:
    """Whether 主动公开 shows in 一 only through counts of published items."""
    titled = report.section("s1").part("a1") is not None
    words = _ASPECTS["a1"].titles
    return not titled and not any(re.search(words, s) for _, s in _sentences(report))


disclosure_is_told = _aspect_rule(
    "STR-10", "a1", Severity.ERROR, "缺主动公开", "“主动公开”“公开信息×条”（只有数量的作提示）"
)
requests_are_told = _aspect_rule("STR-11", "a2", Severity.ERROR, "缺依申请", "“依申请”“未收到申请”")
management_is_told = _aspect_rule(
    "STR-12", "a3", Severity.WARNING, "缺信息管理", "“先审查、后公开”“保密审查”“三审三校”“动态调整”“清理”"
)
platforms_are_told = _aspect_rule(
    "STR-13", "a4", Severity.WARNING, "缺平台建设", "“网站”“公众号”“专栏”“专区”“公报”“查阅点”"
)
safeguards_are_told = _aspect_rule(
    "STR-14", "a5", Severity.WARNING, "缺监督保障", "“监督”“考核”“培训”“评议”“责任追究”“领导小组”"
)


@rule(
    "STR-15",
    Severity.WARNING,
    basis=FORM_2021,
    name="总体情况某方面有标题无内容",
    short="方面无内容",
    suggestion="请补充该方面的具体内容，不能只有标题。",
)
@unified
def aspects_have_content(report: Report) -> Verdicts:
    """“总体情况”各方面的小标题下有具体内容。

    小标题之后不足 10 字的视为没有内容。“未收到申请”已经说明依申请公开情况；小标题本身是一句完整的话的，不要求另有内容；
    内容是图片的，不作判断。
    """
    parts = report.section("s1").parts
    for part, below in zip_longest(parts, parts[1:]):
        if part.heading is None:
            continue
        address, body = f"s1.{part.key}", said(part)
        if (
            len(body) >= ASPECT_CONTENT
            or _speaks_for_itself(part.heading, part.key, body)
            or _is_list_head(part, below)
        ):
            yield passed(address, part.heading)
        elif veiled(report, address):
            yield not_evaluated("该方面的内容是图片、附件或链接，未能识别", address)
        else:
            title = text.collapse(part.heading.text)
            says = f"只有“{part.text.strip()}”" if body else "没有内容"
            yield failed(
                f"小标题“{title}”之后{says}。",
                address,
                part.heading,
                *part.paragraphs,
                found=part.text.strip() or title,
            )


_FIRST_OF_LIST = re.compile(r"\s*([（(]?1[）)、.．]|①)")


def _is_list_head(part: Part, below: Part | None) -> bool:
    """Whether the next sub-heading is the first item of a list below this one's: （一）主动公开 / 1.政府网站公开。……"""
    inner = below is not None and below.heading is not None and _FIRST_OF_LIST.match(below.heading.text)
    return bool(inner) and part.heading is not None and not re.match(r"\s*[（(]?\d", part.heading.text)


def _speaks_for_itself(heading: Passage, key: str, body: str) -> bool:
    long = len(text.plain(heading.text)) > SPEAKING_HEADING
    return long or (key == "a2" and _ANSWERS_NONE.search(body) is not None)


_RESULTS = {
    "工作考核": r"考核|考评",
    "社会评议": r"评议|测评|满意度",
    "责任追究": r"责任追究|追究.{0,6}责任|追责|问责",
}
# What some places call their assessment: not the words of the regulation, yet not nothing either.
_NEARLY = re.compile(r"评估|绩效")
_SEVERITY_FOR = {AgencyType.GOVERNMENT: Severity.ERROR, AgencyType.TOWNSHIP: Severity.WARNING}


@rule(
    "STR-22",
    Severity.WARNING,
    basis=REGULATION.article("第五十条第四项") & FORM_2021.article("第一部分"),
    name="政府年报缺少工作考核、社会评议、责任追究结果",
    short="缺考核评议",
    suggestion="各级人民政府年报应报告工作考核、社会评议和责任追究结果情况，请补充。",
)
@unified
def governments_tell_of_assessment(report: Report) -> Verdicts:
    """各级人民政府的报告写明工作考核、社会评议和责任追究结果。

    只对人民政府（错误）和乡镇人民政府（警告）；街道办事处是派出机关，部门也无此要求。全文只要提到即可，“未发生责任追究”也算。
    三项全无为不符合；各地用语不同，缺一两项的，或者虽无这三种说法而写了“评估”“绩效”的，列为待核。
    """
    kind = report.identity.agency_type
    if kind is None:
        yield not_evaluated("未能确定单位类型，不知是否一级人民政府", "s1.a5")
        return
    if kind not in _SEVERITY_FOR:
        yield not_applicable(f"{form.AGENCY_TYPE_NAMES[kind]}不是一级人民政府", "s1.a5")
        return
    whole = report.prose.plain
    shown = {name: next((p for p, t in whole if re.search(words, t)), None) for name, words in _RESULTS.items()}
    absent = [name for name, passage in shown.items() if passage is None]
    if not absent:
        yield passed("s1.a5", *(p for p in shown.values() if p))
        return
    nothing = len(absent) == len(_RESULTS) and not any(_NEARLY.search(t) for _, t in whole)
    tell = failed if nothing and not veiled(report, "s1") else doubtful
    message = f"全文没有提到{'、'.join(absent)}。"
    evidence = heading_of(report, "s1")
    yield tell(message, "s1.a5", *evidence, expected="、".join(_RESULTS), severity=_SEVERITY_FOR[kind])
