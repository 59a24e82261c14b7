"""The quantities that prose tells: numbers with their units, in Arabic, full-width and Chinese numerals."""

from __future__ import annotations

import re
from decimal import Decimal

from gdcore import text
from gdcore.record import record

# Each pattern begins with this class, so that the search can skip to a numeral.
_NUMERAL = r"[\d零〇○一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]"
# What follows the first numeral of a number.
_ARABIC = r"(?<=\d)(?<![\d.]\d)(?:\d{0,2}(?:,\d{3})+|\d*)(?:\.\d+)?"
_CHINESE = rf"(?<!\d)(?<![第每逐统同唯任].)(?:(?!\d){_NUMERAL})*万?"
# Units of claims, and those that only keep two quantities apart (200余人次, 20个工作日, 3处).
_UNITS = "件条宗例起份次篇个期场项"
_OTHER_UNITS = (
    r"人次|件次|条次|场次|批次|册次|个?(?:工作日|小时|百分点|季度|部门|单位|方面|环节|月)|[人名户册部处家本张页天日类级大版轮届章所支套"
    r"幅块台只位村镇班组]"
)
_UNIT = rf"万余?元|亿元|元|%|{_OTHER_UNITS}|[{_UNITS}]"
_QUANTITY = re.compile(
    rf"{_NUMERAL}(?:"
    rf"(?P<rest>{_ARABIC}|{_CHINESE})"
    rf"(?P<scale>万(?!余?元)|亿(?!元))?(?P<more>[余多])?(?P<unit>{_UNIT})(?![性事]|档)(?P<about>以上|左右|上下)?"
    r"|(?P<zero>(?<=为[零0〇])(?![\d.]|件))|(?P<bare>(?<=0)(?<![\d.,]0)(?=[,;。、)]|$)))"
)
# What makes the number behind it approximate.
_ROUGH = ("大约", "约", "将近", "近", "接近", "超", "超过", "逾", "不到", "不足", "突破")
# What every quantity holds: a numeral before its unit, or a 0 alone. Most numerals have no unit behind them.
HOLDS_ONE = re.compile(
    rf"{_NUMERAL}(?:(?=[万亿余多元%人批个工小百季单方环月册部名户处家本张页天日类级大版轮届章所支套幅块台只位村镇班组{_UNITS}])"
    rf"万?[万亿]?[余多]?(?:{_UNIT})|(?<=为[零0〇])|(?<=0)(?:[^\d.\w]|$))"
)
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


def quantities(plain: str, start: int, end: int) -> list[Quantity]:
    """The quantities in a stretch of plain text."""
    found: list[Quantity] = []
    left = start
    for match in _QUANTITY.finditer(plain, start, end):
        first, last = match.span()
        if match.lastgroup in ("zero", "bare"):
            left = last
            found.append(Quantity(first, last, Decimal(0), None, approx=False))
            continue
        opens = first - _rough(plain, left, first)
        left = last
        rest, scale, more, printed, about = match.group("rest", "scale", "more", "unit", "about")
        value = _value(plain[first] + rest, scale)
        if value is None:
            continue
        unit = printed.replace("余", "")
        approx = opens < first or bool(more or about) or "余" in printed
        counts = unit in _UNITS or unit in ("%", "元", "万元", "亿元")
        found.append(Quantity(opens, last, value, unit, approx, counts))
    return found


def _rough(plain: str, start: int, end: int) -> int:
    """How many characters before a number make it approximate."""
    if not plain.endswith(_ROUGH, start, end):
        return 0
    return max(len(word) for word in _ROUGH if plain.endswith(word, start, end))


def _value(number: str, scale: str | None) -> Decimal | None:
    if number[0].isdecimal():
        value = Decimal(number.replace(",", ""))
    else:
        spelled = text.chinese_number(number)
        if spelled is None:
            return None
        value = Decimal(spelled)
    return value * _SCALES[scale] if scale else value
