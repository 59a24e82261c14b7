"""STR-16…18, 28: what sections 五 and 六 must say: problems, improvement, the information handling fee."""

from __future__ import annotations

import re

from gdcore import text
from gdcore.basis import FEE_RULES, FORM_2021, PRACTICE, REGULATION
from gdcore.catalogue import Verdicts, rule
from gdcore.profile import Profile
from gdcore.report import Part, Report, Section
from gdcore.rules.sections import heading_of, is_nothing, lacking, said, since_2021, unified, unusable
from gdcore.verdict import Severity, doubtful, failed, not_applicable, passed

# Characters that a half of 五 must have below its sub-heading to count as written.
HALF_CONTENT = 10

PROBLEM = re.compile(
    r"问题|不足|不够|有待|欠缺|薄弱|差距|短板|不强|滞后|单一|弱项|困难|难点|缺乏|缺少|有限|未能|偏少|较少|偏弱|较弱|亟[待需]"
    r"|不[高深多广畅实严清]|不(及时|到位|规范|全面|完善|健全|平衡|均衡|充分|丰富|明显|细致|熟悉)|仍需|还需|尚需|需要?(进一步|加强|提高|提升|改进|完善)"
)
DENIAL = re.compile(r"(不存在|没有|暂无|未发现|无)(任何|明显|突出|主要|重大|相关|其他|的)*问题")
IMPROVEMENT = re.compile(r"改进|整改|措施|下一步|下阶段|今后|针对|将|加强|完善|强化|健全|优化|加大|提升|提高")
# Words that announce measures even in the half that tells of problems.
ANNOUNCEMENT = re.compile(r"下一步|下阶段|今后|针对|整改|改进(?!的地方)|措施|(我[局街镇乡县市区委办]|本机关)将")
_CONCESSION = re.compile(r"但|虽|尽管|不过|然而")


def _half(section: Section, key: str) -> Part | None:
    """The half of 五 that stands under a sub-heading of its own."""
    part = section.part(key)
    return part if part and part.heading else None


def _without(section: Section, part: Part | None) -> str:
    """The body of a section without one of its parts."""
    own = {part.heading, *part.paragraphs} if part else set()
    return "\n".join(p.text for p in section.paragraphs if p not in own)


@rule(
    "STR-16",
    Severity.ERROR,
    basis=REGULATION.article("第五十条第四项"),
    name="未报告存在的主要问题",
    short="缺主要问题",
    suggestion="请如实分析本机关政府信息公开工作存在的主要问题。",
)
@unified
def problems_are_told(report: Report) -> Verdicts:
    """第五部分写明了存在的主要问题。

    有“主要问题”小标题和内容，或者正文出现不足、不够、有待、薄弱等字样，都算；只有改进部分顺带提到问题的，列为待核。写明
    “不存在问题”的由 TXT-18 判断，只写“无”的由 STR-23 判断。
    """
    if reason := unusable(report, "s5"):
        yield reason
        return
    section = report.section("s5")
    measures = _half(section, "m")
    if DENIAL.search(text.plain(section.text)):
        yield not_applicable("正文写明不存在问题，由 TXT-18 判断", "s5.p")
    elif PROBLEM.search(_without(section, measures)):
        yield passed("s5.p")
    elif measures and PROBLEM.search(measures.text):
        message = "没有“存在的主要问题”的内容，只在改进情况中提到。"
        yield doubtful(message, "s5.p", *section.paragraphs, expected="存在的主要问题")
    else:
        message = "第五部分没有写存在的主要问题。"
        yield lacking(report, "s5")(message, "s5.p", *section.paragraphs, expected="存在的主要问题")


@rule(
    "STR-17",
    Severity.ERROR,
    basis=REGULATION.article("第五十条第四项"),
    name="未报告改进情况",
    short="缺改进情况",
    suggestion="请补充针对问题的改进措施和落实情况。",
)
@unified
def improvement_is_told(report: Report) -> Verdicts:
    """第五部分写明了改进情况或改进措施。

    改进和问题哪一半在前都可以，写在一段里也可以（“针对上述问题，一是……”）。“有待加强”“需进一步完善”是问题，不是措施。第五部分
    缺失、为空或只写“无”时不再判断。
    """
    if reason := unusable(report, "s5"):
        yield reason
        return
    section = report.section("s5")
    problems, measures = _half(section, "p"), section.part("m")
    if measures and len(said(measures)) >= HALF_CONTENT:
        yield passed("s5.m", *measures.paragraphs)
    elif problems and ANNOUNCEMENT.search(_without_problem_words(problems.text)):
        yield passed("s5.m", *problems.paragraphs)
    elif IMPROVEMENT.search(_outside_problem_clauses(_without(section, problems))):
        yield passed("s5.m")
    elif DENIAL.search(text.plain(section.text)):
        yield not_applicable("正文写明不存在问题，由 TXT-18 判断", "s5.m")
    else:
        message = "第五部分没有写改进情况。"
        yield lacking(report, "s5")(message, "s5.m", *section.paragraphs, expected="改进情况")


def _without_problem_words(body: str) -> str:
    return re.sub(r"(需要?|有待|亟待)(进一步)?(改进|整改)", "", body)


def _outside_problem_clauses(body: str) -> str:
    """The clauses that tell no problem; a sentence with 但 that tells one is left out whole (虽然加强了……，但……不足)."""
    kept = []
    for _, sentence in text.sentences(body):
        if _CONCESSION.search(sentence) and PROBLEM.search(sentence):
            continue
        kept += [c for c in re.split(r"[，,、：:]", sentence) if re.search("针对", c) or not PROBLEM.search(c)]
    return "\n".join(kept)


_ENUMERATED = re.compile(r"([一二三四五六七八九十](?<![统唯之第万].)[一二三四五六七八九十]*)是")
_NUMBERED = re.compile(r"(?m)^\s*[（(]?([一二三四五六七八九十]+)[）)、]")
# Words that every report has in both halves and that show no common subject; each by its first character, which the
# search skips to.
_COMMON = re.compile(
    r"政府信息公开|政务公开|信息公开|主动公开|依申请公开|政府信息|政务信息|公开|工作|进一步|加强|加大|提高|提升|完善|问题|不够|不足|存在|有待|方面|情况|"
    + "|".join(f"{numeral}是" for numeral in "一二三四五六七八九十")
)
_WORDS = re.compile(r"[\u4e00-\u9fff]{2,}")


def _items(body: str) -> int:
    """How many items a list 一是……二是…… (or （一）……（二）……) has; 0 if there is no such list, or more than one."""
    for mark in (_ENUMERATED, _NUMBERED):
        numbers = [text.chinese_number(n) for n in mark.findall(body)]
        if len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)):
            return len(numbers)
    return 0


def _share_a_subject(left: str, right: str) -> bool:
    """Whether both texts have a pair of neighbouring characters that may be a noun of the matter."""
    one, other = _COMMON.sub(" ", left), _COMMON.sub(" ", right)
    runs = _WORDS.finditer(other)
    return any(other[at : at + 2] in one for run in runs for at in range(run.start(), run.end() - 1))


@rule(
    "STR-28",
    Severity.INFO,
    basis=PRACTICE,
    name="问题与改进措施不对应",
    short="措施不对应",
    suggestion="建议改进措施与所列问题逐条对应。",
)
@unified
def measures_answer_problems(report: Report) -> Verdicts:
    """逐条列出的改进措施与逐条列出的问题对应。

    只在两半都用“一是、二是”逐条列举时判断：条数不同，或两半没有任何共同的事项，作提示。
    """
    if reason := unusable(report, "s5"):
        yield reason
        return
    section = report.section("s5")
    problems, measures = section.part("p"), section.part("m")
    told = problems.text if problems else _without(section, measures)
    answered = measures.text if measures else ""
    there = _items(told)
    here = _items(answered) if there else 0
    if not here:
        yield not_applicable("问题和措施没有都逐条列举", "s5.m")
    elif there != here:
        message = f"列出问题 {there} 条，改进措施 {here} 条。"
        yield failed(message, "s5.m", *section.paragraphs, expected=f"{there} 条", found=f"{here} 条")
    elif not _share_a_subject(told, answered):
        yield failed("改进措施与所列问题没有共同的事项。", "s5.m", *section.paragraphs)
    else:
        yield passed("s5.m", *section.paragraphs)


_OTHER_FEES = re.compile(r"行政事业性?收费|涉企收费|收费(目录|清单|项目|标准)|(教育|停车|物业|水电|医疗)收费")
_FEE = re.compile(
    r"信息处理费|(未|无|没有|不)[^,。;]{0,10}收费|收费情况|收取[^,。;]{0,12}费"
    r"|(未|无|没有)[^,。;]{0,10}(收取|产生|发生)[^,。;]{0,10}费|信息公开[^,。;]{0,8}收费|收费[^,。;]{0,6}[0零无]|免收|申请[^。;]{0,20}免费"
)


def _tells_of_fee(body: str) -> bool:
    plain = text.plain(body)
    return ("费" in plain or "免收" in plain) and _FEE.search(_OTHER_FEES.sub("", plain)) is not None


@rule(
    "STR-18",
    Severity.WARNING,
    basis=FEE_RULES & FORM_2021.article("第六部分"),
    name="未报告信息处理费收取情况",
    short="缺收费说明",
    suggestion="请在“其他需要报告的事项”中说明本年度收取信息处理费情况（含发出收费通知件数、总金额和实际收取金额；未收取的也应说明）。",
)
@since_2021
def handling_fee_is_told(report: Report, profile: Profile) -> Verdicts:
    """第六部分说明了收取信息处理费的情况。

    “未收取费用”“未发生收费情况”都算；行政事业性收费是另一种收费。写在其他部分的只作提示；当地要求“没有则写无”而第六部分只写“无”的，
    也只作提示。表格中的“收费金额”“收费通知”不算。没有第六部分或该部分为空时不再判断。
    """
    if reason := unusable(report, "s6"):
        yield reason
        return
    section = report.section("s6")
    stated = [p for p in section.paragraphs if _tells_of_fee(p.text)]
    local_none = is_nothing(said(section)) and profile.enabled("REG-SD-01")
    wanted = "收取信息处理费的情况"
    if stated or _tells_of_fee(section.text.replace("\n", "")):
        yield passed("s6.fee", *stated)
    elif elsewhere := next((p for p in report.narrative if _tells_of_fee(p.text)), None):
        message = "信息处理费收取情况写在其他部分，应写在第六部分。"
        yield failed(
            message,
            "s6.fee",
            elsewhere,
            expected=wanted,
            found=text.collapse(elsewhere.text)[:60],
            severity=Severity.INFO,
        )
    elif local_none:
        message = "第六部分只写“无”，没有单独说明收取信息处理费的情况。"
        yield failed(message, "s6.fee", *section.paragraphs, expected=wanted, found="无", severity=Severity.INFO)
    else:
        yield lacking(report, "s6")(
            "第六部分没有说明收取信息处理费的情况。", "s6.fee", *heading_of(report, "s6"), expected=wanted
        )
