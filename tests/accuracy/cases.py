"""Which reports are printed in which layout, style and form: every one of each, combined by a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle

from gdcore import form
from gdcore.form import Edition
from gdcore.samples import Sample, apply, writers
from gdcore.samples.layout import Grid
from gdcore.samples.model import Style

from . import converted, drawn, flat, layouts, scanned, sheets, styles, web, word
from .layouts import LAYOUTS, Page
from .reports import Case, Printed, of_edition, plain_gold, report, with_cells

Write = Callable[[Page], bytes]
_CONVERTED = ("merged", "split_runs", "headed", "by_the_library")
_PRINTED = ("merged", "split_runs", "word_cells", "by_hand")
_HEADS = (Style.TITLE, Style.HEADING)
_ALL = frozenset(s.key for s in form.SECTIONS)


def sampled(number: int, layout: str) -> Sample:
    """The n-th report; block 一 of table 二 in the 2019 form where the layout is hybrid."""
    sample = report(number)
    if not LAYOUTS[layout].hybrid:
        return sample
    spec = sample.spec
    whole = of_edition(spec, Edition.FMT2021, Edition.FMT2021)
    return apply(whole, {"hybrid": {"item1": "fmt2019"}})


def laid_out(number: int, layout: str, style: str) -> tuple[Sample, Page, dict[str, Printed]]:
    """A report in a layout and style, with its gold."""
    sample = sampled(number, layout)
    gold = styles.printed(plain_gold(sample), style)
    sample = with_cells(sample, gold)
    return sample, layouts.page(sample, LAYOUTS[layout]), gold


def case(number: int, layout: str, style: str, kind: str, write: Write) -> Case:
    """One file."""
    sample, page, gold = laid_out(number, layout, style)
    name = f"{number}-{layout}-{style}-{kind}"
    return Case(name, write(page), gold, sample.spec.name, sample.spec.year, _ALL - LAYOUTS[layout].lost)


def combined(
    forms: Sequence[str], count: int, styles_: Sequence[str], start: int
) -> Iterator[tuple[int, str, str, str]]:
    """`count` combinations in which every form meets every layout and style as evenly as it goes."""
    names = tuple(LAYOUTS)
    for n in range(count):
        turn = n // len(forms)
        yield start + n, names[(n + turn) % len(names)], styles_[(n * 3 + turn) % len(styles_)], forms[n % len(forms)]


def texts(count: int) -> Iterator[Case]:
    """Plain text and Markdown."""
    rowed = [f for f in flat.FORMS if f not in flat.COUNTED]
    for start, forms, allowed in ((0, rowed, tuple(styles.STYLES)), (1000, flat.COUNTED, styles.MARKED)):
        for number, layout, style, kind in combined(forms, count // 2, allowed, start):
            encoding = flat.ENCODINGS[number // 3 % len(flat.ENCODINGS)]
            yield case(number, layout, style, f"{kind}.txt", lambda p, k=kind, e=encoding: flat.FORMS[k](p).encode(e))


def pages(count: int) -> Iterator[Case]:
    """Web pages and saved archives."""
    for number, layout, style, kind in combined(tuple(web.FORMS), count, tuple(styles.STYLES), 2000):
        yield case(number, layout, style, f"{kind}.html", web.FORMS[kind])


def shipped(count: int) -> Iterator[Case]:
    """Files by the writers that make the shipped samples, in each of their formats."""
    names = [name for name, layout in LAYOUTS.items() if layout.arrange is layouts.as_it_is]
    for n, fmt in zip(range(count), cycle(writers.FORMATS), strict=False):
        layout, style = names[n % len(names)], tuple(styles.STYLES)[n * 3 % len(styles.STYLES)]
        sample = sampled(10_000 + n, layout)
        gold = styles.printed(plain_gold(sample), style)
        data = writers.write(LAYOUTS[layout].change(with_cells(sample, gold)), fmt)
        sections = _ALL - LAYOUTS[layout].lost
        yield Case(f"{n}-{layout}-{style}-{fmt}", data, gold, sample.spec.name, sample.spec.year, sections)


def ruined(count: int) -> Iterator[Case]:
    """Texts that lost blank or repeated cells: nobody can tell which, so nothing may be guessed."""
    for n in range(count):
        style, form_ = (("blank", "stacked_tight"), ("plain", "repeats_lost"), ("blank", "apart"))[n % 3]
        write = flat.FORMS.get(form_, flat.repeats_lost)
        yield case(1500 + n, "official", style, f"{form_}.txt", lambda p, w=write: w(p).encode())


def documents(count: int) -> Iterator[Case]:
    """Word files."""
    for number, layout, style, kind in combined(tuple(word.FORMS), count, tuple(styles.STYLES), 3000):
        yield case(number, layout, style, f"{kind}.docx", word.FORMS[kind])


def old_documents(count: int) -> Iterator[Case]:
    """Word 97 files."""
    for number, layout, style, kind in combined(tuple(word.OLD_FORMS), count, tuple(styles.STYLES), 4000):
        yield case(number, layout, style, f"{kind}.doc", word.OLD_FORMS[kind])


def workbooks(count: int) -> Iterator[Case]:
    """Spreadsheets."""
    for number, layout, style, kind in combined(tuple(sheets.FORMS), count, tuple(styles.STYLES), 5000):
        yield case(number, layout, style, f"{kind}.xlsx", sheets.FORMS[kind])


def drawings(count: int) -> Iterator[Case]:
    """PDF files drawn here."""
    for number, layout, style, kind in combined(tuple(drawn.PDF_FORMS), count, tuple(styles.STYLES), 6000):
        yield case(number, layout, style, f"{kind}.pdf", drawn.PDF_FORMS[kind])


def fixed_pages(count: int) -> Iterator[Case]:
    """OFD files."""
    for number, layout, style, kind in combined(tuple(drawn.OFD_FORMS), count, tuple(styles.STYLES), 7000):
        yield case(number, layout, style, f"{kind}.ofd", drawn.OFD_FORMS[kind])


def by_office(count: int, ending: str) -> Iterator[Case]:
    """Word files that LibreOffice made a PDF or a .doc of."""
    start = 8000 if ending == "pdf" else 8500
    made = [
        case(number, layout, style, f"{kind}-office.{ending}", word.FORMS[kind])
        for number, layout, style, kind in combined(_CONVERTED, count, tuple(styles.STYLES), start)
    ]
    files = converted.by_office({str(n): c.data for n, c in enumerate(made)}, ending)
    return (replace(c, data=files[str(n)]) for n, c in enumerate(made))


def by_chromium(count: int) -> Iterator[Case]:
    """Web pages that Chromium printed."""
    made = [
        case(number, layout, style, f"{kind}-chromium.pdf", web.FORMS[kind])
        for number, layout, style, kind in combined(_PRINTED, count, tuple(styles.STYLES), 9000)
    ]
    files = converted.by_chromium({str(n): c.data for n, c in enumerate(made)})
    return (replace(c, data=files[str(n)]) for n, c in enumerate(made))


_SCANNED_LAYOUTS = (
    "official", "requests_in_two", "proactive_in_four", "disputes_in_two", "half_width", "hybrid", "headings", "note_below"
)  # fmt: skip
_SCANNED_STYLES = (
    "plain",
    "blank",
    "slash",
    "hyphen",
    "units",
    "noted",
    "blank_organisations",
    "thousands",
    "money",
    "dash",
)


def scans(count: int) -> Iterator[Case]:
    """Pages with the tables alone, scanned: all three in a PDF, or a small one in a picture."""
    for n in range(count):
        yield _scan(n, ("pdf", "png", "pdf", "jpg")[n % 4])


def turned_scans() -> Iterator[Case]:
    """Small tables on pages that lay on the glass on their side or head."""
    for clockwise in (1, 2, 3):
        yield _scan(20 + clockwise, ("png", "jpg")[clockwise % 2], clockwise)


def _scan(n: int, ending: str, clockwise: int = 0) -> Case:
    layout, style = _SCANNED_LAYOUTS[n % len(_SCANNED_LAYOUTS)], _SCANNED_STYLES[n % len(_SCANNED_STYLES)]
    sample, page, gold = laid_out(9500 + n, layout, style)
    wanted = {"pdf": ("t2", "t3", "t4"), "png": ("t2",), "jpg": ("t4",)}[ending]
    items = [i for i in page if (layouts.key(i) in wanted if isinstance(i, Grid) else i.style in _HEADS)]
    gold = {a: printed for a, printed in gold.items() if a.startswith(wanted)}
    data = scanned.scanned(drawn.pdf(drawn.pages(items, drawn.Manner())), ending, n, clockwise)
    return Case(f"{n}-{layout}-{style}-scan.{ending}", data, gold, sample.spec.name, sample.spec.year, frozenset())
