"""Scans: numbers are read as printed or marked as doubtful; what cannot be read is neither a number nor blank."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from gdcore.document import Cell, Document, Format, Table
from gdcore.errors import DamagedFile, UnreadableFile, UnsupportedFormat
from gdcore.readers import read, scan
from gdcore.readers.proof import DOUBT
from gdcore.samples import clean, write

pytest.importorskip("rapidocr")
from gdcore.readers import raster, turning

POINT = 200 / 72  # pixels
NUMBER = re.compile(r"[\d.]+")


def degraded(page: Image.Image, skew: float, noise: float = 12, quality: int = 60) -> Image.Image:
    """The page as a poor scanner sees it."""
    turned = page.convert("L").rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.5)), dtype=float)
    grainy = soft + np.random.default_rng(1).normal(0, noise, soft.shape)
    buffer = io.BytesIO()
    Image.fromarray(np.clip(grainy, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue()))


def saved(form: str, *pages: Image.Image) -> bytes:
    buffer = io.BytesIO()
    several: dict[str, Any] = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    pages[0].save(buffer, form, **several)
    return buffer.getvalue()


def cells(document: Document) -> list[Cell]:
    return [cell for _, table in document.tables() for row in table.rows for cell in row]


def drawn(
    texts: list[list[str]], font: float = 30, after: Callable[[ImageDraw.ImageDraw], None] = lambda _: None
) -> bytes:
    """A PNG of A4's width with a ruled table whose cells print `texts`; the columns are 100 points wide, the rows 20."""
    image = Image.new("L", (1654, 1700), 255)
    pen = ImageDraw.Draw(image)
    width, height = len(texts[0]), len(texts)
    for r in range(height + 1):
        pen.line((140, 140 + 56 * r, 140 + 278 * width, 140 + 56 * r), fill=0, width=2)
    for c in range(width + 1):
        pen.line((140 + 278 * c, 140, 140 + 278 * c, 140 + 56 * height), fill=0, width=2)
    for r, row in enumerate(texts):
        for c, said in enumerate(row):
            pen.text((260 + 278 * c, 150 + 56 * r), said, fill=0, font=ImageFont.load_default(font))
    after(pen)
    return saved("PNG", image)


def test_a_poor_scan_is_right_or_in_doubt() -> None:
    printed = write(clean(kind="subdistrict", year=2023, active=True), "pdf")
    whole = read(printed)
    number = max({c.place.page for c in cells(whole)}, key=lambda p: sum(c.place.page == p for c in cells(whole)))  # type: ignore[type-var]
    wanted = [c for c in cells(whole) if c.place.page == number]
    with pypdfium2.PdfDocument(printed) as file:  # type: ignore[no-untyped-call]
        page = file[number - 1].render(scale=150 / 72).to_pil()
    seen = cells(read(saved("PDF", degraded(page, -1.5))))
    assert [(c.row, c.column, c.row_span, c.column_span) for c in seen] == [
        (c.row, c.column, c.row_span, c.column_span) for c in wanted
    ]
    pairs = [(a, b) for a, b in zip(wanted, seen, strict=True) if NUMBER.fullmatch(a.text) or not a.text]
    wrong = [(a.text, b) for a, b in pairs if a.text != b.text]
    assert [b for _, b in wrong if b.confidence > DOUBT] == []
    assert len(pairs) > 50
    assert len(wrong) <= len(pairs) // 100
    # The place is that on the skewed page: the middle of the cell has moved by a few points only.
    for a, b in pairs:
        assert a.place.box
        assert b.place.box
        moved = sum(a.place.box[1::2]) - 72 / 150 * sum(b.place.box[1::2])
        assert abs(moved / 2) < 8


def test_a_table_in_a_picture() -> None:
    document = read(drawn([["0", "1", "", "108"], ["15324", "46", "7", "1234.56"]]))
    assert document.format is Format.IMAGE
    table = next(b for b in document.blocks if isinstance(b, Table))
    assert [[c.text for c in row] for row in table.rows] == [["0", "1", "", "108"], ["15324", "46", "7", "1234.56"]]
    assert min(c.confidence for row in table.rows for c in row) > DOUBT
    box = table.rows[1][1].place.box
    assert table.rows[1][1].place.page == 1
    assert box == pytest.approx((418 / POINT, 196 / POINT, 696 / POINT, 252 / POINT), abs=1.5)


def test_ink_that_nobody_can_read_is_not_blank() -> None:
    def scribble(pen: ImageDraw.ImageDraw) -> None:
        pen.ellipse((230, 210, 290, 240), fill=0)

    found = cells(read(drawn([["0", "1"], ["", "2"]], after=scribble)))
    assert [c.text for c in found[:2]] == ["0", "1"]
    assert found[2].text != ""
    assert found[2].confidence <= DOUBT


def test_numbers_whose_border_was_not_seen_are_in_doubt() -> None:
    def erase(pen: ImageDraw.ImageDraw) -> None:
        pen.line((418, 143, 418, 250), fill=255, width=4)
        pen.text((360, 206), "12", fill=0, font=ImageFont.load_default(30))
        pen.text((425, 206), "7", fill=0, font=ImageFont.load_default(30))

    found = cells(read(drawn([["3", "4", "5"], ["", "", "6"]], after=erase)))
    assert [c.confidence <= DOUBT for c in found if "7" in c.text] == [True]


@pytest.fixture(scope="module")
def upright() -> Image.Image:
    """A page with a table, as a poor scanner sees it."""
    printed = write(clean(kind="subdistrict", year=2023, active=True), "pdf")
    with pypdfium2.PdfDocument(printed) as file:  # type: ignore[no-untyped-call]
        page = file[2].render(scale=150 / 72).to_pil()
    width, height = page.size
    heading_and_table = page.crop((0, 0, width, height // 2))
    return degraded(heading_and_table, 0.7)


@pytest.fixture(scope="module")
def straight(upright: Image.Image) -> list[Cell]:
    """What its table says the right way up."""
    return cells(read(saved("PNG", upright)))


@pytest.mark.parametrize("clockwise", [90, 180, 270])
def test_a_turned_page_is_read_like_an_upright_one(clockwise: int, upright: Image.Image, straight: list[Cell]) -> None:
    seen = cells(read(saved("PNG", upright.rotate(-clockwise, expand=True))))
    assert [(c.text, c.row, c.column) for c in seen if c.confidence > DOUBT] == [
        (c.text, c.row, c.column) for c in straight if c.confidence > DOUBT
    ]
    assert len(straight) > 20
    # Places are those on the page as it is shown, and that counts as one of A4's width however it lies.
    wide, high = raster.width_of(*upright.size), raster.width_of(*upright.size) * upright.height / upright.width
    shown = raster.width_of(high, wide) / high if clockwise % 180 else 1.0
    for a, b in zip(straight, seen, strict=True):
        assert a.place.box is not None
        box = raster.turned_box(a.place.box, (wide, high), -clockwise // 90)
        assert b.place.box == pytest.approx([edge * shown for edge in box], abs=3)


def test_a_turned_page_of_a_pdf_keeps_its_places(upright: Image.Image, straight: list[Cell]) -> None:
    seen = cells(read(saved("PDF", upright.rotate(180))))
    larger = upright.width / raster.width_of(*upright.size)  # such a PDF has a point for each pixel
    size = upright.width, upright.height
    for a, b in zip(straight, seen, strict=True):
        assert a.place.box is not None
        x0, top, x1, bottom = (edge * larger for edge in a.place.box)
        assert b.place.box == pytest.approx(raster.turned_box((x0, top, x1, bottom), size, 2), abs=3 * larger)


def test_a_page_on_which_nothing_tells_stays_as_it_is() -> None:
    assert turning.quarters(np.full((200, 200), 255, np.uint8), [(10, 10, 30, 40)]) == 0
    assert [c.text for c in cells(read(drawn([["0", "8"], ["0", "0"]])))] == ["0", "8", "0", "0"]


def test_pages_with_text_and_scanned_ones(make_pdf: Callable[..., bytes]) -> None:
    text = make_pdf([([(80, 100, 16, "第一页是文字。")], [])])
    picture = saved("PDF", Image.open(io.BytesIO(drawn([["12", "3"], ["4", "56"]]))))
    with pypdfium2.PdfDocument(text) as both, pypdfium2.PdfDocument(picture) as more:  # type: ignore[no-untyped-call]
        both.import_pages(more)
        buffer = io.BytesIO()
        both.save(buffer)
    document = read(buffer.getvalue())
    assert [p.text for _, p in document.paragraphs()] == ["第一页是文字。"]
    assert [(c.text, c.place.page) for c in cells(document)] == [("12", 2), ("3", 2), ("4", 2), ("56", 2)]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_image_formats_are_decoded_to_one_size(form: str) -> None:
    pages = list(raster.decode(saved(form, Image.new("L", (400, 600), 200))))
    assert [page.shape for page in pages] == [(2400, 1600)]


def test_tiff_pages_are_pages() -> None:
    assert len(list(raster.decode(saved("TIFF", *[Image.new("L", (40, 60), 255)] * 3)))) == 3


def test_a_tiff_of_too_many_pages_is_refused_before_any_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_SCANNED", 2)
    out = io.BytesIO()
    one = Image.new("1", (8, 8), 1)
    one.save(out, "TIFF", save_all=True, append_images=[one, one])
    with pytest.raises(UnreadableFile, match="超过 2 页"):
        read(out.getvalue())


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", DamagedFile, "损坏"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), DamagedFile, "损坏"),
        (bytes(4) + b"ftypheic" + bytes(40), UnsupportedFormat, "HEIC"),
    ],
)
def test_pictures_that_cannot_be_opened(data: bytes, error: type[UnreadableFile], says: str) -> None:
    with pytest.raises(error, match=says) as raised:
        read(data)
    assert raised.value.remedy


def test_without_the_packages_a_scan_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_PACKAGES", ("no_such_package",))
    for data in (drawn([["1", "2"]]), saved("PDF", Image.new("L", (600, 800), 255))):
        with pytest.raises(UnreadableFile, match="扫描件") as raised:
            read(data)
        assert "disclosure-desk[ocr]" in raised.value.remedy


def test_a_stroke_is_told_from_the_digit_it_is_read_as() -> None:
    found = cells(read(drawn([["1", "/", "7"], ["-", "11", "/"]])))
    assert [c.text for c in found] == ["1", "/", "7", "-", "11", "/"]
    assert min(c.confidence for c in found if c.text.isdecimal()) > DOUBT
