"""Spreadsheets as their printout shows them: spans, display of numbers, what is hidden left out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import pytest

from gdcore.document import Block, Paragraph
from gdcore.errors import DamagedFile, UnsupportedFormat
from gdcore.readers.sheet import read

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LONG = "本年度共收到政府信息公开申请十二件，均在法定期限内答复，没有因此引起的行政复议和行政诉讼案件发生。"


def sheet(
    cells: Mapping[str, object], merges: Sequence[str] = (), hidden: Sequence[int] = (), columns: str = ""
) -> str:
    """A sheet's XML; numbers may be given as (value, style)."""
    rows: dict[int, str] = {}
    for reference, value in cells.items():
        row = int("".join(filter(str.isdigit, reference)))
        if isinstance(value, str):
            cell = f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'
        else:
            number, style = value if isinstance(value, tuple) else (value, 0)
            cell = f'<c r="{reference}" s="{style}"><v>{number}</v></c>'
        rows[row] = rows.get(row, "") + cell
    body = "".join(f'<row r="{r}" hidden="{int(r in hidden)}">{rows[r]}</row>' for r in sorted(rows))
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in merges)
    return f"<worksheet {MAIN}><cols>{columns}</cols><sheetData>{body}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"


def book(*sheets: str, states: Sequence[str] = (), strings: str = "", formats: Sequence[str] = ("General",)) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        listed = linked = ""
        for n, xml in enumerate(sheets):
            state = f' state="{states[n]}"' if n < len(states) else ""
            listed += f'<sheet name="S{n}" sheetId="{n + 1}"{state} r:id="r{n}"/>'
            linked += f'<Relationship Id="r{n}" Target="worksheets/s{n}.xml"/>'
            archive.writestr(f"xl/worksheets/s{n}.xml", xml)
        archive.writestr(
            "xl/workbook.xml", f'<workbook {MAIN} xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>'
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{linked}</Relationships>")
        own = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(formats))
        used = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(formats)))
        archive.writestr(
            "xl/styles.xml", f"<styleSheet {MAIN}><numFmts>{own}</numFmts><cellXfs>{used}</cellXfs></styleSheet>"
        )
        if strings:
            archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{strings}</sst>")
    return buffer.getvalue()


def shown(data: bytes) -> list[object]:
    return [_shown(block) for block in read(data).blocks]


def _shown(block: Block) -> object:
    if isinstance(block, Paragraph):
        return block.text
    return [[(c.text, c.column, c.row_span, c.column_span) for c in row] for row in block.rows]


def test_a_table_with_spans_and_blank_cells() -> None:
    cells = {"B2": "组", "C2": "其一", "D2": 1, "C3": "其二", "E3": 4}
    assert shown(book(sheet(cells, ["B2:B3", "D2:E2"]))) == [
        [[("组", 0, 2, 1), ("其一", 1, 1, 1), ("1", 2, 1, 2)], [("其二", 1, 1, 1), ("", 2, 1, 1), ("4", 3, 1, 1)]]
    ]


def test_a_blank_row_parts_tables_and_places_count_them() -> None:
    blocks = read(book(sheet({"A1": "甲", "B1": 1, "A3": "乙", "B3": 2}), sheet({"A1": "丙", "B1": 3}))).blocks
    places = [block.rows[0][1].place for block in blocks if not isinstance(block, Paragraph) and hasattr(block, "rows")]
    assert [(p.table, p.row, p.column) for p in places] == [(1, 1, 2), (2, 1, 2), (3, 1, 2)]


def test_texts_alone_in_their_row_are_paragraphs() -> None:
    cells = {
        "A1": "年度报告",
        "A2": LONG,
        "A3": "甲",
        "B3": "乙",
        "C3": "丙",
        "A4": "小计",
        "A5": "一",
        "C5": 3,
        "A6": "下一表",
    }
    cells |= {"A7": "丁", "B7": 5, "C7": 6}
    found = shown(book(sheet(cells, ["A1:C1", "A6:C6"])))
    assert found[:2] == ["年度报告", LONG]
    assert found[3] == "下一表"
    assert found[2][1] == [("小计", 0, 1, 1), ("", 1, 1, 1), ("", 2, 1, 1)]  # type: ignore[index]


def test_lines_of_a_long_cell_are_paragraphs() -> None:
    assert shown(book(sheet({"A1": f"一、总体情况\n{LONG}\n（一）其他"}))) == ["一、总体情况", LONG, "（一）其他"]


@pytest.mark.parametrize(
    ("stored", "code", "printed"),
    [
        ("12", "General", "12"),
        ("12.0", "0", "12"),
        ("282.10000000000002", "General", "282.1"),
        ("190.457379", "0.00", "190.457379"),
        ("1234567", "#,##0", "1234567"),
        ("0.1746", "0.00%", "17.46%"),
        ("0.5", "0%", "50%"),
        ("45311", "yyyy-mm-dd", "2024-01-20"),
        ("45311", 'yyyy"年"m"月"d"日"'.replace('"', "&quot;"), "2024-01-20"),
        ("5", "0&quot;days&quot;", "5"),
        ("-3", "[Red]-0", "-3"),
        ("1E+300", "General", "1E+300"),
        ("1E5", "General", "100000"),
        ("nan", "General", "nan"),
    ],
)
def test_numbers_are_shown_as_typed(stored: str, code: str, printed: str) -> None:
    found = shown(book(sheet({"A1": "数", "B1": (stored, 0)}), formats=[code]))
    assert found == [[[("数", 0, 1, 1), (printed, 1, 1, 1)]]]


def test_shared_strings_are_joined_without_their_phonetic_guides() -> None:
    strings = "<si><r><t>信息</t></r><r><t>内容</t></r><rPh><t>xinxi</t></rPh></si>"
    xml = f'<worksheet {MAIN}><sheetData><row><c t="s"><v>0</v></c><c t="b"><v>1</v></c><c t="s"><v>9</v></c></row></sheetData></worksheet>'
    assert shown(book(xml, strings=strings)) == [[[("信息内容", 0, 1, 1), ("TRUE", 1, 1, 1)]]]


def test_what_is_hidden_is_not_printed() -> None:
    cells = {"A1": "组", "B1": "甲", "C1": 1, "D1": 2, "B2": "旧", "C2": 7, "B3": "乙", "C3": 3, "D3": 4}
    visible = sheet(cells, ["A1:A3"], hidden=[2], columns='<col min="3" max="3" hidden="1"/>')
    assert shown(book(visible, sheet({"A1": "藏", "B1": 1}), states=["visible", "hidden"])) == [
        [[("组", 0, 2, 1), ("甲", 1, 1, 1), ("2", 2, 1, 1)], [("乙", 1, 1, 1), ("4", 2, 1, 1)]]
    ]


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"\xd0\xcf\x11\xe0", UnsupportedFormat, "另存为|旧版电子表格"),
        (book(sheet({"A1": "甲", "ZZ1": 1, "B2": 2})), DamagedFile, "大得"),
        (book(sheet({"A1": "甲"}))[:-30], DamagedFile, "损坏"),
        (book("<worksheet"), DamagedFile, "损坏"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        read(data)


def test_a_merge_over_the_whole_sheet_is_no_burden() -> None:
    assert shown(book(sheet({"A1": "甲"}, ["A1:XFD1048576"]))) == ["甲"]


def test_a_label_beside_blank_merged_cells_stays_in_its_table() -> None:
    cells = {"A1": "项目", "B1": "数量", "A2": "许可", "A3": "处罚", "B3": 2}
    assert shown(book(sheet(cells, ["B1:C1", "B2:C2", "B3:C3"]))) == [
        [
            [("项目", 0, 1, 1), ("数量", 1, 1, 1)],
            [("许可", 0, 1, 1), ("", 1, 1, 1)],
            [("处罚", 0, 1, 1), ("2", 1, 1, 1)],
        ]
    ]
