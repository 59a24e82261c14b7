"""What 比对 asks of the store: what stood against each version, and which texts of a year are alike."""

from typing import Any

import pytest
from desk import EAST, report, take, unbalanced

from gdcore import correcting
from gdcore.mending import CellMend
from gdcore.peers import Writing
from gdcore.store import comparison_rows, decisions, queries, reports
from gdcore.store.mends import Word
from gdcore.store.rows import AlikeYear, FindingFilter

WILLOW = "云泽县柳浪街道办事处"
STREETS = [f"云泽县{name}街道办事处" for name in ("望江", "青松", "石桥", "新安", "北门", "南湖", "西苑")]
LEAST = 0.7


def copied(name: str, **change: Any) -> bytes:
    """The report of 东关街道 under another street's name."""
    street = name.removeprefix("云泽县").removesuffix("办事处")
    change["replace"] = {"东关街道": street, **change.get("replace", {})}
    return report(**change)


def pairs(found: AlikeYear) -> list[tuple[str, str]]:
    return [(row.left, row.right) for row in found.pairs]


# --- versions ---------------------------------------------------------------------------------------------------------


def test_each_version_keeps_what_stood_against_it(store):
    take(store, ("一.txt", unbalanced()))
    take(store, ("二.txt", report()))
    take(store, ("三.txt", unbalanced(replace={"业务培训": "培训"})))
    first, second, third = queries.version_marks(store, EAST, 2023)
    assert [mark.version for mark in (first, second, third)] == [1, 2, 3]
    assert second.standing == frozenset()
    assert first.standing == third.standing != frozenset()
    assert first.engine == third.engine


def test_what_was_dismissed_stands_against_no_version(store):
    take(store, ("一.txt", unbalanced()))
    row = queries.findings(store, FindingFilter(year=2023)).rows[0]
    decisions.decide(store, [row.fingerprint], "false_positive", "周岚", reason="已核实")
    (mark,) = queries.version_marks(store, EAST, 2023)
    assert row.fingerprint not in mark.standing


def test_an_unknown_agency_has_no_versions(store):
    assert queries.version_marks(store, "没有这家", 2023) == ()


# --- pairs ------------------------------------------------------------------------------------------------------------


def test_a_copy_is_listed_once_with_its_likeness(store):
    take(store, ("东关.txt", report()), ("柳浪.txt", copied(WILLOW)), ("望江.txt", report(STREETS[0], seed=2)))
    found = queries.alike(store, 2023, LEAST)
    (row,) = found.pairs
    assert {row.left, row.right} == {EAST, WILLOW}
    assert (row.overview, row.problems, row.most) == (1.0, 1.0, 1.0)
    assert (found.compared, found.template, found.more) == (3, (), False)


def test_a_year_without_copies_has_no_pairs(store):
    take(store, ("东关.txt", report()), ("望江.txt", report(STREETS[0], seed=2)))
    assert queries.alike(store, 2023, LEAST).pairs == ()
    assert queries.alike(store, 2022, LEAST) == AlikeYear((), 0)


def test_versions_years_and_samples_are_no_pairs(store):
    take(store, ("东关.txt", report()), ("东关新.txt", report(replace={"业务培训": "培训"})))
    take(store, ("柳浪2022.txt", copied(WILLOW, year=2022)))
    take(store, ("柳浪示例.txt", copied(WILLOW, seed=4)), sample=True)
    assert queries.alike(store, 2023, LEAST).pairs == ()


def test_a_government_and_its_office_are_no_pair(store, monkeypatch):
    data = report("云泽县人民政府", kind="government")
    office = data.decode().replace("云泽县人民政府2023年", "云泽县人民政府办公室2023年").encode()
    take(store, ("政府.txt", data), ("政府办.txt", office))
    assert queries.alike(store, 2023, LEAST).pairs == ()
    monkeypatch.setattr(Writing, "is_of", lambda own, other: False)
    assert pairs(queries.alike(store, 2023, LEAST)) == [("云泽县人民政府", "云泽县人民政府办公室")]


def test_what_most_have_is_told_as_a_template_and_not_as_pairs(store):
    take(store, *((f"{name}.txt", copied(name)) for name in STREETS))
    found = queries.alike(store, 2023, LEAST)
    assert found.pairs == ()
    assert found.template == tuple(sorted(STREETS))


def test_only_the_nearest_are_compared(store, monkeypatch):
    take(store, *((f"{name}.txt", copied(name)) for name in STREETS[:3]))
    monkeypatch.setattr(comparison_rows, "MOST_PAIRS", 2)
    found = queries.alike(store, 2023, LEAST)
    assert len(found.pairs) == 2
    assert found.more


def test_a_short_half_is_told_as_not_compared(store):
    take(store, *((f"{name}.txt", copied(name, drop=["s5.p", "s5.m"])) for name in STREETS[:2]))
    (row,) = queries.alike(store, 2023, LEAST).pairs
    assert (row.overview, row.problems) == (1.0, None)


@pytest.mark.parametrize("least", [0.5, 1.0])
def test_pairs_less_alike_are_left_out(store, least):
    half = ["s1.a3", "s1.a4", "s1.a5"]
    take(store, ("东关.txt", report()), ("柳浪.txt", copied(WILLOW, drop=[*half, "s5.p"])))
    assert len(queries.alike(store, 2023, least).pairs) == (1 if least < 1 else 0)


def test_a_corrected_reading_leaves_the_pair(store):
    take(store, ("东关.txt", report(set={"t3.carried_out.natural_person": "77"})), ("柳浪.txt", copied(WILLOW)))
    known = reports.current_report(store, EAST, 2023)
    correcting.mend(store, known.report_id, [CellMend("t3.carried_out.natural_person", "1")], Word("周岚", "原件"))
    assert pairs(queries.alike(store, 2023, LEAST)) == [(EAST, WILLOW)]
