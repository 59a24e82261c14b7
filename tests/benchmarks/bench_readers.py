"""How long files take to read, beside what is the least that a program could do with the same files.

    python tests/benchmarks/bench_readers.py [FILE …]

Without files: those of data/reports and, where GDCORE_REPORT_CORPUS names a folder of real reports, those below it.

- PDF: pdfplumber's own text and tables of every page, what most programs do. More than 1x is faster than that.
- HTML: `lxml.html.document_fromstring` on the bytes, and `text_content()` of every cell of every row. It decides no
  charset itself, resolves no span, and knows no paragraph outside tables and no place.
- Word: the zip opened, word/document.xml parsed by lxml, and the text of every paragraph and every cell joined from its
  w:t. It resolves no merge, no list number, style, field, revision, text box, and reads no other part.

Prints milliseconds of processor time and how many times as long the baseline (PDF) or the reader (HTML, Word) takes. Each
time is the best of RUNS, reader and baseline taking turns, so that a machine that slows down slows both. Asserts nothing;
pytest does not collect it.
"""

from __future__ import annotations

import io
import os
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import lxml.html
import pdfplumber
from lxml import etree

from gdcore.readers import docx, mht, pdf

RUNS = 7
REPORTS = Path(__file__).parents[2] / "data" / "reports"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def plumber(data: bytes) -> None:
    """Text and tables of every page of a PDF."""
    with pdfplumber.open(io.BytesIO(data)) as file:
        for page in file.pages:
            page.extract_text()
            page.extract_tables()


def bare_html(data: bytes) -> list[list[str]]:
    """The cells of every row of a page."""
    root = lxml.html.document_fromstring(data)
    return [[cell.text_content() for cell in row.iter("td", "th")] for row in root.iter("tr")]


def bare_word(data: bytes) -> list[list[str]]:
    """Every paragraph and every cell of a Word file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    return [["".join(t.text or "" for t in e.iter(f"{W}t")) for e in root.iter(W + tag)] for tag in ("p", "tc")]


class Race(NamedTuple):
    """A reader and its baseline; `faster` when the ratio to print is how much faster the reader is."""

    reader: Callable[[bytes], object]
    baseline: Callable[[bytes], object]
    name: str
    faster: bool = False

    def line(self, label: str, ours: float, theirs: float) -> str:
        """Milliseconds of both and the ratio."""
        ratio = theirs / ours if self.faster else ours / theirs
        said = f"{ratio:.1f} times as fast" if self.faster else f"{ratio:.2f} times as long"
        return f"{label}: {ours * 1000:.1f} ms, {self.name} {theirs * 1000:.1f} ms, {said}"


RACES = {
    ".pdf": Race(pdf.read, plumber, "pdfplumber", faster=True),
    ".html": Race(mht.read, bare_html, "bare lxml"),
    ".docx": Race(docx.read, bare_word, "bare zip and lxml"),
}


def seconds(read: Callable[[bytes], object], data: bytes) -> float:
    """Processor time of one reading."""
    start = time.process_time()
    read(data)
    return time.process_time() - start


def best(race: Race, data: bytes) -> tuple[float, float]:
    """Seconds of the reader and of its baseline."""
    runs = [(seconds(race.reader, data), seconds(race.baseline, data)) for _ in range(RUNS)]
    return min(ours for ours, _ in runs), min(theirs for _, theirs in runs)


def files(names: Sequence[str]) -> list[Path]:
    """The files named, or those that lie ready; scans are left out, since their time is that of the OCR."""
    if names:
        return [Path(name) for name in names]
    found = list(REPORTS.iterdir())
    if corpus := os.environ.get("GDCORE_REPORT_CORPUS"):
        found += Path(corpus).rglob("*")
    return sorted(path for path in found if path.suffix in RACES and "scan" not in path.name)


def main(names: Sequence[str]) -> None:
    """Print one line a file and one for all of a format."""
    chosen = files(names)
    for suffix, race in RACES.items():
        times = []
        for file in (file for file in chosen if file.suffix == suffix):
            times.append(best(race, file.read_bytes()))
            print(race.line(file.name, *times[-1]))
        if times:
            print(race.line(f"all {suffix}", sum(ours for ours, _ in times), sum(theirs for _, theirs in times)))


if __name__ == "__main__":
    main(sys.argv[1:])
