"""Word files: what Word prints, with merged cells, list numbers, fields, revisions and text boxes as it prints them."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable

import pytest

from gdcore.document import Embedded, Paragraph, Table
from gdcore.errors import DamagedFile
from gdcore.readers.docx import read
from gdcore.readers.numbering import numeral

Make = Callable[..., bytes]
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(x if x.startswith('<') else run(x) for x in inner)}</w:p>"


def tc(text: str, span: int = 1, merge: str | None = None) -> str:
    merged = "" if merge is None else f'<w:vMerge w:val="{merge}"/>' if merge else "<w:vMerge/>"
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merged}</w:tcPr>{p(text)}</w:tc>'


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def texts(data: bytes) -> list[str]:
    return [b.text for b in read(data).blocks if isinstance(b, Paragraph)]


FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText><w:t>码</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
BOX = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (
            run("共") + "<w:ins><w:r><w:t>12</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>11</w:delText></w:r></w:del>" + run("件"),
            ["共12件"],
        ),
        ("<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新</w:t></w:r></w:moveTo>", ["新"]),
        ("<w:hyperlink>" + run("链接") + "</w:hyperlink><w:smartTag>" + run("标签") + "</w:smartTag>", ["链接标签"]),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + run("控件") + "</w:sdtContent></w:sdt>", ["控件"]),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r>", ["甲\t乙\n丙"]),
        (run("第") + FIELD + run("页"), ["第7页"]),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>" + run("显"), ["显"]),
        ("<w:ruby><w:rt>" + run("yin") + "</w:rt><w:rubyBase>" + run("音") + "</w:rubyBase></w:ruby>", ["音"]),
        (f"<m:oMath {MATH}><m:r><m:t>x=1</m:t></m:r></m:oMath>", ["x=1"]),
        (run("外") + f"<w:r>{BOX}{BOX}</w:r>" + run("面"), ["外面", "框内", "框内"]),
        (
            run("外") + f"<mc:AlternateContent><mc:Choice><w:r>{BOX}</w:r></mc:Choice>"
            f"<mc:Fallback><w:r>{BOX}</w:r></mc:Fallback></mc:AlternateContent>",
            ["外", "框内"],
        ),
    ],
)
def test_text_as_printed(make_docx: Make, inner: str, expected: list[str]) -> None:
    assert texts(make_docx(f"<w:p>{inner}</w:p>")) == expected


def test_paragraphs_are_counted_with_the_empty_ones(make_docx: Make) -> None:
    blocks = read(make_docx(p("甲") + p() + table(tc("x") + tc("y")) + p("乙"))).blocks
    places = [b.place.as_dict() for b in blocks]
    assert places == [{"paragraph": 1}, {"table": 1, "row": 1, "column": 1}, {"paragraph": 3}]


def test_merged_cells_become_rectangles(make_docx: Make) -> None:
    data = make_docx(
        table(
            tc("关系", 2, "restart") + tc("甲") + tc("乙"),
            tc("", 2, "") + tc("1") + tc("2"),
            tc("组", 1, "restart") + tc("子") + tc("3") + tc("4"),
            '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("其他") + tc("5") + tc("6"),
        )
    )
    found = read(data).blocks[0]
    assert isinstance(found, Table)
    assert [[(c.text, c.column, c.row_span, c.column_span) for c in row] for row in found.rows] == [
        [("关系", 0, 2, 2), ("甲", 2, 1, 1), ("乙", 3, 1, 1)],
        [("1", 2, 1, 1), ("2", 3, 1, 1)],
        [("组", 0, 1, 1), ("子", 1, 1, 1), ("3", 2, 1, 1), ("4", 3, 1, 1)],
        [("其他", 1, 1, 1), ("5", 2, 1, 1), ("6", 3, 1, 1)],
    ]


def test_deleted_rows_are_not_printed(make_docx: Make) -> None:
    found = read(make_docx(table(tc("甲") + tc("1"), "<w:trPr><w:del/></w:trPr>" + tc("乙") + tc("2")))).blocks[0]
    assert isinstance(found, Table)
    assert len(found.rows) == 1


def test_layout_tables_are_dissolved(make_docx: Make) -> None:
    inner = table(tc("甲") + tc("1"))
    blocks = read(make_docx(f"<w:tbl><w:tr><w:tc>{p('前')}{inner}{p('后')}</w:tc></w:tr></w:tbl>")).blocks
    assert [b.text if isinstance(b, Paragraph) else type(b).__name__ for b in blocks] == ["前", "Table", "后"]


def test_a_table_inside_a_full_table_follows_it(make_docx: Make) -> None:
    full = "".join(tc(str(n)) for n in range(24))
    inner = table(tc("内") + tc("1"))
    blocks = read(make_docx(f"<w:tbl><w:tr>{full}<w:tc>{inner}{p()}</w:tc></w:tr></w:tbl>")).blocks
    assert [b.place.table for b in blocks] == [1, 2]


def test_images_in_a_full_table_stand_in_their_cells(make_docx: Make) -> None:
    image = p("<w:r><w:drawing><a:blip/></w:drawing></w:r>")
    full = "".join(tc(str(n)) for n in range(24))
    inner = table(tc("内") + tc("1"))
    blocks = read(make_docx(f"<w:tbl><w:tr>{full}<w:tc>{inner}{image}</w:tc></w:tr></w:tbl>")).blocks
    assert [b.place.table for b in blocks] == [1, 2, 1]
    assert blocks[2].place.column == 25


def test_images_stand_in_their_place(make_docx: Make) -> None:
    blocks = read(make_docx(p("表如下") + p("<w:r><w:drawing><a:blip/></w:drawing></w:r>") + p("完"))).blocks
    assert [type(b) for b in blocks] == [Paragraph, Embedded, Paragraph]
    assert blocks[1].place.paragraph == 2


NUMBERING = f"""<w:numbering {NS}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
</w:numbering>"""
STYLES = f"""<w:styles {NS}>
<w:style w:styleId="a"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="b"><w:name w:val="mine"/><w:basedOn w:val="a"/></w:style></w:styles>"""


def listed(text: str, number: int, level: int = 0) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_list_numbers_are_printed(make_docx: Make) -> None:
    body = (
        listed("总述", 1) + listed("甲", 1, 1) + p("正文") + listed("乙", 1, 1) + listed("情况", 1) + listed("丙", 1, 1)
        + listed("细", 1, 2) + listed("点", 2) + listed("重起", 3) + listed("无", 0) + listed("接着", 3)
    )  # fmt: skip
    assert texts(make_docx(body, numbering=NUMBERING)) == [
        "一、总述", "（一）甲", "正文", "（二）乙", "二、情况", "（一）丙", "2.1 细", "点", "五、重起", "无",
        "六、接着",
    ]  # fmt: skip


def test_styles_bring_numbers_and_levels(make_docx: Make) -> None:
    data = make_docx(p("甲", properties='<w:pStyle w:val="b"/>') + p("乙", properties='<w:outlineLvl w:val="0"/>'),
                     numbering=NUMBERING, styles=STYLES)  # fmt: skip
    found = [(b.text, b.level) for b in read(data).blocks if isinstance(b, Paragraph)]
    assert found == [("一、甲", 2), ("乙", 1)]


def test_a_level_of_more_digits_than_a_number_has_is_none(make_docx: Make) -> None:
    blocks = read(make_docx(p("甲", properties=f'<w:outlineLvl w:val="{"9" * 5000}"/>'))).blocks
    assert [(b.text, b.level) for b in blocks if isinstance(b, Paragraph)] == [("甲", None)]


@pytest.mark.parametrize(
    ("number", "form", "printed"),
    [
        (10, "chineseCounting", "十"), (12, "chineseCounting", "十二"), (20, "japaneseCounting", "二十"),
        (105, "chineseCountingThousand", "一百零五"), (110, "chineseCounting", "一百一十"),
        (3, "decimalEnclosedCircle", "③"), (12, "chineseLegalSimplified", "壹拾贰"), (4, "lowerRoman", "iv"),
        (27, "upperLetter", "AA"), (7, "decimalZero", "07"), (2, "ideographTraditional", "乙"),
        (12, "decimalFullWidth", "１２"), (5, "unheardOf", "5"), (30, "decimalEnclosedCircle", "30"),
    ],
)  # fmt: skip
def test_numerals(number: int, form: str, printed: str) -> None:
    assert numeral(number, form) == printed


def test_core_properties(make_docx: Make) -> None:
    core = '<c xmlns:dc="d"><dc:title>某局2023年报告</dc:title><dc:creator>张三</dc:creator><dc:subject/></c>'
    content = read(make_docx(p("x"), core=core))
    assert (content.title, content.metadata["creator"]) == ("某局2023年报告", "张三")
    assert "subject" not in content.metadata


def test_strict_documents_are_read(make_docx: Make) -> None:
    data = make_docx(p("严格"))
    source = zipfile.ZipFile(io.BytesIO(data))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        xml = source.read("word/document.xml")
        archive.writestr(
            "word/document.xml",
            xml.replace(b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                        b"http://purl.oclc.org/ooxml/wordprocessingml/main"),
        )  # fmt: skip
    assert texts(buffer.getvalue()) == ["严格"]


def test_entities_are_not_resolved(make_docx: Make) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "哈"}">' for n in range(10))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f"<!DOCTYPE d [{laughs}]><w:document {NS}><w:body><w:p><w:r><w:t>甲&l9;</w:t></w:r></w:p></w:body>"
            "</w:document>",
        )
    with contextlib.suppress(DamagedFile):
        assert len("".join(texts(buffer.getvalue()))) < 10


@pytest.mark.parametrize("cut", [60, 200, -40])
def test_broken_files_are_damaged(make_docx: Make, cut: int) -> None:
    with pytest.raises(DamagedFile):
        read(make_docx(p("甲" * 500))[:cut])
