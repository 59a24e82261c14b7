"""Core types to bytes and back: JSON by pydantic, compressed. What an older version packed must stay readable."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from gdcore.document import Format
from gdcore.peers import Writing
from gdcore.place import Anchor
from gdcore.report import Grid, Identity, Rejection, Report
from gdcore.scoring import Score
from gdcore.verdict import Outcome

_LEVEL = 2  # zlib: 3 saves two per cent more in a tenth more time, 6 ten per cent in more than twice the time
_STORED = 0  # zlib's own framing alone


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is kept of a check beside its findings."""

    outcomes: Mapping[str, Outcome]
    reasons: Mapping[str, str]
    score: Score


@dataclass(frozen=True, slots=True)
class Summary:
    """What lists tell of a report beside its plain columns.

    `words` are the nine of the matrix with their finding's fingerprint ("" for none); `faults` (rule, level), gravest
    first; `rates` the share (0…1) kept of each bucket.
    """

    words: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str], ...] = ()
    rates: tuple[float, ...] = ()


Bands = tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Packed:
    """A report as bytes (`data`), with what is asked of it before anybody unpacks it.

    `bands` are those by which reports that may be like it are found, by section (`peers.Writing`).
    """

    data: bytes
    digest: str
    format: Format
    file_name: str
    identity: Identity
    rejection: Rejection | None
    bands: Bands

    @classmethod
    def of(cls, report: Report) -> Packed:
        """A report's."""
        known = (report.digest, report.format, report.file_name, report.identity, report.rejection)
        return cls(pack_report(report), *known, Writing.of(report).bands)

    def report(self) -> Report:
        """The report."""
        return unpack_report(self.data)


# Made on first use: to build one takes longer than to use it a hundred times.
@cache
def _reports() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


@cache
def _judgements() -> TypeAdapter[Judgement]:
    return TypeAdapter(Judgement)


@cache
def _summaries() -> TypeAdapter[Summary]:
    return TypeAdapter(Summary)


@cache
def _anchors() -> TypeAdapter[tuple[Anchor, ...]]:
    return TypeAdapter(tuple[Anchor, ...])


@cache
def _grids() -> TypeAdapter[Grid]:
    return TypeAdapter(Grid)


@cache
def _writings() -> TypeAdapter[Writing]:
    return TypeAdapter(Writing)


def pack_report(report: Report) -> bytes:
    """A report as bytes. What is as usual is left out: the defaults of these types are part of what is stored."""
    return zlib.compress(_reports().dump_json(report, exclude_defaults=True), _LEVEL)


def unpack_report(data: bytes) -> Report:
    """The report that `pack_report` wrote."""
    return _reports().validate_json(zlib.decompress(data))


def pack_writing(writing: Writing) -> bytes:
    """A report's compared texts as bytes.

    Each is read for a dozen others, so it is not compressed: in UTF-16 it takes a third more and is read in half the time.
    """
    return zlib.compress(_writings().dump_json(writing).decode().encode("utf-16-le"), _STORED)


def unpack_writing(data: bytes) -> Writing:
    """The texts that `pack_writing` wrote."""
    # In UTF-8 or UTF-16, which JSON tells apart. Pydantic would keep the names of thousands of agencies.
    return Writing(**json.loads(zlib.decompress(data)))


def pack_judgement(judgement: Judgement) -> bytes:
    """Outcomes, reasons and score as bytes."""
    return zlib.compress(_judgements().dump_json(judgement), _LEVEL)


def unpack_judgement(data: bytes) -> Judgement:
    """What `pack_judgement` wrote."""
    return _judgements().validate_json(zlib.decompress(data))


def summary_text(summary: Summary) -> str:
    """A summary as JSON."""
    return _summaries().dump_json(summary).decode()


def read_summary(text: str) -> Summary:
    """The summary that `summary_text` wrote."""
    return _summaries().validate_json(text)


def anchors_text(anchors: tuple[Anchor, ...]) -> str:
    """Anchors as JSON, without what is not known."""
    return _anchors().dump_json(anchors, exclude_none=True).decode()


def read_anchors(text: str) -> tuple[Anchor, ...]:
    """The anchors that `anchors_text` wrote."""
    return _anchors().validate_json(text)


def grid_text(grid: Grid) -> str:
    """A block of a table as JSON."""
    return _grids().dump_json(grid).decode()


def read_grid(text: str) -> Grid:
    """The block that `grid_text` wrote."""
    return _grids().validate_json(text)
