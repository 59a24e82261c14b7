"""What files keep beside their text: comments, tracked changes, hidden text and paths in Word, notes in PDF."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from gdcore.leftover import Leftover
from gdcore.readers import read

Make = Callable[..., bytes]
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def p(inner: str) -> str:
    return f"<w:p><w:r><w:t>正文</w:t></w:r>{inner}</w:p>"


def left(data: bytes) -> dict[str, str]:
    return {name: value for name, value in read(data).metadata.items() if name.startswith("leftover.")}


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("", {}),
        (
            "<w:ins><w:r><w:t>增</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del>",
            {Leftover.REVISIONS: "2"},
        ),
        ("<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom>", {Leftover.REVISIONS: "1"}),
        ("<w:r><w:rPr><w:ins/></w:rPr><w:t>段</w:t></w:r>", {}),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏的话</w:t></w:r>", {Leftover.HIDDEN: "4"}),
        ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>不隐藏</w:t></w:r>', {}),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t> </w:t></w:r>", {}),
        ("<w:r><w:rPr><w:webHidden/></w:rPr><w:t>12</w:t></w:r>", {}),
    ],
)
def test_word_text(make_docx: Make, inner: str, expected: dict[str, str]) -> None:
    assert left(make_docx(p(inner))) == expected


def test_word_comments(make_docx: Make) -> None:
    comment = "<w:comment><w:p><w:r><w:t>此处再核</w:t></w:r></w:p></w:comment>"
    data = make_docx(p(""), comments=f"<w:comments {NS}>{comment * 2}</w:comments>")
    assert left(data) == {Leftover.COMMENTS: "2"}
    assert left(make_docx(p(""), comments=f"<w:comments {NS}/>")) == {}


@pytest.mark.parametrize("broken", ["<w:comments", "", "no xml"])
def test_a_broken_part_beside_the_text_does_not_matter(make_docx: Make, broken: str) -> None:
    assert left(make_docx(p(""), comments=broken)) == {}


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("file:///C:\\Users\\lixh\\AppData\\Normal.dotm", "file:///C:\\Users\\lixh\\AppData\\Normal.dotm"),
        ("file:///C:/Users/li%20xh/Normal.dotm", "file:///C:/Users/li xh/Normal.dotm"),
        ("https://www.yunze.gov.cn/home/index.html", None),
        ("media/image1.png", None),
    ],
)
def test_word_paths(make_docx: Make, target: str, path: str | None) -> None:
    relations = f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Target="{target}"/></Relationships>'
    buffer = io.BytesIO(make_docx(p("")))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/_rels/settings.xml.rels", relations)
    assert left(buffer.getvalue()) == ({Leftover.PATH: path} if path else {})


def pdf(draw: Callable[[Any], None]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for line in range(8):
        canvas.drawString(72, 700 - 20 * line, "Annual report on open government")
    draw(canvas)
    canvas.save()
    return out.getvalue()


def test_notes_in_a_pdf() -> None:
    noted = pdf(lambda canvas: canvas.textAnnotation("check this", Rect=[100, 100, 120, 120]))
    assert left(noted) == {Leftover.COMMENTS: "1"}


def test_links_in_a_pdf_belong_to_it() -> None:
    assert left(pdf(lambda canvas: canvas.linkURL("https://www.yunze.gov.cn", (72, 690, 200, 710)))) == {}
