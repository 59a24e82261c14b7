"""Arithmetic that keeps its evidence and spreads what is not known."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gdcore.figure import Figure, Passage, total
from gdcore.place import Anchor, Place
from gdcore.verdict import Outcome, equal


def _figure(value: int | None, address: str, confidence: float = 1.0) -> Figure:
    return Figure(None if value is None else Decimal(value), str(value), (Anchor(address, Place(line=1)),), confidence)


def test_sums_carry_the_cells_along() -> None:
    result = _figure(2, "t3.a.total") + _figure(3, "t3.b.total", 0.7) - _figure(1, "t3.a.total")
    assert result.value == 4
    assert [a.address for a in result.anchors] == ["t3.a.total", "t3.b.total"]
    assert result.confidence == 0.7


@given(st.lists(st.none() | st.integers(0, 10**6), min_size=1))
def test_one_unknown_makes_the_sum_unknown(values: list[int | None]) -> None:
    result = total(_figure(v, f"t3.r{i}.total") for i, v in enumerate(values))
    assert (result.value is None) == (None in values)
    assert len(result.anchors) == len(values)


def test_an_unread_cell_is_never_a_pass() -> None:
    verdict = equal(_figure(None, "t3.a.total"), _figure(0, "t3.b.total"), "", "t3.a.total")
    assert verdict.outcome is Outcome.NOT_EVALUATED


def test_part_of_a_passage_narrows_its_anchors() -> None:
    passage = Passage("甲乙丙丁戊", (Anchor("s1", Place(line=1), 4, (10, 12)), Anchor("s1", Place(line=2), 5, (0, 3))))
    part = passage.part(1, 3)
    assert part.text == "乙丙"
    assert [(a.block, a.span) for a in part.anchors] == [(4, (11, 12)), (5, (0, 1))]
