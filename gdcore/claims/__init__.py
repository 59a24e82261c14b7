"""What the prose of a report asserts: quantities, denials and wholes, as claims that rules compare with the tables.

A sentence is cut into clauses, a clause at its numbers; a number is told of the nearest object (政府信息公开申请, 行政复议
…) and predicate (办结, 维持 …), and of nothing where another word stands between: a claim that is not found costs less
than one that was never made. `reading` → `quantities`, `subjects`, `grammar` → `counting`, `denying`, `summing` →
`scoping` → `Claim`; `lists` finds breakdowns and enumerations.
"""

from __future__ import annotations

from functools import lru_cache

from gdcore.claims.draft import Context, Draft
from gdcore.claims.extraction import drafts, tells
from gdcore.claims.model import Claim, Polarity, Scope
from gdcore.claims.reading import Reading, Wording
from gdcore.claims.scoping import by_area, without_carried
from gdcore.claims.subjects import Topic
from gdcore.figure import Passage
from gdcore.report import Report

__all__ = ["Claim", "Polarity", "Scope", "extract", "extract_passage", "extract_text"]

# Parts that speak of requests without naming them, and the one that speaks of the 信息处理费 so.
_ABOUT_REQUESTS = ("s1.a2", "s3")
_ABOUT_FEES = "s6.fee"


def extract(report: Report, task_year: int | None = None) -> tuple[Claim, ...]:
    """Every claim of the sections but 五, in the order told; `task_year` is the year due, where one is set.

    Section 五 tells of problems and plans, whose numbers are none of the year's totals.
    """
    year = report.reporting_year(task_year)
    passages = (p for section in report.sections if section.short != "s5" for p in section.paragraphs)
    return tuple([claim for passage in passages for claim in extract_passage(passage, year)])


def extract_text(text: str, year: int | None) -> tuple[Claim, ...]:
    """The claims of a text that is known to speak of requests and of disputes over openness."""
    return _extract(Passage(text), year, Topic.REQUESTS, Topic.REQUESTS)


def extract_passage(passage: Passage, year: int | None) -> tuple[Claim, ...]:
    """The claims of one passage; its address says what it may speak of without naming it."""
    address = passage.address
    if address.startswith(_ABOUT_REQUESTS):
        return _extract(passage, year, Topic.REQUESTS, Topic.REQUESTS)
    return _extract(passage, year, None, Topic.HANDLING_FEE if address == _ABOUT_FEES else None)


def _extract(passage: Passage, year: int | None, home: Topic | None, topic: Topic | None) -> tuple[Claim, ...]:
    reading = Reading(passage)
    return tuple([draft.claim(reading) for draft in _told(reading.plain, year, home, topic)])


@lru_cache(maxsize=512)  # that nothing was received or carried over is told in the same words by many
def _told(plain: str, year: int | None, home: Topic | None, topic: Topic | None) -> tuple[Draft, ...]:
    """The claims of a text in plain form, wherever it may be printed."""
    if not tells(plain, 0, len(plain)):
        return ()
    wording = Wording(plain)
    found = drafts(Context(wording, year, home, topic))
    return tuple(by_area(without_carried(found, plain), wording.masked)) if found else ()
