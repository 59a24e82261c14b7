"""Widths, radicals, numerals and the numbers that cells print."""

from decimal import Decimal

import pytest

from gdcore import text


def test_plain_mends_radicals_widths_and_spaces() -> None:
    assert text.plain("人⺠ 部⻔　⾃然⼈（１）") == "人民部门自然人(1)"


@pytest.mark.parametrize(
    ("spelled", "number"),
    [
        ("一", 1),
        ("两", 2),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("一千二百", 1200),
        ("三万四千", 34000),
        ("二〇二三", 2023),
        ("〇", 0),
    ],
)
def test_chinese_numbers(spelled: str, number: int) -> None:
    assert text.chinese_number(spelled) == number


@pytest.mark.parametrize("printed", ["", "件", "二件", "12"])
def test_what_is_no_chinese_number(printed: str) -> None:
    assert text.chinese_number(printed) is None


@pytest.mark.parametrize(
    ("printed", "value", "irregular"),
    [
        ("12", "12", False),
        (" 0 ", "0", False),
        ("1234.5600", "1234.5600", False),
        ("-3", "-3", False),
        ("０", "0", True),
        ("1,234", "1234", True),
        ("1 234", "1234", True),
        ("1 2", "12", True),
        ("007", "7", True),
        ("0件", "0", True),
        ("251000元", "251000", True),
        ("160.5964万元", "160.5964", True),
        ("22（其中修订 16 件）", "22", True),
        ("22\n（其中修订16件）", "22", True),
        ("增3", "3", True),
        ("减2", "-2", True),
        ("72701.25\n78", "72701.2578", False),
    ],
)
def test_cells_that_print_a_number(printed: str, value: str, irregular: bool) -> None:
    number = text.printed_number(printed)
    assert (number.value, number.irregular) == (Decimal(value), irregular)


@pytest.mark.parametrize(
    "printed", ["", "　", "/", "—", "-", "无", "0 0 0", "1O", "○", "*", "见附件", "12 3", "0 5", "三"]
)
def test_cells_that_print_no_certain_number(printed: str) -> None:
    assert text.printed_number(printed).value is None


def test_dates_and_years() -> None:
    assert [str(d) for d in text.dates("2024年1月17日，2024-02-30，2024.3.1")] == ["2024-01-17", "2024-03-01"]
    assert text.years("20231月1日至202020年，2024年") == [2024]
