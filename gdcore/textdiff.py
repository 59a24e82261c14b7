"""What one text of a report says and another does not, whatever their layout, punctuation and the page around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rapidfuzz.distance import Indel

from gdcore import form, text
from gdcore.report import RemarkKind, Report

# Sections in which a table stands: what is no sentence there is a label, a value or a note of it.
_WITH_TABLE = frozenset(form.SECTION_BY_KEY[key].short for key in form.TABLE_SECTIONS.values())
_EDGES = frozenset(("preamble", "sections"))
LEAST_MOVED = 4  # characters of a sentence that is recognised elsewhere
CLOSE = 8  # characters alike between two differences that are told as one
AROUND = 14  # characters shown on either side of a difference
MOST_SHOWN = 120  # characters of a passage that are shown
_MOST = 20_000  # characters of a stretch that is compared one by one; a longer one is told whole
# Numbers of items: Word counts by itself what a page prints, and the other way round.
_ITEM = re.compile(
    r"[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）]|[①-⑳]|^\s*(?:[（(]?\d{1,2}[)）、.．](?!\d)|[一二三四五六七八九十]{1,3}[、.．])"
)
_PAGE_NUMBER = re.compile(r"\s*[-—–－]?\s*\d{1,3}\s*[-—–－]?\s*")


@dataclass(frozen=True, slots=True)
class Change:
    """A passage that differs: what one says and what the other does; "" where nothing answers. `at` is an address."""

    at: str
    left: str
    right: str
    size: int

    @property
    def digits(self) -> bool:
        """Whether the numbers in it differ."""
        return re.findall(r"\d+", text.plain(self.left)) != re.findall(r"\d+", text.plain(self.right))


@dataclass(frozen=True, slots=True)
class Compared:
    """All that differs between two reports' prose, and the share (0…1) of the characters that is alike."""

    changes: tuple[Change, ...]
    share: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence: where it stands, as printed, its letters and digits alone, and where in print each of them stands."""

    at: str
    printed: str
    core: str
    offsets: tuple[int, ...]


def compare(left: Report, right: Report) -> Compared:
    """The prose of two reports. Lines of a page around them, table labels and moved sentences do not count."""
    ours, theirs = _Side.of(left), _Side.of(right)
    tabular = _WITH_TABLE | {r.address for report in (left, right) for r in report.remarks_of(RemarkKind.OTHER_TABLE)}
    changes = tuple(_changes(ours, theirs, tabular))
    length = sum(len(p.core) for side in (ours, theirs) for p in side.pieces)
    return Compared(changes, max(0.0, 1 - sum(c.size for c in changes) / length) if length else 1.0)


@dataclass(frozen=True, slots=True)
class _Side:
    """One report: its sentences, and all that it says anywhere, title and headings included, as letters."""

    pieces: tuple[_Piece, ...]
    letters: str

    @classmethod
    def of(cls, report: Report) -> _Side:
        """The side of a report."""
        pieces = tuple(_pieces(report))
        titles = [report.identity.title] if report.identity.title else []
        above = (_core(p.text)[0] for p in (*titles, *(h.passage for h in report.headings)))
        return cls(pieces, "\n".join([_letters(pieces), *above]))

    def says(self, piece: _Piece) -> bool:
        """Whether a sentence stands anywhere in it: then it was moved, or is printed twice on the other side."""
        return len(piece.core) >= LEAST_MOVED and piece.core in self.letters


# --- sentences ------------------------------------------------------------------------------------------------------


def _pieces(report: Report) -> Iterator[_Piece]:
    passages = (*report.preamble, *(p for s in report.sections for p in s.paragraphs), *report.beyond, *report.signoff)
    for passage in passages:
        at = passage.address.partition("#")[0]
        for _, sentence in text.sentences(passage.text):
            core, offsets = _core(sentence)
            if core and not _PAGE_NUMBER.fullmatch(sentence):
                yield _Piece(at, sentence, core, offsets)


@lru_cache(maxsize=4096)
def _core(printed: str) -> tuple[str, tuple[int, ...]]:
    """Letters, digits and per cent signs in their plain width, each with its place in what is printed.

    Points count between digits; commas between digits group thousands.
    """
    line = _ITEM.sub(lambda m: " " * len(m[0]), printed)
    letters, offsets = [], []
    for place, char in enumerate(line):
        for plain in unicodedata.normalize("NFKC", text.mend(char)):
            between = 0 < place < len(line) - 1 and line[place - 1].isdigit() and line[place + 1].isdigit()
            if plain.isalnum() or plain == "%" or (plain == "." and between):
                letters.append(plain.lower())
                offsets.append(place)
    return "".join(letters), tuple(offsets)


# --- differences ----------------------------------------------------------------------------------------------------


def _changes(ours: _Side, theirs: _Side, tabular: frozenset[str]) -> Iterator[Change]:
    ends, page = _behind(ours, theirs), _behind(theirs, ours)
    for mine, other in _blocks(ours.pieces, theirs.pieces):
        if _letters(mine) != _letters(other):
            mine = [p for p in mine if not theirs.says(p) and not _is_surrounding(p, tabular, ends)]
            other = [p for p in other if id(p) not in page and not ours.says(p) and not _is_surrounding(p, tabular)]
            yield from _within(mine, other)


def _behind(side: _Side, other: _Side) -> frozenset[int]:
    """The identities of what follows the last sentence that both have: on a page, what stands below the report."""
    said = {p.core for p in other.pieces}
    last = max((n for n, p in enumerate(side.pieces) if p.core in said), default=-1)
    return frozenset(map(id, side.pieces[last + 1 :]))


def _blocks(ours: Sequence[_Piece], theirs: Sequence[_Piece]) -> Iterator[tuple[list[_Piece], list[_Piece]]]:
    """Sentences that stand against each other, between those that both have."""
    matcher = SequenceMatcher(None, [p.core for p in ours], [p.core for p in theirs], autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield list(ours[i:j]), list(theirs[k:m])


def _letters(pieces: Iterable[_Piece]) -> str:
    return "".join(p.core for p in pieces)


def _is_surrounding(piece: _Piece, tabular: frozenset[str], ends: frozenset[int] = frozenset()) -> bool:
    """Whether it may be printed in another way or not at all: the sign-off, what belongs to a table (`tabular` sections
    have one), and lines around the report and at its end (`ends`) that are no sentences.
    """
    head = piece.at.partition(".")[0]
    return head == "signoff" or ("。" not in piece.printed and (head in tabular or head in _EDGES or id(piece) in ends))


def _within(ours: Sequence[_Piece], theirs: Sequence[_Piece]) -> Iterator[Change]:
    """The differences in a stretch, close ones as one."""
    left, right = _letters(ours), _letters(theirs)
    if left == right:
        return
    if max(len(left), len(right)) > _MOST:
        yield _change(ours, theirs, (0, len(left)), (0, len(right)), Indel.distance(left, right))
        return
    for one, other, size in _merged(left, right):
        yield _change(ours, theirs, one, other, size)


Span = tuple[int, int]


def _merged(left: str, right: str) -> Iterator[tuple[Span, Span, int]]:
    """Spans of both that differ and how many characters do."""
    spans: list[tuple[Span, Span, int]] = []
    for op in Indel.opcodes(left, right):
        if op.tag == "equal":
            continue
        size = op.src_end - op.src_start + op.dest_end - op.dest_start
        if spans and op.src_start - spans[-1][0][1] <= CLOSE and op.dest_start - spans[-1][1][1] <= CLOSE:
            (i, _), (k, _), before = spans.pop()
            spans.append(((i, op.src_end), (k, op.dest_end), before + size))
        else:
            spans.append(((op.src_start, op.src_end), (op.dest_start, op.dest_end), size))
    yield from spans


def _change(ours: Sequence[_Piece], theirs: Sequence[_Piece], one: Span, other: Span, size: int) -> Change:
    at = _address(ours, one) or _address(theirs, other)
    return Change(at, _shown(ours, one), _shown(theirs, other), size)


def _address(pieces: Sequence[_Piece], span: Span) -> str:
    start = 0
    for piece in pieces:
        start += len(piece.core)
        if start > span[0]:
            return piece.at
    return pieces[-1].at if pieces else ""


def _shown(pieces: Sequence[_Piece], span: Span) -> str:
    """The passage as printed, with a little of what stands around it."""
    printed = "".join(p.printed for p in pieces)
    if not printed:
        return ""
    places, start = [], 0
    for piece in pieces:
        places += [start + offset for offset in piece.offsets]
        start += len(piece.printed)
    first = places[max(0, span[0] - AROUND)] if span[0] - AROUND > 0 else 0
    end = span[1] + AROUND
    last = places[end] if end < len(places) else len(printed)
    passage = text.collapse(printed[first:last])
    passage = f"{passage[:MOST_SHOWN]}…" if len(passage) > MOST_SHOWN else passage
    return ("…" if first else "") + passage + ("…" if last < len(printed) and not passage.endswith("…") else "")
