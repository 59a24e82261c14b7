"""Suppression, and sum faults told once: which finding speaks, and which cell it names."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import table

from gdcore import folding, form, wording
from gdcore.report import Requests
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Verdict, failed, not_evaluated, passed

RULES = ("SUM-01", "SUM-02", "SUM-03", "SUM-07")
APPLICANTS = [c.key for c in form.APPLICANTS if c.key != "total"]
DETAILS = [r.key for r in form.T3_2021.rows if r.key not in form.T3_INPUTS]
CELLS = form.T3_2021.addresses()


def told(cells: Mapping[str, int]) -> list[tuple[str, Verdict]]:
    """(rule, verdict) of everything that is told of a table 三 with these cells."""
    requests = Requests(table("t3", cells={a: str(n) for a, n in cells.items()}))
    verdicts = {code: tuple(CATALOGUE[code].judge(t3=requests)) for code in RULES}
    kept = folding.fold(folding.suppress(verdicts, CATALOGUE))
    return [(code, v) for code, vs in kept.items() for v in vs]


def places(cells: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(code, verdict.address) for code, verdict in told(cells)]


def balanced(inputs: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """A table 三 in which every identity holds, from rows of applicants; new_received is what is left over."""
    cells = dict.fromkeys(CELLS, 0)
    for row, numbers in inputs.items():
        for column, number in numbers.items():
            cells[f"t3.{row}.{column}"] = number
    for column in APPLICANTS:
        cells[f"t3.result_total.{column}"] = sum(cells[f"t3.{row}.{column}"] for row in DETAILS)
        left = cells[f"t3.result_total.{column}"] + cells[f"t3.carried_out.{column}"]
        cells[f"t3.carried_in.{column}"] = min(cells[f"t3.carried_in.{column}"], left)
        cells[f"t3.new_received.{column}"] = left - cells[f"t3.carried_in.{column}"]
    for row in form.T3_2021.rows:
        cells[f"t3.{row.key}.total"] = sum(cells[f"t3.{row.key}.{column}"] for column in APPLICANTS)
    return cells


ACTIVE = balanced(
    {
        "granted_full": {"natural_person": 6, "business": 2},
        "unable_not_held": {"natural_person": 3, "legal_service": 1},
        "rejected_petition": {"natural_person": 1},
        "carried_in": {"natural_person": 2},
        "carried_out": {"natural_person": 1, "business": 1},
    }
)

COUNTS = st.one_of(st.just(0), st.integers(0, 4), st.integers(0, 3000))
TABLES = st.dictionaries(
    st.sampled_from([*DETAILS, "carried_in", "carried_out"]),
    st.dictionaries(st.sampled_from(APPLICANTS), COUNTS, max_size=6),
    max_size=26,
).map(balanced)


@given(TABLES)
def test_a_balanced_table_is_not_told(cells: dict[str, int]) -> None:
    assert told(cells) == []


@settings(max_examples=400)
@given(TABLES, st.sampled_from(CELLS), COUNTS)
def test_one_wrong_cell_is_one_finding_that_names_it(cells: dict[str, int], wrong: str, number: int) -> None:
    right = cells[wrong]
    found = told({**cells, wrong: number})
    if number == right:
        assert found == []
        return
    assert len(found) == 1
    code, verdict = found[0]
    assert code == "SUM-03"
    assert verdict.address == f"t3.{wrong.split('.')[1]}.total"
    assert f"{wording.describe(wrong)} 应为 {right}" in verdict.message
    assert verdict.message.count("应为") == 1


@settings(max_examples=200)
@given(TABLES, st.lists(st.tuples(st.sampled_from(CELLS), COUNTS), min_size=2, max_size=3, unique_by=lambda c: c[0]))
def test_no_repair_is_named_that_would_not_mend_a_row(cells: dict[str, int], changes: list[tuple[str, int]]) -> None:
    """Several wrong cells: whatever repair SUM-03 names makes that row hold, and something is told."""
    wrong = {**cells, **dict(changes)}
    found = told(wrong)
    assert bool(found) == (not _holds(wrong))
    for code, verdict in found:
        if code != "SUM-03" or "应为" not in verdict.message:
            continue
        row = verdict.address.split(".")[1]
        for column in (c.key for c in form.APPLICANTS):
            cell = f"t3.{row}.{column}"
            if f"{wording.describe(cell)} 应为 " in verdict.message:
                number = int(verdict.message.partition(f"{wording.describe(cell)} 应为 ")[2].partition("，")[0])
                mended = {**wrong, cell: number}
                assert mended[f"t3.{row}.total"] == sum(mended[f"t3.{row}.{c}"] for c in APPLICANTS)


def _holds(cells: Mapping[str, int]) -> bool:
    rows = all(
        cells[f"t3.{r.key}.total"] == sum(cells[f"t3.{r.key}.{c}"] for c in APPLICANTS) for r in form.T3_2021.rows
    )
    columns = all(
        cells[f"t3.result_total.{c.key}"] == sum(cells[f"t3.{r}.{c.key}"] for r in DETAILS)
        and cells[f"t3.new_received.{c.key}"] + cells[f"t3.carried_in.{c.key}"]
        == cells[f"t3.result_total.{c.key}"] + cells[f"t3.carried_out.{c.key}"]
        for c in form.APPLICANTS
    )
    return rows and columns


def test_total_of_a_row_in_an_empty_table() -> None:
    """The first mutation on an all-zero report."""
    assert places({"t3.new_received.total": 1}) == [("SUM-03", "t3.new_received.total")]


def test_the_total_column_is_told_with_the_column_that_causes_it() -> None:
    changed = {"t3.new_received.natural_person": 14, "t3.new_received.total": ACTIVE["t3.new_received.total"] + 5}
    wrong = {**ACTIVE, **changed}
    assert wrong["t3.new_received.natural_person"] == ACTIVE["t3.new_received.natural_person"] + 5
    assert places(wrong) == [("SUM-01", "t3.result_total.natural_person")]


def test_two_wrong_row_totals_are_two_findings_and_no_third() -> None:
    wrong = {**ACTIVE, "t3.granted_full.total": 9, "t3.unable_not_held.total": 5}
    assert places(wrong) == [("SUM-03", "t3.granted_full.total"), ("SUM-03", "t3.unable_not_held.total")]


def test_two_wrong_cells_of_one_column_are_named_each_with_its_row() -> None:
    wrong = {**ACTIVE, "t3.granted_full.natural_person": 7, "t3.rejected_petition.natural_person": 3}
    found = told(wrong)
    assert [(code, v.address) for code, v in found] == [
        ("SUM-03", "t3.granted_full.total"),
        ("SUM-03", "t3.rejected_petition.total"),
    ]
    assert f"{wording.describe('t3.granted_full.natural_person')} 应为 6" in found[0][1].message
    assert f"{wording.describe('t3.rejected_petition.natural_person')} 应为 1" in found[1][1].message


def test_cells_that_explain_equally_well_are_all_named() -> None:
    """Two slips of the same amount in two columns: which column belongs to which row cannot be known."""
    wrong = {**ACTIVE, "t3.granted_full.natural_person": 7, "t3.unable_not_held.business": 1}
    found = told(wrong)
    assert [(code, v.address) for code, v in found] == [
        ("SUM-03", "t3.granted_full.total"),
        ("SUM-03", "t3.unable_not_held.total"),
    ]
    assert "，或 " in found[0][1].message
    assert wording.describe("t3.granted_full.natural_person") in found[0][1].message
    assert wording.describe("t3.granted_full.business") in found[0][1].message


def test_a_wrong_result_carried_to_the_total_is_one_finding() -> None:
    wrong = {**ACTIVE, "t3.result_total.natural_person": 11, "t3.result_total.total": 14}
    found = told(wrong)
    assert [(code, v.address) for code, v in found] == [("SUM-02", "t3.result_total.natural_person")]
    assert f"{wording.describe('t3.result_total.natural_person')} 应为 10" in found[0][1].message


def test_a_request_under_a_wrong_heading_is_one_finding() -> None:
    wrong = {**ACTIVE, "t3.granted_full.natural_person": 5, "t3.granted_full.business": 3}
    found = told(wrong)
    assert [(code, v.address) for code, v in found] == [("SUM-02", "t3.result_total.natural_person")]
    assert "填错了申请人类别" in found[0][1].message
    assert "应为" not in found[0][1].message


def test_a_new_request_under_a_wrong_heading_is_one_finding() -> None:
    new = "t3.new_received."
    wrong = {**ACTIVE, f"{new}business": ACTIVE[f"{new}business"] - 1, f"{new}ngo": 1}
    found = told(wrong)
    assert [(code, v.address) for code, v in found] == [("SUM-01", "t3.result_total.business")]
    assert "商业企业列与社会公益组织列" in found[0][1].message


def test_what_no_single_cell_explains_is_told_as_it_is() -> None:
    """A row that is off while its columns hold, and a column that is off while its rows hold."""
    wrong = {**ACTIVE, "t3.granted_full.total": 9, "t3.result_total.total": 14, "t3.new_received.total": 14}
    found = told(wrong)
    assert {code for code, _ in found} == {"SUM-03"}
    assert not any("应为" in v.message for _, v in found)


def test_carried_out_above_what_is_there_speaks_for_its_column() -> None:
    wrong = {**ACTIVE, "t3.carried_out.business": 9, "t3.carried_out.total": 10}
    assert places(wrong) == [("SUM-07", "t3.carried_out.business")]


def test_unknown_cells_leave_the_other_identities_to_speak() -> None:
    requests = Requests(table("t3", cells={"t3.new_received.total": "", "t3.carried_in.ngo": "3"}))
    verdicts = {code: tuple(CATALOGUE[code].judge(t3=requests)) for code in RULES}
    kept = folding.fold(folding.suppress(verdicts, CATALOGUE))
    found = [(code, v.address) for code, vs in kept.items() for v in vs]
    assert found == [("SUM-03", "t3.carried_in.total")]


# --- suppression ----------------------------------------------------------------------------------------------------


def outcomes(verdicts: Mapping[str, tuple[Verdict, ...]], code: str) -> list[Outcome]:
    return [v.outcome for v in folding.suppress(verdicts, CATALOGUE)[code]]


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        (("SUM-10", "t2.normative_docs.in_force"), ("SUM-09", "t2.normative_docs.in_force")),
        (("SUM-07", "t3.carried_out.ngo"), ("SUM-01", "t3.result_total.ngo")),
        (("TAB-02", "t2"), ("TAB-03", "t2_2019.*.made_new")),
        (("TAB-02", "t3"), ("TAB-04", "t3.other_misc")),
        (("TAB-02", "t3"), ("TAB-11", "t3#3fa9c1")),
        (("TAB-14", "t4"), ("TAB-01", "t4")),
        (("STR-03", "s3"), ("TAB-01", "t3")),
        (("STR-18", "s6"), ("REG-SD-01", "s6")),
        (("YOY-01", "t3.carried_in.total"), ("YOY-02", "t3.carried_in.ngo")),
        (("TXT-01", "s1.a2#received_or_total"), ("TXT-02", "s1.a2#t3.new_received.total")),
        (("TXT-03", "s1.a2#received_or_total"), ("TXT-02", "s1.a2#received_or_total")),
        (("STR-23", "s5"), ("STR-16", "s5.p")),
        (("STR-27", "sections"), ("TXT-01", "s1.a2#x")),
    ],
)
def test_a_rule_silences_another(winner: tuple[str, str], loser: tuple[str, str]) -> None:
    verdicts = {winner[0]: (failed("", winner[1]),), loser[0]: (failed("", loser[1]),)}
    assert outcomes(verdicts, loser[0]) == [Outcome.NOT_APPLICABLE]
    assert outcomes(verdicts, winner[0]) == [Outcome.FAIL]
    reason = folding.suppress(verdicts, CATALOGUE)[loser[0]][0].message
    assert winner[0] in reason


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        (("SUM-07", "t3.carried_out.ngo"), ("SUM-01", "t3.result_total.business")),
        (("TAB-02", "t2"), ("TAB-03", "t3.*.ngo")),
        (("TXT-01", "s1.a2#x"), ("TXT-02", "s6.i1#x")),
        (("STR-23", "s6"), ("STR-16", "s5.p")),
        (("STR-03", "s3"), ("TAB-01", "t4")),
    ],
)
def test_another_place_is_not_silenced(winner: tuple[str, str], loser: tuple[str, str]) -> None:
    verdicts = {winner[0]: (failed("", winner[1]),), loser[0]: (failed("", loser[1]),)}
    assert outcomes(verdicts, loser[0]) == [Outcome.FAIL]


def test_a_silenced_rule_is_no_pass() -> None:
    verdicts = {
        "SUM-10": (failed("", "t2.normative_docs.in_force"),),
        "SUM-09": (passed("t2.regulations.in_force"), failed("", "t2.normative_docs.in_force")),
    }
    assert set(outcomes(verdicts, "SUM-09")) == {Outcome.NOT_APPLICABLE}


def test_the_old_free_form_silences_whole_families() -> None:
    verdicts = {
        "STR-27": (failed("", "sections"),),
        "TAB-05": (passed("t2"), not_evaluated("", "t3")),
        "STR-10": (failed("", "s1.a1"),),
    }
    assert set(outcomes(verdicts, "TAB-05")) == {Outcome.NOT_APPLICABLE}
    assert outcomes(verdicts, "STR-10") == [Outcome.FAIL]


def test_a_doubt_silences_no_certainty() -> None:
    doubt = Verdict(Outcome.REVIEW, "", "s1.a2#x")
    assert outcomes({"TXT-01": (doubt,), "TXT-02": (failed("", "s1.a2#x"),)}, "TXT-02") == [Outcome.FAIL]
    assert outcomes({"TXT-01": (doubt,), "TXT-02": (doubt,)}, "TXT-02") == [Outcome.NOT_APPLICABLE]
