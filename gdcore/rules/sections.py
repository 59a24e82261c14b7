"""What the rules on sections and prose share: which reports they are for, what veils a section, how much it says."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from gdcore import form, text
from gdcore.catalogue import Verdicts
from gdcore.figure import Passage
from gdcore.form import Edition
from gdcore.report import Part, RemarkKind, Report, Section
from gdcore.verdict import Verdict, doubtful, failed, not_applicable, not_evaluated

Judge = Callable[..., Verdicts]

# Characters, punctuation included, below which the body of 一 or 五 says nothing.
HOLLOW = 20
# A heading is a whole line of at most this many characters.
HEADING_LIMIT = 40

_OUTSIDE = {
    Edition.FREE_FORM: "2018 年度及以前没有统一格式",
    Edition.FMT2019: "2019、2020 年度的格式没有这项要求",
    Edition.FMT2021: "现行格式没有这项要求",
}
_NOTHING = re.compile(r"(暂?无|没有|不涉及|无其[他它](需要)?报告的?事项)。?")


def under(*editions: Edition) -> Callable[[Judge], Judge]:
    """Make a rule not applicable to reports for whose year another edition is due."""

    def gate(judge: Judge) -> Judge:
        asked = tuple(inspect.signature(judge).parameters)

        @wraps(judge)
        def gated(**facts: Any) -> Verdicts:
            due = facts["report"].edition(facts["task"].year)
            if due not in editions:
                return (not_applicable(_OUTSIDE[due]),)
            return judge(**{name: facts[name] for name in asked})

        needs = dict.fromkeys((*asked, "report", "task"))
        gated.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in needs]
        )
        return gated

    return gate


unified = under(Edition.FMT2019, Edition.FMT2021)
since_2021 = under(Edition.FMT2021)


def veiled(report: Report, address: str) -> bool:
    """Whether an image, frame, link or attachment stands in this part: what it shows was not read."""
    return any((r.address + ".").startswith(address + ".") for r in report.remarks_of(RemarkKind.EMBEDDED))


def lacking(report: Report, address: str) -> Callable[..., Verdict]:
    """How to tell that something is not there: `failed`, or `doubtful` where an image may show it.

    A frame or a link beside prose is the web page's own furniture.
    """
    remarks = report.remarks_of(RemarkKind.EMBEDDED)
    return doubtful if any(r.address == address and r.text in ("image", "attachment") for r in remarks) else failed


def heading_of(report: Report, key: str) -> tuple[Passage, ...]:
    """A section's heading as evidence of what is missing below it; () where it has none."""
    heading = report.section(key).heading
    return (heading.passage,) if heading else ()


_OLD_TITLES = (
    r"概述",
    r"收费.{0,4}减免|减免.{0,4}情况",
    r"咨询(处理|受理|情况)",
    r"机构(和人员|及人员)?建设|机构和?人员|人员和?(收支|经费)",
)


def old_headings(report: Report) -> tuple[Passage, ...]:
    """The level-1 headings of the years up to 2018, one of each kind: 概述, 收费及减免, 咨询处理, 机构建设."""
    headings = [(h.passage, text.bare(h.passage.text)) for h in report.headings]
    kinds = (next((p for p, title in headings if re.search(kind, title)), None) for kind in _OLD_TITLES)
    return tuple(p for p in kinds if p)


def is_free_form(report: Report) -> bool:
    """Whether a report keeps the structure of the years up to 2018 (STR-27): two of its headings and no table 三."""
    return report.t3 is None and len(old_headings(report)) > 1


def said(section: Section | Part) -> str:
    """The body in plain form, on one line."""
    return text.plain(section.text)


def passages(part: Part) -> tuple[Passage, ...]:
    """All of a part: its sub-heading, if it has one, and what stands below it."""
    return ((part.heading,) if part.heading else ()) + part.paragraphs


def is_nothing(body: str) -> bool:
    """Whether a body in plain form only says that there is nothing: 无。"""
    return _NOTHING.fullmatch(body) is not None


def is_hollow(section: Section) -> bool:
    """Whether 一 or 五 has a body that says nothing, which STR-23 tells for all other rules."""
    return len(said(section)) < HOLLOW


def unusable(report: Report, key: str) -> Verdict | None:
    """Why the body of a section cannot be judged: it is missing, an image, or says nothing (STR-01…06, STR-23)."""
    section = report.section(key)
    if not section.found:
        return not_applicable(f"没有“{form.SECTION_BY_SHORT[key].heading}”部分，已另行指出", key)
    hollow = is_hollow(section) if key != "s6" else not said(section)
    if hollow and veiled(report, key):
        return not_evaluated("该部分内容是图片、附件或链接，未能识别", key)
    if hollow:
        return not_applicable("该部分没有实质内容，已另行指出", key)
    return None


def leads(passages: Iterable[Passage]) -> Iterator[tuple[Passage, str]]:
    """Each passage with the sub-heading it opens with, in bare form: its words up to the first stop, if ≤ 40 characters."""
    for passage in passages:
        lead = re.split(r"[。:：]", passage.text.strip(), maxsplit=1)[0]
        if 0 < len(lead) <= HEADING_LIMIT:
            yield passage, form.label_core(lead)
