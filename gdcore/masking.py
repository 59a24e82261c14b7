"""Personal data struck out wherever a report is told, shown, exported or logged, until a person has cleared them.

What is masked keeps its length, so that places, spans and marks stay right: 110*************11, 138******78, 张××,
人民路×××××. The report in the store stays as it was read: rules judge that one, and pages get a masked copy.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from gdcore import exposure, naming, personal
from gdcore.exposure import Exposure, Sighting
from gdcore.figure import Figure
from gdcore.personal import Kind, Trace
from gdcore.place import Place
from gdcore.report import Report

T = TypeVar("T")

# States of a finding in which a person has decided that the text may be shown. One that was mended and closed still stands in
# the earlier version.
CLEARED = frozenset({"false_positive", "waived"})

_RUN = re.compile(r"\d(?:[ \-]?[\dXx]){5,}")  # six digits of a number give it away, even where a quotation breaks off
_CUT = r"(?=…|\.\.|[”\"]|$)"  # where a quotation breaks off
_WORDS = (Kind.NAME, Kind.HOME)
_FIXED = frozenset({"digest", "fingerprint", "key", "place", "span", "block"})  # fields that hold no text of the report


@dataclass(frozen=True)
class Mask:
    """The personal data of a report that are not cleared; an empty mask changes nothing.

    `blind`: what the report gives away could not be looked for, so every long number is masked.
    """

    secrets: tuple[tuple[Kind, str], ...] = ()
    blind: bool = False

    def __bool__(self) -> bool:
        return bool(self.secrets) or self.blind

    def text(self, words: str) -> str:
        """`words` with every secret in it masked, pieces of numbers and cut-off names included; of the same length."""
        return personal.covered(words, self.traces(words)) if self else words

    def traces(self, words: str) -> list[Trace]:
        """Where the secrets stand in `words`, in whatever width and spacing."""
        line = personal.folded(words)
        found = [Trace(kind, *match.span()) for kind, pattern in self._patterns for match in pattern.finditer(line)]
        return personal.merged([*found, *self._pieces(line)])

    def _pieces(self, line: str) -> Iterator[Trace]:
        for match in _RUN.finditer(line) if self._numbers or self.blind else ():
            digits = _compact(match[0])
            if self.blind or any(digits in number and digits != number for number in self._numbers):
                yield Trace(Kind.PIECE, *match.span())

    @cached_property
    def _numbers(self) -> tuple[str, ...]:
        return tuple(_compact(text) for kind, text in self.secrets if kind not in _WORDS)

    @cached_property
    def _patterns(self) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
        return tuple((kind, re.compile(_spelling(kind, text))) for kind, text in self.secrets)

    def shown(self, thing: T) -> T:
        """A report, a finding or any other object of the core as it may be shown: a copy with every text, value and
        file name masked. The fingerprint of a finding stays that of what was found.
        """
        made: Any = thing
        if not self:
            return thing
        if isinstance(thing, str):
            made = self.text(thing)
        elif isinstance(thing, tuple):
            made = tuple(self.shown(item) for item in thing)
        elif isinstance(thing, Mapping):
            made = {key: self.shown(value) for key, value in thing.items()}
        elif is_dataclass(thing) and not isinstance(thing, type):
            named = (f.name for f in fields(thing) if f.name not in _FIXED)
            shown = {name: self.shown(getattr(thing, name)) for name in named}
            changes = {name: value for name, value in shown.items() if value is not getattr(thing, name)}
            if isinstance(thing, Figure) and "raw" in changes:
                changes["value"] = None
            made = replace(thing, **changes) if changes else thing
        return thing if made == thing else made

    def places(self, report: Report) -> tuple[Place, ...]:
        """Where the secrets are printed in the report as it was read."""
        pieces = ((p, t) for p in report.printed.passages for t in (self.traces(p.text) if self else ()))
        return tuple(dict.fromkeys(a.place for p, t in pieces for a in p.part(t.start, t.end).anchors))


def _compact(number: str) -> str:
    return "".join(char for char in personal.folded(number).upper() if char.isalnum())


def _spelling(kind: Kind, text: str) -> str:
    """What finds a secret again: numbers with or without gaps, names with or without blanks or their last character."""
    if kind not in _WORDS:
        return "(?i:" + r"[ \-]?".join(_compact(text)) + ")"
    letters = [re.escape(char) for char in personal.folded(text) if not char.isspace()]
    whole = r"\s*".join(letters)
    return whole + "|" + r"\s*".join(letters[:-1]) + _CUT if len(letters) > 2 else whole


def of(*exposures: Exposure | None, cleared: Collection[tuple[str, str]] = (), off: Collection[str] = ()) -> Mask:
    """The mask of what reports give away; None for a report in which that could not be looked for. `cleared` are findings
    (rule, address) whose text may be shown, `off` rules that are not in force.
    """

    def hidden(seen: Sighting) -> bool:
        rule = exposure.RULES[seen.kind]
        return seen.is_secret and rule not in off and (rule, seen.address) not in cleared

    secrets = ((seen.kind, seen.text) for each in exposures if each for seen in each.sightings if hidden(seen))
    return Mask(tuple(dict.fromkeys(secrets)), blind=None in exposures)


def anywhere(words: str) -> str:
    """`words` of which nothing else is known (a file's name, a message) without the personal data they show by form."""
    return personal.covered(words, [*personal.numbers(words), *naming.names(words)])


_LETTERS = re.compile(r"[\u4e00-\u9fff]+|\d{6,}")


def told(error: BaseException) -> str:
    """An exception for the log: where it came from and its kind; of its message nothing that can be a report's text."""
    lines = traceback.format_tb(error.__traceback__)
    return f"{''.join(lines)}{type(error).__name__}: {_LETTERS.sub('…', str(error))}"
