"""QUA-11, 12, 20: layout that hurts reading: broken lines, mixed punctuation and spacing, paragraphs printed twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gdcore import text
from gdcore.basis import PRACTICE, PUNCTUATION_STANDARD
from gdcore.catalogue import Verdicts, rule
from gdcore.figure import Passage
from gdcore.finding import prose_address
from gdcore.report import Remark, RemarkKind, Report
from gdcore.verdict import Severity, failed, not_evaluated, passed

# Passages shown as evidence of one habit.
SHOWN = 5
# Characters quoted of a repeated paragraph.
SHOWN_CHARACTERS = 40


# So many breaks after lines of one width (± these characters) are the width of a page, not slips.
WRAPPED_BREAKS, WRAPPED_SPREAD = 4, 4


def _is_wrapped(broken: Sequence[Remark]) -> bool:
    """Whether the text is broken at one width throughout."""
    spans = [r.anchors[0].span for r in broken if r.anchors]
    widths = [last - first for first, last in filter(None, spans)]
    return len(widths) >= WRAPPED_BREAKS and max(widths) - min(widths) <= WRAPPED_SPREAD


@rule(
    "QUA-11",
    Severity.INFO,
    basis=PRACTICE,
    name="异常断行",
    short="异常断行",
    suggestion="存在异常断行，请合并为一段。",
)
def sentences_are_unbroken(report: Report) -> Verdicts:
    """句子和标题不在中间断行。

    独占一行的小标题、列举项、表格行不算；PDF 的换行和全文按同一宽度折行的文本不算。
    """
    broken = report.remarks_of(RemarkKind.BROKEN_LINE)
    if _is_wrapped(broken):
        broken = ()
    for remark in broken:
        yield failed(f"断行处：{remark.text.replace('⏎', ' ⏎ ')}", remark.address, *remark.anchors, found=remark.text)
    if not broken:
        yield passed()


_MARK = re.compile(r"\s*([（(])\s*(?:([一二三四五六七八九十]+)|\d{1,2})\s*([）)])")
_SPACED_YEAR = re.compile(r"20\d{2}[ \u00a0\u3000]+年")
_TIGHT_YEAR = re.compile(r"20\d{2}年")
_HALF_COMMA = re.compile(r"[\u4e00-\u9fff”》）][,;](?=[\u4e00-\u9fff“《（])")
_FULL_COMMA = re.compile(r"[\u4e00-\u9fff”》）][，；]")
# Their spaces are the machine's, not the author's.
_SPACES_UNSURE = ("pdf", "ofd", "image")


def _mixed_brackets(prose: Iterable[Passage]) -> list[Passage]:
    """Numbered paragraphs whose brackets differ from those of others on the same level: the rarer width."""
    levels: dict[bool, dict[str, list[Passage]]] = {}
    for passage in prose:
        if mark := _MARK.match(passage.text):
            width = "half" if "(" in mark[1] or ")" in mark[3] else "full"
            levels.setdefault(bool(mark[2]), {}).setdefault(width, []).append(passage)
    mixed = [widths for widths in levels.values() if len(widths) > 1]
    return [p for widths in mixed for p in min(widths.values(), key=len)]


def _mixed_spacing(report: Report, prose: Iterable[Passage]) -> list[Passage]:
    """Passages with years in the rarer spacing; none where all are alike."""
    if report.format in _SPACES_UNSURE:
        return []
    spaced = [p for p in prose if _SPACED_YEAR.search(p.text)]
    tight = [p for p in prose if _TIGHT_YEAR.search(p.text)] if spaced else []
    return min(spaced, tight, key=len)


@rule(
    "QUA-12",
    Severity.INFO,
    basis=PUNCTUATION_STANDARD,
    name="标点括号全半角混用、空格不一",
    short="标点混用",
    suggestion="请统一标点和括号格式。",
)
def punctuation_is_uniform(report: Report) -> Verdicts:
    """标点、括号和空格的写法前后一致，中文语句使用全角标点。

    只看表格以外的文字，全文合为一条：同级编号的括号、年份前后的空格、中文之间的逗号和分号。PDF 中数字两旁的空格是排版所致，不作
    判断；由图像识别出来的文字不作判断。
    """
    if report.format == "image":
        yield not_evaluated("文字由图像识别而来，标点和空格不可靠")
        return
    headings = [h.passage for h in report.headings]
    prose = [*headings, *report.preamble, *(p for s in report.sections for p in s.paragraphs)]
    whole = report.lines.whole
    brackets = _mixed_brackets(prose) if "(" in whole or ")" in whole else []
    spacing = _mixed_spacing(report, prose) if _SPACED_YEAR.search(whole) else []
    commas = [p for p in prose if _HALF_COMMA.search(p.text)] if _HALF_COMMA.search(whole) else []
    habits = []
    if brackets:
        habits.append("同级编号的全角、半角括号混用")
    if spacing:
        habits.append("“2023 年”与“2023年”两种空格写法混用")
    if commas:
        full = any(_FULL_COMMA.search(p.text) for p in prose)
        habits.append("全角、半角逗号分号混用" if full else "中文语句使用半角逗号、分号")
    if habits:
        evidence = [*brackets[:SHOWN], *spacing[:SHOWN], *commas[:SHOWN]]
        yield failed("；".join(habits) + "。", "report", *evidence)
    else:
        yield passed()


# Characters in plain form from which a repeated paragraph is no matter of form; across sections a statement on the tables
# may well be made twice.
REPEATED, REPEATED_ELSEWHERE = 30, 60


@rule(
    "QUA-20",
    Severity.WARNING,
    basis=PRACTICE,
    name="段落重复",
    short="段落重复",
    suggestion="存在重复段落，请删除。",
)
def paragraphs_stand_once(report: Report) -> Verdicts:
    """同一段文字不重复出现。

    只看表格以外 30 字以上、完全相同的段落；在不同部分各写一遍的，60 字以上才算。标题、表格标签、整页重复打印的不算。
    """
    seen: dict[str, Passage] = {}
    faults = []
    prose = [*report.preamble, *(p for s in report.sections for p in s.paragraphs), *report.beyond]
    for passage in prose:
        body = text.plain(passage.text)
        if len(body) < REPEATED:
            continue
        first = seen.setdefault(body, passage)
        same_part = first.address.partition(".")[0] == passage.address.partition(".")[0]
        if first is not passage and (same_part or len(body) >= REPEATED_ELSEWHERE):
            message = f"这一段出现了两次：“{text.collapse(passage.text)[:SHOWN_CHARACTERS]}……”"
            where = prose_address(passage.address, passage.text)
            faults.append(failed(message, where, first, passage, found=passage.text))
    yield from faults or [passed()]
