"""Tables as the form has them with one thing changed, and what the rules say of a report that has them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from printed import NATIONAL, passage

from gdcore.report import Match, Report, StatTable
from gdcore.rules import CATALOGUE
from gdcore.verdict import Outcome, Verdict


def judge(code: str, subject: Report, **more: Any) -> list[Verdict]:
    """What a rule says of a report under the national profile, with no year asked for."""
    rule = CATALOGUE[code]
    known = {
        "report": subject,
        "t2": subject.t2,
        "profile": NATIONAL,
        "task": SimpleNamespace(year=None),
        **more,
    }
    return list(rule.judge(**{need: known[need] for need in rule.needs if need in known}))


def told(code: str, subject: Report, **more: Any) -> list[tuple[Outcome, str]]:
    """(outcome, address) of what becomes a finding."""
    return [(v.outcome, v.address) for v in judge(code, subject, **more) if v.outcome in ("fail", "review")]


def outcomes(code: str, subject: Report, **more: Any) -> list[tuple[Outcome, str]]:
    """(outcome, address) of every verdict."""
    return [(v.outcome, v.address) for v in judge(code, subject, **more)]


def with_block(subject: StatTable, other: StatTable, key: str, **fields: Any) -> StatTable:
    """The table with one block of another table, changed, in the place of its own."""
    (grid,) = (replace(g, **fields) for g in other.grids if g.key == key)
    return replace(subject, grids=tuple(grid if g.key == key else g for g in subject.grids))


def figures_changed(subject: StatTable, cells: set[str], **fields: Any) -> StatTable:
    """The table with the figures of some cells changed."""
    lines = tuple(
        replace(line, figures=tuple(replace(f, **fields) if f.address in cells else f for f in line.figures))
        for line in subject.grids[0].lines
    )
    return shaped(subject, lines=lines)


def shaped(subject: StatTable, **fields: Any) -> StatTable:
    """The table with its first block changed."""
    return replace(subject, grids=(replace(subject.grids[0], **fields), *subject.grids[1:]))


def relabelled(subject: StatTable, row: str, printed: str, match: Match) -> StatTable:
    """The table with another label printed on a row."""
    lines = tuple(
        replace(line, label=replace(line.label, printed=passage(printed, f"{subject.key}.{row}"), match=match))
        if line.label.key == row
        else line
        for line in subject.grids[0].lines
    )
    return shaped(subject, lines=lines)


def without(subject: StatTable, *rows: str) -> StatTable:
    """The table without some rows of its first block."""
    return shaped(subject, lines=tuple(line for line in subject.grids[0].lines if line.label.key not in rows))


def widths(subject: StatTable, counts: dict[str, int]) -> StatTable:
    """The table with rows that print so many cells and therefore have no figures."""
    return shaped(
        subject,
        lines=tuple(
            replace(line, figures=(), printed=counts[line.label.key]) if line.label.key in counts else line
            for line in subject.grids[0].lines
        ),
    )
