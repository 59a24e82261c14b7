"""An invented country: its roster and its reports, as many as are wanted, in any mix of formats, faults and years.

`python -m gdcore.samples.country FOLDER --agencies 3000` writes 名录.csv, a folder of reports for each year, and
植入.csv, which says what was planted in which file. Equal arguments write equal bytes. All names are invented.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from gdcore.form import AGENCY_TYPE_NAMES, AgencyType, Edition
from gdcore.samples import own_words
from gdcore.samples.changes import apply
from gdcore.samples.compose import added_up, clean
from gdcore.samples.model import Sample, Spec, StatTable, scattered
from gdcore.samples.writers import FORMATS, suffix, write

# Syllables of which places are named, chosen so that no place that there is begins like one of these.
_FIRST = "霁漪璟翊珩骞昱煦笙蘅翎澹皓瑀琬璎旻晗睿谧"
_SECOND = "川泽屏渚岫塬陂浦汀峪岑坪湾溪陵"
_TOWNS = (
    "白鹭湾", "青石", "柳浪", "枫桥", "石门", "双河", "清溪", "竹林", "云台", "松岭", "荷塘", "龙潭", "杏花", "芦苇荡", "东陂", "桑园",
)  # fmt: skip
_SUBDISTRICTS = ("东关", "西岭", "南湖", "北坡", "学宫", "钟楼")
_DEPARTMENTS = (
    "教育局", "科学技术局", "民政局", "司法局", "财政局", "自然资源局", "住房和城乡建设局", "交通运输局", "水务局", "农业农村局",
    "商务局", "文化和旅游局", "卫生健康局", "应急管理局", "审计局", "统计局", "医疗保障局", "林业局", "信访局",
)  # fmt: skip
_VERTICALS = ("气象局", "烟草专卖局")
_COUNTIES_IN_CITY, _CITIES_IN_PROVINCE = 10, 12
MISSING = 0.03  # of all agencies, those that do not file in a year
IDLE = 0.1  # of towns and subdistricts, those without a request, a decision or a suit
ALIKE = 0.05  # of the reports, those whose prose is that of many
_OWN_DEEDS, _OWN_LACKS = 9, 7  # sentences of its own in sections 一 and 五
FAULTY = 0.35  # of the reports, those in which something is planted
_MONEY = ("t2.fees.amount_wan", "t2_2019.fees.amount_wan")
_TABLES = 2_000  # tables whose numbers are kept, some 20 KB each
_ANY = Spec(AgencyType.DEPT, 2025, True, "")
SHARES = {"html": 6, "txt": 3, "html_gbk": 1, "docx": 3}

# What goes wrong, by the rule that tells of it; each holds in every kind of report that is not idle.
_IN_EVERY_FORM: Mapping[str, Mapping[str, Any]] = {
    "STR-04": {"drop": ["s4"]},
    "STR-06": {"drop": ["s6"]},
    "STR-17": {"drop": ["s5.m"]},
    "TAB-01": {"drop": ["t3"]},
    "TAB-05": {"set": {"t3.denied_state_secret.ngo": ""}},
    "SUM-03": {"set": {"t3.carried_out.natural_person": "77"}},
    "SUM-04": {"set": {"t4.review.total": "9"}},
    "SUM-06": {"set": {"t4.lit_after.total": "7"}},
    "PRI-02": {"insert": {"s1.a5": ["如需了解办理进度，可联系经办人张某，手机13900000000。"]}},
}
_SINCE_2021: Mapping[str, Mapping[str, Any]] = {
    "TAB-02": {
        "edition": {"t2": "fmt2019", "t3": "fmt2019"},
        "replace": {"国办公开办函〔2021〕30号": "国办公开办函〔2019〕60号"},
    },
    "TAB-06": {"set": {"t2.regulations.issued": "/", "t2.regulations.repealed": "/"}},
}


@dataclass(frozen=True, slots=True)
class Body:
    """An agency of the country. `superior` is the name of the body above it, "" at the top; `area` where it sits."""

    name: str
    kind: AgencyType
    superior: str
    area: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A report of the country, and the file that it is sent in. `planted`: the fault in it, "" where there is none."""

    body: Body
    year: int
    fmt: str
    planted: str
    sample: Sample

    @property
    def file_name(self) -> str:
        """As an office would name it."""
        return f"{self.body.name}{self.year}年政府信息公开工作年度报告.{suffix(self.fmt)}"

    def bytes(self) -> bytes:
        """The file."""
        return write(self.sample, self.fmt)


@dataclass(frozen=True)
class Country:
    """A country of about `agencies` agencies, as whole counties. Everything in it follows from the arguments.

    `formats` are shares by format, `faulty` and `missing` shares (0…1) of the reports.
    """

    agencies: int
    years: Sequence[int] = (2025,)
    seed: int = 0
    formats: Mapping[str, float] = field(default_factory=lambda: SHARES)
    faulty: float = FAULTY
    missing: float = MISSING

    def roster(self) -> Iterator[Body]:
        """All agencies; each after those that it is made up of, so that sums can be made on the way."""
        left = self.agencies
        province = city = county = 0
        while left > 0:
            area = f"{_place(self.seed, province)}省"
            for _ in range(_CITIES_IN_PROVINCE):
                town = f"{_place(self.seed + 1, city)}市"
                for _ in range(_COUNTIES_IN_CITY):
                    made = list(_county(f"{_place(self.seed + 2, county)}县", f"{town}人民政府"))
                    yield from made
                    county, left = county + 1, left - len(made)
                    if left <= 0:
                        break
                yield from _offices(town, f"{area}人民政府")
                city += 1
                if left <= 0:
                    break
            yield from _offices(area, "")
            province += 1

    def roster_csv(self) -> bytes:
        """The 名录 in the columns that the desk imports."""
        out = io.StringIO()
        table = csv.writer(out)
        table.writerow(("单位名称", "类型", "上级单位", "所属地区"))
        for body in self.roster():
            table.writerow((body.name, AGENCY_TYPE_NAMES[body.kind], body.superior, body.area))
        return out.getvalue().encode("utf-8-sig")

    def reports(self) -> Iterator[Filed]:
        """All reports that are filed, year after year. A government's adds up what stands right under it."""
        for year in self.years:
            sums: dict[str, dict[str, int]] = {}
            for body in self.roster():
                sample = self._clean(body, year, sums.pop(body.name, None))
                if body.superior and body.kind is not AgencyType.VERTICAL:
                    _add(sums.setdefault(body.superior, {}), sample)
                if self._chance(body, year, "missing") >= self.missing:
                    yield self._filed(body, year, sample)

    def _clean(self, body: Body, year: int, sums: Mapping[str, int] | None) -> Sample:
        small = body.kind in (AgencyType.TOWNSHIP, AgencyType.SUBDISTRICT)
        active = not (small and self._chance(body, 0, "idle") < IDLE)
        if sums:
            spec = Spec(body.kind, year, True, body.name, self.seed)
            return added_up(spec, {address: _printed(address, value) for address, value in sums.items()})
        return clean(body.kind, year, active, body.name, self.seed)

    def _filed(self, body: Body, year: int, sample: Sample) -> Filed:
        fmt = self._format(body, year)
        sample = self._with_own_words(body, year, sample)
        planted = ""
        if sample.spec.active and self._chance(body, year, "fault") < self.faulty:
            faults = _faults(Edition.of_year(year))
            planted = sorted(faults)[self._number(body, year, "which") % len(faults)]
            sample = apply(sample, faults[planted])
        return Filed(body, year, fmt, planted, sample)

    def _with_own_words(self, body: Body, year: int, sample: Sample) -> Sample:
        """What no other agency says; a few say nothing of their own, and read like their neighbours."""
        if self._chance(body, year, "alike") < ALIKE:
            return sample
        whose = f"{body.name}{self.seed}"
        told, wanting = own_words.deeds(whose, year, _OWN_DEEDS), own_words.lacks(whose, year, _OWN_LACKS)
        return apply(sample, {"insert": {"s1.a3": [told], "s5.p": [wanting]}})

    def _format(self, body: Body, year: int) -> str:
        at = self._chance(body, year, "format") * sum(self.formats.values())
        for fmt, share in self.formats.items():
            at -= share
            if at < 0:
                return fmt
        return next(iter(self.formats))

    def _chance(self, body: Body, year: int, slot: str) -> float:
        return self._number(body, year, slot) % 1_000_000 / 1_000_000

    def _number(self, body: Body, year: int, slot: str) -> int:
        return scattered(f"{self.seed}|{body.name}|{year}|{slot}")


def _faults(edition: Edition) -> Mapping[str, Mapping[str, Any]]:
    if edition is Edition.FREE_FORM:
        return {}
    return {**_IN_EVERY_FORM, **(_SINCE_2021 if edition is Edition.FMT2021 else {})}


def _place(seed: int, number: int) -> str:
    """The name of a place: another for each number, longer when the short ones are used up."""
    several = len(_FIRST) * len(_SECOND)
    at = (number + 37 * seed) * 7 % several  # seven has no factor in common with it: every name once
    name = _FIRST[at // len(_SECOND)] + _SECOND[at % len(_SECOND)]
    further = number // several
    while further:
        further, more = divmod(further - 1, len(_SECOND))
        name += _SECOND[more]
    return name


def _county(area: str, superior: str) -> Iterator[Body]:
    own = f"{area}人民政府"
    for name in _TOWNS:
        yield Body(f"{area}{name}镇人民政府", AgencyType.TOWNSHIP, own, area)
    for name in _SUBDISTRICTS:
        yield Body(f"{area}{name}街道办事处", AgencyType.SUBDISTRICT, own, area)
    yield Body(f"{area}经济开发区管理委员会", AgencyType.AUTHORIZED_ORG, own, area)
    yield from _offices(area, superior)


def _offices(area: str, superior: str) -> Iterator[Body]:
    own = f"{area}人民政府"
    for name in _DEPARTMENTS:
        yield Body(f"{area}{name}", AgencyType.DEPT, own, area)
    for name in _VERTICALS:
        yield Body(f"{area}{name}", AgencyType.VERTICAL, own, area)
    yield Body(f"{own}办公室", AgencyType.GOV_OFFICE, own, area)
    yield Body(own, AgencyType.GOVERNMENT, superior, area)


def _add(sums: dict[str, int], sample: Sample) -> None:
    """Sums are whole numbers; those of 万元 in hundredths."""
    for table in sample.tables():
        for address, value in _worth(table):
            sums[address] = sums.get(address, 0) + value


@lru_cache(_TABLES)
def _worth(table: StatTable) -> tuple[tuple[str, int], ...]:
    raws = Sample(_ANY, (table,)).cells().items()
    return tuple((address, round(float(raw) * 100) if address in _MONEY else int(raw)) for address, raw in raws)


def _printed(address: str, value: int) -> str:
    return str(value) if address not in _MONEY or not value else f"{value / 100:.2f}"


# --- the command ------------------------------------------------------------------------------------------------------


def generate(country: Country, folder: Path) -> int:
    """Write the country into a folder; how many reports there are."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "名录.csv").write_bytes(country.roster_csv())
    for year in country.years:
        (folder / str(year)).mkdir(exist_ok=True)
    count = 0
    with (folder / "植入.csv").open("w", encoding="utf-8-sig", newline="") as out:
        planted = csv.writer(out)
        planted.writerow(("文件", "单位", "年度", "植入"))
        for filed in country.reports():
            (folder / str(filed.year) / filed.file_name).write_bytes(filed.bytes())
            count += 1
            if filed.planted:
                planted.writerow((f"{filed.year}/{filed.file_name}", filed.body.name, filed.year, filed.planted))
    return count


def main(arguments: Sequence[str]) -> None:
    """Write a country, and say how fast."""
    parser = argparse.ArgumentParser(prog="python -m gdcore.samples.country", description="an invented country")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--agencies", type=int, default=100, help="about so many agencies (whole counties of 46)")
    parser.add_argument("--years", default="2025", help="2025, or 2023-2025")
    parser.add_argument(
        "--formats", default="", help=f"shares by format, such as html=6,txt=3; of {'、'.join(FORMATS)}"
    )
    parser.add_argument("--faulty", type=float, default=FAULTY, help="share of the reports with something planted")
    parser.add_argument("--missing", type=float, default=MISSING, help="share of the reports that are not filed")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    first, _, last = asked.years.partition("-")
    years = range(int(first), int(last or first) + 1)
    try:
        formats = {name: float(n) for name, _, n in (part.partition("=") for part in asked.formats.split(",") if part)}
    except ValueError:
        parser.error("--formats must be NAME=SHARE, separated by commas")
    if unknown := set(formats) - set(FORMATS):
        parser.error(f"no such format: {'、'.join(sorted(unknown))}")
    country = Country(asked.agencies, tuple(years), asked.seed, formats or SHARES, asked.faulty, asked.missing)
    began, worked = time.perf_counter(), time.process_time()
    count = generate(country, asked.folder)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    print(
        f"{count} reports in {seconds:.1f} s, {count / seconds:.0f} a second ({count / worked:.0f} of processor time)"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
