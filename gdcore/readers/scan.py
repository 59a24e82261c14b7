"""Scans and photographs, where the packages that recognise characters (extra `ocr`) are installed.

A place has page and box as everywhere. An image counts as a page of A4's width (across if it is wider than tall), so
that its boxes are points of 1/595 (1/842) of its width, whatever resolution it claims to have; the pages of a TIFF are
pages.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from gdcore.errors import UnreadableFile
from gdcore.readers import layout
from gdcore.readers.content import Content

if TYPE_CHECKING:
    from gdcore.readers.raster import Gray

WIDTH: Final = 1654  # pixels of the shorter side of a page that is rendered to be read: A4 at 200 dpi
_PACKAGES: Final = ("cv2", "rapidocr", "onnxruntime")


def read(data: bytes) -> Content:
    """What an image file shows. Raises UnreadableFile, also where images cannot be read on this machine."""
    demand()
    from gdcore.readers import raster

    return Content(layout.blocks([page(gray, number) for number, gray in enumerate(raster.decode(data), start=1)]))


def page(gray: Gray, number: int, shown: float | None = None) -> layout.Page:
    """A page as its picture shows it; `shown` is the width that it has in the file, in points."""
    demand()
    from gdcore.readers import picture

    return picture.page(gray, number, shown)


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
