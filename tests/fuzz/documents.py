"""Documents made of bytes: pieces of real reports in any order, their cells and words exchanged."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import atheris
import desk

from gdcore import readers
from gdcore.document import Block, Cell, Document, Embedded, EmbeddedKind, Format, Paragraph, Table
from gdcore.place import Place

MOST = 60  # blocks
ODD = (
    "", " ", "0", "-1", "1.5", "１２", "²", "①", "十", "〇", "一百二十", "99999999999999999999", "9" * 400, "9" * 5000, "1,234", "1，234", "%", "/", "无", "-", "—",
    "\ufffd", "\u0661", "\u00a0", "\ue000", "０", "1e5", "2023年2月30日", "二〇二三年十三月", "99999年", "0年0月0日", "一、", "（一）", "1.", "第0页",
    "（", "）", "《", "》", "“", "年", "月", "日", "件", "万元", "合计", "总计", "其中", "本年", "去年", "同比增长", "http://", "@", "110101199001011234", "13800000000",
)  # fmt: skip


@cache
def stock() -> tuple[Block, ...]:
    """The blocks of three reports, one of them by its sections only."""
    names = ((desk.EAST, 2023, "subdistrict"), (desk.BAY, 2024, "township"), (desk.EAST, 2019, "subdistrict"))
    found: list[Block] = []
    for name, year, kind in names:
        for fmt in ("html", "txt"):
            found += readers.read(desk.report(name, year, fmt=fmt, kind=kind), "a").blocks
    return tuple(found)


def built(data: bytes) -> Document:
    """The same document for the same bytes."""
    dice = atheris.FuzzedDataProvider(data)
    blocks: list[Block] = []
    while dice.remaining_bytes() and len(blocks) < MOST:
        blocks += _next(dice)
    traditional = {"标题": "年度報告"} if dice.ConsumeBool() else {}
    return Document("0" * 64, Format.DOCX, tuple(blocks), _words(dice) if traditional else None, traditional)


def _next(dice: atheris.FuzzedDataProvider) -> list[Block]:
    have = stock()
    at = dice.ConsumeIntInRange(0, len(have) - 1)
    match dice.ConsumeIntInRange(0, 6):
        case 0:
            return list(have[at : at + dice.ConsumeIntInRange(1, 12)])
        case 1:
            return [_spoilt(dice, have[at])]
        case 2:
            return [Paragraph(_words(dice), ((0, Place(paragraph=at)),), dice.ConsumeIntInRange(0, 9) or None)]
        case 3:
            tables = [block for block in have if isinstance(block, Table)]
            return [_table(dice, tables[at % len(tables)])]
        case 4:
            return [_grid(dice)]
        case 5:
            kinds = list(EmbeddedKind)
            return [Embedded(kinds[at % len(kinds)], Place(), _words(dice))]
        case _:
            return [have[at]]


def _words(dice: atheris.FuzzedDataProvider) -> str:
    """Some words: odd ones, pieces of the reports, any characters."""
    have = [block.text for block in stock() if isinstance(block, Paragraph)]
    said = []
    for _ in range(dice.ConsumeIntInRange(0, 4)):
        kind = dice.ConsumeIntInRange(0, 3)
        if kind < 2:
            said.append(ODD[dice.ConsumeIntInRange(0, len(ODD) - 1)])
        elif kind == 2:
            taken = have[dice.ConsumeIntInRange(0, len(have) - 1)]
            begin = dice.ConsumeIntInRange(0, 40)
            said.append(taken[begin : begin + dice.ConsumeIntInRange(1, 30)])
        else:
            said.append(dice.ConsumeUnicodeNoSurrogates(6))  # readers give no halves of a pair
    return "".join(said)


def _spoilt(dice: atheris.FuzzedDataProvider, block: Block) -> Block:
    """A paragraph with other words in its midst."""
    if not isinstance(block, Paragraph):
        return block
    at = dice.ConsumeIntInRange(0, 100)
    words = block.text[:at] + _words(dice) + block.text[at + dice.ConsumeIntInRange(0, 9) :]
    return replace(block, text=words, confidence=1.0 if dice.ConsumeBool() else 0.5)


def _table(dice: atheris.FuzzedDataProvider, table: Table) -> Table:
    """A table of a report with cells, spans and rows changed."""
    rows = [list(row) for row in table.rows]
    for _ in range(dice.ConsumeIntInRange(1, 8)):
        if not rows:
            break
        row = dice.ConsumeIntInRange(0, len(rows) - 1)
        column = dice.ConsumeIntInRange(0, max(0, len(rows[row]) - 1))
        match dice.ConsumeIntInRange(0, 5):
            case 0:
                del rows[row]
            case 1:
                rows.insert(row, rows[dice.ConsumeIntInRange(0, len(rows) - 1)])
            case 2 if rows[row]:
                del rows[row][column]
            case 3 if rows[row]:
                spans = dice.ConsumeIntInRange(0, 30), dice.ConsumeIntInRange(0, 30)
                rows[row][column] = replace(rows[row][column], row_span=spans[0], column_span=spans[1])
            case _ if rows[row]:
                rows[row][column] = replace(rows[row][column], text=_words(dice))
    return Table(tuple(map(tuple, rows)), flat=dice.ConsumeBool())


def _grid(dice: atheris.FuzzedDataProvider) -> Table:
    """A table of any words."""
    wide = dice.ConsumeIntInRange(0, 12)
    rows = [
        tuple(Cell(_words(dice), Place(table=1, row=r + 1, column=c + 1), r, c) for c in range(wide))
        for r in range(dice.ConsumeIntInRange(0, 8))
    ]
    return Table(tuple(rows), flat=dice.ConsumeBool())
