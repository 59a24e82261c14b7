"""What stands inside the sections of prose: the aspects of 一, the halves of 五, the items of 六."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gdcore import form, text
from gdcore.document import Format
from gdcore.recognise.labels import remembered
from gdcore.recognise.prose import Line, continues, glued
from gdcore.report import Heading, Part, Remark, RemarkKind, Section

_SUB = re.compile(
    r"\s*([（(]\s*[一二三四五六七八九十\d]*\s*[)）]|\d{1,2}[、.．](?!\d)|[一二三四五六七八九十]+[、.．])\s*(?:是\s*)?"
)
_STOP = re.compile(r"[。：:]|(?<=[\u4e00-\u9fff]{3})\s+(?=20\d\d\s*年|我[局镇县市区]|[\u4e00-\u9fff]{20})")
_TURN = re.compile(r"\s*(下一步|下步|今后|针对|为此|改进|20\d{2}年[，,]?我?.{0,8}将)")
# A sub-heading is at most this long, in characters; behind it a full stop, a colon, a space or the line's end.
LONGEST_SUB_HEADING = 50
_TITLES = {a.key: re.compile(a.titles) for a in form.ASPECTS}
_ASPECTS = tuple((key, _TITLES[key]) for key in ("a2", "a1", "a4", "a3", "a5"))  # in the order in which they are tried
_PROBLEMS = re.compile(r"问题|不足|困难|短板")
_MEASURES = re.compile(r"改进|整改|措施|下一步|下步|打算|举措|努力方向|今后|工作计划")
_ITEMS = (
    ("fee", re.compile(r"信息处理费|收费")),
    ("priorities", re.compile(r"工作要点")),
    ("proposals", re.compile(r"建议|提案")),
    ("innovation", re.compile(r"创新")),
    ("data_notes", re.compile(r"数据统计")),
    ("own_matters", re.compile(r"认为需要报告")),
    ("required_matters", re.compile(r"其他有关文件|文件(专门)?要求")),
)


@dataclass(slots=True)
class _Draft:
    key: str
    heading: Line | None = None
    lines: list[Line] = field(default_factory=list)


@remembered
def aspect_of(title: str) -> str | None:
    """The aspect of section 一 that a sub-heading names."""
    bare = text.bare(title)
    return next((key for key, titles in _ASPECTS if titles.search(bare)), None)


@remembered
def half_of(title: str) -> str | None:
    """The half of section 五 that a sub-heading names: p, m; None for one that names neither, or both."""
    problems, measures = _PROBLEMS.search(title), _MEASURES.search(title)
    if problems and measures:
        return (
            "m"
            if re.search(r"(改进|整改|解决)(情况|措施|落实)", title) and re.search(r"上年|上一年|去年|20\d{2}年", title)
            else None
        )
    return "p" if problems else "m" if measures else None


@remembered
def item_of(title: str) -> str | None:
    """The item of section 六 that a sub-heading names, by Shandong's seven; None for another."""
    return next((key for key, pattern in _ITEMS if pattern.search(title)), None)


_NAMERS: dict[str, Callable[[str], str | None]] = {"s1": aspect_of, "s5": half_of, "s6": item_of}


def sub_heading(line: Line) -> tuple[str, int] | None:
    """(title without number, offset at which the text behind it begins) of a numbered sub-heading, run-in or alone."""
    mark = _SUB.match(line.text)
    if not mark:
        return None
    body = line.text[mark.end() :]
    stop = _STOP.search(body)
    end = stop.start() if stop else len(body)
    if end == 0 or end > LONGEST_SUB_HEADING or (end > 30 and re.search(r"[，；]", body[:end])):
        return None
    return body[:end], mark.end() + (stop.end() if stop else len(body))


def build(
    key: str, lines: Sequence[Line], format: Format, title: Heading | None = None
) -> tuple[Section, list[Remark]]:
    """The section under its title with its parts; remarks tell the lines that were broken and have been joined."""
    short = form.SECTION_BY_KEY[key].short
    whole, broken = _join(lines)
    drafts = _divide(short, whole)
    parts, passages = [], []
    for draft in drafts:
        address = f"{short}.{draft.key}" if draft.key else short
        paragraphs = tuple(line.at(address) for line in draft.lines)
        if draft.key:
            heading = draft.heading.at(address) if draft.heading else None
            parts.append(Part(draft.key, heading, paragraphs))
            passages += [heading] if heading else []
        passages += paragraphs
    section = Section(key, True, title, tuple(passages), tuple(parts))
    remarks = [_broken_remark(first, second, section) for first, second in broken] if format is not Format.PDF else []
    return section, remarks


def _broken_remark(first: Line, second: Line, section: Section) -> Remark:
    """Both halves of a broken line, addressed by the part they stand in."""
    wanted = first.anchors[-1]
    home = next(
        (
            p.address
            for p in section.paragraphs
            if any(a.block == wanted.block and a.span and _touch(a.span, wanted.span) for a in p.anchors)
        ),
        section.short,
    )
    anchors = (first.at(home).anchors[-1], second.at(home).anchors[0])
    return Remark(RemarkKind.BROKEN_LINE, home, anchors, f"{first.text[-12:]}⏎{second.text[:12]}")


def _touch(left: tuple[int, int], right: tuple[int, int] | None) -> bool:
    return right is None or (left[0] < right[1] and right[0] < left[1])


def _join(lines: Sequence[Line]) -> tuple[list[Line], list[tuple[Line, Line]]]:
    """The lines with broken ones joined, and the pairs that were joined."""
    whole: list[Line] = []
    broken = []
    for line in lines:
        if whole and continues(whole[-1], line, _alone):
            broken.append((whole[-1], line))
            whole[-1] = glued(whole[-1], line)
        else:
            whole.append(line)
    return whole, broken


def _alone(line: Line) -> bool:
    sub = sub_heading(line)
    return sub is not None and sub[1] >= len(line.text)


def _divide(short: str, lines: Sequence[Line]) -> list[_Draft]:
    """Drafts of the parts in order; a draft with key "" is text in no part."""
    drafts = [_Draft("")]
    namer = _NAMERS.get(short)
    count = 0
    for line in lines:
        sub = sub_heading(line) if namer else None
        key = _name(short, namer, sub, count, drafts) if sub and namer else None
        if key is not None and sub is not None:
            count += 1
            drafts.append(_Draft(key, line.cut(0, sub[1])))
            if sub[1] < len(line.text) and (rest := line.cut(sub[1])).text:
                drafts[-1].lines.append(rest)
        elif short == "s5" and _turns(line, drafts):
            drafts.append(_Draft("m", None, [line]))
        else:
            drafts[-1].lines.append(line)
    return [d for d in drafts if d.key or d.lines]


def _name(
    short: str, namer: Callable[[str], str | None], sub: tuple[str, int], count: int, drafts: Sequence[_Draft]
) -> str | None:
    key = namer(sub[0])
    taken = {d.key for d in drafts}
    if short == "s6":
        return key if key and key not in taken else f"i{count + 1}"
    return key if key not in taken else None


def _turns(line: Line, drafts: Sequence[_Draft]) -> bool:
    """Whether a paragraph of 五 turns from the problems to the measures without a sub-heading."""
    if any(d.key == "m" for d in drafts):
        return False
    return _TURN.match(line.text) is not None and any(d.lines for d in drafts)
