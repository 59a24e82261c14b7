"""Which link of a page leads to an agency's report on a year, where the page is not the report itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from gdcore import bodies, text
from gdcore.readers.links import Link
from gdcore.recognise.identity import parse_title

_ABOUT = re.compile(r"(?:信息|政务)公开.{0,20}(?:报告|年报)|年度报告|年报")
_OTHER = re.compile(r"解读|图解|一图|网站.{0,10}(?:报表|年报)|法治政府|要点|指南|目录|制度|申请表|通知")


def fitting(links: Sequence[Link], agency: str, year: int, titled: bool = False) -> Link | None:
    """The one link that fits best; None where none does, or where several fit alike.

    A title of the year and the agency's own counts most, whatever it leads to; unless only that is asked for (`titled`),
    then a file that calls itself a report, then the only file of the page, then where the page itself sends a browser.
    """
    ranked = [(rank, link) for link in links if (rank := _rank(link, agency, year)) > (_NAMED if titled else 0)]
    best = max((rank for rank, _ in ranked), default=0)
    candidates = [link for rank, link in ranked if rank == best]
    if not candidates and not titled:
        candidates = _only_file(links, year) or [link for link in links if link.sends]
    return candidates[0] if candidates and (len(candidates) == 1 or _one_report(candidates)) else None


_NAMED = 1  # the rank of a file that calls itself a report; a title has a higher one


def _rank(link: Link, agency: str, year: int) -> int:
    said = _stem(link.text)
    title = parse_title(said)
    if title is not None:
        own = not title.agency or bodies.same_body(title.agency, agency)
        if not own or title.year not in (None, year) or (title.year is None and not link.is_file):
            return 0
        return _NAMED + 1 + 2 * bool(title.agency) + (title.year is not None)
    plain = text.plain(said)
    years = text.years(plain)
    if link.is_file and _ABOUT.search(plain) and not _OTHER.search(plain) and (not years or year in years):
        return _NAMED
    return 0


def _only_file(links: Sequence[Link], year: int) -> list[Link]:
    """The files of a page, if there is one only and nothing says that it is something else."""
    files = [link for link in links if link.is_file]
    fit = [f for f in files if not _OTHER.search(f.text) and (not text.years(f.text) or year in text.years(f.text))]
    return fit if len(files) == 1 else []


def _one_report(candidates: Sequence[Link]) -> bool:
    """Whether these are one report in several formats: files that are called the same but for their ending."""
    return all(link.is_file for link in candidates) and len({text.bare(_stem(link.text)) for link in candidates}) == 1


def _stem(said: str) -> str:
    """What a link says, without a file's ending and without what stands around a title in lists."""
    name = PurePath(said).stem if re.search(r"\.(?:docx?|wps|pdf|ofd)$", said, re.IGNORECASE) else said
    name = re.sub(r"^\s*(?:附件\s*\d*\s*[：:.、]?|[·•▪\-–—\d]{1,3}[.、]?\s)\s*", "", name)
    return re.sub(r"\s*[\[(（]?20\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）]?\s*$", "", name)
