"""PDF files: loops of pages, forms and tables of contents, bombs of filters, encryption, numbers without measure."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import desk
import pypdfium2
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from .made import Hostile, named

MB = 1_000_000
FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def pdf(*objects: str | bytes, tail: str = "", root: int = 1) -> bytes:
    """A file of these objects, numbered from 1."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += (
            f"{number} 0 obj\n".encode() + (content.encode() if isinstance(content, str) else content) + b"\nendobj\n"
        )
    start = len(out)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return bytes(out) + f"trailer<</Size {len(places) + 1}/Root {root} 0 R{tail}>>\nstartxref\n{start}\n%%EOF".encode()


def stream(content: bytes, more: str = "", length: int | None = None) -> bytes:
    return f"<</Length {len(content) if length is None else length}{more}>>stream\n".encode() + content + b"\nendstream"


CATALOGUE = "<</Type/Catalog/Pages 2 0 R>>"
PAGES = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F {FONT}>>/XObject<</X 5 0 R>>>>>>"
TEXT = b"BT /F 12 Tf 50 700 Td (annual report 2023) Tj ET"


def shown(content: bytes, more: str = "", *others: str | bytes, page: str = PAGE) -> bytes:
    return pdf(
        CATALOGUE,
        PAGES,
        page,
        stream(content, more),
        *(others or (stream(b"", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),)),
    )


def packed(content: bytes, times: int) -> tuple[bytes, str]:
    for _ in range(times):
        content = zlib.compress(content, 9)
    return content, f"/Filter[{'/FlateDecode' * times}]"


def image(words: str, content: bytes = b"") -> bytes:
    return stream(content, f"/Type/XObject/Subtype/Image{words}")


def encrypted(user: str, owner: str = "owner") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(user, owner, strength=128), invariant=1)
    canvas.drawString(50, 700, "annual report")
    canvas.save()
    return out.getvalue()


def many_pages(count: int) -> bytes:
    file = pypdfium2.PdfDocument.new()
    for _ in range(count):
        file.new_page(595, 842)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _bomb(size: int, times: int = 2) -> bytes:
    return shown(*packed(b" " * size + TEXT, times))


def files() -> Iterator[Hostile]:
    honest = desk.report(desk.EAST, 2008, fmt="pdf")
    form = "/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</XObject<</X {} 0 R/Y {} 0 R>>>>".format
    grow = [stream(b"/X Do /Y Do " * 5, form(n + 6, n + 6)) for n in range(11)]
    chain = [f"<</Type/Pages/Kids[{n + 3} 0 R]/Count 1/Parent {n + 1} 0 R>>" for n in range(5000)]
    yield from named(
        "pdf",
        [
            ("页成环.pdf", pdf(CATALOGUE, "<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>")),
            ("页互环.pdf", pdf(CATALOGUE, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>", "<</Type/Pages/Kids[2 0 R]/Count 9/Parent 2 0 R>>")),
            ("页深链.pdf", lambda: pdf(CATALOGUE, *chain)),
            ("页数谎称.pdf", pdf(CATALOGUE, PAGES.replace("Count 1", "Count 99999999"), PAGE, stream(TEXT), stream(b""))),
            ("页数为负.pdf", pdf(CATALOGUE, PAGES.replace("Count 1", "Count -7"), PAGE, stream(TEXT), stream(b""))),
            ("五千页.pdf", lambda: many_pages(5000)),
            ("三百空页.pdf", lambda: many_pages(300)),
            ("形式成环.pdf", shown(b"/X Do", "", stream(TEXT + b" /X Do", form(5, 5)))),
            ("形式倍增.pdf", shown(b"/X Do", "", *grow, stream(TEXT))),
            ("目录成环.pdf", pdf("<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>", PAGES, PAGE, stream(TEXT), stream(b""), "<</First 6 0 R/Last 6 0 R/Next 6 0 R/Title(x)>>")),
            ("交叉成环.pdf", pdf(CATALOGUE, PAGES, PAGE, stream(TEXT), stream(b""), tail="/Prev 9").replace(b"/Prev 9", b"/Prev 0")),
            ("交叉自指.pdf", _self_referring()),
            ("根成环.pdf", pdf("1 0 R")),
            ("长度自指.pdf", pdf(CATALOGUE, PAGES, PAGE, b"<</Length 4 0 R>>stream\n" + TEXT + b"\nendstream", stream(b""))),
            ("长度谎称.pdf", pdf(CATALOGUE, PAGES, PAGE, stream(TEXT, length=999_999_999), stream(b""))),
            ("长度为负.pdf", pdf(CATALOGUE, PAGES, PAGE, stream(TEXT, length=-5), stream(b""))),
            ("压缩炸弹.pdf", lambda: _bomb(150 * MB)),
            ("三层压缩.pdf", lambda: _bomb(100 * MB, 3)),
            ("滤镜万层.pdf", shown(TEXT, f"/Filter[{'/ASCIIHexDecode' * 10_000}]")),
            ("预测.pdf", shown(zlib.compress(TEXT), "/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 2147483647/Colors 99>>")),
            ("页面巨大.pdf", shown(TEXT, page=PAGE.replace("595 842", "1e9 1e9"))),
            ("页面为零.pdf", shown(TEXT, page=PAGE.replace("595 842", "0 0"))),
            ("页面为负.pdf", shown(TEXT, page=PAGE.replace("0 0 595 842", "595 842 -9e30 nan"))),
            ("旋转怪.pdf", shown(TEXT, page=PAGE.replace("/Contents", "/Rotate 45/Contents"))),
            ("坐标巨大.pdf", shown(b"1e38 0 0 1e38 1e38 1e38 cm " + TEXT)),
            ("字号巨大.pdf", shown(TEXT.replace(b"12 Tf", b"99999999 Tf"))),
            ("字号为零.pdf", shown(TEXT.replace(b"12 Tf", b"0 Tf") * 50)),
            ("字符百万.pdf", lambda: shown(*packed(b"BT /F 1 Tf 50 700 Td (" + b"report " * 200_000 + b") Tj ET", 1))),
            ("同点十万字.pdf", lambda: shown(*packed(TEXT * 6000, 1))),
            ("线十万条.pdf", lambda: shown(*packed(b"".join(b"%d 0 m %d 800 l S " % (n % 595, n % 595) for n in range(100_000)) + TEXT, 1))),
            ("格三万.pdf", lambda: shown(*packed(b"".join(b"%d %d 3 3 re S " % (n % 170 * 3, n // 170 * 3) for n in range(30_000)) + TEXT, 1))),
            ("交织.pdf", lambda: shown(*packed(b"".join(b"0 %.2f m 595 %.2f l S %.2f 0 m %.2f 842 l S " % ((n * 0.9,) * 4) for n in range(650)) + TEXT, 1))),
            ("存栈.pdf", lambda: shown(*packed(b"q " * MB + TEXT, 1))),
            ("数组.pdf", lambda: shown(*packed(b"[" * MB + TEXT, 1))),
            ("字典深.pdf", lambda: pdf("<</A" * 20_000 + ">>" * 20_000, PAGES)),
            ("图巨大.pdf", shown(b"595 0 0 842 0 0 cm /X Do", "", image("/Width 100000/Height 100000/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/FlateDecode", zlib.compress(bytes(MB))))),
            ("图负.pdf", shown(b"595 0 0 842 0 0 cm /X Do", "", image("/Width -1/Height 2147483647/BitsPerComponent 16/ColorSpace/DeviceCMYK"))),
            ("图蒙版环.pdf", shown(b"595 0 0 842 0 0 cm /X Do", "", image("/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray/SMask 5 0 R", bytes(81)))),
            ("坏图.pdf", shown(b"595 0 0 842 0 0 cm /X Do", "", image("/Width 99/Height 99/Filter/JBIG2Decode", bytes(range(250))))),
            ("坏图二.pdf", shown(b"595 0 0 842 0 0 cm /X Do", "", image("/Width 99/Height 99/Filter/JPXDecode", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(range(250))))),
            ("坏字体.pdf", shown(TEXT, page=PAGE.replace("BaseFont", "FontDescriptor<</FontFile2 4 0 R/Flags 4>>/BaseFont"))),
            ("动作.pdf", pdf("<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(while(true){})>>/AA<</WC<</S/Launch/F(/bin/sh)>>>>>>", PAGES, PAGE, stream(TEXT), stream(b""))),
            ("外链.pdf", shown(TEXT, page=PAGE.replace("/Contents", "/Annots[<</Subtype/Link/A<</S/URI/URI(http://127.0.0.1:9/)>>>>]/Contents"))),
            ("注释万条.pdf", lambda: shown(TEXT, page=PAGE.replace("/Contents", f"/Annots[{'<</Subtype/Text/Contents(x)>>' * 50_000}]/Contents"))),
            ("密码.pdf", encrypted("secret")),
            ("无用户密码.pdf", encrypted("")),
            ("密码字典坏.pdf", pdf(CATALOGUE, PAGES, PAGE, stream(TEXT), stream(b""), tail="/Encrypt<</Filter/Standard/V 5/R 6/O()/U()/P -1>>/ID[()()]")),
            ("密码成环.pdf", pdf(CATALOGUE, PAGES, PAGE, stream(TEXT), stream(b""), tail="/Encrypt 1 0 R")),
            ("只有头.pdf", b"%PDF-1.7"),
            ("头在后.pdf", b"x" * 900 + honest),
            ("两份相接.pdf", honest + honest),
            ("尾后杂物.pdf", honest + bytes(200_000)),
            ("全是对象.pdf", lambda: b"%PDF-1.4\n" + b"1 0 obj<</A 1 0 R>>endobj\n" * 300_000),
            ("全是尾.pdf", lambda: b"%PDF-1.4\n" + b"trailer<</Root 1 0 R/Prev 9>>startxref 9 %%EOF\n" * 100_000),
        ],
    )  # fmt: skip


def _self_referring() -> bytes:
    data = pdf(CATALOGUE, PAGES, PAGE, stream(TEXT), stream(b""))
    place = data.index(b"xref")
    return data.replace(b"/Root", b"/Prev %d/XRefStm %d/Root" % (place, place))
