"""Plain text and Markdown: lines to paragraphs, lines with tabs or pipes to flat tables, hard-wrapped lines joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gdcore.document import Block, Cell, Paragraph, Table
from gdcore.place import Place
from gdcore.readers import encoding
from gdcore.readers.content import Content
from gdcore.text import width

_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?|\|\s*:?-+:?\s*\|")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_BAR = re.compile(r"(?<!\\)[|｜]")
_MARK = re.compile(
    r"(?:[（(]\s*[一二三四五六七八九十\d]{1,3}\s*[)）]|[一二三四五六七八九十]{1,3}\s*[、.．]|\d{1,2}\s*(?:、|[.．](?!\d))"
    r"|第[一二三四五六七八九十百\d]{1,4}[章节条款项部]|[①-⑳])"
)
_PAGE_NUMBER = re.compile(r"[-—–－]\s*\d{1,3}\s*[-—–－]|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?")
_SENTENCE = re.compile(r"[。；！？]")
_ENDS_SENTENCE = re.compile(r"[。！？：；:;!?][”’）)]*$")

LONGEST_WRAP = 200  # columns: no editor breaks lines later
SHORTEST_WRAP = 40  # columns: shorter lines are headings or entries
WRAP_SPREAD = 3  # columns by which a full line may fall short: a full-width character and a half one
RAGGED_SPREAD = 9  # columns by which a line cut in mid-sentence may fall short (proportional figures, quotation marks)
WRAPPED_LINES = 8  # full lines from which a text counts as hard-wrapped
WRAPPED_SHARE = 0.5  # of the longer lines that must be full


@dataclass(frozen=True, slots=True)
class _Line:
    number: int  # from 1
    text: str  # without white space at its ends, except tabs of a table line
    cells: tuple[str, ...] | None = None  # of a line that belongs to a table
    mark: str = ""  # what separates the cells


def read(data: bytes) -> Content:
    """Paragraphs and flat tables of a text file, each with its line number."""
    return Content(tuple(_blocks(encoding.decode(data))))


def _blocks(text: str) -> Iterator[Block]:
    lines: list[_Line] = []
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        lines.append(_line(number, raw.replace("\f", ""), bool(lines) and lines[-1].mark == "\t"))
    lines = _without_page_numbers(lines)
    wrap = _wrap_width(lines)
    tables = 0
    for run in _runs(lines):
        if run[0].cells is None:
            yield from _paragraphs(run, wrap)
            continue
        rows = [line for n, line in enumerate(run) if not _is_rule(line.text, n)]
        if rows:
            tables += 1
            yield _table(_unbordered(rows), tables)


def _without_page_numbers(lines: Sequence[_Line]) -> list[_Line]:
    """The lines without “— 3 —” and the blank lines around it: what it parts goes on behind it."""
    result: list[_Line] = []
    parted = False
    for line in lines:
        if line.cells is None and _PAGE_NUMBER.fullmatch(line.text):
            parted = True
            while result and _is_blank(result[-1]):
                result.pop()
        elif not (parted and _is_blank(line)):
            parted = False
            result.append(line)
    return result


def _is_blank(line: _Line) -> bool:
    return line.cells is None and not line.text


def _is_rule(text: str, position: int) -> bool:
    """The line under a Markdown table's head; further down single dashes are entries."""
    return bool(_RULE.fullmatch(text)) and (position == 1 or "--" in text)


def _line(number: int, raw: str, in_table: bool) -> _Line:
    if "\t" in raw and not _indented(raw, in_table):
        return _Line(number, raw, tuple(cell.strip() for cell in raw.split("\t")), "\t")
    text = raw.strip()
    if _BAR.search(text):
        return _Line(number, text, tuple(cell.strip().replace("\\|", "|") for cell in _BAR.split(text)), "|")
    return _Line(number, text)


def _unbordered(rows: Sequence[_Line]) -> Sequence[_Line]:
    """The lines without what stands outside their outer bars, if all of them have one at that end: where only some
    do, it parts a blank cell from the next.
    """
    barred = [line.cells or () for line in rows if line.mark == "|"]
    first = bool(barred) and all(not cells[0] for cells in barred)
    last = bool(barred) and all(len(cells) > 2 and not cells[-1] for cells in barred)
    return [replace(line, cells=(line.cells or ())[first : -1 if last else None]) for line in rows]


def _indented(raw: str, in_table: bool) -> bool:
    """A line of prose whose tabs only indent it, or follow its number."""
    filled = [cell.strip() for cell in raw.split("\t") if cell.strip()]
    if len(filled) <= 1:
        sentence = bool(filled and _SENTENCE.search(filled[0]))
        return sentence or (not in_table and (not filled or raw.startswith("\t")))
    return len(filled) == 2 and bool(_MARK.fullmatch(filled[0])) and bool(_SENTENCE.search(filled[1]))


def _runs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Neighbouring lines of one kind (prose, tabs, pipes); a blank line ends a run."""
    run: list[_Line] = []
    for line in lines:
        blank = _is_blank(line)
        if run and (blank or run[-1].mark != line.mark):
            yield from _checked(run)
            run = []
        if not blank:
            run.append(line)
    if run:
        yield from _checked(run)


def _checked(run: list[_Line]) -> Iterator[list[_Line]]:
    """One pipe in a single line of prose makes no table."""
    lone = len(run) == 1 and run[0].mark == "|" and len(run[0].cells or ()) == 2 and not run[0].text.startswith("|")
    if lone:
        yield [_Line(run[0].number, run[0].text)]
    else:
        yield run


def _table(rows: Sequence[_Line], number: int) -> Table:
    def cell(line: _Line, r: int, c: int, text: str) -> Cell:
        return Cell(text, Place(line=line.number, table=number, row=r + 1, column=c + 1), r, c)

    cells = (tuple(cell(line, r, c, text) for c, text in enumerate(line.cells or ())) for r, line in enumerate(rows))
    return Table(tuple(cells), flat=True)


def _wrap_width(lines: Sequence[_Line]) -> int | None:
    """The width in columns at which the text was broken by hand or by an editor; None if it was not."""
    widths = Counter(width(line.text) for line in lines if line.cells is None)
    long = {w: n for w, n in widths.items() if w >= SHORTEST_WRAP}
    total = sum(long.values())
    if not total:
        return None

    def full(w: int) -> int:
        return sum(n for other, n in long.items() if w - WRAP_SPREAD <= other <= w)

    best = max(long, key=lambda w: (full(w), -w))
    beyond = sum(n for w, n in long.items() if w > best + RAGGED_SPREAD)
    wrapped = full(best) >= max(WRAPPED_LINES, WRAPPED_SHARE * total) and beyond <= 0.05 * total
    return best if wrapped and best <= LONGEST_WRAP else None


def _paragraphs(run: Sequence[_Line], wrap: int | None) -> Iterator[Paragraph]:
    group: list[_Line] = []
    for line in run:
        if group and not (wrap and _continues(group[-1].text, line.text, wrap)):
            yield _paragraph(group)
            group = []
        group.append(line)
    yield _paragraph(group)


def _continues(text: str, following: str, wrap: int) -> bool:
    if _MARK.match(following) or _HEADING.fullmatch(text) or _HEADING.fullmatch(following):
        return False
    short = wrap - width(text)
    return short <= WRAP_SPREAD or (short <= RAGGED_SPREAD and not _ENDS_SENTENCE.search(text))


def _paragraph(lines: Sequence[_Line]) -> Paragraph:
    heading = _HEADING.fullmatch(lines[0].text) if len(lines) == 1 else None
    if heading:
        return Paragraph(heading[2], ((0, Place(line=lines[0].number)),), len(heading[1]))
    text, places = "", []
    for line in lines:
        if text and text[-1].isascii() and line.text[0].isascii() and text[-1].isalpha() and line.text[0].isalpha():
            text += " "
        places.append((len(text), Place(line=line.number)))
        text += line.text
    return Paragraph(text, tuple(places))
