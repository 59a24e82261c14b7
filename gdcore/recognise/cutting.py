"""A row of a table that the end of a page cuts in two: half of a label above, the other half below, numbers on either side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gdcore import form, text
from gdcore.document import Cell
from gdcore.recognise.labels import how_alike
from gdcore.report import Match

_BLOCKS = (*form.T2_2021, *form.T2_2019, form.T3_2021, form.T3_2019, form.T4)
_NAMES = frozenset(
    form.label_core(name)
    for block in _BLOCKS
    for names in (*((r.label, *r.aliases) for r in block.rows), *((c.label, c.group) for c in block.columns))
    for name in (*names, *form.T3_GROUPS.values(), *form.T4_GROUPS.values())
    if name
)
_NUMBER = re.compile(r"\(?[一二三四五六七\d]{1,2}\)?[、.]?")
_UNITS = frozenset("件条宗例起份次篇个期场项人元万") | {"万元"}


def rest_of(above: Sequence[Cell], below: Sequence[Cell]) -> tuple[Cell, ...] | None:
    """The cells of the row `above` with those of `below` put to them, if `below` certainly is the rest of it; else None.

    It is where all words in it are halves of the form's labels, or where it has none, and numbers only beneath some of
    the numbers above.
    """
    rests = _rests(above, below)
    if not rests:
        return None
    words = [n for n, cell in rests.items() if _is_word(cell) and not _makes_a_number(above[n], cell)]
    if words:
        certain = all(_makes_a_label(above[n].text, rests[n].text) for n in words)
    else:
        numbers = sum(text.printed_number(cell.text).value is not None or n in rests for n, cell in enumerate(above))
        certain = len(rests) < numbers and all(above[n].text.strip() for n in rests)
    if not certain:
        return None
    return tuple(
        replace(cell, text=f"{cell.text}\n{rests[n].text}".strip()) if n in rests else cell
        for n, cell in enumerate(above)
    )


def _rests(above: Sequence[Cell], below: Sequence[Cell]) -> dict[int, Cell]:
    """What is printed below by the cell above that it stands under: words under words, numbers under numbers or blanks.

    Empty where something stands elsewhere; only the rest of a group's label, whose cell began further up, may.
    """
    rests: dict[int, Cell] = {}
    for cell in below:
        if not cell.text.strip():
            continue
        over = next((n for n, other in enumerate(above) if _under(cell, other)), None)
        if over is None and _is_word(cell):
            continue
        if over is None:
            return {}
        alike = not above[over].text.strip() or _is_word(above[over]) is _is_word(cell)
        if not alike and not _makes_a_number(above[over], cell):
            return {}
        rests[over] = cell
    return rests


def _is_word(cell: Cell) -> bool:
    """Whether a cell prints a label; half of a number's unit (件) is none."""
    return not text.is_value(cell.text) and text.plain(cell.text) not in _UNITS


def _makes_a_number(first: Cell, rest: Cell) -> bool:
    """Whether two halves are a number with its note in brackets."""
    return "(" in text.plain(first.text) and text.printed_number(first.text + rest.text).value is not None


def _under(cell: Cell, other: Cell) -> bool:
    """Whether the middle of a cell stands within the sides of another on the page above."""
    inner, outer = cell.place.box, other.place.box
    return inner is not None and outer is not None and outer[0] < (inner[0] + inner[2]) / 2 < outer[2]


def _makes_a_label(first: str, rest: str) -> bool:
    """Whether two halves are one label of the form, spelt right or nearly so, and neither is one by itself."""
    one, other, whole = (form.label_core(said) for said in (first, rest, first + rest))
    if _NUMBER.fullmatch(text.plain(first)):
        return whole in _NAMES
    if one in _NAMES or other in _NAMES:
        return False
    return whole in _NAMES or (_is_slip(whole) and not _is_slip(other))


def _is_slip(core: str) -> bool:
    return any(how_alike(core, name) in (Match.EXACT, Match.TYPO) for name in _NAMES)
