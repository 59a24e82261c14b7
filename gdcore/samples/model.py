"""What a sample report is made of: paragraphs, statistical tables by their rows, pictures, in printed order."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from gdcore import form
from gdcore.form import AgencyType, Edition

_KEPT = 2_000  # tables whose cells are kept, some 20 KB each: most agencies have the same few tables 三 and 四
AREA = "云泽县"
CITY = "澜江市"
DEFAULT_NAMES = {
    AgencyType.DEPT: f"{AREA}教育局",
    AgencyType.TOWNSHIP: f"{AREA}白鹭湾镇人民政府",
    AgencyType.SUBDISTRICT: f"{AREA}东关街道办事处",
    AgencyType.GOVERNMENT: f"{AREA}人民政府",
    AgencyType.GOV_OFFICE: f"{AREA}人民政府办公室",
    AgencyType.AUTHORIZED_ORG: f"{AREA}经济开发区管理委员会",
    AgencyType.VERTICAL: f"{AREA}气象局",
}


def scattered(text: str) -> int:
    """A number that a text stands for. Checksums are linear: with one, names of one length would choose like sentences."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


@dataclass(frozen=True, slots=True)
class Spec:
    """What a clean report is made from. Two specs that are equal make equal reports."""

    kind: AgencyType
    year: int
    active: bool
    name: str
    seed: int = 0

    @property
    def edition(self) -> Edition:
        """The edition in force for the year."""
        return Edition.of_year(self.year)

    def pick(self, slot: str, count: int, year: int | None = None) -> int:
        """A choice of 0 … count−1 for one slot: another every year (count > 1), and scattered over names."""
        return (self._hash(slot) + self.seed + (year or self.year)) % count

    def sentence(self, slot: str, count: int) -> int:
        """The same for sentences, of which two agencies must not choose many alike."""
        return (scattered(self._of(slot)) + self.seed + self.year) % count

    def between(self, slot: str, low: int, high: int) -> int:
        """An invented number of `low` … `high` that differs from year to year."""
        return low + (self._hash(slot) + 37 * self.seed + 7 * self.year) % (high - low + 1)

    def _hash(self, slot: str) -> int:
        return zlib.crc32(self._of(slot).encode())

    def _of(self, slot: str) -> str:
        return f"{self.kind}|{self.name}|{slot}"


class Style(StrEnum):
    """How a paragraph is printed. PAGE is part of a web page around the report: only HTML has it."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    SIGNOFF = "signoff"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `key` is its semantic address (`preamble`, `s1.a2`, `s3.heading`), `section` the part it is in."""

    key: str
    text: str
    section: str = ""
    style: Style = Style.TEXT


@dataclass(frozen=True, slots=True)
class DataRow:
    """A printed row: its key in the form ("" for one the form does not have), label, group key and raw values."""

    key: str
    label: str
    group: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """A column header as printed; `key` as in the form ("" for an added column)."""

    key: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class PrintedBlock:
    """A block of a table. `corner` is the cell above the row labels: 信息内容 or the 勾稽 caption."""

    block: form.Block
    title: str
    corner: str
    headers: tuple[Header, ...]
    rows: tuple[DataRow, ...]
    group_labels: tuple[tuple[str, str], ...] = ()

    def group_label(self, key: str) -> str:
        """The printed label of a group."""
        return dict(self.group_labels).get(key, "")


@dataclass(frozen=True)
class StatTable:
    """Table 二, 三 or 四. `breaks` are marks (row keys, `item5`, `item5.header`) before which it is broken in two."""

    key: str
    section: str
    blocks: tuple[PrintedBlock, ...]
    breaks: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Made once: what was printed of a table is looked up by it several times for each report."""
        return hash((self.key, self.section, self.blocks, self.breaks))


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that stands in the place of a table; plain text cannot show it."""

    key: str
    section: str


Piece = Paragraph | StatTable | Picture


@dataclass(frozen=True, slots=True)
class Sample:
    """An invented report as it will be printed. `plain` replaces the whole file when it is not None.

    `metadata` are name–value pairs that stand in the file but not in its text: core properties of a Word file
    (creator, lastModifiedBy …), meta elements of a page.
    """

    spec: Spec
    pieces: tuple[Piece, ...]
    plain: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The printed title, "" if it was taken out."""
        return next((p.text for p in self.paragraphs() if p.key == "title"), "")

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs in order."""
        return (p for p in self.pieces if isinstance(p, Paragraph))

    def tables(self) -> Iterator[StatTable]:
        """The tables in order."""
        return (p for p in self.pieces if isinstance(p, StatTable))

    def cells(self) -> dict[str, str]:
        """Address → raw of every cell that the first instance of each table prints in a row of the form's width."""
        found: dict[str, str] = {}
        for table in self.tables():
            found = {**found, **_cells(table), **found}  # the first instance counts
        return found


@lru_cache(_KEPT)
def _cells(table: StatTable) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for block in table.blocks:
        for row in block.rows:
            for address, raw in _addressed(block, row):
                found.setdefault(address, raw)
    return found


def _addressed(block: PrintedBlock, row: DataRow) -> Iterator[tuple[str, str]]:
    if row.key and len(row.values) == len(block.headers):
        for header, raw in zip(block.headers, row.values, strict=True):
            if header.key:
                yield block.block.address(row.key, header.key), raw
