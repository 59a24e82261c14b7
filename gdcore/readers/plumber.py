"""Pages of a PDF read by pdfplumber, for files and pages that PDFium cannot read: slower, and patient with damage."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any, Final

from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjectNotFound, PDFObjRef, resolve1
from pdfminer.psexceptions import PSException
from pdfminer.utils import decode_text
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from gdcore.errors import DamagedFile, EncryptedFile
from gdcore.readers.layout import MIDDLE, Box
from gdcore.readers.lines import Char
from gdcore.readers.sight import MAX_CHARS, MAX_PAGES, SKEWED, THICK, TOO_LONG, TOO_MUCH, Sight

MAX_REFERENCES: Final = 16  # that lead from one to the next before they reach an object
_BLANK: Final = b"%PDF-1.7\ntrailer<</Root<<>>>>\n"
_DAMAGED = "PDF 已损坏或没有传完整，无法打开。"
logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns thousands of times about harmless fonts


def read(data: bytes, only: int | None = None) -> tuple[list[Sight], dict[str, str]]:
    """What each page shows (or just the page with the number `only`), and the document information.

    Raises EncryptedFile and DamagedFile.
    """
    try:
        pages, infos = _opened(data)
        shown = [_sight(page) for page in pages if only in (None, page.page_number)]
        return shown, _metadata(infos)
    except (PdfminerException, MalformedPDFException, PSException) as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError):
            raise EncryptedFile("PDF 设有密码，无法打开。") from error
        raise DamagedFile(_DAMAGED) from error


class _Document(PDFDocument):
    """A document whose objects are never references: pdfminer follows those without end where they lead in a circle."""

    def getobj(self, objid: int) -> object:
        """The object, in place of a reference what that leads to; PDFObjectNotFound, which counts as null, if to nothing."""
        found = super().getobj(objid)
        for _ in range(MAX_REFERENCES):
            if not isinstance(found, PDFObjRef):
                return found
            found = super().getobj(found.objid)
        raise PDFObjectNotFound(objid)


class _File(PDF):
    """pdfplumber on a document that was opened before; by itself it opens only pdfminer's own."""

    def __init__(self, document: PDFDocument) -> None:
        super().__init__(BytesIO(_BLANK))
        self.doc = document


def _opened(data: bytes) -> tuple[list[Page], Sequence[Mapping[str, Any]]]:
    """The pages and the document information; pdfminer stumbles over what is not of the kind that it must be."""
    try:
        document = _Document(PDFParser(BytesIO(data)))
    except Exception as error:  # of any kind, and told as pdfplumber tells it of the documents that it opens
        raise PdfminerException(error) from error
    try:
        pages = _File(document).pages
    except (TypeError, KeyError, AttributeError) as error:
        raise DamagedFile(_DAMAGED) from error
    if not pages:
        raise DamagedFile(_DAMAGED)
    if len(pages) > MAX_PAGES:
        raise DamagedFile(TOO_LONG)
    return pages, document.info


def _metadata(infos: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The document information; some producers write UTF-16 in the byte order that the format does not provide for."""
    found = {}
    for info in infos:
        for name, raw in info.items():
            value = resolve1(raw)
            if isinstance(value, bytes):
                swapped = value.startswith(b"\xff\xfe")
                text = value[2:].decode("utf-16-le", "replace") if swapped else decode_text(value)
                if text.strip("\0 "):
                    found[name] = text.strip("\0 ")
    return found


def _sight(page: Page) -> Sight:
    chars = page.chars
    if len(chars) > MAX_CHARS:
        raise DamagedFile(TOO_MUCH)
    result = Sight(
        page.page_number, page.width, page.height,
        [_char(char) for char in chars if not _skewed(char)],
        list(_strokes(page)),
        [(image["x0"], image["top"], image["x1"], image["bottom"]) for image in page.images],
        unmapped=sum(char["text"].startswith("(cid:") for char in chars),
    )  # fmt: skip
    page.close()
    return result


def _char(char: Mapping[str, Any]) -> Char:
    rise = char["y0"] - char["matrix"][5]  # from the baseline up to the box, which Type 3 fonts make useless
    upright = char["upright"]
    size = max(char["size"], 1.0)
    baseline = char["bottom"] + rise if upright else (char["top"] + char["bottom"]) / 2 + MIDDLE * size
    return Char(char["text"], char["x0"], char["top"], char["x1"], char["bottom"], baseline, size)


def _skewed(char: Mapping[str, Any]) -> bool:
    a, b = (abs(part) for part in char["matrix"][:2])
    return bool(min(a, b) > SKEWED * max(a, b))


def _strokes(page: Page) -> Iterator[Box]:
    """The box of each straight stroke; filled areas without a stroke are background, not lines."""
    for line in page.lines:
        yield line["x0"], line["top"], line["x1"], line["bottom"]
    for rect in page.rects:
        x0, top, x1, bottom = rect["x0"], rect["top"], rect["x1"], rect["bottom"]
        if min(x1 - x0, bottom - top) <= THICK:
            yield x0, top, x1, bottom
        elif rect["stroke"]:
            yield from ((x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom))
    for curve in page.curves:
        if curve["stroke"]:
            for (ax, ay), (bx, by) in pairwise(curve["pts"]):
                yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
