"""The roster in the store: taken, taken again, agencies renamed, merged, placed under others."""

from __future__ import annotations

from gdcore import roster as files
from gdcore.agency import Agency
from gdcore.form import AgencyType
from gdcore.store import Store, roster

HEADER = "单位名称,编号,简称,曾用名,类型,上级单位,计入汇总,设立日期,撤销日期,并入单位\n"
ROWS = (
    "云泽县人民政府,G,云泽县,,政府,,,,,\n"
    "云泽县教育局,J,县教育局,,部门,云泽县人民政府,,,,\n"
    "云泽县水务局,S,,,部门,云泽县人民政府,,,,\n"
    "云泽县气象局,Q,,,垂直管理,云泽县人民政府,,,,\n"
    "柳林县人民政府,L,,,政府,,,,,\n"
)


def added_up(store, key, year):
    with store.reading() as connection:
        return roster.added_up(connection, key, year)


def entries(rows: str = ROWS) -> tuple[files.Entry, ...]:
    read = files.parse((HEADER + rows).encode(), "名录.csv")
    assert read.faults == ()
    return read.entries


def taken(store: Store, rows: str = ROWS) -> dict[str, str]:
    return {step.key: step.kind for step in roster.take(store, entries(rows)).steps}


def test_taken_and_taken_again(store: Store) -> None:
    assert taken(store) == dict.fromkeys("GJSQL", roster.NEW)
    assert taken(store) == dict.fromkeys("GJSQL", roster.SAME)
    assert roster.roster_in_use(store)
    assert roster.find_agency(store, "县教育局").key == "J"


def test_relations(store: Store) -> None:
    taken(store)
    office = roster.agency_by_key(store, "J")
    assert office.superiors == ("云泽县人民政府",)
    assert office.others == ("云泽县气象局", "云泽县水务局", "柳林县人民政府")
    assert office.aliases == ("县教育局",)
    assert roster.agency_by_key(store, "G").others == ()


def test_a_government_adds_up_what_stands_under_it_but_no_vertical_body(store: Store) -> None:
    taken(store)
    assert list(added_up(store, "G", 2024).values()) == ["云泽县教育局", "云泽县水务局"]
    with store.reading() as connection:
        assert roster.superiors(connection, ["J", "X"]) == {"J": "G"}


def test_vertical_bodies_count_where_the_roster_says_so(store: Store) -> None:
    taken(store, ROWS.replace("垂直管理,云泽县人民政府,,", "垂直管理,云泽县人民政府,是,"))
    assert "Q" in added_up(store, "G", 2024)


def test_a_renamed_agency_keeps_its_key_and_is_found_by_both_names(store: Store) -> None:
    taken(store)
    renamed = taken(store, "云泽县教育和体育局,,,云泽县教育局,部门,云泽县人民政府,,,,\n")
    assert renamed == {"J": roster.CHANGED}
    assert roster.agency_by_key(store, "J").name == "云泽县教育和体育局"
    assert {roster.find_agency(store, n).key for n in ("云泽县教育局", "云泽县教育和体育局")} == {"J"}


def test_an_agency_that_was_renamed_without_a_word_keeps_its_old_name_as_well(store: Store) -> None:
    taken(store)
    taken(store, "云泽县教育和体育局,J,,,部门,云泽县人民政府,,,,\n")
    assert roster.find_agency(store, "云泽县教育局").key == "J"


def test_a_merger(store: Store) -> None:
    taken(store)
    taken(store, "云泽县水务局,S,,,部门,云泽县人民政府,,,2024-03-01,云泽县教育局\n")
    assert roster.agency_by_key(store, "J").reorganised == {2024}
    assert list(added_up(store, "G", 2024)) == ["J"]
    assert sorted(added_up(store, "G", 2023)) == ["J", "S"]


def test_an_agency_that_a_report_named_becomes_one_of_the_roster(store: Store) -> None:
    with store.writing() as connection:
        roster.enter_agency(connection, Agency("云泽县教育局", "云泽县教育局", AgencyType.DEPT), sample=False)
    assert taken(store)["云泽县教育局"] == roster.CHANGED


def test_a_short_name_of_another_is_not_used(store: Store) -> None:
    taken(store)
    planned = roster.plan(store, entries("柳林县教育局,,县教育局,,部门,柳林县政府,,,,\n"))
    assert planned.steps[0].notes == (
        "上级单位“柳林县政府”不在名录中，暂不关联",
        "“县教育局”已是另一个单位的名称，不用来辨认本单位",
    )
    assert len(planned.absent) == 5


def test_two_that_come_from_one(store: Store) -> None:
    taken(store, "云泽县文教局,W,,,部门,,,,,\n")
    split = taken(store, "云泽县文化局,A,,云泽县文教局,部门,,,,,\n云泽县教育局,B,,云泽县文教局,部门,,,,,\n")
    assert split == {"W": roster.CHANGED, "B": roster.NEW}


def test_planning_writes_nothing(store: Store) -> None:
    roster.plan(store, entries())
    assert not roster.roster_in_use(store)
