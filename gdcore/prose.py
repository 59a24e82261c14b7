"""Prose made ready for rules: each passage with its plain form, and all of it in one piece to be asked first."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from gdcore import text
from gdcore.figure import Passage


class Lines:
    """Texts that are asked together, since most hold nothing of what is looked for: in one piece, a text a line."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self.whole = "\n".join(texts)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate([len(line) + 1 for line in self._texts])]

    def having(self, pattern: re.Pattern[str]) -> Iterator[int]:
        """The places of the texts in which a pattern occurs: what it finds in the whole leads to the next that may have it.

        The pattern must not be bound to the ends of a text, and may match across two of them in vain.
        """
        at = 0
        while match := pattern.search(self.whole, at):
            place = min(bisect_right(self._starts, match.start()), len(self._texts)) - 1
            if pattern.search(self._texts[place]):
                yield place
            at = self._starts[place + 1]
            if at > len(self.whole):
                return


@dataclass(frozen=True)
class Prose:
    """Passages in reading order, prepared once for all rules.

    Most rules look for what hardly any report has. `having` and `printing` therefore ask the whole text before they ask
    each passage; their patterns must not be bound to the ends of a text, and may match across two passages in vain.
    """

    passages: tuple[Passage, ...]

    @cached_property
    def plain(self) -> tuple[tuple[Passage, str], ...]:
        """Each passage with its text in plain form."""
        return tuple([(passage, text.plain(passage.text)) for passage in self.passages])

    @property
    def whole(self) -> str:
        """All of it as printed, a passage a line."""
        return self._printed.whole

    @cached_property
    def _printed(self) -> Lines:
        return Lines([passage.text for passage in self.passages])

    @cached_property
    def _plain(self) -> Lines:
        return Lines([plain for _, plain in self.plain])

    def places(self, pattern: re.Pattern[str]) -> Iterator[int]:
        """Which passages the pattern occurs in as printed."""
        return self._printed.having(pattern)

    def having(self, pattern: re.Pattern[str]) -> Iterator[tuple[Passage, str]]:
        """The passages in whose plain form the pattern occurs, with that form."""
        return (self.plain[place] for place in self._plain.having(pattern))

    def printing(self, pattern: re.Pattern[str], *words: str) -> Iterator[Passage]:
        """The passages in whose printed text the pattern occurs; `words`: one of these stands in whatever it matches."""
        if words and not any(word in self.whole for word in words):
            return iter(())
        return (self.passages[place] for place in self.places(pattern))
