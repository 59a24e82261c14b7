"""The level-1 headings of a report and the prose between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gdcore import form, text
from gdcore.document import Embedded
from gdcore.recognise.labels import remembered
from gdcore.recognise.prose import Line
from gdcore.report import Heading, Match

# A heading is a whole line of at most this many characters.
LONGEST_HEADING = 40
_NUMERALS = "一二三四五六七八九十"
_STYLES = (
    ("chinese", re.compile(rf"([{_NUMERALS}]+)\s*[、.．,，:：]\s*")),
    ("part", re.compile(rf"第([{_NUMERALS}]+)部分\s*[、.．:：]?\s*")),
    ("bracket", re.compile(rf"[（(]\s*([{_NUMERALS}]+)\s*[)）]\s*")),
    ("arabic", re.compile(r"(\d{1,2})\s*[、.．]\s*(?!\d)")),
    ("lost", re.compile(r"()[、.．]\s*")),
    ("none", re.compile(r"()")),
)
_MARKED = re.compile(rf"[{_NUMERALS}第（(\d、.．]")  # what a line in any style but the last begins with
_LONG_STYLES = _STYLES[:2]  # with these alone a heading may have its text glued to it
_INSIDE = re.compile(r"[。；;]")  # what stands between sentences and in no heading
_TABLE_ROWS = frozenset(form.label_core(r.label) for r in (*form.T3_2021.rows, *form.T3_2019.rows)) | frozenset(
    form.label_core(g) for g in form.T3_GROUPS.values()
)
_BEFORE = re.compile(r"引言|编制说明|前言|目录|说明|编者按")
_OLD_STYLE = re.compile(
    r"概述|(政府信息)?(公开)?.{0,4}(收费及减免|费用)(的)?情况|.{0,4}咨询(处理|情况).{0,6}|.{0,8}机构(建设|人员|设置).{0,8}"
    r"|主动公开(政府信息)?(的)?情况|依申请公开.{0,8}情况|.{0,6}复议.{0,10}诉讼.{0,8}|.{0,6}问题.{0,10}|附表|附件|.{0,10}统计表|附录"
)


@dataclass(slots=True)
class Stretch:
    """A heading (None before the first one) and what follows it up to the next."""

    heading: Heading | None
    lines: list[Line] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: int
    style: str
    numeral: int | None
    title: str
    key: str | None
    match: Match | None
    rest: int | None = None  # offset at which the text glued to the heading begins


# Each section's title in one pattern: the group that matched names the section.
_ACCEPTED = re.compile("|".join(f"(?P<{s.key}>{s.accepted})" for s in form.SECTIONS))
_IRREGULAR = re.compile("|".join(f"(?P<{s.key}>{s.irregular})" for s in form.SECTIONS))
_TITLES = tuple((s.key, text.bare(s.title)) for s in form.SECTIONS)


@remembered
def title_match(title: str) -> tuple[str, Match] | None:
    """The section that a bare title names, and how: accepted, known deviation, or a slip of one or two characters."""
    if named := _ACCEPTED.fullmatch(title):
        return str(named.lastgroup), Match.EXACT
    if named := _IRREGULAR.fullmatch(title):
        return str(named.lastgroup), Match.ALIAS
    if len(title) < 5:
        return None
    edits, nearest = min((text.distance(title, bare), key) for key, bare in _TITLES)
    return (nearest, Match.TYPO) if edits <= 2 and edits * 3 <= len(title) else None


def is_heading(printed: str) -> bool:
    """Whether a cell's text is a numbered heading of the six in an accepted wording, and nothing else."""
    mark = _STYLES[0][1].match(printed.strip())
    named = title_match(text.bare(printed.strip()[mark.end() :])) if mark else None
    return named is not None and named[1] is Match.EXACT


def candidates(items: Sequence[Line | Embedded]) -> list[_Candidate]:
    """Every line that may be a level-1 heading, in any numbering style."""
    found = []
    for index, item in enumerate(items):
        if isinstance(item, Line) and (candidate := _candidate(index, item)):
            found.append(candidate)
    return found


def _candidate(index: int, line: Line) -> _Candidate | None:
    long = len(line.text) > LONGEST_HEADING
    for style, mark in _styles(line.text, long):
        match = mark.match(line.text)
        if not match:
            continue
        body = line.text[match.end() :]
        numeral = _numeral(match.group(1))
        if long or _INSIDE.search(body.rstrip("。；;、")):
            return _glued(index, style, numeral, body, match.end()) if style in ("chinese", "part") else None
        title = text.bare(body)
        if title in _TABLE_ROWS or not title:
            return None
        named = title_match(title)
        numbered = style in ("chinese", "part")
        if named is None and numbered and (glued := _glued(index, style, numeral, body, match.end())):
            return glued
        if named is None and (not numbered or re.search(r"[。；：:，,]\s*$", body) or len(title) > 25):
            return None
        if style == "none" and not (named and named[1] is Match.EXACT):
            return None
        return _Candidate(index, style, numeral, title, *(named or (None, None)))
    return None


def _styles(printed: str, long: bool) -> Sequence[tuple[str, re.Pattern[str]]]:
    """The styles in which a line may be numbered."""
    if not _MARKED.match(printed):
        return () if long else _STYLES[-1:]
    return _LONG_STYLES if long else _STYLES


def _numeral(mark: str) -> int | None:
    if not mark:
        return None
    return int(mark) if mark.isdigit() else text.chinese_number(mark)


def _glued(index: int, style: str, numeral: int | None, body: str, offset: int) -> _Candidate | None:
    """A heading whose text goes on in the same line: “一、总体情况 （一）主动公开情况。2024年…”."""
    for cut in re.finditer(r"[\s（(。：:]", body[:LONGEST_HEADING]):
        title = text.bare(body[: cut.start()])
        named = title_match(title) if title else None
        if named and named[1] is Match.EXACT and numeral is not None:
            rest = offset + cut.start() + (1 if cut.group() in "。：: " else 0)
            return _Candidate(index, style, numeral, title, *named, rest=rest)
    return None


def headings(items: Sequence[Line | Embedded]) -> list[_Candidate]:
    """The candidates that are level-1 headings: no table of contents, no sub-heading in a heading's words."""
    found = _without_contents(candidates(items))
    brackets = {c.key for c in found if c.style == "bracket" and c.match is Match.EXACT}
    chinese = {c.key for c in found if c.style in ("chinese", "part", "lost", "none")}
    all_bracketed = len(brackets) == len(form.SECTIONS) and not chinese & brackets
    best: dict[str, int] = {}
    for c in found:
        if c.key is not None and c.match is not None:
            best[c.key] = min(best.get(c.key, 9), _grade(c))
    level_one: list[_Candidate] = []
    last = 0
    for c in found:
        if c.style == "bracket" and not all_bracketed:
            continue
        if c.style == "arabic" and (c.match is not Match.EXACT or _grade(c) > best[c.key or ""]):
            continue
        if c.key is not None and _grade(c) > best[c.key]:
            continue
        if c.key is None and not _is_extra(c, last, level_one, found):
            continue
        level_one.append(c)
        last = c.numeral or last + 1
    return level_one


def _grade(candidate: _Candidate) -> int:
    """0 for the best kind of match of a section's title; a numbered heading beats one without a number."""
    order = {Match.EXACT: 0, Match.TYPO: 2, Match.ALIAS: 4}
    return order.get(candidate.match or Match.ALIAS, 6) + (candidate.style in ("none", "arabic"))


def _is_extra(candidate: _Candidate, last: int, before: Sequence[_Candidate], found: Sequence[_Candidate]) -> bool:
    """Whether a heading that is none of the six is on their level: its number goes on from theirs, or it is of the old style."""
    if _BEFORE.search(candidate.title):
        return False
    if candidate.numeral is not None and candidate.numeral == last + 1:
        within = before[-1].key if before else None
        follows = next(
            (c for c in found if c.line > candidate.line and c.key is not None and c.numeral is not None), None
        )
        skipped = follows is not None and follows.numeral is not None and follows.numeral <= candidate.numeral
        return not (within in ("s1_overview", "s5_problems") and skipped and last == 1)
    return bool(_OLD_STYLE.fullmatch(candidate.title)) and candidate.numeral is not None and candidate.numeral > last


def _without_contents(found: list[_Candidate]) -> list[_Candidate]:
    """`found` without a table of contents: headings line upon line that all come again later."""
    position = 0
    while position < len(found):
        end = position
        keys = {found[position].key}
        while end + 1 < len(found) and found[end + 1].line - found[end].line == 1 and found[end + 1].key not in keys:
            end += 1
            keys.add(found[end].key)
        run = found[position : end + 1]
        later = {c.key for c in found[end + 1 :] if c.key}
        if len(run) >= 4 and all(c.key in later for c in run if c.key):
            return found[:position] + _without_contents(found[end + 1 :])
        position = end + 1
    return found


_INLINE = re.compile(rf"[。；）)]\s*(?=[{_NUMERALS}]、)")


def unglued(items: Sequence[Line | Embedded]) -> list[Line | Embedded]:
    """`items` with the lines cut in which one of the six headings begins behind a full stop."""
    result: list[Line | Embedded] = []
    for item in items:
        cuts = [0]
        if isinstance(item, Line) and len(item.text) > LONGEST_HEADING:
            cuts += [m.end() for m in _INLINE.finditer(item.text) if _names_section(item.text[m.end() :])]
        if isinstance(item, Line) and len(cuts) > 1:
            result += [item.cut(start, end) for start, end in pairwise([*cuts, len(item.text)])]
        else:
            result.append(item)
    return result


def _names_section(rest: str) -> bool:
    """Whether a text opens with a numbered heading of the six in an accepted wording, and goes on."""
    mark = _STYLES[0][1].match(rest)
    return mark is not None and _glued(0, "chinese", _numeral(mark[1]), rest[mark.end() :], mark.end()) is not None


def stretches(items: Sequence[Line | Embedded], tables: Sequence[tuple[int, str]]) -> list[Stretch]:
    """The document cut at its level-1 headings; `tables` are (block, table key), told to the stretch they stand in."""
    marks = {c.line: c for c in headings(items)}
    result = [Stretch(None)]
    pending = sorted(tables)
    for index, item in enumerate(items):
        if isinstance(item, Line):
            while pending and pending[0][0] < item.block:
                result[-1].tables.add(pending.pop(0)[1])
        mark = marks.get(index)
        if mark is not None and isinstance(item, Line):
            short = form.SECTION_BY_KEY[mark.key].short if mark.key else "sections"
            head = item if mark.rest is None else item.cut(0, mark.rest)
            result.append(Stretch(Heading(mark.key, head.at(short), mark.numeral, mark.match)))
            if mark.rest is not None:
                result[-1].lines.append(item.cut(mark.rest))
        elif isinstance(item, Line):
            result[-1].lines.append(item)
        else:
            result[-1].embedded.append(item)
    for _, key in pending:
        result[-1].tables.add(key)
    return result
