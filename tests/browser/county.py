"""The county of the scripted year: its roster, what was planted in its reports, and what must come of that.

Whatever the test expects is worked out here from what the generator wrote, without the desk.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from gdcore import samples
from gdcore.form import AgencyType
from gdcore.samples import Sample, Spec, compose

YEAR = 2025
AREA = "云泽县"
COUNTY = f"{AREA}人民政府"
DAY, DAY_OF_LAST_YEAR = date(YEAR + 1, 1, 20), date(YEAR, 1, 20)  # 报送截止

_DEPARTMENTS = (
    "教育局", "科学技术局", "民政局", "司法局", "财政局", "自然资源局", "住房和城乡建设局", "交通运输局", "水务局", "农业农村局",
    "商务局", "文化和旅游局", "卫生健康局", "应急管理局", "审计局", "统计局", "医疗保障局", "林业局", "信访局",
)  # fmt: skip
_TOWNS = (
    "白鹭湾", "青石", "柳浪", "枫桥", "石门", "双河", "清溪", "竹林", "云台", "松岭", "荷塘", "龙潭",
)  # fmt: skip
_SUBDISTRICTS = ("东关", "西岭", "南湖", "北坡")


def _agencies() -> Iterator[tuple[str, str]]:
    yield COUNTY, "government"
    yield f"{AREA}人民政府办公室", "gov_office"
    yield from ((f"{AREA}{name}", "dept") for name in _DEPARTMENTS)
    yield from ((f"{AREA}{name}镇人民政府", "township") for name in _TOWNS)
    yield from ((f"{AREA}{name}街道办事处", "subdistrict") for name in _SUBDISTRICTS)
    yield f"{AREA}经济开发区管理委员会", "authorized_org"
    yield from ((f"{AREA}{name}", "vertical") for name in ("气象局", "烟草专卖局"))


AGENCIES = dict(_agencies())


def dept(name: str) -> str:
    return f"{AREA}{name}"


def town(name: str) -> str:
    return f"{AREA}{name}镇人民政府"


# --- who files when ------------------------------------------------------------------------------------------------------

OVERDUE = (dept("信访局"), town("龙潭"))
DAY_LEFT_STANDING = (town("荷塘"),)  # the roster still has the day of the year before, which says nothing of this one
WITHOUT_DAY = (dept("林业局"),)
MISSING = (*OVERDUE, *DAY_LEFT_STANDING, *WITHOUT_DAY)
PUNCTUAL = (dept("统计局"), town("石门"))
FILED = tuple(name for name in AGENCIES if name not in MISSING)


def roster() -> bytes:
    """The 名录 as an office would keep it: everybody under the county, some with a deadline of their own."""
    days = dict.fromkeys((*OVERDUE, *PUNCTUAL), DAY) | dict.fromkeys(DAY_LEFT_STANDING, DAY_OF_LAST_YEAR)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("单位名称", "类型", "上级单位", "报送截止"))
    for name, kind in AGENCIES.items():
        table.writerow((name, kind, "" if name == COUNTY else COUNTY, days.get(name, "")))
    return out.getvalue().encode("utf-8-sig")


# --- the reports ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plant:
    """What is wrong with the report of an agency: the change, the rules that tell of it, what its correction still has."""

    agency: str
    change: Mapping[str, Any]
    rules: tuple[str, ...]
    left: Mapping[str, Any] = field(default_factory=dict)
    stays: tuple[str, ...] = ()


_UNBALANCED = {"t3.carried_out.natural_person": "77"}
_CARRIED_ON = {f"t3.{row}.{column}": n for row in ("carried_in", "carried_out") for column, n in (("natural_person", "3"), ("total", "4"))}  # fmt: skip
CARRIED = dept("住房和城乡建设局")
CORRECTED = (
    Plant(dept("教育局"), {"set": _UNBALANCED}, ("SUM-03",)),
    Plant(dept("科学技术局"), {"drop": ["s6"]}, ("STR-06",)),
    Plant(dept("财政局"), {"drop": ["s4"]}, ("STR-04",)),
    Plant(dept("民政局"), {"set": {"t4.review.total": "9"}}, ("SUM-04", "TXT-10")),
    Plant(dept("交通运输局"), {"set": {"t3.granted_full.business": "40"}}, ("SUM-03",)),
    Plant(dept("农业农村局"), {"drop": ["s5.m"]}, ("STR-17",)),
    Plant(dept("商务局"), {"drop": ["s6.fee"]}, ("STR-18",)),
    Plant(dept("文化和旅游局"), {"set": {"t3.new_received.total": "99"}}, ("SUM-03", "TXT-02")),
    Plant(town("青石"), {"drop": ["s6"]}, ("STR-06",)),
    Plant(
        town("白鹭湾"), {"set": _UNBALANCED, "drop": ["s6"]}, ("STR-06", "SUM-03"), left={"drop": ["s6"]}, stays=("STR-06",)
    ),
)  # fmt: skip
UNCORRECTED = (
    Plant(dept("司法局"), {"set": {"t4.lit_after.total": "7"}}, ("SUM-06", "TXT-10")),
    Plant(dept("自然资源局"), {"set": {"t3.denied_state_secret.ngo": ""}}, ("TAB-05",)),
    Plant(town("柳浪"), {"set": {"t3.granted_partial.business": "30"}}, ("SUM-03",)),
    Plant(  # carries in more than it carried out last year, and is of one mind with itself
        CARRIED,
        {
            "set": _CARRIED_ON,
            "replace": {"上年结转2件": "上年结转4件", "结转下年度继续办理2件": "结转下年度继续办理4件"},
        },
        ("YOY-01",),
    ),
    Plant(COUNTY, {}, ("AGG-06",)),  # its agencies have not all filed
)
PLANTS = (*CORRECTED, *UNCORRECTED)
DISMISSED = ((dept("司法局"), "TXT-10"), (dept("自然资源局"), "TAB-05"))
WAIVED = (COUNTY, "AGG-06")
WITH_PRIOR = (dept("教育局"), CARRIED, town("白鹭湾"), town("柳浪"), dept("统计局"))

Told = tuple[str, str]  # agency and rule


def told(plants: Iterable[Plant], but: Collection[Told] = ()) -> list[Told]:
    """The findings that plants must lead to, but for some."""
    return sorted((p.agency, rule) for p in plants for rule in p.rules if (p.agency, rule) not in but)


CONFIRMED = told(PLANTS, DISMISSED)
MENDED = sorted((p.agency, rule) for p in CORRECTED for rule in p.rules if rule not in p.stays)
STANDING = sorted(set(CONFIRMED) - set(MENDED))


def _clean(agency: str, year: int = YEAR) -> Sample:
    return _county() if agency == COUNTY else samples.clean(AGENCIES[agency], year, name=agency)


def _county() -> Sample:
    """The county's own report: what its agencies that filed would have reported without their faults."""
    spec = Spec(AgencyType.GOVERNMENT, YEAR, True, COUNTY)
    values = {address: f"{value:f}" for address, value in _sums(map(_clean, added_up())).items()}
    return compose.of_tables(spec, [compose.table(spec, key, spec.edition, values) for key in ("t2", "t3", "t4")])


def added_up() -> list[str]:
    """Who is part of the county's sums: not the county itself, and no vertical body."""
    return [name for name in FILED if AGENCIES[name] not in ("government", "vertical")]


def _sums(reports: Iterable[Sample]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for report in reports:
        for address, raw in report.cells().items():
            sums[address] = sums.get(address, Decimal()) + Decimal(raw or 0)
    return sums


def first_versions() -> dict[str, Sample]:
    """What each agency files, faults and all."""
    changes = {plant.agency: plant.change for plant in PLANTS}
    return {name: samples.apply(_clean(name), changes.get(name, {})) for name in FILED}


def corrections() -> dict[str, Sample]:
    """The second versions."""
    return {plant.agency: samples.apply(_clean(plant.agency), plant.left) for plant in CORRECTED}


def sums() -> dict[str, Decimal]:
    """Address → what the agencies' last versions add up to."""
    last = first_versions() | corrections()
    return _sums(last[name] for name in added_up())


def last_years() -> list[tuple[str, bytes]]:
    """Files of the year before."""
    return [(f"{name}{YEAR - 1}.txt", samples.write(_clean(name, YEAR - 1), "txt")) for name in WITH_PRIOR]


def zipped(reports: Mapping[str, Sample]) -> bytes:
    """Reports as one archive: half of them web pages, then plain text and some Word files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, (name, report) in enumerate(reports.items()):
            fmt = ("html", "txt", "html", "txt", "html", "docx")[number % 6]
            archive.writestr(f"年报/{name}{YEAR}年报.{fmt}", samples.write(report, fmt))
    return out.getvalue()
