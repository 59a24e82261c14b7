"""What rules borrow from other reports: figures without cells of this file, and when two years may be compared."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from gdcore.agency import Agency
from gdcore.catalogue import Verdicts
from gdcore.figure import Figure
from gdcore.form import Edition
from gdcore.report import Report
from gdcore.task import Task
from gdcore.verdict import not_applicable

Judge = Callable[..., Verdicts]


def borrowed(report: Report, table: str, row: str, column: str) -> Figure:
    """A figure of another report: its number and how surely it was read.

    It has no cells: an address would be lit in the file that is judged, where it is another cell.
    """
    found = report.table(table)
    if found is None:
        return Figure(None)
    figure = found.figure(row, column)
    return Figure(figure.value, figure.raw, (), figure.confidence)


def consecutive(judge: Judge) -> Judge:
    """Make a rule not applicable unless `prior` is of the year before and both years have the unified form."""
    asked = inspect.signature(judge).parameters
    needed = dict.fromkeys(("report", "prior", "task"), inspect.Parameter.empty)

    @wraps(judge)
    def gated(**facts: Any) -> Verdicts:
        if reason := _incomparable(facts["report"], facts["prior"], facts["task"]):
            return (not_applicable(reason),)
        return judge(**{name: facts[name] for name in asked if name in facts})

    defaults = needed | {name: parameter.default for name, parameter in asked.items()}
    gated.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=d) for name, d in defaults.items()]
    )
    return gated


def _incomparable(report: Report, prior: Report, task: Task) -> str:
    """Why `prior` is not what this year's numbers follow from; "" if it is."""
    year, before = report.reporting_year(task.year), prior.identity.year
    if year is None or before is None:
        return "报告年度或上年报告的年度不能确定"
    if before != year - 1:
        return f"用来比对的是 {before} 年度报告，不是 {year - 1} 年度"
    if Edition.FREE_FORM in (Edition.of_year(year), Edition.of_year(before)):
        return "2018 年度及以前没有统一格式，与上年不可比"
    return ""


def reorganised(agency: Agency | None, year: int | None) -> bool:
    """Whether the roster has the agency merged, split, renamed or set up in the year: its numbers need not follow."""
    return agency is not None and (year in agency.reorganised or (year is not None and agency.founded == year))
