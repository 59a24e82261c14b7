"""Working days: the State Council's, an office's own, and Monday to Friday where nobody knows."""

from datetime import date

import desk
import pytest

from gdcore import workdays
from gdcore.errors import ConfigurationError


@pytest.fixture
def calendar(tmp_path):
    def write(text):
        (tmp_path / workdays.FILE_NAME).write_text(text, "utf-8")
        return workdays.load(desk.settings_in(tmp_path))

    return write


def test_a_holiday_is_not_worked_and_a_weekend_moved_for_it_is(tmp_path):
    calendar = workdays.load(desk.settings_in(tmp_path))
    assert calendar.knows(2024)
    assert [calendar.is_workday(date(2024, 2, day)) for day in (4, 9, 10, 18, 19)] == [True, True, False, True, True]
    assert calendar.after(date(2024, 2, 8), 2) == date(2024, 2, 18)


def test_days_left_are_working_days_and_days_gone_those_of_the_calendar(tmp_path):
    calendar = workdays.load(desk.settings_in(tmp_path))
    due = date(2024, 1, 31)
    assert [calendar.left(date(2024, 1, day), due) for day in (26, 27, 31)] == [3, 3, 0]
    assert calendar.left(date(2024, 2, 6), due) == -6


def test_a_year_that_is_not_out_counts_monday_to_friday(tmp_path):
    calendar = workdays.load(desk.settings_in(tmp_path))
    assert not calendar.knows(2099)
    assert [calendar.is_workday(date(2099, 1, day)) for day in range(1, 8)] == [
        True,
        True,
        False,
        False,
        True,
        True,
        True,
    ]


def test_an_office_lays_down_a_year_that_is_not_out(calendar):
    own = calendar("[2099]\noff = [2099-01-01]\nworked = [2099-01-03]\n")
    assert own.knows(2099)
    assert [own.is_workday(date(2099, 1, day)) for day in (1, 2, 3, 4)] == [False, True, True, False]


@pytest.mark.parametrize("text", ["[2099]\noff = ['2099-01-01']", "2099 = 1", "[year]\noff = []", "[2099"])
def test_a_calendar_that_cannot_be_read_is_told(calendar, text):
    with pytest.raises(ConfigurationError, match="节假日文件"):
        calendar(text)
