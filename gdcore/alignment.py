"""The prose of two reports side by side: which sentence became which, and which of its words and numbers are others.

Sentences are matched in their order by how like they are once numbers are left out, so that a sentence with another
number is the same sentence; within it, words and whole numbers are told apart. Nothing of either text is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from gdcore import form
from gdcore.figure import Passage
from gdcore.likeness import SAME_SENTENCE
from gdcore.personal import folded
from gdcore.report import Report
from gdcore.text import plain


class Mark(StrEnum):
    """What became of a piece of text on the other side."""

    SAME = "same"
    CHANGED = "changed"  # not there: taken out of the earlier text, new in the later one
    MOVED = "moved"  # a whole sentence that stands there in another place


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text and its mark."""

    text: str
    mark: Mark


Paragraph = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Paragraphs that belong side by side: as few as begin and end together on both sides."""

    before: tuple[Paragraph, ...]
    after: tuple[Paragraph, ...]

    @property
    def changed(self) -> bool:
        """Whether anything is marked."""
        return any(piece.mark is not Mark.SAME for side in (self.before, self.after) for p in side for piece in p)


@dataclass(frozen=True, slots=True)
class PartPair:
    """A part of the report on both sides: title, preamble, s1 … s6, beyond or signoff.

    `before` and `after` are its headings as printed, "" where it has none; `found` whether each side has the part.
    """

    key: str
    before: str
    after: str
    found: tuple[bool, bool]
    rows: tuple[Row, ...]

    @property
    def changed(self) -> tuple[Row, ...]:
        """The rows in which something changed."""
        return tuple(row for row in self.rows if row.changed)

    @property
    def same(self) -> bool:
        """Whether both sides have the part, with the same heading and the same text."""
        return all(self.found) and plain(self.before) == plain(self.after) and not self.changed


# Parts that are other in every report: they count for nothing in how much is the same.
_FRAME = frozenset({"title", "signoff"})


def parts(before: Report, after: Report) -> tuple[PartPair, ...]:
    """All prose of both reports, part by part in printed order; parts that neither side has are left out."""
    return tuple(pair for pair in _beside(before, after) if any(pair.found))


def same_share(pairs: Iterable[PartPair]) -> float | None:
    """How much of both texts (0…1, in characters) stands on the other side too; None without any text."""
    counted: Counter[bool] = Counter()
    for pair in pairs:
        for row in pair.rows if pair.key not in _FRAME else ():
            for piece in (piece for side in (row.before, row.after) for p in side for piece in p):
                counted[piece.mark is not Mark.CHANGED] += len(piece.text)
    return counted[True] / counted.total() if counted.total() else None


def _beside(before: Report, after: Report) -> Iterator[PartPair]:
    """The parts in printed order."""
    sides = before, after
    yield _frame("title", *([r.identity.title] if r.identity.title else [] for r in sides))
    yield _frame("preamble", before.preamble, after.preamble)
    for key in form.SECTION_BY_SHORT:
        then, now = (r.section(key) for r in sides)
        heads = [s.heading.passage.text if s.heading else "" for s in (then, now)]
        yield PartPair(key, heads[0], heads[1], (then.found, now.found), _rows(then.paragraphs, now.paragraphs))
    yield _frame("beyond", before.beyond, after.beyond)
    yield _frame("signoff", before.signoff, after.signoff)


def _frame(key: str, then: Sequence[Passage], now: Sequence[Passage]) -> PartPair:
    return PartPair(key, "", "", (bool(then), bool(now)), _rows(then, now))


# --- sentences ----------------------------------------------------------------------------------------------------------

# Characters of a sentence by which it is matched: a line without a full stop can be as long as the report.
LONGEST_KEY = 1000
_SENTENCE_END = re.compile(r"[。！？；!?;]+[”’』」）)]*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class _Sentence:
    """A sentence and the number of its paragraph."""

    text: str
    paragraph: int

    @cached_property
    def bare(self) -> str:
        """What two equal sentences have in common."""
        return plain(self.text)

    @cached_property
    def key(self) -> str:
        """The sentence without its numbers; of a very long one its beginning."""
        return _NUMBER.sub("#", self.bare[:LONGEST_KEY])


def _sentences(paragraphs: Sequence[Passage]) -> list[_Sentence]:
    """All of the text, cut behind each sentence."""
    found = []
    for number, paragraph in enumerate(paragraphs):
        ends = [match.end() for match in _SENTENCE_END.finditer(paragraph.text)]
        cuts = sorted({0, *ends, len(paragraph.text)})
        found += [_Sentence(paragraph.text[start:end], number) for start, end in pairwise(cuts)]
    return found


_Step = tuple[int | None, int | None]  # a sentence of either side, or of both


# Pairs of sentences, or of words in two sentences, up to which every one is looked at. Of longer texts equal sentences
# alone are matched; longer sentences are told as wholly other.
MOST_PAIRS = 2_000_000


def _steps(left: Sequence[_Sentence], right: Sequence[_Sentence]) -> list[_Step]:
    """Every sentence of both sides once, matched ones together, in an order that both sides keep."""
    few = len(left) * len(right) <= MOST_PAIRS
    matches = _matches(left, right) if few else _equal(left, right)
    steps: list[_Step] = []
    i = j = 0
    for to_i, to_j in (*matches, (len(left), len(right))):
        steps += [(n, None) for n in range(i, to_i)] + [(None, n) for n in range(j, to_j)]
        steps.append((to_i, to_j))
        i, j = to_i + 1, to_j + 1
    return steps[:-1]


def _equal(left: Sequence[_Sentence], right: Sequence[_Sentence]) -> list[tuple[int, int]]:
    matcher = SequenceMatcher(None, [s.bare for s in left], [s.bare for s in right], autojunk=False)
    return [(b.a + n, b.b + n) for b in matcher.get_matching_blocks() for n in range(b.size)]


def _matches(left: Sequence[_Sentence], right: Sequence[_Sentence]) -> list[tuple[int, int]]:
    """The pairs of one order that have most text in common."""
    if not left or not right:
        return []
    alike = process.cdist(
        [s.key for s in left],
        [s.key for s in right],
        scorer=Indel.normalized_similarity,
        score_cutoff=SAME_SENTENCE,
        dtype=np.float32,
    )
    lengths = np.add.outer([len(s.key) for s in left], [len(s.key) for s in right])
    return _best(alike * lengths)


def _best(gains: NDArray[np.float32]) -> list[tuple[int, int]]:
    """The chain of cells, each below and to the right of the one before, with the greatest sum."""
    rows, columns = gains.shape
    best = np.zeros((rows + 1, columns + 1), dtype=np.float64)
    for i in range(rows):
        best[i + 1, 1:] = np.maximum.accumulate(np.maximum(best[i, 1:], best[i, :-1] + gains[i]))
    chain, i, j = [], rows, columns
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            chain.append((i, j))
    return chain[::-1]


# --- rows ---------------------------------------------------------------------------------------------------------------


def _rows(before: Sequence[Passage], after: Sequence[Passage]) -> tuple[Row, ...]:
    left, right = _sentences(before), _sentences(after)
    steps = _steps(left, right)
    gone = [left[i] for i, j in steps if i is not None and j is None]
    new = [right[j] for i, j in steps if i is None and j is not None]
    moved = _moved(gone, new)
    return tuple(_together(_row(group, left, right, moved) for group in _groups(steps, left, right)))


# Shorter sentences in characters are headings and words like 无。: that they stand elsewhere says nothing.
_SHORTEST_MOVED = 8


def _moved(gone: Iterable[_Sentence], new: Iterable[_Sentence]) -> frozenset[str]:
    """The sentences, bare, that were taken out in one place and put in in another."""
    return frozenset(b for b in {s.bare for s in gone} & {s.bare for s in new} if len(b) >= _SHORTEST_MOVED)


def _groups(steps: Sequence[_Step], left: Sequence[_Sentence], right: Sequence[_Sentence]) -> Iterator[list[_Step]]:
    """The steps cut wherever a paragraph begins on both sides at once."""
    starts = [
        {0, len(s), *(n for n in range(1, len(s)) if s[n].paragraph != s[n - 1].paragraph)} for s in (left, right)
    ]
    group: list[_Step] = []
    i = j = 0
    for step in steps:
        group.append(step)
        i, j = i + (step[0] is not None), j + (step[1] is not None)
        if i in starts[0] and j in starts[1]:
            yield group
            group = []


def _row(group: Sequence[_Step], left: Sequence[_Sentence], right: Sequence[_Sentence], moved: frozenset[str]) -> Row:
    sides: tuple[dict[int, list[Piece]], dict[int, list[Piece]]] = ({}, {})
    for i, j in group:
        then, now = left[i] if i is not None else None, right[j] if j is not None else None
        for side, sentence, pieces in zip(sides, (then, now), _marked(then, now, moved), strict=True):
            if sentence is not None:
                side.setdefault(sentence.paragraph, []).extend(pieces)
    before, after = (tuple(_merged(pieces) for pieces in side.values()) for side in sides)
    return Row(before, after)


def _together(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with what was taken out and what was put in at the same place side by side."""
    waiting: Row | None = None
    for row in rows:
        if waiting and not row.before:
            yield Row(waiting.before, row.after)
            waiting = None
            continue
        if waiting:
            yield waiting
        waiting = None if row.after else row
        if row.after:
            yield row
    if waiting:
        yield waiting


def _merged(pieces: Iterable[Piece]) -> Paragraph:
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1].mark is piece.mark:
            merged[-1] = Piece(merged[-1].text + piece.text, piece.mark)
        else:
            merged.append(piece)
    return tuple(merged)


# --- within a sentence --------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"(?:\d+(?:[.,]\d+)*%?|[A-Za-z]+|.)\s*", re.DOTALL)
_NUMERIC = re.compile(r"[\d.,%]+")


def _marked(
    then: _Sentence | None, now: _Sentence | None, moved: frozenset[str]
) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """A step's pieces on each side."""
    if then is not None and now is not None:
        return _same(then, now) if then.bare == now.bare else changes(then.text, now.text)
    alone = [[Piece(s.text, Mark.MOVED if s.bare in moved else Mark.CHANGED)] if s else [] for s in (then, now)]
    return alone[0], alone[1]


def _same(then: _Sentence, now: _Sentence) -> tuple[Sequence[Piece], Sequence[Piece]]:
    return [Piece(then.text, Mark.SAME)], [Piece(now.text, Mark.SAME)]


@dataclass(slots=True)
class _Run:
    """Tokens of both sides that are equal, or stand for each other."""

    equal: bool
    before: list[str]
    after: list[str]

    @property
    def size(self) -> int:
        """Characters of the longer side."""
        return max(len("".join(self.before)), len("".join(self.after)))

    def take(self, other: _Run) -> None:
        """Add the run that follows: together they stand for each other."""
        self.before, self.after = self.before + other.before, self.after + other.after

    @property
    def numeric(self) -> bool:
        """Whether it is a number that became another."""
        return all(_NUMERIC.fullmatch(_token_key(t)) for t in (*self.before, *self.after))


def changes(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """One sentence that became another: the pieces of each. A number changes as a whole, white space and widths count
    for nothing, and a character or two that happen to be equal between changed words do not break these up.
    """
    runs = _readable(_runs(_TOKEN.findall(before), _TOKEN.findall(after)))
    marks = [(Mark.SAME if run.equal else Mark.CHANGED, run) for run in runs]
    sides = ([(m, "".join(r.before)) for m, r in marks], [(m, "".join(r.after)) for m, r in marks])
    then, now = (_merged(Piece(t, m) for m, t in side if t) for side in sides)
    return then, now


def _token_key(token: str) -> str:
    return folded(token).strip()


def _runs(before: list[str], after: list[str]) -> list[_Run]:
    """The tokens as runs that are equal and runs that are not, by turns."""
    if len(before) * len(after) > MOST_PAIRS:
        return [_Run(False, before, after)]
    keys = [[_token_key(t) for t in side] for side in (before, after)]
    runs: list[_Run] = []
    for op in Indel.opcodes(*keys):
        run = _Run(op.tag == "equal", before[op.src_start : op.src_end], after[op.dest_start : op.dest_end])
        if runs and not runs[-1].equal and not run.equal:
            runs[-1].take(run)
        else:
            runs.append(run)
    return runs


def _readable(runs: list[_Run]) -> list[_Run]:
    """The runs without equal ones that are no longer than the changes on both sides of them."""
    kept = runs[:1]
    for run, after in zip(runs[1:], [*runs[2:], None], strict=False):
        if not kept[-1].equal and (not run.equal or (after and _drowns(kept[-1], run, after))):
            kept[-1].take(run)
        else:
            kept.append(run)
    return kept


def _drowns(before: _Run, equal: _Run, after: _Run) -> bool:
    return equal.size <= min(before.size, after.size) and not (before.numeric and after.numeric)
