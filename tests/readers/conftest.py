"""Files for the reader tests, built from their parts: a .docx from XML, a PDF from texts and strokes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

import pytest

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Text = tuple[float, float, float, str]  # x, distance of the baseline from the top, size, text; in points
Stroke = tuple[float, float, float, float]  # x0, top, x1, bottom
A4 = (595, 842)


@pytest.fixture
def make_docx() -> Callable[..., bytes]:
    """A .docx with the given body XML; further parts by name (numbering, styles, core)."""

    def make(body: str, **parts: str) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            document = f'<w:document xmlns:w="{W}"{_OTHER}><w:body>{body}</w:body></w:document>'
            archive.writestr("word/document.xml", document)
            for name, xml in parts.items():
                path = "docProps/core.xml" if name == "core" else f"word/{name}.xml"
                archive.writestr(path, xml)
        return buffer.getvalue()

    return make


_OTHER = (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)


@pytest.fixture
def make_pdf() -> Callable[[Sequence[tuple[Sequence[Text], Sequence[Stroke]]]], bytes]:
    """A PDF whose pages show texts (every character one em wide) and strokes."""

    def make(pages: Sequence[tuple[Sequence[Text], Sequence[Stroke]]]) -> bytes:
        kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
        objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
            "/DescendantFonts [4 0 R] >>",
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> "
            "/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -120 1000 880] "
            "/Ascent 880 /Descent -120 /CapHeight 880 /ItalicAngle 0 /StemV 80 >> >>",
        ]
        for n, (texts, strokes) in enumerate(pages):
            content = _content(texts, strokes)
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] /Contents {6 + 2 * n} 0 R "
                "/Resources << /Font << /F 3 0 R >> >> >>"
            )
            objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        return _file(objects)

    return make


def _content(texts: Sequence[Text], strokes: Sequence[Stroke]) -> str:
    shown = [
        f"BT /F {size} Tf 1 0 0 1 {x} {A4[1] - y} Tm <{text.encode('utf-16-be').hex()}> Tj ET"
        for x, y, size, text in texts
    ]
    drawn = [f"{x0} {A4[1] - y0} m {x1} {A4[1] - y1} l S" for x0, y0, x1, y1 in strokes]
    return "\n".join(shown + drawn)


def _file(objects: Sequence[str]) -> bytes:
    out, offsets = b"%PDF-1.4\n", []
    for n, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{n} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
