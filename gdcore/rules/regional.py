"""REG-SD-01…08: the seven items that Shandong asks for in section 六."""

from __future__ import annotations

import re

from gdcore import text, wording
from gdcore.basis import SHANDONG
from gdcore.catalogue import Rule, Verdicts, rule
from gdcore.figure import Passage
from gdcore.report import Report, Section
from gdcore.rules.sections import heading_of, is_nothing, lacking, passages, said, since_2021, unusable
from gdcore.rules.structure import NUMERALS
from gdcore.verdict import Severity, Verdict, doubtful, failed, not_applicable, passed


def _item(section: Section, key: str, pattern: str) -> tuple[Passage, ...]:
    """The text of an item: of its part, else of the paragraphs that name it; () where it is not there at all."""
    part = section.part(key)
    if part:
        return passages(part)
    named = tuple(p for p in section.paragraphs if re.search(pattern, text.bare(p.text)))
    return named or (section.paragraphs if re.search(pattern, text.bare(section.text)) else ())


def _presence(report: Report, number: int, key: str, pattern: str, title: str) -> Verdict:
    address = f"s6.{key}"
    if reason := unusable(report, "s6"):
        return reason
    section = report.section("s6")
    evidence = _item(section, key, pattern)
    part = section.part(key)
    if not evidence:
        message = f"第六部分没有第（{NUMERALS[number]}）项“{title}”。"
        return lacking(report, "s6")(message, address, *heading_of(report, "s6"), expected=title)
    if key == "priorities" and part and is_nothing(said(part)):
        message = f"“{title}”只写“无”，通知没有免除的应当说明落实情况。"
        return doubtful(message, address, *evidence, expected=title, found=said(part))
    return passed(address, *evidence)


def _item_rule(number: int, severity: Severity, key: str, pattern: str, title: str, short: str) -> Rule:
    def judge(report: Report) -> Verdicts:
        return (_presence(report, number, key, pattern, title),)

    allowed = {"priorities": "通知没有免除的，只写“无”列为待核。"}.get(key, "写“无”也算。")
    judge.__doc__ = f"第六部分有“{title}”一项。\n\n标题或正文写到即可，编号的写法不论。{allowed}没有第六部分或该部分为空时不再判断。"
    return rule(
        f"REG-SD-0{number}",
        severity,
        basis=SHANDONG,
        name=f"第六部分缺少“{title}”",
        short=short,
        suggestion=f"请在第六部分补充“{title}”，没有的请写“无”。",
    )(since_2021(judge))


fee_is_an_item = _item_rule(1, Severity.WARNING, "fee", r"信息处理费", "收取信息处理费情况", "缺收费情况")
priorities_are_an_item = _item_rule(
    2, Severity.WARNING, "priorities", r"工作要点", "落实上级年度政务公开工作要点情况", "缺工作要点"
)
proposals_are_an_item = _item_rule(
    3, Severity.WARNING, "proposals", r"建议|提案", "人大代表建议和政协提案办理结果公开情况", "缺建议提案"
)
innovation_is_an_item = _item_rule(4, Severity.WARNING, "innovation", r"创新", "年度政务公开工作创新情况", "缺工作创新")
data_notes_are_an_item = _item_rule(
    5, Severity.INFO, "data_notes", r"数据统计.{0,6}需要说明", "年度报告数据统计需要说明的事项", "缺数据说明"
)
own_matters_are_an_item = _item_rule(
    6,
    Severity.INFO,
    "own_matters",
    r"认为(应当|应该|需要|需)?(予以)?报告的?其[他它](事项|情况)|其[他它](需要)?报告的?事项",
    "本行政机关认为需要报告的其他事项",
    "缺自报事项",
)
required_matters_are_an_item = _item_rule(
    7,
    Severity.INFO,
    "required_matters",
    r"其[他它]有关文件",
    "其他有关文件专门要求通过年报予以报告的事项",
    "缺专项事项",
)

# What looks like a number in 建议提案 and counts nothing: shares, years, the numbers that bills carry.
_NO_COUNT = re.compile(r"\d+(\.\d+)?%|百分之.{1,4}|(20)?\d{2}年度?|第[\d、号至—-]+号")
_COUNT = re.compile(r"\d|[一二两三四五六七八九十百]+余?(件|条|份)")
_PROPOSALS = re.compile(r"人大|政协|提案|代表")
_NONE = re.compile(r"无|未|没有|零件|不涉及")


@rule(
    "REG-SD-08",
    Severity.INFO,
    basis=SHANDONG,
    name="建议提案只写办结率未写件数",
    short="提案无件数",
    suggestion="请注明承办建议、提案件数和公开情况。",
)
@since_2021
def proposals_are_counted(report: Report) -> Verdicts:
    """人大代表建议和政协提案一项写明承办件数。

    只写“办结率100%”不算件数；写“无”“未承办”的不必有件数。没有这一项的由 REG-SD-03 判断。
    """
    evidence = _item(report.section("s6"), "proposals", r"建议|提案")
    part = report.section("s6").part("proposals")
    whole = text.plain("".join(p.text for p in evidence))
    body = said(part) if part else whole
    if not _PROPOSALS.search(whole):
        yield not_applicable("第六部分没有人大代表建议、政协提案一项", "s6.proposals")
    elif _COUNT.search(_NO_COUNT.sub("", body)) or _NONE.search(body):
        yield passed("s6.proposals", *evidence)
    else:
        message = f"{wording.describe('s6.proposals')}：没有写承办件数。"
        yield failed(message, "s6.proposals", *evidence, expected="建议×件、提案×件", found=text.collapse(body)[:60])
