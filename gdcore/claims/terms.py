"""How terms are found: by the keys that stand in a clause, then by the patterns of their terms, and of overlapping ones the longer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from gdcore.claims.subjects import OBJECTS, Found, Term, Topic, predicates

# The numbers of terms, and where a key of theirs stands.
Hit = tuple[tuple[int, ...], int, int]


class Terms:
    """Terms made ready to be looked for in many clauses: most of them hold the keys of none."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = tuple(terms)
        by_key: dict[str, tuple[int, ...]] = {}
        for number, term in enumerate(self._terms):
            by_key |= {key: (*by_key.get(key, ()), number) for key in term.keys}
        self._by_first: dict[str, list[tuple[str, tuple[int, ...]]]] = defaultdict(list)
        for key, numbers in by_key.items():
            self._by_first[key[0]].append((key, numbers))
        heads = [
            f"{re.escape(first)}(?={'|'.join(re.escape(key[1:]) for key, _ in known)})"
            for first, known in self._by_first.items()
        ]
        self._first = re.compile("|".join(heads) or "(?!)")  # each begins with its character, which the search skips to

    def hits(self, text: str, start: int, end: int) -> list[Hit]:
        """Every key that stands in a stretch of text."""
        found: list[Hit] = []
        for first in self._first.finditer(text, start, end):
            at = first.start()
            for key, numbers in self._by_first[text[at]]:
                if text.startswith(key, at, end):
                    found.append((numbers, at, at + len(key)))
        return found

    def matches(self, hits: Iterable[Hit], text: str, start: int, end: int) -> list[Found]:
        """Every match of each term in a stretch, in the order of the terms; `hits` are the keys in a longer one."""
        here = {n for numbers, first, last in hits if start <= first and last <= end for n in numbers}
        found: list[Found] = []
        for number in sorted(here):
            term = self._terms[number]
            for match in term.pattern.finditer(text, start, end):
                found.append(Found(term, *match.span()))
        return found


@lru_cache(maxsize=128)
def ready(topic: Topic | None, year: int | None) -> Terms:
    """The predicates of a topic; without a topic, the objects."""
    return Terms(predicates(topic, year) if topic else OBJECTS)


def longest(every: Sequence[Found]) -> tuple[Found, ...]:
    """The matches in order; of two that overlap, the longer."""
    if len(every) < 2:
        return tuple(every)
    ordered = sorted(every, key=lambda f: f.start)
    if all(found.end <= following.start for found, following in pairwise(ordered)):
        return tuple(ordered)
    kept: list[Found] = []
    for found in sorted(ordered, key=lambda f: f.start - f.end):
        if all(found.end <= k.start or found.start >= k.end for k in kept):
            kept.append(found)
    return tuple(sorted(kept, key=lambda f: f.start))
