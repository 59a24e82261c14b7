"""The pages of an original drawn, with boxes outlined: PDF and scans as they are, OFD drawn from its objects."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import pypdfium2
from PIL import Image, ImageDraw, ImageFont, ImageOps

from gdcore.document import Format
from gdcore.readers import ofd, ofdimages, pdfium

Box = tuple[float, float, float, float]

_POINTS_PER_INCH = 72
_DPI = 130
_SCALE = _DPI / _POINTS_PER_INCH
_BOX_COLOUR = "#B3261E"
_BOX_WIDTH_PX = 3
_BOX_MARGIN_PX = 3
_MARGIN = 20.0  # points around a cut-out
_INK = "#1B2733"
_NO_FONT = "#B9C4CE"
# Fonts with Chinese characters, by the names under which systems keep them.
_FONTS = (
    "simsun.ttc", "msyh.ttc", "NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "SourceHanSerifSC-Regular.otf",
    "SourceHanSansSC-Regular.otf", "Songti.ttc", "PingFang.ttc", "wqy-microhei.ttc", "wqy-zenhei.ttc", "uming.ttc",
)  # fmt: skip


def count(kind: Format, original: bytes) -> int:
    """How many pages there are to be seen; 0 for a PDF that cannot be drawn."""
    if kind is Format.PDF:
        try:
            with _opened(original) as document:
                return len(document)
        except pypdfium2.PdfiumError:
            return 0
    if kind is Format.OFD:
        return len(ofd.look(original)[0])
    with Image.open(io.BytesIO(original)) as image:
        return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def page(
    kind: Format,
    original: bytes,
    number: int,
    boxes: tuple[Box, ...],
    clip: Box | None = None,
    hidden: tuple[Box, ...] = (),
) -> bytes:
    """One page as PNG with the boxes (points, origin top left) outlined, cut to `clip` and a margin around it.

    The boxes in `hidden` are blackened: personal data stand there.
    """
    image, scale = _DRAWN[kind](original, number)
    pen = ImageDraw.Draw(image)
    for x0, top, x1, bottom in hidden:
        pen.rectangle((x0 * scale, top * scale, x1 * scale, bottom * scale), fill="black")
    for x0, top, x1, bottom in boxes:
        margin = _BOX_MARGIN_PX
        edges = (x0 * scale - margin, top * scale - margin, x1 * scale + margin, bottom * scale + margin)
        pen.rectangle(edges, outline=_BOX_COLOUR, width=_BOX_WIDTH_PX)
    if clip is not None:
        left, upper = (max(0, round((edge - _MARGIN) * scale)) for edge in clip[:2])
        right, lower = (round((edge + _MARGIN) * scale) for edge in clip[2:])
        image = image.crop((left, upper, min(right, image.width), min(lower, image.height)))
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()


# --- each format, as an image and its pixels a point ------------------------------------------------------------------


def _pdf(original: bytes, number: int) -> tuple[Image.Image, float]:
    with _opened(original) as document:
        return document[number - 1].render(scale=_SCALE).to_pil().convert("RGB"), _SCALE


@contextmanager
def _opened(original: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with pdfium.LOCK, pypdfium2.PdfDocument(original) as document:  # type: ignore[no-untyped-call]  # it ships no types
        yield document


def _scan(original: bytes, number: int) -> tuple[Image.Image, float]:
    """An image file; its boxes count it as a page of A4's width, see `readers.scan`."""
    from gdcore.readers.raster import width_of  # needs OpenCV, which is there where images were read

    with Image.open(io.BytesIO(original)) as image:
        image.seek(number - 1)
        upright = ImageOps.exif_transpose(image).convert("RGB")
    points = width_of(*upright.size)
    upright.thumbnail((round(points * _SCALE), upright.height), Image.Resampling.LANCZOS)
    return upright, upright.width / points


def _drawn(original: bytes, number: int) -> tuple[Image.Image, float]:
    """A page of an OFD file: its images, characters and strokes at their places; without a font, where they stand."""
    sight = ofd.look(original)[0][number - 1]
    image = Image.new("RGB", (round(sight.width * _SCALE), round(sight.height * _SCALE)), "white")
    pen = ImageDraw.Draw(image)
    ofdimages.paint(image, original, sight.laid, _SCALE)
    for box in sight.strokes:
        pen.rectangle(_pixels(box), fill=_INK)
    for char in sight.chars:
        font = _font(round(char.size * _SCALE))
        if font is None:
            pen.rectangle(_pixels((char.x0, char.top, char.x1, char.bottom)), outline=_NO_FONT)
        else:
            pen.text((char.x0 * _SCALE, char.baseline * _SCALE), char.text, fill=_INK, font=font, anchor="ls")
    return image, _SCALE


_DRAWN: dict[Format, Callable[[bytes, int], tuple[Image.Image, float]]] = {
    Format.PDF: _pdf,
    Format.IMAGE: _scan,
    Format.OFD: _drawn,
}
KINDS: Final = frozenset(_DRAWN)


def _pixels(box: Box) -> Box:
    return box[0] * _SCALE, box[1] * _SCALE, max(box[2], box[0]) * _SCALE, max(box[3], box[1]) * _SCALE


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | None:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, max(size, 1))
        except OSError:
            continue
    return None
