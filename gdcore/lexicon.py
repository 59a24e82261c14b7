"""The dictionaries of the wording rules, read from data/lexicon/*.toml; an office's own add to the shipped ones."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdcore.errors import ConfigurationError
from gdcore.settings import SHIPPED_DATA, Settings
from gdcore.verdict import Severity

FOLDER = "lexicon"


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong expression and the right one.

    The guards are literal texts, white space left out: with `before` or `after` it is wrong only where one of them follows
    or precedes, with `not_before` or `not_after` only where none does.
    """

    wrong: str
    right: str
    severity: Severity | None = None
    before: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()

    def fits(self, text: str, start: int, end: int) -> bool:
        """Whether what stands around `text[start:end]` lets it be this slip."""
        ahead, behind = text[end : end + _REACH].lstrip(), text[max(0, start - _REACH) : start].rstrip()
        wanted = (not self.before or ahead.startswith(self.before)) and (not self.after or behind.endswith(self.after))
        return wanted and not ahead.startswith(self.not_before) and not behind.endswith(self.not_after)


# Characters around an expression that its guards see.
_REACH = 12


class _Words:
    """Words that are looked for all at once: nearly all of them have a pair of characters that a text has not."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words, key=lambda word: len(_pairs(word)))
        pairs = [_pairs(word) for word in self._words]
        self._single = sum(not len(some) for some in pairs)
        self._pairs = np.concatenate(pairs) if pairs else np.zeros(0, np.uint16)
        self._starts = np.cumsum([0, *map(len, pairs[self._single : -1])])

    def any_in(self, text: str) -> bool:
        """Whether one of the words stands in a text."""
        if any(word in text for word in self._words[: self._single]):
            return True
        if not len(self._pairs):
            return False
        possible = np.logical_and.reduceat(_known_pairs(text)[self._pairs], self._starts)
        return any(self._words[self._single + number] in text for number in np.flatnonzero(possible))


def _pairs(text: str) -> NDArray[np.uint16]:
    """A number for each pair of neighbouring characters; few pairs have the same."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    return codes[:-1] * np.uint16(40503) + codes[1:]


@lru_cache(maxsize=2)  # all dictionaries are asked about one text
def _known_pairs(text: str) -> NDArray[np.bool_]:
    """Of each number whether a text has such a pair."""
    known = np.zeros(1 << 16, bool)
    known[_pairs(text)] = True
    return known


@dataclass(frozen=True)
class Slips:
    """A dictionary of slips, found by one pattern."""

    entries: tuple[Slip, ...] = ()

    @cached_property
    def _known(self) -> Mapping[str, tuple[Slip, ...]]:
        known: dict[str, tuple[Slip, ...]] = {}
        for slip in self.entries:
            known[slip.wrong] = (*known.get(slip.wrong, ()), slip)
        return known

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return alternation(self._known)

    @cached_property
    def _words(self) -> _Words:
        return _Words(self._known)

    def may_occur_in(self, text: str) -> bool:
        """Whether any wrong expression stands in a text, guards aside: the quick question for a whole report."""
        return self._words.any_in(text)

    def found_in(self, text: str) -> Iterator[tuple[int, int, Slip]]:
        """Each slip in a text: start, end, entry."""
        if not self.entries:
            return
        for match in self._pattern.finditer(text):
            start, end = match.span()
            slip = next((s for s in self._known[match.group()] if s.fits(text, start, end)), None)
            if slip:
                yield start, end, slip


# Look-around, ends of a text or word, possessive repeats: a match may then depend on what follows the line.
_LOOKS_ABOUT = re.compile(r"\(\?(?![:P])|\\[AZbB]|[*+?}]\+")
# The start of a line, or a class of characters: patterns that begin alike are looked for in one go.
_HEAD = re.compile(r"\^|\[[^\[\]\\]+\]")


@dataclass(frozen=True)
class Phrases:
    """A dictionary of phrases: literal ones, and regular expressions where a phrase varies."""

    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """All of them as one expression, the longer phrase first; None where the dictionary is empty."""
        parts = [*self.patterns, *([alternation(self.phrases).pattern] if self.phrases else [])]
        return re.compile("|".join(f"(?:{p})" for p in parts)) if parts else None

    @cached_property
    def _parts(self) -> tuple[re.Pattern[str], ...]:
        """The phrases and each pattern by itself: quicker than `pattern`, which cannot skip to a first character."""
        return (*([alternation(self.phrases)] if self.phrases else []), *(re.compile(p) for p in self.patterns))

    @cached_property
    def _words(self) -> _Words:
        return _Words(self.phrases)

    @cached_property
    def _anywhere(self) -> tuple[re.Pattern[str], ...] | None:
        """The patterns for many lines at once; None where one looks about itself and would see the next line."""
        if any(_LOOKS_ABOUT.search(pattern) for pattern in self.patterns):
            return None
        alike: dict[str, list[str]] = defaultdict(list)
        for pattern in self.patterns:
            head = _HEAD.match(pattern)
            begun = "\\n" + pattern[1:] if pattern.startswith("^") else pattern  # the end of a line is found the sooner
            alike[head.group() if head else pattern].append(begun)
        return tuple(re.compile("|".join(some), re.MULTILINE) for some in alike.values())

    def may_occur_in(self, lines: str) -> bool:
        """Whether one of these lines may have a phrase: the quick question for a whole report."""
        if self._anywhere is None or self._words.any_in(lines):
            return True
        return any(pattern.search(f"\n{lines}") for pattern in self._anywhere)

    def found_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each phrase in a text."""
        if self.pattern and any(part.search(text) for part in self._parts):
            yield from (m.span() for m in self.pattern.finditer(text))


def alternation(words: Iterable[str]) -> re.Pattern[str]:
    """One pattern for many words, the longest first, divided by first character: the search skips all others at once."""
    by_first: dict[str, list[str]] = defaultdict(list)
    for word in sorted(set(words), key=lambda w: (-len(w), w)):
        by_first[word[0]].append(re.escape(word[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items()))


@dataclass(frozen=True)
class Lexicon:
    """All dictionaries. The names of the fields are those of the files.

    typos: QUA-13; sensitive: QUA-22, none shipped; placeholders: QUA-03; template: QUA-04; machine: QUA-05;
    boilerplate: the words of problems that say nothing, QUA-09; publicity: the words of public disclosure, QUA-21.
    """

    typos: Slips = Slips()
    sensitive: Slips = Slips()
    placeholders: Phrases = Phrases()
    template: Phrases = Phrases()
    machine: Phrases = Phrases()
    boilerplate: Phrases = Phrases()
    publicity: Phrases = Phrases()

    @cached_property
    def fingerprint(self) -> str:
        """Eight hex digits that change with any entry."""
        content = repr([getattr(self, each.name) for each in fields(self)])
        return hashlib.sha256(content.encode()).hexdigest()[:8]


def load(settings: Settings) -> Lexicon:
    """The dictionaries in force: the shipped ones, and what the office's folder `lexicon` adds or replaces.

    Raises ConfigurationError with file and key. Read again only when a file has changed.
    """
    roots = dict.fromkeys((SHIPPED_DATA, settings.data))
    paths = (root / FOLDER / f"{each.name}.toml" for each in fields(Lexicon) for root in roots)
    return _load(tuple((path, path.stat().st_mtime_ns) for path in paths if path.is_file()))


@lru_cache(maxsize=8)
def _load(files: tuple[tuple[Path, int], ...]) -> Lexicon:
    tables: dict[str, Mapping[str, Any]] = {}
    for path, _ in files:
        table = _parse(path)
        known = {} if table.get("replace") else tables.get(path.stem, {})
        tables[path.stem] = {key: (*known.get(key, ()), *table.get(key, ())) for key in {*known, *table} - {"replace"}}
    return Lexicon(**{name: _SHAPES[name](table) for name, table in tables.items()})


def _slips(table: Mapping[str, Any]) -> Slips:
    doubled = (Slip(word * 2, word) for word in table.get("doubled", ()))
    return Slips((*table.get("entries", ()), *doubled))


def _phrases(table: Mapping[str, Any]) -> Phrases:
    return Phrases(tuple(table.get("phrases", ())), tuple(table.get("patterns", ())))


_SHAPES: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    each.name: _slips if isinstance(each.default, Slips) else _phrases for each in fields(Lexicon)
}


def _parse(path: Path) -> Mapping[str, Any]:
    """A file with its entries checked and made. Raises ConfigurationError."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"词典 {path} 不是正确的 TOML：{error}") from error
    lists = ("entries", "doubled") if _SHAPES[path.stem] is _slips else ("phrases", "patterns")
    if unknown := set(table) - {*lists, "replace"}:
        raise ConfigurationError(f"词典 {path} 有不认识的项目：{'、'.join(sorted(unknown))}。")
    if not isinstance(table.get("replace", False), bool):
        raise ConfigurationError(f"词典 {path} 的 replace 应为 true 或 false。")
    for key in set(table) - {"replace"}:
        if not isinstance(table[key], list):
            raise ConfigurationError(f"词典 {path} 的 {key} 应为列表。")
        table[key] = [_entry(path, key, value) for value in table[key]]
    return table


def _entry(path: Path, key: str, value: Any) -> str | Slip:
    if key == "entries":
        return _slip(path, value)
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"词典 {path} 的 {key} 应为词语的列表，现有 {value!r}。")
    if key == "patterns":
        try:
            re.compile(value)
        except re.error as error:
            raise ConfigurationError(f"词典 {path} 的 patterns 中“{value}”不是正确的正则表达式：{error}") from error
    return value


_GUARDS = ("before", "not_before", "after", "not_after")


def _slip(path: Path, value: Any) -> Slip:
    where = f"词典 {path} 的 entries"
    if not isinstance(value, dict) or not value.get("wrong") or "right" not in value:
        raise ConfigurationError(f"{where} 每条都要有 wrong 和 right，现有 {value!r}。")
    if unknown := set(value) - {"wrong", "right", "severity", *_GUARDS}:
        raise ConfigurationError(f"{where} 中“{value['wrong']}”有不认识的项目：{'、'.join(sorted(unknown))}。")
    guards = {key: tuple(value[key]) for key in _GUARDS if key in value and isinstance(value[key], list)}
    texts = (value["wrong"], value["right"], *(text for guard in guards.values() for text in guard))
    if len(guards) < len(set(value) & set(_GUARDS)) or not all(isinstance(text, str) for text in texts):
        raise ConfigurationError(f"{where} 中“{value['wrong']}”的写法不对：词语用引号，前后文用列表。")
    try:
        severity = Severity(value["severity"]) if "severity" in value else None
    except ValueError:
        raise ConfigurationError(f"{where} 中“{value['wrong']}”的 severity 应为 error、warning 或 info。") from None
    return Slip(value["wrong"], value["right"], severity, **guards)
