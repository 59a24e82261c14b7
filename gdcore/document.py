"""A file as its reader saw it: blocks of text, tables of cells, things that are no text. Faithful, free of meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gdcore.place import Place


class Format(StrEnum):
    """What the bytes are, decided by their content and never by the file's ending."""

    TXT = "txt"
    HTML = "html"
    DOCX = "docx"
    DOC = "doc"
    PDF = "pdf"
    OFD = "ofd"
    XLSX = "xlsx"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text that belongs together.

    `places` holds the offset in `text` at which each printed line (or page part) begins, with its place; the first
    offset is 0. `level` is the heading level that the format declares (h1, Word outline level, Markdown #), else None.
    `confidence` (0…1) is that of the reading: below 1 where characters were recognised in an image,
    and in the cells of a file that had to be repaired.
    """

    text: str
    places: tuple[tuple[int, Place], ...]
    level: int | None = None
    confidence: float = 1.0

    @property
    def place(self) -> Place:
        """Where the paragraph begins."""
        return self.places[0][1]

    def place_at(self, offset: int) -> Place:
        """Where the character at `offset` is printed."""
        found = self.place
        for start, place in self.places:
            if start > offset:
                break
            found = place
        return found


# Not frozen, though never changed: see Place.
@dataclass(slots=True, unsafe_hash=True)
class Cell:
    """A cell as printed; `row` and `column` are its upper left corner in the table's grid, from 0.

    `confidence` as in Paragraph; what was seen in an image and could not be read is U+FFFD with confidence 0.
    """

    text: str
    place: Place
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, a cell standing in the row where it begins.

    `flat` says that merges are lost (tab- or pipe-separated text): columns are mere positions in the line then.
    """

    rows: tuple[tuple[Cell, ...], ...]
    flat: bool = False

    @property
    def place(self) -> Place:
        """Where the first cell is printed."""
        return next((cell.place for row in self.rows for cell in row), Place())


class EmbeddedKind(StrEnum):
    """What stands in a document without being text."""

    IMAGE = "image"
    FRAME = "frame"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Embedded:
    """An image, a frame or a link to a file, in its place among the blocks; `text` is its caption or target."""

    kind: EmbeddedKind
    place: Place
    text: str = ""


Block = Paragraph | Table | Embedded


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read.

    `digest` is the SHA-256 of the bytes, `title` what the file's own metadata calls it (HTML title, Word core
    properties), `metadata` further name–value pairs that stand in the file but not in its text.
    """

    digest: str
    format: Format
    blocks: tuple[Block, ...]
    title: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    def paragraphs(self) -> Iterator[tuple[int, Paragraph]]:
        """Each paragraph with its block index."""
        return ((i, b) for i, b in enumerate(self.blocks) if isinstance(b, Paragraph))

    def tables(self) -> Iterator[tuple[int, Table]]:
        """Each table with its block index."""
        return ((i, b) for i, b in enumerate(self.blocks) if isinstance(b, Table))
