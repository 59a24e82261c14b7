"""The accuracy gate for pages: PDF drawn here, by LibreOffice and by Chromium, and OFD; tables over page cuts."""

from __future__ import annotations

import pytest
from accuracy import cases, converted
from accuracy.measure import Tally, tallied
from browser.app_server import chromium

from gdcore.readers import office

SECTIONS = (
    0.97  # of the files; a heading without number and indent, right behind a full line, is prose to a PDF's reader
)


def passes(tally: Tally, name: str) -> None:
    """The floors of the formats that keep their text."""
    report = "\n".join([tally.row(name), *tally.told[:8]])
    print(report)
    assert tally.share == 1, report
    assert tally.wrong == 0, report
    assert tally.identities == tally.files, report
    assert tally.sections >= SECTIONS * tally.files, report


def test_pdf_drawn_with_every_page_cut() -> None:
    passes(tallied(cases.drawings(70)), "pdf")


def test_ofd() -> None:
    passes(tallied(cases.fixed_pages(42)), "ofd")


@pytest.mark.skipif(office.program() is None, reason=converted.NO_OFFICE)
def test_pdf_by_libreoffice() -> None:
    passes(tallied(cases.by_office(34, "pdf")), "pdf, LibreOffice")


@pytest.mark.skipif(chromium() is None, reason=converted.NO_CHROMIUM)
def test_pdf_by_chromium() -> None:
    passes(tallied(cases.by_chromium(34)), "pdf, Chromium")
