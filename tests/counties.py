"""A city with two counties that mirror each other: whatever the people of one may do, they must not with the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import desk

from gdcore import correcting
from gdcore import roster as files
from gdcore.mending import CellMend
from gdcore.publication import Outcome
from gdcore.roles import Role
from gdcore.store import Store, people, publication_rows, queries, roster
from gdcore.store.mends import Word
from gdcore.store.rows import Duty, FindingFilter

YEAR = 2023
DUE = date.today() + timedelta(days=20)
CITY, OWN, FOREIGN = "青川市", "云泽县", "柳林县"
KEYS = {OWN: "Y", FOREIGN: "L"}
FAULTS = {
    "set": {"t3.carried_out.natural_person": "77", "t4.review.total": "9", "t4.lit_after.total": "7"},
    "drop": ["s6", "s5.m"],
}
_HEADER = "单位名称,编号,类型,上级单位,所属地区,公开网址\n"
_CITY = f"{CITY}人民政府,Q,政府,,,\n{CITY}教育局,QJ,部门,{CITY}人民政府,{CITY},\n"


def _county(name: str, key: str) -> str:
    above = f"{name}人民政府"
    lines = [f"{above},{key},政府,{CITY}人民政府,{name},"]
    for number, (office, kind) in enumerate(OFFICES.items()):
        lines.append(f"{name}{office},{key}{number},{kind},{above},{name},http://{key.lower()}.example/{number}.html")
    return "\n".join(lines) + "\n"


OFFICES = {"教育局": "部门", "财政局": "部门", "民政局": "部门", "司法局": "部门"}


@dataclass(frozen=True)
class County:
    """What there is to act on in one county: the faulty report, a clean one, one that passed; files that wait."""

    name: str
    key: str
    faulty: int
    clean: int
    passed: int
    findings: tuple[str, ...]
    mend: int
    waiting: int
    refused: int
    staff: int

    @property
    def agencies(self) -> tuple[str, ...]:
        """The keys of its offices: faulty, clean, passed, without a report."""
        return tuple(f"{self.key}{number}" for number in range(len(OFFICES)))


def filled(folder: Path) -> Store:
    """The desk, with the same in both counties."""
    store = desk.open_desk(folder)
    lines = _HEADER + _CITY + "".join(_county(name, key) for name, key in KEYS.items())
    read = files.parse(lines.encode(), "名录.csv")
    assert not read.faults, read.faults
    roster.take(store, read.entries)
    for name, key in KEYS.items():
        _fill(store, name, key)
    desk.take(store, ("市.txt", desk.report(f"{CITY}教育局", YEAR, kind="dept", seed=9)))
    return store


def _fill(store: Store, name: str, key: str) -> None:
    offices = list(OFFICES)
    given = [
        (f"{name}甲.txt", desk.report(f"{name}{offices[0]}", YEAR, kind="dept", seed=1, **FAULTS)),
        (f"{name}乙.txt", desk.report(f"{name}{offices[1]}", YEAR, kind="dept", seed=2)),
        (f"{name}丙.txt", desk.report(f"{name}{offices[2]}", YEAR, kind="dept", seed=3)),
        (f"{name}待认.txt", desk.report(f"{name}粮食局", YEAR, kind="dept", seed=4)),
        (f"{name}空.docx", b""),
    ]
    desk.take(store, *given, scope=key, actor=f"{name}上传人")
    marks = _marks(store, f"{key}0")
    decide(store, marks[1:], "confirmed")
    decide(store, [marks[2]], "issued", due=DUE)
    decide(store, [marks[2]], "corrected", reason="已改")
    decide(store, [marks[3]], "waiver_requested", reason="特殊情况", waiver_until=DUE)
    correcting.mend(
        store, _report(store, f"{key}1"), [CellMend("t3.new_received.ngo", "41")], Word(f"{name}更正人", "原件如此")
    )
    queries.move_filings(store, [f"{key}2"], YEAR, "approved", f"{name}审定人")
    publication_rows.add_look(
        store, f"{key}2", YEAR, f"http://{key.lower()}.example/2.html", Outcome.DIFFERS, f"{name}公开稿不同", f"{name}核对人",
        version=1,
    )  # fmt: skip
    people.invite(store, "命令行", f"{name}人员", f"{key.lower()}@city.example", Role.VIEWER, key)


def decide(store: Store, marks, state, reason="", **duty) -> None:
    queries.decide(store, marks, state, "上级", reason, duty=Duty(**duty))


def county(store: Store, name: str) -> County:
    """What there is in a county of such a desk."""
    key = KEYS[name]
    view = queries.report_view(store, agency_key=f"{key}1", year=YEAR)
    return County(
        name,
        key,
        _report(store, f"{key}0"),
        _report(store, f"{key}1"),
        _report(store, f"{key}2"),
        tuple(_marks(store, f"{key}0")),
        view.mends[0].mend_id,
        queries.waiting(store, key)[0].intake_id,
        queries.refused(store, scope=key)[0].intake_id,
        people.by_email(store, f"{key.lower()}@city.example").number,
    )


def _report(store: Store, key: str) -> int:
    return queries.report_view(store, agency_key=key, year=YEAR).report_id


def _marks(store: Store, key: str) -> list[str]:
    rows = queries.findings(store, FindingFilter(year=YEAR, agencies=(key,))).rows
    return sorted(row.fingerprint for row in rows if row.finding.rule not in ("QUA-02",))
