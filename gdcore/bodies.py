"""Names of public bodies: areas and body told apart, and whether two names can be one body's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from gdcore import text

# What development zones and the like end in; some of the 新区 are districts with a government.
_ZONE_KIND = (
    r"(?:开发|高新|经开|园|新|度假|示范|保税|景|名胜|试验|合作|工业|产业|功能|管理|[聚集]集|加工|旅游|经济|自贸|空港)区"
)
# A county can have a one-character name, a city or district has two at least: 市场…, 城市…, 社区… open a body's name.
_AREA = re.compile(
    rf"[\u4e00-\u9fff]县|[\u4e00-\u9fff]{{2,8}}?(?:省|自治州|盟|市|县|[区旗])|(?:(?![局委会厅院])[\u4e00-\u9fff]){{0,18}}?{_ZONE_KIND}"
)
_ZONE = re.compile(rf"{_ZONE_KIND}$")
# What a zone is called among its own people: its kind without a place.
_ANY_ZONE = re.compile(
    r"(?:国家级?|[省市县区]级?)?(?:经济|技术|高新|产业|工业|农业|科技|文化|旅游|生态|综合|化工|风景|国际|现代|自由|贸易)*"
    + _ZONE_KIND
)
_LEVEL = re.compile(r"^(?:[省市县区州旗盟]|自治[区州县])(?![场政容域直内外])(?=[\u4e00-\u9fff]{3})")
_ENDINGS = (
    (re.compile(r"(街道|街)(办事处|办)$"), "街道"),
    (re.compile(r"(?<=[乡镇])(人民)?政府$"), ""),
    (re.compile(r"^(人民)?政府(?=.)(?!办)"), ""),
    (re.compile(r"^(人民)?政府$|^行政公署$"), ""),
    (re.compile(r"^(人民)?政府办公?[室厅]?$"), "政府办"),
    (re.compile(r"^区?(管理委员会|管委会)$"), ""),
    (re.compile(r"管理委员会$|管委会$"), "管委"),
    (re.compile(r"委员会$"), "委"),
)
# A zone's management is to it what a government is to a county.
_ZONE_ENDINGS = (
    (re.compile(r"^(管理委员会|管委会)?(党政|综合)?办公?室$"), "政府办"),
    (re.compile(r"^(管理委员会|管委会)(?=.)"), ""),
)
_TOWN = re.compile(r"(街道|镇|乡|苏木)$")


@dataclass(frozen=True, slots=True)
class Name:
    """A body's name in plain form taken apart: `areas` from large to small, `body` "" for a government itself."""

    full: str
    areas: tuple[str, ...]
    body: str

    @property
    def is_town(self) -> bool:
        """Whether it is a township or subdistrict."""
        return _TOWN.search(self.body) is not None

    @property
    def is_zone(self) -> bool:
        """Whether it is a development zone or the like, or its management: 甲经济开发区, 甲高新区管委会."""
        return not self.body and is_zone(self.areas)


def is_zone(areas: Sequence[str]) -> bool:
    """Whether the smallest of these areas is a development zone or the like, not a county or district."""
    return bool(areas) and _ZONE.search(areas[-1]) is not None


@lru_cache(maxsize=256)
def parse(name: str) -> Name:
    """The parts of a name: “甲市人民政府乙街道办事处” and “甲市乙街道” have the same; a zone's management has no body."""
    full = text.plain(name)
    areas, at = [], 0
    while (area := _AREA.match(full, at)) and not re.match(r"街道|分局", full[area.end() :]):
        areas.append(area.group())
        at = area.end()
    body = full[at:]
    for ending, short in (*(_ZONE_ENDINGS if is_zone(areas) else ()), *_ENDINGS):
        body = ending.sub(short, body)
    return Name(full, tuple(areas), body if areas else _LEVEL.sub("", body))


def same_body(left: str, right: str) -> bool:
    """Whether two names can be one body's: longer and shorter full names, abbreviations (发改局), 甲县乙镇 and 乙镇.

    In doubt they can: an abbreviation is any selection of the other name's characters in their order.
    """
    one, other = parse(left), parse(right)
    if not one.body or not other.body:
        return one.body == other.body and _same_areas(one, other)
    either = _is_part(one.full, other.full) or _is_part(other.full, one.full) or _same_words(one, other)
    return either and _same_areas(one, other)


def related(left: str, right: str) -> bool:
    """Whether one of two names is the other's own office or unit: 甲县人民政府 and its 办公室, 甲局 and 甲局办公室."""
    one, other = parse(left), parse(right)
    if {one.body, other.body} == {"", "政府办"}:
        return _same_areas(one, other)
    longer, shorter = (one, other) if len(one.body) > len(other.body) else (other, one)
    return bool(shorter.body) and longer.body.startswith(shorter.body) and _same_areas(one, other)


def _same_areas(one: Name, other: Name) -> bool:
    """The smallest area decides what body it is; a town's may be left out, and so may any body's areas altogether."""
    if not one.areas or not other.areas:
        return True
    if one.is_town and other.is_town:
        return set(one.areas) <= set(other.areas) or set(other.areas) <= set(one.areas)
    return one.areas[-1] == other.areas[-1] or (is_zone(one.areas) and is_zone(other.areas) and _same_zone(one, other))


def _same_zone(one: Name, other: Name) -> bool:
    """高新区 can be any zone, 甲高新区 is 甲高新技术产业开发区; the county before it may be left out."""
    if any(_ANY_ZONE.fullmatch("".join(name.areas)) for name in (one, other)):
        return True
    left, right = ("".join(a[:-1] for a in name.areas) for name in (one, other))
    return _is_part(left, right) or _is_part(right, left)


def _same_words(one: Name, other: Name) -> bool:
    if one.is_town and other.is_town:
        return _TOWN.sub("", one.body) == _TOWN.sub("", other.body)
    return _is_part(one.body, other.body) or _is_part(other.body, one.body)


def _is_part(short: str, long: str) -> bool:
    """Whether the characters of `short` stand in `long` in their order."""
    rest = iter(long)
    return all(char in rest for char in short)
