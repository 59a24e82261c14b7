"""The other reports of a year beside one report: whose text is like whose, found without comparing every pair.

Each text leaves some bands behind: numbers that two texts share the more likely, the more alike they are (MinHash by one
permutation, locality-sensitive hashing). Only texts with a band in common are compared in earnest (`gdcore.likeness`).
"""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress, product

import numpy as np
from numpy.typing import NDArray

from gdcore import likeness
from gdcore.agency import Agency
from gdcore.bodies import related, same_body
from gdcore.report import Report

# The sections that are an agency's own words.
SECTIONS = ("s1", "s5")
# 24 bands of 3: texts with half of their three-character pieces in common meet with 96 %, with a tenth of them with 2 %.
BANDS, ROWS = 24, 3
_PIECE = 3
# Of the reports that share bands, only so many are compared in earnest, those with the most bands first.
CANDIDATES = 30
# A text that so many share, or half of the others where there are enough of them, is the area's template.
TEMPLATE, TEMPLATE_SHARE, TEMPLATE_BATCH = 15, 0.5, 6


@dataclass(frozen=True)
class Writing:
    """What of a report is compared: `name` of its agency as told to people, its year, its texts by section, masked."""

    name: str
    agency: str | None
    year: int | None
    digest: str
    texts: Mapping[str, str]

    @classmethod
    def of(cls, report: Report, known: Agency | None = None) -> Writing:
        """A report's; `known` is its agency as the store has it, with further names."""
        identity = report.identity
        further = (known.name, *known.aliases, *known.superiors) if known else ()
        parts = {part for name in (identity.agency, *further) if name for part in likeness.names_in(name)}
        texts = {key: likeness.masked(report.section(key).text, parts) for key in SECTIONS}
        agency = known.name if known else identity.agency
        return cls(agency or report.file_name, agency, identity.year, report.digest, texts)

    @cached_property
    def bands(self) -> tuple[frozenset[int], ...]:
        """Its bands by section, 56-bit numbers that tell years and sections apart; none for a text too short to be compared."""
        return tuple(frozenset(_bands(f"{self.year}|{key}", self.texts[key])) for key in SECTIONS)

    def is_of(self, other: Writing) -> bool:
        """Whether both are of one body, a government and its office counted as one."""
        if self.agency is None or other.agency is None:
            return False
        return same_body(self.agency, other.agency) or related(self.agency, other.agency)


def _bands(key: str, body: str) -> list[int]:
    if len(body) < likeness.ENOUGH:
        return []
    least = _signature(body)
    rows = (least[start : start + ROWS] for start in range(0, BANDS * ROWS, ROWS))
    return [_number(f"{key}|{index}|{row}") for index, row in enumerate(rows)]


def _signature(body: str) -> list[int]:
    """The least hash of a text's pieces in each of BANDS × ROWS compartments; an empty one has its right neighbour's."""
    size = BANDS * ROWS
    least = _EMPTY.copy()  # what of a hash is beyond its compartment
    for start in range(0, len(body) - _PIECE + 1, _AT_ONCE):
        hashes = _hashes(body[start : start + _AT_ONCE + _PIECE - 1])
        np.minimum.at(least, hashes % size, hashes // size)
    filled = (least != _NONE).nonzero()[0]
    if len(filled) < size:
        nearest = filled.searchsorted(np.arange(size)) % len(filled)
        least = least[filled[nearest]]
    result: list[int] = least.tolist()
    return result


def _hashes(body: str) -> NDArray[np.uint32]:
    """CRC-32 of each piece in UTF-8, of all at once: the checksum of as many zeros, changed by each byte on its own."""
    data = np.frombuffer(f"{body}\0".encode(), np.uint8)  # the last piece ends where the zero begins
    starts = (data & 0xC0 != 0x80).nonzero()[0]  # bytes with which a character begins
    first, end = starts[:-_PIECE], starts[_PIECE:]
    length = end - first
    behind = np.arange(length.max())[:, np.newaxis]  # bytes of a piece behind the one that is looked at
    at = end - 1 - behind
    changes = _CHANGES.take(data.take(at) + 256 * behind)
    changes *= at >= first
    result: NDArray[np.uint32] = np.bitwise_xor.reduce(changes, axis=0) ^ _ZEROS.take(length)
    return result


_AT_ONCE = 10_000  # pieces of a text, some 200 bytes for each
_LONGEST = 4 * _PIECE  # bytes of a piece in UTF-8
_ZEROS = np.array([zlib.crc32(bytes(length)) for length in range(_LONGEST + 1)], np.uint32)
# What a byte changes, by how many bytes stand behind it and by its value.
_CHANGES = np.array(
    [zlib.crc32(bytes([n, *bytes(k)])) ^ zlib.crc32(bytes(k + 1)) for k, n in product(range(_LONGEST), range(256))],
    np.uint32,
)
_NONE = np.uint32(2**32 - 1)  # more than any hash comes to
_EMPTY = np.full(BANDS * ROWS, _NONE)
_NUMBER = hashlib.blake2b(digest_size=7)


def _number(said: str) -> int:
    number = _NUMBER.copy()  # sooner done than made
    number.update(said.encode())
    return int.from_bytes(number.digest(), "big")


@dataclass(frozen=True, slots=True)
class Alike:
    """Another agency's text that is like this one's: `share` 0…1."""

    name: str
    share: float


@dataclass(frozen=True)
class Peers:
    """The other reports that one report is compared with.

    `others` are those at hand (of a large year, those with bands in common), `count` is how many there are altogether.
    """

    own: Writing
    others: tuple[Writing, ...]
    count: int

    def enough(self, section: str) -> bool:
        """Whether this report's own text is long enough to be compared."""
        return len(self.own.texts[section]) >= likeness.ENOUGH

    def alike(self, section: str, least: float) -> tuple[Alike, ...]:
        """Those other agencies whose text of the same year is alike by at least `least`, the most alike first."""
        found = [Alike(self.others[at].name, share) for at, share in self._shares(section, least)]
        return tuple(sorted(found, key=lambda a: (-a.share, a.name)))

    def near(self, least: Mapping[str, float]) -> tuple[int, ...]:
        """Where in `others` those stand that a rule may name here, and so has to name this one there."""
        alike = {at for section, share in least.items() for at, _ in self._shares(section, share)}
        same = {writing.digest for writing in self.same}
        return tuple(sorted(alike | {at for at, writing in enumerate(self.others) if writing.digest in same}))

    def _shares(self, section: str, least: float) -> list[tuple[int, float]]:
        """Who of `others` is alike, and by how much; kept, since rules ask, and so does what tells whether they would differ."""
        asked = section, least
        if asked not in self._known:
            own, fellows = self.own.texts[section], self._fellows
            may = likeness.may_be_alike(own, [w.texts[section] for _, w in fellows], least)
            strangers = ((at, w) for at, w in compress(fellows, may) if not w.is_of(self.own))
            shares = ((at, likeness.similarity(own, w.texts[section], least=least)) for at, w in strangers)
            self._known[asked] = [(at, share) for at, share in shares if share >= least]
        return self._known[asked]

    @cached_property
    def _known(self) -> dict[tuple[str, float], list[tuple[int, float]]]:
        return {}

    def is_template(self, alike: Sequence[Alike]) -> bool:
        """Whether a text that so many share is a template of the area rather than one copied from another."""
        most = self.count >= TEMPLATE_BATCH and len(alike) >= TEMPLATE_SHARE * self.count
        return most or len(alike) >= TEMPLATE

    @property
    def same(self) -> tuple[Writing, ...]:
        """Other reports of the same agency and year; the same file given twice is none."""
        mine = self.own
        return tuple(
            w
            for w in self.others
            if mine.agency and (w.agency, w.year) == (mine.agency, mine.year) and w.digest != mine.digest
        )

    def answer(self, least: Mapping[str, float]) -> str:
        """What rules can learn here, in one line: another line means that they may judge otherwise. `least` as in `alike`."""
        sections = []
        for section, share in least.items():
            alike = self.alike(section, share) if self.enough(section) else ()
            names = (
                "template" if alike and self.is_template(alike) else "、".join(f"{a.name} {a.share:.4f}" for a in alike)
            )
            sections.append(f"{section} {names}")
        return " | ".join([*sections, *sorted(w.digest for w in self.same)])

    @cached_property
    def _fellows(self) -> list[tuple[int, Writing]]:
        """The others of the same year but for the same file, and where they stand. They may be of the same body."""
        year, digest = self.own.year, self.own.digest
        return [(at, w) for at, w in enumerate(self.others) if w.year == year and w.digest != digest]


class Batch:
    """Reports given together, each to be compared with the others."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self._writings = [(report, Writing.of(report)) for report in reports]
        self._by_band: dict[int, list[Writing]] = defaultdict(list)
        for _, writing in self._writings:
            for band in chain(*writing.bands):
                self._by_band[band].append(writing)

    def peers(self, report: Report) -> Peers | None:
        """What one of the reports is compared with; None where it is the only one."""
        own = next((w for r, w in self._writings if r is report), None)
        if own is None or len(self._writings) == 1:
            return None
        shared = Counter(id(w) for band in chain(*own.bands) for w in self._by_band[band] if w is not own)
        nearest = {key for key, _ in shared.most_common(CANDIDATES)}
        same = {id(w) for _, w in self._writings if w is not own and own.agency and w.agency == own.agency}
        others = tuple(w for _, w in self._writings if id(w) in nearest | same)
        return Peers(own, others, len(self._writings) - 1)
