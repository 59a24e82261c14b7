"""What was left behind in a file and is not printed: comments, tracked changes, hidden text, paths of users."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree
from pypdfium2 import raw

from gdcore.leftover import Leftover, user_path
from gdcore.readers.numbering import W, on
from gdcore.readers.package import Package

_COMMENT, _TEXT, _RUN, _VANISH, _RUN_MARK = (W + tag for tag in ("comment", "t", "r", "vanish", "rPr"))
_REVISIONS = tuple(W + tag for tag in ("ins", "del", "moveFrom", "moveTo"))
# Where Word keeps paths: the template it was made from, linked pictures, the names pictures had.
_POINTERS = ("_rels/document.xml.rels", "_rels/settings.xml.rels", "../docProps/app.xml")
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"

c: Any = raw  # made from the C headers, and so unknown to type checkers
# Notes and marks of people who read the file; links, form fields, stamps and seals belong to it.
_NOTES = frozenset(
    (
        *(c.FPDF_ANNOT_TEXT, c.FPDF_ANNOT_HIGHLIGHT, c.FPDF_ANNOT_UNDERLINE, c.FPDF_ANNOT_SQUIGGLY),
        *(c.FPDF_ANNOT_STRIKEOUT, c.FPDF_ANNOT_CARET, c.FPDF_ANNOT_INK, c.FPDF_ANNOT_FILEATTACHMENT),
    )
)


def of_word(parts: Package, folder: str, root: etree._Element) -> dict[str, str]:
    """What a Word file holds beside its text, as metadata under the keys of `Leftover`; nothing where there is none.

    `folder` is that of the main part, `root` the main part before anything was taken out of it.
    """
    comments = _optional(parts, posixpath.join(folder, "comments.xml"))
    counts = {
        Leftover.COMMENTS: sum(1 for _ in comments.iter(_COMMENT)) if comments is not None else 0,
        Leftover.REVISIONS: sum(1 for mark in root.iter(*_REVISIONS) if _changes(mark)),
        Leftover.HIDDEN: sum(map(len, _hidden(root))),
    }
    path = next(filter(None, map(user_path, _pointers(parts, folder, root))), None)
    found = {str(key): str(count) for key, count in counts.items() if count}
    return found | ({str(Leftover.PATH): path} if path else {})


def _changes(mark: etree._Element) -> bool:
    """Whether a tracked change concerns text or a row; the marks of paragraph ends go with these."""
    above = mark.getparent()
    return above is None or above.tag != _RUN_MARK


def _hidden(root: etree._Element) -> Iterator[str]:
    for mark in root.iter(_VANISH):
        properties = mark.getparent()
        run = properties.getparent() if properties is not None and on(mark) else None
        if run is not None and run.tag == _RUN:
            yield "".join(text.text or "" for text in run.iter(_TEXT)).strip()


def _pointers(parts: Package, folder: str, root: etree._Element) -> Iterator[str]:
    yield from (picture.get("descr") or "" for picture in root.iter(_PICTURE))
    for name in _POINTERS:
        part = _optional(parts, posixpath.join(folder, name))
        for element in part.iter("*") if part is not None else ():
            yield from (unquote(value) for value in (element.text or "", *element.attrib.values()))


def _optional(parts: Package, name: str) -> etree._Element | None:
    """A part that the text does not need: where it is broken, the file can still be read."""
    try:
        return parts.part(name)
    except etree.XMLSyntaxError:
        return None


def notes(page: Any) -> int:
    """How many notes and marks of readers are on a page of a PDF; the caller holds PDFium's lock."""
    count = 0
    for index in range(c.FPDFPage_GetAnnotCount(page)):
        note = c.FPDFPage_GetAnnot(page, index)
        count += c.FPDFAnnot_GetSubtype(note) in _NOTES
        c.FPDFPage_CloseAnnot(note)
    return count
