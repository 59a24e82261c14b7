"""Old Word files: text by pieces, tables by their row definitions, what is not printed left out."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gdcore import guard, readers
from gdcore.document import Block, Embedded, Paragraph, Table
from gdcore.errors import DamagedFile, EncryptedFile, UnsupportedFormat
from gdcore.readers import docx, office, ole, wordfile
from gdcore.readers.doc import read

from .word97 import FIRST, GOES_ON, MERGED, RESTARTS, Doc, container

SOFFICE = office.program()
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


@pytest.fixture(autouse=True)
def _by_ourselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "program", lambda: None)


def shown(block: Block) -> object:
    if isinstance(block, Paragraph):
        return block.text, block.level
    if isinstance(block, Embedded):
        return block.kind.value
    return [[(cell.text, cell.column, cell.row_span, cell.column_span) for cell in row] for row in block.rows]


def texts(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks if isinstance(block, Paragraph)]


def table(doc: Doc) -> object:
    found = [block for block in read(doc.bytes()).blocks if isinstance(block, Table)]
    assert len(found) == 1
    return shown(found[0])


def test_paragraphs_with_their_places() -> None:
    doc = Doc()
    doc.text("云山镇人民政府年度报告")
    doc.text("")
    doc.text("第一行\x0b第二行\t尾𠮷")
    blocks = read(doc.bytes()).blocks
    assert [b.text for b in blocks if isinstance(b, Paragraph)] == ["云山镇人民政府年度报告", "第一行\n第二行\t尾𠮷"]
    assert isinstance(blocks[1], Paragraph)
    assert blocks[1].place.paragraph == 3


def test_a_compressed_piece() -> None:
    doc = Doc(compressed=True)
    doc.text("2023 “annual” report")
    doc.text("second")
    assert texts(doc.bytes()) == ["2023 “annual” report", "second"]


def test_codes_of_fields_are_not_printed() -> None:
    doc = Doc()
    doc.text("收费\x13 FORMTEXT \x01\x14400\x15元，见\x13 HYPERLINK a \x14网站\x13 PAGE \x143\x15页\x15。")
    doc.text("目录\x13 TOC \\o")
    doc.text("code\x14甲\x15乙")
    assert texts(doc.bytes()) == ["收费400元，见网站3页。", "目录", "甲乙"]


def test_deleted_and_hidden_text_is_not_printed() -> None:
    doc = Doc()
    doc.text("新收12件旧10件藏3件")
    deleted, hidden = struct.pack("<HB", 0x0800, 1), struct.pack("<HB", 0x083C, 1)
    doc.runs = [(0, 5, b""), (5, 9, deleted), (9, 12, hidden)]
    assert texts(doc.bytes()) == ["新收12件"]


def test_columns_come_from_the_borders_of_all_rows() -> None:
    doc = Doc()
    doc.row(["项目", "数量"], [0, 3000, 9000])
    doc.row(["甲", "1", "2"], [0, 3003, 6000, 8998])
    assert table(doc) == [[("项目", 0, 1, 1), ("数量", 1, 1, 2)], [("甲", 0, 1, 1), ("1", 1, 1, 1), ("2", 2, 1, 1)]]


@pytest.mark.parametrize("flags", [[FIRST, MERGED, 0], [MERGED, FIRST, 0]])
def test_cells_merged_across_by_either_description_of_the_format(flags: list[int]) -> None:
    doc = Doc()
    doc.row(["合计", "", "5"], [0, 1000, 2000, 3000], flags)
    doc.row(["甲", "1", "2"], [0, 1000, 2000, 3000])
    assert table(doc) == [[("合计", 0, 1, 2), ("5", 2, 1, 1)], [("甲", 0, 1, 1), ("1", 1, 1, 1), ("2", 2, 1, 1)]]


def test_cells_merged_downwards() -> None:
    doc = Doc()
    doc.row(["组", "其一", "1"], [0, 1000, 2000, 3000], [RESTARTS, 0, 0])
    doc.row(["", "其二", "2"], [0, 1000, 2000, 3000], [GOES_ON, 0, 0])
    doc.row(["", "其三", "3"], [0, 1000, 2000, 3000], extra=struct.pack("<HBBB", 0xD62B, 2, 0, 1))
    doc.row(["别组", "其四", "4"], [0, 1000, 2000, 3000], [RESTARTS, 0, 0], elsewhere=True)
    assert table(doc) == [
        [("组", 0, 3, 1), ("其一", 1, 1, 1), ("1", 2, 1, 1)],
        [("其二", 1, 1, 1), ("2", 2, 1, 1)],
        [("其三", 1, 1, 1), ("3", 2, 1, 1)],
        [("别组", 0, 1, 1), ("其四", 1, 1, 1), ("4", 2, 1, 1)],
    ]


def test_a_heading_style_has_a_level() -> None:
    doc = Doc(tables={1: struct.pack("<HHH", 6, 2, 10) + bytes(2) + 2 * (struct.pack("<H10xHH", 18, 0, 0) + b"\0" * 4)})
    doc.text("有级别", struct.pack("<HB", 0x2640, 1))
    assert [shown(block) for block in read(doc.bytes()).blocks] == [("有级别", 2)]


def test_numbers_of_a_list_are_printed() -> None:
    level = struct.pack("<iBB9xB8xBBxx", 1, 37, 0, 2, 0, 0) + struct.pack("<H", 2) + "\0、".encode("utf-16-le")
    lists = struct.pack("<Hi22xBx", 1, 7, 1) + level
    uses = struct.pack("<Ii8xBxxx", 1, 7, 0) + b"\xff\xff\xff\xff"
    doc = Doc(tables={73: lists, 74: uses})
    numbered = struct.pack("<HHHB", 0x460B, 1, 0x260A, 0)
    doc.text("总体情况", numbered)
    doc.text("", numbered)
    doc.text("其他", numbered)
    assert texts(doc.bytes()) == ["一、总体情况", "二、其他"]


def test_what_cannot_be_read_says_why() -> None:
    doc = Doc()
    doc.text("正文")
    whole = doc.bytes()
    with pytest.raises(EncryptedFile, match="密码"):
        read(Doc(doc.paragraphs, flags=0x0100).bytes())
    with pytest.raises(UnsupportedFormat, match="Word 97 以前"):
        read(Doc(doc.paragraphs, identity=0xA5DC).bytes())
    with pytest.raises(UnsupportedFormat, match="不是 Word"):
        read(container({"Workbook": b""}))
    for damaged in (whole[:3000], whole[:600], whole.replace(b"\xa5", b"\xa6") + b"x", whole[:512]):
        with pytest.raises((DamagedFile, UnsupportedFormat)):
            read(damaged)


def test_a_program_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nsleep 600\n")
    slow.chmod(0o755)
    monkeypatch.setattr(office, "program", lambda: str(slow))
    monkeypatch.setattr(office, "TIMEOUT", 0.2)
    assert office.to_docx(b"", "MS Word 97") is None


# --- against LibreOffice ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], bytes]:
    """A .docx as LibreOffice saves it as .doc."""

    def convert(data: bytes) -> bytes:
        folder = tmp_path_factory.mktemp("office")
        (folder / "a.docx").write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        subprocess.run(
            [SOFFICE or "", profile, "--headless", "--convert-to", "doc", "--outdir", folder, folder / "a.docx"],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return (folder / "a.doc").read_bytes()

    return convert


def cell(text: str, properties: str = "", width: int = 1000) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>'


BODY = f"""
<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>云山镇年度报告</w:t></w:r></w:p>
<w:p><w:r><w:t>留下</w:t></w:r><w:del w:id="1" w:author="a" w:date="2024-01-01T00:00:00Z"><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>
<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>总体</w:t></w:r></w:p>
<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>主动公开</w:t></w:r></w:p>
<w:tbl><w:tblPr><w:tblW w:w="3000" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="1000"/><w:gridCol w:w="1000"/><w:gridCol w:w="1000"/></w:tblGrid>
<w:tr>{cell("组", '<w:vMerge w:val="restart"/>')}{cell("横", '<w:gridSpan w:val="2"/>', 2000)}</w:tr>
<w:tr>{cell("", "<w:vMerge/>")}{cell("1")}{cell("2")}</w:tr>
<w:tr>{cell("别")}{cell("3")}{cell("4")}</w:tr></w:tbl>
<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>其他</w:t></w:r></w:p>
"""
NUMBERING = """<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


@needs_office
def test_a_converted_file_reads_as_its_original(
    converted: Callable[[bytes], bytes], make_whole_docx: Callable[..., bytes]
) -> None:
    original = make_whole_docx(BODY, NUMBERING)
    blocks = [shown(block) for block in read(converted(original)).blocks]
    assert blocks == [shown(block) for block in docx.read(original).blocks]
    assert ("一、总体", None) in blocks
    assert ("二、其他", None) in blocks


@needs_office
def test_what_office_makes_of_an_old_file(
    make_whole_docx: Callable[..., bytes], converted: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    doc = converted(make_whole_docx(BODY, NUMBERING))
    monkeypatch.setattr(office, "program", lambda: SOFFICE)
    again = office.to_docx(doc, "MS Word 97")
    assert again is not None
    assert "云山镇年度报告" in [b.text for b in docx.read(again).blocks if isinstance(b, Paragraph)]


@needs_office
def test_office_converts_within_a_watched_process_what_cannot_be_followed(
    converted: Callable[[bytes], bytes], make_whole_docx: Callable[..., bytes]
) -> None:
    original = make_whole_docx(BODY, NUMBERING)
    whole = converted(original)
    file = ole.Container(whole)
    at = struct.unpack_from("<I", file.stream("WordDocument") or b"", 0x9A + 8 * wordfile.LIST_USES)[0]
    uses = whole.index((file.stream("1Table") or b"")[at : at + 24])
    spoilt = whole[:uses] + struct.pack("<I", 4000) + whole[uses + 4 :]  # more lists than there are
    with pytest.raises(DamagedFile):
        read(spoilt)
    found = guard.run(readers.read, spoilt)
    assert [shown(block) for block in found.blocks] == [shown(block) for block in docx.read(original).blocks]
    cells = [cell for block in found.blocks if isinstance(block, Table) for row in block.rows for cell in row]
    assert {cell.confidence for cell in cells} == {0.6}


@pytest.fixture
def make_whole_docx() -> Callable[[str, str], bytes]:
    """A .docx with the parts without which LibreOffice does not open it."""
    import io
    import zipfile

    office_ns = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package_ns = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"

    def make(body: str, numbering: str) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(
                "[Content_Types].xml",
                f'<Types xmlns="{package_ns}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{kind}.document.main+xml"/><Override PartName="/word/numbering.xml" ContentType="{kind}.numbering+xml"/></Types>',
            )
            archive.writestr(
                "_rels/.rels",
                f'<Relationships xmlns="{package_ns}/relationships"><Relationship Id="a" Type="{office_ns}/officeDocument" Target="word/document.xml"/></Relationships>',
            )
            archive.writestr(
                "word/_rels/document.xml.rels",
                f'<Relationships xmlns="{package_ns}/relationships"><Relationship Id="a" Type="{office_ns}/numbering" Target="numbering.xml"/></Relationships>',
            )
            archive.writestr(
                "word/document.xml",
                f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>',
            )
            archive.writestr("word/numbering.xml", numbering)
        return buffer.getvalue()

    return make
