"""OFD: characters by their deltas, tables by their paths, pages by their areas; built here from a few objects."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from gdcore.document import Embedded, EmbeddedKind, Paragraph, Table
from gdcore.errors import DamagedFile, EncryptedFile, UnreadableFile, UnsupportedFormat
from gdcore.place import Place
from gdcore.readers import ofdimages, paths, scan
from gdcore.readers.ofd import look, read

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MM = 72 / 25.4


def text(x: float, y: float, content: str, size: float = 5.0, deltas: str | None = None, extra: str = "") -> str:
    """A text object whose baseline is at `y`, in millimetres."""
    deltas = f"g {len(content) - 1} {size}" if deltas is None else deltas
    return (
        f'<ofd:TextObject Boundary="{x} {y - size} 150 {size}" Font="1" Size="{size}" {extra}>'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="{deltas}">{content}</ofd:TextCode></ofd:TextObject>'
    )


def stroke(x0: float, y0: float, x1: float, y1: float) -> str:
    return (
        f'<ofd:PathObject Boundary="{x0} {y0} {x1 - x0 or 0.2} {y1 - y0 or 0.2}" LineWidth="0.2">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def ruled(xs: Sequence[float], ys: Sequence[float]) -> str:
    return "".join([stroke(xs[0], y, xs[-1], y) for y in ys] + [stroke(x, ys[0], x, ys[-1]) for x in xs])


def ofd(*pages: str, template: str = "", head: str = "", missing: bool = False, **others: str | bytes) -> bytes:
    """A file with these page contents; `template` is under each of them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "OFD.xml",
            f"{head}<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocInfo><ofd:Title>年报</ofd:Title></ofd:DocInfo>"
            "<ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
        archive.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
            '<ofd:TemplatePage ID="90" BaseLoc="Tpls/T.xml"/></ofd:CommonData>'
            f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        )
        body = '<ofd:Page {s}>{t}<ofd:Content><ofd:Layer ID="1">{c}</ofd:Layer></ofd:Content></ofd:Page>'
        archive.writestr("Doc_0/Tpls/T.xml", body.format(s=SPACE, t="", c=template))
        for n, content in enumerate(pages if not missing else pages[:-1]):
            used = '<ofd:Template TemplateID="90"/>' if template else ""
            archive.writestr(f"Doc_0/Pages/Page_{n}/Content.xml", body.format(s=SPACE, t=used, c=content))
        for name, content in others.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_lines_become_paragraphs_with_boxes_in_points() -> None:
    lines = [text(60, 30, "云山镇年度报告", 7), text(30, 50, "甲" * 30), text(20, 58, "乙" * 32), text(20, 66, "丙。")]
    content = read(ofd("".join([*lines, text(30, 74, "丁。")])))
    first, *others = content.blocks
    assert isinstance(first, Paragraph)
    assert [b.text for b in others if isinstance(b, Paragraph)] == ["甲" * 30 + "乙" * 32 + "丙。", "丁。"]
    assert first.place.page == 1
    assert first.place.box is not None
    assert first.place.box == pytest.approx((60 * MM, 23.84 * MM, 109 * MM, 30.84 * MM), abs=0.1)
    assert content.title == "年报"


def test_a_table_with_a_merged_cell() -> None:
    lines = ruled([20, 60, 100, 140], [40, 50, 60]).replace(stroke(60, 40, 60, 60), stroke(60, 50, 60, 60))
    cells = text(22, 47, "项目") + text(110, 47, "12", 4, "2") + text(22, 57, "甲") + text(70, 57, "3", 4, "")
    content = read(ofd(text(20, 20, "表") + lines + cells))
    (table,) = [block for block in content.blocks if isinstance(block, Table)]
    assert [[(c.text, c.column, c.column_span) for c in row] for row in table.rows] == [
        [("项目", 0, 2), ("12", 2, 1)],
        [("甲", 0, 1), ("3", 1, 1), ("", 2, 1)],
    ]
    assert table.rows[0][1].place.box == pytest.approx((100 * MM, 40 * MM, 140 * MM, 50 * MM), abs=0.1)


def test_thin_filled_rectangles_are_lines_and_shading_is_none() -> None:
    def filled(x: float, y: float, width: float, height: float) -> str:
        return (
            f'<ofd:PathObject Boundary="{x} {y} {width} {height}" Stroke="false" Fill="true"><ofd:AbbreviatedData>'
            f"S 0 0 L {width} 0 L {width} {height} L 0 {height} C</ofd:AbbreviatedData></ofd:PathObject>"
        )

    frame = "".join(filled(20, y, 80, 0.3) for y in (40, 50, 60)) + "".join(
        filled(x, 40, 0.3, 20) for x in (20, 60, 100)
    )
    words = text(22, 47, "甲") + text(62, 47, "1") + text(22, 57, "乙") + text(62, 57, "2")
    content = read(ofd(filled(20, 40, 80, 5) + frame + words))
    (table,) = content.blocks
    assert isinstance(table, Table)
    assert [[c.text for c in row] for row in table.rows] == [["甲", "1"], ["乙", "2"]]


def test_a_matrix_scales_text() -> None:
    (block,) = read(ofd(text(20, 50, "放大", 2.5, extra='CTM="2 0 0 2 0 0"'))).blocks
    assert isinstance(block, Paragraph)
    assert block.place.box is not None
    assert block.place.box[2] - block.place.box[0] == pytest.approx(10 * MM, abs=0.1)


def test_watermarks_invisible_text_and_page_numbers_are_left_out() -> None:
    slanting = text(50, 150, "内部资料", 20, extra='CTM="0.7 0.7 -0.7 0.7 0 0"')
    hidden = text(20, 90, "看不见", extra='Visible="false"')
    page = text(20, 50, "正文。") + slanting + hidden + text(100, 285, "— 1 —", 4, "2 2 2 2")
    assert [block.text for block in read(ofd(page, page)).blocks if isinstance(block, Paragraph)] == [
        "正文。",
        "正文。",
    ]


def test_the_template_is_under_the_page() -> None:
    content = read(ofd(text(25, 47, "一") + text(65, 47, "2"), template=ruled([20, 60, 100], [40, 50])))
    assert [[c.text for c in row] for b in content.blocks if isinstance(b, Table) for row in b.rows] == [["一", "2"]]


def test_groups_are_looked_into() -> None:
    (block,) = read(ofd(f'<ofd:PageBlock ID="5">{text(20, 50, "组内")}</ofd:PageBlock>')).blocks
    assert isinstance(block, Paragraph)
    assert block.text == "组内"


@pytest.mark.parametrize(
    ("written", "count", "means"),
    [
        ("3.5 3.5", 2, [3.5, 3.5]),
        ("g 3 2.5 1", 4, [2.5, 2.5, 2.5, 1]),
        ("g 999999999 1", 3, []),
        ("1 2 3 4", 2, [1, 2]),
        (None, 5, []),
        ("g 2", 2, [2]),
    ],
)
def test_distances(written: str | None, count: int, means: list[float]) -> None:
    assert paths.distances(written, count) == means


def test_a_curve_is_no_stroke() -> None:
    found = list(paths.strokes("M 0 0 L 50 0 B 60 0 60 10 60 20 Q 1 2 0 40 L 0 0 C A 1 2", paths.Matrix(), True))
    assert [tuple(round(edge / MM) for edge in box) for box in found] == [(0, 0, 50, 0), (0, 0, 0, 40), (0, 0, 0, 0)]


IMAGE = '<ofd:ImageObject Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="3"/>'


def stored(content: bytes, name: str = "image_3.png") -> dict[str, str | bytes]:
    """The parts that hold image 3."""
    resources = (
        f'<ofd:Res {SPACE} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="3" Type="Image">'
        f"<ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    return {"Doc_0/DocumentRes.xml": resources, f"Doc_0/Res/{name}": content}


def scanned(texts: Sequence[Sequence[str]], form: str = "PNG") -> bytes:
    """The picture of an A4 page at 200 dpi with a ruled table; columns are 40 mm wide, rows 10."""
    picture = Image.new("L", (1654, 2339), 255)
    pen, mm = ImageDraw.Draw(picture), 1654 / 210
    for row, said in enumerate(texts):
        for column, each in enumerate(said):
            x, y = (20 + 40 * column) * mm, (40 + 10 * row) * mm
            pen.rectangle((x, y, x + 40 * mm, y + 10 * mm), outline=0, width=2)
            pen.text((x + 15 * mm, y + 3 * mm), each, fill=0, font=ImageFont.load_default(34))
    buffer = io.BytesIO()
    picture.save(buffer, form)
    return buffer.getvalue()


TURNED = '<ofd:ImageObject Boundary="0 0 210 297" CTM="0 297 -210 0 210 0" ResourceID="3"/>'


@pytest.mark.parametrize(("form", "image"), [("PNG", IMAGE), ("TIFF", IMAGE), ("JPEG", TURNED)])
def test_a_scanned_page_is_recognised_among_pages_with_text(form: str, image: str) -> None:
    pytest.importorskip("rapidocr")
    picture = scanned([["12", "305"], ["7", "46"]], form)
    if image is TURNED:  # it lies on its side in the file, and the page turns it back
        buffer = io.BytesIO()
        Image.open(io.BytesIO(picture)).rotate(90, expand=True).save(buffer, form)
        picture = buffer.getvalue()
    content = read(ofd(text(20, 50, "第一页是文字。"), image, **stored(picture)))
    assert [block.text for block in content.blocks if isinstance(block, Paragraph)] == ["第一页是文字。"]
    (table,) = [block for block in content.blocks if isinstance(block, Table)]
    assert [[c.text for c in row] for row in table.rows] == [["12", "305"], ["7", "46"]]
    assert table.rows[0][1].place.page == 2
    assert table.rows[0][1].place.box == pytest.approx((60 * MM, 40 * MM, 100 * MM, 50 * MM), abs=1.5)


def test_an_image_that_cannot_be_read_stays_one_among_pages_with_text() -> None:
    page, image = read(ofd(text(20, 50, "第一页是文字。"), IMAGE, **stored(b"\x97JB2\r\n\x1a\n" + bytes(20)))).blocks
    assert isinstance(page, Paragraph)
    assert image == Embedded(EmbeddedKind.IMAGE, Place(page=2, box=pytest.approx((0, 0, 210 * MM, 297 * MM))))


def test_images_lie_where_the_page_has_them() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(buffer, "PNG")
    small = '<ofd:ImageObject Boundary="50 100 40 20" CTM="40 0 0 20 0 0" ResourceID="3"/>'
    data = ofd(text(20, 50, "正文"), **stored(buffer.getvalue()), template=small)
    (sight,) = look(data)[0]
    page = Image.new("RGB", (210, 297), "white")
    assert ofdimages.paint(page, data, sight.laid, 1 / MM) == []
    red = np.argwhere(np.asarray(page)[..., 1] < 128)
    assert [*red.min(axis=0), *red.max(axis=0)] == pytest.approx([100, 50, 119, 89], abs=1)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (ofd(IMAGE, **stored(b"\x97JB2\r\n\x1a\n" + bytes(20))), UnsupportedFormat, "JBIG2"),
        (ofd(IMAGE + text(90, 285, "1"), **stored(b"what is this")), UnsupportedFormat, "格式"),
        (ofd(IMAGE, **stored(b"\x89PNG\r\n\x1a\n" + bytes(40))), UnreadableFile, "图像"),
        (ofd(IMAGE), DamagedFile, "缺少"),
        (ofd(stroke(20, 40, 90, 40)), UnsupportedFormat, "没有可读取的文字"),
        (ofd(text(20, 50, "一"), text(20, 50, "二"), missing=True), DamagedFile, "损坏"),
        (ofd(), DamagedFile, "损坏"),
        (ofd(Encryptions="x"), EncryptedFile, "密码"),
        (ofd(text(20, 50, "x"), head="<broken>"), DamagedFile, "损坏"),
        (ofd(text(20, 50, "字" * 20_000) * 2), DamagedFile, "多得"),
        (ofd(text(20, 50, "x"))[:-40], DamagedFile, "损坏"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        read(data)


def test_without_the_packages_a_scan_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_PACKAGES", ("no_such_package",))
    with pytest.raises(UnreadableFile, match="扫描件") as raised:
        read(ofd(IMAGE, **stored(scanned([["1"]]))))
    assert "disclosure-desk[ocr]" in raised.value.remedy


def test_entities_are_not_expanded() -> None:
    buffer = io.BytesIO(ofd(text(20, 50, "正文")))
    with zipfile.ZipFile(buffer, "a") as archive:
        page = f"{BOMB}<ofd:Page {SPACE}><ofd:Content><ofd:Layer>{text(20, 50, '甲&b;')}</ofd:Layer></ofd:Content></ofd:Page>"
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("Doc_0/Pages/Page_0/Content.xml", page)
    (block,) = read(buffer.getvalue()).blocks
    assert isinstance(block, Paragraph)
    assert block.text == "甲"
