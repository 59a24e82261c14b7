"""How long PDF files take to read, beside pdfplumber's own text and tables of the same files.

    python tests/benchmarks/bench_readers.py [FILE.pdf …]        without files: data/reports/*.pdf

Prints milliseconds of processor time and the ratio; the best of five runs each. Asserts nothing, pytest does not collect it.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pdfplumber

from gdcore.readers import pdf

RUNS = 5


def plumber(data: bytes) -> None:
    """What most programs do."""
    with pdfplumber.open(io.BytesIO(data)) as file:
        for page in file.pages:
            page.extract_text()
            page.extract_tables()


def best(read: Callable[[bytes], object], data: bytes) -> float:
    """Seconds of processor time."""

    def once() -> float:
        start = time.process_time()
        read(data)
        return time.process_time() - start

    return min(once() for _ in range(RUNS))


def main(names: list[str]) -> None:
    """Print one line a file and the total."""
    files = [Path(n) for n in names] or sorted((Path(__file__).parents[2] / "data" / "reports").glob("*.pdf"))
    ours = theirs = 0.0
    for file in files:
        data = file.read_bytes()
        a, b = best(pdf.read, data), best(plumber, data)
        ours, theirs = ours + a, theirs + b
        print(f"{file.name}: {a * 1000:.0f} ms, pdfplumber {b * 1000:.0f} ms, {b / a:.1f}x")
    print(f"all: {ours * 1000:.0f} ms, pdfplumber {theirs * 1000:.0f} ms, {theirs / ours:.1f}x")


if __name__ == "__main__":
    main(sys.argv[1:])
