"""Prose made ready for rules: each passage with its plain form, and all of it in one piece to be asked first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gdcore import text
from gdcore.figure import Passage


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

    @cached_property
    def whole(self) -> str:
        """All of it as printed, a passage a line."""
        return "\n".join([passage.text for passage in self.passages])

    @cached_property
    def _whole_plain(self) -> str:
        return "\n".join([plain for _, plain in self.plain])

    def having(self, pattern: re.Pattern[str]) -> Iterator[tuple[Passage, str]]:
        """The passages in whose plain form the pattern occurs, with that form."""
        if pattern.search(self._whole_plain):
            yield from (pair for pair in self.plain if pattern.search(pair[1]))

    def printing(self, pattern: re.Pattern[str]) -> Iterator[Passage]:
        """The passages in whose printed text the pattern occurs."""
        if pattern.search(self.whole):
            yield from (passage for passage in self.passages if pattern.search(passage.text))
