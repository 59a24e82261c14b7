"""Word and Excel files, new and old: bombs, entities, tables and numbers without measure, chains that bite their tails."""

from __future__ import annotations

import random
from collections.abc import Iterator

from accuracy import cases
from readers.word97 import Doc

from .made import Hostile, named, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
MB = 1_000_000
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
DOCTYPE = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/evil.dtd">'


def files() -> Iterator[Hostile]:
    yield from named("word", _word())
    yield from named("excel", _excel())
    yield from named("old office", _old())


def docx(body: str, head: str = "", **parts: str | bytes) -> bytes:
    document = f"{head}<w:document {W}><w:body>{body}</w:body></w:document>"
    return zipped(("word/document.xml", document), *((name, content) for name, content in parts.items()))


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def _word():
    table = "<w:tbl>{}</w:tbl>".format
    style = f"<w:styles {W}>{{}}</w:styles>"
    chain = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 500}"/></w:style>'
        for n in range(500)
    )
    levels = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:numStyleLink w:val="s{n}"/></w:abstractNum>' for n in range(99)
    )
    return [
        ("实体.docx", docx(p("&l12;"), DOCTYPE)),
        ("外部实体.docx", docx(p("&e;"), OUTSIDE)),
        ("外部定义.docx", docx(p("x"), REMOTE)),
        ("参数实体.docx", docx(p("x"), '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///dev/zero">%p;]>')),
        ("空洞.docx", lambda: zipped(("word/document.xml", bytes(150 * MB)))),
        ("长文.docx", lambda: docx(p("年" * 20 * MB))),
        ("四十兆段落.docx", lambda: docx(p("年报") * 900_000)),
        ("深段.docx", lambda: docx("<w:sdt><w:sdtContent>" * 50_000 + p("x") + "</w:sdtContent></w:sdt>" * 50_000)),
        ("深表.docx", lambda: docx("<w:tbl><w:tr><w:tc>" * 3000 + p("x") + "</w:tc></w:tr></w:tbl>" * 3000)),
        ("深表二百.docx", lambda: docx("<w:tbl><w:tr><w:tc>" * 60 + p("x") + "</w:tc></w:tr></w:tbl>" * 60)),
        ("跨列百万.docx", docx(table(row(cell("a", '<w:gridSpan w:val="1000000"/>'), cell("b"))))),
        ("跨列负数.docx", docx(table(row(cell("a", '<w:gridSpan w:val="-5"/>'), cell("b"))))),
        ("跨列非数.docx", docx(table(row(cell("a", '<w:gridSpan w:val="9e99"/>'), cell("b"))))),
        ("前空百万.docx", docx(table('<w:tr><w:trPr><w:gridBefore w:val="99999999"/></w:trPr>' + cell("b") + "</w:tr>"))),
        ("跨列行行.docx", lambda: docx(table(row(cell("a", '<w:gridSpan w:val="60"/>'), cell("b")) * 20_000))),
        ("竖并.docx", lambda: docx(table(row(cell("a", '<w:vMerge w:val="restart"/>')) + row(cell("", "<w:vMerge/>")) * 30_000))),
        ("竖并两千.docx", lambda: docx(table(row(*[cell("a", "<w:vMerge/>")] * 60) * 2000))),
        ("万列.docx", lambda: docx(table(row(*[cell("1")] * 20_000) * 3))),
        ("万表.docx", lambda: docx(table(row(cell("1"), cell("2"))) * 20_000)),
        ("样式成环.docx", docx(p("x", '<w:pPr><w:pStyle w:val="s0"/></w:pPr>'), **{"word/styles.xml": style.format(chain)})),
        ("编号成环.docx", docx(
            p("x", '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'),
            **{"word/numbering.xml": f'<w:numbering {W}>{levels}<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'},
        )),
        ("编号巨大.docx", docx(
            p("x", '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>') * 50,
            **{"word/numbering.xml": f'<w:numbering {W}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="99999999999999999999"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1%1%1%1%1%1%1%1%1"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'},
        )),
        ("罗马编号.docx", docx(
            p("x", '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>') * 50,
            **{"word/numbering.xml": f'<w:numbering {W}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="999999999"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'},
        )),
        ("属性十万.docx", lambda: docx("<w:p " + " ".join(f'a{n}="x"' for n in range(100_000)) + "/>")),
        ("命名空间.docx", lambda: docx("".join(f'<w:p xmlns:n{n}="urn:{n}"/>' for n in range(100_000)) + p("x"))),
        ("三万部件.docx", lambda: zipped(("word/document.xml", f"<w:document {W}/>"), *((f"word/{n}.xml", b"") for n in range(30_000)))),
        ("缺正文.docx", zipped(("word/document.xml", b""))),
        ("非标记.docx", zipped(("word/document.xml", b"\x89PNG" * 50))),
        ("未闭合.docx", zipped(("word/document.xml", f"<w:document {W}><w:body><w:p>"))),
        ("坏编码.docx", zipped(("word/document.xml", b'<?xml version="1.0" encoding="utf-7"?><a>+ADw-</a>'))),
        ("错编码.docx", zipped(("word/document.xml", b'<?xml version="1.0" encoding="utf-8"?><a>\xff\xfe\xff</a>'))),
        ("正文两份.docx", zipped(("word/document.xml", f"<w:document {W}/>"), ("WORD/DOCUMENT.XML", f"<w:document {W}/>"))),
        ("域代码.docx", docx('<w:p><w:r><w:instrText>INCLUDETEXT "http://127.0.0.1:9/x" INCLUDEPICTURE "file:///etc/passwd"</w:instrText></w:r></w:p>' * 20)),
        ("关系外指.docx", docx(p("x"), **{"word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://x/attachedTemplate" Target="file:///etc/passwd" TargetMode="External"/><Relationship Id="b" Type="http://x/image" Target="../../../../etc/passwd"/></Relationships>'})),
    ]  # fmt: skip


def xlsx(sheet: str, strings: str = "", book: str = "", **parts: str | bytes) -> bytes:
    book = (
        book
        or f'<workbook {S} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    return zipped(
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings or f"<sst {S}><si><t>年报</t></si></sst>"),
        *parts.items(),
    )  # fmt: skip


def _excel():
    sheet = (f"<worksheet {S}>{{head}}<sheetData>{{rows}}</sheetData>{{tail}}</worksheet>").format
    one = '<row r="1"><c r="A1" t="inlineStr"><is><t>年报</t></is></c></row>'
    merges = "<mergeCells>{}</mergeCells>".format
    return [
        ("实体.xlsx", xlsx(DOCTYPE + sheet(head="", rows='<row r="1"><c r="A1" t="inlineStr"><is><t>&l12;</t></is></c></row>', tail=""))),
        ("外部实体.xlsx", xlsx(sheet(head="", rows='<row><c t="s"><v>0</v></c></row>', tail=""), OUTSIDE + f"<sst {S}><si><t>&e;</t></si></sst>")),
        ("远角.xlsx", xlsx(sheet(head='<dimension ref="A1:XFD1048576"/>', rows='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + one, tail=""))),
        ("行号十亿.xlsx", xlsx(sheet(head="", rows='<row r="1000000000"><c r="A1000000000"><v>1</v></c></row>', tail=""))),
        ("列名冗长.xlsx", xlsx(sheet(head="", rows=f'<row r="1"><c r="{"Z" * 5000}1"><v>1</v></c></row>', tail=""))),
        ("合并全表.xlsx", xlsx(sheet(head="", rows=one, tail=merges('<mergeCell ref="A1:XFD1048576"/>')))),
        ("合并倒置.xlsx", xlsx(sheet(head="", rows=one, tail=merges('<mergeCell ref="Z99:A1"/><mergeCell ref="foo"/><mergeCell/>')))),
        ("合并十万.xlsx", lambda: xlsx(sheet(head="", rows=one, tail=merges("".join(f'<mergeCell ref="A{n}:C{n + 3}"/>' for n in range(1, 100_000)))))),
        ("合并大片.xlsx", lambda: xlsx(sheet(head="", rows=one, tail=merges('<mergeCell ref="A1:ZZ60000"/>' * 500)))),
        ("字符串越界.xlsx", xlsx(sheet(head="", rows='<row r="1"><c r="A1" t="s"><v>99999999</v></c><c r="B1" t="s"><v>-7</v></c><c t="s"><v>x</v></c></row>', tail=""))),
        ("字符串空洞.xlsx", lambda: xlsx(sheet(head="", rows=one, tail=""), f"<sst {S}><si><t>" + "a" * 60 * MB + "</t></si></sst>")),
        ("字符串引用.xlsx", lambda: xlsx(sheet(head="", rows='<row>' + '<c t="s"><v>0</v></c>' * 20_000 + "</row>", tail=""), f"<sst {S}><si><t>" + "年" * MB + "</t></si></sst>")),
        ("十万行.xlsx", lambda: xlsx(sheet(head="", rows='<row><c><v>1</v></c><c t="inlineStr"><is><t>年报</t></is></c></row>' * 200_000, tail=""))),
        ("数字冗长.xlsx", xlsx(sheet(head="", rows=f'<row r="1"><c r="A1"><v>{"9" * 100_000}</v></c><c r="B1"><v>1e999999999</v></c><c r="C1"><v>nan</v></c></row>', tail=""))),
        ("缺表.xlsx", zipped(("xl/workbook.xml", f"<workbook {S}/>"))),
        ("万张表.xlsx", lambda: xlsx(sheet(head="", rows=one, tail=""), book=f'<workbook {S} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>' + '<sheet name="a" sheetId="1" r:id="r1"/>' * 20_000 + "</sheets></workbook>")),
        ("二进制.xlsb", zipped(("xl/workbook.bin", bytes(range(256)) * 20))),
        ("表格攀爬.xlsx", zipped(("xl/workbook.xml", f'<workbook {S} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'), ("xl/_rels/workbook.xml.rels", '<Relationships><Relationship Id="r1" Target="../../../../etc/passwd"/></Relationships>'))),
    ]  # fmt: skip


def _old():
    dice = random.Random(97)
    doc = next(cases.old_documents(1)).data
    fat = 0x4C  # of the header: where the list of FAT sectors begins

    def looped() -> bytes:
        """Every sector of every stream leads to itself."""
        changed = bytearray(doc)
        at = int.from_bytes(doc[fat : fat + 4], "little")
        begin = 512 * (at + 1)
        for n in range(128):
            changed[begin + 4 * n : begin + 4 * n + 4] = n.to_bytes(4, "little")
        return bytes(changed)

    def huge(place: int, value: int = 0xFFFFFFF0) -> bytes:
        return doc[:place] + value.to_bytes(4, "little") + doc[place + 4 :]

    many = Doc()
    many.row(["1"] * 60, list(range(0, 61 * 100, 100)))
    odd = Doc()
    odd.row(["一", "二"], [0, -32768, 32767])
    odd.row(["三"], [0, 0])
    long = Doc()
    long.text("年" * 2 * MB)
    return [
        ("扇区成环.doc", looped()),
        ("分区表巨大.doc", huge(0x2C)),
        ("目录越界.doc", huge(0x30)),
        ("小扇区越界.doc", huge(0x3C)),
        ("双重分区.doc", huge(0x44, 0)),
        ("扇区大小.doc", doc[:0x1E] + b"\x1f\0" + doc[0x20:]),
        ("扇区为零.doc", doc[:0x1E] + b"\0\0" + doc[0x20:]),
        ("六十格.doc", many.bytes),
        ("怪边.doc", odd.bytes()),
        ("长段.doc", long.bytes),
        ("加密标记.doc", doc.replace(b"\xec\xa5", b"\xec\xa5", 1)[:0x400] + dice.randbytes(2000)),
        ("加密.docx", doc[:512] + "EncryptedPackage".encode("utf-16-le") + bytes(4000)),
        ("随机.doc", doc[:512] + dice.randbytes(20_000)),
        ("只有头.doc", doc[:512]),
        ("随机.xls", doc[:512] + "Workbook".encode("utf-16-le") + dice.randbytes(20_000)),
        ("演示.ppt", doc[:512] + "PowerPoint Document".encode("utf-16-le") + bytes(2000)),
    ]  # fmt: skip
