"""The images on an OFD page: found among the file's resources, decoded, and laid where the page has them."""

from __future__ import annotations

import math
import posixpath
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

from gdcore.errors import DamagedFile, UnreadableFile, UnsupportedFormat
from gdcore.readers import package
from gdcore.readers.package import Package, child, children
from gdcore.readers.paths import Matrix

MAX_PIXELS: Final = 150_000_000  # of an image as it comes
NOT_DRAWN: Final = "#E3E8EC"

_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)
_JBIG2 = b"\x97JB2\r\n\x1a\n"
_REMEDY = "请另存为 PDF，或以 200–300 dpi 重新扫描成 PDF、JPG 后上传。"


@dataclass(frozen=True, slots=True)
class Laid:
    """An image on a page: the part that holds it, and the matrix from its unit square to the page's millimetres."""

    part: str
    matrix: Matrix


def media(parts: Package, resources: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The ID of each image in these resource lists, and the part that holds it."""
    for path in resources:
        listed = parts.part(path)
        if listed is None:
            continue
        folder = package.beside(path, listed.get("BaseLoc", ""))
        for each in children(child(listed, "MultiMedias"), "MultiMedia"):
            file = child(each, "MediaFile")
            name = (file.text or "").strip() if file is not None else ""
            yield each.get("ID", ""), name if name.startswith("/") else posixpath.join(folder, name)


def paint(page: Image.Image, data: bytes, laid: Sequence[Laid], scale: float) -> list[UnreadableFile]:
    """Lay images of the file on `page`, a picture in RGB of `scale` pixels a point.

    Tells why some could not be; their places are grey.
    """
    faults = []
    with package.opened(data, "OFD ") as parts:
        for each in laid:
            try:
                image = _decoded(parts.content(each.part))
            except UnreadableFile as fault:
                faults.append(fault)
                image = Image.new("RGBA", (1, 1), NOT_DRAWN)
            _lay(page, image, each.matrix, scale)
    return faults


def _decoded(data: bytes | None) -> Image.Image:
    if data is None:
        raise DamagedFile("OFD 文件不完整，缺少其中的图像，无法读取。")
    if data.startswith(_JBIG2):
        raise UnsupportedFormat("这份 OFD 是扫描件，图像为 JBIG2 格式，暂不能读取。", _REMEDY)
    try:
        with Image.open(BytesIO(data)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            return image.convert("RGBA")
    except Image.DecompressionBombError as error:
        raise UnreadableFile("OFD 里的图像太大，无法读取。", _REMEDY) from error
    except UnidentifiedImageError as error:
        raise UnsupportedFormat("这份 OFD 是扫描件，图像的格式无法识别。", _REMEDY) from error
    except _BROKEN as error:
        raise DamagedFile("OFD 里的图像已损坏，无法读取。", _REMEDY) from error


def _lay(page: Image.Image, image: Image.Image, matrix: Matrix, scale: float) -> None:
    """Put an image on the page, made smaller, turned or mirrored as its matrix says."""
    (x, y), (ax, ay), (bx, by) = (
        tuple(edge * scale for edge in matrix.point(*corner)) for corner in ((0, 0), (1, 0), (0, 1))
    )
    across, down = (ax - x, ay - y), (bx - x, by - y)
    area = across[0] * down[1] - across[1] * down[0]
    xs, ys = (x, ax, bx, ax + bx - x), (y, ay, by, ay + by - y)
    left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
    right, bottom = min(page.width, math.ceil(max(xs))), min(page.height, math.ceil(max(ys)))
    if abs(area) < 1 or right <= left or bottom <= top:
        return
    lengths = math.hypot(*across), math.hypot(*down)
    size = [min(pixels, max(1, round(length))) for pixels, length in zip(image.size, lengths, strict=True)]
    image = image.resize((size[0], size[1]), Image.Resampling.LANCZOS)
    width, height = image.width / area, image.height / area
    back = (
        down[1] * width, -down[0] * width, (down[0] * (y - top) - down[1] * (x - left)) * width,
        -across[1] * height, across[0] * height, (across[1] * (x - left) - across[0] * (y - top)) * height,
    )  # fmt: skip
    layer = image.transform((right - left, bottom - top), Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    page.paste(layer.convert("RGB"), (left, top), layer.getchannel("A"))
