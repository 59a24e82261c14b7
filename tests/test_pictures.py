"""The pages of originals as pictures: a box in points lies where it is printed, whatever format the page comes in."""

import hashlib
import io
import os
import signal
import zipfile

import desk
import numpy as np
import pypdfium2
import pytest
from PIL import Image

from gdcore.document import Format
from gdcore.readers import drawing, read, scan
from gdcore.ui import pictures

BOX = (100.0, 200.0, 160.0, 230.0)
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def drawn(kind, data, number=1, boxes=(BOX,), **more):
    digest = hashlib.sha256(data).hexdigest()
    return np.asarray(Image.open(io.BytesIO(pictures.page(digest, kind, data, number, tuple(boxes), **more))), int)


def outlined(picture, points):
    """The outline as a box in points, for a page that is `points` wide."""
    red = (picture[..., 0] > 150) & (picture[..., 1] < 90) & (picture[..., 2] < 90)
    rows, columns = np.nonzero(red)
    scale = points / picture.shape[1]
    return tuple(edge * scale for edge in (columns.min(), rows.min(), columns.max(), rows.max()))


def near(found, box, slack=4.0):
    return all(abs(a - b) <= slack for a, b in zip(found, box, strict=True))


def test_a_box_lies_in_its_place_on_a_page_of_a_pdf():
    data = desk.report(fmt="pdf")
    picture = drawn(Format.PDF, data)
    assert near(outlined(picture, 595.3), BOX)
    assert pictures.count("pdf", Format.PDF, data) > 1


def test_the_cells_of_a_read_page_are_outlined_around_their_ink():
    data = desk.report(fmt="pdf")
    cells = [c for _, table in read(data).tables() for row in table.rows for c in row if c.text == "25"]
    place = cells[0].place
    picture = drawn(Format.PDF, data, place.page, boxes=())
    scale = picture.shape[1] / 595.3
    x0, top, x1, bottom = (round(edge * scale) for edge in place.box)
    inner = picture[top + 4 : bottom - 4, x0 + 4 : x1 - 4]
    assert inner.min() < 100 < 200 < picture[bottom + 2 : bottom + 6, x0 + 4 : x1 - 4].max()


def test_a_turned_page_is_shown_as_it_is_read():
    source = pypdfium2.PdfDocument(desk.report(fmt="pdf"))
    source[0].set_rotation(90)
    buffer = io.BytesIO()
    source.save(buffer)
    picture = drawn(Format.PDF, buffer.getvalue())
    assert picture.shape[1] > picture.shape[0]
    assert near(outlined(picture, 841.9), BOX)


def test_a_pdf_that_cannot_be_drawn_has_no_pages():
    assert pictures.count("broken", Format.PDF, b"%PDF-1.4 nothing") == 0


@pytest.mark.skipif(not scan.installed(), reason="Images are read only where the packages of the extra ocr are.")
@pytest.mark.parametrize("turned", [False, True])
def test_an_image_counts_as_a_page_of_a4s_width(turned):
    picture, buffer = Image.new("RGB", (1240, 1754), "white"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6 if turned else 1
    (picture.rotate(90, expand=True) if turned else picture).save(buffer, "JPEG", exif=exif)
    shown = drawn(Format.IMAGE, buffer.getvalue())
    assert shown.shape[0] > shown.shape[1]
    assert near(outlined(shown, 595.3), BOX)


@pytest.mark.skipif(not scan.installed(), reason="Images are read only where the packages of the extra ocr are.")
def test_each_page_of_a_tiff_is_shown():
    pages, buffer = [Image.new("L", (620, 877), ground) for ground in (255, 128)], io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    assert pictures.count("tiff", Format.IMAGE, buffer.getvalue()) == 2
    assert drawn(Format.IMAGE, buffer.getvalue(), 2, boxes=()).max() == 128


def ofd():
    """A page that prints 云泽 at 50 mm from the left and 100 mm from above, over a line."""
    buffer = io.BytesIO()
    parts = {
        "OFD.xml": f"<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocRoot>Doc.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc.xml": f"<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        '</ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>',
        "P.xml": f'<ofd:Page {SPACE}><ofd:Content><ofd:Layer ID="1">'
        '<ofd:TextObject Boundary="50 90 60 10" Font="1" Size="10"><ofd:TextCode X="0" Y="10" DeltaX="10">云泽</ofd:TextCode>'
        '</ofd:TextObject><ofd:PathObject Boundary="50 105 100 0.2" LineWidth="0.2"><ofd:AbbreviatedData>M 0 0 L 100 0'
        "</ofd:AbbreviatedData></ofd:PathObject></ofd:Layer></ofd:Content></ofd:Page>",
    }
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("fonts", [drawing._FONTS, ()])
def test_an_ofd_page_is_drawn_from_its_objects_with_or_without_a_font(fonts, monkeypatch):
    monkeypatch.setattr(drawing, "_FONTS", fonts)
    drawing._font.cache_clear()
    picture = np.asarray(Image.open(io.BytesIO(drawing.page(Format.OFD, ofd(), 1, ()))), int)
    drawing._font.cache_clear()
    marks = np.nonzero(picture.min(axis=2) < 220)
    millimetres = picture.shape[1] / 210
    rows, columns = (axis / millimetres for axis in marks)
    assert 49 <= columns.min() <= 52
    assert 90 <= rows.min() <= 94
    assert 104 <= rows.max() <= 106
    assert 148 <= columns.max() <= 151
    assert near(outlined(drawn(Format.OFD, ofd()), 595.3), BOX)


def test_a_page_that_breaks_its_process_is_not_shown_and_the_next_one_is(monkeypatch):
    monkeypatch.setattr(drawing, "page", _crash)
    assert pictures.page("broken", Format.PDF, b"", 1, ()) is None
    monkeypatch.undo()
    assert pictures.page("whole", Format.PDF, desk.report(fmt="pdf"), 1, ())


def _crash(*_):
    os.kill(os.getpid(), signal.SIGABRT)


def test_a_cut_out_shows_the_box_and_a_margin_and_personal_data_are_blackened():
    data = desk.report(fmt="pdf")
    whole = drawn(Format.PDF, data, boxes=())
    part = drawn(Format.PDF, data, boxes=(), clip=BOX, hidden=(BOX,))
    scale = whole.shape[1] / 595.3
    assert abs(part.shape[1] - (60 + 2 * 20) * scale) <= 3
    assert part[part.shape[0] // 2, part.shape[1] // 2].max() == 0
