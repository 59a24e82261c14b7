"""Plain text: encodings, flat tables with every position kept, hard-wrapped lines joined, nothing else joined."""

from __future__ import annotations

import pytest

from gdcore.document import Paragraph, Table
from gdcore.readers.text import read


def blocks(text: str) -> list[Paragraph | Table]:
    return list(read(text.encode()).blocks)  # type: ignore[arg-type]


def grid(table: Paragraph | Table) -> list[list[str]]:
    assert isinstance(table, Table)
    return [[cell.text for cell in row] for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str) -> None:
    text = "云山镇人民政府2023年工作情况\n一、总述。共办理 12 件。\n"
    assert [b.text for b in read(text.encode(encoding)).blocks if isinstance(b, Paragraph)] == text.split("\n")[:2]


def test_a_broken_byte_does_not_turn_the_text_into_another_encoding() -> None:
    data = "第一行有二十来个汉字，足以看出编码是什么样子的。\n第二行".encode() + b"\xe4\xb8"
    assert "第一行有二十来个汉字" in read(data).blocks[0].text  # type: ignore[union-attr]


def test_tab_lines_keep_every_position() -> None:
    table = blocks("前言\n甲\t乙\t\n\t1\t\n\n丙\t2\n")[1]
    assert grid(table) == [["甲", "乙", ""], ["", "1", ""]]
    assert isinstance(table, Table)
    assert table.flat
    cell = table.rows[1][1]
    assert (cell.row, cell.column, cell.place.as_dict()) == (1, 1, {"line": 3, "table": 1, "row": 2, "column": 2})


def test_a_blank_line_and_a_line_without_tabs_end_a_table() -> None:
    kinds = [type(b).__name__ for b in blocks("甲\t1\n乙\t2\n说明\n丙\t3\n\n丁\t4\n")]
    assert kinds == ["Table", "Paragraph", "Table", "Table"]


def test_tabs_that_only_indent_are_no_table() -> None:
    text = "\t本年度，云山镇共办理申请三件。\n1.\t加强培训，提高能力。\n"
    assert [type(b) for b in blocks(text)] == [Paragraph, Paragraph]


def test_a_row_of_blanks_stays_in_its_table() -> None:
    assert grid(blocks("甲\t1\n\t\n乙\t2\n")[0]) == [["甲", "1"], ["", ""], ["乙", "2"]]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("| 甲 | 乙 |\n|---|:-:|\n| 1 | |\n", [["甲", "乙"], ["1", ""]]),
        ("甲 | 乙 | 丙\n1 | | 3", [["甲", "乙", "丙"], ["1", "", "3"]]),
        ("甲||乙\n1||2||", [["甲", "", "乙"], ["1", "", "2", "", ""]]),
        ("| 甲 |\n| 1 |", [["甲"], ["1"]]),
    ],
)
def test_pipe_lines(text: str, rows: list[list[str]]) -> None:
    assert grid(blocks(text)[0]) == rows


def test_one_pipe_in_a_sentence_makes_no_table() -> None:
    assert blocks("联系电话：0000-1234 | 传真：0000-1235")[0].text.startswith("联系电话")  # type: ignore[union-attr]


def test_markdown_headings() -> None:
    heading = blocks("## 一、总述\n正文")[0]
    assert isinstance(heading, Paragraph)
    assert (heading.text, heading.level) == ("一、总述", 2)


FULL = "这一段话被编辑器在固定的宽度上折断，所以每一行都差不多一样长，看"
WRAPPED = "\n".join(["一、总述", *[FULL] * 9, "到这里为止。", "（一）另起一段。" + "长" * 25])


def test_hard_wrapped_lines_are_joined_and_remember_their_lines() -> None:
    heading, body, second = blocks(WRAPPED)
    assert isinstance(body, Paragraph)
    assert isinstance(heading, Paragraph)
    assert isinstance(second, Paragraph)
    assert body.text.endswith("看到这里为止。")
    assert second.text.startswith("（一）")
    assert [place.line for _, place in body.places] == list(range(2, 12))
    assert body.place_at(body.text.index("到这里")).line == 11


def test_text_that_is_not_wrapped_is_not_joined() -> None:
    lines = ["长" * n + "。" for n in (80, 35, 60, 22, 95, 41, 70, 33, 55, 64)]
    assert [b.text for b in blocks("\n".join(lines)) if isinstance(b, Paragraph)] == lines


def test_a_bar_in_front_of_some_lines_parts_a_blank_cell() -> None:
    assert grid(blocks("甲 | 1 | 2 |\n | 3 | 4 |\n")[0]) == [["甲", "1", "2"], ["", "3", "4"]]
    assert grid(blocks("| 甲 | 1 |\n| | 3 |\n")[0]) == [["甲", "1"], ["", "3"]]


@pytest.mark.parametrize("number", ["- 3 -", "— 12 —", "第 3 页 共 6 页"])
def test_a_page_number_parts_no_table(number: str) -> None:
    assert [grid(b) for b in blocks(f"甲\t1\n\n{number}\n\f\n乙\t2\n")] == [[["甲", "1"], ["乙", "2"]]]
