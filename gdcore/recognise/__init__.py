"""Document → Report: knows the form, and no format.

Tables are found first, row by row and whatever block they stand in; what is left is prose. The prose is cut at the
level-1 headings; inside the sections the aspects, halves and items are told apart. Nothing is repaired: what was
assumed or joined is remarked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gdcore import form, text
from gdcore.document import Document
from gdcore.figure import Passage
from gdcore.place import Anchor
from gdcore.recognise import classify, disputes, identity, outline, parts, publication, requests, script
from gdcore.recognise import rows as printed
from gdcore.recognise.prose import Line, is_page_tool, lines, without_footer
from gdcore.recognise.stacked import restack
from gdcore.report import Heading, Remark, RemarkKind, Report, Section, StatTable

_FINDERS = {"t2": publication.find, "t3": requests.find, "t4": disputes.find}


def recognise(document: Document, file_name: str = "") -> Report:
    """What the document says as an annual report. Never raises for what a document holds; see `Report.rejection`.

    A document in traditional characters is read in simplified ones; see `recognise.script`.
    """
    if not script.is_traditional(document):
        return _recognised(document, file_name)
    report = _recognised(script.in_simplified(document), script.simplified(file_name))
    return script.as_printed(replace(report, file_name=file_name), document)


def _recognised(document: Document, file_name: str) -> Report:
    """What a document in simplified characters says."""
    stream = restack(printed.rows(document))
    found = {key: finder(stream) for key, finder in _FINDERS.items()}
    used = frozenset(b for instances in found.values() for _, _, blocks in instances for b in blocks)
    items = lines(document, used, outline.is_heading)
    prose = [i for i in items if isinstance(i, Line)]
    title = identity.find_title(prose)
    marks = [(min(blocks), key) for key, instances in found.items() for _, _, blocks in instances if blocks]
    stretches = outline.stretches(outline.unglued(items), marks)
    front = stretches[0].lines
    first = _behind_title(front, title)
    sections, remarks = _sections(stretches, document)
    preamble, overview = _preamble(front[first:], sections, document)
    sections, signoff = _signoff(overview)
    doubtful = any(row.stacked for row in stream)
    tables = {key: _certain(instances[0][0], doubtful) if instances else None for key, instances in found.items()}
    who = identity.identify(document, file_name, prose, title, prose[-6:])
    return Report(
        digest=document.digest,
        format=document.format,
        file_name=file_name,
        identity=who,
        sections=tuple(sections),
        headings=tuple(s.heading for s in stretches if s.heading is not None),
        preamble=tuple(line.at("preamble") for line in preamble if not is_page_tool(line)),
        beyond=tuple(line.at("sections") for s in stretches[1:] for line in s.lines if s.heading and not s.heading.key),
        signoff=signoff,
        t2=tables["t2"],
        t3=tables["t3"],
        t4=tables["t4"],
        duplicates=tuple(t for instances in found.values() for t, _, _ in instances[1:]),
        remarks=(
            *(r for instances in found.values() for _, rs, _ in instances[:1] for r in rs),
            *remarks,
            *_other_tables(document, used, sections),
        ),
        rejection=classify.reject(
            document, prose, sections, [t for t in tables.values() if t], title is not None or who.title is not None
        ),
        legibility=_legibility(document),
        metadata=dict(document.metadata),
        masthead=tuple(line.at("file") for line in _above_title(front[:first], title)),
    )


# What is not found in an image may have escaped the eye: as a fault it is one for a person to look at (待核).
IMAGE_LEGIBILITY = 0.6


def _legibility(document: Document) -> float:
    """1, or IMAGE_LEGIBILITY where any of the text was recognised in an image."""
    paragraphs = [p for _, p in document.paragraphs() if p.confidence < 1]
    cells = [c for _, table in document.tables() for row in table.rows for c in row if c.confidence < 1]
    return IMAGE_LEGIBILITY if paragraphs or cells else 1.0


def _certain(table: StatTable, stacked: bool) -> StatTable:
    """A table put together from single lines is read whole or not at all: one lost blank or repeated value, as scraped
    pages lose them, says that counting cannot be trusted.
    """
    whole = all(line.figures for grid in table.grids for line in grid.lines)
    return table if whole or not stacked else replace(table, grids=())


def _behind_title(front: Sequence[Line], title: tuple[identity.Title, Line, int] | None) -> int:
    """How many lines of the front belong to the title and the page tools above it."""
    if title is None:
        return 0
    last = title[1].anchors[-1]
    for index, line in enumerate(front):
        if line.block == last.block and line.anchors[-1].span == last.span:
            return index + 1
    return 0


def _above_title(lines: Sequence[Line], title: tuple[identity.Title, Line, int] | None) -> list[Line]:
    """Those of the title's and the earlier lines that are none of the title's."""
    own = frozenset(title[1].anchors) if title else frozenset()
    return [line for line in lines if not own.intersection(line.anchors)]


def _sections(stretches: Sequence[outline.Stretch], document: Document) -> tuple[list[Section], list[Remark]]:
    """The six sections (the first printing of each), and the remarks on what stands in them."""
    remarks: list[Remark] = []
    sections: dict[str, Section] = {}
    bodies: dict[str, list[Line]] = {}
    headings: dict[str, Heading] = {}
    current: str | None = None
    for stretch in stretches[1:]:
        heading = stretch.heading
        if heading is not None and heading.key is not None and heading.key not in headings:
            headings[heading.key] = heading
            current = heading.key
            bodies[current] = list(stretch.lines)
        elif current is not None and heading is not None and heading.key is None:
            continue
        if current is not None:
            remarks += _embedded(stretch, form.SECTION_BY_KEY[current].short)
    _split_problems(bodies, headings)
    if current is not None:
        bodies[current] = without_footer(bodies[current])
    for each in form.SECTIONS:
        if each.key in bodies:
            title = headings.get(each.key)
            sections[each.key], broken = parts.build(each.key, bodies[each.key], document.format, title)
            remarks += broken
        else:
            sections[each.key] = Section(each.key, False)
    return [sections[s.key] for s in form.SECTIONS], remarks


# A frame around text is a table to the reader; one that counts something has this many cells.
_FEWEST_CELLS = 4


def _other_tables(document: Document, used: frozenset[int], sections: Sequence[Section]) -> list[Remark]:
    """Tables of the document's own that stand in a section: what they count is not in the prose."""
    starts = [(s.heading.passage.anchors[0].block or 0, s.short) for s in sections if s.heading]
    found = []
    for index, table in document.tables():
        if index in used:
            continue
        before = [(block, short) for block, short in starts if block < index]
        filled = sum(bool(cell.text.strip()) for row in table.rows for cell in row)
        if before and filled >= _FEWEST_CELLS:
            short = max(before)[1]
            found.append(Remark(RemarkKind.OTHER_TABLE, short, (Anchor(short, table.place),)))
    return found


def _split_problems(bodies: dict[str, list[Line]], headings: dict[str, Heading]) -> None:
    """Section 五 whose heading is lost: its text stands behind table 四, under sub-headings on problems and measures."""
    if "s5_problems" in headings or "s4_review_lit" not in bodies:
        return
    body = bodies["s4_review_lit"]
    for index, line in enumerate(body):
        sub = parts.sub_heading(line)
        if sub and ("问题" in sub[0] or "不足" in sub[0]):
            bodies["s4_review_lit"], bodies["s5_problems"] = body[:index], body[index:]
            return


_IN_ATTACHMENT = re.compile(r"见附[件表]|详见附|附[件表][：:]")


def _embedded(stretch: outline.Stretch, short: str) -> list[Remark]:
    """What stands in a section in place of text: images, frames, links, and the words 见附件."""
    remarks = [Remark(RemarkKind.EMBEDDED, short, (Anchor(short, e.place),), e.kind.value) for e in stretch.embedded]
    for line in stretch.lines if short in ("s2", "s3", "s4") else ():
        if len(line.text) < 60 and _IN_ATTACHMENT.search(line.text):
            remarks.append(Remark(RemarkKind.EMBEDDED, short, line.at(short).anchors, "attachment"))
    return remarks


def _preamble(
    front: Sequence[Line], sections: list[Section], document: Document
) -> tuple[Sequence[Line], list[Section]]:
    """The lines before the first section; where section 一 has lost its heading, its aspects are found among them."""
    if sections[0].found:
        return front, sections
    subs = [(i, parts.aspect_of(s[0])) for i, line in enumerate(front) if (s := parts.sub_heading(line))]
    if len({aspect for _, aspect in subs if aspect}) < 2:
        return front, sections
    start = next(i for i, aspect in subs if aspect)
    overview, _ = parts.build("s1_overview", front[start:], document.format)
    return front[:start], [overview, *sections[1:]]


# The sign-off is looked for in this many last lines.
SIGNOFF_REACH = 5


def _signoff(sections: list[Section]) -> tuple[list[Section], tuple[Passage, ...]]:
    """The sections with agency and date taken off the end of the last one, and these."""
    last = max((i for i, s in enumerate(sections) if s.paragraphs), default=None)
    if last is None:
        return sections, ()
    section = sections[last]
    tail = section.paragraphs[-SIGNOFF_REACH:]
    cut = next((n for n, p in enumerate(tail) if len(text.plain(p.text)) <= 14 and text.dates(p.text)), None)
    if cut is None:
        return sections, ()
    first = (
        cut - 1
        if cut > 0 and len(tail[cut - 1].text) <= identity.LONGEST_AGENCY and "。" not in tail[cut - 1].text
        else cut
    )
    signed = tail[first:]
    keep = section.paragraphs[: len(section.paragraphs) - len(signed)]
    trimmed = tuple(
        replace(part, paragraphs=tuple(p for p in part.paragraphs if p not in signed)) for part in section.parts
    )
    sections = [replace(s, paragraphs=keep, parts=trimmed) if i == last else s for i, s in enumerate(sections)]
    return sections, tuple(Passage(p.text, tuple(a.under("signoff") for a in p.anchors)) for p in signed)


__all__ = ["recognise"]
