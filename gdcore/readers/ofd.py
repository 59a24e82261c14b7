"""OFD files (GB/T 33190): text objects to characters, path objects to ruling lines, and then as any printed page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import hypot
from typing import Final

from lxml import etree

from gdcore.errors import DamagedFile, EncryptedFile, UnsupportedFormat
from gdcore.readers import layout, package, paths
from gdcore.readers.content import Content
from gdcore.readers.layout import Box
from gdcore.readers.lines import Char
from gdcore.readers.package import Package, child, children, tag
from gdcore.readers.paths import POINTS, Matrix
from gdcore.readers.sight import MAX_CHARS, MAX_PAGES, MAX_STROKES, SKEWED, Sight
from gdcore.text import width

MAX_DEPTH: Final = 20  # groups of objects inside one another
ASCENT: Final = 0.88  # of the size: how far characters reach above the baseline
SPREAD: Final = 2.0  # times the usual width, up to which a distance is the width of the character before it

_A4 = (0.0, 0.0, 210.0, 297.0)  # millimetres
_TOO_MUCH = "OFD 某一页的内容多得不合常理，无法读取。"


def read(data: bytes) -> Content:
    """Paragraphs and tables with pages and boxes in points.

    Raises EncryptedFile, DamagedFile, and UnsupportedFormat for a scan, which has no text at all.
    """
    sights: list[Sight] = []
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
    if all(sight.is_picture or not sight.chars for sight in sights):
        raise UnsupportedFormat(
            "这份 OFD 是扫描件，没有可读取的文字。", "请上传原文件（.docx 或由 Word 导出的文字版 PDF）。"
        )
    return Content(layout.blocks([sight.page() for sight in sights]), metadata.get("Title"), metadata)


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
    """A page as stored: its area in millimetres, and the contents of its templates and its own, lowest first."""

    area: Box
    contents: tuple[etree._Element, ...]

    def sight(self, number: int) -> Sight:
        """What the page shows, in points."""
        left, top, right, bottom = self.area
        sight = Sight(number, (right - left) * POINTS, (bottom - top) * POINTS)
        for content in self.contents:
            for layer in content:
                _show(layer, sight, (-left, -top), 0)
        return sight


def _pages(parts: Package, path: str) -> Iterator[_Page]:
    document = parts.part(path) if path else None
    if document is None:
        return
    usual = _area(child(document, "CommonData", "PageArea"), _A4)
    templates = {
        template.get("ID", ""): package.beside(path, template.get("BaseLoc", ""))
        for template in children(child(document, "CommonData"), "TemplatePage")
    }
    for entry in children(child(document, "Pages"), "Page"):
        page = parts.part(package.beside(path, entry.get("BaseLoc", "")))
        if page is None:
            raise parts.damaged()
        own = child(page, "Content")
        under = [parts.part(templates.get(used.get("TemplateID", ""), "")) for used in children(page, "Template")]
        contents = [child(template, "Content") for template in under] + [own]
        yield _Page(_area(child(page, "Area"), usual), tuple(content for content in contents if content is not None))


def _area(element: etree._Element | None, usual: Box) -> Box:
    """The page's own measures, else the document's."""
    found = paths.rectangle(_text(child(element, "PhysicalBox")))
    return found if found is not None and layout.area(found) > 0 else usual


# --- objects --------------------------------------------------------------------------------------------------------


def _show(thing: etree._Element, sight: Sight, origin: tuple[float, float], depth: int) -> None:
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
    else:
        stroked = thing.get("Stroke", "true") != "false"
        if stroked or thing.get("Fill") == "true":
            sight.strokes += paths.strokes(_text(child(thing, "AbbreviatedData")), matrix, stroked)
    if len(sight.chars) > MAX_CHARS or len(sight.strokes) > MAX_STROKES:
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
    high = max(size * hypot(matrix.c, matrix.d) * POINTS, 1.0)
    scale = hypot(matrix.a, matrix.b) * POINTS
    for char, x, y, wide in pen.printed:
        left, baseline = matrix.point(x, y)
        yield Char(
            char, left, baseline - ASCENT * high, left + wide * scale, baseline + (1 - ASCENT) * high, baseline, high
        )
