"""OFD files: pages and templates in circles, repeats without measure, places outside of the package."""

from __future__ import annotations

from collections.abc import Iterator

from .made import Hostile, named, zipped
from .office import DOCTYPE, OUTSIDE

MB = 1_000_000
NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
ROOT = f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>D.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"


def document(pages: str = '<ofd:Page ID="1" BaseLoc="P.xml"/>', box: str = "0 0 210 297", more: str = "") -> str:
    area = f"<ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:PageArea>"
    return (
        f"<ofd:Document {NS}><ofd:CommonData>{area}{more}</ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>"
    )


def page(content: str, head: str = "") -> str:
    return f'<ofd:Page {NS}>{head}<ofd:Content><ofd:Layer ID="1">{content}</ofd:Layer></ofd:Content></ofd:Page>'


def text(words: str, delta: str = "4", boundary: str = "20 20 100 10", more: str = "") -> str:
    return f'<ofd:TextObject Boundary="{boundary}" Font="1" Size="4"{more}><ofd:TextCode X="0" Y="5" DeltaX="{delta}">{words}</ofd:TextCode></ofd:TextObject>'


def ofd(content: str, listed: str | None = None, root: str = ROOT, **parts: str | bytes) -> bytes:
    return zipped(("OFD.xml", root), ("D.xml", listed or document()), ("P.xml", content), *parts.items())


def stroke(data: str) -> str:
    return f'<ofd:PathObject Boundary="0 0 200 200" LineWidth="0.3"><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>'


def files() -> Iterator[Hostile]:
    picture = '<ofd:ImageObject Boundary="0 0 200 200" ResourceID="7"/>'
    resource = f'<ofd:Res {NS} BaseLoc="{{}}"><ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image"><ofd:MediaFile>{{}}</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>'.format
    images = document(more="<ofd:DocumentRes>R.xml</ofd:DocumentRes>")
    template = document(more='<ofd:TemplatePage ID="9" BaseLoc="P.xml"/>')
    yield from named(
        "ofd",
        [
            ("重复亿次.ofd", ofd(page(text("年" * 50, "g 1000000000 4")))),
            ("重复多段.ofd", lambda: ofd(page(text("年" * 50, "g 9000000 1 " * 200)))),
            ("间距怪.ofd", ofd(page(text("年报", "nan inf g g x 1e999")))),
            ("间距十万.ofd", lambda: ofd(page(text("年" * 100_000, "1 " * 100_000)))),
            ("字百万.ofd", lambda: ofd(page(text("年报" * 500_000)))),
            ("对象十万.ofd", lambda: ofd(page(text("年报") * 100_000))),
            ("线十万.ofd", lambda: ofd(page(stroke("M 0 0 L 100 0") * 100_000 + text("年报")))),
            ("路径百万.ofd", lambda: ofd(page(stroke("M 0 0 " + "L 100 0 " * 500_000) + text("年报")))),
            ("路径怪.ofd", ofd(page(stroke("M L Q B A S C 1e999 nan x") + text("年报")))),
            ("页成环.ofd", ofd(document())),
            ("页自指.ofd", ofd(page(""), document('<ofd:Page ID="1" BaseLoc="D.xml"/>'))),
            ("同页十万.ofd", lambda: ofd(page(text("年报")), document('<ofd:Page ID="1" BaseLoc="P.xml"/>' * 100_000))),
            ("同页四百.ofd", lambda: ofd(page(text("年报")), document('<ofd:Page ID="1" BaseLoc="P.xml"/>' * 400))),
            ("模板自指.ofd", ofd(page(text("年报"), '<ofd:Template TemplateID="9"/>'), template)),
            ("模板十万.ofd", lambda: ofd(page(text("年报"), '<ofd:Template TemplateID="9"/>' * 3000), template)),
            ("攀爬.ofd", ofd(page(text("年报")), document('<ofd:Page ID="1" BaseLoc="../../../../etc/passwd"/>'))),
            ("绝对.ofd", ofd(page(text("年报")), root=ROOT.replace("D.xml", "/etc/passwd"))),
            ("页框巨大.ofd", ofd(page(text("年报")), document(box="0 0 1e9 1e9"))),
            ("页框为零.ofd", ofd(page(text("年报")), document(box="0 0 0 0"))),
            ("页框非数.ofd", ofd(page(text("年报")), document(box="a b nan -inf"))),
            ("变换怪.ofd", ofd(page(text("年报", more=' CTM="0 0 0 0 nan 1e308"')))),
            ("组深.ofd", lambda: ofd(page("<ofd:PageBlock>" * 5000 + text("年报") + "</ofd:PageBlock>" * 5000))),
            ("组二百.ofd", lambda: ofd(page("<ofd:PageBlock>" * 200 + text("年报") + "</ofd:PageBlock>" * 200))),
            ("实体.ofd", ofd(DOCTYPE + page(text("&l12;")))),
            ("外部.ofd", ofd(OUTSIDE + page(text("&e;")))),
            ("图攀爬.ofd", ofd(page(picture), images, **{"R.xml": resource("../../..", "etc/passwd")})),
            ("图自指.ofd", ofd(page(picture), images, **{"R.xml": resource(".", "R.xml")})),
            ("图多.ofd", lambda: ofd(page(picture * 20_000 + text("年报")), images, **{"R.xml": resource(".", "i.png"), "i.png": _spot()})),
            ("图炸弹.ofd", lambda: ofd(page(picture), images, **{"R.xml": resource(".", "i.png"), "i.png": _large()})),
            ("空洞.ofd", lambda: zipped(("OFD.xml", ROOT), ("D.xml", document()), ("P.xml", bytes(200 * MB)))),
            ("缺文档.ofd", zipped(("OFD.xml", ROOT))),
            ("缺页.ofd", zipped(("OFD.xml", ROOT), ("D.xml", document()))),
        ],
    )  # fmt: skip


def _spot() -> bytes:
    from .images import png

    return png(1, 1)


def _large() -> bytes:
    from .images import png

    return png(30_000, 30_000)
