"""The invented prose of a clean report: choices from prose.yml, filled with the names and numbers of one spec."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from gdcore import form
from gdcore.form import AgencyType, Edition
from gdcore.samples.model import AREA, CITY, Spec, scattered

PROBLEMS = 3
_NAMES = 1_000  # agencies whose order of topics is kept: each asks for it several times
_NUMERALS = "一二三四五六七"
_FOCUS = {
    "教育": "招生入学、校园安全",
    "水务": "供水保障、河湖治理",
    "交通运输": "公路养护、客运服务",
    "卫生健康": "基层诊疗、疾病预防",
    "农业农村": "农机补贴、耕地保护",
    "民政": "社会救助、养老服务",
    "财政": "预算决算、惠民资金",
    "气象": "灾害预警、气象服务",
}
_KIND_FOCUS = {
    AgencyType.DEPT: "审批服务、民生实事",
    AgencyType.TOWNSHIP: "乡村振兴、惠农补贴",
    AgencyType.SUBDISTRICT: "社区治理、民生服务",
    AgencyType.GOVERNMENT: "重点项目、民生保障",
    AgencyType.GOV_OFFICE: "重大政策、会议文件",
    AgencyType.AUTHORIZED_ORG: "招商引资、企业服务",
    AgencyType.VERTICAL: "服务指南、监管执法",
}
_WE = {
    AgencyType.DEPT: "本局",
    AgencyType.TOWNSHIP: "本镇",
    AgencyType.SUBDISTRICT: "街道",
    AgencyType.GOVERNMENT: "县政府",
    AgencyType.GOV_OFFICE: "办公室",
    AgencyType.AUTHORIZED_ORG: "管委会",
    AgencyType.VERTICAL: "本局",
}
_UNITS = {
    AgencyType.TOWNSHIP: "党政综合办公室",
    AgencyType.SUBDISTRICT: "党政综合办公室",
    AgencyType.AUTHORIZED_ORG: "综合办公室",
    AgencyType.GOV_OFFICE: "",
}
_ABOVE = {"市": "省里", "省": "国家"}
_ROADS = ("文澜路", "望江大街", "青禾路", "槐荫街", "锦帆路")
_OUTCOMES = (
    ("予以公开", ("granted_full",)),
    ("部分公开", ("granted_partial",)),
    ("不予公开", tuple(r.key for r in form.T3_2021.rows if r.group == "denied")),
    ("无法提供", tuple(r.key for r in form.T3_2021.rows if r.group == "unable")),
    ("不予处理", tuple(r.key for r in form.T3_2021.rows if r.group == "rejected")),
    ("其他处理", ("other_no_correction", "other_unpaid_fee", "other_misc", "other_handling")),
)
_OUTCOME_TOTALS = tuple((name, tuple(f"t3.{row}.total" for row in rows)) for name, rows in _OUTCOMES)
_COUNTED = (
    "t3.new_received.total", "t3.carried_in.total", "t3.result_total.total", "t3.carried_out.total",
    "t3.new_received.natural_person", "t4.review.total", "t4.lit_direct.total", "t4.lit_after.total",
    *(address for _, totals in _OUTCOME_TOTALS for address in totals),
)  # fmt: skip
_DECISIONS = (("licensing", "行政许可"), ("penalty", "行政处罚"), ("coercion", "行政强制"))
_ITEMS_OF_SIX = {
    "fee": "依据《政府信息公开信息处理费管理办法》收取信息处理费的情况",
    "priorities": "本行政机关落实上级年度政务公开工作要点情况",
    "proposals": "本行政机关人大代表建议和政协提案办理结果公开情况",
    "innovation": "本行政机关年度政务公开工作创新情况",
    "data_notes": "本行政机关政府信息公开工作年度报告数据统计需要说明的事项",
    "own_matters": "本行政机关认为需要报告的其他事项",
    "required_matters": "其他有关文件专门要求通过政府信息公开工作年度报告予以报告的事项",
}


class Prose:
    """The sentences of one report. `values` are the raw cells of its tables, with which every number agrees."""

    def __init__(self, spec: Spec, values: Mapping[str, str]) -> None:
        self.spec, self.values = spec, values
        self.words: dict[str, object] = {**_names(spec), **_counts(spec), **self._totals()}
        self.words["unit"] = self._unit()

    def preamble(self) -> list[str]:
        """Basis, the six parts, statistics period and contact."""
        basis = self._say("preamble", self.spec.edition.value)
        if self.spec.edition is Edition.FREE_FORM:
            return [basis + self._fill(_texts()["contact"])]
        parts: str = _texts()["parts"]
        if self.spec.kind is AgencyType.GOVERNMENT:
            parts += _texts()["scope"]
        return [basis + parts, self._fill(_texts()["contact"])]

    def lead(self) -> str:
        """The opening paragraph of section 一."""
        return self._say("lead")

    def aspect(self, key: str) -> str:
        """One of the five aspects, with its run-in heading."""
        number = int(key[1]) - 1
        body = {"a1": self._a1, "a2": self._a2, "a3": self._a3, "a4": lambda: self._say("a4"), "a5": self._a5}[key]()
        return f"（{_NUMERALS[number]}）{form.ASPECTS[number].name}。{body}"

    def problems(self) -> str:
        """The first half of section 五."""
        told = self._enumerate(topic["problem"] for topic in self._topics(self.spec.year))
        return f"（一）存在的主要问题。{self._say('p_open')}{told}"

    def measures(self) -> str:
        """The second half of section 五: one measure for each problem, and what became of last year's."""
        self.words["previous"] = "、".join(topic["noun"] for topic in self._topics(self.spec.year - 1))
        told = self._enumerate(topic["measure"] for topic in self._topics(self.spec.year))
        return f"（二）改进情况。{self._say('m_open')}{told}"

    def items(self) -> dict[str, str]:
        """The seven items of section 六 by key."""
        told = {"fee": self._say("fee", self.spec.edition.value)}
        told |= {key: self._say(key) for key in ("priorities", "proposals", "innovation")}
        told |= dict.fromkeys(("data_notes", "own_matters", "required_matters"), "无。")
        heads = dict(_ITEMS_OF_SIX)
        if self.spec.edition is Edition.FMT2019:
            heads["fee"] = "收取信息处理费的情况"  # the rules on fees (109号) came with 2021
        return {key: f"（{_NUMERALS[n]}）{heads[key]}。{text}" for n, (key, text) in enumerate(told.items())}

    def free_form(self, key: str) -> str:
        """A section of the years before the unified format."""
        return self._fill(_texts()["free_form"][key])

    def _a1(self) -> str:
        told = self._say("a1")
        counts = ((name, self._cell(f"{row}.decisions")) for row, name in _DECISIONS)
        made = [f"{name}决定{count}件" for name, count in counts if count != "0"]
        if made:
            told += self._fill(_choose(self.spec, "decisions"), list="、".join(made))
        fees = self.values.get("t2.fees.amount_wan", "0")
        return told + (self._fill(_choose(self.spec, "charges"), fees=fees) if fees != "0" else "")

    def _a2(self) -> str:
        if not self.spec.active:
            return self._say("a2_idle")
        return self._say("a2_active") + self._say("a2_disputes")

    def _a3(self) -> str:
        told = self._say("a3")
        if self.spec.edition is not Edition.FMT2021:
            return told
        return told + self._say("normative" if self.spec.active else "normative_idle")

    def _a5(self) -> str:
        governs = self.spec.kind in (AgencyType.GOVERNMENT, AgencyType.TOWNSHIP)
        return self._say("a5") + (self._say("appraisal") if governs else "")

    def _cell(self, path: str) -> str:
        return self.values.get(f"t2.{path}", self.values.get(f"t2_2019.{path}", "0"))

    def _topics(self, year: int) -> list[dict[str, str]]:
        """Three problems: an order of its own for every name, and none of last year's."""
        mixed = _mixed_topics(self.spec.name)
        start = PROBLEMS * ((year + self.spec.seed) % (len(mixed) // PROBLEMS))
        return mixed[start : start + PROBLEMS]

    def _enumerate(self, texts: Any) -> str:
        return "".join(f"{_NUMERALS[n]}是{self._fill(text)}。" for n, text in enumerate(texts))

    def _say(self, *path: str) -> str:
        return self._fill(_choose(self.spec, *path))

    def _fill(self, template: str, **more: str) -> str:
        return template.format_map(self.words | more if more else self.words)

    def _totals(self) -> dict[str, object]:
        if "t3.new_received.total" not in self.values:
            return {"new": 5 if self.spec.active else 0}
        v = {address: int(self.values[address]) for address in _COUNTED if address in self.values}
        outcomes = ((name, sum(v.get(address, 0) for address in totals)) for name, totals in _OUTCOME_TOTALS)
        return {
            "new": v["t3.new_received.total"],
            "cin": v["t3.carried_in.total"],
            "res": v["t3.result_total.total"],
            "out": v["t3.carried_out.total"],
            "person": v["t3.new_received.natural_person"],
            "org": v["t3.new_received.total"] - v["t3.new_received.natural_person"],
            "outcomes": "、".join(f"{name}{count}件" for name, count in outcomes if count),
            "review": v["t4.review.total"],
            "suits": v["t4.lit_direct.total"] + v["t4.lit_after.total"],
            **{key: self.values.get(f"t2.normative_docs.{key}", "0") for key in ("issued", "repealed", "in_force")},
        }

    def _unit(self) -> str:
        return self.spec.name + _UNITS.get(self.spec.kind, "办公室")


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("prose.yml").read_text("utf-8"))
    return texts


@lru_cache(_NAMES)
def _mixed_topics(name: str) -> list[dict[str, str]]:
    topics: list[dict[str, str]] = _texts()["topics"]
    return sorted(topics, key=lambda t: scattered(f"{name}|{t['noun']}"))


def _choose(spec: Spec, *path: str) -> str:
    choices: Any = _texts()
    for step in path:
        choices = choices[step]
    chosen: str = choices[spec.sentence(path[0], len(choices))]
    return chosen


def area_of(name: str) -> str:
    """The county, else the city or province, that a name begins with; the invented county where it names none."""
    match = re.match(r"(?:.{1,4}省)?(?:.{1,4}市)?(.{1,6}?[县区])", name) or re.match(r"(.{1,4}[市省])", name)
    return match.group(1) if match else AREA


def _names(spec: Spec) -> dict[str, object]:
    area = area_of(spec.name)
    stem = re.sub(r"(人民政府|办事处|管理委员会|局)$", "", spec.name.removeprefix(area)) or area.removesuffix("县")
    level = area[-1] if area[-1] in "市省" else "县"
    we = _WE[spec.kind].replace("县政府", f"{level}政府")
    if spec.kind is AgencyType.DEPT and not spec.name.endswith("局"):
        we = "本单位"
    government = spec.kind is AgencyType.GOVERNMENT
    served = _FOCUS if spec.kind in (AgencyType.DEPT, AgencyType.VERTICAL) else {}
    return {
        "name": spec.name,
        "area": area,
        "y": spec.year,
        "we": "本乡" if we == "本镇" and "乡" in spec.name else we,
        "who": "各科室" if spec.kind in (AgencyType.DEPT, AgencyType.VERTICAL) else "各有关单位",
        "focus": next((words for key, words in served.items() if key in stem), _KIND_FOCUS[spec.kind]),
        "scope": f"全{level}" if government else "",
        "upper": _ABOVE.get(level, CITY) if government else area,
        "site": f"{area}人民政府门户网站",
        "account": f"{area.removesuffix('县')}政务" if "人民政府" in stem else f"{stem}发布",
        "road": _ROADS[spec.pick("road", len(_ROADS), year=1)],
    }


def _counts(spec: Spec) -> dict[str, object]:
    scale = {AgencyType.GOVERNMENT: 40, AgencyType.GOV_OFFICE: 4, AgencyType.DEPT: 2}.get(spec.kind, 1)
    web, media = scale * spec.between("web", 90, 180), scale * spec.between("media", 40, 110)
    return {
        "web": web,
        "media": media,
        "total": web + media,
        "key": scale * spec.between("key", 20, 60),
        "expl": scale * spec.between("expl", 4, 12),
        "resp": scale * spec.between("resp", 15, 70),
        "listed": spec.between("listed", 6, 30),
        "clean": spec.between("clean", 11, 80),
        "zones": spec.between("zones", 2, 4) * (4 if scale == 40 else 1),
        "points": spec.between("points", 5, 12) * (6 if scale == 40 else 1),
        "staff": spec.between("staff", 2, 5),
        "train": spec.between("train", 2, 6),
        "open": spec.between("open", 2, 4),
        "meet": spec.between("meet", 2, 5),
        "slips": spec.between("slips", 7, 19),
        "tasks": spec.between("tasks", 9, 24),
        "bills": scale * spec.between("bills", 2, 9),
        "motions": scale * spec.between("motions", 1, 7),
        "door": 3 + spec.pick("door", 170, year=1),
        "phone": f"{5550000 + spec.pick('phone', 9999, year=1):07d}",
        "postcode": f"0000{10 + spec.pick('postcode', 80, year=1):02d}",
    }
