"""Evidence resolved to the screen: the six sections in a strip, marked prose, and where on its pages it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from gdcore import form
from gdcore.figure import Passage
from gdcore.finding import Finding
from gdcore.place import Anchor, Place
from gdcore.report import Report, Section
from gdcore.ui.html import Html, el, join, text
from gdcore.ui.words import MATRIX_COLOURS

Span = tuple[int, int]


def addresses(finding: Finding) -> frozenset[str]:
    """All that a finding rests on: its own address and those of its anchors, without what is said there (#…)."""
    return frozenset(a.partition("#")[0] for a in (finding.address, *(x.address for x in finding.anchors)) if a)


def touched_tables(finding: Finding) -> list[str]:
    """Which of t2, t3, t4 a finding concerns."""
    heads = {a.split(".")[0].split("_")[0] for a in addresses(finding)}
    return [t for t in ("t2", "t3", "t4") if t in heads]


def strip(words: Sequence[str], titles: Sequence[str]) -> Html:
    """The nine words of the matrix for one report: what stands, what is missing, what could not be read."""
    cells = []
    for title, word in zip(titles, words, strict=True):
        ink, ground = MATRIX_COLOURS.get(word, MATRIX_COLOURS["齐"])
        css = "is unread" if word == "未识别" else "is"
        cells.append(
            el("div", el("small", title), el("span", word, class_=css, style=f"color:{ink};background:{ground}"))
        )
    return el("div", *cells, class_="strip")


# --- prose ------------------------------------------------------------------------------------------------------------


def spans(passage: Passage, anchors: Iterable[Anchor]) -> list[Span]:
    """Which characters of a passage the anchors mark; the whole of it where its pieces cannot be told apart."""
    found: list[Span] = []
    whole = (0, len(passage.text))
    offset = 0
    aligned = sum(_length(a, passage) for a in passage.anchors) == len(passage.text)
    for own in passage.anchors:
        for anchor in anchors:
            if anchor.block is None or anchor.block != own.block:
                continue
            if anchor.span is None or own.span is None:
                found.append((offset, offset + _length(own, passage)) if aligned else whole)
                continue
            start, end = max(anchor.span[0], own.span[0]), min(anchor.span[1], own.span[1])
            if start < end:
                found.append((offset + start - own.span[0], offset + end - own.span[0]) if aligned else whole)
        offset += _length(own, passage)
    return _merged(found)


def _length(anchor: Anchor, passage: Passage) -> int:
    return anchor.span[1] - anchor.span[0] if anchor.span else len(passage.text)


def _merged(found: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def marked(passage: Passage, finding: Finding | None) -> tuple[Html, bool]:
    """A passage with the finding's evidence in <mark>, and whether there was any."""
    if finding is None:
        return text(passage.text), False
    where = spans(passage, finding.anchors)
    quoted = finding.found or ""
    position = passage.text.find(quoted) if len(quoted) > 1 and passage.address in addresses(finding) else -1
    if position >= 0 and where in ([], [(0, len(passage.text))]):
        where = [(position, position + len(quoted))]
    pieces: list[Html] = []
    last = 0
    for start, end in where:
        pieces += [text(passage.text[last:start]), el("mark", passage.text[start:end])]
        last = end
    return join([*pieces, text(passage.text[last:])]), bool(where)


def prose(
    report: Report,
    finding: Finding | None = None,
    only: Collection[str] = (),
    tables: Mapping[str, Html] = MappingProxyType({}),
) -> Html:
    """The report's prose in reading order, evidence marked. `only` keeps the named sections (s1 … s6) and no rest;
    `tables` holds what stands at the end of a section, by its key."""
    lines: list[Html] = []
    if not only:
        if report.identity.title:
            lines.append(el("p", marked(report.identity.title, finding)[0], class_="title"))
        lines += _paragraphs(report.preamble, finding)
    for section in report.sections:
        if not only or section.short in only:
            lines += section_prose(section, finding)
            lines += [tables[section.key]] if section.key in tables else []
    if not only:
        lines += [el("p", marked(p, finding)[0], class_="sign") for p in report.signoff]
    return el("div", *lines, class_="prose")


def section_prose(section: Section, finding: Finding | None = None) -> list[Html]:
    """One section: its heading as printed, its paragraphs; in words where it is missing or empty."""
    due = form.SECTION_BY_KEY[section.key].heading
    about = finding is not None and finding.address.partition("#")[0] == section.short
    if section.heading:
        head, lit = marked(section.heading.passage, finding)
        lines = [el("h3", head, class_="part" if about and not lit else None)]
    else:
        state = "没有标题，正文在此" if section.found else "缺：报告中没有这一部分"
        lines = [el("h3", due, " ", el("span", f"（{state}）", class_="muted"), class_="part" if about else None)]
    parts = {p.anchors[0]: part.key for part in section.parts for p in part.paragraphs if p.anchors}
    titles = {part.heading.anchors[0] for part in section.parts if part.heading and part.heading.anchors}
    lines += _paragraphs(section.paragraphs, finding, section.short, parts, titles)
    if section.found and not section.paragraphs and section.short in ("s1", "s5", "s6"):
        lines.append(el("p", "（没有正文）", class_="none"))
    return lines


def _paragraphs(
    passages: Iterable[Passage],
    finding: Finding | None,
    section: str = "",
    parts: Mapping[Anchor, str] = MappingProxyType({}),
    titles: Collection[Anchor] = (),
) -> list[Html]:
    target = finding.address.partition("#")[0] if finding else ""
    lines = []
    for passage in passages:
        body, lit = marked(passage, finding)
        first = passage.anchors[0] if passage.anchors else None
        part = parts.get(first) if first else None
        about = not lit and bool(target) and target in (passage.address, f"{section}.{part}") and "." in target
        css = " ".join(name for name, on in (("part", about), ("sub", first in titles)) if on)
        lines.append(el("p", body, class_=css or None))
    return lines


# --- pages ------------------------------------------------------------------------------------------------------------


def pages_of(finding: Finding) -> list[int]:
    """The pages of the original that a finding points at, each once, in order."""
    return sorted({a.place.page for a in finding.anchors if a.place.page is not None})


def hidden_on(places: Iterable[Place], page: int) -> tuple[tuple[float, float, float, float], ...]:
    """The boxes on one page in which personal data stand."""
    return tuple(dict.fromkeys(p.box for p in places if p.page == page and p.box))


def boxes_on(finding: Finding, page: int) -> tuple[tuple[float, float, float, float], ...]:
    """The boxes of a finding's evidence on one page."""
    return tuple(dict.fromkeys(a.place.box for a in finding.anchors if a.place.page == page and a.place.box))
