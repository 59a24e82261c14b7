"""Changes to a sample report, as the examples of the rules write them: one thing at a time goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Concatenate, ParamSpec

from gdcore.form import Edition
from gdcore.samples import tabular
from gdcore.samples.compose import printed_block, table
from gdcore.samples.figures import cells
from gdcore.samples.model import Paragraph, Picture, Piece, Sample, StatTable, Style

P = ParamSpec("P")


def apply(sample: Sample, change: Mapping[str, Any]) -> Sample:
    """The sample with the changes made, whatever the order in which they are written.

    Raises ValueError for a key that is no change and for an address, a text or an anchor that the report does not have:
    an example whose change does nothing would test nothing.
    """
    if unknown := set(change) - set(_CHANGES):
        raise ValueError(f"no such change: {'、'.join(sorted(unknown))}")
    for key, make in _CHANGES.items():
        if key in change:
            sample = make(sample, change[key])
    return sample


def _edition(sample: Sample, wanted: Mapping[str, str]) -> Sample:
    """`{t2: fmt2019}`: the whole table in another edition."""
    for key, edition in wanted.items():
        sample = _put(sample, _table(sample, key), table(sample.spec, key, Edition(edition)))
    return sample


def _hybrid(sample: Sample, wanted: Mapping[str, str]) -> Sample:
    """`{item1: fmt2019}`: one block of table 二 in another edition."""
    for item, name in wanted.items():
        edition = Edition(name)
        found = next((b for b in table(sample.spec, "t2", edition).blocks if b.block.key == item), None)
        if found is None:
            raise ValueError(f"{edition} has no block {item}")
        block = printed_block(found.block, cells(sample.spec, "t2", edition))
        old = _table(sample, "t2")
        blocks = {**{b.block.key: b for b in old.blocks}, item: block}
        sample = _put(sample, old, replace(old, blocks=tuple(blocks.values())))
    return sample


def _set(sample: Sample, raws: Mapping[str, Any]) -> Sample:
    """`{t3.new_received.total: "16"}`: a cell as printed."""
    for address, raw in raws.items():
        sample = _swap(sample, address, tabular.put, address, str(raw))
    return sample


def _cells(sample: Sample, rows: Mapping[str, Sequence[Any]]) -> Sample:
    """`{t3.new_received: ["1", "2"]}`: a row with any number of value cells."""
    for address, raws in rows.items():
        sample = _swap(sample, address, tabular.put_row, address, tuple(str(raw) for raw in raws))
    return sample


def _add_row(sample: Sample, rows: Mapping[str, Mapping[str, Any]]) -> Sample:
    """`{t3.denied_admin_query: {label: 小计, values: […]}}`: a row after that row."""
    for address, row in rows.items():
        values = tuple(str(raw) for raw in row["values"])
        sample = _swap(sample, address, tabular.add_row, address, str(row["label"]), values)
    return sample


def _add_column(sample: Sample, columns: Mapping[str, Mapping[str, Any]]) -> Sample:
    """`{t3: {label: 备注, values: "0"}}`: a last column with the same raw in every row; also of a block, `t2.item1`."""
    for address, column in columns.items():
        label, raw = str(column["label"]), str(column["values"])
        sample = _swap(sample, address, tabular.add_column, address, label, raw)
    return sample


def _drop(sample: Sample, addresses: Sequence[str]) -> Sample:
    """`[s3, s3.heading, t4, t3.other_misc, t2.item1.title, t3.caption, s1.a3, preamble, title]`: taken out."""
    for address in addresses:
        sample = _without(sample, str(address))
    return sample


def _without(sample: Sample, address: str) -> Sample:
    kept = tuple(p for p in sample.pieces if address not in (p.key, p.section))
    if len(kept) < len(sample.pieces):
        return replace(sample, pieces=kept)
    if address[:1] == "t" and "." in address:
        return _swap(sample, address, tabular.drop, address)
    raise ValueError(f"there is no {address} to drop")


def _insert(sample: Sample, texts: Mapping[str, Sequence[str]]) -> Sample:
    """`{anchor: [paragraphs]}`: new paragraphs after the one that holds the text, or after the piece with that key."""
    return _inserted(sample, texts, after=1)


def _before(sample: Sample, texts: Mapping[str, Sequence[str]]) -> Sample:
    """The same, before it."""
    return _inserted(sample, texts, after=0)


def _inserted(sample: Sample, texts: Mapping[str, Sequence[str]], after: int) -> Sample:
    pieces = list(sample.pieces)
    for anchor, lines in texts.items():
        if isinstance(lines, str):
            raise ValueError(f"paragraphs to insert at “{anchor}” must be a list")
        at = _find(pieces, anchor, last=bool(after))
        section = pieces[at].section
        new = [Paragraph(f"{section}.new", line, section, _style(line)) for line in lines]
        pieces[at + after : at + after] = new
    return replace(sample, pieces=tuple(pieces))


def _style(line: str) -> Style:
    return Style.HEADING if re.match(r"[一二三四五六七八九十]+、[^。]{1,36}$", line) else Style.TEXT


def _find(pieces: Sequence[Piece], anchor: str, last: bool) -> int:
    """The piece with this key, else the paragraph with just this text, else the first that holds it."""
    keyed = [i for i, p in enumerate(pieces) if p.key == anchor]
    if keyed:
        return keyed[-1 if last else 0]
    texts = [(i, p.text) for i, p in enumerate(pieces) if isinstance(p, Paragraph)]
    found = next((i for i, text in texts if text == anchor), None)
    if found is None:
        found = next((i for i, text in texts if anchor in text), None)
    if found is None:
        raise ValueError(f"no paragraph holds “{anchor}”")
    return found


def _replace(sample: Sample, words: Mapping[str, Any]) -> Sample:
    """`{old: new}` wherever it stands: prose, headings, labels, headers, title."""
    for old, new in words.items():
        pieces = tuple(_reworded(p, str(old), str(new)) for p in sample.pieces)
        if pieces == sample.pieces:
            raise ValueError(f"“{old}” does not stand in the report")
        sample = replace(sample, pieces=pieces)
    return sample


def _reworded(piece: Piece, old: str, new: str) -> Piece:
    if isinstance(piece, Paragraph):
        return replace(piece, text=piece.text.replace(old, new))
    return tabular.reword(piece, old, new) if isinstance(piece, StatTable) else piece


def _move(sample: Sample, moves: Mapping[str, str]) -> Sample:
    """`{s5: after s6}` or `{t3: before s3.heading}`: a section or piece to another place."""
    for moved, whither in moves.items():
        where, _, target = whither.partition(" ")
        if where not in ("after", "before"):
            raise ValueError(f"cannot move {moved} “{whither}”: say after or before")
        taken = [p for p in sample.pieces if moved in (p.key, p.section)]
        pieces = [p for p in sample.pieces if moved not in (p.key, p.section)]
        at = [i for i, p in enumerate(pieces) if target in (p.key, p.section)]
        if not taken or not at:
            raise ValueError(f"cannot move {moved} {whither}: one of them is not there")
        place = at[-1] + 1 if where == "after" else at[0]
        sample = replace(sample, pieces=(*pieces[:place], *taken, *pieces[place:]))
    return sample


def _order(sample: Sample, sections: Sequence[str]) -> Sample:
    """`[s1, s2, s3, s5, s4, s6]`: the sections in this order."""
    present = [p.section for p in sample.pieces if p.section]
    if set(sections) != set(present):
        raise ValueError(f"order must name the sections {sorted(set(present))}")
    first = next(i for i, p in enumerate(sample.pieces) if p.section)
    ordered = [p for key in sections for p in sample.pieces if p.section == key]
    rest = [p for p in sample.pieces if not p.section]
    return replace(sample, pieces=(*rest[:first], *ordered, *rest[first:]))


def _split(sample: Sample, addresses: Sequence[str]) -> Sample:
    """`[t3.unable_not_held, t2.item5, t2.item5.header]`: the table broken in two before that row or block."""
    for address in addresses:
        sample = _swap(sample, address, tabular.broken, address.partition(".")[2])
    return sample


def _duplicate(sample: Sample, wanted: Sequence[str] | Mapping[str, Mapping[str, Any]]) -> Sample:
    """`[t3]`: printed again at the end as 附件; `{t3: {address: raw}}`: with other cells there."""
    changed = wanted if isinstance(wanted, Mapping) else {key: {} for key in wanted}
    pieces: list[Piece] = [*sample.pieces]
    pieces.append(Paragraph("annex.heading", "附件：政府信息公开统计表", "annex"))
    for key, raws in changed.items():
        copy = replace(_table(sample, key), section="annex")
        for address, raw in raws.items():
            copy = tabular.put(copy, address, str(raw))
        pieces.append(copy)
    return replace(sample, pieces=tuple(pieces))


def _image(sample: Sample, keys: Sequence[str]) -> Sample:
    """`[t3]`: an image in the place of the table."""
    for key in keys:
        found = _table(sample, key)
        sample = _put(sample, found, Picture(key, found.section))
    return sample


def _metadata(sample: Sample, pairs: Mapping[str, Any]) -> Sample:
    """`{creator: 张某}`: what the file says of itself beside its text (Word, HTML)."""
    return replace(sample, metadata=tuple((name, str(value)) for name, value in pairs.items()))


def _text(sample: Sample, plain: str) -> Sample:
    """The whole file is this text."""
    return replace(sample, plain=plain)


# In the order in which they are made: first what a table is, then its cells, its shape, the prose, the places.
_CHANGES: Mapping[str, Callable[[Sample, Any], Sample]] = {
    "edition": _edition,
    "hybrid": _hybrid,
    "set": _set,
    "cells": _cells,
    "add_row": _add_row,
    "add_column": _add_column,
    "drop": _drop,
    "insert": _insert,
    "before": _before,
    "replace": _replace,
    "move": _move,
    "order": _order,
    "split": _split,
    "duplicate": _duplicate,
    "image": _image,
    "metadata": _metadata,
    "text": _text,
}
CHANGES = frozenset(_CHANGES)


def _table_key(address: str) -> str:
    return address.partition(".")[0].removesuffix("_2019")


def _table(sample: Sample, key: str) -> StatTable:
    found = next((t for t in sample.tables() if t.key == key), None)
    if found is None:
        raise ValueError(f"the report has no table {key}")
    return found


def _swap(
    sample: Sample,
    address: str,
    change: Callable[Concatenate[StatTable, P], StatTable],
    *args: P.args,
    **more: P.kwargs,
) -> Sample:
    """The sample with the table that an address is in changed."""
    old = _table(sample, _table_key(address))
    return _put(sample, old, change(old, *args, **more))


def _put(sample: Sample, old: Piece, new: Piece) -> Sample:
    return replace(sample, pieces=tuple(new if p is old else p for p in sample.pieces))
