"""What is known of a check beside reports and roster: what is being collected, and what a government adds up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, timezone

from gdcore.report import Report

# Offices count their days by China's clock, wherever the server stands.
LOCAL_TIME = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Task:
    """What is being collected: the reports on `year`; `submitted` is the day on which the office received this one.

    Without a year, TIM-04 has nothing to compare. `archived`: the archive holds reports of the year before, so that one
    may be missed there (YOY-12).
    """

    year: int | None = None
    submitted: date | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Subordinates:
    """The reports that a government's report adds up, and the names of the agencies whose report is not there."""

    reports: tuple[Report, ...]
    missing: tuple[str, ...] = ()
