"""Two texts that are alike, with the passages that both have: what two agencies, or two years, tell in the same words.

What is compared and what is left out is `gdcore.likeness`'s to say: a sentence is shared if it has its like on the other
side, and of it are shown as shared the words that both print, without legal phrases and other numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import Indel

from gdcore import likeness
from gdcore.alignment import LONGEST_KEY, Mark, changes
from gdcore.text import bare

# Characters of a compared sentence below which it is a heading or a set phrase, and of a run of words that is shown.
SHORTEST_SENTENCE, SHORTEST_RUN = 8, 5


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some text. `shared`: the other text has it too; `pair` numbers the sentence it has its like in, 0 without one."""

    text: str
    pair: int = 0
    shared: bool = False


Paragraph = tuple[Stretch, ...]
Text = tuple[Paragraph, ...]


def shared(left: Sequence[str], right: Sequence[str], names: Iterable[str] = ()) -> tuple[Text, Text]:
    """The paragraphs of both texts as stretches that make them up; `names` as for `likeness.masked`."""
    known = tuple(names)
    ours, theirs = (_sentences(side, known) for side in (left, right))
    there, back = _nearest(ours, theirs), _nearest(theirs, ours)
    numbers = {i: number for number, i in enumerate(sorted(there), 1)}
    one = {i: (numbers[i], theirs[j].text) for i, j in there.items()}
    other = {j: (numbers[i], ours[i].text) for j, i in back.items()}
    return _marked(ours, one, len(left)), _marked(theirs, other, len(right))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, the number of its paragraph, and what of it is compared."""

    text: str
    paragraph: int
    body: str

    @property
    def compared(self) -> bool:
        """Whether it says enough of its own to be compared."""
        own = "".join(words for words, free in zip(self.text, _own(self.text), strict=True) if free)
        return min(len(self.body), len(bare(own))) >= SHORTEST_SENTENCE


def _own(text: str) -> list[bool]:
    """For each character whether it is the author's: none of what everybody has to write."""
    own = [True] * len(text)
    for start, end in likeness.prescribed(text):
        own[start:end] = [False] * (end - start)
    return own


def _sentences(paragraphs: Sequence[str], names: Collection[str]) -> list[_Sentence]:
    return [
        _Sentence(p[start:end], number, likeness.masked(p[start:end], names))
        for number, p in enumerate(paragraphs)
        for start, end in likeness.sentences(p)
    ]


def _nearest(these: Sequence[_Sentence], those: Sequence[_Sentence]) -> dict[int, int]:
    """Sentence → the one on the other side that it is most like, for those that have one."""
    ours, others = ({n: s.body[:LONGEST_KEY] for n, s in enumerate(side) if s.compared} for side in (these, those))
    best = (
        (i, process.extractOne(body, others, scorer=Indel.normalized_similarity, score_cutoff=likeness.SAME_SENTENCE))
        for i, body in ours.items()
    )
    return {i: int(found[2]) for i, found in best if found}


def _marked(sentences: Sequence[_Sentence], likes: dict[int, tuple[int, str]], paragraphs: int) -> Text:
    text: list[list[Stretch]] = [[] for _ in range(paragraphs)]
    for index, sentence in enumerate(sentences):
        pair, other = likes.get(index, (0, ""))
        stretches = _stretches(sentence.text, other, pair) if pair else [Stretch(sentence.text)]
        text[sentence.paragraph].extend(stretches)
    return tuple(tuple(paragraph) for paragraph in text)


def _stretches(own: str, other: str, pair: int) -> Iterator[Stretch]:
    both = [piece.mark is Mark.SAME for piece in changes(own, other)[0] for _ in piece.text]
    yield from _runs(own, [same and free for same, free in zip(both, _own(own), strict=True)], pair)


def _runs(own: str, taken: Sequence[bool], pair: int) -> Iterator[Stretch]:
    """The text in runs of what is shared and what is not; short shared runs are none."""
    cuts = [0, *(n for n in range(1, len(own)) if taken[n] != taken[n - 1]), len(own)]
    for start, end in pairwise(cuts):
        words = own[start:end]
        yield Stretch(words, pair, taken[start] and len(bare(words)) >= SHORTEST_RUN)
