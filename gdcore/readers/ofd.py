"""OFD files (GB/T 33190): text objects to characters, path objects to ruling lines, and then as any printed page.

Pages that are only images are read as scans.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from lxml import etree
from PIL import Image

from gdcore.errors import DamagedFile, EncryptedFile, UnsupportedFormat
from gdcore.readers import layout, ofdimages, package, paths, scan
from gdcore.readers.content import Content
from gdcore.readers.layout import Box
from gdcore.readers.lines import Char
from gdcore.readers.ofdimages import Laid
from gdcore.readers.package import Package, child, children, tag
from gdcore.readers.paths import POINTS, Matrix
from gdcore.readers.sight import MAX_CHARS, MAX_PAGES, MAX_STROKES, SKEWED, Sight
from gdcore.text import width

MAX_PIXELS: Final = 40_000_000  # of a page that is painted to be read
MAX_IMAGES: Final = 1000  # images of one page
MAX_DEPTH: Final = 20  # groups of objects inside one another
ASCENT: Final = 0.88  # of the size: how far characters reach above the baseline
SPREAD: Final = 2.0  # times the usual width, up to which a distance is the width of the character before it

_A4 = (0.0, 0.0, 210.0, 297.0)  # millimetres
_TOO_MUCH = "OFD 某一页的内容多得不合常理，无法读取。"


@dataclass(slots=True)
class OfdSight(Sight):
    """What a page shows, and the images laid on it, lowest first."""

    laid: list[Laid] = field(default_factory=list)


def read(data: bytes) -> Content:
    """Paragraphs and tables with pages and boxes in points; a page that is only an image is recognised.

    Raises EncryptedFile, DamagedFile, and UnreadableFile for a scan that cannot be read.
    """
    sights, metadata = look(data)
    return Content(layout.blocks(_read(sights, data)), metadata.get("Title"), metadata)


def _read(sights: Sequence[OfdSight], data: bytes) -> list[layout.Page]:
    """The pages with their text, that of pictures recognised.

    Where a picture cannot be read, it stays one among pages with text; a file of pictures alone is unreadable then.
    """
    pictures = {sight.number for sight in sights if sight.is_picture}
    alone = all(sight.is_picture or not sight.chars for sight in sights)
    if alone and not pictures:
        raise UnsupportedFormat("这份 OFD 没有可读取的文字。", "请上传原文件（.docx 或由 Word 导出的文字版 PDF）。")
    if pictures and not scan.installed():
        if alone:
            scan.demand()
        pictures = set()
    scan.bounded(len(pictures))
    return [_recognised(sight, data, alone) if sight.number in pictures else sight.page() for sight in sights]


def _recognised(sight: OfdSight, data: bytes, alone: bool) -> layout.Page:
    scale = min(scan.WIDTH / min(sight.width, sight.height), math.sqrt(MAX_PIXELS / (sight.width * sight.height)))
    picture = Image.new("RGB", (max(1, round(sight.width * scale)), max(1, round(sight.height * scale))), "white")
    faults = ofdimages.paint(picture, data, sight.laid, scale)
    if faults and alone:
        raise faults[0]
    if faults:
        return sight.page()
    return scan.page(np.asarray(picture.convert("L")), sight.number, sight.width, sight.page().images)


def look(data: bytes) -> tuple[list[OfdSight], dict[str, str]]:
    """What each page shows, in points, and the file's metadata. Raises EncryptedFile and DamagedFile."""
    sights: list[OfdSight] = []
    metadata: dict[str, str] = {}
    with package.opened(data, "OFD ") as parts:
        for body in children(parts.part("OFD.xml"), "DocBody"):
            metadata = metadata or dict(_metadata(body))
            for page in _pages(parts, _text(child(body, "DocRoot"))):
                sights.append(page.sight(len(sights) + 1))
                if len(sights) > MAX_PAGES:
                    raise DamagedFile(f"OFD 超过 {MAX_PAGES} 页，不像一份年度报告。")
        if not sights and any("encrypt" in name for name in parts.names):
            raise EncryptedFile("文件设有密码，无法打开。")
        if not sights:
            raise parts.damaged()
    return sights, metadata


def _metadata(body: etree._Element) -> Iterator[tuple[str, str]]:
    info = child(body, "DocInfo")
    for entry in info if info is not None else ():
        text = _text(entry)
        if text and tag(entry) != "DocID":
            yield tag(entry), text


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


# --- from the package to the objects of a page ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as stored: its area in millimetres, the contents of its templates and its own, lowest first.

    `media` has the part of each image by its ID.
    """

    area: Box
    contents: tuple[etree._Element, ...]
    media: Mapping[str, str]

    def sight(self, number: int) -> OfdSight:
        """What the page shows, in points."""
        left, top, right, bottom = self.area
        sight = OfdSight(number, (right - left) * POINTS, (bottom - top) * POINTS)
        for content in self.contents:
            for layer in content:
                _show(layer, sight, (-left, -top), 0)
        sight.laid = [Laid(self.media.get(each.part, ""), each.matrix) for each in sight.laid]
        return sight


def _pages(parts: Package, path: str) -> Iterator[_Page]:
    document = parts.part(path) if path else None
    if document is None:
        return
    shared = dict(ofdimages.media(parts, _resources(path, child(document, "CommonData"), ("PublicRes", "DocumentRes"))))
    usual = _area(child(document, "CommonData", "PageArea"), _A4)
    templates = {
        template.get("ID", ""): package.beside(path, template.get("BaseLoc", ""))
        for template in children(child(document, "CommonData"), "TemplatePage")
    }
    for entry in children(child(document, "Pages"), "Page"):
        page = parts.part(package.beside(path, entry.get("BaseLoc", "")))
        if page is None:
            raise parts.damaged()
        under = [templates.get(used.get("TemplateID", ""), "") for used in children(page, "Template")]
        stored = [*((name, parts.part(name)) for name in under), (package.beside(path, entry.get("BaseLoc", "")), page)]
        contents = (child(each, "Content") for _, each in stored)
        own = (resource for name, each in stored for resource in _resources(name, each, ("PageRes",)))
        yield _Page(
            _area(child(page, "Area"), usual),
            tuple(content for content in contents if content is not None),
            shared | dict(ofdimages.media(parts, own)),
        )


def _resources(path: str, element: etree._Element | None, names: Sequence[str]) -> Iterator[str]:
    """The parts with lists of resources that a part at `path` names."""
    for name in names:
        for each in children(element, name):
            yield package.beside(path, _text(each))


def _area(element: etree._Element | None, usual: Box) -> Box:
    """The page's own measures, else the document's."""
    found = paths.rectangle(_text(child(element, "PhysicalBox")))
    return found if found is not None and layout.area(found) > 0 else usual


# --- objects --------------------------------------------------------------------------------------------------------


def _show(thing: etree._Element, sight: OfdSight, origin: tuple[float, float], depth: int) -> None:
    """Add what an object shows to `sight`; `origin` is what is to be added to places in the file, in millimetres."""
    if thing.get("Visible") == "false" or thing.get("Alpha") == "0" or depth > MAX_DEPTH:
        return
    name = tag(thing)
    if name in ("Layer", "PageBlock"):
        for inner in thing:
            _show(inner, sight, origin, depth + 1)
        return
    box = paths.rectangle(thing.get("Boundary"))
    if box is None or name not in ("TextObject", "PathObject", "ImageObject"):
        return
    box = (box[0] + origin[0], box[1] + origin[1], box[2] + origin[0], box[3] + origin[1])
    matrix = paths.placing(thing.get("CTM"), box)
    if name == "TextObject":
        sight.chars += _chars(thing, matrix)
    elif name == "ImageObject":
        sight.images.append((box[0] * POINTS, box[1] * POINTS, box[2] * POINTS, box[3] * POINTS))
        filling = Matrix(box[2] - box[0], 0.0, 0.0, box[3] - box[1], box[0], box[1])
        sight.laid.append(Laid(thing.get("ResourceID", ""), matrix if thing.get("CTM") else filling))
    else:
        stroked = thing.get("Stroke", "true") != "false"
        if stroked or thing.get("Fill") == "true":
            sight.strokes += paths.strokes(_text(child(thing, "AbbreviatedData")), matrix, stroked)
    if len(sight.chars) > MAX_CHARS or len(sight.strokes) > MAX_STROKES or len(sight.laid) > MAX_IMAGES:
        raise DamagedFile(_TOO_MUCH)


@dataclass(slots=True)
class _Pen:
    """Where the next character of a text object stands, in the object's own millimetres."""

    x: float = 0.0
    y: float = 0.0
    printed: list[tuple[str, float, float, float]] = field(default_factory=list)  # character, x, y, its width

    def write(self, code: etree._Element, full: float) -> None:
        """Print a TextCode; `full` is the width of a full-width character."""
        start = paths.numbers(code.get("X"))[:1], paths.numbers(code.get("Y"))[:1]
        self.x, self.y = (*start[0], self.x)[0], (*start[1], self.y)[0]
        text = (code.text or "").strip("\r\n\t")
        across = paths.distances(code.get("DeltaX"), len(text))
        down = paths.distances(code.get("DeltaY"), len(text))
        for n, char in enumerate(text):
            usual = full * (1.0 if width(char) > 1 else 0.5)
            step = across[n] if n < len(across) else (0.0 if n < len(down) else usual)
            self.printed.append((char, self.x, self.y, step if usual / SPREAD < step <= usual * SPREAD else usual))
            self.x += step
            self.y += down[n] if n < len(down) else 0.0


def _chars(thing: etree._Element, matrix: Matrix) -> Iterator[Char]:
    """The characters of a text object; slanting ones are a watermark."""
    size = (paths.numbers(thing.get("Size")) or [0.0])[0]
    stretch = (paths.numbers(thing.get("HScale")) or [1.0])[0]
    along, other = abs(matrix.a), abs(matrix.b)
    if size <= 0 or min(along, other) > SKEWED * max(along, other):
        return
    pen = _Pen()
    for code in children(thing, "TextCode"):
        pen.write(code, size * stretch)
        if len(pen.printed) > MAX_CHARS:
            raise DamagedFile(_TOO_MUCH)
    high = max(size * math.hypot(matrix.c, matrix.d) * POINTS, 1.0)
    scale = math.hypot(matrix.a, matrix.b) * POINTS
    for char, x, y, wide in pen.printed:
        left, baseline = matrix.point(x, y)
        yield Char(
            char, left, baseline - ASCENT * high, left + wide * scale, baseline + (1 - ASCENT) * high, baseline, high
        )
