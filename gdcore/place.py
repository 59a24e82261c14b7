"""Where something is printed (`Place`), and what stands there in the report's own terms (`Anchor`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from gdcore.record import record


@record(frozen=True, slots=True)
class Place:
    """A spot in a file, with whatever its format knows; all counts start at 1.

    `box` is (x0, top, x1, bottom) in points, origin top left of `page`; `path` a DOM path;
    `table`, `row` and `column` a cell of the n-th table as the file prints it.
    """

    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    line: int | None = None
    paragraph: int | None = None
    path: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Only what is known, for JSON."""
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        if self.box is not None:
            known["box"] = [round(edge, 1) for edge in self.box]
        return {name: value for name, value in known.items() if value is not None}

    def describe(self) -> str:
        """The spot in words, for messages and exports: 第 3 页, 第 22 行."""
        parts = []
        if self.page is not None:
            parts.append(f"第 {self.page} 页")
        if self.line is not None:
            parts.append(f"第 {self.line} 行")
        elif self.table is not None:
            parts.append(f"第 {self.table} 个表第 {self.row} 行")
        elif self.paragraph is not None:
            parts.append(f"第 {self.paragraph} 段")
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person put in place of what was read in a cell.

    `set` is the text as the file prints it, `read` what the program had read there (None: the cell was not found);
    `mapped`: the text was read, and the person said which cell of the form it is.
    """

    set: str
    read: str | None = None
    mapped: bool = False


@record(frozen=True, slots=True)
class Anchor:
    """One piece of evidence: its semantic address (`t3.carried_in.total`, `s1.a2`) and where it is printed.

    `block` is the index of the block in the Document; `span` the characters of that block that carry
    the evidence (start, end), None when all of it does. `correction` stands where a person mended the cell.
    """

    address: str
    place: Place
    block: int | None = None
    span: tuple[int, int] | None = None
    correction: Correction | None = None

    def at(self, first: int, last: int) -> Anchor:
        """The same piece narrowed to other characters of its block."""
        return Anchor(self.address, self.place, self.block, (first, last), self.correction)

    def under(self, address: str) -> Anchor:
        """The same piece as evidence of something else."""
        return Anchor(address, self.place, self.block, self.span, self.correction)


def distinct(anchors: Iterable[Anchor]) -> tuple[Anchor, ...]:
    """Each of `anchors` once, in order. A sum has some thirty, each with an address of its own."""
    addresses: set[str] = set()
    seen: set[Anchor] = set()  # told apart by address first: the whole of an anchor takes longer
    kept: list[Anchor] = []
    for anchor in anchors:
        if anchor.address not in addresses:
            addresses.add(anchor.address)
            kept.append(anchor)
            continue
        seen = seen or set(kept)
        if anchor not in seen:
            seen.add(anchor)
            kept.append(anchor)
    return tuple(kept)
