"""A passage in plain form whose every character remembers where it was printed, cut into sentences and clauses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from gdcore import text
from gdcore.figure import Passage
from gdcore.record import record

# A page number between two lines of a sentence: its dashes or its words tell it from a number of the text.
_PAGE_NUMBER = re.compile(
    r"\n\s*(?:[-—–―－]+\s*\d{1,4}\s*[-—–―－]+|第\s*\d+\s*页(?:[,，]?\s*共\s*\d+\s*页)?)\s*(?=\n|$)"
)
# Runs of characters each of which stays one in plain form, else a single character.
_LETTERS = re.compile(rf"(?P<ordinary>[{text.ORDINARY}]+)|(?s:.)")
_SENTENCE = re.compile(r"[^。！!?？]+")
# A comma between digits groups thousands.
_CLAUSE_END = re.compile(r"[,;()](?:(?<!,)|(?<!\d,)|(?!\d{3}(?!\d)))")
BLANK = " "
# What ends sentences and clauses; a text of these alone has none.
MARKS = "。！!?？,;()"

# Words that only say of what kind a case is: 因政府信息公开工作引起的, 涉及依申请公开的.
_OPEN = r"(?:(?:政府|政务)?信息(?:依申请)?公开|依申请公开)"
_KIND_OF_CASE = re.compile(
    rf"(?:因|由于?|就|对|针对|涉及?|有关|关于|与)[^,;。()、\d]{{0,12}}?{_OPEN}[^,;。()\d]{{0,14}}?"
    r"(?:引起|引发|产生|导致|不服|相关|有关|发生|而)(?:的|而)?"
    rf"|(?:因|涉及?|有关|关于|针对|就|对|与)[^,;。()、\d]{{0,8}}?{_OPEN}(?:工作|申请|答复|行为|类|事项|案件|方面)*(?:的|而)?"
    r"(?=被|申请(?:行政)?复议|提[起出]|行政[复诉]|复议|诉讼)"
)
# Every such word names openness, and behind it what came of it.
_MAY_TELL_KIND = re.compile(
    r"(?:信息(?:依申请)?公开|依申请公开)(?:[^,;。()\d]{0,14}?(?:引起|引发|产生|导致|不服|相关|有关|发生|而)"
    r"|(?:工作|申请|答复|行为|类|事项|案件|方面)*(?:的|而)?(?:被|申请|提[起出]|行政[复诉]|复议|诉讼))"
)
# 公民、法人或者其他组织 is the law's word for anybody, no applicant type.
_ANYBODY = re.compile(r"公民[、和或]?(?:企业)?法人[、和或及与]者?其[他它](?:社会)?组织(?:提[出交起]|申请)?的?")
_TITLE = re.compile(r"《[^》]*》|〔[^〕]*〕")
_BRACKET = re.compile(r"\([^()]*\)")
# What makes the words in brackets a statement of their own.
_STATES = re.compile(r"\d|[一二两三四五六七八九十零]件|均|全部|都|未|没有|无|不含")


@record(frozen=True, slots=True)
class Clause:
    """A piece of a sentence between commas, semicolons and brackets."""

    start: int
    end: int


class Wording:
    """A text in plain form (NFKC, no white space, no page numbers), cut into sentences and clauses.

    `plain` and `masked` are equally long; in `masked`, titles, words on the kind of case and brackets that state
    nothing are blank, so that no pattern finds a subject in them.
    """

    def __init__(self, plain: str) -> None:
        self.plain = plain

    @property
    def masked(self) -> str:
        """The plain form with blanks for what no pattern should find a subject in."""
        return _masked(self.plain)

    @property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each sentence."""
        return _sentences(self.plain)

    def clauses(self, start: int, end: int) -> Iterator[Clause]:
        """The clauses of a stretch, in order."""
        left = start
        for mark in _CLAUSE_END.finditer(self.masked, start, end):
            first, last = mark.span()
            if first > left:
                yield Clause(left, first)
            left = last
        if end > left:
            yield Clause(left, end)


class Reading(Wording):
    """The wording of a passage, every character of which remembers where it was printed."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.plain, self._origins = _normalised(passage.text)

    def span(self, start: int, end: int) -> Passage:
        """The printed characters behind a stretch of `plain`."""
        return self.passage.part(self._origin(start), self._origin(end - 1) + 1)

    def _origin(self, at: int) -> int:
        """Where a character of `plain` was printed."""
        places, origins = self._origins
        run = bisect_right(places, at) - 1
        return origins[run] + at - places[run]


@lru_cache(maxsize=512)
def _normalised(printed: str) -> tuple[str, tuple[list[int], list[int]]]:
    """The plain form of a text; where in it each run of characters begins that are printed in a row, and where in the text."""
    pieces: list[str] = []
    places: list[int] = []
    origins: list[int] = []
    length = 0
    for start, end in _without_page_numbers(printed):
        for match in _LETTERS.finditer(printed, start, end):
            if match.lastgroup:
                plain, runs = text.narrow(match.group()), 1
            else:
                plain = text.plain(match.group())
                runs = len(plain)  # one character may become several, and none that is a blank
            pieces.append(plain)
            places += range(length, length + runs)
            origins += [match.start()] * runs
            length += len(plain)
    return "".join(pieces), (places, origins)


def _without_page_numbers(printed: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text between its page numbers."""
    start = 0
    if "\n" in printed:
        for number in _PAGE_NUMBER.finditer(printed):
            yield start, number.start()
            start = number.end()
    yield start, len(printed)


@lru_cache(maxsize=512)
def _sentences(plain: str) -> tuple[tuple[int, int], ...]:
    return tuple([m.span() for m in _SENTENCE.finditer(plain)])


@lru_cache(maxsize=512)
def _masked(plain: str) -> str:
    plain = _ANYBODY.sub(_blank, _TITLE.sub(_blank, plain))
    if _MAY_TELL_KIND.search(plain):
        plain = _KIND_OF_CASE.sub(_blank, plain)
    return _BRACKET.sub(lambda m: m.group() if _STATES.search(m.group()) else _blank(m), plain)


def _blank(match: re.Match[str]) -> str:
    return BLANK * len(match.group())
