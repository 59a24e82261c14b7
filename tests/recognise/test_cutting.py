"""Rows that the end of a page cuts in two: joined where the halves make a label, and nowhere else."""

from __future__ import annotations

import pytest

from gdcore.document import Cell
from gdcore.place import Place
from gdcore.recognise.cutting import rest_of

WIDTH = 50.0


def row(page: int, *texts: str, first: int = 0) -> list[Cell]:
    return [
        Cell(text, Place(page=page, box=(WIDTH * n, 100, WIDTH * (n + 1), 120)), 0, n)
        for n, text in enumerate(texts, first)
    ]


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        (("1.信访举报", "3", "10"), ("投诉类申请", "", ""), ["1.信访举报\n投诉类申请", "3", "10"]),
        (("1.信", "", ""), ("访举报投诉类申请", "3", "10"), ["1.信\n访举报投诉类申请", "3", "10"]),
        (("2.重复申请", "3", "10"), ("", "", "0"), ["2.重复申请", "3", "10\n0"]),
        (("2.重复申请", "3件", "10"), ("", "", "件"), ["2.重复申请", "3件", "10\n件"]),
    ],
)
def test_halves_are_joined(above: tuple[str, ...], below: tuple[str, ...], whole: list[str]) -> None:
    cells = rest_of(row(1, *above), row(2, *below))
    assert cells is not None
    assert [cell.text for cell in cells] == whole


def test_the_rest_of_a_group_that_began_further_up_is_no_hindrance() -> None:
    cells = rest_of(row(1, "1.信访举报", "3", first=1), row(2, "予处理", "投诉类申请", ""))
    assert cells is not None
    assert [cell.text for cell in cells] == ["1.信访举报\n投诉类申请", "3"]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (("2.重复申请", "3", "10"), ("3.要求提供公开出版物", "1", "2")),
        (("2.重复申请", "3", "10"), ("", "1", "2")),
        (("2.重复申请", "3", "10"), ("", "", "")),
        (("结果维持", "结果纠正", "总计"), ("3", "1", "4")),
        (("一、本年新收政府信息公开申请数量", "3", "10"), ("小计", "1", "2")),
    ],
)
def test_whole_rows_are_not(above: tuple[str, ...], below: tuple[str, ...]) -> None:
    assert rest_of(row(1, *above), row(2, *below)) is None
