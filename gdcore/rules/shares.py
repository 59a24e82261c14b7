"""SUM-15: shares told in prose, recomputed where the sentence itself names the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gdcore import text
from gdcore.basis import CONSISTENCY
from gdcore.catalogue import rule
from gdcore.figure import Passage
from gdcore.finding import prose_address
from gdcore.report import Section
from gdcore.verdict import Severity, Verdict, failed, passed

_UNIT = "[件条宗例起份次篇个期场项人]"
_NUMBER = r"(?<!\d)\d{1,15}(?:,\d{3}){0,5}"  # what is longer counts nothing
_COUNT = re.compile(rf"(?P<rough>[约近超逾])?(?P<number>{_NUMBER})(?P<more>[余多])?(?P<unit>{_UNIT})")
# The part, at most one short word of what it is, and its share; a whole that is not named by a general word (占全市…)
# is another quantity than the one in the sentence.
_SHARE = re.compile(
    rf"(?P<number>{_NUMBER})(?P<unit>{_UNIT})[^\d，。；、,;()%]{{0,6}}[，,(]?"
    r"占(?P<whole>(?:收到|受理|收件|申请|公开)*(?:信息|件)*(?:总数|总量|总件数|全部申请|数量|比)?(?:的|为|达)?)"
    r"(?P<percent>\d{1,15}(?P<places>\.\d{1,15})?)%"
)
_SENTENCE = re.compile(r"[^。！？!?\n]+")
# A difference or last year's number is no whole.
_NO_WHOLE = re.compile(r"[增减降升]|[多少]于?$|同比|环比|[较比][上去]|上年|上一年|去年|往年")

_TOTAL = re.compile(r"共|总|累计|合计")


@dataclass(frozen=True, slots=True)
class _Share:
    """A part and its share (per cent) as a sentence tells them, with the only whole that the sentence names."""

    part: int
    whole: int
    percent: Decimal
    unit: str
    quote: Passage

    @property
    def computed(self) -> Decimal:
        """The share that part and whole make, in per cent."""
        return Decimal(100 * self.part) / Decimal(self.whole)

    @property
    def holds(self) -> bool:
        """Whether the share is right to one unit of its last printed place: rounding and truncation both pass."""
        places = -int(self.percent.as_tuple().exponent)
        return abs(self.computed - self.percent) <= Decimal(10) ** -places


@rule(
    "SUM-15",
    Severity.WARNING,
    basis=CONSISTENCY,
    name="百分比计算错误",
    short="占比有误",
    suggestion="占比计算有误，请核对。",
)
def shares_are_right(sections: tuple[Section, ...]) -> Iterator[Verdict]:
    """正文“X件，占Y%”的占比与同一句所说的总数相符。

    只在同一句话写明总数、且只有一个数可能是总数时核算；四舍五入和截尾都算对（允许末位相差一个单位）。
    占全市、全区的比重，以及“约”“余”之类的概数不作判断。
    """
    for section in sections:
        for passage in section.paragraphs:
            for share in _shares(passage):
                yield _judge(passage, share)


def _judge(passage: Passage, share: _Share) -> Verdict:
    quote = text.collapse(share.quote.text)
    address = prose_address(passage.address, quote)
    if share.holds:
        return passed(address, share.quote)
    places = max(-int(share.percent.as_tuple().exponent), 1)
    right = f"{share.computed:.{places}f}%"
    message = f"“{quote}”：{share.part} {share.unit}占 {share.whole} {share.unit}的 {right}，文中写为 {share.percent}%"
    return failed(message, address, share.quote, expected=right, found=quote)


def _shares(passage: Passage) -> Iterator[_Share]:
    if "占" not in text.plain(passage.text):
        return
    for sentence in _SENTENCE.finditer(passage.text):
        plain, offsets = _plain(sentence)
        matches = list(_SHARE.finditer(plain))
        counts = list(_COUNT.finditer(plain)) if matches else []
        parts = {m.start("number") for m in matches}
        rough = {count.start("number") for count in counts if count["rough"]}
        told = [_Told.of(count, plain) for count in counts if count.start("number") not in parts]
        for match in matches:
            whole = None if match.start("number") in rough else _whole(plain, match, told)
            if whole:
                quote = passage.part(offsets[match.start()], offsets[match.end() - 1] + 1)
                share = _Share(_number(match["number"]), whole, Decimal(match["percent"]), match["unit"], quote)
                if share.holds or not _of_a_part(share, matches):
                    yield share


def _of_a_part(share: _Share, told: list[re.Match[str]]) -> bool:
    """Whether the share is right of a part that the sentence tells (其中公文40条，占40%，规范性文件10条，占公文的25%)."""
    parts = {_number(m["number"]) for m in told if m["unit"] == share.unit} - {0}
    return any(replace(share, whole=part).holds for part in parts)


def _plain(sentence: re.Match[str]) -> tuple[str, list[int]]:
    """A sentence in plain form, with the offset in the passage of each of its characters."""
    pairs = [(c, sentence.start() + n) for n, printed in enumerate(sentence.group()) for c in text.plain(printed)]
    return "".join(c for c, _ in pairs), [offset for _, offset in pairs]


@dataclass(frozen=True, slots=True)
class _Told:
    """A number of the sentence that is no part: whether its clause calls it a whole, and whether it is surely none."""

    start: int
    end: int
    unit: str
    value: int
    called: bool
    doubtful: bool

    @classmethod
    def of(cls, count: re.Match[str], plain: str) -> _Told:
        """What the count says in its clause."""
        clause = plain[max(plain.rfind(mark, 0, count.start()) for mark in "，。；、,;(") + 1 : count.start()]
        doubtful = bool(count["rough"] or count["more"] or _NO_WHOLE.search(clause))
        value, called = _number(count["number"]), _TOTAL.search(clause) is not None
        return cls(count.start(), count.end(), count["unit"], value, called, doubtful)


def _whole(plain: str, share: re.Match[str], told: Sequence[_Told]) -> int | None:
    """The only number of the sentence that can be the whole: same unit, told before, not less, itself no part.

    None as soon as another number leaves doubt: a rough one, one told later, a difference, last year's, or one that
    nothing calls the whole (网站60条，微信40条，占40%).
    """
    start, part = share.start(), _number(share["number"])
    if plain.find("结转", 0, start) >= 0:
        return None  # what came in and what was carried over make the whole together
    candidates: set[int] = set()
    for count in told:
        if count.unit == share["unit"] and count.value >= part:
            called = count.called or plain.find("其中", count.end, start) >= 0
            if count.doubtful or not called or count.start > start:
                return None
            candidates.add(count.value)
    return candidates.pop() if len(candidates) == 1 else None


def _number(printed: str) -> int:
    return int(printed.replace(",", ""))
