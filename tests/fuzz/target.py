"""The process that is fuzzed: `run.py` starts it with the reader, the folder of finds, and libFuzzer's own arguments.

What no reader may do does not end it: the smallest input for each place where it came from is kept, and fuzzing goes on.
"""

from __future__ import annotations

import logging
import random
import resource
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
# Small libraries in Python that readers stand on; what is compiled tells nothing of its branches.
with atheris.instrument_imports(include=["gdcore", "email", "zipfile", "csv"], exclude=["gdcore.samples"]):
    from gdcore import archive, checking, guard, profile, readers, roster, settings
    from gdcore.checking import Facts
    from gdcore.document import Document
    from gdcore.errors import UnreadableFile
    from gdcore.readers import doc, docx, layout, mht, ofd, office, pdf, scan, sheet
    from gdcore.recognise import recognise
    from gdcore.report import Report
    from gdcore.task import Task

import desk  # noqa: E402

from fuzz import documents, mutate  # noqa: E402

NAMES = ("../x", "/etc/x", "a\\b", "\u5e74\u62a5.txt", "\u202e", "x" * 300, "", ".", "word/document.xml")
SLOW = 5.0  # seconds of processor for one small file, with instruments
Target = Callable[[bytes], Any]
_logged: list[str] = []
_facts: list[Facts] = []


class Logged(Exception):
    """Something was caught and logged as an error of this program."""


class Slow(Exception):
    """A small file took more than SLOW."""


class _Errors(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _logged.append(record.getMessage())


def reading(read: Callable[[bytes], Any]) -> Target:
    """A reader, and what recognises a report in what it read."""

    def target(data: bytes) -> None:
        content = read(data)
        recognise(Document("0" * 64, readers.Format.TXT, content.blocks, content.title, content.metadata), "年报.txt")

    return target


def whole(data: bytes) -> None:
    """The whole way of a text, as any upload goes it."""
    judge(recognise(readers.read(data, "年报.txt"), "年报.txt"))


def judge(report: Report) -> None:
    """All rules on a report, the clean one as that of the year before."""
    if not _facts:
        clean = recognise(readers.read(desk.report(), "年报.txt"), "年报.txt")
        _facts.append(Facts(clean, profile.load("national", settings.load({})), Task(None), prior=clean))
    usual = _facts[0]
    checking.check(Facts(report, usual.profile, usual.task, prior=usual.prior))


def built(data: bytes) -> None:
    """A document made of the bytes, recognised and judged."""
    judge(recognise(documents.built(data), "年报.docx"))


TARGETS: dict[str, Target] = {
    "text": whole,
    "html": reading(mht.read),
    "mht": reading(mht.read),
    "docx": reading(docx.read),
    "doc": reading(doc.read),
    "xlsx": reading(sheet.read),
    "ofd": reading(ofd.read),
    "pdf": reading(pdf.read),
    "archive": lambda data: list(archive.expand("a.zip", data)),
    "roster": lambda data: roster.parse(data, "a.csv"),
    "recognise": built,
}


def mutator(reader: str, seeds: Sequence[bytes]) -> mutate.Mutator | None:
    """What changes an input, None where libFuzzer's own does."""
    if reader in ("docx", "xlsx", "ofd"):
        return mutate.packed(_own, mutate.words_of(seeds))
    if reader in ("text", "html", "mht", "roster"):
        return mutate.lines(_own, mutate.tokens_of(seeds))
    if reader == "pdf":
        by_lines, by_bytes = mutate.lines(_own, mutate.tokens_of(seeds)), mutate.in_place(_own)
        return lambda data, size, seed: (by_lines if seed % 3 else by_bytes)(data, size, seed)
    if reader == "archive":
        return mutate.members(_own, NAMES)
    return mutate.in_place(_own) if reader == "doc" else None


def _own(data: bytes, size: int) -> bytes:
    return atheris.Mutate(data, size)  # asked for each time: it is another function once fuzzing has begun


def watched(target: Target, finds: Path) -> Target:
    """The target, whose finds are kept by where they came from."""
    smallest: dict[str, int] = {}

    def watch(data: bytes) -> None:
        _logged.clear()
        begun = _used()
        try:
            target(data)
            if _logged:
                raise Logged(_logged[0])
            if _used() - begun > SLOW:
                raise Slow(f"{_used() - begun:.1f} s")
        except UnreadableFile:
            if _used() - begun > SLOW:
                _keep("Slow refusal", data, f"{_used() - begun:.1f} s")
        except Exception as error:
            if not guard.lack_of_memory(error):
                _keep(_place(error), data, "".join(traceback.format_exception(error)[-12:]))

    def _keep(place: str, data: bytes, told: str) -> None:
        if len(data) < smallest.get(place, sys.maxsize):
            smallest[place] = len(data)
            name = "".join(char if char.isalnum() else "-" for char in place)[:120]
            (finds / f"{name}.bin").write_bytes(data)
            (finds / f"{name}.txt").write_text(f"{place}\n{told}")

    return watch


def _place(error: Exception) -> str:
    if isinstance(error, Logged):
        return f"Logged {str(error).splitlines()[-1]} {str(error).splitlines()[0][:24]}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "gdcore" in frame.filename] or list(frames)
    return f"{type(error).__name__} {Path(ours[-1].filename).name} {ours[-1].name} {ours[-1].lineno}"


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def alone() -> None:
    """No other program is started, and no character recognised in pictures: both take seconds and are fuzzed by others."""
    office.program = lambda: None
    scan.page = lambda gray, number, *_, **__: layout.Page(number, *gray.shape[::-1], (), (), ())


def main(reader: str, finds: str, corpus: str, *arguments: str) -> None:
    """Fuzz until libFuzzer has had its time."""
    logging.getLogger().addHandler(_Errors(logging.ERROR))
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    random.seed(1)
    alone()
    target = watched(TARGETS[reader], Path(finds))
    changes = mutator(reader, [path.read_bytes() for path in sorted(Path(corpus).glob("seed*"))])
    custom = {"custom_mutator": changes} if changes else {}
    atheris.Setup([sys.argv[0], corpus, *arguments], target, **custom)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
