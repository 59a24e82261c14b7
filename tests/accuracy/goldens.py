"""The layouts on which readers of tables stumble, as whole files that must be read without a single fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import drawn, flat, web, word
from .cases import case
from .layouts import Page
from .reports import Case

LAYOUTS: Mapping[str, tuple[str, str]] = {
    "blank_in_each_row_of_table_3": ("official", "blank_organisations"),
    "blank_for_every_zero": ("official", "blank"),
    "slash_in_each_row_of_table_3": ("official", "slash"),
    "full_width_digits": ("official", "wide"),
    "spaces_around_digits": ("official", "padded"),
    "spaces_between_digits": ("official", "letter_spaced"),
    "half_width_brackets": ("half_width", "plain"),
    "table_3_in_two_tables": ("requests_in_two", "plain"),
    "table_3_in_two_tables_with_headers": ("requests_in_two_headed", "blank"),
    "table_2_in_four_tables": ("proactive_in_four", "plain"),
    "table_4_in_two_tables": ("disputes_in_two", "plain"),
    "blank_in_table_4": ("official", "blank_dispute"),
    "period_line_under_2": ("period_line", "plain"),
    "hybrid_of_both_editions": ("hybrid", "plain"),
}
FORMATS: Mapping[str, Callable[[Page], bytes]] = {
    "txt": lambda items: flat.tabs(items).encode(),
    "html": web.merged,
    "docx": word.merged,
    "pdf": drawn.PDF_FORMS["open"],
}


def golden(name: str, fmt: str) -> Case:
    """One of these layouts in one of these formats."""
    layout, style = LAYOUTS[name]
    return case(tuple(LAYOUTS).index(name), layout, style, f"{name}.{fmt}", FORMATS[fmt])
