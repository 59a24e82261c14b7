"""Reports and tables for tests of single rules, built without any file: as `recognise` would have read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gdcore import form, profile, settings, text
from gdcore.agency import infer_level, infer_type
from gdcore.document import Format
from gdcore.figure import Figure, Passage
from gdcore.form import Edition
from gdcore.place import Anchor, Place
from gdcore.report import Grid, Identity, Label, Line, Match, Report, Section, StatTable

NATIONAL = profile.load("national", settings.load({}))


def figure(address: str, raw: str) -> Figure:
    """The figure of one cell that prints `raw`."""
    return Figure(text.printed_number(raw).value, raw, (Anchor(address, Place(line=1)),))


def passage(printed: str, address: str) -> Passage:
    """A printed text at an address."""
    return Passage(printed, (Anchor(address, Place(line=1)),))


def grid(block: form.Block, cells: Mapping[str, str]) -> Grid:
    """A block as the form has it; cells that are not given print 0."""
    lines = []
    for row in block.rows:
        figures = (figure(a, cells.get(a, "0")) for a in (block.address(row.key, c.key) for c in block.columns))
        label = Label(row.key, passage(row.label, f"{block.prefix}.{row.key}"), row.label, Match.EXACT)
        lines.append(Line(label, tuple(figures), len(block.columns)))
    headers = (Label(c.key, passage(c.label, f"{block.prefix}.*.{c.key}"), c.label, Match.EXACT) for c in block.columns)
    title = passage(block.title, f"{block.table}.{block.key}") if block.title else None
    return Grid(block.table, block.key, block.edition, title, tuple(headers), tuple(lines))


def table(key: str, edition: Edition = Edition.FMT2021, cells: Mapping[str, str] | None = None) -> StatTable:
    """Table 二, 三 or 四 as the form has it."""
    grids = tuple(grid(block, cells or {}) for block in form.blocks(key, edition))
    caption = passage(form.T3_CAPTION, "t3") if key == "t3" else None
    return StatTable(key, edition, grids, caption)


def report(agency: str = "云泽县东关街道办事处", year: int = 2023, **fields: Any) -> Report:
    """A report with the three tables of its year, all 0, and sections without text."""
    edition = Edition.of_year(year)
    kind = infer_type(agency)
    identity = Identity(agency, kind, infer_level(agency, kind), year, confidence=1.0)
    known = {
        "format": Format.HTML,
        "t2": table("t2", edition),
        "t3": table("t3", edition),
        "t4": table("t4"),
        "sections": tuple(Section(s.key, True) for s in form.SECTIONS),
        **fields,
    }
    return Report(digest="0" * 64, file_name="report.html", identity=identity, **known)
