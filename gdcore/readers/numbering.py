"""The numbers that Word prints before paragraphs and does not store in their text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from gdcore.readers.package import first

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VALUE = f"{W}val"

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_STEMS = "甲乙丙丁戊己庚辛壬癸"
MAX_NUMBER = 9999  # numbers beyond are printed as decimals


@dataclass(frozen=True, slots=True)
class Standing:
    """What a paragraph is besides its text: its heading level from 1, the list it counts in, and on which level."""

    level: int | None = None
    list_id: str | None = None
    list_level: int | None = None

    def under(self, base: Standing) -> Standing:
        """This, with what it leaves open taken from `base`."""
        return Standing(
            base.level if self.level is None else self.level,
            base.list_id if self.list_id is None else self.list_id,
            base.list_level if self.list_level is None else self.list_level,
        )


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered: `text` has %1…%9 for the counters of the levels."""

    format: str
    text: str
    start: int = 1
    legal: bool = False  # isLgl: all counters as Arabic figures
    suffix: str = "tab"


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted; `prefix` must be asked in the order of the document."""

    lists: Mapping[str, str] = field(default_factory=dict)  # numId → abstractNumId
    levels: Mapping[str, Mapping[int, Level]] = field(default_factory=dict)  # numId → level → how
    restarts: Mapping[tuple[str, int], int] = field(default_factory=dict)  # (numId, level) → startOverride
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def prefix(self, number_id: str, level: int) -> str:
        """The number that the next paragraph of this list level shows, with what follows it; "" for none."""
        how = self.levels.get(number_id, {}).get(level)
        if how is None:
            return ""
        counters = self.counters.setdefault(self.lists[number_id], {})
        if (number_id, level) in self.restarts and (number_id, level) not in self.begun:
            counters[level] = self.restarts[number_id, level]
        else:
            counters[level] = counters[level] + 1 if level in counters else how.start
        self.begun.add((number_id, level))
        for deeper in [other for other in counters if other > level]:
            del counters[deeper]
        if how.format in ("bullet", "none"):
            return ""
        return self._shown(number_id, how, counters)

    def copy(self) -> Numbering:
        """The same lists, counted as far; counting on in one leaves the other."""
        counters = {number_id: dict(counts) for number_id, counts in self.counters.items()}
        return replace(self, counters=counters, begun=set(self.begun))

    def _shown(self, number_id: str, how: Level, counters: Mapping[int, int]) -> str:
        text = how.text
        for n, other in self.levels[number_id].items():
            if f"%{n + 1}" in text:
                count = counters.get(n, other.start)
                text = text.replace(f"%{n + 1}", numeral(count, "decimal" if how.legal else other.format))
        if not text or how.suffix == "nothing" or not text[-1].isascii():
            return text
        return text + " "


def read(part: etree._Element | None) -> Numbering:
    """The lists that numbering.xml defines; none when there is no such part."""
    if part is None:
        return Numbering()
    abstracts = {a.get(f"{W}abstractNumId", ""): a for a in part.iter(f"{W}abstractNum")}
    styles = {value(a, "styleLink"): a for a in abstracts.values() if a.find(f"{W}styleLink") is not None}
    lists: dict[str, str] = {}
    levels: dict[str, dict[int, Level]] = {}
    restarts: dict[tuple[str, int], int] = {}
    for num in part.iter(f"{W}num"):
        number_id, abstract_id = num.get(f"{W}numId", ""), value(num, "abstractNumId")
        abstract = abstracts.get(abstract_id)
        if abstract is not None and abstract.find(f"{W}numStyleLink") is not None:
            abstract = styles.get(value(abstract, "numStyleLink"), abstract)
        lists[number_id] = abstract.get(f"{W}abstractNumId", "") if abstract is not None else abstract_id
        levels[number_id] = dict(map(_level, abstract.iterchildren(f"{W}lvl"))) if abstract is not None else {}
        for override in num.iterchildren(f"{W}lvlOverride"):
            level = _integer(override.get(f"{W}ilvl"))
            own = override.find(f"{W}lvl")
            if own is not None:
                levels[number_id][level] = _level(own)[1]
            if override.find(f"{W}startOverride") is not None:
                restarts[number_id, level] = _integer(value(override, "startOverride"), 1)
    return Numbering(lists, levels, restarts)


def _level(lvl: etree._Element) -> tuple[int, Level]:
    said = {child.tag: child.get(VALUE, "") for child in lvl}
    return _integer(lvl.get(f"{W}ilvl")), Level(
        said.get(f"{W}numFmt") or "decimal",
        said.get(f"{W}lvlText", ""),
        _integer(said.get(f"{W}start"), 1),
        on(first(lvl, f"{W}isLgl")),
        said.get(f"{W}suff") or "tab",
    )


def value(element: etree._Element, child: str) -> str:
    """The w:val of the first w:`child` of `element`; "" when there is none."""
    found = first(element, W + child)
    return found.get(VALUE, "") if found is not None else ""


def on(mark: etree._Element | None) -> bool:
    """Whether a property that is on when it is there and does not say otherwise is on."""
    return mark is not None and mark.get(VALUE) not in ("0", "false", "off")


def _integer(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else default


def numeral(number: int, form: str) -> str:
    """`number` (from 0) as Word writes it in the numFmt `form`; formats it does not know become decimals."""
    if not 0 <= number <= MAX_NUMBER:
        return str(number)
    if form.startswith(("chineseCounting", "taiwaneseCounting", "japaneseCounting", "koreanCounting")):
        return _counting(number, _DIGITS, "千百十")
    if form in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return _counting(number, _LEGAL, "仟佰拾")
    if form in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(d)] for d in str(number))
    if form == "ideographTraditional" and 1 <= number <= 10:
        return _STEMS[number - 1]
    if form in ("lowerLetter", "upperLetter") and number:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman"):
        return _roman(number).upper() if form == "upperRoman" else _roman(number)
    if form.startswith("decimalFullWidth"):
        return "".join(chr(ord("０") + int(d)) for d in str(number))
    enclosed = {"decimalEnclosedCircle": "①", "decimalEnclosedParen": "⑴", "decimalEnclosedFullstop": "⒈"}
    for name, one in enclosed.items():
        if form.startswith(name) and 1 <= number <= 20:
            return chr(ord(one) + number - 1)
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _counting(number: int, digits: str, units: str) -> str:
    """12 → 十二, 105 → 一百零五."""
    if number == 0:
        return digits[0]
    written, gap = "", False
    for power, unit in zip((1000, 100, 10, 1), (*units, ""), strict=True):
        digit = number // power % 10
        if digit == 0:
            gap = bool(written)
            continue
        leading_ten = power == 10 and digit == 1 and not written and unit == "十"
        written += ("零" if gap else "") + ("" if leading_ten else digits[digit]) + unit
        gap = False
    return written


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written
