"""Lists in prose: a total with its breakdown, and a number with the things that it counts, named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gdcore import text
from gdcore.claims.grammar import CHANNEL
from gdcore.claims.quantities import Quantity, quantities
from gdcore.claims.reading import Reading
from gdcore.figure import Passage


def _may_hold(passage: Passage, pattern: re.Pattern[str]) -> bool:
    """Whether the reading of a passage may have this: in one line it is the plain form, which costs less."""
    return "\n" in passage.text or pattern.search(text.plain(passage.text)) is not None


# --- breakdowns -----------------------------------------------------------------------------------------------------

_OPENER = re.compile(r"[,;(:]?(?:其中|包括|包含|分别(?:为|是))[:,]?|[:(](?=[^,;:。()\d]{2,14}\d)")
_MAY_OPEN = re.compile(r"[件条宗例起份次篇个期场项%元](?:[,;(:]?(?:其中|包括|包含|分别(?:为|是))|[:(])")
# One item of information may go through several of these, and is counted in each.
_PUBLISHED_THROUGH = re.compile(rf"{CHANNEL.pattern}|新媒体|微信|微博|抖音|客户端")
_PUBLISHED = re.compile(r"公开|发布|推送|更新|上传|信息")
_SEPARATOR = re.compile(r"(?:信息|内容|材料|等)?([、,;])(?:以及|和|及)?")
_OPEN_LIST = re.compile(r"等|主要|涉及|余|约|多|如")
_LAST_ITEM = re.compile(r"^(?:[、,;]|和|及|以及)?其[他它余]")
# Characters between a total and the list that breaks it down, and in the name of an item.
_LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class Breakdown:
    """“主动公开政府信息285条，其中：工作动态160条、…”. `closed`: the last item is 其他, so the list should be whole."""

    whole: Decimal
    parts: tuple[Decimal, ...]
    unit: str
    closed: bool
    by_channel: bool
    mixed: bool
    loose: bool
    span: Passage

    @property
    def total(self) -> Decimal:
        """Σ of the items."""
        return sum(self.parts, Decimal(0))

    @property
    def adds_up(self) -> bool:
        """Whether the items, or the first of them, make the whole: what follows then tells of something else."""
        added = Decimal(0)
        for part in self.parts:
            added += part
            if added == self.whole:
                return True
        return False


def breakdowns(passage: Passage) -> Iterator[Breakdown]:
    """The breakdowns of what was published, with exact numbers of one unit and at least two items."""
    if not _may_hold(passage, _MAY_OPEN):
        return
    reading = Reading(passage)
    for start, end in reading.sentences:
        if not (_PUBLISHED.search(reading.plain, start, end) and _MAY_OPEN.search(reading.plain, start, end)):
            continue
        numbers = quantities(reading.plain, start, end)
        for index, whole in enumerate(numbers):
            opener = _OPENER.match(reading.plain, whole.end)
            lead = reading.plain[max(start, whole.start - _LONGEST_NAME) : whole.start]
            if opener is None or whole.approx or not whole.unit or not whole.counts or not _PUBLISHED.search(lead):
                continue
            found = _items(reading, opener.end(), whole, numbers[index + 1 :])
            if found is not None:
                yield found


def _items(reading: Reading, start: int, whole: Quantity, rest: Sequence[Quantity]) -> Breakdown | None:
    items: list[Quantity] = []
    names: list[str] = []
    separator = ""
    for number in rest:
        name = reading.plain[start : number.start]
        mark = _SEPARATOR.match(name) if items else None
        if len(name) > _LONGEST_NAME or re.search(r"[()。]|其中", name) or (items and mark is None):
            break
        if mark is not None and separator and mark.group(1) != separator:
            break
        if number.unit != whole.unit or number.approx or _OPEN_LIST.search(name):
            return None
        separator = mark.group(1) if mark else separator
        items.append(number)
        names.append(name)
        start = number.end
    if len(items) < 2 or reading.plain[start : start + 1] in ("等", "("):
        return None
    channels = [_PUBLISHED_THROUGH.search(name) is not None for name in names]
    return Breakdown(
        whole.value,
        tuple(item.value for item in items),
        whole.unit or "",
        closed=_LAST_ITEM.search(names[-1]) is not None,
        by_channel=all(channels),
        mixed=any(channels) and not all(channels),
        loose=separator == ",",
        span=reading.span(whole.start, items[-1].end),
    )


# --- enumerations ---------------------------------------------------------------------------------------------------

_NUMBERED = re.compile(r"\(([^()]*\d号?)\)")
_NUMBER = re.compile(r"(?:[\u4e00-\u9fff]{0,8}(?:〔\d{4}〕|\[\d{4}\]))?第?\d+号?")
_TITLED = re.compile(r"\(((?:《[^》]+》[、,和及]?)+)\)")
_NAMED = re.compile(r"[\u4e00-\u9fff]{0,6},?分别(?:为|是)[:]?([^,;:。()\d]+)(?=$|[。;,])")
_MAY_NAME = re.compile(r"号\)|\(《|分别[为是]")
_RANGE = re.compile(r"[-—~至到]")
_AND = re.compile(r"以及|[和及与]")
LONGEST_ITEM = 14


@dataclass(frozen=True, slots=True)
class Enumeration:
    """“2件（第2号、118号）”, “3个，分别为甲、乙、丙”. `possible` are the numbers of items that it can be read as."""

    stated: Decimal
    unit: str
    items: tuple[str, ...]
    possible: frozenset[int]
    span: Passage


def enumerations(passage: Passage) -> Iterator[Enumeration]:
    """The numbers whose things are named right behind them, in a list that does not end with 等."""
    if not _may_hold(passage, _MAY_NAME):
        return
    reading = Reading(passage)
    for start, end in reading.sentences:
        for number in quantities(reading.plain, start, end):
            if number.approx or not number.value or number.unit in (None, "%") or number.is_money:
                continue
            found = _numbered(reading, number) or _titled(reading, number) or _named(reading, number, end)
            if found is not None:
                yield found


def _enumeration(reading: Reading, number: Quantity, end: int, items: Sequence[str], possible: set[int]) -> Enumeration:
    span = reading.span(number.start, end)
    return Enumeration(number.value, number.unit or "", tuple(items), frozenset(possible), span)


def _numbered(reading: Reading, number: Quantity) -> Enumeration | None:
    match = _NUMBERED.match(reading.plain, number.end)
    if match is None or _RANGE.search(match[1]):
        return None
    items = re.split(r"[、,;]|和|及", match[1])
    if not all(_NUMBER.fullmatch(item) for item in items) or not match[1].endswith("号"):
        return None
    return _enumeration(reading, number, match.end(), items, {len(items)})


def _titled(reading: Reading, number: Quantity) -> Enumeration | None:
    match = _TITLED.match(reading.plain, number.end)
    if match is None:
        return None
    items = re.findall(r"《[^》]+》", match[1])
    return _enumeration(reading, number, match.end(), items, {len(items)})


def _named(reading: Reading, number: Quantity, end: int) -> Enumeration | None:
    match = _NAMED.match(reading.plain, number.end, end)
    if match is None or "等" in match[1] or "、" not in match[1]:
        return None
    items = match[1].split("、")
    halves = _AND.split(items[-1])
    if any(not item or len(item) > LONGEST_ITEM for item in items) or len(halves) > 2:
        return None
    if len(halves) == 1:
        return _enumeration(reading, number, match.end(), items, {len(items)})
    lengths = [len(item) for item in items[:-1]]
    alike = all(min(lengths) - 1 <= len(half) <= max(lengths) + 1 for half in halves)
    possible = {len(items) + 1} if alike else {len(items), len(items) + 1}
    return _enumeration(reading, number, match.end(), [*items[:-1], *halves], possible)
