"""Scans and photographs, where the packages that recognise characters (extra `ocr`) are installed.

A place has page and box as everywhere, as the file shows the page, even where it lies on its side. An image counts as a page of A4's width (across if it is wider than tall), so
that its boxes are points of 1/595 (1/842) of its width, whatever resolution it claims to have; the pages of a TIFF are
pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from gdcore.errors import UnreadableFile
from gdcore.guard.limits import more
from gdcore.readers import layout
from gdcore.readers.content import Content
from gdcore.readers.layout import Box

if TYPE_CHECKING:
    from gdcore.readers.raster import Gray

WIDTH: Final = 1654  # pixels of the shorter side of a page that is rendered to be read: A4 at 200 dpi
MAX_SCANNED: Final = 60  # pages of a scan: each takes seconds
SECONDS: Final = 15.0  # of processor that a page is granted: twice what a full one takes
_PACKAGES: Final = ("cv2", "rapidocr", "onnxruntime")


def read(data: bytes) -> Content:
    """What an image file shows. Raises UnreadableFile, also where images cannot be read on this machine."""
    demand()
    from gdcore.readers import raster

    return Content(layout.blocks([page(gray, number) for number, gray in enumerate(raster.decode(data), start=1)]))


def page(gray: Gray, number: int, shown: float | None = None, images: Iterable[Box] = ()) -> layout.Page:
    """A page as its picture shows it, whichever of its edges is up.

    `shown` is the width that it has in the file, in points; `images` are boxes there that count as its content.
    """
    demand()
    from gdcore.readers import picture

    more(SECONDS)
    return picture.page(gray, number, shown, images)


def bounded(count: int) -> None:
    """Raise UnreadableFile where so many pages of a file are pictures that reading them would take too long."""
    if count > MAX_SCANNED:
        raise UnreadableFile(
            f"扫描件超过 {MAX_SCANNED} 页，无法读取。", "请上传原文件（.docx 或由 Word 导出的文字版 PDF）。"
        )


def installed() -> bool:
    """Whether the packages that recognise characters are there."""
    return all(find_spec(name) for name in _PACKAGES)


def demand() -> None:
    """Raise UnreadableFile where they are not."""
    if not installed():
        raise UnreadableFile(
            "文件是扫描件或图片，没有可读取的文字，本机也未安装文字识别组件。",
            "请上传原文件（.docx、由 Word 导出的文字版 PDF 或网页）；管理员也可以安装组件：pip install 'disclosure-desk[ocr]'。",
        )
