"""STR-01…09, 23, 26: the six sections, their headings, order and content."""

from __future__ import annotations

import re
from itertools import pairwise

from gdcore import form, text
from gdcore.basis import FORM_2021, REGULATION
from gdcore.catalogue import Rule, Verdicts, rule
from gdcore.figure import Passage
from gdcore.finding import prose_address
from gdcore.report import Heading, Match, Report, Section
from gdcore.rules.sections import heading_of, is_hollow, leads, said, unified, veiled
from gdcore.verdict import (
    Severity,
    Verdict,
    doubtful,
    failed,
    not_applicable,
    not_evaluated,
    passed,
)

NUMERALS = "〇一二三四五六七八九十"
TABLE_OF = {section: table for table, section in form.TABLE_SECTIONS.items()}


# --- STR-01…06: the six sections ------------------------------------------------------------------------------------


def _before_veiled(report: Report, section: Section) -> bool:
    """Whether an image or attachment stands in the nearest section before, where this one may continue."""
    before = [s for s in report.sections if s.found and s.short < section.short]
    return veiled(report, before[-1].short if before else "report")


def _within_another(report: Report, section: Section) -> Passage | None:
    """The sub-heading of another section that carries this one's title.

    Only for 五 and 六: the titles of 二 and 三 are sub-headings of 一 in every report.
    """
    if section.short not in ("s5", "s6"):
        return None
    known = form.SECTION_BY_KEY[section.key]
    others = (p for s in report.sections if s.short != "s1" for p in s.paragraphs)
    return next((p for p, lead in leads(others) if re.fullmatch(f"{known.accepted}|{known.irregular}", lead)), None)


def _within_a_line(report: Report, section: Section) -> Passage | None:
    """A paragraph in whose middle this section's heading may stand: ……12月31日。 一、总体情况 2023年，……

    In a list of the parts a mark follows the title.
    """
    known = form.SECTION_BY_KEY[section.key]
    heading = re.compile(rf"[。\s]{known.numeral}[、.．]\s*{known.title}(?!\s*[；;、，,。及和”])")
    return next((p for p in report.narrative if heading.search(p.text)), None)


def _absence(report: Report, section: Section) -> Verdict:
    known = form.SECTION_BY_KEY[section.key]
    table = report.table(TABLE_OF[section.key]) if section.key in TABLE_OF else None
    message = f"全文没有找到“{known.heading}”部分。"
    if table is not None:
        message = f"没有“{known.heading}”的标题，{form.TABLE_NAMES[table.key]}另在文中出现。"
        return failed(message, section.short, expected=known.heading, severity=Severity.WARNING)
    if line := _within_a_line(report, section):
        message = f"没有单独成行的标题“{known.heading}”，可能与其他文字写在了一行。"
        return doubtful(message, section.short, line, expected=known.heading)
    if _before_veiled(report, section):
        return doubtful(f"{message}前一部分有图片、附件或链接，可能在其中。", section.short, expected=known.heading)
    return failed(message, section.short, expected=known.heading)


def _presence(report: Report, key: str) -> Verdict:
    section = report.section(key)
    if section.found:
        return passed(key, *heading_of(report, key))
    if inside := _within_another(report, section):
        return passed(key, inside)
    return _absence(report, section)


def _section_rule(code: str, key: str, short: str, silent: str = "") -> Rule:
    known = form.SECTION_BY_SHORT[key]

    def judge(report: Report) -> Verdicts:
        return (_presence(report, key),)

    judge.__doc__ = f"报告设有“{known.heading}”部分。\n\n标题的通行写法都算。{silent}2018 年度及以前的报告不适用。"
    return rule(
        code,
        Severity.ERROR,
        basis=REGULATION.article("第五十条") & FORM_2021,
        name=f"缺少“{known.title}”部分",
        short=short,
        suggestion=f"请按统一格式补充“{known.heading}”部分。",
    )(unified(judge))


_LOOSE_BODY = "只缺标题而正文在的，由 STR-07 指出。"
_LOOSE_TABLE = "表格在文中其他位置的，只作警告。"
overview_is_there = _section_rule("STR-01", "s1", "缺第一部分", _LOOSE_BODY)
proactive_is_there = _section_rule("STR-02", "s2", "缺第二部分", _LOOSE_TABLE)
requests_are_there = _section_rule("STR-03", "s3", "缺第三部分", _LOOSE_TABLE)
disputes_are_there = _section_rule("STR-04", "s4", "缺第四部分", _LOOSE_TABLE)
problems_are_there = _section_rule("STR-05", "s5", "缺第五部分", "标题写在其他部分之内的，由 STR-07 指出。")
other_matters_are_there = _section_rule("STR-06", "s6", "缺第六部分", "标题写在其他部分之内的，由 STR-07 指出。")


# --- STR-07…09: order, numbers, titles ------------------------------------------------------------------------------


def _own_headings(report: Report) -> list[Heading]:
    """The heading of each section found, in the order read."""
    return [h for h in report.headings if h.key and report.section(h.key).heading == h]


@rule(
    "STR-07",
    Severity.WARNING,
    basis=FORM_2021,
    name="章节顺序错误或标题层级混乱",
    short="章节错序",
    suggestion="请按统一格式的六个部分顺序调整章节，并使用“一、……六、”编号。",
)
@unified
def sections_stand_in_order(report: Report) -> Verdicts:
    """六个部分按统一格式的顺序排列，各有自己的一级标题。

    引言中列举的各部分名称和目录不算标题。某部分有正文而没有标题，或标题降为其他部分的下级标题，在这里指出；
    标题与前后文字连写在一行的，不算没有标题。
    """
    headings = _own_headings(report)
    order = [form.SECTION_BY_KEY[h.key].short for h in headings if h.key]
    moved = [b.passage for a, b in pairwise(headings) if a.key and b.key and b.key < a.key]
    if moved:
        names = [form.SECTION_BY_SHORT[short].title for short in order]
        should = "、".join(form.SECTION_BY_SHORT[short].title for short in sorted(order))
        message = f"各部分依次为：{'；'.join(names)}，与统一格式的顺序不同。"
        yield failed(message, "sections", *moved, expected=should, found="、".join(names))
    elif headings:
        yield passed("sections", *(h.passage for h in headings))
    for section in report.sections:
        known = form.SECTION_BY_KEY[section.key]
        inside = None if section.found else _within_another(report, section)
        if inside:
            message = f"“{known.title}”写成了其他部分的下级标题，应为一级标题“{known.heading}”。"
            yield failed(message, section.short, inside, expected=known.heading, found=inside.text[:40])
        elif section.found and section.heading is None and (line := _within_a_line(report, section)):
            yield passed(section.short, line)
        elif section.found and section.heading is None:
            message = f"有“{known.title}”的内容，没有一级标题“{known.heading}”。"
            yield failed(message, section.short, *section.paragraphs[:1], expected=known.heading)


def _is_run(numerals: list[int | None], absent: set[int]) -> bool:
    """Whether numerals count up one by one; None stands for one without number, numbers of absent sections may lack."""
    last = 0
    for number in numerals:
        here = last + 1 if number is None else number
        if here <= last or not absent.issuperset(range(last + 1, here)):
            return False
        last = here
    return True


@rule(
    "STR-08",
    Severity.WARNING,
    basis=FORM_2021,
    name="章节编号重复、跳号",
    short="编号跳重",
    suggestion="章节编号有重复或跳号，请核对并改正。",
)
@unified
def numerals_count_up(report: Report) -> Verdicts:
    """一级标题的编号从一开始依次递增，不重复、不跳号、不倒退。

    表三的“一、……四、”是表格的行，不算标题；“七、”等多余部分由 STR-26 指出。整个部分缺失造成的跳号、整个部分错位造成的
    倒退已由 STR-01…STR-07 指出，不再重复。所有标题都没有编号的，只作提示。
    """
    mapped = [h for h in report.headings if h.key]
    numbered = [h for h in report.headings if h.key or h.numeral]
    if not mapped:
        yield not_applicable("没有识别到一级标题", "sections")
    elif all(h.numeral is None for h in mapped):
        message = "一级标题都没有编号，统一格式使用“一、……六、”。"
        evidence = [h.passage for h in mapped]
        yield failed(message, "sections", *evidence, expected="一、……六、", severity=Severity.INFO)
    else:
        absent = {n for n, s in enumerate(report.sections, 1) if s.heading is None}
        own = [n for n, s in enumerate(report.sections, 1) for h in mapped if h == s.heading and h.numeral == n]
        runs = any(_is_run([h.numeral for h in hs], absent) for hs in (mapped, numbered))
        printed = "、".join(_numeral(h) for h in numbered)
        evidence = [h.passage for h in numbered]
        if runs or len(own) == len(mapped):
            yield passed("sections", *evidence)
        else:
            yield failed(f"一级标题的编号依次为：{printed}。", "sections", *evidence, found=printed)


def _numeral(heading: Heading) -> str:
    number = heading.numeral
    return "（无编号）" if number is None else NUMERALS[number] if number < len(NUMERALS) else str(number)


@rule(
    "STR-09",
    Severity.INFO,
    basis=FORM_2021,
    name="章节标题不规范",
    short="标题不规范",
    suggestion="建议将标题统一为“{template}”。",
)
@unified
def titles_are_the_forms(report: Report) -> Verdicts:
    """各部分标题使用统一格式的名称或通行写法。

    空格、标点和编号写法不论。标题缺“申请”“行政诉讼”“改进”等关键词的，作警告；“整改”与“改进”同样看待。
    """
    for section in report.sections:
        heading = section.heading
        if heading is None:
            continue
        known = form.SECTION_BY_KEY[section.key]
        if heading.match not in (Match.ALIAS, Match.TYPO):
            yield passed(section.short, heading.passage)
            continue
        word = form.SECTION_KEYWORDS.get(section.key)
        lost = bool(word) and not re.search(word or "", text.bare(heading.passage.text))
        printed = text.collapse(heading.passage.text)
        yield failed(
            f"标题为“{printed}”，统一格式为“{known.heading}”。",
            section.short,
            heading.passage,
            expected=known.heading,
            found=printed,
            severity=Severity.WARNING if lost else Severity.INFO,
            values={"template": known.heading},
        )


# --- STR-23, 26: what the headings hold -----------------------------------------------------------------------------


@rule(
    "STR-23",
    Severity.ERROR,
    basis=REGULATION.article("第五十条"),
    name="章节内容为空",
    short="部分无内容",
    suggestion="该部分内容为空，请补充。",
)
@unified
def sections_have_content(report: Report) -> Verdicts:
    """第一、五、六部分的标题下有实质内容。

    第一、五部分不足 20 字或只写“无”的，视为没有内容；第六部分只写“无”的不在此列（见 STR-18）。第二至四部分的表格由 TAB-01
    判断。内容是图片或附件的，不作判断。
    """
    for key in ("s1", "s5", "s6"):
        section = report.section(key)
        if not section.found:
            continue
        body = said(section)
        empty = not body if key == "s6" else is_hollow(section)
        if not empty:
            yield passed(key)
        elif veiled(report, key):
            yield not_evaluated("该部分内容是图片、附件或链接，未能识别", key)
        else:
            title = form.SECTION_BY_SHORT[key].title
            says = f"只写了“{section.text.strip()}”" if body else "标题下没有内容"
            tell = doubtful if _followed_by_stranger(report, section) else failed
            yield tell(f"“{title}”部分{says}。", key, *heading_of(report, key), *section.paragraphs, found=body or None)


def _followed_by_stranger(report: Report, section: Section) -> bool:
    """Whether the next level-1 heading is none of the six: then the body may be what stands under that."""
    return any(a == section.heading and b.key is None for a, b in pairwise(report.headings))


_APPENDIX = re.compile(r"^附|附件|附表|附录|统计表|^注")
_FRONT_MATTER = re.compile(r"引言|前言|编制说明|说明|目录|年度报告")


@rule(
    "STR-26",
    Severity.WARNING,
    basis=FORM_2021,
    name="存在统一格式以外的一级标题",
    short="多余部分",
    suggestion="统一格式只设六个部分，请将该内容并入相应部分。",
)
@unified
def only_six_sections(report: Report) -> Verdicts:
    """一级标题只有统一格式的六个部分。

    附件、附表的标题只作提示；“一、”之前的引言、编制说明不算。没有编号、又与有编号的标题并列的短行，不能确定是一级标题，不作判断。
    """
    seen_section = False
    any_numeral = any(h.numeral for h in report.headings if h.key)
    for heading in report.headings:
        seen_section = seen_section or heading.key is not None
        title = form.label_core(heading.passage.text)
        appendix = _APPENDIX.search(title) is not None
        front = not seen_section and _FRONT_MATTER.search(title)
        if heading.key or front or (heading.numeral is None and any_numeral and not appendix):
            continue
        printed = text.collapse(heading.passage.text)
        yield failed(
            f"一级标题“{printed}”不在统一格式的六个部分之内。",
            prose_address("sections", heading.passage.text),
            heading.passage,
            found=printed,
            severity=Severity.INFO if appendix else Severity.WARNING,
        )
    if seen_section:
        yield passed("sections")
