"""Sums over an area: equal to what a plain addition of the printed cells gives, and honest about who is not in them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import report, table
from summed import BLANK, CELL, COUNTY, EAST, EDUCATION, NEW, WATER, YEAR, added, as_read, by_hand, sample

from gdcore import aggregation, form, mending
from gdcore.aggregation import Comparison, LeftOut, Member, Totals
from gdcore.form import AgencyType, Edition
from gdcore.report import Report
from gdcore.tally import WITHOUT_UNIT, Reason, tally


def values(totals: Totals) -> dict[str, Decimal | None]:
    return {address: cell.figure.value for address, cell in totals.sums.items()}


# --- the sums ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "edition"), [(2020, Edition.FMT2019), (2023, Edition.FMT2021)])
def test_every_cell_is_the_sum_of_what_is_printed(year: int, edition: Edition) -> None:
    printed = [sample(EDUCATION, year=year), sample(WATER, year=year), sample(EAST, "subdistrict", year)]
    totals = added(*printed, edition=edition)
    expected = by_hand(*printed)
    assert len(expected) == {Edition.FMT2019: 22 + 161 + 15, Edition.FMT2021: 10 + 175 + 15}[edition]
    assert values(totals) == {a: None if a in WITHOUT_UNIT else value for a, value in expected.items()}
    assert all(cell.covered == 3 for a, cell in totals.sums.items() if a not in WITHOUT_UNIT)


def test_fees_add_up_without_rounding() -> None:
    totals = added(
        *(
            sample(n, set={"t2.fees.amount_wan": raw})
            for n, raw in [("甲局", "0.1"), ("乙局", "0.2"), ("丙局", "190.457379")]
        )
    )
    assert totals.sums["t2.fees.amount_wan"].figure.value == Decimal("190.757379")


def test_a_sum_keeps_its_cell_and_what_a_person_corrected_there() -> None:
    mended = mending.apply(as_read(sample(WATER)), [mending.CellMend(CELL, "100")])
    totals = add_two(as_read(sample(EDUCATION)), mended)
    figure = totals.sums[CELL].figure
    assert figure.value == by_hand(sample(EDUCATION))[CELL] + 100
    assert {a.address for a in figure.anchors} == {CELL}
    assert [a.correction.set for a in figure.anchors if a.correction] == ["100"]
    (share, _) = totals.shares(totals.sums[CELL])
    assert (share.member.name, share.figure.correction.set if share.figure else None) == (WATER, "100")


def add_two(first: Report, second: Report) -> Totals:
    scope = aggregation.under(COUNTY, [Member("1", EDUCATION), Member("2", WATER)], ())
    return aggregation.add_up(scope, {"1": tally(first, NEW), "2": tally(second, NEW)}, YEAR, NEW)


# --- who is not in them -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mixed() -> Totals:
    """One clean, one whose table 三 is a picture, one of the old form, one with a blank cell and a stroke, one not filed."""
    return added(
        sample(EDUCATION),
        sample(WATER, image=["t3"]),
        sample("云泽县财政局", edition={"t2": "fmt2019", "t3": "fmt2019"}),
        sample(EAST, "subdistrict", set={BLANK: "", "t2.regulations.issued": "/"}),
        due=("云泽县民政局",),
    )


def names(members: tuple[Member, ...]) -> list[str]:
    return [m.name for m in members]


def test_the_coverage_of_each_table(mixed: Totals) -> None:
    told = {key: {r: names(ms) for r, ms in cover.uncounted.items()} for key, cover in mixed.coverage.items()}
    assert told == {
        "t2": {Reason.NOT_FILED: ["云泽县民政局"], Reason.OTHER_EDITION: ["云泽县财政局"]},
        "t3": {Reason.NOT_FILED: ["云泽县民政局"], Reason.UNREAD: [WATER]},
        "t4": {Reason.NOT_FILED: ["云泽县民政局"]},
    }
    assert [len(mixed.coverage[key].counted) for key in ("t2", "t3", "t4")] == [3, 3, 4]
    assert names(mixed.coverage["t2"].partial) == [EAST]
    assert names(mixed.coverage["t3"].partial) == ["云泽县财政局", EAST]


@pytest.mark.parametrize(
    ("address", "counted", "missing"),
    [
        (CELL, [EDUCATION, "云泽县财政局", EAST], {Reason.NOT_FILED, Reason.UNREAD}),
        (BLANK, [EDUCATION, "云泽县财政局"], {Reason.NOT_FILED, Reason.UNREAD, Reason.BLANK}),
        ("t3.other_misc.total", [EDUCATION, EAST], {Reason.NOT_FILED, Reason.UNREAD, Reason.OTHER_EDITION}),
        ("t2.regulations.issued", [EDUCATION, WATER], {Reason.NOT_FILED, Reason.OTHER_EDITION, Reason.NOT_A_NUMBER}),
        ("t4.review.total", [EDUCATION, WATER, "云泽县财政局", EAST], {Reason.NOT_FILED}),
    ],
)
def test_the_coverage_of_a_cell(mixed: Totals, address: str, counted: list[str], missing: set[Reason]) -> None:
    cell = mixed.sums[address]
    cover = mixed.coverage_of(cell)
    assert (names(cover.counted), set(cover.uncounted), cell.covered) == (counted, missing, len(counted))
    printed = {EDUCATION: sample(EDUCATION), WATER: sample(WATER), EAST: sample(EAST, "subdistrict")}
    printed["云泽县财政局"] = sample("云泽县财政局", edition={"t3": "fmt2019"})
    assert cell.figure.value == sum(Decimal(printed[name].cells()[address]) for name in counted)


def test_what_nobody_prints_is_not_zero() -> None:
    totals = added(sample(EDUCATION, set={BLANK: ""}), due=(WATER,))
    assert (totals.sums[BLANK].figure.value, totals.sums[BLANK].covered) == (None, 0)
    assert added(due=(WATER,)).sums[CELL].figure.value is None


def test_a_table_that_is_not_there_is_told_apart_from_one_that_was_not_read() -> None:
    reasons = {
        change: tally(as_read(sample(EDUCATION, **{change: ["t4"]})), NEW).absent.get("t4")
        for change in ("drop", "image")
    }
    assert reasons == {"drop": Reason.ABSENT, "image": Reason.UNREAD}


def test_a_number_that_may_be_a_persons_is_not_added() -> None:
    assert tally(as_read(sample(EDUCATION, set={CELL: "13900000000"})), NEW).gaps == {CELL: Reason.PERSONAL}


def test_the_sentences_of_the_coverage(mixed: Totals) -> None:
    assert aggregation.headline(mixed.coverage["t3"]) == "覆盖 3 / 5 家。"
    told = aggregation.shortfall(mixed.coverage["t3"], call=lambda name: name.removeprefix("云泽县"))
    assert told == (
        "未计入 2 家：未报送 1 家（民政局），表格未能识别 1 家（水务局）。合计只代表已计入的单位。"
        "另有 2 家的个别单元格未计入，所在格注明覆盖家数。"
    )
    assert aggregation.shortfall(added(sample(EDUCATION)).coverage["t3"]) == "应计入的单位都已计入。"
    assert "未报送 6 家。" in aggregation.shortfall(added(due=tuple("甲乙丙丁戊己")).coverage["t2"])


# --- beside the government's report -------------------------------------------------------------------------------------


def county(cells: Mapping[str, str], **fields: Any) -> Report:
    tables = {key: table(key, NEW, cells) for key in ("t2", "t3", "t4")}
    return report(COUNTY.name, YEAR, **tables, **fields)


def test_differences_are_told_where_the_government_prints_something_else() -> None:
    printed = [sample(EDUCATION), sample(WATER)]
    sums = {address: str(value) for address, value in by_hand(*printed).items()}
    same = added(*printed, county=county(sums))
    assert (same.comparison, same.differing("t3")) == (Comparison.POSSIBLE, ())
    wrong = added(*printed, county=county(sums | {CELL: str(int(sums[CELL]) - 3)}))
    assert [(c.address, c.difference, wrong.whole(c)) for c in wrong.differing("t3")] == [(CELL, Decimal(3), True)]
    lacking = added(*printed, due=(EAST,), county=county(sums | {CELL: str(int(sums[CELL]) + 4)}))
    assert [(c.address, c.difference, lacking.whole(c)) for c in lacking.differing("t3")] == [
        (CELL, Decimal(-4), False)
    ]


def test_cells_that_everybody_is_counted_in_come_first() -> None:
    printed = [sample(EDUCATION, set={CELL: ""}), sample(WATER)]
    sums = {address: str(value + 1) for address, value in by_hand(sample(EDUCATION), sample(WATER)).items()}
    differing = added(*printed, county=county(sums)).differing("t3")
    assert differing[-1].address == CELL
    assert len(differing) == 175


@pytest.mark.parametrize(("more", "differs"), [("0.02", False), ("0.021", True)])
def test_fees_may_be_rounded_by_each_agency(more: str, differs: bool) -> None:
    printed = [sample(EDUCATION), sample(WATER)]
    fees = by_hand(*printed)["t2.fees.amount_wan"] + Decimal(more)
    assert (
        added(*printed, county=county({"t2.fees.amount_wan": str(fees)})).sums["t2.fees.amount_wan"].differs is differs
    )


def test_where_there_is_nothing_to_compare_with_it_says_so() -> None:
    own = as_read(sample(COUNTY.name, "government"))
    assert added(sample(EDUCATION)).comparison is Comparison.NOT_FILED
    assert added(sample(EDUCATION), county=own).comparison is Comparison.POSSIBLE
    told = as_read(sample(COUNTY.name, "government", insert={"preamble": ["本报告数据为县政府本级数据。"]}))
    assert added(sample(EDUCATION), county=told).comparison is Comparison.OWN_DATA
    scope = aggregation.under(COUNTY, [Member("J", EDUCATION, AgencyType.DEPT)], (), [AgencyType.DEPT])
    assert aggregation.add_up(scope, {}, YEAR, NEW).comparison is Comparison.NARROWED
    assert aggregation.add_up(aggregation.everybody("", [], ()), {}, YEAR, NEW).comparison is Comparison.NO_GOVERNMENT


# --- shares -----------------------------------------------------------------------------------------------------------


def test_the_agencies_behind_a_cell_largest_first() -> None:
    totals = added(
        sample(EDUCATION, set={CELL: "1"}),
        sample(WATER, set={CELL: "9"}),
        sample(EAST, set={CELL: ""}),
        due=("民政局",),
    )
    shares = totals.shares(totals.sums[CELL])
    told = [(s.member.name, s.figure.value if s.figure else None, s.part, s.reason) for s in shares]
    assert told == [
        (WATER, 9, 0.9, None),
        (EDUCATION, 1, 0.1, None),
        ("民政局", None, None, Reason.NOT_FILED),
        (EAST, None, None, Reason.BLANK),
    ]


def test_no_share_where_terms_are_negative_or_all_are_zero() -> None:
    change = "t2_2019.licensing.items_change"
    old = [sample(n, year=2020, set={change: raw}) for n, raw in ((EDUCATION, "-2"), (WATER, "+3"))]
    totals = added(*old, edition=Edition.FMT2019)
    assert totals.sums[change].figure.value == 1
    assert [s.part for s in totals.shares(totals.sums[change])] == [None, None]
    zero = added(sample(EDUCATION))
    assert zero.shares(zero.sums["t3.denied_state_secret.total"])[0].part is None


# --- who is added up ----------------------------------------------------------------------------------------------------

CITY = Member("C", "澜江市人民政府", AgencyType.GOVERNMENT)
OFFICE = Member("O", "云泽县人民政府办公室", AgencyType.GOV_OFFICE, above="G")
SCHOOL = Member("J", EDUCATION, AgencyType.DEPT, above="G")
BELOW = Member("G", COUNTY.name, AgencyType.GOVERNMENT, above="C")
OTHER = Member("L", "柳林县人民政府", AgencyType.GOVERNMENT, above="C")


@pytest.mark.parametrize(
    ("members", "kept", "beside"),
    [
        ([SCHOOL, OFFICE, COUNTY], "JO", "G"),  # the county adds the others up
        ([Member("J", EDUCATION, AgencyType.DEPT), COUNTY], "J", "G"),  # the roster does not say so: the same
        ([CITY, BELOW, OTHER, SCHOOL], "LJ", None),  # of 柳林县 nothing but the sum is known
        ([BELOW, OTHER], "GL", None),
        ([COUNTY], "G", None),
    ],
)
def test_nobody_is_added_up_twice(members: list[Member], kept: str, beside: str | None) -> None:
    scope = aggregation.everybody("全部单位", members, ())
    assert "".join(sorted(m.key for m in scope.members)) == "".join(sorted(kept))
    assert (scope.government.key if scope.government else None) == beside
    assert {why for _, why in scope.left_out} <= {LeftOut.IS_A_SUM}
    assert len(scope.members) + len(scope.left_out) == len(members)


def test_only_some_kinds() -> None:
    gone = Member("W", "云泽县文化局", AgencyType.DEPT), LeftOut.ENDED
    scope = aggregation.under(COUNTY, [SCHOOL, OFFICE], [gone], [AgencyType.GOV_OFFICE])
    assert (scope.members, scope.left_out, scope.kinds) == ((OFFICE,), (), (AgencyType.GOV_OFFICE,))
    assert aggregation.under(COUNTY, [SCHOOL, OFFICE], [gone]).left_out == (gone,)
    whole = aggregation.everybody("全部单位", [SCHOOL, COUNTY], [gone], [AgencyType.DEPT])
    assert (whole.members, whole.government) == ((SCHOOL,), None)


def test_units_are_those_of_the_form() -> None:
    units = {a: aggregation.unit(a) for e in Edition for b in form.blocks("t2", e) for a in b.addresses()}
    assert units["t2.fees.amount_wan"] == "万元"
    assert units["t2.licensing.decisions"] == units["t2.normative_docs.in_force"] == "件"
    assert units["t2_2019.licensing.items_change"] == "项"
    assert units["t2_2019.procurement.amount"] == ""


# --- whatever is printed ------------------------------------------------------------------------------------------------

RAWS = st.sampled_from(["0", "1", "12", "3.5", "1,204", "", "/", "无", "—"])
NUMBERS = {"0": "0", "1": "1", "12": "12", "3.5": "3.5", "1,204": "1204"}
ADDRESSES = [a for b in form.T2_2021 for a in b.addresses()] + list(form.T4.addresses())
PRINTED = st.lists(st.none() | st.dictionaries(st.sampled_from(ADDRESSES), RAWS), max_size=6)


@settings(max_examples=60, deadline=None)
@given(PRINTED)
def test_sums_and_coverage_hold_whatever_is_printed(given_cells: list[dict[str, str] | None]) -> None:
    members = [Member(str(n), f"第{n}局") for n in range(len(given_cells))]
    tallies = {
        m.key: tally(report(m.name, YEAR, t2=table("t2", NEW, cells), t3=None, t4=table("t4", NEW, cells)), NEW)
        for m, cells in zip(members, given_cells, strict=True)
        if cells is not None
    }
    totals = aggregation.add_up(aggregation.everybody("", members, ()), tallies, YEAR, NEW)
    for address in ADDRESSES:
        raws = [cells.get(address, "0") for cells in given_cells if cells is not None]
        known = [Decimal(NUMBERS[raw]) for raw in raws if raw in NUMBERS]
        cell = totals.sums[address]
        assert (cell.figure.value, cell.covered) == (sum(known) if known else None, len(known))
        cover, shares = totals.coverage_of(cell), totals.shares(cell)
        assert len(cover.counted) == cell.covered
        assert cover.due == len(members) == len(shares)
        assert [s.figure.value for s in shares if s.figure] == sorted(known, reverse=True)
        parts = [s.part for s in shares if s.part is not None]
        assert sum(parts) == pytest.approx(1 if parts else 0)
        assert totals.lacking(cell) == len(totals.coverage[cell.table].counted) - len(known)
    assert not any(totals.coverage["t3"].counted)
