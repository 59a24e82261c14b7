"""What prose says of a quantity beside last year's: 较上年增加6件, 同比下降25%, 与上年持平."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from gdcore.claims.model import Claim, Polarity, Scope
from gdcore.claims.reading import Reading
from gdcore.figure import Passage
from gdcore.text import plain

_BASE = re.compile(
    r"(?:[较比与同和](?:上一?年度?|去年|前一年|(?P<year>20\d\d)年度?)(?:同期|全年)?(?:相比)?|同比(?:去年|上年)?),?(?:同比)?"
)
# Between a base and its change; 基本 and the like make the change approximate.
_FILLER = re.compile(
    r"(?:[,:]|总体上?|共计?|净|略有?|有所|大幅|明显|小幅|也|均|数量|总数|件数|(?P<rough>基本|大致|大体|大约|约))*"
)
_CHANGE = re.compile(
    r"(?:(?P<up>增[加长多]|上升|提[高升]|多|增幅|升幅|增长率|增)|(?P<down>减少|下降|降低|下滑|回落|少|降幅|减|降))(?:了|为|达到?)?"
    r"(?P<rough>约|近|超过?|逾|将近|接近)?(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?P<more>[余多])?"
    r"(?P<unit>%|件|条|宗|例|份|次|项|个(?!百分点))(?P<about>左右|以上)?(?![点次])|(?P<level>持平|相同|一致)"
)
# Between one change and the next: 减少5件,下降25%; 增加6件(增幅30%).
_NEXT = re.compile(r"[,、;(]?(?:同比|即|且)?")
_QUICK = re.compile(r"[较比与同和](?:上一?年|去年|前一年|20\d\d年|(?<=同)比)")
# Between a number and the base of its comparison nothing else may be named: 答复率较上年提高5% tells of another quantity.
_BETWEEN = re.compile(r"(?:[,、;:(]|申请数?量|受理量|收件量|数量|总[数量]|件数|总体上?|此数)*")
_CLOSED = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One exact comparison of a claim with last year's number.

    `change` is signed and in the claim's unit, `percent` signed and of last year's number; with neither, they are told
    to be equal. `span` are the characters that tell it.
    """

    claim: Claim
    change: Decimal | None
    percent: Decimal | None
    span: Passage

    @property
    def quote(self) -> str:
        """What is printed, on one line."""
        return "".join(self.span.text.split())


def comparisons(passages: Iterable[Passage], claims: Iterable[Claim], year: int) -> Iterator[Comparison]:
    """The exact comparisons of this year's claims with the year before `year`; approximate ones are left out."""
    exact = [c for c in claims if c.polarity is not Polarity.ALL and c.scope is Scope.THIS_YEAR and not c.approx]
    for passage in passages:
        if not _QUICK.search(plain(passage.text)):
            continue
        reading = Reading(passage)
        for start, end in reading.sentences:
            sentence = reading.plain[start:end]
            here = [c for c in exact if c.part == passage.address and c.sentence == sentence]
            for base in _BASE.finditer(sentence) if here else ():
                if base["year"] in (None, str(year - 1)):
                    yield from _told(reading, start, sentence, base, here)


def _told(
    reading: Reading, offset: int, sentence: str, base: re.Match[str], claims: list[Claim]
) -> Iterator[Comparison]:
    """The changes that follow a base, each of the claim before it."""
    claim = _before(sentence, base.start(), claims)
    filler = _FILLER.match(sentence, base.end())
    if claim is None or filler is None or filler["rough"]:
        return
    at = filler.end()
    while match := _CHANGE.match(sentence, at):
        if match["unit"] in ("%", None, claim.unit) or claim.unit is None:
            yield from _exact(claim, match, reading.span(offset + base.start(), offset + match.end()))
        following = _NEXT.match(sentence, match.end())
        at = following.end() if following else match.end()


def _exact(claim: Claim, match: re.Match[str], span: Passage) -> Iterator[Comparison]:
    if match["level"]:
        yield Comparison(claim, None, None, span)
    elif not (match["rough"] or match["more"] or match["about"]):
        number = Decimal(match["number"].replace(",", "")) * (1 if match["up"] else -1)
        share = match["unit"] == "%"
        yield Comparison(claim, None if share else number, number if share else None, span)


def _before(sentence: str, base: int, claims: list[Claim]) -> Claim | None:
    """The claim that ends just before a base; None where there is none, or several end there."""
    bare = _CLOSED.sub(lambda m: " " * len(m.group()) if m.end() <= base else m.group(), sentence)
    ends: dict[int, list[Claim]] = {}
    for claim in claims:
        printed = plain(claim.span.text)
        at = bare.rfind(printed, 0, base)
        if at >= 0:
            ends.setdefault(at + len(printed), []).append(claim)
    last = max(ends, default=None)
    if last is None or len({c.subject for c in ends[last]}) > 1:
        return None
    return ends[last][0] if _BETWEEN.fullmatch(bare[last:base].replace(" ", "")) else None
