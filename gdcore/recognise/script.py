"""Text in traditional characters read as simplified ones, in which alone the form's words and the rules are known."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from opencc import OpenCC

from gdcore.document import Block, Document, Embedded, Paragraph, Table
from gdcore.figure import Figure
from gdcore.place import Place
from gdcore.report import Remark, RemarkKind, Report, StatTable

CLEAR_SHARE: Final = 0.1  # of the Chinese characters: running text in traditional characters has some 0.35 of its own
LEGIBILITY: Final = 0.6  # what is not found may stand there in other words than the conversion gives
REMARK: Final = "正文为繁体字，按简体字核对"

_CHINESE = re.compile("[\u3400-\u9fff]+")
_COMMON = re.compile("[\u4e00-\u9fff]")


@cache
def _converter() -> OpenCC:
    return OpenCC("hk2s")  # the usual traditional characters, and those that only Hong Kong writes (衞)


def simplified(text: str) -> str:
    """`text` in simplified characters: as many characters, each in its place."""
    return _CHINESE.sub(lambda run: _same_length(run[0]), text)


def _same_length(run: str) -> str:
    whole = _converter().convert(run)  # words decide where a character alone leaves two readings (乾)
    return whole if len(whole) == len(run) else "".join(map(_converter().convert, run))


def is_traditional(document: Document) -> bool:
    """Whether a clear share of the document's Chinese characters is written in traditional characters alone."""
    printed = "".join(map(_text, document.blocks))
    traditional = len(_traditional().findall(printed))
    return traditional > 0 and traditional > CLEAR_SHARE * len(_COMMON.findall(printed))


@cache
def _traditional() -> re.Pattern[str]:
    """A common Chinese character that is written in traditional characters alone."""
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    simple = _converter().convert("\n".join(characters)).split("\n")
    return re.compile(f"[{''.join(char for char, other in zip(characters, simple, strict=True) if char != other)}]")


def _text(block: Block) -> str:
    return "".join([cell.text for row in block.rows for cell in row]) if isinstance(block, Table) else block.text


def in_simplified(document: Document) -> Document:
    """The document in simplified characters; offsets, places and confidence stay."""
    return replace(
        document,
        blocks=tuple(map(_converted, document.blocks)),
        title=simplified(document.title) if document.title else document.title,
        metadata={simplified(name): simplified(value) for name, value in document.metadata.items()},
    )


def _converted(block: Block) -> Block:
    if isinstance(block, Paragraph | Embedded):
        return replace(block, text=simplified(block.text))
    rows = tuple(tuple(replace(cell, text=simplified(cell.text)) for cell in row) for row in block.rows)
    return replace(block, rows=rows)


def as_printed(report: Report, document: Document) -> Report:
    """The report recognised in simplified characters: its cells say again what `document` prints, and it says so."""
    printed = {
        cell.place: cell.text.strip()
        for _, table in document.tables()
        for row in table.rows
        for cell in row
        if _CHINESE.search(cell.text)
    }
    t2, t3, t4 = (_restored(table, printed) if table else None for table in (report.t2, report.t3, report.t4))
    return replace(
        report,
        t2=t2,
        t3=t3,
        t4=t4,
        duplicates=tuple(_restored(table, printed) for table in report.duplicates),
        remarks=(*report.remarks, Remark(RemarkKind.ASSUMED, "report", (), REMARK)),
        legibility=min(report.legibility, LEGIBILITY),
    )


def _restored(table: StatTable, printed: dict[Place, str]) -> StatTable:
    def figure(read: Figure) -> Figure:
        said = printed.get(read.anchors[0].place) if read.anchors and _CHINESE.search(read.raw) else None
        return replace(read, raw=said) if said is not None and simplified(said) == read.raw.strip() else read

    grids = (
        replace(grid, lines=tuple(replace(line, figures=tuple(map(figure, line.figures))) for line in grid.lines))
        for grid in table.grids
    )
    return replace(table, grids=tuple(grids))
