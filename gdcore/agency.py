"""What is known of an agency besides its reports: from the roster, else from a name that leaves no doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from gdcore.form import AgencyType

LEVELS = {"national": "国家", "province": "省", "city": "市", "county": "县", "township": "乡"}


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency as the roster has it; None means that the roster does not say.

    `aliases` are its short and former names, `superiors` the names of the bodies above it, `others` the names of the
    other agencies of the roster (neither it nor above it); all in plain form. `reorganised` are the years in which it was
    merged, split or renamed; `founded` and `abolished` the years of its beginning and end; `submit_by` and `publish_by`
    deadlines of its own, which hold for the year before that of their date.
    """

    key: str
    name: str
    agency_type: AgencyType | None = None
    level: str | None = None
    has_licensing: bool | None = None
    has_enforcement: bool | None = None
    aliases: tuple[str, ...] = ()
    superiors: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    reorganised: frozenset[int] = frozenset()
    founded: int | None = None
    abolished: int | None = None
    submit_by: date | None = None
    publish_by: date | None = None


def own_deadline(day: date | None, year: int) -> date | None:
    """A deadline that the roster sets for one agency, where it is meant for the report on `year`."""
    return day if day is not None and day.year == year + 1 else None


_SUBDISTRICT = re.compile(r"街道(办事处|办)?$|街道办")
_OFFICE = re.compile(r"((人民)?政府|行政公署)(办公厅|办公室|政务公开办公室)$")
_TOWNSHIP = re.compile(r"([乡镇]|苏木)((人民)?政府)?$")
_GOVERNMENT = re.compile(r"((人民)?政府|行政公署)$")
_AREA = re.compile(r"[省市县区旗州盟]$")
_AUTHORIZED = re.compile(r"(管理委员会|管委会|管理局委员会)$")
_VERTICAL = re.compile(r"(税务局|海关|气象局|烟草专卖局|海事局|国家安全局)$")
_DEPT = re.compile(r"(局|委员会|委|厅|部|办公室|办|科|中心|署|院|会|队|处|所|社|馆|联合会)$")


@lru_cache(maxsize=256)
def infer_type(name: str) -> AgencyType | None:
    """The agency type that a full name in plain form tells; None where it leaves doubt.

    A 街道办事处 is a 派出机关 even when its name contains 人民政府 (…市人民政府…街道办事处).
    """
    for pattern, kind in (
        (_SUBDISTRICT, AgencyType.SUBDISTRICT),
        (_OFFICE, AgencyType.GOV_OFFICE),
        (_TOWNSHIP, AgencyType.TOWNSHIP),
        (_GOVERNMENT, AgencyType.GOVERNMENT),
        (_AREA, AgencyType.GOVERNMENT),
        (_AUTHORIZED, AgencyType.AUTHORIZED_ORG),
        (_VERTICAL, AgencyType.VERTICAL),
        (_DEPT, AgencyType.DEPT),
    ):
        if pattern.search(name):
            return kind
    return None


_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")


def infer_level(name: str, kind: AgencyType | None) -> str | None:
    """The level of government that a name tells without doubt.

    An ×市 may be a city with districts or a county-level city, and a district of a municipality ranks with a city;
    only 乡, 镇, 街道, 县, 旗 and 省 and a 市 with a county or district behind it are certain.
    """
    if kind in (AgencyType.TOWNSHIP, AgencyType.SUBDISTRICT):
        return "township"
    if re.search(r"自治州|地区行政公署|盟行政公署", name) and not re.search(r"[县旗]", name):
        return "city"
    if name.startswith(_MUNICIPALITIES):
        return "city" if re.search(r"^.{2}市.{1,6}[区县]", name) else "province"
    if re.search(r".{1,6}(省|自治区)(?!.*[市县旗州盟])", name):
        return "province"
    body = re.sub(r"(开发区|示范区|园区|新区|风景区|高新区|保税区|自治区)", "", name)
    if re.search(r"[\u4e00-\u9fff]{1,8}(县|自治县|旗)(?!级)", body) or re.search(r"市[\u4e00-\u9fff]{1,6}区", body):
        return "county"
    return None
