"""Agencies' names taken out of texts: the agency spoken of is 甲单位, every other one 某单位."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from gdcore import bodies
from gdcore.personal import folded
from gdcore.text import plain

STEMS = "甲乙丙丁戊己庚辛壬癸"
ANY = "某单位"
_LEAST = 2  # characters of a name that is looked for: one alone is a word of any text
_LEAST_BODY = 3  # of a name without its area: 县委 and the like are no agency's own


class Anonymiser:
    """Takes the names of a roster out of texts, in whatever width and spacing. `names`: key → all names of an agency."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._labels: dict[str, str] = {}
        owners: dict[str, set[str]] = {}
        for key, each in names.items():
            for form in (form for name in each for form in _forms(name)):
                owners.setdefault(form, set()).add(key)
        self._owners = sorted(owners.items(), key=lambda item: -len(item[0]))  # the longest first: it holds the shorter

    def label(self, key: str) -> str:
        """What an agency is called: the first one asked for 甲单位, the next 乙单位; after 癸 just 某单位."""
        if key not in self._labels and len(self._labels) < len(STEMS):
            self._labels[key] = f"{STEMS[len(self._labels)]}单位"
        return self._labels.get(key, ANY)

    def text(self, words: str) -> str:
        """`words` without any agency's name; those that were given a label are called by it."""
        line = "".join(_letters(words).values())
        for name, keys in self._owners:
            if name in line:
                label = self._labels.get(min(keys), ANY) if len(keys) == 1 else ANY
                words = _without(words, name, label)
                line = "".join(_letters(words).values())
        return words


def _forms(name: str) -> set[str]:
    """How a name is written: whole, without its area, and as the bare body (白鹭湾镇 of 某县白鹭湾镇人民政府)."""
    parsed = bodies.parse(name)
    local = parsed.full.removeprefix("".join(parsed.areas))
    short = {form for form in (local, parsed.body) if len(form) >= _LEAST_BODY and form != "人民政府"}
    return {folded(form) for form in (plain(name), *short) if len(form) >= _LEAST}


def _letters(words: str) -> dict[int, str]:
    """The characters of a text in their usual width, by their place in it, without blanks."""
    return {at: char for at, char in enumerate(folded(words)) if not char.isspace()}


def _without(words: str, name: str, label: str) -> str:
    """Every place of `name` replaced, with whatever blanks stand inside it."""
    letters = _letters(words)
    places, line = list(letters), "".join(letters.values())
    for at in reversed([match.start() for match in re.finditer(re.escape(name), line)]):
        words = words[: places[at]] + label + words[places[at + len(name) - 1] + 1 :]
    return words
