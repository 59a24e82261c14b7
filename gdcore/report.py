"""The canonical model of one annual report: what `recognise` understood, and all that rules ever see of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache

from gdcore import form, wording
from gdcore.document import Format
from gdcore.figure import Figure, Passage
from gdcore.form import AgencyType, Edition
from gdcore.place import Anchor, Place
from gdcore.prose import Prose
from gdcore.record import at_hand, record


@at_hand
class Match(StrEnum):
    """How a printed label, heading or title was matched with the form's own."""

    EXACT = "exact"  # equal after normalising, or an accepted variant
    SHORTENED = "shortened"  # a unique beginning or part of the form's label
    ALIAS = "alias"  # another known name (规范性文件 in the 2021 edition; a heading of the "irregular" column)
    TYPO = "typo"  # an edit distance away
    POSITION = "position"  # by its place alone, between neighbours that are certain


@record(frozen=True, slots=True)
class Label:
    """A printed row label or column header beside the one the form prescribes; an empty `printed` was not printed."""

    key: str
    printed: Passage
    template: str
    match: Match


@record(frozen=True, slots=True)
class Line:
    """A data row of a table.

    `figures` stand in the order of the block's columns; () when the row prints another number of value cells than the
    form has (`printed` of them), so that no value may be assigned to a column.
    """

    label: Label
    figures: tuple[Figure, ...]
    printed: int


@dataclass(frozen=True, slots=True)
class ExtraLine:
    """A row with values that the form does not have; `after` is the key of the row above it, "" at the top."""

    label: Passage
    figures: tuple[Figure, ...]
    after: str


@dataclass(frozen=True)
class Grid:
    """One block as printed: table 二 has one for each 第二十条 item, tables 三 and 四 are one block each."""

    table: str
    key: str
    edition: Edition
    title: Passage | None
    headers: tuple[Label, ...]
    lines: tuple[Line, ...]
    extra_lines: tuple[ExtraLine, ...] = ()
    extra_columns: tuple[Passage, ...] = ()

    @cached_property
    def form(self) -> form.Block:
        """The block that the form prescribes."""
        return next(b for b in form.blocks(self.table, self.edition) if b.key == self.key)

    def line(self, row: str) -> Line | None:
        """The printed row with this key."""
        return next((line for line in self.lines if line.label.key == row), None)

    def cells(self) -> Iterator[tuple[str, Figure]]:
        """Each cell that was found, with its address."""
        block = self.form
        for line in self.lines:
            yield from zip(block.across(line.label.key), line.figures, strict=False)


@dataclass(frozen=True)
class StatTable:
    """Table 二, 三 or 四 as found. `edition` is that of most of its blocks; `caption` the 勾稽关系 note of table 三.

    A table without any line was seen (its labels stand there) but could not be read: that is not the same as missing.
    """

    key: str
    edition: Edition
    grids: tuple[Grid, ...]
    caption: Passage | None = None
    place: Place = field(default_factory=Place)

    def cells(self) -> Mapping[str, Figure]:
        """Address → figure of every cell that was found, blank ones included."""
        return self._cells

    @cached_property
    def _cells(self) -> dict[str, Figure]:
        cells: dict[str, Figure] = {}
        for grid in self.grids:
            for line in grid.lines:
                cells.update(zip(grid.form.across(line.label.key), line.figures, strict=False))
        return cells

    @cached_property
    def unknown(self) -> tuple[tuple[str, Figure], ...]:
        """The cells, with their addresses, that print no number or none that is certain."""
        return tuple([cell for cell in self._cells.items() if cell[1].value is None])

    def figure(self, row: str, column: str) -> Figure:
        """The figure of one cell; not known, but with its address, if the cell was not found."""
        found = self._rows.get(row, _NO_CELLS).get(column)
        if found is not None:
            return found
        prefix = next((g.form.prefix for g in reversed(self.grids) if g.line(row)), self.key)
        return Figure(None, anchors=(Anchor(f"{prefix}.{row}.{column}", self.place),))

    def across(self, row: str, columns: tuple[str, ...]) -> tuple[Figure, ...]:
        """The figures of some cells of a row; see `figure`."""
        found = self._rows.get(row, _NO_CELLS)
        return tuple([found.get(column) or self.figure(row, column) for column in columns])

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, Figure]]:
        """The figures by row and column; of two lines or cells with one key, the first."""
        rows: dict[str, dict[str, Figure]] = {}
        for grid in self.grids:
            columns = grid.form.keys
            for row, line in {line.label.key: line for line in reversed(grid.lines)}.items():
                rows[row] = dict(zip(columns, line.figures, strict=False)) | rows.get(row, {})
        return rows

    def without_places(self) -> StatTable:
        """Its numbers alone: nothing tells where they are printed, beside what, or under which labels."""
        grids = [
            Grid(g.table, g.key, g.edition, None, (), tuple([_bare(line) for line in g.lines])) for g in self.grids
        ]
        return StatTable(self.key, self.edition, tuple(grids))

    @property
    def prescribed(self) -> int:
        """How many value cells the form has for this table in the editions found."""
        if not self.grids:
            return sum(len(b.addresses()) for b in form.blocks(self.key, self.edition))
        if self.key == "t2":
            printed = {g.key: g.edition for g in self.grids}
            return sum(len(b.addresses()) for b in form.blocks("t2", self.edition) if b.key not in printed) + sum(
                len(g.form.addresses()) for g in self.grids
            )
        return len(self.grids[0].form.addresses())

    @property
    def read_share(self) -> float:
        """The share (0…1) of the form's value cells that were found: a blank or non-numeric cell was read, too."""
        return len(self.cells()) / self.prescribed

    def printed(self) -> Iterator[Passage]:
        """Its words and long values; labels that are the form's own hold nothing."""
        if self.caption:
            yield self.caption
        for grid in self.grids:
            labels = [line.label for line in grid.lines] + list(grid.headers)
            yield from [label.printed for label in labels if label.printed.text != label.template]
            yield from (
                *([grid.title] if grid.title else ()),
                *(e.label for e in grid.extra_lines),
                *grid.extra_columns,
            )
            rows = [line.figures for line in grid.lines] + [line.figures for line in grid.extra_lines]
            long = [figure for row in rows for figure in row if len(figure.raw) >= _LONG]
            yield from (Passage(figure.raw, figure.anchors, figure.confidence) for figure in long)


_NO_CELLS: Mapping[str, Figure] = {}
# Characters of a value that says more than a count: as many as the shortest number of a person has.
_LONG = 11


def _bare(line: Line) -> Line:
    label = _unprinted(line.label.key, line.label.match)
    return Line(label, tuple([_number(f.value, f.raw, f.confidence) for f in line.figures]), line.printed)


@lru_cache(maxsize=256)
def _unprinted(key: str, match: Match) -> Label:
    return Label(key, Passage(""), "", match)


@lru_cache(maxsize=1024)
def _number(value: Decimal | None, raw: str, confidence: float) -> Figure:
    """One object for all cells that print a number: most print 0."""
    return Figure(value, raw, (), confidence)


@dataclass(frozen=True, slots=True)
class RequestColumn:
    """A column of table 三: the four quantities of its identity and the details behind the third."""

    key: str
    new_received: Figure
    carried_in: Figure
    result_total: Figure
    carried_out: Figure
    details: tuple[Figure, ...]

    @property
    def address(self) -> str:
        """The column's address, e.g. `t3.natural_person`."""
        return f"t3.{self.key}"

    @property
    def name(self) -> str:
        """The column's label, e.g. 自然人."""
        return wording.column_word("t3", self.key)


# The rows of the identity of table 三, in the order of RequestColumn.
_FLOWS = ("new_received", "carried_in", "result_total", "carried_out")


@dataclass(frozen=True)
class Requests:
    """Table 三 as rules read it: by columns and rows of figures."""

    table: StatTable

    @property
    def edition(self) -> Edition:
        """The edition of its row set."""
        return self.table.edition

    @cached_property
    def block(self) -> form.Block:
        """The rows and columns the form prescribes for this edition."""
        return form.blocks("t3", self.table.edition)[0]

    @cached_property
    def columns(self) -> tuple[RequestColumn, ...]:
        """The six applicant columns and the total column, left to right."""
        details = [row for key, row in self._rows.items() if key not in form.T3_INPUTS]
        new, carried_in, results, carried_out = (self._rows[key] for key in _FLOWS)
        return tuple(
            RequestColumn(c.key, new[i], carried_in[i], results[i], carried_out[i], tuple([row[i] for row in details]))
            for i, c in enumerate(self.block.columns)
        )

    @cached_property
    def _rows(self) -> dict[str, tuple[Figure, ...]]:
        return {row.key: self.table.across(row.key, self.block.keys) for row in self.block.rows}

    def column(self, key: str) -> RequestColumn:
        """One column by key."""
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, RequestColumn]:
        return {column.key: column for column in self.columns}

    def row(self, key: str) -> tuple[Figure, ...]:
        """The seven figures of one row, applicants first, total last."""
        return self._rows[key]


@dataclass(frozen=True, slots=True)
class Heading:
    """A level-1 heading in the order read. `key` None: it is none of the six. `numeral` its number, None if without."""

    key: str | None
    passage: Passage
    numeral: int | None
    match: Match | None


@dataclass(frozen=True)
class Part:
    """A part of a section: an aspect of 一 (a1…a5), a half of 五 (p, m), an item of 六 (fee, …, i1…).

    `heading` is the sub-heading, run-in or alone on its line, None when the part was known by its content alone;
    `paragraphs` the text below it, the run-in heading's own line included without the heading.
    """

    key: str
    heading: Passage | None
    paragraphs: tuple[Passage, ...]

    @cached_property
    def text(self) -> str:
        """The text without the heading, one paragraph a line."""
        return "\n".join(p.text for p in self.paragraphs)


@dataclass(frozen=True)
class Section:
    """One of the six sections. `heading` None with `found` True: its body stands there without a heading.

    `paragraphs` is all of its prose in order (without the level-1 heading and without tables), `parts` the same divided.
    """

    key: str
    found: bool
    heading: Heading | None = None
    paragraphs: tuple[Passage, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def short(self) -> str:
        """`s1` … `s6`."""
        return form.SECTION_BY_KEY[self.key].short

    @cached_property
    def text(self) -> str:
        """The prose, one paragraph a line."""
        return "\n".join(p.text for p in self.paragraphs)

    def part(self, key: str) -> Part | None:
        """The part with this key."""
        return next((p for p in self.parts if p.key == key), None)


@at_hand
class RemarkKind(StrEnum):
    """What `recognise` saw that a rule needs and that has no other place in the model."""

    TABLE_SPLIT = "table_split"  # a block cut in two; address t2.item5, t3
    EMBEDDED = "embedded"  # image, frame, link or “见附件” inside a section; address s2; text says which
    OTHER_TABLE = "other_table"  # a table inside a section that is none of the form's; address s1
    BROKEN_LINE = "broken_line"  # a sentence or heading broken by a line end; anchors of both halves
    ASSUMED = "assumed"  # something was assumed in reading; text says what


@dataclass(frozen=True, slots=True)
class Remark:
    """Something seen while recognising. `text` quotes or explains it."""

    kind: RemarkKind
    address: str
    anchors: tuple[Anchor, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report this is, and of which year.

    `agency` is in plain form; `sources` tells for each field where it was read (标题, 落款, 网页信息, 文件名…);
    `confidence` (0…1) is that of agency and year together, 0 when one is not known.
    """

    agency: str | None = None
    agency_type: AgencyType | None = None
    level: str | None = None
    year: int | None = None
    title: Passage | None = None
    published: date | None = None
    index_number: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 0.0


class RejectionKind(StrEnum):
    """Why a readable file is not taken as an annual report."""

    WEBSITE_FORM = "website_form"
    INTERPRETATION = "interpretation"
    OTHER_REPORT = "other_report"
    ATTACHMENT_ONLY = "attachment_only"
    BLANK_FORM = "blank_form"
    NO_REPORT_TEXT = "no_report_text"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A readable file that is no annual report: the sentence for the person and what to do."""

    kind: RejectionKind
    reason: str
    remedy: str


@dataclass(frozen=True)
class Report:
    """One annual report, under the keys of the form.

    `masthead` is what is printed above the title; `narrative` every prose passage in reading order (title, preamble,
    sections, sign-off) with its address; `metadata` what the file says of itself (see also `gdcore.leftover`); `beyond`
    the prose under level-1 headings that are none of the six;
    `duplicates` further instances of a table after the first whole one; `legibility` (0…1) how sure it is that what was
    not found is not there: below 1 where characters were recognised in images.
    """

    digest: str
    format: Format
    file_name: str
    identity: Identity
    sections: tuple[Section, ...]
    headings: tuple[Heading, ...] = ()
    preamble: tuple[Passage, ...] = ()
    beyond: tuple[Passage, ...] = ()
    signoff: tuple[Passage, ...] = ()
    t2: StatTable | None = None
    t3: StatTable | None = None
    t4: StatTable | None = None
    duplicates: tuple[StatTable, ...] = ()
    remarks: tuple[Remark, ...] = ()
    rejection: Rejection | None = None
    legibility: float = 1.0
    metadata: Mapping[str, str] = field(default_factory=dict)
    masthead: tuple[Passage, ...] = ()

    def section(self, key: str) -> Section:
        """A section by key (`s1_overview`) or short key (`s1`)."""
        return self._sections[key]

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {key: section for section in self.sections for key in (section.key, section.short)}

    def table(self, key: str) -> StatTable | None:
        """`t2`, `t3` or `t4`."""
        return {"t2": self.t2, "t3": self.t3, "t4": self.t4}[key]

    @property
    def tables(self) -> tuple[StatTable, ...]:
        """The tables that were found."""
        return tuple(t for t in (self.t2, self.t3, self.t4) if t is not None)

    @cached_property
    def narrative(self) -> tuple[Passage, ...]:
        """Every prose passage in reading order."""
        title = (self.identity.title,) if self.identity.title else ()
        prose = tuple(p for s in self.sections for p in s.paragraphs)
        return (*title, *self.preamble, *prose, *self.beyond, *self.signoff)

    @cached_property
    def prose(self) -> Prose:
        """The same, made ready for rules."""
        return Prose(self.narrative)

    @cached_property
    def lines(self) -> Prose:
        """Every printed line outside the tables, made ready for rules: the level-1 headings, then the prose."""
        return Prose((*(h.passage for h in self.headings), *self.narrative))

    @cached_property
    def printed(self) -> Prose:
        """All that is printed and not the form's own, prose first, then tables: what can hold personal data."""
        tables = (passage for table in (*self.tables, *self.duplicates) for passage in table.printed())
        return Prose((*self.masthead, *self.narrative, *(h.passage for h in self.headings), *tables))

    def cells(self) -> dict[str, Figure]:
        """Address → figure of every cell found in the three tables."""
        return {address: figure for table in self.tables for address, figure in table.cells().items()}

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed in reading the report as a whole, for a person to know."""
        return tuple(r.text for r in self.remarks if r.kind is RemarkKind.ASSUMED and r.address == "report")

    def remarks_of(self, kind: RemarkKind) -> tuple[Remark, ...]:
        """The remarks of one kind, in order."""
        return tuple(r for r in self.remarks if r.kind is kind)

    def without_places(self) -> Report:
        """What others add up of it: whose it is and its numbers, without prose and without where anything is printed."""
        t2, t3, t4 = (table and table.without_places() for table in (self.t2, self.t3, self.t4))
        whose = (self.digest, self.format, self.file_name, self.identity)
        return Report(*whose, (), t2=t2, t3=t3, t4=t4, rejection=self.rejection, legibility=self.legibility)

    def reporting_year(self, task_year: int | None = None) -> int | None:
        """The year that rules go by: the task's where one is set, else the printed one."""
        return task_year or self.identity.year

    def edition(self, task_year: int | None = None) -> Edition:
        """The edition due for the reporting year; without a year, that of table 三, else the current one."""
        year = self.reporting_year(task_year)
        if year is not None:
            return Edition.of_year(year)
        return self.t3.edition if self.t3 else Edition.FMT2021
