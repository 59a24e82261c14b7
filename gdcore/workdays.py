"""Which days are worked: as the State Council says each year, or as an office says for a year that is not out yet."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import chinese_calendar

from gdcore.errors import ConfigurationError
from gdcore.settings import Settings

FILE_NAME = "calendar.toml"
_DAY = timedelta(days=1)
_SATURDAY = 5
_PUBLISHED = frozenset(day.year for day in chinese_calendar.holidays)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days. `years` are those that an office laid down itself, with their days off and worked weekends.

    A year that neither the library nor the office knows counts Monday to Friday; `knows` tells so.
    """

    years: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def knows(self, year: int) -> bool:
        """Whether the holidays of a year are known."""
        return year in self.years or year in _PUBLISHED

    def is_workday(self, day: date) -> bool:
        """Whether a day is worked."""
        if day.year in self.years:
            return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)
        if day.year in _PUBLISHED:
            return bool(chinese_calendar.is_workday(day))  # type: ignore[no-untyped-call]
        return day.weekday() < _SATURDAY

    def after(self, day: date, count: int) -> date:
        """The day `count` working days after `day`, which itself does not count."""
        while count > 0:
            day += _DAY
            count -= self.is_workday(day)
        return day

    def left(self, today: date, due: date) -> int:
        """Working days from today until `due`: 0 on the day itself, negative by the days of the calendar once it passed."""
        if due < today:
            return (due - today).days
        return sum(self.is_workday(today + _DAY * n) for n in range(1, (due - today).days + 1))


def load(settings: Settings) -> Calendar:
    """The calendar of an office: what the library knows, and `calendar.toml` in its data folder over it.

    The file has a table a year: `[2027]` with `off` and `worked`, lists of dates. Raises ConfigurationError if it has not.
    """
    path = settings.data / FILE_NAME
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else Calendar()


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Calendar:
    try:
        years = tomllib.loads(path.read_text("utf-8"))
        off = frozenset(_days(day for year in years.values() for day in year.get("off", ())))
        worked = frozenset(_days(day for year in years.values() for day in year.get("worked", ())))
        return Calendar(frozenset(map(int, years)), off, worked)
    except (tomllib.TOMLDecodeError, AttributeError, TypeError, ValueError, UnicodeDecodeError) as error:
        remedy = "请按“[2027] off = [2027-01-01] worked = [2027-02-06]”的写法修改。"
        raise ConfigurationError(f"节假日文件 {path.name} 无法读取：{error}。", remedy) from error


def _days(values: Iterable[object]) -> Iterator[date]:
    for day in values:
        if not isinstance(day, date):
            raise ValueError("日期须写作 2027-01-01")
        yield day
