"""Matching printed labels with the form's own, by text, order and count; doubt is kept as doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeVar

from gdcore import form, text
from gdcore.record import record
from gdcore.report import Match

# A label is a slip of the form's when at most this many characters differ, or, if it is long, when this share agrees.
SLIP_CHARACTERS = 2
SLIP_SIMILARITY = 0.85
# A label may be shortened to this many characters, and one placed by its neighbours must agree in this share.
SHORTEST_LABEL = 3
LONGEST_LABEL = 80
POSITION_SIMILARITY = 0.3
# In the only place left, a label that agrees in this share is a damaged one and leaves no doubt.
DAMAGED_SIMILARITY = 0.7
# So many printed labels are remembered, with what they were found to be.
REMEMBERED: Final = 1024
# Confidence of a row that is known by its neighbours alone: at 0.6 its findings are 待核.
POSITION_CONFIDENCE = 0.6


@record(frozen=True, slots=True)
class RowMatch:
    """Which row of the form a printed row is, and how that is known."""

    key: str
    match: Match

    @property
    def confidence(self) -> float:
        """Confidence in what the row's cells mean (0…1)."""
        return POSITION_CONFIDENCE if self.match is Match.POSITION else 1.0


_Found = TypeVar("_Found")


def remembered(find: Callable[[str], _Found]) -> Callable[[str], _Found]:
    """`find`, which says something of a printed core, asked once for each: reports share their labels.

    What is too long to be a label is not remembered.
    """
    known = lru_cache(maxsize=REMEMBERED)(find)
    return lambda core: known(core) if len(core) <= LONGEST_LABEL else find(core)


def how_alike(printed: str, template: str) -> Match | None:
    """How a printed core matches a template core by text alone; None if it does not."""
    # Reports share their labels: most pairs were compared before. What is too long to be a label is not remembered.
    return _compared(printed, template) if len(printed) <= LONGEST_LABEL else _compare(printed, template)


def _compare(printed: str, template: str) -> Match | None:
    if printed == template or (
        len(template) >= 2 and printed.startswith(template) and len(printed) > len(template) + 4
    ):
        return Match.EXACT
    if len(printed) >= SHORTEST_LABEL and printed in template and len(template) - len(printed) >= 3:
        return Match.SHORTENED
    edits = text.distance(printed, template)
    if len(template) >= 4 and edits <= SLIP_CHARACTERS and edits < len(printed) / 2:
        return Match.TYPO
    if len(template) >= 8 and text.similarity(printed, template) >= SLIP_SIMILARITY:
        return Match.TYPO
    return None


_compared = lru_cache(maxsize=16384)(_compare)


@record(frozen=True, slots=True)
class RowNames:
    """What the form's rows are known by: their cores, those of their groups ("" for none), and for each name, core of a
    label or alias, the rows that have it.
    """

    cores: tuple[str, ...]
    groups: tuple[str, ...]
    named: Mapping[str, Sequence[tuple[int, RowMatch]]]
    keys: tuple[str, ...]


def row_names(rows: Sequence[form.Row]) -> RowNames:
    """What `rows` are known by."""
    cores = [form.label_core(r.label) for r in rows]
    groups = [form.label_core(form.group_label(r)) if r.group not in ("", "result") else "" for r in rows]
    named: dict[str, list[tuple[int, RowMatch]]] = {}
    for n, row in enumerate(rows):
        aliases = [form.label_core(alias) for alias in row.aliases]
        for name in dict.fromkeys((cores[n], *aliases)):
            match = Match.ALIAS if name in aliases else Match.EXACT
            named.setdefault(name, []).append((n, RowMatch(row.key, match)))
    return RowNames(tuple(cores), tuple(groups), named, tuple(row.key for row in rows))


def match_rows(printed: Sequence[tuple[str, str]], names: RowNames) -> list[RowMatch | None]:
    """The form's row for each printed (core, group core), in order; None for a row that the form does not have.

    First the rows that match exactly, then slips and short forms between them, last a single stranger between two
    certain neighbours where the form has exactly one row left.
    """
    found: list[int | None] = []
    matches: list[RowMatch | None] = []
    last = -1
    for core, group in printed:
        named = _named(core, group, names, found, last)
        last = named[0] if named else last
        found.append(named[0] if named else None)
        matches.append(named[1] if named else None)
    for position, (core, _) in enumerate(printed):
        if found[position] is None:
            index, how = _between(position, core, names.cores, found)
            if index is not None and how is not None:
                found[position], matches[position] = index, RowMatch(names.keys[index], how)
    return matches


def _named(
    core: str, group: str, names: RowNames, found: Sequence[int | None], last: int
) -> tuple[int, RowMatch] | None:
    """The first row of this name that is not found yet and certain."""
    for index, match in names.named.get(core, ()):
        if index not in found and _is_certain(index, group, names, last):
            return index, match
    return None


def _is_certain(index: int, group: str, names: RowNames, last: int) -> bool:
    """Whether a printed row with the words of the `index`-th is that one; `last` is the one found before.

    其他 is also a column: as a row it is certain only inside its group or right behind its sister row.
    """
    vague = len(names.cores[index]) <= 2 and names.groups[index]
    return not vague or group == names.groups[index] or last == index - 1


def _between(
    position: int, core: str, cores: Sequence[str], found: list[int | None]
) -> tuple[int | None, Match | None]:
    low = next((i for i in reversed(found[:position]) if i is not None), -1)
    high = next((i for i in found[position + 1 :] if i is not None), len(cores))
    free = [i for i in range(low + 1, high) if i not in found]
    alike = [(i, how) for i in free if (how := how_alike(core, cores[i])) is not None]
    if len(alike) > 1:
        alike = [max(alike, key=lambda pair: text.similarity(core, cores[pair[0]]))]
    if alike:
        return alike[0]
    strangers = _strangers(position, found)
    if len(free) == strangers == 1:
        alike_by = max(text.similarity(core, cores[free[0]]), _drawn_from(core, cores[free[0]]))
        if alike_by >= POSITION_SIMILARITY:
            return free[0], Match.TYPO if alike_by >= DAMAGED_SIMILARITY else Match.POSITION
    return None, None


def _drawn_from(printed: str, template: str) -> float:
    """The share of a short form's characters that stand in the template in the same order (逾期不缴费); 0 for others."""
    if not SHORTEST_LABEL < len(printed) < len(template):
        return 0.0
    return text.common(printed, template) / len(printed)


def _strangers(position: int, found: list[int | None]) -> int:
    """How many unmatched printed rows stand together here."""
    first = last = position
    while first > 0 and found[first - 1] is None:
        first -= 1
    while last + 1 < len(found) and found[last + 1] is None:
        last += 1
    return last - first + 1
