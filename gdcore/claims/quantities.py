"""The quantities that prose tells: numbers with their units, in Arabic, full-width and Chinese numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gdcore import text
from gdcore.record import record

_ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_CHINESE = r"(?<![第每逐统同唯任])[零〇○一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]+万?"
# Units of claims, and those that only keep two quantities apart (200余人次, 20个工作日, 3处).
_UNITS = "件条宗例起份次篇个期场项"
_OTHER_UNITS = (
    r"人次|件次|条次|场次|批次|册次|个?(?:工作日|小时|百分点|季度|部门|单位|方面|环节|月)|[人名户册部处家本张页天日类级大版轮届章所支套"
    r"幅块台只位村镇班组]"
)
_UNIT = rf"万余?元|亿元|元|%|{_OTHER_UNITS}|[{_UNITS}]"
_QUANTITY = re.compile(
    rf"(?P<rough>大约|约|近|将近|接近|超过?|逾|不到|不足|突破)?(?:(?P<arabic>(?<![\d.]){_ARABIC})|(?P<chinese>{_CHINESE}))"
    rf"(?P<scale>万(?!余?元)|亿(?!元))?(?P<more>[余多])?(?P<unit>{_UNIT})(?![性事]|档)(?P<about>以上|左右|上下)?"
    r"|(?<=为)(?P<zero>零|0|〇)(?![\d.]|件)|(?<![\d.,])(?P<bare>0)(?=[,;。、)]|$)"
)
# What every quantity holds: a numeral before its unit, or a 0 alone.
HOLDS_ONE = re.compile(
    r"[\d零〇○一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]"
    rf"(?:万?[万亿]?[余多]?(?:{_UNIT})|(?<=为[零0〇])|(?<=0)(?:[^\d.\w]|$))"
)
# No quantity begins before its first numeral but for a word of at most so many characters.
_NUMERAL = re.compile(r"[\d零〇○一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]")
_LONGEST_ROUGH = 2
_SCALES = {"万": 10_000, "亿": 100_000_000}


@record(frozen=True, slots=True)
class Quantity:
    """A number with its unit as printed. `counts` False: its unit is none that a claim may have."""

    start: int
    end: int
    value: Decimal
    unit: str | None
    approx: bool
    counts: bool = True

    @property
    def is_money(self) -> bool:
        """Whether it is an amount."""
        return self.unit is not None and self.unit.endswith("元")


def quantities(plain: str, start: int, end: int) -> Iterator[Quantity]:
    """The quantities in a stretch of plain text."""
    numeral = _NUMERAL.search(plain, start, end)
    if numeral is None:
        return
    for match in _QUANTITY.finditer(plain, max(start, numeral.start() - _LONGEST_ROUGH), end):
        if match["zero"] or match["bare"]:
            yield Quantity(match.start(), match.end(), Decimal(0), None, approx=False)
            continue
        value = _value(match)
        if value is None:
            continue
        unit = match["unit"].replace("余", "")
        rough = bool(match["rough"] or match["more"] or match["about"] or "余" in match["unit"])
        counts = unit in _UNITS or unit in ("%", "元", "万元", "亿元")
        yield Quantity(match.start(), match.end(), value, unit, rough, counts)


def _value(match: re.Match[str]) -> Decimal | None:
    if match["arabic"]:
        value = Decimal(match["arabic"].replace(",", ""))
    else:
        number = text.chinese_number(match["chinese"])
        if number is None:
            return None
        value = Decimal(number)
    return value * _SCALES[match["scale"]] if match["scale"] else value
