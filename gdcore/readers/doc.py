"""Old Word files and WPS files (.doc, .wps): paragraphs with the numbers Word prints, tables, text boxes, images."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from gdcore.document import Block, Embedded, EmbeddedKind, Paragraph, Table
from gdcore.errors import DamagedFile, UnreadableFile, UnsupportedFormat
from gdcore.place import Place
from gdcore.readers import docx, grid, office, wordfile, wordlists
from gdcore.readers.content import Content
from gdcore.readers.numbering import Numbering, Standing
from gdcore.readers.ole import DAMAGED
from gdcore.readers.wordfile import OldWordFile, WordFile

MAX_DEPTH: Final = 12  # tables inside tables
MAX_PARAGRAPHS: Final = 200_000
SAME_EDGE: Final = 40  # twips (2 pt) within which cell borders of different rows are one

_CELL, _PAGE, _PARAGRAPH = "\x07", "\x0c", "\r"
_FIELD_BEGIN, _FIELD_SEPARATOR, _FIELD_END = "\x13", "\x14", "\x15"
_PICTURE = "\x01"
_SIGNS = {"\t": "\t", "\x0b": "\n", "\x0e": "\n", "\x1e": "-"}
_IN_TABLE, _ROW_END, _DEPTH, _DEEPER = 0x2416, 0x2417, 0x6649, 0x664A
_INNER_CELL_END, _INNER_ROW_END = 0x244B, 0x244C
_ROW, _MERGE, _MERGE_DOWN = 0xD608, 0x5624, 0xD62B
_ACROSS, _CONTINUES, _RESTARTS = 0x03, 0x20, 0x40  # of a cell's flags
REPAIRED: Final = 0.6  # confidence of the cells of a file that another program had to repair
_TC = 20  # bytes of a cell's description


def read(data: bytes) -> Content:
    """The document's blocks in order.

    Files of Word before 97, and those whose properties cannot be followed, are given to LibreOffice where it is
    installed; the cells of the latter are in doubt. Raises EncryptedFile, DamagedFile (for a container or a text that is not whole, too: half a report must
    not pass for a report), and UnsupportedFormat.
    """
    try:
        file = wordfile.read(data)
        walk = _Walk(file, wordlists.lists(file), wordlists.styles(file))
        blocks = walk.blocks_between(0, file.main)
        blocks += [block for start, end in file.boxes.get(-1, ()) for block in walk.blocks_between(start, end)]
    except OldWordFile as error:
        return _converted(data, "MS Word 95", UnsupportedFormat("这是 Word 97 以前的文件，暂不能读取。"), error)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        return _doubted(_converted(data, "MS Word 97", DamagedFile(DAMAGED), error))
    return Content(tuple(blocks), file.about.get("title"), file.about)


def _converted(data: bytes, filter_name: str, refusal: UnreadableFile, cause: Exception) -> Content:
    made = office.to_docx(data, filter_name)
    if made is None:
        raise refusal from cause
    return docx.read(made)


def _doubted(content: Content) -> Content:
    """What was made of a broken file, its cells in doubt: where a row's borders are broken, figures may have moved."""
    blocks = (
        replace(block, rows=tuple(tuple(replace(cell, confidence=REPAIRED) for cell in row) for row in block.rows))
        if isinstance(block, Table)
        else block
        for block in content.blocks
    )
    return replace(content, blocks=tuple(blocks))


# --- what the file says of a paragraph and of a row ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """Cell borders of a table row in twips, one more than cells, and each cell's flags."""

    edges: tuple[int, ...] = ()
    flags: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ending:
    """A paragraph's place among tables: how deep it stands, and what its mark ends there."""

    depth: int
    cell: bool
    row: _Row | None


def _ending(mark: str, properties: Sequence[tuple[int, bytes]]) -> _Ending:
    said = dict(properties)

    def on(code: int) -> bool:
        return bool(said.get(code, b"\0")[:1] not in (b"\0", b""))

    depth = int.from_bytes(said.get(_DEPTH, b""), "little", signed=True) + int.from_bytes(
        said.get(_DEEPER, b""), "little"
    )
    if not depth and (on(_IN_TABLE) or mark == _CELL):
        depth = 1
    depth = max(0, min(depth, MAX_DEPTH))
    inner = depth > 1
    ends_row = depth > 0 and (on(_INNER_ROW_END) if inner else on(_ROW_END))
    ends_cell = depth > 0 and (on(_INNER_CELL_END) if inner else mark == _CELL)
    return _Ending(depth, ends_cell, _row(properties) if ends_row else None)


def _row(properties: Sequence[tuple[int, bytes]]) -> _Row:
    edges: tuple[int, ...] = ()
    flags: list[int] = []
    for code, operand in properties:
        if code == _ROW and operand:
            count = operand[0]
            edges = struct.unpack_from(f"<{count + 1}h", operand, 1)
            cells = operand[1 + 2 * (count + 1) :]
            flags = [int.from_bytes(cells[_TC * n : _TC * n + 2], "little") for n in range(count)]
        elif code == _MERGE and len(operand) == 2:
            for n in range(operand[0], min(operand[1], len(flags))):
                flags[n] = flags[n] & ~_ACROSS | (1 if n == operand[0] else 2)
        elif code == _MERGE_DOWN and len(operand) == 2 and operand[0] < len(flags):
            flags[operand[0]] = flags[operand[0]] & ~(_CONTINUES | _RESTARTS) | (operand[1] & 3) << 5
    return _Row(edges, tuple(flags))


# --- paragraphs and tables as they nest ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph as stored: its printed text, where its mark is, the shapes and pictures in it."""

    text: str
    standing: Standing
    pictures: int
    shapes: tuple[int, ...]


@dataclass(slots=True)
class _Grid:
    """A table under way: finished rows, and the cells of the row being read."""

    rows: list[tuple[list[list[_Text | _Grid]], _Row]] = field(default_factory=list)
    cells: list[list[_Text | _Grid]] = field(default_factory=list)
    cell: list[_Text | _Grid] = field(default_factory=list)

    def end_cell(self) -> None:
        self.cells.append(self.cell)
        self.cell = []

    def end_row(self, row: _Row) -> None:
        if self.cell and any(not isinstance(node, _Text) or node.text for node in self.cell):
            self.end_cell()
        self.rows.append((self.cells, row))
        self.cells, self.cell = [], []

    def close(self) -> None:
        """End a row that was left open."""
        if self.cells or self.cell:
            self.end_row(_Row())


_Node = _Text | _Grid


@dataclass(slots=True)
class _Walk:
    """One pass over the text; lists count on in its order."""

    file: WordFile
    lists: Numbering
    styles: Mapping[int, Standing]
    fields: list[str] = field(default_factory=list)  # open fields, outermost first: "code" or "result"
    paragraphs: int = 0
    tables: int = 0

    def blocks_between(self, start: int, end: int) -> list[Block]:
        """The blocks of the characters from `start` up to `end`."""
        self.fields = []
        return list(self._blocks(self._nodes(start, end)))

    def _nodes(self, start: int, end: int) -> list[_Node]:
        """Paragraphs and tables as they nest."""
        body: list[_Node] = []
        open_: list[_Grid] = []
        for text, ending in self._texts(start, end):
            while len(open_) > ending.depth:
                open_.pop().close()
            while len(open_) < ending.depth:
                table = _Grid()
                (open_[-1].cell if open_ else body).append(table)
                open_.append(table)
            if not open_:
                body.append(text)
            elif ending.row is not None:
                open_[-1].end_row(ending.row)
            else:
                open_[-1].cell.append(text)
                if ending.cell:
                    open_[-1].end_cell()
        while open_:
            open_.pop().close()
        return body

    def _texts(self, start: int, end: int) -> Iterator[tuple[_Text, _Ending]]:
        """Each paragraph with what its mark ends."""
        text, begin, count = self.file.text, start, 0
        for at in range(start, end):
            if text[at] not in (_PARAGRAPH, _CELL, _PAGE) and at + 1 < end:
                continue
            style, properties = self.file.paragraph(at)
            own = wordlists.standing(properties).under(self.styles.get(style, Standing()))
            yield self._text(begin, at + 1, own), _ending(text[at], properties)
            begin, count = at + 1, count + 1
            if count > MAX_PARAGRAPHS:
                raise DamagedFile("Word 文件的段落多得不合常理，无法读取。")

    def _text(self, start: int, end: int, standing: Standing) -> _Text:
        """What is printed of these characters; the codes of fields, deleted and hidden text are not."""
        parts, pictures, shapes = [], 0, []
        for at in range(start, end):
            char = self.file.text[at]
            if self.file.silent[at]:
                continue
            if char in (_FIELD_BEGIN, _FIELD_SEPARATOR, _FIELD_END):
                _follow(char, self.fields)
            elif "code" in self.fields:
                continue
            elif char >= " ":
                parts.append(char)
            elif char == _PICTURE:
                pictures += 1
            else:
                parts.append(_SIGNS.get(char, ""))
            if at in self.file.boxes:
                shapes.append(at)
        return _Text(wordfile.whole("".join(parts)).strip(), standing, pictures, tuple(shapes))

    # --- blocks

    def _blocks(self, nodes: Sequence[_Node]) -> Iterator[Block]:
        for node in nodes:
            if isinstance(node, _Grid):
                yield from self._table(node)
                continue
            self.paragraphs += 1
            place = Place(paragraph=self.paragraphs)
            text = self._numbered(node)
            if text:
                yield Paragraph(text, ((0, place),), node.standing.level or None)
            yield from (Embedded(EmbeddedKind.IMAGE, place) for _ in range(node.pictures))
            for shape in node.shapes:
                for start, end in self.file.boxes[shape]:
                    yield from self._blocks(self._nodes(start, end))

    def _numbered(self, node: _Text) -> str:
        """The text with the number that Word prints before it; an empty paragraph does not count on."""
        list_id = node.standing.list_id
        if not node.text or list_id in (None, "0"):
            return node.text
        return self.lists.prefix(list_id or "", node.standing.list_level or 0) + node.text

    def _table(self, table: _Grid) -> Iterator[Block]:
        cells = [cell for row, _ in table.rows for cell in row]
        texts = [[node.text for node in cell if isinstance(node, _Text) and node.text] for cell in cells]
        nested = any(isinstance(node, _Grid) for cell in cells for node in cell)
        if (nested and sum(map(bool, texts)) < grid.DATA_CELLS) or (not nested and grid.is_layout(texts)):
            for cell in cells:
                yield from self._blocks(cell)
            return
        self.tables += 1
        number = self.tables
        inside: list[Block] = []
        slots = [[self._slot(cell, number, r, inside) for cell in row] for r, row in enumerate(_placed(table.rows))]

        yield Table(grid.lay(slots, number))
        yield from inside

    def _slot(self, cell: _Cell, number: int, row: int, inside: list[Block]) -> grid.Slot:
        """A cell with its spans; what stands in it without being text goes to `inside`."""
        counted = self.paragraphs
        blocks = list(self._blocks(cell.nodes))
        self.paragraphs = counted
        place = Place(table=number, row=row + 1, column=cell.column + 1)
        inside += [
            replace(block, place=place) if isinstance(block, Embedded) else block
            for block in blocks
            if not isinstance(block, Paragraph)
        ]
        text = "\n".join(block.text for block in blocks if isinstance(block, Paragraph))
        return grid.Slot(text, cell.row_span, cell.column_span, column=cell.column)


def _follow(mark: str, fields: list[str]) -> None:
    """Follow a field: begin, code, separator, result, end. A field may begin or end in another paragraph."""
    if mark == _FIELD_BEGIN:
        fields.append("code")
    elif mark == _FIELD_SEPARATOR and fields:
        fields[-1] = "result"
    elif mark == _FIELD_END and fields:
        fields.pop()


# --- the grid of a table ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Cell:
    """A cell with its column from 0 and what it spans; `flags` as the row describes it."""

    nodes: Sequence[_Node]
    column: int
    column_span: int
    flags: int
    row_span: int = 1


def _placed(rows: Sequence[tuple[Sequence[Sequence[_Node]], _Row]]) -> list[list[_Cell]]:
    """The cells at their columns, those that a merge swallows left out."""
    columns = _columns([row for _, row in rows])
    laid = [_across(cells, row, columns) for cells, row in rows]
    kept: list[list[_Cell]] = []
    for r, row in enumerate(laid):
        above = {cell.column: cell for cell in laid[r - 1]} if r else {}
        kept.append([])
        for cell in row:
            upper = above.get(cell.column)
            if _goes_on(cell) and upper is not None and upper.flags & _CONTINUES:
                continue
            kept[-1].append(cell)
            while cell.flags & _CONTINUES and _is_below(laid, r + cell.row_span, cell.column):
                cell.row_span += 1
    return kept


def _goes_on(cell: _Cell) -> bool:
    return bool(cell.flags & _CONTINUES) and not cell.flags & _RESTARTS


def _is_below(laid: Sequence[Sequence[_Cell]], row: int, column: int) -> bool:
    return row < len(laid) and any(cell.column == column and _goes_on(cell) for cell in laid[row])


def _columns(rows: Sequence[_Row]) -> dict[int, int]:
    """Border in twips → number of the grid line that it lies on."""
    columns: dict[int, int] = {}
    first, number = None, -1
    for edge in sorted({edge for row in rows for edge in row.edges}):
        if first is None or edge - first > SAME_EDGE:
            first, number = edge, number + 1
        columns[edge] = number
    return columns


def _across(cells: Sequence[Sequence[_Node]], row: _Row, columns: Mapping[int, int]) -> list[_Cell]:
    """The cells of a row from left to right, those merged into one made one."""
    laid: list[_Cell] = []
    end, first = 0, 0  # the next free column; the flag with which the merge under way began
    for n, nodes in enumerate(cells):
        known = n + 1 < len(row.edges)
        start = max(end, columns[row.edges[n]]) if known else end
        wide = max(1, columns[row.edges[n + 1]] - start) if known else 1
        flags = row.flags[n] if n < len(row.flags) else 0
        merged = flags & _ACROSS
        end = start + wide
        # Which value begins a merge differs between descriptions of the format: the one that stands first does.
        if merged and first and merged != first and merged != _ACROSS:
            laid[-1].column_span = end - laid[-1].column
            continue
        first = merged
        laid.append(_Cell(nodes, start, wide, flags))
    return laid
