"""Plain text: the ways in which tables lose their lines, and pages put their numbers between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from gdcore.samples.layout import Grid, Role
from gdcore.samples.model import Paragraph, Style

from .layouts import Page

PAGE_LINES = 38  # of a printed page


def _document(items: Page, table: Callable[[Grid], Iterable[str]], heading: str = "", gap: str = "\n\n") -> str:
    marks = {Style.TITLE: heading[:1], Style.HEADING: heading}
    parts = []
    for item in items:
        if isinstance(item, Paragraph):
            parts.append(f"{marks.get(item.style, '')} {item.text}".strip())
        else:
            parts.append("\n".join(table(item)))
    return gap.join(parts) + "\n"


def _flat(text: str) -> str:
    """A cell's text on the one line that it has here."""
    return text.replace("\n", "")


def _fields(grid: Grid, index: int, padded: bool = True) -> list[str]:
    """The texts of a row; merged cells leave blank fields behind, or none."""
    fields = []
    for cell in grid.row(index):
        if cell.row == index or padded:
            fields.append(_flat(cell.text) if cell.row == index else "")
        fields += [""] * (cell.column_span - 1) if padded else []
    return fields


def tabs(items: Page) -> str:
    """Tabs, every merged cell a blank field."""
    return _document(items, lambda g: ("\t".join(_fields(g, r)) for r in range(g.height)))


def tight_tabs(items: Page) -> str:
    """Tabs, merged cells leave nothing."""
    return _document(items, lambda g: ("\t".join(_fields(g, r, False)) for r in range(g.height)), gap="\n")


def pipes(items: Page) -> str:
    """`a | b | c |`, every merged cell a blank field."""
    return _document(items, lambda g: ("".join(f"{t} | " for t in _fields(g, r)).rstrip() for r in range(g.height)))


def tight_pipes(items: Page) -> str:
    """`a | b | c |` without any padding for merges."""
    return _document(items, lambda g: (" | ".join(_fields(g, r, False)) + " |" for r in range(g.height)))


def markdown(items: Page) -> str:
    """Markdown: `#` title, `##` headings, a rule under the first row of a table."""

    def table(grid: Grid) -> Iterable[str]:
        lines = ["| " + " | ".join(_fields(grid, r)) + " |" for r in range(grid.height)]
        return [lines[0], "|" + " --- |" * grid.width, *lines[1:]]

    return _document(items, table, "##")


def stacked(items: Page) -> str:
    """One cell per line, blank lines between them."""
    return _document(items, lambda g: (f"{t}\n" for r in range(g.height) for t in _fields(g, r, False)), gap="\n\n")


def stacked_tight(items: Page) -> str:
    """One cell per line."""
    return _document(items, lambda g: (t for r in range(g.height) for t in _fields(g, r, False)), gap="\n")


def stacked_pipes(items: Page) -> str:
    """One cell per line, a pipe at its end."""
    return _document(items, lambda g: (f"{t} |" for r in range(g.height) for t in _fields(g, r, False)), gap="\n")


def apart(items: Page) -> str:
    """Labels on a line, the numbers of the row on the next."""

    def table(grid: Grid) -> Iterable[str]:
        for r in range(grid.height):
            printed = [c for c in grid.row(r) if c.row == r]
            for values, cells in groupby(printed, key=lambda c: c.role is Role.VALUE):
                texts = [_flat(c.text) for c in cells]
                yield " ".join(texts) if values else "\n".join(t for t in texts if t)

    return _document(items, table, gap="\n")


def paged(items: Page) -> str:
    """Tabs, cut into pages: a page number between the lines, wherever the page ends."""
    lines = tabs(items).split("\n")
    pages = [lines[n : n + PAGE_LINES] for n in range(0, len(lines), PAGE_LINES)]
    return "".join("\n".join(page) + f"\n- {n} -\n\f" for n, page in enumerate(pages, 1))


def paged_stacks(items: Page) -> str:
    """One cell per line, cut into pages by lines such as “— 3 —”."""
    lines = [line for line in stacked_tight(items).split("\n") if line.strip()]
    pages = [lines[n : n + PAGE_LINES] for n in range(0, len(lines), PAGE_LINES)]
    return "".join("\n".join(page) + f"\n— {n} —\n" for n, page in enumerate(pages, 1))


def repeats_lost(items: Page) -> str:
    """One cell per line, as some scrapers leave it: no blank cell, and no cell that equals the one before it."""

    def table(grid: Grid) -> Iterable[str]:
        cells = [t for r in range(grid.height) for t in _fields(grid, r, False) if t]
        return [text for text, _ in groupby(cells)]

    return _document(items, table, gap="\n")


FORMS: Mapping[str, Callable[[Page], str]] = {
    "tabs": tabs,
    "tight_tabs": tight_tabs,
    "pipes": pipes,
    "tight_pipes": tight_pipes,
    "markdown": markdown,
    "paged": paged,
    "stacked": stacked,
    "stacked_tight": stacked_tight,
    "stacked_pipes": stacked_pipes,
    "apart": apart,
    "paged_stacks": paged_stacks,
}
# What has no rows of its own: only the count of values behind each label rebuilds them, so no cell may be blank.
COUNTED = ("stacked", "stacked_tight", "stacked_pipes", "apart", "paged_stacks")
ENCODINGS = ("utf-8", "gb18030", "utf-8-sig", "utf-16")
