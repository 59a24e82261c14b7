"""Changes to one printed table: cells, rows, columns, labels, breaks; ValueError for what is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gdcore.samples.model import DataRow, Header, PrintedBlock, StatTable


def put(table: StatTable, address: str, raw: str) -> StatTable:
    """The table with one cell's raw text changed."""
    for block in table.blocks:
        for row in block.rows:
            for n, header in enumerate(block.headers[: len(row.values)]):
                if header.key and row.key and block.block.address(row.key, header.key) == address:
                    values = (*row.values[:n], raw, *row.values[n + 1 :])
                    return _with_row(table, block, row, replace(row, values=values))
    raise ValueError(f"there is no cell {address}")


def put_row(table: StatTable, address: str, values: tuple[str, ...]) -> StatTable:
    """The table with all value cells of one row replaced, by as many as there are."""
    block, row = _row(table, address)
    return _with_row(table, block, row, replace(row, values=values))


def add_row(table: StatTable, address: str, label: str, values: tuple[str, ...]) -> StatTable:
    """The table with a row of its own label after the row at `address`, in the same group."""
    block, row = _row(table, address)
    if table.key == "t4":
        raise ValueError("the rows of table 四 are printed as columns: none can be added")
    return _with_row(table, block, row, row, DataRow("", label, row.group, values))


def add_column(table: StatTable, address: str, label: str, raw: str) -> StatTable:
    """The table, or a block of it (`t2.item1`), with a last column."""
    _, _, item = address.partition(".")
    blocks = [b for b in table.blocks if not item or b.block.key == item]
    if not blocks:
        raise ValueError(f"there is no block {address}")
    for block in blocks:
        last = len(block.rows) - 1
        rows = tuple(
            replace(row, values=(*row.values, raw)) if table.key != "t4" or n == last else row
            for n, row in enumerate(block.rows)
        )
        new = replace(block, headers=(*block.headers, Header("", label)), rows=rows)
        table = _with_block(table, block, new)
    return table


def drop(table: StatTable, address: str) -> StatTable:
    """The table without its caption, a block (`t2.item1`), its title (`t2.item1.title`), a row or a column."""
    _, _, name = address.partition(".")
    if name == "caption":
        return replace(table, blocks=tuple(replace(b, corner="") for b in table.blocks))
    for block in table.blocks:
        if name == f"{block.block.key}.title":
            return _with_block(table, block, replace(block, title=""))
        if name == block.block.key:
            return _with_block(table, block)
        if name.removeprefix("*.") in [h.key for h in block.headers]:
            return _with_block(table, block, _without_column(block, name.removeprefix("*.")))
    block, row = _row(table, address)
    return _with_row(table, block, row)


def _without_column(block: PrintedBlock, key: str) -> PrintedBlock:
    at = next(n for n, header in enumerate(block.headers) if header.key == key)
    rows = tuple(replace(row, values=(*row.values[:at], *row.values[at + 1 :])) for row in block.rows)
    return replace(block, headers=(*block.headers[:at], *block.headers[at + 1 :]), rows=rows)


def reword(table: StatTable, old: str, new: str) -> StatTable:
    """The table with `old` replaced in every title, header and label; values stay."""

    def word(text: str) -> str:
        return text.replace(old, new)

    return replace(table, blocks=tuple(_reworded(block, word) for block in table.blocks))


def _reworded(block: PrintedBlock, word: Callable[[str], str]) -> PrintedBlock:
    return replace(
        block,
        title=word(block.title),
        corner=word(block.corner),
        headers=tuple(replace(h, label=word(h.label), group=word(h.group)) for h in block.headers),
        rows=tuple(replace(row, label=word(row.label)) for row in block.rows),
        group_labels=tuple((key, word(label)) for key, label in block.group_labels),
    )


def broken(table: StatTable, mark: str) -> StatTable:
    """The table broken in two before a row (`unable_not_held`), a block (`item5`) or its header (`item5.header`)."""
    known = {row.key for block in table.blocks for row in block.rows}
    known |= {block.block.key + end for block in table.blocks for end in ("", ".header")}
    if mark not in known:
        raise ValueError(f"{table.key} cannot be broken at {mark}")
    return replace(table, breaks=(*table.breaks, mark))


def _row(table: StatTable, address: str) -> tuple[PrintedBlock, DataRow]:
    for block in table.blocks:
        for row in block.rows:
            if row.key and f"{block.block.prefix}.{row.key}" == address:
                return block, row
    raise ValueError(f"there is no row {address}")


def _with_row(table: StatTable, block: PrintedBlock, old: DataRow, *new: DataRow) -> StatTable:
    rows = tuple(r for row in block.rows for r in (new if row is old else (row,)))
    return _with_block(table, block, replace(block, rows=rows))


def _with_block(table: StatTable, old: PrintedBlock, *new: PrintedBlock) -> StatTable:
    return replace(table, blocks=tuple(b for block in table.blocks for b in (new if block is old else (block,))))
