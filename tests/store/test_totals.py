"""Who is added up as the roster has it, and sums over what is stored; a stamp that changes with either."""

from __future__ import annotations

from decimal import Decimal

import desk
import pytest

from gdcore import correcting, samples
from gdcore import roster as files
from gdcore.aggregation import Comparison, LeftOut, Scope
from gdcore.form import AgencyType
from gdcore.mending import CellMend
from gdcore.store import Store, queries, roster
from gdcore.store.mends import Word
from gdcore.tally import Reason

YEAR = 2023
COUNTY, OFFICE, EDUCATION = "云泽县人民政府", "云泽县人民政府办公室", "云泽县教育局"
WATER, WEATHER, TAX = "云泽县水务局", "云泽县气象局", "云泽县税务局"
CULTURE, CITY, LIBRARY = "云泽县文化局", "澜江市人民政府", "云泽县图书馆"
ROSTER = "单位名称,编号,类型,上级单位,计入汇总,所属地区,撤销日期,并入单位\n" + "".join(
    f"{line}\n"
    for line in (
        f"{COUNTY},G,政府,,,云泽县,,",
        f"{OFFICE},O,政府办公室,{COUNTY},,云泽县,,",
        f"{EDUCATION},J,部门,{COUNTY},,云泽县,,",
        f"{WATER},S,部门,{COUNTY},,云泽县,,",
        f"{WEATHER},Q,垂直管理,{COUNTY},,云泽县,,",
        f"{TAX},T,垂直管理,{COUNTY},是,云泽县,,",
        f"{CULTURE},W,部门,{COUNTY},,云泽县,2023-05-01,{EDUCATION}",
        f"云泽县文教局,X,部门,{COUNTY},,云泽县,2010-05-01,{EDUCATION}",
        f"{LIBRARY},B,授权组织,{COUNTY},否,云泽县,,",
        "柳林县水务局,L,部门,,,柳林县,,",
    )
)
KINDS = {COUNTY: "government", OFFICE: "gov_office", WEATHER: "vertical", TAX: "vertical"}
CELL = "t3.new_received.total"


def added_up(store, key, year):
    with store.reading() as connection:
        return roster.added_up(connection, key, year)


def take_roster(store: Store, text: str = ROSTER) -> None:
    read = files.parse(text.encode(), "名录.csv")
    assert read.faults == ()
    roster.take(store, read.entries)


@pytest.fixture
def area(store: Store) -> Store:
    """The county and its bodies; all but the water board have filed."""
    take_roster(store)
    desk.take(store, *(filed(name) for name in (COUNTY, OFFICE, EDUCATION, WEATHER, TAX, "柳林县水务局")))
    return store


def printed(name: str) -> samples.Sample:
    return samples.clean(KINDS.get(name, "dept"), YEAR, name=name)


def filed(name: str) -> tuple[str, bytes]:
    return f"{name}.txt", samples.write(printed(name), "txt")


def by_hand(address: str, *names: str) -> Decimal:
    return sum((Decimal(printed(name).cells()[address]) for name in names), Decimal())


def scope_of(store: Store, *asked: object) -> Scope:
    return queries.total_scope(store, YEAR, *asked).scope


def keys(scope: Scope) -> str:
    return "".join(sorted(m.key for m in scope.members))


def apart(scope: Scope) -> dict[str, LeftOut]:
    return {m.key: why for m, why in scope.left_out}


def test_a_government_adds_up_what_the_roster_says(area: Store) -> None:
    scope = scope_of(area, "G")
    assert {m.key: m.name for m in scope.members} == dict(added_up(area, "G", YEAR))
    assert keys(scope) == "JOST"
    assert apart(scope) == {"Q": LeftOut.VERTICAL, "B": LeftOut.BY_ROSTER, "W": LeftOut.ENDED}
    assert (scope.name, scope.government.key, scope.has_office) == (COUNTY, "G", True)


def test_everybody_and_those_of_an_area(area: Store) -> None:
    whole, county = scope_of(area), scope_of(area, "", "云泽县")
    assert (keys(whole), keys(county)) == ("JLOST", "JOST")
    assert apart(whole)["G"] == LeftOut.IS_A_SUM
    assert whole.government.key == "G"
    assert (whole.name, county.name) == ("全部单位", "云泽县")


def test_agencies_that_reports_alone_name(store: Store) -> None:
    desk.take(store, filed(COUNTY), filed(EDUCATION), filed(WEATHER))
    scope = scope_of(store)
    assert [m.name for m in scope.members] == [EDUCATION]
    assert {m.name for m, _ in scope.left_out} == {COUNTY, WEATHER}


def test_some_kinds_only(area: Store) -> None:
    scope = scope_of(area, "G", "", (AgencyType.VERTICAL,))
    assert (keys(scope), apart(scope)) == ("T", {"Q": LeftOut.VERTICAL})


def test_an_agency_that_is_not_there(area: Store) -> None:
    assert queries.total_scope(area, YEAR, "没有这家") is None


def test_what_can_be_added_up(area: Store) -> None:
    choices = queries.total_choices(area, YEAR)
    assert (dict(choices.governments), choices.areas) == ({"G": COUNTY}, ("云泽县", "柳林县"))


def test_the_sums_are_those_of_what_is_stored(area: Store) -> None:
    asked = queries.total_scope(area, YEAR, "G")
    totals = queries.totals(area, YEAR, asked)
    assert totals.comparison is Comparison.POSSIBLE
    for address, cell in totals.sums.items():
        assert cell.figure.value == by_hand(address, OFFICE, EDUCATION, TAX)
        assert cell.ours.value == by_hand(address, COUNTY)
        assert cell.covered == 3
    assert {r: [m.key for m in ms] for r, ms in totals.coverage["t3"].uncounted.items()} == {Reason.NOT_FILED: ["S"]}


def test_whoever_keeps_what_a_report_gives_is_asked_instead_of_unpacking(area: Store) -> None:
    asked = queries.total_scope(area, YEAR, "G")
    read = []

    def none(edition: object, report_id: int, checked_at: object) -> None:
        read.append((report_id, checked_at))

    totals = queries.totals(area, YEAR, asked, none)
    assert sorted(read) == sorted(asked.reports.values())
    assert totals.coverage["t2"].counted == ()


def test_the_stamp_changes_with_versions_mends_and_the_roster(area: Store) -> None:
    stamps = [stamp(area)]
    assert stamp(area) == stamps[0]
    desk.take(area, filed(WATER))
    stamps.append(stamp(area))
    desk.take(area, ("新.txt", desk.report(EDUCATION, YEAR, kind="dept", set={CELL: "99"})))
    stamps.append(stamp(area))
    report_id = queries.report_view(area, agency_key="J", year=YEAR).report_id
    correcting.mend(area, report_id, [CellMend(CELL, "98")], Word("周岚", "原件印的是 98"))
    stamps.append(stamp(area))
    assert sums(area)[CELL] == by_hand(CELL, OFFICE, WATER, TAX) + 98
    take_roster(area, ROSTER.replace(f"{TAX},T,垂直管理,{COUNTY},是", f"{TAX},T,垂直管理,{COUNTY},否"))
    stamps.append(stamp(area))
    assert len(set(stamps)) == len(stamps)
    assert sums(area)[CELL] == by_hand(CELL, OFFICE, WATER) + 98


def stamp(store: Store) -> str:
    return queries.total_scope(store, YEAR, "G").stamp


def sums(store: Store) -> dict[str, Decimal | None]:
    totals = queries.totals(store, YEAR, queries.total_scope(store, YEAR, "G"))
    return {address: cell.figure.value for address, cell in totals.sums.items()}


def test_a_report_that_went_meanwhile_is_not_counted(area: Store) -> None:
    asked = queries.total_scope(area, YEAR, "G")
    assert queries.tally_of(area, 10_000, queries.totals(area, YEAR, asked).edition) is None
