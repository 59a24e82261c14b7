"""PDF files: text by where its characters stand, tables by their ruling lines, scanned pages by recognising them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gdcore.errors import DamagedFile
from gdcore.readers import layout, pdfium, plumber, scan
from gdcore.readers.content import Content
from gdcore.readers.sight import FEW_CHARS, Sight

UNPROVEN: Final = 0.6  # confidence of the text that a scanner put beneath its picture, where nothing better can be had


def read(data: bytes) -> Content:
    """Paragraphs and tables with pages and boxes; each page's tables stay tables of their own.

    PDFium reads; pdfplumber takes over where it cannot: a file or page that it does not open, a page of which it leaves
    out texts (single characters in fonts, other than Chinese ones, that are neither in the file nor on this machine), and
    a page with many characters whose meaning it does not know. A page without text, or with text in characters that
    nobody can interpret, is read as a picture. Raises EncryptedFile, DamagedFile, and UnreadableFile for a scan where
    characters cannot be recognised.
    """
    try:
        with pdfium.File(data) as file:
            sights = [_sight(file, data, number) for number in range(1, file.pages + 1)]
            pages, metadata = _pages(sights, file), file.metadata()
    except pdfium.CannotRead:
        sights, metadata = plumber.read(data)
        pages = _pages(sights, None)
    return Content(layout.blocks(pages), metadata.get("Title"), metadata)


def _sight(file: pdfium.File, data: bytes, number: int) -> Sight:
    """The page by PDFium, or by pdfplumber if that sees more of it."""
    sight = file.sight(number)
    if not sight.garbled and not sight.lost:
        return sight
    try:
        other = plumber.read(data, number)[0][0]
    except (DamagedFile, IndexError):
        return sight
    return other if sight.lost or other.unmapped < sight.unmapped else sight


def _pages(sights: Sequence[Sight], file: pdfium.File | None) -> list[layout.Page]:
    """The pages with their text, that of pictures recognised.

    Where characters cannot be recognised, pictures among pages with text stay pictures, and the text that a scanner
    put beneath its picture is better than none.
    """
    pictures = {sight.number for sight in sights if sight.is_picture or sight.garbled}
    if pictures and (file is None or not scan.installed()):
        if len(pictures) == len(sights) and sum(len(sight.hidden) for sight in sights) < FEW_CHARS:
            scan.demand()
            raise DamagedFile("PDF 已损坏，只能看到图像，无法读取。", "请重新扫描或导出后上传。")
        pictures = set()
    scan.bounded(len(pictures))
    return [_recognised(file, sight) if file and sight.number in pictures else _printed(sight) for sight in sights]


def _printed(sight: Sight) -> layout.Page:
    believed = 1.0 if not sight.is_picture else UNPROVEN
    sight.chars += [char._replace(confidence=believed) for char in sight.hidden]
    return sight.page()


def _recognised(file: pdfium.File, sight: Sight) -> layout.Page:
    return scan.page(file.picture(sight.number, scan.WIDTH), sight.number, sight.width, sight.page().images)
